//! The operations port.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use api::http::{Limits, ReadinessCheck, SecurityOptions, ServerLimits, operations_router};
use api::settings::Mode;
use futures_util::FutureExt as _;
use reqwest::Client;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::support::TestServer;

#[tokio::test]
async fn an_operator_sees_life_readiness_and_metrics() {
    let metrics = api::telemetry::start_metrics().expect("no other test installs a recorder");
    let well = Arc::new(AtomicBool::new(true));
    let checks = vec![check("database", Arc::clone(&well)), check("projections", Arc::new(AtomicBool::new(true)))];
    let security = SecurityOptions {
        mode: Mode::Development,
        origin: "http://127.0.0.1".to_owned(),
        proxies: api::http::TrustedProxies::default(),
        rates: api::http::RequestRates::UNREACHED,
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback has a free port");
    let base = format!("http://{}", listener.local_addr().expect("it is bound"));
    let router = operations_router(checks, metrics, security);
    let never = std::future::pending();
    let serving = tokio::spawn(api::http::serve(listener, router, ServerLimits::default(), never));

    assert_eq!(get(&base, "/healthz").await.0, 200);
    assert_eq!(get(&base, "/readyz").await, (200, json!({ "ready": true, "failed": [] }).to_string()));
    well.store(false, Ordering::SeqCst);
    let (status, answer) = get(&base, "/readyz").await;
    let answer: Value = serde_json::from_str(&answer).expect("JSON");
    assert_eq!((status, &answer["failed"]), (503, &json!([{ "name": "database", "reason": "it is down" }])));
    assert_eq!(get(&base, "/healthz").await.0, 200, "a process that isn't ready lives");

    let server = TestServer::start(Limits::default(), ServerLimits::default(), Mode::Development).await;
    Client::new().post(server.url()).json(&json!({ "query": "{hello}" })).send().await.expect("answered");
    let (_, text) = get(&base, "/metrics").await;
    for expected in [
        r#"http_requests_total{method="POST",route="/graphql",status="200"}"#,
        r#"http_request_duration_seconds_bucket{method="POST",route="/graphql",le="0.0005"}"#,
        "http_connections_open",
    ] {
        assert!(text.contains(expected), "{expected} in\n{text}");
    }
    serving.abort();
}

fn check(name: &'static str, well: Arc<AtomicBool>) -> ReadinessCheck {
    let check = move || {
        let well = well.load(Ordering::SeqCst);
        async move { if well { Ok(()) } else { Err("it is down".to_owned()) } }.boxed()
    };
    ReadinessCheck { name, check: Arc::new(check) }
}

async fn get(base: &str, path: &str) -> (u16, String) {
    let response = reqwest::get(format!("{base}{path}")).await.expect("answered");
    (response.status().as_u16(), response.text().await.expect("text"))
}
