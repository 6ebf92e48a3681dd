//! Why a case refuses an action.

use super::{CaseActionKind, CaseNumber, Status};
use crate::{Role, Timestamp};

/// A refusal: what stands in the way, and what would be allowed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, strum::EnumDiscriminants)]
#[strum_discriminants(
    name(CaseErrorKind),
    derive(strum::EnumIter, PartialOrd, Ord),
    doc = "The kinds of [`CaseError`]: a rule each."
)]
pub enum CaseError {
    /// Nothing was ever recorded under this id.
    #[error("there is no such case")]
    NotFound,
    /// The id is taken.
    #[error("the case is already there, as {number}")]
    AlreadyOpen {
        /// The number of the case that has it.
        number: CaseNumber,
    },
    /// The caller's roles do not include the action, in whatever state.
    #[error("as {role} you may not {}", action.words())]
    NotPermitted {
        /// What was asked for.
        action: CaseActionKind,
        /// In which role.
        role: Role,
    },
    /// The case's state does not take the action.
    #[error("the case is {status} and takes no {}; what you may do now: {}", action.words(), words(allowed))]
    NotInState {
        /// What was asked for.
        action: CaseActionKind,
        /// Where the case stands.
        status: Status,
        /// What the caller could ask for instead.
        allowed: Vec<CaseActionKind>,
    },
    /// A message to a case that is over.
    #[error("the case is {status} and takes no more messages: open a follow-up case instead")]
    NeedsFollowUp {
        /// Where the case stands.
        status: Status,
    },
    /// The account of a new case is nobody's.
    #[error("there is no such account")]
    NoSuchAccount,
    /// The place is not the account's.
    #[error("the account has no such location: pick one of its own, or say that it isn't listed")]
    NoSuchLocation,
    /// The place was the account's.
    #[error("the account is not served at this location any more: pick another")]
    NotServedThereAnyMore,
    /// The product is not the account's.
    #[error("the account has no such product: pick one of its own, or say that it isn't listed")]
    NoSuchProduct,
    /// The product was the account's.
    #[error("this product is not installed any more: pick another")]
    NotInstalledAnyMore,
    /// The product is at another place than the case.
    #[error(
        "this product is installed at another location than the case's: pick one that is there, or say that it isn't listed"
    )]
    InstalledElsewhere,
    /// The person is no contact of the account.
    #[error("the account has no such contact")]
    NoSuchContact,
    /// A watcher by their id is no contact of the account.
    #[error("the account has no such contact: add a watcher who is none by their e-mail address")]
    NoSuchWatcher {
        /// Whether they were to watch from the opening on.
        at_opening: bool,
    },
    /// No message, note or description has this id.
    #[error("the case has no such message")]
    NoSuchMessage,
    /// The id belongs to a text that stands already.
    #[error("a message with this id is already there, with another text")]
    MessageIdTaken,
    /// No file of the case has this id, as far as the caller may know.
    #[error("the case has no such attachment")]
    NoSuchAttachment,
    /// A file that is attached already comes again.
    #[error("a file is attached once: upload it again to attach it again")]
    AlreadyAttached,
    /// A customer would take away what the desk attached.
    #[error("this file was attached by the desk: ask there to have it removed")]
    AttachedByTheDesk,
    /// The file was uploaded for the cases of another account.
    #[error("the file was uploaded for another account: upload it for the account of this case")]
    UploadedForAnotherAccount,
    /// More files than fit.
    #[error("a case has at most {limit} attachments, and would have {count}: remove some first, or attach fewer")]
    TooManyAttachments {
        /// How many fit.
        limit: usize,
        /// How many there would be.
        count: usize,
    },
    /// A link of somebody else, or one whose time is over, or an older one.
    #[error("this link is not good any more")]
    LinkNotGood,
    /// More watchers than fit.
    #[error("a case has at most {limit} watchers: remove one first")]
    TooManyWatchers {
        /// How many fit.
        limit: usize,
    },
    /// The wait would be over before it began.
    #[error("the wait would end at {until}, which is not after now: choose a later date")]
    WaitEndsBeforeItStarts {
        /// The end asked for.
        until: Timestamp,
    },
    /// The reason *other* without words.
    #[error("the reason `other` needs a comment that says what it is")]
    ReasonNeedsComment,
    /// The case has not been reopened since it was last resolved.
    #[error("there is no reopening to undo")]
    NoReopening,
    /// The day in which a reopening can be taken back is over.
    #[error("the case was reopened at {reopened_at}, more than 24 hours ago: resolve it instead")]
    UndoTooLate {
        /// When it was reopened.
        reopened_at: Timestamp,
    },
    /// The last resolution has its rating.
    #[error("this resolution is already rated")]
    AlreadyRated,
    /// A rating outside 1 to 5.
    #[error("a rating is a whole number from 1 to 5, not {score}")]
    ScoreOutOfRange {
        /// What was given.
        score: u8,
    },
    /// A way of closing that is not the caller's to name.
    #[error("only a contact's acceptance closes a case as accepted, and only the clock as elapsed")]
    CloseCauseNotYours,
    /// A reason for canceling that another action leaves.
    #[error("merging and undoing a split leave this reason themselves: choose another one")]
    CancelReasonNotYours,
    /// Two cases were needed, and one was named twice.
    #[error("this is the case itself: name another one")]
    SameCase,
    /// The other case is another account's.
    #[error("{number} is another account's: only cases of one account are merged, split or followed up")]
    OtherAccount {
        /// The other case.
        number: CaseNumber,
    },
    /// The other case takes no merge.
    #[error("{number} is {status}: a case is merged into one that is New or Open")]
    OtherNotWorkedOn {
        /// The other case.
        number: CaseNumber,
        /// Where it stands.
        status: Status,
    },
    /// The case stands for itself.
    #[error("the case is not merged into another one")]
    NotMerged,
    /// What the case was merged into was merged itself.
    #[error("{number}, which this case was merged into, was merged into another one since: undo that merge first")]
    SurvivorMerged {
        /// The survivor.
        number: CaseNumber,
    },
    /// A split of nothing.
    #[error("name at least one message that the new case is about")]
    NothingToSplit,
    /// The case was not split from another.
    #[error("the case is not split from another one")]
    NotSplit,
    /// The case has more in it than came from the other one.
    #[error("there is more on this case than came from the other one: merge it instead, or move that on first")]
    SplitWentOn,
    /// What is asked for stands in another case.
    #[error("this was moved to another case with a split or an undone merge: do it there")]
    MovedAway,
    /// A follow-up of a case that goes on.
    #[error("{number} is {status}: a follow-up is opened once a case is Closed or Canceled; until then, write to it")]
    NotOver {
        /// The other case.
        number: CaseNumber,
        /// Where it stands.
        status: Status,
    },
}

fn words(actions: &[CaseActionKind]) -> String {
    if actions.is_empty() {
        return "nothing".to_owned();
    }
    actions.iter().map(|action| action.words()).collect::<Vec<_>>().join(", ")
}
