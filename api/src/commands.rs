//! From a request's intention to recorded events: stamp who, when and which request, let the rules decide, append.
//!
//! A command runs in a task of its own. A client that leaves does not stop it half-way: it is done or it is not.

use std::sync::Arc;

use domain::{
    Actor, AttachmentId, Audience, CaseId, Channel, Metadata, PersonId, RequestId,
    case::{Case, CaseAction, CaseActionKind, CaseCommand, CaseError, CaseEvent, CaseNumber, CaseState, table},
};
use event_log::{EventLog, Execute, ExecuteError, Executed, FileKey, Loaded, LogError, RecordedCommand, Reservation};
use serde::{Deserialize, Serialize};
use serde_json::json;
use strum::IntoEnumIterator as _;
use tracing::Instrument;

use crate::{
    clock::{Clock, Ids},
    files::Stages,
    identity::Caller,
    opaque::Opaque,
};

/// Everything that a command needs beside itself.
#[derive(Clone)]
pub struct Commands {
    /// The log.
    pub log: EventLog,
    /// The time.
    pub clock: Clock,
    /// New ids.
    pub ids: Ids,
    /// Seals versions.
    pub opaque: Arc<Opaque>,
    /// Uploads that no case has yet.
    pub stages: Stages,
    /// How many files a case has at most.
    pub max_attachments: usize,
}

/// A command as it comes out of a request.
#[derive(Clone, Debug)]
pub struct Intention {
    /// Who asks.
    pub caller: Caller,
    /// In which request.
    pub request: RequestId,
    /// For whom, when not for themselves.
    pub on_behalf_of: Option<PersonId>,
    /// Which case.
    pub case_id: CaseId,
    /// What they ask for.
    pub action: CaseAction,
    /// The version that they saw, if they name it.
    pub expected_version: Option<String>,
    /// The key under which a retry is the same command, with the bytes that tell whether it is.
    pub idempotency: Option<(String, Vec<u8>)>,
    /// Values to reserve for the case.
    pub reservations: Vec<Reservation>,
    /// The keys of the files that it attaches.
    pub file_keys: Vec<FileKey>,
    /// The uploads that it names, and why not all of them can be attached, if so. A retry of what was done is answered all
    /// the same: it names uploads that are gone, because the case has them.
    pub uploads: (Vec<AttachmentId>, Option<Refusal>),
}

/// What came of a command that the rules answered.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The case that it was about: for a repeated opening, the one opened then.
    pub case_id: CaseId,
    /// The position that a reader must reach to see it.
    pub position: i64,
    /// Why it was refused, if it was.
    pub refusal: Option<Refusal>,
}

/// A refusal that the caller can do something about.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
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
    /// The case has changed since the version named.
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
    /// Another case has the value.
    Taken,
    /// Others kept changing the case; try again.
    Contended,
    /// A legal hold is in force: nothing may be destroyed.
    LegalHold,
}

/// The command could not be carried out, for no reason that its caller could mend.
#[derive(Debug, thiserror::Error)]
pub enum CommandFailure {
    /// The log did not answer.
    #[error(transparent)]
    Log(#[from] LogError),
    /// The task of the command ended without an answer.
    #[error("the command's task ended without an answer")]
    Lost(#[from] tokio::task::JoinError),
}

/// The version of a case as its readers name it.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Version(CaseId, u8, u64);

impl Refusal {
    /// A refusal about one input field.
    #[must_use]
    pub fn of_field(field: &str, message: impl Into<String>) -> Self {
        Self {
            code: RefusalCode::InvalidInput,
            message: message.into(),
            field: Some(field.to_owned()),
            missed_after: None,
        }
    }

    /// A refusal about no field.
    pub(crate) fn new(code: RefusalCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), field: None, missed_after: None }
    }
}

impl Commands {
    /// Carries a command out, or says why not.
    ///
    /// # Errors
    /// [`CommandFailure`]; nothing was recorded, or it is unknown: a retry under the same key tells.
    pub async fn carry_out(&self, intention: Intention) -> Result<Outcome, CommandFailure> {
        let commands = self.clone();
        let kind = domain::case::CaseActionKind::from(&intention.action).to_string();
        let span = tracing::info_span!("command", command = %kind, case_id = %intention.case_id, outcome = tracing::field::Empty);
        let work = async move {
            let outcome = commands.execute(&intention).await;
            let word = match &outcome {
                Ok(Outcome { refusal: None, .. }) => "done",
                Ok(_) => "refused",
                Err(_) => "failed",
            };
            tracing::Span::current().record("outcome", word);
            metrics::counter!("casestream_commands_total", "command" => kind, "outcome" => word).increment(1);
            outcome
        };
        tokio::spawn(work.instrument(span)).await?
    }

    /// Draws the number of a new case.
    ///
    /// # Errors
    /// [`CommandFailure::Log`].
    pub async fn next_case_number(&self) -> Result<CaseNumber, CommandFailure> {
        let numbers = self.log.next_case_numbers(1).await?;
        Ok(*numbers.first().expect("one was asked for"))
    }

    /// The opaque form of a version.
    #[must_use]
    pub fn version(&self, case_id: CaseId, audience: Audience, version: u64) -> String {
        self.opaque.seal("case version", &Version(case_id, audience as u8, version))
    }

    async fn execute(&self, intention: &Intention) -> Result<Outcome, CommandFailure> {
        let expected = match intention.expected_version.as_deref().map(|text| self.expected(intention, text)) {
            Some(Err(refusal)) => return Ok(refused(intention.case_id, refusal)),
            Some(Ok(version)) => Some(version),
            None => None,
        };
        let at = self.clock.now();
        let actor = intention.caller.actor();
        let mut metadata = Metadata::of(&actor, intention.request, intention.caller.channel());
        metadata.on_behalf_of = intention.on_behalf_of;
        let command = CaseCommand { by: actor, at, action: intention.action.clone() };
        let id = intention.case_id.to_string();
        let execute = Execute {
            aggregate_id: &id,
            metadata,
            at,
            idempotency: intention.idempotency.clone().map(|(key, request)| (intention.caller.person, key, request)),
            file_keys: &intention.file_keys,
            reservations: intention.reservations.clone(),
        };
        let decide = |loaded: &Loaded<Case>| decide(intention, expected, &command, loaded);
        let describe = |outcome: &Result<usize, Refusal>| describe(&id, outcome);
        match self.log.execute(&execute, decide, describe).await {
            Ok(Executed::Decided { outcome, position, .. }) => {
                if outcome.is_ok() {
                    self.forget_uploads(&intention.uploads.0).await;
                }
                Ok(Outcome { case_id: intention.case_id, position, refusal: outcome.err() })
            }
            Ok(Executed::Repeated { command, position, .. }) => Ok(repeated(intention, &command, position)),
            Err(error) => match refusal_of(&error) {
                Some(refusal) => Ok(refused(intention.case_id, refusal)),
                None => Err(failure(error)),
            },
        }
    }

    /// What the caller may do with a case now.
    ///
    /// # Errors
    /// [`LogError`] when its history cannot be read.
    pub async fn allowed(&self, caller: &Caller, case_id: CaseId) -> Result<Vec<CaseActionKind>, LogError> {
        let actor = caller.actor();
        // Who may do nothing to any case need not wait for this one.
        if !CaseActionKind::iter().any(|action| table::permits(actor.roles, action)) {
            return Ok(vec![]);
        }
        let case: Case = self.log.latest(&case_id.to_string()).await?;
        let is_visible = case.state.as_ref().is_some_and(|state| caller.scope().sees(state));
        Ok(if is_visible { case.allowed(&actor, self.clock.now(), self.max_attachments) } else { vec![] })
    }

    /// The files are the case's now. What cannot be forgotten at once is left to the sweep.
    async fn forget_uploads(&self, attached: &[AttachmentId]) {
        if !attached.is_empty()
            && let Err(error) = self.stages.forget(attached).await
        {
            tracing::warn!(%error, "uploads that were attached are left to the sweep");
        }
    }

    /// Has the clock do what is due on a case. When nothing is any more, because somebody else was there before, nothing
    /// happens.
    ///
    /// # Errors
    /// [`CommandFailure`]: trying again is right.
    pub async fn act_on_time(&self, case_id: CaseId) -> Result<Outcome, CommandFailure> {
        let (by, at, id) = (Actor::clock(), self.clock.now(), case_id.to_string());
        let execute = Execute {
            aggregate_id: &id,
            metadata: Metadata::of(&by, RequestId(self.ids.next()), Channel::Clock),
            at,
            idempotency: None,
            reservations: vec![],
            file_keys: &[],
        };
        let decide = |loaded: &Loaded<Case>| match loaded.aggregate.due(at) {
            None => Ok(vec![]),
            Some(action) => Ok::<_, Refusal>(loaded.aggregate.decide(&CaseCommand { by, at, action })?),
        };
        let span = tracing::info_span!("command", command = "act on time", %case_id);
        let executed = self.log.execute(&execute, decide, |outcome| describe(&id, outcome)).instrument(span);
        match executed.await {
            Ok(Executed::Decided { outcome, position, .. }) => {
                Ok(Outcome { case_id, position, refusal: outcome.err() })
            }
            Ok(Executed::Repeated { .. }) => unreachable!("it carries no key"),
            Err(error) => Err(failure(error)),
        }
    }

    fn expected(&self, intention: &Intention, text: &str) -> Result<u64, Refusal> {
        let audience = intention.caller.scope().audience();
        match self.opaque.open("case version", text) {
            Ok(Version(case_id, of, version)) if case_id == intention.case_id && of == audience as u8 => Ok(version),
            _ => Err(Refusal::of_field("expectedVersion", "this is no version of this case: read the case again")),
        }
    }
}

/// The rules, behind what the caller may see and the version that they saw.
fn decide(
    intention: &Intention,
    expected: Option<u64>,
    command: &CaseCommand,
    loaded: &Loaded<Case>,
) -> Result<Vec<CaseEvent>, Refusal> {
    let scope = intention.caller.scope();
    let opens = matches!(intention.action, CaseAction::Open(_));
    let visible = loaded.aggregate.state.as_ref().map_or(opens, |state| scope.sees(state));
    if !visible {
        return Err(CaseError::NotFound.into());
    }
    if let Some(state) = &loaded.aggregate.state {
        let audience = scope.audience();
        if let Some(expected) = expected.filter(|expected| *expected != state.version_for(audience)) {
            return Err(stale(expected, state.version_for(audience)));
        }
    }
    if let (uploads, Some(refusal)) = &intention.uploads {
        let has =
            |state: &CaseState| uploads.iter().all(|id| state.attachments.get(id).is_some_and(|file| !file.of_note));
        let attached = loaded.aggregate.state.as_ref().is_some_and(has);
        let only_attaches = matches!(intention.action, CaseAction::AddAttachments { .. });
        return if only_attaches && attached { Ok(vec![]) } else { Err(refusal.clone()) };
    }
    Ok(loaded.aggregate.decide(command)?)
}

fn stale(expected: u64, version: u64) -> Refusal {
    let missed = version.saturating_sub(expected);
    Refusal {
        missed_after: Some(expected),
        field: Some("expectedVersion".to_owned()),
        ..Refusal::new(
            RefusalCode::StaleVersion,
            format!("the case has changed since you read it, by {missed} events: look at them and decide again"),
        )
    }
}

/// What is kept of a command that carried a key: codes and ids.
fn describe(case_id: &str, outcome: &Result<usize, Refusal>) -> serde_json::Value {
    match outcome {
        Ok(events) => json!({ "code": if *events > 0 { "recorded" } else { "unchanged" }, "streams": [case_id] }),
        Err(refusal) => json!({ "code": "refused", "streams": [case_id], "refusal": refusal }),
    }
}

fn repeated(intention: &Intention, command: &RecordedCommand, position: i64) -> Outcome {
    let case_id = command.outcome["streams"][0].as_str().and_then(|id| id.parse().ok()).unwrap_or(intention.case_id);
    let refusal = serde_json::from_value(command.outcome["refusal"].clone()).ok();
    Outcome { case_id, position: position.max(command.position.unwrap_or(0)), refusal }
}

fn refused(case_id: CaseId, refusal: Refusal) -> Outcome {
    Outcome { case_id, position: 0, refusal: Some(refusal) }
}

fn refusal_of(error: &ExecuteError) -> Option<Refusal> {
    match error {
        ExecuteError::KeyReused => Some(Refusal {
            field: Some("idempotencyKey".to_owned()),
            ..Refusal::new(RefusalCode::IdempotencyKeyReused, error.to_string())
        }),
        ExecuteError::Contended => Some(Refusal::new(RefusalCode::Contended, error.to_string())),
        ExecuteError::Reserved { .. } => Some(Refusal::new(RefusalCode::Taken, error.to_string())),
        ExecuteError::Erased => Some(Refusal::new(RefusalCode::NotPermitted, error.to_string())),
        ExecuteError::Log(_) => None,
    }
}

fn failure(error: ExecuteError) -> CommandFailure {
    match error {
        ExecuteError::Log(error) => error.into(),
        other => unreachable!("every other error is a refusal: {other}"),
    }
}

impl From<CaseError> for Refusal {
    fn from(error: CaseError) -> Self {
        let (code, field) = match &error {
            CaseError::NotFound => (RefusalCode::NotFound, None),
            CaseError::NotPermitted { .. } => (RefusalCode::NotPermitted, None),
            CaseError::NotInState { .. } | CaseError::NoReopening => (RefusalCode::NotInState, None),
            CaseError::NeedsFollowUp { .. } => (RefusalCode::NeedsFollowUp, None),
            CaseError::NoSuchMessage => (RefusalCode::NoSuchMessage, Some("messageId")),
            CaseError::NoSuchAttachment => (RefusalCode::NoSuchAttachment, Some("attachmentId")),
            CaseError::AttachedByTheDesk => (RefusalCode::NotPermitted, Some("attachmentId")),
            CaseError::UploadedForAnotherAccount => (RefusalCode::InvalidInput, Some("uploads")),
            CaseError::TooManyWatchers { .. } | CaseError::TooManyAttachments { .. } => {
                (RefusalCode::LimitReached, None)
            }
            CaseError::AlreadyOpen { .. }
            | CaseError::MessageIdTaken
            | CaseError::AlreadyAttached
            | CaseError::AlreadyRated => (RefusalCode::AlreadyDone, None),
            CaseError::UndoTooLate { .. } => (RefusalCode::TooLate, None),
            CaseError::WaitEndsBeforeItStarts { .. } => (RefusalCode::InvalidInput, Some("until")),
            CaseError::ReasonNeedsComment => (RefusalCode::InvalidInput, Some("comment")),
            CaseError::ScoreOutOfRange { .. } => (RefusalCode::InvalidInput, Some("score")),
            CaseError::CloseCauseNotYours => (RefusalCode::InvalidInput, Some("cause")),
        };
        Self { field: field.map(str::to_owned), ..Self::new(code, error.to_string()) }
    }
}
