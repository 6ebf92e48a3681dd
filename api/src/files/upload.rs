//! The bytes of one upload, from the request into the store: never more of them in memory than a few pieces.

use std::time::Duration;

use axum::body::{Body, BodyDataStream};
use domain::case::Sha256;
use futures_util::StreamExt as _;
use ring::digest::{Context, SHA256};

use super::{
    FileStoreError, Files, Stages,
    download::{DownloadError, Sealed},
    kinds::{self, KindError, SNIFFED_BYTES},
    scanner::{ScanError, Verdict},
    seal::{PIECE_BYTES, Pieces},
    stages::{Begun, TOKEN_LIFE},
    store::Writing,
};
use crate::{clock::Clock, http::discard};

/// An upload that is stored.
#[derive(Clone, Debug)]
pub struct Stored {
    /// The digest of its bytes.
    pub sha256: Sha256,
}

/// Why an upload is not stored. Nothing of its bytes is left then.
#[derive(Debug, thiserror::Error)]
pub enum UploadError {
    /// More or fewer bytes than were announced.
    #[error("the file was announced with {announced} bytes and {} came: stage it again with its size", came(*.more))]
    Size {
        /// How many were announced.
        announced: u64,
        /// Whether more came, rather than fewer.
        more: bool,
    },
    /// It is not what its name says.
    #[error(transparent)]
    Kind(#[from] KindError),
    /// The virus scanner found something.
    #[error("the virus scanner does not let this file through; nothing of it was kept")]
    Infected,
    /// The virus scanner did not say that there is nothing to be found. The token is still good.
    #[error(transparent)]
    Unscanned(#[from] ScanError),
    /// What was stored could not be read for the virus scanner.
    #[error(transparent)]
    ReadBack(#[from] DownloadError),
    /// The client stopped sending.
    #[error("the request body broke off")]
    BrokeOff(#[source] axum::Error),
    /// It took longer than a token is good for.
    #[error("the upload took too long: stage it again")]
    TooLate,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] FileStoreError),
    /// The database failed.
    #[error("the database did not answer as it should")]
    Database(#[from] sqlx::Error),
}

fn came(more: bool) -> &'static str {
    if more { "more" } else { "fewer" }
}

/// Stores the bytes of an upload that was begun. Runs to its end whoever waits for it, so that a client that leaves does
/// not leave half of it: in a task of its own.
///
/// # Errors
/// [`UploadError`]; its bytes are gone, and the upload is forgotten, unless it could not be scanned.
pub async fn receive(
    files: &Files,
    stages: &Stages,
    clock: &Clock,
    begun: &Begun,
    body: Body,
) -> Result<Stored, UploadError> {
    let longest = TOKEN_LIFE.to_std().unwrap_or(Duration::MAX);
    let mut incoming = Incoming::new(body, begun.size_bytes);
    let received = tokio::time::timeout(longest, store(files, begun, &mut incoming)).await;
    let outcome = match received.unwrap_or(Err(UploadError::TooLate)) {
        Ok(sha256) => note(files, stages, clock, begun, sha256).await,
        Err(error) => Err(error),
    };
    match &outcome {
        // Whether it is noted as stored is unknown when the database failed: then only the sweep may take it away.
        Ok(_) | Err(UploadError::Database(_)) => {}
        Err(UploadError::Unscanned(_)) => {
            remove(files, begun).await;
            if let Err(error) = stages.give_back(begun).await {
                tracing::warn!(%error, "an upload that could not be scanned must be announced again");
            }
        }
        Err(_) => {
            undo(files, stages, begun).await;
            discard(Body::from_stream(incoming.body));
        }
    }
    outcome
}

/// Has what is stored scanned, and notes that it is there.
async fn note(
    files: &Files,
    stages: &Stages,
    clock: &Clock,
    begun: &Begun,
    sha256: Sha256,
) -> Result<Stored, UploadError> {
    scan(files, begun).await?;
    if stages.stored(begun, sha256, clock.now()).await? { Ok(Stored { sha256 }) } else { Err(UploadError::TooLate) }
}

/// Reads the file back for the scanner, so that a client that sends slowly does not keep the scanner from others' files.
async fn scan(files: &Files, begun: &Begun) -> Result<(), UploadError> {
    let Some(scanner) = &files.scanner else { return Ok(()) };
    let sealed = Sealed::new(files.store.clone(), begun.key_id, &begun.key, begun.size_bytes);
    let file = sealed.part(0..=begun.size_bytes - 1).await?;
    match scanner.scan(file).await {
        Ok(Verdict::Clean) => Ok(()),
        Ok(Verdict::Infected { signature }) => {
            let (account, attachment) = (begun.account, begun.attachment);
            tracing::warn!(%account, %attachment, signature, "the virus scanner found something in an upload");
            Err(UploadError::Infected)
        }
        Err(error) => {
            tracing::error!(error = super::causes(&error), "an upload was refused because it could not be scanned");
            Err(error.into())
        }
    }
}

/// Removes what there is of an upload that was never noted as stored. What cannot be undone now expires, and the sweep
/// finds it.
async fn undo(files: &Files, stages: &Stages, begun: &Begun) {
    remove(files, begun).await;
    if let Err(error) = stages.forget(&[begun.attachment]).await {
        tracing::warn!(%error, "a broken upload is left to the sweep");
    }
}

async fn remove(files: &Files, begun: &Begun) {
    if let Err(error) = files.store.remove(begun.key_id).await {
        tracing::warn!(error = super::causes(&error), "the bytes of a broken upload are left to the sweep");
    }
}

async fn store(files: &Files, begun: &Begun, incoming: &mut Incoming) -> Result<Sha256, UploadError> {
    let pieces = Pieces::new(begun.key_id, &begun.key);
    let mut digest = Context::new(&SHA256);
    let mut piece = incoming.piece().await?;
    kinds::check_content(begun.name.as_str(), &piece[..piece.len().min(SNIFFED_BYTES)])?;
    let mut writing = files.store.begin(begun.key_id).await?;
    for number in 0.. {
        digest.update(&piece);
        let is_last = incoming.is_at_end();
        pieces.seal(number, is_last, &mut piece);
        let next = match writing.add(&piece).await {
            Ok(()) if is_last => break,
            Ok(()) => incoming.piece().await,
            Err(error) => Err(error.into()),
        };
        piece = match next {
            Ok(piece) => piece,
            Err(error) => return give_up(writing, error).await,
        };
    }
    writing.finish().await?;
    Ok(Sha256(digest.finish().as_ref().try_into().expect("a SHA-256 is 32 bytes long")))
}

async fn give_up<T>(writing: Writing, error: UploadError) -> Result<T, UploadError> {
    writing.give_up().await;
    Err(error)
}

/// A body, cut into pieces.
struct Incoming {
    body: BodyDataStream,
    gathered: Vec<u8>,
    /// How many bytes are still to come.
    left: u64,
    announced: u64,
}

impl Incoming {
    fn new(body: Body, announced: u64) -> Self {
        Self { body: body.into_data_stream(), gathered: vec![], left: announced, announced }
    }

    /// The next piece, whole unless it is the last one.
    async fn piece(&mut self) -> Result<Vec<u8>, UploadError> {
        let wanted = usize::try_from(self.left).map_or(PIECE_BYTES, |left| left.min(PIECE_BYTES));
        while self.gathered.len() < wanted || self.left == wanted as u64 {
            let Some(data) = self.body.next().await else { break };
            self.gathered.extend_from_slice(&data.map_err(UploadError::BrokeOff)?);
            if self.gathered.len() as u64 > self.left {
                return Err(UploadError::Size { announced: self.announced, more: true });
            }
        }
        if self.gathered.len() < wanted {
            return Err(UploadError::Size { announced: self.announced, more: false });
        }
        let rest = self.gathered.split_off(wanted);
        self.left -= wanted as u64;
        Ok(std::mem::replace(&mut self.gathered, rest))
    }

    fn is_at_end(&self) -> bool {
        self.left == 0
    }
}
