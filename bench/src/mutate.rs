//! Rows: `casePostMessage` through the HTTP server until what it wrote is in the answer, at 8 and at 32 clients, beside
//! a request that reads nothing and beside one insert by pgbench.

use std::{net::SocketAddr, sync::Arc};

use api::{
    files::{FileLimits, FileStore, Files},
    graphql::GlobalId,
    http::{self, Limits, SecurityOptions, ServerLimits},
    identity::{NewToken, Tokens},
    service::{Parts, Service},
    settings::Mode,
    telemetry,
};
use bytes::Bytes;
use domain::{CaseId, Role};
use http_body_util::{BodyExt as _, Full};
use hyper::{Request, StatusCode, client::conn::http1::SendRequest, header};
use hyper_util::rt::TokioIo;
use projections::Visibility;
use serde_json::{Value, json};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::oneshot,
};

use crate::{
    Result,
    measure::{Client, Load, ROUNDS, drive, median},
    pgbench::{Floor, Pgbench},
    say,
    table::{Row, rate},
    world::World,
};

const FEW: usize = 8;
const MANY: usize = 32;
const P50_BAR_MS: f64 = 5.0;
const P99_BAR_MS: f64 = 25.0;
const RATE_BAR: f64 = 2_500.0;

const POST: &str = "mutation Post($input: CasePostMessageInput!) { casePostMessage(input: $input) { \
                    pending userErrors { code message } case { version activity(first: 1) { nodes { text } } } } }";
const NOTHING: &str = "{ __typename }";

/// Serves, and measures from outside.
pub async fn rows(world: &World) -> Result<Vec<Row>> {
    let pgbench = Pgbench::prepare(world).await?;
    // The service counts as it does in production.
    let _metrics = telemetry::start_metrics()?;
    let store = &world.store;
    let files = tempfile::tempdir()?;
    let service = Service::start(Parts {
        pool: store.pool.clone(),
        log: store.log.clone(),
        master: Arc::clone(&store.master),
        clock: store.clock.clone(),
        ids: store.ids.clone(),
        files: Files::new(FileStore::in_folder(files.path())?, FileLimits::default()),
    })
    .await?;
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let security = SecurityOptions {
        mode: Mode::Production,
        origin: format!("http://{address}"),
        proxies: api::http::TrustedProxies::default(),
        rates: api::http::RequestRates::UNREACHED,
    };
    let router = service.router(Limits::default(), security);
    let (stop, stopped) = oneshot::channel::<()>();
    let server = tokio::spawn(http::serve(listener, router, ServerLimits::default(), async {
        let _ = stopped.await;
    }));
    say("waiting for the read models");
    let last: i64 = sqlx::query_scalar("select max(position) from events").fetch_one(&world.owner).await?;
    while service.services().projector.wait_until(last, ROUND_UP).await == Visibility::Pending {}
    let measured = compare(world, &pgbench, address).await;
    drop(stop);
    server.await?;
    service.stop().await;
    measured
}

/// How long to wait for the read models before looking again.
const ROUND_UP: std::time::Duration = std::time::Duration::from_mins(1);

/// What the rounds at one number of clients came to.
#[derive(Default)]
struct Rounds {
    posts: Vec<Load>,
    nothings: Vec<Load>,
    floors: Vec<Floor>,
}

async fn compare(world: &World, pgbench: &Pgbench, address: SocketAddr) -> Result<Vec<Row>> {
    let new = NewToken {
        name: "Benchmark".to_owned(),
        roles: vec![Role::Agent],
        accounts: vec![],
        scopes: vec![],
        expires_at: None,
    };
    let store = &world.store;
    let token = Tokens::new(store.pool.clone(), store.clock.clone()).create(&new, &store.log, &store.ids).await?.token;
    let few = rounds(world, pgbench, address, &token, FEW).await?;
    let many = rounds(world, pgbench, address, &token, MANY).await?;
    Ok(vec![few.latency(), many.throughput()])
}

async fn rounds(world: &World, pgbench: &Pgbench, address: SocketAddr, token: &str, clients: usize) -> Result<Rounds> {
    let mut rounds = Rounds::default();
    for round in 1..=ROUNDS {
        say(&format!("mutate, {clients} clients, round {round}"));
        rounds.floors.push(pgbench.run(clients).await?);
        // Connected anew for every round: the server lets go of those who say nothing for ten seconds.
        let mut posters = vec![];
        for client in 0..clients {
            let cases: Vec<CaseId> = world.cases.iter().copied().skip(client).step_by(clients).collect();
            posters.push(Poster { http: Http::connect(address, token).await?, cases, round, turn: 0 });
        }
        rounds.posts.push(drive(posters).await?.0);
        let mut idlers = vec![];
        for _ in 0..clients {
            idlers.push(Idler { http: Http::connect(address, token).await? });
        }
        rounds.nothings.push(drive(idlers).await?.0);
    }
    Ok(rounds)
}

impl Rounds {
    fn latency(&self) -> Row {
        let p50_ms = median(self.posts.iter().map(|load| load.p50_ms));
        let p99_ms = median(self.posts.iter().map(|load| load.p99_ms));
        let nothing_ms = median(self.nothings.iter().map(|load| load.p50_ms));
        let insert_ms = median(self.floors.iter().map(|floor| floor.mean_ms));
        Row {
            what: format!("`casePostMessage` until readable, {FEW} clients"),
            ours: format!("p50 {p50_ms:.2} ms, p99 {p99_ms:.2} ms"),
            beside: format!("`{NOTHING}` p50 {nothing_ms:.2} ms; one insert by pgbench {insert_ms:.2} ms"),
            ratio: None,
            bar: format!("p50 at most {P50_BAR_MS} ms, p99 at most {P99_BAR_MS} ms"),
            is_met: p50_ms <= P50_BAR_MS && p99_ms <= P99_BAR_MS,
        }
    }

    fn throughput(&self) -> Row {
        let ours = median(self.posts.iter().map(|load| load.per_second));
        let nothing = median(self.nothings.iter().map(|load| load.per_second));
        let insert = median(self.floors.iter().map(|floor| floor.per_second));
        Row {
            what: format!("`casePostMessage` until readable, {MANY} clients"),
            ours: rate(ours),
            beside: format!("`{NOTHING}` {}; inserts by pgbench {}", rate(nothing), rate(insert)),
            ratio: Some(ours / insert),
            bar: format!("at least {}", rate(RATE_BAR)),
            is_met: ours >= RATE_BAR,
        }
    }
}

/// Posts to cases that nobody else touches, and looks for the words in the answer.
struct Poster {
    http: Http,
    cases: Vec<CaseId>,
    round: usize,
    turn: usize,
}

impl Client for Poster {
    async fn call(&mut self) -> Result<()> {
        self.turn += 1;
        let case_id = self.cases[self.turn % self.cases.len()];
        let words = format!("{} This is our message {} about it.", crate::world::WORDS, self.turn);
        let variables = json!({ "input": {
            "caseId": case_id.global().0, "body": words, "idempotencyKey": self.key(),
        } });
        let answer = self.http.post(&json!({ "query": POST, "variables": variables })).await?;
        let payload = &answer["data"]["casePostMessage"];
        if payload["case"]["activity"]["nodes"][0]["text"] != words || payload["pending"] != false {
            return Err(format!("what was written is not in the answer: {answer}").into());
        }
        Ok(())
    }
}

impl Poster {
    /// A key that no other request has.
    fn key(&self) -> String {
        format!("{} {} {} {}", self.cases[0], self.cases.len(), self.round, self.turn)
    }
}

/// Asks for nothing.
struct Idler {
    http: Http,
}

impl Client for Idler {
    async fn call(&mut self) -> Result<()> {
        let answer = self.http.post(&json!({ "query": NOTHING })).await?;
        match answer["data"]["__typename"].as_str() {
            Some(_) => Ok(()),
            None => Err(format!("no answer: {answer}").into()),
        }
    }
}

/// One kept connection to the server.
struct Http {
    sender: SendRequest<Full<Bytes>>,
    host: String,
    authorization: String,
}

impl Http {
    async fn connect(address: SocketAddr, token: &str) -> Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        let (sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
        tokio::spawn(connection);
        Ok(Self { sender, host: address.to_string(), authorization: format!("Bearer {token}") })
    }

    async fn post(&mut self, body: &Value) -> Result<Value> {
        let request = Request::post("/graphql")
            .header(header::HOST, &self.host)
            .header(header::AUTHORIZATION, &self.authorization)
            .header(header::CONTENT_TYPE, "application/json")
            .body(Full::new(Bytes::from(body.to_string())))?;
        self.sender.ready().await?;
        let response = self.sender.send_request(request).await?;
        let status = response.status();
        let body = response.into_body().collect().await?.to_bytes();
        if status != StatusCode::OK {
            return Err(format!("answered {status}: {}", String::from_utf8_lossy(&body)).into());
        }
        Ok(serde_json::from_slice(&body)?)
    }
}
