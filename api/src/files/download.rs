//! The bytes of one file, from the store into the answer, opened piece by piece.

use std::{ops::RangeInclusive, sync::Arc};

use axum::body::Body;
use bytes::{Bytes, BytesMut};
use domain::KeyId;
use event_log::DataKey;
use futures_util::{StreamExt as _, stream};

use super::{
    FileStore, FileStoreError,
    seal::{Damaged, PIECE_BYTES, Pieces, SEALED_PIECE_BYTES, pieces, sealed_bytes},
};

/// Why a file cannot be served, although its case has it.
#[derive(Debug, thiserror::Error)]
pub enum DownloadError {
    /// Its bytes are gone.
    #[error("the stored file {key_id} is missing")]
    Missing {
        /// Names it in the store.
        key_id: KeyId,
    },
    /// It has not the length that it was stored with.
    #[error("the stored file {key_id} has {found} bytes and not {expected}: it was cut or replaced")]
    Length {
        /// Names it in the store.
        key_id: KeyId,
        /// How many bytes it should take.
        expected: u64,
        /// How many it takes.
        found: u64,
    },
    /// A piece of it does not open.
    #[error("of the stored file {key_id}: {damaged}")]
    Damaged {
        /// Names it in the store.
        key_id: KeyId,
        /// Which piece.
        damaged: Damaged,
    },
    /// The store failed.
    #[error(transparent)]
    Store(#[from] FileStoreError),
}

/// Pieces that are read at once.
const PIECES_AT_ONCE: u64 = 4;

/// A stored file, to be opened.
pub struct Sealed {
    store: FileStore,
    key_id: KeyId,
    pieces: Pieces,
    size_bytes: u64,
}

impl Sealed {
    /// The file under a key.
    #[must_use]
    pub fn new(store: FileStore, key_id: KeyId, key: &DataKey, size_bytes: u64) -> Self {
        Self { store, key_id, pieces: Pieces::new(key_id, key), size_bytes }
    }

    /// Opens a part of the file: its length is checked and its first bytes are open when this answers, so that damage that
    /// can be known at once is said in place of the file. Damage further on breaks the answer off.
    ///
    /// # Errors
    /// [`DownloadError`].
    pub async fn part(self, range: RangeInclusive<u64>) -> Result<Body, DownloadError> {
        let (key_id, expected) = (self.key_id, sealed_bytes(self.size_bytes));
        match self.store.stored_bytes(key_id).await? {
            Some(found) if found == expected => {}
            Some(found) => return Err(DownloadError::Length { key_id, expected, found }),
            None => return Err(DownloadError::Missing { key_id }),
        }
        let sealed = Arc::new(self);
        let (first, last) = (*range.start() / PIECE_BYTES as u64, *range.end() / PIECE_BYTES as u64);
        let mut next = (first + PIECES_AT_ONCE).min(last + 1);
        let beginning = sealed.open(first..next, &range).await?;
        let rest = stream::poll_fn({
            let mut pending = None;
            move |context| {
                if pending.is_none() {
                    if next > last {
                        return std::task::Poll::Ready(None);
                    }
                    let (numbers, range, sealed) =
                        (next..(next + PIECES_AT_ONCE).min(last + 1), range.clone(), Arc::clone(&sealed));
                    next = numbers.end;
                    pending = Some(Box::pin(async move { sealed.open(numbers, &range).await }));
                }
                let opening = pending.as_mut().expect("it was just set");
                let opened = std::task::ready!(opening.as_mut().poll(context));
                pending = None;
                if let Err(error) = &opened {
                    tracing::error!(error = super::causes(error), "a download broke off");
                    next = last + 1;
                }
                std::task::Poll::Ready(Some(opened))
            }
        });
        Ok(Body::from_stream(stream::iter([Ok(beginning)]).chain(rest)))
    }

    /// Opens these pieces; answers what of them is in the range.
    async fn open(&self, numbers: std::ops::Range<u64>, range: &RangeInclusive<u64>) -> Result<Bytes, DownloadError> {
        let (sealed_piece, last) = (SEALED_PIECE_BYTES as u64, pieces(self.size_bytes) - 1);
        let end = (numbers.end * sealed_piece).min(sealed_bytes(self.size_bytes));
        let mut sealed = BytesMut::from(self.store.read(self.key_id, numbers.start * sealed_piece..end).await?);
        let mut clear = BytesMut::with_capacity(sealed.len());
        for (number, piece) in numbers.zip(sealed.chunks_mut(SEALED_PIECE_BYTES)) {
            let opened = self.pieces.open(number, number == last, piece);
            let opened = opened.map_err(|damaged| DownloadError::Damaged { key_id: self.key_id, damaged })?;
            let begins = number * PIECE_BYTES as u64;
            let within = |at: u64| usize::try_from(at.saturating_sub(begins)).unwrap_or(PIECE_BYTES).min(opened.len());
            clear.extend_from_slice(&opened[within(*range.start())..within(range.end() + 1)]);
        }
        Ok(clear.freeze())
    }
}
