//! Saying the password again before something is changed that it protects. These attempts are counted like any other.

use domain::PersonId;

use super::{CredentialError, Denied, Outcome, Visit, unit};
use crate::identity::{
    AuthenticationEvent, Secret, Verdict,
    attempts::{self, Admission, Counted},
    passwords, policy,
};

/// Checks that somebody who is signed in knows their password.
///
/// # Errors
/// [`CredentialError`].
pub(super) async fn knows_password(visit: &Visit, person: PersonId, password: &Secret) -> Outcome<()> {
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
    match place.verify(policy::normalize(password), hashed).await? {
        Verdict::Same { .. } => {
            let mut conn = services.pool.acquire().await?;
            attempts::succeeded(&mut conn, &counted).await?;
            Ok(Ok(()))
        }
        Verdict::Other => {
            if locks_until.is_some() {
                unit::note(visit, Some(person), AuthenticationEvent::Locked, "password").await?;
                services.credentials.wake.notify_one();
            }
            unit::note(visit, Some(person), AuthenticationEvent::SignInRefused, "password").await?;
            Ok(Err(Denied::password()))
        }
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
