//! Commands on cases: what a caller sees of one, its files, and what time does.

use std::{collections::BTreeSet, sync::Arc};

use domain::{
    Actor, AttachmentId, Audience, CaseId, Channel, RequestId, Scope,
    case::{
        Case, CaseAction, CaseActionKind, CaseCommand, CaseError, CaseEvent, CaseNumber, CaseState, Facts, FactsWanted,
        table,
    },
    settings::{EntryKind, NotOffered, Settings},
};
use event_log::{FileKey, Loaded, LogError};
use futures_util::FutureExt as _;
use projections::{DomainsOf, SettingsNow, contact_domains};
use strum::IntoEnumIterator as _;
use tracing::Instrument;

use super::{
    CommandFailure, Commands, Intention, Outcome, Refusal, RefusalCode, Subject, in_own_task, refusal_of,
    walk::{self, Carried, Order, Stamp},
};
use crate::identity::Caller;

/// What the rules must know beside a case.
pub struct Known {
    /// Whose the places, products and people are that are named.
    of_others: Facts,
    /// The settings in force.
    settings: Arc<SettingsNow>,
    /// The domains of the account's contacts, where the settings ask for them.
    domains: BTreeSet<String>,
}

/// The files that come along with what is asked of a case.
#[derive(Clone, Debug, Default)]
pub struct Files {
    /// Their keys.
    pub keys: Vec<FileKey>,
    /// The uploads that are named.
    pub uploads: Vec<AttachmentId>,
    /// Why not all of them can be attached, if so. A retry of what was done is answered all the same: it names uploads
    /// that are gone, because the case has them.
    pub refusal: Option<Refusal>,
}

impl Subject for Case {
    type Id = CaseId;
    type Action = CaseAction;
    type Brings = Files;
    type Facts = Known;

    fn name_of(action: &CaseAction) -> String {
        CaseActionKind::from(action).to_string()
    }

    fn not_found() -> Refusal {
        CaseError::NotFound.into()
    }

    fn is_there_for(&self, intention: &Intention) -> bool {
        let opens = matches!(intention.action, CaseAction::Open(_));
        self.state.as_ref().map_or(opens, |state| intention.caller.scope().sees(state))
    }

    fn version_for(&self, audience: Audience) -> Option<u64> {
        self.state.as_ref().map(|state| state.version_for(audience))
    }

    /// What another process has just put into the catalogue is known to the log.
    async fn gather(commands: &Commands, intention: &Intention) -> Result<Known, CommandFailure> {
        let wanted = FactsWanted::by(&intention.action);
        let of_others = if wanted.is_nothing() { Facts::default() } else { commands.reads.facts(&wanted).await? };
        let domains = commands.domains(intention).await?;
        let offers = |settings: &Settings| settings.check(&intention.action, &domains).is_ok();
        Ok(Known { of_others, settings: commands.settings.that(offers).await?, domains })
    }

    fn decide_on(&self, intention: &Intention, known: &Known, stamp: &Stamp) -> Result<Vec<CaseEvent>, Refusal> {
        let Intention { action, brings: Files { uploads, refusal, .. }, .. } = intention;
        if let Some(refusal) = refusal {
            let has = |state: &CaseState| {
                uploads.iter().all(|id| state.attachments.get(id).is_some_and(|file| !file.of_note))
            };
            let attached = self.state.as_ref().is_some_and(has);
            let only_attaches = matches!(action, CaseAction::AddAttachments { .. });
            return if only_attaches && attached { Ok(vec![]) } else { Err(refusal.clone()) };
        }
        let command = CaseCommand { by: stamp.by, at: stamp.at, action: action.clone() };
        let events = self.decide_knowing(&command, &known.of_others)?;
        // What a case has already, it may be asked to have.
        if !events.is_empty() {
            known.settings.settings.check(action, &known.domains)?;
        }
        Ok(events)
    }

    fn file_keys(files: &Files) -> &[FileKey] {
        &files.keys
    }

    /// The files are the case's now. What cannot be forgotten at once is left to the sweep.
    async fn settle(
        commands: &Commands,
        Intention { brings: Files { uploads, .. }, .. }: &Intention,
        _: Stamp,
        carried: &Carried,
    ) -> Result<i64, CommandFailure> {
        if !uploads.is_empty()
            && let Err(error) = commands.stages.forget(uploads).await
        {
            tracing::warn!(%error, "uploads that were attached are left to the sweep");
        }
        Ok(carried.position)
    }
}

impl Commands {
    /// The domains of the account's contacts, where it depends on them what an action may name.
    async fn domains(&self, Intention { action, id, .. }: &Intention) -> Result<BTreeSet<String>, CommandFailure> {
        if !self.settings.now().settings.asks_for_domains(action) {
            return Ok(BTreeSet::new());
        }
        let of = match action {
            CaseAction::Open(opening) => DomainsOf::Account(opening.account),
            _ => DomainsOf::Case(*id),
        };
        // Whoever asks is told no more than whether an address fits.
        Ok(self.reads.read(&Scope::Staff, move |tx| contact_domains(tx, of).boxed()).await?)
    }

    /// Draws the number of a new case.
    ///
    /// # Errors
    /// [`CommandFailure::Log`].
    pub async fn next_case_number(&self) -> Result<CaseNumber, CommandFailure> {
        let numbers = self.log.next_case_numbers(1).await?;
        Ok(*numbers.first().expect("one was asked for"))
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

    /// Has a watcher do what the link is for that was mailed to them.
    ///
    /// # Errors
    /// [`CommandFailure`].
    pub async fn follow_link(
        &self,
        case_id: CaseId,
        by: Actor,
        request: RequestId,
        action: CaseAction,
    ) -> Result<Carried, CommandFailure> {
        let (log, kind, at) = (self.log.clone(), Case::name_of(&action), self.clock.now());
        let order = Order::new(case_id, Stamp { by, on_behalf_of: None, request, channel: Channel::Email, at });
        let work = async move {
            let decide = |loaded: &Loaded<Case>| -> Result<_, Refusal> {
                Ok(loaded.aggregate.decide(&CaseCommand { by, at, action: action.clone() })?)
            };
            let carried = walk::carry_out(&log, order, decide).await;
            carried.or_else(|error| Ok(Carried::refused(case_id, refusal_of(error)?)))
        };
        in_own_task::<Case, _>(kind, case_id.to_string(), work, |carried| carried.refusal.is_some()).await
    }

    /// Has the clock do what is due on a case. When nothing is any more, because somebody else was there before, nothing
    /// happens.
    ///
    /// # Errors
    /// [`CommandFailure`]: trying again is right.
    pub async fn act_on_time(&self, case_id: CaseId) -> Result<Outcome, CommandFailure> {
        let (by, at, request) = (Actor::clock(), self.clock.now(), RequestId(self.ids.next()));
        let stamp = Stamp { by, on_behalf_of: None, request, channel: Channel::Clock, at };
        let decide = |loaded: &Loaded<Case>| match loaded.aggregate.due(at) {
            None => Ok(vec![]),
            Some(action) => Ok::<_, Refusal>(loaded.aggregate.decide(&CaseCommand { by, at, action })?),
        };
        let span = tracing::info_span!("command", command = "act on time", %case_id);
        match walk::carry_out(&self.log, Order::new(case_id, stamp), decide).instrument(span).await {
            Ok(Carried { position, refusal, .. }) => Ok(Outcome { id: case_id, made: None, position, refusal }),
            Err(error) => {
                let refusal = Some(refusal_of(error)?);
                Ok(Outcome { id: case_id, made: None, position: 0, refusal })
            }
        }
    }
}

impl From<CaseError> for Refusal {
    fn from(error: CaseError) -> Self {
        let (code, field) = match &error {
            CaseError::NotFound | CaseError::LinkNotGood => (RefusalCode::NotFound, None),
            CaseError::NotPermitted { .. } => (RefusalCode::NotPermitted, None),
            CaseError::NotInState { .. } | CaseError::NoReopening => (RefusalCode::NotInState, None),
            CaseError::NeedsFollowUp { .. } => (RefusalCode::NeedsFollowUp, None),
            CaseError::NoSuchMessage => (RefusalCode::NoSuchMessage, Some("messageId")),
            CaseError::NoSuchAttachment => (RefusalCode::NoSuchAttachment, Some("attachmentId")),
            CaseError::AttachedByTheDesk => (RefusalCode::NotPermitted, Some("attachmentId")),
            CaseError::NoSuchAccount => (RefusalCode::InvalidInput, Some("accountId")),
            CaseError::NoSuchLocation | CaseError::NotServedThereAnyMore => {
                (RefusalCode::InvalidInput, Some("locationId"))
            }
            CaseError::NoSuchProduct | CaseError::NotInstalledAnyMore | CaseError::InstalledElsewhere => {
                (RefusalCode::InvalidInput, Some("productId"))
            }
            CaseError::NoSuchContact => (RefusalCode::InvalidInput, Some("contactId")),
            CaseError::NoSuchWatcher { at_opening: true } => (RefusalCode::InvalidInput, Some("watchers")),
            CaseError::NoSuchWatcher { at_opening: false } => (RefusalCode::InvalidInput, Some("watcher")),
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
        Self::new(code, error.to_string()).about(field)
    }
}

impl From<NotOffered> for Refusal {
    fn from(error: NotOffered) -> Self {
        let field = match &error {
            NotOffered::NoSuchEntry { kind, .. } | NotOffered::Retired { kind, .. } => match kind {
                EntryKind::Type => "type",
                EntryKind::Category => "category",
                EntryKind::Product => "productId",
                EntryKind::Queue => "queue",
                EntryKind::ResolutionCode => "code",
            },
            NotOffered::NeedsLocation { .. } => "locationId",
            NotOffered::NeedsProduct { .. } => "productId",
            NotOffered::ContactsOnly | NotOffered::DomainsOnly => "watcher",
        };
        Self::of_field(field, error.to_string())
    }
}
