//! The log beside the stock framework: what they share is the contract, and either reads what it can read of the other.

use std::{collections::HashMap, time::Instant};

use cqrs_es::{
    AggregateContext as _, AggregateError, CqrsFramework, EventStore as _,
    persist::{PersistedEventRepository as _, PersistedEventStore},
    test::TestFramework,
};
use domain::{
    Metadata,
    case::{Case, CaseAction, CaseError, CaseEvent, CaseFact, Priority, Status},
};
use event_log::{Loaded, store::LogEventStore};
use postgres_es::PostgresEventRepository;
use sqlx::{Executor as _, PgPool};

use crate::log_fixture::*;

type StockStore = PersistedEventStore<PostgresEventRepository, Case>;

/// The stock repository knows its own seven columns; ours that it does not know must not be required then.
const STOCK_TABLE: &str = "
create table stock_events (like events including identity including indexes);
alter table stock_events alter column recorded_at drop not null, alter column hash drop not null;
grant select, insert on stock_events to casestream_writer";

const COPY_TO_STOCK: &str = "
insert into stock_events (aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata)
select aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata from events order by position";

fn stock(pool: &PgPool, table: &str) -> StockStore {
    let repository = PostgresEventRepository::new(pool.clone()).with_tables(table, "no_snapshots");
    PersistedEventStore::new_event_store(repository)
}

/// Metadata as the stock framework takes it.
fn flat(metadata: &Metadata) -> HashMap<String, String> {
    serde_json::from_value(serde_json::to_value(metadata).unwrap()).unwrap()
}

#[tokio::test]
async fn the_stock_framework_writes_and_replays_a_table_of_the_same_shape() {
    let desk = Desk::new().await;
    let case_id = desk.open_case().await;
    let mut owner = desk.owner().await;
    owner.execute(STOCK_TABLE).await.unwrap();
    // It cannot open a case, see below; so it continues one that was opened here.
    owner.execute(COPY_TO_STOCK).await.unwrap();
    let actions = [
        CaseAction::TakeUp,
        set_priority(Priority::Critical),
        CaseAction::MoveToQueue { queue: slug("network") },
        CaseAction::Reclassify { case_type: slug("internet"), category: slug("fiber") },
    ];
    let framework = CqrsFramework::new(stock(&desk.pool, "stock_events"), vec![], ());
    for action in actions {
        let command = command(agent(), action);
        framework.execute_with_metadata(&case_id, command.clone(), flat(&metadata(&agent()))).await.unwrap();
        execute(&desk.log, &case_id, &command, None).await.unwrap();
    }
    let mut replayed = stock(&desk.pool, "stock_events").load_aggregate(&case_id).await.unwrap();
    assert_eq!(replayed.aggregate(), &*desk.load(&case_id).await.aggregate);
    assert_eq!(i64::try_from(replayed.current_sequence).unwrap(), desk.load(&case_id).await.version());
}

#[tokio::test]
async fn the_stock_framework_cannot_write_a_text_in_the_open() {
    let desk = Desk::new().await;
    desk.owner().await.execute(STOCK_TABLE).await.unwrap();
    let framework = CqrsFramework::new(stock(&desk.pool, "stock_events"), vec![], ());
    let open = command(contact(), CaseAction::Open(Box::new(opening())));
    let metadata = flat(&metadata(&contact()));
    let refusal = framework.execute_with_metadata(&new_id().to_string(), open, metadata).await.unwrap_err();
    let AggregateError::DeserializationError(reason) = refusal else { panic!("{refusal:?}") };
    assert!(reason.to_string().contains("only be written by the codec of the event log"), "{reason}");
    let rows: i64 = sqlx::query_scalar("select count(*) from stock_events").fetch_one(&desk.pool).await.unwrap();
    assert_eq!(rows, 0);
}

#[tokio::test]
async fn the_stock_repository_reads_our_log() {
    let desk = Desk::new().await;
    for script in whole_lives() {
        let case_id = new_id().to_string();
        desk.live(&case_id, script).await;
        let repository = PostgresEventRepository::new(desk.pool.clone());
        let events = repository.get_events::<Case>(&case_id).await.unwrap();
        let mut connection = desk.pool.acquire().await.unwrap();
        let ours = raw_stream(&mut connection, &stream(&case_id)).await;
        assert_eq!(events.len(), ours.len());
        for (event, ours) in events.iter().zip(&ours) {
            assert_eq!(i64::try_from(event.sequence).unwrap(), ours.sequence);
            assert_eq!((&event.event_type, &event.event_version), (&ours.event_type, &ours.event_version));
            assert_eq!(event.payload, serde_json::from_str::<serde_json::Value>(&ours.payload).unwrap());
            assert_eq!(event.metadata, serde_json::from_str::<serde_json::Value>(&ours.metadata).unwrap());
        }
        let mut context = stock(&desk.pool, "events").load_aggregate(&case_id).await.unwrap();
        assert_eq!(context.aggregate(), &*desk.load(&case_id).await.aggregate);
    }
}

#[tokio::test]
async fn the_stock_repository_cannot_write_to_our_log() {
    let desk = Desk::new().await;
    let case_id = desk.open_case().await;
    let framework = CqrsFramework::new(stock(&desk.pool, "events"), vec![], ());
    let take_up = command(agent(), CaseAction::TakeUp);
    let refusal = framework.execute_with_metadata(&case_id, take_up, flat(&metadata(&agent()))).await;
    assert!(refusal.is_err());
    assert_eq!(desk.load(&case_id).await.version(), 2, "what has no hash is not there");
}

#[tokio::test]
async fn the_stock_framework_runs_on_our_event_store() {
    let desk = Desk::new().await;
    let store = || LogEventStore::new(desk.log.clone(), now);
    let framework = CqrsFramework::<Case, _>::new(store(), vec![], ());
    let case_id = new_id().to_string();
    let open = CaseAction::Open(Box::new(opening()));
    for (by, action) in [(contact(), open), (agent(), CaseAction::TakeUp), (contact(), post(contact()))] {
        let metadata = flat(&metadata(&by));
        framework.execute_with_metadata(&case_id, command(by, action), metadata).await.unwrap();
    }
    let refusal =
        framework.execute_with_metadata(&case_id, command(agent(), CaseAction::EndWait), HashMap::new()).await;
    assert!(refusal.is_ok(), "nothing to end is nothing to do: {refusal:?}");
    let refusal = framework.execute(&case_id, command(agent(), CaseAction::AcceptResolution)).await;
    assert!(matches!(refusal, Err(AggregateError::UserError(CaseError::NotPermitted { .. }))), "{refusal:?}");

    let loaded = desk.load(&case_id).await;
    assert_eq!(loaded.aggregate.state.as_ref().unwrap().status, Status::Open);
    let envelopes: Vec<cqrs_es::EventEnvelope<Case>> = store().load_events(&case_id).await.unwrap();
    assert_eq!(envelopes.len(), loaded.events.len());
    for (envelope, event) in envelopes.iter().zip(&loaded.events) {
        assert_eq!(envelope.payload, event.event);
        assert_eq!(envelope.metadata, flat(&event.metadata));
    }

    let stale: Loaded<Case> = store().load_aggregate(&case_id).await.unwrap();
    desk.act(&case_id, agent(), set_priority(Priority::High)).await;
    let events = stale.aggregate.decide(&command(agent(), set_priority(Priority::Low))).unwrap();
    let conflict = store().commit(events, stale, flat(&metadata(&agent()))).await;
    assert!(matches!(conflict, Err(AggregateError::AggregateConflict)));
}

#[test]
fn the_stock_test_kit_runs() {
    let opened = |case: &Case| case.decide(&command(contact(), CaseAction::Open(Box::new(opening())))).unwrap();
    let kit = TestFramework::<Case>::with(());
    kit.given(opened(&Case::default()))
        .when(command(agent(), CaseAction::TakeUp))
        .then_expect_events(vec![CaseEvent { occurred_at: now(), fact: CaseFact::TakenUp { owner: agent().person } }]);
    let kit = TestFramework::<Case>::with(());
    kit.given_no_previous_events().when(command(agent(), CaseAction::TakeUp)).then_expect_error(CaseError::NotFound);
}

#[tokio::test]
async fn stock_snapshots_count_events_twice() {
    let desk = Desk::new().await;
    let case_id = desk.open_case().await;
    let snapshots = "create table snapshots (aggregate_type text, aggregate_id text, last_sequence bigint,
                                             current_snapshot bigint, payload json);
                     grant select, insert, update on snapshots to casestream_writer";
    let mut owner = desk.owner().await;
    owner.execute(STOCK_TABLE).await.unwrap();
    owner.execute(COPY_TO_STOCK).await.unwrap();
    owner.execute(snapshots).await.unwrap();
    let repository = || PostgresEventRepository::new(desk.pool.clone()).with_tables("stock_events", "snapshots");
    let store = || PersistedEventStore::<_, Case>::new_snapshot_store(repository(), 1);
    let take_up = command(agent(), CaseAction::TakeUp);
    let framework = CqrsFramework::new(store(), vec![], ());
    framework.execute_with_metadata(&case_id, take_up, flat(&metadata(&agent()))).await.unwrap();
    let mut from_snapshot = store().load_aggregate(&case_id).await.unwrap();
    let mut from_events = stock(&desk.pool, "stock_events").load_aggregate(&case_id).await.unwrap();
    let version = |case: &Case| case.state.as_ref().unwrap().version;
    assert_eq!(version(from_events.aggregate()), 3);
    assert_eq!(version(from_snapshot.aggregate()), 4, "once this is 3 again, snapshots may be reconsidered");
}

#[tokio::test]
async fn loading_is_compared_with_the_stock_repository() {
    const LOADS: u32 = 50;
    let desk = Desk::new().await;
    let case_id = desk.open_case().await;
    for _ in 0..40 {
        desk.act(&case_id, contact(), post(contact())).await;
    }
    let repository = PostgresEventRepository::new(desk.pool.clone());
    let store = stock(&desk.pool, "events");
    let (mut ours, mut get_events, mut load_aggregate) = (0.0, 0.0, 0.0);
    // Turn by turn, so that whatever else the machine does hits all alike.
    for _ in 0..LOADS {
        let started = Instant::now();
        desk.load(&case_id).await;
        ours += started.elapsed().as_secs_f64();
        let started = Instant::now();
        repository.get_events::<Case>(&case_id).await.unwrap();
        get_events += started.elapsed().as_secs_f64();
        let started = Instant::now();
        store.load_aggregate(&case_id).await.unwrap();
        load_aggregate += started.elapsed().as_secs_f64();
    }
    let milliseconds = |seconds: f64| seconds * 1000.0 / f64::from(LOADS);
    println!(
        "a stream of {} events: ours, checked against its hashes, {:.2} ms; stock rows {:.2} ms; stock aggregate {:.2} ms",
        desk.load(&case_id).await.version(),
        milliseconds(ours),
        milliseconds(get_events),
        milliseconds(load_aggregate),
    );
}
