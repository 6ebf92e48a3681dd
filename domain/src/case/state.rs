//! What a case has come to: the fold of its events, with all that the rules ask about and nothing else.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{
    AttachmentAdded, CLOSE_AFTER, CaseEvent, CaseFact, CaseNumber, Choice, Opened, Priority, Status, TextKind, Wait,
    WatcherId,
};
use crate::{
    AccountId, AttachmentId, Audience, KeyId, LocationId, MessageId, PersonId, ProductId, Sealed, Side, Slug, Timestamp,
};

/// The state of a case that was opened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CaseState {
    /// The number people call it by.
    pub number: CaseNumber,
    /// Whose case it is.
    pub account: AccountId,
    /// Where the trouble is.
    pub location: Choice<LocationId>,
    /// With what.
    pub product: Choice<ProductId>,
    /// The kind of request.
    pub case_type: Slug,
    /// The kind within its kind.
    pub category: Slug,
    /// Whom to talk to.
    pub contact: PersonId,
    /// Who opened it.
    pub opener: PersonId,
    /// Where it stands.
    pub status: Status,
    /// Who is responsible, if anybody.
    pub owner: Option<PersonId>,
    /// Where it waits for an owner.
    pub queue: Slug,
    /// How urgent it is.
    pub priority: Priority,
    /// What it waits for, if it does.
    pub wait: Option<Wait>,
    /// Its description, messages and notes.
    pub texts: BTreeMap<MessageId, Text>,
    /// Its files, those included that were taken away.
    pub attachments: BTreeMap<AttachmentId, Attachment>,
    /// Who gets mail about it, once they have confirmed.
    pub watchers: BTreeSet<WatcherId>,
    /// Those of them who have not.
    pub unconfirmed: Vec<Unconfirmed>,
    /// Those who left by their link, and have not confirmed since.
    pub left_by_link: BTreeSet<WatcherId>,
    /// The answer that stands.
    pub resolution: Option<Resolution>,
    /// The reopening that stands, with the answer that it set aside.
    pub reopening: Option<Reopening>,
    /// Whether a legal hold is in force.
    pub on_hold: bool,
    /// When its last event occurred.
    pub last_occurred_at: Timestamp,
    /// How many events it has.
    pub version: u64,
    /// How many of them its customers may know of.
    pub public_version: u64,
}

/// What the rules know of a text: everything but its words.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Text {
    /// What it is.
    pub kind: TextKind,
    /// The key that seals it.
    pub key: KeyId,
    /// Whether it is taken away from readers.
    pub redacted: bool,
    /// Whether its key is gone, too.
    pub destroyed: bool,
}

/// What the rules know of a file: everything but its name and bytes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Attachment {
    /// From which side of the desk it came.
    pub side: Side,
    /// Whether it belongs to a note.
    pub of_note: bool,
    /// The key that seals its bytes.
    pub key: KeyId,
    /// The key that seals its name and digest.
    pub name_key: KeyId,
    /// What is left of it.
    pub left: FileLeft,
}

/// What is left of a file, the most first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum FileLeft {
    /// All of it.
    All,
    /// Its name; its bytes were removed.
    Name,
    /// Nothing but for auditors: it was redacted under legal hold.
    Withheld,
    /// Nothing: it was redacted.
    Nothing,
}

/// A watcher who has yet to confirm.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Unconfirmed {
    /// Who.
    pub watcher: WatcherId,
    /// Which of the case's events added them: the link that confirms is good for this one alone.
    pub addition: u64,
    /// When.
    pub since: Timestamp,
}

/// An answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Resolution {
    /// The kind of answer.
    pub code: Slug,
    /// When it was given.
    pub at: Timestamp,
    /// When the case is closed if nobody objects.
    pub closes_at: Timestamp,
    /// Whether a contact has rated it.
    pub rated: bool,
}

/// A resolved case that was opened again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reopening {
    /// When.
    pub at: Timestamp,
    /// The answer that did not hold, put back when the reopening is undone.
    pub resolution: Resolution,
}

impl CaseState {
    fn opened(at: Timestamp, opened: &Opened) -> Self {
        let description = Text::sealed_by(TextKind::Description, &opened.description);
        Self {
            number: opened.number,
            account: opened.account,
            location: opened.location,
            product: opened.product,
            case_type: opened.case_type.clone(),
            category: opened.category.clone(),
            contact: opened.contact,
            opener: opened.opener,
            status: Status::New,
            owner: None,
            queue: opened.queue.clone(),
            priority: opened.priority,
            wait: None,
            texts: BTreeMap::from([(opened.message, description)]),
            attachments: BTreeMap::new(),
            watchers: BTreeSet::new(),
            unconfirmed: vec![],
            left_by_link: BTreeSet::new(),
            resolution: None,
            reopening: None,
            on_hold: false,
            last_occurred_at: at,
            version: 0,
            public_version: 0,
        }
    }

    /// Folds one event into what came before. Total: a fact is never refused.
    ///
    /// A second opening, or a first event that is none, leaves everything as it was.
    #[must_use]
    pub fn fold(state: Option<Self>, event: &CaseEvent) -> Option<Self> {
        let mut state = match (state, &event.fact) {
            (None, CaseFact::Opened(opened)) => Self::opened(event.occurred_at, opened),
            (None, _) => return None,
            (Some(state), _) => state,
        };
        state.apply(event);
        Some(state)
    }

    fn apply(&mut self, event: &CaseEvent) {
        self.version += 1;
        self.public_version += u64::from(event.fact.audience() == Audience::Public);
        self.last_occurred_at = event.occurred_at;
        match &event.fact {
            CaseFact::Opened(_)
            | CaseFact::TriageCleared {}
            | CaseFact::SubjectChanged { .. }
            | CaseFact::ResolutionAccepted {}
            | CaseFact::ResolutionRejected { .. } => {}
            CaseFact::TakenUp { owner } => {
                self.status = Status::Open;
                self.owner = Some(*owner);
            }
            CaseFact::OwnerAssigned { owner } => self.owner = Some(*owner),
            CaseFact::OwnerReleased {} => self.owner = None,
            CaseFact::MovedToQueue { queue } => self.queue = queue.clone(),
            CaseFact::WaitStarted { wait } => self.wait = Some(*wait),
            CaseFact::WaitEnded { .. } => self.wait = None,
            CaseFact::PriorityChanged { priority } => self.priority = *priority,
            CaseFact::Reclassified { case_type, category } => {
                self.case_type = case_type.clone();
                self.category = category.clone();
            }
            CaseFact::LocationChanged { location } => self.location = *location,
            CaseFact::ProductChanged { product } => self.product = *product,
            CaseFact::ContactChanged { contact } => self.contact = *contact,
            CaseFact::MessagePosted { message, body, .. } => {
                self.texts.insert(*message, Text::sealed_by(TextKind::Message, body));
            }
            CaseFact::InternalNoteAdded { message, body, .. } => {
                self.texts.insert(*message, Text::sealed_by(TextKind::Note, body));
            }
            CaseFact::MessageRedacted { message, destroyed, .. } => {
                if let Some(text) = self.texts.get_mut(message) {
                    text.redacted = true;
                    text.destroyed |= *destroyed;
                }
            }
            CaseFact::RedactedTextDestroyed { message, .. } => {
                if let Some(text) = self.texts.get_mut(message) {
                    text.destroyed = true;
                }
            }
            CaseFact::AttachmentAdded(added) => {
                self.attachments.insert(added.attachment, Attachment::added(added));
            }
            CaseFact::AttachmentRemoved { attachment, .. } => {
                if let Some(attachment) = self.attachments.get_mut(attachment) {
                    attachment.left = FileLeft::Name;
                }
            }
            CaseFact::AttachmentRedacted { attachment, destroyed, .. } => {
                if let Some(attachment) = self.attachments.get_mut(attachment) {
                    attachment.left = if *destroyed { FileLeft::Nothing } else { FileLeft::Withheld };
                }
            }
            CaseFact::RedactedAttachmentDestroyed { attachment, .. } => {
                if let Some(attachment) = self.attachments.get_mut(attachment) {
                    attachment.left = FileLeft::Nothing;
                }
            }
            CaseFact::WatcherAdded { watcher, unconfirmed } => {
                self.watcher_added(watcher.id(), *unconfirmed, event.occurred_at);
            }
            CaseFact::WatcherConfirmed { watcher } => self.watcher_confirmed(watcher),
            CaseFact::WatcherRemoved { watcher } => self.watcher_gone(watcher),
            CaseFact::WatcherLeft { watcher } => {
                self.watcher_gone(watcher);
                self.left_by_link.insert(watcher.clone());
            }
            CaseFact::Resolved { code, closes_at, .. } => {
                let at = event.occurred_at;
                let closes_at = closes_at.unwrap_or(at + CLOSE_AFTER);
                self.status = Status::Resolved;
                self.reopening = None;
                self.resolution = Some(Resolution { code: code.clone(), at, closes_at, rated: false });
            }
            CaseFact::Reopened { .. } => {
                self.status = Status::Open;
                self.reopening =
                    self.resolution.take().map(|resolution| Reopening { at: event.occurred_at, resolution });
            }
            CaseFact::ReopeningUndone {} => {
                self.status = Status::Resolved;
                self.resolution = self.reopening.take().map(|reopening| reopening.resolution);
            }
            CaseFact::Canceled { .. } => self.status = Status::Canceled,
            CaseFact::Closed { .. } => self.status = Status::Closed,
            CaseFact::SatisfactionRated { .. } => {
                if let Some(resolution) = &mut self.resolution {
                    resolution.rated = true;
                }
            }
            CaseFact::LegalHoldPlaced { .. } => self.on_hold = true,
            CaseFact::LegalHoldLifted {} => self.on_hold = false,
        }
    }

    /// Whether the text stands: of this kind, under this id and key.
    pub(super) fn has_text(&self, kind: TextKind, message: MessageId, key: KeyId) -> bool {
        self.texts.get(&message).is_some_and(|text| text.kind == kind && text.key == key)
    }

    /// Whether a location or product still waits to be found.
    #[must_use]
    pub fn in_triage(&self) -> bool {
        self.location.is_not_listed() || self.product.is_not_listed()
    }

    /// How far the case has come, for an audience: a version that moves only with what they can see.
    #[must_use]
    pub fn version_for(&self, audience: Audience) -> u64 {
        match audience {
            Audience::Public => self.public_version,
            Audience::Internal => self.version,
        }
    }
}

impl Text {
    fn sealed_by<T>(kind: TextKind, body: &Sealed<T>) -> Self {
        Self { kind, key: body.key(), redacted: false, destroyed: false }
    }
}

impl Attachment {
    fn added(added: &AttachmentAdded) -> Self {
        Self {
            side: added.side,
            of_note: added.of_note,
            key: added.key,
            name_key: added.label.key(),
            left: FileLeft::All,
        }
    }
}
