//! Rows: reading the log in order, and building the read models anew.

use std::time::Instant;

use event_log::{read_page, read_raw_page};
use futures_util::TryStreamExt as _;
use projections::{ReadModels, RebuildProgress};

use crate::{
    Result,
    measure::{ROUNDS, count, median},
    say,
    table::{Row, rate},
    world::World,
};

/// The events of a page, as a rebuild reads them.
const PAGE: i64 = 5_000;
const FEED_BAR: f64 = 200_000.0;
const REBUILD_BAR: f64 = 40_000.0;

/// The feed as stored, beside PostgreSQL copying the same columns out.
pub async fn feed(world: &World) -> Result<Row> {
    let (mut ours, mut theirs) = (vec![], vec![]);
    for round in 1..=ROUNDS {
        say(&format!("feed, round {round}"));
        ours.push(read_all(world).await?);
        theirs.push(copy_all(world).await?);
    }
    let (ours, theirs) = (median(ours), median(theirs));
    Ok(Row {
        what: "feed, events as stored".to_owned(),
        ours: rate(ours),
        beside: format!("`copy … to stdout (format binary)`: {}", rate(theirs)),
        ratio: Some(ours / theirs),
        bar: format!("at least {}", rate(FEED_BAR)),
        is_met: ours >= FEED_BAR,
    })
}

/// A rebuild of the case group up to the switch, indexes included, beside reading and opening the events alone.
pub async fn rebuild(world: &World) -> Result<Row> {
    let (mut ours, mut theirs) = (vec![], vec![]);
    for round in 1..=ROUNDS {
        say(&format!("rebuild, round {round}"));
        theirs.push(open_all(world).await?);
        ours.push(build(world).await?);
    }
    let (ours, theirs) = (median(ours), median(theirs));
    Ok(Row {
        what: "rebuild of the case group".to_owned(),
        ours: rate(ours),
        beside: format!("reading and opening the same events, nothing written: {}", rate(theirs)),
        ratio: Some(ours / theirs),
        bar: format!("at least {}", rate(REBUILD_BAR)),
        is_met: ours >= REBUILD_BAR,
    })
}

/// Events a second of the whole log, read as stored.
async fn read_all(world: &World) -> Result<f64> {
    let mut connection = world.store.pool.acquire().await?;
    let started = Instant::now();
    let (mut after, mut events) = (0, 0);
    loop {
        let page = read_raw_page(&mut connection, after, i64::MAX, PAGE).await?;
        let Some(last) = page.last() else { break };
        after = last.position;
        events += page.len();
    }
    Ok(count(events) / started.elapsed().as_secs_f64())
}

/// Events a second of the same columns, copied out by PostgreSQL and thrown away.
async fn copy_all(world: &World) -> Result<f64> {
    let mut connection = world.store.pool.acquire().await?;
    let events = usize::try_from(world.events().await?)?;
    let started = Instant::now();
    let rows = connection
        .copy_out_raw(
            "copy (select position, aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata,
                       recorded_at, hash
                   from events order by position) to stdout (format binary)",
        )
        .await?;
    let bytes = rows.try_fold(0, |sum, piece| async move { Ok(sum + piece.len()) }).await?;
    if bytes == 0 {
        return Err("nothing was copied".into());
    }
    Ok(count(events) / started.elapsed().as_secs_f64())
}

/// Events a second of the whole log, read with their texts open.
async fn open_all(world: &World) -> Result<f64> {
    let mut connection = world.store.pool.acquire().await?;
    let codec = world.store.log.codec();
    let started = Instant::now();
    let (mut after, mut events) = (0, 0);
    loop {
        let page = read_page(&mut connection, codec, after, i64::MAX, PAGE).await?;
        let Some(last) = page.last() else { break };
        after = last.position;
        events += page.len();
    }
    Ok(count(events) / started.elapsed().as_secs_f64())
}

/// Events a second of a rebuild, from its start to the switch.
async fn build(world: &World) -> Result<f64> {
    let events = usize::try_from(world.events().await?)?;
    let started = Instant::now();
    let mut switched_after = None;
    let progress = |progress| match progress {
        RebuildProgress::Switched { .. } => switched_after = Some(started.elapsed()),
        RebuildProgress::Indexes => say(&format!("  events in after {:.1} s", started.elapsed().as_secs_f64())),
        RebuildProgress::Events { .. } => {}
    };
    let codec = world.store.log.codec();
    projections::rebuild(&world.owner, &world.store.pool, codec, ReadModels::Cases, progress).await?;
    let switched_after = switched_after.ok_or("the rebuild did not switch")?;
    Ok(count(events) / switched_after.as_secs_f64())
}
