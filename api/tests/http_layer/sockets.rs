//! What slow, silent and crowding clients get, and what stopping does to requests; by hand, byte by byte.

use std::time::{Duration, Instant};

use api::http::{Limits, ServerLimits};
use api::settings::Mode;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::support::TestServer;

/// Longer than anything here takes; what isn't over by then hangs.
const DEADLINE: Duration = Duration::from_secs(20);

async fn start(server_limits: ServerLimits) -> TestServer {
    TestServer::start(Limits::default(), server_limits, Mode::Development).await
}

async fn connect(server: &TestServer) -> TcpStream {
    TcpStream::connect(server.address).await.expect("the server listens")
}

/// Reads until the server closes the connection; a reset counts as closed.
async fn read_to_close(stream: &mut TcpStream) -> String {
    let mut answer = Vec::new();
    let read = timeout(DEADLINE, stream.read_to_end(&mut answer)).await;
    drop(read.expect("the server closes the connection"));
    String::from_utf8(answer).expect("answers are UTF-8")
}

/// Reads one answer's head and as much of its body as came with it.
async fn read_some(stream: &mut TcpStream) -> String {
    let mut buffer = vec![0; 8192];
    let read = timeout(DEADLINE, stream.read(&mut buffer)).await;
    let length = read.expect("the server answers").expect("the connection is open");
    String::from_utf8_lossy(&buffer[..length]).into_owned()
}

fn post(document: &str, more: &str) -> String {
    let body = format!(r#"{{"query":"{document}"}}"#);
    let length = body.len();
    format!(
        "POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n{more}content-length: {length}\r\n\r\n{body}"
    )
}

#[tokio::test]
async fn a_slow_header_is_cut_off() {
    let header = Duration::from_millis(200);
    let server = start(ServerLimits { header, ..ServerLimits::default() }).await;
    let (mut reader, mut writer) = connect(&server).await.into_split();
    let started = Instant::now();
    // A byte every 20 ms: always progress, never an end.
    let drip = tokio::spawn(async move {
        writer.write_all(b"GET /graphql HTTP/1.1\r\nhost: x\r\nx-slow: ").await?;
        let mut ticks = tokio::time::interval(Duration::from_millis(20));
        loop {
            ticks.tick().await;
            writer.write_all(b"a").await?;
        }
        #[expect(unreachable_code, reason = "it names the type of the error")]
        Ok::<(), std::io::Error>(())
    });
    let mut answer = Vec::new();
    drop(timeout(DEADLINE, reader.read_to_end(&mut answer)).await.expect("the server closes the connection"));
    assert!(started.elapsed() >= header);
    drop(timeout(DEADLINE, drip).await.expect("the dripping ends").expect("it doesn't panic"));
}

/// However much of it comes in one piece: the documented number is the number.
#[tokio::test]
async fn a_head_of_64_kib_is_read_and_a_longer_one_is_refused() {
    const LIMIT: usize = 64 * 1024;
    let server = start(ServerLimits::default()).await;
    let padded = |length: usize| {
        let head = |padding: &str| {
            format!("GET /nowhere HTTP/1.1\r\nhost: x\r\nconnection: close\r\nx-padding: {padding}\r\n\r\n")
        };
        head(&"a".repeat(length - head("").len()))
    };
    for (length, status) in [(LIMIT, "404"), (LIMIT + 1, "431"), (LIMIT + 20_000, "431"), (3 * LIMIT, "431")] {
        let mut stream = connect(&server).await;
        // The server may have answered and gone before it has taken everything.
        drop(stream.write_all(padded(length).as_bytes()).await);
        let answer = read_to_close(&mut stream).await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{length}: {answer}");
    }
    let mut stream = connect(&server).await;
    let long_target = format!("GET /{} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n", "a".repeat(65_000));
    stream.write_all(long_target.as_bytes()).await.expect("the server reads");
    assert!(read_to_close(&mut stream).await.starts_with("HTTP/1.1 404 "));
}

#[tokio::test]
async fn a_silent_connection_is_closed() {
    let server = start(ServerLimits { header: Duration::from_millis(100), ..ServerLimits::default() }).await;
    let mut stream = connect(&server).await;
    assert_eq!(read_to_close(&mut stream).await, "");
}

#[tokio::test]
async fn a_stalled_body_is_answered_and_cut_off() {
    let server = start(ServerLimits { idle: Duration::from_millis(100), ..ServerLimits::default() }).await;
    let mut stream = connect(&server).await;
    stream
        .write_all(
            b"POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{",
        )
        .await
        .expect("the server reads");
    let answer = read_to_close(&mut stream).await;
    assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
    assert!(answer.contains("REQUEST_TIMEOUT"), "{answer}");
}

#[tokio::test]
async fn a_trickling_body_is_answered_and_cut_off() {
    let body_time = Duration::from_millis(200);
    let limits = Limits { body_time, ..Limits::default() };
    let server = TestServer::start(limits, ServerLimits::default(), Mode::Development).await;
    let (mut reader, mut writer) = connect(&server).await.into_split();
    let head = "POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 9999\r\n\r\n";
    writer.write_all(head.as_bytes()).await.expect("the server reads");
    let mut answer = vec![0; 4096];
    let mut ticks = tokio::time::interval(Duration::from_millis(20));
    let length = loop {
        tokio::select! {
            read = reader.read(&mut answer) => break read.expect("an answer comes before the end"),
            _ = ticks.tick() => drop(writer.write_all(b" ").await),
        }
    };
    let answer = String::from_utf8_lossy(&answer[..length]);
    assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
}

#[tokio::test]
async fn a_connection_serves_several_requests() {
    let server = start(ServerLimits::default()).await;
    let mut stream = connect(&server).await;
    for _ in 0..3 {
        stream.write_all(post("{hello}", "").as_bytes()).await.expect("the connection is open");
        assert!(read_some(&mut stream).await.starts_with("HTTP/1.1 200 "));
    }
}

#[tokio::test]
async fn a_client_over_the_cap_is_told_to_come_back() {
    let server = start(ServerLimits { connections: 2, ..ServerLimits::default() }).await;
    let mut first = connect(&server).await;
    let mut second = connect(&server).await;
    for stream in [&mut first, &mut second] {
        stream.write_all(post("{hello}", "").as_bytes()).await.expect("the connection is open");
        assert!(read_some(stream).await.starts_with("HTTP/1.1 200 "));
    }
    let mut third = connect(&server).await;
    third.write_all(post("{hello}", "").as_bytes()).await.expect("it is accepted");
    let answer = read_to_close(&mut third).await.to_lowercase();
    assert!(answer.starts_with("http/1.1 503 ") && answer.contains("\r\nretry-after: 1\r\n"), "{answer}");
    assert!(answer.contains("\r\nx-content-type-options: nosniff\r\n"), "{answer}");

    drop(first);
    let served = async {
        loop {
            let mut stream = connect(&server).await;
            stream.write_all(post("{hello}", "").as_bytes()).await.expect("it is accepted");
            if read_some(&mut stream).await.starts_with("HTTP/1.1 200 ") {
                break;
            }
        }
    };
    timeout(DEADLINE, served).await.expect("a place that became free is given again");
}

#[tokio::test]
async fn stopping_finishes_requests_and_takes_no_more() {
    let server = start(ServerLimits::default()).await;
    let address = server.address;
    let mut idle = connect(&server).await;
    idle.write_all(post("{hello}", "").as_bytes()).await.expect("the connection is open");
    read_some(&mut idle).await;
    let mut busy = connect(&server).await;
    // The head is sent, the body not yet: the request has begun.
    let request = post("{waits(ms: 200)}", "expect: 100-continue\r\n");
    let (head, body) = request.split_once("\r\n\r\n").expect("a request has a head");
    busy.write_all(format!("{head}\r\n\r\n").as_bytes()).await.expect("the connection is open");
    assert!(read_some(&mut busy).await.starts_with("HTTP/1.1 100 "));

    let stopped = server.stop();
    assert_eq!(read_to_close(&mut idle).await, "", "an idle connection is closed at once");
    let refused = TcpStream::connect(address).await;
    assert!(refused.is_err(), "nothing listens any more");
    busy.write_all(body.as_bytes()).await.expect("the connection is open");
    let answer = read_to_close(&mut busy).await;
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    timeout(DEADLINE, stopped).await.expect("the server stops").expect("without a panic");
}

#[tokio::test]
async fn draining_has_an_end() {
    let server = start(ServerLimits { drain: Duration::from_millis(200), ..ServerLimits::default() }).await;
    let mut stream = connect(&server).await;
    let request = post("{waitsForEver}", "expect: 100-continue\r\n");
    let (head, body) = request.split_once("\r\n\r\n").expect("a request has a head");
    stream.write_all(format!("{head}\r\n\r\n").as_bytes()).await.expect("the connection is open");
    assert!(read_some(&mut stream).await.starts_with("HTTP/1.1 100 "));
    stream.write_all(body.as_bytes()).await.expect("the connection is open");
    let started = Instant::now();
    timeout(DEADLINE, server.stop()).await.expect("the server stops").expect("without a panic");
    assert!(started.elapsed() < Limits::default().execution, "it did not wait for the request");
    assert_eq!(read_to_close(&mut stream).await, "");
}

#[tokio::test]
async fn a_client_that_takes_nothing_is_let_go() {
    let idle = Duration::from_millis(100);
    let server = start(ServerLimits { idle, ..ServerLimits::default() }).await;
    let mut greedy = connect(&server).await;
    let requests = post("{__schema{types{name description fields{name description}}}}", "").repeat(200);
    // Asks again and again and never reads, until the server's and the client's buffers are full and it gives up.
    let asking = async { while greedy.write_all(requests.as_bytes()).await.is_ok() {} };
    timeout(DEADLINE, asking).await.expect("the server gives up on the client");
}

/// Two parties that find different ends of the same request take its rest for another one (request smuggling).
#[tokio::test]
async fn a_request_ends_where_its_chunks_end_or_is_refused() {
    let server = start(ServerLimits::default()).await;
    let body = r#"{"query":"{hello}"}"#;
    let head = "POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n";
    let chunked = format!("{:x}\r\n{body}\r\n0\r\n\r\n", body.len());
    let last = "GET /nothing HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
    // By its content length the first request would end within its first chunk, and the rest would be another one.
    let both = format!("{head}content-length: 4\r\ntransfer-encoding: chunked\r\n\r\n{chunked}{last}");
    let mut stream = connect(&server).await;
    stream.write_all(both.as_bytes()).await.expect("the server listens");
    let answers = read_to_close(&mut stream).await;
    let statuses: Vec<_> = answers.split("HTTP/1.1 ").skip(1).filter_map(|answer| answer.split(' ').next()).collect();
    assert_eq!(statuses, ["200"], "the chunks are the request, and the connection is of no further use: {answers}");
    for lengths in [
        "content-length: 4\r\ncontent-length: 19\r\n",
        "content-length: 19, 4\r\n",
        "content-length: +19\r\n",
        "content-length: 0x13\r\n",
        "transfer-encoding: gzip\r\n",
        "transfer-encoding: chunked, identity\r\n",
    ] {
        let mut stream = connect(&server).await;
        let request = format!("{head}{lengths}\r\n{body}{last}");
        stream.write_all(request.as_bytes()).await.expect("the server listens");
        let answers = read_to_close(&mut stream).await;
        assert!(
            answers.starts_with("HTTP/1.1 400") && answers.matches("HTTP/1.1 ").count() == 1,
            "{lengths}: {answers}"
        );
    }
}
