//! What happened cannot be changed by the service, and is found out when somebody changes it behind its back.

use api::postgres::WRITER_ROLE;
use domain::{
    MessageId,
    case::{Case, CaseAction, NewAttachments},
};
use event_log::{
    EventLog, MasterKey, StreamId, Verification,
    chain::{self, StoredEvent},
    verify,
    verify::BadEvent,
};
use sqlx::{Executor as _, PgPool, postgres::PgPoolOptions};

use crate::log_fixture::*;

const INSERT: &str = "insert into events (aggregate_type, aggregate_id, sequence, event_type, event_version, payload, \
                      metadata, recorded_at, hash) values ('case', 'x', 1, 'Opened', '1', '{}', '{}', now(), ";

#[tokio::test]
async fn the_service_can_neither_change_nor_remove_what_was_recorded() {
    let desk = Desk::new().await;
    desk.open_case().await;
    let forbidden = [
        "update events set payload = '{}'",
        "delete from events",
        "truncate events",
        "delete from streams",
        "truncate streams",
        "delete from reservations",
        "update commands set outcome = '{}'",
        "update keys set wrapped = ''",
        "delete from master_keys",
        "delete from subject_streams",
        "alter table events disable trigger user",
        "create table elsewhere ()",
        "select setval('events_position_seq', 1)",
        "set session_replication_role = replica",
    ];
    for statement in forbidden {
        let refusal = desk.pool.execute(statement).await.expect_err(statement).to_string();
        let is_refused =
            ["permission denied", "append-only", "must be owner"].iter().any(|word| refusal.contains(word));
        assert!(is_refused, "{statement}: {refusal}");
    }
    let own_position = INSERT.replace("(aggregate_type", "(position, aggregate_type").replace("('case'", "(1, 'case'");
    let own_position = own_position.replace("values", "overriding system value values") + "sha256('x'))";
    let refusal = desk.pool.execute(own_position.as_str()).await.unwrap_err().to_string();
    assert!(refusal.contains("permission denied"), "a writer must not choose where in the log it stands: {refusal}");
}

#[tokio::test]
async fn not_even_the_owner_changes_what_was_recorded() {
    let desk = Desk::new().await;
    desk.open_case().await;
    let mut owner = desk.owner().await;
    for statement in [
        "update events set payload = '{}'",
        "delete from events",
        "truncate events",
        "delete from streams",
        "truncate streams",
        "delete from access_log",
    ] {
        let refusal = owner.execute(statement).await.expect_err(statement).to_string();
        assert!(refusal.contains("append-only"), "{statement}: {refusal}");
    }
}

#[tokio::test]
async fn an_event_without_its_hash_is_refused() {
    let desk = Desk::new().await;
    for (hash, word) in [("null)", "not-null"), ("'short')", "check constraint")] {
        let refusal = desk.pool.execute(format!("{INSERT}{hash}").as_str()).await.unwrap_err().to_string();
        assert!(refusal.contains(word), "{refusal}");
    }
    let stock =
        "insert into events (aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata)
                 values ('case', 'x', 1, 'Opened', '1', '{}', '{}')";
    let refusal = desk.pool.execute(stock).await.unwrap_err().to_string();
    assert!(refusal.contains("not-null"), "{refusal}");
    let role: String = sqlx::query_scalar("select current_user::text").fetch_one(&desk.pool).await.unwrap();
    assert_eq!(role, WRITER_ROLE);
}

/// Two cases, of which the second has eight events and is tampered with.
async fn two_cases() -> (Desk, StreamId) {
    let desk = Desk::new().await;
    desk.open_case().await;
    let case_id = desk.open_case().await;
    desk.act(&case_id, agent(), CaseAction::TakeUp).await;
    for _ in 0..5 {
        desk.act(&case_id, contact(), post(contact())).await;
    }
    assert_eq!(desk.load(&case_id).await.version(), 8);
    (desk, stream(&case_id))
}

async fn verify_all(desk: &Desk) -> Verification {
    verify(&desk.pool, |_| ()).await.unwrap()
}

#[tokio::test]
async fn an_untouched_log_verifies_also_after_a_key_was_destroyed() {
    let (desk, stream) = two_cases().await;
    let untouched = verify_all(&desk).await;
    assert_eq!(untouched, Verification { streams: 2, events: 10, first_bad: None });
    let message = MessageId(new_id());
    let body = words(contact(), "my password is hunter2");
    desk.act(
        &stream.aggregate_id,
        contact(),
        CaseAction::PostMessage { message, body, attachments: NewAttachments::default() },
    )
    .await;
    desk.act(&stream.aggregate_id, supervisor(), CaseAction::RedactMessage { message }).await;
    assert_eq!(verify_all(&desk).await, Verification { streams: 2, events: 12, first_bad: None });
    desk.owner().await.execute("delete from keys").await.unwrap();
    assert_eq!(verify_all(&desk).await, Verification { streams: 2, events: 12, first_bad: None });
    assert_eq!(desk.load(&stream.aggregate_id).await.version(), 10, "the rules need no keys");
}

/// What is done to a stream of eight events, how, and which is the first event that does not fit any more.
const TAMPERING: &[(&str, &str, i64)] = &[
    ("a flipped byte", "update events set payload = overlay(payload::text placing 'Z' from 12)::json where e(4)", 4),
    ("a blank more", "update events set payload = (payload::text || ' ')::json where e(4)", 4),
    ("metadata", "update events set metadata = replace(metadata::text, 'contact', 'agent')::json where e(4)", 4),
    ("type", "update events set event_type = 'InternalNoteAdded' where e(4)", 4),
    ("version", "update events set event_version = '2' where e(4)", 4),
    ("time", "update events set recorded_at = recorded_at + interval '1 microsecond' where e(4)", 4),
    ("hash", "update events set hash = sha256('x') where e(4)", 4),
    ("a missing first", "delete from events where e(1)", 1),
    ("a missing middle", "delete from events where e(4)", 4),
    (
        "a closed gap",
        "delete from events where e(4);
         update events set sequence = sequence - 1 where aggregate_id = 'ID' and sequence > 4",
        4,
    ),
    ("a missing tail", "delete from events where e(7) or e(8)", 7),
    ("a missing stream", "delete from events where aggregate_id = 'ID'", 1),
    (
        "two swapped",
        "update events set sequence = 99 where e(4);
         update events set sequence = 4 where e(6);
         update events set sequence = 6 where e(99)",
        4,
    ),
    (
        "two swapped texts",
        "update events e set payload = o.payload from events o
         where e.aggregate_id = 'ID' and o.aggregate_id = 'ID' and e.sequence in (4, 5) and o.sequence = 9 - e.sequence",
        4,
    ),
    (
        "two swapped places in the log",
        "create table place as select sequence, position from events where e(4) or e(6);
         alter table events alter column position drop identity;
         update events set position = -position where e(4) or e(6);
         update events set position = place.position from place
         where aggregate_id = 'ID' and events.sequence in (4, 6) and place.sequence = 10 - events.sequence",
        5,
    ),
    (
        "moved to another stream",
        "update events set aggregate_id = (select min(aggregate_id) from streams), sequence = 3 where e(8)",
        8,
    ),
    ("the head's version", "update streams set version = 7 where aggregate_id = 'ID'", 8),
    ("the head's hash", "update streams set last_hash = sha256('x') where aggregate_id = 'ID'", 8),
    (
        "the head's place in the log",
        "update streams set last_position = last_position - 1 where aggregate_id = 'ID'",
        8,
    ),
    ("a missing head", "delete from streams where aggregate_id = 'ID'", 1),
    (
        "one more at the end",
        "insert into events (aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata,
                             recorded_at, hash)
         select aggregate_type, aggregate_id, 9, event_type, event_version, payload, metadata, recorded_at, sha256('x')
         from events where e(8)",
        9,
    ),
];

#[tokio::test]
async fn whatever_is_tampered_with_is_found_and_named() {
    let (desk, stream) = two_cases().await;
    for (what, statements, first_bad) in TAMPERING {
        let tampered = Tampered::with(&desk, &stream, statements).await;
        let bad =
            verify(&tampered.pool, |_| ()).await.unwrap().first_bad.unwrap_or_else(|| panic!("{what}: not found"));
        println!("{what}: {} event {}: {}", bad.stream, bad.sequence, bad.reason);
        let expected = if *what == "moved to another stream" { (false, 3) } else { (true, *first_bad) };
        assert_eq!((bad.stream == stream, bad.sequence), expected, "{what}: {}", bad.reason);
        // Who decides on the stream notices, too, except what its hashes do not cover.
        let log = EventLog::new(tampered.pool.clone(), MasterKey::generate().into());
        let loaded = log.load::<Case>(&stream.aggregate_id).await;
        assert_eq!(loaded.is_ok(), what.ends_with("in the log"), "{what}");
        tampered.undo().await;
    }
}

/// A log as a superuser left it who knows of the triggers, in a transaction that is never committed.
struct Tampered {
    /// Its only connection is in the transaction.
    pool: PgPool,
}

impl Tampered {
    /// In the statements `e(4)` stands for the fourth event of the stream, and `ID` for the stream's id.
    async fn with(desk: &Desk, stream: &StreamId, statements: &str) -> Self {
        let mut sql = statements.replace("ID", &stream.aggregate_id);
        for sequence in [1, 4, 6, 7, 8, 99] {
            let event = format!("(aggregate_id = '{}' and sequence = {sequence})", stream.aggregate_id);
            sql = sql.replace(&format!("e({sequence})"), &event);
        }
        let options = PgPoolOptions::new().max_connections(1);
        let pool = options.connect_with(desk.database.owner_options.clone()).await.unwrap();
        let sql = format!("begin; set session_replication_role = replica; {sql}");
        pool.execute(sql.as_str()).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
        Self { pool }
    }

    async fn undo(self) {
        self.pool.execute("rollback").await.unwrap();
        self.pool.close().await;
    }
}

#[tokio::test]
async fn an_event_rewritten_with_its_own_hash_is_found_by_the_one_after_it() {
    for (sequence, found_at) in [(4_usize, 5), (8, 8)] {
        let (desk, stream) = two_cases().await;
        let mut connection = desk.owner().await;
        let events = raw_stream(&mut connection, &stream).await;
        let target = events[sequence - 1].clone();
        let before = events[sequence - 2].hash.clone().try_into().unwrap();
        let forged = StoredEvent {
            sequence: target.sequence,
            event_type: target.event_type,
            event_version: target.event_version,
            recorded_at: target.recorded_at,
            metadata: target.metadata,
            payload: target.payload.replace("customer", "staff"),
        };
        connection.execute("set session_replication_role = replica").await.unwrap();
        sqlx::query("update events set payload = $1::json, hash = $2 where position = $3")
            .bind(&forged.payload)
            .bind(chain::hash(&stream, &before, &forged).as_slice())
            .bind(target.position)
            .execute(&mut connection)
            .await
            .unwrap();
        let bad = verify_all(&desk).await.first_bad.unwrap();
        assert_eq!((&bad.stream, bad.sequence), (&stream, found_at), "{}", bad.reason);
    }
}

#[tokio::test]
async fn a_bad_event_says_where_it_is() {
    let (desk, stream) = two_cases().await;
    let positions: Vec<i64> = desk.load(&stream.aggregate_id).await.events.iter().map(|event| event.position).collect();
    let tampered = Tampered::with(&desk, &stream, "update events set payload = '{}' where e(4)").await;
    let reason = "its hash does not match its content and the events before it".to_owned();
    let expected = BadEvent { stream, sequence: 4, position: Some(positions[3]), reason };
    assert_eq!(verify(&tampered.pool, |_| ()).await.unwrap().first_bad, Some(expected));
}
