//! Keeps the case group up to date in a running service, and tells who waits how far it is.
//!
//! Every instance runs one; the checkpoint's lock makes sure that an event is applied once. The tailer's safe
//! position wakes it; announcements of other instances' steps tell it how far they came; a one-second tick is the
//! guarantee behind both.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use event_log::{Codec, StreamId, Tailer};
use sqlx::{PgPool, postgres::PgListener};
use tokio::{
    sync::watch,
    task::JoinHandle,
    time::{Instant, MissedTickBehavior, interval, timeout},
};
use tracing::Instrument as _;

use crate::{
    ProjectionError, Reads,
    case_group::CASE_GROUP,
    group::Progress,
    parked::{self, Parked},
    step::{Done, Stepped, Stepper, Target},
};

/// How often it looks without being woken.
const TICK: Duration = Duration::from_secs(1);
/// The events of a step that keeps up.
const PAGE: i64 = 1_000;
/// The events of a step that catches up.
const LARGE_PAGE: i64 = 5_000;
/// How long a mutation waits for its own events by default before it answers that they are pending.
pub const VISIBLE_WITHIN: Duration = Duration::from_secs(2);

/// Whether what was written can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Visibility {
    /// Every read sees it.
    Visible,
    /// It is recorded, and will show.
    Pending,
}

/// Whether the read models move.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Health {
    /// They do.
    Ready,
    /// They stand still, for a reason that an operator can mend.
    NotReady(String),
}

/// The projector of this process. Clones are handles to the same one.
#[derive(Clone)]
pub struct Projector {
    shared: Arc<Shared>,
}

struct Shared {
    pool: PgPool,
    /// Where sessions are had, rather than transactions.
    sessions: PgPool,
    codec: Codec,
    tailer: Tailer,
    progress: watch::Sender<Progress>,
    health: watch::Sender<Health>,
    stopping: watch::Sender<bool>,
    tasks: Mutex<Vec<JoinHandle<()>>>,
}

impl Projector {
    /// Starts to keep the case group up to date. `sessions` gives two connections for good: on one, announcements of other
    /// instances are heard, on the other, steps are taken; behind a pooler in transaction mode it must lead past that.
    ///
    /// # Errors
    /// [`ProjectionError::NotMigrated`] and [`ProjectionError::Database`].
    pub async fn start(pool: PgPool, sessions: &PgPool, codec: Codec, tailer: Tailer) -> Result<Self, ProjectionError> {
        let mut listener = PgListener::connect_with(sessions).await?;
        listener.listen(&CASE_GROUP.channel()).await?;
        let live = CASE_GROUP.live(&mut *pool.acquire().await?).await?;
        let shared = Arc::new(Shared {
            pool,
            sessions: sessions.clone(),
            codec,
            tailer,
            progress: watch::channel(live).0,
            health: watch::channel(Health::Ready).0,
            stopping: watch::channel(false).0,
            tasks: Mutex::default(),
        });
        let tasks = vec![tokio::spawn(run(Arc::clone(&shared))), tokio::spawn(hear(Arc::clone(&shared), listener))];
        *shared.tasks.lock().expect("nobody panics while holding it") = tasks;
        Ok(Self { shared })
    }

    /// Where to read, always on the live version.
    #[must_use]
    pub fn reads(&self) -> Reads {
        Reads::following(self.shared.pool.clone(), self.shared.codec.clone(), self.shared.progress.subscribe())
    }

    /// Waits until the read models have everything up to `position`; woken by steps here and elsewhere.
    pub async fn wait_until(&self, position: i64, at_most: Duration) -> Visibility {
        self.shared.tailer.poke();
        let mut progress = self.shared.progress.subscribe();
        match timeout(at_most, progress.wait_for(|progress| progress.position >= position)).await {
            Ok(Ok(_)) => Visibility::Visible,
            Ok(Err(_)) | Err(_) => Visibility::Pending,
        }
    }

    /// How far the read models are, as that moves.
    #[must_use]
    pub fn progress(&self) -> watch::Receiver<Progress> {
        self.shared.progress.subscribe()
    }

    /// Whether they move, as that changes: what readiness depends on.
    #[must_use]
    pub fn health(&self) -> watch::Receiver<Health> {
        self.shared.health.subscribe()
    }

    /// Projects a stream again from its first event: after an erasure, or to bring a parked one back.
    ///
    /// # Errors
    /// As [`parked::reproject`].
    pub async fn reproject(&self, stream: &StreamId) -> Result<Option<Parked>, ProjectionError> {
        parked::reproject(&self.shared.pool, &self.shared.codec, stream).await
    }

    /// Ends after the step at hand.
    pub async fn stop(&self) {
        self.shared.stopping.send_replace(true);
        let tasks = std::mem::take(&mut *self.shared.tasks.lock().expect("nobody panics while holding it"));
        for task in tasks {
            if let Err(error) = task.await {
                tracing::error!(error = %error, "a task of the projector has failed");
            }
        }
    }
}

impl Shared {
    /// Notes how far the live version is. News may come out of order, from here and elsewhere: the furthest counts.
    fn publish(&self, news: Progress) {
        self.progress.send_if_modified(|known| {
            let newer = (news.version, news.position) > (known.version, known.position);
            if newer {
                *known = news;
            }
            newer
        });
    }

    /// Notes where the live version is by the database's word, which may be behind what was known: a step that PostgreSQL
    /// lost in a crash is done again.
    fn correct(&self, progress: Progress) {
        self.progress.send_if_modified(|known| std::mem::replace(known, progress) != progress);
    }

    fn set_health(&self, health: Health) {
        self.health.send_if_modified(|known| {
            let changed = *known != health;
            if changed {
                match &health {
                    Health::Ready => tracing::info!(group = CASE_GROUP.name, "the read models move again"),
                    Health::NotReady(reason) => {
                        tracing::error!(group = CASE_GROUP.name, reason, "the read models stand still");
                    }
                }
                *known = health;
            }
            changed
        });
    }
}

/// Steps whenever the safe position moves, and at every tick.
async fn run(shared: Arc<Shared>) {
    let mut safe = shared.tailer.subscribe();
    let mut stopping = shared.stopping.subscribe();
    let mut tick = interval(TICK);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut lag = Lag::new();
    let mut stepper = None;
    while !*stopping.borrow() {
        let has_ticked = tokio::select! {
            _ = safe.changed() => false,
            _ = tick.tick() => true,
            _ = stopping.changed() => return,
        };
        let outcome = async {
            if has_ticked {
                refresh(&shared).await?;
            }
            catch_up(&shared, &mut stepper, &stopping).await
        };
        match outcome.await {
            Ok(()) => shared.set_health(Health::Ready),
            Err(error) => {
                // Unless it is well and waits for a newer binary, its connection may be what has failed.
                if !matches!(error, ProjectionError::TooNew { .. }) {
                    stepper = None;
                }
                tracing::debug!(error = ?error, "a step has failed; trying again");
                shared.set_health(Health::NotReady(error.to_string()));
            }
        }
        lag.report(&shared);
    }
}

/// Steps until everything that is safe to read is in, whoever put it there. `stepper` is kept from one time to the next.
async fn catch_up(
    shared: &Shared,
    stepper: &mut Option<Stepper>,
    stopping: &watch::Receiver<bool>,
) -> Result<(), ProjectionError> {
    while !*stopping.borrow() {
        let safe = shared.tailer.safe_position();
        let Progress { version, position } = *shared.progress.borrow();
        let behind = safe - position;
        if behind <= 0 {
            return Ok(());
        }
        let limit = if behind > LARGE_PAGE { LARGE_PAGE } else { PAGE };
        let current = match stepper {
            Some(current) if current.progress() == (Progress { version, position }) => current,
            Some(current) => {
                look_again(shared, current).await?;
                continue;
            }
            None => stepper.insert(open(shared).await?),
        };
        let Stepped::Done(done) = traced_step(current, safe, limit).await? else {
            look_again(shared, current).await?;
            continue;
        };
        shared.publish(done.progress);
        if let Some((stream, sequence)) = done.too_new {
            return Err(ProjectionError::TooNew { stream, sequence });
        }
    }
    Ok(())
}

/// Opens the live version, and tells how far it is.
async fn open(shared: &Shared) -> Result<Stepper, ProjectionError> {
    let opened = Stepper::open(&shared.sessions, &shared.codec, &CASE_GROUP, Target::Live).await?;
    let stepper = opened.ok_or(ProjectionError::NotMigrated { group: CASE_GROUP.name })?;
    shared.correct(stepper.progress());
    Ok(stepper)
}

/// Sees how far others have moved the live version, and tells.
async fn look_again(shared: &Shared, stepper: &mut Stepper) -> Result<(), ProjectionError> {
    if !stepper.look_again().await? {
        return Err(ProjectionError::NotMigrated { group: CASE_GROUP.name });
    }
    shared.correct(stepper.progress());
    Ok(())
}

async fn traced_step(stepper: &mut Stepper, safe: i64, limit: i64) -> Result<Stepped, ProjectionError> {
    let group = CASE_GROUP.name;
    let span = tracing::info_span!(
        "projection_step",
        group,
        events = tracing::field::Empty,
        position = tracing::field::Empty,
        duration_ms = tracing::field::Empty
    );
    let started = Instant::now();
    let outcome = stepper.step(safe, limit).instrument(span.clone()).await;
    if let Ok(Stepped::Done(Done { progress, events, parked_streams, .. })) = &outcome {
        span.record("events", events).record("position", progress.position);
        span.record("duration_ms", started.elapsed().as_secs_f64() * 1_000.0);
        metrics::counter!("casestream_projection_steps_total", "group" => group).increment(1);
        metrics::counter!("casestream_projection_events_total", "group" => group).increment(*events as u64);
        metrics::histogram!("casestream_projection_step_seconds", "group" => group).record(started.elapsed());
        metrics::gauge!("casestream_projection_parked_streams", "group" => group).set(f64::from(*parked_streams));
    }
    outcome
}

/// Reads how far the live version is, in case that an announcement was lost.
async fn refresh(shared: &Shared) -> Result<(), ProjectionError> {
    let live = CASE_GROUP.live(&mut *shared.pool.acquire().await?).await?;
    shared.publish(live);
    Ok(())
}

/// Hears of steps and switches, whoever made them.
async fn hear(shared: Arc<Shared>, mut listener: PgListener) {
    let mut stopping = shared.stopping.subscribe();
    while !*stopping.borrow() {
        let heard = tokio::select! {
            heard = listener.recv() => heard,
            _ = stopping.changed() => return,
        };
        match heard {
            Ok(announcement) => {
                if let Some(progress) = parse(announcement.payload()) {
                    shared.publish(progress);
                }
            }
            // The pool waits for the connection that the listener holds.
            Err(sqlx::Error::PoolClosed) => return,
            Err(error) => {
                tracing::debug!(error = %error, "announcements are out of reach; the tick stands in");
                tokio::time::sleep(TICK).await;
            }
        }
    }
}

/// Reads an announcement, `version:position`.
fn parse(payload: &str) -> Option<Progress> {
    let (version, position) = payload.split_once(':')?;
    Some(Progress { version: version.parse().ok()?, position: position.parse().ok()? })
}

/// Since when the group is behind.
struct Lag {
    caught_up_at: Instant,
}

impl Lag {
    fn new() -> Self {
        Self { caught_up_at: Instant::now() }
    }

    fn report(&mut self, shared: &Shared) {
        let group = CASE_GROUP.name;
        let position = shared.progress.borrow().position;
        let behind = (shared.tailer.safe_position() - position).max(0);
        if behind == 0 {
            self.caught_up_at = Instant::now();
        }
        metrics::gauge!("casestream_projection_position", "group" => group).set(gauge(position));
        metrics::gauge!("casestream_projection_lag_events", "group" => group).set(gauge(behind));
        metrics::gauge!("casestream_projection_lag_seconds", "group" => group)
            .set(self.caught_up_at.elapsed().as_secs_f64());
    }
}

#[expect(clippy::cast_precision_loss, reason = "a gauge is a float; positions stay exact far beyond 10^15")]
fn gauge(value: i64) -> f64 {
    value as f64
}
