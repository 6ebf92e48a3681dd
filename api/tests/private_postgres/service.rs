//! `casestream serve` as a child process on a data folder of its own.

use std::{
    fs::{self, File, Permissions},
    os::unix::{fs::PermissionsExt as _, process::CommandExt as _},
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus},
    time::Duration,
};

use api::postgres::{Account, socket_options};
use nix::{
    sys::signal::{Signal, kill},
    unistd::{Pid, User, geteuid},
};
use sqlx::{ConnectOptions as _, PgConnection, postgres::PgConnectOptions};
use tempfile::TempDir;
use tokio::time::{Instant, sleep};

const PROGRAM: &str = env!("CARGO_BIN_EXE_casestream");
/// What the service logs once it has opened everything.
pub const READY: &str = "ready: GraphQL is at";
const DEADLINE: Duration = Duration::from_mins(1);

/// A folder for a test's data, which the account that runs PostgreSQL may pass through; the server in it dies with the folder.
pub struct Place {
    folder: TempDir,
}

impl Place {
    pub fn new() -> Self {
        let folder = tempfile::Builder::new()
            .prefix("casestream-private-")
            .permissions(Permissions::from_mode(0o755))
            .tempdir_in("/tmp")
            .unwrap();
        Self { folder }
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    pub fn data_dir(&self) -> PathBuf {
        self.path().join("data")
    }

    /// `casestream serve` on this place's data folder, not yet running.
    pub fn serve(&self) -> Command {
        command(Path::new(PROGRAM), &self.data_dir())
    }

    /// Any subcommand on this place's data folder, not yet running.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(PROGRAM);
        command.args(arguments);
        at_home(&mut command, &self.data_dir());
        command
    }

    /// Starts `casestream serve` and waits until it has written `words` to its log.
    pub async fn serve_until(&self, words: &str) -> Service {
        self.start_until(self.serve(), words).await
    }

    /// Starts a command that serves, and waits until it has written `words` to its log.
    pub async fn start_until(&self, mut command: Command, words: &str) -> Service {
        let number = fs::read_dir(self.path()).unwrap().count();
        let log = self.path().join(format!("serve-{number}.log"));
        let process = command.stderr(File::create(&log).unwrap()).spawn();
        let mut service = Service { process: process.unwrap(), log };
        service.wait_for(words).await;
        service
    }

    /// Connects to the private PostgreSQL as its owner; waits for it if need be.
    pub async fn connect(&self) -> PgConnection {
        let options = self.options();
        until("PostgreSQL to answer", async || options.connect().await.ok()).await
    }

    pub fn options(&self) -> PgConnectOptions {
        socket_options(&self.data_dir().join("run")).database("casestream")
    }

    /// The process id of the private PostgreSQL, if its lock file is there.
    pub fn postgres_pid(&self) -> Option<Pid> {
        let content = fs::read_to_string(self.data_dir().join("postgres/postmaster.pid")).ok()?;
        Some(Pid::from_raw(content.lines().next()?.parse().ok()?))
    }

    pub fn kill_postgres(&self) {
        kill(self.postgres_pid().unwrap(), Signal::SIGKILL).unwrap();
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Some(pid) = self.postgres_pid() {
            // Only a failed test leaves a server; it may have gone by itself.
            let _ = kill(pid, Signal::SIGQUIT);
        }
    }
}

/// A running `casestream serve`.
pub struct Service {
    process: Child,
    log: PathBuf,
}

impl Service {
    /// Asks the service to stop, as a service manager does.
    pub async fn terminate(mut self) -> ExitStatus {
        let pid = Pid::from_raw(self.process.id().cast_signed());
        kill(pid, Signal::SIGTERM).unwrap();
        let process = &mut self.process;
        until("the service to end", async || process.try_wait().unwrap()).await
    }

    /// Ends the service with SIGKILL.
    pub fn kill(mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    async fn wait_for(&mut self, words: &str) {
        let log = self.log.clone();
        let process = &mut self.process;
        until(words, async || {
            let text = fs::read_to_string(&log).unwrap();
            if text.contains(words) {
                return Some(());
            }
            let ended = process.try_wait().unwrap();
            assert!(ended.is_none(), "the service ended before it was {words}: {text}");
            None
        })
        .await;
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// `casestream serve` on a data folder, with nothing from this process's environment that could lead it elsewhere.
pub fn command(program: &Path, data_dir: &Path) -> Command {
    let mut command = Command::new(program);
    command.arg("serve");
    at_home(&mut command, data_dir);
    command
}

/// Gives a command an environment in which it finds this data folder and nothing else.
fn at_home(command: &mut Command, data_dir: &Path) {
    command
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("CASESTREAM_DATA_DIR", data_dir)
        .env("CASESTREAM_LISTEN", "127.0.0.1:0")
        .env("CASESTREAM_OPERATIONS_LISTEN", "127.0.0.1:0")
        .current_dir("/");
}

/// The same as an ordinary user: as root somebody else runs a copy of the program that they can reach.
pub fn unprivileged_command(place: &Place) -> Command {
    if !geteuid().is_root() {
        return place.serve();
    }
    let copy = place.path().join("casestream");
    if !copy.exists() {
        fs::copy(PROGRAM, &copy).unwrap();
    }
    let nobody = User::from_name("nobody").unwrap().unwrap();
    let mut command = command(&copy, &place.data_dir());
    command.uid(nobody.uid.as_raw()).gid(nobody.gid.as_raw());
    command
}

/// Who runs PostgreSQL for the user of this test.
pub fn postgres_account(place: &Place) -> Account {
    Account::choose(&place.data_dir().join("postgres")).unwrap()
}

/// A port that nobody listens on.
pub fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0");
    listener.and_then(|listener| listener.local_addr()).unwrap().port()
}

/// Asks again and again until there is an answer.
pub async fn until<T>(what: &str, mut question: impl AsyncFnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + DEADLINE;
    loop {
        if let Some(answer) = question().await {
            return answer;
        }
        assert!(Instant::now() < deadline, "waited {DEADLINE:?} for {what}");
        sleep(Duration::from_millis(20)).await;
    }
}
