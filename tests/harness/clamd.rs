//! A real `ClamAV` daemon on a private socket, that knows one sample of our own.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{Mutex, MutexGuard},
    time::Duration,
};

use api::files::{Scanner, ScannerAddress};
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};

use crate::{wait::until, watchdog::Watchdog};

/// The name under which it knows [`TestClamd::SAMPLE`]. It adds that the signature is none of its makers'.
const SIGNATURE: &str = "Casestream.Test.Sample.UNOFFICIAL";

/// One daemon of this test; it and its files are gone when the test is.
#[derive(Debug)]
pub struct TestClamd {
    folder: PathBuf,
    daemon: Mutex<Option<Child>>,
    _watchdog: Watchdog,
}

impl TestClamd {
    /// What it finds, wherever that stands in a file.
    pub const SAMPLE: &str = "a sample that the scanner of these tests takes for a virus";
    /// What it calls that.
    pub const SIGNATURE: &str = SIGNATURE;
    /// The longest file that it takes, in bytes.
    pub const LIMIT_BYTES: usize = 2 << 20;

    /// Starts one; returns when it answers.
    ///
    /// # Panics
    /// If `ClamAV` is not installed, or does not start.
    pub async fn start() -> Self {
        let folder = tempfile::Builder::new()
            .prefix("casestream-clamd-")
            .tempdir_in("/tmp")
            .expect("a folder under /tmp")
            .keep();
        let watchdog = Watchdog::start(&folder, "clamd.pid", Signal::SIGKILL).expect("a shell for the watchdog");
        let database = folder.join("database");
        fs::create_dir(&database).expect("the folder is ours");
        let sample = hex::encode(Self::SAMPLE);
        let name = SIGNATURE.trim_end_matches(".UNOFFICIAL");
        fs::write(database.join("ours.ndb"), format!("{name}:0:*:{sample}\n")).expect("the folder is ours");
        let settings = format!(
            "Foreground yes\nDatabaseDirectory {0}/database\nTemporaryDirectory {0}\nLocalSocket {0}/clamd.sock\n\
             PidFile {0}/clamd.pid\nLogFile {0}/clamd.log\nStreamMaxLength {1}\n",
            folder.display(),
            Self::LIMIT_BYTES,
        );
        fs::write(folder.join("clamd.conf"), settings).expect("the folder is ours");
        let clamd = Self { folder, daemon: Mutex::default(), _watchdog: watchdog };
        clamd.start_again().await;
        clamd
    }

    /// What asks it, and gives it so long for a file.
    #[must_use]
    pub fn scanner(&self, limit: Duration) -> Scanner {
        Scanner { address: ScannerAddress::Unix(self.folder.join("clamd.sock")), limit }
    }

    /// Starts it after it was killed; returns when it answers.
    ///
    /// # Panics
    /// If it does not.
    pub async fn start_again(&self) {
        let program = program();
        let mut command = Command::new(program);
        command.arg("--config-file").arg(self.folder.join("clamd.conf"));
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        *self.daemon() = Some(command.spawn().expect("clamd can be run"));
        let scanner = self.scanner(Duration::from_secs(5));
        until("clamd to answer", async || {
            let ended = self.daemon().as_mut().and_then(|daemon| daemon.try_wait().expect("it is our child"));
            let log = || fs::read_to_string(self.folder.join("clamd.log")).unwrap_or_default();
            assert!(ended.is_none(), "clamd ended: {}", log());
            scanner.ping().await.ok()
        })
        .await;
    }

    /// Kills it.
    ///
    /// # Panics
    /// If it does not run.
    pub fn kill(&self) {
        let mut daemon = self.daemon().take().expect("clamd runs");
        daemon.kill().expect("our child can be killed");
        daemon.wait().expect("our child can be waited for");
    }

    /// Has it hang, or go on.
    ///
    /// # Panics
    /// If it does not run.
    pub fn hang(&self, hangs: bool) {
        let pid = self.daemon().as_ref().expect("clamd runs").id();
        let signal = if hangs { Signal::SIGSTOP } else { Signal::SIGCONT };
        kill(Pid::from_raw(pid.cast_signed()), signal).expect("our child can be stopped");
    }

    fn daemon(&self) -> MutexGuard<'_, Option<Child>> {
        self.daemon.lock().expect("no test panics while it holds this lock")
    }
}

impl Drop for TestClamd {
    fn drop(&mut self) {
        if let Some(mut daemon) = self.daemon().take() {
            // It may have ended by itself.
            drop(daemon.kill());
            drop(daemon.wait());
        }
    }
}

/// Packages put it where not everybody's `PATH` leads.
fn program() -> &'static Path {
    let places = ["/usr/sbin/clamd", "/usr/bin/clamd", "/opt/homebrew/sbin/clamd", "/usr/local/sbin/clamd"];
    places.into_iter().map(Path::new).find(|path| path.exists()).unwrap_or_else(|| {
        panic!("ClamAV's clamd is not in {}: run `make bootstrap`, which installs it", places.join(", "))
    })
}
