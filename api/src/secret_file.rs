//! Files that hold a secret: who else may read one.

use std::{fs, io, os::unix::fs::PermissionsExt as _, path::Path};

/// Rights that such a file must not grant: writing to the group, anything to others.
const FORBIDDEN_MODE_BITS: u32 = 0o027;

/// The permission bits of a file that more people may read than its owner and its group, or more may write than its owner; nothing of
/// one that is kept as a secret should be.
///
/// # Errors
/// When there is no such file, or it cannot be looked at, or is something else: reading a pipe that nobody writes to would never end.
pub fn open_to_others(path: &Path) -> io::Result<Option<u32>> {
    let found = fs::metadata(path)?;
    if !found.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is no regular file"));
    }
    let mode = found.permissions().mode() & 0o777;
    Ok((mode & FORBIDDEN_MODE_BITS != 0).then_some(mode))
}
