//! One event for every value that each type can carry, of plainly fictional people. The first of a type is its
//! example, complete with all that is optional.

use std::fmt::Debug;

use chrono::{DateTime, NaiveDate, TimeDelta};
use domain::{
    AccountId, AttachmentId, CaseId, Fingerprint, KeyId, Line, LocationId, MessageId, PersonId, PlainText, ProductId,
    Role, Sealed, Side, Slug, Timestamp,
    access_request::{
        AccessRequestEvent, AccessRequestFact, AccessRequestFactKind, NamedPerson, RequestType, Submission,
    },
    account::{AccountEvent, AccountFact, AccountFactKind, ContactAccess, ContactRole},
    case::{
        AttachmentAdded, CancelReason, CaseEvent, CaseFact, CaseFactKind as Kind, CaseNumber, Choice, CloseCause,
        Contents, ExternalReference, FileLabel, LinkKind, Opened, OtherTextKind, Priority, ReopenCause, Sha256, Status,
        TextKind, Wait, WaitEnd, WaitReason, Watcher, WatcherId,
    },
    person::{Details, PersonEvent, PersonFact, PersonFactKind},
    settings::{
        CaseType, Category, Colors, EntryName, Hours, Logo, LogoType, Name, ResolutionPeriods, Sender, Settings,
        SettingsEvent, SettingsFact, SettingsFactKind, WatchListPolicy,
    },
    user::{Factor, PasswordOccasion, UnlockedBy, UserEvent, UserFact, UserFactKind},
};
use strum::IntoEnumIterator;
use uuid::Uuid;

const CONTACT: PersonId = PersonId(Uuid::from_u128(0x0198_0000_0000_7000_8000_0000_0000_0c01));
const COLLEAGUE: PersonId = PersonId(Uuid::from_u128(0x0198_0000_0000_7000_8000_0000_0000_0c02));
const AGENT: PersonId = PersonId(Uuid::from_u128(0x0198_0000_0000_7000_8000_0000_0000_0a01));
const SUPERVISOR: PersonId = PersonId(Uuid::from_u128(0x0198_0000_0000_7000_8000_0000_0000_0a02));
const MESSAGE: MessageId = MessageId(Uuid::from_u128(0x0198_0000_0000_7000_8000_0000_0000_0e01));
const KEY: KeyId = KeyId(Uuid::from_u128(0x0198_0000_0000_7000_8000_0000_0000_0b01));
const ANOTHER_KEY: KeyId = KeyId(Uuid::from_u128(0x0198_0000_0000_7000_8000_0000_0000_0b02));

const ACCOUNT: AccountId = AccountId(Uuid::from_u128(0x0198_0000_0000_7000_8000_0000_0000_0d01));
const LOCATION: LocationId = LocationId(Uuid::from_u128(0x0198_0000_0000_7000_8000_0000_0000_1001));
const PRODUCT: ProductId = ProductId(Uuid::from_u128(0x0198_0000_0000_7000_8000_0000_0000_2001));
const ATTACHMENT: AttachmentId = AttachmentId(Uuid::from_u128(0x0198_0000_0000_7000_8000_0000_0000_3001));

const OTHER_CASE: CaseId = CaseId(Uuid::from_u128(0x0198_0000_0000_7000_8000_0000_0000_0f01));
const ANOTHER_MESSAGE: MessageId = MessageId(Uuid::from_u128(0x0198_0000_0000_7000_8000_0000_0000_0e02));

type Samples = Vec<(&'static str, CaseFact)>;

/// The forms of a type, named by what is particular about each.
pub fn of(kind: Kind) -> Vec<(&'static str, CaseEvent)> {
    facts(kind).into_iter().map(|(name, fact)| (name, CaseEvent { occurred_at: moment(), fact })).collect()
}

/// The same for the types of an account.
pub fn of_account(kind: AccountFactKind) -> Vec<(&'static str, AccountEvent)> {
    let facts = account_facts(kind).into_iter();
    facts.map(|(name, fact)| (name, AccountEvent { occurred_at: moment(), fact })).collect()
}

/// The same for the types of a person.
pub fn of_person(kind: PersonFactKind) -> Vec<(&'static str, PersonEvent)> {
    let fact = match kind {
        PersonFactKind::PersonRegistered => PersonFact::PersonRegistered,
        PersonFactKind::PersonDetailsChanged => PersonFact::PersonDetailsChanged,
        PersonFactKind::PersonErased => {
            return vec![("clear", PersonEvent { occurred_at: moment(), fact: PersonFact::PersonErased {} })];
        }
    };
    let line = |text| line(CONTACT, text);
    let details = Details {
        name: line("Ana Torres"),
        email: Some(line("ana.torres@example.com")),
        phone: Some(line("+44 20 7946 0123")),
    };
    let minimal = Details { email: None, phone: None, ..details.clone() };
    let event = |details| PersonEvent { occurred_at: moment(), fact: fact(details) };
    vec![("clear", event(details)), ("minimal", event(minimal))]
}

/// The same for the types of settings.
pub fn of_settings(kind: SettingsFactKind) -> Vec<(&'static str, SettingsEvent)> {
    let facts = settings_facts(kind).into_iter();
    facts.map(|(name, fact)| (name, SettingsEvent { occurred_at: moment(), fact })).collect()
}

/// The same for the types of a request for access.
pub fn of_access_request(kind: AccessRequestFactKind) -> Vec<(&'static str, AccessRequestEvent)> {
    let facts = access_request_facts(kind).into_iter();
    facts.map(|(name, fact)| (name, AccessRequestEvent { occurred_at: moment(), fact })).collect()
}

fn access_request_facts(kind: AccessRequestFactKind) -> Vec<(&'static str, AccessRequestFact)> {
    use AccessRequestFact as Fact;
    use AccessRequestFactKind as Kind;
    let clear = |fact| vec![("clear", fact)];
    let authority = || words(SUPERVISOR, "called back under the number of the account");
    match kind {
        Kind::AccessRequested => {
            let requested = |request_type, phone: Option<&str>| {
                Fact::AccessRequested(Box::new(Submission {
                    request_type,
                    asker: NamedPerson {
                        name: line(CONTACT, "Ana Torres"),
                        email: line(CONTACT, "ana.torres@example.com"),
                        phone: phone.map(|phone| line(CONTACT, phone)),
                    },
                    account_name: words(CONTACT, "Acme Hardware"),
                    service_address: phone.map(|_| words(CONTACT, "12 Mill Road")),
                    description: words(CONTACT, "Access for me and for Ben Ito, please."),
                }))
            };
            vec![
                ("clear", requested(RequestType::PortalAccess, Some("+1 555 0100"))),
                ("change", requested(RequestType::ChangeOrRemoval, None)),
                ("other", requested(RequestType::Other, None)),
            ]
        }
        Kind::AccessPersonAdded => clear(Fact::AccessPersonAdded {
            number: 2,
            person: NamedPerson {
                name: line(COLLEAGUE, "Ben Ito"),
                email: line(COLLEAGUE, "ben.ito@example.com"),
                phone: None,
            },
        }),
        Kind::AccessApproved => {
            let approved = |access| Fact::AccessApproved {
                number: 1,
                person: CONTACT,
                account: ACCOUNT,
                access,
                authority: authority(),
            };
            let limit = Some([LOCATION].into());
            vec![
                ("clear", approved(ContactAccess { role: ContactRole::Member, locations: limit })),
                ("admin", approved(ContactAccess { role: ContactRole::Admin, locations: None })),
            ]
        }
        Kind::AccessDeclined => {
            clear(Fact::AccessDeclined { number: 2, reason: words(SUPERVISOR, "nobody of the account knows them") })
        }
        Kind::AccessMadeCase => clear(Fact::AccessMadeCase {
            case: OTHER_CASE,
            account: ACCOUNT,
            contact: CONTACT,
            case_type: slug("billing"),
            category: slug("account-contact-updates"),
            authority: authority(),
        }),
        Kind::AccessCarriedOut => clear(Fact::AccessCarriedOut { number: 1 }),
        Kind::AccessRequestRedacted => clear(Fact::AccessRequestRedacted { keys: vec![KEY, ANOTHER_KEY] }),
    }
}

/// The same for the types of a portal user.
pub fn of_user(kind: UserFactKind) -> Vec<(&'static str, UserEvent)> {
    user_facts(kind).into_iter().map(|(name, fact)| (name, UserEvent { occurred_at: moment(), fact })).collect()
}

fn user_facts(kind: UserFactKind) -> Vec<(&'static str, UserFact)> {
    use UserFactKind as Kind;
    let clear = |fact| vec![("clear", fact)];
    match kind {
        Kind::UserInvited => {
            let invited = |username, roles: &[Role]| UserFact::UserInvited {
                email: line(CONTACT, "ana.torres@example.com"),
                username: line(CONTACT, username),
                roles: roles.iter().copied().collect(),
            };
            let staff =
                [Role::Contact, Role::Agent, Role::Supervisor, Role::Administrator, Role::Auditor, Role::Analyst];
            vec![
                ("clear", invited("ana.torres@example.com", &[Role::Contact])),
                ("staff", invited("ana.torres", &staff)),
            ]
        }
        Kind::InvitationResent => clear(UserFact::InvitationResent {}),
        Kind::UserActivated => clear(UserFact::UserActivated {}),
        Kind::PasswordChanged => {
            let changed = |occasion: PasswordOccasion| (occasion.into(), UserFact::PasswordChanged { occasion });
            PasswordOccasion::iter().map(changed).collect()
        }
        Kind::PasswordResetSent => clear(UserFact::PasswordResetSent {}),
        Kind::ChallengeQuestionSet => clear(UserFact::ChallengeQuestionSet { question: slug("first-concert") }),
        Kind::ChallengeQuestionRemoved => clear(UserFact::ChallengeQuestionRemoved {}),
        Kind::FactorEnrolled => clear(UserFact::FactorEnrolled { factor: Factor::Totp }),
        Kind::FactorRemoved => clear(UserFact::FactorRemoved { factor: Factor::Totp }),
        Kind::RecoveryCodesReplaced => clear(UserFact::RecoveryCodesReplaced {}),
        Kind::RecoveryCodeUsed => clear(UserFact::RecoveryCodeUsed {}),
        Kind::UserLocked => clear(UserFact::UserLocked { until: moment() + TimeDelta::minutes(30) }),
        Kind::UserUnlocked => UnlockedBy::iter().map(|by| (by.into(), UserFact::UserUnlocked { by })).collect(),
        Kind::RolesGranted => clear(UserFact::RolesGranted { roles: [Role::Agent, Role::Supervisor].into() }),
        Kind::RolesRevoked => clear(UserFact::RolesRevoked { roles: [Role::Supervisor].into() }),
        Kind::UserDeactivated => clear(UserFact::UserDeactivated {}),
        Kind::UserReactivated => clear(UserFact::UserReactivated {}),
        Kind::DeviceAdded => clear(UserFact::DeviceAdded {}),
        Kind::UserErased => clear(UserFact::UserErased {}),
    }
}

fn moment() -> Timestamp {
    DateTime::from_timestamp(1_750_000_000, 123_456_000).expect("a date of this century")
}

fn account_facts(kind: AccountFactKind) -> Vec<(&'static str, AccountFact)> {
    use AccountFactKind as Kind;
    let line = |text| line(PersonId::of_account(ACCOUNT), text);
    match kind {
        Kind::AccountOpened => {
            let opened = |address| AccountFact::AccountOpened {
                reference: line("A-1001"),
                name: line("Example Company"),
                address,
            };
            vec![("clear", opened(Some(line("2 Example Avenue, Exampletown")))), ("minimal", opened(None))]
        }
        Kind::AccountRenamed => vec![("clear", AccountFact::AccountRenamed { name: line("Example Group") })],
        Kind::AccountMoved => {
            vec![("clear", AccountFact::AccountMoved { address: line("3 Example Avenue, Exampletown") })]
        }
        Kind::LocationAdded => {
            let added = |reference, name| AccountFact::LocationAdded {
                location: LOCATION,
                reference,
                name,
                address: line("1 Example Street, Exampletown"),
            };
            vec![("clear", added(Some(line("L-17")), Some(line("Warehouse")))), ("minimal", added(None, None))]
        }
        Kind::LocationMoved => {
            let address = line("5 Example Street, Exampletown");
            vec![("clear", AccountFact::LocationMoved { location: LOCATION, address })]
        }
        Kind::LocationRetired => vec![("clear", AccountFact::LocationRetired { location: LOCATION })],
        Kind::ProductInstalled => {
            let installed = |location, reference| AccountFact::ProductInstalled {
                product: PRODUCT,
                location,
                reference,
                name: line("SmartVoice 20"),
            };
            vec![("clear", installed(Some(LOCATION), Some(line("SV-0042")))), ("minimal", installed(None, None))]
        }
        Kind::ProductRemoved => vec![("clear", AccountFact::ProductRemoved { product: PRODUCT })],
        Kind::ContactJoined => {
            accesses().map(|(name, access)| (name, AccountFact::ContactJoined { person: CONTACT, access })).into()
        }
        Kind::ContactAccessChanged => accesses()
            .map(|(name, access)| (name, AccountFact::ContactAccessChanged { person: CONTACT, access }))
            .into(),
        Kind::ContactLeft => vec![("clear", AccountFact::ContactLeft { person: CONTACT })],
    }
}

fn accesses() -> [(&'static str, ContactAccess); 3] {
    let access = |role, locations| ContactAccess { role, locations };
    [
        ("limited", access(ContactRole::Member, Some([LOCATION].into()))),
        ("member", access(ContactRole::Member, None)),
        ("admin", access(ContactRole::Admin, None)),
    ]
}

fn settings_facts(kind: SettingsFactKind) -> Vec<(&'static str, SettingsFact)> {
    use SettingsFactKind as Kind;
    match kind {
        Kind::CaseTypeSet => {
            let set = |covers| SettingsFact::CaseTypeSet {
                case_type: slug("security"),
                to: CaseType {
                    name: name("Security"),
                    covers,
                    queue: slug("network"),
                    priority: Priority::High,
                    location_required: true,
                    product_required: false,
                },
            };
            vec![("clear", set(Some(name("Phishing, stolen devices")))), ("minimal", set(None))]
        }
        Kind::CategorySet => {
            let set = |queue, priority| SettingsFact::CategorySet {
                case_type: slug("security"),
                category: slug("phishing"),
                to: Category { name: name("Phishing"), queue, priority },
            };
            vec![("clear", set(Some(slug("fraud")), Some(Priority::Critical))), ("minimal", set(None, None))]
        }
        Kind::CatalogueProductSet => {
            let (product, name) = (slug("smartvoice"), name("SmartVoice"));
            vec![("clear", SettingsFact::CatalogueProductSet { product, name })]
        }
        Kind::QueueSet => {
            vec![("clear", SettingsFact::QueueSet { queue: slug("night-desk"), name: name("Night Desk") })]
        }
        Kind::ResolutionCodeSet => {
            let (code, name) = (slug("moved-to-partner"), name("Moved to partner"));
            vec![("clear", SettingsFact::ResolutionCodeSet { code, name })]
        }
        Kind::CatalogueEntryRetired => {
            entry_names().map(|(name, entry)| (name, SettingsFact::CatalogueEntryRetired { entry })).into()
        }
        Kind::CatalogueEntryRestored => {
            entry_names().map(|(name, entry)| (name, SettingsFact::CatalogueEntryRestored { entry })).into()
        }
        Kind::DeskHoursSet => {
            let Hours { week, .. } = Settings::default().desk.hours;
            let time_zone = "America/Chicago".parse().expect("a time zone");
            vec![("clear", SettingsFact::DeskHoursSet(Hours { time_zone, week }))]
        }
        Kind::HolidaySet => {
            vec![("clear", SettingsFact::HolidaySet { date: day_of_holiday(), name: name("Christmas Day") })]
        }
        Kind::HolidayRemoved => vec![("clear", SettingsFact::HolidayRemoved { date: day_of_holiday() })],
        Kind::CannedReplySet => {
            let (title, body) = (own("Asking for the modem"), own("Please tell us the model of your modem."));
            vec![("clear", SettingsFact::CannedReplySet { reply: slug("which-modem"), title, body })]
        }
        Kind::CannedReplyRemoved => vec![("clear", SettingsFact::CannedReplyRemoved { reply: slug("which-modem") })],
        Kind::PortalNameSet => vec![("clear", SettingsFact::PortalNameSet { name: name("Example Portal") })],
        Kind::ColorsSet => {
            let color = |text: &str| text.parse().expect("a color");
            vec![("clear", SettingsFact::ColorsSet(Colors { primary: color("#1a5fb4"), accent: color("#e66100") }))]
        }
        Kind::LogoSet => {
            let logo = |media_type, data: &str| SettingsFact::LogoSet(Logo { media_type, data: data.to_owned() });
            vec![
                ("clear", logo(LogoType::Png, "iVBORw0KGgo=")),
                ("jpeg", logo(LogoType::Jpeg, "/9j/2w==")),
                ("webp", logo(LogoType::Webp, "UklGRgAAAABXRUJQ")),
            ]
        }
        Kind::LogoRemoved => vec![("clear", SettingsFact::LogoRemoved {})],
        Kind::SenderSet => {
            let set =
                |sender, name, address| SettingsFact::SenderSet { sender, name: own(name), address: own(address) };
            vec![
                ("clear", set(Sender::Support, "Example Support", "support@example.com")),
                ("admin", set(Sender::Admin, "Example Admin", "admin@example.com")),
            ]
        }
        Kind::ResolutionPeriodsSet => {
            let periods = ResolutionPeriods { remind_after_days: 3, close_after_days: 7 };
            vec![("clear", SettingsFact::ResolutionPeriodsSet(periods))]
        }
        Kind::WatchListPolicySet => WatchListPolicy::iter()
            .map(|policy| (&*format!("{policy:?}").leak(), SettingsFact::WatchListPolicySet { policy }))
            .collect(),
    }
}

fn day_of_holiday() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 12, 25).expect("a date")
}

/// A line of whoever runs the installation.
fn own(text: &str) -> Line {
    line(PersonId::OPERATOR, text)
}

fn entry_names() -> [(&'static str, EntryName); 5] {
    [
        ("type", EntryName::Type(slug("fraud"))),
        ("category", EntryName::Category { case_type: slug("billing"), category: slug("collections") }),
        ("product", EntryName::Product(slug("webex"))),
        ("queue", EntryName::Queue(slug("support"))),
        ("resolution_code", EntryName::ResolutionCode(slug("vendor"))),
    ]
}

#[expect(clippy::too_many_lines, reason = "one arm for each type")]
fn facts(kind: Kind) -> Samples {
    match kind {
        Kind::Opened => openings(),
        Kind::TakenUp => one(CaseFact::TakenUp { owner: AGENT }),
        Kind::OwnerAssigned => one(CaseFact::OwnerAssigned { owner: AGENT }),
        Kind::OwnerReleased => one(CaseFact::OwnerReleased {}),
        Kind::MovedToQueue => one(CaseFact::MovedToQueue { queue: slug("field-service") }),
        Kind::WaitStarted => waits_started(),
        Kind::WaitEnded => waits_ended(),
        Kind::PriorityChanged => each(|priority: Priority| CaseFact::PriorityChanged { priority }),
        Kind::Reclassified => {
            one(CaseFact::Reclassified { case_type: slug("data-and-networking"), category: slug("networking") })
        }
        Kind::LocationChanged => {
            choices(LOCATION).map(|(name, location)| (name, CaseFact::LocationChanged { location })).into()
        }
        Kind::ProductChanged => {
            choices(PRODUCT).map(|(name, product)| (name, CaseFact::ProductChanged { product })).into()
        }
        Kind::TriageCleared => one(CaseFact::TriageCleared {}),
        Kind::SubjectChanged => one(CaseFact::SubjectChanged { subject: words(CONTACT, "No dial tone on line 2") }),
        Kind::ContactChanged => one(CaseFact::ContactChanged { contact: COLLEAGUE }),
        Kind::MessagePosted => each(|side: Side| CaseFact::MessagePosted {
            message: MESSAGE,
            author: if side == Side::Customer { CONTACT } else { AGENT },
            side,
            body: words(if side == Side::Customer { CONTACT } else { AGENT }, "The line is dead again."),
            written_at: (side == Side::Staff).then(earlier),
        }),
        Kind::InternalNoteAdded => [("clear", Some(earlier())), ("minimal", None)]
            .map(|(name, written_at)| {
                let body = words(AGENT, "Third fault on this card.");
                (name, CaseFact::InternalNoteAdded { message: MESSAGE, author: AGENT, body, written_at })
            })
            .into(),
        Kind::MessageRedacted => redactions(),
        Kind::TextRedacted => {
            let redacted = |kind, destroyed| CaseFact::TextRedacted { message: MESSAGE, kind, key: KEY, destroyed };
            let mut samples = each(|kind: OtherTextKind| redacted(kind, true));
            samples.push(("kept", redacted(OtherTextKind::Resolution, false)));
            samples
        }
        Kind::RedactedTextDestroyed => one(CaseFact::RedactedTextDestroyed { message: MESSAGE, key: KEY }),
        Kind::AttachmentAdded => attachments(),
        Kind::AttachmentRemoved => files_taken_away(|of_note, destroyed| CaseFact::AttachmentRemoved {
            attachment: ATTACHMENT,
            of_note,
            key: KEY,
            destroyed,
        }),
        Kind::AttachmentRedacted => files_taken_away(|of_note, destroyed| CaseFact::AttachmentRedacted {
            attachment: ATTACHMENT,
            of_note,
            key: KEY,
            name_key: ANOTHER_KEY,
            destroyed,
        }),
        Kind::RedactedAttachmentDestroyed => {
            one(CaseFact::RedactedAttachmentDestroyed { attachment: ATTACHMENT, key: KEY, name_key: ANOTHER_KEY })
        }
        Kind::WatcherAdded => vec![
            ("address", CaseFact::WatcherAdded { watcher: address(), unconfirmed: false }),
            ("contact", CaseFact::WatcherAdded { watcher: Watcher::Contact { person: COLLEAGUE }, unconfirmed: false }),
            ("unconfirmed", CaseFact::WatcherAdded { watcher: address(), unconfirmed: true }),
        ],
        Kind::WatcherConfirmed => vec![
            ("address", CaseFact::WatcherConfirmed { watcher: address().id() }),
            ("contact", CaseFact::WatcherConfirmed { watcher: WatcherId::Contact(COLLEAGUE) }),
        ],
        Kind::WatcherLeft => vec![
            ("address", CaseFact::WatcherLeft { watcher: address().id() }),
            ("contact", CaseFact::WatcherLeft { watcher: WatcherId::Contact(COLLEAGUE) }),
        ],
        Kind::WatcherRemoved => vec![
            ("address", CaseFact::WatcherRemoved { watcher: address().id() }),
            ("contact", CaseFact::WatcherRemoved { watcher: WatcherId::Contact(COLLEAGUE) }),
        ],
        Kind::Resolved => {
            let resolved = |closes_at, reminds_at| CaseFact::Resolved {
                code: slug("fixed"),
                resolution: words(AGENT, "The card was replaced."),
                closes_at,
                reminds_at,
            };
            let after = |days| Some(moment() + TimeDelta::days(days));
            vec![("clear", resolved(None, None)), ("dated", resolved(after(7), after(3)))]
        }
        Kind::ReminderDue => one(CaseFact::ReminderDue {}),
        Kind::ResolutionAccepted => one(CaseFact::ResolutionAccepted {}),
        Kind::ResolutionRejected => vec![
            ("clear", CaseFact::ResolutionRejected { reason: Some(words(CONTACT, "Still no dial tone.")) }),
            ("minimal", CaseFact::ResolutionRejected { reason: None }),
        ],
        Kind::Reopened => reopenings(),
        Kind::ReopeningUndone => one(CaseFact::ReopeningUndone {}),
        Kind::Canceled => cancellations(),
        Kind::Closed => each(|cause: CloseCause| CaseFact::Closed { cause }),
        Kind::SatisfactionRated => vec![
            ("clear", CaseFact::SatisfactionRated { score: 5, comment: Some(words(CONTACT, "Quick and friendly.")) }),
            ("minimal", CaseFact::SatisfactionRated { score: 1, comment: None }),
        ],
        Kind::LegalHoldPlaced => one(CaseFact::LegalHoldPlaced { reason: words(SUPERVISOR, "Court order 17/2025.") }),
        Kind::LegalHoldLifted => one(CaseFact::LegalHoldLifted {}),
        Kind::LinkedTo => each(|kind: LinkKind| CaseFact::LinkedTo { case: OTHER_CASE, kind }),
        Kind::Unlinked => one(CaseFact::Unlinked { case: OTHER_CASE }),
        Kind::MergedInto => one(CaseFact::MergedInto { case: OTHER_CASE }),
        Kind::MergeUndone => one(CaseFact::MergeUndone { case: OTHER_CASE, status: Status::Open }),
        Kind::Absorbed => one(CaseFact::Absorbed {
            case: OTHER_CASE,
            brought: vec![WatcherId::Contact(COLLEAGUE), address().id()],
            added: vec![WatcherId::Contact(COLLEAGUE)],
        }),
        Kind::AbsorptionUndone => one(CaseFact::AbsorptionUndone { case: OTHER_CASE }),
        Kind::Redirected => one(CaseFact::Redirected { through: vec![OTHER_CASE], contents: contents() }),
        Kind::SplitFrom => one(CaseFact::SplitFrom { case: OTHER_CASE }),
        Kind::SplitInto => one(CaseFact::SplitInto { case: OTHER_CASE }),
        Kind::SplitUndone => one(CaseFact::SplitUndone { case: OTHER_CASE }),
        Kind::CarriedOver => one(CaseFact::CarriedOver { case: OTHER_CASE, contents: contents() }),
        Kind::ContentsMoved => [("clear", false), ("of_notes", true)]
            .map(|(name, of_notes)| {
                (name, CaseFact::ContentsMoved { case: OTHER_CASE, contents: contents(), of_notes })
            })
            .into(),
        Kind::ContentsReturned => [("clear", false), ("of_notes", true)]
            .map(|(name, of_notes)| {
                (name, CaseFact::ContentsReturned { case: OTHER_CASE, contents: contents(), of_notes })
            })
            .into(),
    }
}

fn earlier() -> Timestamp {
    DateTime::from_timestamp(1_749_000_000, 0).expect("a moment")
}

fn contents() -> Contents {
    Contents { description: Some(MESSAGE), messages: vec![ANOTHER_MESSAGE], attachments: vec![ATTACHMENT] }
}

fn openings() -> Samples {
    let complete = Opened {
        number: CaseNumber(123),
        account: AccountId(Uuid::from_u128(0x0198_0000_0000_7000_8000_0000_0000_0d01)),
        location: Choice::Picked(LocationId(Uuid::from_u128(0x0198_0000_0000_7000_8000_0000_0000_1001))),
        product: Choice::Picked(ProductId(Uuid::from_u128(0x0198_0000_0000_7000_8000_0000_0000_2001))),
        case_type: slug("voice-webex"),
        category: slug("smartvoice"),
        contact: CONTACT,
        opener: AGENT,
        subject: Some(Sealed::new(ANOTHER_KEY, CONTACT, text("No dial tone"))),
        message: MESSAGE,
        description: words(CONTACT, "No dial tone since this morning.\nBoth lines."),
        queue: slug("support"),
        priority: Priority::Normal,
        external_reference: Some(ExternalReference { system: slug("old-desk"), reference: "INC0000045".to_owned() }),
        written_at: Some(earlier()),
    };
    let minimal = Opened {
        location: Choice::NotListed,
        product: Choice::None,
        opener: CONTACT,
        subject: None,
        external_reference: None,
        written_at: None,
        ..complete.clone()
    };
    vec![("clear", CaseFact::Opened(Box::new(complete))), ("minimal", CaseFact::Opened(Box::new(minimal)))]
}

fn waits_started() -> Samples {
    let until = DateTime::from_timestamp(1_750_000_000, 0).map(|now| now + TimeDelta::days(2));
    let dated = ("dated", CaseFact::WaitStarted { wait: Wait { reason: WaitReason::Customer, until } });
    let plain = each(|reason: WaitReason| CaseFact::WaitStarted { wait: Wait { reason, until: None } });
    [dated].into_iter().chain(plain).collect()
}

fn waits_ended() -> Samples {
    let until = DateTime::from_timestamp(1_750_000_000, 0);
    let wait = Wait { reason: WaitReason::Customer, until: None };
    let internal = Wait { reason: WaitReason::Vendor, until };
    let mut samples = each(|cause: WaitEnd| CaseFact::WaitEnded { wait, cause });
    samples.push(("dated", CaseFact::WaitEnded { wait: internal, cause: WaitEnd::DateReached }));
    samples
}

fn redactions() -> Samples {
    let redacted = |kind, destroyed| CaseFact::MessageRedacted { message: MESSAGE, kind, key: KEY, destroyed };
    let mut samples = each(|kind: TextKind| redacted(kind, true));
    samples.push(("kept", redacted(TextKind::Message, false)));
    samples
}

fn attachments() -> Samples {
    let label = FileLabel { name: text("Router log, 14 June.txt"), sha256: Sha256([0x5f; 32]) };
    let complete = AttachmentAdded {
        attachment: ATTACHMENT,
        uploader: CONTACT,
        side: Side::Customer,
        label: Sealed::new(ANOTHER_KEY, CONTACT, label),
        media_type: "text/plain".to_owned(),
        size_bytes: 48_213,
        key: KEY,
        of_note: false,
        message: Some(MESSAGE),
    };
    let of_note = AttachmentAdded { uploader: AGENT, side: Side::Staff, of_note: true, ..complete.clone() };
    let minimal = AttachmentAdded { message: None, ..complete.clone() };
    [("clear", complete), ("minimal", minimal), ("of_note", of_note)]
        .map(|(name, added)| (name, CaseFact::AttachmentAdded(Box::new(added))))
        .into()
}

/// As the bytes of a public file and of a note's go, and of one that is kept under legal hold.
fn files_taken_away(fact: impl Fn(bool, bool) -> CaseFact) -> Samples {
    vec![("clear", fact(false, true)), ("of_note", fact(true, true)), ("kept", fact(false, false))]
}

fn reopenings() -> Samples {
    each(|cause: ReopenCause| CaseFact::Reopened {
        cause,
        reason: (cause == ReopenCause::ByAgent).then(|| words(AGENT, "The customer called: it is back.")),
    })
    .into_iter()
    .rev()
    .collect()
}

fn cancellations() -> Samples {
    let comment = Some(words(CONTACT, "We are moving out."));
    let clear = ("clear", CaseFact::Canceled { reason: CancelReason::Other, comment });
    let plain = each(|reason: CancelReason| CaseFact::Canceled { reason, comment: None });
    [clear].into_iter().chain(plain).collect()
}

/// The only form of a type.
fn one(fact: CaseFact) -> Samples {
    vec![("clear", fact)]
}

/// One form for each value of a vocabulary, named after it.
fn each<T: IntoEnumIterator + Debug + Copy>(fact: impl Fn(T) -> CaseFact) -> Samples {
    T::iter().map(|value| (&*format!("{value:?}").leak(), fact(value))).collect()
}

fn choices<T>(picked: T) -> [(&'static str, Choice<T>); 3] {
    [("picked", Choice::Picked(picked)), ("not_listed", Choice::NotListed), ("none", Choice::None)]
}

fn address() -> Watcher {
    let fingerprint = Fingerprint("5f2b".repeat(16));
    Watcher::Address { fingerprint, address: words(CONTACT, "Ana@example.com") }
}

fn name(text: &str) -> Name {
    Name::parse(text).expect("a name")
}

fn slug(text: &str) -> Slug {
    text.parse().expect("a slug")
}

fn text(text: &str) -> PlainText {
    PlainText::parse(text, 1_000).expect("a text")
}

fn words(subject: PersonId, words: &str) -> Sealed<PlainText> {
    Sealed::new(KEY, subject, text(words))
}

fn line(subject: PersonId, text: &str) -> Line {
    Line { fingerprint: Fingerprint("7c1d".repeat(16)), text: words(subject, text) }
}
