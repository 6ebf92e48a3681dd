//! What people may ask of a case.

use chrono::TimeDelta;
use strum::{Display, EnumDiscriminants, EnumIter};

use super::{
    attachments::NewAttachments,
    vocabulary::{
        CancelReason, CaseNumber, Choice, CloseCause, Contents, ExternalReference, Priority, Wait, Watcher, WatcherId,
    },
};
use crate::{
    AccountId, Actor, AttachmentId, CaseId, LocationId, MessageId, PersonId, PlainText, ProductId, Sealed, Slug,
    Timestamp,
};

/// An action, by whom, and when.
#[derive(Clone, Debug)]
pub struct CaseCommand {
    /// Who asks.
    pub by: Actor,
    /// When. A moment before the case's last event counts as that event's.
    pub at: Timestamp,
    /// What they ask for.
    pub action: CaseAction,
}

/// All that it takes to open a case.
#[derive(Clone, Debug)]
pub struct OpenCase {
    /// Drawn for it.
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
    /// What it is about, in a line.
    pub subject: Option<Sealed<PlainText>>,
    /// The description's id.
    pub message: MessageId,
    /// What it is about.
    pub description: Sealed<PlainText>,
    /// Who gets mail about it, at most [`super::MAX_WATCHERS`].
    pub watchers: Vec<Watcher>,
    /// Files that come with the description.
    pub attachments: NewAttachments,
    /// Where it waits for an owner.
    pub queue: Slug,
    /// How urgent it is.
    pub priority: Priority,
    /// What it was called in the system that it comes from.
    pub external_reference: Option<ExternalReference>,
}

/// What can be asked of a case. Repeating what already holds succeeds and records nothing.
#[derive(Clone, Debug, EnumDiscriminants)]
#[strum_discriminants(
    name(CaseActionKind),
    derive(EnumIter, Display, Hash, PartialOrd, Ord),
    strum(serialize_all = "kebab-case"),
    doc = "The kinds of [`CaseAction`]: the rows of the table of who may do what when."
)]
pub enum CaseAction {
    /// Begin a case.
    Open(Box<OpenCase>),
    /// Begin to work on it.
    TakeUp,
    /// Make an agent responsible.
    Assign {
        /// The agent.
        owner: PersonId,
    },
    /// Make nobody responsible.
    Release,
    /// Let it wait in another queue, for another owner.
    MoveToQueue {
        /// The queue.
        queue: Slug,
    },
    /// Pause.
    StartWait {
        /// For what, and until when.
        wait: Wait,
    },
    /// Go on.
    EndWait,
    /// Write to the other side.
    PostMessage {
        /// The message.
        message: MessageId,
        /// The text.
        body: Sealed<PlainText>,
        /// Files that come with it.
        attachments: NewAttachments,
    },
    /// Write something down for the desk alone.
    AddNote {
        /// The note.
        message: MessageId,
        /// The text.
        body: Sealed<PlainText>,
        /// Files that belong to it, for the desk alone like the note.
        attachments: NewAttachments,
    },
    /// Take a text away, for good unless a legal hold is in force.
    RedactMessage {
        /// The text's id.
        message: MessageId,
    },
    /// Attach files that come with no message, for both sides.
    AddAttachments {
        /// The files.
        attachments: NewAttachments,
    },
    /// Take a file's bytes away, for good unless a legal hold is in force. That it was there, and its name, stay.
    RemoveAttachment {
        /// The file.
        attachment: AttachmentId,
    },
    /// Take a file away with its name, for good unless a legal hold is in force.
    RedactAttachment {
        /// The file.
        attachment: AttachmentId,
    },
    /// Send somebody mail about the case.
    AddWatcher {
        /// Who.
        watcher: Watcher,
    },
    /// Send somebody none any more.
    RemoveWatcher {
        /// Who.
        watcher: WatcherId,
    },
    /// Get no more mail about the case oneself.
    LeaveWatchList,
    /// Want mail about the case, by the link that asked.
    ConfirmWatching {
        /// Whose link it is.
        watcher: WatcherId,
        /// For which addition it was made: see [`super::Unconfirmed`].
        addition: u64,
    },
    /// Get no more mail about the case, by a link.
    LeaveByLink {
        /// Whose link it is.
        watcher: WatcherId,
    },
    /// Say how urgent it is.
    SetPriority {
        /// How urgent.
        priority: Priority,
    },
    /// Say of what kind it is.
    Reclassify {
        /// The kind of request.
        case_type: Slug,
        /// The kind within its kind.
        category: Slug,
    },
    /// Say where the trouble is.
    SetLocation {
        /// The place.
        location: Choice<LocationId>,
    },
    /// Say with what.
    SetProduct {
        /// The product.
        product: Choice<ProductId>,
    },
    /// Settle what was not in the lists: whatever is still not listed becomes *none applies*.
    ClearTriage,
    /// Say what it is about, in a line.
    SetSubject {
        /// The line.
        subject: Sealed<PlainText>,
    },
    /// Say whom to talk to.
    SetContact {
        /// The contact.
        contact: PersonId,
    },
    /// Give an answer.
    Resolve {
        /// The kind of answer.
        code: Slug,
        /// The answer.
        resolution: Sealed<PlainText>,
        /// How long it waits for an objection before the case is closed; [`super::CLOSE_AFTER`] where nothing is said.
        closes_after: Option<TimeDelta>,
    },
    /// Be content with the answer.
    AcceptResolution,
    /// Not be.
    RejectResolution {
        /// Why not.
        reason: Option<Sealed<PlainText>>,
    },
    /// Take a resolved case up again.
    Reopen {
        /// Why.
        reason: Sealed<PlainText>,
    },
    /// Take a reopening back, within a day.
    UndoReopening,
    /// Withdraw the case.
    Cancel {
        /// Why.
        reason: CancelReason,
        /// Why, in words; required with [`CancelReason::Other`].
        comment: Option<Sealed<PlainText>>,
    },
    /// Settle a resolved case without the contact's own hand.
    Close {
        /// How that came; [`CloseCause::Accepted`] is for contacts, by [`CaseAction::AcceptResolution`].
        cause: CloseCause,
    },
    /// Say how content one is with the last resolution, once.
    Rate {
        /// From 1 to 5.
        score: u8,
        /// Why.
        comment: Option<Sealed<PlainText>>,
    },
    /// Let nothing of the case be destroyed.
    PlaceHold {
        /// Why.
        reason: Sealed<PlainText>,
    },
    /// Let things be destroyed again.
    LiftHold,
    /// Say that it has to do with another case.
    Link {
        /// The other case.
        other: CaseId,
    },
    /// Say that it has not.
    Unlink {
        /// The other case.
        other: CaseId,
    },
    /// Let another case go on in its place.
    Merge {
        /// The other case.
        into: CaseId,
    },
    /// Take a merge back: the case is what it was before.
    UndoMerge,
    /// Begin another case with some of its messages and files.
    Split {
        /// The other case, which is not there yet.
        into: CaseId,
        /// The number that it gets.
        number: CaseNumber,
        /// What it is to be called, if not by the first line of the first message.
        subject: Option<Sealed<PlainText>>,
        /// The messages, at least one, and the files.
        contents: Contents,
    },
    /// Take the split that began this case back.
    UndoSplit,
}

impl CaseActionKind {
    /// The action's name in a sentence: `start wait`.
    #[must_use]
    pub fn words(self) -> String {
        self.to_string().replace('-', " ")
    }
}
