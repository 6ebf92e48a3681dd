//! The gate: how far readers may go without ever missing an event that commits late.
//!
//! A position is drawn when its row is inserted and becomes visible when its transaction commits; the two orders
//! differ. Every writer says how far positions were drawn before it draws its first, by a shared advisory lock that a
//! trigger takes and that ends when the writer has committed or rolled back: its own positions are all beyond. The tailer
//! reads how far positions are drawn, then what the writers at work have said. Nothing at or below the lowest of these
//! can appear any more. The last event there is the *safe position*, and everybody else reads up to it. An event, not
//! merely a drawn position: PostgreSQL may draw a position again after a crash when no commit made its first drawing
//! durable.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::{Duration, Instant},
};

use sqlx::{FromRow, PgConnection, PgPool, Row, postgres::PgRow};
use tokio::{
    sync::{Notify, watch},
    task::JoinHandle,
};

use crate::{
    Codec, EventLog, FeedEvent, LogError, Span,
    feed::{SealedEvent, open_all},
    statements::Statements,
    tail::{Piece, Tail},
};

/// How many events a look takes along, at most. Should there be more, whoever wants them reads them.
const TAKES_ALONG: usize = 1_000;
/// How often the tailer looks when nobody poked it: what other processes append shows after this at the latest.
const TICK: Duration = Duration::from_millis(250);
/// How long it sleeps at least and at most between two looks while a writer holds readers back; a quarter of the time
/// that it has waited already, in between.
const POLL: Duration = Duration::from_millis(2);
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
    tail: Tail,
    pokes: Arc<Pokes>,
    _task: Arc<AbortOnDrop>,
}

/// How those who appended say so.
#[derive(Default)]
struct Pokes {
    /// The furthest position that somebody waits for.
    wanted: AtomicI64,
    poked: Notify,
}

impl Pokes {
    fn poke(&self, position: i64) {
        self.wanted.fetch_max(position, Ordering::Relaxed);
        self.poked.notify_one();
    }

    /// Waits for a poke when somebody wants more than is known to be safe to read. A dropped wait loses none: the permit
    /// stays until somebody takes it.
    async fn beyond(&self, safe: i64) {
        loop {
            self.poked.notified().await;
            if self.wanted.load(Ordering::Relaxed) > safe {
                return;
            }
        }
    }
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
    pub fn start(log: &EventLog) -> Self {
        let (publish, safe) = watch::channel(0);
        let (pokes, tail) = (Arc::<Pokes>::default(), Tail::default());
        let follower = Follower {
            statements: Statements::new(log.pool().clone()),
            codec: log.codec().clone(),
            tail: tail.clone(),
            read_up_to: None,
            held_back: None,
        };
        let task = tokio::spawn(follower.follow(publish, Arc::clone(&pokes)));
        Self { safe, tail, pokes, _task: Arc::new(AbortOnDrop(task)) }
    }

    /// The events that a reader wants, when all of them became safe in the last moments and began to be read after `since`:
    /// as [`crate::read_span`] would answer, without asking the database.
    #[must_use]
    pub fn recent(&self, wanted: Span<'_>, since: Instant) -> Option<Vec<FeedEvent>> {
        self.tail.read(wanted, since)
    }

    /// The position up to which reading loses nothing.
    #[must_use]
    pub fn safe_position(&self) -> i64 {
        *self.safe.borrow()
    }

    /// Says that something was appended up to a position, so that it need not wait for the next tick.
    pub fn poke(&self, position: i64) {
        self.pokes.poke(position);
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
        self.poke(position);
        let mut safe = self.safe.clone();
        match tokio::time::timeout(timeout, safe.wait_for(|safe| *safe >= position)).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(_)) | Err(_) => Err(NotSafeYet { position, timeout }),
        }
    }
}

/// The task of a tailer.
struct Follower {
    statements: Statements,
    codec: Codec,
    tail: Tail,
    /// Up to where events were taken along; nowhere before the first look.
    read_up_to: Option<i64>,
    held_back: Option<HeldBack>,
}

impl Follower {
    async fn follow(mut self, publish: watch::Sender<i64>, pokes: Arc<Pokes>) {
        let mut failing = false;
        loop {
            match self.look_and_hurry().await {
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
            self.tail.forget_old();
            // Writers of this process say when they are done.
            let nap = self.held_back.as_ref().map_or(TICK, HeldBack::nap);
            let safe = *publish.borrow();
            let _ = tokio::time::timeout(nap, pokes.beyond(safe)).await;
        }
    }

    /// Looks once, takes along what is new, and sees to it that nobody holds readers back for ever.
    async fn look_and_hurry(&mut self) -> Result<i64, LogError> {
        let read_from = Instant::now();
        let after = self.read_up_to.unwrap_or(i64::MAX);
        let mut connection = self.statements.lend().await?;
        let (now, events) = look_and_read(&mut connection, after).await?;
        let held_back = &mut self.held_back;
        if let Some(earlier) = held_back.take_if(|earlier| now.holder.as_ref() != Some(&earlier.holder)) {
            metrics::histogram!("casestream_gate_wait_seconds").record(earlier.since.elapsed());
        }
        if let (Some(holder), Some(pid)) = (now.holder, now.pid) {
            let held_back = held_back.get_or_insert_with(|| HeldBack::by(holder));
            hurry(&mut connection, held_back, pid).await?;
        }
        connection.give_back();
        // With as many as it may take, there may be more.
        if after < now.last && events.len() < TAKES_ALONG {
            let events = open_all(&self.codec, &events);
            self.tail.push(Piece { after, up_to: now.last, read_from, events });
        }
        self.read_up_to = Some(now.last);
        Ok(now.last)
    }
}

/// Works out the safe position once, for a command without a tailer of its own: waits until everything that was drawn
/// when it was called is settled.
///
/// # Errors
/// [`LogError::Database`].
pub async fn safe_position_now(pool: &PgPool) -> Result<i64, LogError> {
    let mut connection = pool.acquire().await?;
    let first = look(&mut connection).await?;
    let mut now = first.clone();
    while now.settled < first.drawn {
        tokio::time::sleep(POLL).await;
        now = look(&mut connection).await?;
    }
    Ok(now.last)
}

/// What a look at the gate shows.
#[derive(Clone, FromRow)]
struct Look {
    /// How far positions are drawn.
    drawn: i64,
    /// Up to where nobody may still commit one.
    settled: i64,
    /// The last event up to there.
    last: i64,
    /// The writer that holds readers back from the rest.
    holder: Option<String>,
    /// Its backend.
    pid: Option<i32>,
}

async fn look(connection: &mut PgConnection) -> Result<Look, LogError> {
    let look = sqlx::query_as("select drawn, settled, last, holder, pid from gate_look()");
    Ok(look.fetch_one(connection).await?)
}

/// Looks, and reads the first events after `after` that may be read now.
async fn look_and_read(connection: &mut PgConnection, after: i64) -> Result<(Look, Vec<SealedEvent>), LogError> {
    let most = i64::try_from(TAKES_ALONG).expect("a small number");
    let rows: Vec<LookRow> =
        sqlx::query_as("select * from gate_read($1, $2)").bind(after).bind(most).fetch_all(connection).await?;
    let look = rows.first().map(|row| row.look.clone()).ok_or(sqlx::Error::RowNotFound)?;
    Ok((look, rows.into_iter().filter_map(|row| row.event).collect()))
}

/// A look, and an event that came with it.
struct LookRow {
    look: Look,
    event: Option<SealedEvent>,
}

impl FromRow<'_, PgRow> for LookRow {
    fn from_row(row: &PgRow) -> Result<Self, sqlx::Error> {
        let has_event = row.try_get::<Option<i64>, _>("position")?.is_some();
        let event = if has_event { Some(SealedEvent::from_row(row)?) } else { None };
        Ok(Self { look: Look::from_row(row)?, event })
    }
}

/// A writer that holds readers back, and since when that is known.
struct HeldBack {
    holder: String,
    since: Instant,
    alarmed: bool,
    terminate_after: Duration,
}

impl HeldBack {
    fn by(holder: String) -> Self {
        Self { holder, since: Instant::now(), alarmed: false, terminate_after: TERMINATE_AFTER }
    }

    /// How long to sleep before the next look.
    fn nap(&self) -> Duration {
        (self.since.elapsed() / 4).clamp(POLL, LONGEST_POLL)
    }
}

/// Reports a writer that holds readers back for long, and ends one that does for too long.
async fn hurry(connection: &mut PgConnection, held_back: &mut HeldBack, pid: i32) -> Result<(), LogError> {
    let waited = held_back.since.elapsed();
    if waited > ALARM_AFTER && !held_back.alarmed {
        held_back.alarmed = true;
        metrics::counter!("casestream_gate_alarms_total").increment(1);
        tracing::warn!(backend_pid = pid, "a writer holds the gate of the log; readers wait for it");
    }
    if waited > held_back.terminate_after {
        held_back.terminate_after = waited + TERMINATE_AGAIN_AFTER;
        let told: bool = sqlx::query_scalar("select gate_terminate($1)").bind(pid).fetch_one(connection).await?;
        tracing::warn!(backend_pid = pid, told, "ended a writer that held the gate of the log for too long");
    }
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "a gauge is a float; positions stay exact far beyond 10^15")]
fn as_gauge(position: i64) -> f64 {
    position as f64
}
