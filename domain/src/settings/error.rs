//! Why settings refuse an action.

use super::{EntryKind, SettingsActionKind};
use crate::{Role, Slug};

/// A refusal: what stands in the way, and what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SettingsError {
    /// The caller's roles do not include the action.
    #[error("as {role} you may not {}", action.words())]
    NotPermitted {
        /// What was asked for.
        action: SettingsActionKind,
        /// In which role.
        role: Role,
    },
    /// The catalogue has no such entry.
    #[error("the catalogue has no {kind} `{key}`")]
    NoSuchEntry {
        /// The kind of entry.
        kind: EntryKind,
        /// The key.
        key: Slug,
    },
    /// An entry would lead to a queue where no case can go.
    #[error("the queue `{queue}` is retired: restore it first, or name another")]
    QueueRetired {
        /// The queue.
        queue: Slug,
    },
    /// A queue is where cases of some types still go.
    #[error("cases of the {kind} `{key}` go to this queue: give it another queue first")]
    QueueInUse {
        /// What leads there.
        kind: EntryKind,
        /// Its key.
        key: Slug,
    },
    /// Nothing of a kind would be left to choose.
    #[error("this is the last {kind} that can be chosen: add another first")]
    LastOfItsKind {
        /// The kind of entry.
        kind: EntryKind,
    },
    /// More entries than fit.
    #[error("the catalogue has at most {limit} of a kind, retired ones included: change one that is there")]
    TooManyEntries {
        /// How many fit.
        limit: usize,
    },
}
