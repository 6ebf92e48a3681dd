//! What people do with what they sign in with: sign in and out, set and forget passwords, unlock, add a second factor.
//!
//! A secret's rows, the event that tells of the change and the line of the access log are written in one transaction. Nothing here says
//! whether a name is known: what is answered, how long it takes and which statements run is the same.
//!
//! | file | what it holds |
//! |---|---|
//! | [`visit`] | a request, signed in or not, and what it brought |
//! | [`mod@unit`] | one transaction: secrets, events, access log |
//! | [`denied`] | why something was not done |
//! | [`sign_in`] | signing in and out |
//! | [`prove`] | saying the password again, before something is changed |
//! | [`password`] | setting passwords: the first, another, a forgotten one |
//! | [`links`] | asking for links, and what they do |
//! | [`factors`] | second factors and the challenge question |
//! | [`tokens`] | API tokens of services |
//! | [`worker`] | links that were asked for, and locks to be told of |

pub mod denied;
pub mod factors;
pub mod links;
pub mod password;
pub mod prove;
pub mod sign_in;
pub mod tokens;
pub mod unit;
pub mod visit;
pub mod worker;

use std::{sync::Arc, time::Duration};

use domain::{PersonId, Scope};
use event_log::LogError;
use futures_util::FutureExt as _;
use projections::{Kind, ProjectionError, accounts_of_contact, named};
use tokio::sync::Notify;

pub use denied::Denied;
pub use visit::Visit;

use crate::{
    graphql::Services,
    identity::{
        AccessLogError, AttemptRules, Hasher, HashingError, HashingRules, PasswordRules, Peppers, RateError,
        SecondFactor, SessionRules, TokenError,
    },
};

/// What an operator can choose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CredentialRules {
    /// How long passwords are.
    pub passwords: PasswordRules,
    /// What hashing costs.
    pub hashing: HashingRules,
    /// How long sessions last.
    pub sessions: SessionRules,
    /// After how many attempts what happens.
    pub attempts: AttemptRules,
    /// Whether there are challenge questions.
    pub challenge_questions: bool,
    /// Of whom a second factor is demanded.
    pub second_factor: SecondFactor,
}

impl Default for CredentialRules {
    fn default() -> Self {
        Self {
            passwords: PasswordRules::default(),
            hashing: HashingRules::default(),
            sessions: SessionRules::default(),
            attempts: AttemptRules::default(),
            challenge_questions: true,
            second_factor: SecondFactor::default(),
        }
    }
}

/// What the service has for all this.
pub struct Credentials {
    /// What the operator chose.
    pub rules: CredentialRules,
    /// Hashes what people choose.
    pub hasher: Hasher,
    /// Wakes the worker.
    pub wake: Arc<Notify>,
}

impl Credentials {
    /// With these rules and peppers.
    #[must_use]
    pub fn new(rules: CredentialRules, peppers: Peppers) -> Self {
        Self { rules, hasher: Hasher::new(rules.hashing, peppers), wake: Arc::default() }
    }
}

/// Something could not be done, for no reason that whoever asked could mend.
#[derive(Debug, thiserror::Error)]
pub enum CredentialError {
    /// The log did not answer.
    #[error(transparent)]
    Log(#[from] LogError),
    /// The database did not answer.
    #[error("the database did not answer as it should")]
    Database(#[from] sqlx::Error),
    /// A password could not be hashed.
    #[error(transparent)]
    Hashing(#[from] HashingError),
    /// It could not be recorded.
    #[error(transparent)]
    AccessLog(#[from] AccessLogError),
    /// The read models did not answer.
    #[error(transparent)]
    Projection(#[from] ProjectionError),
    /// A token could not be made.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// A network tries too often.
    #[error("a network tries too often")]
    TooMany {
        /// When to come back; whole seconds.
        retry_after: Duration,
    },
    /// Others kept changing the same user.
    #[error("others kept changing this user")]
    Contended,
    /// The task ended without an answer.
    #[error("the task ended without an answer")]
    Lost(#[from] tokio::task::JoinError),
}

impl From<RateError> for CredentialError {
    fn from(error: RateError) -> Self {
        match error {
            RateError::TooMany { retry_after } => Self::TooMany { retry_after },
            RateError::Database(error) => error.into(),
        }
    }
}

/// What came of something: done, or why not.
pub type Outcome<T> = Result<Result<T, Denied>, CredentialError>;

/// Does something in a task of its own, which a client that leaves does not stop half-way.
///
/// # Errors
/// What the work fails with, or that its task was lost.
pub async fn in_own_task<T: Send + 'static>(work: impl Future<Output = Outcome<T>> + Send + 'static) -> Outcome<T> {
    use tracing::Instrument as _;
    tokio::spawn(work.in_current_span()).await?
}

/// Words that everybody knows who knows somebody: their names, their addresses, their accounts' names, the portal's.
async fn context_words(services: &Services, person: PersonId) -> Result<Vec<String>, CredentialError> {
    let mut words = vec![];
    for details in services.commands.log.details_of(person).await? {
        let lines = [Some(details.name), details.email];
        words.extend(
            lines.into_iter().flatten().filter_map(|line| line.text.value().map(|text| text.as_str().to_owned())),
        );
    }
    let scope = Scope::Administrator;
    let user = services.reads.read(&scope, move |tx| projections::user_of(tx, person).boxed()).await?;
    words.extend(user.into_iter().flat_map(|user| [user.email, user.username]).flatten());
    let accounts = services.reads.read(&scope, move |tx| accounts_of_contact(tx, person).boxed()).await?;
    let ids: Vec<_> = accounts.into_iter().map(|account| account.0).collect();
    let accounts =
        services.reads.read(&scope, move |tx| named::<domain::AccountId>(tx, Kind::Account, ids.clone()).boxed());
    words.extend(accounts.await?.into_iter().filter_map(|account| account.name));
    words.push(services.commands.settings.now().settings.brand.portal_name.to_string());
    Ok(words)
}
