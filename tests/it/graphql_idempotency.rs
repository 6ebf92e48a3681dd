//! A retry under the same key is the same command: one effect, one answer.

use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::graphql_desk::{Desk, Stage, with_case};

const SELECTION: &str = "case { number messageCount status } caseId pending userErrors { code field message }";

fn message(case_id: &Value, body: &str, key: &str) -> Value {
    with_case(case_id, json!({ "body": body, "idempotencyKey": key }))
}

#[tokio::test]
async fn twenty_retries_in_parallel_have_one_effect_and_one_answer() {
    let desk = Desk::open().await;
    let case_id = desk.case_in(Stage::Open).await;
    let input = message(&case_id, "Words.", "key");
    let answers = join_all((0..20).map(|_| desk.contact.mutate("casePostMessage", input.clone(), SELECTION))).await;
    for answer in &answers {
        assert_eq!(answer, &answers[0]);
        assert_eq!(answer["case"]["messageCount"], 1);
    }
}

#[tokio::test]
async fn twenty_openings_in_parallel_open_one_case() {
    let desk = Desk::open().await;
    let mut opening = desk.opening("Silent line");
    opening["idempotencyKey"] = json!("form");
    let answers = join_all((0..20).map(|_| desk.contact.mutate("caseOpen", opening.clone(), SELECTION))).await;
    for answer in &answers {
        assert_eq!(answer, &answers[0]);
        assert_eq!(answer["userErrors"], json!([]));
        assert_eq!(answer["case"]["status"], "NEW");
    }
    let count = desk.agent.data("{ cases { totalCount } }", json!({})).await;
    assert_eq!(count["cases"]["totalCount"], 1);
}

#[tokio::test]
async fn a_key_is_one_request_of_one_person() {
    let desk = Desk::open().await;
    let case_id = desk.case_in(Stage::Open).await;
    desk.contact.succeed("casePostMessage", message(&case_id, "One.", "key"), "caseId").await;
    let reused = desk.contact.refusal("casePostMessage", message(&case_id, "Other.", "key")).await;
    assert_eq!((&reused["code"], &reused["field"]), (&json!("IDEMPOTENCY_KEY_REUSED"), &json!("idempotencyKey")));
    let other_command = with_case(&case_id, json!({ "reason": "DUPLICATE", "idempotencyKey": "key" }));
    assert_eq!(desk.contact.refusal("caseCancel", other_command).await["code"], "IDEMPOTENCY_KEY_REUSED");
    let other_case = desk.case_in(Stage::Open).await;
    let elsewhere = desk.contact.refusal("casePostMessage", message(&other_case, "One.", "key")).await;
    assert_eq!(elsewhere["code"], "IDEMPOTENCY_KEY_REUSED");

    let theirs = desk.agent.succeed("casePostMessage", message(&case_id, "One.", "key"), SELECTION).await;
    assert_eq!(theirs["case"]["messageCount"], 2, "another person's key is another key");
}

#[tokio::test]
async fn a_refusal_is_remembered_and_answered_again_even_when_the_case_has_moved_on() {
    let desk = Desk::open().await;
    let case_id = desk.case_in(Stage::New).await;
    let early = with_case(&case_id, json!({ "reason": "Too early.", "idempotencyKey": "key" }));
    let refused = desk.agent.refusal("caseReopen", early.clone()).await;
    assert_eq!(refused["code"], "NOT_IN_STATE");
    desk.step(&desk.agent, "caseResolve", &case_id, crate::graphql_desk::resolution()).await;
    assert_eq!(desk.agent.refusal("caseReopen", early).await, refused);
}
