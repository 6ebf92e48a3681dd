//! What an account has come to: the fold of its events, with all that the rules ask about and nothing else.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{AccountEvent, AccountFact, ContactAccess};
use crate::{Fingerprint, LocationId, PersonId, ProductId, Timestamp};

/// The state of an account that was opened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AccountState {
    /// What stands for the number people call it by.
    pub reference: Fingerprint,
    /// What stands for its name.
    pub name: Fingerprint,
    /// What stands for its own address, if it was said.
    pub address: Option<Fingerprint>,
    /// Its places, retired ones too.
    pub locations: BTreeMap<LocationId, Location>,
    /// What is or was installed.
    pub products: BTreeMap<ProductId, InstalledProduct>,
    /// Its contacts, without those who left.
    pub contacts: BTreeMap<PersonId, ContactAccess>,
    /// When its last event occurred.
    pub last_occurred_at: Timestamp,
    /// How many events it has.
    pub version: u64,
}

/// A place of an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Location {
    /// What stands for its address.
    pub address: Fingerprint,
    /// Whether the account is not served there any more.
    pub is_retired: bool,
}

/// A product of an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InstalledProduct {
    /// Where it is, if that is known.
    pub location: Option<LocationId>,
    /// Whether it is not installed any more.
    pub is_removed: bool,
}

impl AccountState {
    /// Folds one event into what came before. Total: a fact is never refused.
    ///
    /// A second opening, or a first event that is none, leaves everything as it was.
    #[must_use]
    pub fn fold(state: Option<Self>, event: &AccountEvent) -> Option<Self> {
        let mut state = match (state, &event.fact) {
            (None, AccountFact::AccountOpened { reference, name, address }) => Self {
                reference: reference.fingerprint.clone(),
                name: name.fingerprint.clone(),
                address: address.as_ref().map(|address| address.fingerprint.clone()),
                locations: BTreeMap::new(),
                products: BTreeMap::new(),
                contacts: BTreeMap::new(),
                last_occurred_at: event.occurred_at,
                version: 0,
            },
            (None, _) => return None,
            (Some(state), _) => state,
        };
        state.apply(event);
        Some(state)
    }

    fn apply(&mut self, event: &AccountEvent) {
        self.version += 1;
        self.last_occurred_at = event.occurred_at;
        match &event.fact {
            AccountFact::AccountOpened { .. } => {}
            AccountFact::AccountRenamed { name } => self.name = name.fingerprint.clone(),
            AccountFact::AccountMoved { address } => self.address = Some(address.fingerprint.clone()),
            AccountFact::LocationAdded { location, address, .. } => {
                let place = Location { address: address.fingerprint.clone(), is_retired: false };
                self.locations.insert(*location, place);
            }
            AccountFact::LocationMoved { location, address } => {
                if let Some(place) = self.locations.get_mut(location) {
                    place.address = address.fingerprint.clone();
                }
            }
            AccountFact::LocationRetired { location } => {
                if let Some(place) = self.locations.get_mut(location) {
                    place.is_retired = true;
                }
            }
            AccountFact::ProductInstalled { product, location, .. } => {
                self.products.insert(*product, InstalledProduct { location: *location, is_removed: false });
            }
            AccountFact::ProductRemoved { product } => {
                if let Some(product) = self.products.get_mut(product) {
                    product.is_removed = true;
                }
            }
            AccountFact::ContactJoined { person, access } | AccountFact::ContactAccessChanged { person, access } => {
                self.contacts.insert(*person, access.clone());
            }
            AccountFact::ContactLeft { person } => {
                self.contacts.remove(person);
            }
        }
    }

    /// Whether the account is served at the place.
    #[must_use]
    pub fn serves(&self, location: LocationId) -> bool {
        self.locations.get(&location).is_some_and(|place| !place.is_retired)
    }
}
