//! The folder of the private socket: short enough for the operating system, closed to everybody else.

use std::{
    fs, io,
    os::unix::fs::{DirBuilderExt as _, MetadataExt as _},
    path::{Path, PathBuf},
};

use ring::digest::{SHA256, digest};

use super::{
    Account, DatabaseError,
    data_folder::{DataFolder, no_rights},
};

/// The port in the socket's name; nothing listens on it as a port.
pub(super) const PORT: u16 = 5432;

/// The longest path of a unix socket that every supported system takes (Linux 107 bytes, macOS 103).
const PATH_LIMIT_BYTES: usize = 103;
const SOCKET_NAME: &str = ".s.PGSQL.5432";

/// Makes the folder of the socket: `run` in the data folder, or, if that path is too long for a socket, one under `/tmp` whose name
/// comes from the data folder's path.
///
/// # Errors
/// [`DatabaseError::SocketFolder`] if something that others may write to is in its place, [`DatabaseError::NoRights`].
pub(super) fn prepare(folder: &DataFolder, account: &Account) -> Result<PathBuf, DatabaseError> {
    let path = choose(folder.root());
    match fs::DirBuilder::new().mode(0o700).create(&path) {
        Ok(()) => account.give(&path).map_err(|source| no_rights(&path, source))?,
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
        Err(source) => return Err(no_rights(&path, source)),
    }
    let is_private = path.symlink_metadata().is_ok_and(|metadata| metadata.is_dir() && metadata.mode() & 0o077 == 0);
    if is_private && account.owns(&path) {
        return Ok(path);
    }
    Err(DatabaseError::SocketFolder { path })
}

fn choose(root: &Path) -> PathBuf {
    let inside = root.join("run");
    if inside.join(SOCKET_NAME).as_os_str().len() <= PATH_LIMIT_BYTES {
        return inside;
    }
    let name = hex::encode(&digest(&SHA256, root.as_os_str().as_encoded_bytes()).as_ref()[..8]);
    PathBuf::from(format!("/tmp/casestream-{name}"))
}

/// The path of the socket in `socket_folder`.
pub(super) fn socket_path(socket_folder: &Path) -> PathBuf {
    socket_folder.join(SOCKET_NAME)
}

/// The path of the lock file beside the socket, which is made like the cluster's `postmaster.pid`.
pub(super) fn lock_path(socket_folder: &Path) -> PathBuf {
    socket_folder.join(format!("{SOCKET_NAME}.lock"))
}

#[cfg(test)]
mod tests {
    use std::{fs::Permissions, os::unix::fs::PermissionsExt as _};

    use super::*;

    #[test]
    fn a_long_data_folder_gets_a_short_socket_folder_of_its_own() {
        let long = PathBuf::from(format!("/srv/{}", "x".repeat(100)));
        let other = PathBuf::from(format!("/srv/{}", "y".repeat(100)));
        assert_eq!(choose(Path::new("/srv/data")), Path::new("/srv/data/run"));
        assert!(socket_path(&choose(&long)).as_os_str().len() <= PATH_LIMIT_BYTES);
        assert_eq!(choose(&long), choose(&long));
        assert_ne!(choose(&long), choose(&other));
    }

    #[test]
    fn a_folder_that_others_can_enter_is_refused() {
        let root = tempfile::tempdir().unwrap();
        let folder = DataFolder::prepare(root.path()).unwrap();
        let account = Account::choose(&folder.cluster()).unwrap();
        let socket_folder = prepare(&folder, &account).unwrap();
        assert_eq!(prepare(&folder, &account).unwrap(), socket_folder);
        fs::set_permissions(&socket_folder, Permissions::from_mode(0o755)).unwrap();
        let refusal = prepare(&folder, &account).unwrap_err();
        assert!(matches!(refusal, DatabaseError::SocketFolder { .. }));
    }
}
