//! Beginning a case with contents of another, and taking that back: the side of the case that gives them away.

use std::collections::BTreeSet;

use super::{
    Attachment, CancelReason, CaseError, CaseFact, CaseState, Contents, Decision, FileLeft, Text, TextKind, WaitEnd,
};
use crate::{AttachmentId, CaseId};

impl Text {
    /// Whether another case may begin with it.
    pub(super) fn can_be_split_off(&self) -> bool {
        self.kind == TextKind::Message && !self.redacted && self.elsewhere.moved_to.is_none()
    }
}

impl Attachment {
    fn can_be_split_off(&self) -> bool {
        !self.of_note && self.left == FileLeft::All && self.elsewhere.moved_to.is_none()
    }
}

impl CaseState {
    /// Gives messages and files to a case that begins with them; the files that came with the messages go along, and a wait
    /// ends.
    ///
    /// # Errors
    /// [`CaseError::NothingToSplit`], [`CaseError::NoSuchMessage`], [`CaseError::NoSuchAttachment`].
    pub(super) fn split_off(&self, into: CaseId, contents: &Contents) -> Decision {
        if contents.messages.is_empty() {
            return Err(CaseError::NothingToSplit);
        }
        if !contents.texts().all(|message| self.texts.get(&message).is_some_and(Text::can_be_split_off)) {
            return Err(CaseError::NoSuchMessage);
        }
        let is_there = |file| self.attachments.get(file).is_some_and(Attachment::can_be_split_off);
        if !contents.attachments.iter().all(is_there) {
            return Err(CaseError::NoSuchAttachment);
        }
        let goes_along = |(id, file): &(&AttachmentId, &Attachment)| {
            file.can_be_split_off()
                && (contents.attachments.contains(id) || file.message.is_some_and(|it| contents.messages.contains(&it)))
        };
        let attachments = self.attachments.iter().filter(goes_along).map(|(id, _)| *id).collect();
        let contents = Contents { attachments, ..contents.clone() };
        let mut facts: Vec<_> = self.wait_ended(WaitEnd::CaseMoved).into_iter().collect();
        facts.push(CaseFact::SplitInto { case: into });
        facts.push(CaseFact::ContentsMoved { case: into, contents, of_notes: false });
        Ok(facts)
    }

    /// What another case was begun with and stands here again, because that case was merged back.
    pub(super) fn split_into(&self, other: CaseId) -> Contents {
        let is_its =
            |it: &super::Elsewhere| it.copies.contains(&other) && it.moved_to.is_none() && it.through.is_empty();
        let texts = self.texts.iter().filter(|(_, text)| text.kind == TextKind::Message && is_its(&text.elsewhere));
        let files = self.attachments.iter().filter(|(_, file)| !file.of_note && is_its(&file.elsewhere));
        Contents {
            description: None,
            messages: texts.map(|(message, _)| *message).collect(),
            attachments: files.map(|(attachment, _)| *attachment).collect(),
        }
    }

    /// Whether another case has all of it.
    pub(super) fn has_given(&self, to: CaseId, contents: &Contents) -> bool {
        let is_there = |message| self.texts.get(&message).is_some_and(|text| text.elsewhere.moved_to == Some(to));
        !contents.messages.is_empty() && contents.texts().all(is_there)
    }

    /// Cancels a case that should not have been split off, and gives back what it began with; a wait ends.
    ///
    /// # Errors
    /// [`CaseError::NotSplit`], and [`CaseError::SplitWentOn`] when there is more on it by now, or less.
    pub(super) fn undo_split(&self) -> Decision {
        let from = self.split.as_ref().filter(|split| split.stands).ok_or(CaseError::NotSplit)?.from;
        let elsewhere =
            || self.texts.values().map(|it| &it.elsewhere).chain(self.attachments.values().map(|it| &it.elsewhere));
        if elsewhere().any(|it| !it.copies.contains(&from) || it.moved_to.is_some()) || !self.absorbed.is_empty() {
            return Err(CaseError::SplitWentOn);
        }
        let mut facts: Vec<_> = self.wait_ended(WaitEnd::CaseMoved).into_iter().collect();
        facts.push(CaseFact::SplitUndone { case: from });
        facts.push(CaseFact::ContentsMoved { case: from, contents: self.all_contents(), of_notes: false });
        facts.push(CaseFact::Canceled { reason: CancelReason::SplitUndone, comment: None });
        Ok(facts)
    }

    fn all_contents(&self) -> Contents {
        let of_kind = |kind| self.texts.iter().filter(move |(_, text)| text.kind == kind).map(|(message, _)| *message);
        Contents {
            description: of_kind(TextKind::Description).next(),
            messages: of_kind(TextKind::Message).collect(),
            attachments: self.attachments.keys().copied().collect(),
        }
    }

    /// What was given to another case and is still there.
    pub(super) fn contents_at(&self, other: CaseId) -> Contents {
        let texts = self.texts.iter().filter(|(_, text)| text.elsewhere.moved_to == Some(other));
        let files = self.attachments.iter().filter(|(_, file)| file.elsewhere.moved_to == Some(other));
        Contents {
            description: None,
            messages: texts.map(|(message, _)| *message).collect(),
            attachments: files.map(|(attachment, _)| *attachment).collect(),
        }
    }

    /// The other cases whose a text or file is, too, of those that an action destroys: those in which it stands, and those that it
    /// was addressed to. A hold on any of them keeps it.
    #[must_use]
    pub fn copies_concerned(&self, action: &super::CaseAction) -> BTreeSet<CaseId> {
        use super::CaseAction::{RedactAttachment, RedactMessage, RemoveAttachment};
        let elsewhere = match action {
            RedactMessage { message } => self.texts.get(message).map(|text| &text.elsewhere),
            RemoveAttachment { attachment } | RedactAttachment { attachment } => {
                self.attachments.get(attachment).map(|file| &file.elsewhere)
            }
            _ => None,
        };
        elsewhere.map(|it| it.copies.iter().chain(&it.through).copied().collect()).unwrap_or_default()
    }
}
