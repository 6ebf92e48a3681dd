//! Peppers: keys that go into the hashes of passwords and are never in the database.
//!
//! The first one follows from the master key. A file may hold newer ones, a line each: `2 <32 bytes in base64>`. The newest goes
//! into new hashes; the others are kept for as long as there are hashes with them.

use std::{collections::BTreeMap, fmt};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use event_log::MasterKey;
use ring::hmac;
use zeroize::Zeroizing;

/// The version of the pepper that follows from the master key.
const DERIVED: i16 = 1;
/// Bytes of a pepper.
const PEPPER_BYTES: usize = 32;

/// All peppers, by their versions.
#[derive(Clone)]
pub struct Peppers(BTreeMap<i16, hmac::Key>);

/// A pepper file that cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "line {line} of the pepper file is not `VERSION KEY`: a number from 2, each once, and 32 bytes in base64, as \
     `openssl rand -base64 32` prints them"
)]
pub struct PepperError {
    /// Which line.
    pub line: usize,
}

impl Peppers {
    /// The pepper of a master key, and those of a file's text.
    ///
    /// # Errors
    /// [`PepperError`].
    pub fn new(master: &MasterKey, file: Option<&str>) -> Result<Self, PepperError> {
        let derived = Zeroizing::new(master.derive("password pepper"));
        let mut peppers = BTreeMap::from([(DERIVED, key(derived.as_slice()))]);
        let lines = file.unwrap_or_default().lines().enumerate();
        for (index, line) in lines.filter(|(_, line)| !line.trim().is_empty()) {
            let error = PepperError { line: index + 1 };
            let (version, pepper) = parse(line).ok_or(error)?;
            if peppers.insert(version, key(&pepper)).is_some() {
                return Err(error);
            }
        }
        Ok(Self(peppers))
    }

    /// The version that goes into new hashes.
    #[must_use]
    pub fn newest(&self) -> i16 {
        self.0.last_key_value().map_or(DERIVED, |(version, _)| *version)
    }

    pub(super) fn get(&self, version: i16) -> Option<&hmac::Key> {
        self.0.get(&version)
    }
}

impl fmt::Debug for Peppers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

fn key(bytes: &[u8]) -> hmac::Key {
    hmac::Key::new(hmac::HMAC_SHA256, bytes)
}

fn parse(line: &str) -> Option<(i16, Zeroizing<Vec<u8>>)> {
    let (version, pepper) = line.trim().split_once(' ')?;
    let version = version.parse().ok().filter(|version| *version > DERIVED)?;
    let pepper = Zeroizing::new(STANDARD.decode(pepper.trim()).ok()?);
    (pepper.len() == PEPPER_BYTES).then_some((version, pepper))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn peppers(file: &str) -> Result<Peppers, PepperError> {
        Peppers::new(&MasterKey::from_bytes([7; 32]), Some(file))
    }

    #[test]
    fn the_newest_line_is_in_force_and_none_is_shown() {
        let line = |version: i16| format!("{version} {}\n", STANDARD.encode([b'p'; 32]));
        assert_eq!(peppers("").expect("none").newest(), 1);
        let both = peppers(&format!("{}\n{}", line(3), line(2))).expect("two");
        assert_eq!(both.newest(), 3);
        assert_eq!(format!("{both:?}"), "{1, 2, 3}");
    }

    #[test]
    fn a_bad_line_is_named_and_not_shown() {
        let good = format!("2 {}\n", STANDARD.encode([1; 32]));
        let bad = [
            format!("1 {}", STANDARD.encode([1; 32])),
            format!("3 {}", STANDARD.encode([1; 31])),
            "secret".to_owned(),
            good.clone(),
        ];
        for line in bad {
            let error = peppers(&format!("{good}{line}")).expect_err("a bad line");
            assert_eq!(error, PepperError { line: 2 }, "{line}");
            assert!(!error.to_string().contains(&line));
        }
    }
}
