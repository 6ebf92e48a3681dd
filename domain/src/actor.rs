//! Who acts: a person with the roles they hold at that moment.

use serde::{Deserialize, Serialize};
use strum::{Display, EnumIter, EnumString, IntoEnumIterator};

use crate::{PersonId, case::WatcherId};

/// What a person is to the desk. One person may hold several.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Display, EnumIter, EnumString,
)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
pub enum Role {
    /// A customer's person.
    Contact,
    /// Works cases.
    Agent,
    /// An agent who also runs the desk.
    Supervisor,
    /// Runs the installation, and sees no case by that alone.
    Administrator,
    /// Reads everything ever recorded, and changes nothing.
    Auditor,
    /// Asks questions of reports.
    Analyst,
    /// A machine with an API token that may write; works as an agent does.
    Service,
    /// A date that was reached.
    Clock,
    /// Whoever holds a link that was mailed to a watcher, and nothing else.
    Watcher,
}

/// On which side of the desk somebody stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, EnumIter)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    /// A customer's person.
    Customer,
    /// An agent, or a service that acts as one.
    Staff,
}

/// The roles of one person.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Roles(u16);

impl Roles {
    /// Whether the role is among them.
    #[must_use]
    pub fn has(self, role: Role) -> bool {
        self.0 & Self::bit(role) != 0
    }

    /// The roles, in the order of [`Role`].
    pub fn iter(self) -> impl Iterator<Item = Role> {
        Role::iter().filter(move |role| self.has(*role))
    }

    /// Whether they make somebody work cases: agents, supervisors and services do.
    #[must_use]
    pub fn work_cases(self) -> bool {
        self.has(Role::Agent) || self.has(Role::Supervisor) || self.has(Role::Service)
    }

    fn bit(role: Role) -> u16 {
        1 << role as u8
    }
}

impl FromIterator<Role> for Roles {
    fn from_iter<I: IntoIterator<Item = Role>>(roles: I) -> Self {
        Self(roles.into_iter().fold(0, |bits, role| bits | Self::bit(role)))
    }
}

impl From<Role> for Roles {
    fn from(role: Role) -> Self {
        Self::from_iter([role])
    }
}

/// Who gives a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Actor {
    /// The person, service or clock.
    pub person: PersonId,
    /// The roles they hold now.
    pub roles: Roles,
}

impl Actor {
    /// An actor of one role.
    #[must_use]
    pub fn new(person: PersonId, role: Role) -> Self {
        Self { person, roles: role.into() }
    }

    /// The clock.
    #[must_use]
    pub fn clock() -> Self {
        Self::new(PersonId::CLOCK, Role::Clock)
    }

    /// A watcher, by a link that was mailed to them.
    #[must_use]
    pub fn watcher(watcher: &WatcherId) -> Self {
        Self::new(watcher.person(), Role::Watcher)
    }

    /// Where they stand: whoever works cases is staff, even when they are a customer's contact besides.
    #[must_use]
    pub fn side(&self) -> Side {
        if self.roles.has(Role::Contact) && !self.roles.work_cases() { Side::Customer } else { Side::Staff }
    }

    /// The role in which they act on cases, for the record; the weightiest where they hold several.
    #[must_use]
    pub fn acting_as(&self) -> Role {
        const WEIGHT: [Role; 9] = [
            Role::Clock,
            Role::Service,
            Role::Supervisor,
            Role::Agent,
            Role::Contact,
            Role::Administrator,
            Role::Auditor,
            Role::Analyst,
            Role::Watcher,
        ];
        WEIGHT.into_iter().find(|role| self.roles.has(*role)).unwrap_or(Role::Contact)
    }
}
