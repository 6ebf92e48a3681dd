//! From what happened to what is to be mailed: a consumer of the feed.
//!
//! It follows the log up to the safe position. The rows of the outbox that a page of events leads to are written in the transaction
//! that moves its checkpoint, so that each event leads to each mail once, whoever is killed when. Any instance may take a step:
//! the checkpoint's row is locked for it.
//!
//! | file | what it holds |
//! |---|---|
//! | `table` | who is told of what |
//! | `cases` | what happens to cases |
//! | `requests` | what is decided of requests for access |
//! | `users` | what happens to portal users, and to contacts of accounts |

mod cases;
mod requests;
pub(crate) mod table;
mod users;

use std::sync::Arc;

use event_log::{AnyEvent, DecodeError, FeedEvent, LogError, Span, read_span};
use projections::ProjectionError;

use super::{history::Outlines, outbox, staff};
use crate::graphql::Services;

/// How many events a step takes at most.
const PAGE: i64 = 200;
/// The kinds of aggregates of whose events somebody is told.
pub(super) const KINDS: &[&str] = &["case", "account", "user", "access_request"];

/// Why a step was not taken.
#[derive(Debug, thiserror::Error)]
pub enum NoticeError {
    /// The log did not answer.
    #[error(transparent)]
    Log(#[from] LogError),
    /// The read models did not answer.
    #[error(transparent)]
    Reads(#[from] ProjectionError),
    /// An event that is newer than this binary: a newer one goes on from there.
    #[error("an event of stream {stream} is newer than this binary: run the casestream that wrote it")]
    TooNew {
        /// Its stream.
        stream: event_log::StreamId,
    },
}

impl From<sqlx::Error> for NoticeError {
    fn from(error: sqlx::Error) -> Self {
        Self::Log(error.into())
    }
}

/// Takes one step, unless another instance is at it; answers how far it came, and how many mails it led to.
///
/// # Errors
/// [`NoticeError`]; the next time goes on from the same place.
pub(super) async fn step(
    services: &Arc<Services>,
    outlines: &Outlines,
    up_to: i64,
) -> Result<Option<(i64, u64)>, NoticeError> {
    let (commands, pool) = (&services.commands, &services.pool);
    let desk = staff::desk(pool, &services.reads, commands.clock.now(), None).await?;
    let mut tx = pool.begin().await?;
    let checkpoint = "select position from consumers where name = 'notices' for update skip locked";
    let Some(after) = sqlx::query_scalar::<_, i64>(checkpoint).fetch_optional(&mut *tx).await? else { return Ok(None) };
    if up_to <= after {
        return Ok(Some((after, 0)));
    }
    let span = Span { aggregate_types: KINDS, after, up_to, limit: PAGE };
    let events = read_span(&mut tx, commands.log.codec(), span).await?;
    let is_last = events.len() < usize::try_from(PAGE).unwrap_or(usize::MAX);
    let reached = if is_last { up_to } else { events.last().map_or(up_to, |event| event.position) };
    let mut queued = 0;
    let mut cases = cases::Cases::new(services, outlines, &desk);
    for event in events {
        let FeedEvent { position, stream, event, .. } = event;
        let mails = match event {
            Ok((AnyEvent::Case { case_id, event }, metadata)) => {
                cases.notices(&mut tx, position, case_id, &event, &metadata).await?
            }
            Ok((AnyEvent::User { person_id, event }, metadata)) => {
                users::notices(&commands.ids, position, person_id, &event, &metadata)
            }
            Ok((AnyEvent::Account { event, .. }, metadata)) => {
                users::of_account(&commands.ids, position, &event, &metadata)
            }
            Ok((AnyEvent::AccessRequest { request_id, event }, _)) => {
                requests::notices(&mut tx, services, position, request_id, &event).await?
            }
            Ok((AnyEvent::Person { .. } | AnyEvent::Settings { .. }, _)) => vec![],
            Err(DecodeError::UnknownType { .. } | DecodeError::UnknownVersion { .. }) => {
                return Err(NoticeError::TooNew { stream });
            }
            Err(error @ DecodeError::Damaged { .. }) => {
                tracing::error!(%error, %stream, position, "nobody is told of an event that does not read");
                vec![]
            }
        };
        queued += outbox::queue(&mut tx, &mails, commands.clock.now()).await?;
    }
    sqlx::query("update consumers set position = $1 where name = 'notices'").bind(reached).execute(&mut *tx).await?;
    tx.commit().await?;
    Ok(Some((reached, queued)))
}
