//! How an account begins, and what it is called.

use super::{AccountAction, AccountError, AccountFact, AccountState, Decision};
use crate::line::Line;

/// The only action that an account takes before there is one.
pub(super) fn decide(action: &AccountAction) -> Decision {
    match action {
        AccountAction::Open { reference, name, address } => Ok(vec![AccountFact::AccountOpened {
            reference: reference.clone(),
            name: name.clone(),
            address: address.clone(),
        }]),
        _ => Err(AccountError::NotFound),
    }
}

impl AccountState {
    /// Opening an account again under its reference changes nothing, whatever it is called by now.
    ///
    /// # Errors
    /// [`AccountError::AlreadyOpen`] under another reference.
    pub(super) fn open_again(&self, reference: &Line) -> Decision {
        if self.reference == reference.fingerprint { Ok(vec![]) } else { Err(AccountError::AlreadyOpen) }
    }

    /// Calls it something else, unless that is what it is called.
    pub(super) fn rename(&self, name: &Line) -> Vec<AccountFact> {
        let is_new = self.name != name.fingerprint;
        is_new.then(|| AccountFact::AccountRenamed { name: name.clone() }).into_iter().collect()
    }

    /// Says where the organisation is, unless it is there.
    pub(super) fn relocate(&self, address: &Line) -> Vec<AccountFact> {
        let is_new = self.address.as_ref() != Some(&address.fingerprint);
        is_new.then(|| AccountFact::AccountMoved { address: address.clone() }).into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::testing::*;

    #[test]
    fn an_account_is_opened_once() {
        given(vec![]).when(administrator(), open("A-1", "Larch")).then(vec![opened()]);
        given(vec![opened()]).when(administrator(), open("A-1", "Whatever")).then(vec![]);
        given(vec![opened()]).when(administrator(), open("A-2", "Larch")).refused(&AccountError::AlreadyOpen);
    }

    #[test]
    fn nothing_else_comes_before_opening() {
        given(vec![]).when(administrator(), rename("Birch")).refused(&AccountError::NotFound);
    }

    #[test]
    fn a_name_that_it_has_changes_nothing() {
        let renamed = AccountFact::AccountRenamed { name: line("Birch") };
        given(vec![opened()]).when(administrator(), rename("Birch")).then(vec![renamed.clone()]);
        given(vec![opened()]).when(administrator(), rename("Larch")).then(vec![]);
        given(vec![opened(), renamed]).when(administrator(), rename("Birch")).then(vec![]);
    }

    #[test]
    fn an_address_is_said_once() {
        let moved = AccountFact::AccountMoved { address: line("1 Example Street") };
        let say = || AccountAction::Move { address: line("1 Example Street") };
        given(vec![opened()]).when(administrator(), say()).then(vec![moved.clone()]);
        given(vec![opened(), moved]).when(administrator(), say()).then(vec![]);
    }
}
