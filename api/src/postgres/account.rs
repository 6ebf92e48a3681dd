//! Who runs PostgreSQL: this process's user, or as root somebody without privileges, because PostgreSQL refuses to be root.

use std::{
    env, io,
    os::unix::fs::{MetadataExt as _, lchown},
    path::Path,
    process::{Command, Stdio},
};

use nix::unistd::{Gid, Uid, User, getegid, geteuid};

use super::DatabaseError;

/// The user that runs PostgreSQL's programs and owns its files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// The user's name, or its number where it has none.
    pub name: String,
    uid: u32,
    gid: u32,
    /// Whether this process is root and becomes this user for the programs it runs.
    is_dropped_to: bool,
}

impl Account {
    /// Chooses who runs the cluster in `cluster_folder`, which need not exist.
    ///
    /// Without privileges that is this process's user. As root it is whoever owns the cluster already, so that a folder made by an
    /// ordinary user stays usable for them; for a new one the user `postgres`, or `nobody` where that does not exist.
    ///
    /// # Errors
    /// [`DatabaseError::NoAccount`] as root when there is neither.
    pub fn choose(cluster_folder: &Path) -> Result<Self, DatabaseError> {
        let own = Self::of(geteuid(), getegid(), false);
        if own.uid != 0 {
            return Ok(own);
        }
        let owner = cluster_folder.symlink_metadata().ok();
        if let Some(owner) = owner.filter(|owner| owner.uid() != 0) {
            return Ok(Self::of(Uid::from_raw(owner.uid()), Gid::from_raw(owner.gid()), true));
        }
        ["postgres", "nobody"]
            .iter()
            .find_map(|name| User::from_name(name).ok().flatten())
            .map(|user| Self::of(user.uid, user.gid, true))
            .ok_or(DatabaseError::NoAccount)
    }

    fn of(uid: Uid, gid: Gid, is_dropped_to: bool) -> Self {
        Self { name: name_of(uid.as_raw()), uid: uid.as_raw(), gid: gid.as_raw(), is_dropped_to }
    }

    /// Prepares to run a program as this account: in a process group of its own, so that a terminal's Ctrl-C reaches only us, in a
    /// folder that everybody may enter, without the variables by which libpq and PostgreSQL would be led elsewhere.
    #[must_use]
    pub fn command(&self, program: &Path) -> Command {
        use std::os::unix::process::CommandExt as _;

        let mut command = Command::new(program);
        command.current_dir("/").stdin(Stdio::null()).process_group(0).env("LC_ALL", "C");
        let foreign = env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("PG"));
        for (name, _) in foreign {
            command.env_remove(name);
        }
        if self.is_dropped_to {
            command.uid(self.uid).gid(self.gid);
        }
        command
    }

    /// Hands a file or folder (not what a link points to) to this account; nothing is to be done where it is us.
    ///
    /// # Errors
    /// What the operating system says.
    pub fn give(&self, path: &Path) -> io::Result<()> {
        if self.is_dropped_to {
            lchown(path, Some(self.uid), Some(self.gid))?;
        }
        Ok(())
    }

    /// Whether `path` itself (not what it links to) belongs to this account.
    #[must_use]
    pub fn owns(&self, path: &Path) -> bool {
        path.symlink_metadata().is_ok_and(|metadata| metadata.uid() == self.uid)
    }

    /// Whether this account may pass through `folder` to what is in it.
    #[must_use]
    pub fn can_enter(&self, folder: &Path) -> bool {
        let mut test = self.command(Path::new("test"));
        let status = test.arg("-x").arg(folder).status();
        status.is_ok_and(|status| status.success())
    }
}

/// The name of the user who owns `path`, for messages.
pub(super) fn owner_name(path: &Path) -> String {
    path.symlink_metadata().map_or_else(|_| "an unknown user".to_owned(), |metadata| name_of(metadata.uid()))
}

fn name_of(uid: u32) -> String {
    let user = User::from_uid(Uid::from_raw(uid)).ok().flatten();
    user.map_or_else(|| format!("user {uid}"), |user| user.name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_ever_root() {
        let account = Account::choose(Path::new("/nonexistent")).unwrap();
        assert_ne!(account.uid, 0);
        let output = account.command(Path::new("id")).arg("-u").output().unwrap();
        let uid = String::from_utf8(output.stdout).unwrap();
        assert_eq!(uid.trim(), account.uid.to_string());
    }

    #[test]
    fn a_folder_in_the_way_is_noticed() {
        let account = Account::choose(Path::new("/nonexistent")).unwrap();
        assert!(account.can_enter(Path::new("/tmp")));
        assert!(!account.can_enter(Path::new("/nonexistent")));
    }
}
