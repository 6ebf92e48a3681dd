//! A page of events of accounts, people, portal users and requests for access, folded in memory.
//!
//! Two kinds of streams meet in one table: a person's own gives them a name, and an account's says that they are or
//! were its contact, which is what lets its other contacts know them. Neither waits for the other.

use std::collections::{HashMap, HashSet, hash_map::Entry};

use domain::{
    AccessRequestId, AccountId, LocationId, Metadata, PersonId, ProductId, Timestamp,
    access_request::{AccessRequestEvent, AccessRequestFact},
    account::{AccountEvent, AccountFact},
    person::{PersonEvent, PersonFact},
    user::UserEvent,
};
use event_log::{AnyEvent, StreamId};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{
    DIRECTORY_GROUP,
    access_requests::{self, AccessRequestEntry},
    accounts::{self, AccountRow},
    contacts::ContactChanges,
    locations::{self, LocationRow},
    maybe_words,
    people::{self, PersonRow},
    products::{self, ProductRow},
    users::{self, UserRow},
    words,
};
use crate::{
    group::Group,
    tables::{FoldError, Tables},
    writes::Statement,
};

/// An event of an account, a person, a portal user or a request for access, as it was recorded.
#[derive(Clone, Debug)]
pub(crate) struct RecordedDirectoryEvent {
    sequence: i64,
    event: Of,
}

#[derive(Clone, Debug)]
enum Of {
    Account(AccountId, AccountEvent),
    Person(PersonId, PersonEvent),
    /// With who acted.
    Request(AccessRequestId, AccessRequestEvent, PersonId),
    User(PersonId, UserEvent),
}

/// What the touched rows have come to.
#[derive(Default)]
pub(crate) struct DirectoryFold {
    accounts: HashMap<AccountId, AccountRow>,
    locations: HashMap<LocationId, LocationRow>,
    products: HashMap<ProductId, ProductRow>,
    people: HashMap<PersonId, PersonRow>,
    requests: HashMap<AccessRequestId, AccessRequestEntry>,
    users: HashMap<PersonId, UserRow>,
    contacts: ContactChanges,
}

/// The ids of the rows that events touch.
#[derive(Default)]
pub(crate) struct Touched {
    accounts: HashSet<Uuid>,
    locations: HashSet<Uuid>,
    products: HashSet<Uuid>,
    people: HashSet<Uuid>,
    requests: HashSet<Uuid>,
    users: HashSet<Uuid>,
}

impl Touched {
    fn add(&mut self, event: &RecordedDirectoryEvent) {
        match &event.event {
            Of::Person(person, _) => {
                self.people.insert(person.0);
            }
            Of::Request(request, ..) => {
                self.requests.insert(request.0);
            }
            Of::User(person, _) => {
                self.users.insert(person.0);
            }
            Of::Account(account, event) => {
                self.accounts.insert(account.0);
                match &event.fact {
                    AccountFact::LocationAdded { location, .. }
                    | AccountFact::LocationMoved { location, .. }
                    | AccountFact::LocationRetired { location } => {
                        self.locations.insert(location.0);
                    }
                    AccountFact::ProductInstalled { product, .. } | AccountFact::ProductRemoved { product } => {
                        self.products.insert(product.0);
                    }
                    AccountFact::ContactJoined { person, .. } => {
                        self.people.insert(person.0);
                    }
                    AccountFact::AccountOpened { .. }
                    | AccountFact::AccountRenamed { .. }
                    | AccountFact::AccountMoved { .. }
                    | AccountFact::ContactAccessChanged { .. }
                    | AccountFact::ContactLeft { .. } => {}
                }
            }
        }
    }
}

impl Tables for DirectoryFold {
    const GROUP: &'static Group = &DIRECTORY_GROUP;
    type Event = RecordedDirectoryEvent;
    type Known = ();
    type Touched = Touched;

    fn event(read: AnyEvent, sequence: i64, _: Timestamp, metadata: Metadata) -> Option<RecordedDirectoryEvent> {
        let event = match read {
            AnyEvent::Account { account_id, event } => Of::Account(account_id, event),
            AnyEvent::Person { person_id, event } => Of::Person(person_id, event),
            AnyEvent::AccessRequest { request_id, event } => Of::Request(request_id, event, metadata.actor),
            AnyEvent::User { person_id, event } => Of::User(person_id, event),
            AnyEvent::Case { .. } | AnyEvent::Settings { .. } => return None,
        };
        Some(RecordedDirectoryEvent { sequence, event })
    }

    fn touch(touched: &mut Touched, event: &RecordedDirectoryEvent) {
        touched.add(event);
    }

    async fn load(conn: &mut PgConnection, _: Option<&()>, touched: Touched) -> Result<Self, sqlx::Error> {
        let mut fold = Self::default();
        if !touched.accounts.is_empty() {
            let rows = accounts::load(conn, touched.accounts.into_iter().collect()).await?;
            fold.accounts = rows.into_iter().map(|row| (row.account, row)).collect();
        }
        if !touched.locations.is_empty() {
            let rows = locations::load(conn, touched.locations.into_iter().collect()).await?;
            fold.locations = rows.into_iter().map(|row| (row.location, row)).collect();
        }
        if !touched.products.is_empty() {
            let rows = products::load(conn, touched.products.into_iter().collect()).await?;
            fold.products = rows.into_iter().map(|row| (row.product, row)).collect();
        }
        if !touched.people.is_empty() {
            let rows = people::load(conn, touched.people.into_iter().collect()).await?;
            fold.people = rows.into_iter().map(|row| (row.person, row)).collect();
        }
        if !touched.requests.is_empty() {
            let rows = access_requests::load(conn, touched.requests.into_iter().collect()).await?;
            fold.requests = rows.into_iter().map(|row| (row.request, row)).collect();
        }
        if !touched.users.is_empty() {
            let rows = users::load(conn, touched.users.into_iter().collect()).await?;
            fold.users = rows.into_iter().map(|row| (row.person, row)).collect();
        }
        Ok(fold)
    }

    fn apply(&mut self, RecordedDirectoryEvent { sequence, event }: RecordedDirectoryEvent) -> Result<(), FoldError> {
        match event {
            Of::Account(account, event) => self.apply_to_account(account, sequence, &event.fact),
            Of::Person(person, event) => self.apply_to_person(person, sequence, &event.fact),
            Of::User(person, event) => self.apply_to_user(person, sequence, &event),
            Of::Request(request, event, by) => {
                let known = self.requests.remove(&request);
                let row = AccessRequestEntry::fold(known, request, (sequence, &event, by))?;
                self.requests.insert(request, row);
                Ok(())
            }
        }
    }

    /// Redacting a request for access takes its words away. Nothing that happens to an account, a person or a user does; erasing them
    /// projects their streams again.
    fn withdraw(&mut self, event: &RecordedDirectoryEvent) {
        if let Of::Request(request, AccessRequestEvent { fact: AccessRequestFact::AccessRequestRedacted { .. }, .. }, _) =
            &event.event
            && let Some(row) = self.requests.get_mut(request)
        {
            row.withdraw();
        }
    }

    fn push_writes<'a>(&'a self, statement: &mut Statement<'a>) {
        statement.part("accounts_there", &self.accounts.values().collect::<Vec<_>>(), accounts::push_write);
        statement.part("locations_there", &self.locations.values().collect::<Vec<_>>(), locations::push_write);
        statement.part("products_there", &self.products.values().collect::<Vec<_>>(), products::push_write);
        statement.part("people_there", &self.people.values().collect::<Vec<_>>(), people::push_write);
        statement.part("users_there", &self.users.values().collect::<Vec<_>>(), users::push_write);
        self.contacts.push_write(statement);
        access_requests::push_writes(statement, &self.requests.values().collect::<Vec<_>>());
    }

    fn remember(self, (): &mut ()) {}

    async fn forget(conn: &mut PgConnection, stream: &StreamId) -> Result<(), sqlx::Error> {
        let Ok(id) = stream.aggregate_id.parse::<Uuid>() else { return Ok(()) };
        if stream.aggregate_type == "person" {
            // Whose contact they are is not theirs to say.
            let forget = "update people set name = null, email = null, phone = null, version = 0 where person_id = $1";
            sqlx::query(forget).bind(id).execute(conn).await?;
            return Ok(());
        }
        if stream.aggregate_type == "access_request" {
            for table in ["access_request_people", "access_requests"] {
                sqlx::query(&format!("delete from {table} where request_id = $1")).bind(id).execute(&mut *conn).await?;
            }
            return Ok(());
        }
        if stream.aggregate_type == "user" {
            sqlx::query("delete from users where person_id = $1").bind(id).execute(conn).await?;
            return Ok(());
        }
        for table in ["contact_access", "contacts", "products", "locations", "accounts"] {
            sqlx::query(&format!("delete from {table} where account_id = $1")).bind(id).execute(&mut *conn).await?;
        }
        Ok(())
    }
}

impl DirectoryFold {
    fn apply_to_account(&mut self, account: AccountId, sequence: i64, fact: &AccountFact) -> Result<(), FoldError> {
        let row = match (self.accounts.entry(account), fact) {
            (Entry::Occupied(known), _) => known.into_mut(),
            (Entry::Vacant(new), AccountFact::AccountOpened { reference, name, address }) if sequence == 1 => {
                let (reference, name) = (words(reference), words(name));
                let address = maybe_words(address.as_ref());
                new.insert(AccountRow { account, reference, name, address, version: 0 })
            }
            (Entry::Vacant(_), _) if sequence == 1 => return Err(FoldError::NotOpened),
            (Entry::Vacant(_), _) => return Err(FoldError::Gap { sequence, known: 0 }),
        };
        if sequence <= row.version {
            return Ok(());
        }
        if sequence > row.version + 1 {
            return Err(FoldError::Gap { sequence, known: row.version });
        }
        row.version = sequence;
        match fact {
            AccountFact::AccountOpened { .. } => {}
            AccountFact::AccountRenamed { name } => row.name = words(name),
            AccountFact::AccountMoved { address } => row.address = words(address),
            AccountFact::LocationAdded { location, reference, name, address } => {
                let row = LocationRow {
                    location: *location,
                    account,
                    reference: maybe_words(reference.as_ref()),
                    own_name: maybe_words(name.as_ref()),
                    address: words(address),
                    is_retired: false,
                };
                self.locations.insert(*location, row);
            }
            AccountFact::LocationMoved { location, address } => {
                if let Some(row) = self.locations.get_mut(location) {
                    row.address = words(address);
                }
            }
            AccountFact::LocationRetired { location } => {
                if let Some(row) = self.locations.get_mut(location) {
                    row.is_retired = true;
                }
            }
            AccountFact::ProductInstalled { product, location, reference, name } => {
                let row = ProductRow {
                    product: *product,
                    account,
                    location: *location,
                    reference: maybe_words(reference.as_ref()),
                    name: words(name),
                    is_removed: false,
                };
                self.products.insert(*product, row);
            }
            AccountFact::ProductRemoved { product } => {
                if let Some(row) = self.products.get_mut(product) {
                    row.is_removed = true;
                }
            }
            AccountFact::ContactJoined { person, access } => {
                self.contacts.set(account, *person, Some(access.clone()));
                let row = self.people.entry(*person).or_insert_with(|| PersonRow::unknown(*person));
                row.account_ids.insert(account.0);
            }
            AccountFact::ContactAccessChanged { person, access } => {
                self.contacts.set(account, *person, Some(access.clone()));
            }
            AccountFact::ContactLeft { person } => self.contacts.set(account, *person, None),
        }
        Ok(())
    }

    fn apply_to_person(&mut self, person: PersonId, sequence: i64, fact: &PersonFact) -> Result<(), FoldError> {
        let row = self.people.entry(person).or_insert_with(|| PersonRow::unknown(person));
        if sequence <= row.version {
            return Ok(());
        }
        if sequence > row.version + 1 {
            return Err(FoldError::Gap { sequence, known: row.version });
        }
        row.version = sequence;
        match fact {
            PersonFact::PersonRegistered(details) | PersonFact::PersonDetailsChanged(details) => row.set(details),
            PersonFact::PersonErased {} => row.erase(),
        }
        Ok(())
    }

    fn apply_to_user(&mut self, person: PersonId, sequence: i64, event: &UserEvent) -> Result<(), FoldError> {
        let row = match self.users.entry(person) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(_) if sequence > 1 => return Err(FoldError::Gap { sequence, known: 0 }),
            Entry::Vacant(new) => new.insert(UserRow::begun(person, event).ok_or(FoldError::NotOpened)?),
        };
        if sequence <= row.version {
            return Ok(());
        }
        if sequence > row.version + 1 {
            return Err(FoldError::Gap { sequence, known: row.version });
        }
        row.version = sequence;
        row.apply(event);
        Ok(())
    }
}
