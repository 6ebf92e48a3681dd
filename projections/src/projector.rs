//! Keeps the read models up to date in a running service, and tells who waits how far they are.
//!
//! Every instance runs one; the checkpoint's lock makes sure that an event is applied once. The tailer's safe
//! position wakes it; announcements of other instances' steps tell it how far they came; a one-second tick is the
//! guarantee behind both.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use event_log::{Codec, StreamId, Tailer};
use sqlx::{PgConnection, PgPool, postgres::PgListener};
use tokio::{
    sync::watch,
    task::JoinHandle,
    time::{Instant, MissedTickBehavior, interval, timeout},
};
use tracing::Instrument as _;

use crate::{
    ProjectionError, Reads,
    case_group::fold::Fold,
    directory_group::fold::DirectoryFold,
    group::{GROUPS, Group, Progress},
    parked::{self, Parked},
    step::{Done, Stepped, Stepper, Target},
    tables::Tables,
};

/// How often it looks without being woken.
const TICK: Duration = Duration::from_secs(1);
/// How often steps are announced at most: each commit that does so waits for the one before.
const ANNOUNCE: Duration = Duration::from_millis(25);
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
    cases: Lane,
    directory: Lane,
    stopping: watch::Sender<bool>,
    tasks: Mutex<Vec<JoinHandle<()>>>,
}

/// How one group is doing.
struct Lane {
    group: &'static Group,
    progress: watch::Sender<Progress>,
    /// How far this process has moved it.
    stepped: watch::Sender<Progress>,
    health: watch::Sender<Health>,
}

/// How a group of read models is doing, for operators.
#[derive(Clone, Debug)]
pub struct GroupState {
    /// Its name.
    pub name: &'static str,
    /// Its live version, and how far that is.
    pub progress: Progress,
    /// Whether it moves.
    pub health: Health,
}

impl Projector {
    /// Starts to keep the read models up to date. `sessions` gives a connection for each group and one more, for good: on
    /// that one, announcements of other instances are heard, on the others, steps are taken; behind a pooler in transaction
    /// mode it must lead past that.
    ///
    /// # Errors
    /// [`ProjectionError::NotMigrated`] and [`ProjectionError::Database`].
    pub async fn start(pool: PgPool, sessions: &PgPool, codec: Codec, tailer: Tailer) -> Result<Self, ProjectionError> {
        let mut listener = PgListener::connect_with(sessions).await?;
        for group in GROUPS {
            listener.listen(&group.channel()).await?;
        }
        let mut conn = pool.acquire().await?;
        let (cases, directory) = (Lane::of::<Fold>(&mut conn).await?, Lane::of::<DirectoryFold>(&mut conn).await?);
        drop(conn);
        let shared = Arc::new(Shared {
            pool,
            sessions: sessions.clone(),
            codec,
            tailer,
            cases,
            directory,
            stopping: watch::channel(false).0,
            tasks: Mutex::default(),
        });
        let tasks = vec![
            tokio::spawn(run::<Fold>(Arc::clone(&shared), |shared| &shared.cases)),
            tokio::spawn(run::<DirectoryFold>(Arc::clone(&shared), |shared| &shared.directory)),
            tokio::spawn(announce(Arc::clone(&shared), |shared| &shared.cases)),
            tokio::spawn(announce(Arc::clone(&shared), |shared| &shared.directory)),
            tokio::spawn(hear(Arc::clone(&shared), listener)),
        ];
        *shared.tasks.lock().expect("nobody panics while holding it") = tasks;
        Ok(Self { shared })
    }

    /// Where to read, always on the live versions.
    #[must_use]
    pub fn reads(&self) -> Reads {
        let Shared { pool, codec, cases, directory, .. } = &*self.shared;
        Reads::following(pool.clone(), codec.clone(), cases.progress.subscribe(), directory.progress.subscribe())
    }

    /// Waits until the read models have everything up to `position`; woken by steps here and elsewhere.
    pub async fn wait_until(&self, position: i64, at_most: Duration) -> Visibility {
        self.shared.tailer.poke(position);
        let there = async |lane: &Lane| {
            let mut progress = lane.progress.subscribe();
            progress.wait_for(|progress| progress.position >= position).await.is_ok()
        };
        let all = async { there(&self.shared.cases).await && there(&self.shared.directory).await };
        match timeout(at_most, all).await {
            Ok(true) => Visibility::Visible,
            Ok(false) | Err(_) => Visibility::Pending,
        }
    }

    /// How far the read models of cases are, as that moves.
    #[must_use]
    pub fn progress(&self) -> watch::Receiver<Progress> {
        self.shared.cases.progress.subscribe()
    }

    /// How each group is doing at this moment.
    #[must_use]
    pub fn states(&self) -> Vec<GroupState> {
        let state = |lane: &Lane| GroupState {
            name: lane.group.name,
            progress: *lane.progress.borrow(),
            health: lane.health.borrow().clone(),
        };
        [&self.shared.cases, &self.shared.directory].map(state).into()
    }

    /// Whether all read models move: what readiness depends on.
    #[must_use]
    pub fn health(&self) -> Health {
        let standing = self.states().into_iter().map(|state| state.health).find(|health| *health != Health::Ready);
        standing.unwrap_or(Health::Ready)
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

impl Lane {
    async fn of<T: Tables>(conn: &mut PgConnection) -> Result<Self, ProjectionError> {
        let live = T::GROUP.live(conn).await?;
        let (progress, stepped) = (watch::channel(live).0, watch::channel(live).0);
        Ok(Self { group: T::GROUP, progress, stepped, health: watch::channel(Health::Ready).0 })
    }

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
                    Health::Ready => tracing::info!(group = self.group.name, "the read models move again"),
                    Health::NotReady(reason) => {
                        tracing::error!(group = self.group.name, reason, "the read models stand still");
                    }
                }
                *known = health;
            }
            changed
        });
    }
}

/// Steps a group whenever the safe position moves, and at every tick.
async fn run<T: Tables>(shared: Arc<Shared>, lane: fn(&Shared) -> &Lane) {
    let lane = lane(&shared);
    let mut safe = shared.tailer.subscribe();
    let mut stopping = shared.stopping.subscribe();
    let mut tick = interval(TICK);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut lag = Lag::new();
    let mut stepper: Option<Stepper<T>> = None;
    while !*stopping.borrow() {
        let has_ticked = tokio::select! {
            _ = safe.changed() => false,
            _ = tick.tick() => true,
            _ = stopping.changed() => return,
        };
        let outcome = async {
            if has_ticked {
                refresh(&shared, lane).await?;
            }
            catch_up(&shared, lane, &mut stepper, &stopping).await
        };
        match outcome.await {
            Ok(()) => lane.set_health(Health::Ready),
            Err(error) => {
                // Unless it is well and waits for a newer binary, its connection may be what has failed.
                if !matches!(error, ProjectionError::TooNew { .. }) {
                    stepper = None;
                }
                tracing::debug!(group = lane.group.name, error = ?error, "a step has failed; trying again");
                lane.set_health(Health::NotReady(error.to_string()));
            }
        }
        lag.report(&shared, lane);
    }
}

/// Steps until everything that is safe to read is in, whoever put it there. `stepper` is kept from one time to the next.
async fn catch_up<T: Tables>(
    shared: &Shared,
    lane: &Lane,
    stepper: &mut Option<Stepper<T>>,
    stopping: &watch::Receiver<bool>,
) -> Result<(), ProjectionError> {
    while !*stopping.borrow() {
        let safe = shared.tailer.safe_position();
        let Progress { version, position } = *lane.progress.borrow();
        let behind = safe - position;
        if behind <= 0 {
            return Ok(());
        }
        let limit = if behind > LARGE_PAGE { LARGE_PAGE } else { PAGE };
        let current = match stepper {
            Some(current) if current.progress() == (Progress { version, position }) => current,
            Some(current) => {
                look_again(lane, current).await?;
                continue;
            }
            None => stepper.insert(open(shared, lane).await?),
        };
        let Stepped::Done(done) = traced_step(current, safe, limit).await? else {
            look_again(lane, current).await?;
            continue;
        };
        lane.publish(done.progress);
        if done.events > 0 {
            lane.stepped.send_replace(done.progress);
        }
        if let Some((stream, sequence)) = done.too_new {
            return Err(ProjectionError::TooNew { stream, sequence });
        }
    }
    Ok(())
}

/// Opens the live version, and tells how far it is.
async fn open<T: Tables>(shared: &Shared, lane: &Lane) -> Result<Stepper<T>, ProjectionError> {
    let opened = Stepper::open(&shared.sessions, &shared.codec, Target::Live(shared.tailer.clone())).await?;
    let stepper: Stepper<T> = opened.ok_or(ProjectionError::NotMigrated { group: lane.group.name })?;
    lane.correct(stepper.progress());
    Ok(stepper)
}

/// Sees how far others have moved the live version, and tells.
async fn look_again<T: Tables>(lane: &Lane, stepper: &mut Stepper<T>) -> Result<(), ProjectionError> {
    if !stepper.look_again().await? {
        return Err(ProjectionError::NotMigrated { group: lane.group.name });
    }
    lane.correct(stepper.progress());
    Ok(())
}

async fn traced_step<T: Tables>(stepper: &mut Stepper<T>, safe: i64, limit: i64) -> Result<Stepped, ProjectionError> {
    let group = T::GROUP.name;
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
async fn refresh(shared: &Shared, lane: &Lane) -> Result<(), ProjectionError> {
    let live = lane.group.live(&mut *shared.pool.acquire().await?).await?;
    lane.publish(live);
    Ok(())
}

/// Tells other instances how far this one has moved a group. A hint: they look for themselves at every tick.
async fn announce(shared: Arc<Shared>, lane: fn(&Shared) -> &Lane) {
    let lane = lane(&shared);
    let (mut stepped, mut stopping) = (lane.stepped.subscribe(), shared.stopping.subscribe());
    while !*stopping.borrow() {
        let progress = tokio::select! {
            _ = stepped.changed() => *stepped.borrow_and_update(),
            _ = stopping.changed() => return,
        };
        let announced = async { lane.group.announce(&mut *shared.pool.acquire().await?, progress).await };
        if let Err(error) = announced.await {
            tracing::debug!(group = lane.group.name, error = %error, "a step could not be announced");
        }
        tokio::time::sleep(ANNOUNCE).await;
    }
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
                let lanes = [&shared.cases, &shared.directory];
                let lane = lanes.into_iter().find(|lane| lane.group.channel() == announcement.channel());
                if let Some((lane, progress)) = lane.zip(parse(announcement.payload())) {
                    lane.publish(progress);
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

    fn report(&mut self, shared: &Shared, lane: &Lane) {
        let group = lane.group.name;
        let position = lane.progress.borrow().position;
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
