//! A case whose rows stand still, because its stream is parked: people go on working it.

use harness::TestCaller;
use serde_json::{Value, json};
use sqlx::Executor as _;

use crate::graphql_desk::{Desk, Stage, with_case};

const PAGE: &str = "query($id: ID!) {
  case(id: $id) {
    degraded version status priority noteCount messageCount watchers { email }
    activity(first: 2) { nodes { kind text } pageInfo { hasNextPage endCursor } }
  }
  node(id: $id) { ... on Case { degraded messageCount } }
  cases(first: 1) { nodes { messageCount degraded } }
}";

/// Makes the tables refuse a critical case, and the case critical; answers what the agent is answered.
async fn park(desk: &Desk, case_id: &Value) -> Value {
    let refuse = "alter table case_v1.case_list add constraint refused check (priority < 4) not valid";
    desk.app.owner().await.execute(refuse).await.unwrap();
    let input = with_case(case_id, json!({ "priority": "CRITICAL" }));
    desk.agent.succeed("caseSetPriority", input, "pending case { degraded priority }").await
}

async fn page(caller: &TestCaller, case_id: &Value) -> Value {
    caller.data(PAGE, json!({ "id": case_id })).await
}

#[tokio::test]
async fn what_is_written_on_a_parked_case_is_read_back() {
    let desk = Desk::open().await;
    let case_id = desk.case_in(Stage::Open).await;
    let parked = park(&desk, &case_id).await;
    assert_eq!(parked["pending"], false);
    assert_eq!(parked["case"], json!({ "degraded": true, "priority": "CRITICAL" }));

    desk.step(&desk.agent, "caseAddNote", &case_id, json!({ "body": "Check the switch port." })).await;
    let watcher = json!({ "watcher": { "email": "boss@acme.example" } });
    desk.step(&desk.contact, "caseWatcherAdd", &case_id, watcher).await;
    let seen = page(&desk.contact, &case_id).await;
    // The version that is shown is the one that commands are held to.
    let post = json!({ "body": "Still silent.", "expectedVersion": seen["case"]["version"] });
    let selection = "case { messageCount activity(first: 1) { nodes { kind text } } }";
    let posted = desk.contact.succeed("casePostMessage", with_case(&case_id, post.clone()), selection).await;
    let message = json!({ "kind": "MESSAGE_POSTED", "text": "Still silent." });
    assert_eq!(posted["case"], json!({ "messageCount": 1, "activity": { "nodes": [message] } }));
    let stale = "case { degraded } missedActivity { kind text } userErrors { code }";
    let stale = desk.contact.mutate("casePostMessage", with_case(&case_id, post), stale).await;
    assert_eq!(stale["userErrors"][0]["code"], "STALE_VERSION");
    assert_eq!(stale["missedActivity"], json!([message]));
}

#[tokio::test]
async fn a_customer_reads_nothing_internal_of_a_parked_case() {
    let desk = Desk::open().await;
    let case_id = desk.case_in(Stage::Open).await;
    park(&desk, &case_id).await;
    desk.step(&desk.agent, "caseAddNote", &case_id, json!({ "body": "Check the switch port." })).await;
    desk.step(&desk.contact, "casePostMessage", &case_id, json!({ "body": "Still silent." })).await;
    for (caller, priority, notes, second) in [
        (
            &desk.agent,
            json!("CRITICAL"),
            json!(1),
            json!({ "kind": "INTERNAL_NOTE_ADDED", "text": "Check the switch port." }),
        ),
        (&desk.contact, Value::Null, Value::Null, json!({ "kind": "TAKEN_UP", "text": null })),
    ] {
        let page = page(caller, &case_id).await;
        let case = &page["case"];
        assert_eq!((&case["degraded"], &case["messageCount"]), (&json!(true), &json!(1)));
        assert_eq!((&case["priority"], &case["noteCount"]), (&priority, &notes));
        let newest = json!([{ "kind": "MESSAGE_POSTED", "text": "Still silent." }, second]);
        assert_eq!(case["activity"]["nodes"], newest);
        let document = "query($id: ID!, $after: String!) {
            case(id: $id) { activity(first: 1, after: $after) { nodes { kind } } }
        }";
        let after = &case["activity"]["pageInfo"]["endCursor"];
        let next = caller.data(document, json!({ "id": case_id, "after": after })).await;
        let kind = &next["case"]["activity"]["nodes"][0]["kind"];
        assert_eq!(kind, if second["kind"] == "TAKEN_UP" { "OPENED" } else { "PRIORITY_CHANGED" });
        assert_eq!(page["node"], json!({ "degraded": true, "messageCount": 1 }));
        assert_eq!(page["cases"]["nodes"], json!([{ "messageCount": 0, "degraded": true }]), "lists show the rows");
    }
    assert_eq!(page(&desk.stranger, &case_id).await["case"], Value::Null);
}
