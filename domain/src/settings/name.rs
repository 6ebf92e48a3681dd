//! What an entry is called.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{PlainText, text::TextError};

/// A name that people choose by: one line of at most [`Name::MAX_CHARS`] characters. It is nobody's personal data, and stands
/// in the log for ever as it is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Name(String);

impl Name {
    /// The longest name, in characters.
    pub const MAX_CHARS: usize = 200;

    /// Checks a name.
    ///
    /// # Errors
    /// [`TextError`], naming the first rule that it breaks.
    pub fn parse(raw: &str) -> Result<Self, TextError> {
        let text = PlainText::parse(raw, Self::MAX_CHARS)?;
        match text.as_str().chars().enumerate().find(|(_, c)| c.is_control()) {
            Some((at, c)) => Err(TextError::ControlCharacter { code: u32::from(c), at: at + 1 }),
            None => Ok(Self(text.as_str().to_owned())),
        }
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_line() {
        assert_eq!(Name::parse(" Voice & WebEx ").map(|name| name.to_string()), Ok("Voice & WebEx".to_owned()));
        for bad in ["", "two\nlines", "a\ttab", &"x".repeat(201)] {
            assert!(Name::parse(bad).is_err(), "{bad}");
        }
    }
}
