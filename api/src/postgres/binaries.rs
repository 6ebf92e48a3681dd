//! Finds the PostgreSQL programs that the system has installed.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use super::DatabaseError;

/// The oldest major version that Casestream is made for.
pub const OLDEST_MAJOR: u32 = 15;

/// The programs of one installed PostgreSQL server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binaries {
    folder: PathBuf,
    major: u32,
}

impl Binaries {
    /// Finds all installed servers of a usable version, newest first: in `pg_bin` alone if given, else in the folders of Debian,
    /// Red Hat and Homebrew and on the `PATH`.
    ///
    /// # Errors
    /// [`DatabaseError::NoBinaries`], saying where was searched.
    pub fn find_all(pg_bin: Option<&Path>) -> Result<Vec<Self>, DatabaseError> {
        let (folders, searched) = match pg_bin {
            Some(folder) => (vec![folder.to_owned()], format!("{} (PG_BIN)", folder.display())),
            None => (usual_folders(), USUAL_PLACES.to_owned()),
        };
        let mut found: Vec<Self> = folders.iter().filter_map(|folder| inspect(folder)).collect();
        found.sort_by_key(|binaries| std::cmp::Reverse(binaries.major));
        found.retain(|binaries| binaries.major >= OLDEST_MAJOR);
        if found.is_empty() {
            return Err(DatabaseError::NoBinaries { searched });
        }
        Ok(found)
    }

    /// The major version, such as 15.
    #[must_use]
    pub fn major(&self) -> u32 {
        self.major
    }

    /// The path of one of the programs, such as `initdb`.
    #[must_use]
    pub fn program(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }
}

const USUAL_PLACES: &str = "/usr/lib/postgresql/*/bin, /usr/pgsql-*/bin, Homebrew's folders and PATH";

fn usual_folders() -> Vec<PathBuf> {
    let mut folders = Vec::new();
    folders.extend(entries("/usr/lib/postgresql", "").map(|version| version.join("bin")));
    folders.extend(entries("/usr", "pgsql-").map(|version| version.join("bin")));
    for homebrew in ["/opt/homebrew/opt", "/usr/local/opt"] {
        folders.extend(entries(homebrew, "postgresql").map(|version| version.join("bin")));
    }
    folders.extend(env::split_paths(&env::var_os("PATH").unwrap_or_default()));
    folders
}

fn entries(folder: &str, prefix: &'static str) -> impl Iterator<Item = PathBuf> {
    let names = fs::read_dir(folder).into_iter().flatten().flatten();
    names.map(|entry| entry.path()).filter(move |path| {
        let name = path.file_name().unwrap_or_default();
        name.to_string_lossy().starts_with(prefix)
    })
}

/// The server in `folder`, if all the programs are there and say their version.
fn inspect(folder: &Path) -> Option<Binaries> {
    let has_all = ["initdb", "pg_ctl", "postgres"].iter().all(|name| folder.join(name).is_file());
    if !has_all {
        return None;
    }
    let output = Command::new(folder.join("postgres")).arg("--version").output().ok()?;
    let major = parse_major(&String::from_utf8_lossy(&output.stdout))?;
    Some(Binaries { folder: folder.to_owned(), major })
}

/// Reads `postgres (PostgreSQL) 15.18 (Debian 15.18-1)`, and likewise `17beta2`.
fn parse_major(line: &str) -> Option<u32> {
    let (_, version) = line.split_once("(PostgreSQL)")?;
    let version = version.trim_start();
    let end = version.find(|character: char| !character.is_ascii_digit()).unwrap_or(version.len());
    version[..end].parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_as_packagers_print_them() {
        let lines = [
            ("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n", Some(15)),
            ("postgres (PostgreSQL) 17beta2\n", Some(17)),
            ("postgres (PostgreSQL) 18devel", Some(18)),
            ("postgres (PostgreSQL) 16", Some(16)),
            ("something else 3.4", None),
        ];
        for (line, major) in lines {
            assert_eq!(parse_major(line), major, "{line}");
        }
    }

    #[test]
    fn the_installed_server_is_found() {
        let found = Binaries::find_all(None).unwrap();
        assert!(found[0].major() >= OLDEST_MAJOR);
        assert!(found[0].program("initdb").is_file());
        assert!(found.is_sorted_by_key(|binaries| std::cmp::Reverse(binaries.major())));
    }

    #[test]
    fn a_folder_without_the_programs_is_refused_with_what_to_install() {
        let folder = tempfile::tempdir().unwrap();
        let refusal = Binaries::find_all(Some(folder.path())).unwrap_err().to_string();
        assert!(refusal.contains("PG_BIN"), "{refusal}");
        assert!(refusal.contains("apt-get install postgresql"), "{refusal}");
    }
}
