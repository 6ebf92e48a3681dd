//! Two at once: whoever names the version that they saw learns what they missed, and nothing that is not for them.

use harness::TestCaller;
use serde_json::{Value, json};

use crate::graphql_desk::{Desk, Stage, with_case};

async fn post(caller: &TestCaller, case_id: &Value, version: &Value) -> Value {
    let input = json!({ "caseId": case_id, "body": "Words.", "expectedVersion": version });
    caller
        .mutate("casePostMessage", input, "case { version } userErrors { code field message } missedActivity { kind }")
        .await
}

fn code(payload: &Value) -> &Value {
    &payload["userErrors"][0]["code"]
}

#[tokio::test]
async fn a_stale_version_is_refused_with_what_the_caller_missed() {
    let desk = Desk::open().await;
    let case_id = desk.case_in(Stage::Open).await;
    let theirs = desk.version(&desk.contact, &case_id).await;
    let ours = desk.version(&desk.agent, &case_id).await;
    desk.step(&desk.agent, "caseAddNote", &case_id, json!({ "body": "Among us." })).await;
    desk.step(&desk.agent, "casePostMessage", &case_id, json!({ "body": "We look at it." })).await;
    desk.step(&desk.agent, "caseSetPriority", &case_id, json!({ "priority": "HIGH" })).await;

    let refused = post(&desk.contact, &case_id, &theirs).await;
    assert_eq!(code(&refused), "STALE_VERSION");
    assert_eq!(refused["userErrors"][0]["field"], "expectedVersion");
    assert_eq!(refused["missedActivity"], json!([{ "kind": "MESSAGE_POSTED" }]));
    let refused = post(&desk.agent, &case_id, &ours).await;
    let missed = ["INTERNAL_NOTE_ADDED", "MESSAGE_POSTED", "PRIORITY_CHANGED"].map(|kind| json!({ "kind": kind }));
    assert_eq!(refused["missedActivity"], json!(missed));

    let after_looking = refused["case"]["version"].clone();
    assert_eq!(post(&desk.agent, &case_id, &after_looking).await["userErrors"], json!([]));
}

#[tokio::test]
async fn a_note_makes_no_version_of_a_contact_stale() {
    let desk = Desk::open().await;
    let case_id = desk.case_in(Stage::Open).await;
    let version = desk.version(&desk.contact, &case_id).await;
    desk.step(&desk.agent, "caseAddNote", &case_id, json!({ "body": "Among us." })).await;
    assert_eq!(desk.version(&desk.contact, &case_id).await, version);
    assert_eq!(post(&desk.contact, &case_id, &version).await["userErrors"], json!([]));
}

#[tokio::test]
async fn a_version_of_another_case_or_audience_or_maker_is_none() {
    let desk = Desk::open().await;
    let (case_id, other) = (desk.case_in(Stage::Open).await, desk.case_in(Stage::Open).await);
    let foreign = [
        desk.version(&desk.contact, &other).await,
        desk.version(&desk.agent, &case_id).await,
        json!("made up"),
        json!(""),
    ];
    for version in foreign {
        let refused = post(&desk.contact, &case_id, &version).await;
        assert_eq!(
            (code(&refused), &refused["userErrors"][0]["field"]),
            (&json!("INVALID_INPUT"), &json!("expectedVersion"))
        );
        assert_eq!(refused["missedActivity"], json!([]));
    }
}

#[tokio::test]
async fn of_two_at_once_who_saw_the_same_version_one_wins() {
    let desk = Desk::open().await;
    let case_id = desk.case_in(Stage::Open).await;
    let version = desk.version(&desk.agent, &case_id).await;
    let rivals = [&desk.agent, &desk.supervisor].map(|caller| post(caller, &case_id, &version));
    let outcomes = futures_util::future::join_all(rivals).await;
    let mut codes: Vec<_> = outcomes.iter().map(|payload| code(payload).as_str().unwrap_or("done")).collect();
    codes.sort_unstable();
    assert_eq!(codes, ["STALE_VERSION", "done"]);
    let document = "query($id: ID!) { case(id: $id) { messageCount } }";
    assert_eq!(desk.agent.data(document, json!({ "id": case_id })).await["case"]["messageCount"], 1);
    let unconditional = with_case(&case_id, json!({ "body": "Words." }));
    desk.agent.succeed("casePostMessage", unconditional, "caseId").await;
}
