//! `case_attachments`: the files of cases, those included that were taken away.

use std::collections::HashMap;

use domain::{
    AccountId, AttachmentId, CaseId, Side, Timestamp,
    case::{AttachmentAdded, CaseEvent, CaseFact, Contents},
};
use sqlx::{Postgres, QueryBuilder};

use crate::{
    column::Columns,
    writes::{Statement, WHERE_MOVED},
};

/// A row to be written.
#[derive(Clone, Debug)]
pub(super) struct AttachmentRow {
    pub account: AccountId,
    pub sequence: i64,
    pub added: AttachmentAdded,
    pub added_at: Timestamp,
    pub left: Left,
}

/// What was taken away of a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Left {
    pub removed: bool,
    pub redacted: bool,
    /// Whether what was redacted is gone for auditors, too.
    pub destroyed: bool,
    /// Whether it became another case's, or this one's again.
    pub moved: Option<bool>,
}

/// What a page of events makes of files: the rows that it adds, and what it takes away of those that were there before.
#[derive(Debug, Default)]
pub(super) struct AttachmentChanges {
    pub(super) added: HashMap<FileOf, AttachmentRow>,
    taken: HashMap<FileOf, Left>,
}

/// A file of a case.
type FileOf = (CaseId, AttachmentId);

impl AttachmentChanges {
    /// Notes what an event does to the files of its case.
    pub(super) fn apply(&mut self, case_id: CaseId, account: AccountId, sequence: i64, event: &CaseEvent) {
        if let CaseFact::AttachmentAdded(added) = &event.fact {
            let row = AttachmentRow {
                account,
                sequence,
                added: (**added).clone(),
                added_at: event.occurred_at,
                left: Left::of(added),
            };
            self.added.insert((case_id, added.attachment), row);
        } else {
            self.take_away(case_id, event);
        }
    }

    /// Notes what an event takes away of a file, and nothing else.
    pub(super) fn take_away(&mut self, case_id: CaseId, event: &CaseEvent) {
        let (attachment, taken) = match &event.fact {
            CaseFact::AttachmentRemoved { attachment, .. } => (*attachment, Left { removed: true, ..Left::default() }),
            CaseFact::AttachmentRedacted { attachment, destroyed, .. } => {
                (*attachment, Left { removed: true, redacted: true, destroyed: *destroyed, moved: None })
            }
            CaseFact::RedactedAttachmentDestroyed { attachment, .. } => {
                (*attachment, Left { removed: true, redacted: true, destroyed: true, moved: None })
            }
            CaseFact::ContentsMoved { contents, .. } => return self.set_moved(case_id, contents, true),
            CaseFact::ContentsReturned { contents, .. } => return self.set_moved(case_id, contents, false),
            CaseFact::Opened(_)
            | CaseFact::TakenUp { .. }
            | CaseFact::OwnerAssigned { .. }
            | CaseFact::OwnerReleased {}
            | CaseFact::MovedToQueue { .. }
            | CaseFact::WaitStarted { .. }
            | CaseFact::WaitEnded { .. }
            | CaseFact::PriorityChanged { .. }
            | CaseFact::Reclassified { .. }
            | CaseFact::LocationChanged { .. }
            | CaseFact::ProductChanged { .. }
            | CaseFact::TriageCleared {}
            | CaseFact::SubjectChanged { .. }
            | CaseFact::ContactChanged { .. }
            | CaseFact::MessagePosted { .. }
            | CaseFact::InternalNoteAdded { .. }
            | CaseFact::MessageRedacted { .. }
            | CaseFact::RedactedTextDestroyed { .. }
            | CaseFact::TextRedacted { .. }
            | CaseFact::AttachmentAdded(_)
            | CaseFact::WatcherAdded { .. }
            | CaseFact::WatcherConfirmed { .. }
            | CaseFact::WatcherRemoved { .. }
            | CaseFact::WatcherLeft { .. }
            | CaseFact::Resolved { .. }
            | CaseFact::ResolutionAccepted {}
            | CaseFact::ResolutionRejected { .. }
            | CaseFact::Reopened { .. }
            | CaseFact::ReopeningUndone {}
            | CaseFact::Canceled { .. }
            | CaseFact::Closed { .. }
            | CaseFact::SatisfactionRated { .. }
            | CaseFact::LegalHoldPlaced { .. }
            | CaseFact::ReminderDue {}
            | CaseFact::LegalHoldLifted {}
            | CaseFact::LinkedTo { .. }
            | CaseFact::Unlinked { .. }
            | CaseFact::MergedInto { .. }
            | CaseFact::MergeUndone { .. }
            | CaseFact::Absorbed { .. }
            | CaseFact::AbsorptionUndone { .. }
            | CaseFact::Redirected { .. }
            | CaseFact::SplitFrom { .. }
            | CaseFact::SplitInto { .. }
            | CaseFact::SplitUndone { .. }
            | CaseFact::CarriedOver { .. } => return,
        };
        self.change(case_id, attachment, taken);
    }

    fn set_moved(&mut self, case_id: CaseId, contents: &Contents, moved: bool) {
        for attachment in &contents.attachments {
            self.change(case_id, *attachment, Left { moved: Some(moved), ..Left::default() });
        }
    }

    fn change(&mut self, case_id: CaseId, attachment: AttachmentId, more: Left) {
        let left = match self.added.get_mut(&(case_id, attachment)) {
            Some(row) => &mut row.left,
            None => self.taken.entry((case_id, attachment)).or_default(),
        };
        *left = left.and(more);
    }

    /// Adds to a statement that it writes the changes.
    pub(super) fn push_write<'a>(&'a self, statement: &mut Statement<'a>) {
        let taken: Vec<_> = self.taken.iter().collect();
        statement.part("attachments_taken", &taken, push_take);
        let added: Vec<_> = self.added.iter().collect();
        statement.part("attachments_added", &added, push_add);
    }
}

impl Left {
    /// Of a file whose name is gone nothing is left: it was redacted, or its uploader was erased.
    fn of(added: &AttachmentAdded) -> Self {
        let is_gone = added.label.value().is_none();
        Self { removed: is_gone, redacted: is_gone, destroyed: is_gone, moved: None }
    }

    fn and(self, more: Self) -> Self {
        Self {
            removed: self.removed || more.removed,
            redacted: self.redacted || more.redacted,
            destroyed: self.destroyed || more.destroyed,
            moved: more.moved.or(self.moved),
        }
    }
}

impl AttachmentRow {
    /// Its name; none once it was redacted or erased.
    pub(super) fn name(&self) -> Option<&str> {
        self.added.label.value().filter(|_| !self.left.redacted).map(|label| label.name.as_str())
    }

    /// The name that was redacted under legal hold.
    pub(super) fn withheld_name(&self) -> Option<&str> {
        let withheld = self.left.redacted && !self.left.destroyed;
        self.added.label.value().filter(|_| withheld).map(|label| label.name.as_str())
    }

    /// The digest of its bytes; none once the name is gone.
    pub(super) fn sha256(&self) -> Option<String> {
        self.added.label.value().filter(|_| !self.left.redacted).map(|label| label.sha256.to_string())
    }
}

fn push_take<'a>(sql: &mut QueryBuilder<'a, Postgres>, taken: &[(&'a FileOf, &'a Left)]) {
    sql.push(
        "update case_attachments
         set removed = case_attachments.removed or taken.removed,
             redacted = case_attachments.redacted or taken.redacted,
             withheld_name = case when taken.redacted and not taken.destroyed then coalesce(withheld_name, name) end,
             name = case when not taken.redacted then name end,
             sha256 = case when not taken.redacted then sha256 end,
             moved = coalesce(taken.moved, case_attachments.moved)
         from (",
    );
    Columns::of(sql, taken)
        .add(|((case_id, _), _)| case_id.0)
        .add(|((_, attachment), _)| attachment.0)
        .add(|(_, left)| left.removed)
        .add(|(_, left)| left.redacted)
        .add(|(_, left)| left.destroyed)
        .add(|(_, left)| left.moved);
    sql.push(
        ") as taken (case_id, attachment_id, removed, redacted, destroyed, moved)
         where case_attachments.case_id = taken.case_id and case_attachments.attachment_id = taken.attachment_id
             and exists (select from moved)",
    );
}

fn push_add<'a>(sql: &mut QueryBuilder<'a, Postgres>, added: &[(&'a FileOf, &'a AttachmentRow)]) {
    sql.push(
        "insert into case_attachments (
             case_id, attachment_id, account_id, sequence, uploader_id, from_desk, name, withheld_name, media_type,
             size_bytes, sha256, key_id, of_note, message_id, added_at, removed, redacted,
             moved
         )",
    );
    Columns::of(sql, added)
        .add(|((case_id, _), _)| case_id.0)
        .add(|((_, attachment), _)| attachment.0)
        .add(|(_, row)| row.account.0)
        .add(|(_, row)| row.sequence)
        .add(|(_, row)| row.added.uploader.0)
        .add(|(_, row)| row.added.side == Side::Staff)
        .add(|(_, row)| row.name())
        .add(|(_, row)| row.withheld_name())
        .add(|(_, row)| row.added.media_type.as_str())
        .add(|(_, row)| i64::try_from(row.added.size_bytes).expect("files are far below 2^63 bytes"))
        .add(|(_, row)| row.sha256())
        .add(|(_, row)| row.added.key.0)
        .add(|(_, row)| row.added.of_note)
        .add(|(_, row)| row.added.message.map(|message| message.0))
        .add(|(_, row)| row.added_at)
        .add(|(_, row)| row.left.removed)
        .add(|(_, row)| row.left.redacted)
        .add(|(_, row)| row.left.moved.unwrap_or_default());
    sql.push(WHERE_MOVED).push(" on conflict (case_id, attachment_id) do nothing");
}
