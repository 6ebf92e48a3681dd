//! Two cases and one command: links, follow-ups, merges and splits as people use them, each with its undoing.

use api::graphql::GlobalId as _;
use domain::MessageId;
use harness::TestCaller;
use serde_json::{Value, json};

use crate::graphql_desk::{Desk, Stage, open_case, with_case};

const SHOWN: &str = "number status messageCount description cancellation { reason }
    links { relation case { id number } }
    watchers { person { id } email }
    attachments { id name }
    activity(first: 100, order: OLDEST_FIRST) { nodes { kind messageId text moved writtenAt about { id } } }";

/// A case as somebody sees it: itself, or the one that goes on in its place.
async fn shown(caller: &TestCaller, case_id: &Value, follow: bool) -> Value {
    let document =
        format!("query($id: ID!, $follow: Boolean!) {{ case(id: $id, followMerges: $follow) {{ id {SHOWN} }} }}");
    caller.data(&document, json!({ "id": case_id, "follow": follow })).await["case"].take()
}

/// The texts that are read on a case, apart from its description.
fn messages(case: &Value) -> Vec<&str> {
    let entries = case["activity"]["nodes"].as_array().unwrap();
    let texts =
        entries.iter().filter(|entry| entry["kind"] == "MESSAGE_POSTED" || entry["kind"] == "INTERNAL_NOTE_ADDED");
    texts.filter_map(|entry| entry["text"].as_str()).collect()
}

fn relations(case: &Value) -> Vec<&str> {
    case["links"].as_array().unwrap().iter().map(|link| link["relation"].as_str().unwrap()).collect()
}

fn emails(case: &Value) -> Vec<&str> {
    case["watchers"].as_array().unwrap().iter().filter_map(|watcher| watcher["email"].as_str()).collect()
}

/// The id of a message, as the log has it.
fn id_of(message: &Value) -> String {
    let id = async_graphql::ID(message.as_str().unwrap().to_owned());
    MessageId::from_global(&id).expect("a message's id").to_string()
}

async fn refusal(caller: &TestCaller, mutation: &str, input: Value) -> (String, Value) {
    let document = harness::mutation_document(mutation, "userErrors { code field message }");
    let mut answer = caller.data(&document, json!({ "input": input })).await;
    let error = answer[mutation]["userErrors"][0].take();
    (error["code"].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned(), error["field"].clone())
}

async fn number_of(caller: &TestCaller, case_id: &Value) -> Value {
    shown(caller, case_id, false).await["number"].take()
}

#[tokio::test]
async fn a_merge_sends_readers_and_writers_to_the_survivor_and_its_undoing_brings_everything_back() {
    let desk = Desk::open().await;
    let (case_id, survivor) = (desk.case_in(Stage::Open).await, desk.case_in(Stage::Open).await);
    desk.step(&desk.agent, "caseWaitStart", &case_id, json!({ "reason": "VENDOR" })).await;
    desk.step(&desk.contact, "caseWatcherAdd", &case_id, json!({ "watcher": { "email": "ana@acme.example" } })).await;
    desk.step(&desk.contact, "caseWatcherAdd", &survivor, json!({ "watcher": { "email": "ben@acme.example" } })).await;

    desk.step(&desk.agent, "caseMerge", &case_id, json!({ "intoCaseId": survivor })).await;
    let merged = shown(&desk.contact, &case_id, false).await;
    assert_eq!((&merged["status"], &merged["cancellation"]["reason"]), (&json!("CANCELED"), &json!("MERGED")));
    assert_eq!(relations(&merged), ["MERGED_INTO"]);
    let read = shown(&desk.contact, &case_id, true).await;
    assert_eq!(read["id"], survivor, "who reads the one sees the other");
    assert_eq!(relations(&read), ["ABSORBED"]);
    assert_eq!(emails(&read), ["ben@acme.example", "ana@acme.example"]);

    // A message, a note and a file to the merged case, and a message to the survivor.
    let reply = with_case(&case_id, json!({ "body": "Any news?", "idempotencyKey": "once" }));
    let answer = desk.contact.succeed("casePostMessage", reply.clone(), "caseId case { id }").await;
    assert_eq!((&answer["caseId"], &answer["case"]["id"]), (&survivor, &survivor));
    let again = desk.contact.succeed("casePostMessage", reply, "caseId").await;
    assert_eq!(again["caseId"], survivor);
    desk.step(&desk.agent, "caseAddNote", &case_id, json!({ "body": "They ask." })).await;
    let upload = desk.upload(&desk.contact, "router.log", b"port up\n").await;
    desk.step(&desk.contact, "caseAttachmentAdd", &case_id, json!({ "uploads": [upload] })).await;
    desk.step(&desk.contact, "casePostMessage", &survivor, json!({ "body": "And the other one?" })).await;
    let read = shown(&desk.agent, &survivor, true).await;
    assert_eq!(messages(&read), ["Any news?", "They ask.", "And the other one?"], "once, whatever was retried");
    assert_eq!(
        refusal(&desk.agent, "caseSetPriority", with_case(&case_id, json!({ "priority": "HIGH" }))).await.0,
        "NOT_IN_STATE"
    );

    desk.step(&desk.agent, "caseMergeUndo", &case_id, json!({})).await;
    let back = shown(&desk.agent, &case_id, true).await;
    assert_eq!((&back["id"], &back["status"], &back["cancellation"]), (&case_id, &json!("OPEN"), &Value::Null));
    assert_eq!(messages(&back), ["Any news?", "They ask."]);
    assert_eq!(back["attachments"][0]["id"], upload);
    assert_eq!((relations(&back), back["messageCount"].clone()), (vec![], json!(1)));
    let brought =
        back["activity"]["nodes"].as_array().unwrap().iter().find(|entry| entry["text"] == "Any news?").unwrap();
    assert_eq!(brought["about"]["id"], desk.contact_id, "who wrote it");
    assert!(!brought["writtenAt"].is_null());
    let wait = desk.agent.data("query($id: ID!) { case(id: $id) { wait { reason } } }", json!({ "id": case_id })).await;
    assert_eq!(wait["case"]["wait"]["reason"], "VENDOR");
    let left = shown(&desk.contact, &survivor, true).await;
    assert_eq!((messages(&left), emails(&left)), (vec!["And the other one?"], vec!["ben@acme.example"]));
    assert_eq!((&left["attachments"], &left["messageCount"]), (&json!([]), &json!(1)));
    let file = desk.contact.fetch(&format!("/attachments/{}", upload.as_str().unwrap())).send().await.unwrap();
    assert_eq!(file.bytes().await.unwrap(), b"port up\n".as_slice(), "the file is where it was sent");
    assert_eq!(desk.agent.succeed("caseMergeUndo", with_case(&case_id, json!({})), "caseId").await["caseId"], case_id);
    desk.app.assert_rebuild_equals_live().await;
}

#[tokio::test]
async fn a_chain_of_merges_leads_to_its_end_and_is_undone_from_there() {
    let desk = Desk::open().await;
    let cases = [desk.new_case().await, desk.new_case().await, desk.new_case().await];
    let [first, second, third] = &cases;
    desk.step(&desk.agent, "caseMerge", first, json!({ "intoCaseId": second })).await;
    desk.step(&desk.agent, "caseMerge", second, json!({ "intoCaseId": third })).await;
    desk.step(&desk.contact, "casePostMessage", first, json!({ "body": "To the first." })).await;
    desk.step(&desk.contact, "casePostMessage", second, json!({ "body": "To the second." })).await;
    assert_eq!(shown(&desk.contact, first, true).await["id"], *third);
    assert_eq!(refusal(&desk.agent, "caseMergeUndo", with_case(first, json!({}))).await.0, "NOT_IN_STATE");
    assert_eq!(
        refusal(&desk.agent, "caseMerge", with_case(third, json!({ "intoCaseId": first }))).await.0,
        "NOT_IN_STATE"
    );

    desk.step(&desk.agent, "caseMergeUndo", second, json!({})).await;
    let middle = shown(&desk.contact, first, true).await;
    assert_eq!((&middle["id"], messages(&middle)), (second, vec!["To the first.", "To the second."]));
    desk.step(&desk.agent, "caseMergeUndo", first, json!({})).await;
    for (case_id, text) in [(first, vec!["To the first."]), (second, vec!["To the second."]), (third, vec![])] {
        assert_eq!(messages(&shown(&desk.contact, case_id, true).await), text);
    }
    desk.app.assert_rebuild_equals_live().await;
}

#[tokio::test]
async fn a_merge_is_refused_by_name() {
    let desk = Desk::open().await;
    let case_id = desk.new_case().await;
    let merge = async |into: &Value| {
        refusal(&desk.agent, "caseMerge", with_case(&case_id, json!({ "intoCaseId": into }))).await
    };
    let resolved = desk.case_in(Stage::Resolved).await;
    assert_eq!(merge(&resolved).await, ("NOT_IN_STATE".to_owned(), json!("intoCaseId")));
    assert_eq!(merge(&case_id).await, ("INVALID_INPUT".to_owned(), Value::Null));
    assert_eq!(
        merge(&crate::graphql_roles::some_id::<domain::CaseId>()).await,
        ("NOT_FOUND".to_owned(), json!("intoCaseId"))
    );
    let theirs = crate::graphql_desk::viewer(&desk.stranger).await["accounts"][0]["id"].clone();
    let mut opening = desk.opening("Elsewhere");
    opening["accountId"] = theirs;
    let elsewhere = open_case(&desk.stranger, opening).await;
    assert_eq!(merge(&elsewhere).await, ("INVALID_INPUT".to_owned(), json!("accountId")));
}

#[tokio::test]
async fn a_split_takes_messages_and_their_files_along_and_its_undoing_returns_them() {
    let desk = Desk::open().await;
    let case_id = desk.case_in(Stage::Open).await;
    let upload = desk.upload(&desk.contact, "noise.log", b"crackle\n").await;
    desk.step(
        &desk.contact,
        "casePostMessage",
        &case_id,
        json!({ "body": "The other line is noisy.\nListen.", "uploads": [upload] }),
    )
    .await;
    desk.step(&desk.agent, "casePostMessage", &case_id, json!({ "body": "Since when?" })).await;
    desk.step(&desk.contact, "casePostMessage", &case_id, json!({ "body": "The first one is still silent." })).await;
    let before = shown(&desk.contact, &case_id, true).await;
    let chosen: Vec<_> = before["activity"]["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|entry| entry["kind"] == "MESSAGE_POSTED" && !entry["text"].as_str().unwrap().starts_with("The first"))
        .map(|entry| entry["messageId"].clone())
        .collect();

    let input = with_case(&case_id, json!({ "messageIds": chosen, "idempotencyKey": "split" }));
    let payload =
        desk.agent.succeed("caseSplit", input.clone(), "case { id subject contact { id } opener { id } }").await;
    let split = payload["case"]["id"].clone();
    assert_eq!(desk.agent.succeed("caseSplit", input, "case { id }").await["case"]["id"], split, "a retry");
    assert_eq!(payload["case"]["subject"], "The other line is noisy.");
    assert_eq!(
        (&payload["case"]["contact"]["id"], &payload["case"]["opener"]["id"]),
        (&desk.contact_id, &desk.contact_id)
    );
    for caller in [&desk.contact, &desk.agent] {
        let (old, new) = (shown(caller, &case_id, true).await, shown(caller, &split, true).await);
        assert_eq!(messages(&old), ["The first one is still silent."]);
        assert_eq!((&old["attachments"], &old["messageCount"]), (&json!([]), &json!(1)));
        assert_eq!(
            (messages(&new), &new["description"]),
            (vec!["Since when?"], &json!("The other line is noisy.\nListen."))
        );
        assert_eq!((&new["attachments"][0]["id"], &new["status"]), (&upload, &json!("NEW")));
        assert_eq!((relations(&old), relations(&new)), (vec!["SPLIT_INTO"], vec!["SPLIT_FROM"]));
    }
    assert_eq!(number_of(&desk.stranger, &split).await, Value::Null, "another account's");

    desk.step(&desk.agent, "caseSplitUndo", &split, json!({})).await;
    let after = shown(&desk.contact, &case_id, true).await;
    assert_eq!((messages(&after), &after["attachments"]), (messages(&before), &before["attachments"]));
    let undone = shown(&desk.contact, &split, true).await;
    assert_eq!((&undone["status"], &undone["description"]), (&json!("CANCELED"), &Value::Null));
    assert_eq!((relations(&after), relations(&undone)), (vec![], vec![]));
    desk.app.assert_rebuild_equals_live().await;
}

#[tokio::test]
async fn what_is_redacted_in_a_split_case_is_gone_in_the_one_that_it_came_from() {
    let desk = Desk::open().await;
    let case_id = desk.case_in(Stage::Open).await;
    let message = desk.message(&desk.contact, &case_id, "My PIN is 4711.").await;
    let upload = desk.upload(&desk.contact, "pin.txt", b"4711\n").await;
    desk.step(&desk.contact, "caseAttachmentAdd", &case_id, json!({ "uploads": [upload] })).await;
    let input = with_case(&case_id, json!({ "messageIds": [message], "attachmentIds": [upload] }));
    let split = desk.agent.succeed("caseSplit", input, "case { id }").await["case"]["id"].take();
    let here = with_case(&case_id, json!({ "messageId": message }));
    assert_eq!(refusal(&desk.supervisor, "caseRedactMessage", here).await.0, "NOT_IN_STATE", "it is in the other case");

    desk.step(&desk.supervisor, "caseRedactMessage", &split, json!({ "messageId": message })).await;
    desk.step(&desk.contact, "caseAttachmentRemove", &split, json!({ "attachmentId": upload })).await;
    let left: i64 = sqlx::query_scalar(
        "select count(*) from keys join events using (aggregate_type, aggregate_id, sequence)
         where event_type in ('MessagePosted', 'Opened') and payload::text like '%' || $1 || '%'",
    )
    .bind(id_of(&message))
    .fetch_one(&desk.app.pool)
    .await
    .unwrap();
    assert_eq!(left, 0, "both copies have lost their keys");
    desk.step(&desk.agent, "caseSplitUndo", &split, json!({})).await;
    let history = desk.auditor.data(
        "query($id: ID!) { case(id: $id) { history { payload } attachments { state url } activity { nodes { text withheldText } } } }",
        json!({ "id": case_id }),
    );
    let history = history.await;
    assert!(!history.to_string().contains("4711"), "{history:#}");
    assert_eq!(history["case"]["attachments"][0]["url"], Value::Null);
    desk.app.assert_rebuild_equals_live().await;
}

#[tokio::test]
async fn a_follow_up_is_linked_to_the_case_that_is_over() {
    let desk = Desk::open().await;
    let closed = desk.case_in(Stage::Closed).await;
    assert_eq!(
        refusal(&desk.contact, "casePostMessage", with_case(&closed, json!({ "body": "Again." }))).await.0,
        "NEEDS_FOLLOW_UP"
    );
    let mut opening = desk.opening("Silent again");
    opening["followUpOf"] = closed.clone();
    let follow_up = open_case(&desk.contact, opening.clone()).await;
    let (old, new) = (shown(&desk.contact, &closed, true).await, shown(&desk.contact, &follow_up, true).await);
    assert_eq!((relations(&old), relations(&new)), (vec!["FOLLOWED_UP_BY"], vec!["FOLLOW_UP_OF"]));
    assert_eq!(old["status"], "CLOSED");

    opening["followUpOf"] = desk.new_case().await;
    assert_eq!(
        refusal(&desk.contact, "caseOpen", opening.clone()).await,
        ("NOT_IN_STATE".to_owned(), json!("followUpOf"))
    );
    let theirs = crate::graphql_desk::viewer(&desk.stranger).await["accounts"][0]["id"].clone();
    opening["accountId"] = theirs;
    opening["followUpOf"] = closed;
    assert_eq!(refusal(&desk.stranger, "caseOpen", opening).await, ("NOT_FOUND".to_owned(), json!("followUpOf")));
    desk.app.assert_rebuild_equals_live().await;
}

#[tokio::test]
async fn links_show_to_those_who_see_both_cases() {
    let desk = Desk::open().await;
    let ours = desk.new_case().await;
    let theirs = crate::graphql_desk::viewer(&desk.stranger).await["accounts"][0]["id"].clone();
    let mut opening = desk.opening("Elsewhere");
    opening["accountId"] = theirs;
    let other = open_case(&desk.stranger, opening).await;
    let version = desk.version(&desk.contact, &ours).await;
    desk.step(&desk.agent, "caseLink", &ours, json!({ "otherCaseId": other })).await;
    assert_eq!(relations(&shown(&desk.agent, &other, true).await), ["RELATED"]);
    assert_eq!(relations(&shown(&desk.auditor, &ours, true).await), ["RELATED"]);
    for (caller, case_id) in [(&desk.contact, &ours), (&desk.stranger, &other)] {
        let seen = shown(caller, case_id, true).await;
        assert_eq!((relations(&seen), seen["activity"]["nodes"].as_array().unwrap().len()), (vec![], 1));
    }
    assert_eq!(desk.version(&desk.contact, &ours).await, version, "nothing that they could know of");
    desk.step(&desk.agent, "caseUnlink", &other, json!({ "otherCaseId": ours })).await;
    assert_eq!(relations(&shown(&desk.agent, &ours, true).await), Vec::<&str>::new());
}

#[tokio::test]
async fn of_merges_both_ways_at_once_one_is_refused() {
    let desk = Desk::open().await;
    for _ in 0..5 {
        let (first, second) = (desk.new_case().await, desk.new_case().await);
        let document = harness::mutation_document("caseMerge", "userErrors { code }");
        let merge = |from: &Value, into: &Value| {
            let input = with_case(from, json!({ "intoCaseId": into }));
            desk.agent.data(&document, json!({ "input": input }))
        };
        let (there, back) = (merge(&first, &second), merge(&second, &first));
        let (there, back) = tokio::join!(there, back);
        let refused = [there, back].iter().filter(|answer| answer["caseMerge"]["userErrors"] != json!([])).count();
        assert_eq!(refused, 1);
    }
    desk.app.assert_rebuild_equals_live().await;
}

#[tokio::test]
async fn a_hold_on_a_merged_case_keeps_what_was_addressed_to_it() {
    let desk = Desk::open().await;
    let (case_id, survivor) = (desk.new_case().await, desk.new_case().await);
    desk.step(&desk.supervisor, "caseLegalHoldPlace", &case_id, json!({ "reason": "A court asks for it." })).await;
    desk.step(&desk.agent, "caseMerge", &case_id, json!({ "intoCaseId": survivor })).await;
    desk.step(&desk.contact, "casePostMessage", &case_id, json!({ "body": "Kept for the court." })).await;
    let message = shown(&desk.agent, &survivor, true).await["activity"]["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .find(|entry| entry["text"] == "Kept for the court.")
        .unwrap()["messageId"]
        .clone();
    desk.step(&desk.supervisor, "caseRedactMessage", &survivor, json!({ "messageId": message })).await;
    let withheld = "query($id: ID!) { case(id: $id) { activity(first: 100) { nodes { withheldText } } } }";
    let withheld = desk.auditor.data(withheld, json!({ "id": survivor })).await;
    assert!(withheld.to_string().contains("Kept for the court."), "{withheld:#}");
    let administrator = desk.app.staff(domain::Role::Administrator).await;
    let erase = json!({ "personId": desk.contact_id });
    assert_eq!(refusal(&administrator, "personErase", erase).await.0, "LEGAL_HOLD");
}

#[tokio::test]
async fn a_wait_that_was_answered_while_the_case_was_merged_does_not_come_back() {
    let desk = Desk::open().await;
    let (case_id, survivor) = (desk.case_in(Stage::Open).await, desk.new_case().await);
    desk.step(&desk.agent, "caseWaitStart", &case_id, json!({ "reason": "CUSTOMER" })).await;
    desk.step(&desk.agent, "caseMerge", &case_id, json!({ "intoCaseId": survivor })).await;
    let allowed = "query($id: ID!) { case(id: $id, followMerges: false) { allowedActions } }";
    let allowed = desk.contact.data(allowed, json!({ "id": case_id })).await["case"]["allowedActions"].take();
    assert_eq!(allowed, json!(["POST_MESSAGE", "ADD_ATTACHMENTS"]), "what the survivor takes");
    desk.step(&desk.contact, "casePostMessage", &case_id, json!({ "body": "The blue one." })).await;
    desk.step(&desk.agent, "caseMergeUndo", &case_id, json!({})).await;
    let case = desk.agent.data("query($id: ID!) { case(id: $id) { wait { reason } } }", json!({ "id": case_id })).await;
    assert_eq!(case["case"]["wait"], Value::Null);
}

#[tokio::test]
async fn a_split_that_is_merged_back_is_read_where_it_came_from_and_moves_again_with_the_undoing() {
    let desk = Desk::open().await;
    let case_id = desk.case_in(Stage::Open).await;
    let message = desk.message(&desk.contact, &case_id, "And the other line.").await;
    let input = with_case(&case_id, json!({ "messageIds": [message] }));
    let split = desk.agent.succeed("caseSplit", input, "case { id }").await["case"]["id"].take();
    let first = &shown(&desk.agent, &split, true).await["activity"]["nodes"][0];
    assert_eq!(
        (&first["about"]["id"], first["writtenAt"].is_null()),
        (&desk.contact_id, false),
        "whose words they are"
    );
    desk.step(&desk.agent, "caseMerge", &split, json!({ "intoCaseId": case_id })).await;
    assert_eq!(messages(&shown(&desk.contact, &split, true).await), ["And the other line."]);
    desk.step(&desk.agent, "caseMergeUndo", &split, json!({})).await;
    assert_eq!(messages(&shown(&desk.contact, &case_id, true).await), Vec::<&str>::new());
    assert_eq!(shown(&desk.contact, &split, true).await["description"], "And the other line.");
    desk.app.assert_rebuild_equals_live().await;
}
