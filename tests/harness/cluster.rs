//! A throwaway PostgreSQL on a private socket, run by an unprivileged account.

use std::{
    fs::{self, DirBuilder, File, Permissions},
    os::unix::fs::{DirBuilderExt as _, PermissionsExt as _},
    path::{Path, PathBuf},
    process::{Child, Command},
    sync::{Mutex, MutexGuard},
};

use api::postgres::{Account, Binaries, initdb_command, socket_options};
use nix::sys::signal::Signal;
use sqlx::{ConnectOptions as _, Connection as _, postgres::PgConnectOptions};

use crate::{wait::until, watchdog::Watchdog};

/// Whether commits survive a crash of the machine. A crash of PostgreSQL alone they survive either way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// `fsync = off`: for tests of what is written, not of how safely.
    Fast,
    /// `fsync = on`, as in production.
    Full,
}

/// The port in the name of a socket; nothing listens on it as a port.
const SOCKET_PORT: u16 = 5432;

/// One PostgreSQL server of this test process; it and its files are gone when the process is, or soon after this value is dropped.
#[derive(Debug)]
pub struct TestCluster {
    folder: PathBuf,
    account: Account,
    binaries: Binaries,
    durability: Durability,
    port: u16,
    /// What its server is told beside the usual.
    more_settings: Vec<String>,
    server: Mutex<Option<Child>>,
    _watchdog: Watchdog,
}

impl TestCluster {
    /// Makes a cluster and starts it.
    ///
    /// # Panics
    /// If PostgreSQL's programs are missing or fail; the message has their output.
    pub async fn start(durability: Durability) -> Self {
        Self::start_at(durability, SOCKET_PORT, |_, _| vec![]).await
    }

    /// Makes a cluster with a port of its own, lets `prepare` change the files in its data folder, which are that account's, and starts it
    /// with the further settings that this answers.
    ///
    /// # Panics
    /// If PostgreSQL's programs are missing or fail; the message has their output.
    pub async fn start_at(
        durability: Durability,
        port: u16,
        prepare: impl FnOnce(&Path, &Account) -> Vec<String>,
    ) -> Self {
        let folder =
            tempfile::Builder::new().prefix("casestream-test-").tempdir_in("/tmp").expect("a folder under /tmp").keep();
        let watchdog =
            Watchdog::start(&folder, "data/postmaster.pid", Signal::SIGQUIT).expect("a shell for the watchdog");
        fs::set_permissions(&folder, Permissions::from_mode(0o711)).expect("the folder is ours");
        let account = Account::choose(&folder.join("data")).expect("an unprivileged account");
        let binaries = Binaries::find_all(None).expect("PostgreSQL's programs").remove(0);
        for name in ["data", "run"] {
            make_private_folder(&folder.join(name), &account);
        }
        let mut initdb = initdb_command(&binaries, &account, &folder.join("data"));
        run(initdb.arg("--no-sync"));
        let more_settings = prepare(&folder.join("data"), &account);
        let server = Mutex::default();
        let cluster = Self { folder, account, binaries, durability, port, more_settings, server, _watchdog: watchdog };
        cluster.start_server().await;
        cluster
    }

    /// How the owner (a superuser) connects to `database`.
    #[must_use]
    pub fn owner_options(&self, database: &str) -> PgConnectOptions {
        socket_options(&self.socket_folder()).port(self.port).database(database)
    }

    /// The folder of the server's socket.
    #[must_use]
    pub fn socket_folder(&self) -> PathBuf {
        self.folder.join("run")
    }

    /// Kills the server with SIGKILL, as a power cut would, and starts it again; returns when it has recovered.
    ///
    /// # Panics
    /// If it does not come back.
    pub async fn crash_and_restart(&self) {
        self.kill();
        self.start_server().await;
    }

    /// Kills the server with SIGKILL.
    ///
    /// # Panics
    /// If there is no server.
    pub fn kill(&self) {
        let mut server = self.server().take().expect("the server runs");
        server.kill().expect("our child can be killed");
        // A child that nobody waits for keeps its process id, and the next server would take it for a running one.
        server.wait().expect("our child can be waited for");
    }

    /// Starts the server and waits until it answers. A start that meets what a killed predecessor left is tried again.
    pub async fn start_server(&self) {
        let options = self.owner_options("postgres");
        until("the test PostgreSQL to answer", async || {
            self.spawn_unless_running();
            let connection = options.connect().await.ok()?;
            connection.close().await.ok()
        })
        .await;
    }

    fn spawn_unless_running(&self) {
        let mut server = self.server();
        let is_running = server.as_mut().is_some_and(|child| child.try_wait().is_ok_and(|status| status.is_none()));
        if !is_running {
            *server = Some(self.spawn());
        }
    }

    fn spawn(&self) -> Child {
        let log = File::options()
            .create(true)
            .append(true)
            .open(self.folder.join("postgres.log"))
            .expect("the folder is ours");
        let mut postgres = self.account.command(&self.binaries.program("postgres"));
        postgres.arg("-D").arg(self.folder.join("data"));
        for setting in self.settings().iter().chain(&self.more_settings) {
            postgres.arg("-c").arg(setting);
        }
        let errors = log.try_clone().expect("a file can be shared");
        postgres.stdout(log).stderr(errors).spawn().expect("postgres can be run")
    }

    fn server(&self) -> MutexGuard<'_, Option<Child>> {
        self.server.lock().expect("no test panics while it holds this lock")
    }

    fn settings(&self) -> [String; 7] {
        let fsync = match self.durability {
            Durability::Fast => "off",
            Durability::Full => "on",
        };
        [
            "listen_addresses=".to_owned(),
            format!("unix_socket_directories={}", self.socket_folder().display()),
            format!("port={}", self.port),
            "max_connections=200".to_owned(),
            "timezone=UTC".to_owned(),
            format!("fsync={fsync}"),
            format!("full_page_writes={fsync}"),
        ]
    }
}

fn make_private_folder(path: &Path, account: &Account) {
    DirBuilder::new().mode(0o700).create(path).expect("the parent is ours");
    account.give(path).expect("root may give its files away");
}

fn run(command: &mut Command) {
    let output = command.output().expect("the program can be run");
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
}
