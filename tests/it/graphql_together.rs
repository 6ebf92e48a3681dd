//! Many clients at once: each reads what it wrote, none gets half a command, whether it stays for the answer or not.

use std::time::Duration;

use futures_util::future::join_all;
use harness::{TestCaller, mutation_document, until};
use serde_json::{Value, json};
use tokio::{io::AsyncWriteExt as _, net::TcpStream};

use crate::graphql_desk::{Desk, Stage, open_case, with_case};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn eight_clients_read_what_they_write() {
    let desk = Desk::open().await;
    join_all((0..8).map(|client| live_through_a_case(&desk, client))).await;
    let count = desk.agent.data("{ cases(filter: { statuses: [CLOSED] }) { totalCount } }", json!({})).await;
    assert_eq!(count["cases"]["totalCount"], 8);
}

/// After each step the payload shows it, and so does a query that follows.
async fn live_through_a_case(desk: &Desk, client: usize) {
    let subject = format!("Line {client}");
    let case_id = open_case(&desk.contact, desk.opening(&subject)).await;
    let read = "query($id: ID!) { case(id: $id) { status subject messageCount priority activity(first: 1) { nodes { kind text } } } }";
    let desk_reads = async || desk.agent.data(read, json!({ "id": case_id })).await["case"].take();
    assert_eq!(desk_reads().await["subject"], subject);
    let selection = "pending case { status subject messageCount priority activity(first: 1) { nodes { kind text } } }";
    let step = async |caller: &TestCaller, mutation: &str, input: Value| {
        let payload = caller.succeed(mutation, with_case(&case_id, input), selection).await;
        assert_eq!(payload["pending"], false);
        if caller.token == desk.agent.token {
            assert_eq!(payload["case"], desk_reads().await, "{mutation}");
        }
        payload["case"].clone()
    };
    assert_eq!(step(&desk.agent, "caseTakeUp", json!({})).await["status"], "OPEN");
    assert_eq!(step(&desk.agent, "caseSetPriority", json!({ "priority": "LOW" })).await["priority"], "LOW");
    for number in 1..=3 {
        let body = format!("Words {number} of {client}.");
        let case = step(&desk.contact, "casePostMessage", json!({ "body": body })).await;
        assert_eq!(case["messageCount"], number);
        assert_eq!(case["activity"]["nodes"][0]["text"], body);
    }
    assert_eq!(step(&desk.agent, "caseResolve", crate::graphql_desk::resolution()).await["status"], "RESOLVED");
    assert_eq!(step(&desk.contact, "caseResolutionAccept", json!({})).await["status"], "CLOSED");
}

/// Whoever loses too often is told so; whoever is told that it worked did not lose.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_at_one_case_each_is_done() {
    const AT_ONCE: usize = 200;
    let desk = Desk::open().await;
    let case_id = desk.case_in(Stage::Open).await;
    let post = || {
        desk.contact.mutate("casePostMessage", with_case(&case_id, json!({ "body": "Words." })), "userErrors { code }")
    };
    for payload in join_all((0..AT_ONCE).map(|_| post())).await {
        assert_eq!(payload["userErrors"], json!([]));
    }
    assert_eq!(message_count(&desk, &case_id).await, json!(AT_ONCE));
}

async fn message_count(desk: &Desk, case_id: &Value) -> Value {
    let document = "query($id: ID!) { case(id: $id) { messageCount } }";
    desk.agent.data(document, json!({ "id": case_id })).await["case"]["messageCount"].take()
}

/// Sends a request whole and leaves before the answer: at once, or a moment later, so that it is caught at every stage.
async fn send_and_hang_up(desk: &Desk, document: &str, variables: &Value, stay: Duration) {
    let body = json!({ "query": document, "variables": variables }).to_string();
    let token = desk.contact.token.as_ref().unwrap();
    let request = format!(
        "POST /graphql HTTP/1.1\r\nhost: {}\r\nauthorization: Bearer {token}\r\ncontent-type: application/json\r\n\
         content-length: {}\r\n\r\n{body}",
        desk.app.address,
        body.len()
    );
    let mut connection = TcpStream::connect(desk.app.address).await.unwrap();
    connection.set_zero_linger().unwrap();
    connection.write_all(request.as_bytes()).await.unwrap();
    tokio::time::sleep(stay).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_that_hangs_up_leaves_its_command_done_or_not_done() {
    const ROUNDS: u64 = 500;
    const CLIENTS: u64 = 10;
    let desk = Desk::open().await;
    let cases = join_all((0..CLIENTS).map(|_| desk.case_in(Stage::Resolved))).await;
    // Two events in one command: half of it would show.
    let document = mutation_document("caseResolutionReject", "case { id }");
    join_all(cases.iter().enumerate().map(async |(client, case_id)| {
        for round in 0..ROUNDS / CLIENTS {
            let stay = Duration::from_micros(round * 150);
            let key = format!("{client} {round}");
            let reject = with_case(case_id, json!({ "reason": "Still silent.", "idempotencyKey": key }));
            send_and_hang_up(&desk, &document, &json!({ "input": reject.clone() }), stay).await;
            // The same command under the same key: whichever of the two comes first, it is done once.
            desk.contact.succeed("caseResolutionReject", reject, "case { status }").await;
            desk.agent.succeed("caseResolve", with_case(case_id, crate::graphql_desk::resolution()), "caseId").await;
        }
    }))
    .await;

    for case_id in &cases {
        // What was sent and left may still be under way; in the end everything has come to rest.
        let kinds = until("as many reopenings as rejections", async || {
            let kinds = kinds_of(&desk, case_id).await;
            (count(&kinds, "RESOLUTION_REJECTED") == count(&kinds, "REOPENED")).then_some(kinds)
        })
        .await;
        assert_eq!(count(&kinds, "REOPENED") as u64, ROUNDS / CLIENTS, "each rejection is there once");
    }
    let verified = event_log::verify(&desk.app.pool, |_| {}).await.unwrap();
    assert!(verified.first_bad.is_none(), "{:?}", verified.first_bad);
}

fn count(kinds: &[String], kind: &str) -> usize {
    kinds.iter().filter(|other| *other == kind).count()
}

/// The types of a case's events, in their order, as recorded.
async fn kinds_of(desk: &Desk, case_id: &Value) -> Vec<String> {
    let document = "query($id: ID!, $after: String) { case(id: $id) {
        activity(first: 100, after: $after, order: OLDEST_FIRST) { nodes { kind } pageInfo { endCursor hasNextPage } }
    } }";
    let (mut kinds, mut after) = (vec![], Value::Null);
    loop {
        let page = desk.agent.data(document, json!({ "id": case_id, "after": after })).await["case"]["activity"].take();
        let nodes = page["nodes"].as_array().unwrap().iter();
        kinds.extend(nodes.map(|node| node["kind"].as_str().unwrap().to_owned()));
        if page["pageInfo"]["hasNextPage"] == false {
            return kinds;
        }
        after = page["pageInfo"]["endCursor"].clone();
    }
}
