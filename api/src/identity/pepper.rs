//! Peppers: keys that go into the hashes of passwords and are never in the database.
//!
//! The first one follows from the master key. A file may hold newer ones, a line each: `2 <32 bytes in base64>`. The newest goes
//! into new hashes; the others are kept for as long as there are hashes with them.

use std::{
    collections::BTreeMap,
    fmt, fs, io,
    path::{Path, PathBuf},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use event_log::MasterKey;
use ring::hmac;
use sqlx::PgPool;
use zeroize::Zeroizing;

use crate::secret_file::open_to_others;

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

/// The peppers cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum PepperFileError {
    /// The file cannot be read.
    #[error("cannot read the pepper file {}", .path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the operating system says.
        #[source]
        source: io::Error,
    },
    /// Others have access to it.
    #[error("the pepper file {} is open to others: run `chmod 600 {}`", .path.display(), .path.display())]
    OpenToOthers {
        /// The file.
        path: PathBuf,
    },
    /// It is not what it should be.
    #[error(transparent)]
    Line(#[from] PepperError),
    /// Passwords or answers were hashed with one that is not there.
    #[error(
        "the pepper of version {version} is missing, with which passwords were hashed: put its line back into the pepper file"
    )]
    Missing {
        /// Which one.
        version: i16,
    },
    /// The database did not say which are in use.
    #[error("the database did not say which peppers are in use")]
    Database(#[from] sqlx::Error),
}

impl Peppers {
    /// The pepper of a master key, and those of a file, if there is one.
    ///
    /// # Errors
    /// [`PepperFileError`].
    pub fn open(master: &MasterKey, path: Option<&Path>) -> Result<Self, PepperFileError> {
        let Some(path) = path else { return Ok(Self::new(master, None)?) };
        let failed = |source| PepperFileError::File { path: path.to_owned(), source };
        if open_to_others(path).map_err(failed)?.is_some() {
            return Err(PepperFileError::OpenToOthers { path: path.to_owned() });
        }
        let text = Zeroizing::new(fs::read_to_string(path).map_err(failed)?);
        Ok(Self::new(master, Some(&text))?)
    }

    /// Makes sure that those are there with which something was hashed: without them nobody of these could sign in.
    ///
    /// # Errors
    /// [`PepperFileError::Missing`], [`PepperFileError::Database`].
    pub async fn check_use(&self, pool: &PgPool) -> Result<(), PepperFileError> {
        let used = "select pepper_version from passwords union select pepper_version from challenge_answers order by 1";
        let used: Vec<i16> = sqlx::query_scalar(used).fetch_all(pool).await?;
        match used.into_iter().find(|version| self.get(*version).is_none()) {
            Some(version) => Err(PepperFileError::Missing { version }),
            None => Ok(()),
        }
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
    use std::os::unix::fs::PermissionsExt as _;

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
    fn a_file_that_cannot_be_had_is_refused_in_words_and_none_of_it_is_shown() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("peppers");
        let open = || Peppers::open(&MasterKey::from_bytes([7; 32]), Some(&path));
        let write = |bytes: &[u8], mode: u32| {
            fs::write(&path, bytes).expect("there is room");
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).expect("it is ours");
        };
        assert!(matches!(open(), Err(PepperFileError::File { .. })), "it is not there");
        let good = format!("2 {}\n", STANDARD.encode([1; 32]));
        for mode in [0o604, 0o644, 0o620, 0o601] {
            write(good.as_bytes(), mode);
            let error = open().expect_err("open to others");
            assert!(matches!(error, PepperFileError::OpenToOthers { .. }), "{mode:o}: {error}");
            assert!(error.to_string().contains("chmod 600"), "{error}");
        }
        write(&[0xff, 0xfe, b'2'], 0o600);
        assert!(matches!(open(), Err(PepperFileError::File { .. })), "it is no text");
        write(b"2 c2VjcmV0\n", 0o600);
        let error = open().expect_err("too short a pepper");
        assert!(matches!(error, PepperFileError::Line(PepperError { line: 1 })));
        assert!(!format!("{error} {error:?}").contains("c2VjcmV0"), "{error:?}");
        fs::remove_file(&path).expect("it is ours");
        fs::create_dir(&path).expect("there is room");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o700)).expect("it is ours");
        assert!(matches!(open(), Err(PepperFileError::File { .. })), "it is a folder");
        fs::remove_dir(&path).expect("it is ours");
        write(good.as_bytes(), 0o640);
        assert_eq!(open().expect("as it should be").newest(), 2);
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
