//! What follows from what was decided of a request for access: people are invited or given access, cases are opened.
//!
//! A decision is recorded first, and by itself. Then this carries it out: right after, in the task of the mutation, and for
//! whatever is left because a process was killed or something was out of reach, from time to time, at any instance. Each part
//! of it can be repeated, and when all is done the request is told (`AccessCarriedOut`).
//!
//! | file | what it holds |
//! |---|---|
//! | `opened` | a request with its words |
//! | `granting` | an invitation, or access for somebody who signs in already |
//! | `making` | a case of what is no wish for access |

mod granting;
mod making;
mod opened;

use std::{sync::Arc, time::Duration};

use chrono::TimeDelta;
use cqrs_es::Aggregate as _;
use domain::{
    AccessRequestId, Actor, Channel, PlainText, RequestId, Scope,
    access_request::{AccessRequest, AccessRequestAction, Outcome},
};
use event_log::{LogError, safe_position_now};
use futures_util::FutureExt as _;
use projections::{ProjectionError, VISIBLE_WITHIN, requests_kept_long_enough, requests_to_carry_out};

use crate::{
    commands::{CommandFailure, Refusal},
    erasure::subject_of_address,
    files::RESERVED,
    graphql::Services,
    identity::RateLimit,
    registry::RegistryError,
};
use opened::Opened;

/// How many requests an e-mail address makes in a day. Whoever makes more is told nothing else: the desk has the others.
pub const BY_ADDRESS: RateLimit =
    RateLimit { kind: "access_request.address", tries: 3, window: Duration::from_hours(24) };
/// How many requests come from a network in an hour.
pub const BY_NETWORK: RateLimit =
    RateLimit { kind: "access_request.network", tries: 30, window: Duration::from_hours(1) };

/// What was decided could not be carried out now. It is tried again.
#[derive(Debug, thiserror::Error)]
pub enum AccessRequestsError {
    /// The log did not answer.
    #[error(transparent)]
    Log(#[from] LogError),
    /// The read models did not answer.
    #[error(transparent)]
    Projection(#[from] ProjectionError),
    /// A command did not come to an answer.
    #[error(transparent)]
    Command(#[from] CommandFailure),
    /// The account could not be written to.
    #[error(transparent)]
    Registry(#[from] RegistryError),
    /// An invitation did not come to an answer.
    #[error(transparent)]
    Users(#[from] crate::users::UsersError),
    /// The task ended without an answer.
    #[error("the task ended without an answer")]
    Lost(#[from] tokio::task::JoinError),
}

impl From<sqlx::Error> for AccessRequestsError {
    fn from(error: sqlx::Error) -> Self {
        Self::Log(error.into())
    }
}

/// Carries out what was decided, with the parts of a service.
#[derive(Clone)]
pub struct AccessRequests(Arc<Services>);

impl AccessRequests {
    /// With the parts of a running service.
    #[must_use]
    pub fn with(services: &Arc<Services>) -> Self {
        Self(Arc::clone(services))
    }

    /// Carries out what was decided of a request and is not done; answers the position that a reader must reach to see it,
    /// and what stands in the way, if something does. Whoever asked may leave.
    ///
    /// # Errors
    /// [`AccessRequestsError`]; what is left is done later.
    pub async fn carry_out(
        &self,
        request: AccessRequestId,
        id: RequestId,
    ) -> Result<(i64, Option<Refusal>), AccessRequestsError> {
        let this = self.clone();
        tokio::spawn(async move { this.carry_out_all_of(request, id).await }).await?
    }

    async fn carry_out_all_of(
        &self,
        request: AccessRequestId,
        id: RequestId,
    ) -> Result<(i64, Option<Refusal>), AccessRequestsError> {
        let Some(opened) = Opened::read(&self.0.commands.log, request).await? else { return Ok((0, None)) };
        let (mut last, mut refused) = (0, None);
        for (number, outcome) in opened.state.to_be_carried_out() {
            let by = opened.decided_by(number);
            let done = match outcome {
                Outcome::Approved { person, account, access } => {
                    self.grant(&opened, (number, id), by, (*person, *account, access)).await?
                }
                Outcome::MadeCase { case, account, contact } => {
                    self.make_case(&opened, id, by, (*case, *account, *contact)).await?
                }
                Outcome::Declined => Ok(0),
            };
            match done {
                Ok(position) => {
                    let action = AccessRequestAction::CarryOut { number };
                    let stamp = (Actor::clock(), id, Channel::Clock);
                    let carried = self.0.commands.act_on_access_request(request, stamp, action).await?;
                    last = last.max(position).max(carried.position);
                }
                Err(refusal) => refused = refused.or(Some(refusal)),
            }
        }
        Ok((last, refused))
    }

    /// Carries out what is left of requests; answers of how many.
    ///
    /// # Errors
    /// [`AccessRequestsError`]; the next time goes on with the rest.
    pub async fn go_on(&self) -> Result<usize, AccessRequestsError> {
        // What was decided just before this instance started is to be seen, too.
        self.0.projector.wait_until(safe_position_now(&self.0.pool).await?, VISIBLE_WITHIN).await;
        let scope = Scope::AccessRequests;
        let left = self.0.reads.read(&scope, |tx| requests_to_carry_out(tx).boxed()).await?;
        for request in &left {
            let id = RequestId(self.0.commands.ids.next());
            match self.carry_out(*request, id).await {
                Ok((position, None)) => {
                    // Else it would be found again.
                    self.0.projector.wait_until(position, VISIBLE_WITHIN).await;
                }
                Ok((_, Some(refusal))) => {
                    tracing::error!(%request, reason = refusal.message, "what was decided cannot be carried out");
                }
                Err(error) => tracing::warn!(%request, %error, "what was decided is not carried out yet"),
            }
        }
        Ok(left.len())
    }

    /// Destroys the words of all requests that name an e-mail address which is nobody's here; answers of how many.
    ///
    /// Of whoever is known, erasing the person takes them along, and nothing else of a request.
    ///
    /// # Errors
    /// [`AccessRequestsError`]; repeating it goes on with the rest.
    pub async fn redact_all_of(&self, address: &PlainText) -> Result<usize, AccessRequestsError> {
        let (commands, projector) = (&self.0.commands, &self.0.projector);
        let (_, subject) = subject_of_address(&commands.log, address);
        let words = commands.log.words_of(&[subject], RESERVED).await?;
        let requests = words.streams.iter().filter(|stream| stream.aggregate_type == AccessRequest::TYPE);
        let (mut last, mut redacted) = (0, 0);
        for request in requests.filter_map(|stream| stream.aggregate_id.parse().ok()) {
            let id = RequestId(commands.ids.next());
            // An invitation that is still to be made of them goes first: then they are somebody, who can be erased.
            self.carry_out(request, id).await?;
            let stamp = (Actor::clock(), id, Channel::Desk);
            let carried = commands.act_on_access_request(request, stamp, AccessRequestAction::Redact).await?;
            last = last.max(carried.position);
            redacted += usize::from(carried.refusal.is_none());
        }
        projector.wait_until(last, VISIBLE_WITHIN).await;
        Ok(redacted)
    }

    /// Destroys the words of requests that were kept long enough; answers of how many.
    ///
    /// # Errors
    /// [`AccessRequestsError`]; the next time goes on with the rest.
    pub async fn end_retention(&self, keep: TimeDelta) -> Result<usize, AccessRequestsError> {
        let (commands, projector) = (&self.0.commands, &self.0.projector);
        let before = commands.clock.now() - keep;
        projector.wait_until(safe_position_now(&self.0.pool).await?, VISIBLE_WITHIN).await;
        let read = self.0.reads.read(&Scope::AccessRequests, move |tx| requests_kept_long_enough(tx, before).boxed());
        let old = read.await?;
        let mut last = 0;
        for request in &old {
            let stamp = (Actor::clock(), RequestId(commands.ids.next()), Channel::Clock);
            let carried = commands.act_on_access_request(*request, stamp, AccessRequestAction::Redact).await?;
            last = last.max(carried.position);
        }
        projector.wait_until(last, VISIBLE_WITHIN).await;
        Ok(old.len())
    }
}
