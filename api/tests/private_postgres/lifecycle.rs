//! Starting, adopting, reviving, stopping.

use std::{
    fs::{self, Permissions},
    os::unix::fs::{MetadataExt as _, PermissionsExt as _},
};

use api::postgres::socket_options;
use sqlx::{ConnectOptions as _, Executor as _, PgConnection};

use crate::service::{Place, READY, Service, until};

const STARTED: &str = "started PostgreSQL";
const ADOPTED: &str = "adopted a running PostgreSQL";

async fn write_note(place: &Place) {
    let mut connection = place.connect().await;
    connection.execute("create table notes (note text); insert into notes values ('kept')").await.unwrap();
}

async fn read_note(place: &Place) -> String {
    let mut connection = place.connect().await;
    text(&mut connection, "select note from notes").await
}

async fn text(connection: &mut PgConnection, query: &str) -> String {
    sqlx::query_scalar(query).fetch_one(connection).await.unwrap()
}

async fn stop(place: &Place, service: Service) {
    let status = service.terminate().await;
    assert!(status.success(), "{status}");
    assert!(place.postgres_pid().is_none(), "PostgreSQL was left running");
}

#[tokio::test]
async fn a_cluster_is_made_safe_and_private_and_kept_over_a_restart() {
    let place = Place::new();
    let service = place.serve_until(READY).await;
    let mut connection = place.connect().await;
    for (setting, expected) in [
        ("fsync", "on"),
        ("full_page_writes", "on"),
        ("data_checksums", "on"),
        ("listen_addresses", ""),
        ("server_encoding", "UTF8"),
        ("lc_collate", "C"),
    ] {
        let query = format!("select current_setting('{setting}')");
        assert_eq!(text(&mut connection, &query).await, expected, "{setting}");
    }
    let run = fs::metadata(place.data_dir().join("run")).unwrap();
    assert_eq!(run.mode() & 0o777, 0o700);
    assert_ne!(fs::metadata(place.data_dir().join("postgres")).unwrap().uid(), 0);
    assert_eq!(text(&mut connection, "select upper('ä') || (select current_user)").await, "Äcasestream_owner");

    write_note(&place).await;
    stop(&place, service).await;
    let service = place.serve_until(STARTED).await;
    assert_eq!(read_note(&place).await, "kept");
    stop(&place, service).await;
}

#[tokio::test]
async fn after_a_kill_of_the_service_the_next_one_adopts() {
    let place = Place::new();
    let service = place.serve_until(READY).await;
    write_note(&place).await;
    let pid = place.postgres_pid();
    service.kill();
    assert_eq!(read_note(&place).await, "kept");

    let service = place.serve_until(ADOPTED).await;
    assert_eq!(place.postgres_pid(), pid);
    assert_eq!(read_note(&place).await, "kept");
    stop(&place, service).await;
}

#[tokio::test]
async fn after_a_kill_of_postgres_the_running_service_starts_it_again() {
    let place = Place::new();
    let service = place.serve_until(READY).await;
    write_note(&place).await;
    for _ in 0..2 {
        let pid = place.postgres_pid();
        place.kill_postgres();
        until("another PostgreSQL", async || place.postgres_pid().filter(|other| Some(*other) != pid)).await;
        assert_eq!(read_note(&place).await, "kept");
    }
    stop(&place, service).await;
}

#[tokio::test]
async fn after_a_kill_of_both_the_next_service_recovers() {
    let place = Place::new();
    for round in 0..3 {
        let service = place.serve_until(READY).await;
        if round == 0 {
            write_note(&place).await;
        }
        let mut busy = place.connect().await;
        let _ = busy.execute("begin; insert into notes values ('never committed')").await;
        service.kill();
        place.kill_postgres();
    }
    let service = place.serve_until(STARTED).await;
    assert_eq!(read_note(&place).await, "kept");
    stop(&place, service).await;
}

/// In a container, process 1 often is a program that never asks how other programs' orphans ended, and their process ids stay taken.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn after_a_kill_of_both_nobody_needs_to_bury_them() {
    // This process now stands for process 1, and does not ask.
    nix::sys::prctl::set_child_subreaper(true).unwrap();
    let place = Place::new();
    let service = place.serve_until(READY).await;
    write_note(&place).await;
    let pid = place.postgres_pid().unwrap();
    service.kill();
    place.kill_postgres();
    let service = place.serve_until(STARTED).await;
    assert!(fs::exists(format!("/proc/{pid}")).unwrap(), "somebody asked");
    assert_eq!(read_note(&place).await, "kept");
    stop(&place, service).await;
}

#[tokio::test]
async fn an_interrupted_initialization_is_done_again() {
    let place = Place::new();
    fs::create_dir_all(place.data_dir().join("postgres.new/base")).unwrap();
    fs::write(place.data_dir().join("postgres.new/PG_VERSION"), "15\n").unwrap();
    let service = place.serve_until(READY).await;
    assert!(!place.data_dir().join("postgres.new").exists());
    stop(&place, service).await;
}

#[tokio::test]
async fn the_last_of_several_services_stops_postgres() {
    let place = Place::new();
    let first = place.serve_until(READY).await;
    write_note(&place).await;
    let second = place.serve_until(ADOPTED).await;
    second_is_ready(&place).await;
    assert!(first.terminate().await.success());
    assert_eq!(read_note(&place).await, "kept");
    stop(&place, second).await;
}

/// The second service has noted that it uses the cluster once it holds the lock, after which the first may leave.
async fn second_is_ready(place: &Place) {
    until("the starting lock to be free", async || {
        let lock = fs::File::open(place.data_dir().join("starting.lock")).unwrap();
        lock.try_lock().ok()
    })
    .await;
}

#[tokio::test]
async fn two_services_started_at_once_share_one_new_cluster() {
    let place = Place::new();
    let (first, second) = tokio::join!(place.serve_until(READY), place.serve_until(READY));
    assert!(first.terminate().await.success());
    place.connect().await;
    stop(&place, second).await;
}

#[tokio::test]
async fn a_data_folder_with_a_long_and_odd_path_works() {
    let place = Place::new();
    let odd = format!("it's a \"long\", odd\\ päth {}", "x".repeat(90));
    let odd = place.path().join(odd);
    fs::create_dir(&odd).unwrap();
    fs::set_permissions(&odd, Permissions::from_mode(0o755)).unwrap();
    std::os::unix::fs::symlink(&odd, place.data_dir()).unwrap();
    let service = place.serve_until(READY).await;
    assert!(!place.data_dir().join("run").exists());
    let lock_file = fs::read_to_string(place.data_dir().join("postgres/postmaster.pid"));
    let socket_folder = lock_file.unwrap().lines().nth(4).unwrap().to_owned();
    let options = socket_options(socket_folder.as_ref()).database("casestream");
    options.connect().await.unwrap();
    stop(&place, service).await;
    fs::remove_dir(socket_folder).unwrap();
}
