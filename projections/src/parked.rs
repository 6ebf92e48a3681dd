//! Streams that a read model leaves out, and projecting a stream again from its first event.
//!
//! One function does both repairs: a parked stream whose trouble is mended comes back, and a stream in which a text
//! was erased loses it here, too.

use std::collections::HashSet;

use event_log::{Codec, StreamId, read_stream};
use sqlx::{FromRow, PgConnection, PgPool};

use crate::{
    ProjectionError,
    case_group::fold::Fold,
    column::Columns,
    directory_group::fold::DirectoryFold,
    group::Group,
    step::{begin, write_whole},
    tables::Tables,
    writes::{Statement, WHERE_MOVED},
};

/// A stream that is left out from one of its events on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parked {
    /// The stream.
    pub stream: StreamId,
    /// The position of the event that could not be applied.
    pub position: i64,
    /// Why not; never a customer's words.
    pub reason: String,
}

/// Adds to a statement that it notes streams as left out.
pub(crate) fn push_insert<'a>(statement: &mut Statement<'a>, group: &Group, version: i32, parked: &'a [Parked]) {
    let rows: Vec<&Parked> = parked.iter().collect();
    let group = group.name;
    statement.part("parked", &rows, |sql, rows| {
        sql.push(
            "insert into projection_parked_streams (group_name, version, aggregate_type, aggregate_id, position, reason)",
        );
        Columns::of(sql, rows)
            .add(|_| group)
            .add(|_| version)
            .add(|parked| parked.stream.aggregate_type.as_str())
            .add(|parked| parked.stream.aggregate_id.as_str())
            .add(|parked| parked.position)
            .add(|parked| parked.reason.as_str());
        sql.push(WHERE_MOVED).push(" on conflict (group_name, version, aggregate_type, aggregate_id) do nothing");
    });
}

/// Notes streams as left out.
pub(crate) async fn insert(
    conn: &mut PgConnection,
    group: &Group,
    version: i32,
    parked: &[Parked],
) -> Result<(), sqlx::Error> {
    let mut statement = Statement::unconditional();
    push_insert(&mut statement, group, version, parked);
    statement.run(conn).await?;
    Ok(())
}

/// Says which streams were left out.
pub(crate) fn report(group: &Group, version: i32, parked: &[Parked]) {
    for Parked { stream, position, reason } in parked {
        metrics::counter!("casestream_projection_parked_total", "group" => group.name).increment(1);
        tracing::warn!(
            group = group.name, version, %stream, position, reason,
            "parked a stream that cannot be applied; the others move on"
        );
    }
}

/// The streams that a version leaves out.
pub(crate) async fn streams(
    conn: &mut PgConnection,
    group: &Group,
    version: i32,
) -> Result<HashSet<StreamId>, sqlx::Error> {
    let rows: Vec<(String, String)> = sqlx::query_as(
        "select aggregate_type, aggregate_id from projection_parked_streams where group_name = $1 and version = $2",
    )
    .bind(group.name)
    .bind(version)
    .fetch_all(conn)
    .await?;
    let stream = |(aggregate_type, aggregate_id)| StreamId { aggregate_type, aggregate_id };
    Ok(rows.into_iter().map(stream).collect())
}

/// The streams that the live versions leave out, in the order in which they failed.
///
/// # Errors
/// [`ProjectionError::Database`].
pub async fn parked_streams(pool: &PgPool) -> Result<Vec<Parked>, ProjectionError> {
    #[derive(FromRow)]
    struct Row {
        aggregate_type: String,
        aggregate_id: String,
        position: i64,
        reason: String,
    }
    let rows: Vec<Row> = sqlx::query_as(
        "select aggregate_type, aggregate_id, parked.position, reason
         from projection_parked_streams as parked
         join projection_checkpoints as checkpoint using (group_name, version)
         where state = 'live'
         order by parked.position",
    )
    .fetch_all(pool)
    .await?;
    let parked = |Row { aggregate_type, aggregate_id, position, reason }| Parked {
        stream: StreamId { aggregate_type, aggregate_id },
        position,
        reason,
    };
    Ok(rows.into_iter().map(parked).collect())
}

/// Projects a stream again from its first event, in every version there is: its rows go, and come back as the log
/// has them now. A parked stream returns, unless it fails again.
///
/// Answers the reason why the stream is (still) left out from some event on, if it is.
///
/// # Errors
/// [`ProjectionError::TooNew`] for an event that this binary does not know; else [`ProjectionError::Database`] and
/// [`ProjectionError::Log`]. The version at hand is then as it was, and the call is to be repeated.
pub async fn reproject(pool: &PgPool, codec: &Codec, stream: &StreamId) -> Result<Option<Parked>, ProjectionError> {
    let aggregate = stream.aggregate_type.as_str();
    if Fold::GROUP.aggregates.contains(&aggregate) {
        reproject_in::<Fold>(pool, codec, stream).await
    } else if DirectoryFold::GROUP.aggregates.contains(&aggregate) {
        reproject_in::<DirectoryFold>(pool, codec, stream).await
    } else {
        Ok(None)
    }
}

async fn reproject_in<T: Tables>(
    pool: &PgPool,
    codec: &Codec,
    stream: &StreamId,
) -> Result<Option<Parked>, ProjectionError> {
    // A version that is being built has clear texts already, and one that is on its way out has them still.
    let versions: Vec<i32> =
        sqlx::query_scalar("select version from projection_checkpoints where group_name = $1 order by version")
            .bind(T::GROUP.name)
            .fetch_all(pool)
            .await?;
    let mut parked = None;
    for version in versions {
        parked = reproject_version::<T>(pool, codec, version, stream).await?;
    }
    Ok(parked)
}

async fn reproject_version<T: Tables>(
    pool: &PgPool,
    codec: &Codec,
    version: i32,
    stream: &StreamId,
) -> Result<Option<Parked>, ProjectionError> {
    let group = T::GROUP;
    let mut tx = begin(pool).await?;
    // Holds off steps. One that has read a text before its key went may have written it before us; after us it will not,
    // because it began in another epoch.
    let position: Option<i64> = sqlx::query_scalar(
        "update projection_checkpoints set epoch = epoch + 1 where group_name = $1 and version = $2 returning position",
    )
    .bind(group.name)
    .bind(version)
    .fetch_optional(&mut *tx)
    .await?;
    let Some(position) = position else { return Ok(None) };
    sqlx::query("select set_config('search_path', $1, true)")
        .bind(format!("{}, public", group.schema(version)))
        .execute(&mut *tx)
        .await?;
    let mut events = read_stream(&mut tx, codec, stream).await?;
    events.retain(|event| event.position <= position);
    T::forget(&mut tx, stream).await?;
    sqlx::query(
        "delete from projection_parked_streams
         where group_name = $1 and version = $2 and aggregate_type = $3 and aggregate_id = $4",
    )
    .bind(group.name)
    .bind(version)
    .bind(&stream.aggregate_type)
    .bind(&stream.aggregate_id)
    .execute(&mut *tx)
    .await?;
    let parked = write_whole::<T>(&mut tx, events).await?;
    insert(&mut tx, group, version, parked.as_slice()).await?;
    report(group, version, parked.as_slice());
    // What is erased must be gone from the disk when we say so.
    sqlx::query("set local synchronous_commit = on").execute(&mut *tx).await?;
    tx.commit().await?;
    Ok(parked)
}
