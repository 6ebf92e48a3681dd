//! How those stand who have a connection open: whether their session or token is still good, and who they are by it.
//!
//! All of them are looked up once a second, many in one statement, whatever ended their session: signing out, a password changed, a
//! deactivation, time. That they are looked up is no use of the session.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, Weak},
    time::Duration,
};

use tokio::{
    sync::watch,
    time::{MissedTickBehavior, interval},
};

use super::{Caller, Callers, Secret, Use};
use crate::http::{Stand, Standing};

/// Watches over those who have connections open. Clones are handles to the same one.
#[derive(Clone)]
pub struct Standings(Arc<Shared>);

struct Shared {
    callers: Callers,
    /// By the hash of what they prove it with.
    open: Mutex<HashMap<Vec<u8>, Entry>>,
}

struct Entry {
    caller: Caller,
    stand: watch::Sender<Stand>,
}

/// How often they are looked up.
const EVERY: Duration = Duration::from_secs(1);
/// How many in one statement.
const AT_ONCE: usize = 1_000;

impl Standings {
    /// Begins to watch, until the last handle is dropped.
    #[must_use]
    pub fn start(callers: Callers) -> Self {
        let shared = Arc::new(Shared { callers, open: Mutex::default() });
        tokio::spawn(run(Arc::downgrade(&shared)));
        Self(shared)
    }

    /// Finds out who a secret stands for, and tells from then on how they stand; nobody when it is unknown, ended or revoked.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn of(&self, secret: &Secret) -> Result<Option<Standing>, Arc<sqlx::Error>> {
        let Some(caller) = self.0.callers.caller(secret.reveal(), Use::Anew).await? else { return Ok(None) };
        let person = caller.person.0;
        let mut open = self.0.open();
        let entry = open
            .entry(secret.hash())
            .or_insert_with(|| Entry { caller: caller.clone(), stand: watch::channel(Stand::Good(0)).0 });
        entry.note(Some(caller));
        Ok(Some(Standing { person, stand: entry.stand.subscribe() }))
    }
}

impl Shared {
    fn open(&self) -> MutexGuard<'_, HashMap<Vec<u8>, Entry>> {
        self.open.lock().expect("nobody panics while holding it")
    }

    /// Looks everybody up who has a connection open, and forgets those who have none any more.
    async fn look(&self) -> Result<(), sqlx::Error> {
        let hashes: Vec<_> = {
            let mut open = self.open();
            open.retain(|_, entry| entry.stand.receiver_count() > 0);
            open.keys().cloned().collect()
        };
        for hashes in hashes.chunks(AT_ONCE) {
            let mut found = self.callers.standing(hashes).await?;
            let mut open = self.open();
            for hash in hashes {
                if let Some(entry) = open.get_mut(hash) {
                    entry.note(found.remove(hash));
                }
            }
        }
        Ok(())
    }
}

impl Entry {
    /// Tells those who wait when something is other than it was.
    fn note(&mut self, caller: Option<Caller>) {
        self.stand.send_if_modified(|stand| {
            let is = match (&caller, *stand) {
                (None, _) => Stand::Ended,
                (Some(caller), Stand::Good(number)) if *caller == self.caller => Stand::Good(number),
                (Some(_), Stand::Good(number)) => Stand::Good(number + 1),
                // It came back: a clock that was set, or somebody who was deactivated for a moment.
                (Some(_), Stand::Ended) => Stand::Good(0),
            };
            std::mem::replace(stand, is) != is
        });
        if let Some(caller) = caller {
            self.caller = caller;
        }
    }
}

async fn run(shared: Weak<Shared>) {
    let mut ticks = interval(EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        let Some(shared) = shared.upgrade() else { return };
        if let Err(error) = shared.look().await {
            tracing::warn!(%error, "whether sessions are still good could not be read; trying again");
        }
    }
}
