//! A database with a log, read models and a projector, and people who do things to cases.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use api::postgres::service_pool;
use domain::{
    AccountId, Actor, AttachmentId, CaseId, Channel, KeyId, Line, LocationId, MessageId, Metadata, PersonId, PlainText,
    ProductId, RequestId, Role, Scope, Sealed, Slug, Timestamp,
    account::{Account, AccountAction, AccountCommand, ContactAccess, ContactRole},
    case::{
        CancelReason, Case, CaseAction, CaseCommand, CaseEvent, CaseNumber, Choice, CloseCause, Contents,
        ExternalReference, FileLabel, NewAttachment, NewAttachments, OpenCase, Priority, Sha256, Wait, WaitReason,
        Watcher,
    },
    person::{Details, Person, PersonAction, PersonCommand},
};
use event_log::{AppendOptions, EventLog, LogAggregate, MasterKey, StreamId, Tailer};
use harness::database;
use projections::{Projector, Reads, Visibility};
use sqlx::PgPool;
use uuid::Uuid;

/// How long anything may take to show on a busy machine.
const PATIENCE: Duration = Duration::from_mins(1);

pub struct World {
    pub owner: PgPool,
    pub service: PgPool,
    pub log: EventLog,
    pub projector: Projector,
    keys: AtomicU64,
}

impl World {
    pub async fn new() -> Self {
        let database = database().await;
        let owner = PgPool::connect_with(database.owner_options.clone()).await.unwrap();
        projections::migrate(&owner).await.unwrap();
        let service = service_pool(database.service_options.clone(), 12);
        let log = EventLog::new(service.clone(), Arc::new(MasterKey::generate()));
        let projector = start_projector(&log).await;
        Self { owner, service, log, projector, keys: AtomicU64::new(1) }
    }

    pub fn reads(&self) -> Reads {
        self.projector.reads()
    }

    /// A text under a key of its own.
    pub fn words(&self, subject: PersonId, text: &str) -> Sealed<PlainText> {
        let key = KeyId(Uuid::from_u128(u128::from(self.keys.fetch_add(1, Ordering::Relaxed)) << 64));
        Sealed::new(key, subject, PlainText::parse(text, 1_000).unwrap())
    }

    /// A line about somebody under a key of its own.
    pub fn line(&self, subject: PersonId, text: &str) -> Line {
        let Sealed::Clear { key, value, .. } = self.words(subject, text) else { panic!("just written") };
        self.log.line("test", key, subject, value)
    }

    /// Writes a person down by name, and waits until that shows.
    pub async fn register(&self, who: PersonId, name: &str) {
        let details = Details { name: self.line(who, name), email: None, phone: None };
        let command = PersonCommand { by: administrator(), at: at(0), action: PersonAction::Register(details) };
        let position = self.append_decided::<Person>(&who.to_string(), |person| person.decide(&command).unwrap()).await;
        self.until_visible(position).await;
    }

    /// Opens the `account`th account under a name, with that for its reference too.
    pub async fn open_account(&self, account: u128, name: &str) {
        let subject = person(account);
        let (reference, name) = (self.line(subject, name), self.line(subject, name));
        self.change(account, AccountAction::Open { reference, name, address: None }).await;
    }

    /// Has the `account`th account changed, and waits until that shows.
    pub async fn change(&self, account: u128, action: AccountAction) {
        let position = self.append_to_account(account, action).await;
        self.until_visible(position).await;
    }

    /// The same without waiting; answers the position.
    pub async fn append_to_account(&self, account: u128, action: AccountAction) -> i64 {
        let command = AccountCommand { by: administrator(), at: at(0), action };
        let id = Uuid::from_u128(account).to_string();
        self.append_decided::<Account>(&id, |account| account.decide(&command).unwrap()).await
    }

    async fn append_decided<A: LogAggregate>(&self, id: &str, decide: impl Fn(&A) -> Vec<A::Event>) -> i64 {
        let loaded = self.log.load::<A>(id).await.unwrap();
        let metadata = Metadata::of(&administrator(), RequestId(Uuid::from_u128(1)), Channel::Desk);
        let events = decide(&loaded.aggregate).into_iter().map(|event| (event, metadata.clone())).collect();
        let appended = self.log.append(&loaded, events, AppendOptions::at(at(0))).await.unwrap();
        appended.position.expect("something happened")
    }

    /// What the rules make of a command now; nothing when they refuse it.
    pub async fn decide(&self, case_id: CaseId, command: &CaseCommand) -> Vec<CaseEvent> {
        let loaded = self.log.load::<Case>(&case_id.to_string()).await.unwrap();
        loaded.aggregate.decide(command).unwrap_or_default()
    }

    /// Appends events and answers the last one's position.
    pub async fn append(&self, case_id: CaseId, by: &Actor, events: Vec<CaseEvent>) -> i64 {
        let loaded = self.log.load::<Case>(&case_id.to_string()).await.unwrap();
        let metadata = Metadata::of(by, RequestId(Uuid::from_u128(1)), Channel::Desk);
        let recorded_at = events.last().expect("something happened").occurred_at;
        let events = events.into_iter().map(|event| (event, metadata.clone())).collect();
        let appended = self.log.append(&loaded, events, AppendOptions::at(recorded_at)).await.unwrap();
        appended.position.expect("events were appended")
    }

    /// Does what a command asks for, which the rules must take, and waits until it shows.
    pub async fn act(&self, case_id: CaseId, by: Actor, action: CaseAction) {
        let events = self.decide(case_id, &CaseCommand { by, at: at(0), action }).await;
        let position = self.append(case_id, &by, events).await;
        self.until_visible(position).await;
    }

    pub async fn until_visible(&self, position: i64) {
        assert_eq!(self.projector.wait_until(position, PATIENCE).await, Visibility::Visible);
    }

    /// The opening of a case of the `account`th account.
    pub fn opening(&self, number: i64, account: u128) -> CaseAction {
        CaseAction::Open(Box::new(OpenCase {
            number: CaseNumber(number),
            account: AccountId(Uuid::from_u128(account)),
            location: Choice::NotListed,
            product: Choice::Picked(ProductId(Uuid::from_u128(1))),
            case_type: slug("voice-webex"),
            category: slug("smartvoice"),
            contact: contact().person,
            subject: None,
            message: message(0),
            description: self.words(contact().person, &format!("No dial tone {number}.\nSince this morning.")),
            watchers: vec![Watcher::Contact { person: person(40) }],
            attachments: NewAttachments::default(),
            queue: slug("support"),
            priority: Priority::Normal,
            external_reference: Some(ExternalReference {
                system: slug("elsewhere"),
                reference: format!("INC{number:07}"),
            }),
        }))
    }

    /// Opens a case of the `account`th account, and waits until it shows.
    pub async fn open(&self, number: i64, account: u128) -> CaseId {
        let case_id = case(number);
        let opening = self.opening(number, account);
        self.act(case_id, contact(), opening).await;
        case_id
    }

    /// Everything in the live tables, as text, the tables one after the other.
    pub async fn dump(&self) -> String {
        let tables = [
            ("case_list", "case_id"),
            ("case_details", "case_id"),
            ("case_activity", "case_id, sequence"),
            ("case_watchers", "case_id, watcher"),
            ("case_attachments", "case_id, attachment_id"),
            ("case_links", "case_id, other_id, kind"),
            ("case_counts", "status"),
        ];
        self.counts_hold().await;
        self.dump_of("case", &tables).await
    }

    /// What the database has counted as it wrote is what is there.
    pub async fn counts_hold(&self) {
        let schema = format!("case_v{}", self.live("case").await);
        let sql = format!(
            "select status, cases from {schema}.case_counts where cases <> 0 except
             select status, count(*) from {schema}.case_list group by status"
        );
        let wrong: Vec<(String, i64)> = sqlx::query_as(&sql).fetch_all(&self.owner).await.unwrap();
        assert_eq!(wrong, []);
        let sums =
            format!("select (select sum(cases) from {schema}.case_counts) = (select count(*) from {schema}.case_list)");
        assert!(sqlx::query_scalar::<_, bool>(&sums).fetch_one(&self.owner).await.unwrap(), "some are not counted");
    }

    /// The version of a group that serves.
    async fn live(&self, group: &str) -> i32 {
        sqlx::query_scalar("select version from projection_checkpoints where group_name = $1 and state = 'live'")
            .bind(group)
            .fetch_one(&self.owner)
            .await
            .unwrap()
    }

    /// The same of accounts and people.
    pub async fn dump_directory(&self) -> String {
        let tables = [
            ("accounts", "account_id"),
            ("locations", "location_id"),
            ("products", "product_id"),
            ("contacts", "account_id, person_id"),
            ("contact_access", "account_id, person_id"),
            ("people", "person_id"),
        ];
        self.dump_of("directory", &tables).await
    }

    async fn dump_of(&self, group: &str, tables: &[(&str, &str)]) -> String {
        let version = self.live(group).await;
        let mut dump = vec![];
        for (table, key) in tables {
            let sql = format!("select row_to_json(t)::text from {group}_v{version}.{table} as t order by {key}");
            let rows: Vec<String> = sqlx::query_scalar(&sql).fetch_all(&self.owner).await.unwrap();
            dump.push((*table).to_owned());
            dump.extend(rows);
        }
        dump.join("\n")
    }

    /// One of several ways to do each thing.
    pub fn action(&self, kind: u8, pick: u8, n: u128) -> CaseAction {
        let pick_id = u128::from(pick);
        let text = || self.words(person(10 + pick_id % 4), "Some words.");
        let wait = |reason| CaseAction::StartWait { wait: Wait { reason, until: None } };
        match kind % 34 {
            31 => CaseAction::Link { other: case(100 + i64::from(pick)) },
            32 => CaseAction::Unlink { other: case(100 + i64::from(pick)) },
            33 => CaseAction::Split {
                into: case(200 + i64::from(pick)),
                number: CaseNumber(200),
                subject: None,
                contents: Contents { messages: vec![message(pick_id % (n + 1))], ..Contents::default() },
            },
            0 => CaseAction::TakeUp,
            1 => CaseAction::Assign { owner: person(10 + pick_id) },
            2 => CaseAction::Release,
            3 => CaseAction::MoveToQueue { queue: slug(["support", "billing"][usize::from(pick % 2)]) },
            4 => wait([WaitReason::Customer, WaitReason::Vendor, WaitReason::Customer][usize::from(pick % 3)]),
            5 => CaseAction::EndWait,
            6..=8 => CaseAction::PostMessage { message: message(n), body: text(), attachments: self.files(n) },
            9 | 10 => CaseAction::AddNote { message: message(n), body: text(), attachments: NewAttachments::default() },
            11 => CaseAction::RedactMessage { message: message(pick_id % (n + 1)) },
            // A text that was written lately, here or elsewhere, whatever it is.
            12 => CaseAction::RedactMessage { message: self.text_before(n % 12) },
            13 => CaseAction::AddWatcher { watcher: self.watcher(pick) },
            14 => CaseAction::RemoveWatcher { watcher: self.watcher(pick).id() },
            15 => CaseAction::SetPriority { priority: [Priority::Low, Priority::High][usize::from(pick % 2)] },
            16 => CaseAction::Reclassify { case_type: slug("billing"), category: slug("other") },
            17 => CaseAction::SetLocation { location: choice(pick).map(LocationId) },
            18 => CaseAction::SetProduct { product: choice(pick).map(ProductId) },
            19 => CaseAction::ClearTriage,
            20 => CaseAction::SetSubject { subject: text() },
            21 => CaseAction::SetContact { contact: person(10 + pick_id) },
            22 => CaseAction::Resolve {
                code: slug("fixed"),
                resolution: text(),
                closes_after: pick.is_multiple_of(2).then(|| chrono::TimeDelta::days(3)),
                reminds_after: pick.is_multiple_of(3).then(|| chrono::TimeDelta::days(1)),
            },
            23 => CaseAction::RejectResolution { reason: pick.is_multiple_of(2).then(text) },
            24 => match pick % 3 {
                0 => CaseAction::UndoReopening,
                _ => CaseAction::Reopen { reason: text() },
            },
            25 => CaseAction::Rate { score: 1 + pick % 5, comment: Some(text()) },
            26 => match pick % 4 {
                0 => CaseAction::LiftHold,
                _ => CaseAction::PlaceHold { reason: text() },
            },
            27 => CaseAction::AddAttachments { attachments: self.files(n) },
            28 => CaseAction::RemoveAttachment { attachment: AttachmentId(Uuid::from_u128(pick_id % (n + 1))) },
            29 => CaseAction::RedactAttachment { attachment: AttachmentId(Uuid::from_u128(pick_id % (n + 1))) },
            _ => match pick {
                0 => CaseAction::Cancel { reason: CancelReason::Duplicate, comment: Some(text()) },
                1 => CaseAction::AcceptResolution,
                2 => CaseAction::Close { cause: CloseCause::ConfirmedElsewhere },
                _ => CaseAction::LeaveWatchList,
            },
        }
    }

    /// A file for the cases of the first account, which others refuse.
    pub fn files(&self, n: u128) -> NewAttachments {
        let label =
            FileLabel { name: PlainText::parse_file_name("router.log").expect("a name"), sha256: Sha256([7; 32]) };
        let file = NewAttachment {
            attachment: AttachmentId(Uuid::from_u128(n)),
            account: AccountId(Uuid::from_u128(1)),
            label: Sealed::new(self.words(person(10), "-").key(), person(10), label),
            media_type: "text/plain".to_owned(),
            size_bytes: 5,
            key: self.words(person(10), "-").key(),
        };
        NewAttachments { files: vec![file], ..NewAttachments::default() }
    }

    /// The id of the text that was written so many texts ago, if it is no message.
    fn text_before(&self, texts: u128) -> MessageId {
        let last = u128::from(self.keys.load(Ordering::Relaxed));
        MessageId::of_text(KeyId(Uuid::from_u128(last.saturating_sub(texts) << 64)))
    }

    fn watcher(&self, pick: u8) -> Watcher {
        let address = format!("watcher{}@example.com", pick % 3);
        match pick % 2 {
            0 => Watcher::Contact { person: person(10 + u128::from(pick)) },
            _ => Watcher::Address {
                fingerprint: self.log.fingerprint("watcher", &address),
                address: self.words(person(10), &address),
            },
        }
    }
}

/// Another instance of the service on the same database.
pub async fn start_projector(log: &EventLog) -> Projector {
    let tailer = Tailer::start(log);
    Projector::start(log.pool().clone(), log.pool(), log.codec().clone(), tailer).await.unwrap()
}

/// A [`Choice`] of ids that are still bare.
pub struct Picked(Choice<Uuid>);

impl Picked {
    fn map<T: From<Uuid>>(self, of: impl Fn(Uuid) -> T) -> Choice<T> {
        match self.0 {
            Choice::Picked(id) => Choice::Picked(of(id)),
            Choice::NotListed => Choice::NotListed,
            Choice::None => Choice::None,
        }
    }
}

fn choice(pick: u8) -> Picked {
    Picked(match pick % 4 {
        0 => Choice::NotListed,
        1 => Choice::None,
        n => Choice::Picked(Uuid::from_u128(u128::from(n))),
    })
}

pub fn case(number: i64) -> CaseId {
    CaseId(Uuid::from_u128(0xCA5E_0000_0000 + u128::try_from(number).unwrap()))
}

pub fn stream(case_id: CaseId) -> StreamId {
    StreamId::of::<Case>(case_id.to_string())
}

pub fn person(n: u128) -> PersonId {
    PersonId(Uuid::from_u128(n))
}

pub fn message(n: u128) -> MessageId {
    MessageId(Uuid::from_u128(n))
}

pub fn slug(text: &str) -> Slug {
    text.parse().unwrap()
}

pub fn contact() -> Actor {
    Actor::new(person(10), Role::Contact)
}

pub fn agent() -> Actor {
    Actor::new(person(11), Role::Agent)
}

pub fn administrator() -> Actor {
    Actor::new(person(13), Role::Administrator)
}

pub fn supervisor() -> Actor {
    Actor::new(person(12), Role::Supervisor)
}

/// So many minutes after the first moment of these tests.
pub fn at(minutes: i64) -> Timestamp {
    Timestamp::from_timestamp(1_750_000_000 + minutes * 60, 0).unwrap()
}

/// What a contact of the `account`th account may see.
pub fn customer(account: u128) -> Scope {
    let access = ContactAccess { role: ContactRole::Member, locations: None };
    Scope::Contact { person: contact().person, accounts: [(AccountId(Uuid::from_u128(account)), access)].into() }
}
