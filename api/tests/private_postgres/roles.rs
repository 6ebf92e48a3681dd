//! Who signs in to a PostgreSQL of one's own, and what for: the owner to migrate and rebuild, the writer to serve.

use std::process::{Command, Output};

use harness::{Durability, TestCluster};
use sqlx::{ConnectOptions as _, Executor as _};

use crate::service::{Place, READY, free_port};

/// A server with an empty database, whose owner is no superuser, and the folder of a service that uses it.
struct Installation {
    cluster: TestCluster,
    place: Place,
}

impl Installation {
    async fn new() -> Self {
        let cluster = TestCluster::start(Durability::Fast).await;
        let mut superuser = cluster.owner_options("postgres").connect().await.unwrap();
        for statement in [
            "create role desk_owner login createrole",
            "create role desk_deputy login in role desk_owner",
            "create database desk owner desk_owner",
        ] {
            superuser.execute(statement).await.unwrap();
        }
        Self { cluster, place: Place::new() }
    }

    /// A subcommand in some mode, signing in as some role.
    fn command(&self, mode: &str, role: &str, arguments: &[&str]) -> Command {
        let socket_folder = self.cluster.socket_folder();
        let mut command = self.place.command(arguments);
        command
            .env("CASESTREAM_MODE", mode)
            .env("CASESTREAM_MASTER_KEY_FILE", self.place.path().join("master.key"))
            .env("CASESTREAM_BASE_URL", "https://support.example.com")
            .env("CASESTREAM_SMTP_URL", "smtps://mail.example.com")
            .env("DATABASE_URL", format!("postgres://{role}@localhost/desk?host={}", socket_folder.display()));
        command
    }

    /// What a command answers that does what it is asked to.
    fn done(&self, mode: &str, role: &str, arguments: &[&str]) -> String {
        let Output { status, stdout, stderr } = self.command(mode, role, arguments).output().unwrap();
        assert!(status.success(), "{arguments:?} as {role}: {}", String::from_utf8_lossy(&stderr));
        String::from_utf8(stdout).unwrap()
    }

    /// What a command complains of that does nothing.
    #[track_caller]
    fn refused(&self, mode: &str, role: &str, arguments: &[&str], words: &str) {
        let Output { status, stdout, stderr } = self.command(mode, role, arguments).output().unwrap();
        let complaint = String::from_utf8(stderr).unwrap();
        assert_eq!((status.code(), stdout.is_empty()), (Some(1), true), "{arguments:?} as {role}: {complaint}");
        let last = complaint.lines().last().unwrap_or_default();
        assert!(last.starts_with("casestream: ") && last.contains(words), "{arguments:?} as {role}: {complaint}");
    }
}

const REBUILD: &[&str] = &["rebuild", "--prepare"];

#[tokio::test]
async fn in_production_the_owner_migrates_and_rebuilds_and_the_writer_serves() {
    let desk = Installation::new().await;
    desk.refused("production", "casestream_owner", &["migrate"], "casestream_owner is a superuser");
    desk.refused("production", "desk_owner", &["serve"], "run `casestream migrate` with the owner's DATABASE_URL");
    assert_eq!(desk.done("production", "desk_owner", &["migrate"]), "the database is up to date\n");
    assert!(desk.done("production", "desk_owner", REBUILD).contains("case: version 2 is live"));

    for role in ["desk_owner", "desk_deputy"] {
        desk.refused("production", role, &["serve"], "in production sign in as casestream_writer");
    }
    desk.refused("production", "casestream_owner", &["serve"], "casestream_owner is a superuser");
    for (missing, given) in
        [("CASESTREAM_BASE_URL", "CASESTREAM_SMTP_URL"), ("CASESTREAM_SMTP_URL", "CASESTREAM_BASE_URL")]
    {
        let mut serve = desk.command("production", "casestream_writer", &["serve"]);
        serve.env_remove(missing);
        let output = serve.output().unwrap();
        let complaint = String::from_utf8(output.stderr).unwrap();
        assert!(complaint.contains(&format!("{missing} is not set")) && !complaint.contains(given), "{complaint}");
    }
    let mut serve = desk.command("production", "casestream_writer", &["serve"]);
    let port = free_port();
    serve.env("CASESTREAM_LISTEN", format!("127.0.0.1:{port}"));
    let service = desk.place.start_until(serve, READY).await;
    for path in ["/mailbox", "/mailbox/01980000-0000-7000-8000-000000000001", "/mailbox/"] {
        let answer = reqwest::get(format!("http://127.0.0.1:{port}{path}")).await.unwrap();
        assert_eq!(answer.status(), 404, "{path}: production shows nobody's mail");
    }
    assert!(service.terminate().await.success());
}

#[tokio::test]
async fn with_the_services_url_migrate_and_rebuild_say_whose_they_need() {
    let desk = Installation::new().await;
    desk.done("production", "desk_owner", &["migrate"]);
    for mode in ["production", "development"] {
        for arguments in [&["migrate"], REBUILD] {
            let words =
                "signs in as casestream_writer, who does not own the tables: `migrate` and `rebuild` need the owner's";
            desk.refused(mode, "casestream_writer", arguments, words);
        }
    }
}
