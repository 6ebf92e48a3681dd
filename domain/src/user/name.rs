//! What somebody signs in with, and when two such names are the same.

use std::fmt;

use unicode_normalization::UnicodeNormalization as _;

use crate::{PlainText, text::MAX_EMAIL_CHARS};

/// What stands for a name that somebody signs in with, a username or an e-mail address, however it is spelled: trimmed,
/// in Unicode's form NFKC, in lower case (by way of upper case, which some letters need). No two users have the same.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SignInName(String);

/// Why a text is no username.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UsernameError {
    /// Nothing, too much, or what nobody sees.
    #[error("a username has 1 to {MAX_EMAIL_CHARS} characters, none of them white space or invisible")]
    NotAName,
    /// It looks like an address, which is not theirs.
    #[error("a username with an @ is the user's own e-mail address: leave it out for that, or choose one without an @")]
    AnothersAddress,
}

impl SignInName {
    /// The name that a text stands for, whatever somebody types: to look for, not to choose.
    #[must_use]
    pub fn of(typed: &str) -> Self {
        // Beyond any name's length nothing is looked for.
        let letters = typed.trim().nfkc().take(4 * MAX_EMAIL_CHARS).flat_map(char::to_lowercase);
        // Some letters are the same in upper case alone: `ß` is `SS`, and so is `ẞ`.
        let lower: String = letters.flat_map(char::to_uppercase).flat_map(char::to_lowercase).collect();
        Self(lower.nfkc().collect())
    }

    /// The value to compare and reserve.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Never shows the name.
impl fmt::Debug for SignInName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SignInName({} bytes)", self.0.len())
    }
}

/// Checks a name that somebody chooses beside their e-mail address; kept as typed.
///
/// # Errors
/// [`UsernameError`].
pub fn parse_username(raw: &str, email: &PlainText) -> Result<PlainText, UsernameError> {
    let username = PlainText::parse(raw, MAX_EMAIL_CHARS).map_err(|_| UsernameError::NotAName)?;
    let name = SignInName::of(username.as_str());
    if username.as_str().chars().chain(name.0.chars()).any(is_no_part_of_a_name) {
        return Err(UsernameError::NotAName);
    }
    if name.0.contains('@') && name != SignInName::of(email.as_str()) {
        return Err(UsernameError::AnothersAddress);
    }
    Ok(username)
}

/// White space, and characters that are not seen or turn the reading direction: two names that look the same differ by them.
fn is_no_part_of_a_name(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(
            c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'
                ..='\u{180f}'
                    | '\u{200b}'..='\u{200f}'
                    | '\u{202a}'..='\u{202e}'
                    | '\u{2060}'..='\u{206f}'
                    | '\u{2800}'
                    | '\u{3164}'
                    | '\u{fe00}'..='\u{fe0f}'
                    | '\u{feff}'
                    | '\u{ffa0}'
                    | '\u{e0000}'..='\u{e0fff}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_name_in_any_spelling() {
        for (one, other) in [
            ("Ana.Torres@example.com", "  ana.torres@EXAMPLE.com "),
            ("JOSÉ", "jose\u{301}"),
            ("ﬁnn", "FINN"),
            ("ａｎａ", "ana"),
            ("\u{212a}im", "kim"),
            ("ΣΊΣΥΦΟΣ", "Σίσυφος"),
            ("STRASSE", "straße"),
            ("STRAẞE", "strasse"),
        ] {
            assert_eq!(SignInName::of(one).as_str(), SignInName::of(other).as_str(), "{one}");
        }
        assert_ne!(SignInName::of("ana"), SignInName::of("anna"));
    }

    #[test]
    fn a_name_stands_for_itself() {
        for typed in ["İstanbul", "ǰ", "Å", "ﷺ", "Ǆ", "ẞ", "ana"] {
            let name = SignInName::of(typed);
            assert_eq!(SignInName::of(name.as_str()), name, "{typed}");
        }
    }

    #[test]
    fn a_username_is_seen_and_is_nobody_elses_address() {
        let email = PlainText::parse_email("ana@example.com").expect("an address");
        for good in ["ana.torres", "Ana", "안나", "ana@example.com", "ANA@example.com"] {
            assert_eq!(parse_username(good, &email).map(|name| name.as_str().to_owned()), Ok(good.to_owned()));
        }
        for bad in ["", "ana torres", "ana\u{200b}", "\u{202e}ana", "ana\u{3164}", "a\u{a0}b", &"a".repeat(255)] {
            assert_eq!(parse_username(bad, &email).map(|_| ()), Err(UsernameError::NotAName), "{bad}");
        }
        let another = parse_username("ben@example.com", &email).map(|_| ());
        assert_eq!(another, Err(UsernameError::AnothersAddress));
        assert_eq!(parse_username("ben＠example.com", &email).map(|_| ()), Err(UsernameError::AnothersAddress));
    }

    #[test]
    fn debug_shows_no_name() {
        assert!(!format!("{:?}", SignInName::of("ana")).contains("ana"));
    }
}
