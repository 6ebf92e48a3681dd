//! What nobody has any more goes: uploads that were never attached, and the bytes of files whose key is gone.
//!
//! Every instance may sweep at any time. An upload that has expired is first withheld from all cases (see
//! [`event_log::EventLog::withhold`]), so that no command which is under way can still attach what is about to go.

use std::{collections::HashSet, time::Duration};

use domain::Timestamp;
use event_log::{EventLog, LogError, StoredFile};
use futures_util::TryStreamExt as _;

use super::{FileStoreError, Files, RESERVED, Stages, stages::TOKEN_LIFE};

/// What a sweep removed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// Uploads that nobody attached in time, or that a case has and that were not forgotten yet.
    pub uploads: u64,
    /// Stored files.
    pub files: u64,
    /// What killed processes left half-written.
    pub remains: u64,
}

/// The sweep did not come to its end; what it did stands, and the next one goes on.
#[derive(Debug, thiserror::Error)]
pub enum SweepError {
    /// The log did not answer.
    #[error(transparent)]
    Log(#[from] LogError),
    /// The store did not answer.
    #[error(transparent)]
    Store(#[from] FileStoreError),
    /// The database did not answer.
    #[error("the database did not answer as it should")]
    Database(#[from] sqlx::Error),
}

/// Files that are looked at in one statement.
const BATCH: usize = 1_000;

/// Sweeps once.
///
/// # Errors
/// [`SweepError`].
pub async fn sweep(files: &Files, stages: &Stages, log: &EventLog, now: Timestamp) -> Result<Swept, SweepError> {
    let age = TOKEN_LIFE.to_std().unwrap_or(Duration::MAX);
    Ok(Swept {
        uploads: forget_uploads(stages, log, now).await?,
        files: remove_files(files, stages, log, now).await?,
        remains: files.store.remove_remains(age).await?,
    })
}

/// Forgets uploads that have expired, and those that a case has: its stream has the key now.
async fn forget_uploads(stages: &Stages, log: &EventLog, now: Timestamp) -> Result<u64, SweepError> {
    let all = stages.all(now).await?;
    let begun: Vec<_> = all.iter().filter_map(|(_, key_id, _)| key_id.map(stored_file)).collect();
    let without: HashSet<_> = log.without_key(&begun).await?.into_iter().collect();
    let mut done = vec![];
    for (attachment, key_id, has_expired) in all {
        match key_id {
            Some(key_id) if !without.contains(&key_id) => done.push(attachment),
            Some(key_id) if has_expired => {
                log.withhold(RESERVED, &key_id.to_string()).await?;
                done.push(attachment);
            }
            None if has_expired => done.push(attachment),
            Some(_) | None => {}
        }
    }
    stages.forget(&done).await?;
    Ok(done.len() as u64)
}

/// Removes the stored files that are neither staged nor under a key of some stream.
async fn remove_files(files: &Files, stages: &Stages, log: &EventLog, now: Timestamp) -> Result<u64, SweepError> {
    let mut removed = 0;
    let mut batches = files.store.list().try_chunks(BATCH);
    while let Some(batch) = batches.try_next().await.map_err(|error| error.1)? {
        // In this order: an upload becomes a case's before it is forgotten.
        let staged: HashSet<_> = stages.all(now).await?.into_iter().filter_map(|(_, key_id, _)| key_id).collect();
        let others: Vec<_> = batch.into_iter().filter(|key_id| !staged.contains(key_id)).map(stored_file).collect();
        for key_id in log.without_key(&others).await? {
            files.store.remove(key_id).await?;
            removed += 1;
        }
    }
    Ok(removed)
}

fn stored_file(key_id: domain::KeyId) -> StoredFile {
    StoredFile { key_id, reserved: (RESERVED, key_id.to_string()) }
}
