//! What the big tests of the case share: plainly fictional people, texts and openings.

use chrono::{DateTime, TimeDelta};
use domain::{
    AccountId, Actor, AttachmentId, Fingerprint, KeyId, LocationId, MessageId, PersonId, PlainText, ProductId, Role,
    Sealed, Slug, Timestamp,
    case::{
        CaseAction, CaseCommand, CaseNumber, Choice, FileLabel, NewAttachment, NewAttachments, OpenCase, Priority,
        Sha256, Watcher,
    },
};
use uuid::Uuid;

/// The moment at which every case of these tests begins, give or take what a test adds.
pub fn start() -> Timestamp {
    DateTime::from_timestamp(1_750_000_000, 0).expect("a date of this century")
}

/// A command, so many minutes after [`start`].
pub fn command(by: Actor, minutes: i64, action: CaseAction) -> CaseCommand {
    CaseCommand { by, at: start() + TimeDelta::minutes(minutes), action }
}

pub fn person(n: u128) -> PersonId {
    PersonId(Uuid::from_u128(n))
}

/// The one person of these tests who has the role, a different one for each.
pub fn actor(role: Role) -> Actor {
    match role {
        Role::Clock => Actor::clock(),
        Role::Watcher => Actor::watcher(&address_watcher().id()),
        _ => Actor::new(person(10 + role as u128), role),
    }
}

pub fn message(n: u128) -> MessageId {
    MessageId(Uuid::from_u128(n))
}

pub fn location(n: u128) -> Choice<LocationId> {
    Choice::Picked(LocationId(Uuid::from_u128(n)))
}

pub fn product(n: u128) -> Choice<ProductId> {
    Choice::Picked(ProductId(Uuid::from_u128(n)))
}

pub fn slug(text: &str) -> Slug {
    text.parse().expect("a slug")
}

/// A text under the `n`th key.
pub fn words(n: u128, text: &str) -> Sealed<PlainText> {
    let text = PlainText::parse(text, 1_000).expect("a text");
    Sealed::new(KeyId(Uuid::from_u128(n)), person(10), text)
}

pub fn attachment(n: u128) -> AttachmentId {
    AttachmentId(Uuid::from_u128(n))
}

/// Files with these ids, under keys that nothing else has.
pub fn files(ids: &[u128]) -> NewAttachments {
    let label = FileLabel { name: PlainText::parse_file_name("router.log").expect("a name"), sha256: Sha256([7; 32]) };
    let file = |n: &u128| NewAttachment {
        attachment: attachment(*n),
        account: AccountId(Uuid::from_u128(1)),
        label: Sealed::new(KeyId(Uuid::from_u128(20_000 + n)), person(10), label.clone()),
        media_type: "text/plain".to_owned(),
        size_bytes: 5,
        key: KeyId(Uuid::from_u128(10_000 + n)),
    };
    NewAttachments { files: ids.iter().map(file).collect(), ..NewAttachments::default() }
}

/// The id of the description that [`opening`] gives.
pub const DESCRIPTION: u128 = 1_000;

/// An address that watches.
pub fn address_watcher() -> Watcher {
    let fingerprint = Fingerprint("5f2b".repeat(16));
    let text = PlainText::parse_email("ana@example.com").expect("an address");
    let address = Sealed::new(KeyId(Uuid::from_u128(800)), PersonId::of_fingerprint(&fingerprint), text);
    Watcher::Address { fingerprint, address }
}

/// An opening that leaves triage to be done, with these watchers.
pub fn opening(watchers: Vec<Watcher>) -> CaseAction {
    CaseAction::Open(Box::new(OpenCase {
        number: CaseNumber(123),
        account: AccountId(Uuid::from_u128(1)),
        location: Choice::NotListed,
        product: Choice::NotListed,
        case_type: slug("voice-webex"),
        category: slug("smartvoice"),
        contact: person(10),
        subject: None,
        message: message(DESCRIPTION),
        description: words(DESCRIPTION, "No dial tone since this morning."),
        watchers,
        attachments: NewAttachments::default(),
        queue: slug("support"),
        priority: Priority::Normal,
        external_reference: None,
    }))
}
