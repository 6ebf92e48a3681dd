//! The peer: the same commands on the stock framework, `CqrsFramework` over postgres-es with its documented table.
//!
//! It loads a stream, decides and appends, like ours. It does not seal texts, chain hashes, keep a head or record the
//! command, and its rows have one index and no position.

use std::sync::Arc;

use cqrs_es::{Aggregate, CqrsFramework, DomainEvent, event_sink::EventSink, persist::PersistedEventStore};
use domain::CaseId;
use postgres_es::{PostgresCqrs, PostgresEventRepository};
use serde::{Deserialize, Serialize};
use sqlx::{Executor as _, postgres::PgPoolOptions};
use uuid::Uuid;

use crate::{Result, measure::Client, world::World};

/// As postgres-es documents its table, in a schema of its own, with as many events in as many streams as the log has.
const PREPARE: &str = "
create table stock_events (
    aggregate_type text                         not null,
    aggregate_id   text                         not null,
    sequence       bigint check (sequence >= 0) not null,
    event_type     text                         not null,
    event_version  text                         not null,
    payload        json                         not null,
    metadata       json                         not null,
    primary key (aggregate_type, aggregate_id, sequence)
);
insert into stock_events
select 'ticket', aggregate_id, sequence, 'PriorityChanged', '1',
    json_build_object('PriorityChanged', json_build_object(
        'author', '00000000-0000-0000-0000-000000000001', 'priority', 'normal',
        'occurred_at', '2026-01-01T00:00:00Z'
    )),
    '{}'
from events;
analyze stock_events
";

/// A ticket: as much state as the commands need.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Ticket {
    priority: String,
    messages: Vec<Uuid>,
    events: usize,
}

#[derive(Debug)]
enum TicketCommand {
    Post { message: Uuid, author: Uuid, body: String, occurred_at: String },
    SetPriority { priority: String, author: Uuid, occurred_at: String },
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
enum TicketEvent {
    MessagePosted { message: Uuid, author: Uuid, body: String, occurred_at: String },
    PriorityChanged { priority: String, author: Uuid, occurred_at: String },
}

/// What is asked of a ticket can be refused.
#[derive(Debug, thiserror::Error)]
#[error("the ticket has this message already")]
struct MessageTaken;

impl DomainEvent for TicketEvent {
    fn event_type(&self) -> String {
        let name = match self {
            Self::MessagePosted { .. } => "MessagePosted",
            Self::PriorityChanged { .. } => "PriorityChanged",
        };
        name.to_owned()
    }

    fn event_version(&self) -> String {
        "1".to_owned()
    }
}

impl Aggregate for Ticket {
    const TYPE: &'static str = "ticket";
    type Command = TicketCommand;
    type Event = TicketEvent;
    type Error = MessageTaken;
    type Services = ();

    async fn handle(
        &mut self,
        command: TicketCommand,
        (): &(),
        sink: &EventSink<Self>,
    ) -> std::result::Result<(), MessageTaken> {
        let event = match command {
            TicketCommand::Post { message, .. } if self.messages.contains(&message) => return Err(MessageTaken),
            TicketCommand::Post { message, author, body, occurred_at } => {
                TicketEvent::MessagePosted { message, author, body, occurred_at }
            }
            TicketCommand::SetPriority { priority, author, occurred_at } => {
                TicketEvent::PriorityChanged { priority, author, occurred_at }
            }
        };
        sink.write(event, self).await;
        Ok(())
    }

    fn apply(&mut self, event: TicketEvent) {
        self.events += 1;
        match event {
            TicketEvent::MessagePosted { message, .. } => self.messages.push(message),
            TicketEvent::PriorityChanged { priority, .. } => self.priority = priority,
        }
    }
}

/// Does with tickets what our clients do with cases.
pub struct Customer {
    framework: Arc<PostgresCqrs<Ticket>>,
    world: Share,
    ticket: usize,
    turn: usize,
}

/// What a customer needs of the world.
struct Share {
    people: crate::world::People,
    tickets: Arc<[CaseId]>,
    clients: usize,
}

/// Makes the stock table, and clients of it.
pub async fn customers(world: &World, clients: usize) -> Result<Vec<Customer>> {
    world.owner.execute("drop table if exists stock_events").await?;
    world.owner.execute(PREPARE).await?;
    let pool = PgPoolOptions::new()
        .max_connections(u32::try_from(clients)?)
        .connect_with(world.store.database.owner_options())
        .await?;
    let repository = PostgresEventRepository::new(pool).with_tables("stock_events", "stock_snapshots");
    let framework = Arc::new(CqrsFramework::new(PersistedEventStore::new_event_store(repository), vec![], ()));
    let customer = |client| Customer {
        framework: Arc::clone(&framework),
        world: Share { people: world.people(), tickets: Arc::clone(&world.cases), clients },
        ticket: client,
        turn: 0,
    };
    Ok((0..clients).map(customer).collect())
}

impl Client for Customer {
    async fn call(&mut self) -> Result<()> {
        let Share { people, tickets, clients } = &self.world;
        self.ticket = (self.ticket + clients) % tickets.len();
        self.turn += 1;
        let author = Uuid::from_u128(1);
        let occurred_at = people.now().to_rfc3339();
        let command = match self.turn % 2 {
            0 => {
                TicketCommand::Post { message: people.id(), author, body: crate::world::WORDS.to_owned(), occurred_at }
            }
            _ => TicketCommand::SetPriority { priority: "high".to_owned(), author, occurred_at },
        };
        let metadata = [("actor", author), ("request", people.id())];
        let metadata = metadata.map(|(name, id)| (name.to_owned(), id.to_string())).into();
        let ticket = tickets[self.ticket].to_string();
        self.framework.execute_with_metadata(&ticket, command, metadata).await?;
        Ok(())
    }
}
