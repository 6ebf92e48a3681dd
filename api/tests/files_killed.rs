//! A service that is killed between a file's bytes and its event, either way, leaves no event without its file, and in the
//! end no file without its event.

use std::{
    fs::{self, File},
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::Arc,
    time::{Duration, SystemTime},
};

use api::{
    clock::{Clock, Ids},
    identity::{NewToken, Tokens},
    master_key::load_or_create_master_keys,
};
use domain::Role;
use event_log::{EventLog, MasterKey, verify};
use harness::{TestDatabase, database, free_ports, until};
use reqwest::Client;
use serde_json::{Value, json};
use sqlx::{ConnectOptions as _, PgPool};
use tempfile::TempDir;
use tokio::{io::AsyncWriteExt as _, net::TcpStream};

const PROGRAM: &str = env!("CARGO_BIN_EXE_casestream");
/// Each kind of moment several times over.
const ROUNDS: usize = 9;
/// Long enough to be on the disk in part before it has come whole.
const LONG: usize = 3_000_000;

/// A service that is killed and started again on the same database and folder.
struct Place {
    database: TestDatabase,
    pool: PgPool,
    folder: TempDir,
    token: String,
    ports: [u16; 2],
    client: Client,
    service: Option<Child>,
}

impl Place {
    async fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o700)).expect("the folder is ours");
        let key = load_or_create_master_keys(&folder.path().join("master.key"), true).expect("a key is made");
        let database = database().await;
        let pool = PgPool::connect_with(database.owner_options.clone()).await.expect("connects");
        let log = EventLog::new(pool.clone(), Arc::new(MasterKey::from_bytes(key[0])));
        log.check_master_key().await.expect("a fresh database takes any key");
        let new = NewToken {
            name: "Some contact".to_owned(),
            roles: vec![Role::Contact],
            accounts: vec!["ACME".to_owned()],
            scopes: vec![],
            expires_at: None,
        };
        let tokens = Tokens::new(pool.clone(), Clock::fixed(Clock::system().now()));
        let token = tokens.create(&new, &log, &Ids::random()).await.expect("a token that can be made").token;
        let ports = free_ports();
        Self { database, pool, folder, token, ports, client: Client::new(), service: None }
    }

    fn attachments(&self) -> PathBuf {
        self.folder.path().join("data/attachments")
    }

    fn objects(&self) -> Vec<PathBuf> {
        fs::read_dir(self.attachments()).expect("it is there").map(|entry| entry.expect("readable").path()).collect()
    }

    async fn start(&mut self) {
        let [port, operations] = self.ports;
        let service = Command::new(PROGRAM)
            .arg("serve")
            .env("DATABASE_URL", self.database.owner_options.to_url_lossy().as_str())
            .env("CASESTREAM_MASTER_KEY_FILE", self.folder.path().join("master.key"))
            .env("CASESTREAM_DATA_DIR", self.folder.path().join("data"))
            .env("CASESTREAM_LISTEN", format!("127.0.0.1:{port}"))
            .env("CASESTREAM_OPERATIONS_LISTEN", format!("127.0.0.1:{operations}"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        self.service = Some(service.expect("the binary runs"));
        let ready = format!("http://127.0.0.1:{operations}/readyz");
        until("the service to be ready", async || {
            self.client.get(&ready).send().await.ok().filter(|answer| answer.status().is_success()).map(drop)
        })
        .await;
    }

    fn kill(&mut self) {
        let mut service = self.service.take().expect("it runs");
        service.kill().expect("our child can be killed");
        service.wait().expect("our child can be waited for");
    }

    fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.ports[0])
    }

    async fn graphql(&self, document: &str, variables: Value) -> Option<Value> {
        let body = json!({ "query": document, "variables": variables });
        let answer = self.client.post(self.url("/graphql")).bearer_auth(&self.token).json(&body).send().await.ok()?;
        let mut answer: Value = answer.json().await.ok()?;
        assert!(answer.get("errors").is_none(), "{document}: {answer}");
        Some(answer["data"].take())
    }

    async fn account_id(&self) -> Value {
        // What a token may see is a read model, too.
        until("the account to be known", async || {
            let answer = self.graphql("{ viewer { accounts { id } } }", json!({})).await.expect("it runs");
            answer.pointer("/viewer/accounts/0/id").cloned()
        })
        .await
    }

    async fn new_case(&self) -> Value {
        let document = "mutation($input: CaseOpenInput!) { caseOpen(input: $input) { caseId } }";
        let input = json!({
            "accountId": self.account_id().await, "type": "billing", "category": "other", "description": "Silence.",
        });
        let mut answer = self.graphql(document, json!({ "input": input })).await.expect("it runs");
        answer["caseOpen"]["caseId"].take()
    }

    async fn stage(&self, size: usize) -> (Value, String) {
        let document =
            "mutation($input: UploadStageInput!) { uploadStage(input: $input) { upload { attachmentId url } } }";
        let input = json!({ "accountId": self.account_id().await, "fileName": "router.log", "sizeBytes": size });
        let mut answer = self.graphql(document, json!({ "input": input })).await.expect("it runs");
        let mut upload = answer["uploadStage"]["upload"].take();
        (upload["attachmentId"].take(), upload["url"].as_str().expect("an address").to_owned())
    }

    async fn upload(&self, words: &str) -> Value {
        let (id, url) = self.stage(words.len()).await;
        let put = self.client.put(self.url(&url)).bearer_auth(&self.token).body(words.to_owned());
        assert_eq!(put.send().await.expect("it runs").status(), 201);
        id
    }

    /// The codes of the refusals of attaching a file; nothing when there was no answer.
    async fn attach(&self, case_id: &Value, id: &Value, key: &str) -> Option<Value> {
        let document =
            "mutation($input: CaseAttachmentAddInput!) { caseAttachmentAdd(input: $input) { userErrors { code } } }";
        let input = json!({ "caseId": case_id, "uploads": [id], "idempotencyKey": key });
        Some(self.graphql(document, json!({ "input": input })).await?["caseAttachmentAdd"]["userErrors"].take())
    }

    async fn fetch(&self, id: &Value) -> String {
        let get = self.client.get(self.url(&format!("/attachments/{}", id.as_str().expect("an id"))));
        get.bearer_auth(&self.token).send().await.expect("it runs").text().await.expect("a whole file")
    }

    async fn count(&self, what: &str) -> i64 {
        sqlx::query_scalar(&format!("select count(*) from {what}")).fetch_one(&self.pool).await.expect("it answers")
    }

    async fn attached(&self) -> i64 {
        self.count("events where event_type = 'AttachmentAdded'").await
    }

    /// Lets all uploads expire, and what was half-written be old; then starts, which sweeps.
    async fn start_later(&mut self) {
        let past = "update staged_uploads set expires_at = now() - interval '1 hour'";
        sqlx::query(past).execute(&self.pool).await.expect("it answers");
        let long_ago = SystemTime::UNIX_EPOCH + Duration::from_hours(1);
        for object in self.objects() {
            File::options().write(true).open(object).and_then(|file| file.set_modified(long_ago)).expect("it is ours");
        }
        self.start().await;
        until("the uploads to be swept", async || (self.count("staged_uploads").await == 0).then_some(())).await;
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if self.service.is_some() {
            self.kill();
        }
    }
}

fn is_whole(object: &Path) -> bool {
    !object.to_string_lossy().contains('#')
}

#[tokio::test]
async fn killed_while_the_bytes_come_there_is_no_file() {
    let mut place = Place::new().await;
    place.start().await;
    let case_id = place.new_case().await;
    let (id, url) = place.stage(LONG).await;
    let mut connection = TcpStream::connect(("127.0.0.1", place.ports[0])).await.expect("it listens");
    let token = &place.token;
    let head =
        format!("PUT {url} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\ncontent-length: {LONG}\r\n\r\n");
    connection.write_all(head.as_bytes()).await.expect("it reads");
    connection.write_all(&vec![b'a'; LONG - 1]).await.expect("it reads");
    until("the bytes to come", async || {
        place.objects().iter().any(|object| object.metadata().is_ok_and(|object| object.len() > 0)).then_some(())
    })
    .await;
    place.kill();
    assert!(place.objects().iter().all(|object| !is_whole(object)), "it has no name yet");

    place.start().await;
    let again = place.client.put(place.url(&url)).bearer_auth(&place.token).body(vec![b'a'; LONG]).send().await;
    assert_eq!(again.expect("it runs").status(), 404, "the token was used");
    assert_eq!(place.attach(&case_id, &id, "key").await, Some(json!([{ "code": "INVALID_INPUT" }])));
    place.kill();
    place.start_later().await;
    until("what was half-written to go", async || place.objects().is_empty().then_some(())).await;
    assert_eq!(place.attached().await, 0);
}

#[tokio::test]
async fn killed_before_or_after_the_event_a_retry_attaches_the_file_once() {
    let mut place = Place::new().await;
    place.start().await;
    let case_id = place.new_case().await;
    let mut files = vec![];
    for round in 0..ROUNDS {
        let words = format!("port {round} down");
        let (id, key) = (place.upload(&words).await, format!("round {round}"));
        let before = place.attached().await;
        match round % 3 {
            // The bytes are stored, and nothing was asked for yet.
            0 => {}
            // The event is recorded, or nearly: whoever asked gets no answer, as a rule.
            1 => {
                let recorded = until("the event", async || (place.attached().await > before).then_some(()));
                tokio::select! { _ = place.attach(&case_id, &id, &key) => {}, () = recorded => {} }
            }
            // The answer was given.
            _ => assert_eq!(place.attach(&case_id, &id, &key).await, Some(json!([]))),
        }
        place.kill();
        place.start().await;
        assert_eq!(place.attach(&case_id, &id, &key).await, Some(json!([])), "round {round}");
        assert_eq!(place.attached().await, before + 1, "round {round}");
        assert_eq!(place.fetch(&id).await, words, "round {round}");
        files.push((id, words));
    }
    place.upload("nobody attaches this").await;
    place.kill();
    assert_eq!(place.objects().len(), ROUNDS + 1);
    place.start_later().await;
    until("the file that nobody has to go", async || (place.objects().len() == ROUNDS).then_some(())).await;
    for (id, words) in files {
        assert_eq!(place.fetch(&id).await, words);
    }
    assert_eq!(verify(&place.pool, |_| ()).await.expect("the database answers").first_bad, None);
}
