//! The accept loop: what a slow, silent or crowding client can hold, and how the server stops.
//!
//! `axum::serve` waits for ever on a client that sends one header byte a minute. Here every wait has an end: the
//! header, the next piece of a body, and the client's taking of the answer. Over the connection cap a client is
//! answered 503 with `Retry-After` rather than left waiting in the kernel's queue without a word. With a certificate all of
//! that is said over TLS, and shaking hands has an end, too.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::header::CONNECTION;
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_io_timeout::TimeoutStream;
use tokio_rustls::server::TlsStream;
use tokio_util::sync::CancellationToken;
use tokio_util::task::{TaskTracker, task_tracker::TaskTrackerToken};
use tower::ServiceExt as _;
use tower_http::timeout::TimeoutBody;

use super::{RequestError, Tls};

/// What the server gives to its connections.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerLimits {
    /// Time to send a request's header, counted from the connection's or the last answer's end; so also how long a
    /// kept-alive connection may idle. To shake hands there is as much before.
    pub header: Duration,
    /// Time without progress while a body comes in or an answer goes out.
    pub idle: Duration,
    /// Connections served at once.
    pub connections: usize,
    /// Time that requests get to finish once shutdown has begun.
    pub drain: Duration,
}

impl Default for ServerLimits {
    fn default() -> Self {
        Self {
            header: Duration::from_secs(10),
            idle: Duration::from_secs(30),
            connections: 10_000,
            drain: Duration::from_secs(30),
        }
    }
}

/// The other end of the connection that a request came over, in the request's extensions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Peer(pub SocketAddr);

/// Connections over the cap that are told so at once; beyond these, accepting pauses.
const TURNED_AWAY_AT_ONCE: usize = 64;

/// What a client over the cap is given: enough to send a request and be told to come back.
const TURNED_AWAY_LIMIT: Duration = Duration::from_secs(2);

/// When a client over the cap may try again.
const TURNED_AWAY_RETRY: Duration = Duration::from_secs(1);

/// Longest request head, in bytes: request line and headers. What hyper reads in one go may be longer, so it is measured here, too.
const HEAD_BYTES: usize = 64 * 1024;

/// Pause after an accept failed for want of file descriptors, which only time gives back.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Serves `router` by HTTP/1.1 on `listener` until `shutdown` completes; then accepts no more, lets requests finish for
/// at most [`ServerLimits::drain`], and returns.
///
/// The router has the layers of [`super::with_layers`]: they answer the connections over the cap.
pub async fn serve(listener: TcpListener, router: Router, limits: ServerLimits, shutdown: impl Future<Output = ()>) {
    serve_over(listener, None, router, limits, shutdown).await;
}

/// The same, and with a certificate over TLS alone.
pub async fn serve_over(
    listener: TcpListener,
    tls: Option<Tls>,
    router: Router,
    limits: ServerLimits,
    shutdown: impl Future<Output = ()>,
) {
    let server = Server {
        served: Protocol::new(tls.clone(), limits.header),
        turned_away: Protocol::new(tls, TURNED_AWAY_LIMIT.min(limits.header)),
        router,
        idle: limits.idle,
        life: Life::default(),
    };
    let served = Arc::new(Semaphore::new(limits.connections));
    let turned_away = Arc::new(Semaphore::new(TURNED_AWAY_AT_ONCE));
    let mut shutdown = std::pin::pin!(shutdown);
    loop {
        let (stream, peer) = tokio::select! {
            () = &mut shutdown => break,
            accepted = accept(&listener) => accepted,
        };
        if let Ok(permit) = Arc::clone(&served).try_acquire_owned() {
            server.spawn(stream, peer, permit);
            continue;
        }
        metrics::counter!("http_connections_turned_away_total").increment(1);
        tokio::select! {
            () = &mut shutdown => break,
            permit = Arc::clone(&turned_away).acquire_owned() => {
                let permit = permit.expect("the semaphore is never closed");
                server.spawn_refusal(stream, permit);
            }
        }
    }
    drop(listener);
    server.life.closing.cancel();
    server.life.open.close();
    if tokio::time::timeout(limits.drain, server.life.open.wait()).await.is_err() {
        let drain_s = limits.drain.as_secs();
        tracing::warn!(drain_s, "requests did not finish in time and are cut off");
        server.life.cut.cancel();
    }
}

/// Waits for the next connection, whatever fails meanwhile.
async fn accept(listener: &TcpListener) -> (TcpStream, SocketAddr) {
    loop {
        match listener.accept().await {
            Ok(accepted) => return accepted,
            // The client left before it was served.
            Err(error) if is_about_one_connection(&error) => {}
            Err(error) => {
                tracing::error!(%error, "connections cannot be accepted");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

fn is_about_one_connection(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

/// What is spoken on connections.
#[derive(Clone)]
struct Protocol {
    tls: Option<Tls>,
    /// How long shaking hands may take.
    handshake: Duration,
    http: http1::Builder,
}

impl Protocol {
    fn new(tls: Option<Tls>, header: Duration) -> Self {
        let mut http = http1::Builder::new();
        http.timer(TokioTimer::new()).header_read_timeout(header).max_buf_size(HEAD_BYTES);
        Self { tls, handshake: header, http }
    }
}

struct Server {
    served: Protocol,
    turned_away: Protocol,
    router: Router,
    idle: Duration,
    life: Life,
}

/// How long connections may go on. Clones are of one server.
#[derive(Clone, Default)]
struct Life {
    /// Cancelled when the server begins to stop: what has no end of its own is to end now.
    closing: CancellationToken,
    /// Cancelled when draining took too long.
    cut: CancellationToken,
    /// The connections that are open.
    open: TaskTracker,
}

/// The connection that a request came over, in the request's extensions: for answers that go on for as long as it does.
#[derive(Clone, Default)]
pub struct Connection {
    life: Life,
    /// Its place under the cap.
    _place: Option<Arc<OpenConnection>>,
}

impl Connection {
    /// Keeps the server from having stopped, and the connection's place under the cap, until it is dropped: for a socket, which leaves
    /// HTTP behind.
    pub(super) fn keep(&self) -> (TaskTrackerToken, Self) {
        (self.life.open.token(), self.clone())
    }

    /// Completes when the server begins to stop.
    pub(super) async fn closing(&self) {
        self.life.closing.cancelled().await;
    }

    /// Completes when the server waits no longer.
    pub(super) async fn cut(&self) {
        self.life.cut.cancelled().await;
    }
}

impl Server {
    /// Serves a connection that has a place under the cap.
    fn spawn(&self, stream: TcpStream, peer: SocketAddr, permit: OwnedSemaphorePermit) {
        let (router, idle) = (self.router.clone(), self.idle);
        let connection = Connection { life: self.life.clone(), _place: Some(Arc::new(OpenConnection::new(permit))) };
        let held = connection.clone();
        let service = service_fn(move |request: hyper::Request<Incoming>| {
            let mut request: Request = request.map(|body| Body::new(TimeoutBody::new(idle, body)));
            request.extensions_mut().insert(Peer(peer));
            request.extensions_mut().insert(connection.clone());
            router.clone().oneshot(request)
        });
        run(&self.served, stream, self.idle, service, &self.life, held);
    }

    /// Reads one request of a connection over the cap, for [`turn_away`] to answer.
    fn spawn_refusal(&self, stream: TcpStream, permit: OwnedSemaphorePermit) {
        let router = self.router.clone();
        let service = service_fn(move |request: hyper::Request<Incoming>| {
            let mut request: Request = request.map(Body::new);
            request.extensions_mut().insert(OverCap);
            router.clone().oneshot(request)
        });
        run(&self.turned_away, stream, TURNED_AWAY_LIMIT, service, &self.life, permit);
    }
}

/// Marks a request whose connection is over the cap.
#[derive(Debug, Clone, Copy)]
struct OverCap;

/// The middleware that answers requests over the cap, inside those for headers and metrics, so that an overload is
/// seen like any other answer.
pub(super) async fn turn_away(request: Request, next: Next) -> Response {
    if request.extensions().get::<OverCap>().is_none() {
        return next.run(request).await;
    }
    let mut response = RequestError::Unavailable { retry_after: TURNED_AWAY_RETRY }.into_response();
    response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    response
}

/// The middleware that refuses a head over the limit which was read nevertheless.
pub(super) async fn refuse_long_heads(request: Request, next: Next) -> Response {
    if head_bytes(&request) > HEAD_BYTES {
        return RequestError::HeadTooLarge { limit_bytes: HEAD_BYTES }.into_response();
    }
    next.run(request).await
}

/// How long a request's head is as clients write it.
fn head_bytes(request: &Request) -> usize {
    const AROUND_THE_TARGET: usize = "  HTTP/1.1\r\n\r\n".len();
    const AROUND_A_HEADER: usize = ": \r\n".len();
    let target = request.method().as_str().len() + request.uri().to_string().len() + AROUND_THE_TARGET;
    let header = |(name, value): (&HeaderName, &HeaderValue)| name.as_str().len() + value.len() + AROUND_A_HEADER;
    target + request.headers().iter().map(header).sum::<usize>()
}

/// Holds a place under the cap, and counts itself among the open connections, until the connection ends.
struct OpenConnection {
    _permit: OwnedSemaphorePermit,
}

impl OpenConnection {
    fn new(permit: OwnedSemaphorePermit) -> Self {
        metrics::gauge!("http_connections_open").increment(1);
        Self { _permit: permit }
    }
}

impl Drop for OpenConnection {
    fn drop(&mut self) {
        metrics::gauge!("http_connections_open").decrement(1);
    }
}

/// Runs one connection in a task of its own, which keeps `held` until it ends, or becomes a socket.
fn run<S, H>(protocol: &Protocol, stream: TcpStream, idle: Duration, service: S, life: &Life, held: H)
where
    S: Service<hyper::Request<Incoming>, Response = Response, Error = Infallible> + Send + 'static,
    S::Future: Send + 'static,
    H: Send + 'static,
{
    // Answers are written whole; waiting to fill a packet would only delay them. Failing costs that delay.
    let _ = stream.set_nodelay(true);
    let stream = with_write_timeout(stream, idle);
    let (protocol, life) = (protocol.clone(), life.clone());
    let token = life.open.token();
    tokio::spawn(async move {
        match &protocol.tls {
            None => drive(&protocol.http, stream, service, &life).await,
            Some(tls) => {
                if let Some(stream) = shake_hands(tls, stream, protocol.handshake, &life).await {
                    drive(&protocol.http, stream, service, &life).await;
                }
            }
        }
        drop((held, token));
    });
}

/// A client's connection without TLS, or below it.
type Clear = Pin<Box<TimeoutStream<TcpStream>>>;

/// Agrees with a client on how to encrypt; nothing when it takes too long, speaks something else, or the server stops.
async fn shake_hands(tls: &Tls, stream: Clear, limit: Duration, life: &Life) -> Option<TlsStream<Clear>> {
    let shaken = tokio::select! {
        shaken = tokio::time::timeout(limit, tls.acceptor().accept(stream)) => shaken,
        () = life.closing.cancelled() => return None,
    };
    match shaken.unwrap_or_else(|late| Err(late.into())) {
        Ok(stream) => Some(stream),
        Err(error) => {
            metrics::counter!("http_tls_handshakes_failed_total").increment(1);
            tracing::debug!(%error, "no TLS connection came about");
            None
        }
    }
}

/// Speaks HTTP until either side ends it.
async fn drive<I, S>(http: &http1::Builder, stream: I, service: S, life: &Life)
where
    I: AsyncRead + AsyncWrite + Send + Unpin + 'static,
    S: Service<hyper::Request<Incoming>, Response = Response, Error = Infallible>,
{
    let connection = http.serve_connection(TokioIo::new(stream), service).with_upgrades();
    let mut connection = std::pin::pin!(connection);
    let mut is_closing = false;
    loop {
        tokio::select! {
            ended = connection.as_mut() => {
                if let Err(error) = ended {
                    tracing::debug!(%error, "connection ended early");
                }
                break;
            }
            () = life.closing.cancelled(), if !is_closing => {
                is_closing = true;
                connection.as_mut().graceful_shutdown();
            }
            () = life.cut.cancelled() => break,
        }
    }
}

/// A client that takes nothing of its answer for `idle` is let go. Reading has no limit here: a request may well be
/// silent while it waits for its answer, and bodies have a limit of their own.
fn with_write_timeout(stream: TcpStream, idle: Duration) -> Clear {
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(idle));
    Box::pin(stream)
}
