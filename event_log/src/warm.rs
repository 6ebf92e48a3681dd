//! Streams as commands left them a moment ago, so that the next command on one folds only what came since.
//!
//! A head start, never an authority: an append goes in only if the stream's head still has the version and the hash that
//! are known here, and a load reads the head, the key and the events after the one that is known here, which must go on
//! from that hash up to the head's. Where they do not, the stream is read again from its first event. What is kept are
//! aggregates, which know no words, and the stream's key, wrapped. Whoever destroys that appends to the stream in the same
//! statement, so that it is never used afterwards.

use std::{any::Any, sync::Arc};

use quick_cache::{Weighter, sync::Cache};

use crate::{
    LogAggregate, StreamId,
    chain::{GENESIS, Hash},
};

/// How much memory the streams here take at most, by rough count.
const CAPACITY_BYTES: u64 = 64 * 1024 * 1024;
/// What a stream takes with one event, and what each further one adds, by rough count.
const STREAM_BYTES: u64 = 1_000;
const EVENT_BYTES: u64 = 50;

/// A stream up to one of its events.
pub(crate) struct Prefix<A> {
    /// The fold of its events.
    pub aggregate: Arc<A>,
    /// The sequence of the event.
    pub version: i64,
    /// The position of the event.
    pub position: i64,
    /// The hash of the event.
    pub last_hash: Hash,
    /// The stream's wrapped key.
    pub stream_key: Option<Vec<u8>>,
}

impl<A> Clone for Prefix<A> {
    fn clone(&self) -> Self {
        let Self { aggregate, version, position, last_hash, stream_key } = self;
        Self {
            aggregate: Arc::clone(aggregate),
            version: *version,
            position: *position,
            last_hash: *last_hash,
            stream_key: stream_key.clone(),
        }
    }
}

impl<A: Default> Default for Prefix<A> {
    fn default() -> Self {
        Self { aggregate: Arc::default(), version: 0, position: 0, last_hash: GENESIS, stream_key: None }
    }
}

/// The streams that are known. Clones share them.
#[derive(Clone)]
pub(crate) struct Warm(Arc<Cache<StreamId, Entry, ByVersion>>);

#[derive(Clone)]
struct Entry {
    version: i64,
    prefix: Arc<dyn Any + Send + Sync>,
}

#[derive(Clone)]
struct ByVersion;

impl Weighter<StreamId, Entry> for ByVersion {
    fn weight(&self, _: &StreamId, entry: &Entry) -> u64 {
        STREAM_BYTES + EVENT_BYTES * entry.version.unsigned_abs()
    }
}

impl Default for Warm {
    fn default() -> Self {
        let streams = usize::try_from(CAPACITY_BYTES / STREAM_BYTES).expect("a count of streams fits");
        Self(Arc::new(Cache::with_weighter(streams, CAPACITY_BYTES, ByVersion)))
    }
}

impl Warm {
    pub(crate) fn get<A: LogAggregate>(&self, stream: &StreamId) -> Option<Arc<Prefix<A>>> {
        self.0.get(stream)?.prefix.downcast().ok()
    }

    pub(crate) fn put<A: LogAggregate>(&self, stream: StreamId, prefix: Prefix<A>) {
        self.0.insert(stream, Entry { version: prefix.version, prefix: Arc::new(prefix) });
    }

    pub(crate) fn forget(&self, stream: &StreamId) {
        self.0.remove(stream);
    }
}
