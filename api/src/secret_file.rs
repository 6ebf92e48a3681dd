//! Files that settings name, above all those that hold a secret: who else may read one.

use std::{fs, io, os::unix::fs::PermissionsExt as _, path::Path};

/// Reads a file that a setting names.
///
/// # Errors
/// When there is no such file, or it cannot be read, or is something else: reading a pipe that nobody writes to would never end.
pub fn read(path: &Path) -> io::Result<Vec<u8>> {
    regular(path)?;
    fs::read(path)
}

fn regular(path: &Path) -> io::Result<fs::Metadata> {
    let found = fs::metadata(path)?;
    if found.is_file() { Ok(found) } else { Err(io::Error::new(io::ErrorKind::InvalidInput, "it is no regular file")) }
}

/// Rights that such a file must not grant: writing to the group, anything to others.
const FORBIDDEN_MODE_BITS: u32 = 0o027;

/// The permission bits of a file that more people may read than its owner and its group, or more may write than its owner; nothing of
/// one that is kept as a secret should be.
///
/// # Errors
/// When there is no such file, or it cannot be looked at, or is something else.
pub fn open_to_others(path: &Path) -> io::Result<Option<u32>> {
    let mode = regular(path)?.permissions().mode() & 0o777;
    Ok((mode & FORBIDDEN_MODE_BITS != 0).then_some(mode))
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    #[test]
    fn a_pipe_is_refused_rather_than_waited_for() {
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("pipe");
        assert!(Command::new("mkfifo").args(["-m", "600"]).arg(&pipe).status().unwrap().success());
        for refused in [read(&pipe).unwrap_err(), open_to_others(&pipe).unwrap_err()] {
            assert_eq!(refused.to_string(), "it is no regular file");
        }
        assert!(read(folder.path()).is_err());
    }
}
