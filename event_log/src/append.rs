//! Appending: everything that a command leaves behind, in one statement that happens or does not.
//!
//! Events, the heads of their streams, the record of the command, reservations, keys and the index of subjects go in
//! together, for one stream or several. There is no transaction to be left open: a client that leaves, or a process
//! that dies, finds the statement done or not begun. Commands that wait at the same time share a statement; one that
//! the database refuses takes none of the others with it.

use std::{
    collections::HashMap,
    sync::{Arc, LazyLock},
};

use cqrs_es::DomainEvent;
use domain::{KeyId, Metadata, PersonId, Timestamp};
use futures_util::FutureExt as _;
use sqlx::PgConnection;

use crate::{
    CommandRecord, EventLog, FileKey, Loaded, LogAggregate, LogError, LogEvent, StreamId,
    chain::{self, Hash, StoredEvent},
    codec::{Codec, NewKey},
    keys::stream_key_id,
    statements::Statements,
    together::{Limits, Together},
};

/// The most events that one append takes.
pub const MAX_EVENTS: usize = 2_000;
/// After how many events a statement takes no further append along, and how many statements are under way at the same
/// time: while one waits for the disk, or for another process that writes to one of its streams, the next is at work.
const LIMITS: Limits = Limits { weight: 64, runs: 2 };

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
#[derive(Clone, Debug, thiserror::Error)]
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
    /// Words of somebody who was erased.
    #[error("it has words of somebody who was erased, of whom nothing is written down any more")]
    Erased,
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

impl StreamAppend {
    /// The hash of the stream's last event once they are in.
    pub(crate) fn last_hash(&self) -> Hash {
        self.events.last().map_or(self.follows, |(_, hash)| *hash)
    }

    /// The stream's wrapped key, where it is made for these events, the stream's first.
    pub(crate) fn new_stream_key(&self) -> Option<Vec<u8>> {
        self.keys.iter().find(|key| key.wrapped_by.is_none()).map(|key| key.wrapped.clone())
    }
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
        let prepared = self.prepare(stream, &events, &[], options.recorded_at)?;
        self.append_all(vec![prepared], options).await
    }

    /// Seals events and chains them to the stream that they will follow. Of `file_keys`, those that events name become the
    /// stream's; a file whose key is not among them is one that nobody can open, as if it had been destroyed.
    ///
    /// # Errors
    /// [`AppendError::Log`] when an event does not serialise, or the stream's key is gone or does not open.
    pub fn prepare<A: LogAggregate>(
        &self,
        loaded: &Loaded<A>,
        events: &[(A::Event, Metadata)],
        file_keys: &[FileKey],
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
                keys.push(NewKey { sequence: 0, key_id, subject: None, wrapped_by: None, wrapped });
                key
            }
        };
        let mut previous = loaded.last_hash;
        let mut stored = Vec::with_capacity(events.len());
        for (sequence, (event, metadata)) in (loaded.version() + 1..).zip(events) {
            let (payload, new_keys) = Codec::encode(&stream, &stream_key, sequence, event)
                .map_err(|error| damaged(sequence, error.to_string()))?;
            keys.extend(new_keys);
            if let Some((key_id, subject)) = event.file_key()
                && let Some(file) = file_keys.iter().find(|file| file.key_id == key_id)
            {
                let (wrapped, wrapped_by) = (stream_key.wrap(key_id, &file.key), Some(stream_key_id(&stream)));
                keys.push(NewKey { sequence, key_id, subject: Some(subject), wrapped_by, wrapped });
            }
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
    /// [`AppendError`]; nothing was recorded, or, when the database was lost meanwhile, it is unknown whether it was.
    pub async fn append_all(
        &self,
        streams: Vec<StreamAppend>,
        options: AppendOptions,
    ) -> Result<Appended, AppendError> {
        let append = Append::new(self, streams, options);
        if append.count > MAX_EVENTS {
            return Err(AppendError::TooMany { events: append.count });
        }
        self.appending.0.call(append).await.map_err(LogError::from)?
    }

    /// The same in a transaction of the caller's.
    ///
    /// # Errors
    /// As [`EventLog::append_all`]; the transaction has failed then.
    pub async fn append_in(
        &self,
        conn: &mut PgConnection,
        streams: Vec<StreamAppend>,
        options: AppendOptions,
    ) -> Result<Appended, AppendError> {
        let append = Append::new(self, streams, options);
        if append.count > MAX_EVENTS {
            return Err(AppendError::TooMany { events: append.count });
        }
        match Columns::of(std::slice::from_ref(&append)).insert(conn).await {
            Ok(rows) => Ok(Appended { position: rows.into_iter().map(|(_, _, position)| position).max() }),
            Err(error) => Err(classify(&Arc::new(error), &append)),
        }
    }
}

/// All that one command leaves behind, ready to be stored.
struct Append {
    count: usize,
    streams: Vec<StreamAppend>,
    recorded_at: Timestamp,
    reservations: Vec<(&'static str, Vec<u8>)>,
    reserved_for: Option<StreamId>,
    command: Option<CommandRow>,
}

struct CommandRow {
    principal: uuid::Uuid,
    key: String,
    request: Vec<u8>,
    outcome: String,
}

impl Append {
    fn new(log: &EventLog, mut streams: Vec<StreamAppend>, options: AppendOptions) -> Self {
        let AppendOptions { recorded_at, reservations, command } = options;
        let reserved_for = streams.first().map(|stream| stream.stream.clone());
        streams.sort_by(|a, b| a.stream.cmp(&b.stream));
        let reserve = |Reservation { kind, value }: &Reservation| (*kind, log.fingerprint(kind, value).0.into_bytes());
        Self {
            count: streams.iter().map(|stream| stream.events.len()).sum(),
            streams,
            recorded_at,
            reservations: reservations.iter().map(reserve).collect(),
            reserved_for,
            command: command.map(|command| CommandRow {
                principal: command.principal.0,
                key: command.key,
                request: log.codec.master().request_hash(&command.request).to_vec(),
                outcome: command.outcome.to_string(),
            }),
        }
    }

    /// The stream that gets its last event.
    fn last_stream(&self) -> Option<&StreamId> {
        self.streams.last().map(|stream| &stream.stream)
    }
}

/// Stores appends, those that wait at the same time together.
#[derive(Clone)]
pub(crate) struct Appending(Together<Append, Result<Appended, AppendError>>);

impl Appending {
    pub(crate) fn new(statements: Statements) -> Self {
        let weigh = |append: &Append| append.count.max(1);
        let work = move |appends, ()| store(statements.clone(), appends).map(|answers| (answers, ())).boxed();
        Self(Together::new(LIMITS, weigh, work))
    }
}

/// Stores all appends in one statement. When the database refuses it, for the sake of one of them, each gets its own.
async fn store(statements: Statements, appends: Vec<Append>) -> Vec<Result<Appended, AppendError>> {
    match insert(&statements, &appends).await {
        Ok(stored) => appends.iter().map(|append| Ok(stored.of(append))).collect(),
        Err(error) if appends.len() > 1 && is_refusal(&error) => {
            let mut answers = vec![];
            for append in &appends {
                let stored = insert(&statements, std::slice::from_ref(append)).await;
                answers
                    .push(stored.map(|stored| stored.of(append)).map_err(|error| classify(&Arc::new(error), append)));
            }
            answers
        }
        Err(error) => {
            let error = Arc::new(error);
            appends.iter().map(|append| Err(classify(&error, append))).collect()
        }
    }
}

/// The last positions of the streams that got events.
struct Stored(HashMap<StreamId, i64>);

impl Stored {
    fn of(&self, append: &Append) -> Appended {
        Appended { position: append.streams.iter().filter_map(|stream| self.0.get(&stream.stream).copied()).max() }
    }
}

async fn insert(statements: &Statements, appends: &[Append]) -> Result<Stored, sqlx::Error> {
    let started = std::time::Instant::now();
    let mut connection = statements.lend().await?;
    let inserted = Columns::of(appends).insert(&mut connection).await;
    if inserted.as_ref().err().is_none_or(is_refusal) {
        connection.give_back();
    }
    let rows: Vec<(String, String, i64)> = inserted?;
    let events = appends.iter().map(|append| append.count as u64).sum();
    metrics::histogram!("casestream_append_seconds").record(started.elapsed());
    metrics::counter!("casestream_append_statements_total").increment(1);
    metrics::counter!("casestream_appended_events_total").increment(events);
    let position = |(aggregate_type, aggregate_id, position)| (StreamId { aggregate_type, aggregate_id }, position);
    Ok(Stored(rows.into_iter().map(position).collect()))
}

/// The rows of appends as columns, the form in which PostgreSQL takes many rows in one statement.
#[derive(Default)]
struct Columns<'a> {
    events: EventColumns<'a>,
    heads: HeadColumns<'a>,
    keys: KeyColumns<'a>,
    destroyed: DestroyedColumns<'a>,
    reservations: ReservationColumns<'a>,
    commands: CommandColumns<'a>,
}

#[derive(Default)]
struct EventColumns<'a> {
    types: Vec<&'a str>,
    ids: Vec<&'a str>,
    sequences: Vec<i64>,
    event_types: Vec<&'a str>,
    event_versions: Vec<&'a str>,
    payloads: Vec<&'a str>,
    metadata: Vec<&'a str>,
    recorded_at: Vec<Timestamp>,
    hashes: Vec<&'a [u8]>,
}

#[derive(Default)]
struct HeadColumns<'a> {
    types: Vec<&'a str>,
    ids: Vec<&'a str>,
    expected: Vec<i64>,
    follows: Vec<&'a [u8]>,
    versions: Vec<i64>,
    hashes: Vec<&'a [u8]>,
}

#[derive(Default)]
struct KeyColumns<'a> {
    ids: Vec<uuid::Uuid>,
    types: Vec<&'a str>,
    streams: Vec<&'a str>,
    sequences: Vec<i64>,
    subjects: Vec<Option<uuid::Uuid>>,
    wrapped_by: Vec<Option<uuid::Uuid>>,
    wrapped: Vec<&'a [u8]>,
    created_at: Vec<Timestamp>,
}

#[derive(Default)]
struct DestroyedColumns<'a> {
    ids: Vec<uuid::Uuid>,
    types: Vec<&'a str>,
    streams: Vec<&'a str>,
}

#[derive(Default)]
struct ReservationColumns<'a> {
    kinds: Vec<&'a str>,
    values: Vec<&'a [u8]>,
    types: Vec<&'a str>,
    ids: Vec<&'a str>,
}

#[derive(Default)]
struct CommandColumns<'a> {
    principals: Vec<uuid::Uuid>,
    keys: Vec<&'a str>,
    requests: Vec<&'a [u8]>,
    outcomes: Vec<&'a str>,
    types: Vec<Option<&'a str>>,
    ids: Vec<Option<&'a str>>,
    recorded_at: Vec<Timestamp>,
}

impl<'a> Columns<'a> {
    fn of(appends: &'a [Append]) -> Self {
        let mut columns = Self::default();
        let mut streams: Vec<_> = appends
            .iter()
            .flat_map(|append| append.streams.iter().map(|stream| (stream, append.recorded_at)))
            .collect();
        // One order for everybody, so that of two statements that want the same rows one waits and none dies.
        streams.sort_by(|(a, _), (b, _)| a.stream.cmp(&b.stream));
        for (stream, recorded_at) in streams {
            columns.add_stream(stream, recorded_at);
        }
        for append in appends {
            columns.add_command(append);
        }
        columns
    }

    fn add_stream(&mut self, append: &'a StreamAppend, recorded_at: Timestamp) {
        let StreamAppend { stream, follows, events, keys, destroyed } = append;
        for (event, hash) in events {
            self.events.types.push(&stream.aggregate_type);
            self.events.ids.push(&stream.aggregate_id);
            self.events.sequences.push(event.sequence);
            self.events.event_types.push(&event.event_type);
            self.events.event_versions.push(&event.event_version);
            self.events.payloads.push(&event.payload);
            self.events.metadata.push(&event.metadata);
            self.events.recorded_at.push(recorded_at);
            self.events.hashes.push(hash);
        }
        if let (Some((first, _)), Some((last, hash))) = (events.first(), events.last()) {
            self.heads.types.push(&stream.aggregate_type);
            self.heads.ids.push(&stream.aggregate_id);
            self.heads.expected.push(first.sequence - 1);
            self.heads.follows.push(follows);
            self.heads.versions.push(last.sequence);
            self.heads.hashes.push(hash);
        }
        for key in keys {
            self.keys.ids.push(key.key_id.0);
            self.keys.types.push(&stream.aggregate_type);
            self.keys.streams.push(&stream.aggregate_id);
            self.keys.sequences.push(key.sequence);
            self.keys.subjects.push(key.subject.map(|PersonId(id)| id));
            self.keys.wrapped_by.push(key.wrapped_by.map(|KeyId(id)| id));
            self.keys.wrapped.push(&key.wrapped);
            self.keys.created_at.push(recorded_at);
        }
        for key in destroyed {
            self.destroyed.ids.push(key.0);
            self.destroyed.types.push(&stream.aggregate_type);
            self.destroyed.streams.push(&stream.aggregate_id);
        }
    }

    fn add_command(&mut self, append: &'a Append) {
        if let Some(stream) = &append.reserved_for {
            for (kind, value) in &append.reservations {
                self.reservations.kinds.push(kind);
                self.reservations.values.push(value);
                self.reservations.types.push(&stream.aggregate_type);
                self.reservations.ids.push(&stream.aggregate_id);
            }
        }
        if let Some(command) = &append.command {
            let last = append.last_stream();
            self.commands.principals.push(command.principal);
            self.commands.keys.push(&command.key);
            self.commands.requests.push(&command.request);
            self.commands.outcomes.push(&command.outcome);
            self.commands.types.push(last.map(|stream| stream.aggregate_type.as_str()));
            self.commands.ids.push(last.map(|stream| stream.aggregate_id.as_str()));
            self.commands.recorded_at.push(append.recorded_at);
        }
    }

    /// Inserts the rows; answers the last position of each stream that got events.
    async fn insert(&self, connection: &mut PgConnection) -> Result<Vec<(String, String, i64)>, sqlx::Error> {
        let Self { events, heads, keys, destroyed, reservations, commands } = self;
        let [keeps, destroys] = &*APPEND;
        let [plain, reserving] = if destroyed.ids.is_empty() { keeps } else { destroys };
        sqlx::query_as(if reservations.kinds.is_empty() { plain } else { reserving })
            .bind(&events.types)
            .bind(&events.ids)
            .bind(&events.sequences)
            .bind(&events.event_types)
            .bind(&events.event_versions)
            .bind(&events.payloads)
            .bind(&events.metadata)
            .bind(&events.recorded_at)
            .bind(&events.hashes)
            .bind(&heads.types)
            .bind(&heads.ids)
            .bind(&heads.expected)
            .bind(&heads.follows)
            .bind(&heads.versions)
            .bind(&heads.hashes)
            .bind(&keys.ids)
            .bind(&keys.types)
            .bind(&keys.streams)
            .bind(&keys.sequences)
            .bind(&keys.subjects)
            .bind(&keys.wrapped_by)
            .bind(&keys.wrapped)
            .bind(&keys.created_at)
            .bind(&destroyed.ids)
            .bind(&destroyed.types)
            .bind(&destroyed.streams)
            .bind(&reservations.kinds)
            .bind(&reservations.values)
            .bind(&reservations.types)
            .bind(&reservations.ids)
            .bind(&commands.principals)
            .bind(&commands.keys)
            .bind(&commands.requests)
            .bind(&commands.outcomes)
            .bind(&commands.types)
            .bind(&commands.ids)
            .bind(&commands.recorded_at)
            .fetch_all(connection)
            .await
    }
}

/// One statement, so one round trip and one commit. A head that is not where it should be, or not there at all, becomes a
/// null where none may stand, which refuses the whole statement. A key that is made and destroyed in one append is never
/// stored: the parts of a statement do not see each other's rows, so the deletion would miss it. A key for words of
/// somebody who was erased becomes such a null, too. The parts that most appends have nothing for are left out of their
/// statement: PostgreSQL would open tables and indexes for them all the same.
static APPEND: LazyLock<[[String; 2]; 2]> = LazyLock::new(|| {
    let statement = |destroys, reserves| [APPEND_ALL, destroys, reserves, APPEND_DONE].concat();
    [[statement("", ""), statement("", RESERVE)], [statement(DESTROY, ""), statement(DESTROY, RESERVE)]]
});

const APPEND_ALL: &str = "
with new_events as (
    insert into events (aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata,
                        recorded_at, hash)
    select aggregate_type, aggregate_id, sequence, event_type, event_version, payload::json, metadata::json,
           recorded_at, hash
    from unnest($1::text[], $2::text[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::text[],
                $8::timestamptz[], $9::bytea[])
        as event (aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata, recorded_at,
                  hash)
    returning aggregate_type, aggregate_id, position
), last as (
    select aggregate_type, aggregate_id, max(position) as position from new_events group by 1, 2
), followed as (
    update streams
    set version = head.version,
        last_hash = head.hash,
        last_position = case
            when (streams.version, streams.last_hash) = (head.expected, head.follows) then last.position
        end
    from unnest($10::text[], $11::text[], $12::bigint[], $13::bytea[], $14::bigint[], $15::bytea[])
        as head (aggregate_type, aggregate_id, expected, follows, version, hash)
    join last using (aggregate_type, aggregate_id)
    where streams.aggregate_type = head.aggregate_type and streams.aggregate_id = head.aggregate_id
        and head.expected > 0
    returning 1
), begun as (
    insert into streams (aggregate_type, aggregate_id, version, last_hash, last_position)
    select head.aggregate_type, head.aggregate_id, head.version, head.hash,
           case when head.expected = 0 then last.position end
    from unnest($10::text[], $11::text[], $12::bigint[], $14::bigint[], $15::bytea[])
        as head (aggregate_type, aggregate_id, expected, version, hash)
    join last using (aggregate_type, aggregate_id)
    where head.expected = 0
        or (select count(*) from followed) < (select count(*) from unnest($12) as expected where expected > 0)
), new_keys as (
    insert into keys (key_id, aggregate_type, aggregate_id, sequence, subject, wrapped_by, wrapped, created_at)
    select key_id, aggregate_type, aggregate_id, sequence, subject, wrapped_by,
           case when not exists (select from erasures where person = key.subject) then wrapped end, created_at
    from unnest($16::uuid[], $17::text[], $18::text[], $19::bigint[], $20::uuid[], $21::uuid[], $22::bytea[],
                $23::timestamptz[])
        as key (key_id, aggregate_type, aggregate_id, sequence, subject, wrapped_by, wrapped, created_at)
    where key_id <> all ($24)
), subjects as (
    insert into subject_streams (subject, aggregate_type, aggregate_id)
    select distinct * from unnest($20::uuid[], $17::text[], $18::text[]) as s (subject, aggregate_type, aggregate_id)
    where subject is not null
    order by 1, 2, 3
    on conflict do nothing
";
const DESTROY: &str = "\
), destroyed as (
    delete from keys
    where (aggregate_type, aggregate_id, key_id) in (select * from unnest($25::text[], $26::text[], $24::uuid[]))
";
const RESERVE: &str = "\
), reserved as (
    insert into reservations (kind, value, aggregate_type, aggregate_id)
    select * from unnest($27::text[], $28::bytea[], $29::text[], $30::text[]) as r (kind, value) order by kind, value
";
const APPEND_DONE: &str = "\
), done as (
    insert into commands (principal, key, request, outcome, position, recorded_at)
    select principal, key, request, outcome::json, position, recorded_at
    from unnest($31::uuid[], $32::text[], $33::bytea[], $34::text[], $35::text[], $36::text[], $37::timestamptz[])
        as command (principal, key, request, outcome, aggregate_type, aggregate_id, recorded_at)
    left join last using (aggregate_type, aggregate_id)
    order by principal, key
)
select aggregate_type, aggregate_id, position from last";

const SERIALIZATION_FAILURE: &str = "40001";
const DEADLOCK: &str = "40P01";
const NOT_NULL_VIOLATION: &str = "23502";

/// Whether the database refused the statement for its content: then nothing of it was done. Anything else, a lost
/// connection above all, leaves it unknown.
fn is_refusal(error: &sqlx::Error) -> bool {
    const CLASSES: [&str; 4] = ["21", "22", "23", "40"]; // cardinality, data, integrity, rollback
    let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code);
    code.is_some_and(|code| CLASSES.iter().any(|class| code.starts_with(class)))
}

/// What an error of the database means for an append, told by the constraint that it names.
fn classify(error: &Arc<sqlx::Error>, append: &Append) -> AppendError {
    let other = || LogError::Database(Arc::clone(error)).into();
    let Some(database) = error.as_database_error() else { return other() };
    match (database.constraint(), database.code().as_deref()) {
        (Some("events_stream_sequence" | "streams_pkey" | "keys_pkey"), _)
        | (_, Some(SERIALIZATION_FAILURE | DEADLOCK)) => AppendError::Conflict,
        // The head was not where the stream was loaded: loading again tells whether it moved on or was tampered with.
        (_, Some(NOT_NULL_VIOLATION)) if database.table() == Some("streams") => AppendError::Conflict,
        (_, Some(NOT_NULL_VIOLATION)) if database.table() == Some("keys") => AppendError::Erased,
        (Some("commands_key"), _) => AppendError::CommandRecorded,
        (Some("reservations_value"), _) => {
            let kinds: Vec<_> = append.reservations.iter().map(|(kind, _)| kind.replace('_', " ")).collect();
            AppendError::Reserved { kind: kinds.join(" or ") }
        }
        _ => other(),
    }
}
