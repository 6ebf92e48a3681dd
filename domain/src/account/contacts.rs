//! Whose people an account's are, and what they may see.

use super::{AccountError, AccountFact, AccountState, ContactAccess, Decision};
use crate::PersonId;

impl AccountState {
    /// Makes a person a contact.
    ///
    /// # Errors
    /// [`AccountError::AlreadyContact`] with another access; a limit that is none.
    pub(super) fn join(&self, person: PersonId, access: &ContactAccess) -> Decision {
        match self.contacts.get(&person) {
            Some(known) if known == access => Ok(vec![]),
            Some(_) => Err(AccountError::AlreadyContact),
            None => {
                self.check_limit(access)?;
                Ok(vec![AccountFact::ContactJoined { person, access: access.clone() }])
            }
        }
    }

    /// Ends somebody's being a contact. Somebody who is none stays so.
    pub(super) fn leave(&self, person: PersonId) -> Vec<AccountFact> {
        let is_contact = self.contacts.contains_key(&person);
        is_contact.then_some(AccountFact::ContactLeft { person }).into_iter().collect()
    }

    /// Lets a contact see more or less.
    ///
    /// # Errors
    /// [`AccountError::NoSuchContact`]; a limit that is none.
    pub(super) fn set_access(&self, person: PersonId, access: &ContactAccess) -> Decision {
        if self.contacts.get(&person).ok_or(AccountError::NoSuchContact)? == access {
            return Ok(vec![]);
        }
        self.check_limit(access)?;
        Ok(vec![AccountFact::ContactAccessChanged { person, access: access.clone() }])
    }

    /// # Errors
    /// [`AccountError::EmptyLimit`]; [`AccountError::NoSuchLocation`] for a place where the account is not served.
    fn check_limit(&self, access: &ContactAccess) -> Result<(), AccountError> {
        match &access.locations {
            Some(limit) if limit.is_empty() => Err(AccountError::EmptyLimit),
            Some(limit) if !limit.iter().all(|location| self.serves(*location)) => Err(AccountError::NoSuchLocation),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::{AccountAction, ContactRole, testing::*};

    fn set(n: u128, access: ContactAccess) -> AccountAction {
        AccountAction::SetAccess { person: person(n), access }
    }

    #[test]
    fn a_person_joins_once_and_leaves_once() {
        given(vec![opened()]).when(administrator(), join(1, member())).then(vec![joined(1, member())]);
        let there = vec![opened(), joined(1, member())];
        given(there.clone()).when(administrator(), join(1, member())).then(vec![]);
        given(there.clone())
            .when(administrator(), join(1, access(ContactRole::Admin, None)))
            .refused(&AccountError::AlreadyContact);
        given(there.clone()).when(administrator(), leave(1)).then(vec![left(1)]);
        let gone = [there, vec![left(1)]].concat();
        given(gone.clone()).when(administrator(), leave(1)).then(vec![]);
        given(gone).when(administrator(), join(1, member())).then(vec![joined(1, member())]);
    }

    #[test]
    fn a_limit_is_made_of_places_of_the_account() {
        let limited = |places: &[u128]| access(ContactRole::Member, Some(places));
        let there = vec![opened(), added(1), joined(1, member())];
        given(there.clone())
            .when(administrator(), set(1, limited(&[1])))
            .then(vec![AccountFact::ContactAccessChanged { person: person(1), access: limited(&[1]) }]);
        given(there.clone()).when(administrator(), set(1, member())).then(vec![]);
        given(there.clone()).when(administrator(), set(1, limited(&[]))).refused(&AccountError::EmptyLimit);
        given(there.clone()).when(administrator(), set(1, limited(&[1, 2]))).refused(&AccountError::NoSuchLocation);
        given(there.clone()).when(administrator(), join(2, limited(&[2]))).refused(&AccountError::NoSuchLocation);
        given(there).when(administrator(), set(2, member())).refused(&AccountError::NoSuchContact);
    }
}
