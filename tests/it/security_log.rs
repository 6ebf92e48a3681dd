//! What whoever looks for attacks finds in the log: who asked for what was not theirs, and in which request.

use std::{
    io,
    sync::{Arc, Mutex},
};

use api::graphql::GlobalId as _;
use async_graphql::ID;
use domain::PersonId;
use harness::mutation_document;
use serde_json::{Value, json};
use tracing_subscriber::{filter::LevelFilter, fmt::MakeWriter, layer::SubscriberExt as _};

use crate::graphql_desk::Desk;

/// What is logged, a JSON object a line.
#[derive(Clone, Default)]
pub struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    /// What this test logs from now on, until the guard is dropped.
    pub fn watched() -> (Self, Watching) {
        let log = Self::default();
        let lines = tracing_subscriber::fmt::layer().json().flatten_event(true).with_writer(log.clone());
        let subscriber = tracing_subscriber::registry().with(lines).with(LevelFilter::INFO);
        // A second dispatcher: see `Watched`.
        let second = tracing::Dispatch::new(tracing_subscriber::registry());
        (log, Watching { _ours: tracing::subscriber::set_default(subscriber), _second: second })
    }

    /// What was written since the last time.
    pub fn take(&self) -> Vec<Value> {
        let bytes = std::mem::take(&mut *self.0.lock().expect("no writer panicked"));
        let text = String::from_utf8(bytes).expect("the log is UTF-8");
        text.lines().map(|line| serde_json::from_str(line).expect("each line is JSON")).collect()
    }
}

/// What is logged goes there for as long as this is kept.
pub struct Watching {
    _ours: tracing::subscriber::DefaultGuard,
    _second: tracing::Dispatch,
}

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("no writer panicked").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Log {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

/// The request that a line is of.
fn request(line: &Value) -> &Value {
    let spans = line["spans"].as_array().expect("lines have their spans");
    spans.iter().find(|span| span["name"] == "request").expect("a request's")
}

#[tokio::test]
async fn what_is_refused_is_logged_with_who_asked_and_in_which_request() {
    let (log, _guard) = Log::watched();

    let desk = Desk::open().await;
    let case_id = desk.new_case().await;
    let id = ID(desk.contact_id.as_str().expect("an id").to_owned());
    let contact = PersonId::from_global(&id).expect("a person's id");
    let take_up = mutation_document("caseTakeUp", "userErrors { code }");
    let by_queue = r#"{ cases(filter: { queues: ["network"] }) { totalCount } }"#;
    let attempts = [
        (
            desk.contact.clone(),
            take_up.as_str(),
            json!({ "input": { "caseId": case_id } }),
            "a command was refused",
            "NotPermitted",
        ),
        (desk.contact.clone(), by_queue, json!({}), "a field was refused", "FORBIDDEN"),
        (desk.app.bearer("cst_made-up"), "{ viewer { roles } }", json!({}), "request refused", "UNAUTHENTICATED"),
        (desk.contact.clone(), "{ a b c d e f", json!({}), "request refused", "GRAPHQL_PARSE_FAILED"),
    ];
    for (caller, document, variables, message, code) in attempts {
        log.take();
        let response = caller.request(document, &variables).send().await.expect("the service answers");
        let request_id = response.headers()["x-request-id"].to_str().expect("ASCII").to_owned();
        drop(response.bytes().await);
        let lines = log.take();
        let found: Vec<_> = lines.iter().filter(|line| line["message"] == message).collect();
        assert_eq!(found.len(), 1, "{document}: {lines:#?}");
        assert_eq!((&found[0]["level"], &found[0]["code"]), (&json!("INFO"), &json!(code)), "{document}");
        assert!(found[0]["timestamp"].is_string());
        let request = request(found[0]);
        assert_eq!((&request["request_id"], &request["http.route"]), (&json!(request_id), &json!("/graphql")));
        if code == "NotPermitted" || code == "FORBIDDEN" {
            assert_eq!(request["person"], json!(contact.to_string()), "{document}");
        }
    }
}
