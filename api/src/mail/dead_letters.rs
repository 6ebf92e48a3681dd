//! Mail that could not be delivered, for people to look at, and to have it tried again.

use domain::{PersonId, Timestamp};
use sqlx::{FromRow, PgPool, Row as _, postgres::PgRow};
use uuid::Uuid;

use super::MailKind;

/// A mail that is not tried any more.
#[derive(Clone, Debug)]
pub struct DeadLetter {
    /// Its id.
    pub mail_id: Uuid,
    /// Its kind.
    pub kind: MailKind,
    /// Whom it was for, if that is a person.
    pub person: Option<PersonId>,
    /// When it was queued.
    pub created_at: Timestamp,
    /// When it was given up.
    pub failed_at: Timestamp,
    /// How often it was tried.
    pub attempts: i32,
    /// Why it could not be delivered.
    pub reason: String,
}

impl FromRow<'_, PgRow> for DeadLetter {
    fn from_row(row: &PgRow) -> Result<Self, sqlx::Error> {
        let kind: &str = row.try_get("kind")?;
        Ok(Self {
            mail_id: row.try_get("mail_id")?,
            kind: kind.parse().map_err(|error: strum::ParseError| sqlx::Error::ColumnDecode {
                index: "kind".to_owned(),
                source: Box::new(error),
            })?,
            person: row.try_get::<Option<Uuid>, _>("person")?.map(PersonId),
            created_at: row.try_get("created_at")?,
            failed_at: row.try_get("ended_at")?,
            attempts: row.try_get("attempts")?,
            reason: row.try_get::<Option<String>, _>("reason")?.unwrap_or_default(),
        })
    }
}

/// Lists them, the newest first, after one of them.
///
/// # Errors
/// When the database does not answer.
pub async fn list(pool: &PgPool, after: Option<Uuid>, limit: i64) -> Result<Vec<DeadLetter>, sqlx::Error> {
    sqlx::query_as(
        "select mail_id, kind, person, created_at, ended_at, attempts, reason from mails
         where state = 'dead'
             and ($1::uuid is null or (ended_at, mail_id) < (select ended_at, mail_id from mails where mail_id = $1))
         order by ended_at desc, mail_id desc limit $2",
    )
    .bind(after)
    .bind(limit)
    .fetch_all(pool)
    .await
}

/// Has one tried again, from the first try on; answers whether there is such a mail. One that is under way stays so.
///
/// # Errors
/// When the database does not answer.
pub async fn retry(pool: &PgPool, mail_id: Uuid, now: Timestamp) -> Result<bool, sqlx::Error> {
    let found: Option<String> = sqlx::query_scalar(
        "with again as (
             update mails set state = 'waiting', ended_at = null, due_at = $2, attempts = 0, claimed_until = null
             where mail_id = $1 and state = 'dead'
         )
         select state from mails where mail_id = $1",
    )
    .bind(mail_id)
    .bind(now)
    .fetch_optional(pool)
    .await?;
    Ok(found.is_some())
}
