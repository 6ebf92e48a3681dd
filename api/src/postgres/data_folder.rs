//! The data folder: what lies where in it, and whether it can be used at all.
//!
//! ```text
//! <data folder>/
//!   postgres/            the cluster, owned by whoever runs PostgreSQL
//!   run/                 the private socket
//!   postgres-start.log   what PostgreSQL said while it last started; later lines are in postgres/log/
//!   starting.lock        held while somebody starts or stops the cluster
//!   in-use.lock          held, shared, by everybody who uses the cluster
//! ```

use std::{
    fs::{self, File},
    io,
    os::unix::fs::DirBuilderExt as _,
    path::{Path, PathBuf},
};

use nix::unistd::geteuid;

use super::{Account, Binaries, DatabaseError, account};

/// A data folder that exists and may be used.
#[derive(Clone, Debug)]
pub(super) struct DataFolder {
    root: PathBuf,
}

impl DataFolder {
    /// Makes the folder if it is not there yet: for its owner alone, except that as root others may pass through, as the account that
    /// runs PostgreSQL has to.
    ///
    /// # Errors
    /// [`DatabaseError::NotAFolder`], [`DatabaseError::NoRights`].
    pub(super) fn prepare(root: &Path) -> Result<Self, DatabaseError> {
        if let Some(blocking) = root.ancestors().find(|path| path.exists() && !path.is_dir()) {
            return Err(DatabaseError::NotAFolder { path: blocking.to_owned() });
        }
        let mode = if geteuid().is_root() { 0o711 } else { 0o700 };
        let made = if root.is_dir() { Ok(()) } else { make_with_parents(root, mode) };
        let resolved = made.and_then(|()| root.canonicalize());
        match resolved {
            Ok(root) => Ok(Self { root }),
            Err(source) => Err(no_rights(root, source)),
        }
    }

    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    pub(super) fn cluster(&self) -> PathBuf {
        self.root.join("postgres")
    }

    pub(super) fn file(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }

    /// The major version of the PostgreSQL that made the cluster, as it is written there; `None` if there is no cluster yet.
    ///
    /// # Errors
    /// [`DatabaseError::NotAFolder`], [`DatabaseError::NotACluster`], [`DatabaseError::NoRights`].
    pub(super) fn cluster_version(&self) -> Result<Option<String>, DatabaseError> {
        let cluster = self.cluster();
        if !cluster.exists() {
            return Ok(None);
        }
        if !cluster.is_dir() {
            return Err(DatabaseError::NotAFolder { path: cluster });
        }
        match fs::read_to_string(cluster.join("PG_VERSION")) {
            Ok(version) => Ok(Some(version.trim().to_owned())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => match is_empty(&cluster) {
                Ok(true) => Ok(None),
                Ok(false) => Err(DatabaseError::NotACluster { path: cluster }),
                Err(source) => Err(no_rights(&cluster, source)),
            },
            Err(source) => Err(no_rights(&cluster, source)),
        }
    }

    /// Chooses among the `installed` programs those that can run this cluster; the newest for a new one.
    ///
    /// # Errors
    /// [`DatabaseError::OtherVersion`] when the cluster was made by a version that is not installed.
    pub(super) fn choose_binaries(
        &self,
        version: Option<&str>,
        installed: &[Binaries],
    ) -> Result<Binaries, DatabaseError> {
        let chosen = match version {
            None => installed.first(),
            Some(version) => installed.iter().find(|binaries| binaries.major().to_string() == version),
        };
        chosen.cloned().ok_or_else(|| {
            let majors: Vec<_> = installed.iter().map(|each| each.major().to_string()).collect();
            DatabaseError::OtherVersion {
                path: self.cluster(),
                found: version.unwrap_or_default().to_owned(),
                installed: majors.join(" and "),
            }
        })
    }

    /// Checks that `account` can work with the cluster.
    ///
    /// # Errors
    /// [`DatabaseError::ForeignOwner`], [`DatabaseError::Unreachable`].
    pub(super) fn check_access(&self, account: &Account) -> Result<(), DatabaseError> {
        let cluster = self.cluster();
        if cluster.exists() && !account.owns(&cluster) && !is_empty(&cluster).unwrap_or(false) {
            return Err(DatabaseError::ForeignOwner { owner: account::owner_name(&cluster), path: cluster });
        }
        if !account.can_enter(&self.root) {
            return Err(DatabaseError::Unreachable { path: self.root.clone(), account: account.name.clone() });
        }
        Ok(())
    }
}

/// Parents get the usual mode of the process, the folder itself the given one.
fn make_with_parents(folder: &Path, mode: u32) -> io::Result<()> {
    if let Some(parent) = folder.parent() {
        fs::create_dir_all(parent)?;
    }
    match fs::DirBuilder::new().mode(mode).create(folder) {
        // Another casestream was faster.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        made => made,
    }
}

fn is_empty(folder: &Path) -> io::Result<bool> {
    Ok(fs::read_dir(folder)?.next().is_none())
}

pub(super) fn no_rights(path: &Path, source: io::Error) -> DatabaseError {
    DatabaseError::NoRights { path: path.to_owned(), source }
}

/// A new file in the place of an old one, whoever that belonged to and whatever it linked to.
pub(super) fn replace_file(path: &Path) -> io::Result<File> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => File::create_new(path),
    }
}
