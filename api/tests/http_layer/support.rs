//! A small real schema behind the real router and server, for tests of the HTTP layer alone.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use api::http::{
    Door, Follow, Limits, MakeData, MakeStanding, RequestError, RequestHead, RequestId, SecurityOptions, ServerLimits,
    Stand, Standing, Tls,
};
use api::settings::Mode;
use async_graphql::{Context, Data, Error, ErrorExtensions as _, Object, Schema, Subscription};
use futures_util::{FutureExt as _, Stream, StreamExt as _, stream};
use tokio::net::TcpListener;
use tokio::sync::{oneshot, watch};
use tokio::task::JoinHandle;
use uuid::Uuid;

pub struct Query;

#[Object]
impl Query {
    async fn hello(&self) -> &'static str {
        "world"
    }

    async fn caller(&self, context: &Context<'_>) -> String {
        context.data_unchecked::<String>().clone()
    }

    async fn request_id(&self, context: &Context<'_>) -> String {
        context.data_unchecked::<RequestId>().0.to_string()
    }

    async fn child(&self) -> Query {
        Query
    }

    async fn sum(&self, numbers: Vec<i32>) -> i32 {
        numbers.iter().sum()
    }

    async fn number(&self, number: i8) -> i8 {
        number
    }

    async fn panics(&self) -> i32 {
        "no number".parse().expect("the secret of the resolver")
    }

    async fn fails(&self) -> Result<Option<i32>, Error> {
        let failed = std::io::Error::other("the secret of the database");
        Ok(Some(std::future::ready(Err(failed)).await?))
    }

    async fn refuses(&self) -> Result<Option<i32>, Error> {
        let refusal = Error::new("not now").extend_with(|_, extensions| extensions.set("code", "NOT_NOW"));
        std::future::ready(Err(refusal)).await
    }

    async fn waits_for_ever(&self) -> i32 {
        std::future::pending().await
    }

    async fn waits(&self, ms: u64) -> u64 {
        tokio::time::sleep(Duration::from_millis(ms)).await;
        ms
    }
}

pub struct Mutation;

#[Object]
impl Mutation {
    async fn add(&self, a: i32, b: i32) -> i32 {
        a + b
    }

    async fn sign_in(&self) -> bool {
        false
    }
}

pub struct Subscriptions;

#[Subscription]
#[expect(clippy::unused_async, reason = "a subscription is a method that may wait")]
impl Subscriptions {
    /// Counts as often as it is asked again, a number each time that it may go on.
    async fn count(&self, context: &Context<'_>, to: u32) -> Result<impl Stream<Item = Number> + use<>, Error> {
        let follow = context.data_unchecked::<Follow>().clone();
        let from: u32 = follow.cursor().map_or(0, |cursor| cursor.parse().expect("a number of ours"));
        let caller = context.data_unchecked::<String>().clone();
        // Whoever counts to the end is done.
        if from < to {
            follow.wait_for(watch::channel(0).1);
            follow.has_more();
        }
        let next = from + 1;
        Ok(stream::iter((from < to).then(|| {
            MADE.fetch_add(1, Ordering::Relaxed);
            follow.went_to(next.to_string());
            Number { number: next, caller, padding: "x".repeat(PADDING) }
        })))
    }

    /// Says nothing, until it is ended.
    async fn silence(&self, context: &Context<'_>) -> impl Stream<Item = u32> + use<> {
        context.data_unchecked::<Follow>().wait_for(SILENT.subscribe());
        stream::empty()
    }

    async fn panics(&self) -> impl Stream<Item = u32> {
        stream::iter([1]).inspect(|_| panic!("the secret of the stream"))
    }
}

/// How many results of `count` were made.
pub static MADE: AtomicU32 = AtomicU32::new(0);

/// What makes a result so long that buffers fill up soon.
pub const PADDING: usize = 10_000;

/// A result of a subscription.
#[derive(async_graphql::SimpleObject)]
#[expect(clippy::struct_field_names, reason = "clients ask for it by this name")]
pub struct Number {
    number: u32,
    caller: String,
    padding: String,
}

/// What the subscription to silence waits for.
pub static SILENT: LazyLock<watch::Sender<u64>> = LazyLock::new(|| watch::channel(0).0);

/// Ends the session of whoever is called `ending`.
pub static ENDING: LazyLock<watch::Sender<Stand>> = LazyLock::new(|| watch::channel(Stand::Good(0)).0);
/// That of nobody.
static LASTING: LazyLock<watch::Sender<Stand>> = LazyLock::new(|| watch::channel(Stand::Good(0)).0);

/// Callers are known by their bearer token; `bad` and whoever has none are nobody.
fn make_standing() -> MakeStanding {
    Arc::new(|head: RequestHead| {
        async move {
            let name = match head.headers.get("authorization").and_then(|value| value.to_str().ok()) {
                Some("Bearer bad") => return Err(RequestError::Unauthenticated),
                Some(value) => value.trim_start_matches("Bearer ").to_owned(),
                None => return Ok(None),
            };
            let stand = if name == "ending" { ENDING.subscribe() } else { LASTING.subscribe() };
            Ok(Some(Standing { person: Uuid::new_v5(&Uuid::NAMESPACE_OID, name.as_bytes()), stand }))
        }
        .boxed()
    })
}

/// A running server, stopped when it is told to.
pub struct TestServer {
    pub address: SocketAddr,
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl TestServer {
    pub async fn start(limits: Limits, server_limits: ServerLimits, mode: Mode) -> Self {
        Self::start_over(None, limits, server_limits, mode).await
    }

    /// The same with a certificate.
    pub async fn start_over(tls: Option<Tls>, limits: Limits, server_limits: ServerLimits, mode: Mode) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback has a free port");
        let address = listener.local_addr().expect("it is bound");
        let origin = match mode {
            Mode::Development => format!("http://{address}"),
            Mode::Production => "https://desk.example".to_owned(),
        };
        let schema = Schema::new(Query, Mutation, Subscriptions);
        let router = api::http::router(
            schema,
            limits,
            SecurityOptions {
                mode,
                origin,
                proxies: api::http::TrustedProxies::default(),
                rates: api::http::RequestRates::UNREACHED,
            },
            Door { make_data: make_data(), make_standing: make_standing() },
            axum::Router::new(),
        );
        let (stop, stopped) = oneshot::channel::<()>();
        let task = tokio::spawn(api::http::serve_over(listener, tls, router, server_limits, stopped.map(drop)));
        Self { address, stop, task }
    }

    pub async fn with_defaults() -> Self {
        Self::start(Limits::default(), ServerLimits::default(), Mode::Development).await
    }

    pub fn url(&self) -> String {
        format!("http://{}/graphql", self.address)
    }

    /// Tells the server to stop, and gives what completes when it has.
    pub fn stop(self) -> JoinHandle<()> {
        self.stop.send(()).expect("the server still runs");
        self.task
    }
}

/// Callers are named by their bearer token; `bad` is nobody's.
fn make_data() -> MakeData {
    Arc::new(|head: RequestHead| {
        async move {
            let caller = match head.headers.get("authorization").and_then(|value| value.to_str().ok()) {
                Some("Bearer bad") => return Err(RequestError::Unauthenticated),
                Some(value) => value.trim_start_matches("Bearer ").to_owned(),
                None => "nobody".to_owned(),
            };
            let mut data = Data::default();
            data.insert(caller);
            data.insert(head.request_id);
            Ok(data)
        }
        .boxed()
    })
}
