//! The log in order. Whoever reads it reads up to the safe position and no further (see [`crate::gate`]).

use std::collections::HashMap;

use domain::{KeyId, Metadata, Timestamp};
use sqlx::{FromRow, PgConnection};
use uuid::Uuid;

use crate::{
    AnyEvent, Codec, DecodeError, LogError, StreamId,
    codec::{self, StreamKeys},
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

    /// Reads it for those who need no words: its texts stay sealed, and look as erased ones do.
    #[must_use]
    pub fn without_words(&self, codec: &Codec) -> FeedEvent {
        open(codec, self, &HashMap::new(), &StreamKeys::default())
    }
}

/// Which events to read: of some kinds of aggregates, after one position up to another, the first `limit` of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span<'a> {
    /// The kinds.
    pub aggregate_types: &'a [&'a str],
    /// After which position.
    pub after: i64,
    /// Up to which, which must be safe to read.
    pub up_to: i64,
    /// How many at most.
    pub limit: i64,
}

/// An event of the log as stored, with its stream's key and those of its own texts, as far as they are there.
#[derive(FromRow)]
pub(crate) struct SealedEvent {
    #[sqlx(flatten)]
    raw: RawEvent,
    #[sqlx(flatten)]
    keys: EventKeys,
}

/// An event of one of several parts.
#[derive(FromRow)]
struct PlacedEvent {
    place: i64,
    #[sqlx(flatten)]
    event: RawEvent,
}

/// The wrapped keys of an event's texts and of its stream, side by side.
#[derive(FromRow)]
struct EventKeys {
    key_ids: Option<Vec<Uuid>>,
    wrapped: Option<Vec<Vec<u8>>>,
}

impl EventKeys {
    fn iter(&self) -> impl Iterator<Item = (KeyId, &[u8])> + Clone {
        let ids = self.key_ids.iter().flatten().map(|id| KeyId(*id));
        ids.zip(self.wrapped.iter().flatten().map(Vec::as_slice))
    }
}

/// The keys of an event, beside it.
const WITH_KEYS: &str = "left join lateral (
        select array_agg(keys.key_id) as key_ids, array_agg(keys.wrapped) as wrapped from keys
        where keys.aggregate_type = event.aggregate_type and keys.aggregate_id = event.aggregate_id
            and keys.sequence in (0, event.sequence)
    ) as key on true";

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

/// Which events of a stream to read: those after a place in it, the first `limit` of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartOfStream {
    /// The stream.
    pub stream: StreamId,
    /// After which place, counted from 1.
    pub after: i64,
    /// How many at most.
    pub limit: i64,
}

/// Reads parts of streams as stored, in one statement: the events of each, in their order.
///
/// # Errors
/// [`LogError::Database`].
pub async fn read_raw_parts(conn: &mut PgConnection, parts: &[PartOfStream]) -> Result<Vec<Vec<RawEvent>>, LogError> {
    let sql = format!(
        "select part.place, event.*
         from unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[]) with ordinality
             as part (of_type, of_id, after, size, place)
         cross join lateral (
             select {COLUMNS} from events
             where aggregate_type = part.of_type and aggregate_id = part.of_id and sequence > part.after
             order by sequence limit part.size
         ) as event
         order by part.place, event.sequence"
    );
    let found: Vec<PlacedEvent> = sqlx::query_as(&sql)
        .bind(parts.iter().map(|part| part.stream.aggregate_type.as_str()).collect::<Vec<_>>())
        .bind(parts.iter().map(|part| part.stream.aggregate_id.as_str()).collect::<Vec<_>>())
        .bind(parts.iter().map(|part| part.after).collect::<Vec<_>>())
        .bind(parts.iter().map(|part| part.limit).collect::<Vec<_>>())
        .fetch_all(conn)
        .await?;
    let mut events: Vec<_> = parts.iter().map(|_| vec![]).collect();
    for PlacedEvent { place, event } in found {
        events[usize::try_from(place - 1).expect("ordinals count from 1")].push(event);
    }
    Ok(events)
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
    let sql = sealed("position > $1 and position <= $2 order by position limit $3");
    let events: Vec<_> = sqlx::query_as(&sql).bind(after).bind(up_to).bind(limit).fetch_all(conn).await?;
    Ok(open_all(codec, &events))
}

/// Reads a span of the log with the texts open.
///
/// # Errors
/// As [`read_page`].
pub async fn read_span(
    conn: &mut PgConnection,
    codec: &Codec,
    Span { aggregate_types, after, up_to, limit }: Span<'_>,
) -> Result<Vec<FeedEvent>, LogError> {
    let sql = sealed("position > $1 and position <= $2 and aggregate_type = any($4) order by position limit $3");
    let events: Vec<_> =
        sqlx::query_as(&sql).bind(after).bind(up_to).bind(limit).bind(aggregate_types).fetch_all(conn).await?;
    Ok(open_all(codec, &events))
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
    let sql = sealed("aggregate_type = $1 and aggregate_id = $2");
    let events: Vec<_> =
        sqlx::query_as(&sql).bind(&stream.aggregate_type).bind(&stream.aggregate_id).fetch_all(conn).await?;
    Ok(open_all(codec, &events))
}

/// Reads the events at some places of a stream, counted from 1, with their texts open.
///
/// # Errors
/// As [`read_page`].
pub async fn read_places(
    conn: &mut PgConnection,
    codec: &Codec,
    stream: &StreamId,
    places: &[i64],
) -> Result<Vec<FeedEvent>, LogError> {
    let sql = sealed("aggregate_type = $1 and aggregate_id = $2 and sequence = any($3)");
    let query = sqlx::query_as(&sql).bind(&stream.aggregate_type).bind(&stream.aggregate_id).bind(places);
    let events: Vec<_> = query.fetch_all(conn).await?;
    Ok(open_all(codec, &events))
}

/// Reads all streams of a kind of which there are few, each from its first event, with the texts open.
///
/// # Errors
/// As [`read_page`].
pub async fn read_kind(
    conn: &mut PgConnection,
    codec: &Codec,
    aggregate_type: &str,
) -> Result<Vec<FeedEvent>, LogError> {
    let sql = sealed("aggregate_type = $1");
    let events: Vec<_> = sqlx::query_as(&sql).bind(aggregate_type).fetch_all(conn).await?;
    Ok(open_all(codec, &events))
}

/// Selects the events that a condition allows, each with its keys.
fn sealed(condition: &str) -> String {
    format!(
        "select * from (select {COLUMNS} from events where {condition}) as event {WITH_KEYS} order by event.position"
    )
}

/// The payloads of raw events with their texts open, for those who may read everything.
///
/// # Errors
/// [`LogError::Database`]. A payload that does not read is an error in its place, not of all.
pub async fn open_payloads(
    conn: &mut PgConnection,
    codec: &Codec,
    events: &[RawEvent],
) -> Result<Vec<Result<serde_json::Value, LogError>>, LogError> {
    let sql = format!(
        "select key_ids, wrapped
         from unnest($1::text[], $2::text[], $3::bigint[]) with ordinality
             as event (aggregate_type, aggregate_id, sequence, place)
         {WITH_KEYS}
         order by event.place"
    );
    let keys: Vec<EventKeys> = sqlx::query_as(&sql)
        .bind(events.iter().map(|event| event.aggregate_type.as_str()).collect::<Vec<_>>())
        .bind(events.iter().map(|event| event.aggregate_id.as_str()).collect::<Vec<_>>())
        .bind(events.iter().map(|event| event.sequence).collect::<Vec<_>>())
        .fetch_all(conn)
        .await?;
    let open = |(event, keys): (&RawEvent, EventKeys)| {
        let stream = event.stream();
        let keys = codec.open_keys(&stream, keys.iter());
        Codec::open_payload(&stream, &event.payload, &keys).map_err(|source| LogError::Unreadable {
            stream,
            sequence: event.sequence,
            source,
        })
    };
    Ok(events.iter().zip(keys).map(open).collect())
}

/// Opens events that were read with their keys. The key of a stream is opened once.
pub(crate) fn open_all(codec: &Codec, events: &[SealedEvent]) -> Vec<FeedEvent> {
    let mut wrapped: HashMap<StreamId, Vec<(KeyId, &[u8])>> = HashMap::new();
    for event in events.iter().filter(|event| codec::has_texts(&event.raw.payload)) {
        wrapped.entry(event.raw.stream()).or_default().extend(event.keys.iter());
    }
    let open_keys = |(stream, keys): (StreamId, Vec<_>)| {
        let opened = codec.open_keys(&stream, keys);
        (stream, opened)
    };
    let keys: HashMap<StreamId, StreamKeys> = wrapped.into_iter().map(open_keys).collect();
    let none = StreamKeys::default();
    events.iter().map(|event| open(codec, &event.raw, &keys, &none)).collect()
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
