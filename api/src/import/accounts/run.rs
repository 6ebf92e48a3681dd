//! The import itself: row by row into the log, in the order of the file.

use domain::{
    AccountId, Channel, Line, LocationId, PersonId, PlainText, RequestId, Timestamp,
    account::{Account, AccountAction, ContactAccess},
    person::{Details, Person},
};
use event_log::{EventLog, LogError};

use super::{
    report::AccountsReport,
    row::{AccountRow, AccountRowRefusal, ContactCells},
    source::{AccountsFile, RefusedAccountRow},
};
use crate::{
    clock::{Clock, Ids},
    import::identity::Identities,
    registry::{self, NewAccount, Registry, RegistryError},
};

/// An import of accounts that is ready to run.
#[derive(Clone)]
pub struct AccountsImport {
    /// Where the events go.
    pub log: EventLog,
    /// When they happen: a file of accounts says how things stand, not since when.
    pub clock: Clock,
    /// Keys of texts.
    pub ids: Ids,
    /// The run, as it stands in their metadata.
    pub request: RequestId,
}

impl AccountsImport {
    /// Imports a file; `progress` is told each time a row is done.
    ///
    /// # Errors
    /// [`RegistryError`], when the log does not answer: run it again, it goes on where it was. A row that cannot be taken
    /// is no error: it is among the [`AccountsReport::refused`].
    pub async fn run(&self, file: AccountsFile, progress: impl Fn(u64)) -> Result<AccountsReport, RegistryError> {
        let mut report = AccountsReport { rows: file.count(), refused: file.refused, ..AccountsReport::default() };
        progress(report.refused.len() as u64);
        for row in file.rows {
            let at = self.clock.now();
            let registry = Registry::new(self.log.clone(), self.request, Channel::Import, at);
            let reason = match (Taking { import: self, registry, at, row: &row }.take().await) {
                Ok(0) => {
                    report.rows_unchanged += 1;
                    None
                }
                Ok(events) => {
                    report.rows_with_events += 1;
                    report.events += events;
                    None
                }
                Err(RegistryError::Refused(refusal)) => Some(AccountRowRefusal::from(refusal)),
                Err(error @ (RegistryError::Execute(_) | RegistryError::Log(_))) => return Err(error),
            };
            let refused =
                |reason| RefusedAccountRow { line: row.line, reference: Some(row.account.as_str().to_owned()), reason };
            report.refused.extend(reason.map(refused));
            progress(1);
        }
        report.refused.sort_by_key(|row| row.line);
        Ok(report)
    }
}

/// A row that is being taken.
struct Taking<'a> {
    import: &'a AccountsImport,
    registry: Registry,
    at: Timestamp,
    row: &'a AccountRow,
}

impl Taking<'_> {
    /// Records what is still missing for things to be as the row says; answers how many events that took.
    async fn take(&self) -> Result<usize, RegistryError> {
        let row = self.row;
        let key = || self.import.ids.next().into();
        let new = NewAccount {
            account: AccountId(self.import.ids.next()),
            keys: [key(), key()],
            reference: row.account.clone(),
            name: row.name.clone().unwrap_or_else(|| row.account.clone()),
            at: self.at,
        };
        let (account, opened) = self.registry.account(new).await?;
        let lines = Lines::of(self.import, account, row);
        let contact = match &row.contact {
            Some(cells) => Some((self.person_of(cells).await?, self.access(account, cells))),
            None => None,
        };
        let actions = |state: &Account| {
            let actions = self.actions(account, &lines, contact.as_ref(), state);
            actions.into_iter().map(|action| (self.at, action)).collect()
        };
        let changed = self.registry.change(account, self.at, vec![], actions).await?;
        // Last, so that a row that the account refuses writes nobody down.
        let written_down = match row.contact.as_ref().zip(contact) {
            Some((cells, (person, _))) => self.write_down(cells, person).await?,
            None => 0,
        };
        Ok(opened.events + written_down + changed.events)
    }

    /// Writes the row's contact down as a person, with what the row says of them.
    async fn write_down(&self, contact: &ContactCells, person: PersonId) -> Result<usize, RegistryError> {
        let line = |kind: &str, text: &PlainText| self.import.line(kind, person, text);
        let details = Details {
            name: line("person name", &contact.name),
            email: Some(line("person e-mail", &contact.email)),
            phone: contact.phone.as_ref().map(|phone| line("person phone", phone)),
        };
        Ok(self.registry.details(person, details, self.at).await?.events)
    }

    /// Whose address it is: the first of its people who was not erased, or somebody new.
    async fn person_of(&self, contact: &ContactCells) -> Result<PersonId, LogError> {
        let address = contact.email.as_str().to_lowercase();
        for erased in 0.. {
            let person = self.identities().person_after(&address, erased);
            if !self.import.log.latest::<Person>(&person.to_string()).await?.is_erased {
                return Ok(person);
            }
        }
        unreachable!("not everybody was erased")
    }

    fn access(&self, account: AccountId, contact: &ContactCells) -> ContactAccess {
        let limit = contact.locations.iter().map(|reference| self.location(account, reference));
        let locations = (!contact.locations.is_empty()).then(|| limit.collect());
        ContactAccess { role: contact.role, locations }
    }

    /// What is to be asked of the account. A place that was retired and a product that was removed stay so.
    fn actions(
        &self,
        account: AccountId,
        lines: &Lines,
        contact: Option<&(PersonId, ContactAccess)>,
        state: &Account,
    ) -> Vec<AccountAction> {
        let Some(state) = &state.state else { return vec![] };
        let mut actions = vec![];
        actions.extend(lines.name.clone().map(|name| AccountAction::Rename { name }));
        actions.extend(lines.address.clone().map(|address| AccountAction::Move { address }));
        let location = self.row.location.as_ref().map(|it| self.location(account, it.reference.as_str()));
        if let Some((location, (reference, name, address))) = location.zip(lines.location.clone()) {
            match (state.locations.get(&location), address) {
                (Some(place), Some(address)) if !place.is_retired => {
                    actions.push(AccountAction::MoveLocation { location, address });
                }
                (Some(_), _) => {}
                // Where nobody has said where it is, its reference is all that there is to show.
                (None, address) => actions.push(AccountAction::AddLocation {
                    location,
                    address: address
                        .or_else(|| lines.shown_as.clone())
                        .expect("a row with a location has its reference"),
                    reference: Some(reference),
                    name,
                }),
            }
        }
        if let Some((cells, (reference, name))) = self.row.product.as_ref().zip(lines.product.clone()) {
            let product = self.identities().product(account, cells.reference.as_str());
            if state.products.get(&product).is_none_or(|it| !it.is_removed) {
                actions.push(AccountAction::InstallProduct { product, location, reference: Some(reference), name });
            }
        }
        if let Some((person, access)) = contact.cloned() {
            actions.push(match state.contacts.get(&person) {
                Some(_) => AccountAction::SetAccess { person, access },
                None => AccountAction::Join { person, access },
            });
        }
        actions
    }

    fn location(&self, account: AccountId, reference: &str) -> LocationId {
        self.identities().location(account, reference)
    }

    fn identities(&self) -> Identities {
        registry::identities(&self.import.log)
    }
}

/// The row's texts, each under a key of its own, which the events get if they are news.
struct Lines {
    name: Option<Line>,
    address: Option<Line>,
    location: Option<(Line, Option<Line>, Option<Line>)>,
    /// The location's reference once more, under a key of its own, for where nobody has said where it is.
    shown_as: Option<Line>,
    product: Option<(Line, Line)>,
}

impl Lines {
    fn of(import: &AccountsImport, account: AccountId, row: &AccountRow) -> Self {
        let subject = PersonId::of_account(account);
        let line = |kind: &str, text: &PlainText| import.line(kind, subject, text);
        let maybe = |kind: &str, text: &Option<PlainText>| text.as_ref().map(|text| line(kind, text));
        Self {
            name: maybe("account name", &row.name),
            address: maybe("account address", &row.address),
            location: row.location.as_ref().map(|it| {
                let reference = line("location reference", &it.reference);
                (reference, maybe("location name", &it.name), maybe("location address", &it.address))
            }),
            shown_as: row.location.as_ref().map(|it| line("location address", &it.reference)),
            product: row
                .product
                .as_ref()
                .map(|it| (line("product reference", &it.reference), line("product name", &it.name))),
        }
    }
}

impl AccountsImport {
    fn line(&self, kind: &str, subject: PersonId, text: &PlainText) -> Line {
        self.log.line(kind, self.ids.next().into(), subject, text.clone())
    }
}
