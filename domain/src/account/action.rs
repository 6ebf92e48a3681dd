//! What may be asked of an account, and by whom.

use strum::{Display, EnumDiscriminants, EnumIter};

use super::{AccountError, AccountState, ContactAccess, ContactRole};
use crate::{Actor, LocationId, PersonId, ProductId, Role, Timestamp, line::Line};

/// An action, by whom, and when.
#[derive(Clone, Debug)]
pub struct AccountCommand {
    /// Who asks.
    pub by: Actor,
    /// When. A moment before the account's last event counts as that event's.
    pub at: Timestamp,
    /// What they ask for.
    pub action: AccountAction,
}

/// What can be asked of an account. Repeating what already holds succeeds and records nothing.
#[derive(Clone, Debug, EnumDiscriminants)]
#[strum_discriminants(
    name(AccountActionKind),
    derive(EnumIter, Display, Hash, PartialOrd, Ord),
    strum(serialize_all = "kebab-case"),
    doc = "The kinds of [`AccountAction`]."
)]
pub enum AccountAction {
    /// Begin an account.
    Open {
        /// The number people will call it by.
        reference: Line,
        /// What it is called.
        name: Line,
        /// Where the organisation is.
        address: Option<Line>,
    },
    /// Call it something else.
    Rename {
        /// The new name.
        name: Line,
    },
    /// Say where the organisation is.
    Move {
        /// The new address.
        address: Line,
    },
    /// Serve it at a place.
    AddLocation {
        /// The place.
        location: LocationId,
        /// The number people will call it by.
        reference: Option<Line>,
        /// What it is called, where that is not its address.
        name: Option<Line>,
        /// The service address.
        address: Line,
    },
    /// Give a place another address.
    MoveLocation {
        /// The place.
        location: LocationId,
        /// The new address.
        address: Line,
    },
    /// Serve it at a place no more; what is installed there is removed.
    RetireLocation {
        /// The place.
        location: LocationId,
    },
    /// Install a product.
    InstallProduct {
        /// The installed product.
        product: ProductId,
        /// At which place, if that is known.
        location: Option<LocationId>,
        /// The number people will call it by.
        reference: Option<Line>,
        /// What it is called in the catalogue.
        name: Line,
    },
    /// Remove an installed product.
    RemoveProduct {
        /// The installed product.
        product: ProductId,
    },
    /// Make a person a contact.
    Join {
        /// Who.
        person: PersonId,
        /// What they may see.
        access: ContactAccess,
    },
    /// End somebody's being a contact.
    Leave {
        /// Who.
        person: PersonId,
    },
    /// Let a contact see more or less.
    SetAccess {
        /// Who.
        person: PersonId,
        /// What they may see.
        access: ContactAccess,
    },
}

impl AccountActionKind {
    /// The action's name in a sentence: `add location`.
    #[must_use]
    pub fn words(self) -> String {
        self.to_string().replace('-', " ")
    }
}

/// Refuses an action to those who may not take it: accounts are an administrator's; a supervisor, who decides on access
/// requests, lets contacts join; and an ADMIN contact may end a colleague's access.
pub(super) fn check_role(by: &Actor, action: &AccountAction, state: Option<&AccountState>) -> Result<(), AccountError> {
    let is_admin = || {
        let access = state.and_then(|state| state.contacts.get(&by.person));
        by.roles.has(Role::Contact) && access.is_some_and(|access| access.role == ContactRole::Admin)
    };
    let is_supervisor = by.roles.has(Role::Supervisor);
    let may = match action {
        AccountAction::Leave { .. } => is_admin(),
        AccountAction::Join { .. } => is_supervisor,
        _ => false,
    };
    if may || by.roles.has(Role::Administrator) {
        return Ok(());
    }
    Err(AccountError::NotPermitted { action: action.into(), role: by.acting_as() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::testing::*;

    #[test]
    fn accounts_are_for_administrators_alone() {
        for role in [Role::Contact, Role::Agent, Role::Supervisor, Role::Auditor, Role::Analyst, Role::Service] {
            let by = Actor::new(person(9), role);
            given(vec![opened()])
                .when(by, rename("Birch"))
                .refused(&AccountError::NotPermitted { action: AccountActionKind::Rename, role });
        }
    }

    #[test]
    fn a_supervisor_lets_contacts_join_and_no_more() {
        let supervisor = Actor::new(person(9), Role::Supervisor);
        given(vec![opened()]).when(supervisor, join(1, member())).then(vec![joined(1, member())]);
        for action in [leave(1), AccountAction::SetAccess { person: person(1), access: member() }] {
            let refusal = AccountError::NotPermitted { action: (&action).into(), role: Role::Supervisor };
            given(vec![opened(), joined(1, member())]).when(supervisor, action).refused(&refusal);
        }
    }

    #[test]
    fn an_admin_ends_a_colleagues_access_and_a_member_does_not() {
        let colleagues = |role| vec![opened(), joined(1, access(role, None)), joined(2, member())];
        let first = Actor::new(person(1), Role::Contact);
        given(colleagues(ContactRole::Admin)).when(first, leave(2)).then(vec![left(2)]);
        let refusal = AccountError::NotPermitted { action: AccountActionKind::Leave, role: Role::Contact };
        given(colleagues(ContactRole::Member)).when(first, leave(2)).refused(&refusal);
        let stranger = Actor::new(person(3), Role::Contact);
        given(colleagues(ContactRole::Admin)).when(stranger, leave(2)).refused(&refusal);
    }
}
