//! The import itself: case by case into the log, each append whole or not at all.
//!
//! The cases are taken in the order of the file, a few at a time, and get their numbers in that order. An import that
//! was cut off is run again: what the log has, it recognises.

use domain::{
    Channel, RequestId, Timestamp,
    case::{Case, CaseFact, CaseNumber},
};
use event_log::{AppendError, AppendOptions, EventLog, Loaded, LogError, Reservation, append::MAX_EVENTS};
use futures_util::{StreamExt, TryStreamExt, stream};

use super::{
    defaults::Defaults,
    derive::{Context, Fate, NewEvent, derive},
    identity::{Identities, PeopleKey},
    names::{KnownAccounts, Names, known_accounts, open_accounts},
    refusal::RowRefusal,
    report::Report,
    source::{Export, RefusedRow, SourceCase},
};
use crate::{
    clock::Clock,
    registry::{Registry, RegistryError},
};

/// Cases whose names and numbers are seen to together.
const CASES_AT_A_TIME: usize = 64;
/// Cases that are loaded or appended at the same moment.
const IN_FLIGHT: usize = 4;
/// How often a case is derived again because somebody else appended to it in the meantime.
const MAX_ATTEMPTS: usize = 8;
/// The kind of reservation that an external reference is.
const EXTERNAL_REFERENCE: &str = "external_reference";

/// An import that is ready to run.
#[derive(Clone)]
pub struct Import {
    /// Where the events go.
    pub log: EventLog,
    /// When they are recorded.
    pub clock: Clock,
    /// The run, as it stands in their metadata.
    pub request: RequestId,
    /// What stands in for what a row does not say.
    pub defaults: Defaults,
    /// Whether to say what would happen instead of doing it.
    pub dry_run: bool,
}

/// A case of the export, what the log has of it, and the number that it gets if it is opened now.
type Work<'a> = (&'a SourceCase, Loaded<Case>, CaseNumber);

/// Why an import stopped. What it has recorded stays, and is recognised when it is run again.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The log does not answer.
    #[error("the import stopped: run it again, it goes on where it was")]
    Log(#[from] LogError),
    /// An append failed.
    #[error("the import stopped at case {reference}: run it again, it goes on where it was")]
    Append {
        /// The case in the other system.
        reference: String,
        /// Why.
        source: Box<AppendError>,
    },
    /// The names cannot be written down.
    #[error("the import stopped at the names of people and accounts: run it again, it goes on where it was")]
    Names(#[from] RegistryError),
}

impl Import {
    /// Imports an export; `progress` is told how many rows are done each time some are.
    ///
    /// # Errors
    /// [`ImportError`]. A row that cannot be taken is no error: it is among the [`Report::refused`].
    pub async fn run(&self, export: Export, progress: impl Fn(u64)) -> Result<Report, ImportError> {
        let unreadable = export.refused.len() as u64;
        let mut report = Report { rows: unreadable, refused: export.refused, ..Report::default() };
        progress(unreadable);
        for cases in export.cases.chunks(CASES_AT_A_TIME) {
            let work = self.with_numbers(cases).await?;
            let accounts = self.with_names(cases, &work).await?;
            let work = work.into_iter();
            let mut done = stream::iter(work.map(|(case, loaded, number)| self.take(case, loaded, number, &accounts)))
                .buffered(IN_FLIGHT);
            while let Some(of_case) = done.try_next().await? {
                progress(of_case.rows);
                report.add(of_case);
            }
        }
        report.refused.sort_by_key(|row| row.line);
        Ok(report)
    }

    /// Finds the accounts that cases name, and writes down whatever they name that nobody has written down.
    async fn with_names(&self, cases: &[SourceCase], work: &[Work<'_>]) -> Result<KnownAccounts, ImportError> {
        let now = self.clock.now();
        let registry = Registry::new(self.log.clone(), self.request, Channel::Import, now);
        let known = known_accounts(&registry, cases, &self.defaults).await?;
        if self.dry_run {
            return Ok(known);
        }
        open_accounts(&registry, cases, &self.context(CaseNumber(0), now, &known)).await?;
        let accounts = known_accounts(&registry, cases, &self.defaults).await?;
        let context = self.context(CaseNumber(0), now, &accounts);
        let loaded = work.iter().map(|(case, loaded, _)| (*case, loaded));
        Names::of(loaded, &context).record(&self.log, &registry).await?;
        Ok(accounts)
    }

    fn context<'a>(&'a self, number: CaseNumber, now: Timestamp, accounts: &'a KnownAccounts) -> Context<'a> {
        Context { number, request: self.request, now, defaults: &self.defaults, accounts, people: self.people() }
    }

    fn people(&self) -> PeopleKey {
        PeopleKey::of(&self.log)
    }

    /// Loads cases, and draws numbers in their order for those that are not there yet.
    async fn with_numbers<'a>(&self, cases: &'a [SourceCase]) -> Result<Vec<Work<'a>>, LogError> {
        let loaded: Vec<_> = stream::iter(cases)
            .map(async |case| Ok::<_, LogError>((case, self.load(case).await?)))
            .buffered(IN_FLIGHT)
            .try_collect()
            .await?;
        let missing = loaded.iter().filter(|(_, loaded)| loaded.version() == 0).count();
        let count = i64::try_from(missing).expect("a few cases at a time");
        let mut numbers = if self.dry_run { vec![] } else { self.log.next_case_numbers(count).await? }.into_iter();
        let numbered = loaded.into_iter().map(|(case, loaded)| {
            let number = if loaded.version() == 0 { numbers.next() } else { None };
            (case, loaded, number.unwrap_or(CaseNumber(0)))
        });
        Ok(numbered.collect())
    }

    async fn load(&self, case: &SourceCase) -> Result<Loaded<Case>, LogError> {
        self.log.load(&Identities::of(&case.system, self.people()).case(&case.reference).to_string()).await
    }

    /// Brings one case in, in as few appends as it takes, and again when somebody else was faster.
    async fn take(
        &self,
        case: &SourceCase,
        mut loaded: Loaded<Case>,
        number: CaseNumber,
        accounts: &KnownAccounts,
    ) -> Result<Report, ImportError> {
        let identities = case.row_identities();
        let source_rows: Vec<_> =
            identities.iter().map(|identity| self.log.fingerprint("source_row", identity).0).collect();
        let was_there = loaded.version() > 0;
        let mut report = Report { rows: case.rows.len() as u64, ..Report::default() };
        let mut attempts = 0;
        loop {
            let now = self.clock.now();
            let context = self.context(number, now, accounts);
            let recorded: Vec<NewEvent> =
                loaded.events.iter().map(|event| (event.event.clone(), event.metadata.clone())).collect();
            let mut fates = derive(case, &source_rows, &recorded, &context);
            let batch = Batch::first_of(&fates, if self.dry_run { usize::MAX } else { MAX_EVENTS });
            let appended = if self.dry_run || batch.events.is_empty() {
                Ok(())
            } else {
                self.append(case, &loaded, batch.events.clone()).await
            };
            match appended {
                Ok(()) => {
                    report.rows_with_events += batch.rows;
                    report.count_events(&batch.events);
                    if batch.is_last {
                        return Ok(finished(report, case, fates, was_there));
                    }
                    attempts = 0;
                    loaded = self.load(case).await?;
                }
                Err(error @ (AppendError::Conflict | AppendError::Reserved { .. })) => {
                    loaded = self.load(case).await?;
                    let is_taken = matches!(error, AppendError::Reserved { .. }) && loaded.version() == 0;
                    if is_taken {
                        refuse_all(&mut fates, &RowRefusal::ReferenceTaken);
                        return Ok(finished(report, case, fates, was_there));
                    }
                    attempts += 1;
                    if attempts == MAX_ATTEMPTS {
                        return Err(stopped_at(case, error));
                    }
                }
                Err(AppendError::Erased) => {
                    refuse_all(&mut fates, &RowRefusal::Erased);
                    return Ok(finished(report, case, fates, was_there));
                }
                Err(error) => return Err(stopped_at(case, error)),
            }
        }
    }

    async fn append(&self, case: &SourceCase, loaded: &Loaded<Case>, events: Vec<NewEvent>) -> Result<(), AppendError> {
        let mut options = AppendOptions::at(self.clock.now());
        if events.iter().any(|(event, _)| matches!(event.fact, CaseFact::Opened(_))) {
            let value = format!("{}/{}", case.system, case.reference);
            options.reservations.push(Reservation { kind: EXTERNAL_REFERENCE, value });
        }
        self.log.append(loaded, events, options).await.map(|_| ())
    }
}

/// The events of as many whole rows as one append takes.
struct Batch {
    events: Vec<NewEvent>,
    rows: u64,
    is_last: bool,
}

impl Batch {
    fn first_of(fates: &[Fate], limit_events: usize) -> Self {
        let mut batch = Self { events: vec![], rows: 0, is_last: true };
        for fate in fates {
            let Fate::Events(events) = fate else { continue };
            if batch.events.len() + events.len() > limit_events {
                batch.is_last = false;
                break;
            }
            batch.events.extend_from_slice(events);
            batch.rows += 1;
        }
        batch
    }
}

fn stopped_at(case: &SourceCase, error: AppendError) -> ImportError {
    ImportError::Append { reference: case.reference.clone(), source: Box::new(error) }
}

fn refuse_all(fates: &mut [Fate], refusal: &RowRefusal) {
    for fate in fates.iter_mut().filter(|fate| matches!(fate, Fate::Events(_))) {
        *fate = Fate::Refused(refusal.clone());
    }
}

/// Completes what is counted of a case, by the last look at its rows.
fn finished(mut report: Report, case: &SourceCase, fates: Vec<Fate>, was_there: bool) -> Report {
    for (row, fate) in case.rows.iter().zip(fates) {
        if let Fate::Refused(reason) = fate {
            report.refused.push(RefusedRow { line: row.line, reference: Some(row.reference.clone()), reason });
        }
    }
    report.rows_unchanged = report.rows - report.rows_with_events - report.refused.len() as u64;
    if report.cases_created == 0 {
        match (report.events > 0, report.rows_unchanged > 0 || was_there) {
            (true, _) => report.cases_extended = 1,
            (false, true) => report.cases_untouched = 1,
            (false, false) => report.cases_left_out = 1,
        }
    }
    report
}

#[cfg(test)]
mod tests {
    use domain::{
        Channel, Metadata, Role,
        case::{CaseEvent, Priority},
    };

    use super::*;

    fn row_of(events: usize) -> Fate {
        let by = domain::Actor::new(domain::PersonId::CLOCK, Role::Agent);
        let metadata = Metadata::of(&by, RequestId(uuid::Uuid::nil()), Channel::Import);
        let fact = CaseFact::PriorityChanged { priority: Priority::High };
        let event = CaseEvent { occurred_at: domain::Timestamp::UNIX_EPOCH, fact };
        Fate::Events(vec![(event, metadata); events])
    }

    #[test]
    fn a_long_history_is_split_between_rows() {
        let fates = [row_of(3), Fate::Unchanged, row_of(2), row_of(1), row_of(5)];
        let size = |batch: Batch| (batch.events.len(), batch.rows, batch.is_last);
        assert_eq!(size(Batch::first_of(&fates, 5)), (5, 2, false));
        assert_eq!(size(Batch::first_of(&fates, 4)), (3, 1, false));
        assert_eq!(size(Batch::first_of(&fates, 11)), (11, 4, true));
    }
}
