//! The private cluster: made once, then adopted or started, and at last stopped.

use std::{
    fs,
    io::{self, Write as _},
    os::unix::fs::DirBuilderExt as _,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    time::Duration,
};

use sqlx::{
    ConnectOptions as _, Connection as _, PgConnection,
    postgres::{PgConnectOptions, PgSslMode},
};
use tokio::time::{Instant, sleep};

use super::{
    Account, Binaries, DatabaseError, OWNER_ROLE,
    data_folder::{DataFolder, no_rights, replace_file},
    lock::StartingLock,
    remains, socket,
};

/// How long the remains of a killed PostgreSQL may hold up a start: its processes notice its end within moments, but not at once.
const REMAINS_PATIENCE: Duration = Duration::from_secs(15);
/// How long a server may take from its start until it answers; recovery after a crash replays what the last checkpoint lacks.
const START_PATIENCE: Duration = Duration::from_mins(5);
const POLL: Duration = Duration::from_millis(50);
/// SQLSTATE `cannot_connect_now`: the server is starting up or shutting down.
const CANNOT_CONNECT_NOW: &str = "57P03";
/// How much of a failed start's log an error repeats.
const LOG_TAIL_LINES: usize = 6;

/// A cluster in a data folder, with everything that is needed to run it.
#[derive(Clone, Debug)]
pub(super) struct Cluster {
    folder: DataFolder,
    account: Account,
    binaries: Binaries,
    max_connections: u32,
}

/// Whether somebody serves the cluster at the moment.
enum State {
    /// It answers on the socket in this folder.
    Running(PathBuf),
    /// It is there and does not take connections yet, or no longer.
    Busy,
    /// Nobody answers.
    Stopped,
}

impl Cluster {
    pub(super) fn new(folder: DataFolder, account: Account, binaries: Binaries, max_connections: u32) -> Self {
        Self { folder, account, binaries, max_connections }
    }

    pub(super) fn folder(&self) -> &DataFolder {
        &self.folder
    }

    /// Makes the cluster if there is none yet: it appears whole or not at all.
    ///
    /// # Errors
    /// [`DatabaseError::Initialize`] with what initdb said, [`DatabaseError::NoRights`].
    pub(super) async fn initialize_if_missing(&self, _starting: &StartingLock) -> Result<(), DatabaseError> {
        if self.folder.cluster_version()?.is_some() {
            return Ok(());
        }
        let draft = self.folder.file("postgres.new");
        tracing::info!(folder = %self.folder.cluster().display(), "making a PostgreSQL cluster");
        self.make_empty(&draft).map_err(|source| no_rights(&draft, source))?;
        let initdb = initdb_command(&self.binaries, &self.account, &draft);
        let output = run(initdb).await?;
        if !output.status.success() {
            return Err(DatabaseError::Initialize { path: self.folder.cluster(), output: words(&output) });
        }
        size_to_machine(&draft.join("postgresql.conf")).map_err(|source| no_rights(&draft, source))?;
        let cluster = self.folder.cluster();
        fs::rename(&draft, &cluster).map_err(|source| no_rights(&cluster, source))
    }

    /// Leaves the cluster running and says in which folder its socket is: adopts a server that runs already, whoever started it, or
    /// starts one. The remains of a killed server are waited for.
    ///
    /// # Errors
    /// [`DatabaseError::Start`] with the end of PostgreSQL's log, [`DatabaseError::ForeignServer`], [`DatabaseError::SocketFolder`].
    pub(super) async fn ensure_running(&self, starting: &StartingLock) -> Result<PathBuf, DatabaseError> {
        let begun = Instant::now();
        // Each try clears a part of the remains away, so how it began counts as well as how it is: a server whose starter was killed
        // may only now take the lock.
        let had_remains = self.lock_file().exists();
        loop {
            match self.state().await? {
                State::Running(socket_folder) => {
                    tracing::info!(folder = %self.folder.cluster().display(), "adopted a running PostgreSQL");
                    return Ok(socket_folder);
                }
                State::Busy if begun.elapsed() < START_PATIENCE => {}
                State::Busy => return Err(self.start_error("it takes no connections")),
                State::Stopped => match self.start(starting).await {
                    Err(DatabaseError::Start { .. })
                        if (had_remains || self.lock_file().exists()) && begun.elapsed() < REMAINS_PATIENCE => {}
                    outcome => return outcome,
                },
            }
            sleep(POLL).await;
        }
    }

    /// Stops the server after its clients' present statements were cut off and rolled back; everything committed is on disk.
    ///
    /// # Errors
    /// [`DatabaseError::Stop`] with what `pg_ctl` said.
    pub(super) async fn stop(&self, _starting: &StartingLock) -> Result<(), DatabaseError> {
        let mut pg_ctl = self.command("pg_ctl");
        pg_ctl
            .args(["stop", "--mode=fast", "--wait", "--timeout=60", "--silent"])
            .arg("--pgdata")
            .arg(self.folder.cluster());
        let output = run(pg_ctl).await?;
        if output.status.success() || !self.lock_file().exists() {
            return Ok(());
        }
        Err(DatabaseError::Stop { path: self.folder.cluster(), output: words(&output) })
    }

    /// Starts a server and waits until it answers.
    async fn start(&self, _starting: &StartingLock) -> Result<PathBuf, DatabaseError> {
        let socket_folder = socket::prepare(&self.folder, &self.account)?;
        for lock_file in [self.lock_file(), socket::lock_path(&socket_folder)] {
            remains::disown_dead_server(&lock_file, &self.account).map_err(|source| no_rights(&lock_file, source))?;
        }
        let log_path = self.folder.file("postgres-start.log");
        let log = replace_file(&log_path).map_err(|source| no_rights(&log_path, source))?;
        let mut postgres = self.command("postgres");
        postgres.arg("-D").arg(self.folder.cluster());
        for setting in self.server_settings(&socket_folder) {
            postgres.arg("-c").arg(setting);
        }
        let program = self.binaries.program("postgres");
        let stderr = log.try_clone().map_err(|source| no_rights(&log_path, source))?;
        let mut child = tokio::process::Command::from(postgres)
            .stdout(log)
            .stderr(stderr)
            .spawn()
            .map_err(|source| DatabaseError::Program { program, source })?;

        let deadline = Instant::now() + START_PATIENCE;
        while Instant::now() < deadline {
            if let State::Running(socket_folder) = self.state().await? {
                tracing::info!(folder = %self.folder.cluster().display(), "started PostgreSQL");
                return Ok(socket_folder);
            }
            if child.try_wait().is_ok_and(|status| status.is_some()) {
                return Err(self.start_error(&self.last_words(&log_path)));
            }
            sleep(POLL).await;
        }
        Err(self.start_error("it takes no connections"))
    }

    /// What must hold whatever the cluster's own files say: they are given on the command line, which wins.
    fn server_settings(&self, socket_folder: &Path) -> Vec<String> {
        let socket_folder = socket_folder.to_string_lossy().replace('"', "\"\"");
        vec![
            "listen_addresses=".to_owned(),
            format!("unix_socket_directories=\"{socket_folder}\""),
            "unix_socket_permissions=0700".to_owned(),
            format!("port={}", socket::PORT),
            format!("max_connections={}", self.max_connections),
            "fsync=on".to_owned(),
            "full_page_writes=on".to_owned(),
            "timezone=UTC".to_owned(),
            "log_timezone=UTC".to_owned(),
            // A week of logs, and no row of a table in them: DETAIL lines repeat the values of a violated constraint.
            "logging_collector=on".to_owned(),
            "log_directory=log".to_owned(),
            "log_filename=postgres-%a.log".to_owned(),
            "log_rotation_age=1d".to_owned(),
            "log_rotation_size=0".to_owned(),
            "log_truncate_on_rotation=on".to_owned(),
            "log_error_verbosity=terse".to_owned(),
        ]
    }

    /// Asks the server that the cluster's lock file names whether it serves this cluster.
    async fn state(&self) -> Result<State, DatabaseError> {
        let Some(socket_folder) = self.socket_folder_in_lock_file() else {
            return Ok(State::Stopped);
        };
        let options = socket_options(&socket_folder).database("postgres");
        let asked = tokio::time::timeout(Duration::from_secs(5), ask_data_directory(&options));
        match asked.await {
            Ok(Ok(served)) if is_same_folder(&served, &self.folder.cluster()) => Ok(State::Running(socket_folder)),
            Ok(Ok(served)) => Err(DatabaseError::ForeignServer { path: self.folder.cluster(), served }),
            Ok(Err(sqlx::Error::Database(error))) if error.code().as_deref() == Some(CANNOT_CONNECT_NOW) => {
                Ok(State::Busy)
            }
            Ok(Err(sqlx::Error::Io(_))) => Ok(State::Stopped),
            Ok(Err(source)) => {
                Err(DatabaseError::Connect { place: format!("in {}", self.folder.cluster().display()), source })
            }
            Err(_) => Ok(State::Busy),
        }
    }

    /// The fifth line of `postmaster.pid` is the socket's folder; it is missing while a server has only just been started.
    fn socket_folder_in_lock_file(&self) -> Option<PathBuf> {
        let content = fs::read_to_string(self.lock_file()).ok()?;
        let line = content.lines().nth(4)?;
        (!line.is_empty()).then(|| PathBuf::from(line))
    }

    fn lock_file(&self) -> PathBuf {
        self.folder.cluster().join("postmaster.pid")
    }

    fn command(&self, program: &str) -> Command {
        self.account.command(&self.binaries.program(program))
    }

    /// An empty folder for initdb; what an interrupted one left is removed.
    fn make_empty(&self, draft: &Path) -> io::Result<()> {
        match fs::remove_dir_all(draft) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => fs::DirBuilder::new().mode(0o700).create(draft)?,
        }
        self.account.give(draft)
    }

    /// What PostgreSQL said last: before its logger ran that went to `start_log`, after that to the newest file of its log folder.
    fn last_words(&self, start_log: &Path) -> String {
        let began = fs::metadata(start_log).and_then(|metadata| metadata.created());
        let logs = fs::read_dir(self.folder.cluster().join("log"));
        let newest = logs
            .into_iter()
            .flatten()
            .flatten()
            .filter_map(|entry| Some((entry.metadata().ok()?.modified().ok()?, entry.path())))
            .max();
        match (newest, began) {
            (Some((written, log)), Ok(began)) if written >= began => tail(&log),
            _ => tail(start_log),
        }
    }

    fn start_error(&self, log: &str) -> DatabaseError {
        DatabaseError::Start { path: self.folder.cluster(), log: log.to_owned() }
    }
}

/// Prepares `initdb` to make a cluster in `folder`, an empty folder of `account`.
///
/// Characters are those of Unicode (for upper and lower case), the order is that of their bytes: the same on every system, for ever,
/// so that no update of a system library can spoil an index. Everybody who reaches the socket is trusted, so its folder is private.
#[must_use]
pub fn initdb_command(binaries: &Binaries, account: &Account, folder: &Path) -> Command {
    let unicode = if cfg!(target_os = "macos") { "UTF-8" } else { "C.UTF-8" };
    let mut initdb = account.command(&binaries.program("initdb"));
    initdb
        .arg("--pgdata")
        .arg(folder)
        .arg(format!("--username={OWNER_ROLE}"))
        .args(["--auth-local=trust", "--auth-host=reject"])
        .args(["--data-checksums", "--encoding=UTF8", "--locale=C"])
        .arg(format!("--lc-ctype={unicode}"));
    initdb
}

/// How the cluster's owner connects through the socket in `socket_folder`.
#[must_use]
pub fn socket_options(socket_folder: &Path) -> PgConnectOptions {
    PgConnectOptions::new_without_pgpass()
        .socket(socket_folder)
        .port(socket::PORT)
        .ssl_mode(PgSslMode::Disable)
        .username(OWNER_ROLE)
        .application_name("casestream")
}

async fn ask_data_directory(options: &PgConnectOptions) -> Result<String, sqlx::Error> {
    let mut connection: PgConnection = options.connect().await?;
    let served = sqlx::query_scalar("select current_setting('data_directory')").fetch_one(&mut connection).await?;
    connection.close().await?;
    Ok(served)
}

fn is_same_folder(one: &str, other: &Path) -> bool {
    match (Path::new(one).canonicalize(), other.canonicalize()) {
        (Ok(one), Ok(other)) => one == other,
        _ => Path::new(one) == other,
    }
}

/// Runs a program to its end without holding up the other tasks of this thread.
async fn run(mut command: Command) -> Result<Output, DatabaseError> {
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let program = PathBuf::from(command.get_program());
    tokio::process::Command::from(command).output().await.map_err(|source| DatabaseError::Program { program, source })
}

fn words(output: &Output) -> String {
    let text = if output.stderr.is_empty() { &output.stdout } else { &output.stderr };
    String::from_utf8_lossy(text).trim().replace('\n', "; ")
}

fn tail(log_path: &Path) -> String {
    let text = fs::read_to_string(log_path).unwrap_or_default();
    let lines: Vec<&str> = text.lines().filter(|line| !line.is_empty()).collect();
    let tail = &lines[lines.len().saturating_sub(LOG_TAIL_LINES)..];
    format!("{} (from {})", tail.join("; "), log_path.display())
}

/// Gives a new cluster the sizes that suit this machine, where its operator can change them.
fn size_to_machine(configuration: &Path) -> io::Result<()> {
    let sizes = format!(
        "\n# By casestream, for this machine when the cluster was made. The last setting of a name counts.\n\
         shared_buffers = {}MB\n\
         # Room for many minutes of work between checkpoints: after each one, every page is logged whole once more.\n\
         max_wal_size = 4GB\n",
        shared_buffers_mb()
    );
    fs::OpenOptions::new().append(true).open(configuration)?.write_all(sizes.as_bytes())
}

/// PostgreSQL's own cache: a quarter of the machine's memory, as its documentation advises, from its default up to 1 GiB.
fn shared_buffers_mb() -> u64 {
    const DEFAULT_MB: u64 = 128;
    const MOST_MB: u64 = 1024;
    let memory_mb = fs::read_to_string("/proc/meminfo").ok().and_then(|info| {
        let line = info.lines().find_map(|line| line.strip_prefix("MemTotal:"))?;
        Some(line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()? / 1024)
    });
    (memory_mb.unwrap_or(0) / 4).clamp(DEFAULT_MB, MOST_MB)
}
