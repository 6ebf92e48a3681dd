//! Sessions: who is signed in, from where their browser or program carries 256 random bits.
//!
//! Known by the SHA-256 of the secret, which is looked up with every request (`callers`). A session ends by itself when it was not used
//! for a while, and after a time however much it was used.

use std::time::Duration;

use chrono::TimeDelta;
use domain::{PersonId, Timestamp};
use sqlx::{FromRow, PgConnection, PgPool};
use uuid::Uuid;

use super::Secret;

/// What every session's secret begins with.
pub const SESSION_PREFIX: &str = "css_";
/// What every device's secret begins with.
pub const DEVICE_PREFIX: &str = "csd_";
/// How long a browser keeps what it is known by after the last sign-in, which is as long as browsers keep any cookie.
pub const DEVICE_LASTS: Duration = Duration::from_hours(24 * 400);
/// How old what is known of a session's last use may become before it is written again.
pub const WRITTEN_EVERY: TimeDelta = TimeDelta::minutes(1);

/// How long sessions last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionRules {
    /// Without being used.
    pub idle: Duration,
    /// At all.
    pub absolute: Duration,
}

impl Default for SessionRules {
    fn default() -> Self {
        Self { idle: Duration::from_hours(1), absolute: Duration::from_hours(24) }
    }
}

/// A session as its owner sees it in a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, FromRow)]
pub struct SessionEntry {
    /// Names it; good for nothing else.
    pub id: Uuid,
    /// When they signed in.
    pub created_at: Timestamp,
    /// When it was last used, to the minute.
    pub used_at: Timestamp,
    /// When it ends however much it is used.
    pub expires_at: Timestamp,
}

/// Begins a session, in the transaction in which somebody signs in.
///
/// # Errors
/// When the database does not answer.
pub async fn begin(
    conn: &mut PgConnection,
    id: Uuid,
    person: PersonId,
    rules: SessionRules,
    now: Timestamp,
) -> Result<Secret, sqlx::Error> {
    let secret = Secret::generate(SESSION_PREFIX);
    sqlx::query(
        "insert into sessions (id, token_hash, person, created_at, used_at, expires_at) values ($1, $2, $3, $4, $4, $5)",
    )
    .bind(id)
    .bind(secret.hash())
    .bind(person.0)
    .bind(now)
    .bind(now + rules.absolute)
    .execute(conn)
    .await?;
    Ok(secret)
}

/// The sessions of somebody that are good, the newest first.
///
/// # Errors
/// When the database does not answer.
pub async fn list(
    pool: &PgPool,
    person: PersonId,
    rules: SessionRules,
    now: Timestamp,
) -> Result<Vec<SessionEntry>, sqlx::Error> {
    sqlx::query_as(
        "select id, created_at, used_at, expires_at from sessions
         where person = $1 and expires_at > $2 and used_at > $3 order by created_at desc, id desc",
    )
    .bind(person.0)
    .bind(now)
    .bind(now - rules.idle)
    .fetch_all(pool)
    .await
}

/// Ends one session of somebody; answers whether there was one.
///
/// # Errors
/// When the database does not answer.
pub async fn end(conn: &mut PgConnection, person: PersonId, id: Uuid) -> Result<bool, sqlx::Error> {
    let done =
        sqlx::query("delete from sessions where person = $1 and id = $2").bind(person.0).bind(id).execute(conn).await?;
    Ok(done.rows_affected() > 0)
}

/// Ends the session that a secret is of, whoever's it is.
///
/// # Errors
/// When the database does not answer.
pub async fn end_by_secret(conn: &mut PgConnection, secret: &Secret) -> Result<(), sqlx::Error> {
    sqlx::query("delete from sessions where token_hash = $1").bind(secret.hash()).execute(conn).await.map(drop)
}

/// Ends all sessions of somebody but one; answers how many.
///
/// # Errors
/// When the database does not answer.
pub async fn end_all(conn: &mut PgConnection, person: PersonId, but: Option<Uuid>) -> Result<u64, sqlx::Error> {
    let done = sqlx::query("delete from sessions where person = $1 and id is distinct from $2")
        .bind(person.0)
        .bind(but)
        .execute(conn)
        .await?;
    Ok(done.rows_affected())
}

/// Writes down that sessions were used.
///
/// # Errors
/// When the database does not answer.
pub async fn used(conn: &mut PgConnection, ids: &[Uuid], now: Timestamp) -> Result<(), sqlx::Error> {
    sqlx::query("update sessions set used_at = $2 where id = any($1) and used_at < $2")
        .bind(ids)
        .bind(now)
        .execute(conn)
        .await
        .map(drop)
}

/// Forgets sessions that have ended; answers how many.
///
/// # Errors
/// When the database does not answer.
pub async fn sweep(conn: &mut PgConnection, rules: SessionRules, now: Timestamp) -> Result<u64, sqlx::Error> {
    let done = sqlx::query("delete from sessions where expires_at <= $1 or used_at <= $2")
        .bind(now)
        .bind(now - rules.idle)
        .execute(conn)
        .await?;
    Ok(done.rows_affected())
}

/// Remembers that somebody signed in from a browser. Its secret is renewed for all who use it, so that one that somebody else put
/// there is good for nothing; answers the new one.
///
/// # Errors
/// When the database does not answer.
pub async fn renew_device(
    conn: &mut PgConnection,
    person: PersonId,
    known_by: Option<&Secret>,
    now: Timestamp,
) -> Result<Secret, sqlx::Error> {
    let secret = Secret::generate(DEVICE_PREFIX);
    if let Some(known_by) = known_by {
        sqlx::query("update devices set token_hash = $2 where token_hash = $1")
            .bind(known_by.hash())
            .bind(secret.hash())
            .execute(&mut *conn)
            .await?;
    }
    remember_device(conn, person, &secret.hash(), now).await?;
    Ok(secret)
}

/// Remembers that somebody signed in from a browser or a program that is known by 32 bytes.
///
/// # Errors
/// When the database does not answer.
pub async fn remember_device(
    conn: &mut PgConnection,
    person: PersonId,
    known_by: &[u8],
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "insert into devices (token_hash, person, added_at, signed_in_at) values ($1, $2, $3, $3)
         on conflict (token_hash, person) do update set signed_in_at = $3",
    )
    .bind(known_by)
    .bind(person.0)
    .bind(now)
    .execute(conn)
    .await
    .map(drop)
}

/// Forgets browsers and programs from which nobody has signed in for longer than a browser keeps its cookie; answers how many.
///
/// # Errors
/// When the database does not answer.
pub async fn sweep_devices(conn: &mut PgConnection, now: Timestamp) -> Result<u64, sqlx::Error> {
    let done =
        sqlx::query("delete from devices where signed_in_at <= $1").bind(now - DEVICE_LASTS).execute(conn).await?;
    Ok(done.rows_affected())
}
