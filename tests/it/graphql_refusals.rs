//! What is refused, and in which words: a code for programs, a sentence for people that says what to do.

use chrono::TimeDelta;
use domain::{AccountId, CaseId, LocationId, MessageId, PersonId};
use harness::TestCaller;
use serde_json::{Value, json};

use crate::{
    graphql_desk::{Desk, Stage, resolution, with_case},
    graphql_roles::some_id,
};

/// Checks code and field of a refusal; answers its words.
async fn refused(caller: &TestCaller, mutation: &str, input: Value, code: &str, field: Option<&str>) -> String {
    let refusal = caller.refusal(mutation, input).await;
    assert_eq!((&refusal["code"], &refusal["field"]), (&json!(code), &json!(field)), "{mutation}: {refusal}");
    refusal["message"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn an_illegal_transition_names_the_state_and_what_is_allowed() {
    let desk = Desk::open().await;
    let case_id = desk.case_in(Stage::Closed).await;
    let words = refused(&desk.agent, "caseResolve", with_case(&case_id, resolution()), "NOT_IN_STATE", None).await;
    assert!(words.contains("the case is Closed") && words.contains("add"), "{words}");
    let words = refused(
        &desk.contact,
        "caseCancel",
        with_case(&case_id, json!({ "reason": "DUPLICATE" })),
        "NOT_IN_STATE",
        None,
    )
    .await;
    assert!(words.contains("rate") && !words.contains("note"), "only what this caller may do: {words}");
    let message = with_case(&case_id, json!({ "body": "Still there?" }));
    let words = refused(&desk.contact, "casePostMessage", message, "NEEDS_FOLLOW_UP", None).await;
    assert!(words.contains("follow-up"), "{words}");
    let open = desk.case_in(Stage::Open).await;
    refused(&desk.agent, "caseReopenUndo", with_case(&open, json!({})), "NOT_IN_STATE", None).await;
    let words = refused(&desk.contact, "caseTakeUp", with_case(&open, json!({})), "NOT_PERMITTED", None).await;
    assert!(words.contains("as contact you may not"), "{words}");
}

#[tokio::test]
async fn a_malformed_id_is_refused_by_its_field() {
    let desk = Desk::open().await;
    for id in ["", "CS-000001", "not base64!", desk.account_id.as_str().unwrap()] {
        let words = refused(&desk.agent, "caseTakeUp", json!({ "caseId": id }), "INVALID_INPUT", Some("caseId")).await;
        assert!(words.contains("no id of a case"), "{words}");
    }
    let document = "query($id: ID!) { case(id: $id) { id } }";
    assert_eq!(desk.agent.error_code(document, json!({ "id": "CS-000001" })).await, "BAD_USER_INPUT");
    let case_id = desk.case_in(Stage::Open).await;
    for (mutation, field) in [
        ("caseAssign", "ownerId"),
        ("caseSetContact", "contactId"),
        ("caseSetLocation", "locationId"),
        ("caseRedactMessage", "messageId"),
    ] {
        let mut input = with_case(&case_id, json!({}));
        input[field] = case_id.clone();
        refused(&desk.supervisor, mutation, input, "INVALID_INPUT", Some(field)).await;
    }
    let input = with_case(&case_id, json!({ "messageId": some_id::<MessageId>() }));
    refused(&desk.supervisor, "caseRedactMessage", input, "NO_SUCH_MESSAGE", Some("messageId")).await;
    let words = refused(&desk.agent, "caseTakeUp", json!({ "caseId": some_id::<CaseId>() }), "NOT_FOUND", None).await;
    assert_eq!(words, "there is no such case");
}

#[tokio::test]
async fn a_text_that_is_too_long_is_refused_with_its_length_and_the_limit() {
    let desk = Desk::open().await;
    let case_id = desk.case_in(Stage::Open).await;
    for (mutation, field, limit_chars) in
        [("casePostMessage", "body", 32_000), ("caseAddNote", "body", 32_000), ("caseSetSubject", "subject", 255)]
    {
        let input = |chars: usize| {
            let mut input = with_case(&case_id, json!({}));
            input[field] = json!("ä".repeat(chars));
            input
        };
        let words = refused(&desk.agent, mutation, input(limit_chars + 1), "INVALID_INPUT", Some(field)).await;
        let expected = format!("has {} characters, over the limit of {limit_chars}", limit_chars + 1);
        assert!(words.contains(&expected), "{words}");
        desk.agent.succeed(mutation, input(limit_chars), "caseId").await;
    }
    for text in ["", " \n", "null\u{0}byte"] {
        let input = with_case(&case_id, json!({ "body": text }));
        refused(&desk.agent, "casePostMessage", input, "INVALID_INPUT", Some("body")).await;
    }
}

#[tokio::test]
async fn an_opening_that_breaks_a_rule_is_refused_by_its_field_and_makes_nothing() {
    let desk = Desk::open().await;
    let opening = |field: &str, value: Value| {
        let mut opening = desk.opening("Silent line");
        opening[field] = value;
        opening
    };
    for (field, value) in [
        ("accountId", some_id::<AccountId>()),
        ("type", json!("No such Type!")),
        ("category", json!("")),
        ("description", json!("  ")),
        ("subject", json!("s".repeat(256))),
        ("contactId", some_id::<PersonId>()),
        ("priority", json!("HIGH")),
        ("queue", json!("network")),
    ] {
        refused(&desk.contact, "caseOpen", opening(field, value), "INVALID_INPUT", Some(field)).await;
    }
    refused(&desk.agent, "caseOpen", desk.opening("No contact"), "INVALID_INPUT", Some("contactId")).await;
    let mut both = opening("locationNotListed", json!(true));
    both["locationId"] = some_id::<LocationId>();
    refused(&desk.contact, "caseOpen", both, "INVALID_INPUT", Some("locationId")).await;
    refused(
        &desk.contact,
        "caseOpen",
        opening("watchers", json!([{ "email": "nobody" }])),
        "INVALID_INPUT",
        Some("watcher"),
    )
    .await;

    let watchers: Vec<_> = (0..21).map(|number| json!({ "email": format!("watcher{number}@acme.example") })).collect();
    let selection = "case { id } caseId userErrors { code message }";
    let payload = desk.contact.mutate("caseOpen", opening("watchers", json!(watchers)), selection).await;
    assert_eq!(payload["userErrors"][0]["code"], "LIMIT_REACHED");
    assert_eq!((&payload["case"], &payload["caseId"]), (&Value::Null, &Value::Null), "there is no case");
    let count = desk.agent.data("{ cases { totalCount } }", json!({})).await;
    assert_eq!(count["cases"]["totalCount"], 0);
}

#[tokio::test]
async fn what_comes_too_late_or_twice_is_refused() {
    let desk = Desk::open().await;
    let case_id = desk.case_in(Stage::Resolved).await;
    desk.step(&desk.agent, "caseReopen", &case_id, json!({ "reason": "It was another case." })).await;
    desk.app.clock.advance(TimeDelta::hours(25));
    refused(&desk.agent, "caseReopenUndo", with_case(&case_id, json!({})), "TOO_LATE", None).await;

    desk.step(&desk.agent, "caseResolve", &case_id, resolution()).await;
    let rating = |score: i32| with_case(&case_id, json!({ "score": score }));
    for score in [0, 6, -1, 300] {
        refused(&desk.contact, "caseRate", rating(score), "INVALID_INPUT", Some("score")).await;
    }
    desk.step(&desk.contact, "caseRate", &case_id, json!({ "score": 4 })).await;
    refused(&desk.contact, "caseRate", rating(5), "ALREADY_DONE", None).await;
}

#[tokio::test]
async fn values_that_do_not_fit_each_other_are_refused_by_their_field() {
    let desk = Desk::open().await;
    let case_id = desk.case_in(Stage::Open).await;
    for (mutation, input, field) in [
        ("caseCancel", json!({ "reason": "OTHER" }), "comment"),
        ("caseCancel", json!({ "reason": "OTHER", "comment": " " }), "comment"),
        ("caseWaitStart", json!({ "reason": "VENDOR", "until": "2020-01-01T00:00:00Z" }), "until"),
        ("caseResolve", json!({ "code": "magic", "resolution": "Words." }), "code"),
        ("caseMoveToQueue", json!({ "queue": "No Queue!" }), "queue"),
        ("caseReclassify", json!({ "type": "billing", "category": "ü" }), "category"),
        ("caseWatcherAdd", json!({ "watcher": { "email": "nobody" } }), "watcher"),
    ] {
        refused(&desk.agent, mutation, with_case(&case_id, input), "INVALID_INPUT", Some(field)).await;
    }
    let message = |key: &str| with_case(&case_id, json!({ "body": "Words.", "idempotencyKey": key }));
    for key in ["", "a\u{0}b", &"k".repeat(201)] {
        refused(&desk.agent, "casePostMessage", message(key), "INVALID_INPUT", Some("idempotencyKey")).await;
    }
    let watcher = |number: usize| json!({ "watcher": { "email": format!("watcher{number}@acme.example") } });
    for number in 0..20 {
        desk.agent.succeed("caseWatcherAdd", with_case(&case_id, watcher(number)), "caseId").await;
    }
    let words = refused(&desk.agent, "caseWatcherAdd", with_case(&case_id, watcher(20)), "LIMIT_REACHED", None).await;
    assert!(words.contains("at most 20"), "{words}");
}

#[tokio::test]
async fn a_query_that_makes_no_sense_is_refused_by_its_argument() {
    let desk = Desk::open().await;
    let too_many = format!("{{ nodes(ids: [{}]) {{ id }} }}", "\"x\" ".repeat(101));
    let long_text = format!("{{ search(text: \"{}\") {{ nodes {{ id }} }} }}", "x".repeat(201));
    for document in [
        "{ case { id } }",
        "{ case(number: \"CS-1\", externalReference: \"INC1\") { id } }",
        "{ case(number: \"12\") { id } }",
        "{ cases(first: 0) { nodes { id } } }",
        "{ cases(first: 101) { nodes { id } } }",
        "{ cases(last: -1) { nodes { id } } }",
        "{ cases(first: 1, last: 1) { nodes { id } } }",
        "{ cases(first: 1, before: \"x\") { nodes { id } } }",
        "{ cases(last: 1, after: \"x\") { nodes { id } } }",
        "{ cases(filter: { types: [\"No Slug!\"] }) { nodes { id } } }",
        "{ cases(filter: { accountIds: [\"x\"] }) { nodes { id } } }",
        &too_many,
        &long_text,
    ] {
        assert_eq!(desk.agent.error_code(document, json!({})).await, "BAD_USER_INPUT", "{document}");
    }
    for page in ["first: 0", "first: 101"] {
        let document = format!("{{ events({page}) {{ position }} }}");
        assert_eq!(desk.auditor.error_code(&document, json!({})).await, "BAD_USER_INPUT", "{document}");
    }
    let bad_document = "{ cases { nodes { no_such_field } } }";
    assert_eq!(desk.agent.error_code(bad_document, json!({})).await, "GRAPHQL_VALIDATION_FAILED");
    assert_eq!(desk.agent.error_code("{ cases {", json!({})).await, "GRAPHQL_PARSE_FAILED");
}

#[tokio::test]
async fn what_would_cost_too_much_is_refused_by_the_name_of_its_limit() {
    let desk = Desk::open().await;
    let bomb = (0..24)
        .fold("query { viewer { person { ...F0 } } } fragment F24 on Person { name }".to_owned(), |bomb, level| {
            format!("{bomb} fragment F{level} on Person {{ ...F{0} ...F{0} }}", level + 1)
        });
    let aliases: Vec<_> = (0..100).map(|number| format!("a{number}: viewer {{ roles }}")).collect();
    let aliases = aliases.join(" ");
    let deep = format!("{{ {} x {} }}", "a { ".repeat(13), "}".repeat(13));
    let wide: String = "viewer { roles } ".repeat(21);
    let costly = "{ cases(first: 100) { nodes { activity(first: 100) { nodes { kind } } } } }";
    let long = format!("# {}\n{{ viewer {{ roles }} }}", "x".repeat(33_000));
    for (document, code) in [
        (bomb.as_str(), "COST_LIMIT_EXCEEDED"),
        (&format!("{{ {aliases} }}"), "ALIAS_LIMIT_EXCEEDED"),
        (&deep, "DEPTH_LIMIT_EXCEEDED"),
        (&format!("{{ {wide} }}"), "ROOT_FIELD_LIMIT_EXCEEDED"),
        (costly, "COST_LIMIT_EXCEEDED"),
        (&long, "DOCUMENT_TOO_LARGE"),
        ("{ ...F } fragment F on Query { ...F }", "FRAGMENT_CYCLE"),
    ] {
        assert_eq!(desk.agent.error_code(document, json!({})).await, code);
    }
    let body = json!({ "body": "x".repeat(20 << 20) });
    assert_eq!(desk.agent.error_code("{ viewer { roles } }", body).await, "BODY_TOO_LARGE");
}
