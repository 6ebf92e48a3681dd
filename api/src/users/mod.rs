//! What is done with portal users: invited, sent links, given and taken roles, deactivated.
//!
//! Each is one transaction: what was decided of the user, the person and the account, the link that is mailed and the mail
//! itself, and the end of what let somebody sign in. So nothing is half done, and a retry under the same key does nothing twice.
//!
//! | file | what it holds |
//! |---|---|
//! | [`wish`] | what is asked for, and what came of it |
//! | `attempt` | one attempt at the transaction |
//! | `streams` | what is decided of the person and the account along with the user |
//! | `administrators` | that somebody always runs the installation |
//! | `ending` | the end of what somebody comes in by |
//! | [`releasing`] | that whoever was deactivated owns no case |

pub(crate) mod administrators;
mod attempt;
pub(crate) mod ending;
pub mod releasing;
mod streams;
pub mod wish;

use std::sync::Arc;

use domain::{
    PersonId, PlainText,
    user::{User, UserFact},
};
use event_log::{
    AnyEvent, AppendError, AppendOptions, CommandRecord, EventLog, ExecuteError, LogError, StreamId,
    execute::MAX_ATTEMPTS, read_stream,
};
use projections::{ProjectionError, VISIBLE_WITHIN, Visibility};
use serde_json::json;

pub use wish::{Asks, Done, Invitation, Wish};

use crate::{commands::Refusal, graphql::Services, identity::Secret};
use attempt::Attempt;

/// Nothing could be done, for no reason that whoever asked could mend.
#[derive(Debug, thiserror::Error)]
pub enum UsersError {
    /// The log did not answer.
    #[error(transparent)]
    Log(#[from] LogError),
    /// The read models did not answer.
    #[error(transparent)]
    Projection(#[from] ProjectionError),
    /// The task ended without an answer.
    #[error("the command's task ended without an answer")]
    Lost(#[from] tokio::task::JoinError),
}

impl From<sqlx::Error> for UsersError {
    fn from(error: sqlx::Error) -> Self {
        Self::Log(error.into())
    }
}

/// Does what is asked for of portal users, with the parts of a service.
#[derive(Clone)]
pub struct Users(Arc<Services>);

impl Users {
    /// With the parts of a running service.
    #[must_use]
    pub fn with(services: &Arc<Services>) -> Self {
        Self(Arc::clone(services))
    }

    /// Does what is asked for, or says why not. The link goes out by mail.
    ///
    /// # Errors
    /// [`UsersError`]: whether it was done is unknown, and the same key tells.
    pub async fn carry_out(&self, wish: Wish) -> Result<Result<Done, Refusal>, UsersError> {
        let (users, kind) = (self.clone(), wish.asks.name());
        // Whoever asked may leave; it is done to its end.
        let carried = tokio::spawn(async move { users.until_done(&wish, true).await }).await?;
        let word = match &carried {
            Ok(Ok(_)) => "done",
            Ok(Err(_)) => "refused",
            Err(_) => "failed",
        };
        metrics::counter!("casestream_commands_total", "command" => kind, "outcome" => word).increment(1);
        Ok(carried?.map(|(done, _)| done))
    }

    /// The same for whoever runs the installation, at its command line: the link is handed over, and no mail is sent.
    ///
    /// # Errors
    /// As [`Users::carry_out`].
    pub async fn carry_out_by_hand(&self, wish: &Wish) -> Result<Result<(Done, Option<Secret>), Refusal>, UsersError> {
        self.until_done(wish, false).await
    }

    async fn until_done(
        &self,
        wish: &Wish,
        mails: bool,
    ) -> Result<Result<(Done, Option<Secret>), Refusal>, UsersError> {
        for attempt in 0..MAX_ATTEMPTS {
            if attempt > 0 {
                tokio::time::sleep(administrators::wait_before(attempt)).await;
            }
            match self.attempt(wish, mails).await? {
                Attempt::Done { position, link } => {
                    let seen = self.0.projector.wait_until(position, VISIBLE_WITHIN).await;
                    return Ok(Ok((Done { pending: seen == Visibility::Pending }, link)));
                }
                Attempt::Refused(refusal) => return self.refuse(wish, refusal).await.map(Err),
                Attempt::Repeated(repeated) => return Ok(repeated.map(|done| (done, None))),
                Attempt::Again => {}
            }
        }
        Ok(Err(Refusal::of_execution(&ExecuteError::Contended).expect("it is a refusal")))
    }

    /// Records a refusal under its key.
    async fn refuse(&self, wish: &Wish, refusal: Refusal) -> Result<Refusal, UsersError> {
        let Some(command) = record_of(wish, &json!({ "code": "refused", "refusal": refusal })) else {
            return Ok(refusal);
        };
        let commands = &self.0.commands;
        let options = AppendOptions { command: Some(command), ..AppendOptions::at(commands.clock.now()) };
        match commands.log.append_all(vec![], options).await {
            Err(AppendError::Log(error)) => Err(error.into()),
            // A retry that was faster was refused alike.
            _ => Ok(refusal),
        }
    }
}

/// Where mail about somebody's credentials goes: the address that they were invited at. Nothing when they never were, or were
/// erased.
///
/// # Errors
/// [`LogError`].
pub async fn address_of(log: &EventLog, user: PersonId) -> Result<Option<PlainText>, LogError> {
    let stream = StreamId::of::<User>(user.to_string());
    let mut conn = log.pool().acquire().await?;
    for event in read_stream(&mut conn, log.codec(), &stream).await? {
        if let Ok((AnyEvent::User { event, .. }, _)) = event.event
            && let UserFact::UserInvited { email, .. } = event.fact
        {
            return Ok(email.text.value().cloned());
        }
    }
    Ok(None)
}

fn record_of(wish: &Wish, outcome: &serde_json::Value) -> Option<CommandRecord> {
    let (key, request) = wish.idempotency.clone()?;
    Some(CommandRecord { principal: wish.by.person, key, request, outcome: outcome.clone() })
}
