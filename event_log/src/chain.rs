//! The hash chain: each event of a stream carries a hash over itself and the hash before it.
//!
//! `hash = SHA-256("casestream/event/1" || previous || fields)`, where every field is prefixed by its length as 8
//! bytes, big-endian: aggregate type, aggregate id, sequence (8 bytes), event type, event version, recorded time
//! (microseconds since 1970, 8 bytes), metadata, payload. The last two are the stored bytes; texts in them are
//! ciphertext, so destroying a key leaves every hash valid. The first event's previous hash is 32 zero bytes.

use domain::Timestamp;
use ring::digest::{Context, SHA256};

use crate::StreamId;

/// A hash of the chain.
pub type Hash = [u8; 32];

/// What the first event of a stream follows.
pub const GENESIS: Hash = [0; 32];

/// An event as stored, without its position.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredEvent {
    /// Its place in its stream, from 1.
    pub sequence: i64,
    /// Its type's name.
    pub event_type: String,
    /// Its type's schema version.
    pub event_version: String,
    /// When it was recorded.
    pub recorded_at: Timestamp,
    /// The metadata's bytes.
    pub metadata: String,
    /// The payload's bytes.
    pub payload: String,
}

/// The hash of an event that follows `previous`.
#[must_use]
pub fn hash(stream: &StreamId, previous: &Hash, event: &StoredEvent) -> Hash {
    let mut context = Context::new(&SHA256);
    context.update(b"casestream/event/1");
    context.update(previous);
    let fields: [&[u8]; 8] = [
        stream.aggregate_type.as_bytes(),
        stream.aggregate_id.as_bytes(),
        &event.sequence.to_be_bytes(),
        event.event_type.as_bytes(),
        event.event_version.as_bytes(),
        &event.recorded_at.timestamp_micros().to_be_bytes(),
        event.metadata.as_bytes(),
        event.payload.as_bytes(),
    ];
    for field in fields {
        context.update(&(field.len() as u64).to_be_bytes());
        context.update(field);
    }
    context.finish().as_ref().try_into().expect("SHA-256 is 32 bytes long")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event() -> StoredEvent {
        StoredEvent {
            sequence: 1,
            event_type: "TakenUp".into(),
            event_version: "1".into(),
            recorded_at: Timestamp::from_timestamp_micros(1_750_000_000_000_000).expect("in range"),
            metadata: "{}".into(),
            payload: "{\"a\":1}".into(),
        }
    }

    #[test]
    fn every_part_of_the_envelope_counts() {
        let stream = StreamId { aggregate_type: "case".into(), aggregate_id: "1".into() };
        let base = hash(&stream, &GENESIS, &event());
        let altered = [
            hash(&StreamId { aggregate_id: "2".into(), ..stream.clone() }, &GENESIS, &event()),
            hash(&StreamId { aggregate_type: "cas".into(), aggregate_id: "e1".into() }, &GENESIS, &event()),
            hash(&stream, &[1; 32], &event()),
            hash(&stream, &GENESIS, &StoredEvent { sequence: 2, ..event() }),
            hash(
                &stream,
                &GENESIS,
                &StoredEvent { event_type: "TakenU".into(), event_version: "p1".into(), ..event() },
            ),
            hash(&stream, &GENESIS, &StoredEvent { recorded_at: Timestamp::UNIX_EPOCH, ..event() }),
            hash(&stream, &GENESIS, &StoredEvent { metadata: "{ }".into(), ..event() }),
            hash(&stream, &GENESIS, &StoredEvent { payload: "{\"a\": 1}".into(), ..event() }),
        ];
        assert!(altered.iter().all(|other| *other != base));
    }

    #[test]
    fn the_hash_is_the_documented_one() {
        let stream = StreamId { aggregate_type: "case".into(), aggregate_id: "1".into() };
        let mut bytes = b"casestream/event/1".to_vec();
        bytes.extend([0; 32]);
        for field in [
            b"case".as_slice(),
            b"1",
            &1_i64.to_be_bytes(),
            b"TakenUp",
            b"1",
            &1_750_000_000_000_000_i64.to_be_bytes(),
            b"{}",
            b"{\"a\":1}",
        ] {
            bytes.extend((field.len() as u64).to_be_bytes());
            bytes.extend(field);
        }
        let expected = ring::digest::digest(&SHA256, &bytes);
        assert_eq!(hash(&stream, &GENESIS, &event()), expected.as_ref());
    }
}
