//! How much mail there is to do, for whoever watches the service.

use domain::Timestamp;
use sqlx::{FromRow, PgPool};

/// How many events that nobody has looked at are counted at most.
const COUNTED: i64 = 10_000;

/// What is still to do.
#[derive(Clone, Debug, Default, PartialEq, Eq, FromRow)]
pub struct Backlog {
    /// Mails that are not sent yet, those included that rest until they are tried again, or that a merge may yet undo.
    pub waiting: i64,
    /// Mails that could not be delivered.
    pub dead: i64,
    /// Events of which nobody has worked out yet who is told, 10,000 at most.
    pub unread: i64,
    /// Since when the oldest of these events is there, or the mail that could have left first; nothing when all is done.
    pub since: Option<Timestamp>,
}

/// How much there is to do, of events of some kinds of aggregates and mails.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn read(pool: &PgPool, kinds: &[&str], now: Timestamp) -> Result<Backlog, sqlx::Error> {
    sqlx::query_as(
        "with unread as (
             select recorded_at from events
             where position > (select position from consumers where name = 'notices') and aggregate_type = any($1)
             order by position limit $2
         )
         select count(*) filter (where state = 'waiting') as waiting, count(*) filter (where state = 'dead') as dead,
             (select count(*) from unread) as unread,
             least(min(due_at) filter (where state = 'waiting' and due_at <= $3), (select min(recorded_at) from unread)) as since
         from mails where state in ('waiting', 'dead')",
    )
    .bind(kinds)
    .bind(COUNTED)
    .bind(now)
    .fetch_one(pool)
    .await
}
