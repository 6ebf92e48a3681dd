//! Links by mail: asking for one, what is asked before it works, and ending a lock by one.
//!
//! Asking writes a row and no more, whoever's the name is; a worker looks it up later.

use std::time::Duration;

use domain::{
    PersonId,
    user::{SignInName, UnlockedBy, UserAction},
};

use super::{
    CredentialError, Denied, Outcome, Visit,
    unit::{self, TRIES, Unit},
};
use crate::identity::{
    AuthenticationEvent, LinkPurpose, RateLimit, SIGN_IN_NAME, Secret, Verdict, attempts,
    challenge::{self, Challenge},
    links::{GoodLink, consume, count_try, peek},
};

/// How often links are asked for from one network.
const BY_NETWORK: RateLimit = RateLimit { kind: "link_request.network", tries: 30, window: Duration::from_hours(1) };

/// Has a link mailed to whoever has a name, if anybody does.
///
/// # Errors
/// [`CredentialError`].
pub async fn ask(visit: Visit, purpose: LinkPurpose, name: Secret) -> Outcome<()> {
    let services = &*visit.services;
    let now = services.commands.clock.now();
    let mut conn = services.pool.acquire().await?;
    services.rates.count(&mut conn, &[BY_NETWORK.by_network(visit.client)], now).await?;
    let name = SignInName::of(name.reveal());
    sqlx::query("insert into link_requests (id, name, purpose, requested_at) values ($1, $2, $3, $4)")
        .bind(services.commands.ids.next())
        .bind(services.commands.log.fingerprint(SIGN_IN_NAME, name.as_str()).0.into_bytes())
        .bind(purpose.to_string())
        .bind(now)
        .execute(&mut *conn)
        .await?;
    drop(conn);
    unit::note(&visit, None, AuthenticationEvent::LinkRequested, &purpose.to_string()).await?;
    services.credentials.wake.notify_one();
    Ok(Ok(()))
}

/// A link, if it is good.
pub(super) async fn good(
    visit: &Visit,
    token: &Secret,
    purpose: LinkPurpose,
) -> Result<Option<GoodLink>, CredentialError> {
    let services = &*visit.services;
    let mut conn = services.pool.acquire().await?;
    Ok(peek(&mut conn, token, purpose, services.commands.clock.now()).await?)
}

pub(super) async fn refused<T>(visit: &Visit, purpose: LinkPurpose) -> Outcome<T> {
    unit::note(visit, None, AuthenticationEvent::LinkRefused, &purpose.to_string()).await?;
    Ok(Err(Denied::link()))
}

/// Whether the challenge question was answered, where there is one. Each answer is counted before it is looked at.
pub(super) async fn answered(
    visit: &Visit,
    token: &Secret,
    purpose: LinkPurpose,
    person: PersonId,
    answer: Option<Secret>,
) -> Outcome<()> {
    let services = &*visit.services;
    let Some((challenge, question)) = question_of(visit, person).await? else { return Ok(Ok(())) };
    let Some(answer) = answer else { return Ok(Err(Denied::question(question))) };
    let (now, place) = (services.commands.clock.now(), services.credentials.hasher.admit()?);
    let counted = count_try(&mut *services.pool.acquire().await?, token, purpose, now).await?;
    let Some(link) = counted else { return refused(visit, purpose).await };
    match place.verify(challenge::normalize(&answer), Some(challenge.answer)).await? {
        Verdict::Same { .. } => Ok(Ok(())),
        Verdict::Other => {
            unit::note(visit, Some(person), AuthenticationEvent::LinkRefused, "answer").await?;
            Ok(Err(Denied::answer(question, link.tries_left)))
        }
    }
}

/// What somebody is asked, if they chose a question and questions are asked here.
async fn question_of(visit: &Visit, person: PersonId) -> Result<Option<(Challenge, &'static str)>, CredentialError> {
    let services = &*visit.services;
    if !services.credentials.rules.challenge_questions {
        return Ok(None);
    }
    let challenge = challenge::of(&mut *services.pool.acquire().await?, person).await?;
    Ok(challenge.and_then(|challenge| {
        let name = challenge::QUESTIONS.iter().find(|(name, _)| *name == challenge.question)?.0;
        Some((challenge, name))
    }))
}

/// Ends a lock. Nobody is signed in by it.
///
/// # Errors
/// [`CredentialError`].
pub async fn unlock(visit: Visit, token: Secret, answer: Option<Secret>) -> Outcome<i64> {
    let purpose = LinkPurpose::Unlock;
    let Some(link) = good(&visit, &token, purpose).await? else { return refused(&visit, purpose).await };
    let person = link.person;
    if let Err(denied) = answered(&visit, &token, purpose, person, answer).await? {
        return Ok(Err(denied));
    }
    for _ in 0..TRIES {
        let Ok(mut unit) = Unit::begin(&visit, person, &[UserAction::Unlock { by: UnlockedBy::Link }]).await? else {
            return refused(&visit, purpose).await;
        };
        let now = unit.now;
        if consume(unit.conn(), &token, purpose, now).await? != Some(person) {
            drop(unit);
            return refused(&visit, purpose).await;
        }
        attempts::unlock(unit.conn(), person, now).await?;
        let happened = [(AuthenticationEvent::LinkUsed, "unlock"), (AuthenticationEvent::Unlocked, "unlock")];
        if let Some(position) = unit.commit(person, &happened).await? {
            return Ok(Ok(position));
        }
    }
    unit::contended()
}
