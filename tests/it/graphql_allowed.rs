//! `allowedActions`: what a front end offers is what the server then takes.

use serde_json::{Value, json};

use crate::graphql_desk::{Desk, Stage, with_case};
use harness::{TestCaller, mutation_document};

const ALLOWED: &str = "query($id: ID!) { case(id: $id) { allowedActions } }";

async fn allowed(caller: &TestCaller, case_id: &Value) -> Value {
    caller.data(ALLOWED, json!({ "id": case_id })).await["case"]["allowedActions"].clone()
}

async fn mutate(caller: &TestCaller, mutation: &str, input: Value) -> Value {
    let document = mutation_document(mutation, "case { allowedActions } userErrors { code message }");
    let answer = caller.data(&document, json!({ "input": input })).await;
    assert_eq!(answer[mutation]["userErrors"], json!([]), "{answer:#}");
    answer[mutation]["case"]["allowedActions"].clone()
}

#[tokio::test]
async fn each_caller_is_offered_what_they_may_do_now() {
    let desk = Desk::open().await;
    let case_id = desk.case_in(Stage::New).await;
    assert_eq!(
        allowed(&desk.contact, &case_id).await,
        json!(["POST_MESSAGE", "ADD_ATTACHMENTS", "ADD_WATCHER", "CANCEL"]),
        "nobody watches yet, and no file is there to be removed"
    );
    let offered = allowed(&desk.agent, &case_id).await;
    let has = |action: &str| offered.as_array().unwrap().contains(&json!(action));
    assert!(has("TAKE_UP") && has("ASSIGN") && !has("RELEASE") && !has("END_WAIT") && !has("PLACE_HOLD"), "{offered}");
    let supervised = allowed(&desk.supervisor, &case_id).await;
    assert!(supervised.as_array().unwrap().contains(&json!("PLACE_HOLD")), "{supervised}");
    assert_eq!(allowed(&desk.auditor, &case_id).await, json!([]));
    assert_eq!(desk.stranger.data(ALLOWED, json!({ "id": case_id })).await["case"], Value::Null);
}

#[tokio::test]
async fn a_mutation_answers_what_is_allowed_after_it() {
    let desk = Desk::open().await;
    let case_id = desk.case_in(Stage::Resolved).await;
    let before = allowed(&desk.contact, &case_id).await;
    assert!(before.as_array().unwrap().contains(&json!("RATE")), "{before}");
    let after = mutate(&desk.contact, "caseRate", with_case(&case_id, json!({ "score": 5 }))).await;
    assert!(!after.as_array().unwrap().contains(&json!("RATE")), "{after}");
    assert!(after.as_array().unwrap().contains(&json!("ACCEPT_RESOLUTION")), "{after}");
    let settled = mutate(&desk.contact, "caseResolutionAccept", with_case(&case_id, json!({}))).await;
    assert_eq!(settled, json!([]), "nothing is left for a customer");
}
