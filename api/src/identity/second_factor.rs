//! What is asked for beside a password: codes of an authenticator app (TOTP, RFC 6238), and recovery codes that stand in for them.
//!
//! The app's secret is sealed under a key of the service. A code is good once, in its own 30 seconds (ASVS 6.5.5): its step, and none
//! before it, is taken again. Recovery codes have 120 random bits each, so their SHA-256 is kept.

use domain::{PersonId, Role, Roles, Timestamp};
use event_log::{EventLog, Sealing};
use sqlx::{FromRow, PgConnection};
use strum::EnumString;
use totp_rs::{Algorithm, Builder, Totp};

use super::{
    Secret,
    secret::{fill, hash},
};

/// Bytes of an app's secret, as RFC 4226 recommends.
const TOTP_SECRET_BYTES: usize = 20;
/// How many recovery codes somebody has.
const RECOVERY_CODES: usize = 10;
/// Random bytes of one: 120 bits, which base 32 writes in 24 characters.
const RECOVERY_CODE_BYTES: usize = 15;

/// Of whom a second factor is demanded. Everybody may have one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, EnumString)]
#[strum(serialize_all = "lowercase")]
pub enum SecondFactor {
    /// Of nobody.
    #[default]
    Offered,
    /// Of whoever has a role beside that of a contact.
    Staff,
    /// Of everybody.
    Everyone,
}

impl SecondFactor {
    /// Whether it is demanded of somebody with these roles.
    #[must_use]
    pub fn of(self, roles: Roles) -> bool {
        match self {
            Self::Offered => false,
            Self::Staff => roles.iter().any(|role| role != Role::Contact),
            Self::Everyone => true,
        }
    }
}

/// The secret of somebody's authenticator app, as it is stored.
#[derive(Clone, FromRow)]
pub struct StoredTotp {
    sealed: Vec<u8>,
    last_step: Option<i64>,
}

/// A new secret of an authenticator app, to be shown once.
#[derive(Clone, Debug)]
pub struct NewTotp {
    /// In base 32, to be typed in.
    pub secret: Secret,
    /// As an `otpauth` address, to be shown as a QR code.
    pub uri: Secret,
}

/// What apps' secrets are sealed for.
pub(crate) const TOTP_SECRETS: &str = "totp secrets";

fn key(log: &EventLog) -> Sealing {
    log.sealing(TOTP_SECRETS)
}

fn totp(secret: &[u8]) -> Totp {
    let builder = Builder::new().with_algorithm(Algorithm::SHA1).with_digits(6).with_skew(0).with_step_duration(30);
    builder.with_secret(secret).build().expect("a secret of 160 bits and six digits are within the standard")
}

/// Makes a secret for an authenticator app, which counts for nothing until a code of it is confirmed.
///
/// # Errors
/// When the database does not answer.
pub async fn enroll(
    conn: &mut PgConnection,
    log: &EventLog,
    person: PersonId,
    label: (&str, &str),
    now: Timestamp,
) -> Result<NewTotp, sqlx::Error> {
    let mut bytes = zeroize::Zeroizing::new([0; TOTP_SECRET_BYTES]);
    fill(bytes.as_mut_slice());
    sqlx::query(
        "insert into totp_secrets (person, sealed, created_at) values ($1, $2, $3)
         on conflict (person) do update set sealed = excluded.sealed, created_at = excluded.created_at, tries = 0
         where totp_secrets.confirmed_at is null",
    )
    .bind(person.0)
    .bind(key(log).seal(person.0.as_bytes(), bytes.as_slice()))
    .bind(now)
    .execute(conn)
    .await?;
    let secret = totp(bytes.as_slice()).secret().to_base32();
    let part = |text: &str| percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string();
    let (issuer, name) = (part(label.0), part(label.1));
    let uri =
        format!("otpauth://totp/{issuer}:{name}?secret={secret}&issuer={issuer}&algorithm=SHA1&digits=6&period=30");
    Ok(NewTotp { secret: Secret::new(secret), uri: Secret::new(uri) })
}

/// The stored secret of somebody, confirmed or yet to be.
///
/// # Errors
/// When the database does not answer.
pub async fn stored(
    conn: &mut PgConnection,
    person: PersonId,
    is_confirmed: bool,
) -> Result<Option<StoredTotp>, sqlx::Error> {
    sqlx::query_as("select sealed, last_step from totp_secrets where person = $1 and (confirmed_at is not null) = $2")
        .bind(person.0)
        .bind(is_confirmed)
        .fetch_optional(conn)
        .await
}

impl StoredTotp {
    /// As it stands in a row.
    #[must_use]
    pub fn new(sealed: Vec<u8>, last_step: Option<i64>) -> Self {
        Self { sealed, last_step }
    }

    /// The step that a code is of, if it is good now and was not used.
    #[must_use]
    pub fn step(&self, log: &EventLog, person: PersonId, code: &Secret, now: Timestamp) -> Option<i64> {
        let secret = zeroize::Zeroizing::new(key(log).open(person.0.as_bytes(), &self.sealed)?);
        let seconds = u64::try_from(now.timestamp()).ok()?;
        let code: String = code.reveal().chars().filter(|c| !c.is_whitespace()).collect();
        let step = i64::try_from(totp(&secret).check(&code, seconds)?).ok()?;
        self.last_step.is_none_or(|last| last < step).then_some(step)
    }
}

/// Uses a step up; answers whether nobody had before.
///
/// # Errors
/// When the database does not answer.
pub async fn use_step(conn: &mut PgConnection, person: PersonId, step: i64) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "update totp_secrets set last_step = $2 where person = $1 and (last_step is null or last_step < $2)",
    )
    .bind(person.0)
    .bind(step)
    .execute(conn)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Counts a wrong code of an app that is not confirmed yet; at the fifth it is forgotten, and is to be enrolled anew.
///
/// # Errors
/// When the database does not answer.
pub async fn count_wrong(conn: &mut PgConnection, person: PersonId) -> Result<(), sqlx::Error> {
    const AT_MOST: i16 = 5;
    let tries: Option<i16> = sqlx::query_scalar(
        "update totp_secrets set tries = tries + 1 where person = $1 and confirmed_at is null returning tries",
    )
    .bind(person.0)
    .fetch_optional(&mut *conn)
    .await?;
    if tries.is_some_and(|tries| tries >= AT_MOST) {
        sqlx::query("delete from totp_secrets where person = $1 and confirmed_at is null")
            .bind(person.0)
            .execute(conn)
            .await?;
    }
    Ok(())
}

/// Has the app's codes asked for from now on.
///
/// # Errors
/// When the database does not answer.
pub async fn confirm(conn: &mut PgConnection, person: PersonId, now: Timestamp) -> Result<bool, sqlx::Error> {
    let done = sqlx::query("update totp_secrets set confirmed_at = $2 where person = $1 and confirmed_at is null")
        .bind(person.0)
        .bind(now)
        .execute(conn)
        .await?;
    Ok(done.rows_affected() > 0)
}

/// Has nothing asked for beside the password any more.
///
/// # Errors
/// When the database does not answer.
pub async fn remove(conn: &mut PgConnection, person: PersonId) -> Result<(), sqlx::Error> {
    sqlx::query("delete from totp_secrets where person = $1").bind(person.0).execute(&mut *conn).await?;
    sqlx::query("delete from recovery_codes where person = $1").bind(person.0).execute(conn).await.map(drop)
}

/// Makes new recovery codes, in place of those before.
///
/// # Errors
/// When the database does not answer.
pub async fn replace_recovery_codes(conn: &mut PgConnection, person: PersonId) -> Result<Vec<Secret>, sqlx::Error> {
    let codes: Vec<Secret> = (0..RECOVERY_CODES).map(|_| new_recovery_code()).collect();
    sqlx::query("delete from recovery_codes where person = $1").bind(person.0).execute(&mut *conn).await?;
    sqlx::query(
        "insert into recovery_codes (code_hash, person) select code_hash, $2 from unnest($1::bytea[]) as code_hash",
    )
    .bind(codes.iter().map(recovery_code_hash).collect::<Vec<_>>())
    .bind(person.0)
    .execute(conn)
    .await?;
    Ok(codes)
}

/// Uses a recovery code up; answers whether it was good.
///
/// # Errors
/// When the database does not answer.
pub async fn use_recovery_code(
    conn: &mut PgConnection,
    person: PersonId,
    code: &Secret,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let done =
        sqlx::query("update recovery_codes set used_at = $3 where code_hash = $1 and person = $2 and used_at is null")
            .bind(recovery_code_hash(code))
            .bind(person.0)
            .bind(now)
            .execute(conn)
            .await?;
    Ok(done.rows_affected() > 0)
}

/// How many recovery codes somebody has left.
///
/// # Errors
/// When the database does not answer.
pub async fn recovery_codes_left(conn: &mut PgConnection, person: PersonId) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar("select count(*) from recovery_codes where person = $1 and used_at is null")
        .bind(person.0)
        .fetch_one(conn)
        .await
}

/// `ABCD-EFGH-…`, six groups of four.
fn new_recovery_code() -> Secret {
    let mut bytes = zeroize::Zeroizing::new([0; RECOVERY_CODE_BYTES]);
    fill(bytes.as_mut_slice());
    let text = totp_rs::Secret::from(bytes.as_slice()).to_base32();
    let groups: Vec<&str> = text.as_bytes().chunks(4).filter_map(|group| std::str::from_utf8(group).ok()).collect();
    Secret::new(groups.join("-"))
}

/// However it is typed: without regard to case, blanks and hyphens.
fn recovery_code_hash(code: &Secret) -> Vec<u8> {
    let plain: String = code.reveal().chars().filter(char::is_ascii_alphanumeric).collect();
    hash(&plain.to_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recovery_code_has_120_bits_and_may_be_typed_in_any_way() {
        let code = new_recovery_code();
        assert_eq!(code.reveal().len(), 24 + 5);
        assert!(code.reveal().split('-').all(|group| group.len() == 4), "{}", code.reveal());
        let typed = Secret::new(format!(" {} ", code.reveal().to_lowercase().replace('-', " ")));
        assert_eq!(recovery_code_hash(&typed), recovery_code_hash(&code));
        assert_ne!(recovery_code_hash(&new_recovery_code()), recovery_code_hash(&code));
    }
}
