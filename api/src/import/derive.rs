//! What the rows of a case say, beside what the log has of it already.
//!
//! The log is replayed row by row: a row whose fingerprint it knows carries the replay past the events it made, and
//! any other row is put to the rules as the case stood *then*. So a row that changed nothing the first time changes
//! nothing the second time, and one that was refused is refused again, without a trace of either in the log.

use std::collections::HashSet;

use cqrs_es::Aggregate;
use domain::{
    AccountId, RequestId, Timestamp,
    case::{Case, CaseNumber},
};

pub use super::steps::NewEvent;
use super::{
    defaults::Defaults,
    identity::{Identities, PeopleKey},
    names::KnownAccounts,
    refusal::RowRefusal,
    source::SourceCase,
    steps::steps,
};

/// What an import knows besides the rows.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// The number that the case gets if it is opened now.
    pub number: CaseNumber,
    /// The run of the import.
    pub request: RequestId,
    /// When it runs: nothing can have happened after that.
    pub now: Timestamp,
    /// What stands in for what a row does not say.
    pub defaults: &'a Defaults,
    /// The accounts that have an id already.
    pub accounts: &'a KnownAccounts,
    /// The key of people's ids.
    pub people: PeopleKey,
}

impl Context<'_> {
    /// The account of a name.
    pub(super) fn account(&self, ids: Identities, name: &str) -> AccountId {
        self.accounts.get(name).copied().unwrap_or_else(|| ids.account(name))
    }

    /// Refuses a time that nothing in an export can have happened at.
    pub(super) fn check_time(&self, at: Timestamp) -> Result<(), RowRefusal> {
        if at < Timestamp::UNIX_EPOCH || at > self.now { Err(RowRefusal::Implausible(at)) } else { Ok(()) }
    }
}

/// What becomes of a row.
#[derive(Debug)]
pub enum Fate {
    /// It makes these events, never none.
    Events(Vec<NewEvent>),
    /// The case stood so already, or the log knows the row.
    Unchanged,
    /// It cannot be.
    Refused(RowRefusal),
}

/// What becomes of each row of a case, in the order of its rows.
///
/// `source_rows` are the fingerprints of the rows, `recorded` is the whole stream of the case.
#[must_use]
pub fn derive(case: &SourceCase, source_rows: &[String], recorded: &[NewEvent], context: &Context<'_>) -> Vec<Fate> {
    debug_assert_eq!(case.rows.len(), source_rows.len(), "every row has its fingerprint");
    let known: HashSet<&str> = recorded.iter().filter_map(|(_, metadata)| metadata.source_row.as_deref()).collect();
    let first_known = source_rows.iter().position(|source_row| known.contains(source_row.as_str()));
    let last_known = source_rows.iter().rposition(|source_row| known.contains(source_row.as_str()));
    let first_own = first_known.and_then(|row| recorded.iter().position(made_by(&source_rows[row])));
    let first_own = first_own.unwrap_or(recorded.len());
    let mut replay = Replay { case: Case::default(), recorded, seen: 0 };
    let mut fates = vec![];
    for (place, (row, source_row)) in case.rows.iter().zip(source_rows).enumerate() {
        if known.contains(source_row.as_str()) {
            replay.go_past(source_row);
            fates.push(Fate::Unchanged);
            continue;
        }
        let attempt = |case: &Case| {
            context.check_time(row.at)?;
            steps(case, row, source_row, context)
        };
        // Of an export that begins after what the log has, no row says how the case stood before: the log does.
        if first_known.is_none_or(|first_known| place < first_known) {
            let at_the_time = recorded[..first_own].partition_point(|(event, _)| event.occurred_at <= row.at);
            replay.go_to(at_the_time);
        }
        let mut outcome = attempt(&replay.case);
        if outcome.as_ref().is_ok_and(|events| !events.is_empty()) && !replay.at_end() {
            let is_later = last_known.is_none_or(|last_known| last_known < place);
            outcome = replay.go_to_end_for(row.at, is_later).and_then(|()| attempt(&replay.case));
        }
        fates.push(match outcome {
            Err(refusal) => Fate::Refused(refusal),
            Ok(events) if events.is_empty() => Fate::Unchanged,
            Ok(events) => {
                for (event, _) in &events {
                    replay.case.apply(event.clone());
                }
                Fate::Events(events)
            }
        });
    }
    fates
}

/// The case as it stood at some row.
struct Replay<'a> {
    case: Case,
    recorded: &'a [NewEvent],
    seen: usize,
}

impl Replay<'_> {
    fn at_end(&self) -> bool {
        self.seen == self.recorded.len()
    }

    fn go_past(&mut self, source_row: &str) {
        let last = self.recorded.iter().rposition(made_by(source_row)).map_or(0, |place| place + 1);
        self.go_to(last);
    }

    /// Goes to the newest event, where alone another can follow.
    fn go_to_end_for(&mut self, at: Timestamp, is_later: bool) -> Result<(), RowRefusal> {
        let until = self.recorded.last().map(|(event, _)| event.occurred_at);
        if let Some(until) = until.filter(|until| !is_later || at < *until) {
            return Err(RowRefusal::BehindTheLog { until });
        }
        self.go_to(self.recorded.len());
        Ok(())
    }

    fn go_to(&mut self, end: usize) {
        for (event, _) in self.recorded.get(self.seen..end).unwrap_or_default() {
            self.case.apply(event.clone());
        }
        self.seen = self.seen.max(end);
    }
}

/// Whether an event was made by the row with this fingerprint.
fn made_by(source_row: &str) -> impl Fn(&NewEvent) -> bool {
    move |(_, metadata)| metadata.source_row.as_deref() == Some(source_row)
}

#[cfg(test)]
mod tests;
