//! What the mutations of a case take.
//!
//! Each input names the case, the version that the caller saw (optional: without one the newest state decides) and a
//! key under which a retry is the same command (optional, 1 to 200 characters).

use async_graphql::{ID, InputObject, OneofObject};
use domain::Timestamp;
use serde::Serialize;

use super::{
    enums::{CancelReason, Priority, WaitReason},
    inputs::change_inputs,
};

/// Somebody to get mail about a case: a contact, or an address.
#[derive(Clone, Debug, OneofObject, Serialize)]
pub enum WatcherInput {
    /// A contact of the account.
    Contact(ID),
    /// An e-mail address; upper and lower case make no difference.
    Email(String),
}

/// All that it takes to open a case.
#[derive(Clone, Debug, InputObject, Serialize)]
pub struct CaseOpenInput {
    /// One of the caller's accounts.
    pub account_id: ID,
    /// The kind of request, a key of the catalogue.
    #[graphql(name = "type")]
    pub case_type: String,
    /// The kind within its kind, a key of the catalogue.
    pub category: String,
    /// Where the trouble is. Most types of the catalogue need to know.
    pub location_id: Option<ID>,
    /// *My location isn't listed*: an agent will find it. Leaves `locationId` out.
    #[graphql(default)]
    pub location_not_listed: bool,
    /// With what. Most types of the catalogue need to know.
    pub product_id: Option<ID>,
    /// *My product isn't listed*: an agent will find it. Leaves `productId` out.
    #[graphql(default)]
    pub product_not_listed: bool,
    /// Whom to talk to; the caller when left out. Staff names somebody.
    pub contact_id: Option<ID>,
    /// What it is about, in a line of at most 255 characters; the description's first line serves without one.
    pub subject: Option<String>,
    /// What it is about: plain text of at most 32,000 characters.
    pub description: String,
    /// Who gets mail about it, at most 20.
    #[graphql(default)]
    pub watchers: Vec<WatcherInput>,
    /// Files that come with the description, as `uploadStage` named them.
    #[graphql(default)]
    pub uploads: Vec<ID>,
    /// A case that is Closed or Canceled, and goes on with this one. Both are linked.
    pub follow_up_of: Option<ID>,
    /// How urgent it is. For staff; what the catalogue says of type and category when left out.
    pub priority: Option<Priority>,
    /// Where it waits for an owner, a key of the catalogue. For staff; what the catalogue says of type and category when
    /// left out.
    pub queue: Option<String>,
    /// A retry under the same key gives the same answer and one effect. 1 to 200 characters, kept 30 days.
    pub idempotency_key: Option<String>,
}

change_inputs! {
    /// The case.
    case_id,
    /// The version of the case that the caller saw. A newer one refuses the command and tells what happened
    /// in between; without it the newest state decides.
    expected_version;

    /// Take a new case up.
    CaseTakeUpInput {}
    /// Make an agent responsible.
    CaseAssignInput {
        /// The agent.
        owner_id: ID,
    }
    /// Make nobody responsible.
    CaseReleaseInput {}
    /// Move a case to another queue, which leaves it without an owner.
    CaseMoveToQueueInput {
        /// The queue, a key of the catalogue.
        queue: String,
    }
    /// Pause the work on a case.
    CaseWaitStartInput {
        /// For what.
        reason: WaitReason,
        /// When the wait ends by itself, if ever.
        until: Option<Timestamp>,
    }
    /// Go on with a case.
    CaseWaitEndInput {}
    /// Write to the other side.
    CasePostMessageInput {
        /// Plain text of at most 32,000 characters.
        body: String,
        /// Files that come with it, as `uploadStage` named them.
        #[graphql(default)]
        uploads: Vec<ID>,
    }
    /// Write something down for the desk alone.
    CaseAddNoteInput {
        /// Plain text of at most 32,000 characters.
        body: String,
        /// Files that belong to it, for the desk alone like the note, as `uploadStage` named them.
        #[graphql(default)]
        uploads: Vec<ID>,
    }
    /// Take a text away. It is destroyed, unless a legal hold keeps it for auditors.
    CaseRedactMessageInput {
        /// The text: the `messageId` of its entry.
        message_id: ID,
    }
    /// Attach files that come with no message, for both sides.
    CaseAttachmentAddInput {
        /// The files, as `uploadStage` named them.
        uploads: Vec<ID>,
    }
    /// Take a file's bytes away. They are destroyed, unless a legal hold keeps them for auditors; its name stays.
    CaseAttachmentRemoveInput {
        /// The file.
        attachment_id: ID,
    }
    /// Take a file away with its name. Both are destroyed, unless a legal hold keeps them for auditors.
    CaseAttachmentRedactInput {
        /// The file.
        attachment_id: ID,
    }
    /// Put somebody on the watch list.
    CaseWatcherAddInput {
        /// Who.
        watcher: WatcherInput,
    }
    /// Take somebody off the watch list.
    CaseWatcherRemoveInput {
        /// Who.
        watcher: WatcherInput,
    }
    /// Say how urgent a case is.
    CaseSetPriorityInput {
        /// How urgent.
        priority: Priority,
    }
    /// Say of what kind a case is.
    CaseReclassifyInput {
        /// The kind of request, a key of the catalogue.
        r#type: String,
        /// The kind within its kind, a key of the catalogue.
        category: String,
    }
    /// Say where the trouble is.
    CaseSetLocationInput {
        /// The location; none where none applies.
        location_id: Option<ID>,
    }
    /// Say with what the trouble is.
    CaseSetProductInput {
        /// The product; none where none applies.
        product_id: Option<ID>,
    }
    /// End triage: what is still not listed does not apply.
    CaseTriageClearInput {}
    /// Say what a case is about.
    CaseSetSubjectInput {
        /// A line of at most 255 characters.
        subject: String,
    }
    /// Say whom to talk to.
    CaseSetContactInput {
        /// The contact.
        contact_id: ID,
    }
    /// Give an answer.
    CaseResolveInput {
        /// The kind of answer, a key of the catalogue.
        code: String,
        /// The answer: plain text of at most 4,000 characters.
        resolution: String,
    }
    /// Be content with the answer, which closes the case.
    CaseResolutionAcceptInput {}
    /// Not be content with the answer, which opens the case again.
    CaseResolutionRejectInput {
        /// Why not, in at most 4,000 characters. *Still not solved* needs no reason.
        reason: Option<String>,
    }
    /// Take a resolved case up again.
    CaseReopenInput {
        /// Why, in at most 4,000 characters.
        reason: String,
    }
    /// Take a reopening back, within a day.
    CaseReopenUndoInput {}
    /// Withdraw a case.
    CaseCancelInput {
        /// Why.
        reason: CancelReason,
        /// Why, in at most 4,000 characters; required with `OTHER`.
        comment: Option<String>,
    }
    /// Settle a resolved case because the contact confirmed elsewhere.
    CaseCloseInput {}
    /// Say how content one is with the last resolution, once.
    CaseRateInput {
        /// From 1, not at all, to 5, fully.
        score: i32,
        /// Why, in at most 4,000 characters.
        comment: Option<String>,
    }
    /// Let nothing of a case be destroyed.
    CaseLegalHoldPlaceInput {
        /// Why, in at most 4,000 characters.
        reason: String,
    }
    /// Say that a case has to do with another one.
    CaseLinkInput {
        /// The other case.
        other_case_id: ID,
    }
    /// Say that it has not.
    CaseUnlinkInput {
        /// The other case.
        other_case_id: ID,
    }
    /// Let another case go on in the place of a case.
    CaseMergeInput {
        /// The other case: of the same account, New or Open.
        into_case_id: ID,
    }
    /// Take a merge back.
    CaseMergeUndoInput {}
    /// Begin a case with messages and files of another.
    CaseSplitInput {
        /// The messages, at least one; the first one written is the new case's description. The files that came with them come
        /// along.
        message_ids: Vec<ID>,
        /// More files.
        #[graphql(default)]
        attachment_ids: Vec<ID>,
        /// What the new case is about, in a line of at most 200 characters; the first message's first line serves where it is left
        /// out.
        subject: Option<String>,
    }
    /// Take back the split that began a case.
    CaseSplitUndoInput {}
    /// Let things be destroyed again.
    CaseLegalHoldLiftInput {}
}
