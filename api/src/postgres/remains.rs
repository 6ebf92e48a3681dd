//! What a killed PostgreSQL leaves, where the operating system makes it look alive.
//!
//! PostgreSQL refuses to start while a process exists that one of its lock files (in the cluster, beside the socket) names. Two such
//! processes are no server. A killed one exists until its parent, or process 1 in its place, asks how it ended; in a container whose
//! process 1 is some other program that may be never. And after a restart of a container, where numbers begin at 1 again, the
//! number may be that of any program, or of a thread of this one.

use std::{
    fs,
    io::{self, Write as _},
    path::Path,
    process,
};

use super::{Account, data_folder::replace_file};

/// Lets PostgreSQL start over the lock file of a dead server whose process id is taken.
///
/// The file is kept but for the process id, because PostgreSQL looks up there which shared memory must be free of the dead server's
/// children. The new id is ours: PostgreSQL takes a lock file that names its own parent for a stale one.
///
/// # Errors
/// What the operating system says.
pub(super) fn disown_dead_server(lock_file: &Path, account: &Account) -> io::Result<()> {
    let Ok(content) = fs::read_to_string(lock_file) else {
        return Ok(());
    };
    let Some((pid, rest)) = content.split_once('\n') else {
        return Ok(());
    };
    if !is_no_server(pid) {
        return Ok(());
    }
    let draft = lock_file.with_extension("new");
    replace_file(&draft)?.write_all(format!("{}\n{rest}", process::id()).as_bytes())?;
    account.give(&draft)?;
    fs::rename(&draft, lock_file)
}

/// Whether there is a process of this number that cannot be the server: it is dead and not buried (state `Z` in proc(5)), or another
/// program. Elsewhere than on Linux this cannot be told, and is not.
fn is_no_server(pid: &str) -> bool {
    let stat = fs::read_to_string(format!("/proc/{}/stat", pid.trim())).unwrap_or_default();
    let Some((name, rest)) = stat.rsplit_once(") ") else {
        return false;
    };
    !name.ends_with("(postgres") || rest.starts_with('Z')
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::process::{Child, Command, Stdio};

    use super::*;

    fn pid_after_rewrite(child: &Child) -> String {
        let folder = tempfile::tempdir().unwrap();
        let lock_file = folder.path().join("postmaster.pid");
        let content = format!("{}\n/data\n1700000000\n5432\n/run\n\n  1 2\nready   \n", child.id());
        fs::write(&lock_file, &content).unwrap();
        let account = Account::choose(folder.path()).unwrap();
        disown_dead_server(&lock_file, &account).unwrap();
        let rewritten = fs::read_to_string(&lock_file).unwrap();
        let (pid, rest) = rewritten.split_once('\n').unwrap();
        assert_eq!(rest, content.split_once('\n').unwrap().1);
        pid.to_owned()
    }

    #[test]
    fn only_a_dead_server_loses_its_lock_file() {
        let folder = tempfile::tempdir().unwrap();
        let server = folder.path().join("postgres");
        std::os::unix::fs::symlink("/bin/cat", &server).unwrap();
        let mut child = Command::new(server).stdin(Stdio::piped()).spawn().unwrap();
        let living = child.id().to_string();
        assert_eq!(pid_after_rewrite(&child), living);
        child.kill().unwrap();
        while !is_no_server(&living) {
            std::thread::yield_now();
        }
        assert_eq!(pid_after_rewrite(&child), process::id().to_string());
        child.wait().unwrap();
        assert_eq!(pid_after_rewrite(&child), living, "PostgreSQL sees to that itself");
    }

    #[test]
    fn another_program_of_that_number_is_no_server() {
        let mut child = Command::new("cat").stdin(Stdio::piped()).spawn().unwrap();
        assert_eq!(pid_after_rewrite(&child), process::id().to_string());
        child.kill().unwrap();
        child.wait().unwrap();
    }
}
