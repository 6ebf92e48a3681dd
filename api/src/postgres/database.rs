//! Opens and closes the database, and says how to connect to it.

use std::{path::Path, time::Duration};

use sqlx::{ConnectOptions as _, Connection as _, PgConnection, postgres::PgConnectOptions};

use super::{
    Account, Binaries, DatabaseError, OLDEST_MAJOR,
    cluster::{self, Cluster},
    data_folder::DataFolder,
    lock::{InUseLock, StartingLock},
    supervisor::Supervisor,
};
use crate::settings::{DatabaseUrl, Mode, Settings};

/// The role that owns every table, and in a private cluster is its superuser. Only migrations connect as it.
pub const OWNER_ROLE: &str = "casestream_owner";
/// The role of the running service; it switches to the projector's and the readers' roles within a transaction.
pub const WRITER_ROLE: &str = "casestream_writer";

const DATABASE_NAME: &str = "casestream";
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// Connections of an instance beside its pool: two each for appends, loads and token look-ups, one each for the tailer and
/// the projector.
const CONNECTIONS_BESIDE_THE_POOL: u32 = 8;
/// Connections of a private cluster beyond those of a service and two commands beside it: migrations, people with psql.
const SPARE_CONNECTIONS: u32 = 20;
/// Statements kept prepared on each connection; every statement of the service fits.
const STATEMENT_CACHE_CAPACITY: usize = 500;

/// A database that can be connected to until it is closed.
#[derive(Debug)]
pub struct Database {
    owner: PgConnectOptions,
    service: PgConnectOptions,
    private: Option<Private>,
}

/// What is held while a private cluster is used.
#[derive(Debug)]
struct Private {
    cluster: Cluster,
    supervisor: Supervisor,
    in_use: InUseLock,
}

impl Database {
    /// Opens the database that `DATABASE_URL` names, or else the private cluster in the data folder: made if it is not there, adopted
    /// if it runs, started if it does not, and started again whenever it dies before [`Database::close`].
    ///
    /// # Errors
    /// The variant of [`DatabaseError`] that says what to do.
    pub async fn open(settings: &Settings) -> Result<Self, DatabaseError> {
        match &settings.database_url {
            Some(DatabaseUrl(options)) => Self::open_named(options, settings.mode).await,
            None => Self::open_private(settings).await,
        }
    }

    /// How the owner connects, to migrate.
    #[must_use]
    pub fn owner_options(&self) -> PgConnectOptions {
        self.owner.clone()
    }

    /// How the running service connects: every session begins in the role `casestream_writer`, whoever signs in, and falls back to it
    /// on `reset role`. The role exists once the migrations have run.
    #[must_use]
    pub fn service_options(&self) -> PgConnectOptions {
        self.service.clone()
    }

    /// Stops using the database. The last casestream that leaves a private cluster stops it; whoever started it does not matter.
    ///
    /// # Errors
    /// [`DatabaseError::Stop`], [`DatabaseError::Busy`]; the cluster is then left as it is, and the next start adopts it.
    pub async fn close(self) -> Result<(), DatabaseError> {
        let Some(private) = self.private else {
            return Ok(());
        };
        private.supervisor.end().await;
        let starting = StartingLock::take(private.cluster.folder()).await?;
        if !private.in_use.release(&starting) {
            tracing::info!("PostgreSQL is left to another casestream that uses it");
            return Ok(());
        }
        private.cluster.stop(&starting).await?;
        tracing::info!("stopped PostgreSQL");
        Ok(())
    }

    async fn open_named(options: &PgConnectOptions, mode: Mode) -> Result<Self, DatabaseError> {
        let owner = options.clone().application_name("casestream").statement_cache_capacity(STATEMENT_CACHE_CAPACITY);
        let place = format!("{}:{}/{}", owner.get_host(), owner.get_port(), owner.get_database().unwrap_or_default());
        let mut connection = connect(&owner, &place).await?;
        check_server(&mut connection, &place, mode).await?;
        // A server that does not take our farewell has taken everything that mattered.
        let _ = connection.close().await;
        Ok(Self { service: in_writer_role(owner.clone()), owner, private: None })
    }

    async fn open_private(settings: &Settings) -> Result<Self, DatabaseError> {
        let folder = DataFolder::prepare(&settings.data_dir)?;
        let account = Account::choose(&folder.cluster())?;
        folder.check_access(&account)?;
        let version = folder.cluster_version()?;
        let installed = Binaries::find_all(settings.pg_bin.as_deref())?;
        let binaries = folder.choose_binaries(version.as_deref(), &installed)?;
        let max_connections = (settings.database_connections + CONNECTIONS_BESIDE_THE_POOL) * 3 + SPARE_CONNECTIONS;
        let cluster = Cluster::new(folder, account, binaries, max_connections);

        let starting = StartingLock::take(cluster.folder()).await?;
        cluster.initialize_if_missing(&starting).await?;
        let socket_folder = cluster.ensure_running(&starting).await?;
        create_database_if_missing(&socket_folder).await?;
        let in_use = InUseLock::share(cluster.folder(), &starting)?;
        drop(starting);

        let owner = cluster::socket_options(&socket_folder)
            .database(DATABASE_NAME)
            .statement_cache_capacity(STATEMENT_CACHE_CAPACITY);
        Ok(Self {
            service: in_writer_role(owner.clone().username(WRITER_ROLE)),
            owner,
            private: Some(Private { supervisor: Supervisor::start(cluster.clone(), socket_folder), cluster, in_use }),
        })
    }
}

/// What the service's sessions begin with. Its statements are few, prepared, and touch rows by key: one plan each is
/// right, planning an append anew costs more than running it, and no plan may read a whole table, which looks cheap as
/// long as the statistics remember it as empty. Reads of lists, where it pays to look at the values, say so themselves.
/// Nothing here runs long enough to be worth compiling.
pub fn in_writer_role(options: PgConnectOptions) -> PgConnectOptions {
    options.options([
        ("role", WRITER_ROLE),
        ("plan_cache_mode", "force_generic_plan"),
        ("enable_seqscan", "off"),
        ("jit", "off"),
    ])
}

async fn connect(options: &PgConnectOptions, place: &str) -> Result<PgConnection, DatabaseError> {
    let connected = tokio::time::timeout(CONNECT_TIMEOUT, options.connect()).await;
    connected
        .unwrap_or(Err(sqlx::Error::PoolTimedOut))
        .map_err(|source| DatabaseError::Connect { place: place.to_owned(), source })
}

/// Refuses a server that is too old, and in production a session that could bypass every protection.
async fn check_server(connection: &mut PgConnection, place: &str, mode: Mode) -> Result<(), DatabaseError> {
    let (version_number, version, role, is_superuser): (i32, String, String, bool) = sqlx::query_as(
        "select current_setting('server_version_num')::int, current_setting('server_version'), \
                    session_user::text, current_setting('is_superuser')::bool",
    )
    .fetch_one(connection)
    .await
    .map_err(|source| DatabaseError::Refused { place: place.to_owned(), action: "say its version", source })?;
    if version_number / 10_000 < OLDEST_MAJOR.cast_signed() {
        return Err(DatabaseError::TooOld { place: place.to_owned(), found: version });
    }
    if mode == Mode::Production && is_superuser {
        return Err(DatabaseError::Superuser { role });
    }
    Ok(())
}

async fn create_database_if_missing(socket_folder: &Path) -> Result<(), DatabaseError> {
    let place = format!("on the socket in {}", socket_folder.display());
    let mut connection = connect(&cluster::socket_options(socket_folder).database("postgres"), &place).await?;
    let created = create_database(&mut connection).await;
    created.map_err(|source| DatabaseError::Refused { place, action: "create the database", source })
}

async fn create_database(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    let exists: bool = sqlx::query_scalar("select exists (select from pg_database where datname = $1)")
        .bind(DATABASE_NAME)
        .fetch_one(&mut *connection)
        .await?;
    if !exists {
        sqlx::raw_sql(&format!("create database {DATABASE_NAME}")).execute(connection).await?;
    }
    Ok(())
}
