//! The harness keeps its own promises: databases are fresh, crashes are survived, nothing is left behind.

use std::{
    io::{BufRead as _, BufReader, Read as _},
    path::PathBuf,
    process::{Command, Stdio},
};

use harness::{Durability, TestCluster, database, until};
use sqlx::{ConnectOptions as _, Connection as _, Executor as _};

#[tokio::test]
async fn every_test_has_a_database_of_its_own() {
    let (one, other) = tokio::join!(database(), database());
    let mut connection = one.owner_options.connect().await.unwrap();
    connection.execute("create table mine ()").await.unwrap();
    let mut connection = other.owner_options.connect().await.unwrap();
    connection.execute("create table mine ()").await.unwrap();
}

#[tokio::test]
async fn what_was_committed_survives_a_crash() {
    let cluster = TestCluster::start(Durability::Full).await;
    let options = cluster.owner_options("postgres");
    let mut connection = options.connect().await.unwrap();
    connection.execute("create table kept as select 7 as number").await.unwrap();
    cluster.crash_and_restart().await;
    assert!(connection.ping().await.is_err(), "the server was not killed");
    let mut connection = options.connect().await.unwrap();
    let number: i32 = sqlx::query_scalar("select number from kept").fetch_one(&mut connection).await.unwrap();
    assert_eq!(number, 7);
}

#[tokio::test]
async fn nothing_is_left_of_a_killed_test_process() {
    let mut process = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "harness_cluster::hold_a_cluster"])
        .args(["--ignored", "--nocapture"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(process.stdout.take().unwrap()).lines();
    let line = lines.map_while(Result::ok).find(|line| line.contains(FOLDER)).unwrap();
    let socket_folder = PathBuf::from(line.split_once(FOLDER).unwrap().1);
    let folder = socket_folder.parent().unwrap();
    let lock_file = folder.join("data/postmaster.pid");
    assert!(lock_file.exists(), "the server runs");

    process.kill().unwrap();
    process.wait().unwrap();
    // The server removes its lock file when it ends, and only then goes the folder.
    until("the server and its folder to go", async || (!folder.exists()).then_some(())).await;
}

const FOLDER: &str = "socket folder: ";

/// The process that the test above kills.
#[tokio::test]
#[ignore = "runs until it is killed, by nothing_is_left_of_a_killed_test_process"]
async fn hold_a_cluster() {
    let cluster = TestCluster::start(Durability::Fast).await;
    println!("{FOLDER}{}", cluster.socket_folder().display());
    std::io::stdin().read_to_end(&mut Vec::new()).unwrap();
}
