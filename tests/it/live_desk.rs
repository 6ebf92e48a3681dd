//! Following what happens at the desk: that lists are others by now, told in time, not too often, and to those alone who see all cases.

use std::time::{Duration, Instant};

use domain::Role;
use harness::{TestCaller, TestStream};
use serde_json::{Value, json};

use crate::{
    erasure::world::second_instance,
    graphql_desk::{Desk, Stage},
    graphql_operations::assert_snapshot,
    graphql_statements::counted_of,
    live::end,
    users::world::World,
};

const FOLLOW: &str = "subscription($after: String) { deskChanges(after: $after) { cursor } }";

async fn follow(caller: &TestCaller, after: &Value) -> TestStream {
    caller.stream(FOLLOW, &json!({ "after": after })).await
}

/// The cursor of the next event.
async fn cursor(stream: &mut TestStream) -> Value {
    let mut result = stream.next().await.expect("it goes on");
    assert!(result.get("errors").is_none(), "{result:#}");
    result["data"]["deskChanges"]["cursor"].take()
}

/// Where the desk is now.
async fn now(caller: &TestCaller) -> Value {
    cursor(&mut follow(caller, &Value::Null).await).await
}

#[tokio::test]
async fn the_desk_is_told_in_time_that_its_lists_are_others() {
    let desk = Desk::open().await;
    let case_id = desk.case_in(Stage::Open).await;
    let mut stream = follow(&desk.agent, &Value::Null).await;
    let mut socket = desk.supervisor.socket().await;
    socket.subscribe("1", FOLLOW, &json!({})).await;
    let (first, on_socket) = (cursor(&mut stream).await, socket.next().await);
    assert_eq!(on_socket["payload"]["data"]["deskChanges"]["cursor"], first, "it begins with where it stands");
    let mut known = vec![first];
    for body in ["Words.", "More words."] {
        let since = Instant::now();
        desk.step(&desk.contact, "casePostMessage", &case_id, json!({ "body": body })).await;
        let next = cursor(&mut stream).await;
        assert_eq!(socket.next().await["payload"]["data"]["deskChanges"]["cursor"], next);
        assert!(since.elapsed() < Duration::from_secs(3), "{:?}", since.elapsed());
        assert!(!known.contains(&next), "each is another place");
        known.push(next);
    }
    // Notes are the desk's, too.
    desk.step(&desk.agent, "caseAddNote", &case_id, json!({ "body": "For us." })).await;
    assert_eq!(cursor(&mut stream).await, now(&desk.agent).await);
}

#[tokio::test]
async fn who_comes_back_is_told_at_once_if_something_happened() {
    let desk = Desk::open().await;
    let before = now(&desk.agent).await;
    desk.new_case().await;
    let after = now(&desk.agent).await;
    assert_ne!(before, after);
    assert_eq!(cursor(&mut follow(&desk.agent, &before).await).await, after);
    // Nothing has happened since: the first event is of what happens next.
    let mut stream = follow(&desk.agent, &after).await;
    desk.new_case().await;
    let next = cursor(&mut stream).await;
    assert_ne!(next, after);
    assert_eq!(next, now(&desk.agent).await);
    for foreign in ["made up", ""] {
        assert_eq!(end(&mut follow(&desk.agent, &json!(foreign)).await).await, "BAD_CURSOR");
    }
}

#[tokio::test]
async fn a_busy_desk_is_told_at_most_once_a_second_and_of_the_last() {
    let desk = Desk::open().await;
    let case_id = desk.case_in(Stage::Open).await;
    let mut stream = follow(&desk.agent, &now(&desk.agent).await).await;
    let since = Instant::now();
    for number in 0..40 {
        desk.step(&desk.contact, "casePostMessage", &case_id, json!({ "body": format!("{number}") })).await;
    }
    let last = now(&desk.agent).await;
    let mut events = 1;
    while cursor(&mut stream).await != last {
        events += 1;
    }
    let seconds = since.elapsed().as_secs();
    assert!(events <= seconds + 2, "{events} events in {seconds} s");
}

#[tokio::test]
async fn what_another_instance_wrote_is_told_too() {
    let desk = Desk::open().await;
    let (_other, url) = second_instance(&desk).await;
    let mut stream = follow(&desk.agent, &now(&desk.agent).await).await;
    let case_id = desk.case_in(Stage::New).await;
    cursor(&mut stream).await;
    desk.step(&desk.agent.at(&url), "caseTakeUp", &case_id, json!({})).await;
    cursor(&mut stream).await;
}

#[tokio::test]
async fn whoever_works_no_cases_any_more_is_told_nothing_more() {
    let world = World::new().await;
    let (agent, id) = world.active(Role::Agent, "agent@desk.example").await;
    let mut stream = follow(&agent, &now(&agent).await).await;
    world.desk.new_case().await;
    cursor(&mut stream).await;
    world.administrator.succeed("userRevoke", json!({ "personId": id, "roles": ["AGENT"] }), "pending").await;
    world.desk.new_case().await;
    assert_eq!(end(&mut stream).await, "FORBIDDEN");
}

#[tokio::test]
async fn desk_changes() {
    let desk = Desk::open().await;
    let document = "subscription { deskChanges { cursor } }";
    let asking = async { desk.agent.stream(document, &json!({})).await.next().await.expect("an event")["data"].take() };
    let answer = counted_of("deskChanges", asking).await;
    assert_snapshot("deskChanges", document, &json!({}), &answer);
}
