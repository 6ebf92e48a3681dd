//! What a request leaves in the log.

use std::io;
use std::sync::{Arc, Mutex, OnceLock};

use reqwest::Client;
use serde_json::{Value, json};
use tracing::level_filters::LevelFilter;
use tracing_subscriber::fmt::MakeWriter;

use crate::support::TestServer;

/// A log that the test can read.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn lines(&self) -> Vec<Value> {
        let bytes = self.0.lock().expect("no writer panicked").clone();
        let text = String::from_utf8(bytes).expect("the log is UTF-8");
        text.lines().map(|line| serde_json::from_str(line).expect("each line is JSON")).collect()
    }
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

/// The log of the whole test process: a subscriber of one thread alone would race with the others for what is recorded
/// at all. Lines are told apart by their request.
fn log() -> Log {
    static LOG: OnceLock<Log> = OnceLock::new();
    let start = || {
        let log = Log::default();
        let subscriber = tracing_subscriber::fmt().json().with_max_level(LevelFilter::INFO).with_writer(log.clone());
        tracing::subscriber::set_global_default(subscriber.finish()).expect("nobody else sets it in this process");
        log
    };
    LOG.get_or_init(start).clone()
}

#[tokio::test]
async fn a_request_is_logged_once_and_a_panic_once_with_the_id_that_the_client_got() {
    let log = log();
    let server = TestServer::with_defaults().await;
    let request = Client::new().post(server.url()).json(&json!({ "query": "{panics caller}", "variables": {} }));
    let response = request.bearer_auth("a-secret-token").send().await.expect("answered");
    let request_id = response.headers()["x-request-id"].to_str().expect("ASCII").to_owned();
    let answer: Value = response.json().await.expect("JSON");
    let error_id = &answer["errors"][0]["extensions"]["errorId"];

    let of_request = |line: &Value| line["span"]["request_id"] == json!(request_id);
    let lines: Vec<Value> = log.lines().into_iter().filter(of_request).collect();
    let failures: Vec<&Value> = lines.iter().filter(|line| line["level"] == "ERROR").collect();
    assert_eq!(failures.len(), 1, "{lines:?}");
    assert_eq!(&failures[0]["fields"]["error_id"], error_id);
    let text = failures[0]["fields"]["error"].as_str().expect("it has a text");
    assert!(text.contains("the secret of the resolver"), "{text}");

    let answered: Vec<&Value> = lines.iter().filter(|line| line["fields"]["message"] == "request answered").collect();
    assert_eq!(answered.len(), 1, "{lines:?}");
    let span = &answered[0]["span"];
    assert_eq!(
        (&span["http.method"], &span["http.route"], &span["http.status"]),
        (&json!("POST"), &json!("/graphql"), &json!(500))
    );
    assert!(span["duration_ms"].as_f64().is_some_and(|ms| ms > 0.0));
    let everything = format!("{lines:?}");
    assert!(!everything.contains("a-secret-token") && !everything.contains("caller"), "{everything}");
}
