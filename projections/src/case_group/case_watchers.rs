//! `case_watchers`: who gets mail about a case.

use std::collections::HashMap;

use domain::{
    CaseId, Metadata, PersonId, Timestamp,
    case::{CaseEvent, CaseFact, Watcher, WatcherId},
};
use sqlx::PgConnection;

use super::case_details::words;

/// A row to be written.
#[derive(Debug)]
pub(super) struct WatcherRow {
    pub(super) person: Option<PersonId>,
    pub(super) address: Option<String>,
    added_by: PersonId,
    pub(super) added_at: Timestamp,
}

/// What a page of events makes of watch lists: the rows that are there afterwards, and those that are not.
#[derive(Debug, Default)]
pub(super) struct WatcherChanges(pub(super) HashMap<(CaseId, String), Option<WatcherRow>>);

impl WatcherChanges {
    /// Notes what an event does to the watch list of its case.
    pub(super) fn apply(&mut self, case_id: CaseId, event: &CaseEvent, metadata: &Metadata) {
        match &event.fact {
            CaseFact::WatcherAdded { watcher } => {
                let row = WatcherRow::of(watcher, metadata.actor, event.occurred_at);
                self.0.insert((case_id, key(&watcher.id())), Some(row));
            }
            CaseFact::WatcherRemoved { watcher } => {
                self.0.insert((case_id, key(watcher)), None);
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
            | CaseFact::Resolved { .. }
            | CaseFact::ResolutionAccepted {}
            | CaseFact::ResolutionRejected { .. }
            | CaseFact::Reopened { .. }
            | CaseFact::ReopeningUndone {}
            | CaseFact::Canceled { .. }
            | CaseFact::Closed { .. }
            | CaseFact::SatisfactionRated { .. }
            | CaseFact::LegalHoldPlaced { .. }
            | CaseFact::LegalHoldLifted {} => {}
        }
    }

    /// Writes the changes, in at most one statement for each kind.
    pub(super) async fn write(&self, conn: &mut PgConnection) -> Result<(), sqlx::Error> {
        let gone: Vec<_> = self.0.iter().filter(|(_, row)| row.is_none()).map(|(key, _)| key).collect();
        if !gone.is_empty() {
            remove(conn, &gone).await?;
        }
        let there: Vec<_> = self.0.iter().filter_map(|(key, row)| row.as_ref().map(|row| (key, row))).collect();
        if !there.is_empty() {
            add(conn, &there).await?;
        }
        Ok(())
    }
}

impl WatcherRow {
    fn of(watcher: &Watcher, added_by: PersonId, added_at: Timestamp) -> Self {
        match watcher {
            Watcher::Contact { person } => Self { person: Some(*person), address: None, added_by, added_at },
            Watcher::Address { address, .. } => Self { person: None, address: words(address), added_by, added_at },
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

async fn remove(conn: &mut PgConnection, gone: &[&(CaseId, String)]) -> Result<(), sqlx::Error> {
    sqlx::query(
        "delete from case_watchers using unnest($1::uuid[], $2::text[]) as gone (case_id, watcher)
         where case_watchers.case_id = gone.case_id and case_watchers.watcher = gone.watcher",
    )
    .bind(gone.iter().map(|(case_id, _)| case_id.0).collect::<Vec<_>>())
    .bind(gone.iter().map(|(_, watcher)| watcher.as_str()).collect::<Vec<_>>())
    .execute(conn)
    .await?;
    Ok(())
}

async fn add(conn: &mut PgConnection, there: &[(&(CaseId, String), &WatcherRow)]) -> Result<(), sqlx::Error> {
    sqlx::query(
        "insert into case_watchers (case_id, watcher, person_id, address, added_by, added_at)
         select * from unnest($1::uuid[], $2::text[], $3::uuid[], $4::text[], $5::uuid[], $6::timestamptz[])
         on conflict (case_id, watcher) do update set
             address = excluded.address, added_by = excluded.added_by, added_at = excluded.added_at",
    )
    .bind(there.iter().map(|((case_id, _), _)| case_id.0).collect::<Vec<_>>())
    .bind(there.iter().map(|((_, watcher), _)| watcher.as_str()).collect::<Vec<_>>())
    .bind(there.iter().map(|(_, row)| row.person.map(|person| person.0)).collect::<Vec<_>>())
    .bind(there.iter().map(|(_, row)| row.address.as_deref()).collect::<Vec<_>>())
    .bind(there.iter().map(|(_, row)| row.added_by.0).collect::<Vec<_>>())
    .bind(there.iter().map(|(_, row)| row.added_at).collect::<Vec<_>>())
    .execute(conn)
    .await?;
    Ok(())
}
