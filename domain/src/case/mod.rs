//! The case: one customer's request, from opening to settlement.
//!
//! | file | what it holds |
//! |---|---|
//! | [`vocabulary`] | states and the values that events speak in |
//! | [`event`] | what can happen, and who may know of it |
//! | [`action`] | what can be asked for |
//! | [`table`] | who may ask for what in which state |
//! | `allowed` | what somebody may ask for now |
//! | [`facts`] | what must be known of others: whose the places, products and people are |
//! | `due` | what time does to a case |
//! | [`state`] | what a case has come to |
//! | [`pair`], [`words`] | what one command does to two cases, and whose words it takes along |
//! | `opening`, `lifecycle`, `ownership`, `waiting`, `conversation`, `attachments`, `particulars`, `watching`, `hold`, `rating`, `merging`, `splitting` | the rules, with their tests beside them |
//!
//! A rule looks at the state and an action and answers facts, or a [`CaseError`]. No facts means that what was
//! asked for already holds.

pub mod action;
mod allowed;
pub mod attachments;
mod conversation;
mod due;
mod error;
pub mod event;
pub mod facts;
mod hold;
mod lifecycle;
mod merging;
mod opening;
mod ownership;
pub mod pair;
mod particulars;
mod rating;
mod splitting;
pub mod state;
pub mod table;
#[cfg(test)]
pub(crate) mod testing;
pub mod vocabulary;
mod waiting;
mod watching;
pub mod words;

use cqrs_es::{Aggregate, event_sink::EventSink};
use serde::{Deserialize, Serialize};

pub use action::{CaseAction, CaseActionKind, CaseCommand, OpenCase};
pub use attachments::{FileLabel, MAX_ATTACHMENTS, NewAttachment, NewAttachments, Sha256};
pub use due::CLOSE_AFTER;
pub use error::{CaseError, CaseErrorKind};
pub use event::{AttachmentAdded, CaseEvent, CaseFact, CaseFactKind, Opened};
pub use facts::{Facts, FactsWanted, Installed, Place};
pub use lifecycle::UNDO_REOPENING_WITHIN;
pub use pair::Pair;
pub use state::{
    Absorption, Attachment, CaseState, Elsewhere, FileLeft, Merge, OtherText, Reopening, Resolution, Split, Text,
    TextLeft, Unconfirmed,
};
pub use vocabulary::{
    CancelReason, CaseNumber, CaseNumberError, Choice, CloseCause, Contents, ExternalReference, LinkKind,
    OtherTextKind, Priority, ReopenCause, Status, TextKind, Wait, WaitEnd, WaitReason, Watcher, WatcherId,
};
pub use watching::{CONFIRM_WITHIN, MAX_WATCHERS};
pub use words::Words;

use crate::{Actor, Timestamp};

/// A case, opened or yet to be.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Case {
    /// What it has come to; nothing before it is opened.
    pub state: Option<CaseState>,
}

/// What the rules say to an action: the facts that follow from it, none when it already holds.
type Decision = Result<Vec<CaseFact>, CaseError>;

impl Case {
    /// What follows from a command, as events in their order.
    ///
    /// # Errors
    /// [`CaseError`]: first for who may ask at all, then for the state, then for the rule.
    pub fn decide(&self, command: &CaseCommand) -> Result<Vec<CaseEvent>, CaseError> {
        let CaseCommand { by, at, action } = command;
        table::check_role(by, action.into())?;
        let (at, facts) = match &self.state {
            None => (*at, opening::decide(by, action)?),
            Some(state) => {
                let at = state.last_occurred_at.max(*at);
                (at, state.decide(by, at, action)?)
            }
        };
        Ok(facts.into_iter().map(|fact| CaseEvent { occurred_at: at, fact }).collect())
    }
}

impl CaseState {
    fn decide(&self, by: &Actor, at: Timestamp, action: &CaseAction) -> Decision {
        if self.already_holds(by, at, action) {
            return Ok(vec![]);
        }
        if let CaseAction::Open(_) = action {
            return Err(CaseError::AlreadyOpen { number: self.number });
        }
        self.check_state(by, at, action.into())?;
        match action {
            CaseAction::Open(_) | CaseAction::TakeUp => Ok(Self::taken_up(by)),
            CaseAction::Assign { owner } => Ok(self.assign(by, *owner)),
            CaseAction::Release => Ok(vec![CaseFact::OwnerReleased {}]),
            CaseAction::MoveToQueue { queue } => Ok(self.move_to_queue(queue)),
            CaseAction::StartWait { wait } => self.start_wait(by, at, *wait),
            CaseAction::EndWait => Ok(self.end_wait(by)),
            CaseAction::PostMessage { message, body, attachments } => {
                self.post_message(by, *message, body, attachments)
            }
            CaseAction::AddNote { message, body, attachments } => self.add_note(by, *message, body, attachments),
            CaseAction::RedactMessage { message } => self.redact_message(*message),
            CaseAction::AddAttachments { attachments } => self.add_attachments(by, attachments),
            CaseAction::RemoveAttachment { attachment } => self.remove_attachment(by, *attachment),
            CaseAction::RedactAttachment { attachment } => self.redact_attachment(*attachment),
            CaseAction::AddWatcher { watcher } => self.add_watcher(by, watcher),
            CaseAction::RemoveWatcher { watcher } => Ok(vec![CaseFact::WatcherRemoved { watcher: watcher.clone() }]),
            CaseAction::LeaveWatchList => Ok(vec![CaseFact::WatcherRemoved { watcher: WatcherId::Contact(by.person) }]),
            CaseAction::ConfirmWatching { watcher, addition } => self.confirm_watching(by, at, watcher, *addition),
            CaseAction::LeaveByLink { watcher } => Self::leave_by_link(by, watcher),
            CaseAction::SetPriority { priority } => Ok(vec![CaseFact::PriorityChanged { priority: *priority }]),
            CaseAction::Reclassify { case_type, category } => {
                Ok(vec![CaseFact::Reclassified { case_type: case_type.clone(), category: category.clone() }])
            }
            CaseAction::SetLocation { location } => Ok(self.set_location(*location)),
            CaseAction::SetProduct { product } => Ok(self.set_product(*product)),
            CaseAction::ClearTriage => Ok(self.clear_triage()),
            CaseAction::SetSubject { subject } => Ok(vec![CaseFact::SubjectChanged { subject: subject.clone() }]),
            CaseAction::SetContact { contact } => Ok(vec![CaseFact::ContactChanged { contact: *contact }]),
            CaseAction::Resolve { code, resolution, closes_after } => {
                Ok(self.resolve(by, code, resolution, closes_after.map(|after| at + after)))
            }
            CaseAction::AcceptResolution => Ok(Self::accept_resolution()),
            CaseAction::RejectResolution { reason } => Ok(Self::reject_resolution(reason.as_ref())),
            CaseAction::Reopen { reason } => Ok(Self::reopen(reason)),
            CaseAction::UndoReopening => self.undo_reopening(at),
            CaseAction::Cancel { reason, comment } => self.cancel(*reason, comment.as_ref()),
            CaseAction::Close { cause } => Self::close(by, *cause),
            CaseAction::Rate { score, comment } => self.rate(*score, comment.as_ref()),
            CaseAction::PlaceHold { reason } => Ok(vec![CaseFact::LegalHoldPlaced { reason: reason.clone() }]),
            CaseAction::LiftHold => Ok(vec![CaseFact::LegalHoldLifted {}]),
            CaseAction::Link { other } => Ok(vec![CaseFact::LinkedTo { case: *other, kind: LinkKind::Related }]),
            CaseAction::Unlink { other } => Ok(vec![CaseFact::Unlinked { case: *other }]),
            CaseAction::Merge { into } => Ok(self.merge_into(*into)),
            CaseAction::UndoMerge => self.undo_merge(),
            CaseAction::Split { into, contents, .. } => self.split_off(*into, contents),
            CaseAction::UndoSplit => self.undo_split(),
        }
    }

    /// Whether the outcome that an action asks for holds already, in whatever state the case is.
    ///
    /// Where the outcome has words of its own (an answer, a reason) they are not compared: the log keeps them sealed.
    fn already_holds(&self, by: &Actor, at: Timestamp, action: &CaseAction) -> bool {
        match action {
            CaseAction::Open(opening) => self.number == opening.number,
            CaseAction::TakeUp => self.status == Status::Open && self.owner == Some(by.person),
            CaseAction::Assign { owner } => self.owner == Some(*owner) && !self.assigning_takes_up(by, *owner),
            CaseAction::Release => self.owner.is_none(),
            CaseAction::MoveToQueue { queue } => self.queue == *queue && self.owner.is_none(),
            CaseAction::StartWait { wait } => self.status == Status::Open && self.wait == Some(*wait),
            CaseAction::EndWait => self.wait.is_none(),
            CaseAction::PostMessage { message, body, .. } => self.has_text(TextKind::Message, *message, body.key()),
            CaseAction::AddNote { message, body, .. } => self.has_text(TextKind::Note, *message, body.key()),
            CaseAction::RedactMessage { message } => {
                let left = self.left_of_text(*message);
                left == Some(TextLeft::Nothing) || (left == Some(TextLeft::Withheld) && self.on_hold)
            }
            CaseAction::AddAttachments { attachments } => self.has_attachments(attachments),
            CaseAction::RemoveAttachment { attachment } => {
                self.attachment_for(by, *attachment).is_some_and(|file| file.left > FileLeft::All)
            }
            CaseAction::RedactAttachment { attachment } => {
                let left = self.attachments.get(attachment).map(|file| file.left);
                left == Some(FileLeft::Nothing) || (left == Some(FileLeft::Withheld) && self.on_hold)
            }
            CaseAction::AddWatcher { watcher } => {
                self.watchers.contains(&watcher.id()) && !self.was_asked_in_vain(&watcher.id(), at)
            }
            CaseAction::RemoveWatcher { watcher } | CaseAction::LeaveByLink { watcher } => {
                !self.watchers.contains(watcher)
            }
            CaseAction::LeaveWatchList => !self.watchers.contains(&WatcherId::Contact(by.person)),
            CaseAction::ConfirmWatching { watcher, .. } => self.is_confirmed(watcher),
            CaseAction::SetPriority { priority } => self.priority == *priority,
            CaseAction::Reclassify { case_type, category } => {
                self.case_type == *case_type && self.category == *category
            }
            CaseAction::SetLocation { location } => self.location == *location,
            CaseAction::SetProduct { product } => self.product == *product,
            CaseAction::ClearTriage => !self.in_triage(),
            CaseAction::SetSubject { .. } | CaseAction::Rate { .. } | CaseAction::UndoReopening => false,
            CaseAction::SetContact { contact } => self.contact == *contact,
            CaseAction::Resolve { code, .. } => {
                self.status == Status::Resolved && self.resolution.as_ref().is_some_and(|given| given.code == *code)
            }
            CaseAction::AcceptResolution | CaseAction::Close { .. } => self.status == Status::Closed,
            CaseAction::RejectResolution { .. } | CaseAction::Reopen { .. } => {
                self.status == Status::Open && self.reopening.is_some()
            }
            CaseAction::Cancel { .. } => self.status == Status::Canceled,
            CaseAction::PlaceHold { .. } => self.on_hold,
            CaseAction::LiftHold => !self.on_hold,
            CaseAction::Link { other } => self.links.contains_key(other),
            CaseAction::Unlink { other } => !self.links.contains_key(other),
            CaseAction::Merge { into } => self.merge.as_ref().is_some_and(|merge| merge.stands && merge.into == *into),
            CaseAction::UndoMerge => self.merge.as_ref().is_some_and(|merge| !merge.stands),
            CaseAction::Split { into, contents, .. } => self.has_given(*into, contents),
            CaseAction::UndoSplit => self.split.as_ref().is_some_and(|split| !split.stands),
        }
    }
}

impl Aggregate for Case {
    const TYPE: &'static str = "case";
    type Command = CaseCommand;
    type Event = CaseEvent;
    type Error = CaseError;
    type Services = ();

    async fn handle(
        &mut self,
        command: Self::Command,
        (): &Self::Services,
        sink: &EventSink<Self>,
    ) -> Result<(), Self::Error> {
        for event in self.decide(&command)? {
            sink.write(event, self).await;
        }
        Ok(())
    }

    fn apply(&mut self, event: Self::Event) {
        self.state = CaseState::fold(self.state.take(), &event);
    }
}
