//! How many SQL statements a request takes: a number that does not grow with the page.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use harness::TestCaller;
use serde_json::{Value, json};
use tracing::{Event, Subscriber, subscriber::set_default};
use tracing_subscriber::{
    Layer, filter,
    layer::{Context, SubscriberExt as _},
    registry,
};

use crate::graphql_desk::{Desk, Stage};

/// Counts the statements that sqlx reports from this thread, on which everything of a test runs.
struct Statements(Arc<AtomicUsize>);

impl<S: Subscriber> Layer<S> for Statements {
    fn on_event(&self, _: &Event<'_>, _: Context<'_, S>) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

/// The fewest statements of several tries: what runs in the background comes and goes, the request's own stay.
async fn statements_of(caller: &TestCaller, document: &str, variables: &Value) -> usize {
    const TRIES: usize = 5;
    let mut fewest = usize::MAX;
    for _ in 0..TRIES {
        let count = Arc::new(AtomicUsize::new(0));
        let layer = Statements(Arc::clone(&count)).with_filter(filter::filter_fn(|of| of.target() == "sqlx::query"));
        let guard = set_default(registry().with(layer));
        caller.data(document, variables.clone()).await;
        drop(guard);
        fewest = fewest.min(count.load(Ordering::SeqCst));
    }
    fewest
}

#[tokio::test]
async fn a_list_takes_as_many_statements_for_many_cases_as_for_one() {
    let desk = Desk::open().await;
    for _ in 0..15 {
        desk.case_in(Stage::Open).await;
    }
    let document = "query($first: Int!) { cases(first: $first) {
        totalCount
        nodes { number account { name } location { name } product { name } owner { name } contact { name } description reopenCount }
    } }";
    for caller in [&desk.agent, &desk.contact] {
        let one = statements_of(caller, document, &json!({ "first": 1 })).await;
        let many = statements_of(caller, document, &json!({ "first": 15 })).await;
        assert!(one > 0, "statements are counted at all");
        assert_eq!(one, many);
        assert!(many <= 10, "{many} statements for a token, a page, its details and a count");
    }
}

#[tokio::test]
async fn a_case_takes_as_many_statements_with_a_long_history_as_with_a_short_one() {
    let desk = Desk::open().await;
    let case_id = desk.case_in(Stage::Open).await;
    let document = "query($id: ID!) { case(id: $id) {
        number description account { name } owner { name } contact { name } resolution { text } watchers { email }
        activity(first: 50) { nodes { kind actor { name } text about { name } } }
    } }";
    let variables = json!({ "id": case_id });
    let short = statements_of(&desk.contact, document, &variables).await;
    for number in 0..15 {
        desk.step(&desk.agent, "casePostMessage", &case_id, json!({ "body": format!("Words {number}.") })).await;
    }
    assert!(short > 0, "statements are counted at all");
    assert_eq!(statements_of(&desk.contact, document, &variables).await, short);
}
