//! Appending: everything that a command leaves behind, in one statement that happens or does not.
//!
//! Events, the heads of their streams, the record of the command, reservations, keys and the index of subjects go in
//! together, for one stream or several. There is no transaction to be left open: a client that leaves, or a process
//! that dies, finds the statement done or not begun.

use cqrs_es::DomainEvent;
use domain::{KeyId, Metadata, PersonId, Timestamp};
use sqlx::{PgConnection, Row};

use crate::{
    CommandRecord, EventLog, Loaded, LogAggregate, LogError, LogEvent, StreamId,
    chain::{self, Hash, StoredEvent},
    codec::{Codec, NewKey},
    keys::stream_key_id,
};

/// The most events that one append takes.
pub const MAX_EVENTS: usize = 500;

/// A value that only one stream may have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reservation {
    /// What kind of value it is.
    pub kind: &'static str,
    /// The value; stored as a keyed hash.
    pub value: String,
}

/// What goes with the events.
#[derive(Clone, Debug)]
pub struct AppendOptions {
    /// When this is recorded.
    pub recorded_at: Timestamp,
    /// Values to reserve for the first stream.
    pub reservations: Vec<Reservation>,
    /// What came of the command, when it carried a key.
    pub command: Option<CommandRecord>,
}

impl AppendOptions {
    /// Nothing but events, recorded at this time.
    #[must_use]
    pub fn at(recorded_at: Timestamp) -> Self {
        Self { recorded_at, reservations: vec![], command: None }
    }
}

/// What an append left behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Appended {
    /// The position of its last event; nothing when it only recorded a command.
    pub position: Option<i64>,
}

/// Why nothing was appended.
#[derive(Debug, thiserror::Error)]
pub enum AppendError {
    /// Somebody else appended to the stream since it was loaded.
    #[error("the stream has changed since it was read")]
    Conflict,
    /// The command's key was recorded since the stream was loaded.
    #[error("a command with this key was recorded meanwhile")]
    CommandRecorded,
    /// Another stream has the value.
    #[error("another stream has this {kind}")]
    Reserved {
        /// The kind of value.
        kind: String,
    },
    /// More than fits into one append.
    #[error("{events} events are more than one append takes ({MAX_EVENTS}): split them")]
    TooMany {
        /// How many there are.
        events: usize,
    },
    /// Anything else.
    #[error(transparent)]
    Log(#[from] LogError),
}

/// Events that are ready to follow a stream.
#[derive(Debug)]
pub struct StreamAppend {
    stream: StreamId,
    follows: Hash,
    events: Vec<(StoredEvent, Hash)>,
    keys: Vec<NewKey>,
    destroyed: Vec<KeyId>,
}

impl EventLog {
    /// Appends events to a stream as it was loaded.
    ///
    /// # Errors
    /// [`AppendError`]; nothing was recorded.
    pub async fn append<A: LogAggregate>(
        &self,
        stream: &Loaded<A>,
        events: Vec<(A::Event, Metadata)>,
        options: AppendOptions,
    ) -> Result<Appended, AppendError> {
        let prepared = self.prepare(stream, &events, options.recorded_at)?;
        self.append_all(vec![prepared], options).await
    }

    /// Seals events and chains them to the stream that they will follow.
    ///
    /// # Errors
    /// [`AppendError::Log`] when an event does not serialise, or the stream's key is gone or does not open.
    pub fn prepare<A: LogAggregate>(
        &self,
        loaded: &Loaded<A>,
        events: &[(A::Event, Metadata)],
        recorded_at: Timestamp,
    ) -> Result<StreamAppend, AppendError> {
        let stream = loaded.stream.clone();
        let damaged = |sequence: i64, reason: String| LogError::Damaged { stream: stream.clone(), sequence, reason };
        let mut keys = vec![];
        let stream_key = match &loaded.stream_key {
            Some(wrapped) => self
                .codec
                .master()
                .open_stream_key(&stream, wrapped)
                .ok_or_else(|| damaged(loaded.version(), "its key does not open with the master key".into()))?,
            None if loaded.version() > 0 => {
                return Err(damaged(loaded.version(), "its key was destroyed: it takes no more events".into()).into());
            }
            None => {
                let (key, wrapped) = self.codec.master().new_stream_key(&stream);
                let key_id = stream_key_id(&stream);
                keys.push(NewKey { key_id, subject: None, wrapped_by: None, wrapped });
                key
            }
        };
        let mut previous = loaded.last_hash;
        let mut stored = Vec::with_capacity(events.len());
        for (sequence, (event, metadata)) in (loaded.version() + 1..).zip(events) {
            let (payload, new_keys) =
                Codec::encode(&stream, &stream_key, event).map_err(|error| damaged(sequence, error.to_string()))?;
            keys.extend(new_keys);
            let event = StoredEvent {
                sequence,
                event_type: event.event_type(),
                event_version: event.event_version(),
                recorded_at,
                metadata: serde_json::to_string(metadata).map_err(|error| damaged(sequence, error.to_string()))?,
                payload,
            };
            previous = chain::hash(&stream, &previous, &event);
            stored.push((event, previous));
        }
        let destroyed = events.iter().flat_map(|(event, _)| event.destroyed_keys()).collect();
        Ok(StreamAppend { stream, follows: loaded.last_hash, events: stored, keys, destroyed })
    }

    /// Appends to several streams at once, or records a command that changed none.
    ///
    /// # Errors
    /// [`AppendError`]; nothing was recorded.
    pub async fn append_all(
        &self,
        streams: Vec<StreamAppend>,
        options: AppendOptions,
    ) -> Result<Appended, AppendError> {
        let mut connection = self.pool.acquire().await.map_err(LogError::from)?;
        self.append_on(&mut connection, streams, options).await
    }

    /// The same on a connection of the caller's.
    pub(crate) async fn append_on(
        &self,
        connection: &mut PgConnection,
        mut streams: Vec<StreamAppend>,
        options: AppendOptions,
    ) -> Result<Appended, AppendError> {
        let count = streams.iter().map(|stream| stream.events.len()).sum();
        if count > MAX_EVENTS {
            return Err(AppendError::TooMany { events: count });
        }
        let first = streams.first().map(|stream| stream.stream.clone());
        // One order for everybody, so that two appends to the same streams never wait for each other.
        streams.sort_by(|a, b| a.stream.cmp(&b.stream));
        let columns = Columns::of(&streams, self, first, &options);
        let started = std::time::Instant::now();
        let result = columns.insert(self, connection, &options).await;
        metrics::histogram!("casestream_append_seconds").record(started.elapsed());
        match result {
            Ok(position) => {
                metrics::counter!("casestream_appended_events_total").increment(count as u64);
                Ok(Appended { position })
            }
            Err(error) => Err(classify(error, &options.reservations)),
        }
    }
}

/// The rows of an append as columns, the form in which PostgreSQL takes many rows in one statement.
#[derive(Default)]
struct Columns {
    types: Vec<String>,
    ids: Vec<String>,
    sequences: Vec<i64>,
    event_types: Vec<String>,
    event_versions: Vec<String>,
    payloads: Vec<String>,
    metadata: Vec<String>,
    hashes: Vec<Vec<u8>>,
    head_types: Vec<String>,
    head_ids: Vec<String>,
    head_expected: Vec<i64>,
    head_follows: Vec<Vec<u8>>,
    head_versions: Vec<i64>,
    head_hashes: Vec<Vec<u8>>,
    key_ids: Vec<uuid::Uuid>,
    key_types: Vec<String>,
    key_streams: Vec<String>,
    key_subjects: Vec<Option<uuid::Uuid>>,
    key_wrapped_by: Vec<Option<uuid::Uuid>>,
    key_wrapped: Vec<Vec<u8>>,
    destroyed: Vec<uuid::Uuid>,
    reserved_kinds: Vec<String>,
    reserved_values: Vec<Vec<u8>>,
    reserved_for: Option<StreamId>,
}

impl Columns {
    fn of(streams: &[StreamAppend], log: &EventLog, first: Option<StreamId>, options: &AppendOptions) -> Self {
        let mut columns = Self { reserved_for: first, ..Self::default() };
        for stream in streams {
            columns.add(stream);
        }
        for Reservation { kind, value } in &options.reservations {
            let print = log.fingerprint(kind, value);
            columns.reserved_kinds.push((*kind).to_owned());
            columns.reserved_values.push(print.0.into_bytes());
        }
        columns
    }

    fn add(&mut self, StreamAppend { stream, follows, events, keys, destroyed }: &StreamAppend) {
        for (event, hash) in events {
            self.types.push(stream.aggregate_type.clone());
            self.ids.push(stream.aggregate_id.clone());
            self.sequences.push(event.sequence);
            self.event_types.push(event.event_type.clone());
            self.event_versions.push(event.event_version.clone());
            self.payloads.push(event.payload.clone());
            self.metadata.push(event.metadata.clone());
            self.hashes.push(hash.to_vec());
        }
        if let (Some((first, _)), Some((last, hash))) = (events.first(), events.last()) {
            self.head_types.push(stream.aggregate_type.clone());
            self.head_ids.push(stream.aggregate_id.clone());
            self.head_expected.push(first.sequence - 1);
            self.head_follows.push(follows.to_vec());
            self.head_versions.push(last.sequence);
            self.head_hashes.push(hash.to_vec());
        }
        for key in keys {
            self.key_ids.push(key.key_id.0);
            self.key_types.push(stream.aggregate_type.clone());
            self.key_streams.push(stream.aggregate_id.clone());
            self.key_subjects.push(key.subject.map(|PersonId(id)| id));
            self.key_wrapped_by.push(key.wrapped_by.map(|KeyId(id)| id));
            self.key_wrapped.push(key.wrapped.clone());
        }
        self.destroyed.extend(destroyed.iter().map(|key| key.0));
    }

    async fn insert(
        &self,
        log: &EventLog,
        connection: &mut PgConnection,
        options: &AppendOptions,
    ) -> Result<Option<i64>, sqlx::Error> {
        let command = options.command.as_ref();
        let row = sqlx::query(APPEND)
            .bind(&self.types)
            .bind(&self.ids)
            .bind(&self.sequences)
            .bind(&self.event_types)
            .bind(&self.event_versions)
            .bind(&self.payloads)
            .bind(&self.metadata)
            .bind(&self.hashes)
            .bind(options.recorded_at)
            .bind(&self.head_types)
            .bind(&self.head_ids)
            .bind(&self.head_expected)
            .bind(&self.head_versions)
            .bind(&self.head_hashes)
            .bind(&self.key_ids)
            .bind(&self.key_types)
            .bind(&self.key_streams)
            .bind(&self.key_subjects)
            .bind(&self.key_wrapped_by)
            .bind(&self.key_wrapped)
            .bind(&self.destroyed)
            .bind(&self.reserved_kinds)
            .bind(&self.reserved_values)
            .bind(self.reserved_for.as_ref().map(|stream| &stream.aggregate_type))
            .bind(self.reserved_for.as_ref().map(|stream| &stream.aggregate_id))
            .bind(command.map(|command| command.principal.0))
            .bind(command.map(|command| &command.key))
            .bind(command.map(|command| log.codec.master().request_hash(&command.request).to_vec()))
            .bind(command.map(|command| command.outcome.to_string()))
            .bind(&self.head_follows)
            .fetch_one(connection)
            .await?;
        row.try_get(0)
    }
}

/// One statement, so one round trip and one commit. A head that is not where it should be becomes a null where none
/// may stand, which refuses the whole statement. A key that is made and destroyed in one append is never stored: the
/// parts of a statement do not see each other's rows, so the deletion would miss it. A deletion of nothing says so by
/// itself: a plan that was made while the table was small would read all of it, in vain, on every append.
const APPEND: &str = "
with new_events as (
    insert into events (aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata,
                        recorded_at, hash)
    select aggregate_type, aggregate_id, sequence, event_type, event_version, payload::json, metadata::json, $9, hash
    from unnest($1::text[], $2::text[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::text[], $8::bytea[])
        as event (aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata, hash)
    returning aggregate_type, aggregate_id, position
), heads as (
    insert into streams (aggregate_type, aggregate_id, version, last_hash, last_position)
    select head.aggregate_type, head.aggregate_id, head.version, head.hash, last.position
    from unnest($10::text[], $11::text[], $13::bigint[], $14::bytea[])
        as head (aggregate_type, aggregate_id, version, hash)
    join (select aggregate_type, aggregate_id, max(position) as position from new_events group by 1, 2) last
        using (aggregate_type, aggregate_id)
    on conflict (aggregate_type, aggregate_id) do update
    set version = excluded.version,
        last_hash = excluded.last_hash,
        last_position = case
            when (streams.version, streams.last_hash) = (
                select expected, follows
                from unnest($10::text[], $11::text[], $12::bigint[], $30::bytea[])
                    as head (aggregate_type, aggregate_id, expected, follows)
                where head.aggregate_type = streams.aggregate_type and head.aggregate_id = streams.aggregate_id
            ) then excluded.last_position
        end
), new_keys as (
    insert into keys (key_id, aggregate_type, aggregate_id, subject, wrapped_by, wrapped, created_at)
    select *, $9
    from unnest($15::uuid[], $16::text[], $17::text[], $18::uuid[], $19::uuid[], $20::bytea[]) as key (key_id)
    where key_id <> all ($21)
), subjects as (
    insert into subject_streams (subject, aggregate_type, aggregate_id)
    select distinct * from unnest($18::uuid[], $16::text[], $17::text[]) as s (subject, aggregate_type, aggregate_id)
    where subject is not null
    order by 1, 2, 3
    on conflict do nothing
), destroyed as (
    delete from keys where cardinality($21::uuid[]) > 0 and key_id = any($21)
), reserved as (
    insert into reservations (kind, value, aggregate_type, aggregate_id)
    select kind, value, $24, $25 from unnest($22::text[], $23::bytea[]) as r (kind, value) order by kind, value
), command as (
    insert into commands (principal, key, request, outcome, position, recorded_at)
    select $26, $27, $28, $29::json, (select max(position) from new_events), $9 where $27::text is not null
)
select max(position) from new_events";

const SERIALIZATION_FAILURE: &str = "40001";
const DEADLOCK: &str = "40P01";
const NOT_NULL_VIOLATION: &str = "23502";

/// What a refusal by the database means, told by the constraint that it names.
fn classify(error: sqlx::Error, reservations: &[Reservation]) -> AppendError {
    let Some(database) = error.as_database_error() else { return LogError::from(error).into() };
    match (database.constraint(), database.code().as_deref()) {
        (Some("events_stream_sequence" | "streams_pkey" | "keys_pkey"), _)
        | (_, Some(SERIALIZATION_FAILURE | DEADLOCK)) => AppendError::Conflict,
        // The head was not where the stream was loaded: loading again tells whether it moved on or was tampered with.
        (_, Some(NOT_NULL_VIOLATION)) if database.table() == Some("streams") => AppendError::Conflict,
        (Some("commands_key"), _) => AppendError::CommandRecorded,
        (Some("reservations_value"), _) => {
            let kinds: Vec<_> = reservations.iter().map(|reservation| reservation.kind.replace('_', " ")).collect();
            AppendError::Reserved { kind: kinds.join(" or ") }
        }
        _ => LogError::from(error).into(),
    }
}
