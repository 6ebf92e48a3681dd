//! Following a case: what comes, in which order, to whom, and when it ends.

use std::time::{Duration, Instant};

use chrono::TimeDelta;
use domain::{
    PersonId,
    account::{AccountAction, ContactRole},
};
use harness::{TestCaller, TestSocket, TestStream};
use serde_json::{Value, json};

use crate::{
    credentials::world::{Browser, World},
    erasure::world::second_instance,
    graphql_access::{id_of, set_access},
    graphql_desk::{Desk, Stage, open_case, with_case},
    graphql_operations::assert_snapshot,
    graphql_statements::counted_of,
};

const FOLLOW: &str = "subscription($id: ID!, $after: String) { caseActivity(caseId: $id, after: $after) {
    cursor entry { kind text internal actor { name } } case { number status version } } }";

/// A cursor of the last entry that a caller sees of a case.
async fn last(caller: &TestCaller, case_id: &Value) -> Value {
    let document = "query($id: ID!) { case(id: $id) { activity(first: 1) { pageInfo { startCursor } } } }";
    let found = caller.data(document, json!({ "id": case_id })).await;
    found["case"]["activity"]["pageInfo"]["startCursor"].clone()
}

/// Follows a case from what the caller has seen on.
pub async fn follow(caller: &TestCaller, case_id: &Value) -> TestStream {
    let after = last(caller, case_id).await;
    caller.stream(FOLLOW, &json!({ "id": case_id, "after": after })).await
}

/// The next event, which is to be there at once.
pub async fn event(stream: &mut TestStream) -> Value {
    let mut result = stream.next().await.expect("it goes on");
    assert!(result.get("errors").is_none(), "{result:#}");
    result["data"]["caseActivity"].take()
}

/// How a stream ends: the code of its error, after which it is complete.
pub async fn end(stream: &mut TestStream) -> String {
    let result = stream.next().await.expect("an error comes");
    assert!(stream.next().await.is_none(), "and then it is complete");
    result["errors"][0]["extensions"]["code"].as_str().unwrap_or_else(|| panic!("{result:#}")).to_owned()
}

#[tokio::test]
async fn a_message_reaches_whoever_follows_within_a_second() {
    let desk = Desk::open().await;
    let case_id = desk.case_in(Stage::Open).await;
    let mut stream = follow(&desk.contact, &case_id).await;
    let mut socket = desk.agent.socket().await;
    let after = last(&desk.agent, &case_id).await;
    socket.subscribe("1", FOLLOW, &json!({ "id": case_id, "after": after })).await;
    for (round, body) in ["We are on it.", "Still.", "Done."].into_iter().enumerate() {
        let posted = Instant::now();
        desk.step(&desk.agent, "casePostMessage", &case_id, json!({ "body": body })).await;
        let seen = event(&mut stream).await;
        let on_socket = socket.next().await;
        assert!(posted.elapsed() < Duration::from_secs(1), "{:?}", posted.elapsed());
        assert_eq!(seen["entry"]["text"], body);
        assert_eq!(seen["entry"]["actor"]["name"], "Some agent");
        assert_eq!(on_socket["payload"]["data"]["caseActivity"]["entry"], seen["entry"]);
        // The case as it is: its version is what a mutation may be sent with.
        let expected = with_case(
            &case_id,
            json!({ "body": format!("Reply {round}."), "expectedVersion": seen["case"]["version"] }),
        );
        desk.contact.succeed("casePostMessage", expected, "pending").await;
        assert_eq!(event(&mut stream).await["entry"]["text"], format!("Reply {round}."));
        socket.next().await;
    }
    desk.step(&desk.agent, "caseResolve", &case_id, crate::graphql_desk::resolution()).await;
    let resolved = event(&mut stream).await;
    assert_eq!((&resolved["entry"]["kind"], &resolved["case"]["status"]), (&json!("RESOLVED"), &json!("RESOLVED")));
}

#[tokio::test]
async fn customers_follow_what_is_public_alone() {
    let desk = Desk::open().await;
    let case_id = desk.case_in(Stage::Open).await;
    let (mut customer, mut agent) = (follow(&desk.contact, &case_id).await, follow(&desk.agent, &case_id).await);
    desk.step(&desk.agent, "caseAddNote", &case_id, json!({ "body": "For us alone." })).await;
    desk.step(&desk.agent, "caseSetPriority", &case_id, json!({ "priority": "HIGH" })).await;
    desk.step(&desk.agent, "casePostMessage", &case_id, json!({ "body": "For all." })).await;
    assert_eq!(event(&mut customer).await["entry"]["text"], "For all.", "and nothing before it");
    for kind in ["INTERNAL_NOTE_ADDED", "PRIORITY_CHANGED", "MESSAGE_POSTED"] {
        assert_eq!(event(&mut agent).await["entry"]["kind"], kind);
    }
    // A cursor of the desk's is none of a customer's.
    let of_agent = last(&desk.agent, &case_id).await;
    let mut stream = desk.contact.stream(FOLLOW, &json!({ "id": case_id, "after": of_agent })).await;
    assert_eq!(end(&mut stream).await, "BAD_CURSOR");
}

#[tokio::test]
async fn who_comes_back_misses_nothing_and_sees_nothing_twice() {
    const MESSAGES: usize = 60;
    let desk = Desk::open().await;
    let case_id = desk.case_in(Stage::Open).await;
    let mut after = last(&desk.contact, &case_id).await;
    let writers = (0..3).map(|writer| {
        let (agent, case_id) = (desk.agent.clone(), case_id.clone());
        tokio::spawn(async move {
            for number in 0..MESSAGES / 3 {
                let input = with_case(&case_id, json!({ "body": format!("{writer} {number}") }));
                agent.succeed("casePostMessage", input, "pending").await;
            }
        })
    });
    let writers: Vec<_> = writers.collect();
    let mut seen = vec![];
    // One connection after the other, each for some messages, now a stream, now a socket.
    for connection in 0.. {
        let taken = 1 + connection % 7;
        let variables = json!({ "id": case_id, "after": after });
        let mut take = |event: &Value| {
            seen.push(event["entry"]["text"].as_str().expect("a message").to_owned());
            after = event["cursor"].clone();
            seen.len() == MESSAGES
        };
        if connection % 2 == 0 {
            let mut stream = desk.contact.stream(FOLLOW, &variables).await;
            for _ in 0..taken {
                if take(&event(&mut stream).await) {
                    break;
                }
            }
        } else {
            let mut socket = desk.contact.socket().await;
            socket.subscribe("1", FOLLOW, &variables).await;
            for _ in 0..taken {
                if take(&socket.next().await["payload"]["data"]["caseActivity"]) {
                    break;
                }
            }
        }
        if seen.len() == MESSAGES {
            break;
        }
    }
    for writer in writers {
        writer.await.unwrap();
    }
    let document = "query($id: ID!) { case(id: $id) { activity(first: 60) { nodes { text } } } }";
    let all = desk.contact.data(document, json!({ "id": case_id })).await;
    let mut all: Vec<_> = all["case"]["activity"]["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|node| node["text"].as_str().unwrap())
        .collect();
    all.reverse();
    assert_eq!(seen, all);
}

#[tokio::test]
async fn a_long_past_is_followed_from_its_beginning_in_order() {
    let desk = Desk::open().await;
    let case_id = desk.case_in(Stage::Open).await;
    let document =
        "query($id: ID!) { case(id: $id) { activity(first: 1, order: OLDEST_FIRST) { pageInfo { startCursor } } } }";
    let first = desk.contact.data(document, json!({ "id": case_id })).await;
    let after = first["case"]["activity"]["pageInfo"]["startCursor"].clone();
    for number in 0..45 {
        desk.step(&desk.agent, "casePostMessage", &case_id, json!({ "body": format!("{number}") })).await;
    }
    let mut stream = desk.contact.stream(FOLLOW, &json!({ "id": case_id, "after": after })).await;
    assert_eq!(event(&mut stream).await["entry"]["kind"], "TAKEN_UP");
    for number in 0..45 {
        assert_eq!(event(&mut stream).await["entry"]["text"], number.to_string());
    }
    desk.step(&desk.agent, "casePostMessage", &case_id, json!({ "body": "and on" })).await;
    assert_eq!(event(&mut stream).await["entry"]["text"], "and on");
}

#[tokio::test]
async fn what_another_instance_wrote_comes_too() {
    let desk = Desk::open().await;
    let case_id = desk.case_in(Stage::Open).await;
    let (_other, url) = second_instance(&desk).await;
    let mut stream = follow(&desk.contact, &case_id).await;
    let elsewhere = desk.agent.at(&url);
    for number in 0..3 {
        desk.step(&elsewhere, "casePostMessage", &case_id, json!({ "body": format!("{number}") })).await;
        assert_eq!(event(&mut stream).await["entry"]["text"], number.to_string());
    }
}

#[tokio::test]
async fn a_case_that_is_not_theirs_is_not_there() {
    let desk = Desk::open().await;
    let case_id = desk.case_in(Stage::Open).await;
    let after = last(&desk.contact, &case_id).await;
    for after in [Value::Null, after] {
        let mut stream = desk.stranger.stream(FOLLOW, &json!({ "id": case_id, "after": after })).await;
        assert_eq!(end(&mut stream).await, "NOT_FOUND");
    }
    for (id, code) in
        [("Q2FzZTowMDAwMDAwMC0wMDAwLTAwMDAtMDAwMC0wMDAwMDAwMDAwMDc", "NOT_FOUND"), ("x", "BAD_USER_INPUT")]
    {
        let mut stream = desk.contact.stream(FOLLOW, &json!({ "id": id })).await;
        assert_eq!(end(&mut stream).await, code);
    }
    let mut stream = desk.contact.stream(FOLLOW, &json!({ "id": case_id, "after": "made up" })).await;
    assert_eq!(end(&mut stream).await, "BAD_CURSOR");
    let mut stream = desk.app.nobody().stream(FOLLOW, &json!({ "id": case_id })).await;
    assert_eq!(end(&mut stream).await, "UNAUTHENTICATED");
}

#[tokio::test]
async fn whoever_leaves_the_account_gets_nothing_more() {
    let desk = Desk::open().await;
    let case_id = desk.case_in(Stage::Open).await;
    let mut stream = follow(&desk.contact, &case_id).await;
    let mut socket = desk.contact.socket().await;
    socket.subscribe("1", FOLLOW, &json!({ "id": case_id })).await;
    socket.send(json!({ "type": "ping" })).await;
    socket.next().await;
    let person = id_of::<PersonId>(&desk.contact_id);
    desk.app.change(&desk.account_id, |_, _| AccountAction::Leave { person }).await;
    desk.step(&desk.agent, "casePostMessage", &case_id, json!({ "body": "Behind their back." })).await;
    assert_eq!(end(&mut stream).await, "NOT_FOUND");
    assert_eq!(socket.next().await["payload"]["errors"][0]["extensions"]["code"], "NOT_FOUND");
    assert_eq!(socket.next().await, json!({ "type": "complete", "id": "1" }));
}

/// Without anything happening to the case, too.
#[tokio::test]
async fn a_limit_to_other_places_ends_it_and_so_does_a_case_that_moves() {
    let desk = Desk::open().await;
    let (here, there) = (
        json!(desk.app.location(&desk.account_id, "1 Example Street").await),
        json!(desk.app.location(&desk.account_id, "2 Example Street").await),
    );
    let colleague = desk.app.contact("ACME").await;
    let mut opening = desk.opening("Silent line");
    opening["locationId"] = here.clone();
    let case_id = open_case(&colleague, opening).await;
    let mut stream = follow(&desk.contact, &case_id).await;
    set_access(&desk, &desk.contact_id, ContactRole::Member, Some(&[&here])).await;
    desk.step(&colleague, "casePostMessage", &case_id, json!({ "body": "Still theirs." })).await;
    assert_eq!(event(&mut stream).await["entry"]["text"], "Still theirs.");
    let mut until_it_moves = follow(&desk.contact, &case_id).await;
    set_access(&desk, &desk.contact_id, ContactRole::Member, Some(&[&there])).await;
    assert_eq!(end(&mut stream).await, "NOT_FOUND");
    assert_eq!(end(&mut until_it_moves).await, "NOT_FOUND");

    set_access(&desk, &desk.contact_id, ContactRole::Member, Some(&[&here])).await;
    let mut stream = follow(&desk.contact, &case_id).await;
    desk.step(&desk.agent, "caseSetLocation", &case_id, json!({ "locationId": there })).await;
    assert_eq!(end(&mut stream).await, "NOT_FOUND", "where it went is not told");
}

async fn browser_socket(world: &World, browser: &Browser) -> TestSocket {
    let (origin, cookies) = (format!("http://{}", world.app.address), browser.cookies().expect("signed in"));
    let url = format!("{origin}/graphql/ws");
    TestSocket::open(&url, &[("origin", &origin), ("cookie", &cookies)], json!({ "type": "connection_init" })).await
}

/// A way in which a session ends.
#[derive(Clone, Copy, Debug)]
enum Ending {
    SignOut,
    Idle,
    Deactivation,
}

async fn end_session(world: &World, browser: &Browser, email: &str, ending: Ending) {
    match ending {
        Ending::SignOut => {
            world.ask(&mut browser.clone(), "signOut", None, "userErrors { code }").await;
        }
        Ending::Idle => {
            world.app.clock.advance(TimeDelta::minutes(61));
        }
        Ending::Deactivation => {
            let document = "query($text: String!) { users(filter: { text: $text }) { nodes { person { id } } } }";
            let found = world.administrator.data(document, json!({ "text": email })).await;
            let input = json!({ "personId": found["users"]["nodes"][0]["person"]["id"] });
            world.administrator.succeed("userDeactivate", input, "pending").await;
        }
    }
}

#[tokio::test]
async fn a_socket_by_cookie_ends_with_its_session_within_two_seconds() {
    let world = World::begin().await;
    let user = world.user("Ana Sample", "ana@example.com").await;
    for ending in [Ending::SignOut, Ending::Idle, Ending::Deactivation] {
        let browser = world.signed_in(&user).await;
        let mut socket = browser_socket(&world, &browser).await;
        socket.subscribe("1", "{ viewer { person { name } } }", &json!({})).await;
        assert_eq!(socket.next().await["payload"]["data"]["viewer"]["person"]["name"], "Ana Sample");
        end_session(&world, &browser, &user.email, ending).await;
        let since = Instant::now();
        assert_eq!(socket.closed().await, 4401, "{ending:?}");
        assert!(since.elapsed() < Duration::from_secs(2), "{ending:?}: {:?}", since.elapsed());
        assert!(!world.is_in(&browser).await, "{ending:?}");
    }
}

#[tokio::test]
async fn case_activity() {
    let desk = Desk::open().await;
    let case_id = desk.case_in(Stage::Open).await;
    let after = last(&desk.contact, &case_id).await;
    desk.step(&desk.agent, "casePostMessage", &case_id, json!({ "body": "We are on it." })).await;
    let document = "subscription($id: ID!, $after: String) {
  caseActivity(caseId: $id, after: $after) {
    cursor
    entry { kind occurredAt actor { name } actorRole text internal }
    case { number status version updatedAt owner { name } }
  }
}";
    let variables = json!({ "id": case_id, "after": after });
    let asking =
        async { desk.contact.stream(document, &variables).await.next().await.expect("an event")["data"].take() };
    let answer = counted_of("caseActivity", asking).await;
    assert_snapshot("caseActivity", document, &variables, &answer);
}
