//! The files below PostgreSQL, and dumps of it.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use api::postgres::Binaries;
use harness::TestApp;
use sqlx::{Executor as _, PgConnection};

use super::{
    gone::marks,
    world::{MARK, World, person},
};
use crate::alone::runs_alone;

/// What an operator runs as the owner, after an erasure, as docs/privacy.md has it.
const CLEANING: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/examples/erasure/clean.sql");

/// What `pg_dump` writes of a whole database.
pub async fn dump(app: &TestApp) -> String {
    run(app, "pg_dump", &[]).await
}

/// What a program of PostgreSQL's prints about the service's database, as its owner.
async fn run(app: &TestApp, program: &str, arguments: &[&str]) -> String {
    let mut owner = app.owner().await;
    let socket = setting(&mut owner, "unix_socket_directories").await;
    let user: String = sqlx::query_scalar("select current_user::text").fetch_one(&mut owner).await.unwrap();
    let mut command = Command::new(Binaries::find_all(None).unwrap().remove(0).program(program));
    command.args(["-h", &socket, "-U", &user, "-d", &app.database.name]).args(arguments);
    let output = command.output().unwrap();
    assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

async fn setting(owner: &mut PgConnection, name: &str) -> String {
    sqlx::query_scalar("select current_setting($1)").bind(name).fetch_one(owner).await.unwrap()
}

/// The files below a folder that hold bytes, as a pattern of Perl's has them, whatever the case of letters.
fn holding(folder: &Path, pattern: &str) -> Vec<String> {
    let mut grep = Command::new("grep");
    grep.env("LC_ALL", "C").args(["-rlaiP", pattern]).arg(folder);
    let output = grep.output().unwrap();
    assert!(matches!(output.status.code(), Some(0 | 1)), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect()
}

/// The pattern of some bytes.
fn pattern(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |pattern, byte| pattern + &format!("\\x{byte:02x}"))
}

/// Runs in a process of its own, because the other tests of this one have the same words in the files of the PostgreSQL that
/// they share.
#[tokio::test(flavor = "multi_thread")]
async fn after_the_operators_cleaning_no_file_of_postgresql_has_a_word_or_key_of_theirs() {
    let name = "erasure::files::after_the_operators_cleaning_no_file_of_postgresql_has_a_word_or_key_of_theirs";
    if !runs_alone(name).await {
        return;
    }
    let world = World::new().await;
    let mut owner = world.desk.app.owner().await;
    let folder = PathBuf::from(setting(&mut owner, "data_directory").await);
    let theirs = [person(&world.ana_id).0, person(&world.bo_id).0];
    let keys: Vec<Vec<u8>> = sqlx::query_scalar("select wrapped from keys where subject = any($1)")
        .bind(theirs.as_slice())
        .fetch_all(&mut owner)
        .await
        .unwrap();
    // Statistics of columns hold values, too.
    owner.execute("analyze; checkpoint").await.unwrap();
    let has = |part: &str| holding(&folder.join(part), MARK).len();
    assert!(has("base") > 0 && has("pg_wal") > 0, "the look at the files would show nothing");
    let keys = keys.iter().map(|key| pattern(key)).collect::<Vec<_>>().join("|");
    assert!(!holding(&folder, &keys).is_empty());

    world.erase(&world.ana_id).await;
    world.erase(&world.bo_id).await;
    run(&world.desk.app, "psql", &["-v", "ON_ERROR_STOP=1", "-f", CLEANING]).await;
    assert_eq!(holding(&folder, MARK), Vec::<String>::new());
    assert_eq!(holding(&folder, &keys), Vec::<String>::new(), "wrapped keys");
    assert_eq!(marks(&super::walk::everything(&world).await), Vec::<&str>::new());
}
