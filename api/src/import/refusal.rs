//! Why a row is not taken.

use domain::{
    Timestamp,
    case::{CaseError, Priority},
    text::TextError,
};
use strum::IntoEnumIterator;

use super::field::{Field, Standing, listed};

/// A reason not to take a row. The rest of its case, and of the file, goes on.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RowRefusal {
    /// A CSV record of another width than the header.
    #[error("the record has {found} fields, the header has {expected}: look for a stray delimiter or quotation mark")]
    FieldCount {
        /// How many fields it has.
        found: usize,
        /// How many it should have.
        expected: usize,
    },
    /// Bytes that are no UTF-8.
    #[error("the row is not UTF-8: convert the file, for example with `iconv -t UTF-8`")]
    NotUtf8,
    /// A line of NDJSON that is not an object of known fields.
    #[error("the line is not a JSON object of known fields: {0}")]
    NotAnObject(String),
    /// A value of the wrong JSON type.
    #[error("`{0}` is neither text nor a whole number")]
    NotText(Field),
    /// Something that every row must say.
    #[error("the row says nothing about `{0}`")]
    Missing(Field),
    /// Something that must be known to open a case.
    #[error("the case opens with this row, which says nothing about `{0}`: give it a default")]
    MissingToOpen(Field),
    /// A time that cannot be read.
    #[error("`{field}` is `{value}`, which is no time written as {expected}")]
    Time {
        /// Which time.
        field: Field,
        /// What stands there.
        value: String,
        /// How it should be written.
        expected: String,
    },
    /// A time that no clock of the zone showed.
    #[error("`{field}` is `{value}`, which the clocks of {zone} skipped")]
    SkippedTime {
        /// Which time.
        field: Field,
        /// What stands there.
        value: String,
        /// Where.
        zone: String,
    },
    /// A time before 1970 or after now.
    #[error("the row is dated {0}, which is not between 1970 and now")]
    Implausible(Timestamp),
    /// A number that is none.
    #[error("`order` is `{0}`, which is no whole number")]
    Order(String),
    /// A state that the mapping does not know.
    #[error("the state `{0}` is none of {states}: add it to [values.state]", states = listed(Standing::ALL.map(|(name, _)| name)))]
    State(String),
    /// A priority that the mapping does not know.
    #[error("the priority `{0}` is none of {known}: add it to [values.priority]", known = listed(Priority::iter()))]
    Priority(String),
    /// A name of which no short name can be made.
    #[error("`{field}` is `{value}`, which has no letter a-z or digit: add it to [values.{field}]")]
    NoSlug {
        /// Which field.
        field: Field,
        /// What stands there.
        value: String,
    },
    /// A text that the field does not take.
    #[error("`{field}`: {source}")]
    Text {
        /// Which field.
        field: Field,
        /// What is wrong with it.
        source: TextError,
    },
    /// The case went to another customer.
    #[error("the case was opened for another account, and a case never changes hands")]
    OtherAccount,
    /// The log has gone on since.
    #[error("the log already knows this case up to {until}: nothing can be put before that")]
    BehindTheLog {
        /// When the last event occurred that the log has of it.
        until: Timestamp,
    },
    /// A case that was not imported carries the reference.
    #[error("another case carries this reference already")]
    ReferenceTaken,
    /// Words of somebody who was erased.
    #[error("it has words of somebody who was erased: nothing of theirs is brought in again; leave them out")]
    Erased,
    /// The rules of a case say no.
    #[error(transparent)]
    Rule(#[from] CaseError),
}

impl RowRefusal {
    /// Whether the mapping is to be mended, rather than the row.
    #[must_use]
    pub fn is_of_mapping(&self) -> bool {
        matches!(self, Self::State(_) | Self::Priority(_))
    }
}
