//! A projection group: tables that move together, in one PostgreSQL schema per version.

use sqlx::{Executor as _, PgConnection, PgPool, Row as _};

use crate::{ProjectionError, case_group::CASE_GROUP, directory_group::DIRECTORY_GROUP};

/// Tables that one step writes together, so that what is read back is of one moment.
pub(crate) struct Group {
    /// Its name, which begins its schemas' names.
    pub name: &'static str,
    /// The kinds of aggregates whose events it is made of.
    pub aggregates: &'static [&'static str],
    /// Whether few events of the log are its own, so that most of the time there is nothing to write.
    pub reads_few: bool,
    /// The DDL of its tables, with policies and grants.
    pub tables: &'static [&'static str],
    /// The DDL of indexes that a rebuild makes after catching up; may be run again.
    pub indexes: &'static [&'static str],
}

/// A version of a group and how far it has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// The version.
    pub version: i32,
    /// The position up to which all events are in it.
    pub position: i64,
}

/// Serialises whoever makes or drops versions of groups, in one database.
const DDL_LOCK: i64 = 0x4353_5052_4F4A_0001;

impl Group {
    /// The schema of a version.
    pub(crate) fn schema(&self, version: i32) -> String {
        format!("{}_v{version}", self.name)
    }

    /// The channel on which it is announced how far the live version is.
    pub(crate) fn channel(&self) -> String {
        format!("casestream_{}", self.name)
    }

    /// Announces how far the live version is, to all instances, as `version:position`.
    pub(crate) async fn announce(&self, conn: &mut PgConnection, progress: Progress) -> Result<(), sqlx::Error> {
        let Progress { version, position } = progress;
        let announcement = sqlx::query("select pg_notify($1, $2)").bind(self.channel());
        announcement.bind(format!("{version}:{position}")).execute(conn).await?;
        Ok(())
    }

    /// The live version, and how far it has come.
    pub(crate) async fn live(&self, conn: &mut PgConnection) -> Result<Progress, ProjectionError> {
        let row = sqlx::query(
            "select version, position from projection_checkpoints where group_name = $1 and state = 'live'",
        )
        .bind(self.name)
        .fetch_optional(conn)
        .await?
        .ok_or(ProjectionError::NotMigrated { group: self.name })?;
        Ok(Progress { version: row.try_get("version")?, position: row.try_get("position")? })
    }

    /// Makes the schema and tables of a version, without indexes, and its checkpoint.
    pub(crate) async fn create(&self, owner: &mut PgConnection, version: i32, state: &str) -> Result<(), sqlx::Error> {
        let schema = self.schema(version);
        owner.execute(format!("create schema {schema}; set local search_path = {schema}, public").as_str()).await?;
        owner
            .execute(
                format!(
                    "grant usage on schema {schema} to casestream_writer, casestream_projector, \
                     casestream_reader_contact, casestream_reader_staff, casestream_reader_auditor, casestream_reader_directory, \
                     casestream_reader_requests"
                )
                .as_str(),
            )
            .await?;
        for table in self.tables {
            owner.execute(*table).await?;
        }
        sqlx::query("insert into projection_checkpoints (group_name, version, state) values ($1, $2, $3)")
            .bind(self.name)
            .bind(version)
            .bind(state)
            .execute(owner)
            .await?;
        Ok(())
    }

    /// Makes the indexes of a version that are not there yet, and gathers statistics.
    pub(crate) async fn create_indexes(&self, owner: &mut PgConnection, version: i32) -> Result<(), sqlx::Error> {
        let schema = self.schema(version);
        owner.execute(format!("set local search_path = {schema}, public").as_str()).await?;
        for indexes in self.indexes {
            owner.execute(*indexes).await?;
        }
        let tables: Vec<String> = sqlx::query_scalar("select tablename::text from pg_tables where schemaname = $1")
            .bind(&schema)
            .fetch_all(&mut *owner)
            .await?;
        for table in tables {
            owner.execute(format!("analyze {table}").as_str()).await?;
        }
        Ok(())
    }

    /// Drops a version, its checkpoint and what was parked in it.
    pub(crate) async fn drop_version(&self, owner: &mut PgConnection, version: i32) -> Result<(), sqlx::Error> {
        owner.execute(format!("drop schema if exists {} cascade", self.schema(version)).as_str()).await?;
        sqlx::query("delete from projection_checkpoints where group_name = $1 and version = $2")
            .bind(self.name)
            .bind(version)
            .execute(owner)
            .await?;
        Ok(())
    }
}

/// All groups there are.
pub(crate) static GROUPS: [&Group; 2] = [&CASE_GROUP, &DIRECTORY_GROUP];

/// Makes the read models that are not there yet, empty and live; to be called by the owner after the migrations.
///
/// Running it again changes nothing.
///
/// # Errors
/// [`ProjectionError::Database`]; nothing was made.
pub async fn migrate(owner: &PgPool) -> Result<(), ProjectionError> {
    let mut tx = owner.begin().await?;
    sqlx::query("select pg_advisory_xact_lock($1)").bind(DDL_LOCK).execute(&mut *tx).await?;
    for group in GROUPS {
        match group.live(&mut tx).await {
            Ok(_) => {}
            Err(ProjectionError::NotMigrated { .. }) => {
                group.create(&mut tx, 1, "live").await?;
                group.create_indexes(&mut tx, 1).await?;
            }
            Err(error) => return Err(error),
        }
    }
    tx.commit().await?;
    Ok(())
}
