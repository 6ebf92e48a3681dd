//! How many SQL statements a request takes: a number that does not grow with the page.

use std::{
    fmt::{self, Write as _},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use harness::TestCaller;
use serde_json::{Value, json};
use tracing::{
    Dispatch, Event, Subscriber,
    field::{Field, Visit},
    subscriber::set_default,
};
use tracing_subscriber::{
    Layer, filter,
    layer::{Context, SubscriberExt as _},
    registry,
};

use crate::graphql_desk::{Desk, Stage, open_case, with_case};

/// Counts what sqlx reports of statements that read the read models; how many transactions they are in depends on how
/// closely they follow each other. Everything of the test runs on its one thread, and nothing in the background touches
/// the read models while no events come. Those that read the settings are counted by themselves.
struct Statements {
    of_read_models: Arc<AtomicUsize>,
    of_settings: Arc<AtomicUsize>,
}

impl<S: Subscriber> Layer<S> for Statements {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let mut text = Text(String::new());
        event.record(&mut text);
        let tables = ["case_", "accounts", "locations", "products", "contact_access"];
        if tables.iter().any(|table| text.0.contains(&format!("from {table}"))) {
            self.of_read_models.fetch_add(1, Ordering::SeqCst);
        }
        if text.0.contains("where aggregate_type = $1)") {
            self.of_settings.fetch_add(1, Ordering::SeqCst);
        }
    }
}

/// Counts statements that read facts for commands.
struct Facts(Arc<AtomicUsize>);

impl<S: Subscriber> Layer<S> for Facts {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let mut text = Text(String::new());
        event.record(&mut text);
        if text.0.contains("as is_gone") {
            self.0.fetch_add(1, Ordering::SeqCst);
        }
    }
}

/// The fields of an event, one after the other.
struct Text(String);

impl Visit for Text {
    fn record_debug(&mut self, _: &Field, value: &dyn fmt::Debug) {
        let _ = write!(self.0, " {value:?}");
    }
}

/// Runs a document; answers how many statements on the read models it took.
async fn statements_of(count: &AtomicUsize, caller: &TestCaller, document: &str, variables: &Value) -> usize {
    let before = count.load(Ordering::SeqCst);
    caller.data(document, variables.clone()).await;
    count.load(Ordering::SeqCst) - before
}

#[tokio::test]
async fn pages_of_any_size_take_the_same_statements() {
    let (count, settings) = (Arc::<AtomicUsize>::default(), Arc::<AtomicUsize>::default());
    let layer = Statements { of_read_models: Arc::clone(&count), of_settings: Arc::clone(&settings) }
        .with_filter(filter::filter_fn(|of| !of.is_event() || of.target() == "sqlx::query"));
    // With a single dispatcher tracing asks whichever thread meets a call site first, and another test's thread says no for all;
    // with two it asks them both.
    let _second = Dispatch::new(registry());
    let _guard = set_default(registry().with(layer));
    let desk = Desk::open().await;
    check_lists(&desk, &count).await;
    check_directory(&desk, &count).await;
    check_long_histories(&desk, &count).await;
    check_settings(&desk, &settings).await;
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
    let count = Arc::<AtomicUsize>::default();
    let layer =
        Facts(Arc::clone(&count)).with_filter(filter::filter_fn(|of| !of.is_event() || of.target() == "sqlx::query"));
    let _second = Dispatch::new(registry());
    let _guard = set_default(registry().with(layer));
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
        let before = count.load(Ordering::SeqCst);
        desk.contact.succeed(mutation, input, "case { id }").await;
        assert_eq!(count.load(Ordering::SeqCst) - before, expected, "{mutation}");
    }
}

async fn check_lists(desk: &Desk, count: &AtomicUsize) {
    for _ in 0..15 {
        desk.case_in(Stage::Open).await;
    }
    let document = "query($first: Int!) { cases(first: $first) {
        totalCount
        nodes { number account { name } location { name } product { name } owner { name } contact { name } description reopenCount }
    } }";
    for caller in [&desk.agent, &desk.contact] {
        let one = statements_of(count, caller, document, &json!({ "first": 1 })).await;
        let many = statements_of(count, caller, document, &json!({ "first": 15 })).await;
        assert!(one > 0, "statements are counted at all");
        assert_eq!(one, many);
    }
}

async fn check_directory(desk: &Desk, count: &AtomicUsize) {
    // Each thing is loaded at one depth: things of one kind at several depths are loaded when each is come to.
    let of_cases = "query($first: Int!) { cases(first: $first) { nodes {
        account { address locations(first: 2) { nodes { name products(first: 2) { nodes { name } } } } }
        location { address } product { isRemoved }
    } } }";
    let of_accounts = "query($first: Int!) { accounts(first: $first) { nodes {
        address products(first: 2) { nodes { name } } contacts { nodes { role } }
    } } }";
    let mut opening = desk.opening("Silent line");
    for number in 1..=10 {
        opening["locationId"] = json!(desk.app.location(&desk.account_id, &format!("{number} Example Street")).await);
        opening["productId"] = json!(desk.app.product(&desk.account_id, "SmartVoice").await);
        open_case(&desk.contact, opening.clone()).await;
    }
    for (document, caller) in [(of_cases, &desk.agent), (of_cases, &desk.contact), (of_accounts, &desk.agent)] {
        let one = statements_of(count, caller, document, &json!({ "first": 1 })).await;
        let many = statements_of(count, caller, document, &json!({ "first": 10 })).await;
        assert!(one > 2, "statements are counted at all");
        assert_eq!(one, many, "{document}");
    }
}

/// What a case may name of the settings, and what they call it, is known without asking the database.
async fn check_settings(desk: &Desk, count: &AtomicUsize) {
    count.store(0, Ordering::SeqCst);
    for _ in 0..10 {
        let case_id = desk.case_in(Stage::Resolved).await;
        desk.step(&desk.agent, "casePostMessage", &case_id, json!({ "body": "Words." })).await;
        let document = "{ cases(first: 5) { nodes { typeName categoryName queueName } } catalogue { version } }";
        desk.agent.data(document, json!({})).await;
    }
    let asked = count.load(Ordering::SeqCst);
    assert!(asked < 10, "{asked} for 30 commands: now and then one, where this test was held up for a second");
    let mut opening = desk.opening("Words");
    opening["type"] = json!("no-such-type");
    desk.contact.refusal("caseOpen", opening).await;
    assert!(count.load(Ordering::SeqCst) > asked, "statements are counted at all: before a refusal, the log is asked");
}

async fn check_long_histories(desk: &Desk, count: &AtomicUsize) {
    let case_id = desk.case_in(Stage::Open).await;
    let document = "query($id: ID!) { case(id: $id) {
        number description account { name } owner { name } contact { name } resolution { text } watchers { email }
        activity(first: 50) { nodes { kind actor { name } text about { name } } }
    } }";
    let variables = json!({ "id": case_id });
    let short = statements_of(count, &desk.contact, document, &variables).await;
    for number in 0..15 {
        desk.step(&desk.agent, "casePostMessage", &case_id, json!({ "body": format!("Words {number}.") })).await;
    }
    assert!(short > 0, "statements are counted at all");
    assert_eq!(statements_of(count, &desk.contact, document, &variables).await, short);
}
