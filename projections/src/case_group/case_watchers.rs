//! `case_watchers`: who gets mail about a case.

use std::collections::{HashMap, HashSet};

use domain::{
    CaseId, Metadata, PersonId, Timestamp,
    case::{CaseEvent, CaseFact, Watcher, WatcherId},
};
use sqlx::{Postgres, QueryBuilder};

use super::case_details::words;
use crate::{
    column::Columns,
    writes::{Statement, WHERE_MOVED},
};

/// A row to be written.
#[derive(Debug)]
pub(super) struct WatcherRow {
    pub(super) person: Option<PersonId>,
    pub(super) address: Option<String>,
    added_by: PersonId,
    pub(super) added_at: Timestamp,
    pub(super) confirmed: bool,
}

/// What a page of events makes of watch lists: the rows that are there afterwards, those that are not, and those known
/// before that are confirmed.
#[derive(Debug, Default)]
pub(super) struct WatcherChanges {
    pub(super) rows: HashMap<WatcherKey, Option<WatcherRow>>,
    confirmed: HashSet<WatcherKey>,
}

/// A watcher of a case: a contact's id, or an address's fingerprint.
type WatcherKey = (CaseId, String);

impl WatcherChanges {
    /// Notes what an event does to the watch list of its case.
    pub(super) fn apply(&mut self, case_id: CaseId, event: &CaseEvent, metadata: &Metadata) {
        match &event.fact {
            CaseFact::WatcherAdded { watcher, unconfirmed } => {
                let row = WatcherRow {
                    confirmed: !unconfirmed,
                    ..WatcherRow::of(watcher, metadata.actor, event.occurred_at)
                };
                self.set((case_id, key(&watcher.id())), Some(row));
            }
            CaseFact::WatcherConfirmed { watcher } => self.confirm((case_id, key(watcher))),
            CaseFact::WatcherRemoved { watcher } | CaseFact::WatcherLeft { watcher } => {
                self.set((case_id, key(watcher)), None);
            }
            CaseFact::Opened(_)
            | CaseFact::TakenUp { .. }
            | CaseFact::OwnerAssigned { .. }
            | CaseFact::OwnerReleased {}
            | CaseFact::MovedToQueue { .. }
            | CaseFact::WaitStarted { .. }
            | CaseFact::WaitEnded { .. }
            | CaseFact::PriorityChanged { .. }
            | CaseFact::Reclassified { .. }
            | CaseFact::LocationChanged { .. }
            | CaseFact::ProductChanged { .. }
            | CaseFact::TriageCleared {}
            | CaseFact::SubjectChanged { .. }
            | CaseFact::ContactChanged { .. }
            | CaseFact::MessagePosted { .. }
            | CaseFact::InternalNoteAdded { .. }
            | CaseFact::MessageRedacted { .. }
            | CaseFact::RedactedTextDestroyed { .. }
            | CaseFact::TextRedacted { .. }
            | CaseFact::AttachmentAdded(_)
            | CaseFact::AttachmentRemoved { .. }
            | CaseFact::AttachmentRedacted { .. }
            | CaseFact::RedactedAttachmentDestroyed { .. }
            | CaseFact::Resolved { .. }
            | CaseFact::ResolutionAccepted {}
            | CaseFact::ResolutionRejected { .. }
            | CaseFact::Reopened { .. }
            | CaseFact::ReopeningUndone {}
            | CaseFact::Canceled { .. }
            | CaseFact::Closed { .. }
            | CaseFact::SatisfactionRated { .. }
            | CaseFact::LegalHoldPlaced { .. }
            | CaseFact::ReminderDue {}
            | CaseFact::LegalHoldLifted {}
            | CaseFact::LinkedTo { .. }
            | CaseFact::Unlinked { .. }
            | CaseFact::MergedInto { .. }
            | CaseFact::MergeUndone { .. }
            | CaseFact::Absorbed { .. }
            | CaseFact::AbsorptionUndone { .. }
            | CaseFact::Redirected { .. }
            | CaseFact::SplitFrom { .. }
            | CaseFact::SplitInto { .. }
            | CaseFact::SplitUndone { .. }
            | CaseFact::CarriedOver { .. }
            | CaseFact::ContentsMoved { .. }
            | CaseFact::ContentsReturned { .. } => {}
        }
    }

    fn set(&mut self, key: WatcherKey, row: Option<WatcherRow>) {
        self.confirmed.remove(&key);
        self.rows.insert(key, row);
    }

    fn confirm(&mut self, key: WatcherKey) {
        match self.rows.get_mut(&key) {
            Some(Some(row)) => row.confirmed = true,
            Some(None) => {}
            None => {
                self.confirmed.insert(key);
            }
        }
    }

    /// Adds to a statement that it writes the changes.
    pub(super) fn push_write<'a>(&'a self, statement: &mut Statement<'a>) {
        let confirmed: Vec<_> = self.confirmed.iter().collect();
        statement.part("watchers_confirmed", &confirmed, push_confirm);
        let gone: Vec<_> = self.rows.iter().filter(|(_, row)| row.is_none()).map(|(key, _)| key).collect();
        statement.part("watchers_gone", &gone, push_remove);
        let there: Vec<_> = self.rows.iter().filter_map(|(key, row)| row.as_ref().map(|row| (key, row))).collect();
        statement.part("watchers_there", &there, push_add);
    }
}

impl WatcherRow {
    fn of(watcher: &Watcher, added_by: PersonId, added_at: Timestamp) -> Self {
        match watcher {
            Watcher::Contact { person } => {
                Self { person: Some(*person), address: None, added_by, added_at, confirmed: true }
            }
            Watcher::Address { address, .. } => {
                Self { person: None, address: words(address), added_by, added_at, confirmed: true }
            }
        }
    }
}

/// A watcher's name within the case: a contact's id, or an address's fingerprint.
fn key(watcher: &WatcherId) -> String {
    match watcher {
        WatcherId::Contact(person) => person.to_string(),
        WatcherId::Address(fingerprint) => fingerprint.0.clone(),
    }
}

fn push_remove<'a>(sql: &mut QueryBuilder<'a, Postgres>, gone: &[&'a WatcherKey]) {
    sql.push("delete from case_watchers using (");
    Columns::of(sql, gone).add(|(case_id, _)| case_id.0).add(|(_, watcher)| watcher.as_str());
    sql.push(
        ") as gone (case_id, watcher)
         where case_watchers.case_id = gone.case_id and case_watchers.watcher = gone.watcher
             and exists (select from moved)",
    );
}

fn push_add<'a>(sql: &mut QueryBuilder<'a, Postgres>, there: &[(&'a WatcherKey, &'a WatcherRow)]) {
    sql.push("insert into case_watchers (case_id, watcher, person_id, address, added_by, added_at, confirmed)");
    Columns::of(sql, there)
        .add(|((case_id, _), _)| case_id.0)
        .add(|((_, watcher), _)| watcher.as_str())
        .add(|(_, row)| row.person.map(|person| person.0))
        .add(|(_, row)| row.address.as_deref())
        .add(|(_, row)| row.added_by.0)
        .add(|(_, row)| row.added_at)
        .add(|(_, row)| row.confirmed);
    sql.push(WHERE_MOVED).push(
        " on conflict (case_id, watcher) do update set
             address = excluded.address, added_by = excluded.added_by, added_at = excluded.added_at,
             confirmed = excluded.confirmed",
    );
}

fn push_confirm<'a>(sql: &mut QueryBuilder<'a, Postgres>, confirmed: &[&'a WatcherKey]) {
    sql.push("update case_watchers set confirmed = true from (");
    Columns::of(sql, confirmed).add(|(case_id, _)| case_id.0).add(|(_, watcher)| watcher.as_str());
    sql.push(
        ") as now (case_id, watcher)
         where case_watchers.case_id = now.case_id and case_watchers.watcher = now.watcher
             and exists (select from moved)",
    );
}
