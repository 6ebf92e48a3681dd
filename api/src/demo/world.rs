//! Who there is: customers with their places, products and people, and the desk.

use std::collections::{BTreeMap, HashMap};

use domain::{AccountId, LocationId, PersonId, ProductId, Role, Slug, account::ContactRole};
use event_log::{EventLog, LogError};
use serde::Deserialize;

use crate::{
    import::{accounts::source::AccountsFile, identity::Identities},
    registry::{Registry, identities},
};

/// Customers, in the form in which accounts are imported.
const ACCOUNTS: &str = include_str!("data/accounts.csv");
/// The desk.
const DESK: &str = include_str!("data/desk.toml");

/// Everybody and everything that cases are about.
#[derive(Debug)]
pub struct World {
    /// The customers.
    pub accounts: Vec<Account>,
    /// Those who work at the desk or look over it.
    pub staff: Vec<Staff>,
}

/// A customer.
#[derive(Debug)]
pub struct Account {
    /// Its id, once it is there.
    pub id: AccountId,
    /// The number people call it by.
    pub reference: String,
    /// What it is called.
    pub name: String,
    /// How often it asks for something, beside the others.
    pub volume: u32,
    /// Where it is served, with what.
    pub places: Vec<Place>,
    /// Its people.
    pub contacts: Vec<Contact>,
}

/// A place of a customer.
#[derive(Debug)]
pub struct Place {
    /// Its id.
    pub id: LocationId,
    /// What people call it.
    pub name: String,
    /// What is installed there.
    pub products: Vec<Product>,
}

/// An installed product.
#[derive(Debug)]
pub struct Product {
    /// Its id.
    pub id: ProductId,
    /// The number people call it by.
    pub reference: String,
    /// What it is called in the catalogue.
    pub name: String,
}

/// A customer's person.
#[derive(Clone, Debug)]
pub struct Contact {
    /// Who they are.
    pub person: PersonId,
    /// What they are called.
    pub name: String,
    /// Their address, with which they sign in.
    pub email: String,
    /// What they are in the account.
    pub role: ContactRole,
    /// The only places whose cases they see; none for all.
    pub limit: Vec<LocationId>,
}

/// Somebody at the desk.
#[derive(Clone, Debug)]
pub struct Staff {
    /// Who they are.
    pub person: PersonId,
    /// As they are written down in the file.
    pub is: StaffRow,
}

/// Somebody at the desk, as the file has them.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StaffRow {
    /// What they are called.
    pub name: String,
    /// What they sign in with.
    pub username: String,
    /// Their address.
    pub email: String,
    /// What they are to the desk.
    pub roles: Vec<Role>,
    /// The queues whose cases they take.
    #[serde(default)]
    pub queues: Vec<Slug>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DeskFile {
    staff: Vec<StaffRow>,
    volume: BTreeMap<String, u32>,
}

impl Contact {
    /// Whether they see the cases of a place.
    #[must_use]
    pub fn sees(&self, place: LocationId) -> bool {
        self.role == ContactRole::Admin || self.limit.is_empty() || self.limit.contains(&place)
    }
}

impl Staff {
    /// Whether they work cases.
    #[must_use]
    pub fn works(&self) -> bool {
        self.is.roles.iter().any(|role| matches!(role, Role::Agent | Role::Supervisor))
    }

    /// In which role they do.
    #[must_use]
    pub fn acts_as(&self) -> Role {
        if self.is.roles.contains(&Role::Supervisor) { Role::Supervisor } else { Role::Agent }
    }
}

/// The customers as they are imported.
#[must_use]
pub fn accounts_file() -> AccountsFile {
    AccountsFile::read_csv(ACCOUNTS.as_bytes()).expect("the shipped file is one of accounts")
}

fn desk_file() -> DeskFile {
    toml::from_str(DESK).expect("the shipped file is one of a desk")
}

/// The references of the customers, in the order of the file.
#[must_use]
pub fn references() -> Vec<String> {
    let mut references: Vec<String> = vec![];
    for row in accounts_file().rows {
        if references.last().is_none_or(|last| last != row.account.as_str()) {
            references.push(row.account.as_str().to_owned());
        }
    }
    references
}

impl World {
    /// The ids of everybody and everything, for customers that are there.
    ///
    /// # Errors
    /// [`LogError`].
    pub async fn of(log: &EventLog, registry: &Registry) -> Result<Self, LogError> {
        let references = references();
        let known = registry.accounts(&references.iter().map(String::as_str).collect::<Vec<_>>()).await?;
        Ok(Self::made_of(identities(log), &known))
    }

    /// The same with the ids of accounts by their references.
    #[must_use]
    pub fn made_of(ids: Identities, known: &HashMap<String, AccountId>) -> Self {
        let DeskFile { staff, volume } = desk_file();
        let person = |email: &str| ids.person(&email.to_lowercase());
        let mut accounts: Vec<Account> = vec![];
        for row in accounts_file().rows {
            let reference = row.account.as_str().to_owned();
            let Some(id) = known.get(&reference).copied() else { continue };
            if accounts.last().is_none_or(|last| last.reference != reference) {
                let volume = volume.get(&reference).copied().unwrap_or(1);
                let name = row.name.as_ref().unwrap_or(&row.account).as_str().to_owned();
                accounts.push(Account { id, reference, name, volume, places: vec![], contacts: vec![] });
            }
            let account = accounts.last_mut().expect("one was just added");
            if let Some(cells) = &row.location {
                let place = ids.location(id, cells.reference.as_str());
                if account.places.last().is_none_or(|last| last.id != place) {
                    let name = cells.name.as_ref().or(cells.address.as_ref()).unwrap_or(&cells.reference);
                    account.places.push(Place { id: place, name: name.as_str().to_owned(), products: vec![] });
                }
            }
            if let (Some(cells), Some(place)) = (&row.product, account.places.last_mut()) {
                let [reference, name] = [&cells.reference, &cells.name].map(|it| it.as_str().to_owned());
                place.products.push(Product { id: ids.product(id, &reference), reference, name });
            }
            if let Some(cells) = &row.contact {
                account.contacts.push(Contact {
                    person: person(cells.email.as_str()),
                    name: cells.name.as_str().to_owned(),
                    email: cells.email.as_str().to_owned(),
                    role: cells.role,
                    limit: cells.locations.iter().map(|reference| ids.location(id, reference)).collect(),
                });
            }
        }
        let staff = staff.into_iter().map(|is| Staff { person: person(&is.email), is }).collect();
        Self { accounts, staff }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_shipped_customers_are_read_to_the_last_row_and_are_plainly_nobodys() {
        let file = accounts_file();
        assert_eq!(file.refused, vec![]);
        let contacts: Vec<_> = file.rows.iter().filter_map(|row| row.contact.as_ref()).collect();
        let people: BTreeSet<_> = contacts.iter().map(|cells| cells.email.as_str()).collect();
        assert!(references().len() >= 12 && people.len() >= 36, "{} {}", references().len(), people.len());
        assert!(contacts.len() > people.len(), "some are contacts of two accounts");
        assert!(contacts.iter().any(|cells| !cells.locations.is_empty()));
        for cells in contacts {
            assert!(cells.email.as_str().ends_with(".example"));
            assert!(cells.phone.as_ref().is_some_and(|phone| phone.as_str().starts_with("+1 555 01")));
        }
    }

    #[test]
    fn the_desk_has_somebody_of_every_role_and_for_every_queue() {
        let DeskFile { staff, volume } = desk_file();
        let roles: BTreeSet<_> = staff.iter().flat_map(|row| row.roles.clone()).collect();
        let all = [Role::Agent, Role::Supervisor, Role::Administrator, Role::Auditor, Role::Analyst];
        assert_eq!(roles, all.into());
        let queues: BTreeSet<_> = staff.iter().flat_map(|row| row.queues.clone()).collect();
        let catalogue = domain::settings::Settings::default().catalogue;
        assert_eq!(queues, catalogue.queues.keys().cloned().collect());
        assert!(volume.keys().all(|reference| references().contains(reference)));
    }
}
