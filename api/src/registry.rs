//! Writing accounts and people down, for whoever must name some that nobody has written down yet: those who make tokens
//! or bring files in from another system.
//!
//! Everything here is idempotent. An account is found by its reference, which no two have; where two write the same
//! one down at once, one of them finds what the other has written.

use std::collections::HashMap;

use cqrs_es::Aggregate as _;
use domain::{
    AccountId, Actor, Channel, KeyId, Line, PersonId, PlainText, RequestId, Role, Slug, Timestamp,
    account::{Account, AccountAction, AccountCommand, AccountEvent},
    person::{Details, Person, PersonAction, PersonCommand, PersonEvent},
};
use event_log::{EventLog, ExecuteError, Loaded, LogAggregate, LogError, Reservation};

use crate::{
    commands::{
        Refusal,
        walk::{Order, Stamp, carry_out},
    },
    import::identity::{Identities, PeopleKey},
};

/// The kind of reservation that an account's reference is.
pub const ACCOUNT_REFERENCE: &str = "account_reference";

/// Writes accounts and people down, as whoever runs the installation or as an administrator.
#[derive(Clone)]
pub struct Registry {
    log: EventLog,
    stamp: Stamp,
}

/// Why something could not be written down.
#[derive(Debug, thiserror::Error)]
pub enum RegistryError {
    /// The log did not answer, or others kept writing.
    #[error(transparent)]
    Execute(#[from] ExecuteError),
    /// The log did not answer.
    #[error(transparent)]
    Log(#[from] LogError),
    /// The rules of accounts or people refuse it.
    #[error(transparent)]
    Refused(#[from] Refusal),
}

/// An account that is to be there.
#[derive(Clone, Debug)]
pub struct NewAccount {
    /// The id that it gets if it is not there.
    pub account: AccountId,
    /// The keys of its reference and its name.
    pub keys: [KeyId; 2],
    /// The number people call it by.
    pub reference: PlainText,
    /// What it is called.
    pub name: PlainText,
    /// When it became known.
    pub at: Timestamp,
}

/// What was written.
#[derive(Clone, Copy, Debug, Default)]
pub struct Written {
    /// The position that a reader must reach to see it.
    pub position: i64,
    /// How many events it took; none where everything was there.
    pub events: usize,
}

impl Registry {
    /// A registry that whoever runs the installation writes in, in one request, at one time.
    #[must_use]
    pub fn new(log: EventLog, request: RequestId, channel: Channel, at: Timestamp) -> Self {
        let by = Actor::new(PersonId::OPERATOR, Role::Administrator);
        Self::by(log, Stamp { by, on_behalf_of: None, request, channel, at })
    }

    /// The same for anybody.
    #[must_use]
    pub fn by(log: EventLog, stamp: Stamp) -> Self {
        Self { log, stamp }
    }

    /// The accounts that have references, by these; those that nobody has are absent.
    ///
    /// # Errors
    /// [`LogError::Database`].
    pub async fn accounts(&self, references: &[&str]) -> Result<HashMap<String, AccountId>, LogError> {
        let found = self.log.reserved(ACCOUNT_REFERENCE, references).await?;
        let account =
            |(reference, stream): (String, event_log::StreamId)| Some((reference, stream.aggregate_id.parse().ok()?));
        Ok(found.into_iter().filter_map(account).collect())
    }

    /// Finds an account by its reference, or opens it; answers its id and what was written.
    ///
    /// # Errors
    /// [`RegistryError`].
    pub async fn account(&self, new: NewAccount) -> Result<(AccountId, Written), RegistryError> {
        let reference = new.reference.as_str().to_owned();
        if let Some(account) = self.accounts(&[&reference]).await?.get(&reference) {
            return Ok((*account, Written::default()));
        }
        let NewAccount { account, keys: [reference_key, name_key], at, .. } = new;
        let subject = PersonId::of_account(account);
        let open = AccountAction::Open {
            reference: self.log.line("account reference", reference_key, subject, new.reference),
            name: self.log.line("account name", name_key, subject, new.name),
            address: None,
        };
        let reservation = Reservation { kind: ACCOUNT_REFERENCE, value: reference.clone() };
        match self.change(account, at, vec![reservation], |_| vec![(at, open.clone())]).await {
            Ok(written) => Ok((account, written)),
            // Somebody else was faster.
            Err(error @ RegistryError::Execute(ExecuteError::Reserved { .. })) => {
                let known = self.accounts(&[&reference]).await?;
                known.get(&reference).map(|account| (*account, Written::default())).ok_or(error)
            }
            Err(error) => Err(error),
        }
    }

    /// Has an account changed by what `actions` answers for the state that it is in; answers what was written.
    ///
    /// # Errors
    /// [`RegistryError`].
    pub async fn change(
        &self,
        account: AccountId,
        at: Timestamp,
        reservations: Vec<Reservation>,
        actions: impl Fn(&Account) -> Vec<(Timestamp, AccountAction)>,
    ) -> Result<Written, RegistryError> {
        let by = self.stamp.by;
        let decide = |loaded: &Loaded<Account>| {
            let mut account = Account::clone(&loaded.aggregate);
            let mut events: Vec<AccountEvent> = vec![];
            for (at, action) in actions(&account) {
                for event in account.decide(&AccountCommand { by, at, action })? {
                    account.apply(event.clone());
                    events.push(event);
                }
            }
            Ok(events)
        };
        debug_assert!(at <= self.stamp.at, "nothing is known before it happens");
        self.execute(account.to_string(), reservations, decide).await
    }

    /// Writes a person down by name, unless they are; answers what was written.
    ///
    /// # Errors
    /// [`RegistryError`].
    pub async fn person(&self, person: PersonId, name: Line, at: Timestamp) -> Result<Written, RegistryError> {
        self.register_at(person, Details { name, email: None, phone: None }, at).await
    }

    /// The same with all their details.
    ///
    /// # Errors
    /// [`RegistryError`].
    pub async fn register(&self, person: PersonId, details: Details) -> Result<Written, RegistryError> {
        self.register_at(person, details, self.stamp.at).await
    }

    async fn register_at(&self, person: PersonId, details: Details, at: Timestamp) -> Result<Written, RegistryError> {
        let decide = |loaded: &Loaded<Person>| -> Result<Vec<PersonEvent>, Refusal> {
            // Whoever is written down may have been renamed since, or erased.
            if loaded.aggregate.state.is_some() || loaded.aggregate.is_erased {
                return Ok(vec![]);
            }
            let action = PersonAction::Register(details.clone());
            Ok(loaded.aggregate.decide(&PersonCommand { by: self.stamp.by, at, action })?)
        };
        self.execute(person.to_string(), vec![], decide).await
    }

    /// Writes a person down with all their details, or writes these anew; answers what was written.
    ///
    /// # Errors
    /// [`RegistryError`].
    pub async fn details(&self, person: PersonId, details: Details, at: Timestamp) -> Result<Written, RegistryError> {
        let decide = |loaded: &Loaded<Person>| {
            let action = match loaded.aggregate.state {
                Some(_) => PersonAction::ChangeDetails(details.clone()),
                None => PersonAction::Register(details.clone()),
            };
            Ok(loaded.aggregate.decide(&PersonCommand { by: self.stamp.by, at, action })?)
        };
        self.execute(person.to_string(), vec![], decide).await
    }

    /// A person's name, under a key.
    #[must_use]
    pub fn name(&self, person: PersonId, key: KeyId, name: PlainText) -> Line {
        self.log.line("person name", key, person, name)
    }

    async fn execute<A: LogAggregate>(
        &self,
        id: String,
        reservations: Vec<Reservation>,
        decide: impl Fn(&Loaded<A>) -> Result<Vec<A::Event>, Refusal>,
    ) -> Result<Written, RegistryError> {
        let order = Order { reservations, ..Order::new(id, self.stamp) };
        let carried = carry_out(&self.log, order, decide).await?;
        match carried.refusal {
            None => Ok(Written { position: carried.position, events: carried.events }),
            Some(refusal) => Err(refusal.into()),
        }
    }
}

/// What accounts have is known by what people call it, be it written down from a file or by hand: the same reference in
/// one account is the same place or product, and the same e-mail address the same person.
#[must_use]
pub fn identities(log: &EventLog) -> Identities {
    let system: Slug = "accounts".parse().expect("a short name");
    Identities::of(&system, PeopleKey::of(log))
}
