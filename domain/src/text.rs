//! What people type: checked once at the edge, trusted inside.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Plain text of bounded length: not blank, without control characters other than line feed, carriage return and tab.
///
/// Kept as typed, but for white space at both ends.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PlainText(String);

/// The longest description or message, in characters.
pub const MAX_BODY_CHARS: usize = 32_000;
/// The longest subject, in characters.
pub const MAX_SUBJECT_CHARS: usize = 255;
/// The longest reason, comment or resolution text, in characters.
pub const MAX_REASON_CHARS: usize = 4_000;
/// The longest file name, in characters: what file systems take.
pub const MAX_FILE_NAME_CHARS: usize = 255;
/// The longest e-mail address, in characters (RFC 5321, section 4.5.3.1.3).
pub const MAX_EMAIL_CHARS: usize = 254;

/// Why a text was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// Nothing but white space.
    #[error("the text is empty: write at least one character")]
    Blank,
    /// Longer than the field takes.
    #[error("the text has {chars} characters, over the limit of {limit_chars}: shorten it or attach it as a file")]
    TooLong {
        /// How long it is, in characters.
        chars: usize,
        /// How long it may be, in characters.
        limit_chars: usize,
    },
    /// A control character, which no keyboard types and no screen shows.
    #[error("the text has the control character U+{code:04X} at character {at}: remove it")]
    ControlCharacter {
        /// The character's code point.
        code: u32,
        /// Where it stands, counted from 1.
        at: usize,
    },
    /// Not a name that a file can have everywhere.
    #[error(
        "a file name has no line break, tab, slash, backslash or mark that turns the writing around, and is more than dots: rename the file"
    )]
    NotAFileName,
    /// Not an address that mail can be sent to.
    #[error("this is not an e-mail address: write it as name@example.com")]
    NotAnEmailAddress,
}

impl PlainText {
    /// Checks a text against the rules of its field.
    ///
    /// # Errors
    /// [`TextError`], naming the first rule that it breaks.
    pub fn parse(raw: &str, limit_chars: usize) -> Result<Self, TextError> {
        let text = raw.trim();
        if text.is_empty() {
            return Err(TextError::Blank);
        }
        let chars = text.chars().count();
        if chars > limit_chars {
            return Err(TextError::TooLong { chars, limit_chars });
        }
        let control = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
        if let Some((at, c)) = text.chars().enumerate().find(|(_, c)| control(*c)) {
            return Err(TextError::ControlCharacter { code: u32::from(c), at: at + 1 });
        }
        Ok(Self(text.to_owned()))
    }

    /// Checks an e-mail address: something before and after one `@`, a dot-separated domain, no white space.
    ///
    /// Only a mail that arrives proves an address, so this refuses what cannot be one and nothing else.
    ///
    /// # Errors
    /// [`TextError`], naming the first rule that it breaks.
    pub fn parse_email(raw: &str) -> Result<Self, TextError> {
        let text = Self::parse(raw, MAX_EMAIL_CHARS)?;
        let well_formed = text.0.rsplit_once('@').is_some_and(|(local, domain)| {
            let label = |label: &str| {
                !label.is_empty()
                    && label.chars().all(|c| c.is_alphanumeric() || c == '-')
                    && !label.starts_with('-')
                    && !label.ends_with('-')
            };
            !local.is_empty()
                && local.len() <= 64
                && !local.contains(|c: char| c.is_whitespace() || "@<>(),;:\\\"[]".contains(c))
                && domain.contains('.')
                && domain.split('.').all(label)
        });
        if well_formed { Ok(text) } else { Err(TextError::NotAnEmailAddress) }
    }

    /// Checks a file name: one line, without the separators of any system's folders, and not only dots.
    ///
    /// # Errors
    /// [`TextError`], naming the first rule that it breaks.
    pub fn parse_file_name(raw: &str) -> Result<Self, TextError> {
        let text = Self::parse(raw, MAX_FILE_NAME_CHARS)?;
        let separates = |c: char| matches!(c, '/' | '\\' | '\n' | '\r' | '\t');
        // With these a program's name reads like a picture's.
        let turns = |c: char| matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
        let is_name = !text.0.contains(|c| separates(c) || turns(c)) && text.0.contains(|c: char| c != '.');
        if is_name { Ok(text) } else { Err(TextError::NotAFileName) }
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The text's first line that is not blank, cut to a subject's length: what serves where no subject was given.
    #[must_use]
    pub fn first_line(&self) -> String {
        let line = self.0.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
        line.chars().take(MAX_SUBJECT_CHARS).collect()
    }
}

/// Never shows the text, only how long it is.
impl fmt::Debug for PlainText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PlainText({} bytes)", self.0.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn length_is_counted_in_characters() {
        assert!(PlainText::parse(&"ä".repeat(10), 10).is_ok());
        assert_eq!(
            PlainText::parse(&"ä".repeat(11), 10).map(|_| ()),
            Err(TextError::TooLong { chars: 11, limit_chars: 10 })
        );
    }

    #[test]
    fn blanks_and_control_characters_are_refused() {
        assert_eq!(PlainText::parse(" \n\t ", 10).map(|_| ()), Err(TextError::Blank));
        assert_eq!(PlainText::parse("a\0b", 10).map(|_| ()), Err(TextError::ControlCharacter { code: 0, at: 2 }));
        assert!(PlainText::parse("a\r\n\tb", 10).is_ok());
    }

    #[test]
    fn a_file_name_leads_into_no_folder() {
        for good in ["router.log", "Ünterlagen (2).pdf", ".profile", "no extension"] {
            assert!(PlainText::parse_file_name(good).is_ok(), "{good}");
        }
        for bad in
            ["", "..", "../x", "a/b.txt", "C:\\x.txt", "two\nlines.txt", "photo\u{202E}gpj.exe", &"a".repeat(256)]
        {
            assert!(PlainText::parse_file_name(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn an_email_address_has_a_name_and_a_domain() {
        for good in ["ana@example.com", "Ana.B+desk@sub.example.co", "josé@exämple.es"] {
            assert!(PlainText::parse_email(good).is_ok(), "{good}");
        }
        for bad in ["ana", "@x.com", "ana@", "ana@example", "a b@x.com", "a@b@x.com", "a@-x.com", "a@x-.com"] {
            assert!(PlainText::parse_email(bad).is_err(), "{bad}");
        }
    }
}
