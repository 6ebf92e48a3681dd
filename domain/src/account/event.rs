//! What can happen to an account. Facts, in the past tense, small and final.
//!
//! Stored as the events of a case are: `{"occurred_at": …, "fact": {"<type>": {…}}}`. No two aggregates have an event
//! type of the same name, because an upcaster is told the type alone.

use std::collections::BTreeSet;

use cqrs_es::DomainEvent;
use serde::{Deserialize, Serialize};
use strum::{Display, EnumIter, EnumString, IntoStaticStr};

use crate::{LocationId, PersonId, ProductId, Timestamp, line::Line};

/// One fact about one account, and when it became one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AccountEvent {
    /// When it happened. Never decreases in a stream.
    pub occurred_at: Timestamp,
    /// What happened.
    pub fact: AccountFact,
}

/// What a contact is in an account.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Display, EnumIter, EnumString,
)]
pub enum ContactRole {
    /// Sees and works the account's cases, within a limit to locations if there is one.
    Member,
    /// The same without a limit, sees who has access, and ends a colleague's.
    Admin,
}

/// What a contact may see of an account.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ContactAccess {
    /// What they are in the account.
    pub role: ContactRole,
    /// The only locations whose cases they see; without it, all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locations: Option<BTreeSet<LocationId>>,
}

impl ContactAccess {
    /// The only locations whose cases they see, if there is a limit that counts: an ADMIN's does not.
    #[must_use]
    pub fn limit(&self) -> Option<&BTreeSet<LocationId>> {
        self.locations.as_ref().filter(|_| self.role == ContactRole::Member)
    }
}

/// The facts of an account's life.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, IntoStaticStr, strum::EnumDiscriminants)]
#[strum_discriminants(
    name(AccountFactKind),
    derive(EnumIter, IntoStaticStr, Hash),
    doc = "The types of [`AccountFact`]."
)]
pub enum AccountFact {
    /// The account began.
    AccountOpened {
        /// The number people call it by; no two accounts have the same.
        reference: Line,
        /// What it is called.
        name: Line,
        /// Where the organisation is, which need not be one of its service addresses.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        address: Option<Line>,
    },
    /// It is called something else.
    AccountRenamed {
        /// The new name.
        name: Line,
    },
    /// The organisation is somewhere else.
    AccountMoved {
        /// The new address.
        address: Line,
    },
    /// It is served at one more place, or again at one that was retired.
    LocationAdded {
        /// The place.
        location: LocationId,
        /// The number people call it by.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reference: Option<Line>,
        /// What it is called, where that is not its address.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        name: Option<Line>,
        /// The service address.
        address: Line,
    },
    /// A place has another address.
    LocationMoved {
        /// The place.
        location: LocationId,
        /// The new address.
        address: Line,
    },
    /// It is not served at a place any more. Cases that name the place still do.
    LocationRetired {
        /// The place.
        location: LocationId,
    },
    /// A product was installed, or again after it had been removed.
    ProductInstalled {
        /// The installed product.
        product: ProductId,
        /// At which place; none where nobody said, as in histories from other systems.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        location: Option<LocationId>,
        /// The number people call it by: a circuit, a line, a serial number.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reference: Option<Line>,
        /// What it is called in the catalogue.
        name: Line,
    },
    /// It is not installed any more. Cases that name it still do.
    ProductRemoved {
        /// The installed product.
        product: ProductId,
    },
    /// A person became a contact.
    ContactJoined {
        /// Who.
        person: PersonId,
        /// What they may see.
        access: ContactAccess,
    },
    /// A contact may see more or less than before.
    ContactAccessChanged {
        /// Who.
        person: PersonId,
        /// What they may see now.
        access: ContactAccess,
    },
    /// A person is no contact of the account any more.
    ContactLeft {
        /// Who.
        person: PersonId,
    },
}

impl AccountFact {
    /// The type's name, as stored.
    #[must_use]
    pub fn type_name(&self) -> &'static str {
        self.into()
    }
}

/// The schema version of every event type; one that gets a second version leaves this constant for a match.
pub const VERSION: &str = "1";

impl DomainEvent for AccountEvent {
    fn event_type(&self) -> String {
        self.fact.type_name().to_owned()
    }

    fn event_version(&self) -> String {
        VERSION.to_owned()
    }
}
