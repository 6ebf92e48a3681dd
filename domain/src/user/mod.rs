//! The portal user: what lets a person sign in, and what they are to the desk.
//!
//! A portal user is one person's, and their stream has the person's id. Whose contact the person is stands with the
//! accounts; what they are called, with the person. The secrets themselves are nowhere here.
//!
//! | file | what it holds |
//! |---|---|
//! | [`event`] | what can happen |
//! | [`action`] | what can be asked for, and by whom |
//! | [`state`] | what a portal user has come to |
//! | [`name`] | what somebody signs in with, and when two such names are the same |
//! | `inviting`, `access`, `credentials` | the rules, with their tests beside them |

mod access;
pub mod action;
mod credentials;
mod error;
pub mod event;
mod inviting;
pub mod name;
pub mod state;
#[cfg(test)]
mod testing;

use cqrs_es::{Aggregate, event_sink::EventSink};
use serde::{Deserialize, Serialize};

pub use action::{ROLES_OF_PEOPLE, UserAction, UserActionKind, UserCommand};
pub use error::UserError;
pub use event::{Factor, PasswordOccasion, UnlockedBy, UserEvent, UserFact, UserFactKind};
pub use name::SignInName;
pub use state::{UserState, UserStatus};

use crate::Timestamp;

/// A portal user, invited or yet to be, or erased.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct User {
    /// What is known; nothing before they are invited, nor after they were erased.
    pub state: Option<UserState>,
    /// Whether they were erased, which is for good.
    pub is_erased: bool,
}

/// What the rules say to an action: the facts that follow from it, none when it already holds.
type Decision = Result<Vec<UserFact>, UserError>;

impl User {
    /// What follows from a command, as events in their order.
    ///
    /// # Errors
    /// [`UserError`]: first for who may ask at all, then for the rule.
    pub fn decide(&self, command: &UserCommand) -> Result<Vec<UserEvent>, UserError> {
        action::check_role(command)?;
        let (at, facts) = match &self.state {
            None if self.is_erased => match command.action {
                UserAction::Erase => return Ok(vec![]),
                _ => return Err(UserError::Erased),
            },
            None => (command.at, inviting::decide(&command.action)?),
            Some(state) => {
                let at = state.last_occurred_at.max(command.at);
                (at, state.decide(at, command)?)
            }
        };
        Ok(facts.into_iter().map(|fact| UserEvent { occurred_at: at, fact }).collect())
    }
}

impl UserState {
    fn decide(&self, at: Timestamp, command: &UserCommand) -> Decision {
        let has_another = command.has_another_administrator;
        match &command.action {
            UserAction::Invite { email, username, roles } => self.invite_again(email, username, roles),
            UserAction::ResendInvitation => self.resend_invitation(),
            UserAction::SendReset => self.send_reset(),
            UserAction::Grant { roles } => Ok(self.grant(roles)),
            UserAction::Revoke { roles } => self.revoke(roles, has_another),
            UserAction::Deactivate => self.deactivate(has_another),
            UserAction::Reactivate => Ok(self.reactivate()),
            UserAction::Erase => self.erase(has_another),
            UserAction::SetPassword { occasion } => self.set_password(*occasion, at),
            UserAction::SetChallengeQuestion { question } => self.set_question(question),
            UserAction::RemoveChallengeQuestion => Ok(self.remove_question()),
            UserAction::EnrollFactor { factor } => self.enroll(*factor),
            UserAction::RemoveFactor { factor } => Ok(self.remove_factor(*factor)),
            UserAction::ReplaceRecoveryCodes => self.with_factor(UserFact::RecoveryCodesReplaced {}),
            UserAction::UseRecoveryCode => self.with_factor(UserFact::RecoveryCodeUsed {}),
            UserAction::Lock { until } => Ok(self.lock(*until, at)),
            UserAction::Unlock { by } => Ok(self.unlock(*by, at)),
            UserAction::AddDevice => self.while_active(UserFact::DeviceAdded {}),
        }
    }
}

impl Aggregate for User {
    const TYPE: &'static str = "user";
    type Command = UserCommand;
    type Event = UserEvent;
    type Error = UserError;
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
        self.is_erased |= matches!(event.fact, UserFact::UserErased {});
        self.state = UserState::fold(self.state.take(), &event);
    }
}
