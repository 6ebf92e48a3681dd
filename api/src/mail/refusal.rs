//! Why a mail did not leave: in words without anybody's address, and whether it is worth another try.

use std::error::Error as _;

use lettre::transport::smtp::{Error, response::Code};

/// A mail did not leave, or nobody knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refused {
    /// Whether trying again is of no use.
    pub for_good: bool,
    /// Why.
    pub reason: String,
}

/// How much of a server's answer is kept, in characters.
const KEPT_CHARS: usize = 200;

/// What a mail server's answer means.
///
/// A refusal of this mail for good (5xx) is one. That the server does not let us in at all (RFC 4954: 530, 534, 535, 538), or is of no
/// service now (421), is no fault of the mail, and somebody will mend it.
pub(super) fn of_smtp(error: &Error) -> Refused {
    let said = error.source().map(ToString::to_string).unwrap_or_default();
    if let Some(code) = error.status() {
        let about_us = [530, 534, 535, 538].contains(&number(code));
        let for_good = error.is_permanent() && !about_us;
        return Refused { for_good, reason: without_addresses(&format!("the mail server answered {code} {said}")) };
    }
    if error.is_client() {
        return Refused {
            for_good: true,
            reason: without_addresses(&format!("the mail cannot be sent to this server: {said}")),
        };
    }
    let what =
        if error.is_timeout() { "the mail server did not answer in time" } else { "the mail server is out of reach" };
    Refused { for_good: false, reason: without_addresses(&format!("{what}: {said}")) }
}

fn number(code: Code) -> u16 {
    u16::from(code)
}

/// A server's words without what looks like an address, on one line: they are read by whoever runs the installation, and kept.
fn without_addresses(text: &str) -> String {
    let word = |word: &str| if word.contains('@') { "[address]".to_owned() } else { word.to_owned() };
    let words: Vec<_> =
        text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|it| !it.is_empty()).map(word).collect();
    words.join(" ").chars().take(KEPT_CHARS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_address_is_kept_of_an_answer() {
        let answer = "550 5.1.1 <ana@example.com>: Recipient\r\naddress rejected: no ana@example.com here";
        assert_eq!(without_addresses(answer), "550 5.1.1 [address] Recipient address rejected: no [address] here");
        assert_eq!(without_addresses(&"x".repeat(300)).len(), KEPT_CHARS);
    }
}
