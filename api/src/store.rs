//! The database, brought to where this binary expects it, and the log in it, opened with its master key.

use std::sync::Arc;

use event_log::{EventLog, LogError, MasterKey};
use sqlx::{PgPool, migrate::MigrateError, postgres::PgPoolOptions};

use crate::{
    clock::{Clock, Ids},
    master_key::{MasterKeyError, load_or_create_master_keys},
    postgres::{Database, DatabaseError, service_pool},
    settings::{Mode, Settings},
};

/// A database that is ready to be worked with.
pub struct Store {
    /// The connection to it, to be closed in the end.
    pub database: Database,
    /// The service's pool.
    pub pool: PgPool,
    /// The log.
    pub log: EventLog,
    /// The master key, for what is derived from it outside the log.
    pub master: Arc<MasterKey>,
    /// The system's clock.
    pub clock: Clock,
    /// New ids.
    pub ids: Ids,
}

/// Why the store cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database cannot be used.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// The schema is not this binary's.
    #[error(
        "the database lacks {pending} migrations of this version: run `casestream migrate` with the owner's DATABASE_URL"
    )]
    NotMigrated {
        /// How many are missing.
        pending: usize,
    },
    /// The schema is that of a newer binary.
    #[error("the database was migrated by a newer casestream: run that one, or restore a backup")]
    TooNew,
    /// The schema belongs to somebody else.
    #[error(
        "DATABASE_URL signs in as {role}, who does not own the tables: `migrate` and `rebuild` need the owner's \
         DATABASE_URL"
    )]
    NotOwner {
        /// Who signed in.
        role: String,
    },
    /// A migration failed.
    #[error("the database could not be migrated; what was migrated before stands")]
    Migration(#[source] MigrateError),
    /// The read models' schemas could not be made.
    #[error("the read models could not be laid out")]
    Projections(#[source] projections::ProjectionError),
    /// The master key cannot be had.
    #[error(transparent)]
    MasterKey(#[from] MasterKeyError),
    /// The log does not open.
    #[error(transparent)]
    Log(#[from] LogError),
    /// The database did not answer.
    #[error("the database did not answer as it should")]
    Query(#[from] sqlx::Error),
}

impl Store {
    /// Opens the database that the settings name.
    ///
    /// In development the schema is brought up to date on the way; in production that is the owner's act.
    ///
    /// # Errors
    /// [`StoreError`]; what was started for it is stopped again.
    pub async fn open(settings: &Settings) -> Result<Self, StoreError> {
        let database = Database::open(settings).await?;
        match Self::open_in(settings, &database).await {
            Ok((pool, log, master)) => {
                Ok(Self { database, pool, log, master, clock: Clock::system(), ids: Ids::random() })
            }
            Err(error) => {
                database.close().await?;
                Err(error)
            }
        }
    }

    async fn open_in(
        settings: &Settings,
        database: &Database,
    ) -> Result<(PgPool, EventLog, Arc<MasterKey>), StoreError> {
        if settings.mode == Mode::Development || settings.database_url.is_none() {
            migrate(database).await?;
        }
        let pool = service_pool(database.service_options(), settings.database_connections);
        check_migrated(&pool).await?;
        let known = EventLog::known_master_keys(&pool).await?;
        let keys = load_or_create_master_keys(&settings.master_key_file, known.is_empty())?;
        let master = MasterKey::of_database(keys.to_vec(), &known).ok_or(LogError::WrongMasterKey)?;
        let master = Arc::new(master);
        let log = EventLog::new(pool.clone(), Arc::clone(&master));
        log.check_master_key().await?;
        Ok((pool, log, master))
    }

    /// Lets go of the database; a private one stops when nobody else uses it.
    ///
    /// # Errors
    /// [`StoreError::Database`] when the private PostgreSQL does not stop.
    pub async fn close(self) -> Result<(), StoreError> {
        self.pool.close().await;
        Ok(self.database.close().await?)
    }
}

/// Brings the schema of a database to what this binary expects, as its owner.
///
/// # Errors
/// [`StoreError`]; each migration happened whole or not at all.
pub async fn migrate(database: &Database) -> Result<(), StoreError> {
    let pool = PgPoolOptions::new().max_connections(2).connect_with(database.owner_options()).await?;
    let migrated = migrate_as(&pool).await;
    pool.close().await;
    migrated
}

/// Brings the schema to what this binary expects, on the owner's connections.
///
/// # Errors
/// As [`migrate`].
pub async fn migrate_as(owner: &PgPool) -> Result<(), StoreError> {
    check_owner(owner).await?;
    event_log::MIGRATIONS.run(owner).await.map_err(|error| match error {
        MigrateError::VersionMissing(_) => StoreError::TooNew,
        other => StoreError::Migration(other),
    })?;
    projections::migrate(owner).await.map_err(StoreError::Projections)
}

/// Refuses connections that may not change the schema, or make one in an empty database.
///
/// # Errors
/// [`StoreError::NotOwner`] and [`StoreError::Query`].
pub async fn check_owner(pool: &PgPool) -> Result<(), StoreError> {
    let (role, is_owner): (String, bool) = sqlx::query_as(
        "select current_user::text, case
             when events is null then has_schema_privilege(current_schema()::text, 'create')
             else pg_has_role((select relowner from pg_class where oid = events), 'usage')
         end
         from to_regclass('events') as events",
    )
    .fetch_one(pool)
    .await?;
    if is_owner { Ok(()) } else { Err(StoreError::NotOwner { role }) }
}

async fn check_migrated(pool: &PgPool) -> Result<(), StoreError> {
    let wanted: Vec<i64> = event_log::MIGRATIONS.iter().map(|migration| migration.version).collect();
    let applied: Vec<i64> =
        match sqlx::query_scalar("select version from _sqlx_migrations where success").fetch_all(pool).await {
            Ok(applied) => applied,
            Err(error) if is_undefined(&error) => vec![],
            Err(error) => return Err(error.into()),
        };
    let pending = wanted.iter().filter(|version| !applied.contains(version)).count();
    if pending > 0 {
        return Err(StoreError::NotMigrated { pending });
    }
    if applied.iter().any(|version| !wanted.contains(version)) {
        return Err(StoreError::TooNew);
    }
    Ok(())
}

/// Whether a table, or the role that the session begins in, is not there yet.
fn is_undefined(error: &sqlx::Error) -> bool {
    const UNDEFINED_TABLE: &str = "42P01";
    const UNDEFINED_ROLE: &str = "22023";
    let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code);
    matches!(code.as_deref(), Some(UNDEFINED_TABLE | UNDEFINED_ROLE))
}
