//! A PostgreSQL as the service runs its own (data checksums, `fsync` on), filled with the histories of cases.

use std::{
    ffi::OsString, fs::Permissions, ops::RangeInclusive, os::unix::fs::PermissionsExt as _, sync::Arc, time::Instant,
};

use api::{
    clock::{Clock, Ids},
    postgres::service_pool,
    settings::Settings,
    store::Store,
};
use domain::{
    AccountId, Actor, CaseId, Channel, MessageId, Metadata, PersonId, PlainText, RequestId, Role, Sealed, Slug,
    case::{
        Case, CaseAction, CaseCommand, CaseEvent, CaseNumber, Choice, NewAttachments, OpenCase, Priority, Wait,
        WaitReason,
    },
};
use event_log::{AppendOptions, EventLog, Loaded};
use sqlx::{Executor as _, PgPool};
use tempfile::TempDir;
use uuid::Uuid;

use crate::{Result, measure::count, say, table::rate};

/// How many cases there are at the beginning; with 11 events each they are over 300,000 events.
const CASES: usize = 28_000;
/// How many tasks fill the log.
const FILLERS: usize = 8;
/// Connections of the service: one for each of the 32 clients, and for the listener, the tailer and the two projectors.
const CONNECTIONS: &str = "36";
/// A message of the usual length.
pub const WORDS: &str = "The line went dead again this morning, right after the technician had left. We have restarted the \
                     device twice, as you told us, and the second light stays red. Could somebody call us back today?";

/// Everything that the rows share.
pub struct World {
    /// The service's store.
    pub store: Store,
    /// The database's owner.
    pub owner: PgPool,
    /// The cases, all open.
    pub cases: Arc<[CaseId]>,
    /// For files that other programs read.
    pub folder: TempDir,
}

/// A folder for all of it, and the settings that a service there has.
pub struct Place {
    folder: TempDir,
    /// The settings.
    pub settings: Settings,
}

impl Place {
    /// Makes a new one.
    pub fn new() -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("casestream-bench-").tempdir_in("/tmp")?;
        // PostgreSQL runs as somebody else when we are root.
        std::fs::set_permissions(folder.path(), Permissions::from_mode(0o711))?;
        let data = folder.path().join("data");
        let lookup = |name: &str| -> Option<OsString> {
            match name {
                "CASESTREAM_DATA_DIR" => Some(data.clone().into()),
                "CASESTREAM_DATABASE_CONNECTIONS" => Some(CONNECTIONS.into()),
                "CASESTREAM_THREADS" | "PG_BIN" => std::env::var_os(name),
                _ => None,
            }
        };
        Ok(Self { settings: Settings::from_lookup(&lookup, std::iter::empty(), false)?, folder })
    }
}

impl World {
    /// Starts a PostgreSQL of its own and migrates it.
    pub async fn open(place: Place) -> Result<Self> {
        let Place { folder, settings } = place;
        say("starting PostgreSQL");
        let store = Store::open(&settings).await?;
        let owner = PgPool::connect_lazy_with(store.database.owner_options());
        Ok(Self { store, owner, cases: Arc::default(), folder })
    }

    /// Fills the log with cases.
    pub async fn fill(&mut self) -> Result<()> {
        self.cases = self.live(1..=CASES, People::long_life).await?.into();
        Ok(())
    }

    /// Adds cases that were opened, answered and resolved, until there are so many.
    pub async fn grow(&self, cases: usize) -> Result<()> {
        self.live(self.cases.len() + 1..=cases, People::short_life).await.map(drop)
    }

    /// Has PostgreSQL look at what there is, as it does by itself after a while.
    pub async fn analyze(&self) -> Result<()> {
        self.owner.execute("vacuum analyze").await?;
        Ok(())
    }

    async fn live(
        &self,
        numbers: RangeInclusive<usize>,
        life: fn(&People, i64) -> Vec<CaseCommand>,
    ) -> Result<Vec<CaseId>> {
        say(&format!("filling the log with cases {} to {}", numbers.start(), numbers.end()));
        let (started, before) = (Instant::now(), self.events().await?);
        // Filling is not measured, so it need not wait for the disk.
        let options = self.store.database.service_options().options([("synchronous_commit", "off")]);
        let pool = service_pool(options, u32::try_from(FILLERS)?);
        let log = EventLog::new(pool.clone(), Arc::clone(&self.store.master));
        let fillers = (0..FILLERS).map(|filler| {
            let people = People::new(self.store.clock.clone(), self.store.ids.clone());
            let (log, numbers) = (log.clone(), numbers.clone());
            tokio::spawn(async move {
                let mut cases = vec![];
                for number in numbers.skip(filler).step_by(FILLERS) {
                    cases.push(people.live(&log, life(&people, i64::try_from(number)?)).await?);
                }
                Ok::<_, crate::Error>(cases)
            })
        });
        let mut cases = vec![];
        for filler in fillers.collect::<Vec<_>>() {
            cases.extend(filler.await??);
        }
        pool.close().await;
        self.analyze().await?;
        let events = self.events().await?;
        let filled = count(usize::try_from(events - before)?) / started.elapsed().as_secs_f64();
        say(&format!("{events} events, {} while filling", rate(filled)));
        Ok(cases)
    }

    /// How many events the log holds.
    pub async fn events(&self) -> Result<i64> {
        Ok(sqlx::query_scalar("select count(*) from events").fetch_one(&self.owner).await?)
    }

    /// The people who act on the cases.
    pub fn people(&self) -> People {
        People::new(self.store.clock.clone(), self.store.ids.clone())
    }

    /// Stops PostgreSQL and removes its files.
    pub async fn close(self) -> Result<()> {
        self.owner.close().await;
        self.store.close().await?;
        Ok(())
    }
}

/// An agent and a contact, who talk.
#[derive(Clone)]
pub struct People {
    clock: Clock,
    ids: Ids,
    agent: Actor,
    contact: Actor,
}

impl People {
    fn new(clock: Clock, ids: Ids) -> Self {
        let agent = Actor::new(PersonId(Uuid::from_u128(1)), Role::Agent);
        let contact = Actor::new(PersonId(Uuid::from_u128(2)), Role::Contact);
        Self { clock, ids, agent, contact }
    }

    /// A message of the agent.
    pub fn message(&self) -> CaseCommand {
        let body = self.words(&self.agent);
        self.command(
            self.agent,
            CaseAction::PostMessage {
                message: MessageId(self.ids.next()),
                body,
                attachments: NewAttachments::default(),
            },
        )
    }

    /// A change of priority by the agent.
    pub fn priority(&self, priority: Priority) -> CaseCommand {
        self.command(self.agent, CaseAction::SetPriority { priority })
    }

    /// What is recorded of a command beside its events.
    pub fn metadata(&self, by: &Actor) -> Metadata {
        Metadata::of(by, RequestId(self.ids.next()), Channel::Desk)
    }

    /// The time.
    pub fn now(&self) -> domain::Timestamp {
        self.clock.now()
    }

    /// A new id.
    pub fn id(&self) -> Uuid {
        self.ids.next()
    }

    fn command(&self, by: Actor, action: CaseAction) -> CaseCommand {
        CaseCommand { by, at: self.clock.now(), action }
    }

    fn words(&self, by: &Actor) -> Sealed<PlainText> {
        let words = PlainText::parse(WORDS, WORDS.len()).expect("the words are short and clean");
        Sealed::new(self.ids.next().into(), by.person, words)
    }

    /// Opens a case and lives it, all in one append.
    async fn live(&self, log: &EventLog, life: Vec<CaseCommand>) -> Result<CaseId> {
        let case_id = CaseId(self.ids.next());
        let loaded: Loaded<Case> = log.load(&case_id.to_string()).await?;
        let mut case = Case::clone(&loaded.aggregate);
        let mut events: Vec<(CaseEvent, Metadata)> = vec![];
        for command in life {
            for event in case.decide(&command)? {
                cqrs_es::Aggregate::apply(&mut case, event.clone());
                events.push((event, self.metadata(&command.by)));
            }
        }
        log.append(&loaded, events, AppendOptions::at(self.clock.now())).await?;
        Ok(case_id)
    }

    /// Three commands, after which the case is resolved.
    fn short_life(&self, number: i64) -> Vec<CaseCommand> {
        let resolve = CaseAction::Resolve {
            code: slug("fixed"),
            resolution: self.words(&self.agent),
            closes_after: None,
            reminds_after: None,
        };
        vec![
            self.command(self.contact, CaseAction::Open(Box::new(self.opening(number)))),
            self.command(self.agent, CaseAction::TakeUp),
            self.command(self.agent, resolve),
        ]
    }

    /// Eleven events, after which the case is open.
    fn long_life(&self, number: i64) -> Vec<CaseCommand> {
        let (agent, contact) = (self.agent, self.contact);
        let note = CaseAction::AddNote {
            message: MessageId(self.ids.next()),
            body: self.words(&agent),
            attachments: NewAttachments::default(),
        };
        let answer = CaseAction::PostMessage {
            message: MessageId(self.ids.next()),
            body: self.words(&contact),
            attachments: NewAttachments::default(),
        };
        let wait = Wait { reason: WaitReason::Customer, until: None };
        vec![
            self.command(contact, CaseAction::Open(Box::new(self.opening(number)))),
            self.command(agent, CaseAction::TakeUp),
            self.message(),
            self.command(agent, note),
            self.priority(Priority::High),
            self.command(agent, CaseAction::StartWait { wait }),
            self.command(contact, answer),
            self.message(),
            self.priority(Priority::Low),
            self.priority(Priority::Normal),
        ]
    }

    fn opening(&self, number: i64) -> OpenCase {
        OpenCase {
            number: CaseNumber(number),
            account: AccountId(Uuid::from_u128(100 + u128::from(number.unsigned_abs() % 500))),
            location: Choice::NotListed,
            product: Choice::NotListed,
            case_type: slug("voice"),
            category: slug("no-dial-tone"),
            contact: self.contact.person,
            subject: Some(self.words(&self.contact)),
            message: MessageId(self.ids.next()),
            description: self.words(&self.contact),
            watchers: vec![],
            attachments: NewAttachments::default(),
            queue: slug("support"),
            priority: Priority::Normal,
            external_reference: None,
        }
    }
}

fn slug(text: &str) -> Slug {
    text.parse().expect("a slug of ours")
}
