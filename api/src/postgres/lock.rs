//! The two lock files by which several casestreams share one private PostgreSQL.
//!
//! The operating system releases them however a process ends, so neither can be left behind.

use std::{
    fs::{File, OpenOptions, TryLockError},
    time::Duration,
};

use tokio::time::{Instant, sleep};

use super::{
    DatabaseError,
    data_folder::{DataFolder, no_rights},
};

/// How long to wait for another casestream that starts or stops the cluster: recovery after a crash can take minutes.
const PATIENCE: Duration = Duration::from_mins(5);
const POLL: Duration = Duration::from_millis(50);

/// Held while the cluster is made, started or stopped; at most one at a time.
#[derive(Debug)]
pub(super) struct StartingLock {
    _file: File,
}

impl StartingLock {
    /// Waits until nobody else starts or stops the cluster.
    ///
    /// # Errors
    /// [`DatabaseError::Busy`] after five minutes, [`DatabaseError::NoRights`].
    pub(super) async fn take(folder: &DataFolder) -> Result<Self, DatabaseError> {
        let path = folder.file("starting.lock");
        let file = open(folder, "starting.lock")?;
        let deadline = Instant::now() + PATIENCE;
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Self { _file: file }),
                Err(TryLockError::Error(source)) => return Err(no_rights(&path, source)),
                Err(TryLockError::WouldBlock) if Instant::now() >= deadline => {
                    return Err(DatabaseError::Busy {
                        path: folder.root().to_owned(),
                        waited_seconds: PATIENCE.as_secs(),
                    });
                }
                Err(TryLockError::WouldBlock) => sleep(POLL).await,
            }
        }
    }
}

/// Held by everybody who uses the cluster.
#[derive(Debug)]
pub(super) struct InUseLock {
    file: File,
}

impl InUseLock {
    /// Notes that this process uses the cluster. Only to be called under the [`StartingLock`], under which nobody asks whether they
    /// are alone.
    ///
    /// # Errors
    /// [`DatabaseError::NoRights`].
    pub(super) fn share(folder: &DataFolder, _starting: &StartingLock) -> Result<Self, DatabaseError> {
        let file = open(folder, "in-use.lock")?;
        file.lock_shared().map_err(|source| no_rights(&folder.file("in-use.lock"), source))?;
        Ok(Self { file })
    }

    /// Stops using the cluster; whether this process was its last user. Only to be called under the [`StartingLock`].
    pub(super) fn release(self, _starting: &StartingLock) -> bool {
        self.file.try_lock().is_ok()
    }
}

fn open(folder: &DataFolder, name: &str) -> Result<File, DatabaseError> {
    let path = folder.file(name);
    OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&path)
        .map_err(|source| no_rights(folder.root(), source))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_the_last_user_learns_that_it_is_the_last() {
        let root = tempfile::tempdir().unwrap();
        let folder = DataFolder::prepare(root.path()).unwrap();
        let starting = StartingLock::take(&folder).await.unwrap();
        let first = InUseLock::share(&folder, &starting).unwrap();
        let second = InUseLock::share(&folder, &starting).unwrap();
        assert!(!first.release(&starting));
        assert!(second.release(&starting));
    }
}
