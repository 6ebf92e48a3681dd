//! The end of what somebody comes in by.

use domain::{PersonId, Timestamp};
use sqlx::PgConnection;

use crate::{
    identity::{links, passwords, revoke_tokens, second_factor, sessions},
    mail::{MailKind, outbox},
};

/// Ends the sessions, links and tokens of somebody who is deactivated. Their password stays, for when they come back.
pub(super) async fn end_credentials(conn: &mut PgConnection, user: PersonId, at: Timestamp) -> Result<(), sqlx::Error> {
    const KINDS: [MailKind; 3] = [MailKind::Activation, MailKind::PasswordReset, MailKind::Unlock];
    revoke_tokens(conn, user, at).await?;
    links::revoke(conn, user, None).await?;
    outbox::drop_waiting(conn, user, &KINDS, at, "the user was deactivated").await?;
    sqlx::query("delete from sessions where person = $1").bind(user.0).execute(conn).await?;
    Ok(())
}

/// Ends what somebody has lost who cannot come in by it any more, with all that depended on it: only a mailed link lets them in again.
pub(super) async fn end_factor(conn: &mut PgConnection, user: PersonId) -> Result<(), sqlx::Error> {
    second_factor::remove(conn, user).await?;
    sessions::end_all(conn, user, None).await?;
    passwords::forget(conn, user).await
}

/// Deletes all secrets of somebody who is erased, the mail that waits for them and what they wished of it, and lets others have
/// the names that they signed in with.
///
/// # Errors
/// When the database does not answer: roll back.
pub(crate) async fn forget_all_of(conn: &mut PgConnection, person: PersonId) -> Result<(), sqlx::Error> {
    sqlx::query(
        "with passwords_gone as (delete from passwords where person = $1),
             links_gone as (delete from links where person = $1),
             sessions_gone as (delete from sessions where person = $1),
             devices_gone as (delete from devices where person = $1),
             answers_gone as (delete from challenge_answers where person = $1),
             secrets_gone as (delete from totp_secrets where person = $1),
             codes_gone as (delete from recovery_codes where person = $1),
             counts_gone as (delete from sign_in_counts where person = $1),
             preferences_gone as (delete from mail_preferences where person = $1)
         select release_sign_in_names($1::text)",
    )
    .bind(person.0)
    .execute(&mut *conn)
    .await?;
    outbox::forget_all_of(conn, person).await?;
    Ok(())
}
