//! Links that are mailed to people: to activate, to set a new password, to end a lock.
//!
//! Each is good for one person, one purpose and one use, and for as long as its purpose says. Of links for the same purpose the
//! newest alone is good. What is kept is the SHA-256 of the token; the token itself is in the mail.

use std::time::Duration;

use domain::{PersonId, Timestamp};
use sqlx::{FromRow, PgConnection};
use strum::{Display, EnumIter, EnumString};
use uuid::Uuid;

use super::secret::Secret;

/// What every link's token begins with.
pub const LINK_PREFIX: &str = "csl_";
/// How many answers to the challenge question one link takes.
pub const MAX_TRIES: i16 = 5;

/// What a link is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Display, EnumIter, EnumString)]
#[strum(serialize_all = "snake_case")]
pub enum LinkPurpose {
    /// Takes an invitation up, and sets the first password.
    Activation,
    /// Sets a new password in place of one that was forgotten.
    PasswordReset,
    /// Ends a lock.
    Unlock,
}

impl LinkPurpose {
    /// How long a link is good.
    #[must_use]
    pub const fn lasts(self) -> Duration {
        match self {
            Self::Activation => Duration::from_hours(7 * 24),
            Self::PasswordReset | Self::Unlock => Duration::from_hours(1),
        }
    }

    /// The page of the portal that a link opens.
    #[must_use]
    pub const fn page(self) -> &'static str {
        match self {
            Self::Activation => "activate",
            Self::PasswordReset => "reset-password",
            Self::Unlock => "unlock",
        }
    }

    /// The address of a link under the configured base URL. The token is in the fragment, which no browser sends to a server.
    #[must_use]
    pub fn address(self, base_url: &str, token: &Secret) -> String {
        format!("{}/{}#{}", base_url.trim_end_matches('/'), self.page(), token.reveal())
    }
}

/// A link that is good at this moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GoodLink {
    /// Whose it is.
    pub person: PersonId,
    /// When it ends.
    pub expires_at: Timestamp,
    /// How many more answers to the challenge question it takes.
    pub tries_left: i16,
}

#[derive(FromRow)]
struct Row {
    person: Uuid,
    expires_at: Timestamp,
    tries: i16,
}

impl From<Row> for GoodLink {
    fn from(row: Row) -> Self {
        Self { person: PersonId(row.person), expires_at: row.expires_at, tries_left: MAX_TRIES - row.tries }
    }
}

/// Makes a link in a transaction of the caller's; the one before it for the same purpose is good for nothing once that commits.
///
/// # Errors
/// When the database does not answer.
pub async fn issue(
    conn: &mut PgConnection,
    person: PersonId,
    purpose: LinkPurpose,
    now: Timestamp,
) -> Result<Secret, sqlx::Error> {
    let token = Secret::generate(LINK_PREFIX);
    sqlx::query(
        "insert into links (person, purpose, token_hash, issued_at, expires_at) values ($1, $2, $3, $4, $5)
         on conflict (person, purpose) do update
         set token_hash = excluded.token_hash, issued_at = excluded.issued_at, expires_at = excluded.expires_at, tries = 0",
    )
    .bind(person.0)
    .bind(purpose.to_string())
    .bind(token.hash())
    .bind(now)
    .bind(now + purpose.lasts())
    .execute(conn)
    .await?;
    Ok(token)
}

/// Looks at a link without using it up; nothing when it is unknown, used, replaced, over or for another purpose.
///
/// # Errors
/// When the database does not answer.
pub async fn peek(
    conn: &mut PgConnection,
    token: &Secret,
    purpose: LinkPurpose,
    now: Timestamp,
) -> Result<Option<GoodLink>, sqlx::Error> {
    let row: Option<Row> = sqlx::query_as(
        "select person, expires_at, tries from links
         where token_hash = $1 and purpose = $2 and expires_at > $3 and tries < $4",
    )
    .bind(token.hash())
    .bind(purpose.to_string())
    .bind(now)
    .bind(MAX_TRIES)
    .fetch_optional(conn)
    .await?;
    Ok(row.map(GoodLink::from))
}

/// Uses a link up; answers whose it was, to one of however many ask at the same time. Nothing when it is good for nothing (any more).
///
/// In a transaction of the caller's the link is good again if that does not commit.
///
/// # Errors
/// When the database does not answer.
pub async fn consume(
    conn: &mut PgConnection,
    token: &Secret,
    purpose: LinkPurpose,
    now: Timestamp,
) -> Result<Option<PersonId>, sqlx::Error> {
    let person: Option<Uuid> = sqlx::query_scalar(
        "delete from links where token_hash = $1 and purpose = $2 and expires_at > $3 returning person",
    )
    .bind(token.hash())
    .bind(purpose.to_string())
    .bind(now)
    .fetch_optional(conn)
    .await?;
    Ok(person.map(PersonId))
}

/// Counts an answer to the challenge question before it is compared; nothing when the link takes none (any more).
///
/// # Errors
/// When the database does not answer.
pub async fn count_try(
    conn: &mut PgConnection,
    token: &Secret,
    purpose: LinkPurpose,
    now: Timestamp,
) -> Result<Option<GoodLink>, sqlx::Error> {
    let row: Option<Row> = sqlx::query_as(
        "update links set tries = tries + 1
         where token_hash = $1 and purpose = $2 and expires_at > $3 and tries < $4
         returning person, expires_at, tries",
    )
    .bind(token.hash())
    .bind(purpose.to_string())
    .bind(now)
    .bind(MAX_TRIES)
    .fetch_optional(conn)
    .await?;
    Ok(row.map(GoodLink::from))
}

/// Makes all links of somebody, or those for one purpose, good for nothing.
///
/// # Errors
/// When the database does not answer.
pub async fn revoke(
    conn: &mut PgConnection,
    person: PersonId,
    purpose: Option<LinkPurpose>,
) -> Result<u64, sqlx::Error> {
    let done = sqlx::query("delete from links where person = $1 and ($2::text is null or purpose = $2)")
        .bind(person.0)
        .bind(purpose.map(|purpose| purpose.to_string()))
        .execute(conn)
        .await?;
    Ok(done.rows_affected())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_made_of_the_base_url_and_keeps_its_token_from_servers() {
        let token = Secret::new("csl_abc");
        for base in ["https://support.example.com", "https://support.example.com/"] {
            let address = LinkPurpose::PasswordReset.address(base, &token);
            assert_eq!(address, "https://support.example.com/reset-password#csl_abc");
        }
    }
}
