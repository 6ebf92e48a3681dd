//! The gate: how far readers may go without ever missing an event that commits late.
//!
//! A position is drawn when its row is inserted and becomes visible when its transaction commits; the two orders
//! differ. Every writer holds the gate, a shared advisory lock taken by a trigger, from before its first position is
//! drawn until it has committed or rolled back. The tailer reads how far positions were drawn, then waits for those
//! who held the gate at that moment and for nobody who came later. From then on nothing at or below that position
//! can appear. The last event there is the *safe position*, and everybody else reads up to it. An event, not merely a
//! drawn position: PostgreSQL may draw a position again after a crash when no commit made its first drawing durable.

use std::{
    collections::HashSet,
    sync::Arc,
    time::{Duration, Instant},
};

use futures_util::FutureExt as _;
use sqlx::{FromRow, PgConnection, PgPool, Postgres, pool::PoolConnection};
use tokio::{
    sync::{Notify, watch},
    task::JoinHandle,
};

use crate::LogError;

/// How often the tailer looks when nobody poked it: what other processes append shows after this at the latest.
const TICK: Duration = Duration::from_millis(250);
/// How long it sleeps at least and at most between two looks at writers that it waits for; a quarter of the time that
/// it has waited already, in between.
const POLL: Duration = Duration::from_micros(500);
const LONGEST_POLL: Duration = Duration::from_millis(20);
/// A writer that holds the gate for longer is reported.
const ALARM_AFTER: Duration = Duration::from_secs(2);
/// A writer that holds the gate for longer is ended.
const TERMINATE_AFTER: Duration = Duration::from_secs(5);
/// How long it has then to go before it is told again.
const TERMINATE_AGAIN_AFTER: Duration = Duration::from_secs(1);

/// Follows the end of the log for one process.
#[derive(Clone)]
pub struct Tailer {
    safe: watch::Receiver<i64>,
    poked: Arc<Notify>,
    _task: Arc<AbortOnDrop>,
}

struct AbortOnDrop(JoinHandle<()>);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// The safe position did not reach a position in time.
#[derive(Debug, thiserror::Error)]
#[error("position {position} was not safe to read after {} ms", timeout.as_millis())]
pub struct NotSafeYet {
    /// The position waited for.
    pub position: i64,
    /// For how long.
    pub timeout: Duration,
}

impl Tailer {
    /// Starts following the log; ends when the last clone is dropped.
    #[must_use]
    pub fn start(pool: PgPool) -> Self {
        let (publish, safe) = watch::channel(0);
        let poked = Arc::new(Notify::new());
        let task = tokio::spawn(follow(pool, publish, Arc::clone(&poked)));
        Self { safe, poked, _task: Arc::new(AbortOnDrop(task)) }
    }

    /// The position up to which reading loses nothing.
    #[must_use]
    pub fn safe_position(&self) -> i64 {
        *self.safe.borrow()
    }

    /// Says that something was appended, so that it need not wait for the next tick.
    pub fn poke(&self) {
        self.poked.notify_one();
    }

    /// The safe position, as it moves.
    #[must_use]
    pub fn subscribe(&self) -> watch::Receiver<i64> {
        self.safe.clone()
    }

    /// Waits until a position is safe to read.
    ///
    /// # Errors
    /// [`NotSafeYet`] after `timeout`.
    pub async fn wait_for(&self, position: i64, timeout: Duration) -> Result<(), NotSafeYet> {
        self.poke();
        let mut safe = self.safe.clone();
        match tokio::time::timeout(timeout, safe.wait_for(|safe| *safe >= position)).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(_)) | Err(_) => Err(NotSafeYet { position, timeout }),
        }
    }
}

async fn follow(pool: PgPool, publish: watch::Sender<i64>, poked: Arc<Notify>) {
    let mut failing = false;
    let mut lent = None;
    loop {
        let safe = *publish.borrow();
        match advance_on(&pool, &mut lent, safe, &poked).await {
            Ok(position) => {
                failing = false;
                metrics::gauge!("casestream_log_safe_position").set(as_gauge(position));
                // Nobody is woken when nothing moved.
                publish.send_if_modified(|safe| std::mem::replace(safe, position.max(*safe)) < position);
            }
            Err(error) if failing => tracing::debug!(error = %error, "the end of the log is still out of reach"),
            Err(error) => {
                failing = true;
                tracing::warn!(error = %error, detail = ?error, "the end of the log cannot be read; trying again");
            }
        }
        if poked.notified().now_or_never().is_none() {
            lent = None;
            // A dropped timeout loses no poke: the permit stays until somebody takes it.
            let _ = tokio::time::timeout(TICK, poked.notified()).await;
        }
    }
}

/// Works out the safe position once, for a command without a tailer of its own.
///
/// # Errors
/// [`LogError::Database`].
pub async fn safe_position_now(pool: &PgPool) -> Result<i64, LogError> {
    advance(&mut *pool.acquire().await?, 0, &Notify::new()).await
}

/// The same on a connection that is kept as long as appends follow each other. One that failed is given back, and the
/// pool sees to it.
async fn advance_on(
    pool: &PgPool,
    lent: &mut Option<PoolConnection<Postgres>>,
    safe: i64,
    poked: &Notify,
) -> Result<i64, LogError> {
    let mut connection = match lent.take() {
        Some(connection) => connection,
        None => pool.acquire().await?,
    };
    let position = advance(&mut connection, safe, poked).await?;
    *lent = Some(connection);
    Ok(position)
}

#[derive(FromRow)]
struct Horizon {
    drawn: i64,
    holders: Vec<String>,
    pids: Vec<i32>,
    last: i64,
}

/// How far positions are drawn, and who may still commit at or below. With `up_to`, who may still commit at all, and
/// the last event that shows at or below that position; without, the last one that shows at or below what is drawn.
async fn horizon(connection: &mut PgConnection, up_to: Option<i64>) -> Result<Horizon, LogError> {
    let horizon = sqlx::query_as("select drawn, holders, pids, last from gate_horizon($1)");
    Ok(horizon.bind(up_to).fetch_one(connection).await?)
}

/// Reads how far positions are drawn and waits for everybody who may still commit at or below.
async fn advance(connection: &mut PgConnection, safe: i64, poked: &Notify) -> Result<i64, LogError> {
    let Horizon { drawn, holders, mut last, .. } = horizon(connection, None).await?;
    if drawn <= safe {
        return Ok(safe);
    }
    let mut awaited: HashSet<String> = holders.into_iter().collect();
    let started = Instant::now();
    let (mut alarmed, mut was_poked) = (false, false);
    let mut terminate_after = TERMINATE_AFTER;
    while !awaited.is_empty() {
        let nap = (started.elapsed() / 4).clamp(POLL, LONGEST_POLL);
        // Writers of this process say when they are done.
        was_poked |= tokio::time::timeout(nap, poked.notified()).await.is_ok();
        let now = horizon(connection, Some(drawn)).await?;
        awaited.retain(|holder| now.holders.contains(holder));
        last = now.last;
        let waited = started.elapsed();
        if waited > ALARM_AFTER && !awaited.is_empty() && !alarmed {
            alarmed = true;
            metrics::counter!("casestream_gate_alarms_total").increment(1);
            tracing::warn!(writers = awaited.len(), "writers hold the gate of the log; readers wait for them");
        }
        if waited > terminate_after {
            terminate_after = waited + TERMINATE_AGAIN_AFTER;
            terminate(connection, &awaited, &now).await?;
        }
    }
    if was_poked {
        // It may have been about what was drawn later.
        poked.notify_one();
    }
    metrics::histogram!("casestream_gate_wait_seconds").record(started.elapsed());
    Ok(last.max(safe))
}

async fn terminate(connection: &mut PgConnection, awaited: &HashSet<String>, now: &Horizon) -> Result<(), LogError> {
    for (holder, pid) in now.holders.iter().zip(&now.pids) {
        if awaited.contains(holder) {
            let told: bool =
                sqlx::query_scalar("select gate_terminate($1)").bind(pid).fetch_one(&mut *connection).await?;
            tracing::warn!(backend_pid = pid, told, "ended a writer that held the gate of the log for too long");
        }
    }
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "a gauge is a float; positions stay exact far beyond 10^15")]
fn as_gauge(position: i64) -> f64 {
    position as f64
}
