//! Signing in and out.
//!
//! For a name that nobody has the same is done as for any other: the same statements, one hash, the same answer.

use domain::{
    PersonId, Timestamp,
    user::{SignInName, UserAction, UserStatus},
};
use sqlx::FromRow;
use uuid::Uuid;

use super::{
    CredentialError, Denied, Outcome, Visit,
    unit::{self, TRIES, Unit},
};
use crate::identity::{
    AuthenticationEvent, Hashed, SIGN_IN_NAME, Secret, Verdict,
    attempts::{self, Admission, Counted},
    passwords, policy,
    second_factor::{self, StoredTotp},
    sessions,
};

/// What somebody says who wants to sign in.
#[derive(Clone, Debug)]
pub struct Claim {
    /// A username or an e-mail address.
    pub name: Secret,
    /// The password.
    pub password: Secret,
    /// A code of an authenticator app.
    pub code: Option<Secret>,
    /// A recovery code in its place.
    pub recovery_code: Option<Secret>,
}

/// Who has signed in.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// Who.
    pub person: PersonId,
    /// The session.
    pub id: Uuid,
    /// What it is known by.
    pub session: Secret,
    /// What their browser is known by.
    pub device: Secret,
    /// The position that a reader must reach to see what was recorded.
    pub position: i64,
}

/// What is known of a name, in one row whether it is anybody's or not.
#[derive(FromRow)]
struct Known {
    person: Option<Uuid>,
    hash: Option<String>,
    pepper_version: Option<i16>,
    sealed: Option<Vec<u8>>,
    last_step: Option<i64>,
    knows_device: bool,
}

/// A second factor that was shown, to be used up.
enum Shown {
    Nothing,
    Step(i64),
    RecoveryCode(Secret),
}

/// Signs somebody in, or says why not.
///
/// # Errors
/// [`CredentialError`]: nobody is signed in.
pub async fn sign_in(visit: Visit, claim: Claim) -> Outcome<SignedIn> {
    let services = &*visit.services;
    let (log, clock) = (&services.commands.log, &services.commands.clock);
    let name = SignInName::of(claim.name.reveal());
    let known = look_up(&visit, &name).await?;
    let person = known.person.map(PersonId);
    let counted = match (person, &visit.device) {
        (Some(person), Some(device)) if known.knows_device => Counted::Device { token_hash: device.hash(), person },
        (Some(person), _) => Counted::Name { subject: attempts::subject_of(log, person), person: Some(person) },
        (None, _) => Counted::Name { subject: attempts::subject_of_name(log, name.as_str()), person: None },
    };
    let (rules, now) = (services.credentials.rules.attempts, clock.now());
    let place = services.credentials.hasher.admit()?;
    let admission = {
        let mut conn = services.pool.acquire().await?;
        // Nobody is kept from a browser that is known by what others of the same network do; it counts for itself.
        if matches!(counted, Counted::Name { .. }) {
            services.rates.count(&mut conn, &[rules.by_network().by_network(visit.client)], now).await?;
        }
        attempts::count(&mut conn, &counted, rules, now).await?
    };
    let locks_until = match admission {
        Admission::Admitted { locks_until } => locks_until,
        Admission::Wait { until } => return refused(&visit, person, "wait", Denied::wait(until)).await,
        Admission::Locked { until } => return refused(&visit, person, "locked", Denied::locked(until)).await,
    };
    let hashed = known.hashed();
    let verdict = place.verify(policy::normalize(&claim.password), hashed.clone()).await?;
    let (Verdict::Same { is_outdated }, Some(person), Some(hashed)) = (verdict, person, hashed) else {
        return failed(&visit, person, locks_until, "password", Denied::sign_in()).await;
    };
    let shown = match shown(&visit, person, &known, &claim) {
        Ok(shown) => shown,
        Err(denied) => return failed(&visit, Some(person), locks_until, "second factor", denied).await,
    };
    let renewed = if is_outdated {
        Some(services.credentials.hasher.hash(policy::normalize(&claim.password)).await?)
    } else {
        None
    };
    for _ in 0..TRIES {
        match enter(&visit, person, &counted, &shown, (&hashed, renewed.as_ref())).await? {
            Ok(Some(signed_in)) => return Ok(Ok(signed_in)),
            Ok(None) => {}
            Err(denied) => return failed(&visit, Some(person), locks_until, "refused", denied).await,
        }
    }
    unit::contended()
}

/// One attempt at the transaction that lets somebody in.
async fn enter(
    visit: &Visit,
    person: PersonId,
    counted: &Counted,
    shown: &Shown,
    (hashed, renewed): (&Hashed, Option<&Hashed>),
) -> Outcome<Option<SignedIn>> {
    let services = &*visit.services;
    let rules = services.credentials.rules.sessions;
    let mut actions = vec![];
    if matches!(shown, Shown::RecoveryCode(_)) {
        actions.push(UserAction::UseRecoveryCode);
    }
    let is_known = matches!(counted, Counted::Device { .. });
    if !is_known {
        actions.push(UserAction::AddDevice);
    }
    let Ok(mut unit) = Unit::begin(visit, person, &actions).await? else { return Ok(Err(Denied::sign_in())) };
    if unit.state().is_none_or(|state| state.status != UserStatus::Active) {
        return Ok(Err(Denied::sign_in()));
    }
    // The password was right when it was looked at. Should it have been changed since, nobody comes in by the one before.
    // Where the hash is outdated, another sign-in may have made it anew of the same password: that is no refusal.
    if !passwords::still(unit.conn(), person, hashed).await? {
        return Ok(if renewed.is_some() { Ok(None) } else { Err(Denied::sign_in()) });
    }
    let now = unit.now;
    let is_good = match shown {
        Shown::Nothing => true,
        Shown::Step(step) => second_factor::use_step(unit.conn(), person, *step).await?,
        Shown::RecoveryCode(code) => second_factor::use_recovery_code(unit.conn(), person, code, now).await?,
    };
    if !is_good {
        return Ok(Err(Denied::code(shown.field())));
    }
    attempts::succeeded(unit.conn(), counted).await?;
    if let Some(newer) = renewed {
        passwords::renew(unit.conn(), person, hashed, newer).await?;
    }
    // Whoever signs in gets a session that nobody can have known before.
    if let Some(before) = &visit.session {
        sessions::end_by_secret(unit.conn(), before).await?;
    }
    let device = sessions::remember_device(unit.conn(), person, visit.device.as_ref(), now).await?;
    let id = services.commands.ids.next();
    let session = sessions::begin(unit.conn(), id, person, rules, now).await?;
    let committed = unit.commit(person, &[(AuthenticationEvent::SignedIn, &id.to_string())]).await?;
    Ok(Ok(committed.map(|position| SignedIn { person, id, session, device, position })))
}

async fn look_up(visit: &Visit, name: &SignInName) -> Result<Known, CredentialError> {
    let services = &*visit.services;
    let fingerprint = services.commands.log.fingerprint(SIGN_IN_NAME, name.as_str());
    let known = sqlx::query_as(
        "select reserved.aggregate_id::uuid as person, passwords.hash, passwords.pepper_version, totp.sealed, totp.last_step,
             devices.person is not null as knows_device
         from (values (1)) as always (one)
         left join reservations as reserved on reserved.kind = $1 and reserved.value = $2
         left join passwords on passwords.person = reserved.aggregate_id::uuid
         left join totp_secrets as totp on totp.person = passwords.person and totp.confirmed_at is not null
         left join devices on devices.person = passwords.person and devices.token_hash = $3",
    )
    .bind(SIGN_IN_NAME)
    .bind(fingerprint.0.into_bytes())
    .bind(visit.device.as_ref().map(Secret::hash))
    .fetch_one(&services.pool)
    .await?;
    Ok(known)
}

impl Known {
    fn hashed(&self) -> Option<Hashed> {
        let (hash, pepper_version) = self.hash.clone().zip(self.pepper_version)?;
        Some(Hashed { hash, pepper_version })
    }
}

impl Shown {
    fn field(&self) -> &'static str {
        match self {
            Self::RecoveryCode(_) => "recoveryCode",
            Self::Nothing | Self::Step(_) => "code",
        }
    }
}

/// What was shown beside the password, where something is asked for.
fn shown(visit: &Visit, person: PersonId, known: &Known, claim: &Claim) -> Result<Shown, Denied> {
    let Some(sealed) = known.sealed.clone() else { return Ok(Shown::Nothing) };
    let totp = StoredTotp::new(sealed, known.last_step);
    let commands = &visit.services.commands;
    show(&totp, commands, person, claim.code.as_ref(), claim.recovery_code.as_ref())
}

fn show(
    totp: &StoredTotp,
    commands: &crate::commands::Commands,
    person: PersonId,
    code: Option<&Secret>,
    recovery_code: Option<&Secret>,
) -> Result<Shown, Denied> {
    match (code, recovery_code) {
        (_, Some(code)) => Ok(Shown::RecoveryCode(code.clone())),
        (Some(code), None) => {
            let step = totp.step(&commands.log, person, code, commands.clock.now());
            step.map(Shown::Step).ok_or_else(|| Denied::code("code"))
        }
        (None, None) => Err(Denied::second_factor()),
    }
}

/// Checks and uses up a second factor in a transaction of the caller's; answers why not.
pub(super) async fn use_factor(
    unit: &mut Unit<'_>,
    visit: &Visit,
    person: PersonId,
    code: Option<&Secret>,
    recovery_code: Option<&Secret>,
) -> Outcome<()> {
    let Some(totp) = second_factor::stored(unit.conn(), person, true).await? else { return Ok(Ok(())) };
    let shown = match show(&totp, &visit.services.commands, person, code, recovery_code) {
        Ok(shown) => shown,
        Err(denied) => return Ok(Err(denied)),
    };
    let now = unit.now;
    let is_good = match &shown {
        Shown::Nothing => true,
        Shown::Step(step) => second_factor::use_step(unit.conn(), person, *step).await?,
        Shown::RecoveryCode(code) => second_factor::use_recovery_code(unit.conn(), person, code, now).await?,
    };
    Ok(if is_good { Ok(()) } else { Err(Denied::code(shown.field())) })
}

/// An attempt was looked at and was wrong: it stays counted. Answers why.
///
/// # Errors
/// [`CredentialError`].
pub(super) async fn failed<T>(
    visit: &Visit,
    person: Option<PersonId>,
    locks_until: Option<Timestamp>,
    why: &str,
    denied: Denied,
) -> Outcome<T> {
    if locks_until.is_some() {
        unit::note(visit, person, AuthenticationEvent::Locked, why).await?;
        visit.services.credentials.wake.notify_one();
    }
    refused(visit, person, why, denied).await
}

async fn refused<T>(visit: &Visit, person: Option<PersonId>, why: &str, denied: Denied) -> Outcome<T> {
    unit::note(visit, person, AuthenticationEvent::SignInRefused, why).await?;
    Ok(Err(denied))
}

/// Ends the session by which somebody calls.
///
/// # Errors
/// [`CredentialError`].
pub async fn sign_out(visit: Visit, person: PersonId, session: Uuid) -> Outcome<()> {
    let mut unit = match Unit::begin(&visit, person, &[]).await? {
        Ok(unit) => unit,
        Err(denied) => return Ok(Err(denied)),
    };
    sessions::end(unit.conn(), person, session).await?;
    unit.commit(person, &[(AuthenticationEvent::SignedOut, &session.to_string())]).await?;
    Ok(Ok(()))
}

/// Ends one session of somebody; one that is not there has ended.
///
/// # Errors
/// [`CredentialError`].
pub async fn revoke_session(visit: Visit, person: PersonId, session: Uuid) -> Outcome<()> {
    let mut unit = match Unit::begin(&visit, person, &[]).await? {
        Ok(unit) => unit,
        Err(denied) => return Ok(Err(denied)),
    };
    let happened = [(AuthenticationEvent::SessionEnded, session.to_string())];
    let there = sessions::end(unit.conn(), person, session).await?;
    let happened: Vec<_> = happened.iter().filter(|_| there).map(|(event, id)| (*event, id.as_str())).collect();
    unit.commit(person, &happened).await?;
    Ok(Ok(()))
}
