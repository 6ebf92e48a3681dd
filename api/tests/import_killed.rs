//! An import that is killed again and again, and then finished, is the import that was never killed.

use std::{
    collections::hash_map::RandomState,
    fs,
    hash::{BuildHasher, Hasher},
    io::Write as _,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::Arc,
};

use api::master_key::load_or_create_master_keys;
use event_log::{EventLog, MasterKey, verify};
use harness::{TestDatabase, database, until};
use serde_json::Value;
use sqlx::{ConnectOptions as _, PgPool};

const PROGRAM: &str = env!("CARGO_BIN_EXE_casestream");
const ROUNDS: u64 = 20;
/// Copies of the sample, so that there is something to be killed in the middle of.
const COPIES: usize = 12;

fn beside(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path)
}

/// The sample many times over, under other references.
fn long_export(folder: &Path) -> PathBuf {
    let sample = fs::read_to_string(beside("docs/examples/import/sample.csv")).expect("the sample is there");
    let (header, rows) = sample.split_once('\n').expect("the sample has rows");
    let path = folder.join("export.csv");
    let mut export = fs::File::create(&path).expect("the folder is ours");
    writeln!(export, "{header}").expect("the file takes it");
    for copy in 0..COPIES {
        export.write_all(rows.replace("DEMO", &format!("DEMO{copy:02}")).as_bytes()).expect("the file takes it");
    }
    path
}

struct Import<'a> {
    export: &'a Path,
    master_key: &'a Path,
}

impl Import<'_> {
    fn start(&self, database: &TestDatabase) -> Child {
        Command::new(PROGRAM)
            .args(["import", "cases", "--mapping"])
            .arg(beside("docs/examples/import/incidents.toml"))
            .arg(self.export)
            .env("DATABASE_URL", database.owner_options.to_url_lossy().as_str())
            .env("CASESTREAM_MASTER_KEY_FILE", self.master_key)
            .env("CASESTREAM_DATA_DIR", self.master_key.parent().expect("a file is in a folder").join("data"))
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary runs")
    }

    /// Runs to the end, in which the impossible rows of the sample are refused.
    fn finish(&self, database: &TestDatabase) -> String {
        let output = self.start(database).wait_with_output().expect("the binary ends");
        let said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
        assert_eq!(output.status.code(), Some(3), "{said}");
        said
    }
}

/// Everything that was recorded, but for what differs between two runs: the run's own id, drawn numbers, ciphertexts.
async fn recorded(pool: &PgPool) -> Vec<(String, i64, String, Value, Value)> {
    let mut events: Vec<(String, i64, String, Value, Value)> = sqlx::query_as(
        "select aggregate_id, sequence, event_type, payload, metadata from events order by aggregate_id, sequence",
    )
    .fetch_all(pool)
    .await
    .expect("the database answers");
    for (_, _, _, payload, metadata) in &mut events {
        forget(payload);
        forget(metadata);
    }
    events
}

fn forget(value: &mut Value) {
    match value {
        Value::Object(object) => {
            for key in ["request", "number", "sealed"] {
                object.remove(key);
            }
            object.values_mut().for_each(forget);
        }
        Value::Array(items) => items.iter_mut().for_each(forget),
        _ => {}
    }
}

async fn count(pool: &PgPool) -> u64 {
    let count: i64 =
        sqlx::query_scalar("select count(*) from events").fetch_one(pool).await.expect("the database answers");
    u64::try_from(count).expect("a count")
}

fn random(seed: u64, below: u64) -> u64 {
    let mut hasher = RandomState::new().build_hasher();
    hasher.write_u64(seed);
    hasher.finish() % below
}

#[tokio::test]
async fn killed_at_twenty_points_and_finished_is_as_if_never_killed() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o700)).expect("the folder is ours");
    let master_key = folder.path().join("master.key");
    let key = load_or_create_master_keys(&master_key, true).expect("a key is made");
    let export = long_export(folder.path());
    let import = Import { export: &export, master_key: &master_key };

    let straight = database().await;
    import.finish(&straight);
    let straight_pool = PgPool::connect_with(straight.owner_options.clone()).await.expect("connects");
    let expected = recorded(&straight_pool).await;
    let total = expected.len() as u64;
    assert!(total > 800, "{total} events are enough to be killed in");

    let killed = database().await;
    let pool = PgPool::connect_with(killed.owner_options.clone()).await.expect("connects");
    let mut points: Vec<u64> = (0..ROUNDS).map(|round| random(round, total)).collect();
    points.sort_unstable();
    println!("killed at {points:?} of {total} events");
    for point in points {
        let mut child = import.start(&killed);
        until("the import to come so far", async || (count(&pool).await >= point).then_some(())).await;
        child.kill().expect("our child can be killed");
        child.wait().expect("our child can be waited for");
    }
    let said = import.finish(&killed);

    assert!(recorded(&pool).await == expected, "the finished log differs; the last run said:\n{said}");
    let log = EventLog::new(pool.clone(), Arc::new(MasterKey::from_bytes(key[0])));
    log.check_master_key().await.expect("the key is the database's");
    assert_eq!(verify(&pool, |_| ()).await.expect("the database answers").first_bad, None);
}
