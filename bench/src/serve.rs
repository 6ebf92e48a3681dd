//! The service as it serves, and clients that ask it over HTTP.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use api::{
    credentials::{CredentialRules, Credentials},
    files::{FileLimits, FileStore, Files},
    http::{self, Limits, SecurityOptions, ServerLimits},
    identity::{NewToken, Peppers, Tokens},
    service::{Parts, Service},
    settings::Mode,
    telemetry,
};
use bytes::Bytes;
use domain::Role;
use http_body_util::{BodyExt as _, Full};
use hyper::{Request, StatusCode, client::conn::http1::SendRequest, header};
use hyper_util::rt::TokioIo;
use projections::Visibility;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::{
    net::{TcpListener, TcpStream},
    sync::oneshot,
    task::JoinHandle,
};

use crate::{Result, measure::Client, say, world::World};

/// What a client asks for who wants nothing: the floor of any request.
pub const NOTHING: &str = "{ __typename }";

/// How long to wait for the read models before looking again.
const ROUND_UP: Duration = Duration::from_mins(1);

/// The service on a port of this machine.
pub struct Served {
    address: SocketAddr,
    /// An agent's.
    token: String,
    service: Service,
    stop: oneshot::Sender<()>,
    server: JoinHandle<()>,
    _files: TempDir,
}

impl Served {
    /// Starts it; it counts as it does in production.
    pub async fn start(world: &World) -> Result<Self> {
        telemetry::start_metrics()?;
        let store = &world.store;
        let files = tempfile::tempdir()?;
        let service = Service::start(Parts {
            pool: store.pool.clone(),
            log: store.log.clone(),
            master: Arc::clone(&store.master),
            clock: store.clock.clone(),
            ids: store.ids.clone(),
            files: Files::new(FileStore::in_folder(files.path())?, FileLimits::default()),
            credentials: Credentials::new(CredentialRules::default(), Peppers::new(&store.master, None)?),
        })
        .await?;
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let security = SecurityOptions {
            mode: Mode::Production,
            origin: format!("http://{address}"),
            proxies: http::TrustedProxies::default(),
            rates: http::RequestRates::UNREACHED,
        };
        let router = service.router(Limits::default(), security);
        let (stop, stopped) = oneshot::channel::<()>();
        let server = tokio::spawn(http::serve(listener, router, ServerLimits::default(), async {
            let _ = stopped.await;
        }));
        let new = NewToken {
            name: "Benchmark".to_owned(),
            roles: vec![Role::Agent],
            accounts: vec![],
            scopes: vec![],
            expires_at: None,
        };
        let tokens = Tokens::new(store.pool.clone(), store.clock.clone());
        let token = tokens.create(&new, &store.log, &store.ids).await?.token;
        Ok(Self { address, token, service, stop, server, _files: files })
    }

    /// Waits until the read models have all that is in the log.
    pub async fn catch_up(&self, world: &World) -> Result<()> {
        say("waiting for the read models");
        let last: i64 = sqlx::query_scalar("select max(position) from events").fetch_one(&world.owner).await?;
        while self.service.services().projector.wait_until(last, ROUND_UP).await == Visibility::Pending {}
        Ok(())
    }

    /// A connection of the agent's. The server lets go of those who say nothing for ten seconds.
    pub async fn connect(&self) -> Result<Http> {
        Http::connect(self.address, &self.token).await
    }

    /// So many who ask for nothing.
    pub async fn idlers(&self, clients: usize) -> Result<Vec<Idler>> {
        let mut idlers = vec![];
        for _ in 0..clients {
            idlers.push(Idler { http: self.connect().await? });
        }
        Ok(idlers)
    }

    /// Stops it.
    pub async fn stop(self) -> Result<()> {
        drop(self.stop);
        self.server.await?;
        self.service.stop().await;
        Ok(())
    }
}

/// Asks for nothing.
pub struct Idler {
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
pub struct Http {
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

    /// Sends a request, and answers what came of it.
    pub async fn post(&mut self, body: &Value) -> Result<Value> {
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
