//! Whether whoever opened a connection may go on.

use tokio::sync::watch;
use uuid::Uuid;

/// How somebody stands with whom they are taken for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stand {
    /// Their session or token is good; the number changes with what they may see.
    Good(u64),
    /// It has ended.
    Ended,
}

/// Somebody who has a connection open.
#[derive(Clone, Debug)]
pub struct Standing {
    /// The person or service.
    pub person: Uuid,
    /// How they stand, as that changes.
    pub stand: watch::Receiver<Stand>,
}

impl Standing {
    /// Whether their session or token has ended.
    #[must_use]
    pub fn has_ended(&self) -> bool {
        // Without anybody who would say that it has, nothing is to be relied upon.
        *self.stand.borrow() == Stand::Ended || self.stand.has_changed().is_err()
    }

    /// Completes when the session or token has ended.
    pub async fn ended(&mut self) {
        let _ = self.stand.wait_for(|stand| *stand == Stand::Ended).await;
    }
}
