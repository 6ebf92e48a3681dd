//! Files: uploaded before they are attached, sealed as they come, served to those who see their case.
//!
//! | file | what it holds |
//! |---|---|
//! | [`kinds`] | which files are taken, told by name and content |
//! | [`seal`] | the form in which bytes are stored: sealed piece by piece, so that any range opens |
//! | [`store`] | where the bytes are |
//! | [`scanner`] | what a virus scanner says of them |
//! | [`stages`] | uploads that no case has yet |
//! | [`upload`] | the bytes of one upload, from the request into the store |
//! | [`download`] | the bytes of one file, from the store into the answer |
//! | [`range`] | which part of a file a request wants |
//! | [`routes`] | both over HTTP |
//! | [`sweep`] | what nobody has any more goes |
//!
//! A file's event is recorded only after its bytes are stored, under the key that the event brings. Whatever dies in
//! between leaves bytes that nothing points to, which the sweep finds; never an event without its bytes.

pub mod download;
pub mod kinds;
pub mod range;
pub mod routes;
pub mod scanner;
pub mod seal;
pub mod stages;
pub mod store;
pub mod sweep;
pub mod upload;

use std::{error::Error, sync::Arc};

use domain::KeyId;
use event_log::Reservation;
use tokio::sync::Semaphore;

pub use scanner::{Scanner, ScannerAddress};
pub use stages::{Staged, Stages};
pub use store::{FileStore, FileStoreError};

/// The kind of value that a file's event reserves, so that one upload comes into one case only.
pub const RESERVED: &str = "attachment";

/// The value that the event of the file under this key reserves.
#[must_use]
pub fn reservation(key_id: KeyId) -> Reservation {
    Reservation { kind: RESERVED, value: key_id.to_string() }
}

/// How much files may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileLimits {
    /// Bytes of one file.
    pub file_bytes: u64,
    /// Files of one case.
    pub per_case: usize,
    /// Bytes of all files of one account.
    pub account_bytes: u64,
}

impl Default for FileLimits {
    fn default() -> Self {
        Self { file_bytes: 25 << 20, per_case: domain::case::MAX_ATTACHMENTS, account_bytes: 10 << 30 }
    }
}

/// Files of one service: where they are, and how much they may take.
#[derive(Clone)]
pub struct Files {
    /// Where their bytes are.
    pub store: FileStore,
    /// How much they may take.
    pub limits: FileLimits,
    /// Room for uploads that are under way, each of which has some pieces in memory.
    pub room: Arc<Semaphore>,
    /// What scans them for viruses before they count as stored, where there is something that does.
    pub scanner: Option<Scanner>,
}

/// Uploads that are under way at once; further ones are told to come back.
const UPLOADS_AT_ONCE: usize = 64;

impl Files {
    /// The files in a store.
    #[must_use]
    pub fn new(store: FileStore, limits: FileLimits) -> Self {
        Self { store, limits, room: Arc::new(Semaphore::new(UPLOADS_AT_ONCE)), scanner: None }
    }

    /// The same, scanned for viruses.
    #[must_use]
    pub fn scanned_by(self, scanner: Option<Scanner>) -> Self {
        Self { scanner, ..self }
    }
}

/// An error and its causes, in one line for the log.
pub(crate) fn causes(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    text
}
