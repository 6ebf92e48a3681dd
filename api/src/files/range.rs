//! Which part of a file a request wants (RFC 9110, section 14).

use std::ops::RangeInclusive;

/// The part of a file that is served.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// All of it: nothing else was asked for, or nothing that is served.
    Whole,
    /// These bytes.
    Part(RangeInclusive<u64>),
    /// Bytes that it does not have.
    Unsatisfiable,
}

/// Reads a `Range` header for a file of `size_bytes`, which is at least 1. One range is served; of several, or of another
/// unit, the whole file is, as section 14.2 allows.
#[must_use]
pub fn wanted(header: Option<&str>, size_bytes: u64) -> Wanted {
    let range =
        header.and_then(|header| header.split_once('=')).filter(|(unit, _)| unit.trim().eq_ignore_ascii_case("bytes"));
    let Some((first, last)) = range.and_then(|(_, range)| range.trim().split_once('-')) else { return Wanted::Whole };
    let end = size_bytes - 1;
    match (number(first), number(last)) {
        (Ok(Some(first)), Ok(last)) if last.is_none_or(|last| first <= last) => {
            if first > end {
                Wanted::Unsatisfiable
            } else {
                Wanted::Part(first..=last.unwrap_or(end).min(end))
            }
        }
        (Ok(None), Ok(Some(0))) => Wanted::Unsatisfiable,
        (Ok(None), Ok(Some(length))) => Wanted::Part(size_bytes.saturating_sub(length)..=end),
        _ => Wanted::Whole,
    }
}

/// A text that is no number.
struct NoNumber;

/// A number that may be left out. One that does not fit is beyond every file.
fn number(text: &str) -> Result<Option<u64>, NoNumber> {
    match text {
        "" => Ok(None),
        _ if text.bytes().all(|byte| byte.is_ascii_digit()) => Ok(Some(text.parse().unwrap_or(u64::MAX))),
        _ => Err(NoNumber),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_range_is_served() {
        for (header, range) in [
            ("bytes=0-0", 0..=0),
            ("bytes=2-5", 2..=5),
            ("bytes=2-", 2..=9),
            ("bytes=-3", 7..=9),
            ("bytes=-30", 0..=9),
            ("bytes=5-99999999999999999999999", 5..=9),
            ("Bytes = 1-2", 1..=2),
        ] {
            assert_eq!(wanted(Some(header), 10), Wanted::Part(range), "{header}");
        }
    }

    #[test]
    fn what_the_file_does_not_have_is_said() {
        for header in ["bytes=10-", "bytes=10-12", "bytes=-0", "bytes=99999999999999999999999-"] {
            assert_eq!(wanted(Some(header), 10), Wanted::Unsatisfiable, "{header}");
        }
    }

    #[test]
    fn anything_else_is_the_whole_file() {
        for header in ["bytes=5-2", "bytes=0-1,4-5", "lines=0-1", "bytes=a-b", "bytes", "bytes=-", "bytes=+1-2", ""] {
            assert_eq!(wanted(Some(header), 10), Wanted::Whole, "{header}");
        }
        assert_eq!(wanted(None, 10), Wanted::Whole);
    }
}
