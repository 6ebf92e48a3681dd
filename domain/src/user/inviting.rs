//! How a portal user begins: invited, and again where the first link was lost; and how they end.

use std::collections::BTreeSet;

use super::{Decision, UserAction, UserError, UserFact, UserState, UserStatus};
use crate::{Role, line::Line};

/// What follows from an action on somebody who was never invited. Forgetting such a one is done already.
pub(super) fn decide(action: &UserAction) -> Decision {
    match action {
        UserAction::Invite { roles, .. } if roles.is_empty() => Err(UserError::NoRoles),
        UserAction::Invite { email, username, roles } => {
            let (email, username, roles) = (email.clone(), username.clone(), roles.clone());
            Ok(vec![UserFact::UserInvited { email, username, roles }])
        }
        UserAction::Erase => Ok(vec![]),
        _ => Err(UserError::NotFound),
    }
}

impl UserState {
    /// The same invitation again changes nothing, whatever has become of the first.
    ///
    /// # Errors
    /// [`UserError::AlreadyInvited`] to something else.
    pub(super) fn invite_again(&self, email: &Line, username: &Line, roles: &BTreeSet<Role>) -> Decision {
        let is_same = self.email == email.fingerprint && self.username == username.fingerprint && self.roles == *roles;
        let is_here = self.status != UserStatus::Deactivated;
        if is_same && is_here { Ok(vec![]) } else { Err(UserError::AlreadyInvited { status: self.status }) }
    }

    /// Sends another link to somebody who has not activated: each time anew.
    ///
    /// # Errors
    /// [`UserError::AlreadyActivated`], and [`UserError::Deactivated`].
    pub(super) fn resend_invitation(&self) -> Decision {
        match self.status {
            UserStatus::Invited => Ok(vec![UserFact::InvitationResent {}]),
            UserStatus::Active => Err(UserError::AlreadyActivated),
            UserStatus::Deactivated => Err(UserError::Deactivated),
        }
    }

    /// Ends whatever let them sign in.
    ///
    /// # Errors
    /// [`UserError::LastAdministrator`].
    pub(super) fn erase(&self, has_another_administrator: bool) -> Decision {
        self.check_administrator(has_another_administrator)?;
        Ok(vec![UserFact::UserErased {}])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::user::testing::*;

    #[test]
    fn an_invitation_names_roles_and_is_made_once() {
        let agent = || invite(&[Role::Agent]);
        given(vec![]).when(administrator(), agent()).then(vec![invited(&[Role::Agent])]);
        given(vec![]).when(administrator(), invite(&[])).refused(&UserError::NoRoles);
        given(vec![invited(&[Role::Agent])]).when(administrator(), agent()).then(vec![]);
        given(vec![invited(&[Role::Agent]), activated()]).when(administrator(), agent()).then(vec![]);
    }

    #[test]
    fn another_invitation_is_refused_and_so_is_one_to_somebody_who_was_deactivated() {
        let refused = |status| UserError::AlreadyInvited { status };
        given(vec![invited(&[Role::Agent])])
            .when(administrator(), invite(&[Role::Auditor]))
            .refused(&refused(UserStatus::Invited));
        given(vec![invited(&[Role::Agent]), activated()])
            .when(administrator(), invite_as("ana.other@example.com", &[Role::Agent]))
            .refused(&refused(UserStatus::Active));
        given(vec![invited(&[Role::Agent]), UserFact::UserDeactivated {}])
            .when(administrator(), invite(&[Role::Agent]))
            .refused(&refused(UserStatus::Deactivated));
    }

    #[test]
    fn an_invitation_is_sent_again_until_it_was_accepted() {
        let resend = || UserAction::ResendInvitation;
        let before = || vec![invited(&[Role::Contact])];
        given(before()).when(supervisor(), resend()).then(vec![UserFact::InvitationResent {}]);
        given([before(), vec![UserFact::InvitationResent {}]].concat())
            .when(supervisor(), resend())
            .then(vec![UserFact::InvitationResent {}]);
        given([before(), vec![activated()]].concat())
            .when(supervisor(), resend())
            .refused(&UserError::AlreadyActivated);
        given([before(), vec![UserFact::UserDeactivated {}]].concat())
            .when(supervisor(), resend())
            .refused(&UserError::Deactivated);
    }

    #[test]
    fn whoever_was_never_invited_is_not_found() {
        for action in [UserAction::ResendInvitation, UserAction::Deactivate, grant(&[Role::Agent])] {
            given(vec![]).when(administrator(), action).refused(&UserError::NotFound);
        }
    }

    #[test]
    fn whoever_was_erased_is_never_invited_again() {
        let erased = || vec![invited(&[Role::Agent]), UserFact::UserErased {}];
        given(vec![invited(&[Role::Agent])])
            .when(administrator(), UserAction::Erase)
            .then(vec![UserFact::UserErased {}]);
        given(erased()).when(administrator(), UserAction::Erase).then(vec![]);
        given(vec![]).when(administrator(), UserAction::Erase).then(vec![]);
        given(erased()).when(administrator(), invite(&[Role::Agent])).refused(&UserError::Erased);
    }

    #[test]
    fn the_last_administrator_is_not_erased() {
        let before = || vec![invited(&[Role::Administrator]), activated()];
        given(before())
            .without_another_administrator()
            .when(administrator(), UserAction::Erase)
            .refused(&UserError::LastAdministrator);
        given(before()).when(administrator(), UserAction::Erase).then(vec![UserFact::UserErased {}]);
    }
}
