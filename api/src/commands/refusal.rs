//! Refusals: why a command was not carried out, for its caller to mend.

use event_log::ExecuteError;
use serde::{Deserialize, Serialize};

use crate::registry::ACCOUNT_REFERENCE;

/// A refusal that the caller can do something about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{message}")]
pub struct Refusal {
    /// The stable code.
    pub code: RefusalCode,
    /// What stands in the way and what to do, for people.
    pub message: String,
    /// The input's field that it is about, if one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// For a stale version: the version that the caller saw, after which come the events that they missed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub missed_after: Option<u64>,
    /// Whether it is no answer yet: other streams have to be asked, too. Nobody is told, and nothing is kept of it.
    #[serde(skip)]
    pub(crate) is_beyond: bool,
}

/// The codes of refusals. Clients may rely on them; messages may change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, async_graphql::Enum)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[graphql(name = "UserErrorCode")]
pub enum RefusalCode {
    /// There is nothing by this id that the caller may see.
    NotFound,
    /// The caller's roles do not include this.
    NotPermitted,
    /// The case's state does not take this.
    NotInState,
    /// The case is over: open a follow-up case.
    NeedsFollowUp,
    /// It has changed since the version named.
    StaleVersion,
    /// The input breaks a rule that the message names.
    InvalidInput,
    /// The message is not there.
    NoSuchMessage,
    /// The file is not there.
    NoSuchAttachment,
    /// No more fit.
    LimitReached,
    /// It was done before and cannot be done twice.
    AlreadyDone,
    /// The time for it has passed.
    TooLate,
    /// The idempotency key was used for another request.
    IdempotencyKeyReused,
    /// Another one has the value.
    Taken,
    /// Others kept changing it; try again.
    Contended,
    /// A legal hold is in force: nothing may be destroyed.
    LegalHold,
    /// Nobody would run the installation any more.
    LastAdministrator,
}

impl Refusal {
    /// A refusal about one input field.
    #[must_use]
    pub fn of_field(field: &str, message: impl Into<String>) -> Self {
        Self {
            code: RefusalCode::InvalidInput,
            message: message.into(),
            field: Some(field.to_owned()),
            missed_after: None,
            is_beyond: false,
        }
    }

    /// A refusal about no field.
    pub(crate) fn new(code: RefusalCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), field: None, missed_after: None, is_beyond: false }
    }

    /// More than the one stream has to be asked, or asked again.
    pub(super) fn beyond() -> Self {
        Self { is_beyond: true, ..Self::new(RefusalCode::Contended, "the answer is not this stream's alone to give") }
    }

    /// The same about one field, if it is about one.
    pub(crate) fn about(self, field: Option<&str>) -> Self {
        Self { field: field.map(str::to_owned), ..self }
    }

    /// The refusal that a command came to although its rules did not refuse it, if it is one.
    pub(crate) fn of_execution(error: &ExecuteError) -> Option<Self> {
        match error {
            ExecuteError::KeyReused => {
                let refusal = Self::new(RefusalCode::IdempotencyKeyReused, error.to_string());
                Some(refusal.about(Some("idempotencyKey")))
            }
            ExecuteError::TooMany { .. } => Some(Self::new(RefusalCode::LimitReached, error.to_string())),
            ExecuteError::Contended => Some(Self::new(RefusalCode::Contended, error.to_string())),
            ExecuteError::Reserved { kind } => {
                let is_reference = *kind == ACCOUNT_REFERENCE.replace('_', " ");
                let refusal = Self::new(RefusalCode::Taken, error.to_string());
                Some(refusal.about(is_reference.then_some("reference")))
            }
            ExecuteError::Erased => Some(Self::new(RefusalCode::NotPermitted, error.to_string())),
            ExecuteError::Log(_) => None,
        }
    }
}
