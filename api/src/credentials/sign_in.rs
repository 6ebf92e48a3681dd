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
    CredentialError, Denied, Outcome, Visit, prove,
    unit::{self, TRIES, Unit},
};
use crate::identity::{
    AuthenticationEvent, Hashed, SIGN_IN_NAME, Secret, Verdict,
    attempts::{self, Admission, Counted},
    passwords, policy,
    second_factor::{self, StoredTotp},
    sessions,
};

/// How long what a device is known by is.
const DEVICE_HASH_BYTES: usize = 32;

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
    /// What their browser is known by; a program is known by its name and its network.
    pub device: Option<Secret>,
    /// The position that a reader must reach to see what was recorded.
    pub position: i64,
}

/// From where somebody signs in.
enum From {
    /// A browser, known or not by the secret that it brought along.
    Browser,
    /// A program, known by the name that it uses and its network.
    Program(Vec<u8>),
}

/// What is known of a name, in one row whether it is anybody's or not.
#[derive(FromRow)]
struct Known {
    person: Option<Uuid>,
    hash: Option<String>,
    pepper_version: Option<i16>,
    /// Somebody else's hash, to be compared with where there is none.
    other_hash: Option<String>,
    other_pepper_version: Option<i16>,
    sealed: Option<Vec<u8>>,
    last_step: Option<i64>,
    /// The browser or program, if they have signed in from there before.
    device: Option<Uuid>,
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
pub async fn sign_in(visit: Visit, claim: Claim, by_program: bool) -> Outcome<SignedIn> {
    let services = &*visit.services;
    let (log, clock) = (&services.commands.log, &services.commands.clock);
    let name = SignInName::of(claim.name.reveal());
    let from = if by_program { From::program(&visit, &name) } else { From::Browser };
    let known = look_up(&visit, &name, &from).await?;
    let person = known.person.map(PersonId);
    // A network is no secret: what makes a program known excepts it from nothing.
    let browser = known.device.filter(|_| !by_program);
    let counted = match (person, browser) {
        (Some(person), Some(device)) => Counted::of_device(log, person, device),
        (Some(person), None) => Counted::of_person(log, person),
        (None, _) => Counted::of_nobody(log, name.as_str()),
    };
    let (rules, now) = (services.credentials.rules.attempts, clock.now());
    let place = services.credentials.hasher.admit()?;
    let admission = {
        let mut conn = services.pool.acquire().await?;
        // Nobody is kept from a browser that is known by what others of the same network do; it counts for itself.
        if browser.is_none() {
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
    let password = policy::normalize(&claim.password);
    let verdict = match &hashed {
        Some(hashed) => place.verify(password, Some(hashed.clone())).await?,
        None => place.pretend(password, known.other_hashed()).await?,
    };
    let (Verdict::Same { is_outdated }, Some(person), Some(hashed)) = (verdict, person, hashed) else {
        return failed(&visit, &counted, locks_until, "password", Denied::sign_in()).await;
    };
    let shown = match shown(&visit, person, &known, &claim) {
        Ok(shown) => shown,
        Err(denied) => return failed(&visit, &counted, locks_until, "second factor", denied).await,
    };
    let renewed = if is_outdated {
        Some(services.credentials.hasher.hash(policy::normalize(&claim.password)).await?)
    } else {
        None
    };
    let entering = Entering {
        person,
        counted: &counted,
        from: &from,
        is_known: known.device.is_some(),
        shown: &shown,
        hashed: &hashed,
        renewed: renewed.as_ref(),
    };
    for _ in 0..TRIES {
        match enter(&visit, &entering).await? {
            Ok(Some(signed_in)) => return Ok(Ok(signed_in)),
            Ok(None) => {}
            Err(denied) => return failed(&visit, &counted, locks_until, "refused", denied).await,
        }
    }
    unit::contended()
}

/// Somebody whose password was right.
struct Entering<'a> {
    person: PersonId,
    counted: &'a Counted,
    from: &'a From,
    /// Whether they have signed in from there before.
    is_known: bool,
    shown: &'a Shown,
    /// The hash that it was compared with.
    hashed: &'a Hashed,
    /// One by newer rules.
    renewed: Option<&'a Hashed>,
}

/// One attempt at the transaction that lets somebody in.
async fn enter(visit: &Visit, entering: &Entering<'_>) -> Outcome<Option<SignedIn>> {
    let Entering { person, counted, from, is_known, shown, hashed, renewed } = *entering;
    let services = &*visit.services;
    let rules = services.credentials.rules.sessions;
    let mut actions = vec![];
    if matches!(shown, Shown::RecoveryCode(_)) {
        actions.push(UserAction::UseRecoveryCode);
    }
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
    let device = match from {
        From::Browser => {
            // Whoever signs in gets a session that nobody can have known before.
            if let Some(before) = &visit.session {
                sessions::end_by_secret(unit.conn(), before).await?;
            }
            Some(sessions::renew_device(unit.conn(), person, visit.device.as_ref(), now).await?)
        }
        From::Program(known_by) => {
            sessions::remember_device(unit.conn(), person, known_by, now).await?;
            None
        }
    };
    let id = services.commands.ids.next();
    let session = sessions::begin(unit.conn(), id, person, rules, now).await?;
    let committed = unit.commit(person, &[(AuthenticationEvent::SignedIn, &id.to_string())]).await?;
    Ok(Ok(committed.map(|position| SignedIn { person, id, session, device, position })))
}

/// Nobody's name is compared with the hash of whoever comes next by what stands for the name: hashes are of as many rules as the
/// installation ever had, and the time that one takes tells of which.
async fn look_up(visit: &Visit, name: &SignInName, from: &From) -> Result<Known, CredentialError> {
    let services = &*visit.services;
    let fingerprint = services.commands.log.fingerprint(SIGN_IN_NAME, name.as_str());
    let place = PersonId::of_fingerprint(&fingerprint);
    let known = sqlx::query_as(
        "select reserved.aggregate_id::uuid as person, passwords.hash, passwords.pepper_version,
             other.hash as other_hash, other.pepper_version as other_pepper_version, totp.sealed, totp.last_step, devices.id as device
         from (values (1)) as always (one)
         left join reservations as reserved on reserved.kind = $1 and reserved.value = $2
         left join passwords on passwords.person = reserved.aggregate_id::uuid
         left join totp_secrets as totp on totp.person = passwords.person and totp.confirmed_at is not null
         left join devices on devices.person = passwords.person and devices.token_hash = $3
         left join lateral (
             (select hash, pepper_version from passwords where password_place(person) >= $4 order by password_place(person) limit 1)
             union all
             (select hash, pepper_version from passwords order by password_place(person) limit 1)
             limit 1
         ) as other on true",
    )
    .bind(SIGN_IN_NAME)
    .bind(fingerprint.0.into_bytes())
    .bind(from.known_by(visit))
    .bind(place.0)
    .fetch_one(&services.pool)
    .await?;
    Ok(known)
}

impl From {
    fn program(visit: &Visit, name: &SignInName) -> Self {
        let network = visit.client.map_or_else(String::new, |client| client.network().to_string());
        let of = format!("{network} {}", name.as_str());
        let mut known_by = visit.services.commands.log.fingerprint("program", &of).0.into_bytes();
        known_by.truncate(DEVICE_HASH_BYTES);
        Self::Program(known_by)
    }

    fn known_by(&self, visit: &Visit) -> Option<Vec<u8>> {
        match self {
            Self::Browser => visit.device.as_ref().map(Secret::hash),
            Self::Program(known_by) => Some(known_by.clone()),
        }
    }
}

impl Known {
    fn hashed(&self) -> Option<Hashed> {
        let (hash, pepper_version) = self.hash.clone().zip(self.pepper_version)?;
        Some(Hashed { hash, pepper_version })
    }

    fn other_hashed(&self) -> Option<Hashed> {
        let (hash, pepper_version) = self.other_hash.clone().zip(self.other_pepper_version)?;
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
    counted: &Counted,
    locks_until: Option<Timestamp>,
    why: &str,
    denied: Denied,
) -> Outcome<T> {
    let person = counted.person();
    if locks_until.is_some() {
        unit::note(visit, person, AuthenticationEvent::Locked, why).await?;
        attempts::judged(&mut *visit.services.pool.acquire().await?, counted).await?;
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

/// Ends one session of somebody who says their password; one that is not there has ended.
///
/// # Errors
/// [`CredentialError`].
pub async fn revoke_session(visit: Visit, person: PersonId, session: Uuid, current: Secret) -> Outcome<()> {
    let said = match prove::knows_password(&visit, person, &current).await? {
        Ok(hashed) => hashed,
        Err(denied) => return Ok(Err(denied)),
    };
    let mut unit = match prove::begin(&visit, person, &said, &[]).await? {
        Ok(unit) => unit,
        Err(denied) => return Ok(Err(denied)),
    };
    let happened = [(AuthenticationEvent::SessionEnded, session.to_string())];
    let there = sessions::end(unit.conn(), person, session).await?;
    let happened: Vec<_> = happened.iter().filter(|_| there).map(|(event, id)| (*event, id.as_str())).collect();
    unit.commit(person, &happened).await?;
    Ok(Ok(()))
}
