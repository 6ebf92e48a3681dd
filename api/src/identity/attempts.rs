//! Counting attempts at signing in, so that nobody guesses for long.
//!
//! Attempts are counted, not requests, before their password is looked at, and in one statement: however many come at the same time, no
//! more are let through than the limit. After a few that failed in a row each next one has to wait, longer and longer; at the limit the
//! name is locked, which ends by itself. A name that nobody has is counted, delayed and locked like any other. A browser from which
//! somebody has signed in before counts for itself: whoever locks a name from elsewhere does not lock its owner out.

use std::time::Duration;

use chrono::TimeDelta;
use domain::{PersonId, Timestamp};
use event_log::EventLog;
use sqlx::{FromRow, PgConnection};

use super::RateLimit;

/// After how many attempts what happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AttemptRules {
    /// How many may fail in a row; the next ones are locked out.
    pub limit: u16,
    /// How long a lock lasts.
    pub lock: Duration,
    /// How many may come from one network within ten minutes, whoever they are of. Those from browsers that are known are not counted.
    pub per_network: u32,
}

impl AttemptRules {
    /// How often one network may try to sign in.
    #[must_use]
    pub fn by_network(self) -> RateLimit {
        RateLimit { kind: "sign_in.network", tries: self.per_network, window: Duration::from_mins(10) }
    }
}

impl Default for AttemptRules {
    fn default() -> Self {
        Self { limit: 10, lock: Duration::from_mins(30), per_network: 300 }
    }
}

/// When those before are forgotten.
const FORGOTTEN_AFTER: TimeDelta = TimeDelta::days(1);

/// Whose attempts are counted together.
#[derive(Clone, Debug)]
pub enum Counted {
    /// Those under a name, from anywhere that is not known.
    Name {
        /// What stands for the person, or for a name that is nobody's.
        subject: Vec<u8>,
        /// The person.
        person: Option<PersonId>,
    },
    /// Those at one person's password from a browser from which they have signed in before.
    Device {
        /// The hash of the browser's cookie.
        token_hash: Vec<u8>,
        /// The person.
        person: PersonId,
    },
}

/// Whether an attempt may go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Admission {
    /// It may. When it fails, it was the last one until then.
    Admitted {
        /// Until when.
        locks_until: Option<Timestamp>,
    },
    /// Not before a moment.
    Wait {
        /// Which one.
        until: Timestamp,
    },
    /// Too many failed.
    Locked {
        /// Until when.
        until: Timestamp,
    },
}

#[derive(FromRow)]
struct Row {
    admitted: bool,
    next_attempt_at: Timestamp,
    locked_until: Option<Timestamp>,
}

/// What follows from one more attempt, in the columns of a row `c` that counts: `$1` is now, `$2` the limit, `$3` the lock in seconds,
/// `$4` when those before are forgotten. A lock that is over begins a new row of attempts. The third that fails makes the next wait
/// for a second, and each after it twice as long, at most a minute.
const ONE_MORE: &str = "
    failures = case when is_over then 1 else c.failures + 1 end,
    counted_at = $1,
    next_attempt_at = $1 + make_interval(secs => case
        when is_over or c.failures < 2 then 0 else least(60, power(2, least(c.failures, 10) - 2)) end),
    locked_until = case when not is_over and c.failures + 1 >= $2 then $1 + make_interval(secs => $3) end";
/// Whether those before count no more.
const IS_OVER: &str = "(c.locked_until is not null or c.counted_at <= $4)";
/// Whether the next may go on.
const IS_OPEN: &str = "c.next_attempt_at <= $1 and (c.locked_until is null or c.locked_until <= $1)";

/// Counts one more attempt, if it may go on.
///
/// # Errors
/// When the database does not answer: then it may not.
pub async fn count(
    conn: &mut PgConnection,
    counted: &Counted,
    rules: AttemptRules,
    now: Timestamp,
) -> Result<Admission, sqlx::Error> {
    let columns = ONE_MORE.replace("is_over", IS_OVER);
    let (counting, other) = match counted {
        Counted::Name { .. } => (
            format!(
                "insert into sign_in_counts as c (subject, person, failures, counted_at, next_attempt_at)
                 values ($5, $6, 1, $1, $1)
                 on conflict (subject) do update set person = excluded.person, {columns} where {IS_OPEN}
                 returning next_attempt_at, locked_until"
            ),
            "sign_in_counts where subject = $5",
        ),
        Counted::Device { .. } => (
            format!(
                "update devices as c set {columns} where token_hash = $5 and person = $6 and {IS_OPEN}
                 returning next_attempt_at, locked_until"
            ),
            "devices where token_hash = $5 and person = $6",
        ),
    };
    let (key, person) = match counted {
        Counted::Name { subject, person } => (subject, *person),
        Counted::Device { token_hash, person } => (token_hash, Some(*person)),
    };
    let sql = format!(
        "with counted as ({counting})
         select true as admitted, next_attempt_at, locked_until from counted
         union all
         select false, next_attempt_at, locked_until from {other} and not exists (select from counted)"
    );
    let row: Option<Row> = sqlx::query_as(&sql)
        .bind(now)
        .bind(i32::from(rules.limit))
        .bind(rules.lock.as_secs_f64())
        .bind(now - FORGOTTEN_AFTER)
        .bind(key)
        .bind(person.map(|person| person.0))
        .fetch_optional(conn)
        .await?;
    Ok(match row {
        Some(Row { admitted: true, locked_until, .. }) => Admission::Admitted { locks_until: locked_until },
        Some(Row { locked_until: Some(until), .. }) if until > now => Admission::Locked { until },
        Some(Row { next_attempt_at, .. }) if next_attempt_at > now => Admission::Wait { until: next_attempt_at },
        // Others were counted between the two halves of the statement.
        _ => Admission::Wait { until: now + TimeDelta::seconds(1) },
    })
}

/// Forgets the attempts of whoever succeeded.
///
/// # Errors
/// When the database does not answer.
pub async fn succeeded(conn: &mut PgConnection, counted: &Counted) -> Result<(), sqlx::Error> {
    match counted {
        Counted::Name { subject, .. } => {
            sqlx::query("delete from sign_in_counts where subject = $1").bind(subject).execute(conn).await?
        }
        Counted::Device { token_hash, person } => {
            sqlx::query(
                "update devices set failures = 0, next_attempt_at = counted_at, locked_until = null
                 where token_hash = $1 and person = $2",
            )
            .bind(token_hash)
            .bind(person.0)
            .execute(conn)
            .await?
        }
    };
    Ok(())
}

/// Takes an attempt back that was right as far as it went, and leaves those before it counted.
///
/// # Errors
/// When the database does not answer.
pub async fn take_back(conn: &mut PgConnection, counted: &Counted) -> Result<(), sqlx::Error> {
    const ONE_LESS: &str = "failures = greatest(failures - 1, 0), next_attempt_at = counted_at, locked_until = null";
    match counted {
        Counted::Name { subject, .. } => {
            let sql = format!("update sign_in_counts set {ONE_LESS} where subject = $1");
            sqlx::query(&sql).bind(subject).execute(conn).await?
        }
        Counted::Device { token_hash, person } => {
            let sql = format!("update devices set {ONE_LESS} where token_hash = $1 and person = $2");
            sqlx::query(&sql).bind(token_hash).bind(person.0).execute(conn).await?
        }
    };
    Ok(())
}

/// Ends every lock of somebody, and forgets their attempts from anywhere; answers whether anything was locked.
///
/// # Errors
/// When the database does not answer.
pub async fn unlock(
    conn: &mut PgConnection,
    log: &EventLog,
    person: PersonId,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let locked: Option<Option<Timestamp>> =
        sqlx::query_scalar("delete from sign_in_counts where subject = $1 returning locked_until")
            .bind(subject_of(log, person))
            .fetch_optional(&mut *conn)
            .await?;
    sqlx::query("update devices set failures = 0, next_attempt_at = counted_at, locked_until = null where person = $1")
        .bind(person.0)
        .execute(conn)
        .await?;
    Ok(locked.flatten().is_some_and(|until| until > now))
}

/// What stands for somebody in the counts.
#[must_use]
pub fn subject_of(log: &EventLog, person: PersonId) -> Vec<u8> {
    log.fingerprint("sign-in attempts", &format!("person {person}")).0.into_bytes()
}

/// What stands for a name that is nobody's.
#[must_use]
pub fn subject_of_name(log: &EventLog, name: &str) -> Vec<u8> {
    log.fingerprint("sign-in attempts", &format!("name {name}")).0.into_bytes()
}

/// Forgets what counts no more; answers how much there was.
///
/// # Errors
/// When the database does not answer.
pub async fn sweep(conn: &mut PgConnection, now: Timestamp) -> Result<u64, sqlx::Error> {
    let done = sqlx::query(
        "delete from sign_in_counts where counted_at <= $1 and (locked_until is null or locked_until <= $2)",
    )
    .bind(now - FORGOTTEN_AFTER)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}
