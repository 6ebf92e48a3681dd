//! Setting passwords: the first one with an invitation's link, another one, a forgotten one.

use domain::{
    PersonId,
    user::{PasswordOccasion, UserAction},
};
use uuid::Uuid;

use super::{
    Denied, Outcome, Visit, context_words, links, prove,
    unit::{self, TRIES, Unit},
};
use crate::{
    commands::RefusalCode,
    identity::{
        AuthenticationEvent, Hashed, LinkPurpose, Secret, attempts,
        links::{consume, revoke},
        passwords, policy, second_factor, sessions,
    },
};

/// Sets another password for somebody who says the one before; all other sessions of theirs end.
///
/// # Errors
/// [`super::CredentialError`].
pub async fn change(
    visit: Visit,
    person: PersonId,
    session: Option<Uuid>,
    current: Secret,
    new: Secret,
) -> Outcome<i64> {
    let before = match prove::knows_password(&visit, person, &current).await? {
        Ok(hashed) => hashed,
        Err(denied) => return Ok(Err(denied)),
    };
    let hashed = match checked(&visit, person, new).await? {
        Ok(hashed) => hashed,
        Err(denied) => return Ok(Err(denied)),
    };
    let actions = [UserAction::SetPassword { occasion: PasswordOccasion::Change }];
    for _ in 0..TRIES {
        let mut unit = match prove::begin(&visit, person, &before, &actions).await? {
            Ok(unit) => unit,
            Err(denied) => return Ok(Err(denied)),
        };
        let now = unit.now;
        passwords::set(unit.conn(), person, &hashed, now).await?;
        revoke(unit.conn(), person, Some(LinkPurpose::PasswordReset)).await?;
        sessions::end_all(unit.conn(), person, session).await?;
        if let Some(position) = unit.commit(person, &[(AuthenticationEvent::PasswordChanged, "change")]).await? {
            return Ok(Ok(position));
        }
    }
    unit::contended()
}

/// What came of setting a password by a link.
#[derive(Clone, Debug)]
pub struct Set {
    /// The position that a reader must reach to see what was recorded.
    pub position: i64,
    /// What the browser is known by from then on in which an invitation was accepted: signing in from there is no news.
    pub device: Option<Secret>,
}

/// Sets the first password of somebody who was invited, who may sign in from then on.
///
/// # Errors
/// [`super::CredentialError`].
pub async fn activate(visit: Visit, token: Secret, new: Secret) -> Outcome<Set> {
    let purpose = LinkPurpose::Activation;
    let Some(link) = links::good(&visit, &token, purpose).await? else { return links::refused(&visit, purpose).await };
    let hashed = match checked(&visit, link.person, new).await? {
        Ok(hashed) => hashed,
        Err(denied) => return Ok(Err(denied)),
    };
    set_by_link(&visit, &token, purpose, PasswordOccasion::Activation, link.person, &hashed).await
}

/// Sets a password in place of a forgotten one; ends a lock, and all sessions. The challenge question is asked, if one was chosen.
///
/// # Errors
/// [`super::CredentialError`].
pub async fn reset(visit: Visit, token: Secret, new: Secret, answer: Option<Secret>) -> Outcome<i64> {
    let purpose = LinkPurpose::PasswordReset;
    let Some(link) = links::good(&visit, &token, purpose).await? else { return links::refused(&visit, purpose).await };
    // Before the answer is counted: a weak password must not use one up.
    let hashed = match checked(&visit, link.person, new).await? {
        Ok(hashed) => hashed,
        Err(denied) => return Ok(Err(denied)),
    };
    if let Err(denied) = links::answered(&visit, &token, purpose, link.person, answer).await? {
        return Ok(Err(denied));
    }
    let set = set_by_link(&visit, &token, purpose, PasswordOccasion::Reset, link.person, &hashed).await?;
    Ok(set.map(|set| set.position))
}

async fn set_by_link(
    visit: &Visit,
    token: &Secret,
    purpose: LinkPurpose,
    occasion: PasswordOccasion,
    person: PersonId,
    hashed: &Hashed,
) -> Outcome<Set> {
    for _ in 0..TRIES {
        let Ok(mut unit) = Unit::begin(visit, person, &[UserAction::SetPassword { occasion }]).await? else {
            // Deactivated since the link was mailed, for instance: the link is good for nothing.
            return links::refused(visit, purpose).await;
        };
        let now = unit.now;
        if consume(unit.conn(), token, purpose, now).await? != Some(person) {
            drop(unit);
            return links::refused(visit, purpose).await;
        }
        passwords::set(unit.conn(), person, hashed, now).await?;
        sessions::end_all(unit.conn(), person, None).await?;
        let was_locked = attempts::unlock(unit.conn(), person, now).await?;
        let is_known_from_now_on = occasion == PasswordOccasion::Activation && visit.is_same_origin;
        let device = if is_known_from_now_on {
            Some(sessions::renew_device(unit.conn(), person, visit.device.as_ref(), now).await?)
        } else {
            None
        };
        let used = purpose.to_string();
        let mut happened =
            vec![(AuthenticationEvent::LinkUsed, used.as_str()), (AuthenticationEvent::PasswordChanged, used.as_str())];
        happened.extend(was_locked.then_some((AuthenticationEvent::Unlocked, used.as_str())));
        if let Some(position) = unit.commit(person, &happened).await? {
            return Ok(Ok(Set { position, device }));
        }
    }
    unit::contended()
}

/// Checks a new password by the policy, and hashes it.
async fn checked(visit: &Visit, person: PersonId, new: Secret) -> Outcome<Hashed> {
    let (services, credentials) = (&*visit.services, &visit.services.credentials);
    let has_factor = second_factor::stored(&mut *services.pool.acquire().await?, person, true).await?.is_some();
    let rules = credentials.rules.passwords;
    let least = if has_factor { rules.with_second_factor } else { rules.alone };
    let context = context_words(services, person).await?;
    let password = new.clone();
    let verdict = credentials.hasher.consider(move || policy::check(&password, least, &context)).await?;
    match verdict {
        Ok(()) => Ok(Ok(credentials.hasher.hash(policy::normalize(&new)).await?)),
        Err(refusal) => Ok(Err(Denied::of_field("newPassword", RefusalCode::WeakPassword, refusal.to_string()))),
    }
}
