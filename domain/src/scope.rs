//! Who sees what: the rule that the read side enforces twice, in its functions and in the database.

use crate::{AccountId, PersonId, case::CaseState};

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
    /// No case at all: administrators and analysts as such, and services without a scope for it.
    Nothing,
    /// A customer's person: the cases of their accounts.
    Contact {
        /// The person.
        person: PersonId,
        /// Their accounts.
        accounts: Vec<AccountId>,
    },
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
            Self::Nothing | Self::Contact { .. } => Audience::Public,
            Self::Staff | Self::Auditor => Audience::Internal,
        }
    }

    /// Whether the case exists for the caller.
    #[must_use]
    pub fn sees(&self, case: &CaseState) -> bool {
        self.sees_cases_of(case.account)
    }

    /// Whether the cases of an account exist for the caller.
    #[must_use]
    pub fn sees_cases_of(&self, account: AccountId) -> bool {
        match self {
            Self::Nothing => false,
            Self::Contact { accounts, .. } => accounts.contains(&account),
            Self::Staff | Self::Auditor => true,
        }
    }
}
