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
use sqlx::{FromRow, PgConnection, PgPool};
use uuid::Uuid;

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
/// How long it takes at most until an attempt was looked at, unless its process is gone.
const LOOKED_AT_WITHIN: TimeDelta = TimeDelta::minutes(1);

/// Whose attempts are counted together: those under a name, from anywhere that is not known, or those at one person's password from a
/// browser from which they have signed in before.
#[derive(Clone, Debug)]
pub struct Counted {
    /// What stands for them.
    subject: Vec<u8>,
    /// Whose they are, if anybody's.
    person: Option<PersonId>,
}

impl Counted {
    /// Those at somebody's password, under any of their names.
    #[must_use]
    pub fn of_person(log: &EventLog, person: PersonId) -> Self {
        Self { subject: subject(log, &format!("person {person}")), person: Some(person) }
    }

    /// Those under a name that is nobody's.
    #[must_use]
    pub fn of_nobody(log: &EventLog, name: &str) -> Self {
        Self { subject: subject(log, &format!("name {name}")), person: None }
    }

    /// Whose they are, if anybody's.
    #[must_use]
    pub fn person(&self) -> Option<PersonId> {
        self.person
    }

    /// Those at somebody's password from a browser that is known.
    #[must_use]
    pub fn of_device(log: &EventLog, person: PersonId, device: Uuid) -> Self {
        Self { subject: subject(log, &format!("device {device}")), person: Some(person) }
    }
}

fn subject(log: &EventLog, of: &str) -> Vec<u8> {
    log.fingerprint("sign-in attempts", of).0.into_bytes()
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

/// Counts one more attempt: `$1` is now, `$2` the limit, `$3` the lock in seconds, `$4` when those before are forgotten, `$5` what
/// stands for whose they are, `$6` the person. A lock that is over begins a new row of attempts. The third that fails makes the next wait
/// for a second, and each after it twice as long, at most a minute.
const COUNT: &str = "
    with counted as (
        insert into sign_in_counts as c (subject, person, failures, counted_at, next_attempt_at)
        values ($5, $6, 1, $1, $1)
        on conflict (subject) do update set
            person = excluded.person,
            failures = case when c.locked_until is not null or c.counted_at <= $4 then 1 else c.failures + 1 end,
            counted_at = $1,
            next_attempt_at = $1 + make_interval(secs => case
                when c.locked_until is not null or c.counted_at <= $4 or c.failures < 2 then 0
                else least(60, power(2, least(c.failures, 10) - 2)) end),
            locked_until = case
                when c.locked_until is null and c.counted_at > $4 and c.failures + 1 >= $2
                then $1 + make_interval(secs => $3) end,
            is_judged = false
        where c.next_attempt_at <= $1 and (c.locked_until is null or c.locked_until <= $1)
        returning next_attempt_at, locked_until
    )
    select true as admitted, next_attempt_at, locked_until from counted
    union all
    select false, next_attempt_at, locked_until from sign_in_counts where subject = $5 and not exists (select from counted)";

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
    let row: Option<Row> = sqlx::query_as(COUNT)
        .bind(now)
        .bind(i32::from(rules.limit))
        .bind(rules.lock.as_secs_f64())
        .bind(now - FORGOTTEN_AFTER)
        .bind(&counted.subject)
        .bind(counted.person.map(|person| person.0))
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

/// An attempt was looked at and was wrong. Somebody is told of a lock once that is so: until then it may end with the attempt.
///
/// # Errors
/// When the database does not answer.
pub async fn judged(conn: &mut PgConnection, counted: &Counted) -> Result<(), sqlx::Error> {
    let sql = "update sign_in_counts set is_judged = true where subject = $1 and locked_until is not null";
    sqlx::query(sql).bind(&counted.subject).execute(conn).await.map(drop)
}

/// Forgets the attempts of whoever succeeded.
///
/// # Errors
/// When the database does not answer.
pub async fn succeeded(conn: &mut PgConnection, counted: &Counted) -> Result<(), sqlx::Error> {
    sqlx::query("delete from sign_in_counts where subject = $1").bind(&counted.subject).execute(conn).await.map(drop)
}

/// Takes an attempt back that was right as far as it went, and leaves those before it counted.
///
/// # Errors
/// When the database does not answer.
pub async fn take_back(conn: &mut PgConnection, counted: &Counted) -> Result<(), sqlx::Error> {
    sqlx::query(
        "update sign_in_counts
         set failures = greatest(failures - 1, 0), next_attempt_at = counted_at, locked_until = null, is_judged = false
         where subject = $1",
    )
    .bind(&counted.subject)
    .execute(conn)
    .await
    .map(drop)
}

/// A lock that somebody is to be told of.
#[derive(Clone, Debug, FromRow)]
pub struct Lock {
    /// What stands for what was counted.
    subject: Vec<u8>,
    person: Uuid,
    locked_until: Timestamp,
}

impl Lock {
    /// Whom to tell.
    #[must_use]
    pub fn person(&self) -> PersonId {
        PersonId(self.person)
    }

    /// Until when they are locked out, unless they unlock themselves.
    #[must_use]
    pub fn until(&self) -> Timestamp {
        self.locked_until
    }

    /// They were told, in the transaction in which that is recorded.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn told(&self, conn: &mut PgConnection) -> Result<(), sqlx::Error> {
        sqlx::query("update sign_in_counts set told_until = $2 where subject = $1 and locked_until = $2")
            .bind(&self.subject)
            .bind(self.locked_until)
            .execute(conn)
            .await
            .map(drop)
    }
}

/// The locks that somebody is to be told of: their last attempt was wrong, or nobody will ever say, because its process is gone.
///
/// # Errors
/// When the database does not answer.
pub async fn untold(pool: &PgPool, now: Timestamp, at_most: i64) -> Result<Vec<Lock>, sqlx::Error> {
    sqlx::query_as(
        "select subject, person, locked_until from sign_in_counts
         where person is not null and locked_until > $1 and told_until is distinct from locked_until
             and (is_judged or counted_at <= $2)
         order by locked_until limit $3",
    )
    .bind(now)
    .bind(now - LOOKED_AT_WITHIN)
    .bind(at_most)
    .fetch_all(pool)
    .await
}

/// Ends every lock of somebody, and forgets their attempts from anywhere; answers whether anything was locked.
///
/// # Errors
/// When the database does not answer.
pub async fn unlock(conn: &mut PgConnection, person: PersonId, now: Timestamp) -> Result<bool, sqlx::Error> {
    let locks: Vec<Option<Timestamp>> =
        sqlx::query_scalar("delete from sign_in_counts where person = $1 returning locked_until")
            .bind(person.0)
            .fetch_all(conn)
            .await?;
    Ok(locks.into_iter().flatten().any(|until| until > now))
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
