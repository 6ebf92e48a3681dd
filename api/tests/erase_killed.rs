//! An erasure whose process is killed has happened or has not, and what it left to be done is done by the next service.

use std::{
    fs,
    os::unix::fs::PermissionsExt as _,
    process::{Child, Command, Output, Stdio},
};

use api::master_key::load_or_create_master_keys;
use event_log::verify;
use harness::{TestDatabase, database, until};
use serde_json::json;
use sqlx::{ConnectOptions as _, PgPool};
use tempfile::TempDir;
use uuid::Uuid;

const PROGRAM: &str = env!("CARGO_BIN_EXE_casestream");
/// Each kind of moment several times over.
const ROUNDS: usize = 8;
/// So many that projecting them again takes a while.
const CASES: usize = 60;

/// A database and a folder, without a service.
struct Place {
    database: TestDatabase,
    pool: PgPool,
    folder: TempDir,
}

impl Place {
    async fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o700)).expect("the folder is ours");
        load_or_create_master_keys(&folder.path().join("master.key"), true).expect("a key is made");
        let database = database().await;
        let pool = PgPool::connect_with(database.owner_options.clone()).await.expect("connects");
        Self { database, pool, folder }
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(PROGRAM);
        command
            .args(arguments)
            .env("DATABASE_URL", self.database.owner_options.to_url_lossy().as_str())
            .env("CASESTREAM_MASTER_KEY_FILE", self.folder.path().join("master.key"))
            .env("CASESTREAM_DATA_DIR", self.folder.path().join("data"))
            .env("CASESTREAM_LISTEN", "127.0.0.1:0")
            .env("CASESTREAM_OPERATIONS_LISTEN", "127.0.0.1:0")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        command
    }

    #[track_caller]
    fn run(&self, arguments: &[&str]) {
        let Output { status, stderr, .. } =
            self.command(arguments).stderr(Stdio::piped()).output().expect("the binary runs");
        assert!(status.success(), "{arguments:?}: {status}: {}", String::from_utf8_lossy(&stderr));
    }

    /// Brings in a history of a person for each round.
    fn import(&self) {
        let row = |round: usize, case: usize| {
            json!({
                "system": "old-desk", "reference": format!("T-{round}-{case}"), "updated_at": "2026-03-02T09:00:00Z",
                "state": "New", "agent": "reception", "account": "Example Company", "opener": name(round),
                "contact": name(round), "queue": "voice", "type": "Billing", "category": "Other",
                "description": format!("Words of {}.", name(round)),
            })
            .to_string()
        };
        let rows: Vec<_> = (0..ROUNDS).flat_map(|round| (0..CASES).map(move |case| row(round, case))).collect();
        let file = self.folder.path().join("export.ndjson");
        fs::write(&file, rows.join("\n")).expect("there is room");
        self.run(&["import", "cases", file.to_str().expect("a plain path")]);
    }

    async fn count(&self, what: &str, person: Uuid) -> i64 {
        let sql = format!("select count(*) from {what}");
        sqlx::query_scalar(&sql).bind(person).fetch_one(&self.pool).await.expect("it answers")
    }

    async fn keys(&self, person: Uuid) -> i64 {
        self.count("keys where subject = $1", person).await
    }

    async fn recorded(&self, person: Uuid) -> i64 {
        let events = "events where aggregate_id = $1::text and event_type = 'PersonErased'";
        self.count(events, person).await
    }

    /// How many cases still show words of somebody.
    async fn shown(&self, round: usize) -> i64 {
        let sql = "select count(*) from case_v1.case_activity where text like $1";
        let words = format!("%{}%", name(round));
        sqlx::query_scalar(sql).bind(words).fetch_one(&self.pool).await.expect("it answers")
    }
}

fn name(round: usize) -> String {
    format!("Somebody The {round}th")
}

fn kill(mut child: Child) {
    child.kill().expect("our child can be killed");
    child.wait().expect("our child can be waited for");
}

#[tokio::test]
async fn a_killed_erasure_is_whole_or_not_begun_and_the_next_service_ends_it() {
    let place = Place::new().await;
    place.import();
    let mut service = place.command(&["serve"]).spawn().expect("the binary runs");
    let people = until("the people to be known", async || {
        let sql = "select person_id from directory_v1.people where name like 'Somebody The %' order by name";
        let people: Vec<Uuid> = sqlx::query_scalar(sql).fetch_all(&place.pool).await.expect("it answers");
        let shown = place.shown(ROUNDS - 1).await;
        (people.len() == ROUNDS && shown >= i64::try_from(CASES).expect("few")).then_some(people)
    })
    .await;
    kill(service);
    let mut unfinished = 0;
    for (round, person) in people.into_iter().enumerate() {
        let id = person.to_string();
        let erasing = place.command(&["person", "erase", &id, "--yes"]).spawn().expect("the binary runs");
        match round % 4 {
            // It waits for the keys, or is about to.
            0 => {
                let mut holding = place.pool.begin().await.expect("it answers");
                sqlx::query("lock table keys").execute(&mut *holding).await.expect("it answers");
                until("the erasure to come to the keys", async || {
                    let waits =
                        "select exists (select from pg_locks where relation = 'keys'::regclass and not granted)";
                    let waits: bool = sqlx::query_scalar(waits).fetch_one(&place.pool).await.expect("it answers");
                    waits.then_some(())
                })
                .await;
                kill(erasing);
                holding.rollback().await.expect("it answers");
            }
            // The keys are gone just now, or some rows as well.
            1 | 2 => {
                let some = i64::try_from(if round % 4 == 1 { CASES } else { CASES / 2 }).expect("few");
                until("the keys to go", async || (place.keys(person).await == 0).then_some(())).await;
                until("some rows to go", async || (place.shown(round).await <= some).then_some(())).await;
                kill(erasing);
            }
            _ => {
                let done = tokio::task::spawn_blocking(move || erasing.wait_with_output()).await.expect("it ends");
                assert!(done.expect("it is ours").status.success());
            }
        }
        // PostgreSQL ends what the killed process had begun.
        until("the transaction to end", async || {
            let held =
                "select count(*) from pg_locks where relation = 'keys'::regclass and mode = 'ShareRowExclusiveLock'";
            let held: i64 = sqlx::query_scalar(held).fetch_one(&place.pool).await.expect("it answers");
            (held == 0).then_some(())
        })
        .await;
        let has_happened = place.recorded(person).await == 1;
        assert_eq!(place.keys(person).await == 0, has_happened, "round {round}: keys and event together");
        assert_eq!(place.count("erasures where person = $1", person).await == 1, has_happened);
        unfinished += place.count("erasures where person = $1 and projected_at is null", person).await;
        service = place.command(&["serve"]).spawn().expect("the binary runs");
        if !has_happened {
            place.run(&["person", "erase", &id, "--yes"]);
        }
        until("the next service to end it", async || (place.shown(round).await == 0).then_some(())).await;
        kill(service);
        place.run(&["person", "erase", &id, "--yes"]);
        assert_eq!(place.recorded(person).await, 1);
    }
    assert!(unfinished > 0, "none was killed between keys and rows: nothing was left to be ended");
    assert_eq!(verify(&place.pool, |_| ()).await.expect("the database answers").first_bad, None);
}
