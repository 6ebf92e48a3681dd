//! The cases that time has to do something about.

use domain::{CaseId, Timestamp};

use crate::{ProjectionError, ScopedTx};

/// Reads the cases of which a wait is over by `now`, or that are to be closed, or reminded of, by then: those that are due the longest, at
/// most `limit`. Whether they still are, their streams tell.
///
/// # Errors
/// [`ProjectionError::Database`].
pub async fn due_cases(tx: &mut ScopedTx, now: Timestamp, limit: i64) -> Result<Vec<CaseId>, ProjectionError> {
    let due = sqlx::query_scalar(
        "select case_id from (
             (select case_id, wait_until as due from case_list where wait_until <= $1 order by wait_until limit $2)
             union all
             (select case_id, closes_at as due from case_details where closes_at <= $1 order by closes_at limit $2)
             union all
             (select case_id, resolution_reminds_at as due from case_details
              where resolution_reminds_at <= $1 and closes_at is not null order by resolution_reminds_at limit $2)
         ) as due
         order by due
         limit $2",
    );
    let found: Vec<uuid::Uuid> = due.bind(now).bind(limit).fetch_all(&mut **tx).await?;
    Ok(found.into_iter().map(CaseId).collect())
}
