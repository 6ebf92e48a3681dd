//! The log as an event store of `cqrs-es`: whatever is written against its contract runs on it.
//!
//! The service itself uses [`crate::execute`], which adds what the contract has no words for: positions, command
//! records, and a bounded retry on typed conflicts.

use std::collections::HashMap;

use std::sync::Arc;

use cqrs_es::{AggregateContext, AggregateError, EventEnvelope, EventStore};
use domain::Timestamp;

use crate::{AppendError, AppendOptions, Envelope, EventLog, Loaded, LogAggregate};

/// A log with a clock, which the contract has no argument for.
pub struct LogEventStore {
    log: EventLog,
    now: fn() -> Timestamp,
}

impl LogEventStore {
    /// Makes an event store of a log.
    #[must_use]
    pub fn new(log: EventLog, now: fn() -> Timestamp) -> Self {
        Self { log, now }
    }
}

impl<A: LogAggregate> AggregateContext<A> for Loaded<A> {
    fn aggregate(&mut self) -> &mut A {
        Arc::make_mut(&mut self.aggregate)
    }
}

impl<A: LogAggregate> EventStore<A> for LogEventStore {
    type AC = Loaded<A>;

    async fn load_events(&self, aggregate_id: &str) -> Result<Vec<EventEnvelope<A>>, AggregateError<A::Error>> {
        let loaded = self.log.load::<A>(aggregate_id).await.map_err(database_error)?;
        loaded.events.into_iter().map(|event| envelope(aggregate_id, event)).collect()
    }

    async fn load_aggregate(&self, aggregate_id: &str) -> Result<Self::AC, AggregateError<A::Error>> {
        self.log.load(aggregate_id).await.map_err(database_error)
    }

    async fn commit(
        &self,
        events: Vec<A::Event>,
        context: Self::AC,
        metadata: HashMap<String, String>,
    ) -> Result<Vec<EventEnvelope<A>>, AggregateError<A::Error>> {
        if events.is_empty() {
            return Ok(vec![]);
        }
        let typed: domain::Metadata = serde_json::to_value(&metadata)
            .and_then(serde_json::from_value)
            .map_err(|error| AggregateError::UnexpectedError(Box::new(error)))?;
        let committed = events.iter().zip(context.version() + 1..).map(|(event, sequence)| EventEnvelope {
            aggregate_id: context.stream.aggregate_id.clone(),
            sequence: usize::try_from(sequence).expect("sequences are positive"),
            payload: event.clone(),
            metadata: metadata.clone(),
        });
        let committed = committed.collect();
        let events = events.into_iter().map(|event| (event, typed.clone())).collect();
        match self.log.append(&context, events, AppendOptions::at((self.now)())).await {
            Ok(_) => Ok(committed),
            Err(AppendError::Conflict) => Err(AggregateError::AggregateConflict),
            Err(error) => Err(database_error(error)),
        }
    }
}

fn envelope<A: LogAggregate>(
    aggregate_id: &str,
    event: Envelope<A::Event>,
) -> Result<EventEnvelope<A>, AggregateError<A::Error>> {
    let metadata = serde_json::to_value(&event.metadata)
        .and_then(serde_json::from_value)
        .map_err(|error| AggregateError::UnexpectedError(Box::new(error)))?;
    Ok(EventEnvelope {
        aggregate_id: aggregate_id.to_owned(),
        sequence: usize::try_from(event.sequence).expect("sequences are positive"),
        payload: event.event,
        metadata,
    })
}

fn database_error<E: std::error::Error>(error: impl std::error::Error + Send + Sync + 'static) -> AggregateError<E> {
    AggregateError::DatabaseConnectionError(Box::new(error))
}
