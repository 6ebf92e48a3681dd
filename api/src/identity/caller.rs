//! The caller of a request: a person and what they hold at this moment.

use std::collections::BTreeMap;

use domain::{
    AccountId, Actor, Channel, PersonId, Role, Roles, Scope,
    account::{ContactAccess, ContactRole},
};
use strum::{Display, EnumIter, EnumString};
use uuid::Uuid;

/// What a service's token lets it do. People have roles instead.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Display, EnumIter, EnumString, async_graphql::Enum)]
pub enum TokenScope {
    /// Read every case as staff does.
    #[strum(serialize = "cases:read")]
    CasesRead,
    /// Work cases as an agent does.
    #[strum(serialize = "cases:write")]
    CasesWrite,
    /// Read the log of events as an auditor does.
    #[strum(serialize = "events:read")]
    EventsRead,
}

/// Who calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// The person or service.
    pub person: PersonId,
    /// Their roles.
    pub roles: Roles,
    /// The accounts of a contact, and what they may see of each.
    pub accounts: BTreeMap<AccountId, ContactAccess>,
    /// What a service may do.
    pub scopes: Vec<TokenScope>,
    /// The session by which they call; none by an API token.
    pub session: Option<Uuid>,
    /// Whether they have to add a second factor before anything else. Until then they hold nothing.
    pub lacks_second_factor: bool,
}

impl Caller {
    /// Somebody who calls by their roles alone.
    #[must_use]
    pub fn by_roles(person: PersonId, roles: Roles) -> Self {
        Self { person, roles, accounts: BTreeMap::new(), scopes: vec![], session: None, lacks_second_factor: false }
    }

    /// What they may read of cases. Staff sees more than a contact, so whoever is both reads as staff.
    #[must_use]
    pub fn scope(&self) -> Scope {
        let reads_all = self.roles.has(Role::Agent)
            || self.roles.has(Role::Supervisor)
            || self.service_may(TokenScope::CasesRead)
            || self.service_may(TokenScope::CasesWrite);
        if reads_all {
            Scope::Staff
        } else if self.roles.has(Role::Auditor) {
            Scope::Auditor
        } else if self.roles.has(Role::Contact) {
            Scope::Contact { person: self.person, accounts: self.accounts.clone() }
        } else {
            Scope::Nothing
        }
    }

    /// What they may read of accounts and people: administrators, who see no case by that, see all of them.
    #[must_use]
    pub fn directory_scope(&self) -> Scope {
        match self.scope() {
            Scope::Nothing | Scope::Contact { .. } if self.roles.has(Role::Administrator) => Scope::Administrator,
            scope => scope,
        }
    }

    /// What they may read of requests for access: supervisors decide them, and auditors see all that is recorded.
    #[must_use]
    pub fn requests_scope(&self) -> Scope {
        if self.roles.has(Role::Supervisor) {
            Scope::AccessRequests
        } else if self.roles.has(Role::Auditor) {
            Scope::Auditor
        } else {
            Scope::Nothing
        }
    }

    /// Whether they see an account at all.
    #[must_use]
    pub fn sees_account(&self, account: AccountId) -> bool {
        match self.directory_scope() {
            Scope::Nothing | Scope::AccessRequests => false,
            Scope::Contact { accounts, .. } => accounts.contains_key(&account),
            Scope::Administrator | Scope::Staff | Scope::Auditor => true,
        }
    }

    /// Whether they see who an account's contacts are: its ADMINs do, and whoever sees all accounts.
    #[must_use]
    pub fn sees_contacts_of(&self, account: AccountId) -> bool {
        match self.directory_scope() {
            Scope::Nothing | Scope::AccessRequests => false,
            Scope::Contact { accounts, .. } => {
                accounts.get(&account).is_some_and(|access| access.role == ContactRole::Admin)
            }
            Scope::Administrator | Scope::Staff | Scope::Auditor => true,
        }
    }

    /// Who they are to the rules. A service that may not write holds no role there.
    #[must_use]
    pub fn actor(&self) -> Actor {
        let acts = |role: &Role| *role != Role::Service || self.service_may(TokenScope::CasesWrite);
        Actor { person: self.person, roles: self.roles.iter().filter(acts).collect::<Roles>() }
    }

    /// Whether they may read the log itself.
    #[must_use]
    pub fn reads_events(&self) -> bool {
        self.roles.has(Role::Auditor) || self.service_may(TokenScope::EventsRead)
    }

    /// Whether each of their reads is recorded: an auditor's is.
    #[must_use]
    pub fn is_recorded(&self) -> bool {
        self.roles.has(Role::Auditor)
    }

    /// The way by which their commands come.
    #[must_use]
    pub fn channel(&self) -> Channel {
        if self.roles.has(Role::Service) {
            Channel::Api
        } else if self.roles.work_cases() {
            Channel::Desk
        } else {
            Channel::Portal
        }
    }

    fn service_may(&self, scope: TokenScope) -> bool {
        self.roles.has(Role::Service) && self.scopes.contains(&scope)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn caller(roles: &[Role], scopes: &[TokenScope]) -> Caller {
        let roles = roles.iter().copied().collect();
        Caller { scopes: scopes.to_vec(), ..Caller::by_roles(PersonId::CLOCK, roles) }
    }

    #[test]
    fn running_the_installation_shows_no_case() {
        assert_eq!(caller(&[Role::Administrator], &[]).scope(), Scope::Nothing);
        assert_eq!(caller(&[Role::Administrator, Role::Agent], &[]).scope(), Scope::Staff);
        assert_eq!(caller(&[Role::Analyst], &[]).scope(), Scope::Nothing);
    }

    #[test]
    fn a_service_is_what_its_scopes_make_it() {
        assert_eq!(caller(&[Role::Service], &[]).scope(), Scope::Nothing);
        let reader = caller(&[Role::Service], &[TokenScope::CasesRead]);
        assert_eq!(reader.scope(), Scope::Staff);
        assert!(!reader.actor().roles.work_cases());
        assert!(caller(&[Role::Service], &[TokenScope::CasesWrite]).actor().roles.work_cases());
        assert!(caller(&[Role::Service], &[TokenScope::EventsRead]).reads_events());
        assert!(!reader.reads_events());
    }

    #[test]
    fn scopes_of_a_person_count_for_nothing() {
        assert_eq!(caller(&[Role::Administrator], &[TokenScope::CasesRead]).scope(), Scope::Nothing);
    }
}
