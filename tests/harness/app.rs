//! The whole service on a real port over a fresh database, and callers who talk to it as clients do.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use api::{
    clock::{Clock, Ids},
    credentials::{CredentialRules, Credentials},
    files::{FileLimits, FileStore, Files, Scanner},
    graphql::GlobalId as _,
    http::{Limits, SecurityOptions, ServerLimits, serve},
    identity::{HashingRules, NewToken, Peppers, TokenScope, Tokens},
    postgres::service_pool,
    registry::Registry,
    service::{Parts, Service},
    settings::Mode,
};
use async_graphql::ID;
use chrono::{DateTime, Utc};
use domain::{
    AccountId, Channel, LocationId, PersonId, PlainText, ProductId, RequestId, Role,
    account::{Account, AccountAction},
};
use event_log::{EventLog, MasterKey};
use futures_util::FutureExt as _;
use projections::{ReadModels, Visibility, rebuild};
use reqwest::{Body, Client, Method, RequestBuilder, header::CONTENT_TYPE};
use serde_json::{Value, json};
use sqlx::{PgConnection, PgPool};
use tempfile::TempDir;
use tokio::{net::TcpListener, sync::oneshot};

use crate::{TestDatabase, database};

/// When everything happens, until a test moves the clock.
const BEGINNING: &str = "2026-03-02T09:00:00Z";
/// Enough that requests of a test do not wait for each other, few enough for many tests at once.
const CONNECTIONS: u32 = 8;

/// The running service. Time stands still in it and ids come in one order, so that a test that asks one thing after the other gets
/// the same answers each time.
pub struct TestApp {
    /// The database below it.
    pub database: TestDatabase,
    /// The service's clock.
    pub clock: Clock,
    /// Where its public port is.
    pub address: SocketAddr,
    /// The service itself.
    pub service: Service,
    /// The service's pool.
    pub pool: PgPool,
    /// Where its files are stored.
    pub files: TempDir,
    ids: Ids,
    client: Client,
    _stop: oneshot::Sender<()>,
}

/// Somebody with a token, or nobody without one.
#[derive(Clone, Debug)]
pub struct TestCaller {
    /// The token.
    pub token: Option<String>,
    client: Client,
    url: String,
}

impl TestApp {
    /// Starts the service; it ends when this is dropped.
    ///
    /// # Panics
    /// If it does not start.
    pub async fn start() -> Self {
        Self::start_with(cheap_rules()).await
    }

    /// The same with other rules of what people sign in with.
    ///
    /// # Panics
    /// If it does not start.
    pub async fn start_with(rules: CredentialRules) -> Self {
        Self::start_as(rules, None).await
    }

    /// The same with something that scans files.
    ///
    /// # Panics
    /// If it does not start.
    pub async fn start_scanned(scanner: Scanner) -> Self {
        Self::start_as(cheap_rules(), Some(scanner)).await
    }

    async fn start_as(rules: CredentialRules, scanner: Option<Scanner>) -> Self {
        let database = database().await;
        let clock = Clock::fixed(BEGINNING.parse::<DateTime<Utc>>().expect("a valid time"));
        let ids = Ids::seeded(clock.clone(), 1);
        let pool = service_pool(database.service_options.clone(), CONNECTIONS);
        let master = Arc::new(MasterKey::from_bytes([7; 32]));
        let log = EventLog::new(pool.clone(), Arc::clone(&master));
        log.check_master_key().await.expect("a fresh database takes any key");
        let folder = tempfile::tempdir().expect("there is room for a folder");
        let store = FileStore::in_folder(folder.path()).expect("the folder is ours");
        let files = Files::new(store, FileLimits::default()).scanned_by(scanner);
        let credentials = credentials_with(&master, rules);
        let parts =
            Parts { pool: pool.clone(), log, master, clock: clock.clone(), ids: ids.clone(), files, credentials };
        let service = Service::start(parts).await.expect("the read models are there");

        let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback has a free port");
        let address = listener.local_addr().expect("it is bound");
        let security = SecurityOptions {
            mode: Mode::Development,
            origin: format!("http://{address}"),
            proxies: api::http::TrustedProxies::default(),
            rates: api::http::RequestRates::UNREACHED,
        };
        let router = service.router(Limits::default(), security);
        let (stop, stopped) = oneshot::channel::<()>();
        tokio::spawn(serve(listener, router, ServerLimits::default(), stopped.map(drop)));
        Self { database, clock, address, service, pool, files: folder, ids, client: Client::new(), _stop: stop }
    }

    /// The address of the GraphQL endpoint.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}/graphql", self.address)
    }

    /// Somebody without a token.
    #[must_use]
    pub fn nobody(&self) -> TestCaller {
        TestCaller { token: None, client: self.client.clone(), url: self.url() }
    }

    /// Somebody with a token of these words.
    #[must_use]
    pub fn bearer(&self, token: &str) -> TestCaller {
        TestCaller { token: Some(token.to_owned()), ..self.nobody() }
    }

    /// A caller with a new token.
    ///
    /// # Panics
    /// If the token is refused.
    pub async fn caller(&self, new: &NewToken) -> TestCaller {
        let tokens = Tokens::new(self.pool.clone(), self.clock.clone());
        let log = &self.service.services().commands.log;
        let created = tokens.create(new, log, &self.ids).await.expect("a token that can be made");
        self.until_visible(created.position).await;
        self.bearer(&created.token)
    }

    /// Waits until everything up to a position can be read.
    ///
    /// # Panics
    /// If it takes longer than anything may take on a busy machine.
    pub async fn until_visible(&self, position: i64) {
        const PATIENCE: Duration = Duration::from_mins(1);
        let seen = self.service.services().projector.wait_until(position, PATIENCE).await;
        assert_eq!(seen, Visibility::Visible, "position {position}");
    }

    /// Somebody on the staff with one role, called after it.
    pub async fn staff(&self, role: Role) -> TestCaller {
        self.caller(&new_token(&format!("Some {role}"), role)).await
    }

    /// An agent.
    pub async fn agent(&self) -> TestCaller {
        self.staff(Role::Agent).await
    }

    /// A supervisor.
    pub async fn supervisor(&self) -> TestCaller {
        self.staff(Role::Supervisor).await
    }

    /// An auditor.
    pub async fn auditor(&self) -> TestCaller {
        self.staff(Role::Auditor).await
    }

    /// A contact of one account.
    pub async fn contact(&self, account: &str) -> TestCaller {
        let new = NewToken {
            accounts: vec![account.to_owned()],
            ..new_token(&format!("Contact of {account}"), Role::Contact)
        };
        self.caller(&new).await
    }

    /// A service with these scopes.
    pub async fn machine(&self, scopes: &[TokenScope]) -> TestCaller {
        self.caller(&NewToken { scopes: scopes.to_vec(), ..new_token("Some machine", Role::Service) }).await
    }

    /// Adds a place to an account, by its global id; answers the place's.
    pub async fn location(&self, account_id: &Value, address: &str) -> ID {
        let location = LocationId(self.ids.next());
        self.change(account_id, |subject, log| AccountAction::AddLocation {
            location,
            reference: Some(log.line("location reference", self.ids.next().into(), subject, line("L-1"))),
            name: None,
            address: log.line("location address", self.ids.next().into(), subject, line(address)),
        })
        .await;
        location.global()
    }

    /// Installs a product of an account, somewhere; answers its global id.
    pub async fn product(&self, account_id: &Value, name: &str) -> ID {
        let product = ProductId(self.ids.next());
        self.change(account_id, |subject, log| AccountAction::InstallProduct {
            product,
            location: None,
            reference: Some(log.line("product reference", self.ids.next().into(), subject, line("P-1"))),
            name: log.line("product name", self.ids.next().into(), subject, line(name)),
        })
        .await;
        product.global()
    }

    /// Has an account changed by whoever runs the installation, and waits until that can be read.
    ///
    /// # Panics
    /// If the account does not take it.
    pub async fn change(&self, account_id: &Value, action: impl FnOnce(PersonId, &EventLog) -> AccountAction) {
        let account_id = ID(account_id.as_str().expect("a global id").to_owned());
        let account = AccountId::from_global(&account_id).expect("an account's id");
        let (log, now) = (&self.service.services().commands.log, self.clock.now());
        let registry = Registry::new(log.clone(), RequestId(self.ids.next()), Channel::Desk, now);
        let action = action(PersonId::of_account(account), log);
        let actions = |_: &Account| vec![(now, action.clone())];
        let written = registry.change(account, now, vec![], actions).await.expect("the account takes it");
        self.until_visible(written.position).await;
    }

    /// Builds the read models anew and checks that every row is as it was.
    ///
    /// # Panics
    /// If one is not, or the database fails.
    pub async fn assert_rebuild_equals_live(&self) {
        let owner = PgPool::connect_with(self.database.owner_options.clone()).await.expect("the test PostgreSQL runs");
        for (group, read_models) in [("case", ReadModels::Cases), ("directory", ReadModels::Directory)] {
            let live = dump(&owner, group).await;
            rebuild(&owner, &self.pool, self.service.services().commands.log.codec(), read_models, |_| {})
                .await
                .expect("the read models can be built");
            let rebuilt = dump(&owner, group).await;
            for (live, rebuilt) in live.iter().zip(&rebuilt) {
                assert_eq!(live, rebuilt, "live on the left, rebuilt on the right");
            }
            assert_eq!(live.len(), rebuilt.len());
        }
        owner.close().await;
    }

    /// A connection of the database's owner, who may do what the service may not.
    ///
    /// # Panics
    /// If there is none.
    pub async fn owner(&self) -> PgConnection {
        use sqlx::ConnectOptions as _;
        self.database.owner_options.connect().await.expect("the test PostgreSQL runs")
    }
}

/// The rules of what people sign in with, which is hashed as cheaply as argon2 can: tests hash a lot.
#[must_use]
pub fn cheap_rules() -> CredentialRules {
    let hashing = HashingRules { memory_kib: 64, passes: 1, ..HashingRules::default() };
    CredentialRules { hashing, ..CredentialRules::default() }
}

/// What people sign in with, by rules.
#[must_use]
pub fn credentials_with(master: &MasterKey, rules: CredentialRules) -> Credentials {
    Credentials::new(rules, Peppers::new(master, None).expect("no file that could be wrong"))
}

/// Every row of the live tables of a group, as text.
async fn dump(owner: &PgPool, group: &str) -> Vec<String> {
    let version: i32 =
        sqlx::query_scalar("select version from projection_checkpoints where group_name = $1 and state = 'live'")
            .bind(group)
            .fetch_one(owner)
            .await
            .expect("the group is live");
    let schema = format!("{group}_v{version}");
    let tables: Vec<String> =
        sqlx::query_scalar("select tablename from pg_tables where schemaname = $1 order by tablename")
            .bind(&schema)
            .fetch_all(owner)
            .await
            .expect("the catalogue answers");
    assert!(!tables.is_empty(), "{schema} has tables");
    let mut rows = vec![];
    for table in tables {
        let sql = format!("select row_to_json(t)::text from {schema}.{table} as t order by 1");
        let of_table: Vec<String> = sqlx::query_scalar(&sql).fetch_all(owner).await.expect("the table is there");
        rows.extend(of_table.into_iter().map(|row| format!("{table} {row}")));
    }
    rows
}

fn line(text: &str) -> PlainText {
    PlainText::parse(text, 200).expect("a line")
}

fn new_token(name: &str, role: Role) -> NewToken {
    NewToken { name: name.to_owned(), roles: vec![role], accounts: vec![], scopes: vec![], expires_at: None }
}

impl TestCaller {
    /// The same one at another instance.
    #[must_use]
    pub fn at(&self, url: &str) -> Self {
        Self { url: url.to_owned(), ..self.clone() }
    }

    /// A request that is not sent yet.
    ///
    /// # Panics
    /// If the body is no JSON, which a [`Value`] always is.
    pub fn request(&self, document: &str, variables: &Value) -> RequestBuilder {
        self.request_to("/graphql", document, variables)
    }

    /// A request to another path than usual, that is not sent yet.
    ///
    /// # Panics
    /// If the body is no JSON, which a [`Value`] always is.
    pub fn request_to(&self, path: &str, document: &str, variables: &Value) -> RequestBuilder {
        let body = json!({ "query": document, "variables": variables }).to_string();
        let request = self.client.post(self.beside(path)).header(CONTENT_TYPE, "application/json").body(body);
        self.with_token(request)
    }

    /// A request of any method to a path, that is not sent yet.
    pub fn call(&self, method: Method, path: &str) -> RequestBuilder {
        self.with_token(self.client.request(method, self.beside(path)))
    }

    /// A request to fetch what is at a path, that is not sent yet.
    pub fn fetch(&self, path: &str) -> RequestBuilder {
        self.call(Method::GET, path)
    }

    /// A request to send bytes to a path, that is not sent yet.
    pub fn send(&self, path: &str, bytes: impl Into<Body>) -> RequestBuilder {
        self.call(Method::PUT, path).body(bytes)
    }

    /// A request to send a form without fields to a path, that is not sent yet.
    pub fn submit(&self, path: &str) -> RequestBuilder {
        self.call(Method::POST, path)
    }

    pub(crate) fn beside(&self, path: &str) -> String {
        self.url.replace("/graphql", path)
    }

    fn with_token(&self, request: RequestBuilder) -> RequestBuilder {
        match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    /// Sends a document; answers the whole response, errors and all.
    ///
    /// # Panics
    /// If no JSON comes back.
    pub async fn graphql(&self, document: &str, variables: Value) -> Value {
        let response = self.request(document, &variables).send().await.expect("the service answers");
        response.json().await.expect("the answer is JSON")
    }

    /// Sends a document that has no errors; answers its data.
    ///
    /// # Panics
    /// If it has errors.
    pub async fn data(&self, document: &str, variables: Value) -> Value {
        let mut answer = self.graphql(document, variables).await;
        assert!(answer.get("errors").is_none(), "{document}: {answer:#}");
        answer["data"].take()
    }

    /// The code of the one error of a document.
    ///
    /// # Panics
    /// If it has none, or several.
    pub async fn error_code(&self, document: &str, variables: Value) -> String {
        let answer = self.graphql(document, variables).await;
        let errors = answer["errors"].as_array().unwrap_or_else(|| panic!("{document} is refused: {answer:#}"));
        assert_eq!(errors.len(), 1, "{answer:#}");
        errors[0]["extensions"]["code"].as_str().expect("each error has a code").to_owned()
    }

    /// Sends a mutation and reads `selection` of its payload.
    ///
    /// # Panics
    /// If it has errors of the request; user errors are in the payload.
    pub async fn mutate(&self, mutation: &str, input: Value, selection: &str) -> Value {
        let mut data = self.data(&mutation_document(mutation, selection), json!({ "input": input })).await;
        data[mutation].take()
    }

    /// The same for a mutation that is to succeed.
    ///
    /// # Panics
    /// If it is refused.
    pub async fn succeed(&self, mutation: &str, input: Value, selection: &str) -> Value {
        let payload = self.mutate(mutation, input, &format!("userErrors {{ code message }} {selection}")).await;
        assert_eq!(payload["userErrors"], json!([]), "{mutation}: {payload:#}");
        payload
    }

    /// The one user error of a mutation that is to be refused: `{code, field, message}`.
    ///
    /// # Panics
    /// If it succeeds.
    pub async fn refusal(&self, mutation: &str, input: Value) -> Value {
        let mut payload = self.mutate(mutation, input, "userErrors { code field message }").await;
        let errors = payload["userErrors"].as_array_mut().expect("a list");
        assert_eq!(errors.len(), 1, "{mutation} is refused: {errors:?}");
        errors.remove(0)
    }
}

/// The document of a mutation: its input is named after it, and comes as the variable `input`.
#[must_use]
pub fn mutation_document(mutation: &str, selection: &str) -> String {
    let (first, rest) = mutation.split_at(1);
    let input = format!("{}{rest}Input", first.to_uppercase());
    format!("mutation {mutation}($input: {input}!) {{ {mutation}(input: $input) {{ {selection} }} }}")
}
