//! The words of a case that another one takes over: the rules never look at them, so that they are copied from its events.

use std::collections::{BTreeMap, BTreeSet};

use super::{CaseEvent, CaseFact, Contents, Watcher, WatcherId};
use crate::{AttachmentId, KeyId, MessageId, PersonId, PlainText, Sealed, Side, Timestamp};

/// The events of a case, their texts open, and fresh keys for copies of these. Files keep theirs: their bytes are stored
/// once.
pub struct Words<'a> {
    /// The events, in their order.
    pub events: &'a [CaseEvent],
    /// Makes a new key.
    pub new_key: &'a (dyn Fn() -> KeyId + Sync),
}

/// A message to be copied.
pub(super) struct Written<'a> {
    pub message: MessageId,
    pub author: PersonId,
    pub side: Side,
    pub body: &'a Sealed<PlainText>,
    pub at: Timestamp,
    pub is_note: bool,
}

impl<'a> Words<'a> {
    /// Those of the messages whose words are still there, in their order.
    pub(super) fn written(&self, messages: &BTreeSet<MessageId>) -> Vec<Written<'a>> {
        let written = self.events.iter().filter_map(|event| match &event.fact {
            CaseFact::MessagePosted { message, author, side, body, written_at } => Some(Written {
                message: *message,
                author: *author,
                side: *side,
                body,
                at: written_at.unwrap_or(event.occurred_at),
                is_note: false,
            }),
            CaseFact::InternalNoteAdded { message, author, body, written_at } => Some(Written {
                message: *message,
                author: *author,
                side: Side::Staff,
                body,
                at: written_at.unwrap_or(event.occurred_at),
                is_note: true,
            }),
            _ => None,
        });
        written.filter(|it| messages.contains(&it.message) && it.body.value().is_some()).collect()
    }

    /// A copy of a text under a key of its own. What is gone stays gone.
    pub(super) fn copy(&self, text: &Sealed<PlainText>) -> Sealed<PlainText> {
        let (key, subject) = ((self.new_key)(), text.subject());
        match text.value() {
            Some(value) => Sealed::new(key, subject, value.clone()),
            None => Sealed::Erased { key, subject },
        }
    }

    /// The fact that writes a message down in another case.
    pub(super) fn copied(&self, written: &Written<'_>) -> CaseFact {
        let Written { message, author, side, body, at, is_note } = *written;
        let (body, written_at) = (self.copy(body), Some(at));
        if is_note {
            CaseFact::InternalNoteAdded { message, author, body, written_at }
        } else {
            CaseFact::MessagePosted { message, author, side, body, written_at }
        }
    }

    /// The facts that attach files to another case: all of `attachments` whose names are still there.
    pub(super) fn files(&self, attachments: &[AttachmentId]) -> Vec<CaseFact> {
        let files = self.events.iter().filter_map(|event| match &event.fact {
            CaseFact::AttachmentAdded(added) if attachments.contains(&added.attachment) => Some(added),
            _ => None,
        });
        files
            .filter_map(|added| {
                let label = Sealed::new((self.new_key)(), added.label.subject(), added.label.value()?.clone());
                let mut copy = added.clone();
                copy.label = label;
                Some(CaseFact::AttachmentAdded(copy))
            })
            .collect()
    }

    /// The watchers by what tells them apart, as far as their addresses are still there.
    pub(super) fn watchers(&self) -> BTreeMap<WatcherId, Watcher> {
        let added = self.events.iter().filter_map(|event| match &event.fact {
            CaseFact::WatcherAdded { watcher, .. } => Some(watcher),
            _ => None,
        });
        added
            .filter_map(|watcher| {
                let copy = match watcher {
                    Watcher::Contact { .. } => watcher.clone(),
                    Watcher::Address { fingerprint, address } => Watcher::Address {
                        fingerprint: fingerprint.clone(),
                        address: Sealed::new((self.new_key)(), address.subject(), address.value()?.clone()),
                    },
                };
                Some((watcher.id(), copy))
            })
            .collect()
    }
}

/// The contents that facts bring to a case: what was copied, which is less than was asked for where words are gone.
pub(super) fn contents_of(facts: &[CaseFact]) -> Contents {
    let mut contents = Contents::default();
    for fact in facts {
        match fact {
            CaseFact::Opened(opened) => contents.description = Some(opened.message),
            CaseFact::MessagePosted { message, .. } | CaseFact::InternalNoteAdded { message, .. } => {
                contents.messages.push(*message);
            }
            CaseFact::AttachmentAdded(added) => contents.attachments.push(added.attachment),
            _ => {}
        }
    }
    contents
}
