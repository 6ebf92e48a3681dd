//! Saying the password again before something is changed that it protects, and showing the second factor where that is what is
//! changed. These attempts are counted like any other.

use domain::{PersonId, Timestamp, user::UserAction};
use uuid::Uuid;

use super::{CredentialError, Denied, Outcome, Visit, sign_in::failed, unit::Unit};
use crate::identity::{
    Hashed, Secret, Verdict,
    attempts::{self, Admission, Counted},
    passwords, policy, second_factor,
};

/// An attempt whose password was right. It counts until something is made of it.
pub(super) struct Attempt {
    counted: Counted,
    locks_until: Option<Timestamp>,
    hashed: Hashed,
}

/// Checks that somebody who is signed in knows their password, which is all that is asked for; answers the hash that it has.
///
/// # Errors
/// [`CredentialError`].
pub(super) async fn knows_password(visit: &Visit, person: PersonId, password: &Secret) -> Outcome<Hashed> {
    let attempt = match attempt(visit, person, password).await? {
        Ok(attempt) => attempt,
        Err(denied) => return Ok(Err(denied)),
    };
    let mut conn = visit.services.pool.acquire().await?;
    // Whoever knows the password alone must not have the guesses forgotten that were made at the factor beside it.
    if second_factor::stored(&mut conn, person, true).await?.is_some() {
        attempts::take_back(&mut conn, &attempt.counted).await?;
    } else {
        attempts::succeeded(&mut conn, &attempt.counted).await?;
    }
    Ok(Ok(attempt.hashed))
}

/// Begins the transaction for which somebody said their password, if that is theirs still: it was right when it was looked at, and may
/// have been set anew since, by its owner with a mailed link. It cannot be until the transaction ends.
///
/// # Errors
/// [`CredentialError`].
pub(super) async fn begin<'a>(
    visit: &'a Visit,
    person: PersonId,
    said: &Hashed,
    actions: &[UserAction],
) -> Outcome<Unit<'a>> {
    let mut unit = match Unit::begin(visit, person, actions).await? {
        Ok(unit) => unit,
        Err(denied) => return Ok(Err(denied)),
    };
    Ok(if passwords::still(unit.conn(), person, said).await? { Ok(unit) } else { Err(Denied::password()) })
}

/// Checks the password where more is to be shown: the attempt is over when that was good ([`Attempt::counted`]), or not ([`Attempt::failed`]).
///
/// # Errors
/// [`CredentialError`].
pub(super) async fn attempt(visit: &Visit, person: PersonId, password: &Secret) -> Outcome<Attempt> {
    let services = &*visit.services;
    let counted = counted(visit, person).await?;
    let place = services.credentials.hasher.admit()?;
    let (admission, hashed) = {
        let mut conn = services.pool.acquire().await?;
        let now = services.commands.clock.now();
        let admission = attempts::count(&mut conn, &counted, services.credentials.rules.attempts, now).await?;
        (admission, passwords::of(&mut conn, person).await?)
    };
    let locks_until = match admission {
        Admission::Admitted { locks_until } => locks_until,
        Admission::Wait { until } => return Ok(Err(Denied::wait(until))),
        Admission::Locked { until } => return Ok(Err(Denied::locked(until))),
    };
    let verdict = place.verify(policy::normalize(password), hashed.clone()).await?;
    match (verdict, hashed) {
        (Verdict::Same { .. }, Some(hashed)) => Ok(Ok(Attempt { counted, locks_until, hashed })),
        (Verdict::Same { .. } | Verdict::Other, _) => {
            failed(visit, &counted, locks_until, "password", Denied::password()).await
        }
    }
}

impl Attempt {
    /// The hash that the password has.
    pub(super) fn hashed(&self) -> &Hashed {
        &self.hashed
    }

    /// What it is counted as, to be forgotten in the transaction in which it succeeds.
    pub(super) fn counted(&self) -> &Counted {
        &self.counted
    }

    /// It was wrong, and stays counted; answers why.
    ///
    /// # Errors
    /// [`CredentialError`].
    pub(super) async fn failed<T>(&self, visit: &Visit, why: &str, denied: Denied) -> Outcome<T> {
        failed(visit, &self.counted, self.locks_until, why, denied).await
    }
}

/// Their browser counts for itself, if it is known.
async fn counted(visit: &Visit, person: PersonId) -> Result<Counted, CredentialError> {
    let services = &*visit.services;
    let device: Option<Uuid> = sqlx::query_scalar("select id from devices where token_hash = $1 and person = $2")
        .bind(visit.device.as_ref().map(Secret::hash))
        .bind(person.0)
        .fetch_optional(&services.pool)
        .await?;
    let log = &services.commands.log;
    Ok(match device {
        Some(device) => Counted::of_device(log, person, device),
        None => Counted::of_person(log, person),
    })
}
