//! What somebody begins their day with: the open cases that moved last, and what was said and done last in all of theirs.

use domain::{Audience, Scope, case::Status};
use sqlx::{FromRow, Postgres, QueryBuilder, Row as _, postgres::PgRow};
use strum::IntoEnumIterator as _;

use super::{
    activity::{Entry, NAMES_OF_ENTRY, PEOPLE_OF_ENTRY, entry_columns},
    query::{CaseCursor, CaseFilter, CaseOrder, SortValue, Window, push_filter},
    summary::{CaseSummary, NAMES, columns, list_cases},
};
use crate::{ProjectionError, ScopedTx, column::parsed};

/// Something that happened to a case, beside the case.
#[derive(Clone, Debug, PartialEq, FromRow)]
pub struct CaseUpdate {
    /// The case as it is now.
    #[sqlx(flatten)]
    pub case: CaseSummary,
    /// What happened.
    #[sqlx(flatten)]
    pub entry: Entry,
}

/// Reads the open cases that were updated last, at most `size`, the newest first.
///
/// # Errors
/// [`ProjectionError::Database`].
pub async fn open_cases(tx: &mut ScopedTx, size: u16) -> Result<Vec<CaseSummary>, ProjectionError> {
    let order = CaseOrder::default();
    let window = Window { size, backward: false, cursor: None };
    let mut found = vec![];
    // One by one: an index has the cases of each status in this order, and those of both in none.
    for status in [Status::New, Status::Open] {
        let filter = CaseFilter { statuses: vec![status], ..CaseFilter::default() };
        found.extend(list_cases(tx, &filter, order, &window).await?.rows);
    }
    let place = |case: &CaseSummary| match CaseCursor::of(case, order.column) {
        CaseCursor { value: SortValue::Time(at), case_id } => (at, case_id.0),
        CaseCursor { .. } => unreachable!("the list is sorted by time"),
    };
    found.sort_by_key(|case| std::cmp::Reverse(place(case)));
    found.truncate(usize::from(size));
    Ok(found)
}

/// Reads what happened last to any case, as far as customers may know of it, at most `size` entries, the newest first.
///
/// # Errors
/// [`ProjectionError::Database`].
pub async fn latest_updates(tx: &mut ScopedTx, size: u16) -> Result<Vec<CaseUpdate>, ProjectionError> {
    let (of_entry, of_case) = (entry_columns(tx), columns(tx.audience()));
    let mut sql =
        QueryBuilder::<Postgres>::new(format!("select {of_case}, e.*, {NAMES_OF_ENTRY} from (select * from ("));
    match tx.scope() {
        Scope::Auditor | Scope::Staff => {
            sql.push(format_args!(
                "select case_id as of_case, {of_entry} from case_activity where public_sequence is not null"
            ));
            sql.push(" order by occurred_at desc, case_id desc, public_sequence desc limit ");
            sql.push_bind(i64::from(size));
        }
        // Whatever is among the last so many of all is among the last so many of the cases that moved last.
        Scope::Nothing | Scope::Contact { .. } | Scope::Administrator | Scope::AccessRequests => {
            sql.push("select moved.case_id as of_case, entry.* from (select l.case_id from case_list as l");
            push_filter(&mut sql, tx.scope(), &CaseFilter::default())?;
            sql.push(" order by l.public_updated_at desc, l.case_id desc limit ").push_bind(i64::from(size));
            sql.push(format_args!(
                ") as moved cross join lateral (
                     select {of_entry} from case_activity
                     where case_activity.case_id = moved.case_id and public_sequence is not null
                     order by public_sequence desc limit "
            ));
            sql.push_bind(i64::from(size)).push(") as entry");
        }
    }
    sql.push(") as found order by occurred_at desc, of_case desc, place desc limit ").push_bind(i64::from(size));
    sql.push(format_args!(
        ") as e
         join case_list as l on l.case_id = e.of_case
         {NAMES} {PEOPLE_OF_ENTRY}
         order by e.occurred_at desc, e.of_case desc, e.place desc"
    ));
    Ok(sql.build_query_as().fetch_all(&mut **tx).await?)
}

/// Counts the cases of each status: as many as the caller sees.
///
/// Of all cases they are counted already; customers' are counted from an index that has those of a status side by side.
///
/// # Errors
/// [`ProjectionError::Database`].
pub async fn count_each_status(tx: &mut ScopedTx) -> Result<Vec<(Status, i64)>, ProjectionError> {
    if tx.audience() == Audience::Internal {
        let sql = "select status, cases from case_counts";
        return counts(&sqlx::query(sql).fetch_all(&mut **tx).await?);
    }
    let mut sql = QueryBuilder::<Postgres>::new("");
    for (index, status) in Status::iter().enumerate() {
        sql.push(if index == 0 { "select " } else { " union all select " }).push_bind(status.to_string());
        sql.push(" as status, (select count(*) from case_list as l");
        push_filter(&mut sql, tx.scope(), &CaseFilter { statuses: vec![status], ..CaseFilter::default() })?;
        sql.push(") as cases");
    }
    counts(&sql.build().fetch_all(&mut **tx).await?)
}

/// In the order of a case's life.
fn counts(rows: &[PgRow]) -> Result<Vec<(Status, i64)>, ProjectionError> {
    let counted = rows.iter().map(|row| Ok((parsed(row, "status")?, row.try_get("cases")?)));
    let mut counts = counted.collect::<Result<Vec<(Status, i64)>, sqlx::Error>>()?;
    counts.sort_unstable_by_key(|(status, _)| *status);
    Ok(counts)
}
