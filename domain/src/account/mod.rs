//! The account: a customer organisation, its places, what is installed there, and its people.
//!
//! | file | what it holds |
//! |---|---|
//! | [`event`] | what can happen |
//! | [`action`] | what can be asked for, and by whom |
//! | [`state`] | what an account has come to |
//! | `opening`, `places`, `contacts` | the rules, with their tests beside them |
//!
//! Everything is idempotent: an outcome that holds succeeds and records nothing, which is what lets a file from
//! another system be brought in again and again.

pub mod action;
mod contacts;
mod error;
pub mod event;
mod opening;
mod places;
pub mod state;
#[cfg(test)]
mod testing;

use cqrs_es::{Aggregate, event_sink::EventSink};
use serde::{Deserialize, Serialize};

pub use action::{AccountAction, AccountActionKind, AccountCommand};
pub use error::AccountError;
pub use event::{AccountEvent, AccountFact, AccountFactKind, ContactAccess, ContactRole};
pub use state::{AccountState, InstalledProduct, Location};

/// An account, opened or yet to be.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Account {
    /// What it has come to; nothing before it is opened.
    pub state: Option<AccountState>,
}

/// What the rules say to an action: the facts that follow from it, none when it already holds.
type Decision = Result<Vec<AccountFact>, AccountError>;

impl Account {
    /// What follows from a command, as events in their order.
    ///
    /// # Errors
    /// [`AccountError`]: first for who may ask at all, then for the rule.
    pub fn decide(&self, command: &AccountCommand) -> Result<Vec<AccountEvent>, AccountError> {
        let AccountCommand { by, at, action } = command;
        action::check_role(by, action, self.state.as_ref())?;
        let (at, facts) = match &self.state {
            None => (*at, opening::decide(action)?),
            Some(state) => (state.last_occurred_at.max(*at), state.decide(action)?),
        };
        Ok(facts.into_iter().map(|fact| AccountEvent { occurred_at: at, fact }).collect())
    }
}

impl AccountState {
    fn decide(&self, action: &AccountAction) -> Decision {
        match action {
            AccountAction::Open { reference, .. } => self.open_again(reference),
            AccountAction::Rename { name } => Ok(self.rename(name)),
            AccountAction::Move { address } => Ok(self.relocate(address)),
            AccountAction::AddLocation { location, reference, name, address } => {
                self.add_location(*location, reference.as_ref(), name.as_ref(), address)
            }
            AccountAction::MoveLocation { location, address } => self.move_location(*location, address),
            AccountAction::RetireLocation { location } => self.retire_location(*location),
            AccountAction::InstallProduct { product, location, reference, name } => {
                self.install_product(*product, *location, reference.as_ref(), name)
            }
            AccountAction::RemoveProduct { product } => self.remove_product(*product),
            AccountAction::Join { person, access } => self.join(*person, access),
            AccountAction::Leave { person } => Ok(self.leave(*person)),
            AccountAction::SetAccess { person, access } => self.set_access(*person, access),
        }
    }
}

impl Aggregate for Account {
    const TYPE: &'static str = "account";
    type Command = AccountCommand;
    type Event = AccountEvent;
    type Error = AccountError;
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
        self.state = AccountState::fold(self.state.take(), &event);
    }
}
