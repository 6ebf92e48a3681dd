//! What a portal user is to the desk, and whether they may sign in at all.

use std::collections::BTreeSet;

use super::{Decision, UserError, UserFact, UserState, UserStatus};
use crate::Role;

impl UserState {
    /// Gives them the roles that they lack.
    pub(super) fn grant(&self, roles: &BTreeSet<Role>) -> Vec<UserFact> {
        let roles: BTreeSet<_> = roles.difference(&self.roles).copied().collect();
        if roles.is_empty() { vec![] } else { vec![UserFact::RolesGranted { roles }] }
    }

    /// Takes those of the roles that they have.
    ///
    /// # Errors
    /// [`UserError::LastAdministrator`].
    pub(super) fn revoke(&self, roles: &BTreeSet<Role>, has_another_administrator: bool) -> Decision {
        let roles: BTreeSet<_> = roles.intersection(&self.roles).copied().collect();
        if roles.contains(&Role::Administrator) {
            self.check_administrator(has_another_administrator)?;
        }
        Ok(if roles.is_empty() { vec![] } else { vec![UserFact::RolesRevoked { roles }] })
    }

    /// Lets them sign in no more.
    ///
    /// # Errors
    /// [`UserError::LastAdministrator`].
    pub(super) fn deactivate(&self, has_another_administrator: bool) -> Decision {
        if self.status == UserStatus::Deactivated {
            return Ok(vec![]);
        }
        self.check_administrator(has_another_administrator)?;
        Ok(vec![UserFact::UserDeactivated {}])
    }

    /// Lets them sign in again; somebody who never activated is invited again, and needs a new link.
    pub(super) fn reactivate(&self) -> Vec<UserFact> {
        let is_deactivated = self.status == UserStatus::Deactivated;
        is_deactivated.then_some(UserFact::UserReactivated {}).into_iter().collect()
    }

    /// # Errors
    /// [`UserError::LastAdministrator`] where nobody else would run the installation.
    pub(super) fn check_administrator(&self, has_another: bool) -> Result<(), UserError> {
        if self.is_active_administrator() && !has_another { Err(UserError::LastAdministrator) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::user::{UserAction, testing::*};

    fn agent() -> Vec<UserFact> {
        vec![invited(&[Role::Agent]), activated()]
    }

    fn granted(roles: &[Role]) -> UserFact {
        UserFact::RolesGranted { roles: roles.iter().copied().collect() }
    }

    fn revoked(roles: &[Role]) -> UserFact {
        UserFact::RolesRevoked { roles: roles.iter().copied().collect() }
    }

    #[test]
    fn only_what_changes_is_recorded() {
        let both = [Role::Agent, Role::Supervisor];
        given(agent()).when(administrator(), grant(&both)).then(vec![granted(&[Role::Supervisor])]);
        given(agent()).when(administrator(), grant(&[Role::Agent])).then(vec![]);
        given(agent()).when(administrator(), revoke(&both)).then(vec![revoked(&[Role::Agent])]);
        given([agent(), vec![revoked(&[Role::Agent])]].concat()).when(administrator(), revoke(&both)).then(vec![]);
    }

    #[test]
    fn the_last_active_administrator_stays_one() {
        let administrator_too = || [agent(), vec![granted(&[Role::Administrator])]].concat();
        for action in
            [revoke(&[Role::Administrator]), revoke(&[Role::Agent, Role::Administrator]), UserAction::Deactivate]
        {
            given(administrator_too())
                .without_another_administrator()
                .when(administrator(), action)
                .refused(&UserError::LastAdministrator);
        }
        // Taking something else from them, or an invitation that nobody accepted, leaves nobody without one.
        given(administrator_too())
            .without_another_administrator()
            .when(administrator(), revoke(&[Role::Agent]))
            .then(vec![revoked(&[Role::Agent])]);
        given(vec![invited(&[Role::Administrator])])
            .without_another_administrator()
            .when(administrator(), UserAction::Deactivate)
            .then(vec![UserFact::UserDeactivated {}]);
        given(administrator_too())
            .when(administrator(), revoke(&[Role::Administrator]))
            .then(vec![revoked(&[Role::Administrator])]);
    }

    #[test]
    fn whoever_comes_back_is_what_they_were() {
        let gone = |before: Vec<UserFact>| [before, vec![UserFact::UserDeactivated {}]].concat();
        given(agent()).when(administrator(), UserAction::Deactivate).then(vec![UserFact::UserDeactivated {}]);
        given(gone(agent())).when(administrator(), UserAction::Deactivate).then(vec![]);
        given(agent()).when(administrator(), UserAction::Reactivate).then(vec![]);
        for (before, status) in [(agent(), UserStatus::Active), (vec![invited(&[Role::Agent])], UserStatus::Invited)] {
            given(gone(before.clone()))
                .when(administrator(), UserAction::Reactivate)
                .then(vec![UserFact::UserReactivated {}]);
            let back = folded([gone(before), vec![UserFact::UserReactivated {}]].concat());
            assert_eq!((back.status, back.roles), (status, [Role::Agent].into()));
        }
    }
}
