//! What a client sees of GraphQL over HTTP: statuses, media types, codes, headers.

use std::time::{Duration, Instant};

use api::http::{Limits, ServerLimits};
use api::settings::Mode;
use reqwest::header::{ACCEPT, ALLOW, CONTENT_TYPE};
use reqwest::{Client, Method, RequestBuilder, Response, StatusCode};
use serde_json::{Value, json};

use crate::support::TestServer;

const GRAPHQL: &str = "application/graphql-response+json";
const JSON: &str = "application/json";

/// Sends a document; gives the status, the answer's media type and its JSON.
async fn post(server: &TestServer, body: &Value, accept: &str) -> (u16, String, Value) {
    read(Client::new().post(server.url()).header(ACCEPT, accept).json(body)).await
}

async fn query(server: &TestServer, document: &str) -> (u16, Value) {
    let (status, _, answer) = post(server, &json!({ "query": document }), GRAPHQL).await;
    (status, answer)
}

async fn read(request: RequestBuilder) -> (u16, String, Value) {
    let response = request.send().await.expect("the server answers");
    let status = response.status().as_u16();
    let content_type = response.headers()[CONTENT_TYPE].to_str().expect("it is ASCII").to_owned();
    let answer = response.json().await.expect("every answer is JSON");
    (status, content_type, answer)
}

/// Pieces of text that differ by their number, one after the other.
fn numbered(count: usize, piece: impl Fn(usize) -> String) -> String {
    (0..count).map(piece).collect::<Vec<_>>().concat()
}

fn code(answer: &Value) -> &str {
    answer["errors"][0]["extensions"]["code"].as_str().unwrap_or_else(|| panic!("no code in {answer}"))
}

#[tokio::test]
async fn a_query_is_answered_in_the_media_type_asked_for() {
    let server = TestServer::with_defaults().await;
    for (accept, expected) in [(GRAPHQL, GRAPHQL), (JSON, JSON), ("*/*", JSON)] {
        let (status, content_type, answer) = post(&server, &json!({ "query": "{hello}" }), accept).await;
        assert_eq!((status, answer), (200, json!({ "data": { "hello": "world" } })));
        assert_eq!(content_type, format!("{expected}; charset=utf-8"));
    }
    let (status, _, answer) = post(&server, &json!({ "query": "{hello}" }), "text/html").await;
    assert_eq!((status, code(&answer)), (406, "NOT_ACCEPTABLE"));
}

#[tokio::test]
async fn a_refused_document_has_no_data_and_a_status_by_media_type() {
    let server = TestServer::with_defaults().await;
    for (document, expected) in [
        ("{", "GRAPHQL_PARSE_FAILED"),
        ("{nothing}", "GRAPHQL_VALIDATION_FAILED"),
        ("{number(number: \"one\")}", "GRAPHQL_VALIDATION_FAILED"),
        ("query a{hello} query b{hello}", "OPERATION_RESOLUTION_FAILURE"),
        ("subscription{hello}", "SUBSCRIPTION_NOT_SUPPORTED"),
        ("{...a}fragment a on Query{...a}", "FRAGMENT_CYCLE"),
    ] {
        for (accept, expected_status) in [(GRAPHQL, 400), (JSON, 200)] {
            let (status, _, answer) = post(&server, &json!({ "query": document }), accept).await;
            assert_eq!((status, code(&answer)), (expected_status, expected), "{document}: {answer}");
            assert!(answer.get("data").is_none(), "{answer}");
        }
    }
}

#[tokio::test]
async fn only_queries_come_by_get() {
    let server = TestServer::with_defaults().await;
    let get = |document: &str| Client::new().get(server.url()).query(&[("query", document)]).send();
    assert_eq!(get("{hello}").await.expect("answered").status(), 200);
    for document in ["mutation{add(a:1,b:2)}", "subscription{hello}"] {
        let response = get(document).await.expect("answered");
        assert_eq!((response.status().as_u16(), &response.headers()[ALLOW]), (405, &"POST".parse().unwrap()));
    }
    for method in [Method::PUT, Method::DELETE, Method::OPTIONS] {
        let response = Client::new().request(method, server.url()).send().await.expect("answered");
        assert_eq!(response.headers()[ALLOW], "GET, HEAD, POST");
        assert_eq!(response.status(), StatusCode::METHOD_NOT_ALLOWED);
        assert_eq!(code(&response.json().await.expect("JSON")), "METHOD_NOT_ALLOWED");
    }
}

#[tokio::test]
async fn only_json_comes_in() {
    let server = TestServer::with_defaults().await;
    for content_type in
        ["text/plain", "application/graphql", "application/x-www-form-urlencoded", "multipart/form-data"]
    {
        let request = Client::new().post(server.url()).header(CONTENT_TYPE, content_type);
        let (status, _, answer) = read(request.body(r#"{"query":"mutation{add(a:1,b:2)}"}"#)).await;
        assert_eq!((status, code(&answer)), (415, "UNSUPPORTED_MEDIA_TYPE"), "{content_type}");
    }
    let (status, _, answer) = post(&server, &json!([{ "query": "{hello}" }]), JSON).await;
    assert_eq!((status, code(&answer)), (400, "BAD_REQUEST"));
}

#[tokio::test]
async fn a_huge_body_is_refused_by_its_length_and_while_it_comes() {
    let server = TestServer::with_defaults().await;
    let huge = vec![b' '; 20 * 1024 * 1024];
    let chunks: Vec<Result<Vec<u8>, std::io::Error>> = huge.chunks(64 * 1024).map(|chunk| Ok(chunk.to_vec())).collect();
    let streamed = reqwest::Body::wrap_stream(futures_util::stream::iter(chunks));
    for body in [reqwest::Body::from(huge), streamed] {
        let started = Instant::now();
        let request = Client::new().post(server.url()).header(CONTENT_TYPE, JSON).body(body);
        let (status, _, answer) = read(request).await;
        println!("20 MiB refused in {:?}", started.elapsed());
        assert_eq!((status, code(&answer)), (413, "BODY_TOO_LARGE"));
    }
}

#[tokio::test]
async fn attacks_are_refused_by_name() {
    let server = TestServer::with_defaults().await;
    let levels = numbered(17, |level| format!("fragment f{level} on Query{{...f{next} ...f{next}}}", next = level + 1));
    let attacks = [
        (
            json!({ "query": format!("{{child{{...f0}}}}{levels}fragment f17 on Query{{hello}}") }),
            "COST_LIMIT_EXCEEDED",
        ),
        (json!({ "query": format!("{{{}}}", numbered(100, |n| format!("a{n}:hello "))) }), "ALIAS_LIMIT_EXCEEDED"),
        (json!({ "query": format!("{}hello{}", "{child".repeat(500), "}".repeat(500)) }), "DEPTH_LIMIT_EXCEEDED"),
        (json!({ "query": "{".repeat(10_000) }), "DEPTH_LIMIT_EXCEEDED"),
        (json!({ "query": format!("{{child{{{}}}}}", "hello ".repeat(5_300)) }), "COST_LIMIT_EXCEEDED"),
        (json!({ "query": format!("{{{}}}", "hello ".repeat(100)) }), "ROOT_FIELD_LIMIT_EXCEEDED"),
        (json!({ "query": " ".repeat(33_000) }), "DOCUMENT_TOO_LARGE"),
        (
            json!({ "query": "query($n:[Int!]!){sum(numbers:$n)}", "variables": { "n": vec![1; 50_000] } }),
            "VALUE_LIMIT_EXCEEDED",
        ),
    ];
    for (body, expected) in attacks {
        let started = Instant::now();
        let (status, _, answer) = post(&server, &body, GRAPHQL).await;
        println!("{expected} in {:?}", started.elapsed());
        assert_eq!((status, code(&answer)), (400, expected));
        assert!(started.elapsed() < Duration::from_secs(2));
    }
    let deep = format!(r#"{{"query":"{{hello}}","variables":{{"a":{}}}}}"#, "[".repeat(100_000));
    let (status, _, answer) = read(Client::new().post(server.url()).header(CONTENT_TYPE, JSON).body(deep)).await;
    assert_eq!((status, code(&answer)), (400, "DEPTH_LIMIT_EXCEEDED"));
    assert_eq!(query(&server, "{hello}").await.0, 200, "the process lives");
}

#[tokio::test]
async fn one_credential_operation_per_request() {
    let limits = Limits { credential_mutations: vec!["signIn".to_owned()], ..Limits::default() };
    let server = TestServer::start(limits, ServerLimits::default(), Mode::Development).await;
    assert_eq!(query(&server, "mutation{signIn}").await.0, 200);
    let (_, answer) = query(&server, "mutation{a:signIn b:signIn}").await;
    assert_eq!(code(&answer), "CREDENTIAL_OPERATION_LIMIT_EXCEEDED");
}

#[tokio::test]
async fn a_panic_answers_an_error_and_the_process_lives() {
    let server = TestServer::with_defaults().await;
    let (status, answer) = query(&server, "{panics}").await;
    assert_eq!((status, code(&answer)), (500, "INTERNAL_SERVER_ERROR"));
    assert!(answer["errors"][0]["extensions"]["errorId"].is_string());
    assert!(!answer.to_string().contains("secret"), "{answer}");
    assert_eq!(query(&server, "{hello}").await.0, 200);
}

#[tokio::test]
async fn internal_errors_are_concealed_and_others_are_not() {
    let server = TestServer::with_defaults().await;
    let (status, answer) = query(&server, "{fails hello}").await;
    assert_eq!((status, code(&answer), &answer["data"]["hello"]), (200, "INTERNAL_SERVER_ERROR", &json!("world")));
    assert!(!answer.to_string().contains("secret"), "{answer}");
    let (status, answer) = query(&server, "{refuses}").await;
    assert_eq!((status, code(&answer), &answer["errors"][0]["message"]), (200, "NOT_NOW", &json!("not now")));
    let (_, answer) = query(&server, "{number(number: 1000)}").await;
    assert_eq!(code(&answer), "BAD_USER_INPUT", "{answer}");
}

#[tokio::test]
async fn execution_ends_in_time() {
    let limits = Limits { execution: Duration::from_millis(50), ..Limits::default() };
    let server = TestServer::start(limits, ServerLimits::default(), Mode::Development).await;
    let (status, answer) = query(&server, "{waitsForEver}").await;
    assert_eq!((status, code(&answer)), (503, "TIMEOUT"));
}

#[tokio::test]
async fn resolvers_find_the_caller_and_the_request_id() {
    let server = TestServer::with_defaults().await;
    let ask = |token: &'static str| {
        Client::new().post(server.url()).bearer_auth(token).json(&json!({ "query": "{caller requestId}" })).send()
    };
    let response = ask("mary").await.expect("answered");
    let id = response.headers()["x-request-id"].to_str().expect("ASCII").to_owned();
    let answer: Value = response.json().await.expect("JSON");
    assert_eq!(answer["data"], json!({ "caller": "mary", "requestId": id }));
    let response = ask("bad").await.expect("answered");
    assert_eq!(
        (response.status().as_u16(), &response.headers()["www-authenticate"]),
        (401, &"Bearer".parse().unwrap())
    );
}

#[tokio::test]
async fn every_answer_carries_the_security_headers() {
    let server = TestServer::start(Limits::default(), ServerLimits::default(), Mode::Production).await;
    let client = Client::new();
    let elsewhere = format!("http://{}/elsewhere", server.address);
    let good = client.post(server.url()).json(&json!({ "query": "{hello}" }));
    let panics = client.post(server.url()).json(&json!({ "query": "{panics}" }));
    let cross_site = client.post(server.url()).header("cookie", "a=b").header("sec-fetch-site", "cross-site");
    let requests = [
        (good, 200),
        (panics, 500),
        (cross_site.json(&json!({ "query": "{hello}" })), 403),
        (client.get(elsewhere), 404),
        (client.post(server.url()), 415),
        (client.put(server.url()), 405),
        (client.get(server.url()).header(ACCEPT, "text/html"), 406),
    ];
    for (request, status) in requests {
        let response = request.send().await.expect("answered");
        assert_eq!(response.status().as_u16(), status);
        assert_security_headers(&response);
    }
}

fn assert_security_headers(response: &Response) {
    for (name, expected) in [
        ("content-security-policy", "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("cache-control", "no-store"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("strict-transport-security", "max-age=63072000; includeSubDomains"),
    ] {
        let value = response.headers().get(name).unwrap_or_else(|| panic!("no {name} at {}", response.status()));
        assert_eq!(value, expected, "{name} at {}", response.status());
    }
    assert!(response.headers().contains_key("x-request-id"));
    assert!(response.headers().contains_key("permissions-policy"));
}

#[tokio::test]
async fn a_browser_gets_a_page_in_development_only() {
    let server = TestServer::with_defaults().await;
    let browse = |server: &TestServer| Client::new().get(server.url()).header(ACCEPT, "text/html,*/*;q=0.8").send();
    let response = browse(&server).await.expect("answered");
    assert_eq!(response.headers()[CONTENT_TYPE], "text/html; charset=utf-8");
    let policy = response.headers()["content-security-policy"].to_str().expect("ASCII").to_owned();
    assert!(policy.contains("script-src 'self';") && !policy.contains("unsafe-eval"), "{policy}");
    assert!(!response.headers().contains_key("strict-transport-security"));
    let server = TestServer::start(Limits::default(), ServerLimits::default(), Mode::Production).await;
    assert_eq!(browse(&server).await.expect("answered").status(), 400, "no query, no page");
}

/// Whoever typed an address gets a page, with the status that says so to machines that follow links.
#[tokio::test]
async fn a_path_that_nobody_has_is_a_404_for_people_and_for_programs() {
    let server = TestServer::start(Limits::default(), ServerLimits::default(), Mode::Production).await;
    let address = server.url().replace("/graphql", "/nowhere");
    let get = async |accept: &str| {
        let response = reqwest::Client::new().get(&address).header("accept", accept).send().await.unwrap();
        let kind = response.headers()["content-type"].to_str().unwrap().to_owned();
        (response.status().as_u16(), kind)
    };
    assert_eq!(get("text/html,*/*;q=0.8").await, (404, "text/html; charset=utf-8".to_owned()));
    let (status, kind) = get("application/json").await;
    assert!(status == 404 && kind.starts_with("application/json"), "{status} {kind}");
    let posted = reqwest::Client::new().post(&address).header("accept", "text/html").send().await.unwrap();
    assert_eq!(posted.headers()["content-type"], "application/json; charset=utf-8");
}
