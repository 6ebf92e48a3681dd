//! Operations on sockets and streams: the protocols by the letter, and what slow, silent and vanishing clients get.

use std::time::Duration;

use api::http::{Documents, Limits, LiveLimits, ServerLimits, Stand};
use api::settings::Mode;
use futures_util::{SinkExt as _, StreamExt as _};
use reqwest::Client;
use reqwest::header::{ACCEPT, CONTENT_TYPE};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use crate::support::{ENDING, MADE, SILENT, TestServer};

/// Longer than anything here takes; what isn't over by then hangs.
const DEADLINE: Duration = Duration::from_secs(20);

struct Socket(WebSocketStream<MaybeTlsStream<TcpStream>>);

async fn open(server: &TestServer, headers: &[(&'static str, &str)]) -> Result<Socket, Error> {
    let mut request = format!("ws://{}/graphql/ws", server.address).into_client_request()?;
    for (name, value) in headers {
        request.headers_mut().insert(*name, value.parse().expect("a header's value"));
    }
    Ok(Socket(connect_async(request).await?.0))
}

const PROTOCOL: (&str, &str) = ("sec-websocket-protocol", "graphql-transport-ws");

impl Socket {
    async fn new(server: &TestServer) -> Self {
        open(server, &[PROTOCOL]).await.expect("the server takes sockets")
    }

    /// One that has said who speaks.
    async fn of(server: &TestServer, name: &str) -> Self {
        let mut socket = Self::new(server).await;
        socket
            .send(json!({ "type": "connection_init", "payload": { "Authorization": format!("Bearer {name}") } }))
            .await;
        assert_eq!(socket.next().await, json!({ "type": "connection_ack" }));
        socket
    }

    async fn send(&mut self, message: Value) {
        self.0.send(Message::text(message.to_string())).await.expect("the socket is open");
    }

    async fn subscribe(&mut self, id: &str, document: &str) {
        self.send(json!({ "type": "subscribe", "id": id, "payload": { "query": document } })).await;
    }

    /// The next message.
    async fn next(&mut self) -> Value {
        loop {
            let received =
                timeout(DEADLINE, self.0.next()).await.expect("a message comes").expect("the socket is open");
            match received.expect("a message") {
                Message::Text(text) => return serde_json::from_str(&text).expect("messages are JSON"),
                Message::Ping(_) | Message::Pong(_) => {}
                other => panic!("{other:?}"),
            }
        }
    }

    /// The code and the reason with which the socket is closed.
    async fn closed(&mut self) -> (u16, String) {
        loop {
            let received = timeout(DEADLINE, self.0.next()).await.expect("the socket is closed");
            match received.expect("not without a word").expect("a message") {
                Message::Close(Some(frame)) => return (frame.code.into(), frame.reason.to_string()),
                Message::Text(_) | Message::Ping(_) | Message::Pong(_) => {}
                other => panic!("{other:?}"),
            }
        }
    }
}

async fn start(live: LiveLimits, server_limits: ServerLimits) -> TestServer {
    TestServer::start(Limits { live, ..Limits::default() }, server_limits, Mode::Development).await
}

#[tokio::test]
async fn queries_mutations_and_subscriptions_are_answered() {
    let server = TestServer::with_defaults().await;
    let mut socket = Socket::of(&server, "ana").await;
    socket.subscribe("q", "{hello caller}").await;
    let answer = json!({ "data": { "hello": "world", "caller": "ana" } });
    assert_eq!(socket.next().await, json!({ "type": "next", "id": "q", "payload": answer }));
    assert_eq!(socket.next().await, json!({ "type": "complete", "id": "q" }));
    socket.subscribe("q", "mutation{add(a:1,b:2)}").await;
    assert_eq!(socket.next().await["payload"]["data"]["add"], 3, "an id is free again once it is complete");
    assert_eq!(socket.next().await["type"], "complete");
    socket.subscribe("s", "subscription{count(to:3){number caller}}").await;
    for number in 1..=3 {
        let expected = json!({ "data": { "count": { "number": number, "caller": "ana" } } });
        assert_eq!(socket.next().await, json!({ "type": "next", "id": "s", "payload": expected }));
    }
    assert_eq!(socket.next().await, json!({ "type": "complete", "id": "s" }));
}

#[tokio::test]
async fn an_operation_that_the_client_ends_says_no_more() {
    let server = TestServer::with_defaults().await;
    let mut socket = Socket::of(&server, "ana").await;
    socket.subscribe("s", "subscription{count(to:100000000){number}}").await;
    assert_eq!(socket.next().await["payload"]["data"]["count"]["number"], 1);
    socket.send(json!({ "type": "complete", "id": "s" })).await;
    socket.send(json!({ "type": "ping", "payload": { "last": true } })).await;
    while socket.next().await["type"] != "pong" {}
    socket.subscribe("s", "{hello}").await;
    let answer = socket.next().await;
    assert_eq!(answer["payload"]["data"]["hello"], "world", "the id is free, and the old operation silent: {answer}");
}

#[tokio::test]
async fn what_is_refused_over_http_is_refused_here_with_the_same_codes() {
    let server = TestServer::with_defaults().await;
    let mut socket = Socket::of(&server, "ana").await;
    let fields = "hello ".repeat(21);
    let two = "subscription{a:count(to:1){number} b:count(to:1){number}}".to_owned();
    for (document, code) in [
        ("{".to_owned(), "GRAPHQL_PARSE_FAILED"),
        ("{nothing}".to_owned(), "GRAPHQL_VALIDATION_FAILED"),
        ("subscription{nothing}".to_owned(), "GRAPHQL_VALIDATION_FAILED"),
        (format!("{{{fields}}}"), "ROOT_FIELD_LIMIT_EXCEEDED"),
        (two, "ROOT_FIELD_LIMIT_EXCEEDED"),
        ("query a{hello} query b{hello}".to_owned(), "OPERATION_RESOLUTION_FAILURE"),
    ] {
        socket.subscribe("1", &document).await;
        let answer = socket.next().await;
        assert_eq!(
            (&answer["type"], &answer["payload"][0]["extensions"]["code"]),
            (&json!("error"), &json!(code)),
            "{document}"
        );
    }
    for document in ["{fails}", "subscription{panics}"] {
        socket.subscribe("1", document).await;
        let answer = socket.next().await;
        let error = answer["payload"]["errors"][0].clone();
        let error = if error.is_null() { answer["payload"][0].clone() } else { error };
        assert_eq!(error["extensions"]["code"], "INTERNAL_SERVER_ERROR", "{answer}");
        assert!(!answer.to_string().contains("secret"), "{answer}");
        if answer["type"] == "next" {
            assert_eq!(socket.next().await["type"], "complete");
        }
    }
}

#[tokio::test]
async fn each_fault_closes_the_socket_with_its_code() {
    let server = TestServer::with_defaults().await;
    for text in ["", "{}", "no json", r#"{"type":"start"}"#, r#"{"type":"subscribe","id":"1","payload":{"query":1}}"#] {
        let mut socket = Socket::of(&server, "ana").await;
        socket.0.send(Message::text(text)).await.unwrap();
        assert_eq!(socket.closed().await, (4400, "Invalid message".to_owned()), "{text}");
    }
    let mut socket = Socket::of(&server, "ana").await;
    socket.0.send(Message::binary(b"{}".as_slice())).await.unwrap();
    assert_eq!(socket.closed().await.0, 4400);

    let mut socket = Socket::new(&server).await;
    socket.subscribe("1", "{hello}").await;
    assert_eq!(socket.closed().await, (4401, "Unauthorized".to_owned()));

    for payload in [json!({ "Authorization": "Bearer bad" }), json!({}), Value::Null, json!({ "Authorization": "\n" })]
    {
        let mut socket = Socket::new(&server).await;
        socket.send(json!({ "type": "connection_init", "payload": payload })).await;
        assert_eq!(socket.closed().await, (4403, "Forbidden".to_owned()), "{payload}");
    }

    let mut socket = open(&server, &[]).await.expect("a socket");
    assert_eq!(socket.closed().await, (4406, "Subprotocol not acceptable".to_owned()));

    let mut socket = Socket::of(&server, "ana").await;
    for _ in 0..2 {
        socket.subscribe("twice", "subscription{silence}").await;
    }
    assert_eq!(socket.closed().await, (4409, "Subscriber already exists".to_owned()));

    let mut socket = Socket::of(&server, "ana").await;
    socket.send(json!({ "type": "connection_init" })).await;
    assert_eq!(socket.closed().await, (4429, "Too many initialisation requests".to_owned()));

    let mut socket = Socket::of(&server, "ana").await;
    socket.0.send(Message::text("x".repeat(300 * 1024))).await.unwrap();
    assert_eq!(socket.closed().await.0, u16::from(CloseCode::Size));
}

#[tokio::test]
async fn who_says_nothing_in_time_is_closed() {
    let live = LiveLimits { hello: Duration::from_millis(100), ..LiveLimits::default() };
    let server = start(live, ServerLimits::default()).await;
    let mut socket = Socket::new(&server).await;
    assert_eq!(socket.closed().await, (4408, "Connection initialisation timeout".to_owned()));
    let mut socket = Socket::of(&server, "ana").await;
    socket.send(json!({ "type": "ping" })).await;
    assert_eq!(socket.next().await, json!({ "type": "pong" }));
    tokio::time::sleep(Duration::from_millis(200)).await;
    socket.send(json!({ "type": "ping", "payload": { "at": 1 } })).await;
    assert_eq!(socket.next().await, json!({ "type": "pong", "payload": { "at": 1 } }), "it said who it is in time");
}

#[tokio::test]
async fn a_socket_ends_with_the_session_and_a_stream_too() {
    let server = TestServer::with_defaults().await;
    let mut socket = Socket::of(&server, "ending").await;
    socket.subscribe("s", "subscription{silence}").await;
    let stream = post(&server, "ending", "subscription{silence}").send().await.expect("a stream");
    let mut lasting = Socket::of(&server, "lasting").await;
    ENDING.send_replace(Stand::Ended);
    let (code, reason) = socket.closed().await;
    assert_eq!((code, reason.as_str()), (4401, "Unauthorized: the session or token has ended"));
    let events = timeout(DEADLINE, stream.text()).await.expect("it ends").expect("events");
    assert!(events.contains("UNAUTHENTICATED") && events.contains("event: complete"), "{events}");
    lasting.subscribe("1", "{hello}").await;
    assert_eq!(lasting.next().await["type"], "next", "nobody else's does");
}

#[tokio::test]
async fn cookies_count_from_pages_of_ours_alone() {
    let server = TestServer::with_defaults().await;
    let ours = format!("http://{}", server.address);
    let cookie = ("cookie", "casestream=css_a");
    for (origin, is_taken) in [(Some("https://evil.example"), false), (None, false), (Some(ours.as_str()), true)] {
        let mut headers = vec![PROTOCOL, cookie];
        headers.extend(origin.map(|origin| ("origin", origin)));
        match open(&server, &headers).await {
            Ok(_) => assert!(is_taken, "{origin:?}"),
            Err(Error::Http(response)) => {
                assert_eq!((response.status().as_u16(), is_taken), (403, false), "{origin:?}");
            }
            Err(other) => panic!("{other}"),
        }
    }
    assert!(open(&server, &[PROTOCOL, ("origin", "https://app.example")]).await.is_ok(), "a token comes from anywhere");
    let response = Client::new().get(format!("{}/ws", server.url())).send().await.unwrap();
    assert_eq!(response.status(), 400);
    assert_eq!(response.headers()[CONTENT_TYPE], "application/json; charset=utf-8");
}

#[tokio::test]
async fn somebody_has_so_many_operations_and_connections_and_no_more() {
    let live = LiveLimits { operations: 2, connections: 2, ..LiveLimits::default() };
    let server = start(live, ServerLimits::default()).await;
    let mut first = Socket::of(&server, "ana").await;
    for id in ["1", "2", "3"] {
        first.subscribe(id, "subscription{silence}").await;
    }
    let answer = first.next().await;
    assert_eq!((&answer["id"], &answer["type"]), (&json!("3"), &json!("error")));
    assert_eq!(answer["payload"][0]["extensions"]["code"], "OPERATION_LIMIT_EXCEEDED");
    first.send(json!({ "type": "complete", "id": "1" })).await;
    first.subscribe("3", "{hello}").await;
    assert_eq!(first.next().await["type"], "next", "one that ended makes room");

    let second = Socket::of(&server, "ana").await;
    let mut third = Socket::new(&server).await;
    let hello = json!({ "type": "connection_init", "payload": { "Authorization": "Bearer ana" } });
    third.send(hello.clone()).await;
    assert_eq!(third.closed().await.0, 1013);
    let refused = post(&server, "ana", "subscription{silence}").send().await.unwrap();
    assert_eq!(refused.status(), 429);
    assert!(refused.text().await.unwrap().contains("CONNECTION_LIMIT_EXCEEDED"));
    Socket::of(&server, "bea").await;
    drop(second);
    let again = async {
        loop {
            let mut socket = Socket::new(&server).await;
            socket.send(hello.clone()).await;
            match socket.0.next().await {
                Some(Ok(Message::Text(_))) => break,
                _ => tokio::task::yield_now().await,
            }
        }
    };
    timeout(DEADLINE, again).await.expect("a place that became free is given again");
}

#[tokio::test]
async fn stopping_closes_sockets_and_ends_streams_at_once() {
    let server = TestServer::with_defaults().await;
    let mut socket = Socket::of(&server, "ana").await;
    socket.subscribe("s", "subscription{silence}").await;
    let stream = post(&server, "ana", "subscription{silence}").send().await.expect("a stream");
    let stopped = server.stop();
    assert_eq!(socket.closed().await.0, 1001);
    drop(socket);
    let events = timeout(DEADLINE, stream.text()).await.expect("it ends").expect("cleanly");
    assert!(!events.contains("complete"), "who follows comes again: {events}");
    timeout(DEADLINE, stopped).await.expect("the server stops").expect("without a panic");
}

/// Whoever reads nothing makes the subscription wait, and is let go; nothing piles up meanwhile.
#[tokio::test]
async fn a_reader_who_takes_nothing_holds_little_and_is_let_go() {
    let idle = Duration::from_millis(500);
    let server = start(LiveLimits::default(), ServerLimits { idle, ..ServerLimits::default() }).await;
    let mut socket = Socket::of(&server, "slow").await;
    socket.subscribe("s", "subscription{count(to:100000000){number padding}}").await;
    socket.subscribe("silent", "subscription{silence}").await;
    let until = async |what: &str, is_so: &dyn Fn() -> bool| {
        let waiting = async {
            while !is_so() {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        timeout(DEADLINE, waiting).await.unwrap_or_else(|_| panic!("{what}"));
    };
    until("it begins", &|| SILENT.receiver_count() == 1).await;
    until("it is let go", &|| SILENT.receiver_count() == 0).await;
    let made = MADE.load(std::sync::atomic::Ordering::Relaxed);
    // What the kernel's buffers of both ends take, of ten kilobytes each.
    assert!((1..2_000).contains(&made), "{made} results were made for somebody who takes none");
}

#[tokio::test]
async fn the_operations_of_a_client_that_is_killed_end() {
    let server = TestServer::with_defaults().await;
    let mut socket = Socket::of(&server, "ana").await;
    socket.subscribe("s", "subscription{silence}").await;
    let stream = post(&server, "ana", "subscription{silence}").send().await.expect("a stream");
    let until = async |count: usize| {
        let waiting = async {
            while SILENT.receiver_count() != count {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        timeout(DEADLINE, waiting).await.unwrap_or_else(|_| panic!("{count} operations"));
    };
    until(2).await;
    // Without a farewell of the protocol.
    drop(socket);
    until(1).await;
    drop(stream);
    until(0).await;
}

#[tokio::test]
async fn a_silent_socket_is_pinged_and_let_go_when_it_does_not_answer() {
    let live = LiveLimits { keep_alive: Duration::from_millis(50), ..LiveLimits::default() };
    let server = start(live, ServerLimits::default()).await;
    let mut socket = Socket::of(&server, "ana").await;
    socket.subscribe("s", "subscription{silence}").await;
    let first = timeout(DEADLINE, socket.0.next()).await.expect("something comes");
    assert!(matches!(first, Some(Ok(Message::Ping(_)))), "{first:?}");
    // Nobody reads here, so nobody answers the pings.
    let gone = async {
        while SILENT.receiver_count() > 0 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    timeout(DEADLINE, gone).await.expect("it is let go");
}

fn post(server: &TestServer, name: &str, document: &str) -> reqwest::RequestBuilder {
    Client::new()
        .post(format!("{}/stream", server.url()))
        .header(ACCEPT, "text/event-stream")
        .header(CONTENT_TYPE, "application/json")
        .bearer_auth(name)
        .body(json!({ "query": document }).to_string())
}

#[tokio::test]
async fn a_stream_has_the_results_and_says_when_it_is_complete() {
    let server = TestServer::with_defaults().await;
    for (document, expected) in [
        ("{hello}", vec![json!({ "data": { "hello": "world" } })]),
        ("mutation{add(a:1,b:2)}", vec![json!({ "data": { "add": 3 } })]),
        (
            "subscription{count(to:2){number}}",
            vec![json!({ "data": { "count": { "number": 1 } } }), json!({ "data": { "count": { "number": 2 } } })],
        ),
    ] {
        let response = post(&server, "ana", document).send().await.unwrap();
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()[CONTENT_TYPE], "text/event-stream");
        let text = response.text().await.unwrap();
        let events: Vec<_> = text.split("\n\n").filter(|event| !event.is_empty()).collect();
        let (last, results) = events.split_last().unwrap();
        let results: Vec<Value> = results
            .iter()
            .map(|event| serde_json::from_str(event.strip_prefix("event: next\ndata: ").expect("a result")).unwrap())
            .collect();
        assert_eq!(results, expected, "{document}");
        assert!(last.starts_with("event: complete\ndata:"), "{last:?}");
    }
    let refused = post(&server, "ana", "{nothing}").send().await.unwrap().text().await.unwrap();
    assert!(refused.contains("GRAPHQL_VALIDATION_FAILED") && refused.contains("event: complete"), "{refused}");
}

#[tokio::test]
async fn what_is_no_stream_is_answered_as_any_request() {
    let server = TestServer::with_defaults().await;
    let url = format!("{}/stream", server.url());
    let send = async |request: reqwest::RequestBuilder| {
        let response = request.send().await.unwrap();
        let status = response.status().as_u16();
        let answer: Value = response.json().await.unwrap();
        (status, answer["errors"][0]["extensions"]["code"].as_str().unwrap().to_owned())
    };
    assert_eq!(send(post(&server, "bad", "{hello}")).await, (401, "UNAUTHENTICATED".to_owned()));
    assert_eq!(send(post(&server, "ana", "{")).await, (400, "GRAPHQL_PARSE_FAILED".to_owned()));
    let json_only = post(&server, "ana", "{hello}").header(ACCEPT, "application/json");
    let json_only = json_only.build().map(|mut request| {
        request.headers_mut().insert(ACCEPT, "application/json".parse().unwrap());
        request
    });
    let response = Client::new().execute(json_only.unwrap()).await.unwrap();
    assert_eq!(response.status(), 406);
    let text = Client::new().post(&url).header(CONTENT_TYPE, "text/plain").body("{}");
    assert_eq!(send(text).await, (415, "UNSUPPORTED_MEDIA_TYPE".to_owned()));
    let foreign = post(&server, "ana", "{hello}").header("cookie", "a=b").header("origin", "https://evil.example");
    assert_eq!(send(foreign).await, (403, "CROSS_ORIGIN".to_owned()));
}

#[tokio::test]
async fn a_silent_stream_is_kept_alive_by_comments() {
    let live = LiveLimits { keep_alive: Duration::from_millis(50), ..LiveLimits::default() };
    let server = start(live, ServerLimits::default()).await;
    let mut response = post(&server, "ana", "subscription{silence}").send().await.unwrap();
    let piece = timeout(DEADLINE, response.chunk()).await.expect("something comes").unwrap().expect("a piece");
    assert!(piece.starts_with(b":"), "{piece:?}");
}

/// A document that is known is named on each transport, and one that is not is refused with a code of its own.
#[tokio::test]
async fn documents_are_named_by_their_hash() {
    let documents = Documents::read(r#"{"aa": "{hello}", "sha256:bb": "mutation{add(a:1,b:2)}", "cc": "{"}"#).unwrap();
    let limits = Limits { documents, ..Limits::default() };
    let server = TestServer::start(limits, ServerLimits::default(), Mode::Development).await;
    let over_http = async |id: &str| {
        let request = Client::new().post(server.url()).header(ACCEPT, "application/graphql-response+json");
        let response = request.json(&json!({ "documentId": id, "variables": {} })).send().await.unwrap();
        (response.status().as_u16(), response.json::<Value>().await.unwrap())
    };
    assert_eq!(over_http("sha256:aa").await, (200, json!({ "data": { "hello": "world" } })));
    assert_eq!(over_http("sha256:bb").await, (200, json!({ "data": { "add": 3 } })));
    for (id, expected) in [("sha256:dd", "PERSISTED_DOCUMENT_NOT_FOUND"), ("sha256:cc", "GRAPHQL_PARSE_FAILED")] {
        let (status, answer) = over_http(id).await;
        assert_eq!((status, &answer["errors"][0]["extensions"]["code"]), (400, &json!(expected)));
    }
    let by_get = async |id: &str| {
        let url = format!("{}?documentId=sha256%3A{id}", server.url());
        let response = Client::new().get(url).header(ACCEPT, "application/json").send().await.unwrap();
        (response.status().as_u16(), response.json::<Value>().await.unwrap())
    };
    assert_eq!(by_get("aa").await, (200, json!({ "data": { "hello": "world" } })));
    assert_eq!(by_get("bb").await.0, 405, "a mutation is a mutation by any name");

    let mut socket = Socket::of(&server, "ana").await;
    for (id, expected) in [("aa", "next"), ("dd", "error")] {
        let payload = json!({ "documentId": format!("sha256:{id}") });
        socket.send(json!({ "type": "subscribe", "id": id, "payload": payload })).await;
        assert_eq!(socket.next().await["type"], expected);
        if expected == "next" {
            assert_eq!(socket.next().await["type"], "complete");
        }
    }
    let stream = post(&server, "ana", "").body(json!({ "documentId": "sha256:aa" }).to_string()).send().await.unwrap();
    assert!(stream.text().await.unwrap().starts_with("event: next\ndata: {\"data\":{\"hello\":\"world\"}}\n\n"));
}
