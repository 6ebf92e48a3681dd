//! Following subscriptions as clients do: by a socket, or by a stream of events.

use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use reqwest::{Response, header::ACCEPT};
use serde_json::{Value, json};
use tokio::{net::TcpStream, time::timeout};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{Message, client::IntoClientRequest as _},
};

use crate::TestCaller;

/// How long anything may take on a machine that builds and tests at the same time.
const DEADLINE: Duration = Duration::from_mins(1);

/// A socket of somebody.
pub struct TestSocket(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl TestCaller {
    /// Opens a socket and says who speaks.
    ///
    /// # Panics
    /// If the service does not take it.
    pub async fn socket(&self) -> TestSocket {
        let authorization = self.token.as_ref().map(|token| format!("Bearer {token}"));
        let hello = json!({ "type": "connection_init", "payload": { "authorization": authorization } });
        TestSocket::open(&self.beside("/graphql/ws"), &[], hello).await
    }

    /// Opens a stream of an operation.
    ///
    /// # Panics
    /// If the service does not answer with one.
    pub async fn stream(&self, document: &str, variables: &Value) -> TestStream {
        let request = self.request_to("/graphql/stream", document, variables);
        let response = request.header(ACCEPT, "text/event-stream").send().await.expect("the service answers");
        assert_eq!(response.status(), 200, "{document}");
        TestStream { response, rest: String::new() }
    }
}

impl TestSocket {
    /// Opens a socket at an address with some headers, and says who speaks.
    ///
    /// # Panics
    /// If the service does not take it.
    pub async fn open(url: &str, headers: &[(&'static str, &str)], hello: Value) -> Self {
        let mut request = url.replacen("http", "ws", 1).into_client_request().expect("an address");
        for (name, value) in headers.iter().chain(&[("sec-websocket-protocol", "graphql-transport-ws")]) {
            request.headers_mut().insert(*name, value.parse().expect("a header's value"));
        }
        let mut socket = Self(connect_async(request).await.expect("the service takes sockets").0);
        socket.send(hello).await;
        assert_eq!(socket.next().await, json!({ "type": "connection_ack" }));
        socket
    }

    /// Sends a message.
    ///
    /// # Panics
    /// If the socket is closed.
    pub async fn send(&mut self, message: Value) {
        self.0.send(Message::text(message.to_string())).await.expect("the socket is open");
    }

    /// Begins an operation.
    ///
    /// # Panics
    /// If the socket is closed.
    pub async fn subscribe(&mut self, id: &str, document: &str, variables: &Value) {
        let payload = json!({ "query": document, "variables": variables });
        self.send(json!({ "type": "subscribe", "id": id, "payload": payload })).await;
    }

    /// The next message.
    ///
    /// # Panics
    /// If the socket is closed.
    pub async fn next(&mut self) -> Value {
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

    /// The code with which the socket is closed, after whatever comes before.
    ///
    /// # Panics
    /// If it is not, or without a word.
    pub async fn closed(&mut self) -> u16 {
        loop {
            let received = timeout(DEADLINE, self.0.next()).await.expect("the socket is closed");
            if let Message::Close(Some(frame)) = received.expect("not without a word").expect("a message") {
                return frame.code.into();
            }
        }
    }
}

/// A stream of events.
pub struct TestStream {
    response: Response,
    rest: String,
}

impl TestStream {
    /// The next result; `None` when it is complete.
    ///
    /// # Panics
    /// If it ends without being complete.
    pub async fn next(&mut self) -> Option<Value> {
        loop {
            if let Some((event, rest)) = self.rest.split_once("\n\n") {
                let (event, rest) = (event.to_owned(), rest.to_owned());
                self.rest = rest;
                if event.starts_with(':') {
                    continue;
                }
                return event
                    .strip_prefix("event: next\ndata: ")
                    .map(|data| serde_json::from_str(data).expect("results are JSON"));
            }
            let piece = timeout(DEADLINE, self.response.chunk()).await.expect("something comes");
            let piece = piece.expect("the stream is not cut").expect("the stream says when it is complete");
            self.rest.push_str(std::str::from_utf8(&piece).expect("events are whole"));
        }
    }
}
