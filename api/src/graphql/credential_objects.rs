//! What mutations of credentials take and answer.

use async_graphql::{Context, Enum, ID, InputObject, Result, SimpleObject};
use chrono::{DateTime, Utc};
use domain::PersonId;
use projections::Kind;

use super::{
    context::{RequestContext, error, too_many},
    directory::Person,
    payload::UserError,
};
use crate::{
    credentials::{CredentialError, Denied, Outcome},
    identity::{
        HashingError, Secret, TokenEntry, TokenScope, challenge, second_factor,
        sessions::{self, SessionEntry},
    },
};

/// How a session is carried.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Enum)]
pub enum SessionTransport {
    /// In a cookie, for browsers: only from a page of the portal.
    #[default]
    Cookie,
    /// As `token` in the answer, for programs, which send it as `Authorization: Bearer`.
    Token,
}

/// What somebody signs in with.
#[derive(Clone, Debug, InputObject)]
pub struct SignInInput {
    /// A username or an e-mail address.
    pub name: Secret,
    /// The password.
    pub password: Secret,
    /// A code of the authenticator app, where one is asked for.
    pub code: Option<Secret>,
    /// A recovery code in its place.
    pub recovery_code: Option<Secret>,
    /// How the session is carried.
    #[graphql(default)]
    pub transport: SessionTransport,
}

/// Inputs whose every field is a secret.
macro_rules! secret_inputs {
    ($($(#[$doc:meta])+ $name:ident { $($(#[$field_doc:meta])+ $field:ident: $type:ty,)+ })+) => {$(
        $(#[$doc])+
        #[derive(Clone, Debug, async_graphql::InputObject)]
        pub struct $name {
            $($(#[$field_doc])+ pub $field: $type,)+
        }
    )+};
}

secret_inputs! {
    /// The first password of somebody who was invited.
    AccountActivateInput {
        /// What follows the `#` in the invitation's link.
        token: Secret,
        /// The password.
        new_password: Secret,
    }

    /// Another password.
    PasswordChangeInput {
        /// The password until now.
        current_password: Secret,
        /// The new one.
        new_password: Secret,
    }

    /// A forgotten password.
    PasswordResetRequestInput {
        /// A username or an e-mail address.
        name: Secret,
    }

    /// A new password in place of a forgotten one.
    PasswordResetInput {
        /// What follows the `#` in the link.
        token: Secret,
        /// The new password.
        new_password: Secret,
        /// The answer to the challenge question, where one is asked.
        answer: Option<Secret>,
    }

    /// A lock that is to end.
    UnlockRequestInput {
        /// A username or an e-mail address.
        name: Secret,
    }

    /// The end of a lock.
    UnlockInput {
        /// What follows the `#` in the link.
        token: Secret,
        /// The answer to the challenge question, where one is asked.
        answer: Option<Secret>,
    }

    /// A challenge question.
    ChallengeQuestionSetInput {
        /// The password.
        current_password: Secret,
        /// Which question: a name out of `challengeQuestions`.
        question: String,
        /// The answer, 4 to 100 characters, however it is spelled.
        answer: Secret,
    }

    /// No challenge question any more.
    ChallengeQuestionRemoveInput {
        /// The password.
        current_password: Secret,
    }

    /// A second factor that is to be added.
    TotpEnrollInput {
        /// The password.
        current_password: Secret,
    }

    /// A code that shows that the authenticator app has the secret.
    TotpConfirmInput {
        /// Six digits.
        code: Secret,
    }

    /// A second factor that is to be taken away.
    TotpRemoveInput {
        /// The password.
        current_password: Secret,
        /// A code of the authenticator app.
        code: Option<Secret>,
        /// A recovery code in its place.
        recovery_code: Option<Secret>,
    }

    /// New recovery codes.
    RecoveryCodesReplaceInput {
        /// The password.
        current_password: Secret,
        /// A code of the authenticator app.
        code: Option<Secret>,
        /// A recovery code in its place.
        recovery_code: Option<Secret>,
    }
}

/// A session that is to end.
#[derive(Clone, Debug, InputObject)]
pub struct SessionRevokeInput {
    /// Which one, out of `viewer.credentials.sessions`.
    pub session_id: ID,
    /// The password.
    pub current_password: Secret,
}

/// A token for a service.
#[derive(Clone, Debug, InputObject)]
pub struct ApiTokenCreateInput {
    /// What the service is called; one line.
    pub name: String,
    /// What it may do, at least one.
    pub scopes: Vec<TokenScope>,
    /// When the token ends by itself; never when left out.
    pub expires_at: Option<DateTime<Utc>>,
}

/// A token that is to end.
#[derive(Clone, Debug, InputObject)]
pub struct ApiTokenRevokeInput {
    /// Which one, out of `apiTokens`.
    pub token_id: ID,
}

/// A token by which a program or a person calls.
#[derive(SimpleObject)]
pub struct ApiToken {
    /// Names it.
    pub id: ID,
    /// Whom it stands for.
    pub person: Option<Person>,
    /// What a service may do.
    pub scopes: Vec<TokenScope>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it ends by itself.
    pub expires_at: Option<DateTime<Utc>>,
}

/// What came of making a token.
#[derive(Default, SimpleObject)]
pub struct ApiTokenPayload {
    /// The token itself: the only time that it is seen.
    pub token: Option<String>,
    /// What is known of it.
    pub api_token: Option<ApiToken>,
    /// Why none was made. Empty when it was.
    pub user_errors: Vec<UserError>,
}

impl ApiToken {
    /// Tokens with whom they stand for.
    pub(super) async fn of(request: &RequestContext, entries: Vec<TokenEntry>) -> Result<Vec<Self>> {
        let people =
            request.named::<PersonId>(Kind::Person, entries.iter().map(|entry| entry.person).collect()).await?;
        let token = |entry: TokenEntry| Self {
            id: ID(entry.id.to_string()),
            person: people.iter().find(|person| person.id.0 == entry.person).cloned().map(Person::from),
            scopes: entry.scopes.iter().filter_map(|scope| scope.parse().ok()).collect(),
            created_at: entry.created_at,
            expires_at: entry.expires_at,
        };
        Ok(entries.into_iter().map(token).collect())
    }
}

/// What came of signing in.
#[derive(Default, SimpleObject)]
pub struct SignInPayload {
    /// The session's token, where it was asked for: the only time that it is seen.
    pub token: Option<String>,
    /// When the session ends however much it is used.
    pub expires_at: Option<DateTime<Utc>>,
    /// When to try again, where too many attempts failed.
    pub retry_at: Option<DateTime<Utc>>,
    /// Why nobody was signed in. `SECOND_FACTOR_REQUIRED`: the same again with `code` or `recoveryCode`.
    pub user_errors: Vec<UserError>,
}

/// What came of a mutation of credentials.
#[derive(Default, SimpleObject)]
pub struct CredentialPayload {
    /// When to try again, where too many attempts failed.
    pub retry_at: Option<DateTime<Utc>>,
    /// The challenge question to answer, where one is asked.
    pub challenge_question: Option<ChallengeQuestion>,
    /// Why nothing was done. Empty when it was.
    pub user_errors: Vec<UserError>,
}

/// What came of adding an authenticator app.
#[derive(Default, SimpleObject)]
pub struct TotpEnrollPayload {
    /// The secret in base 32, to type in: the only time that it is seen.
    pub secret: Option<String>,
    /// The same as an address, to show as a QR code.
    pub uri: Option<String>,
    /// When to try again, where too many attempts failed.
    pub retry_at: Option<DateTime<Utc>>,
    /// Why nothing was done. Empty when it was.
    pub user_errors: Vec<UserError>,
}

/// What came of making recovery codes.
#[derive(Default, SimpleObject)]
pub struct RecoveryCodesPayload {
    /// The codes, each good once: the only time that they are seen.
    pub recovery_codes: Vec<String>,
    /// When to try again, where too many attempts failed.
    pub retry_at: Option<DateTime<Utc>>,
    /// Why nothing was done. Empty when it was.
    pub user_errors: Vec<UserError>,
}

/// A question that is asked behind a mailed link.
#[derive(Clone, Copy, SimpleObject)]
pub struct ChallengeQuestion {
    /// Its name.
    pub name: &'static str,
    /// How it is put in English.
    pub text: &'static str,
}

/// Somewhere that the viewer is signed in.
#[derive(SimpleObject)]
pub struct Session {
    /// Names it.
    pub id: ID,
    /// Whether it is the one that asks.
    pub is_current: bool,
    /// When they signed in.
    pub created_at: DateTime<Utc>,
    /// When it was last used, to the minute.
    pub used_at: DateTime<Utc>,
    /// When it ends however much it is used.
    pub expires_at: DateTime<Utc>,
}

/// What the viewer signs in with.
#[derive(SimpleObject)]
pub struct ViewerCredentials {
    /// Where they are signed in, the newest first.
    pub sessions: Vec<Session>,
    /// Whether codes of an authenticator app are asked for.
    pub has_second_factor: bool,
    /// How many recovery codes are left.
    pub recovery_codes_left: i32,
    /// Their challenge question, if they chose one.
    pub challenge_question: Option<ChallengeQuestion>,
}

impl ChallengeQuestion {
    /// By its name.
    pub(super) fn named(name: &str) -> Option<Self> {
        let (name, text) = challenge::QUESTIONS.iter().find(|(known, _)| *known == name)?;
        Some(Self { name, text })
    }

    /// All there are.
    pub(super) fn all() -> Vec<Self> {
        challenge::QUESTIONS.iter().map(|(name, text)| Self { name, text }).collect()
    }
}

impl ViewerCredentials {
    /// The caller's.
    pub(super) async fn of(request: &RequestContext) -> Result<Self, sqlx::Error> {
        let (services, person) = (&request.services, request.person());
        let now = services.commands.clock.now();
        let entries = sessions::list(&services.pool, person, services.credentials.rules.sessions, now).await?;
        let mut conn = services.pool.acquire().await?;
        let has_second_factor = second_factor::stored(&mut conn, person, true).await?.is_some();
        let left = second_factor::recovery_codes_left(&mut conn, person).await?;
        let chosen = challenge::of(&mut conn, person).await?;
        Ok(Self {
            sessions: entries.into_iter().map(|entry| Session::of(entry, request.caller.session)).collect(),
            has_second_factor,
            recovery_codes_left: i32::try_from(left).unwrap_or(i32::MAX),
            challenge_question: chosen.and_then(|chosen| ChallengeQuestion::named(&chosen.question)),
        })
    }
}

impl Session {
    pub(super) fn of(entry: SessionEntry, current: Option<uuid::Uuid>) -> Self {
        Self {
            id: ID(entry.id.to_string()),
            is_current: current == Some(entry.id),
            created_at: entry.created_at,
            used_at: entry.used_at,
            expires_at: entry.expires_at,
        }
    }
}

impl From<Denied> for CredentialPayload {
    fn from(denied: Denied) -> Self {
        Self {
            retry_at: denied.retry_at,
            challenge_question: denied.question.and_then(ChallengeQuestion::named),
            user_errors: vec![denied.refusal.into()],
        }
    }
}

impl From<Denied> for SignInPayload {
    fn from(denied: Denied) -> Self {
        Self { retry_at: denied.retry_at, user_errors: vec![denied.refusal.into()], ..Self::default() }
    }
}

impl From<Denied> for TotpEnrollPayload {
    fn from(denied: Denied) -> Self {
        Self { retry_at: denied.retry_at, user_errors: vec![denied.refusal.into()], ..Self::default() }
    }
}

impl From<Denied> for RecoveryCodesPayload {
    fn from(denied: Denied) -> Self {
        Self { retry_at: denied.retry_at, user_errors: vec![denied.refusal.into()], ..Self::default() }
    }
}

/// What came of something, or a top-level error.
pub(super) fn answered<T>(ctx: &Context<'_>, outcome: Outcome<T>) -> Result<Result<T, Denied>> {
    outcome.map_err(|cause| match cause {
        CredentialError::Hashing(HashingError::Busy { retry_after }) => {
            use async_graphql::ErrorExtensions as _;
            let seconds = retry_after.as_secs().max(1);
            let busy = error("UNAVAILABLE", format!("the service is busy; try again in {seconds} s"));
            busy.extend_with(|_, extensions| extensions.set("retryAfter", seconds))
        }
        CredentialError::TooMany { retry_after } => too_many(retry_after),
        CredentialError::Contended => error("UNAVAILABLE", "others kept changing this user; try again"),
        other => {
            let request = ctx.data_unchecked::<crate::credentials::Visit>().request;
            super::context::internal(request, &other)
        }
    })
}
