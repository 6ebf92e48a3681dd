//! The file with the master key, which wraps every other key.
//!
//! It is a file, not a row: whoever holds a copy of the database, or of an old backup, must not hold the key as well. The file is one line, 32 random bytes in base64 (RFC 4648), readable by its owner; a line more for each key that was taken into
//! use after it, the newest last.

use std::{
    fs::{self, File, Permissions},
    io::{self, Write as _},
    os::unix::fs::{DirBuilderExt as _, PermissionsExt as _},
    path::{Path, PathBuf},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use event_log::{MASTER_KEYS, SealedColumn};
use ring::rand::{SecureRandom as _, SystemRandom};
use thiserror::Error;
use zeroize::Zeroizing;

use crate::{
    files::stages::STAGED_UPLOADS,
    identity::second_factor::TOTP_SECRETS,
    mail::link::MAILS,
    secret_file::{self, open_to_others},
};

/// What is sealed under keys that follow from it, beside the log.
pub const SEALED_COLUMNS: [SealedColumn; 4] = [
    SealedColumn { table: "totp_secrets", place: "person", sealed: "sealed", purpose: TOTP_SECRETS },
    SealedColumn { table: "mails", place: "mail_id", sealed: "sealed", purpose: MAILS },
    SealedColumn { table: "staged_uploads", place: "attachment_id", sealed: "label", purpose: STAGED_UPLOADS },
    SealedColumn { table: "staged_uploads", place: "key_id", sealed: "wrapped", purpose: STAGED_UPLOADS },
];

/// The length of a master key.
pub const MASTER_KEY_LENGTH_BYTES: usize = 32;

/// Master keys in memory, the oldest first, at least one; overwritten when dropped.
pub type MasterKeys = Zeroizing<Vec<[u8; MASTER_KEY_LENGTH_BYTES]>>;

/// The master key cannot be had.
#[derive(Debug, Error)]
pub enum MasterKeyError {
    /// There is no file, and making a new key was not allowed.
    #[error(
        "the master key file {} does not exist: restore it from your backup, or set CASESTREAM_MASTER_KEY_FILE to where it is; a new key could not read what the old one protects",
        .path.display()
    )]
    Missing {
        /// Where the file was expected.
        path: PathBuf,
    },
    /// More people than its owner (and its group, for reading) have access to the file.
    #[error(
        "the master key file {} is open to others (mode {mode:o}): run `chmod 600 {}`",
        .path.display(),
        .path.display()
    )]
    OpenToOthers {
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// The file's content is no master key.
    #[error(
        "the master key file {} does not hold lines of 32 bytes in base64, as `openssl rand -base64 32` prints them, each once: restore it from your backup",
        .path.display()
    )]
    Malformed {
        /// The file.
        path: PathBuf,
    },
    /// The file cannot be read or written.
    #[error("cannot {action} the master key file {}", .path.display())]
    File {
        /// What was tried.
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// What the operating system says.
        #[source]
        source: io::Error,
    },
    /// The operating system has no random numbers to give.
    #[error("the operating system gave no random bytes for a master key")]
    NoRandomness,
}

/// Reads the master keys at `path`; where there is no file and `may_create` says so, a new random key is stored there first.
///
/// A new file appears whole, on stable storage and with mode 0600, or not at all; of two processes that create it at once, both get
/// the same key.
///
/// # Errors
/// [`MasterKeyError::Missing`] if there is no file and `may_create` is false; otherwise the variant that says what is wrong with it.
pub fn load_or_create_master_keys(path: &Path, may_create: bool) -> Result<MasterKeys, MasterKeyError> {
    match load(path) {
        Err(MasterKeyError::Missing { .. }) if may_create => {
            create(path)?;
            load(path)
        }
        loaded => loaded,
    }
}

fn load(path: &Path) -> Result<MasterKeys, MasterKeyError> {
    let text = match secret_file::read(path) {
        Ok(text) => Zeroizing::new(text),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(MasterKeyError::Missing { path: path.to_owned() });
        }
        Err(error) => return Err(file_error("read", path, error)),
    };
    if let Some(mode) = open_to_others(path).map_err(|error| file_error("read", path, error))? {
        return Err(MasterKeyError::OpenToOthers { path: path.to_owned(), mode });
    }
    decode(&text).ok_or_else(|| MasterKeyError::Malformed { path: path.to_owned() })
}

fn decode(text: &[u8]) -> Option<MasterKeys> {
    let mut keys = MasterKeys::new(Vec::with_capacity(MASTER_KEYS));
    for line in text.trim_ascii().split(|byte| *byte == b'\n') {
        let bytes = Zeroizing::new(STANDARD.decode(line.trim_ascii()).ok()?);
        let key = bytes.as_slice().try_into().ok()?;
        // More would grow the buffer, and leave a copy behind.
        if keys.len() == MASTER_KEYS || keys.contains(&key) {
            return None;
        }
        keys.push(key);
    }
    Some(keys)
}

/// Writes a draft beside the final place and moves it there without replacing, which fails when another process was faster: then its key holds.
fn create(path: &Path) -> Result<(), MasterKeyError> {
    let mut key = Zeroizing::new([0; MASTER_KEY_LENGTH_BYTES]);
    SystemRandom::new().fill(key.as_mut_slice()).map_err(|_| MasterKeyError::NoRandomness)?;
    let mut line = Zeroizing::new(STANDARD.encode(key.as_slice()));
    line.push('\n');

    match store(path, line.as_bytes()) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && path.exists() => Ok(()),
        Err(error) => Err(file_error("create", path, error)),
    }
}

fn store(path: &Path, line: &[u8]) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    let mut draft = tempfile::Builder::new().permissions(Permissions::from_mode(0o600)).tempfile_in(folder)?;
    draft.write_all(line)?;
    draft.as_file().sync_all()?;
    draft.persist_noclobber(path).map_err(|error| error.error)?;
    File::open(folder)?.sync_all()
}

fn file_error(action: &'static str, path: &Path, source: io::Error) -> MasterKeyError {
    MasterKeyError::File { action, path: path.to_owned(), source }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write_key(mode: u32, content: &str) -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("master.key");
        fs::write(&path, content).unwrap();
        fs::set_permissions(&path, Permissions::from_mode(mode)).unwrap();
        (folder, path)
    }

    #[test]
    fn a_created_key_is_private_and_loads_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("master.key");
        let created = load_or_create_master_keys(&path, true).unwrap();
        let mode = fs::metadata(&path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600);
        assert_eq!(*load_or_create_master_keys(&path, true).unwrap(), *created);
        assert_eq!(*load_or_create_master_keys(&path, false).unwrap(), *created);
        assert_ne!(*created, [[0; MASTER_KEY_LENGTH_BYTES]]);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_missing_key_is_not_replaced_unless_allowed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("master.key");
        let refusal = load_or_create_master_keys(&path, false).unwrap_err();
        assert!(matches!(refusal, MasterKeyError::Missing { .. }));
        assert!(!path.exists());
    }

    /// Reading it would never end.
    #[test]
    fn a_pipe_is_no_key() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("master.key");
        assert!(std::process::Command::new("mkfifo").arg(&path).status().unwrap().success());
        let refusal = load_or_create_master_keys(&path, true).unwrap_err();
        assert!(std::error::Error::source(&refusal).is_some_and(|cause| cause.to_string() == "it is no regular file"));
    }

    #[test]
    fn whoever_comes_second_gets_the_first_key() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("master.key");
        let first = load_or_create_master_keys(&path, true).unwrap();
        create(&path).unwrap();
        assert_eq!(*load(&path).unwrap(), *first);
    }

    #[test]
    fn a_file_that_others_can_read_or_the_group_can_write_is_refused() {
        let line = STANDARD.encode([7; MASTER_KEY_LENGTH_BYTES]);
        for mode in [0o604, 0o620, 0o666, 0o602] {
            let (_folder, path) = write_key(mode, &line);
            let refusal = load_or_create_master_keys(&path, true).unwrap_err();
            assert!(refusal.to_string().contains(&format!("mode {mode:o}")));
        }
        for mode in [0o400, 0o600, 0o640] {
            let (_folder, path) = write_key(mode, &line);
            assert!(load_or_create_master_keys(&path, true).is_ok(), "{mode:o}");
        }
    }

    #[test]
    fn each_line_is_a_key_the_oldest_first() {
        let line = |byte| STANDARD.encode([byte; MASTER_KEY_LENGTH_BYTES]);
        let (_folder, path) = write_key(0o600, &format!("{}\n{}\n", line(7), line(8)));
        let keys = load_or_create_master_keys(&path, false).unwrap();
        assert_eq!(*keys, [[7; MASTER_KEY_LENGTH_BYTES], [8; MASTER_KEY_LENGTH_BYTES]]);
    }

    #[test]
    fn a_wrong_length_or_alphabet_is_refused() {
        let short = STANDARD.encode([7; MASTER_KEY_LENGTH_BYTES - 1]);
        let (good, other) =
            (STANDARD.encode([7; MASTER_KEY_LENGTH_BYTES]), STANDARD.encode([8; MASTER_KEY_LENGTH_BYTES]));
        let long = STANDARD.encode([7; MASTER_KEY_LENGTH_BYTES + 1]);
        let (twice, gap) = (format!("{good}\n{good}\n"), format!("{good}\n\n{other}\n"));
        for content in ["", "not a key", &short, &long, &"0".repeat(64), &twice, &gap] {
            let (_folder, path) = write_key(0o600, content);
            let refusal = load_or_create_master_keys(&path, true).unwrap_err();
            assert!(matches!(refusal, MasterKeyError::Malformed { .. }), "{content}");
        }
    }
}
