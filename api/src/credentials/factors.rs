//! Second factors and the challenge question: set, changed and taken away by whoever says their password again.

use domain::{
    PersonId,
    user::{Factor, UserAction},
};
use uuid::Uuid;

use super::{
    CredentialError, Denied, Outcome, Visit, context_words, prove, sign_in,
    unit::{self, TRIES, Unit},
};
use crate::{
    commands::{Refusal, RefusalCode},
    identity::{
        AuthenticationEvent, Secret, attempts, challenge, policy,
        second_factor::{self, NewTotp},
        sessions,
    },
};

const TOTP: Factor = Factor::Totp;
/// What failed, in the access log.
const FACTOR: &str = "second factor";

/// Makes a secret for an authenticator app, which counts for nothing until a code of it was confirmed.
///
/// # Errors
/// [`CredentialError`].
pub async fn enroll(visit: Visit, person: PersonId, current: Secret, label: (String, String)) -> Outcome<NewTotp> {
    let said = match prove::knows_password(&visit, person, &current).await? {
        Ok(hashed) => hashed,
        Err(denied) => return Ok(Err(denied)),
    };
    let mut unit = match prove::begin(&visit, person, &said, &[]).await? {
        Ok(unit) => unit,
        Err(denied) => return Ok(Err(denied)),
    };
    if second_factor::stored(unit.conn(), person, true).await?.is_some() {
        let message = "there is an authenticator app already: remove it first";
        return Ok(Err(Refusal::new(RefusalCode::AlreadyDone, message).into()));
    }
    let (log, now) = (&visit.services.commands.log, unit.now);
    let new = second_factor::enroll(unit.conn(), log, person, (&label.0, &label.1), now).await?;
    unit.commit(person, &[]).await?;
    Ok(Ok(new))
}

/// Has the app's codes asked for from now on, and makes recovery codes; other sessions end.
///
/// # Errors
/// [`CredentialError`].
pub async fn confirm(visit: Visit, person: PersonId, session: Option<Uuid>, code: Secret) -> Outcome<Vec<Secret>> {
    let commands = &visit.services.commands;
    for _ in 0..TRIES {
        let actions = [UserAction::EnrollFactor { factor: TOTP }, UserAction::ReplaceRecoveryCodes];
        let mut unit = match Unit::begin(&visit, person, &actions).await? {
            Ok(unit) => unit,
            Err(denied) => return Ok(Err(denied)),
        };
        let now = unit.now;
        let Some(totp) = second_factor::stored(unit.conn(), person, false).await? else {
            let message = "there is no authenticator app to confirm: enroll one first";
            return Ok(Err(Refusal::new(RefusalCode::NotFound, message).into()));
        };
        let good = match totp.step(&commands.log, person, &code, now) {
            Some(step) => second_factor::use_step(unit.conn(), person, step).await?,
            None => false,
        };
        if !good {
            drop(unit);
            second_factor::count_wrong(&mut *visit.services.pool.acquire().await?, person).await?;
            return Ok(Err(Denied::code("code")));
        }
        if !second_factor::confirm(unit.conn(), person, now).await? {
            return Ok(Err(Denied::code("code")));
        }
        let codes = second_factor::replace_recovery_codes(unit.conn(), person).await?;
        sessions::end_all(unit.conn(), person, session).await?;
        if unit.commit(person, &[(AuthenticationEvent::FactorAdded, "totp")]).await?.is_some() {
            return Ok(Ok(codes));
        }
    }
    unit::contended()
}

/// What somebody shows to change their second factor.
#[derive(Clone, Debug)]
pub struct Proof {
    /// Their password.
    pub current: Secret,
    /// A code of the app.
    pub code: Option<Secret>,
    /// A recovery code in its place.
    pub recovery_code: Option<Secret>,
}

impl Proof {
    /// Checks and uses up the factor in a transaction of the caller's; answers why not.
    async fn use_factor(&self, unit: &mut Unit<'_>, visit: &Visit, person: PersonId) -> Outcome<()> {
        sign_in::use_factor(unit, visit, person, self.code.as_ref(), self.recovery_code.as_ref()).await
    }
}

/// Has nothing asked for beside the password any more, which must be long enough to stand alone; other sessions end.
///
/// # Errors
/// [`CredentialError`].
pub async fn remove(visit: Visit, person: PersonId, session: Option<Uuid>, shown: Proof) -> Outcome<i64> {
    let least = visit.services.credentials.rules.passwords.alone;
    let chars = policy::normalize(&shown.current).reveal().chars().count();
    let attempt = match prove::attempt(&visit, person, &shown.current).await? {
        Ok(attempt) => attempt,
        Err(denied) => return Ok(Err(denied)),
    };
    if chars < least {
        attempts::take_back(&mut *visit.services.pool.acquire().await?, attempt.counted()).await?;
        let message = format!("without a second factor a password has at least {least} characters: change yours first");
        return Ok(Err(Denied::of_field("currentPassword", RefusalCode::WeakPassword, message)));
    }
    for _ in 0..TRIES {
        let actions = [UserAction::RemoveFactor { factor: TOTP }];
        let mut unit = match prove::begin(&visit, person, attempt.hashed(), &actions).await? {
            Ok(unit) => unit,
            Err(denied) => {
                attempts::take_back(&mut *visit.services.pool.acquire().await?, attempt.counted()).await?;
                return Ok(Err(denied));
            }
        };
        if let Err(denied) = shown.use_factor(&mut unit, &visit, person).await? {
            drop(unit);
            return attempt.failed(&visit, FACTOR, denied).await;
        }
        attempts::succeeded(unit.conn(), attempt.counted()).await?;
        second_factor::remove(unit.conn(), person).await?;
        sessions::end_all(unit.conn(), person, session).await?;
        let happened = [(AuthenticationEvent::FactorRemoved, "totp")];
        let happened = if unit.records_something() { &happened[..] } else { &[] };
        if let Some(position) = unit.commit(person, happened).await? {
            return Ok(Ok(position));
        }
    }
    unit::contended()
}

/// Makes new recovery codes in place of those before, each as good as the app: so whoever asks shows that.
///
/// # Errors
/// [`CredentialError`].
pub async fn replace_recovery_codes(visit: Visit, person: PersonId, shown: Proof) -> Outcome<Vec<Secret>> {
    let attempt = match prove::attempt(&visit, person, &shown.current).await? {
        Ok(attempt) => attempt,
        Err(denied) => return Ok(Err(denied)),
    };
    for _ in 0..TRIES {
        let actions = [UserAction::ReplaceRecoveryCodes];
        let mut unit = match prove::begin(&visit, person, attempt.hashed(), &actions).await? {
            Ok(unit) => unit,
            Err(denied) => {
                attempts::take_back(&mut *visit.services.pool.acquire().await?, attempt.counted()).await?;
                return Ok(Err(denied));
            }
        };
        if let Err(denied) = shown.use_factor(&mut unit, &visit, person).await? {
            drop(unit);
            return attempt.failed(&visit, FACTOR, denied).await;
        }
        attempts::succeeded(unit.conn(), attempt.counted()).await?;
        let codes = second_factor::replace_recovery_codes(unit.conn(), person).await?;
        if unit.commit(person, &[(AuthenticationEvent::FactorAdded, "recovery codes")]).await?.is_some() {
            return Ok(Ok(codes));
        }
    }
    unit::contended()
}

/// Sets the challenge question and its answer.
///
/// # Errors
/// [`CredentialError`].
pub async fn set_question(
    visit: Visit,
    person: PersonId,
    current: Secret,
    question: String,
    answer: Secret,
) -> Outcome<i64> {
    let credentials = &visit.services.credentials;
    if !credentials.rules.challenge_questions {
        let message = "challenge questions are switched off here";
        return Ok(Err(Refusal::new(RefusalCode::NotPermitted, message).into()));
    }
    let Some((question, text)) = challenge::question(&question) else {
        let message = "this is none of the questions: see `challengeQuestions`";
        return Ok(Err(Refusal::of_field("question", message).into()));
    };
    let answer = challenge::normalize(&answer);
    if let Err(message) = check_answer(&visit, person, &answer, text).await? {
        return Ok(Err(Refusal::of_field("answer", message).into()));
    }
    let said = match prove::knows_password(&visit, person, &current).await? {
        Ok(hashed) => hashed,
        Err(denied) => return Ok(Err(denied)),
    };
    let hashed = credentials.hasher.hash(answer).await?;
    for _ in 0..TRIES {
        let action = UserAction::SetChallengeQuestion { question: question.clone() };
        let mut unit = match prove::begin(&visit, person, &said, &[action]).await? {
            Ok(unit) => unit,
            Err(denied) => return Ok(Err(denied)),
        };
        let now = unit.now;
        challenge::set(unit.conn(), person, &question, &hashed, now).await?;
        if let Some(position) = unit.commit(person, &[(AuthenticationEvent::ChallengeChanged, "set")]).await? {
            return Ok(Ok(position));
        }
    }
    unit::contended()
}

/// Whether an answer is none that everybody would try.
async fn check_answer(
    visit: &Visit,
    person: PersonId,
    answer: &Secret,
    question: &str,
) -> Result<Result<(), String>, CredentialError> {
    let (least, most) = (challenge::ANSWER_CHARS.start(), challenge::ANSWER_CHARS.end());
    if !challenge::ANSWER_CHARS.contains(&answer.reveal().chars().count()) {
        return Ok(Err(format!("an answer has {least} to {most} characters")));
    }
    let known = context_words(&visit.services, person).await?;
    let is_known = known.iter().any(|word| word.to_lowercase() == answer.reveal());
    if is_known || question.to_lowercase().contains(answer.reveal()) {
        return Ok(Err("an answer is no name that others know, and no word of the question".to_owned()));
    }
    Ok(Ok(()))
}

/// Has no question asked any more.
///
/// # Errors
/// [`CredentialError`].
pub async fn remove_question(visit: Visit, person: PersonId, current: Secret) -> Outcome<i64> {
    let said = match prove::knows_password(&visit, person, &current).await? {
        Ok(hashed) => hashed,
        Err(denied) => return Ok(Err(denied)),
    };
    for _ in 0..TRIES {
        let mut unit = match prove::begin(&visit, person, &said, &[UserAction::RemoveChallengeQuestion]).await? {
            Ok(unit) => unit,
            Err(denied) => return Ok(Err(denied)),
        };
        challenge::remove(unit.conn(), person).await?;
        let happened = [(AuthenticationEvent::ChallengeChanged, "removed")];
        let happened = if unit.records_something() { &happened[..] } else { &[] };
        if let Some(position) = unit.commit(person, happened).await? {
            return Ok(Ok(position));
        }
    }
    unit::contended()
}
