//! The log in order. Whoever reads it reads up to the safe position and no further (see [`crate::gate`]).

use std::collections::{HashMap, HashSet};

use domain::{KeyId, Metadata, Timestamp};
use sqlx::{FromRow, PgConnection};
use uuid::Uuid;

use crate::{
    AnyEvent, Codec, DecodeError, LogError, StreamId,
    codec::{self, StreamKeys},
    keys::stream_key_id,
};

/// An event of the log, read.
#[derive(Clone, Debug)]
pub struct FeedEvent {
    /// Its place in the log.
    pub position: i64,
    /// Its stream.
    pub stream: StreamId,
    /// Its place in its stream.
    pub sequence: i64,
    /// When it was recorded.
    pub recorded_at: Timestamp,
    /// What happened, with its texts open, and who did it; or why that cannot be read.
    pub event: Result<(AnyEvent, Metadata), DecodeError>,
}

/// An event of the log as stored.
#[derive(Clone, Debug, FromRow)]
pub struct RawEvent {
    /// Its place in the log.
    pub position: i64,
    /// The kind of aggregate.
    pub aggregate_type: String,
    /// Which one.
    pub aggregate_id: String,
    /// Its place in its stream.
    pub sequence: i64,
    /// Its type's name.
    pub event_type: String,
    /// Its type's schema version.
    pub event_version: String,
    /// The payload's bytes, texts sealed.
    pub payload: String,
    /// The metadata's bytes.
    pub metadata: String,
    /// When it was recorded.
    pub recorded_at: Timestamp,
    /// Its hash.
    pub hash: Vec<u8>,
}

impl RawEvent {
    /// Its stream.
    #[must_use]
    pub fn stream(&self) -> StreamId {
        StreamId { aggregate_type: self.aggregate_type.clone(), aggregate_id: self.aggregate_id.clone() }
    }
}

#[derive(FromRow)]
struct KeyRow {
    key_id: Uuid,
    aggregate_type: String,
    aggregate_id: String,
    wrapped: Vec<u8>,
}

const COLUMNS: &str = "position, aggregate_type, aggregate_id, sequence, event_type, event_version, \
                       payload::text as payload, metadata::text as metadata, recorded_at, hash";

/// Reads the next events of the log as stored: those after `after`, up to `up_to`, at most `limit`, in order.
///
/// # Errors
/// [`LogError::Database`].
pub async fn read_raw_page(
    conn: &mut PgConnection,
    after: i64,
    up_to: i64,
    limit: i64,
) -> Result<Vec<RawEvent>, LogError> {
    let sql = format!("select {COLUMNS} from events where position > $1 and position <= $2 order by position limit $3");
    Ok(sqlx::query_as(&sql).bind(after).bind(up_to).bind(limit).fetch_all(conn).await?)
}

/// Reads a stream as stored, from its first event.
///
/// # Errors
/// [`LogError::Database`].
pub async fn read_raw_stream(conn: &mut PgConnection, stream: &StreamId) -> Result<Vec<RawEvent>, LogError> {
    let sql = format!("select {COLUMNS} from events where aggregate_type = $1 and aggregate_id = $2 order by sequence");
    Ok(sqlx::query_as(&sql).bind(&stream.aggregate_type).bind(&stream.aggregate_id).fetch_all(conn).await?)
}

/// Reads the next events of the log with their texts open.
///
/// # Errors
/// [`LogError::Database`]. An event that cannot be read is an error in its place, not of the page.
pub async fn read_page(
    conn: &mut PgConnection,
    codec: &Codec,
    after: i64,
    up_to: i64,
    limit: i64,
) -> Result<Vec<FeedEvent>, LogError> {
    let events = read_raw_page(conn, after, up_to, limit).await?;
    open_all(conn, codec, events).await
}

/// Reads the next events of some kinds of aggregates, with their texts open.
///
/// # Errors
/// As [`read_page`].
pub async fn read_page_of(
    conn: &mut PgConnection,
    codec: &Codec,
    aggregate_types: &[&str],
    after: i64,
    up_to: i64,
    limit: i64,
) -> Result<Vec<FeedEvent>, LogError> {
    let sql = format!(
        "select {COLUMNS} from events where position > $1 and position <= $2 and aggregate_type = any($4)
         order by position limit $3"
    );
    let events = sqlx::query_as(&sql).bind(after).bind(up_to).bind(limit).bind(aggregate_types);
    let events = events.fetch_all(&mut *conn).await?;
    open_all(conn, codec, events).await
}

/// Reads a stream with its texts open.
///
/// # Errors
/// As [`read_page`].
pub async fn read_stream(
    conn: &mut PgConnection,
    codec: &Codec,
    stream: &StreamId,
) -> Result<Vec<FeedEvent>, LogError> {
    let events = read_raw_stream(conn, stream).await?;
    open_all(conn, codec, events).await
}

/// Opens events that were read as stored: the keys of all their texts come in one statement.
async fn open_all(conn: &mut PgConnection, codec: &Codec, events: Vec<RawEvent>) -> Result<Vec<FeedEvent>, LogError> {
    let keys = keys_of(conn, codec, &events).await?;
    let none = StreamKeys::default();
    Ok(events.iter().map(|event| open(codec, event, &keys, &none)).collect())
}

/// The payload of a raw event with its texts open, for those who may read everything.
///
/// # Errors
/// [`LogError`] when the payload does not read.
pub async fn open_payloads(
    conn: &mut PgConnection,
    codec: &Codec,
    events: &[RawEvent],
) -> Result<Vec<serde_json::Value>, LogError> {
    let keys = keys_of(conn, codec, events).await?;
    let none = StreamKeys::default();
    let open = |event: &RawEvent| {
        let stream = event.stream();
        Codec::open_payload(&stream, &event.payload, keys.get(&stream).unwrap_or(&none))
            .map_err(|source| LogError::Unreadable { stream, sequence: event.sequence, source })
    };
    events.iter().map(open).collect()
}

/// The keys of the texts that some events hold, opened.
async fn keys_of(
    conn: &mut PgConnection,
    codec: &Codec,
    events: &[RawEvent],
) -> Result<HashMap<StreamId, StreamKeys>, LogError> {
    let mut wanted: HashSet<Uuid> = HashSet::new();
    for event in events {
        let texts = codec::key_ids(&event.payload);
        if !texts.is_empty() {
            wanted.insert(stream_key_id(&event.stream()).0);
            wanted.extend(texts.into_iter().map(|KeyId(id)| id));
        }
    }
    if wanted.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<KeyRow> =
        sqlx::query_as("select key_id, aggregate_type, aggregate_id, wrapped from keys where key_id = any($1)")
            .bind(wanted.into_iter().collect::<Vec<_>>())
            .fetch_all(conn)
            .await?;
    let mut by_stream: HashMap<StreamId, Vec<(KeyId, Vec<u8>)>> = HashMap::new();
    for KeyRow { key_id, aggregate_type, aggregate_id, wrapped } in rows {
        by_stream.entry(StreamId { aggregate_type, aggregate_id }).or_default().push((KeyId(key_id), wrapped));
    }
    let open = |(stream, keys): (StreamId, Vec<(KeyId, Vec<u8>)>)| {
        let opened = codec.open_keys(&stream, keys.iter().map(|(id, wrapped)| (*id, wrapped.as_slice())));
        (stream, opened)
    };
    Ok(by_stream.into_iter().map(open).collect())
}

fn open(codec: &Codec, event: &RawEvent, keys: &HashMap<StreamId, StreamKeys>, none: &StreamKeys) -> FeedEvent {
    let stream = event.stream();
    // Where there is no sealed text, there is nothing to open.
    let keys = if codec::has_texts(&event.payload) { keys.get(&stream).unwrap_or(none) } else { none };
    let read = || {
        let decoded = codec.decode_any(&stream, &event.event_type, &event.event_version, &event.payload, keys)?;
        let metadata = serde_json::from_str(&event.metadata)
            .map_err(|error| DecodeError::Damaged { reason: format!("its metadata does not read: {error}") })?;
        Ok((decoded, metadata))
    };
    let (position, sequence, recorded_at) = (event.position, event.sequence, event.recorded_at);
    FeedEvent { position, sequence, recorded_at, event: read(), stream }
}
