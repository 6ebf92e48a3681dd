//! A line about somebody that rules must compare although they never see it.

use serde::{Deserialize, Serialize};

use crate::{Fingerprint, PlainText, Sealed};

/// The longest name, address, telephone number or reference, in characters.
pub const MAX_LINE_CHARS: usize = 255;

/// A name, an address, a number: sealed, with what stands for it in comparisons.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Equal for equal lines of one kind about one account or person, and for no others. Rules compare this: the same
    /// line is sealed under another key each time that it is written down.
    pub fingerprint: Fingerprint,
    /// The line itself.
    pub text: Sealed<PlainText>,
}
