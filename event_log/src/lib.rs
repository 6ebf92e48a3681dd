//! The log: an append-only table of sealed, hash-chained events on PostgreSQL.
//!
//! | file | what it holds |
//! |---|---|
//! | [`keys`] | the master key and what is derived from it; wrapping and sealing |
//! | [`codec`] | an event to bytes and back: sealed on the way in, opened on the way out |
//! | [`chain`] | the hash that ties an event to all before it |
//! | [`load`] | a stream, and what came of a command before, in one statement |
//! | `warm` | what the last commands on a stream knew of it, for the next one to go on from |
//! | [`statements`], [`together`] | connections for single statements, and statements that several calls share |
//! | [`append`] | events, head, command record, reservations and keys, in one statement |
//! | `reserved` | which stream has a value that only one may have |
//! | [`execute`] | load, decide, append; again when somebody was faster |
//! | [`gate`] | how far readers may go without losing a late committer |
//! | `tail` | the last moments of the log, read once for all who follow it |
//! | [`files`] | the keys of files, made before their events |
//! | [`erase`] | the end of the keys of all that a person has in it |
//! | [`mod@exchange`] | another master key, and all that is sealed sealed anew |
//! | [`feed`] | the log in order, page by page |
//! | [`mod@verify`] | the proof that nothing was altered |
//! | [`store`] | the log as an event store of `cqrs-es` |
//!
//! Used of `cqrs-es`: its contract (aggregates, events, envelopes, store, upcasters, test kit). Not used: the
//! stock PostgreSQL repository for writing, whose one INSERT per event returns no position and reports every unique
//! violation as a conflict; its snapshots; its streams and views. `docs/decisions/` has the proofs.

pub mod append;
pub mod chain;
pub mod codec;
pub mod erase;
pub mod exchange;
pub mod execute;
pub mod feed;
pub mod files;
pub mod gate;
pub mod keys;
pub mod load;
mod reserved;
pub mod statements;
pub mod store;
pub mod stream;
mod tail;
pub mod together;
pub mod verify;
mod warm;

use std::sync::Arc;

use domain::{Fingerprint, KeyId, Line, PersonId, PlainText, Sealed, case::CaseNumber};
use sqlx::PgPool;

pub use append::{AppendError, AppendOptions, Appended, Reservation, StreamAppend};
pub use codec::{AnyEvent, Codec, DecodeError};
pub use erase::{EraseError, Erasure, Words};
pub use exchange::{Exchanged, SealedColumn};
pub use execute::{CommandRecord, Execute, ExecuteError, Executed, MAX_ATTEMPTS};
pub use feed::{
    FeedEvent, PartOfStream, RawEvent, Span, read_kind, read_page, read_places, read_raw_page, read_raw_parts,
    read_span, read_stream,
};
pub use files::{FileKey, StoredFile};
pub use gate::{Tailer, safe_position_now};
pub use keys::{DataKey, MASTER_KEYS, MasterKey, Sealing};
pub use load::{Envelope, Loaded, RecordedCommand};
pub use stream::{LogAggregate, LogEvent, StreamId};
pub use verify::{Verification, verify};

use append::Appending;
use execute::Turns;
use load::Loading;
use statements::Statements;
use together::Lost;
use warm::Warm;

/// The migrations of the log and of what stands beside it, embedded in the binary.
pub static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("../migrations");

/// Why the log did not answer.
#[derive(Clone, Debug, thiserror::Error)]
pub enum LogError {
    /// The database refused or is gone.
    #[error("the database did not answer as it should")]
    Database(#[source] Arc<sqlx::Error>),
    /// A stream is not what was recorded.
    #[error("stream {stream} is damaged at event {sequence}: {reason}; run `casestream verify`")]
    Damaged {
        /// The stream.
        stream: StreamId,
        /// The first event that does not fit.
        sequence: i64,
        /// What does not.
        reason: String,
    },
    /// An event that this binary cannot read.
    #[error("event {sequence} of stream {stream} cannot be read")]
    Unreadable {
        /// The stream.
        stream: StreamId,
        /// The event.
        sequence: i64,
        /// Why not.
        #[source]
        source: DecodeError,
    },
    /// The database was sealed with another master key.
    #[error(
        "the master key is not the one that this database was sealed with: put the right key file back, with all of its lines; \
         without it the texts in the log cannot be read by anybody"
    )]
    WrongMasterKey,
}

impl From<sqlx::Error> for LogError {
    fn from(error: sqlx::Error) -> Self {
        Self::Database(Arc::new(error))
    }
}

impl From<Lost> for LogError {
    fn from(_: Lost) -> Self {
        sqlx::Error::WorkerCrashed.into()
    }
}

/// The log of one database, opened with its master key.
#[derive(Clone)]
pub struct EventLog {
    pool: PgPool,
    codec: Codec,
    loading: Loading,
    appending: Appending,
    turns: Arc<Turns>,
    warm: Warm,
}

impl EventLog {
    /// Opens the log. The pool's connections must be allowed to write to it.
    #[must_use]
    pub fn new(pool: PgPool, master: Arc<MasterKey>) -> Self {
        let statements = Statements::new(pool.clone());
        let (loading, appending) = (Loading::new(statements.clone()), Appending::new(statements));
        Self { pool, codec: Codec::new(master), loading, appending, turns: Arc::default(), warm: Warm::default() }
    }

    /// The pool that the log writes through.
    #[must_use]
    pub fn pool(&self) -> &PgPool {
        &self.pool
    }

    /// What seals and opens its events.
    #[must_use]
    pub fn codec(&self) -> &Codec {
        &self.codec
    }

    /// A keyed hash of a value, equal for equal values of the same kind and useless without the master key.
    #[must_use]
    pub fn fingerprint(&self, kind: &str, value: &str) -> Fingerprint {
        self.codec.master().fingerprint(kind, value)
    }

    /// Puts a line about somebody under a key. Its fingerprint tells it from other lines of its kind about the same one.
    #[must_use]
    pub fn line(&self, kind: &str, key: KeyId, subject: PersonId, text: PlainText) -> Line {
        let fingerprint = self.fingerprint(kind, &format!("{subject}\n{}", text.as_str()));
        Line { fingerprint, text: Sealed::new(key, subject, text) }
    }

    /// A key for one purpose outside the log, from which neither the master key nor any other purpose's follows.
    #[must_use]
    pub fn derive_key(&self, purpose: &str) -> [u8; keys::KEY_BYTES] {
        self.codec.master().derive(purpose)
    }

    /// What seals for one purpose outside the log, and opens what was sealed under earlier master keys, too.
    #[must_use]
    pub fn sealing(&self, purpose: &str) -> Sealing {
        self.codec.master().sealing(purpose)
    }

    /// Makes sure that the master key is the one that this database was sealed with, and notes it on first use.
    ///
    /// # Errors
    /// [`LogError::WrongMasterKey`], and [`LogError::Database`].
    pub async fn check_master_key(&self) -> Result<(), LogError> {
        let fingerprint = self.codec.master().check_value();
        // One at a time: of two services that start first, with different keys, the second must see the first's.
        let mut tx = self.pool.begin().await?;
        sqlx::query("select pg_advisory_xact_lock(1129530195, 2)").execute(&mut *tx).await?;
        sqlx::query("insert into master_keys (fingerprint) select $1 where not exists (select from master_keys)")
            .bind(fingerprint.as_slice())
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        let known: bool = sqlx::query_scalar("select exists (select from master_keys where fingerprint = $1)")
            .bind(fingerprint.as_slice())
            .fetch_one(&self.pool)
            .await?;
        if known { Ok(()) } else { Err(LogError::WrongMasterKey) }
    }

    /// The fingerprints of the master keys that the database knows, the first one first; none before it was first opened.
    ///
    /// # Errors
    /// [`LogError::Database`].
    pub async fn known_master_keys(pool: &PgPool) -> Result<Vec<Vec<u8>>, LogError> {
        Ok(sqlx::query_scalar("select fingerprint from master_keys order by since").fetch_all(pool).await?)
    }

    /// Draws numbers for new cases, in rising order.
    ///
    /// # Errors
    /// [`LogError::Database`].
    pub async fn next_case_numbers(&self, count: i64) -> Result<Vec<CaseNumber>, LogError> {
        let numbers: Vec<i64> = sqlx::query_scalar("select nextval('case_numbers') from generate_series(1, $1)")
            .bind(count)
            .fetch_all(&self.pool)
            .await?;
        Ok(numbers.into_iter().map(CaseNumber).collect())
    }
}
