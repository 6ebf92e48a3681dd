//! `GET /graphql/ws`: operations on a socket.
//!
//! One task has the socket; each operation has a task of its own, which hands over what is to be said through a channel of a few
//! places. Whoever reads slowly makes operations wait there, and whoever reads nothing for the server's idle time is let go.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;
use std::time::Duration;

use async_graphql::Executor;
use async_graphql::parser::types::OperationType;
use axum::RequestExt as _;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::extract::{Request, State};
use axum::http::header::{AUTHORIZATION, COOKIE};
use axum::http::{HeaderMap, HeaderValue, Method};
use axum::response::Response;
use serde_json::json;
use serde_json::value::RawValue;
use tokio::sync::mpsc;
use tokio::task::AbortHandle;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep, timeout};

use super::conversation::{Conversation, Said};
use super::places::Place;
use super::protocol::{self, Close, FromClient, ToClient};
use super::standing::Standing;
use crate::http::graphql::{Endpoint, Occasion, Origin};
use crate::http::media::Media;
use crate::http::server::Connection;
use crate::http::{RequestError, is_same_origin, request};

/// What operations have handed over and the socket has not taken yet, in messages.
const AHEAD: usize = 8;
/// What a socket sets aside for reading and for writing, in bytes: there are thousands, and most are silent.
const BUFFER_BYTES: usize = 4 * 1024;
/// How long a client that is told that the socket closes may take to say that it knows.
const FAREWELL: Duration = Duration::from_secs(2);

/// Answers with a socket. A browser's cookies count from pages of ours alone.
pub async fn open_socket<E: Executor>(State(endpoint): State<Arc<Endpoint<E>>>, mut request: Request) -> Response {
    let upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection> = request.extract_parts().await;
    let (head, _) = request.into_parts();
    if head.headers.contains_key(COOKIE) && !is_same_origin(&Method::POST, &head.headers, &endpoint.origin) {
        return RequestError::CrossOrigin.answer(Media::Json);
    }
    let Ok(upgrade) = upgrade else {
        let message = "this is for WebSockets with the subprotocol graphql-transport-ws".into();
        return RequestError::Malformed { message }.answer(Media::Json);
    };
    let connection = head.extensions.get::<Connection>().cloned().unwrap_or_default();
    let mut origin = Origin::of(&head);
    origin.headers = credentials(&origin.headers);
    // A message over the limit is read as far as twice that: then the client, still sending, sees why the socket is closed.
    let limit = endpoint.limits.body_bytes * 2;
    let held = connection.keep();
    upgrade
        .protocols([protocol::NAME])
        .read_buffer_size(BUFFER_BYTES)
        .write_buffer_size(0)
        .max_message_size(limit)
        .max_frame_size(limit)
        .on_upgrade(async move |socket| {
            let is_ours = socket.protocol().is_some_and(|name| name == protocol::NAME);
            let mut session = Session::new(endpoint, origin, socket);
            let close = if is_ours { session.run(&connection).await } else { Some(Close::Subprotocol) };
            session.end(close).await;
            drop(held);
        })
}

/// All that is kept of the headers for the operations to come.
fn credentials(headers: &HeaderMap) -> HeaderMap {
    let kept = [AUTHORIZATION, COOKIE].into_iter();
    kept.flat_map(|name| headers.get_all(&name).iter().map(move |value| (name.clone(), value.clone()))).collect()
}

/// A socket and what is open on it.
struct Session<E> {
    endpoint: Arc<Endpoint<E>>,
    origin: Arc<Origin>,
    socket: WebSocket,
    /// Who speaks, once they have said so.
    speaker: Option<(Standing, Place)>,
    operations: HashMap<Arc<str>, Open>,
    /// Tells one operation from an earlier one of the same id.
    serial: u64,
    hand_over: mpsc::Sender<Outgoing>,
    outgoing: mpsc::Receiver<Outgoing>,
}

/// An operation that is open.
struct Open {
    serial: u64,
    task: AbortHandle,
}

impl Drop for Open {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// What an operation says; nothing: that it has ended.
struct Outgoing {
    id: Arc<str>,
    serial: u64,
    said: Option<Said>,
}

/// What goes on with a socket: it is closed, with a farewell or without.
type Ends = Option<Close>;

impl<E: Executor> Session<E> {
    fn new(endpoint: Arc<Endpoint<E>>, origin: Origin, socket: WebSocket) -> Self {
        let (hand_over, outgoing) = mpsc::channel(AHEAD);
        let (operations, origin) = (HashMap::new(), Arc::new(origin));
        Self { endpoint, origin, socket, speaker: None, operations, serial: 0, hand_over, outgoing }
    }

    /// Serves the socket until it ends.
    async fn run(&mut self, connection: &Connection) -> Ends {
        let limits = self.endpoint.limits.live;
        let mut hello = Box::pin(sleep(limits.hello));
        let mut ticks = interval(limits.keep_alive);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut heard = Instant::now();
        loop {
            let is_known = self.speaker.is_some();
            let speaker = self.speaker.as_mut().map(|(standing, _)| standing);
            let ended = async {
                match speaker {
                    Some(standing) => standing.ended().await,
                    None => std::future::pending().await,
                }
            };
            let frame = tokio::select! {
                biased;
                () = connection.closing() => return Some(Close::GoingAway),
                () = ended => return Some(Close::SessionEnded),
                () = &mut hello, if !is_known => return Some(Close::InitTimeout),
                _ = ticks.tick() => {
                    if heard.elapsed() > limits.keep_alive * 3 {
                        return None;
                    }
                    Some(Message::Ping(Vec::new().into()))
                }
                received = self.socket.recv() => {
                    heard = Instant::now();
                    match received {
                        Some(Ok(message)) if message_len(&message) > self.endpoint.limits.body_bytes => {
                            return Some(Close::TooLong);
                        }
                        Some(Ok(Message::Text(text))) => match self.hear(text.as_str()).await {
                            Ok(answer) => answer,
                            Err(close) => return Some(close),
                        },
                        Some(Ok(Message::Binary(_))) => return Some(Close::BadRequest),
                        Some(Ok(Message::Ping(_) | Message::Pong(_))) => None,
                        Some(Ok(Message::Close(_))) | None => return None,
                        Some(Err(error)) => return closed_by(&error),
                    }
                }
                outgoing = self.outgoing.recv() => self.speak(&outgoing.expect("the session holds a sender")),
            };
            let Some(frame) = frame else { continue };
            tokio::select! {
                sent = self.socket.send(frame) => if sent.is_err() { return None },
                () = connection.cut() => return None,
            }
        }
    }

    /// Takes a message of the client; answers with what is said at once, if anything.
    async fn hear(&mut self, text: &str) -> Result<Option<Message>, Close> {
        match FromClient::read(text).ok_or(Close::BadRequest)? {
            FromClient::ConnectionInit(_) if self.speaker.is_some() => Err(Close::TooManyInits),
            FromClient::ConnectionInit(payload) => {
                self.speaker = Some(self.welcome(payload).await?);
                Ok(ToClient::ConnectionAck.frame())
            }
            FromClient::Ping(payload) => {
                let payload = payload.and_then(|payload| RawValue::from_string(payload.to_owned()).ok());
                Ok(ToClient::Pong { payload: payload.as_deref() }.frame())
            }
            FromClient::Pong => Ok(None),
            FromClient::Subscribe { id, payload } => self.begin(&id, payload),
            FromClient::Complete { id } => {
                self.operations.remove(&*id);
                Ok(None)
            }
        }
    }

    /// Makes out who speaks, by what they say or by the headers that the socket was opened with.
    async fn welcome(&mut self, payload: Option<&str>) -> Result<(Standing, Place), Close> {
        if let Some(authorization) = payload.and_then(protocol::authorization) {
            let value = HeaderValue::try_from(authorization).map_err(|_| Close::Forbidden)?;
            Arc::make_mut(&mut self.origin).headers.insert(AUTHORIZATION, value);
        }
        let head = self.origin.head(OperationType::Subscription, Occasion::Live);
        let standing = timeout(self.endpoint.limits.execution, (self.endpoint.door.make_standing)(head)).await;
        let standing = match standing {
            Ok(Ok(standing)) => standing.ok_or(Close::Forbidden)?,
            Ok(Err(RequestError::Unauthenticated)) => return Err(Close::Forbidden),
            Ok(Err(_)) | Err(_) => return Err(Close::TryAgainLater),
        };
        let place = self.endpoint.places.take(standing.person).ok_or(Close::TryAgainLater)?;
        Ok((standing, place))
    }

    /// Begins an operation.
    fn begin(&mut self, id: &str, payload: &str) -> Result<Option<Message>, Close> {
        let (standing, _) = self.speaker.as_ref().ok_or(Close::NotAcknowledged)?;
        let limit = self.endpoint.limits.live.operations;
        let is_full = self.operations.len() >= limit;
        let id: Arc<str> = id.into();
        let Entry::Vacant(place) = self.operations.entry(Arc::clone(&id)) else { return Err(Close::SubscriberExists) };
        if is_full {
            let message = format!("there are {limit} operations on this socket; end one first, or open another socket");
            let error = json!([{ "message": message, "extensions": { "code": "OPERATION_LIMIT_EXCEEDED" } }]);
            return Ok(ToClient::Error { id: &id, payload: &error }.frame());
        }
        let parameters = request::parse_json(payload).map_err(|_| Close::BadRequest)?;
        self.serial += 1;
        let (serial, hand_over) = (self.serial, self.hand_over.clone());
        // Each operation has an id of its own in the log, as each request has.
        let origin = Arc::new(self.origin.anew());
        let mut conversation =
            Box::new(Conversation::new(Arc::clone(&self.endpoint), origin, Some(standing.clone()), parameters));
        let task = tokio::spawn(async move {
            loop {
                let said = conversation.next().await;
                let is_end = said.is_none();
                let outgoing = Outgoing { id: Arc::clone(&id), serial, said };
                if hand_over.send(outgoing).await.is_err() || is_end {
                    break;
                }
            }
        });
        place.insert(Open { serial, task: task.abort_handle() });
        Ok(None)
    }

    /// What an operation says as a frame; nothing of one that was ended by the client, or that has said its last.
    fn speak(&mut self, outgoing: &Outgoing) -> Option<Message> {
        let Outgoing { id, serial, said } = outgoing;
        if self.operations.get(id).is_none_or(|open| open.serial != *serial) {
            return None;
        }
        match said {
            Some(Said::Next(response)) => ToClient::Next { id, payload: response }.frame().or_else(|| {
                let error = RequestError::internal(&"a result that is no JSON").entry();
                self.operations.remove(id);
                ToClient::Error { id, payload: &json!([error]) }.frame()
            }),
            Some(Said::Refused(errors)) => {
                self.operations.remove(id);
                ToClient::Error { id, payload: errors }.frame()
            }
            None => {
                self.operations.remove(id);
                ToClient::Complete { id }.frame()
            }
        }
    }

    /// Ends all that is open, says why, and waits a moment for the client to have heard it.
    async fn end(mut self, close: Ends) {
        self.operations.clear();
        let Some(close) = close else { return };
        tracing::debug!(code = close.frame().0, "a socket is closed");
        let farewell = async {
            if self.socket.send(close.message()).await.is_ok() {
                while let Some(Ok(_)) = self.socket.recv().await {}
            }
        };
        let _ = timeout(FAREWELL, farewell).await;
    }
}

/// How long a message is, in bytes.
fn message_len(message: &Message) -> usize {
    match message {
        Message::Text(text) => text.len(),
        Message::Binary(bytes) | Message::Ping(bytes) | Message::Pong(bytes) => bytes.len(),
        Message::Close(_) => 0,
    }
}

/// How a socket is closed whose message could not be read. The library says why in words alone.
fn closed_by(error: &axum::Error) -> Ends {
    error.to_string().contains("too long").then_some(Close::TooLong)
}
