//! Passwords as they are stored: hashes, one a person.

use domain::{PersonId, Timestamp};
use sqlx::PgConnection;

use super::Hashed;

/// The hash of somebody's password, if they have one.
///
/// # Errors
/// When the database does not answer.
pub async fn of(conn: &mut PgConnection, person: PersonId) -> Result<Option<Hashed>, sqlx::Error> {
    sqlx::query_as("select hash, pepper_version from passwords where person = $1")
        .bind(person.0)
        .fetch_optional(conn)
        .await
}

/// Whether somebody's password still is the one that was looked at before. It cannot be changed until the transaction ends.
///
/// # Errors
/// When the database does not answer.
pub async fn still(conn: &mut PgConnection, person: PersonId, seen: &Hashed) -> Result<bool, sqlx::Error> {
    let hash = sqlx::query_scalar("select hash from passwords where person = $1 for no key update")
        .bind(person.0)
        .fetch_optional(conn)
        .await?;
    Ok(hash.is_some_and(|hash: String| hash == seen.hash))
}

/// Sets somebody's password.
///
/// # Errors
/// When the database does not answer.
pub async fn set(
    conn: &mut PgConnection,
    person: PersonId,
    hashed: &Hashed,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "insert into passwords (person, hash, pepper_version, changed_at) values ($1, $2, $3, $4)
         on conflict (person) do update
         set hash = excluded.hash, pepper_version = excluded.pepper_version, changed_at = excluded.changed_at",
    )
    .bind(person.0)
    .bind(&hashed.hash)
    .bind(hashed.pepper_version)
    .bind(now)
    .execute(conn)
    .await
    .map(drop)
}

/// Has somebody no password any more, until they set one.
///
/// # Errors
/// When the database does not answer.
pub async fn forget(conn: &mut PgConnection, person: PersonId) -> Result<(), sqlx::Error> {
    sqlx::query("delete from passwords where person = $1").bind(person.0).execute(conn).await.map(drop)
}

/// Puts a newer hash of the same password in place of an older one, unless it was changed meanwhile.
///
/// # Errors
/// When the database does not answer.
pub async fn renew(conn: &mut PgConnection, person: PersonId, old: &Hashed, new: &Hashed) -> Result<(), sqlx::Error> {
    sqlx::query("update passwords set hash = $3, pepper_version = $4 where person = $1 and hash = $2")
        .bind(person.0)
        .bind(&old.hash)
        .bind(&new.hash)
        .bind(new.pepper_version)
        .execute(conn)
        .await
        .map(drop)
}
