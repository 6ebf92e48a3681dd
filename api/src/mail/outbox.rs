//! The outbox: what is to go out, as rows that name it by ids.

use domain::{CaseId, Fingerprint, PersonId, Timestamp};
use sqlx::PgConnection;
use uuid::Uuid;

use super::MailKind;

/// Whom a mail is for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Recipient {
    /// A person, at the address that they have when it is made.
    Person(PersonId),
    /// An address that the watch list of a case knows, by its fingerprint.
    Watcher(Fingerprint),
}

/// A mail to be queued.
#[derive(Clone, Debug)]
pub struct NewMail {
    /// Its id, which its Message-ID is made of.
    pub mail_id: Uuid,
    /// What kind of mail it is.
    pub kind: MailKind,
    /// What it tells whom, in a form that is the same whenever the same thing is to be told.
    pub about: String,
    /// Whom it is for.
    pub to: Recipient,
    /// The case that it is about.
    pub case_id: Option<CaseId>,
    /// The position of the event that it tells of.
    pub position: Option<i64>,
    /// What cannot be read again when it is made, sealed.
    pub sealed: Option<Vec<u8>>,
    /// When it goes out at the earliest.
    pub due_at: Timestamp,
    /// When there is no use in it any more.
    pub expires_at: Option<Timestamp>,
}

/// Queues mails in a transaction of the caller's; answers how many of them were not there yet.
///
/// # Errors
/// When the database does not answer: roll back.
pub async fn queue(conn: &mut PgConnection, mails: &[NewMail], now: Timestamp) -> Result<u64, sqlx::Error> {
    let mut new = 0;
    for mail in mails {
        let (person, watcher) = match &mail.to {
            Recipient::Person(person) => (Some(person.0), None),
            Recipient::Watcher(fingerprint) => (None, Some(fingerprint.0.as_str())),
        };
        let done = sqlx::query(
            "insert into mails
                 (mail_id, kind, about, person, watcher, case_id, position, sealed, created_at, due_at, expires_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
             on conflict (about) do nothing",
        )
        .bind(mail.mail_id)
        .bind(mail.kind.to_string())
        .bind(&mail.about)
        .bind(person)
        .bind(watcher)
        .bind(mail.case_id.map(|case_id| case_id.0))
        .bind(mail.position)
        .bind(mail.sealed.as_deref())
        .bind(now)
        .bind(mail.due_at)
        .bind(mail.expires_at)
        .execute(&mut *conn)
        .await?;
        new += done.rows_affected();
    }
    Ok(new)
}

/// Drops mails of some kinds that wait for somebody, in a transaction of the caller's; answers how many there were.
///
/// # Errors
/// When the database does not answer: roll back.
pub async fn drop_waiting(
    conn: &mut PgConnection,
    person: PersonId,
    kinds: &[MailKind],
    now: Timestamp,
    reason: &str,
) -> Result<u64, sqlx::Error> {
    let kinds: Vec<_> = kinds.iter().map(ToString::to_string).collect();
    let done = sqlx::query(
        "update mails set state = 'dropped', ended_at = $3, sealed = null, reason = $4
         where person = $1 and kind = any($2) and state in ('waiting', 'dead')",
    )
    .bind(person.0)
    .bind(kinds)
    .bind(now)
    .bind(reason)
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}

/// Forgets everything that waits for somebody or could not be delivered to them, in a transaction of the caller's; answers
/// how many mails there were.
///
/// # Errors
/// When the database does not answer: roll back.
pub async fn forget_all_of(conn: &mut PgConnection, person: PersonId) -> Result<u64, sqlx::Error> {
    let gone = sqlx::query("delete from mails where person = $1 and state in ('waiting', 'dead')");
    Ok(gone.bind(person.0).execute(conn).await?.rows_affected())
}
