//! That a case has moved, for those who follow it, or that any has, for those who have lists of them.
//!
//! The read models tell how far they are, whoever stepped them. Which cases the events between two positions are of is read from the log,
//! once for everybody in this process; whoever follows one of these cases is woken, and nobody else. Whoever has lists is told at most once a
//! second: at a busy desk something always moves, and each of them reads much.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, Weak},
    time::Duration,
};

use domain::CaseId;
use projections::Progress;
use sqlx::PgPool;
use tokio::{
    sync::watch,
    time::{Instant, sleep, sleep_until},
};

/// Wakes those who follow cases. Clones are handles to the same one.
#[derive(Clone)]
pub struct CaseNews(Arc<Topics>);

#[derive(Default)]
struct Topics {
    /// How often each case that is followed has moved since somebody did.
    cases: Mutex<HashMap<CaseId, watch::Sender<u64>>>,
    /// How often it was told that any has.
    lists: watch::Sender<u64>,
}

/// The least time between two looks: what comes meanwhile is looked at together.
const PAUSE: Duration = Duration::from_millis(5);
/// The least time between two tellings that any case has moved.
const LISTS_PAUSE: Duration = Duration::from_secs(1);
/// From so many events on, everybody is woken.
const MOST: i64 = 5_000;
/// How often cases are forgotten that nobody follows any more, in looks.
const FORGET_EVERY: u64 = 100;

impl CaseNews {
    /// Begins to follow the read models of cases, until the last handle is dropped.
    #[must_use]
    pub fn start(pool: PgPool, progress: watch::Receiver<Progress>) -> Self {
        let topics = Arc::<Topics>::default();
        tokio::spawn(run(Arc::downgrade(&topics), pool, progress));
        Self(topics)
    }

    /// Changes whenever the read models have something new of a case, after now.
    #[must_use]
    pub fn of(&self, case_id: CaseId) -> watch::Receiver<u64> {
        self.0.cases().entry(case_id).or_insert_with(|| watch::channel(0).0).subscribe()
    }

    /// Changes when the read models have something new of any case, after now; at most once a second.
    #[must_use]
    pub fn of_any(&self) -> watch::Receiver<u64> {
        self.0.lists.subscribe()
    }
}

impl Topics {
    fn cases(&self) -> MutexGuard<'_, HashMap<CaseId, watch::Sender<u64>>> {
        self.cases.lock().expect("nobody panics while holding it")
    }

    fn is_followed(&self) -> bool {
        self.lists.receiver_count() > 0 || !self.cases().is_empty()
    }

    /// Tells those who follow these cases, or everybody where it is not known which they are. Answers whether any has moved.
    fn wake(&self, moved: Option<Vec<CaseId>>) -> bool {
        let cases = self.cases();
        if let Some(moved) = moved {
            moved.iter().filter_map(|case_id| cases.get(case_id)).for_each(tell);
            !moved.is_empty()
        } else {
            cases.values().for_each(tell);
            true
        }
    }
}

fn tell(topic: &watch::Sender<u64>) {
    topic.send_modify(|times| *times += 1);
}

async fn run(topics: Weak<Topics>, pool: PgPool, mut progress: watch::Receiver<Progress>) {
    let mut known = progress.borrow_and_update().position;
    // Since when those who have lists may be told again, and whether there is something to tell.
    let (mut quiet_until, mut is_owed) = (Instant::now(), false);
    for look in 0_u64.. {
        tokio::select! {
            // The projector ends with the service.
            changed = progress.changed() => if changed.is_err() { return },
            () = sleep_until(quiet_until), if is_owed => {}
        }
        let now = progress.borrow_and_update().position;
        let Some(topics) = topics.upgrade() else { return };
        if look.is_multiple_of(FORGET_EVERY) {
            topics.cases().retain(|_, topic| topic.receiver_count() > 0);
        }
        // Whoever begins to follow from here on reads what the read models have already.
        if now > known && topics.is_followed() {
            is_owed |= topics.wake(moved(&pool, known, now).await);
        }
        if is_owed && Instant::now() >= quiet_until {
            tell(&topics.lists);
            (quiet_until, is_owed) = (Instant::now() + LISTS_PAUSE, false);
        }
        drop(topics);
        known = now;
        sleep(PAUSE).await;
    }
}

/// The cases that events after one position up to another are of; `None` when they are too many, or cannot be read.
async fn moved(pool: &PgPool, after: i64, up_to: i64) -> Option<Vec<CaseId>> {
    if up_to - after > MOST {
        return None;
    }
    let sql =
        "select distinct aggregate_id from events where position > $1 and position <= $2 and aggregate_type = 'case'";
    let found: Result<Vec<String>, _> = sqlx::query_scalar(sql).bind(after).bind(up_to).fetch_all(pool).await;
    match found {
        Ok(ids) => ids.iter().map(|id| id.parse().ok()).collect(),
        Err(error) => {
            tracing::warn!(%error, "which cases have moved could not be read; everybody looks for themselves");
            None
        }
    }
}
