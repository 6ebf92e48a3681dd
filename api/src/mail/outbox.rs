//! The outbox: what is to go out, as rows that name it by ids.
//!
//! A row is taken by whoever claims it, for as long as a lease lasts; after that they are taken for dead, and somebody else may.
//! Its attempts count the claims, so that whoever comes back late changes nothing.

use chrono::TimeDelta;
use domain::{CaseId, Fingerprint, PersonId, Timestamp};
use sqlx::{FromRow, PgConnection, PgPool, Row as _, postgres::PgRow};
use strum::{Display, EnumString, IntoEnumIterator as _};
use uuid::Uuid;

use super::MailKind;

/// Whom a mail is for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Recipient {
    /// A person, at the address that they have when it is made.
    Person(PersonId),
    /// An address that the watch list of a case or a request for access knows, by its fingerprint.
    Address(Fingerprint),
}

/// What a recipient is to the case, the weightiest first: who is several of these is told as the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Display, EnumString)]
#[strum(serialize_all = "lowercase")]
pub enum ToldAs {
    /// Responsible for it.
    Owner,
    /// Whom to talk to.
    Contact,
    /// Who opened it.
    Opener,
    /// On its watch list.
    Watcher,
    /// Works cases, while nobody is responsible for it.
    Queue,
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
    /// What they are to the case.
    pub told_as: Option<ToldAs>,
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

/// A mail that was claimed.
#[derive(Clone, Debug)]
pub struct Claimed {
    /// Its id.
    pub mail_id: Uuid,
    /// Its kind.
    pub kind: MailKind,
    /// Whom it is for.
    pub to: Recipient,
    /// What they are to the case.
    pub told_as: Option<ToldAs>,
    /// The case that it is about.
    pub case_id: Option<CaseId>,
    /// The position of the event that it tells of.
    pub position: Option<i64>,
    /// What cannot be read again.
    pub sealed: Option<Vec<u8>>,
    /// When there is no use in it any more.
    pub expires_at: Option<Timestamp>,
    /// How often it was claimed, this time included.
    pub attempts: i32,
}

impl FromRow<'_, PgRow> for Claimed {
    fn from_row(row: &PgRow) -> Result<Self, sqlx::Error> {
        fn read<T: std::str::FromStr<Err: std::error::Error + Send + Sync + 'static>>(
            column: &str,
            text: &str,
        ) -> Result<T, sqlx::Error> {
            text.parse()
                .map_err(|error| sqlx::Error::ColumnDecode { index: column.to_owned(), source: Box::new(error) })
        }
        let address: Option<String> = row.try_get("address")?;
        let to = match address {
            Some(fingerprint) => Recipient::Address(Fingerprint(fingerprint)),
            None => Recipient::Person(PersonId(row.try_get("person")?)),
        };
        let told_as: Option<&str> = row.try_get("told_as")?;
        Ok(Self {
            mail_id: row.try_get("mail_id")?,
            kind: read("kind", row.try_get("kind")?)?,
            to,
            told_as: told_as.map(|text| read("told_as", text)).transpose()?,
            case_id: row.try_get::<Option<Uuid>, _>("case_id")?.map(CaseId),
            position: row.try_get("position")?,
            sealed: row.try_get("sealed")?,
            expires_at: row.try_get("expires_at")?,
            attempts: row.try_get("attempts")?,
        })
    }
}

/// What became of a claimed mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It left.
    Sent,
    /// It is not sent, because there is nothing to tell, or nobody to tell it, any more.
    Dropped(&'static str),
    /// It could not leave for some reason, and is tried again then.
    Again(String, Timestamp),
    /// It could not leave for some reason, and people are to look at it.
    Dead(String),
}

/// Queues mails in a transaction of the caller's; answers how many of them were not there yet.
///
/// # Errors
/// When the database does not answer: roll back.
pub async fn queue(conn: &mut PgConnection, mails: &[NewMail], now: Timestamp) -> Result<u64, sqlx::Error> {
    let mut new = 0;
    for mail in mails {
        let (person, address) = match &mail.to {
            Recipient::Person(person) => (Some(person.0), None),
            Recipient::Address(fingerprint) => (None, Some(fingerprint.0.as_str())),
        };
        let done = sqlx::query(
            "insert into mails
                 (mail_id, kind, about, person, address, told_as, case_id, position, sealed, created_at, due_at, expires_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
             on conflict (about) do nothing",
        )
        .bind(mail.mail_id)
        .bind(mail.kind.to_string())
        .bind(&mail.about)
        .bind(person)
        .bind(address)
        .bind(mail.told_as.map(|told_as| told_as.to_string()))
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

/// The mails that are due and nobody's at the moment, in the order in which they are to go out, the first `limit` of them.
///
/// What is about no case goes first: somebody waits for it to sign in. Then cases take turns: the first mail of each, the second of
/// each, and so on, so that a case that has many holds no other's up. Mails of kinds that this binary does not know are left to a newer one.
///
/// # Errors
/// When the database does not answer.
pub async fn due(pool: &PgPool, now: Timestamp, limit: i64) -> Result<Vec<Uuid>, sqlx::Error> {
    let known: Vec<_> = MailKind::iter().map(|kind| kind.to_string()).collect();
    sqlx::query_scalar(
        "select mail_id from (
             select mail_id, due_at, case_id is not null as of_case,
                 case when case_id is null then 1 else row_number() over (partition by case_id order by due_at, mail_id) end as turn
             from mails
             where state = 'waiting' and due_at <= $1 and (claimed_until is null or claimed_until <= $1) and kind = any($2)
         ) as due
         order by turn, of_case, due_at, mail_id limit $3",
    )
    .bind(now)
    .bind(known)
    .bind(limit)
    .fetch_all(pool)
    .await
}

/// Claims a mail for as long as a lease, unless somebody else has, or it is not due any more.
///
/// # Errors
/// When the database does not answer.
pub async fn claim(
    pool: &PgPool,
    now: Timestamp,
    lease: TimeDelta,
    mail_id: Uuid,
) -> Result<Option<Claimed>, sqlx::Error> {
    sqlx::query_as(
        "update mails set claimed_until = $1 + $2, attempts = attempts + 1
         where mail_id = (
             select mail_id from mails
             where mail_id = $3 and state = 'waiting' and due_at <= $1 and (claimed_until is null or claimed_until <= $1)
             for update skip locked
         )
         returning mail_id, kind, person, address, told_as, case_id, position, sealed, expires_at, attempts",
    )
    .bind(now)
    .bind(lease)
    .bind(mail_id)
    .fetch_optional(pool)
    .await
}

/// Notes what became of a mail, unless somebody else has claimed it since.
///
/// # Errors
/// When the database does not answer.
pub async fn settle(pool: &PgPool, mail: &Claimed, outcome: &Outcome, now: Timestamp) -> Result<bool, sqlx::Error> {
    let (state, reason, due_at) = match outcome {
        Outcome::Sent => ("sent", None, None),
        Outcome::Dropped(reason) => ("dropped", Some(*reason), None),
        Outcome::Again(reason, at) => ("waiting", Some(reason.as_str()), Some(*at)),
        Outcome::Dead(reason) => ("dead", Some(reason.as_str()), None),
    };
    let done = sqlx::query(
        "update mails set state = $3, reason = $4, due_at = coalesce($5, due_at), claimed_until = null,
             ended_at = case when $3 = 'waiting' then null else $6 end,
             sealed = case when $3 in ('sent', 'dropped') then null else sealed end
         where mail_id = $1 and attempts = $2 and state = 'waiting'",
    )
    .bind(mail.mail_id)
    .bind(mail.attempts)
    .bind(state)
    .bind(reason)
    .bind(due_at)
    .bind(now)
    .execute(pool)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Forgets what was sent or dropped before some time, what was given up long before that, and links that have ended; answers how
/// many mails were forgotten.
///
/// # Errors
/// When the database does not answer.
pub async fn forget_old(pool: &PgPool, before: Timestamp, now: Timestamp) -> Result<u64, sqlx::Error> {
    sqlx::query("update mails set sealed = null where state = 'dead' and sealed is not null and expires_at <= $1")
        .bind(now)
        .execute(pool)
        .await?;
    let gone = sqlx::query(
        "delete from mails where (state in ('sent', 'dropped') and ended_at < $1)
             or (state = 'dead' and ended_at < $1 - interval '60 days')",
    );
    Ok(gone.bind(before).execute(pool).await?.rows_affected())
}
