//! What a process knows of a stream from the last command on it: a head start, which the log has to confirm, by an append
//! or by a load.

use domain::case::{Case, CaseAction, CaseError, Priority};
use event_log::{Executed, verify};
use sqlx::Executor as _;

use crate::log_fixture::{CaseOutcome, Desk, agent, command, execute, post, set_priority};

#[tokio::test]
async fn what_another_process_appended_since_is_folded_in() {
    let desk = Desk::new().await;
    let other = desk.another_process();
    let case_id = desk.open_case().await;
    desk.act(&case_id, agent(), CaseAction::TakeUp).await;
    for round in 1..=5 {
        for log in [&other, &desk.log] {
            let done = execute(log, &case_id, &command(agent(), post(agent())), None).await;
            let (version, aggregate) = decided(done);
            let read = desk.load(&case_id).await;
            assert_eq!(
                (version, aggregate),
                (read.version(), read.aggregate),
                "round {round}, as read from the first event"
            );
        }
    }
    // Each of them decides on what the other did: a priority that is there already is no event.
    desk.act(&case_id, agent(), set_priority(Priority::High)).await;
    let before = desk.load(&case_id).await.version();
    let repeated = execute(&other, &case_id, &command(agent(), set_priority(Priority::High)), None).await;
    assert_eq!(decided(repeated).0, before);
}

/// To what this process knows, there is nothing to do; the log knows better.
#[tokio::test]
async fn nothing_is_left_undone_for_what_is_known_alone() {
    let desk = Desk::new().await;
    let other = desk.another_process();
    let case_id = desk.open_case().await;
    desk.act(&case_id, agent(), set_priority(Priority::High)).await;
    let changed = execute(&other, &case_id, &command(agent(), set_priority(Priority::Low)), None).await;
    let before = decided(changed).0;
    let done = execute(&desk.log, &case_id, &command(agent(), set_priority(Priority::High)), None).await;
    assert_eq!(decided(done).0, before + 1);
    assert_eq!(desk.load(&case_id).await.version(), before + 1);
}

/// A database that was restored from a backup while the process ran: the stream is shorter than the process knows.
#[tokio::test]
async fn a_stream_that_was_put_back_is_read_from_its_first_event() {
    let desk = Desk::new().await;
    let case_id = desk.open_case().await;
    desk.act(&case_id, agent(), CaseAction::TakeUp).await;
    let kept = desk.load(&case_id).await;
    desk.act(&case_id, agent(), set_priority(Priority::High)).await;
    desk.act(&case_id, agent(), set_priority(Priority::Low)).await;
    put_back(&desk, &case_id, kept.version()).await;

    let done = execute(&desk.log, &case_id, &command(agent(), set_priority(Priority::Critical)), None).await;
    let (version, aggregate) = decided(done);
    assert_eq!(version, kept.version() + 1);
    assert_eq!(aggregate, desk.load(&case_id).await.aggregate);
    assert!(verify(&desk.pool, |_| ()).await.unwrap().first_bad.is_none());
}

/// A head that says more than the events do is damage, whatever is known: the tail was cut off.
#[tokio::test]
async fn what_is_known_does_not_stand_in_for_events_that_are_missing() {
    let desk = Desk::new().await;
    let case_id = desk.open_case().await;
    desk.act(&case_id, agent(), CaseAction::TakeUp).await;
    let mut owner = desk.owner().await;
    owner.execute("set session_replication_role = replica").await.unwrap();
    owner.execute("update streams set version = version + 1").await.unwrap();
    let refused = execute(&desk.log, &case_id, &command(agent(), post(agent())), None).await;
    let refusal = refused.err().expect("it is not continued").to_string();
    assert!(refusal.contains("is damaged at event"), "{refusal}");
}

async fn put_back(desk: &Desk, case_id: &str, version: i64) {
    let mut owner = desk.owner().await;
    owner.execute("set session_replication_role = replica").await.unwrap();
    sqlx::query("delete from events where aggregate_id = $1 and sequence > $2")
        .bind(case_id)
        .bind(version)
        .execute(&mut owner)
        .await
        .unwrap();
    sqlx::query(
        "update streams set version = sequence, last_hash = hash, last_position = position
         from events where events.aggregate_id = streams.aggregate_id and streams.aggregate_id = $1 and sequence = $2",
    )
    .bind(case_id)
    .bind(version)
    .execute(&mut owner)
    .await
    .unwrap();
}

/// The version that a command left, and the aggregate.
fn decided(outcome: CaseOutcome) -> (i64, std::sync::Arc<Case>) {
    match outcome.expect("the log answers") {
        Executed::Decided { outcome: Ok(_), aggregate, version, .. } => (version, aggregate),
        Executed::Decided { outcome: Err(refusal), .. } => refused(&refusal),
        Executed::Repeated { .. } => panic!("no command has a key"),
    }
}

fn refused(refusal: &CaseError) -> ! {
    panic!("the rules take it: {refusal}")
}
