//! The words of the rules' tests: given these facts, when somebody asks for this, then these facts follow.

use chrono::{DateTime, TimeDelta};
use cqrs_es::Aggregate;
use uuid::Uuid;

use super::{attachments::BelongsTo, *};
use crate::{
    AccountId, Actor, AttachmentId, Fingerprint, KeyId, LocationId, MessageId, PersonId, PlainText, ProductId, Role,
    Sealed, Side, Slug, Timestamp,
};

pub const NOW: i64 = 1_750_000_000;
pub const CONTACT: u128 = 1;
pub const AGENT: u128 = 2;
pub const OTHER_AGENT: u128 = 3;
const SUPERVISOR: u128 = 4;

pub struct Given(Case);

pub struct When {
    case: Case,
    outcome: Result<Vec<CaseFact>, CaseError>,
}

pub fn given(facts: Vec<CaseFact>) -> Given {
    let mut case = Case::default();
    for fact in facts {
        case.apply(CaseEvent { occurred_at: time(NOW), fact });
    }
    Given(case)
}

impl Given {
    pub fn case(self) -> Case {
        self.0
    }

    pub fn when(self, by: Actor, action: CaseAction) -> When {
        self.when_after(TimeDelta::zero(), by, action)
    }

    pub fn when_after(self, delay: TimeDelta, by: Actor, action: CaseAction) -> When {
        let command = CaseCommand { by, at: time(NOW) + delay, action };
        let mut case = self.0;
        let outcome = case.decide(&command).map(|events| {
            for event in &events {
                case.apply(event.clone());
            }
            events.into_iter().map(|event| event.fact).collect()
        });
        When { case, outcome }
    }
}

impl When {
    #[track_caller]
    pub fn then(self, facts: Vec<CaseFact>) -> Self {
        assert_eq!(self.outcome, Ok(facts));
        self
    }

    #[track_caller]
    pub fn refused(self, error: &CaseError) {
        assert_eq!(self.outcome.as_ref(), Err(error));
    }

    #[track_caller]
    pub fn in_state(&self, status: &str) {
        let state = self.case.state.as_ref().expect("the case is open");
        assert_eq!(state.status.to_string(), status);
    }
}

pub fn time(seconds: i64) -> Timestamp {
    DateTime::from_timestamp(seconds, 0).expect("a date of this century")
}

pub fn person(n: u128) -> PersonId {
    PersonId(Uuid::from_u128(n))
}

pub fn location(n: u128) -> LocationId {
    LocationId(Uuid::from_u128(n))
}

pub fn product(n: u128) -> ProductId {
    ProductId(Uuid::from_u128(n))
}

pub fn message(n: u128) -> MessageId {
    MessageId(Uuid::from_u128(n))
}

pub fn key_of(n: u128) -> KeyId {
    KeyId(Uuid::from_u128(n))
}

pub fn attachment(n: u128) -> AttachmentId {
    AttachmentId(Uuid::from_u128(n))
}

pub fn file_key(n: u128) -> KeyId {
    KeyId(Uuid::from_u128(10_000 + n))
}

pub fn name_key(n: u128) -> KeyId {
    KeyId(Uuid::from_u128(20_000 + n))
}

pub fn slug(text: &str) -> Slug {
    text.parse().expect("a slug")
}

fn text(text: &str) -> PlainText {
    PlainText::parse(text, 1000).expect("a text")
}

pub fn words(key: u128, by: u128, words: &str) -> Sealed<PlainText> {
    Sealed::new(key_of(key), person(by), text(words))
}

pub fn contact() -> Actor {
    Actor::new(person(CONTACT), Role::Contact)
}

pub fn agent() -> Actor {
    Actor::new(person(AGENT), Role::Agent)
}

pub fn supervisor() -> Actor {
    Actor::new(person(SUPERVISOR), Role::Supervisor)
}

pub fn address(address: &str) -> Watcher {
    let address_text = address.to_lowercase();
    Watcher::Address {
        fingerprint: Fingerprint(format!("fingerprint of {address_text}")),
        address: words(900, 900, &address_text),
    }
}

pub fn contact_watcher(n: u128) -> Watcher {
    Watcher::Contact { person: person(n) }
}

// Facts

fn opening(location: Choice<LocationId>, product: Choice<ProductId>) -> CaseFact {
    CaseFact::Opened(Box::new(Opened {
        number: CaseNumber(123),
        account: AccountId(Uuid::from_u128(1)),
        location,
        product,
        case_type: slug("voice-webex"),
        category: slug("smartvoice"),
        contact: person(CONTACT),
        opener: person(CONTACT),
        subject: None,
        message: message(1000),
        description: words(1000, CONTACT, "No dial tone."),
        queue: slug("support"),
        priority: Priority::Normal,
        external_reference: None,
    }))
}

pub fn opened() -> CaseFact {
    opening(Choice::Picked(location(1)), Choice::Picked(product(1)))
}

pub fn opened_not_listed() -> CaseFact {
    opening(Choice::NotListed, Choice::NotListed)
}

pub fn taken_up(owner: u128) -> CaseFact {
    CaseFact::TakenUp { owner: person(owner) }
}

pub fn assigned(owner: u128) -> CaseFact {
    CaseFact::OwnerAssigned { owner: person(owner) }
}

pub fn moved_to(queue: &str) -> CaseFact {
    CaseFact::MovedToQueue { queue: slug(queue) }
}

pub fn wait(reason: WaitReason) -> Wait {
    Wait { reason, until: None }
}

pub fn waiting(reason: WaitReason) -> CaseFact {
    CaseFact::WaitStarted { wait: wait(reason) }
}

pub fn staff_message(n: u128, body: &str) -> CaseFact {
    CaseFact::MessagePosted {
        message: message(n),
        author: person(AGENT),
        side: Side::Staff,
        body: words(n, AGENT, body),
        written_at: None,
    }
}

pub fn customer_message(n: u128, body: &str) -> CaseFact {
    CaseFact::MessagePosted {
        message: message(n),
        author: person(CONTACT),
        side: Side::Customer,
        body: words(n, CONTACT, body),
        written_at: None,
    }
}

pub fn noted(n: u128, body: &str) -> CaseFact {
    CaseFact::InternalNoteAdded {
        message: message(n),
        author: person(AGENT),
        body: words(n, AGENT, body),
        written_at: None,
    }
}

pub(super) fn attached(n: u128, by: u128, to: BelongsTo) -> CaseFact {
    let by = if by == CONTACT { contact() } else { agent() };
    let new = files_of(&[n]);
    attachments::added(&by, &new, to).next().expect("one file")
}

pub fn watcher_added(watcher: Watcher) -> CaseFact {
    let unconfirmed = matches!(watcher, Watcher::Address { .. });
    CaseFact::WatcherAdded { watcher, unconfirmed }
}

pub fn resolved(code: &str) -> CaseFact {
    CaseFact::Resolved { code: slug(code), resolution: words(500, AGENT, "Replaced the card."), closes_at: None }
}

pub fn canceled() -> CaseFact {
    CaseFact::Canceled { reason: CancelReason::NoLongerNeeded, comment: None }
}

pub fn hold_placed() -> CaseFact {
    CaseFact::LegalHoldPlaced { reason: words(600, SUPERVISOR, "Court order.") }
}

// Actions

pub fn open_with(watchers: Vec<Watcher>) -> CaseAction {
    CaseAction::Open(Box::new(OpenCase {
        number: CaseNumber(123),
        account: AccountId(Uuid::from_u128(1)),
        location: Choice::Picked(location(1)),
        product: Choice::Picked(product(1)),
        case_type: slug("voice-webex"),
        category: slug("smartvoice"),
        contact: person(CONTACT),
        subject: None,
        message: message(1000),
        description: words(1000, CONTACT, "No dial tone."),
        watchers,
        attachments: NewAttachments::default(),
        queue: slug("support"),
        priority: Priority::Normal,
        external_reference: None,
    }))
}

pub fn take_up() -> CaseAction {
    CaseAction::TakeUp
}

pub fn assign(owner: u128) -> CaseAction {
    CaseAction::Assign { owner: person(owner) }
}

pub fn move_to(queue: &str) -> CaseAction {
    CaseAction::MoveToQueue { queue: slug(queue) }
}

pub fn start_wait(reason: WaitReason) -> CaseAction {
    CaseAction::StartWait { wait: wait(reason) }
}

pub fn start_wait_until(reason: WaitReason, seconds: i64) -> CaseAction {
    CaseAction::StartWait { wait: Wait { reason, until: Some(time(seconds)) } }
}

pub fn end_wait() -> CaseAction {
    CaseAction::EndWait
}

/// Posts under the key that the message facts have whoever wrote them, so that a retry is the same message.
pub fn post(n: u128, body: &str) -> CaseAction {
    let author = if body.starts_with("We ") || body == "Hello." { AGENT } else { CONTACT };
    CaseAction::PostMessage {
        message: message(n),
        body: words(n, author, body),
        attachments: NewAttachments::default(),
    }
}

pub fn post_under_another_key(n: u128, body: &str) -> CaseAction {
    CaseAction::PostMessage {
        message: message(n),
        body: words(n + 1, CONTACT, body),
        attachments: NewAttachments::default(),
    }
}

pub fn note(n: u128, body: &str) -> CaseAction {
    note_with(n, body, &[])
}

pub fn note_with(n: u128, body: &str, files: &[u128]) -> CaseAction {
    CaseAction::AddNote { message: message(n), body: words(n, AGENT, body), attachments: files_of(files) }
}

pub fn post_with(n: u128, body: &str, files: &[u128]) -> CaseAction {
    CaseAction::PostMessage { message: message(n), body: words(n, CONTACT, body), attachments: files_of(files) }
}

pub fn attach(files: &[u128]) -> CaseAction {
    CaseAction::AddAttachments { attachments: files_of(files) }
}

fn files_of(files: &[u128]) -> NewAttachments {
    NewAttachments { files: files.iter().map(|n| new_file(*n)).collect(), ..NewAttachments::default() }
}

/// A file whose name and key are the same whoever brings it, so that a retry brings the same file.
pub fn new_file(n: u128) -> NewAttachment {
    let label = FileLabel { name: text("router.log"), sha256: Sha256([7; 32]) };
    NewAttachment {
        attachment: attachment(n),
        account: AccountId(Uuid::from_u128(1)),
        label: Sealed::new(name_key(n), person(CONTACT), label),
        media_type: "text/plain".to_owned(),
        size_bytes: 5,
        key: file_key(n),
    }
}

pub fn redact(n: u128) -> CaseAction {
    CaseAction::RedactMessage { message: message(n) }
}

pub fn resolve(code: &str) -> CaseAction {
    CaseAction::Resolve { code: slug(code), resolution: words(500, AGENT, "Replaced the card."), closes_after: None }
}

pub fn cancel() -> CaseAction {
    CaseAction::Cancel { reason: CancelReason::NoLongerNeeded, comment: None }
}

pub fn place_hold() -> CaseAction {
    CaseAction::PlaceHold { reason: words(600, SUPERVISOR, "Court order.") }
}
