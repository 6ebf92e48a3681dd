//! Loading a stream: its head, its key, its events, and what came of a command before, in one round trip. Loads that
//! wait at the same time share one.
//!
//! Each load checks the hash chain up to the head, so that no decision is ever built on an altered history: from the
//! first event, or, for a command, from the last one that this process has checked before. The texts stay sealed: the
//! rules never look at words.

use std::sync::Arc;

use cqrs_es::Aggregate;
use domain::{Metadata, PersonId, Timestamp};
use futures_util::FutureExt as _;
use sqlx::FromRow;

use crate::{
    EventLog, LogAggregate, LogError, StreamId,
    chain::{self, GENESIS, Hash, StoredEvent},
    codec::StreamKeys,
    statements::Statements,
    together::{Limits, Together},
    warm::Prefix,
};

/// The most streams that are read in one statement, and how many statements read at the same time.
const LIMITS: Limits = Limits { weight: 64, runs: 2 };

/// A recorded event of a known aggregate.
#[derive(Clone, Debug, PartialEq)]
pub struct Envelope<E> {
    /// Its place in its stream, from 1.
    pub sequence: i64,
    /// Its place in the log.
    pub position: i64,
    /// When it was recorded.
    pub recorded_at: Timestamp,
    /// Who, for whom, in which request, through which channel.
    pub metadata: Metadata,
    /// What happened.
    pub event: E,
}

/// A stream as it was at one moment, and its aggregate.
pub struct Loaded<A: Aggregate> {
    /// The stream.
    pub stream: StreamId,
    /// The fold of its events.
    pub aggregate: Arc<A>,
    /// Its events, their texts sealed; none when it was loaded for a command, which decides on the aggregate.
    pub events: Vec<Envelope<A::Event>>,
    pub(crate) version: i64,
    position: i64,
    /// Its last event's hash.
    pub(crate) last_hash: Hash,
    /// Its wrapped key, once it has one.
    pub(crate) stream_key: Option<Vec<u8>>,
}

impl<A: Aggregate> Loaded<A> {
    /// How many events it has.
    #[must_use]
    pub fn version(&self) -> i64 {
        self.version
    }

    /// The position of its last event; 0 without one.
    #[must_use]
    pub fn position(&self) -> i64 {
        self.position
    }
}

/// What came of a command that carried a key.
#[derive(Clone, Debug, PartialEq, FromRow)]
pub struct RecordedCommand {
    /// The keyed hash of its request.
    #[sqlx(rename = "command_request")]
    pub(crate) request: Vec<u8>,
    /// The outcome, as its caller put it.
    #[sqlx(rename = "command_outcome")]
    pub outcome: serde_json::Value,
    /// The position of its last event, if it made any.
    #[sqlx(rename = "command_position")]
    pub position: Option<i64>,
}

#[derive(FromRow)]
struct Row {
    wanted: i64,
    version: Option<i64>,
    last_hash: Option<Vec<u8>>,
    stream_key: Option<Vec<u8>>,
    command_request: Option<Vec<u8>>,
    command_outcome: Option<serde_json::Value>,
    command_position: Option<i64>,
    position: Option<i64>,
    #[sqlx(flatten)]
    event: EventColumns,
}

#[derive(FromRow)]
struct EventColumns {
    sequence: Option<i64>,
    event_type: Option<String>,
    event_version: Option<String>,
    payload: Option<String>,
    metadata: Option<String>,
    recorded_at: Option<Timestamp>,
    hash: Option<Vec<u8>>,
}

impl EventLog {
    /// Loads a stream; an empty one when nothing was ever recorded under the id.
    ///
    /// # Errors
    /// [`LogError::Damaged`] when its chain does not hold, [`LogError::Unreadable`] for an event of a newer binary,
    /// [`LogError::Database`].
    pub async fn load<A: LogAggregate>(&self, aggregate_id: &str) -> Result<Loaded<A>, LogError> {
        let stream = StreamId::of::<A>(aggregate_id);
        let rows = self.loading.rows(Wanted { stream: stream.clone(), after: 0, command: None }).await?;
        self.fold(stream, None, rows, true)
    }

    /// What a stream has come to at this moment; from what is known here and the events since, if anything is known.
    ///
    /// # Errors
    /// As [`EventLog::load`].
    pub async fn latest<A: LogAggregate>(&self, aggregate_id: &str) -> Result<A, LogError> {
        let (loaded, _) = self.load_for_command(aggregate_id, None).await?;
        Ok(Arc::unwrap_or_clone(loaded.aggregate))
    }

    /// What each of several streams has come to at this moment, read in one statement: one answer for each, in their order.
    pub async fn latest_of_each<A: LogAggregate>(&self, aggregate_ids: &[String]) -> Vec<Result<A, LogError>> {
        if let [id] = aggregate_ids {
            // One alone may share its statement with what others load.
            return vec![self.latest(id).await];
        }
        let streams: Vec<_> = aggregate_ids.iter().map(|id| StreamId::of::<A>(id)).collect();
        let known: Vec<_> = streams.iter().map(|stream| self.warm.get::<A>(stream)).collect();
        let wanted = streams.iter().zip(&known).map(|(stream, known)| Wanted {
            stream: stream.clone(),
            after: known.as_ref().map_or(0, |known| known.version),
            command: None,
        });
        let answers = read(self.loading.statements.clone(), wanted.collect()).await;
        let mut latest = vec![];
        for (((stream, known), rows), id) in streams.into_iter().zip(known).zip(answers).zip(aggregate_ids) {
            latest.push(match rows.and_then(|rows| self.fold(stream, known.as_deref(), rows, false)) {
                // As for a single one: what is known here may be what a restored database has never seen.
                Err(LogError::Damaged { .. } | LogError::Unreadable { .. }) if known.is_some() => self.latest(id).await,
                loaded => loaded.map(|loaded| Arc::unwrap_or_clone(loaded.aggregate)),
            });
        }
        latest
    }

    /// A stream as the last command here left it, if one did and that is still known.
    pub(crate) fn known<A: LogAggregate>(&self, stream: StreamId) -> Option<Loaded<A>> {
        let known = self.warm.get::<A>(&stream)?;
        let Prefix { aggregate, version, position, last_hash, stream_key } = Prefix::clone(&known);
        Some(Loaded { stream, aggregate, events: vec![], version, position, last_hash, stream_key })
    }

    /// Loads a stream without its events, and what came of a command by `(principal, key)`.
    ///
    /// # Errors
    /// As [`EventLog::load`].
    pub(crate) async fn load_for_command<A: LogAggregate>(
        &self,
        aggregate_id: &str,
        command: Option<(PersonId, &str)>,
    ) -> Result<(Loaded<A>, Option<RecordedCommand>), LogError> {
        let stream = StreamId::of::<A>(aggregate_id);
        loop {
            let known = self.warm.get::<A>(&stream);
            let rows = self.loading.rows(Wanted {
                stream: stream.clone(),
                after: known.as_ref().map_or(0, |known| known.version),
                command: command.map(|(principal, key)| (principal, key.to_owned())),
            });
            let rows = rows.await?;
            let recorded = rows.first().and_then(Row::command);
            match self.fold(stream.clone(), known.as_deref(), rows, false) {
                // What is known here may be what a database restored from a backup has never seen.
                Err(_) if known.is_some() => self.warm.forget(&stream),
                loaded => return Ok((loaded?, recorded)),
            }
        }
    }

    /// Folds the rows of a stream onto what is known of it.
    fn fold<A: LogAggregate>(
        &self,
        stream: StreamId,
        known: Option<&Prefix<A>>,
        rows: Vec<Row>,
        keep_events: bool,
    ) -> Result<Loaded<A>, LogError> {
        let head = rows.first().map(|row| (row.version.unwrap_or(0), row.last_hash.clone()));
        let stream_key = rows.first().and_then(|row| row.stream_key.clone());
        let Prefix { aggregate, version, position, last_hash, .. } = known.cloned().unwrap_or_default();
        let mut loaded = Loaded { aggregate, events: Vec::new(), version, position, last_hash, stream_key, stream };
        for row in rows {
            let Some((position, event, hash)) = row.into_event() else { continue };
            let sequence = event.sequence;
            let damaged =
                |reason: &str| LogError::Damaged { stream: loaded.stream.clone(), sequence, reason: reason.to_owned() };
            if sequence != loaded.version() + 1 {
                return Err(damaged("the event before it is missing"));
            }
            let expected = chain::hash(&loaded.stream, &loaded.last_hash, &event);
            if hash != expected {
                return Err(damaged("its hash does not match its content and the events before it"));
            }
            (loaded.last_hash, loaded.position) = (expected, position);
            let unreadable = |source| LogError::Unreadable { stream: loaded.stream.clone(), sequence, source };
            let StoredEvent { event_type, event_version, payload, metadata, recorded_at, .. } = &event;
            let decoded: A::Event = self
                .codec
                .decode(&loaded.stream, event_type, event_version, payload, &StreamKeys::default())
                .map_err(unreadable)?;
            if keep_events {
                let metadata = serde_json::from_str(metadata)
                    .map_err(|error| damaged(&format!("its metadata does not read: {error}")))?;
                let recorded_at = *recorded_at;
                loaded.events.push(Envelope { sequence, position, recorded_at, metadata, event: decoded.clone() });
            }
            loaded.version = sequence;
            Arc::make_mut(&mut loaded.aggregate).apply(decoded);
        }
        check_head(&loaded, head)?;
        Ok(loaded)
    }
}

/// The head must be the last event's: a tail that was cut off shows here.
fn check_head<A: Aggregate>(loaded: &Loaded<A>, head: Option<(i64, Option<Vec<u8>>)>) -> Result<(), LogError> {
    let (version, last_hash) = head.unwrap_or((0, None));
    if version == loaded.version() && last_hash.as_deref().unwrap_or(&GENESIS) == loaded.last_hash {
        return Ok(());
    }
    Err(LogError::Damaged {
        stream: loaded.stream.clone(),
        sequence: version.min(loaded.version()) + 1,
        reason: format!("the stream's head is at event {version}, its last event is {}", loaded.version()),
    })
}

/// What a load asks for.
struct Wanted {
    stream: StreamId,
    /// The last event that is known already.
    after: i64,
    command: Option<(PersonId, String)>,
}

/// The rows of a stream: at least one, without an event when it has none that is wanted.
type Rows = Result<Vec<Row>, LogError>;

/// Reads the rows of streams, for those who ask at the same time together.
#[derive(Clone)]
pub(crate) struct Loading {
    together: Together<Wanted, Rows>,
    statements: Statements,
}

impl Loading {
    pub(crate) fn new(statements: Statements) -> Self {
        let work = {
            let statements = statements.clone();
            move |wanted, ()| read(statements.clone(), wanted).map(|answers| (answers, ())).boxed()
        };
        Self { together: Together::new(LIMITS, |_| 1, work), statements }
    }

    async fn rows(&self, wanted: Wanted) -> Rows {
        self.together.call(wanted).await?
    }
}

async fn read(statements: Statements, wanted: Vec<Wanted>) -> Vec<Rows> {
    match select(&statements, &wanted).await {
        Ok(rows) => {
            let mut answers: Vec<Rows> = wanted.iter().map(|_| Ok(vec![])).collect();
            for row in rows {
                let index = usize::try_from(row.wanted - 1).expect("ordinals count from 1");
                if let Ok(answer) = &mut answers[index] {
                    answer.push(row);
                }
            }
            answers
        }
        Err(error) => {
            let error = LogError::from(error);
            wanted.iter().map(|_| Err(error.clone())).collect()
        }
    }
}

async fn select(statements: &Statements, wanted: &[Wanted]) -> Result<Vec<Row>, sqlx::Error> {
    fn column<'a, T>(wanted: &'a [Wanted], value: impl Fn(&'a Wanted) -> T) -> Vec<T> {
        wanted.iter().map(value).collect()
    }
    let mut connection = statements.lend().await?;
    let rows = sqlx::query_as(
        // Each part is looked up by its index, for one load after the other: as plain joins, a plan that was made while
        // a table was small would go on reading all of it when it is large.
        "select w.wanted, s.version, s.last_hash, k.wrapped as stream_key,
                c.request as command_request, c.outcome as command_outcome, c.position as command_position,
                e.position, e.sequence, e.event_type, e.event_version, e.payload, e.metadata, e.recorded_at, e.hash
         from unnest($1::text[], $2::text[], $3::uuid[], $4::text[], $5::bigint[])
             with ordinality as w (aggregate_type, aggregate_id, principal, key, after, wanted)
         left join lateral (
             select version, last_hash from streams
             where aggregate_type = w.aggregate_type and aggregate_id = w.aggregate_id limit 1
         ) as s on true
         left join lateral (
             select wrapped from keys
             where aggregate_type = w.aggregate_type and aggregate_id = w.aggregate_id and sequence = 0 limit 1
         ) as k on true
         left join lateral (
             select request, outcome, position from commands where principal = w.principal and key = w.key limit 1
         ) as c on true
         left join lateral (
             select position, sequence, event_type, event_version, payload::text as payload,
                    metadata::text as metadata, recorded_at, hash
             from events
             where aggregate_type = w.aggregate_type and aggregate_id = w.aggregate_id and sequence > w.after
             order by sequence
         ) as e on true
         order by w.wanted, e.sequence",
    )
    .bind(column(wanted, |wanted| &wanted.stream.aggregate_type))
    .bind(column(wanted, |wanted| &wanted.stream.aggregate_id))
    .bind(column(wanted, |wanted| wanted.command.as_ref().map(|(principal, _)| principal.0)))
    .bind(column(wanted, |wanted| wanted.command.as_ref().map(|(_, key)| key.as_str())))
    .bind(column(wanted, |wanted| wanted.after))
    .fetch_all(&mut *connection)
    .await?;
    connection.give_back();
    Ok(rows)
}

impl Row {
    /// What came of the command before, if anything did.
    fn command(&self) -> Option<RecordedCommand> {
        Some(RecordedCommand {
            request: self.command_request.clone()?,
            outcome: self.command_outcome.clone()?,
            position: self.command_position,
        })
    }

    fn into_event(self) -> Option<(i64, StoredEvent, Vec<u8>)> {
        let EventColumns { sequence, event_type, event_version, payload, metadata, recorded_at, hash } = self.event;
        let event = StoredEvent {
            sequence: sequence?,
            event_type: event_type?,
            event_version: event_version?,
            recorded_at: recorded_at?,
            metadata: metadata?,
            payload: payload?,
        };
        Some((self.position?, event, hash?))
    }
}
