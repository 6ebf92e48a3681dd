//! A service that is killed while a request for access is decided: wherever it was, the decision is recorded whole or not at all, and
//! what follows from it happens once, by itself. And whoever asked and never was anybody can be erased on the command line.

use std::{
    fs::{self, File},
    os::unix::fs::PermissionsExt as _,
    process::{Child, Command, Stdio},
    sync::Arc,
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
use sqlx::{ConnectOptions as _, PgConnection, PgPool};
use tempfile::TempDir;

const PROGRAM: &str = env!("CARGO_BIN_EXE_casestream");
/// What the test holds so that whoever comes to a failpoint waits.
const HOLD: &str = "select pg_advisory_lock(4711, 1)";
const LET_GO: &str = "select pg_advisory_unlock(4711, 1)";

/// A service that is killed and started again on the same database and folder.
struct Place {
    database: TestDatabase,
    pool: PgPool,
    folder: TempDir,
    supervisor: String,
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
        let tokens = Tokens::new(pool.clone(), Clock::fixed(Clock::system().now()));
        let mut supervisor = String::new();
        for (role, accounts) in [(Role::Contact, vec!["ACME".to_owned()]), (Role::Supervisor, vec![])] {
            let new = NewToken {
                name: format!("Some {role}"),
                roles: vec![role],
                accounts,
                scopes: vec![],
                expires_at: None,
            };
            supervisor = tokens.create(&new, &log, &Ids::random()).await.expect("a token that can be made").token;
        }
        let ports = free_ports();
        Self { database, pool, folder, supervisor, ports, client: Client::new(), service: None }
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let [port, operations] = self.ports;
        let mut command = Command::new(PROGRAM);
        command
            .args(arguments)
            .env("DATABASE_URL", self.database.owner_options.to_url_lossy().as_str())
            .env("CASESTREAM_MASTER_KEY_FILE", self.folder.path().join("master.key"))
            .env("CASESTREAM_DATA_DIR", self.folder.path().join("data"))
            .env("CASESTREAM_LISTEN", format!("127.0.0.1:{port}"))
            .env("CASESTREAM_OPERATIONS_LISTEN", format!("127.0.0.1:{operations}"))
            .stdin(Stdio::null());
        command
    }

    async fn start(&mut self) {
        let log =
            File::options().create(true).append(true).open(self.folder.path().join("log")).expect("there is room");
        let service = self.command(&["serve"]).stdout(Stdio::null()).stderr(log).spawn();
        self.service = Some(service.expect("the binary runs"));
        let ready = format!("http://127.0.0.1:{}/readyz", self.ports[1]);
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

    /// What a document answers; nothing when the service is killed meanwhile.
    async fn ask(&self, document: &str, variables: Value) -> Option<Value> {
        let url = format!("http://127.0.0.1:{}/graphql", self.ports[0]);
        let body = json!({ "query": document, "variables": variables });
        let answer = self.client.post(url).bearer_auth(&self.supervisor).json(&body).send().await.ok()?;
        let mut answer: Value = answer.json().await.ok()?;
        assert!(answer.get("errors").is_none(), "{document}: {answer}");
        Some(answer["data"].take())
    }

    async fn account_id(&self) -> Value {
        until("the account to be known", async || {
            let found = self.ask("{ accounts(first: 1) { nodes { id } } }", json!({})).await?;
            found.pointer("/accounts/nodes/0/id").cloned()
        })
        .await
    }

    /// Fills the form in; answers the request's id.
    async fn submit(&self, email: &str) -> Value {
        let document =
            "mutation($input: AccessRequestSubmitInput!) { accessRequestSubmit(input: $input) { received } }";
        let form = json!({ "type": "PORTAL_ACCESS", "name": format!("Asker {email}"), "email": email,
                           "accountName": "Acme", "description": "Access, please." });
        let received = self.ask(document, json!({ "input": form })).await.expect("it runs");
        assert_eq!(received["accessRequestSubmit"]["received"], true);
        until("the request to be listed", async || {
            let list = "{ accessRequests(first: 50) { nodes { id people { email } } } }";
            let list = self.ask(list, json!({})).await?;
            let nodes = list["accessRequests"]["nodes"].as_array()?.clone();
            nodes.into_iter().find(|node| node["people"][0]["email"] == email).map(|node| node["id"].clone())
        })
        .await
    }

    async fn decide(&self, request: &Value, account_id: &Value) -> Option<Value> {
        let document = "mutation($input: AccessRequestDecideInput!) { accessRequestDecide(input: $input) {
            userErrors { code message } accessRequest { people { decision { carriedOut } } } } }";
        let approve = json!({ "accountId": account_id, "role": "MEMBER", "authority": "Called back." });
        let input = json!({ "accessRequestId": request, "number": 1, "decision": { "approve": approve } });
        self.ask(document, json!({ "input": input })).await.map(|mut data| data["accessRequestDecide"].take())
    }

    /// Has whoever records an event of a type wait, from the next one on.
    async fn stop_at(&self, event_type: &str) {
        for statement in [
            "create or replace function stop() returns trigger language plpgsql as
             $$ begin perform pg_advisory_xact_lock_shared(4711, 1); return new; end $$",
            "drop trigger if exists stop on events",
            &format!(
                "create trigger stop before insert on events for each row when (new.event_type = '{event_type}')
                 execute function stop()"
            ),
        ] {
            sqlx::query(statement).execute(&self.pool).await.expect("the owner may");
        }
    }

    /// Who waits at the failpoint.
    async fn stopped(&self) -> Option<i32> {
        let waits = "select pid from pg_locks where locktype = 'advisory' and classid = 4711 and not granted";
        sqlx::query_scalar(waits).fetch_optional(&self.pool).await.expect("it answers")
    }

    /// How often everything that may happen once has happened: decided, invited, joined, carried out, mailed.
    async fn happened(&self, since: i64) -> [i64; 5] {
        let sql = "select count(*) filter (where event_type = 'AccessApproved'), count(*) filter (where event_type = 'UserInvited'),
             count(*) filter (where event_type = 'ContactJoined'), count(*) filter (where event_type = 'AccessCarriedOut'),
             (select count(*) from mails where kind = 'activation')
         from events where position > $1";
        let row: (i64, i64, i64, i64, i64) =
            sqlx::query_as(sql).bind(since).fetch_one(&self.pool).await.expect("it answers");
        [row.0, row.1, row.2, row.3, row.4]
    }
}

#[tokio::test]
async fn killed_anywhere_between_its_steps_a_decision_is_whole_or_not_made_and_what_follows_happens_once() {
    let mut place = Place::new().await;
    let mut holding: PgConnection = place.database.owner_options.connect().await.expect("connects");
    let mut rounds = 0;
    for event_type in ["AccessApproved", "UserInvited", "AccessCarriedOut"] {
        // Either what was under way is undone, or it happens although nobody is left to hear of it.
        for is_undone in [true, false] {
            rounds += 1;
            place.start().await;
            let account_id = place.account_id().await;
            let request = place.submit(&format!("asker{rounds}@example.com")).await;
            let since: i64 = sqlx::query_scalar("select max(position) from events")
                .fetch_one(&place.pool)
                .await
                .expect("it answers");
            let mails_before = place.happened(since).await[4];
            place.stop_at(event_type).await;
            sqlx::query(HOLD).execute(&mut holding).await.expect("it answers");
            let mut service = place.service.take().expect("it runs");
            {
                let deciding = place.decide(&request, &account_id);
                let stopped = until("the decision to come to its failpoint", async || place.stopped().await);
                tokio::pin!(deciding);
                let pid = tokio::select! {
                    answer = &mut deciding => panic!("it was not stopped at {event_type}: {answer:?}"),
                    pid = stopped => pid,
                };
                service.kill().expect("our child can be killed");
                service.wait().expect("our child can be waited for");
                assert_eq!(deciding.await, None, "nobody was answered");
                if is_undone {
                    sqlx::query("select pg_terminate_backend($1)")
                        .bind(pid)
                        .execute(&place.pool)
                        .await
                        .expect("it answers");
                    until("it to be undone", async || place.stopped().await.is_none().then_some(())).await;
                }
            }
            sqlx::query(LET_GO).execute(&mut holding).await.expect("it answers");
            let busy = "select count(*) from pg_stat_activity where datname = current_database() and state <> 'idle' and pid <> pg_backend_pid()";
            until("PostgreSQL to end what was begun", async || {
                let busy: i64 = sqlx::query_scalar(busy).fetch_one(&place.pool).await.expect("it answers");
                (busy == 0).then_some(())
            })
            .await;
            let what = format!("{event_type}, undone: {is_undone}");
            let [decided, invited, joined, carried_out, _] = place.happened(since).await;
            assert_eq!(decided == 0, event_type == "AccessApproved" && is_undone, "{what}");
            assert_eq!(invited, joined, "the invitation and the account together: {what}");
            assert!(carried_out <= invited && invited <= decided, "{what}");

            place.start().await;
            if decided == 0 {
                let answer = place.decide(&request, &account_id).await.expect("it runs");
                assert_eq!(answer["userErrors"], json!([]), "{what}");
            }
            // Nobody asks again for what was decided.
            until("what follows to be carried out", async || (place.happened(since).await[3] == 1).then_some(())).await;
            assert_eq!(place.happened(since).await, [1, 1, 1, 1, mails_before + 1], "{what}");
            let again = place.decide(&request, &account_id).await.expect("it runs");
            assert_eq!(again["userErrors"], json!([]), "{what}");
            assert_eq!(again["accessRequest"]["people"][0]["decision"]["carriedOut"], true, "{what}");
            assert_eq!(place.happened(since).await, [1, 1, 1, 1, mails_before + 1], "and again: {what}");
            place.kill();
        }
    }
    assert_eq!(rounds, 6);
    assert_eq!(verify(&place.pool, |_| ()).await.expect("the database answers").first_bad, None);
}

#[tokio::test]
async fn an_operator_erases_what_came_under_an_address_that_is_nobodys() {
    let mut place = Place::new().await;
    place.start().await;
    let request = place.submit("Stranger@example.com").await;
    let other = place.submit("other@example.com").await;
    let erase = |address: &str, how: &str| {
        let output = place.command(&["person", "erase", address, how]).output().expect("the binary runs");
        let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
        (output.status.code(), text(output.stdout), text(output.stderr))
    };
    let (code, said, _) = erase("stranger@EXAMPLE.com", "--what");
    assert_eq!(code, Some(0));
    assert!(said.contains("requests for access that name it: 1"), "{said}");
    let document = "query($id: ID!) { accessRequest(id: $id) { redacted description people { name email } } }";
    let read = async |id: &Value| {
        let mut read = place.ask(document, json!({ "id": id })).await.expect("it runs");
        read["accessRequest"].take()
    };
    assert_eq!(read(&request).await["redacted"], false, "it was only asked for");
    let (code, _, complaint) = erase("stranger@example.com", "--yes");
    assert_eq!(code, Some(0), "{complaint}");
    let gone = until("the words to be gone", async || {
        let read = read(&request).await;
        (read["redacted"] == true).then_some(read)
    })
    .await;
    assert_eq!(gone["description"], Value::Null, "{gone}");
    assert!(!gone.to_string().contains("tranger"), "{gone}");
    assert_eq!(read(&other).await["people"][0]["email"], "other@example.com");
    let (code, _, complaint) = erase("stranger@example.com", "--yes");
    assert_eq!(code, Some(1));
    assert!(complaint.contains("there is no such person"), "{complaint}");
    place.kill();
    assert_eq!(verify(&place.pool, |_| ()).await.expect("the database answers").first_bad, None);
}
