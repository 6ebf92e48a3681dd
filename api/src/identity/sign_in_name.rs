//! The names that people sign in with. Each is one user's alone, and reserved for them beside the log, which holds it
//! sealed.

use domain::{PersonId, PlainText, user::SignInName};
use event_log::{EventLog, LogError, Reservation};

/// The kind of reservation that a name is.
pub const SIGN_IN_NAME: &str = "sign_in_name";

/// What is reserved for a user: their address and their username, which may be one.
#[must_use]
pub fn reservations(email: &PlainText, username: &PlainText) -> Vec<Reservation> {
    let mut names = vec![SignInName::of(email.as_str()), SignInName::of(username.as_str())];
    names.dedup();
    names.into_iter().map(|name| Reservation { kind: SIGN_IN_NAME, value: name.as_str().to_owned() }).collect()
}

/// The user whose name somebody typed, if there is one: by username or by e-mail address.
///
/// # Errors
/// [`LogError::Database`].
pub async fn user_named(log: &EventLog, typed: &str) -> Result<Option<PersonId>, LogError> {
    let name = SignInName::of(typed);
    let found = log.reserved(SIGN_IN_NAME, &[name.as_str()]).await?;
    Ok(found.into_values().find_map(|stream| stream.aggregate_id.parse().ok()))
}
