//! How many SQL statements an operation takes.

use std::collections::{BTreeMap, BTreeSet};

use harness::TestCaller;
use serde_json::{Value, json};

use crate::{
    graphql_desk::{Desk, Stage, open_case, with_case},
    graphql_schema::operations,
    sql::{SETTINGS, Watched},
};

/// A row per operation, with the statements that it takes when all is well and its snapshot's document is asked. [`Watched`] says
/// which statements are no operation's own. Fewer is good news: write it down, so that it stays.
const TABLE: &str = include_str!("graphql_statements.txt");

fn table() -> BTreeMap<&'static str, usize> {
    let row = |line: &'static str| {
        let (operation, statements) = line.split_once(' ').expect("an operation and a number");
        (operation, statements.trim().parse().expect("a number of statements"))
    };
    TABLE.lines().skip(1).map(row).collect()
}

/// Sends the document of an operation, which takes as many statements as the table says, or one or two fewer where loads of it happened
/// to meet.
pub async fn counted(operation: &str, caller: &TestCaller, document: &str, variables: &Value) -> Value {
    counted_of(operation, caller.data(document, variables.clone())).await
}

/// The same of whatever else asks for it.
pub async fn counted_of(operation: &str, asking: impl Future<Output = Value>) -> Value {
    let (answer, statements) = Watched::begin().of(asking).await;
    let (found, expected) = (statements.len(), table().get(operation).copied());
    assert!(
        expected.is_some_and(|expected| (found..=found + 2).contains(&expected)),
        "{operation} takes {found} statements, and its row in the table says {expected:?}\n{}",
        statements.join("\n")
    );
    answer
}

/// What is in the table is counted wherever the operation's snapshot is taken.
#[tokio::test]
async fn every_operation_has_a_row_and_every_row_an_operation() {
    let operations: BTreeSet<String> = operations().await.into_iter().map(|(_, name)| name).collect();
    assert_eq!(table().into_keys().map(str::to_owned).collect::<BTreeSet<_>>(), operations);
}

/// What commands must know of accounts is read in one statement, and not at all by those that need none.
#[tokio::test]
async fn facts_are_one_statement_and_none_where_none_are_needed() {
    let desk = Desk::open().await;
    let location = desk.app.location(&desk.account_id, "1 Example Street").await;
    let mut opening = desk.opening("Silent line");
    opening["locationId"] = json!(location);
    opening["watchers"] = json!([{ "contact": desk.contact_id }]);
    let case_id = open_case(&desk.contact, opening.clone()).await;
    let input = with_case(&case_id, json!({}));
    let watched = Watched::begin();
    let with = |field: &str, value: Value| {
        let mut input = input.clone();
        input[field] = value;
        input
    };
    for (mutation, input, expected) in [
        ("caseOpen", opening, 1),
        ("caseWatcherAdd", with("watcher", json!({ "email": "someone@acme.example" })), 1),
        ("caseWatcherRemove", with("watcher", json!({ "email": "someone@acme.example" })), 0),
        ("casePostMessage", with("body", json!("Words.")), 0),
    ] {
        let (_, statements) = watched.of(desk.contact.succeed(mutation, input, "case { id }")).await;
        assert!(!statements.is_empty(), "statements are seen at all");
        assert_eq!(statements.iter().filter(|sql| sql.contains("as is_gone")).count(), expected, "{mutation}");
    }
}

/// What a case may name of the settings, and what they call it, is known without asking the database.
#[tokio::test]
async fn commands_and_lists_know_the_settings_without_asking() {
    let desk = Desk::open().await;
    let watched = Watched::begin();
    let ((), statements) = watched.all_of(work_with_settings(&desk)).await;
    let asked = statements.iter().filter(|sql| sql.contains(SETTINGS)).count();
    assert!(asked < 10, "{asked} for 30 commands: now and then one, where this test was held up for a second");
    let mut opening = desk.opening("Words");
    opening["type"] = json!("no-such-type");
    let (_, refused) = watched.all_of(desk.contact.refusal("caseOpen", opening)).await;
    assert!(refused.iter().any(|sql| sql.contains(SETTINGS)), "before a refusal, the log is asked");
}

async fn work_with_settings(desk: &Desk) {
    for _ in 0..10 {
        let case_id = desk.case_in(Stage::Resolved).await;
        desk.step(&desk.agent, "casePostMessage", &case_id, json!({ "body": "Words." })).await;
        let document = "{ cases(first: 5) { nodes { typeName categoryName queueName } } catalogue { version } }";
        desk.agent.data(document, json!({})).await;
    }
}

#[tokio::test]
async fn a_long_history_takes_as_many_statements_as_a_short_one() {
    let desk = Desk::open().await;
    let case_id = desk.case_in(Stage::Open).await;
    let document = "query($id: ID!) { case(id: $id) {
        number description account { name } owner { name } contact { name } resolution { text } watchers { email } allowedActions
        activity(first: 50) { nodes { kind actor { name } text about { name } } }
    } }";
    let watched = Watched::begin();
    let read = async || watched.of(desk.contact.data(document, json!({ "id": case_id }))).await.1.len();
    let short = read().await;
    for number in 0..15 {
        desk.step(&desk.agent, "casePostMessage", &case_id, json!({ "body": format!("Words {number}.") })).await;
    }
    assert!(short > 0, "statements are seen at all");
    assert_eq!(read().await, short);
}
