//! What can happen to a case. Facts, in the past tense, small and final.
//!
//! A stored event is `{"occurred_at": …, "fact": {"<type>": {…}}}`. Its type name and schema version stand beside
//! the payload. Adding an optional field needs nothing (`#[serde(default)]`); any other change is a new version
//! and an upcaster in the event log.

use cqrs_es::DomainEvent;
use serde::{Deserialize, Serialize};
use strum::{EnumIter, IntoStaticStr};

use super::{
    attachments::FileLabel,
    vocabulary::{
        CancelReason, CaseNumber, Choice, CloseCause, Contents, ExternalReference, LinkKind, OtherTextKind, Priority,
        ReopenCause, Status, TextKind, Wait, WaitEnd, Watcher, WatcherId,
    },
};
use crate::{
    AccountId, AttachmentId, Audience, CaseId, KeyId, LocationId, MessageId, PersonId, PlainText, ProductId, Sealed,
    Side, Slug, Timestamp,
};

/// One fact about one case, and when it became one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CaseEvent {
    /// When it happened, which for an import is when it happened in the other system. Never decreases in a stream.
    pub occurred_at: Timestamp,
    /// What happened.
    pub fact: CaseFact,
}

/// How a case begins.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Opened {
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
    /// Who opened it, perhaps on the contact's behalf.
    pub opener: PersonId,
    /// What it is about, in a line; the description's first line serves where it is missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<Sealed<PlainText>>,
    /// The id of the description, which can be redacted like a message.
    pub message: MessageId,
    /// What it is about.
    pub description: Sealed<PlainText>,
    /// Where it waits for an owner.
    pub queue: Slug,
    /// How urgent it is.
    pub priority: Priority,
    /// What it was called in the system that it comes from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_reference: Option<ExternalReference>,
}

/// A file that was attached to a case.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AttachmentAdded {
    /// The file.
    pub attachment: AttachmentId,
    /// Who uploaded it.
    pub uploader: PersonId,
    /// From which side of the desk.
    pub side: Side,
    /// What it was called and the digest of its bytes, under a key of its own.
    pub label: Sealed<FileLabel>,
    /// What kind of file it is, `image/png` for example.
    pub media_type: String,
    /// How many bytes it has.
    pub size_bytes: u64,
    /// The key that seals its bytes.
    pub key: KeyId,
    /// Whether it belongs to a note, which is for the desk alone.
    pub of_note: bool,
    /// The description, message or note that it came with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<MessageId>,
}

/// The facts of a case's life.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, IntoStaticStr, strum::EnumDiscriminants)]
#[strum_discriminants(name(CaseFactKind), derive(EnumIter, IntoStaticStr, Hash), doc = "The types of [`CaseFact`].")]
pub enum CaseFact {
    /// The case began.
    Opened(Box<Opened>),
    /// An agent began to work on it: New became Open.
    TakenUp {
        /// Who is responsible from here on.
        owner: PersonId,
    },
    /// An agent was made responsible.
    OwnerAssigned {
        /// The agent.
        owner: PersonId,
    },
    /// Nobody is responsible any more.
    OwnerReleased {},
    /// It waits in another queue.
    MovedToQueue {
        /// The queue.
        queue: Slug,
    },
    /// Work pauses.
    WaitStarted {
        /// For what, and until when.
        wait: Wait,
    },
    /// Work goes on.
    WaitEnded {
        /// The wait that ended.
        wait: Wait,
        /// Why.
        cause: WaitEnd,
    },
    /// It became more or less urgent.
    PriorityChanged {
        /// How urgent it is now.
        priority: Priority,
    },
    /// It is of another kind than was thought.
    Reclassified {
        /// The kind of request.
        case_type: Slug,
        /// The kind within its kind.
        category: Slug,
    },
    /// It is about another place than was thought.
    LocationChanged {
        /// The place.
        location: Choice<LocationId>,
    },
    /// It is about another product than was thought.
    ProductChanged {
        /// The product.
        product: Choice<ProductId>,
    },
    /// What was not in the lists has been found, or found not to matter.
    TriageCleared {},
    /// It is called something else.
    SubjectChanged {
        /// The new subject.
        subject: Sealed<PlainText>,
    },
    /// Somebody else is to be talked to.
    ContactChanged {
        /// The new contact.
        contact: PersonId,
    },
    /// Somebody wrote to the other side.
    MessagePosted {
        /// The message.
        message: MessageId,
        /// Who wrote it.
        author: PersonId,
        /// From which side of the desk.
        side: Side,
        /// The text.
        body: Sealed<PlainText>,
        /// When it was written, where it was brought over from another case later.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        written_at: Option<Timestamp>,
    },
    /// An agent wrote something down for the desk alone.
    InternalNoteAdded {
        /// The note.
        message: MessageId,
        /// Who wrote it.
        author: PersonId,
        /// The text.
        body: Sealed<PlainText>,
        /// When it was written, where it was brought over from another case later.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        written_at: Option<Timestamp>,
    },
    /// A text was taken away.
    MessageRedacted {
        /// The text's id.
        message: MessageId,
        /// What kind of text it was.
        kind: TextKind,
        /// The key that sealed it.
        key: KeyId,
        /// Whether the key was destroyed. Under legal hold it is kept for auditors.
        destroyed: bool,
    },
    /// A text that was taken away under legal hold, and kept for auditors, is destroyed after all.
    RedactedTextDestroyed {
        /// The text's id.
        message: MessageId,
        /// The key that sealed it.
        key: KeyId,
    },
    /// A text that is no message was taken away: a subject, a resolution, a reason or a comment.
    TextRedacted {
        /// The text's id, which follows from its key.
        message: MessageId,
        /// What kind of text it was.
        kind: OtherTextKind,
        /// The key that sealed it.
        key: KeyId,
        /// Whether the key was destroyed. Under legal hold it is kept for auditors.
        destroyed: bool,
    },
    /// A file was attached; its bytes were stored before.
    AttachmentAdded(Box<AttachmentAdded>),
    /// A file's bytes were taken away. That it was there stays, and so does its name.
    AttachmentRemoved {
        /// The file.
        attachment: AttachmentId,
        /// Whether it belongs to a note.
        of_note: bool,
        /// The key that sealed its bytes.
        key: KeyId,
        /// Whether the key was destroyed. Under legal hold it is kept for auditors.
        destroyed: bool,
    },
    /// A file was taken away with its name.
    AttachmentRedacted {
        /// The file.
        attachment: AttachmentId,
        /// Whether it belongs to a note.
        of_note: bool,
        /// The key that sealed its bytes.
        key: KeyId,
        /// The key that sealed its name and digest.
        name_key: KeyId,
        /// Whether both keys were destroyed. Under legal hold they are kept for auditors.
        destroyed: bool,
    },
    /// A file that was redacted under legal hold, and kept for auditors, is destroyed after all.
    RedactedAttachmentDestroyed {
        /// The file.
        attachment: AttachmentId,
        /// The key that sealed its bytes.
        key: KeyId,
        /// The key that sealed its name and digest.
        name_key: KeyId,
    },
    /// Somebody gets mail about the case from here on.
    WatcherAdded {
        /// Who.
        watcher: Watcher,
        /// They get none before they confirm that they want it.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        unconfirmed: bool,
    },
    /// A watcher confirmed by the link that was mailed to them.
    WatcherConfirmed {
        /// Who.
        watcher: WatcherId,
    },
    /// Somebody gets none any more.
    WatcherRemoved {
        /// Who.
        watcher: WatcherId,
    },
    /// A watcher left by the link that was mailed to them.
    WatcherLeft {
        /// Who.
        watcher: WatcherId,
    },
    /// An answer was given.
    Resolved {
        /// The kind of answer.
        code: Slug,
        /// The answer.
        resolution: Sealed<PlainText>,
        /// When the case is closed if nobody objects; [`super::CLOSE_AFTER`] it where nothing is said.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        closes_at: Option<Timestamp>,
    },
    /// A contact is content with the answer.
    ResolutionAccepted {},
    /// A contact is not.
    ResolutionRejected {
        /// Why not, if they said so.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<Sealed<PlainText>>,
    },
    /// Resolved became Open again.
    Reopened {
        /// How that came.
        cause: ReopenCause,
        /// An agent's reason.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<Sealed<PlainText>>,
    },
    /// The reopening was a mistake: Open became Resolved again, as it was.
    ReopeningUndone {},
    /// The case was withdrawn.
    Canceled {
        /// Why.
        reason: CancelReason,
        /// Why, in words.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        comment: Option<Sealed<PlainText>>,
    },
    /// The case is settled.
    Closed {
        /// How that came.
        cause: CloseCause,
    },
    /// A contact said how content they are with a resolution.
    SatisfactionRated {
        /// From 1, not at all, to 5, fully.
        score: u8,
        /// Why, if they said so.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        comment: Option<Sealed<PlainText>>,
    },
    /// Nothing of the case may be destroyed from here on.
    LegalHoldPlaced {
        /// Why.
        reason: Sealed<PlainText>,
    },
    /// What the rules allow may be destroyed again.
    LegalHoldLifted {},
    /// It was found to have to do with another case.
    LinkedTo {
        /// The other case.
        case: CaseId,
        /// What it has to do with it.
        kind: LinkKind,
    },
    /// It has nothing to do with the other case after all.
    Unlinked {
        /// The other case.
        case: CaseId,
    },
    /// Another case goes on in its place.
    MergedInto {
        /// The other case.
        case: CaseId,
    },
    /// The merge was a mistake: the case is what it was before.
    MergeUndone {
        /// The case that it had been merged into.
        case: CaseId,
        /// Where it stands again.
        status: Status,
    },
    /// It goes on in the place of another case.
    Absorbed {
        /// The other case.
        case: CaseId,
        /// Who was told of the other case: its contact and its watchers.
        brought: Vec<WatcherId>,
        /// Those of them who were not on this one's watch list, and are now.
        added: Vec<WatcherId>,
    },
    /// It no longer stands for the other case.
    AbsorptionUndone {
        /// The other case.
        case: CaseId,
    },
    /// What was written or attached last was addressed to a case that was merged into this one.
    Redirected {
        /// The case that it was addressed to, and those through which it came here, each merged into the next.
        through: Vec<CaseId>,
        /// What it was.
        contents: Contents,
    },
    /// It was begun with contents of another case.
    SplitFrom {
        /// The other case.
        case: CaseId,
    },
    /// Another case was begun with contents of this one.
    SplitInto {
        /// The other case.
        case: CaseId,
    },
    /// The split was a mistake.
    SplitUndone {
        /// The other case: of the two, the older one has its contents back.
        case: CaseId,
    },
    /// Texts and files were brought here from another case, in the events before this one.
    CarriedOver {
        /// The other case.
        case: CaseId,
        /// Which.
        contents: Contents,
    },
    /// Texts and files are another case's from here on.
    ContentsMoved {
        /// The other case.
        case: CaseId,
        /// Which.
        contents: Contents,
        /// Whether they are notes and their files, which are for the desk alone.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        of_notes: bool,
    },
    /// Texts and files that had been another case's are this one's again.
    ContentsReturned {
        /// The other case.
        case: CaseId,
        /// Which.
        contents: Contents,
        /// Whether they are notes and their files, which are for the desk alone.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        of_notes: bool,
    },
}

impl CaseFact {
    /// Who may know of it.
    #[must_use]
    pub fn audience(&self) -> Audience {
        use super::vocabulary::WaitReason;
        match self {
            Self::WaitStarted { wait } | Self::WaitEnded { wait, .. } if wait.reason != WaitReason::Customer => {
                Audience::Internal
            }
            Self::AttachmentAdded(added) if added.of_note => Audience::Internal,
            Self::AttachmentRemoved { of_note: true, .. } | Self::AttachmentRedacted { of_note: true, .. } => {
                Audience::Internal
            }
            Self::MessageRedacted { kind: TextKind::Note, .. }
            | Self::TextRedacted { kind: OtherTextKind::HoldReason, .. }
            | Self::RedactedAttachmentDestroyed { .. }
            | Self::InternalNoteAdded { .. }
            | Self::RedactedTextDestroyed { .. }
            | Self::MovedToQueue { .. }
            | Self::PriorityChanged { .. }
            | Self::TriageCleared {}
            | Self::LegalHoldPlaced { .. }
            | Self::LegalHoldLifted {}
            // Which of its customers may see the other case is not the same for all of them.
            | Self::LinkedTo { .. }
            | Self::Unlinked { .. }
            | Self::MergedInto { .. }
            | Self::Absorbed { .. }
            | Self::AbsorptionUndone { .. }
            | Self::Redirected { .. }
            | Self::SplitFrom { .. }
            | Self::SplitInto { .. }
            | Self::SplitUndone { .. }
            | Self::CarriedOver { .. }
            | Self::ContentsMoved { of_notes: true, .. }
            | Self::ContentsReturned { of_notes: true, .. } => Audience::Internal,
            Self::Opened(_)
            | Self::TakenUp { .. }
            | Self::OwnerAssigned { .. }
            | Self::OwnerReleased {}
            | Self::WaitStarted { .. }
            | Self::WaitEnded { .. }
            | Self::Reclassified { .. }
            | Self::LocationChanged { .. }
            | Self::ProductChanged { .. }
            | Self::SubjectChanged { .. }
            | Self::ContactChanged { .. }
            | Self::MessagePosted { .. }
            | Self::MessageRedacted { .. }
            | Self::TextRedacted { .. }
            | Self::AttachmentAdded(_)
            | Self::AttachmentRemoved { .. }
            | Self::AttachmentRedacted { .. }
            | Self::WatcherAdded { .. }
            | Self::WatcherConfirmed { .. }
            | Self::WatcherRemoved { .. }
            | Self::WatcherLeft { .. }
            | Self::Resolved { .. }
            | Self::ResolutionAccepted {}
            | Self::ResolutionRejected { .. }
            | Self::Reopened { .. }
            | Self::ReopeningUndone {}
            | Self::Canceled { .. }
            | Self::Closed { .. }
            | Self::MergeUndone { .. }
            | Self::ContentsMoved { .. }
            | Self::ContentsReturned { .. }
            | Self::SatisfactionRated { .. } => Audience::Public,
        }
    }

    /// The text that it brings, where that is no message: one that is redacted by the id that follows from its key.
    #[must_use]
    pub fn other_text(&self) -> Option<(OtherTextKind, &Sealed<PlainText>)> {
        match self {
            Self::Opened(opened) => Some((OtherTextKind::Subject, opened.subject.as_ref()?)),
            Self::SubjectChanged { subject } => Some((OtherTextKind::Subject, subject)),
            Self::Resolved { resolution, .. } => Some((OtherTextKind::Resolution, resolution)),
            Self::ResolutionRejected { reason } | Self::Reopened { reason, .. } => {
                Some((OtherTextKind::Reason, reason.as_ref()?))
            }
            Self::Canceled { comment, .. } | Self::SatisfactionRated { comment, .. } => {
                Some((OtherTextKind::Comment, comment.as_ref()?))
            }
            Self::LegalHoldPlaced { reason } => Some((OtherTextKind::HoldReason, reason)),
            Self::TakenUp { .. }
            | Self::OwnerAssigned { .. }
            | Self::OwnerReleased {}
            | Self::MovedToQueue { .. }
            | Self::WaitStarted { .. }
            | Self::WaitEnded { .. }
            | Self::PriorityChanged { .. }
            | Self::Reclassified { .. }
            | Self::LocationChanged { .. }
            | Self::ProductChanged { .. }
            | Self::TriageCleared {}
            | Self::ContactChanged { .. }
            | Self::MessagePosted { .. }
            | Self::InternalNoteAdded { .. }
            | Self::MessageRedacted { .. }
            | Self::RedactedTextDestroyed { .. }
            | Self::TextRedacted { .. }
            | Self::AttachmentAdded(_)
            | Self::AttachmentRemoved { .. }
            | Self::AttachmentRedacted { .. }
            | Self::RedactedAttachmentDestroyed { .. }
            | Self::WatcherAdded { .. }
            | Self::WatcherConfirmed { .. }
            | Self::WatcherRemoved { .. }
            | Self::WatcherLeft { .. }
            | Self::ResolutionAccepted {}
            | Self::ReopeningUndone {}
            | Self::Closed { .. }
            | Self::LinkedTo { .. }
            | Self::Unlinked { .. }
            | Self::MergedInto { .. }
            | Self::MergeUndone { .. }
            | Self::Absorbed { .. }
            | Self::AbsorptionUndone { .. }
            | Self::Redirected { .. }
            | Self::SplitFrom { .. }
            | Self::SplitInto { .. }
            | Self::SplitUndone { .. }
            | Self::CarriedOver { .. }
            | Self::ContentsMoved { .. }
            | Self::ContentsReturned { .. }
            | Self::LegalHoldLifted {} => None,
        }
    }

    /// The type's name, as stored.
    #[must_use]
    pub fn type_name(&self) -> &'static str {
        self.into()
    }
}

/// The schema version of every event type; one that gets a second version leaves this constant for a match.
pub const VERSION: &str = "1";

impl DomainEvent for CaseEvent {
    fn event_type(&self) -> String {
        self.fact.type_name().to_owned()
    }

    fn event_version(&self) -> String {
        VERSION.to_owned()
    }
}
