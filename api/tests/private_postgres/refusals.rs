//! What cannot work is refused in one sentence that says what to do.

use std::{
    fs::{self, Permissions},
    os::unix::fs::PermissionsExt as _,
    process::{Command, Output},
};

use nix::unistd::geteuid;

use crate::service::{Place, READY, postgres_account, unprivileged_command};

/// Runs the service, which must end by itself, and returns what it complains of.
pub fn refusal(mut command: Command) -> String {
    let Output { status, stderr, .. } = command.output().unwrap();
    let stderr = String::from_utf8(stderr).unwrap();
    assert_eq!(status.code(), Some(1), "{stderr}");
    let complaint = stderr.lines().last().unwrap_or_default();
    assert!(complaint.starts_with("casestream: "), "{stderr}");
    assert!(!complaint.contains("Error {"), "{complaint}");
    complaint.to_owned()
}

#[test]
fn a_file_in_the_place_of_the_data_folder() {
    let place = Place::new();
    fs::write(place.data_dir(), "").unwrap();
    let complaint = refusal(place.serve());
    assert!(complaint.contains("data is not a folder"), "{complaint}");
    assert!(complaint.contains("CASESTREAM_DATA_DIR"), "{complaint}");
}

#[test]
fn a_file_in_the_place_of_the_cluster() {
    let place = Place::new();
    fs::create_dir(place.data_dir()).unwrap();
    fs::write(place.data_dir().join("postgres"), "").unwrap();
    // As root, who owns a thing decides who runs PostgreSQL; a file of root's belongs to nobody who could.
    let _ = postgres_account(&place).give(&place.data_dir().join("postgres"));
    let complaint = refusal(place.serve());
    assert!(complaint.contains("postgres is not a folder"), "{complaint}");
}

#[test]
fn a_folder_of_something_else_in_the_place_of_the_cluster() {
    let place = Place::new();
    let cluster = place.data_dir().join("postgres");
    fs::create_dir_all(&cluster).unwrap();
    fs::write(cluster.join("holiday.jpg"), "").unwrap();
    let _ = postgres_account(&place).give(&cluster);
    let complaint = refusal(place.serve());
    assert!(complaint.contains("no PostgreSQL cluster"), "{complaint}");
    assert!(cluster.join("holiday.jpg").exists());
}

#[test]
fn a_cluster_of_another_version() {
    let place = Place::new();
    let cluster = place.data_dir().join("postgres");
    fs::create_dir_all(&cluster).unwrap();
    fs::write(cluster.join("PG_VERSION"), "9.6\n").unwrap();
    let _ = postgres_account(&place).give(&cluster);
    let complaint = refusal(place.serve());
    assert!(complaint.contains("made by PostgreSQL 9.6"), "{complaint}");
    assert!(complaint.contains("pg_upgrade"), "{complaint}");
}

#[test]
fn a_folder_without_rights() {
    let place = Place::new();
    fs::create_dir(place.data_dir()).unwrap();
    fs::set_permissions(place.data_dir(), Permissions::from_mode(0o555)).unwrap();
    let complaint = refusal(unprivileged_command(&place));
    assert!(complaint.contains("cannot use"), "{complaint}");
    assert!(complaint.contains("Permission denied"), "{complaint}");
}

#[test]
fn a_cluster_of_another_user() {
    if !geteuid().is_root() {
        return; // Only root can make one.
    }
    let place = Place::new();
    let cluster = place.data_dir().join("postgres");
    fs::create_dir_all(&cluster).unwrap();
    fs::write(cluster.join("PG_VERSION"), "15\n").unwrap();
    let complaint = refusal(unprivileged_command(&place));
    assert!(complaint.contains("belongs to root"), "{complaint}");
}

#[test]
fn a_folder_that_the_account_of_postgres_cannot_reach() {
    if !geteuid().is_root() {
        return; // Without privileges it is the same user.
    }
    let place = Place::new();
    fs::set_permissions(place.path(), Permissions::from_mode(0o700)).unwrap();
    let complaint = refusal(place.serve());
    assert!(complaint.contains("cannot enter"), "{complaint}");
    assert!(complaint.contains("/var/lib/casestream"), "{complaint}");
}

#[test]
fn no_postgres_programs() {
    let place = Place::new();
    let mut serve = place.serve();
    serve.env("PG_BIN", place.path());
    let complaint = refusal(serve);
    assert!(complaint.contains("apt-get install postgresql"), "{complaint}");
    assert!(complaint.contains("DATABASE_URL"), "{complaint}");
}

#[test]
fn a_port_in_use() {
    let place = Place::new();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap();
    let mut serve = place.serve();
    serve.env("CASESTREAM_LISTEN", address.to_string());
    let complaint = refusal(serve);
    assert!(complaint.contains(&format!("{address} is in use")), "{complaint}");
    assert!(!place.data_dir().exists(), "nothing was started");
}

#[tokio::test]
async fn a_copy_of_a_running_cluster() {
    let original = Place::new();
    let service = original.serve_until(READY).await;
    let copy = Place::new();
    let copied = Command::new("cp").arg("-a").args([original.data_dir(), copy.data_dir()]).status();
    assert!(copied.unwrap().success());
    let complaint = refusal(copy.serve());
    assert!(complaint.contains("copied"), "{complaint}");
    // The copied lock file names the original's server, which must not be ended with the copy.
    fs::remove_file(copy.data_dir().join("postgres/postmaster.pid")).unwrap();
    assert!(service.terminate().await.success());
}
