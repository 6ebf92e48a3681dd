//! What may be asked of a portal user, and by whom.

use std::collections::BTreeSet;

use strum::{Display, EnumDiscriminants, EnumIter};

use super::{Factor, PasswordOccasion, UnlockedBy, UserError};
use crate::{Actor, PersonId, Role, Slug, Timestamp, line::Line};

/// An action, by whom, and when.
#[derive(Clone, Debug)]
pub struct UserCommand {
    /// Whose portal user it is: the person.
    pub user: PersonId,
    /// Who asks.
    pub by: Actor,
    /// When. A moment before the user's last event counts as that event's.
    pub at: Timestamp,
    /// What they ask for.
    pub action: UserAction,
    /// Whether somebody else runs the installation: an active administrator. Asked about only where
    /// [`UserAction::may_take_the_last_administrator`].
    pub has_another_administrator: bool,
}

/// What can be asked. Repeating what already holds succeeds and records nothing; setting a secret again never holds
/// already.
#[derive(Clone, Debug, PartialEq, EnumDiscriminants)]
#[strum_discriminants(
    name(UserActionKind),
    derive(EnumIter, Display, Hash, PartialOrd, Ord),
    strum(serialize_all = "kebab-case"),
    doc = "The kinds of [`UserAction`]."
)]
pub enum UserAction {
    /// Let a person sign in, once they have chosen a password.
    Invite {
        /// Where mail about their credentials goes.
        email: Line,
        /// What they sign in with, beside the address.
        username: Line,
        /// What they are to the desk.
        roles: BTreeSet<Role>,
    },
    /// Send another link to activate with.
    ResendInvitation,
    /// Have a link mailed by which they set a new password.
    SendReset,
    /// Make them more to the desk.
    Grant {
        /// What.
        roles: BTreeSet<Role>,
    },
    /// Make them less to the desk.
    Revoke {
        /// What.
        roles: BTreeSet<Role>,
    },
    /// Let them sign in no more.
    Deactivate,
    /// Let them sign in again.
    Reactivate,
    /// Set a password. The first one activates; a reset ends a lock.
    SetPassword {
        /// On what occasion.
        occasion: PasswordOccasion,
    },
    /// Set the challenge question and its answer.
    SetChallengeQuestion {
        /// Which question.
        question: Slug,
    },
    /// Be asked no question any more.
    RemoveChallengeQuestion,
    /// Ask for something beside the password.
    EnrollFactor {
        /// What.
        factor: Factor,
    },
    /// Ask for it no more.
    RemoveFactor {
        /// What.
        factor: Factor,
    },
    /// Make new recovery codes.
    ReplaceRecoveryCodes,
    /// Use a recovery code up.
    UseRecoveryCode,
    /// Refuse even the right password for a while.
    Lock {
        /// When that ends by itself.
        until: Timestamp,
    },
    /// End a lock before its time.
    Unlock {
        /// By what.
        by: UnlockedBy,
    },
    /// Remember a device that somebody signed in from.
    AddDevice,
    /// Forget them: the person is being erased.
    Erase,
}

impl UserActionKind {
    /// The action's name in a sentence: `send reset`.
    #[must_use]
    pub fn words(self) -> String {
        let words = self.to_string().replace('-', " ");
        match self {
            Self::Invite => "invite anybody".to_owned(),
            Self::ResendInvitation => "resend an invitation".to_owned(),
            Self::SendReset => "send a reset".to_owned(),
            Self::Grant | Self::Revoke => format!("{words} roles"),
            Self::Deactivate | Self::Reactivate | Self::Lock | Self::Unlock | Self::Erase => format!("{words} a user"),
            Self::AddDevice
            | Self::SetPassword
            | Self::SetChallengeQuestion
            | Self::RemoveChallengeQuestion
            | Self::EnrollFactor
            | Self::RemoveFactor
            | Self::ReplaceRecoveryCodes
            | Self::UseRecoveryCode => format!("{words} for somebody else"),
        }
    }
}

impl UserAction {
    /// Whether nobody might run the installation once it is done.
    #[must_use]
    pub fn may_take_the_last_administrator(&self) -> bool {
        match self {
            Self::Revoke { roles } => roles.contains(&Role::Administrator),
            Self::Deactivate | Self::Erase => true,
            _ => false,
        }
    }

    /// The roles that it gives or takes.
    fn roles(&self) -> Option<&BTreeSet<Role>> {
        match self {
            Self::Invite { roles, .. } | Self::Grant { roles } | Self::Revoke { roles } => Some(roles),
            _ => None,
        }
    }
}

/// The roles that a person may be given: the others are of machines, dates and links.
pub const ROLES_OF_PEOPLE: [Role; 6] =
    [Role::Contact, Role::Agent, Role::Supervisor, Role::Administrator, Role::Auditor, Role::Analyst];

/// Who may ask for an action.
enum Askers {
    /// Administrators.
    Administrators,
    /// Supervisors and administrators.
    Desk,
    /// The user themself.
    Themself,
    /// The user themself, or an administrator for somebody who cannot any more.
    ThemselfOrAdministrators,
    /// Nobody: the service itself, when something is due or has come to pass.
    Service,
}

/// Refuses an action to those who may not take it, whoever it is about.
pub(super) fn check_role(command: &UserCommand) -> Result<(), UserError> {
    let UserCommand { user, by, action, .. } = command;
    let (is_administrator, is_supervisor) = (by.roles.has(Role::Administrator), by.roles.has(Role::Supervisor));
    let (is_themself, is_service) = (by.person == *user, by.roles.has(Role::Clock));
    let may = match askers(action) {
        Askers::Administrators => is_administrator,
        Askers::Desk => is_administrator || is_supervisor,
        Askers::Themself => is_themself,
        Askers::ThemselfOrAdministrators => is_themself || is_administrator,
        Askers::Service => is_service,
    };
    if !may {
        return Err(UserError::NotPermitted { action: action.into(), role: by.acting_as() });
    }
    let Some(roles) = action.roles() else { return Ok(()) };
    if let Some(role) = roles.iter().find(|role| !ROLES_OF_PEOPLE.contains(role)) {
        return Err(UserError::NotAPersonsRole { role: *role });
    }
    match roles.iter().find(|role| !is_administrator && **role != Role::Contact) {
        Some(role) => Err(UserError::RoleNotPermitted { role: *role, by: by.acting_as() }),
        None => Ok(()),
    }
}

fn askers(action: &UserAction) -> Askers {
    match action {
        UserAction::Deactivate | UserAction::Reactivate | UserAction::Erase => Askers::Administrators,
        UserAction::Invite { .. }
        | UserAction::ResendInvitation
        | UserAction::SendReset
        | UserAction::Grant { .. }
        | UserAction::Revoke { .. }
        | UserAction::Unlock { by: UnlockedBy::Staff } => Askers::Desk,
        UserAction::RemoveFactor { .. } | UserAction::RemoveChallengeQuestion => Askers::ThemselfOrAdministrators,
        UserAction::SetPassword { .. }
        | UserAction::SetChallengeQuestion { .. }
        | UserAction::EnrollFactor { .. }
        | UserAction::ReplaceRecoveryCodes
        | UserAction::UseRecoveryCode
        | UserAction::AddDevice
        | UserAction::Unlock { by: UnlockedBy::Link | UnlockedBy::Reset } => Askers::Themself,
        UserAction::Lock { .. } => Askers::Service,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::user::testing::*;

    const STAFF: [Role; 6] =
        [Role::Agent, Role::Supervisor, Role::Administrator, Role::Auditor, Role::Analyst, Role::Service];

    #[test]
    fn the_desk_invites_resends_unlocks_and_sends_resets() {
        for action in [
            invite(&[Role::Contact]),
            UserAction::ResendInvitation,
            UserAction::SendReset,
            UserAction::Unlock { by: UnlockedBy::Staff },
            grant(&[Role::Contact]),
            revoke(&[Role::Contact]),
        ] {
            for role in [Role::Contact, Role::Clock].into_iter().chain(STAFF) {
                let may = [Role::Supervisor, Role::Administrator].contains(&role);
                let checked = check_role(&command(Actor::new(person(9), role), action.clone()));
                let refusal = UserError::NotPermitted { action: (&action).into(), role };
                assert_eq!(checked, if may { Ok(()) } else { Err(refusal) }, "{role} {action:?}");
            }
        }
    }

    #[test]
    fn a_supervisor_gives_and_takes_the_role_contact_alone() {
        for action in [invite, grant, revoke] {
            for role in ROLES_OF_PEOPLE {
                let action = action(&[Role::Contact, role]);
                let checked = check_role(&command(supervisor(), action.clone()));
                let refusal = UserError::RoleNotPermitted { role, by: Role::Supervisor };
                assert_eq!(checked, if role == Role::Contact { Ok(()) } else { Err(refusal) }, "{action:?}");
                assert_eq!(check_role(&command(administrator(), action)), Ok(()));
            }
        }
    }

    #[test]
    fn nobody_is_given_a_role_of_machines() {
        for role in [Role::Service, Role::Clock, Role::Watcher] {
            let refusal = Err(UserError::NotAPersonsRole { role });
            assert_eq!(check_role(&command(administrator(), grant(&[Role::Agent, role]))), refusal);
        }
    }

    #[test]
    fn users_end_and_come_back_by_administrators() {
        for action in [UserAction::Deactivate, UserAction::Reactivate, UserAction::Erase] {
            for role in STAFF {
                let may = role == Role::Administrator;
                assert_eq!(check_role(&command(Actor::new(person(9), role), action.clone())).is_ok(), may, "{role}");
            }
        }
    }

    #[test]
    fn credentials_are_their_owners() {
        let own = [
            password(PasswordOccasion::Change),
            UserAction::SetChallengeQuestion { question: question() },
            UserAction::EnrollFactor { factor: Factor::Totp },
            UserAction::ReplaceRecoveryCodes,
            UserAction::UseRecoveryCode,
            UserAction::AddDevice,
            UserAction::Unlock { by: UnlockedBy::Link },
        ];
        for action in own {
            assert_eq!(check_role(&command(themself(), action.clone())), Ok(()), "{action:?}");
            let refusal = UserError::NotPermitted { action: (&action).into(), role: Role::Administrator };
            assert_eq!(check_role(&command(administrator(), action)), Err(refusal));
        }
    }

    #[test]
    fn an_administrator_takes_away_what_somebody_has_lost() {
        for action in [UserAction::RemoveFactor { factor: Factor::Totp }, UserAction::RemoveChallengeQuestion] {
            assert_eq!(check_role(&command(themself(), action.clone())), Ok(()));
            assert_eq!(check_role(&command(administrator(), action.clone())), Ok(()));
            assert!(check_role(&command(supervisor(), action)).is_err());
        }
    }

    #[test]
    fn only_the_service_locks() {
        let lock = UserAction::Lock { until: at(30) };
        assert_eq!(check_role(&command(Actor::clock(), lock.clone())), Ok(()));
        for by in [themself(), administrator(), supervisor()] {
            assert!(check_role(&command(by, lock.clone())).is_err(), "{by:?}");
        }
    }
}
