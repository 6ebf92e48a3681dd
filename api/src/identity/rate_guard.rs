//! How often somebody may try what guards a credential, counted in PostgreSQL: all instances count as one.
//!
//! Windows are fixed: their ends follow from the clock alone. In the worst case twice the limit fits into one window's length,
//! around such an end; limits are chosen with that in mind. What is counted by is kept as a keyed hash.

use std::time::Duration;

use chrono::TimeDelta;
use domain::Timestamp;
use event_log::MasterKey;
use ring::hmac;
use sqlx::{PgConnection, PgPool};

use crate::http::ClientAddress;

/// How often something may be tried within a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateLimit {
    /// What is counted, `access_request.address`. One kind has one limit.
    pub kind: &'static str,
    /// How often it may be tried in one window.
    pub tries: u32,
    /// How long a window is; whole seconds.
    pub window: Duration,
}

/// One thing that is counted: by which limit, and whose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Try {
    limit: RateLimit,
    key: String,
}

impl RateLimit {
    /// A try of somebody at an address (or under a name), which is written in one way only.
    #[must_use]
    pub fn by(self, key: impl Into<String>) -> Try {
        Try { limit: self, key: key.into() }
    }

    /// A try from a client's network; requests without a known address count as one network.
    #[must_use]
    pub fn by_network(self, client: Option<ClientAddress>) -> Try {
        self.by(client.map_or_else(|| "unknown".to_owned(), |client| client.network().to_string()))
    }
}

/// Why a try may not go on.
#[derive(Debug, thiserror::Error)]
pub enum RateError {
    /// There were too many.
    #[error("too many tries; try again in {} s", .retry_after.as_secs())]
    TooMany {
        /// When the last of the windows ends; whole seconds, at least one.
        retry_after: Duration,
    },
    /// It could not be counted, so it must not go on.
    #[error("the database did not count a try")]
    Database(#[from] sqlx::Error),
}

/// Counts tries.
#[derive(Clone)]
pub struct RateGuard {
    keys: hmac::Key,
}

impl RateGuard {
    /// Counts by keys that follow from the master key.
    #[must_use]
    pub fn new(master: &MasterKey) -> Self {
        Self { keys: hmac::Key::new(hmac::HMAC_SHA256, &master.derive("rate counts")) }
    }

    /// Counts a try under each limit, in one statement; refuses it when one of them is over. Each kind of limit is named once.
    ///
    /// Windows end when they end, however often it was tried meanwhile: waiting is always enough. In a transaction that is rolled
    /// back nothing was counted: give it a connection in autocommit.
    ///
    /// # Errors
    /// [`RateError`].
    pub async fn count(&self, conn: &mut PgConnection, tries: &[Try], now: Timestamp) -> Result<(), RateError> {
        let windows: Vec<_> = tries.iter().map(|one| window(one.limit.window, now)).collect();
        let counted: Vec<(String, i32, Timestamp)> = sqlx::query_as(
            "insert into rate_counts (kind, key, window_start, tries, ends_at)
             select kind, key, window_start, 1, ends_at
             from unnest($1::text[], $2::bytea[], $3::timestamptz[], $4::timestamptz[])
                 as try (kind, key, window_start, ends_at)
             order by kind, key
             on conflict (kind, key, window_start) do update set tries = rate_counts.tries + 1
             returning kind, tries, ends_at",
        )
        .bind(tries.iter().map(|one| one.limit.kind).collect::<Vec<_>>())
        .bind(tries.iter().map(|one| self.key(one)).collect::<Vec<_>>())
        .bind(windows.iter().map(|(start, _)| *start).collect::<Vec<_>>())
        .bind(windows.iter().map(|(_, end)| *end).collect::<Vec<_>>())
        .fetch_all(conn)
        .await?;
        let over = counted.iter().filter(|(kind, count, _)| {
            let most = tries.iter().find(|one| one.limit.kind == kind).map_or(0, |one| one.limit.tries);
            i64::from(*count) > i64::from(most)
        });
        let over = over.inspect(|(kind, _, _)| {
            metrics::counter!("casestream_tries_refused_total", "kind" => kind.clone()).increment(1);
        });
        match over.map(|(_, _, end)| *end).max() {
            None => Ok(()),
            Some(end) => {
                let wait_ms = (end - now).num_milliseconds().max(1).unsigned_abs();
                Err(RateError::TooMany { retry_after: Duration::from_secs(wait_ms.div_ceil(1000)) })
            }
        }
    }

    /// Forgets windows that have ended; answers how many counts there were.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn sweep(pool: &PgPool, now: Timestamp) -> Result<u64, sqlx::Error> {
        let done = sqlx::query("delete from rate_counts where ends_at <= $1").bind(now).execute(pool).await?;
        Ok(done.rows_affected())
    }

    fn key(&self, one: &Try) -> Vec<u8> {
        let mut context = hmac::Context::with_key(&self.keys);
        for part in [one.limit.kind, &one.key] {
            context.update(&(part.len() as u64).to_be_bytes());
            context.update(part.as_bytes());
        }
        context.sign().as_ref().to_vec()
    }
}

/// The window that a time is in: from, up to.
fn window(length: Duration, now: Timestamp) -> (Timestamp, Timestamp) {
    let length = i64::try_from(length.as_secs().max(1)).unwrap_or(i64::MAX / 2_000_000);
    let start = now.timestamp().div_euclid(length) * length;
    let at = |seconds| Timestamp::from_timestamp(seconds, 0).unwrap_or(now);
    (at(start), at(start) + TimeDelta::seconds(length))
}
