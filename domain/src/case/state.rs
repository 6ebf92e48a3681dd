//! What a case has come to: the fold of its events, with all that the rules ask about and nothing else.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{
    AttachmentAdded, CLOSE_AFTER, CaseEvent, CaseFact, CaseNumber, Choice, Contents, LinkKind, Opened, OtherTextKind,
    Priority, Status, TextKind, Wait, WatcherId,
};
use crate::{
    AccountId, AttachmentId, Audience, CaseId, KeyId, LocationId, MessageId, PersonId, ProductId, Sealed, Side, Slug,
    Timestamp,
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
    /// Its subjects, resolutions, reasons and comments, by the ids that follow from their keys.
    pub other_texts: BTreeMap<MessageId, OtherText>,
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
    /// The cases that it is linked to.
    pub links: BTreeMap<CaseId, LinkKind>,
    /// What it was merged into, while that stands.
    pub merge: Option<Merge>,
    /// The cases that were merged into it, while that stands.
    pub absorbed: BTreeMap<CaseId, Absorption>,
    /// What it was split from, and whether that stands.
    pub split: Option<Split>,
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
    /// Where else it is, or was written to.
    pub elsewhere: Elsewhere,
}

/// Where a text or file of a case is besides.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Elsewhere {
    /// The case whose it is now: nobody sees it in this one.
    pub moved_to: Option<CaseId>,
    /// The other cases that have it, or had: what is destroyed here is destroyed there.
    pub copies: BTreeSet<CaseId>,
    /// The cases through which it came here, each merged into the next, from the one that it was addressed to.
    pub through: Vec<CaseId>,
}

/// A case goes on in another one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Merge {
    /// The other one.
    pub into: CaseId,
    /// Whether it still does.
    pub stands: bool,
    /// Where the case stood before.
    pub status: Status,
    /// What it waited for.
    pub wait: Option<Wait>,
}

/// Another case goes on in this one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Absorption {
    /// Who was told of the other case.
    pub brought: BTreeSet<WatcherId>,
    /// Who is on this one's watch list for no other reason.
    pub added: BTreeSet<WatcherId>,
}

/// A case was begun with contents of another.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Split {
    /// The other one.
    pub from: CaseId,
    /// Whether that was no mistake.
    pub stands: bool,
}

/// What the rules know of a text that is no message: everything but its words.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OtherText {
    /// What it is.
    pub kind: OtherTextKind,
    /// The key that seals it.
    pub key: KeyId,
    /// What is left of it.
    pub left: TextLeft,
}

/// What is left of a text, the most first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum TextLeft {
    /// All of it.
    All,
    /// Nothing but for auditors: it was redacted under legal hold.
    Withheld,
    /// Nothing: it was redacted.
    Nothing,
}

impl TextLeft {
    fn of(redacted: bool, destroyed: bool) -> Self {
        match (redacted, destroyed) {
            (_, true) => Self::Nothing,
            (true, false) => Self::Withheld,
            (false, false) => Self::All,
        }
    }
}

/// What the rules know of a file: everything but its name and bytes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Attachment {
    /// From which side of the desk it came.
    pub side: Side,
    /// Whether it belongs to a note.
    pub of_note: bool,
    /// The description, message or note that it came with.
    pub message: Option<MessageId>,
    /// The key that seals its bytes.
    pub key: KeyId,
    /// The key that seals its name and digest.
    pub name_key: KeyId,
    /// What is left of it.
    pub left: FileLeft,
    /// Where else it is, or was sent to.
    pub elsewhere: Elsewhere,
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
            other_texts: BTreeMap::new(),
            attachments: BTreeMap::new(),
            watchers: BTreeSet::new(),
            unconfirmed: vec![],
            left_by_link: BTreeSet::new(),
            resolution: None,
            reopening: None,
            links: BTreeMap::new(),
            merge: None,
            absorbed: BTreeMap::new(),
            split: None,
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

    #[expect(clippy::too_many_lines, reason = "one arm for each fact")]
    fn apply(&mut self, event: &CaseEvent) {
        self.version += 1;
        self.public_version += u64::from(event.fact.audience() == Audience::Public);
        self.last_occurred_at = event.occurred_at;
        self.note_other_text(&event.fact);
        match &event.fact {
            CaseFact::Opened(_)
            | CaseFact::TriageCleared {}
            | CaseFact::SubjectChanged { .. }
            | CaseFact::ResolutionAccepted {}
            | CaseFact::ResolutionRejected { .. }
            | CaseFact::SplitInto { .. } => {}
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
                self.take_other_text(*message, true);
            }
            CaseFact::TextRedacted { message, destroyed, .. } => self.take_other_text(*message, *destroyed),
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
            CaseFact::LinkedTo { case, kind } => {
                self.links.insert(*case, *kind);
            }
            CaseFact::Unlinked { case } => {
                self.links.remove(case);
            }
            CaseFact::MergedInto { case } => {
                self.merge = Some(Merge { into: *case, stands: true, status: self.status, wait: self.wait });
            }
            CaseFact::MergeUndone { status, .. } => {
                self.status = *status;
                if let Some(merge) = &mut self.merge {
                    merge.stands = false;
                }
            }
            CaseFact::Absorbed { case, brought, added } => {
                let [brought, added] = [brought, added].map(|ids| ids.iter().cloned().collect());
                self.absorbed.insert(*case, Absorption { brought, added });
            }
            CaseFact::AbsorptionUndone { case } => self.absorption_undone(*case),
            CaseFact::SplitFrom { case } => self.split = Some(Split { from: *case, stands: true }),
            CaseFact::SplitUndone { case } => {
                if let Some(split) = self.split.as_mut().filter(|split| split.from == *case) {
                    split.stands = false;
                }
            }
            CaseFact::Redirected { through, contents } => {
                self.each_of(contents, |it| it.through.clone_from(through));
            }
            CaseFact::CarriedOver { case, contents } => self.each_of(contents, |it| {
                it.copies.insert(*case);
            }),
            CaseFact::ContentsMoved { case, contents, .. } => self.each_of(contents, |it| {
                it.copies.insert(*case);
                it.moved_to = Some(*case);
            }),
            CaseFact::ContentsReturned { contents, .. } => self.each_of(contents, |it| it.moved_to = None),
        }
    }

    /// Whoever was added for the sake of this merge alone is there no longer; whom another merge brought, too, is there
    /// for its sake.
    fn absorption_undone(&mut self, case: CaseId) {
        let Some(Absorption { added, .. }) = self.absorbed.remove(&case) else { return };
        for watcher in added {
            if let Some(other) = self.absorbed.values_mut().find(|other| other.brought.contains(&watcher)) {
                other.added.insert(watcher);
            }
        }
    }

    fn each_of(&mut self, contents: &Contents, change: impl Fn(&mut Elsewhere)) {
        for message in contents.texts() {
            self.texts.get_mut(&message).into_iter().for_each(|text| change(&mut text.elsewhere));
        }
        for attachment in &contents.attachments {
            self.attachments.get_mut(attachment).into_iter().for_each(|file| change(&mut file.elsewhere));
        }
    }

    /// Notes the text that a fact brings, if it is no message.
    fn note_other_text(&mut self, fact: &CaseFact) {
        if let Some((kind, text)) = fact.other_text() {
            let text = OtherText { kind, key: text.key(), left: TextLeft::All };
            self.other_texts.insert(MessageId::of_text(text.key), text);
        }
    }

    /// Notes that a text which is no message was taken away.
    fn take_other_text(&mut self, message: MessageId, destroyed: bool) {
        if let Some(text) = self.other_texts.get_mut(&message) {
            text.left = text.left.max(TextLeft::of(true, destroyed));
        }
    }

    /// Whether the text stands: of this kind, under this id and key.
    pub(super) fn has_text(&self, kind: TextKind, message: MessageId, key: KeyId) -> bool {
        self.texts.get(&message).is_some_and(|text| text.kind == kind && text.key == key)
    }

    /// What is left of a text of whatever kind, if there is one of this id.
    pub(super) fn left_of_text(&self, message: MessageId) -> Option<TextLeft> {
        let message_left = self.texts.get(&message).map(|text| TextLeft::of(text.redacted, text.destroyed));
        message_left.or_else(|| self.other_texts.get(&message).map(|text| text.left))
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
        Self { kind, key: body.key(), redacted: false, destroyed: false, elsewhere: Elsewhere::default() }
    }
}

impl Attachment {
    fn added(added: &AttachmentAdded) -> Self {
        Self {
            side: added.side,
            of_note: added.of_note,
            message: added.message,
            key: added.key,
            name_key: added.label.key(),
            left: FileLeft::All,
            elsewhere: Elsewhere::default(),
        }
    }
}
