//! The proof that nothing was altered: every chain is computed again and compared, from the first event to the head.
//!
//! Positions are drawn when the row is inserted and are no part of the hash; they must rise within a stream up to the
//! one that its head knows. What a chain alone cannot see is a stream whose tail and head were cut back together, or
//! that was removed with its head, or two streams whose positions were exchanged without disturbing either order: for
//! that the whole log's end must be known from elsewhere.

use domain::Timestamp;
use futures_util::TryStreamExt;
use sqlx::{FromRow, PgPool};

use crate::{
    LogError, StreamId,
    chain::{self, GENESIS, Hash, StoredEvent},
};

/// What a verification found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verification {
    /// How many streams were checked.
    pub streams: u64,
    /// How many events.
    pub events: u64,
    /// The first event that is not as recorded, if any.
    pub first_bad: Option<BadEvent>,
}

/// An event that is not as it was recorded, or not there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadEvent {
    /// Its stream.
    pub stream: StreamId,
    /// Its place in its stream.
    pub sequence: i64,
    /// Its place in the log, when it is there.
    pub position: Option<i64>,
    /// What is wrong.
    pub reason: String,
}

#[derive(FromRow)]
struct Row {
    aggregate_type: String,
    aggregate_id: String,
    version: Option<i64>,
    last_hash: Option<Vec<u8>>,
    last_position: Option<i64>,
    position: Option<i64>,
    sequence: Option<i64>,
    event_type: Option<String>,
    event_version: Option<String>,
    payload: Option<String>,
    metadata: Option<String>,
    recorded_at: Option<Timestamp>,
    hash: Option<Vec<u8>>,
}

/// Checks every stream of the log; stops at the first bad event. `progress` hears of every thousandth event.
///
/// # Errors
/// [`LogError::Database`].
pub async fn verify(pool: &PgPool, mut progress: impl FnMut(u64)) -> Result<Verification, LogError> {
    let mut rows = sqlx::query_as::<_, Row>(
        "select aggregate_type, aggregate_id, s.version, s.last_hash, s.last_position, e.position, e.sequence,
                e.event_type, e.event_version, e.payload::text as payload, e.metadata::text as metadata, e.recorded_at, e.hash
         from streams s full join events e using (aggregate_type, aggregate_id)
         order by aggregate_type, aggregate_id, e.sequence",
    )
    .fetch(pool);
    let mut found = Verification { streams: 0, events: 0, first_bad: None };
    let mut current: Option<Walk> = None;
    while let Some(row) = rows.try_next().await? {
        let stream = StreamId { aggregate_type: row.aggregate_type.clone(), aggregate_id: row.aggregate_id.clone() };
        if current.as_ref().is_none_or(|walk| walk.stream != stream) {
            found.first_bad = current.take().and_then(Walk::end);
            found.streams += 1;
            current = Some(Walk::begin(stream, &row));
        }
        let walk = current.as_mut().expect("a walk was begun above");
        if found.first_bad.is_none() && row.sequence.is_some() {
            found.events += 1;
            found.first_bad = walk.step(row);
            if found.events.is_multiple_of(1000) {
                progress(found.events);
            }
        }
        if found.first_bad.is_some() {
            return Ok(found);
        }
    }
    found.first_bad = current.and_then(Walk::end);
    Ok(found)
}

/// One stream, event by event.
struct Walk {
    stream: StreamId,
    head: Option<Head>,
    sequence: i64,
    position: i64,
    hash: Hash,
}

struct Head {
    version: i64,
    hash: Vec<u8>,
    position: i64,
}

impl Walk {
    fn begin(stream: StreamId, row: &Row) -> Self {
        let head = match (row.version, &row.last_hash, row.last_position) {
            (Some(version), Some(hash), Some(position)) => Some(Head { version, hash: hash.clone(), position }),
            _ => None,
        };
        Self { stream, head, sequence: 0, position: 0, hash: GENESIS }
    }

    fn step(&mut self, row: Row) -> Option<BadEvent> {
        let position = row.position?;
        let (event, hash) = row.into_event()?;
        let bad = |sequence: i64, position, reason: &str| {
            let stream = self.stream.clone();
            Some(BadEvent { stream, sequence, position, reason: reason.to_owned() })
        };
        if event.sequence != self.sequence + 1 {
            return bad(self.sequence + 1, None, "it is missing");
        }
        let expected = chain::hash(&self.stream, &self.hash, &event);
        if hash != expected {
            return bad(event.sequence, Some(position), "its hash does not match its content and the events before it");
        }
        if position <= self.position {
            return bad(
                event.sequence,
                Some(position),
                "its place in the log is not after that of the event before it",
            );
        }
        self.sequence = event.sequence;
        self.position = position;
        self.hash = expected;
        None
    }

    /// The head must be the last event's.
    fn end(self) -> Option<BadEvent> {
        let (sequence, reason) = match &self.head {
            None => (1, "its stream has no head".to_owned()),
            Some(Head { version, .. }) if *version > self.sequence => {
                (self.sequence + 1, format!("it is missing: the stream's head is at event {version}"))
            }
            Some(Head { version, .. }) if *version < self.sequence => {
                (version + 1, format!("the stream's head is at event {version} and does not know of it"))
            }
            Some(Head { hash, .. }) if hash.as_slice() != self.hash => {
                (self.sequence, "its hash is not the one at the stream's head".to_owned())
            }
            Some(Head { position, .. }) if *position != self.position => {
                (self.sequence, "its place in the log is not the one at the stream's head".to_owned())
            }
            Some(_) => return None,
        };
        Some(BadEvent { stream: self.stream, sequence, position: None, reason })
    }
}

impl Row {
    fn into_event(self) -> Option<(StoredEvent, Vec<u8>)> {
        let event = StoredEvent {
            sequence: self.sequence?,
            event_type: self.event_type?,
            event_version: self.event_version?,
            recorded_at: self.recorded_at?,
            metadata: self.metadata?,
            payload: self.payload?,
        };
        Some((event, self.hash?))
    }
}
