//! The words of a case: its states, and the values that its events speak in.

use serde::{Deserialize, Serialize};
use strum::{Display, EnumIter, EnumString};

use crate::{Fingerprint, PersonId, PlainText, Sealed, Slug, Timestamp};

/// Where a case stands: `New -> Open -> Resolved -> Closed`, or `Canceled` from New or Open.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Display, EnumIter, EnumString,
)]
pub enum Status {
    /// Nobody has taken it up yet.
    New,
    /// Somebody works on it.
    Open,
    /// An answer was given; the customer may accept or reject it.
    Resolved,
    /// Settled, for good.
    Closed,
    /// Withdrawn, for good.
    Canceled,
}

impl Status {
    /// Whether nothing leads out of it.
    #[must_use]
    pub fn is_final(self) -> bool {
        matches!(self, Self::Closed | Self::Canceled)
    }
}

/// How urgent a case is, the least first.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    Display,
    EnumIter,
    EnumString,
)]
pub enum Priority {
    /// Can wait.
    Low,
    /// The usual.
    #[default]
    Normal,
    /// Before the usual.
    High,
    /// At once.
    Critical,
}

/// A location or product of the case: picked, not in the list, or none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Choice<T> {
    /// This one.
    Picked(T),
    /// *My location isn't listed*, *My product isn't listed*: the case goes into triage.
    NotListed,
    /// None applies.
    None,
}

impl<T: Copy> Choice<T> {
    /// What was picked, if anything.
    pub fn picked(&self) -> Option<T> {
        match self {
            Self::Picked(value) => Some(*value),
            Self::NotListed | Self::None => None,
        }
    }

    /// Whether it waits for triage.
    pub fn is_not_listed(&self) -> bool {
        matches!(self, Self::NotListed)
    }
}

/// What an open case waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, Display, EnumIter, EnumString)]
pub enum WaitReason {
    /// The customer's answer; ends by itself on their next public message or file.
    Customer,
    /// A supplier.
    Vendor,
    /// The cause behind several cases.
    Problem,
    /// Something that shows what happened.
    Evidence,
}

/// A pause in the work on an open case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wait {
    /// For what.
    pub reason: WaitReason,
    /// When it ends by itself, if ever.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
}

/// Why a wait ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, Display, EnumIter)]
pub enum WaitEnd {
    /// An agent ended it.
    Ended,
    /// The customer answered.
    CustomerReplied,
    /// Its end date came.
    DateReached,
    /// Another wait took its place.
    Replaced,
    /// The case left the state in which it can wait.
    CaseMoved,
}

/// Why a case is canceled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, Display, EnumIter, EnumString)]
pub enum CancelReason {
    /// The trouble went away.
    SolvedItself,
    /// Opened by mistake.
    OpenedByMistake,
    /// Another case is about the same.
    Duplicate,
    /// No longer needed.
    NoLongerNeeded,
    /// Something else, said in words.
    Other,
}

/// How a resolved case came to be closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, Display, EnumIter)]
pub enum CloseCause {
    /// A contact accepted the resolution.
    Accepted,
    /// An agent recorded that the contact confirmed elsewhere.
    ConfirmedElsewhere,
    /// Nobody objected in time.
    TimeElapsed,
    /// The system that the history came from does not say.
    NotStated,
}

/// How a resolved case came to be open again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, Display, EnumIter)]
pub enum ReopenCause {
    /// A contact rejected the resolution.
    Rejected,
    /// An agent reopened it.
    ByAgent,
}

/// What kind of text a message id stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, Display, EnumIter)]
pub enum TextKind {
    /// What the case was opened with.
    Description,
    /// A public message.
    Message,
    /// An internal note.
    Note,
}

/// Whom updates are mailed to besides those who work the case. Being a watcher gives mail, never access.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Watcher {
    /// A contact of the account.
    Contact {
        /// The contact.
        person: PersonId,
    },
    /// An e-mail address.
    Address {
        /// Equal for equal addresses, whatever their case.
        fingerprint: Fingerprint,
        /// The address as typed.
        address: Sealed<PlainText>,
    },
}

/// What tells two watchers apart.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WatcherId {
    /// A contact of the account.
    Contact(PersonId),
    /// An address, by its fingerprint.
    Address(Fingerprint),
}

impl WatcherId {
    /// Who it is: a contact, or whoever is known by an address alone.
    #[must_use]
    pub fn person(&self) -> PersonId {
        match self {
            Self::Contact(person) => *person,
            Self::Address(fingerprint) => PersonId::of_fingerprint(fingerprint),
        }
    }
}

impl Watcher {
    /// What tells it from another.
    #[must_use]
    pub fn id(&self) -> WatcherId {
        match self {
            Self::Contact { person } => WatcherId::Contact(*person),
            Self::Address { fingerprint, .. } => WatcherId::Address(fingerprint.clone()),
        }
    }
}

/// What the case is called in the system that it was brought over from.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ExternalReference {
    /// The other system.
    pub system: Slug,
    /// The number or id there, at most 100 characters.
    pub reference: String,
}

/// The number of a case: what people call it by, `CS-000123`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CaseNumber(pub i64);

impl std::fmt::Display for CaseNumber {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "CS-{:06}", self.0)
    }
}

impl std::str::FromStr for CaseNumber {
    type Err = CaseNumberError;

    /// Reads `CS-000123`, in either case, with or without the zeros.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let error = || CaseNumberError(text.chars().take(40).collect());
        let (prefix, digits) = text.trim().split_at_checked(3).ok_or_else(error)?;
        let all_digits = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
        if !prefix.eq_ignore_ascii_case("CS-") || !all_digits {
            return Err(error());
        }
        digits.parse().map(Self).map_err(|_| error())
    }
}

/// Why a text is no [`CaseNumber`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a case number: write it as CS-000123")]
pub struct CaseNumberError(pub String);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_case_number_reads_as_it_is_written() {
        for text in ["CS-000123", "cs-123", " CS-0123 "] {
            assert_eq!(text.parse(), Ok(CaseNumber(123)), "{text}");
        }
        assert_eq!(CaseNumber(123).to_string(), "CS-000123");
        assert_eq!(CaseNumber(1_234_567).to_string(), "CS-1234567");
        for text in ["", "CS-", "CS-+1", "CS-1x", "123", "ÄS-1", "CS-99999999999999999999"] {
            assert!(text.parse::<CaseNumber>().is_err(), "{text}");
        }
    }
}
