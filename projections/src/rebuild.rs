//! Builds the next version of the read models from the first event on, while the live one serves.
//!
//! The steps are those of the live path. What a kill -9 interrupts goes on where it was. Indexes come after catching
//! up, because filling a table without them is faster; then one small transaction makes the new version live.

use std::time::Duration;

use event_log::{Codec, safe_position_now};
use sqlx::{Executor as _, PgConnection, PgPool};

use crate::{
    ProjectionError,
    case_group::fold::Fold,
    directory_group::fold::DirectoryFold,
    group::{Group, Progress},
    step::{Stepped, Stepper, Target},
    tables::Tables,
};

/// The events of a step.
const PAGE: i64 = 5_000;
/// How long the version that was live is kept: every instance has followed the switch by then (it hears of it, and
/// looks every second), and the reads that began before it have ended.
const DROP_AFTER: Duration = Duration::from_secs(5);
/// Held while a group is rebuilt.
const REBUILD_LOCK: i64 = 0x4353_5052_4F4A_0002;

/// Which read models are built anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadModels {
    /// Those of cases.
    Cases,
    /// Those of accounts and people.
    Directory,
}

/// Where a rebuild is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RebuildProgress {
    /// Events are read.
    Events {
        /// The position up to which they are in.
        position: i64,
        /// The end of the log.
        of: i64,
    },
    /// Indexes are made.
    Indexes,
    /// The new version is live; the old one is kept for reads that have begun.
    Switched {
        /// The new version.
        version: i32,
    },
}

/// Builds a group anew and switches to it; `owner` makes tables, `service`, a pool of at least two connections,
/// reads the log and writes rows.
///
/// Answers the version that is live now, and how far it is. Run again after it was interrupted, it goes on with the
/// version that was begun.
///
/// # Errors
/// [`ProjectionError::RebuildRunning`]; [`ProjectionError::TooNew`]; [`ProjectionError::NotMigrated`];
/// [`ProjectionError::Database`] and [`ProjectionError::Log`]. The live version serves on.
pub async fn rebuild(
    owner: &PgPool,
    service: &PgPool,
    codec: &Codec,
    models: ReadModels,
    progress: impl FnMut(RebuildProgress),
) -> Result<Progress, ProjectionError> {
    match models {
        ReadModels::Cases => rebuild_group::<Fold>(owner, service, codec, progress).await,
        ReadModels::Directory => rebuild_group::<DirectoryFold>(owner, service, codec, progress).await,
    }
}

async fn rebuild_group<T: Tables>(
    owner: &PgPool,
    service: &PgPool,
    codec: &Codec,
    progress: impl FnMut(RebuildProgress),
) -> Result<Progress, ProjectionError> {
    // The lock belongs to the connection, which is closed whatever happens; a killed process loses it, too.
    let mut lock = owner.acquire().await?.detach();
    let locked: bool =
        sqlx::query_scalar("select pg_try_advisory_lock($1)").bind(REBUILD_LOCK).fetch_one(&mut lock).await?;
    if !locked {
        return Err(ProjectionError::RebuildRunning { group: T::GROUP.name });
    }
    let rebuilt = rebuild_alone::<T>(owner, service, codec, progress).await;
    // PostgreSQL notices some time later that a connection was closed; the next group's rebuild begins at once.
    if let Err(error) = sqlx::query("select pg_advisory_unlock($1)").bind(REBUILD_LOCK).execute(&mut lock).await {
        tracing::debug!(error = %error, "the connection that held the lock is lost, and the lock with it");
    }
    rebuilt
}

async fn rebuild_alone<T: Tables>(
    owner: &PgPool,
    service: &PgPool,
    codec: &Codec,
    mut progress: impl FnMut(RebuildProgress),
) -> Result<Progress, ProjectionError> {
    let group = T::GROUP;
    drop_retired(owner, group).await?;
    let version = begin_or_resume(owner, group).await?;
    catch_up::<T>(service, codec, &mut progress).await?;
    progress(RebuildProgress::Indexes);
    let mut tx = owner.begin().await?;
    group.create_indexes(&mut tx, version).await?;
    tx.commit().await?;
    catch_up::<T>(service, codec, &mut progress).await?;
    let live = switch::<T>(owner, service, codec, version).await?;
    progress(RebuildProgress::Switched { version });
    tokio::time::sleep(DROP_AFTER).await;
    // The switch has happened; what cannot be dropped now is dropped by the next rebuild.
    if let Err(error) = drop_retired(owner, group).await {
        tracing::warn!(group = group.name, error = ?error, "the version that was live before could not be dropped yet");
    }
    Ok(live)
}

/// The version that is being built: the one that was begun before, or a new one.
async fn begin_or_resume(owner: &PgPool, group: &Group) -> Result<i32, ProjectionError> {
    let mut tx = owner.begin().await?;
    let live = group.live(&mut tx).await?;
    let begun: Option<i32> =
        sqlx::query_scalar("select version from projection_checkpoints where group_name = $1 and state = 'building'")
            .bind(group.name)
            .fetch_optional(&mut *tx)
            .await?;
    if let Some(version) = begun {
        return Ok(version);
    }
    let version = live.version + 1;
    group.create(&mut tx, version, "building").await?;
    tx.commit().await?;
    Ok(version)
}

/// Steps the new version to the end of the log as it is when it gets there.
async fn catch_up<T: Tables>(
    service: &PgPool,
    codec: &Codec,
    progress: &mut impl FnMut(RebuildProgress),
) -> Result<(), ProjectionError> {
    loop {
        let safe = safe_position_now(service).await?;
        let position = step_to::<T>(service, codec, safe, |position| {
            progress(RebuildProgress::Events { position, of: safe });
        })
        .await?;
        // What came meanwhile, if it is little, comes with the switch.
        if safe_position_now(service).await? - position < PAGE {
            return Ok(());
        }
    }
}

/// Steps the new version until it has everything up to `up_to`; answers how far it is.
async fn step_to<T: Tables>(
    service: &PgPool,
    codec: &Codec,
    up_to: i64,
    mut progress: impl FnMut(i64),
) -> Result<i64, ProjectionError> {
    let gone = || ProjectionError::NotMigrated { group: T::GROUP.name };
    let mut stepper = Stepper::<T>::open(service, codec, Target::Building).await?.ok_or_else(gone)?;
    loop {
        let Stepped::Done(done) = stepper.step(up_to, PAGE).await? else {
            // An erasure came in between.
            if !stepper.look_again().await? {
                return Err(gone());
            }
            continue;
        };
        progress(done.progress.position);
        if let Some((stream, sequence)) = done.too_new {
            return Err(ProjectionError::TooNew { stream, sequence });
        }
        if done.progress.position >= up_to {
            return Ok(done.progress.position);
        }
    }
}

/// Makes the new version live. Steps of the old one are held off meanwhile, so that nobody who has seen an event in
/// the old version misses it in the new one.
async fn switch<T: Tables>(
    owner: &PgPool,
    service: &PgPool,
    codec: &Codec,
    version: i32,
) -> Result<Progress, ProjectionError> {
    let group = T::GROUP;
    let mut tx = owner.begin().await?;
    let live: i64 = sqlx::query_scalar(
        "select position from projection_checkpoints where group_name = $1 and state = 'live' for update",
    )
    .bind(group.name)
    .fetch_one(&mut *tx)
    .await?;
    let position = step_to::<T>(service, codec, live, |_| {}).await?;
    set_state(&mut tx, group, "live", "retired").await?;
    set_state(&mut tx, group, "building", "live").await?;
    let progress = Progress { version, position };
    group.announce(&mut tx, progress).await?;
    tx.commit().await?;
    Ok(progress)
}

async fn set_state(conn: &mut PgConnection, group: &Group, from: &str, to: &str) -> Result<(), sqlx::Error> {
    sqlx::query("update projection_checkpoints set state = $3 where group_name = $1 and state = $2")
        .bind(group.name)
        .bind(from)
        .bind(to)
        .execute(conn)
        .await?;
    Ok(())
}

/// Drops the versions that were live before.
async fn drop_retired(owner: &PgPool, group: &Group) -> Result<(), ProjectionError> {
    let mut tx = owner.begin().await?;
    // A reader that never ends must not hold us up for ever.
    tx.execute("set local lock_timeout = '30s'").await?;
    let versions: Vec<i32> = sqlx::query_scalar(
        "select version from projection_checkpoints where group_name = $1 and state = 'retired' order by version",
    )
    .bind(group.name)
    .fetch_all(&mut *tx)
    .await?;
    for version in versions {
        group.drop_version(&mut tx, version).await?;
    }
    tx.commit().await?;
    Ok(())
}
