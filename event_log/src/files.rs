//! The keys of files: made before the event that tells of a file, since its bytes are stored first.
//!
//! From the event on, a file's key is one of its stream's like a text's: it goes with removal, redaction and erasure.

use std::sync::Arc;

use domain::KeyId;
use uuid::Uuid;

use crate::{
    EventLog, LogError, StreamId,
    keys::{DataKey, stream_key_id},
};

/// A file's key, on its way into the stream that gets the file.
#[derive(Clone, Debug)]
pub struct FileKey {
    /// Its id, as the event names it.
    pub key_id: KeyId,
    /// The key.
    pub key: Arc<DataKey>,
}

/// A stored file: the key that it is sealed under, and the value that the stream that has it has reserved.
#[derive(Clone, Debug)]
pub struct StoredFile {
    /// The key.
    pub key_id: KeyId,
    /// The kind and value that are reserved with the file's event.
    pub reserved: (&'static str, String),
}

impl EventLog {
    /// Opens the key of a stream's file; nothing once it was destroyed.
    ///
    /// # Errors
    /// [`LogError::Database`].
    pub async fn file_key(&self, stream: &StreamId, key_id: KeyId) -> Result<Option<DataKey>, LogError> {
        let own = stream_key_id(stream);
        let rows: Vec<(Uuid, Vec<u8>)> = sqlx::query_as(
            "select key_id, wrapped from keys where aggregate_type = $1 and aggregate_id = $2 and key_id = any($3)",
        )
        .bind(&stream.aggregate_type)
        .bind(&stream.aggregate_id)
        .bind(vec![own.0, key_id.0])
        .fetch_all(self.pool())
        .await?;
        let wrapped =
            |wanted: KeyId| rows.iter().find(|(id, _)| *id == wanted.0).map(|(_, wrapped)| wrapped.as_slice());
        let stream_key = wrapped(own).and_then(|wrapped| self.codec().master().open_stream_key(stream, wrapped));
        Ok(stream_key.zip(wrapped(key_id)).and_then(|(stream_key, wrapped)| stream_key.unwrap_key(key_id, wrapped)))
    }

    /// Those of files whose key no stream has: never recorded, or destroyed since.
    ///
    /// # Errors
    /// [`LogError::Database`].
    pub async fn without_key(&self, files: &[StoredFile]) -> Result<Vec<KeyId>, LogError> {
        let value = |file: &StoredFile| self.fingerprint(file.reserved.0, &file.reserved.1).0.into_bytes();
        // The reservation says which stream it is, so that its keys are found by their index.
        let gone: Vec<Uuid> = sqlx::query_scalar(
            "select file.key_id
             from unnest($1::uuid[], $2::text[], $3::bytea[]) as file (key_id, kind, value)
             left join lateral (
                 select aggregate_type, aggregate_id from reservations
                 where kind = file.kind and value = file.value limit 1
             ) as stream on true
             where not exists (
                 select from keys
                 where keys.aggregate_type = stream.aggregate_type and keys.aggregate_id = stream.aggregate_id
                     and keys.key_id = file.key_id
             )",
        )
        .bind(files.iter().map(|file| file.key_id.0).collect::<Vec<_>>())
        .bind(files.iter().map(|file| file.reserved.0).collect::<Vec<_>>())
        .bind(files.iter().map(value).collect::<Vec<_>>())
        .fetch_all(self.pool())
        .await?;
        Ok(gone.into_iter().map(KeyId).collect())
    }

    /// Reserves a value for nobody, so that no stream gets it any more; answers whether none has it.
    ///
    /// # Errors
    /// [`LogError::Database`].
    pub async fn withhold(&self, kind: &str, value: &str) -> Result<bool, LogError> {
        let done = sqlx::query(
            "insert into reservations (kind, value, aggregate_type, aggregate_id) values ($1, $2, '', '')
             on conflict (kind, value) do nothing",
        )
        .bind(kind)
        .bind(self.fingerprint(kind, value).0.into_bytes())
        .execute(self.pool())
        .await?;
        Ok(done.rows_affected() > 0)
    }
}
