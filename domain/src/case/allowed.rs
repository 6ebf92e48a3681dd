//! What somebody may do with a case as it is now: what a front end offers.

use strum::IntoEnumIterator;

use super::{Case, CaseAction, CaseActionKind as Kind, CaseError, CaseState, MAX_WATCHERS, Text, table};
use crate::{Actor, Timestamp};

impl Case {
    /// The actions that are open to somebody now, in the order of [`CaseActionKind`](Kind): each of them can be given in a way that is
    /// accepted and changes something, and no other can. Opening is none of a case that is there. A case has at most
    /// `max_attachments` files.
    #[must_use]
    pub fn allowed(&self, by: &Actor, at: Timestamp, max_attachments: usize) -> Vec<Kind> {
        let Some(state) = &self.state else { return vec![] };
        let has_room = state.public_attachments() < max_attachments;
        let is_open = |kind: &Kind| state.allows(by, at, *kind) && (has_room || *kind != Kind::AddAttachments);
        Kind::iter().filter(is_open).collect()
    }
}

impl CaseState {
    /// Refuses an action in a state that does not take it, naming what the caller could do instead.
    pub(super) fn check_state(&self, by: &Actor, at: Timestamp, action: Kind) -> Result<(), CaseError> {
        let status = self.status;
        if table::states_of(action).contains(&status) {
            return Ok(());
        }
        if status.is_final() && matches!(action, Kind::PostMessage | Kind::AddAttachments) {
            return Err(CaseError::NeedsFollowUp { status });
        }
        let allowed = Kind::iter().filter(|other| self.allows(by, at, *other)).collect();
        Err(CaseError::NotInState { action, status, allowed })
    }

    fn allows(&self, by: &Actor, at: Timestamp, kind: Kind) -> bool {
        let in_table = table::permits(by.roles, kind) && table::states_of(kind).contains(&self.status);
        in_table && self.has_use_for(by, at, kind)
    }

    /// Whether an action that the table allows has something to work on.
    fn has_use_for(&self, by: &Actor, at: Timestamp, kind: Kind) -> bool {
        match kind {
            Kind::Open => false,
            // Without arguments, there is one way to give them.
            Kind::TakeUp => self.takes(by, at, &CaseAction::TakeUp),
            Kind::Release => self.takes(by, at, &CaseAction::Release),
            Kind::EndWait => self.takes(by, at, &CaseAction::EndWait),
            Kind::ClearTriage => self.takes(by, at, &CaseAction::ClearTriage),
            Kind::LeaveWatchList => self.takes(by, at, &CaseAction::LeaveWatchList),
            Kind::Remind => self.takes(by, at, &CaseAction::Remind),
            Kind::AcceptResolution => self.takes(by, at, &CaseAction::AcceptResolution),
            Kind::UndoReopening => self.takes(by, at, &CaseAction::UndoReopening),
            Kind::LiftHold => self.takes(by, at, &CaseAction::LiftHold),
            Kind::RedactMessage => {
                let mut texts = self.texts.keys().chain(self.other_texts.keys());
                texts.any(|message| self.takes(by, at, &CaseAction::RedactMessage { message: *message }))
            }
            Kind::RemoveAttachment => self
                .attachments
                .keys()
                .any(|attachment| self.takes(by, at, &CaseAction::RemoveAttachment { attachment: *attachment })),
            Kind::RedactAttachment => self
                .attachments
                .keys()
                .any(|attachment| self.takes(by, at, &CaseAction::RedactAttachment { attachment: *attachment })),
            Kind::ConfirmWatching => self.unconfirmed.iter().any(|it| {
                let (watcher, addition) = (it.watcher.clone(), it.addition);
                self.takes(by, at, &CaseAction::ConfirmWatching { watcher, addition })
            }),
            Kind::LeaveByLink => self
                .watchers
                .iter()
                .any(|watcher| self.takes(by, at, &CaseAction::LeaveByLink { watcher: watcher.clone() })),
            Kind::RemoveWatcher => !self.watchers.is_empty(),
            Kind::AddWatcher => self.watchers.len() < MAX_WATCHERS,
            Kind::Rate => self.takes(by, at, &CaseAction::Rate { score: 5, comment: None }),
            Kind::PlaceHold => !self.on_hold,
            Kind::Unlink => !self.links.is_empty(),
            Kind::UndoMerge => self.takes(by, at, &CaseAction::UndoMerge),
            Kind::UndoSplit => self.takes(by, at, &CaseAction::UndoSplit),
            Kind::Split => self.texts.values().any(Text::can_be_split_off),
            // There is always another value, or more to say.
            Kind::Link
            | Kind::Merge
            | Kind::Assign
            | Kind::MoveToQueue
            | Kind::StartWait
            | Kind::PostMessage
            | Kind::AddNote
            | Kind::AddAttachments
            | Kind::SetPriority
            | Kind::Reclassify
            | Kind::SetLocation
            | Kind::SetProduct
            | Kind::SetSubject
            | Kind::SetContact
            | Kind::Resolve
            | Kind::RejectResolution
            | Kind::Reopen
            | Kind::Cancel
            | Kind::Close => true,
        }
    }

    fn takes(&self, by: &Actor, at: Timestamp, action: &CaseAction) -> bool {
        self.decide(by, self.last_occurred_at.max(at), action).is_ok_and(|facts| !facts.is_empty())
    }
}
