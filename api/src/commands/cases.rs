//! Commands on cases: what a caller sees of one, its files, and what time does.

use std::{collections::BTreeSet, sync::Arc};

use domain::{
    Actor, AttachmentId, Audience, CaseId, Channel, RequestId, Scope,
    case::{
        Case, CaseAction, CaseActionKind, CaseCommand, CaseError, CaseEvent, CaseNumber, CaseState, Facts, FactsWanted,
        Status, table,
    },
    settings::{EntryKind, NotOffered, Settings},
};
use event_log::{FileKey, Loaded, LogError};
use futures_util::{FutureExt as _, future::BoxFuture};
use projections::{DomainsOf, SettingsNow, contact_domains};
use strum::IntoEnumIterator as _;
use tracing::Instrument;

use super::{
    CommandFailure, Commands, Intention, Outcome, Refusal, RefusalCode, Subject, in_own_task,
    pairs::Concerns as _,
    refusal_of,
    walk::{self, Carried, Order, Stamp},
};
use crate::identity::Caller;

/// What the rules must know beside a case.
pub struct Known {
    /// Whose the places, products and people are that are named.
    pub(super) of_others: Facts,
    /// The settings in force.
    settings: Arc<SettingsNow>,
    /// The domains of the account's contacts, where the settings ask for them.
    domains: BTreeSet<String>,
}

impl Known {
    /// Refuses an action for what the settings say, unless nothing follows from it: what a case has already, it may be asked
    /// to have.
    pub(super) fn check(&self, action: &CaseAction, events: &[CaseEvent]) -> Result<(), Refusal> {
        if events.is_empty() { Ok(()) } else { Ok(self.settings.settings.check(action, &self.domains)?) }
    }
}

/// What comes along with what is asked of a case: files above all.
#[derive(Clone, Debug, Default)]
pub struct Files {
    /// Their keys.
    pub keys: Vec<FileKey>,
    /// The uploads that are named.
    pub uploads: Vec<AttachmentId>,
    /// Why not all of them can be attached, if so. A retry of what was done is answered all the same: it names uploads
    /// that are gone, because the case has them.
    pub refusal: Option<Refusal>,
    /// The case that a new one goes on with.
    pub follow_up_of: Option<CaseId>,
    /// The cases that it was addressed to before, each of which goes on in the next.
    pub through: Vec<CaseId>,
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
        // Whoever may write to a case may write to it, whatever goes on in its place.
        if !intention.brings.through.is_empty() {
            return self.state.is_some();
        }
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
        if let Some(answer) = self.answer_to_files(intention) {
            return answer;
        }
        let Intention { action, brings: Files { through, .. }, .. } = intention;
        // Whoever may not ask at all is told that, by the rules, before another case is looked at.
        if self.concerns_others(intention) && table::permits(stamp.by.roles, action.into()) {
            return Err(Refusal::beyond());
        }
        let command = CaseCommand { by: stamp.by, at: stamp.at, action: action.clone() };
        let events = match through.as_slice() {
            [] => self.decide_knowing(&command, &known.of_others)?,
            through => {
                let sees = self.state.as_ref().is_some_and(|state| intention.caller.scope().sees(state));
                self.decide_redirected(&command, through).map_err(|error| match error {
                    // Where it goes on is not for everybody to know; that it is over here, is.
                    CaseError::NeedsFollowUp { .. } if !sees => CaseError::NeedsFollowUp { status: Status::Canceled },
                    other => other,
                })?
            }
        };
        known.check(action, &events)?;
        Ok(events)
    }

    fn beyond<'a>(commands: &'a Commands, intention: &'a Intention) -> BoxFuture<'a, Result<Outcome, CommandFailure>> {
        commands.beyond_one_case(intention).boxed()
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

/// What is asked of the case of an intention beside the rules.
pub(super) trait Asked {
    /// What there is to say where not all of the files can be attached.
    fn answer_to_files(&self, intention: &Intention) -> Option<Result<Vec<CaseEvent>, Refusal>>;
}

impl Asked for Case {
    fn answer_to_files(&self, intention: &Intention) -> Option<Result<Vec<CaseEvent>, Refusal>> {
        let Files { uploads, refusal, .. } = &intention.brings;
        let refusal = refusal.as_ref()?;
        let has =
            |state: &CaseState| uploads.iter().all(|id| state.attachments.get(id).is_some_and(|file| !file.of_note));
        let attached = self.state.as_ref().is_some_and(has);
        let only_attaches = matches!(intention.action, CaseAction::AddAttachments { .. });
        Some(if only_attaches && attached { Ok(vec![]) } else { Err(refusal.clone()) })
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

    /// What the caller may do with cases now: one answer for each, in their order; an error where its history cannot be read.
    pub async fn allowed(&self, caller: &Caller, case_ids: &[CaseId]) -> Vec<Result<Vec<CaseActionKind>, LogError>> {
        let actor = caller.actor();
        // Who may do nothing to any case need not wait for these.
        if !CaseActionKind::iter().any(|action| table::permits(actor.roles, action)) {
            return case_ids.iter().map(|_| Ok(vec![])).collect();
        }
        let ids: Vec<_> = case_ids.iter().map(ToString::to_string).collect();
        let mut answers = Vec::with_capacity(ids.len());
        for case in self.log.latest_of_each(&ids).await {
            answers.push(match case {
                Ok(case) => self.allowed_on(caller, &actor, &case).await,
                Err(error) => Err(error),
            });
        }
        answers
    }

    async fn allowed_on(&self, caller: &Caller, by: &Actor, case: &Case) -> Result<Vec<CaseActionKind>, LogError> {
        if !case.state.as_ref().is_some_and(|state| caller.scope().sees(state)) {
            return Ok(vec![]);
        }
        let mut allowed = case.allowed(by, self.clock.now(), self.max_attachments);
        if let Some(merge) = case.state.as_ref().and_then(|state| state.merge.as_ref()).filter(|merge| merge.stands) {
            let survivor = self.survivor(merge.into).await?;
            // A chain of merges is undone from its end.
            allowed.retain(|kind| *kind != CaseActionKind::UndoMerge || survivor.0 == merge.into);
            let replies = [CaseActionKind::PostMessage, CaseActionKind::AddNote, CaseActionKind::AddAttachments];
            let taken = survivor.1.allowed(by, self.clock.now(), self.max_attachments);
            allowed.retain(|kind| !replies.contains(kind));
            allowed.extend(taken.into_iter().filter(|kind| replies.contains(kind)));
            allowed.sort_unstable();
        }
        Ok(allowed)
    }

    /// The case that goes on in the place of one, or the case itself.
    async fn survivor(&self, mut case_id: CaseId) -> Result<(CaseId, Case), LogError> {
        loop {
            let case: Case = self.log.latest(&case_id.to_string()).await?;
            let merge = case.state.as_ref().and_then(|state| state.merge.as_ref()).filter(|merge| merge.stands);
            match merge.map(|merge| merge.into) {
                Some(next) => case_id = next,
                None => return Ok((case_id, case)),
            }
        }
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
        in_own_task::<Case, _>(kind, case_id.to_string(), work, |carried| carried.refusal.as_ref()).await
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
            CaseError::NotInState { .. }
            | CaseError::NoReopening
            | CaseError::NotMerged
            | CaseError::NotSplit
            | CaseError::SurvivorMerged { .. }
            | CaseError::SplitWentOn
            | CaseError::MovedAway => (RefusalCode::NotInState, None),
            CaseError::OtherNotWorkedOn { .. } => (RefusalCode::NotInState, Some("intoCaseId")),
            CaseError::NotOver { .. } => (RefusalCode::NotInState, Some("followUpOf")),
            CaseError::SameCase => (RefusalCode::InvalidInput, None),
            CaseError::NothingToSplit => (RefusalCode::InvalidInput, Some("messageIds")),
            CaseError::CancelReasonNotYours => (RefusalCode::InvalidInput, Some("reason")),
            CaseError::NeedsFollowUp { .. } => (RefusalCode::NeedsFollowUp, None),
            CaseError::NoSuchMessage => (RefusalCode::NoSuchMessage, Some("messageId")),
            CaseError::NoSuchAttachment => (RefusalCode::NoSuchAttachment, Some("attachmentId")),
            CaseError::AttachedByTheDesk => (RefusalCode::NotPermitted, Some("attachmentId")),
            CaseError::NoSuchAccount | CaseError::OtherAccount { .. } => (RefusalCode::InvalidInput, Some("accountId")),
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
