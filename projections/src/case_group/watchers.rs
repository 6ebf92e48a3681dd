//! Reading the watch lists of cases.

use domain::{CaseId, Fingerprint, PersonId, Timestamp, case::WatcherId};
use sqlx::{FromRow, Row, postgres::PgRow};

use super::{departed::WATCHES, summary::maybe_named};
use crate::{Named, ProjectionError, ScopedTx, column::id};

/// One watcher of a case.
#[derive(Clone, Debug, PartialEq)]
pub struct WatcherEntry {
    /// The case.
    pub case_id: CaseId,
    /// What tells them from others, and what removing them takes.
    pub watcher: WatcherId,
    /// Who it is, for a contact of the account.
    pub person: Option<Named<PersonId>>,
    /// The address as typed, for anybody else; none once it was erased.
    pub address: Option<String>,
    /// When they were added.
    pub added_at: Timestamp,
    /// Whether they get mail; else they have yet to say that they want it.
    pub confirmed: bool,
}

/// Reads who watches cases, of each who was added first first, without contacts who left the account; at most
/// [`domain::case::MAX_WATCHERS`] a case.
///
/// # Errors
/// [`ProjectionError::Database`].
pub async fn watchers(tx: &mut ScopedTx, cases: Vec<CaseId>) -> Result<Vec<WatcherEntry>, ProjectionError> {
    let cases: Vec<_> = cases.into_iter().map(|case_id| case_id.0).collect();
    Ok(sqlx::query_as(&format!(
        "select w.case_id, w.watcher, w.person_id, w.address, w.added_at, w.confirmed,
             null::text as person_reference, person.name as person_name
         from case_watchers as w
         join case_list as l on l.case_id = w.case_id
         left join people as person on person.person_id = w.person_id
         where w.case_id = any($1) and {WATCHES}
         order by w.case_id, w.added_at, w.watcher"
    ))
    .bind(cases)
    .fetch_all(&mut **tx)
    .await?)
}

impl FromRow<'_, PgRow> for WatcherEntry {
    fn from_row(row: &PgRow) -> Result<Self, sqlx::Error> {
        let person: Option<Named<PersonId>> = maybe_named(row, "person")?;
        let watcher = match &person {
            Some(person) => WatcherId::Contact(person.id),
            None => WatcherId::Address(Fingerprint(row.try_get("watcher")?)),
        };
        Ok(Self {
            case_id: id(row, "case_id")?,
            watcher,
            person,
            address: row.try_get("address")?,
            added_at: row.try_get("added_at")?,
            confirmed: row.try_get("confirmed")?,
        })
    }
}
