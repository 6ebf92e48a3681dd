//! Every answer has the security headers, whatever it is: one of each status, and what the server says by itself.

use std::time::Duration;

use api::http::{Limits, ServerLimits};
use api::settings::Mode;
use reqwest::{
    Client, Method, RequestBuilder,
    header::{HeaderMap, HeaderName, LOCATION},
};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::support::TestServer;

const EXPECTED: [(&str, &str); 10] = [
    ("content-security-policy", "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "no-referrer"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("cross-origin-embedder-policy", "require-corp"),
    ("cache-control", "no-store"),
    ("strict-transport-security", "max-age=63072000; includeSubDomains"),
];

fn check(headers: &HeaderMap, what: &str) {
    for (name, value) in EXPECTED {
        let sent: Vec<_> = headers.get_all(name).iter().collect();
        assert_eq!(sent, [value], "{name} of {what}");
    }
    // No other origin may read along, and nobody is sent elsewhere.
    let is_else = |name: &&HeaderName| name.as_str().starts_with("access-control-") || *name == LOCATION;
    assert_eq!(headers.keys().find(is_else), None, "{what}");
}

#[tokio::test]
async fn every_kind_of_answer_has_them() {
    let limits = Limits { execution: Duration::from_millis(300), ..Limits::default() };
    let server = TestServer::start(limits, ServerLimits::default(), Mode::Production).await;
    let (client, url) = (Client::new(), server.url());
    let post = |body: &str| client.post(&url).header("content-type", "application/json").body(body.to_owned());
    let query = |document: &str| post(&format!(r#"{{"query":"{document}"}}"#));
    let graphql = |request: RequestBuilder| request.header("accept", "application/graphql-response+json");
    let cases: Vec<(u16, &str, RequestBuilder)> = vec![
        (200, "an answer", query("{hello}")),
        (200, "a GET", client.get(format!("{url}?query={{hello}}"))),
        (200, "a HEAD", client.head(format!("{url}?query={{hello}}"))),
        (200, "an error of a resolver", query("{fails}")),
        (200, "a refusal of a resolver", query("{refuses}")),
        (400, "a syntax error", graphql(query("{"))),
        (400, "an invalid document", graphql(query("{nothing}"))),
        (400, "no JSON", post("{")),
        (401, "a bad token", query("{hello}").header("authorization", "Bearer bad")),
        (
            403,
            "a cookie from elsewhere",
            query("{hello}").header("cookie", "a=b").header("origin", "https://evil.example"),
        ),
        (404, "a path that is not served", client.get(url.replace("/graphql", "/nothing"))),
        (404, "a path above the root", client.get(url.replace("/graphql", "/../../etc/passwd"))),
        (405, "another method", client.request(Method::DELETE, &url)),
        (405, "a TRACE", client.request(Method::TRACE, &url)),
        (
            405,
            "a preflight",
            client
                .request(Method::OPTIONS, &url)
                .header("origin", "https://evil.example")
                .header("access-control-request-method", "POST"),
        ),
        (405, "an invented method", client.request(Method::from_bytes(b"BREW").expect("a token"), &url)),
        (405, "a mutation by GET", client.get(format!("{url}?query=mutation{{signIn}}"))),
        (406, "a media type that there is not", query("{hello}").header("accept", "image/png")),
        (413, "a body that is too large", post(&"x".repeat(300_000))),
        (415, "a form", client.post(&url).header("content-type", "application/x-www-form-urlencoded").body("a=b")),
        (500, "a panic", query("{panics}")),
        (503, "an execution that takes too long", query("{waitsForEver}")),
    ];
    for (status, what, request) in cases {
        let response = request.send().await.unwrap_or_else(|error| panic!("{what}: {error}"));
        assert_eq!(response.status(), status, "{what}");
        check(response.headers(), what);
    }
}

#[tokio::test]
async fn whoever_comes_over_the_cap_gets_them_too() {
    let server_limits = ServerLimits { connections: 1, ..ServerLimits::default() };
    let server = TestServer::start(Limits::default(), server_limits, Mode::Production).await;
    let _held = TcpStream::connect(server.address).await.expect("the server listens");
    let refused = loop {
        let response = Client::new().get(server.url()).send().await.expect("answered");
        if response.status() == 503 {
            break response;
        }
    };
    check(refused.headers(), "an answer over the cap");
}

/// A client whose body stops coming is answered, too.
#[tokio::test]
async fn a_body_that_stops_is_answered_with_them() {
    let server_limits = ServerLimits { idle: Duration::from_millis(100), ..ServerLimits::default() };
    let server = TestServer::start(Limits::default(), server_limits, Mode::Production).await;
    let answer = raw(
        &server,
        "POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 99\r\n\r\n{",
    )
    .await;
    assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
    for (name, value) in EXPECTED {
        assert!(answer.contains(&format!("{name}: {value}")), "{name} in {answer}");
    }
}

/// What is no HTTP never reaches the service. The protocol's own refusals have no body, so that there is nothing to protect.
#[tokio::test]
async fn what_is_no_http_is_refused_without_a_body() {
    let server = TestServer::start(Limits::default(), ServerLimits::default(), Mode::Production).await;
    let huge = format!("GET / HTTP/1.1\r\nhost: x\r\nx-huge: {}\r\n\r\n", "x".repeat(1_000_000));
    for request in ["GET / HTTP/9.9\r\n\r\n", "nonsense\r\n\r\n", "GET / HTTP/1.1\r\nno colon\r\n\r\n", &huge] {
        let answer = raw(&server, request).await;
        let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
        assert!(head.is_empty() || head.starts_with("HTTP/1.1 4"), "{answer}");
        assert_eq!(body, "", "{answer}");
        assert!(!head.to_lowercase().contains("content-type"), "{answer}");
    }
}

/// Sends bytes, and reads until the server closes the connection.
async fn raw(server: &TestServer, request: &str) -> String {
    let mut stream = TcpStream::connect(server.address).await.expect("the server listens");
    let _ = stream.write_all(request.as_bytes()).await;
    let mut answer = Vec::new();
    let read = tokio::time::timeout(Duration::from_secs(20), stream.read_to_end(&mut answer)).await;
    drop(read.expect("the server closes the connection"));
    String::from_utf8_lossy(&answer).into_owned()
}
