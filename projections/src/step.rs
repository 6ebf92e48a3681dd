//! One step of a group: a page of events into its tables and its checkpoint forward, in one transaction.
//!
//! Any number of processes may try; the checkpoint's row lock lets one through. A step that is lost in a crash was
//! not recorded either, so it is simply done again.

use std::collections::{BTreeMap, HashSet};

use domain::CaseId;
use event_log::{AnyEvent, Codec, DecodeError, FeedEvent, LogError, StreamId, read_page};
use sqlx::{Acquire as _, FromRow, PgConnection, PgPool, Postgres, Transaction};

use crate::{
    ProjectionError,
    case_group::{
        fold::{Fold, RecordedCaseEvent},
        withdrawn::{Withdrawn, take_away},
    },
    group::{Group, Progress},
    parked::{self, Parked},
};

/// Which version a step moves.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Target {
    /// The live one, unless somebody else is moving it.
    Live,
    /// The one that is being built; waits for it.
    Building,
}

impl Target {
    /// How many pages one transaction takes at most. A version that nobody reads has no reason to commit often; its
    /// pages are read on a second connection of the pool while the ones before are written.
    fn pages(self) -> usize {
        match self {
            Self::Live => 1,
            Self::Building => 8,
        }
    }
}

/// What came of a step.
#[derive(Debug)]
pub(crate) enum Stepped {
    /// Another process is at it, or there is no such version.
    Busy,
    /// So far it has come.
    Done(Done),
}

/// A finished step.
#[derive(Debug)]
pub(crate) struct Done {
    /// The version, and how far it is now.
    pub progress: Progress,
    /// How many events it took.
    pub events: usize,
    /// How many streams the version leaves out.
    pub parked_streams: u32,
    /// The event at which it stopped because this binary does not know it.
    pub too_new: Option<(StreamId, i64)>,
}

/// Begins a transaction that writes read models.
pub(crate) async fn begin(pool: &PgPool) -> Result<Transaction<'static, Postgres>, sqlx::Error> {
    // A step that a crash takes back is done again: no need to wait for the disk.
    pool.begin_with("begin; set local role casestream_projector; set local synchronous_commit = off").await
}

/// Takes the next events, at most `limit` a page, up to the position `up_to`, which must be safe.
///
/// # Errors
/// [`ProjectionError::Database`] and [`ProjectionError::Log`]; nothing has changed then.
pub(crate) async fn step(
    pool: &PgPool,
    codec: &Codec,
    group: &Group,
    target: Target,
    up_to: i64,
    limit: i64,
) -> Result<Stepped, ProjectionError> {
    match attempt(pool, codec, group, target, up_to, limit, write_page).await {
        // Some event holds a value that the tables refuse. Stream by stream, only that one is left out.
        Err(error) if error.is_bad_data() => attempt(pool, codec, group, target, up_to, limit, write_by_stream).await,
        outcome => outcome,
    }
}

/// An event with its place, ready to be folded, or the reason why it never will be.
#[derive(Clone)]
struct Readable {
    position: i64,
    stream: StreamId,
    event: Result<RecordedCaseEvent, String>,
}

async fn attempt(
    pool: &PgPool,
    codec: &Codec,
    group: &Group,
    target: Target,
    up_to: i64,
    limit: i64,
    write: impl AsyncFn(&mut PgConnection, Vec<Readable>, HashSet<StreamId>) -> Result<Vec<Parked>, sqlx::Error>,
) -> Result<Stepped, ProjectionError> {
    let mut tx = begin(pool).await?;
    let Some(checkpoint) = take_checkpoint(&mut tx, group, target).await? else { return Ok(Stepped::Busy) };
    let (mut position, mut events, mut too_new) = (checkpoint.position, 0, None);
    let mut left_out = checkpoint.parked();
    let mut page = read_page(&mut tx, codec, position, up_to, limit).await?;
    for pages_left in (0..target.pages()).rev() {
        let next_from = page.last().filter(|_| pages_left > 0 && is_full(&page, limit)).map(|last| last.position);
        // Read while this one is written; the lock on the checkpoint covers it, so that no erasure slips in between.
        let next = next_from.map(|from| read_ahead(pool, codec, from, up_to, limit));
        position = match (page.last(), is_full(&page, limit)) {
            (Some(last), true) => last.position,
            _ => up_to.max(position),
        };
        let (readable, stopped_at) = until_too_new(page);
        events += readable.len();
        let parked = write(&mut tx, readable, left_out.clone()).await?;
        parked::insert(&mut tx, group, checkpoint.version, &parked).await?;
        left_out.extend(parked.into_iter().map(|parked| parked.stream));
        if let Some((unknown, stream, sequence)) = stopped_at {
            position = unknown - 1;
            too_new = Some((stream, sequence));
            break;
        }
        let Some(next) = next else { break };
        page = next.await.expect("reading does not panic")?;
    }
    if position > checkpoint.position {
        advance(&mut tx, group, target, checkpoint.version, position).await?;
        tx.commit().await?;
    }
    let parked_streams = u32::try_from(left_out.len()).unwrap_or(u32::MAX);
    let progress = Progress { version: checkpoint.version, position };
    Ok(Stepped::Done(Done { progress, events, parked_streams, too_new }))
}

fn is_full(page: &[FeedEvent], limit: i64) -> bool {
    i64::try_from(page.len()).is_ok_and(|count| count >= limit)
}

/// Reads and opens a page on another connection.
fn read_ahead(pool: &PgPool, codec: &Codec, after: i64, up_to: i64, limit: i64) -> ReadAhead {
    let (pool, codec) = (pool.clone(), codec.clone());
    tokio::spawn(async move {
        let mut conn = pool.acquire().await?;
        read_page(&mut conn, &codec, after, up_to, limit).await
    })
}

type ReadAhead = tokio::task::JoinHandle<Result<Vec<FeedEvent>, LogError>>;

#[derive(FromRow)]
struct Checkpoint {
    version: i32,
    position: i64,
    parked: Vec<String>,
}

impl Checkpoint {
    fn parked(&self) -> HashSet<StreamId> {
        let stream = |name: &String| {
            let (aggregate_type, aggregate_id) = name.split_once('/')?;
            Some(StreamId { aggregate_type: aggregate_type.to_owned(), aggregate_id: aggregate_id.to_owned() })
        };
        self.parked.iter().filter_map(stream).collect()
    }
}

/// Locks the version's checkpoint until the transaction ends, and points unqualified names at its tables.
async fn take_checkpoint(
    conn: &mut PgConnection,
    group: &Group,
    target: Target,
) -> Result<Option<Checkpoint>, sqlx::Error> {
    let (state, lock) = match target {
        Target::Live => ("live", "for update skip locked"),
        Target::Building => ("building", "for update"),
    };
    sqlx::query_as(&format!(
        "select version, position,
             (select coalesce(array_agg(aggregate_type || '/' || aggregate_id), '{{}}')
              from projection_parked_streams as parked
              where parked.group_name = checkpoint.group_name and parked.version = checkpoint.version) as parked,
             set_config('search_path', format('%s_v%s, public', group_name, version), true)
         from projection_checkpoints as checkpoint
         where group_name = $1 and state = $2
         {lock}"
    ))
    .bind(group.name)
    .bind(state)
    .fetch_optional(conn)
    .await
}

/// The events before the first one that this binary does not know, and that one's position, stream and sequence.
fn until_too_new(events: Vec<FeedEvent>) -> (Vec<Readable>, Option<(i64, StreamId, i64)>) {
    let mut readable = Vec::with_capacity(events.len());
    for FeedEvent { position, stream, sequence, recorded_at, event } in events {
        let event = match event {
            Err(DecodeError::UnknownType { .. } | DecodeError::UnknownVersion { .. }) => {
                return (readable, Some((position, stream, sequence)));
            }
            Err(damaged @ DecodeError::Damaged { .. }) => Err(damaged.to_string()),
            Ok((AnyEvent::Case { case_id, event }, metadata)) => {
                Ok(RecordedCaseEvent { case_id, sequence, recorded_at, event, metadata })
            }
        };
        readable.push(Readable { position, stream, event });
    }
    (readable, None)
}

/// Folds and writes all events together. Streams in `left_out` are skipped, but for texts that are taken away; those
/// that fail join them.
async fn write_page(
    conn: &mut PgConnection,
    events: Vec<Readable>,
    mut left_out: HashSet<StreamId>,
) -> Result<Vec<Parked>, sqlx::Error> {
    let cases = events.iter().filter_map(|event| event.event.as_ref().ok());
    let mut fold = Fold::load(conn, cases).await?;
    let (mut parked, mut withdrawn) = (vec![], vec![]);
    for Readable { position, stream, event } in events {
        if left_out.contains(&stream) {
            withdrawn.extend(event.ok().as_ref().and_then(Withdrawn::by));
            continue;
        }
        let folded = event.and_then(|event| fold.apply(event).map_err(|error| error.to_string()));
        if let Err(reason) = folded {
            left_out.insert(stream.clone());
            parked.push(Parked { stream, position, reason });
        }
    }
    fold.write(conn).await?;
    take_away(conn, &withdrawn).await?;
    Ok(parked)
}

/// Folds and writes a stream from its first event; answers from which event on it is left out, if it is.
///
/// # Errors
/// [`ProjectionError::TooNew`] for an event that this binary does not know, and [`ProjectionError::Database`].
pub(crate) async fn write_whole(
    conn: &mut PgConnection,
    events: Vec<FeedEvent>,
) -> Result<Option<Parked>, ProjectionError> {
    let (readable, too_new) = until_too_new(events);
    match too_new {
        Some((_, stream, sequence)) => Err(ProjectionError::TooNew { stream, sequence }),
        None => Ok(write_by_stream(conn, readable, HashSet::new()).await?.pop()),
    }
}

/// Folds and writes each stream by itself, so that a value that the tables refuse leaves out its own stream alone: from
/// the event on that holds it.
async fn write_by_stream(
    conn: &mut PgConnection,
    events: Vec<Readable>,
    left_out: HashSet<StreamId>,
) -> Result<Vec<Parked>, sqlx::Error> {
    let mut streams: BTreeMap<StreamId, Vec<Readable>> = BTreeMap::new();
    for event in events {
        streams.entry(event.stream.clone()).or_default().push(event);
    }
    let mut parked = vec![];
    for events in streams.into_values() {
        match write_unless_refused(conn, events.clone(), &left_out).await? {
            Some(failed) => parked.extend(failed),
            None => parked.extend(write_until_refused(conn, events, &left_out).await?),
        }
    }
    Ok(parked)
}

/// Folds and writes the events of a stream one by one, up to the first that fails.
async fn write_until_refused(
    conn: &mut PgConnection,
    events: Vec<Readable>,
    left_out: &HashSet<StreamId>,
) -> Result<Vec<Parked>, sqlx::Error> {
    let mut events = events.into_iter();
    for event in events.by_ref() {
        let (stream, position) = (event.stream.clone(), event.position);
        let failed = write_unless_refused(conn, vec![event], left_out).await?.unwrap_or_else(|| {
            let reason = "the read model's tables refuse a value".to_owned();
            vec![Parked { stream, position, reason }]
        });
        if !failed.is_empty() {
            let withdrawn: Vec<_> = events.filter_map(|event| Withdrawn::by(&event.event.ok()?)).collect();
            take_away(conn, &withdrawn).await?;
            return Ok(failed);
        }
    }
    Ok(vec![])
}

/// Folds and writes events; none when the tables refuse a value, and then nothing is written.
async fn write_unless_refused(
    conn: &mut PgConnection,
    events: Vec<Readable>,
    left_out: &HashSet<StreamId>,
) -> Result<Option<Vec<Parked>>, sqlx::Error> {
    let mut savepoint = conn.begin().await?;
    match write_page(&mut savepoint, events, left_out.clone()).await {
        Ok(failed) => {
            savepoint.commit().await?;
            Ok(Some(failed))
        }
        Err(error) => {
            savepoint.rollback().await?;
            match ProjectionError::from(error) {
                refused if refused.is_bad_data() => Ok(None),
                ProjectionError::Database(error) => Err(error),
                other => Err(sqlx::Error::Protocol(other.to_string())),
            }
        }
    }
}

/// Moves the checkpoint and, for those who read the version, announces it for when the transaction commits.
async fn advance(
    conn: &mut PgConnection,
    group: &Group,
    target: Target,
    version: i32,
    position: i64,
) -> Result<(), sqlx::Error> {
    let channel = match target {
        Target::Live => Some(group.channel()),
        Target::Building => None,
    };
    sqlx::query(
        "with moved as (
             update projection_checkpoints set position = $3 where group_name = $1 and version = $2
             returning version, position
         )
         select pg_notify($4, version || ':' || position) from moved where $4 is not null",
    )
    .bind(group.name)
    .bind(version)
    .bind(position)
    .bind(channel)
    .fetch_optional(conn)
    .await?;
    Ok(())
}

/// The case whose stream it is.
pub(crate) fn case_of(stream: &StreamId) -> Option<CaseId> {
    if stream.aggregate_type == "case" { stream.aggregate_id.parse().ok() } else { None }
}
