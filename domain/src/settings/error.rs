//! Why settings refuse an action.

use super::{Day, EntryKind, SettingsActionKind, TimeOfDay, rules::MAX_DAYS};
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
    /// The desk would be open for no time.
    #[error("on {day} the desk would open at {from} and close at {to}: the end comes after the beginning")]
    EmptySpan {
        /// The day.
        day: Day,
        /// When it would open.
        from: TimeOfDay,
        /// When it would close.
        to: TimeOfDay,
    },
    /// The desk would be opened while it is open.
    #[error("the hours of {day} overlap or are out of order: name them from the morning on, each after the one before")]
    OverlappingSpans {
        /// The day.
        day: Day,
    },
    /// More holidays than fit.
    #[error("at most {limit} holidays are kept: remove some that are over first")]
    TooManyHolidays {
        /// How many fit.
        limit: usize,
    },
    /// More replies than fit.
    #[error("at most {limit} canned replies are kept: remove one first")]
    TooManyReplies {
        /// How many fit.
        limit: usize,
    },
    /// The reminder would not come before the end, or the end never.
    #[error("name whole days of which the reminder's come first, at least 1, and the end's are at most {MAX_DAYS}")]
    PeriodsOutOfOrder,
}
