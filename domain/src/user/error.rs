//! Why an action on a portal user is refused.

use super::{UserActionKind, UserStatus};
use crate::Role;

/// A refusal: what stands in the way, and what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UserError {
    /// Nobody was ever invited under this id.
    #[error("there is no such user")]
    NotFound,
    /// The caller's roles do not include the action.
    #[error("as {role} you may not {}", action.words())]
    NotPermitted {
        /// What was asked for.
        action: UserActionKind,
        /// In which role.
        role: Role,
    },
    /// The caller may give or take some roles, and not this one.
    #[error("as {by} you may give and take the role contact alone, not {role}")]
    RoleNotPermitted {
        /// Which role.
        role: Role,
        /// In which role it was asked for.
        by: Role,
    },
    /// A role of machines and dates.
    #[error("no person has the role {role}")]
    NotAPersonsRole {
        /// Which role.
        role: Role,
    },
    /// An invitation to nothing.
    #[error("name at least one role")]
    NoRoles,
    /// They can sign in already, or are about to.
    #[error("this person was invited before, as {status}: grant roles, resend the invitation or reactivate instead")]
    AlreadyInvited {
        /// How far they have come.
        status: UserStatus,
    },
    /// They have a password.
    #[error("this user has activated already: send a reset instead")]
    AlreadyActivated,
    /// They cannot sign in.
    #[error("this user is {status}: only somebody who is active may do that")]
    NotActive {
        /// How far they have come.
        status: UserStatus,
    },
    /// They may not sign in any more.
    #[error("this user is deactivated: reactivate them first")]
    Deactivated,
    /// Nobody would run the installation.
    #[error("this is the last active administrator: make somebody else one first")]
    LastAdministrator,
    /// There is nothing that the codes could stand in for.
    #[error("this user has no second factor: enroll one first")]
    NoFactor,
    /// They were erased.
    #[error("this person was erased, for good: write whoever comes back down as somebody new")]
    Erased,
}
