//! Who is told of what: a table.

use std::collections::BTreeMap;

use domain::{
    Fingerprint, PersonId, Side,
    case::{CancelReason, CaseFact, CaseState, WaitReason, WatcherId},
};
use strum::{Display, EnumIter};

use crate::mail::{
    MailKind,
    outbox::{Recipient, ToldAs},
};

/// What happened, as far as it matters for who is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Display, EnumIter)]
#[strum(serialize_all = "title_case")]
pub(crate) enum Occasion {
    /// The case began.
    Opened,
    /// Staff wrote to the customer.
    MessageByStaff,
    /// Staff attached files for the customer.
    FileByStaff,
    /// A contact or watcher wrote.
    MessageByCustomer,
    /// A contact or watcher attached files.
    FileByCustomer,
    /// Somebody was made responsible.
    Assigned,
    /// Work waits for the customer.
    WaitingForCustomer,
    /// An answer was given.
    Resolved,
    /// The answer has stood for a while.
    Reminder,
    /// The case was withdrawn.
    Canceled,
    /// The case is settled.
    Closed,
    /// Work goes on after all.
    Reopened,
    /// Another case goes on in its place.
    Merged,
    /// An internal note names whoever is told.
    NoteWithMention,
}

/// Whether those who work cases are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Queue {
    /// They are not.
    No,
    /// While nobody is responsible for the case.
    IfNoOwner,
}

/// A row of the table.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a cell of a row of the product's table")]
pub(crate) struct Row {
    /// The kind of mail.
    pub kind: MailKind,
    /// Whether the contact and the opener are told.
    pub customers: bool,
    /// Whether these are told even of what they did themselves, as a receipt.
    pub receipt: bool,
    /// Whether those on the watch list are.
    pub watchers: bool,
    /// Whether whoever is responsible is.
    pub owner: bool,
    /// Whether those who work cases are.
    pub queue: Queue,
}

impl Occasion {
    /// Who is told of it.
    pub(crate) fn row(self) -> Row {
        use Queue::{IfNoOwner, No};
        let row =
            |kind, customers, watchers, owner, queue| Row { kind, customers, receipt: false, watchers, owner, queue };
        match self {
            Self::Opened => Row { receipt: true, ..row(MailKind::CaseOpened, true, true, false, IfNoOwner) },
            Self::MessageByStaff => row(MailKind::CaseMessage, true, true, false, No),
            Self::FileByStaff => row(MailKind::CaseFile, true, true, false, No),
            Self::MessageByCustomer => row(MailKind::CaseMessage, true, true, true, IfNoOwner),
            Self::FileByCustomer => row(MailKind::CaseFile, true, true, true, IfNoOwner),
            Self::Assigned => row(MailKind::CaseAssigned, false, false, true, No),
            Self::WaitingForCustomer => row(MailKind::CaseWaiting, true, false, false, No),
            Self::Resolved => row(MailKind::CaseResolved, true, true, false, No),
            Self::Reminder => row(MailKind::CaseReminder, true, false, false, No),
            Self::Canceled => row(MailKind::CaseCanceled, true, true, true, IfNoOwner),
            Self::Closed => row(MailKind::CaseClosed, true, true, true, IfNoOwner),
            Self::Reopened => row(MailKind::CaseReopened, true, true, true, IfNoOwner),
            Self::Merged => row(MailKind::CaseMerged, true, true, true, IfNoOwner),
            Self::NoteWithMention => row(MailKind::CaseMention, false, false, true, IfNoOwner),
        }
    }

    /// What a fact is for the table; nothing for those that nobody is told of. `alone` is whether a file came without a message or
    /// description of the same request, and `undone_late` whether a merge that is undone here was told of.
    #[expect(clippy::match_same_arms, reason = "two reasons to tell nobody")]
    pub(crate) fn of(fact: &CaseFact, alone: bool, undone_late: bool) -> Option<Self> {
        match fact {
            CaseFact::Opened(_) => Some(Self::Opened),
            // What was brought over from another case was told of there.
            CaseFact::MessagePosted { written_at: Some(_), .. } => None,
            CaseFact::MessagePosted { side: Side::Staff, .. } => Some(Self::MessageByStaff),
            CaseFact::MessagePosted { side: Side::Customer, .. } => Some(Self::MessageByCustomer),
            CaseFact::AttachmentAdded(added) if added.of_note || !alone => None,
            CaseFact::AttachmentAdded(added) if added.side == Side::Staff => Some(Self::FileByStaff),
            CaseFact::AttachmentAdded(_) => Some(Self::FileByCustomer),
            CaseFact::OwnerAssigned { .. } => Some(Self::Assigned),
            CaseFact::WaitStarted { wait } => (wait.reason == WaitReason::Customer).then_some(Self::WaitingForCustomer),
            CaseFact::Resolved { .. } => Some(Self::Resolved),
            CaseFact::ReminderDue {} => Some(Self::Reminder),
            // A merge says so itself; what was split off by mistake nobody was to know.
            CaseFact::Canceled { reason: CancelReason::Merged | CancelReason::SplitUndone, .. } => None,
            CaseFact::Canceled { .. } => Some(Self::Canceled),
            CaseFact::Closed { .. } => Some(Self::Closed),
            CaseFact::Reopened { .. } => Some(Self::Reopened),
            CaseFact::MergeUndone { .. } => undone_late.then_some(Self::Reopened),
            CaseFact::MergedInto { .. } => Some(Self::Merged),
            CaseFact::InternalNoteAdded { written_at: None, .. } => Some(Self::NoteWithMention),
            CaseFact::InternalNoteAdded { .. }
            | CaseFact::TakenUp { .. }
            | CaseFact::OwnerReleased {}
            | CaseFact::MovedToQueue { .. }
            | CaseFact::WaitEnded { .. }
            | CaseFact::PriorityChanged { .. }
            | CaseFact::Reclassified { .. }
            | CaseFact::LocationChanged { .. }
            | CaseFact::ProductChanged { .. }
            | CaseFact::TriageCleared {}
            | CaseFact::SubjectChanged { .. }
            | CaseFact::ContactChanged { .. }
            | CaseFact::MessageRedacted { .. }
            | CaseFact::RedactedTextDestroyed { .. }
            | CaseFact::TextRedacted { .. }
            | CaseFact::AttachmentRemoved { .. }
            | CaseFact::AttachmentRedacted { .. }
            | CaseFact::RedactedAttachmentDestroyed { .. }
            | CaseFact::WatcherAdded { .. }
            | CaseFact::WatcherConfirmed { .. }
            | CaseFact::WatcherRemoved { .. }
            | CaseFact::WatcherLeft { .. }
            | CaseFact::ResolutionAccepted {}
            | CaseFact::ResolutionRejected { .. }
            | CaseFact::ReopeningUndone {}
            | CaseFact::SatisfactionRated { .. }
            | CaseFact::LegalHoldPlaced { .. }
            | CaseFact::LegalHoldLifted {}
            | CaseFact::LinkedTo { .. }
            | CaseFact::Unlinked { .. }
            | CaseFact::Absorbed { .. }
            | CaseFact::AbsorptionUndone { .. }
            | CaseFact::Redirected { .. }
            | CaseFact::SplitFrom { .. }
            | CaseFact::SplitInto { .. }
            | CaseFact::SplitUndone { .. }
            | CaseFact::CarriedOver { .. }
            | CaseFact::ContentsMoved { .. }
            | CaseFact::ContentsReturned { .. } => None,
        }
    }

    /// Who is told, each once and as the weightiest that they are to the case; never whoever did it, but for a receipt. `same`
    /// tells whose an address of the watch list is, among those who are told anyway.
    pub(crate) fn told(
        self,
        case: &CaseState,
        actor: PersonId,
        desk: &[PersonId],
        same: impl Fn(&Fingerprint, &[PersonId]) -> bool,
    ) -> BTreeMap<Recipient, ToldAs> {
        let row = self.row();
        let mut told: BTreeMap<Recipient, ToldAs> = BTreeMap::new();
        let mut add = |to: Recipient, as_what: ToldAs| {
            let known = told.entry(to).or_insert(as_what);
            *known = as_what.min(*known);
        };
        if let Some(owner) = case.owner.filter(|owner| row.owner && *owner != actor) {
            add(Recipient::Person(owner), ToldAs::Owner);
        }
        if row.customers {
            for (person, as_what) in [(case.contact, ToldAs::Contact), (case.opener, ToldAs::Opener)] {
                if row.receipt || person != actor {
                    add(Recipient::Person(person), as_what);
                }
            }
        }
        if row.queue == Queue::IfNoOwner && case.owner.is_none() {
            for person in desk.iter().filter(|person| **person != actor) {
                add(Recipient::Person(*person), ToldAs::Queue);
            }
        }
        if row.watchers {
            let confirmed = case.watchers.iter().filter(|id| !case.unconfirmed.iter().any(|it| it.watcher == **id));
            let (mut addresses, mut people) = (vec![], vec![]);
            for watcher in confirmed.filter(|id| id.person() != actor) {
                match watcher {
                    WatcherId::Contact(person) => people.push(*person),
                    WatcherId::Address(fingerprint) => addresses.push(fingerprint),
                }
            }
            for person in people {
                add(Recipient::Person(person), ToldAs::Watcher);
            }
            let mut known: Vec<PersonId> = vec![actor, case.contact, case.opener];
            known.extend(told.keys().filter_map(|to| match to {
                Recipient::Person(person) => Some(*person),
                Recipient::Address(_) => None,
            }));
            for fingerprint in addresses {
                // Of whoever did it, too: an address of theirs is they.
                if !same(fingerprint, &known) {
                    told.insert(Recipient::Address(fingerprint.clone()), ToldAs::Watcher);
                }
            }
        }
        told
    }
}

#[cfg(test)]
mod tests {
    use strum::IntoEnumIterator as _;

    use super::*;

    /// The table of docs/mail.md, a row for each occasion.
    const EXPECTED: &str = "\
Opened                 customers+receipt watchers -     queue
Message By Staff       customers         watchers -     -
File By Staff          customers         watchers -     -
Message By Customer    customers         watchers owner queue
File By Customer       customers         watchers owner queue
Assigned               -                 -        owner -
Waiting For Customer   customers         -        -     -
Resolved               customers         watchers -     -
Reminder               customers         -        -     -
Canceled               customers         watchers owner queue
Closed                 customers         watchers owner queue
Reopened               customers         watchers owner queue
Merged                 customers         watchers owner queue
Note With Mention      -                 -        owner queue
";

    #[test]
    fn who_is_told_of_what() {
        let cell = |is_told: bool, word: &'static str| if is_told { word } else { "-" };
        let line = |occasion: Occasion| {
            let row = occasion.row();
            let customers = if row.receipt { "customers+receipt" } else { cell(row.customers, "customers") };
            let (watchers, owner) = (cell(row.watchers, "watchers"), cell(row.owner, "owner"));
            let queue = cell(row.queue == Queue::IfNoOwner, "queue");
            format!("{:22} {customers:17} {watchers:8} {owner:5} {queue}\n", occasion.to_string())
        };
        let found: String = Occasion::iter().map(line).collect();
        assert_eq!(found, EXPECTED, "{found}");
    }
}
