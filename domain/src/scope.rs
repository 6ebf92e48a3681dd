//! Who sees what: the rule that the read side enforces twice, in its functions and in the database.

use std::collections::BTreeMap;

use crate::{AccountId, LocationId, PersonId, account::ContactAccess, case::CaseState};

/// Who an event, an entry or a value is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Audience {
    /// Everybody who may see the case, its customers too.
    Public,
    /// Those who work the case, and auditors.
    Internal,
}

/// What a caller may see. Every read takes one; nothing is readable without.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Nothing at all: analysts as such, and services without a scope for it.
    Nothing,
    /// A customer's person: the cases of their accounts, as far as they may see each account.
    Contact {
        /// The person.
        person: PersonId,
        /// Their accounts.
        accounts: BTreeMap<AccountId, ContactAccess>,
    },
    /// Every account, and no case: administrators as such.
    Administrator,
    /// Every request for access, and nothing else: supervisors, while they read those.
    AccessRequests,
    /// Everything on every case.
    Staff,
    /// Everything ever recorded; each read is itself recorded.
    Auditor,
}

impl Scope {
    /// The most that the scope lets somebody see of a case that they see at all.
    #[must_use]
    pub fn audience(&self) -> Audience {
        match self {
            Self::Nothing | Self::Contact { .. } | Self::Administrator | Self::AccessRequests => Audience::Public,
            Self::Staff | Self::Auditor => Audience::Internal,
        }
    }

    /// Whether the case exists for the caller.
    #[must_use]
    pub fn sees(&self, case: &CaseState) -> bool {
        self.sees_case(case.account, case.location.picked(), &[case.contact, case.opener])
    }

    /// The same of a case of which no more is known than whose it is, where the trouble is, and who is its contact and
    /// its opener: these keep sight of it wherever it is.
    #[must_use]
    pub fn sees_case(&self, account: AccountId, location: Option<LocationId>, its_people: &[PersonId]) -> bool {
        match self {
            Self::Nothing | Self::Administrator | Self::AccessRequests => false,
            Self::Contact { person, accounts } => accounts.get(&account).is_some_and(|access| {
                access.limit().is_none()
                    || its_people.contains(person)
                    || location.is_some_and(|location| self.is_within_limits(location))
            }),
            Self::Staff | Self::Auditor => true,
        }
    }

    /// Whether a place is among those that the caller is limited to. Whose it is need not be asked: a place is of one
    /// account.
    fn is_within_limits(&self, location: LocationId) -> bool {
        let Self::Contact { accounts, .. } = self else { return false };
        accounts.values().filter_map(ContactAccess::limit).any(|limit| limit.contains(&location))
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::account::ContactRole::{self, Admin, Member};

    const ME: PersonId = PersonId(Uuid::from_u128(1));
    const OTHER: PersonId = PersonId(Uuid::from_u128(2));

    fn account(n: u128) -> AccountId {
        AccountId(Uuid::from_u128(n))
    }

    fn place(n: u128) -> LocationId {
        LocationId(Uuid::from_u128(n))
    }

    fn contact(role: ContactRole, limit: Option<&[u128]>) -> Scope {
        let locations = limit.map(|places| places.iter().map(|n| place(*n)).collect());
        Scope::Contact { person: ME, accounts: [(account(1), ContactAccess { role, locations })].into() }
    }

    #[test]
    fn a_limit_hides_other_places_and_none_from_a_member_who_is_not_in_the_case() {
        let limited = contact(Member, Some(&[1]));
        let strangers = [OTHER, OTHER];
        for (scope, location, its_people, expected) in [
            (contact(Member, None), Some(place(2)), strangers, true),
            (contact(Member, None), None, strangers, true),
            (limited.clone(), Some(place(1)), strangers, true),
            (limited.clone(), Some(place(2)), strangers, false),
            (limited.clone(), None, strangers, false),
            (limited.clone(), Some(place(2)), [ME, OTHER], true),
            (limited.clone(), None, [OTHER, ME], true),
            (contact(Admin, Some(&[1])), Some(place(2)), strangers, true),
            (contact(Admin, Some(&[1])), None, strangers, true),
        ] {
            let seen = scope.sees_case(account(1), location, &its_people);
            assert_eq!(seen, expected, "{scope:?} at {location:?} of {its_people:?}");
        }
        assert!(!limited.sees_case(account(2), Some(place(1)), &[ME, ME]), "another account's");
    }
}
