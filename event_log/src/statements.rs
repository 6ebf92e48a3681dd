//! Connections for single statements, each of which is done or not when it ends.
//!
//! The pool resets a connection that comes back, because somebody may have left it in a transaction. Here nobody ever
//! begins one, so there is nothing to reset, and a statement costs one round trip. There are as many connections as were
//! needed at the same time so far; the limits of those who use them bound that.

use std::{
    ops::{Deref, DerefMut},
    sync::{Arc, Mutex, MutexGuard},
    time::{Duration, Instant},
};

use sqlx::{Connection as _, PgConnection, PgPool};

/// A connection that was used more recently is taken to be alive: asking would cost every statement a round trip.
const ASK_AFTER: Duration = Duration::from_secs(1);
/// Connections are renewed now and then, so that what a session gathers in PostgreSQL's memory does not grow for ever.
const MAX_LIFETIME: Duration = Duration::from_hours(1);

/// Connections for single statements. Clones share them.
#[derive(Clone)]
pub struct Statements {
    pool: PgPool,
    idle: Arc<Mutex<Vec<Kept>>>,
}

struct Kept {
    connection: PgConnection,
    opened_at: Instant,
    used_at: Instant,
}

/// A connection on loan. Dropping it closes it: nobody knows then in the middle of what it was.
pub struct Lent {
    kept: Kept,
    idle: Arc<Mutex<Vec<Kept>>>,
}

impl Statements {
    /// None yet. They will be opened through the pool, which sets them up and limits how long that takes, and leave it.
    #[must_use]
    pub fn new(pool: PgPool) -> Self {
        Self { pool, idle: Arc::default() }
    }

    /// Lends a connection: the one that was used last, if it still answers, or a new one.
    ///
    /// # Errors
    /// When none can be opened, or the pool was closed.
    pub async fn lend(&self) -> Result<Lent, sqlx::Error> {
        if self.pool.is_closed() {
            idle(&self.idle).clear();
            return Err(sqlx::Error::PoolClosed);
        }
        loop {
            let Some(mut kept) = idle(&self.idle).pop() else {
                let connection = self.pool.acquire().await?.detach();
                let now = Instant::now();
                return Ok(self.lent(Kept { connection, opened_at: now, used_at: now }));
            };
            let answers = kept.used_at.elapsed() < ASK_AFTER || kept.connection.ping().await.is_ok();
            if answers && kept.opened_at.elapsed() < MAX_LIFETIME {
                return Ok(self.lent(kept));
            }
        }
    }

    fn lent(&self, kept: Kept) -> Lent {
        Lent { kept, idle: Arc::clone(&self.idle) }
    }
}

fn idle(idle: &Mutex<Vec<Kept>>) -> MutexGuard<'_, Vec<Kept>> {
    idle.lock().expect("nobody panics while holding it")
}

impl Lent {
    /// Gives the connection back, after a statement that was answered, be it by a refusal.
    pub fn give_back(self) {
        idle(&self.idle).push(Kept { used_at: Instant::now(), ..self.kept });
    }
}

impl Deref for Lent {
    type Target = PgConnection;

    fn deref(&self) -> &PgConnection {
        &self.kept.connection
    }
}

impl DerefMut for Lent {
    fn deref_mut(&mut self) -> &mut PgConnection {
        &mut self.kept.connection
    }
}
