//! The words in which a row is told.

use std::collections::BTreeMap;

use domain::case::WaitReason;
use serde::Deserialize;
use strum::Display;

/// What a row may say. The names are the keys of a mapping file and of a line of NDJSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Display)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Field {
    /// The other system; in NDJSON alone, a mapping names it once.
    System,
    /// The case's number or id there.
    Reference,
    /// When the update was made.
    UpdatedAt,
    /// A whole number that orders updates made at the same time.
    Order,
    /// Where the case stood after it.
    State,
    /// Who made the update.
    Agent,
    /// When the case was opened.
    OpenedAt,
    /// Who opened it.
    Opener,
    /// The customer.
    Account,
    /// The customer's person.
    Contact,
    /// The agent responsible.
    Owner,
    /// Where it waits for one.
    Queue,
    /// How urgent it is.
    Priority,
    /// The kind of request.
    Type,
    /// The kind within its kind.
    Category,
    /// Where the trouble is.
    Location,
    /// With what.
    Product,
    /// What it is about, in a line.
    Subject,
    /// What it is about.
    Description,
    /// The kind of answer.
    ResolutionCode,
    /// The answer.
    Resolution,
}

/// What a row says, as text: fields of which nothing is known are absent.
pub type Fields = BTreeMap<Field, String>;

/// Where a case stood after an update.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Nobody had taken it up.
    New,
    /// Somebody worked on it.
    Open,
    /// Work on it had to wait.
    Waiting(WaitReason),
    /// An answer was given.
    Resolved,
    /// It was settled.
    Closed,
    /// It was withdrawn.
    Canceled,
}

impl Standing {
    /// All there are, and how each is written.
    pub const ALL: [(&str, Self); 9] = [
        ("New", Self::New),
        ("Open", Self::Open),
        ("Waiting for customer", Self::Waiting(WaitReason::Customer)),
        ("Waiting for vendor", Self::Waiting(WaitReason::Vendor)),
        ("Waiting for problem", Self::Waiting(WaitReason::Problem)),
        ("Waiting for evidence", Self::Waiting(WaitReason::Evidence)),
        ("Resolved", Self::Resolved),
        ("Closed", Self::Closed),
        ("Canceled", Self::Canceled),
    ];

    /// Reads one as it is written.
    #[must_use]
    pub fn named(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(name, _)| *name == text).map(|(_, standing)| standing)
    }
}

/// Names joined by commas, for messages that list what may be written.
pub(super) fn listed<T: ToString>(names: impl IntoIterator<Item = T>) -> String {
    names.into_iter().map(|name| name.to_string()).collect::<Vec<_>>().join(", ")
}
