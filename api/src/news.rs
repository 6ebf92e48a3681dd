//! That a case has moved, for those who follow it.
//!
//! The read models tell how far they are, whoever stepped them. Which cases the events between two positions are of is read from the log,
//! once for everybody in this process; whoever follows one of these cases is woken, and nobody else.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, Weak},
    time::Duration,
};

use domain::CaseId;
use projections::Progress;
use sqlx::PgPool;
use tokio::{sync::watch, time::sleep};

/// Wakes those who follow cases. Clones are handles to the same one.
#[derive(Clone)]
pub struct CaseNews(Arc<Mutex<Topics>>);

/// How often each case that is followed has moved since somebody did.
type Topics = HashMap<CaseId, watch::Sender<u64>>;

/// The least time between two looks: what comes meanwhile is looked at together.
const PAUSE: Duration = Duration::from_millis(5);
/// From so many events on, everybody is woken.
const MOST: i64 = 5_000;
/// How often cases are forgotten that nobody follows any more, in looks.
const FORGET_EVERY: u64 = 100;

impl CaseNews {
    /// Begins to follow the read models of cases, until the last handle is dropped.
    #[must_use]
    pub fn start(pool: PgPool, progress: watch::Receiver<Progress>) -> Self {
        let topics = Arc::default();
        tokio::spawn(run(Arc::downgrade(&topics), pool, progress));
        Self(topics)
    }

    /// Changes whenever the read models have something new of a case, after now.
    #[must_use]
    pub fn of(&self, case_id: CaseId) -> watch::Receiver<u64> {
        lock(&self.0).entry(case_id).or_insert_with(|| watch::channel(0).0).subscribe()
    }
}

fn lock(topics: &Mutex<Topics>) -> MutexGuard<'_, Topics> {
    topics.lock().expect("nobody panics while holding it")
}

async fn run(topics: Weak<Mutex<Topics>>, pool: PgPool, mut progress: watch::Receiver<Progress>) {
    let mut known = progress.borrow_and_update().position;
    for look in 0_u64.. {
        // The projector ends with the service.
        if progress.changed().await.is_err() {
            return;
        }
        let now = progress.borrow_and_update().position;
        let Some(topics) = topics.upgrade() else { return };
        if look.is_multiple_of(FORGET_EVERY) {
            lock(&topics).retain(|_, topic| topic.receiver_count() > 0);
        }
        // Whoever begins to follow from here on reads what the read models have already.
        let is_followed = !lock(&topics).is_empty();
        if is_followed && now > known {
            wake(&topics, moved(&pool, known, now).await);
        }
        drop(topics);
        known = now;
        sleep(PAUSE).await;
    }
}

/// Tells those who follow these cases, or everybody where it is not known which they are.
fn wake(topics: &Mutex<Topics>, cases: Option<Vec<CaseId>>) {
    let topics = lock(topics);
    let moved = |topic: &watch::Sender<u64>| topic.send_modify(|times| *times += 1);
    match cases {
        Some(cases) => cases.iter().filter_map(|case_id| topics.get(case_id)).for_each(moved),
        None => topics.values().for_each(moved),
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
