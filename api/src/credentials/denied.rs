//! Why something about credentials was not done, for whoever asked to mend.

use std::fmt;

use domain::{Timestamp, user::UserError};

use crate::commands::{Refusal, RefusalCode};

/// A refusal, with what its client needs to go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Denied {
    /// Why.
    pub refusal: Refusal,
    /// When to try again, where time mends it.
    pub retry_at: Option<Timestamp>,
    /// The challenge question to be answered, where that mends it.
    pub question: Option<&'static str>,
}

impl fmt::Display for Denied {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.refusal.fmt(f)
    }
}

impl Denied {
    fn new(code: RefusalCode, message: impl Into<String>) -> Self {
        Refusal::new(code, message).into()
    }

    /// Of one field.
    #[must_use]
    pub fn of_field(field: &str, code: RefusalCode, message: impl Into<String>) -> Self {
        Refusal { code, ..Refusal::of_field(field, message) }.into()
    }

    /// The name is nobody's, or the password is not theirs, or they may not sign in: nobody is told which.
    #[must_use]
    pub fn sign_in() -> Self {
        Self::new(RefusalCode::SignInRefused, "the name or the password is not right")
    }

    /// The password is right, and more is asked for.
    #[must_use]
    pub fn second_factor() -> Self {
        let message = "send a code of your authenticator app, or a recovery code, too";
        Self::of_field("code", RefusalCode::SecondFactorRequired, message)
    }

    /// The code is not right, or was used.
    #[must_use]
    pub fn code(field: &str) -> Self {
        let message = "this code is not good: each is good once, in its own 30 seconds; wait for the next one";
        Self::of_field(field, RefusalCode::SignInRefused, message)
    }

    /// Too soon after the attempts before.
    #[must_use]
    pub fn wait(until: Timestamp) -> Self {
        let refusal =
            Self::new(RefusalCode::TooManyAttempts, "too many attempts failed: wait a little before the next one");
        Self { retry_at: Some(until), ..refusal }
    }

    /// Locked.
    #[must_use]
    pub fn locked(until: Timestamp) -> Self {
        let message =
            "too many attempts failed, so signing in is locked for a while; a link by mail unlocks it earlier";
        Self { retry_at: Some(until), ..Self::new(RefusalCode::Locked, message) }
    }

    /// The password that was said again is not right.
    #[must_use]
    pub fn password() -> Self {
        Self::of_field("currentPassword", RefusalCode::SignInRefused, "this is not your password")
    }

    /// The link is good for nothing: unknown, used, replaced, over, or for something else. Nobody is told which.
    #[must_use]
    pub fn link() -> Self {
        let message =
            "this link is not good any more: it was used, a newer one was sent, or its time is over; ask for another";
        Self::of_field("token", RefusalCode::LinkNotGood, message)
    }

    /// The challenge question is to be answered first.
    #[must_use]
    pub fn question(question: &'static str) -> Self {
        let denied = Self::of_field("answer", RefusalCode::AnswerRequired, "answer your challenge question, too");
        Self { question: Some(question), ..denied }
    }

    /// The answer is not right.
    #[must_use]
    pub fn answer(question: &'static str, tries_left: i16) -> Self {
        let message = match tries_left {
            0 => "this is not the answer, and the link is not good any more: ask for another".to_owned(),
            left => format!("this is not the answer; this link takes {left} more"),
        };
        Self { question: Some(question), ..Self::of_field("answer", RefusalCode::SignInRefused, message) }
    }
}

impl From<Refusal> for Denied {
    fn from(refusal: Refusal) -> Self {
        Self { refusal, retry_at: None, question: None }
    }
}

impl From<UserError> for Denied {
    fn from(error: UserError) -> Self {
        Refusal::from(error).into()
    }
}
