//! One document and one snapshot per mutation: what a client sends, and what it gets when all is well. How many SQL statements that
//! takes is counted on the way.
//!
//! A snapshot shows the document and its variables above the answer. `INSTA_UPDATE=always cargo test -p it graphql_operations`
//! writes them anew.

use chrono::TimeDelta;
use domain::Role;
use harness::{TestCaller, mutation_document};
use serde_json::{Value, json};

use crate::{
    graphql_desk::{Desk, Stage, resolution, with_case},
    graphql_statements::counted,
};

/// What clients show after a mutation.
const PAYLOAD: &str = "
  case {
    id number status type category subject description descriptionRedacted
    account { name } location { name } locationNotListed product { name } productNotListed
    contact { name } opener { name } owner { name } queue priority wait { reason until }
    openedAt updatedAt messageCount noteCount reopenCount legalHold degraded version
    resolution { at code text satisfactionScore satisfactionComment }
    closing { at cause } cancellation { at reason comment }
    watchers { person { name } email addedAt confirmed }
    attachments { id name mediaType sizeBytes sha256 uploader { name } fromDesk addedAt internal state url }
    activity(first: 3) {
      nodes { kind internal actor { name } actorRole onBehalfOf { name } via occurredAt text redacted about { name } status
              values { name value } }
    }
  }
  caseId pending userErrors { field message code } missedActivity { kind }
";

/// Compares an answer with its snapshot. What differs from run to run is left out.
pub fn assert_snapshot(operation: &str, document: &str, variables: &Value, answer: &Value) {
    let request = json!({ "document": document, "variables": variables });
    insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true, sort_maps => true, info => &request }, {
        insta::assert_json_snapshot!(operation, answer, {
            ".**.version" => "[version]",
            ".**.cursor" => "[cursor]",
            ".**.startCursor" => "[cursor]",
            ".**.endCursor" => "[cursor]",
            ".**.upload.url" => "/uploads/[token]",
            ".**.hash" => "[hash]",
            ".**.metadata.request" => "[request]",
            ".**.fingerprint" => "[fingerprint]",
        });
    });
}

/// Sends a mutation a minute after what was before it, and compares the answer.
async fn check(desk: &Desk, caller: &TestCaller, mutation: &str, input: Value) {
    desk.app.clock.advance(TimeDelta::minutes(1));
    let document = mutation_document(mutation, PAYLOAD);
    let variables = json!({ "input": input });
    let answer = counted(mutation, caller, &document, &variables).await;
    assert_eq!(answer[mutation]["userErrors"], json!([]), "{answer:#}");
    assert_snapshot(mutation, &document, &variables, &answer);
}

/// The same on a case of its own that has come to a stage.
async fn check_on(stage: Stage, who: impl Fn(&Desk) -> &TestCaller, mutation: &str, input: Value) {
    let desk = Desk::open().await;
    let case_id = desk.case_in(stage).await;
    check(&desk, who(&desk), mutation, with_case(&case_id, input)).await;
}

fn agent(desk: &Desk) -> &TestCaller {
    &desk.agent
}

fn contact(desk: &Desk) -> &TestCaller {
    &desk.contact
}

fn supervisor(desk: &Desk) -> &TestCaller {
    &desk.supervisor
}

#[tokio::test]
async fn case_open() {
    let desk = Desk::open().await;
    let location = desk.app.location(&desk.account_id, "1 Main Street").await;
    let mut opening = desk.opening("Silent line");
    opening["locationId"] = json!(location);
    opening["productNotListed"] = json!(true);
    opening["watchers"] = json!([{ "email": "Front.Desk@acme.example" }, { "contact": desk.contact_id }]);
    opening["idempotencyKey"] = json!("form-17");
    check(&desk, &desk.contact, "caseOpen", opening).await;
}

#[tokio::test]
async fn case_take_up() {
    check_on(Stage::New, agent, "caseTakeUp", json!({})).await;
}

#[tokio::test]
async fn case_assign() {
    let desk = Desk::open().await;
    let case_id = desk.case_in(Stage::New).await;
    let input = json!({ "caseId": case_id, "ownerId": desk.agent_id });
    check(&desk, &desk.supervisor, "caseAssign", input).await;
}

#[tokio::test]
async fn case_release() {
    check_on(Stage::Open, agent, "caseRelease", json!({})).await;
}

#[tokio::test]
async fn case_move_to_queue() {
    check_on(Stage::Open, agent, "caseMoveToQueue", json!({ "queue": "network" })).await;
}

#[tokio::test]
async fn case_wait_start() {
    let input = json!({ "reason": "CUSTOMER", "until": "2026-03-09T09:00:00Z" });
    check_on(Stage::Open, agent, "caseWaitStart", input).await;
}

#[tokio::test]
async fn case_wait_end() {
    let desk = Desk::open().await;
    let case_id = desk.case_in(Stage::Open).await;
    desk.step(&desk.agent, "caseWaitStart", &case_id, json!({ "reason": "VENDOR" })).await;
    check(&desk, &desk.agent, "caseWaitEnd", with_case(&case_id, json!({}))).await;
}

#[tokio::test]
async fn case_post_message() {
    check_on(Stage::Open, contact, "casePostMessage", json!({ "body": "Is it my cable?" })).await;
}

#[tokio::test]
async fn case_add_note() {
    check_on(Stage::Open, agent, "caseAddNote", json!({ "body": "Check the switch port." })).await;
}

#[tokio::test]
async fn case_redact_message() {
    let desk = Desk::open().await;
    let case_id = desk.case_in(Stage::Open).await;
    let document = "query($id: ID!) { case(id: $id) { descriptionMessageId } }";
    let message_id = desk.agent.data(document, json!({ "id": case_id })).await["case"]["descriptionMessageId"].take();
    let input = json!({ "caseId": case_id, "messageId": message_id });
    check(&desk, &desk.supervisor, "caseRedactMessage", input).await;
}

#[tokio::test]
async fn upload_stage() {
    let desk = Desk::open().await;
    let document =
        mutation_document("uploadStage", "upload { attachmentId url expiresAt } userErrors { field message code }");
    let variables = json!({ "input": { "accountId": desk.account_id, "fileName": "router.log", "sizeBytes": 9 } });
    let answer = counted("uploadStage", &desk.contact, &document, &variables).await;
    assert_eq!(answer["uploadStage"]["userErrors"], json!([]), "{answer:#}");
    assert_snapshot("uploadStage", &document, &variables, &answer);
}

#[tokio::test]
async fn person_erase() {
    let desk = Desk::open().await;
    desk.case_in(Stage::Open).await;
    let administrator = desk.app.staff(Role::Administrator).await;
    let document = mutation_document(
        "personErase",
        "person { id name } erased { texts files cases accounts uploads tokens } pending \
         userErrors { field message code }",
    );
    let variables = json!({ "input": { "personId": desk.contact_id } });
    let answer = counted("personErase", &administrator, &document, &variables).await;
    assert_eq!(answer["personErase"]["userErrors"], json!([]), "{answer:#}");
    assert_snapshot("personErase", &document, &variables, &answer);
}

#[tokio::test]
async fn case_attachment_add() {
    let desk = Desk::open().await;
    let case_id = desk.case_in(Stage::Open).await;
    let upload = desk.upload(&desk.contact, "router.log", b"port down").await;
    check(&desk, &desk.contact, "caseAttachmentAdd", json!({ "caseId": case_id, "uploads": [upload] })).await;
}

#[tokio::test]
async fn case_attachment_remove() {
    check_with_file(contact, "caseAttachmentRemove").await;
}

#[tokio::test]
async fn case_attachment_redact() {
    check_with_file(supervisor, "caseAttachmentRedact").await;
}

/// A mutation about the one file of a case.
async fn check_with_file(who: fn(&Desk) -> &TestCaller, mutation: &str) {
    let desk = Desk::open().await;
    let case_id = desk.case_in(Stage::Open).await;
    let upload = desk.upload(&desk.contact, "router.log", b"port down").await;
    desk.step(&desk.contact, "caseAttachmentAdd", &case_id, json!({ "uploads": [upload] })).await;
    check(&desk, who(&desk), mutation, json!({ "caseId": case_id, "attachmentId": upload })).await;
}

#[tokio::test]
async fn case_watcher_add() {
    check_on(Stage::Open, contact, "caseWatcherAdd", json!({ "watcher": { "email": "Front.Desk@acme.example" } }))
        .await;
}

#[tokio::test]
async fn case_watcher_remove() {
    let desk = Desk::open().await;
    let case_id = desk.case_in(Stage::Open).await;
    let watcher = |email: &str| json!({ "watcher": { "email": email } });
    desk.step(&desk.contact, "caseWatcherAdd", &case_id, watcher("Front.Desk@acme.example")).await;
    check(&desk, &desk.contact, "caseWatcherRemove", with_case(&case_id, watcher("front.desk@ACME.example"))).await;
}

/// What clients show after a mutation of an account.
const ACCOUNT_PAYLOAD: &str = "
  account {
    id reference name address version
    locations { nodes { id reference name address isRetired } }
    products { nodes { id reference name isRemoved location { id } } }
    contacts { nodes { person { id name } role locations { id } } }
  }
  accountId location { id name address isRetired } product { id name isRemoved } contact { person { id name } role }
  pending userErrors { field message code }
";

/// Sends a mutation of an account as an administrator, and compares the answer.
async fn check_account(desk: &Desk, mutation: &str, mut input: Value) {
    desk.app.clock.advance(TimeDelta::minutes(1));
    let admin = desk.app.staff(Role::Administrator).await;
    if mutation != "accountOpen" {
        input["accountId"] = desk.account_id.clone();
    }
    let document = mutation_document(mutation, ACCOUNT_PAYLOAD);
    let variables = json!({ "input": input });
    let answer = counted(mutation, &admin, &document, &variables).await;
    assert_eq!(answer[mutation]["userErrors"], json!([]), "{answer:#}");
    assert_snapshot(mutation, &document, &variables, &answer);
}

#[tokio::test]
async fn account_open() {
    let input = json!({ "reference": "EX-1001", "name": "Sample Bakery", "address": "1 Main Street" });
    check_account(&Desk::open().await, "accountOpen", input).await;
}

#[tokio::test]
async fn account_rename() {
    check_account(&Desk::open().await, "accountRename", json!({ "name": "Acme Ltd" })).await;
}

#[tokio::test]
async fn account_move() {
    check_account(&Desk::open().await, "accountMove", json!({ "address": "1 Main Street" })).await;
}

#[tokio::test]
async fn account_location_add() {
    let input = json!({ "reference": "L-7", "name": "Head office", "address": "1 Main Street" });
    check_account(&Desk::open().await, "accountLocationAdd", input).await;
}

#[tokio::test]
async fn account_location_move() {
    let desk = Desk::open().await;
    let location = desk.app.location(&desk.account_id, "1 Main Street").await;
    check_account(&desk, "accountLocationMove", json!({ "locationId": location, "address": "2 Main Street" })).await;
}

#[tokio::test]
async fn account_location_retire() {
    let desk = Desk::open().await;
    let location = desk.app.location(&desk.account_id, "1 Main Street").await;
    check_account(&desk, "accountLocationRetire", json!({ "locationId": location })).await;
}

#[tokio::test]
async fn account_product_install() {
    let desk = Desk::open().await;
    let location = desk.app.location(&desk.account_id, "1 Main Street").await;
    let input = json!({ "locationId": location, "reference": "C-100", "name": "Fiber 100" });
    check_account(&desk, "accountProductInstall", input).await;
}

#[tokio::test]
async fn account_product_remove() {
    let desk = Desk::open().await;
    let product = desk.app.product(&desk.account_id, "Fiber 100").await;
    check_account(&desk, "accountProductRemove", json!({ "productId": product })).await;
}

#[tokio::test]
async fn account_contact_join() {
    let new = json!({ "name": "Ed Novak", "email": "ed@acme.example", "phone": "555 0100" });
    let input = json!({ "contact": { "new": new }, "role": "MEMBER" });
    check_account(&Desk::open().await, "accountContactJoin", input).await;
}

#[tokio::test]
async fn account_contact_leave() {
    let desk = Desk::open().await;
    check_account(&desk, "accountContactLeave", json!({ "personId": desk.contact_id })).await;
}

#[tokio::test]
async fn account_contact_set() {
    let desk = Desk::open().await;
    let location = desk.app.location(&desk.account_id, "1 Main Street").await;
    let input = json!({ "personId": desk.contact_id, "role": "MEMBER", "locationIds": [location] });
    check_account(&desk, "accountContactSet", input).await;
}

#[tokio::test]
async fn case_set_priority() {
    check_on(Stage::Open, agent, "caseSetPriority", json!({ "priority": "CRITICAL" })).await;
}

#[tokio::test]
async fn case_reclassify() {
    check_on(Stage::Open, agent, "caseReclassify", json!({ "type": "billing", "category": "collections" })).await;
}

#[tokio::test]
async fn case_set_location() {
    let desk = Desk::open().await;
    let case_id = desk.case_in(Stage::Open).await;
    let location = desk.app.location(&desk.account_id, "1 Main Street").await;
    check(&desk, &desk.agent, "caseSetLocation", json!({ "caseId": case_id, "locationId": location })).await;
}

#[tokio::test]
async fn case_set_product() {
    let desk = Desk::open().await;
    let case_id = desk.case_in(Stage::Open).await;
    let product = desk.app.product(&desk.account_id, "Fiber 100").await;
    check(&desk, &desk.agent, "caseSetProduct", json!({ "caseId": case_id, "productId": product })).await;
}

#[tokio::test]
async fn case_triage_clear() {
    let desk = Desk::open().await;
    let mut opening = desk.opening("Silent line");
    opening["locationNotListed"] = json!(true);
    opening["productNotListed"] = json!(true);
    let case_id = crate::graphql_desk::open_case(&desk.contact, opening).await;
    check(&desk, &desk.agent, "caseTriageClear", with_case(&case_id, json!({}))).await;
}

#[tokio::test]
async fn case_set_subject() {
    check_on(Stage::Open, agent, "caseSetSubject", json!({ "subject": "Port 7 is down" })).await;
}

#[tokio::test]
async fn case_set_contact() {
    let desk = Desk::open().await;
    let case_id = desk.case_in(Stage::Open).await;
    let colleague = crate::graphql_desk::viewer(&desk.app.contact("ACME").await).await["person"]["id"].take();
    check(&desk, &desk.agent, "caseSetContact", json!({ "caseId": case_id, "contactId": colleague })).await;
}

#[tokio::test]
async fn case_resolve() {
    check_on(Stage::New, agent, "caseResolve", resolution()).await;
}

#[tokio::test]
async fn case_resolution_accept() {
    check_on(Stage::Resolved, contact, "caseResolutionAccept", json!({})).await;
}

#[tokio::test]
async fn case_resolution_reject() {
    check_on(Stage::Resolved, contact, "caseResolutionReject", json!({ "reason": "It is still silent." })).await;
}

#[tokio::test]
async fn case_reopen() {
    check_on(Stage::Resolved, agent, "caseReopen", json!({ "reason": "The card failed again." })).await;
}

#[tokio::test]
async fn case_reopen_undo() {
    let desk = Desk::open().await;
    let case_id = desk.case_in(Stage::Resolved).await;
    desk.step(&desk.agent, "caseReopen", &case_id, json!({ "reason": "It was another case." })).await;
    check(&desk, &desk.agent, "caseReopenUndo", with_case(&case_id, json!({}))).await;
}

#[tokio::test]
async fn case_cancel() {
    check_on(Stage::Open, contact, "caseCancel", json!({ "reason": "OTHER", "comment": "We moved out." })).await;
}

#[tokio::test]
async fn case_close() {
    check_on(Stage::Resolved, agent, "caseClose", json!({})).await;
}

#[tokio::test]
async fn case_rate() {
    check_on(Stage::Closed, contact, "caseRate", json!({ "score": 4, "comment": "Friendly." })).await;
}

#[tokio::test]
async fn case_legal_hold_place() {
    check_on(Stage::Open, supervisor, "caseLegalHoldPlace", json!({ "reason": "A court asks for it." })).await;
}

#[tokio::test]
async fn case_legal_hold_lift() {
    let desk = Desk::open().await;
    let case_id = desk.case_in(Stage::Open).await;
    desk.step(&desk.supervisor, "caseLegalHoldPlace", &case_id, json!({ "reason": "A court asks for it." })).await;
    check(&desk, &desk.supervisor, "caseLegalHoldLift", with_case(&case_id, json!({}))).await;
}

/// Two cases that are worked on.
async fn two_cases(desk: &Desk) -> (Value, Value) {
    (desk.case_in(Stage::Open).await, desk.case_in(Stage::New).await)
}

#[tokio::test]
async fn case_link() {
    let desk = Desk::open().await;
    let (case_id, other) = two_cases(&desk).await;
    check(&desk, &desk.agent, "caseLink", with_case(&case_id, json!({ "otherCaseId": other }))).await;
}

#[tokio::test]
async fn case_unlink() {
    let desk = Desk::open().await;
    let (case_id, other) = two_cases(&desk).await;
    desk.step(&desk.agent, "caseLink", &case_id, json!({ "otherCaseId": other })).await;
    check(&desk, &desk.agent, "caseUnlink", with_case(&case_id, json!({ "otherCaseId": other }))).await;
}

#[tokio::test]
async fn case_merge() {
    let desk = Desk::open().await;
    let (case_id, other) = two_cases(&desk).await;
    check(&desk, &desk.agent, "caseMerge", with_case(&case_id, json!({ "intoCaseId": other }))).await;
}

#[tokio::test]
async fn case_merge_undo() {
    let desk = Desk::open().await;
    let (case_id, other) = two_cases(&desk).await;
    desk.step(&desk.agent, "caseMerge", &case_id, json!({ "intoCaseId": other })).await;
    desk.step(&desk.contact, "casePostMessage", &case_id, json!({ "body": "Any news?" })).await;
    check(&desk, &desk.agent, "caseMergeUndo", with_case(&case_id, json!({}))).await;
}

#[tokio::test]
async fn case_split() {
    let desk = Desk::open().await;
    let case_id = desk.case_in(Stage::Open).await;
    let message = desk.message(&desk.contact, &case_id, "And the other line is noisy.").await;
    check(&desk, &desk.agent, "caseSplit", with_case(&case_id, json!({ "messageIds": [message] }))).await;
}

#[tokio::test]
async fn case_split_undo() {
    let desk = Desk::open().await;
    let case_id = desk.case_in(Stage::Open).await;
    let message = desk.message(&desk.contact, &case_id, "And the other line is noisy.").await;
    let input = with_case(&case_id, json!({ "messageIds": [message] }));
    let split = desk.agent.succeed("caseSplit", input, "case { id }").await["case"]["id"].take();
    check(&desk, &desk.agent, "caseSplitUndo", with_case(&split, json!({}))).await;
}
