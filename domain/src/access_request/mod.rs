//! The request for access: somebody whom perhaps nobody knows asks to sign in, and the desk decides, person by person.
//!
//! | file | what it holds |
//! |---|---|
//! | [`event`] | what can happen |
//! | [`state`] | what a request has come to |
//! | `rules` | who may do what, with the tests |
//!
//! A decision is one thing, what follows from it another: a contact written down, an invitation, a case. That is done after, by
//! whoever finds that it is not done yet, and then noted here.

pub mod event;
mod rules;
pub mod state;

use cqrs_es::{Aggregate, event_sink::EventSink};
use serde::{Deserialize, Serialize};
use strum::{Display, EnumDiscriminants, EnumIter};

pub use event::{AccessRequestEvent, AccessRequestFact, AccessRequestFactKind, NamedPerson, RequestType, Submission};
pub use state::{ASKER, AccessRequestState, Outcome, PersonState};

use crate::{AccountId, Actor, CaseId, PersonId, PlainText, Role, Sealed, Slug, Timestamp, account::ContactAccess};

/// The most people whom one request may name.
pub const MAX_PEOPLE: usize = 20;

/// A request, made or yet to be.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct AccessRequest {
    /// What it has come to; nothing before it is made.
    pub state: Option<AccessRequestState>,
}

/// An action, by whom, and when.
#[derive(Clone, Debug)]
pub struct AccessRequestCommand {
    /// Who asks. For whoever fills the form in, nobody in particular.
    pub by: Actor,
    /// When. A moment before the request's last event counts as that event's.
    pub at: Timestamp,
    /// What they ask for.
    pub action: AccessRequestAction,
}

/// What can be asked. Repeating what already holds succeeds and records nothing.
#[derive(Clone, Debug, EnumDiscriminants)]
#[strum_discriminants(
    name(AccessRequestActionKind),
    derive(EnumIter, Display, Hash, PartialOrd, Ord),
    strum(serialize_all = "kebab-case"),
    doc = "The kinds of [`AccessRequestAction`]."
)]
pub enum AccessRequestAction {
    /// Ask. Anybody may.
    Submit(Box<Submission>),
    /// Add somebody who is named in the description.
    AddPerson(NamedPerson),
    /// Give somebody access.
    Approve {
        /// Whom, by number.
        number: u32,
        /// Who they are here.
        person: PersonId,
        /// To which account.
        account: AccountId,
        /// To what of it.
        access: ContactAccess,
        /// How it was made sure that they may.
        authority: Sealed<PlainText>,
    },
    /// Give somebody none.
    Decline {
        /// Whom, by number.
        number: u32,
        /// Why.
        reason: Sealed<PlainText>,
    },
    /// Work on it as a case.
    MakeCase {
        /// The case that it becomes.
        case: CaseId,
        /// Whose.
        account: AccountId,
        /// Its contact.
        contact: PersonId,
        /// The kind of case.
        case_type: Slug,
        /// The kind within its kind.
        category: Slug,
        /// How it was made sure that they may ask.
        authority: Sealed<PlainText>,
    },
    /// Note that what was decided is done.
    CarryOut {
        /// Of whom, by number.
        number: u32,
    },
    /// Destroy all words that came with it.
    Redact,
}

/// Why that is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AccessRequestError {
    /// Nothing was ever recorded under this id.
    #[error("there is no such request")]
    NotFound,
    /// The id is taken.
    #[error("a request with this id is already there")]
    AlreadyRequested,
    /// Requests are the supervisors'.
    #[error("as {role} you may not decide who gets access")]
    NotPermitted {
        /// In which role it was asked for.
        role: Role,
    },
    /// The number is nobody's.
    #[error("nobody in this request has the number {number}")]
    NoSuchPerson {
        /// The number.
        number: u32,
    },
    /// It was decided otherwise.
    #[error("this was decided already, and otherwise: invite or end access by the account's own means")]
    AlreadyDecided,
    /// A limit to no place at all.
    #[error("a limit to places needs at least one: leave it out, or name some")]
    EmptyLimit,
    /// Only requests of the other types become cases.
    #[error("a request for portal access is decided person by person; only the other types become cases")]
    IsForAccess,
    /// Only requests for access are decided by giving it.
    #[error("this request asks for no access: make it a case, or decline it")]
    IsNotForAccess,
    /// More people than a request takes.
    #[error("a request names at most {limit} people")]
    TooManyPeople {
        /// How many.
        limit: usize,
    },
    /// Nothing of it can be read any more.
    #[error("the words of this request were destroyed: nobody can be invited by it")]
    Redacted,
    /// Somebody's wish is not decided, or not done.
    #[error("not everybody's wish is decided and carried out: decide first")]
    NotDecided,
}

impl AccessRequest {
    /// What follows from a command, as events in their order.
    ///
    /// # Errors
    /// [`AccessRequestError`]: first for who may ask at all, then for the rule.
    pub fn decide(&self, command: &AccessRequestCommand) -> Result<Vec<AccessRequestEvent>, AccessRequestError> {
        let AccessRequestCommand { by, at, action } = command;
        rules::check_role(by, action)?;
        let (at, facts) = match (&self.state, action) {
            (None, AccessRequestAction::Submit(submission)) => {
                (*at, vec![AccessRequestFact::AccessRequested(submission.clone())])
            }
            (None, _) => return Err(AccessRequestError::NotFound),
            (Some(state), action) => (state.last_occurred_at.max(*at), state.decide(action)?),
        };
        Ok(facts.into_iter().map(|fact| AccessRequestEvent { occurred_at: at, fact }).collect())
    }
}

impl Aggregate for AccessRequest {
    const TYPE: &'static str = "access_request";
    type Command = AccessRequestCommand;
    type Event = AccessRequestEvent;
    type Error = AccessRequestError;
    type Services = ();

    async fn handle(
        &mut self,
        command: Self::Command,
        (): &Self::Services,
        sink: &EventSink<Self>,
    ) -> Result<(), Self::Error> {
        for event in self.decide(&command)? {
            sink.write(event, self).await;
        }
        Ok(())
    }

    fn apply(&mut self, event: Self::Event) {
        self.state = AccessRequestState::fold(self.state.take(), &event);
    }
}
