//! Saying the password again before something is changed that it protects, and showing the second factor where that is what is
//! changed. These attempts are counted like any other.

use domain::{PersonId, Timestamp};

use super::{CredentialError, Denied, Outcome, Visit, sign_in::failed};
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

/// The same where more is to be shown: the attempt is over when that was good ([`Attempt::counted`]), or not ([`Attempt::failed`]).
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
            failed(visit, Some(person), locks_until, "password", Denied::password()).await
        }
    }
}

impl Attempt {
    /// What it is counted as, to be forgotten in the transaction in which it succeeds.
    pub(super) fn counted(&self) -> &Counted {
        &self.counted
    }

    /// It was wrong, and stays counted; answers why.
    ///
    /// # Errors
    /// [`CredentialError`].
    pub(super) async fn failed<T>(&self, visit: &Visit, person: PersonId, why: &str, denied: Denied) -> Outcome<T> {
        failed(visit, Some(person), self.locks_until, why, denied).await
    }
}

/// Whether their browser counts for itself.
async fn counted(visit: &Visit, person: PersonId) -> Result<Counted, CredentialError> {
    let services = &*visit.services;
    let token_hash = visit.device.as_ref().map(Secret::hash);
    let is_known: bool =
        sqlx::query_scalar("select exists (select from devices where token_hash = $1 and person = $2)")
            .bind(&token_hash)
            .bind(person.0)
            .fetch_one(&services.pool)
            .await?;
    Ok(match token_hash {
        Some(token_hash) if is_known => Counted::Device { token_hash, person },
        _ => Counted::Name { subject: attempts::subject_of(&services.commands.log, person), person: Some(person) },
    })
}
