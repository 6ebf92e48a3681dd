//! What the log's tests share: a log on a database of its own, people, and cases that live through everything.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use api::postgres::service_pool;
use domain::{
    AccountId, Actor, AttachmentId, Channel, Fingerprint, KeyId, LocationId, MessageId, Metadata, PersonId, PlainText,
    ProductId, RequestId, Role, Sealed, Slug, Timestamp,
    case::{
        CancelReason, Case, CaseAction, CaseCommand, CaseError, CaseEvent, CaseNumber, Choice, FileLabel,
        NewAttachment, NewAttachments, OpenCase, Priority, Sha256, Wait, WaitReason, Watcher,
    },
};
use event_log::{
    EventLog, Execute, ExecuteError, Executed, Loaded, MasterKey, PartOfStream, RawEvent, StreamId, read_raw_parts,
};
use harness::{TestDatabase, database};
use serde_json::{Value, json};
use sqlx::{ConnectOptions as _, PgConnection, PgPool};
use uuid::Uuid;

/// In every text of these tests, so that one that is not sealed is found wherever it lies.
pub const MARK: &str = "xylophone";

/// What a command on a case came to.
pub type CaseOutcome = Result<Executed<Case, CaseError>, ExecuteError>;

/// A log, and the database below it.
pub struct Desk {
    pub database: TestDatabase,
    pub pool: PgPool,
    pub log: EventLog,
    master: Arc<MasterKey>,
}

impl Desk {
    /// A log on a fresh database, connected as the service is.
    pub async fn new() -> Self {
        Self::under(MasterKey::generate()).await
    }

    /// The same under a master key of the caller's.
    pub async fn under(master: MasterKey) -> Self {
        let database = database().await;
        let pool = service_pool(database.service_options.clone(), 16);
        Self::with(database, pool, master)
    }

    /// A log on a pool of the caller's.
    pub fn on(database: TestDatabase, pool: PgPool) -> Self {
        Self::with(database, pool, MasterKey::generate())
    }

    fn with(database: TestDatabase, pool: PgPool, master: MasterKey) -> Self {
        let master = Arc::new(master);
        let log = EventLog::new(pool.clone(), Arc::clone(&master));
        Self { database, pool, log, master }
    }

    /// The same log as another process has it.
    pub fn another_process(&self) -> EventLog {
        EventLog::new(self.pool.clone(), Arc::clone(&self.master))
    }

    /// A connection that may do anything.
    pub async fn owner(&self) -> PgConnection {
        self.database.owner_options.connect().await.unwrap()
    }

    /// Opens a case and answers its id.
    pub async fn open_case(&self) -> String {
        let case_id = new_id().to_string();
        self.act(&case_id, contact(), CaseAction::Open(Box::new(opening()))).await;
        case_id
    }

    /// Has somebody do something, which must go well.
    pub async fn act(&self, case_id: &str, by: Actor, action: CaseAction) -> Executed<Case, CaseError> {
        let executed = execute(&self.log, case_id, &command(by, action), None).await.unwrap();
        if let Executed::Decided { outcome: Err(refusal), .. } = &executed {
            panic!("refused: {refusal}");
        }
        executed
    }

    /// Lives a case through; answers what was recorded of it, texts clear.
    pub async fn live(&self, case_id: &str, script: Vec<(Actor, CaseAction)>) -> Vec<CaseEvent> {
        let mut recorded = vec![];
        for (by, action) in script {
            let loaded = self.load(case_id).await;
            let command = command(by, action);
            recorded.extend(loaded.aggregate.decide(&command).unwrap());
            execute(&self.log, case_id, &command, None).await.unwrap();
        }
        recorded
    }

    pub async fn load(&self, case_id: &str) -> Loaded<Case> {
        self.log.load::<Case>(case_id).await.unwrap()
    }
}

/// Executes a command on a case, under an idempotency key if there is one. Key and command stand for the request.
pub async fn execute(log: &EventLog, case_id: &str, command: &CaseCommand, key: Option<&str>) -> CaseOutcome {
    let request = format!("{case_id} {:?}", command.action).into_bytes();
    let execute = Execute {
        aggregate_id: case_id,
        metadata: metadata(&command.by),
        at: now(),
        idempotency: key.map(|key| (command.by.person, key.to_owned(), request)),
        reservations: vec![],
        file_keys: &[],
    };
    log.execute(&execute, |loaded: &Loaded<Case>| loaded.aggregate.decide(command), |outcome| Some(describe(outcome)))
        .await
}

/// What is recorded of an outcome.
pub fn describe(outcome: &Result<usize, CaseError>) -> Value {
    match outcome {
        Ok(events) => json!({ "events": events }),
        Err(refusal) => json!({ "refused": refusal.to_string() }),
    }
}

pub fn command(by: Actor, action: CaseAction) -> CaseCommand {
    CaseCommand { by, at: now(), action }
}

pub fn metadata(by: &Actor) -> Metadata {
    Metadata::of(by, RequestId(new_id()), Channel::Api)
}

pub fn stream(case_id: &str) -> StreamId {
    StreamId::of::<Case>(case_id)
}

/// The one moment at which everything happens.
pub fn now() -> Timestamp {
    Timestamp::from_timestamp(1_750_000_000, 0).unwrap()
}

pub fn contact() -> Actor {
    Actor::new(PersonId(Uuid::from_u128(1)), Role::Contact)
}

pub fn agent() -> Actor {
    Actor::new(PersonId(Uuid::from_u128(2)), Role::Agent)
}

pub fn supervisor() -> Actor {
    Actor::new(PersonId(Uuid::from_u128(3)), Role::Supervisor)
}

/// An id that no other test has.
pub fn new_id() -> Uuid {
    static NEXT: AtomicU64 = AtomicU64::new(1000);
    Uuid::from_u128(u128::from(NEXT.fetch_add(1, Ordering::Relaxed)))
}

pub fn slug(text: &str) -> Slug {
    text.parse().unwrap()
}

/// A text of somebody under a key of its own.
pub fn words(by: Actor, words: &str) -> Sealed<PlainText> {
    let text = PlainText::parse(&format!("{MARK} {words}"), 1000).unwrap();
    Sealed::new(KeyId(new_id()), by.person, text)
}

pub fn opening() -> OpenCase {
    OpenCase {
        number: CaseNumber(i64::try_from(new_id().as_u128()).unwrap()),
        account: AccountId(Uuid::from_u128(1)),
        location: Choice::NotListed,
        product: Choice::NotListed,
        case_type: slug("voice-webex"),
        category: slug("smartvoice"),
        contact: contact().person,
        subject: Some(words(contact(), "no dial tone")),
        message: MessageId(new_id()),
        description: words(contact(), "nothing but silence since Monday"),
        watchers: vec![address_watcher()],
        attachments: NewAttachments::default(),
        queue: slug("support"),
        priority: Priority::Normal,
        external_reference: None,
    }
}

fn address_watcher() -> Watcher {
    let address = PlainText::parse(&format!("{MARK}@example.com"), 100).unwrap();
    let fingerprint = Fingerprint("keyed hash of an address".to_owned());
    Watcher::Address { fingerprint, address: Sealed::new(KeyId(new_id()), contact().person, address) }
}

fn by_link() -> Actor {
    Actor::watcher(&address_watcher().id())
}

pub fn post(by: Actor) -> CaseAction {
    CaseAction::PostMessage {
        message: MessageId(new_id()),
        body: words(by, "is it my cable?"),
        attachments: NewAttachments::default(),
    }
}

/// Attaches files of these ids.
fn attach(ids: [AttachmentId; 2]) -> CaseAction {
    let label = FileLabel { name: PlainText::parse_file_name("router.log").expect("a name"), sha256: Sha256([7; 32]) };
    let file = |attachment| NewAttachment {
        attachment,
        account: AccountId(Uuid::from_u128(1)),
        label: Sealed::new(KeyId(new_id()), contact().person, label.clone()),
        media_type: "text/plain".to_owned(),
        size_bytes: 5,
        key: KeyId(new_id()),
    };
    CaseAction::AddAttachments { attachments: NewAttachments { files: ids.map(file).into(), ..Default::default() } }
}

pub fn set_priority(priority: Priority) -> CaseAction {
    CaseAction::SetPriority { priority }
}

/// Two lives that between them have every type of event.
pub fn whole_lives() -> [Vec<(Actor, CaseAction)>; 2] {
    use CaseAction as Do;
    let open = || (contact(), Do::Open(Box::new(opening())));
    let (note, held_note) = (MessageId(new_id()), MessageId(new_id()));
    let (removed_file, redacted_file) = (AttachmentId(new_id()), AttachmentId(new_id()));
    let subject = words(agent(), "port down");
    let redact_file = || Do::RedactAttachment { attachment: redacted_file };
    let wait = |reason| Do::StartWait { wait: Wait { reason, until: None } };
    let resolve = || Do::Resolve {
        code: slug("fixed"),
        resolution: words(agent(), "replaced the card"),
        closes_after: None,
        reminds_after: None,
    };
    let settled = vec![
        open(),
        (agent(), Do::TakeUp),
        (agent(), Do::Assign { owner: supervisor().person }),
        (agent(), Do::Release),
        (agent(), Do::MoveToQueue { queue: slug("network") }),
        (agent(), wait(WaitReason::Vendor)),
        (agent(), wait(WaitReason::Customer)),
        (contact(), post(contact())),
        (agent(), post(agent())),
        (
            agent(),
            Do::AddNote {
                message: note,
                body: words(agent(), "check the switch port"),
                attachments: NewAttachments::default(),
            },
        ),
        (supervisor(), Do::RedactMessage { message: note }),
        (
            agent(),
            Do::AddNote {
                message: held_note,
                body: words(agent(), "ask the lawyers"),
                attachments: NewAttachments::default(),
            },
        ),
        (contact(), attach([removed_file, redacted_file])),
        (contact(), Do::RemoveAttachment { attachment: removed_file }),
        (agent(), set_priority(Priority::High)),
        (agent(), Do::Reclassify { case_type: slug("internet"), category: slug("fiber") }),
        (agent(), Do::SetLocation { location: Choice::Picked(LocationId(Uuid::from_u128(7))) }),
        (agent(), Do::SetProduct { product: Choice::Picked(ProductId(Uuid::from_u128(8))) }),
        (agent(), Do::SetSubject { subject: subject.clone() }),
        (supervisor(), Do::RedactMessage { message: MessageId::of_text(subject.key()) }),
        (agent(), Do::SetContact { contact: supervisor().person }),
        (contact(), Do::AddWatcher { watcher: Watcher::Contact { person: contact().person } }),
        (contact(), Do::LeaveWatchList),
        (by_link(), Do::ConfirmWatching { watcher: address_watcher().id(), addition: 2 }),
        (by_link(), Do::LeaveByLink { watcher: address_watcher().id() }),
        (agent(), resolve()),
        (contact(), Do::RejectResolution { reason: Some(words(contact(), "still silent")) }),
        (agent(), resolve()),
        (agent(), Do::Reopen { reason: words(agent(), "wrong case") }),
        (agent(), Do::UndoReopening),
        (contact(), Do::Rate { score: 4, comment: Some(words(contact(), "friendly")) }),
        (contact(), Do::AcceptResolution),
        (supervisor(), Do::PlaceHold { reason: words(supervisor(), "a court asks for it") }),
        (supervisor(), Do::RedactMessage { message: held_note }),
        (supervisor(), redact_file()),
        (supervisor(), Do::LiftHold),
        (supervisor(), redact_file()),
        (supervisor(), Do::RedactMessage { message: held_note }),
    ];
    let comment = Some(words(contact(), "it came back"));
    let canceled = vec![
        open(),
        (agent(), Do::TakeUp),
        (agent(), resolve()),
        (agent(), Do::Reopen { reason: words(agent(), "not so") }),
        (agent(), Do::ClearTriage),
        (contact(), Do::Cancel { reason: CancelReason::Other, comment }),
    ];
    [settled, canceled]
}

/// All events of a stream, as stored.
pub async fn raw_stream(connection: &mut PgConnection, stream: &StreamId) -> Vec<RawEvent> {
    let whole = PartOfStream { stream: stream.clone(), after: 0, limit: i64::MAX };
    read_raw_parts(connection, &[whole]).await.unwrap().remove(0)
}
