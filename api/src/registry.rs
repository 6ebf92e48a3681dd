//! Writing accounts and people down, for whoever must name some that nobody has written down yet: those who make tokens
//! or bring files in from another system.
//!
//! Everything here is idempotent. An account is found by its reference, which no two have; where two write the same
//! one down at once, one of them finds what the other has written.

use std::{collections::HashMap, fmt};

use cqrs_es::Aggregate as _;
use domain::{
    AccountId, Actor, Channel, KeyId, Line, Metadata, PersonId, PlainText, RequestId, Role, Timestamp,
    account::{Account, AccountAction, AccountCommand, AccountError, AccountEvent},
    person::{Details, Person, PersonAction, PersonCommand, PersonError, PersonEvent},
};
use event_log::{EventLog, Execute, ExecuteError, Executed, Loaded, LogAggregate, LogError, Reservation};

/// The kind of reservation that an account's reference is.
pub const ACCOUNT_REFERENCE: &str = "account_reference";

/// Writes accounts and people down, as whoever runs the installation.
#[derive(Clone)]
pub struct Registry {
    log: EventLog,
    request: RequestId,
    channel: Channel,
    at: Timestamp,
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
    /// The rules of accounts refuse it.
    #[error(transparent)]
    Account(#[from] AccountError),
    /// The rules of people refuse it.
    #[error(transparent)]
    Person(#[from] PersonError),
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
    /// A registry that writes in one request, at one time.
    #[must_use]
    pub fn new(log: EventLog, request: RequestId, channel: Channel, at: Timestamp) -> Self {
        Self { log, request, channel, at }
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
        let by = operator();
        let decide = |loaded: &Loaded<Account>| {
            let mut account = loaded.aggregate.clone();
            let mut events: Vec<AccountEvent> = vec![];
            for (at, action) in actions(&account) {
                for event in account.decide(&AccountCommand { by, at, action })? {
                    account.apply(event.clone());
                    events.push(event);
                }
            }
            Ok::<_, AccountError>(events)
        };
        debug_assert!(at <= self.at, "nothing is known before it happens");
        Ok(self.execute(&account.to_string(), reservations, decide).await??)
    }

    /// Writes a person down by name, unless they are; answers what was written.
    ///
    /// # Errors
    /// [`RegistryError`].
    pub async fn person(&self, person: PersonId, name: Line, at: Timestamp) -> Result<Written, RegistryError> {
        let details = Details { name, email: None, phone: None };
        let decide = |loaded: &Loaded<Person>| -> Result<Vec<PersonEvent>, PersonError> {
            // Whoever is written down may have been renamed since, or erased.
            if loaded.aggregate.state.is_some() || loaded.aggregate.is_erased {
                return Ok(vec![]);
            }
            let command = PersonCommand { by: operator(), at, action: PersonAction::Register(details.clone()) };
            loaded.aggregate.decide(&command)
        };
        Ok(self.execute(&person.to_string(), vec![], decide).await??)
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
            loaded.aggregate.decide(&PersonCommand { by: operator(), at, action })
        };
        Ok(self.execute(&person.to_string(), vec![], decide).await??)
    }

    /// A person's name, under a key.
    #[must_use]
    pub fn name(&self, person: PersonId, key: KeyId, name: PlainText) -> Line {
        self.log.line("person name", key, person, name)
    }

    async fn execute<A: LogAggregate, R: fmt::Debug>(
        &self,
        id: &str,
        reservations: Vec<Reservation>,
        decide: impl Fn(&Loaded<A>) -> Result<Vec<A::Event>, R>,
    ) -> Result<Result<Written, R>, ExecuteError> {
        let metadata = Metadata::of(&operator(), self.request, self.channel);
        let execute =
            Execute { aggregate_id: id, metadata, at: self.at, idempotency: None, reservations, file_keys: &[] };
        // Without a key nothing is recorded of the command itself.
        match self.log.execute(&execute, decide, |_| serde_json::Value::Null).await? {
            Executed::Decided { outcome: Ok(events), position, .. } => Ok(Ok(Written { position, events })),
            Executed::Repeated { .. } => unreachable!("a command without a key is never taken for another"),
            Executed::Decided { outcome: Err(refusal), .. } => Ok(Err(refusal)),
        }
    }
}

fn operator() -> Actor {
    Actor::new(PersonId::OPERATOR, Role::Administrator)
}
