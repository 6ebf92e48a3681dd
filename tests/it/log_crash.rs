//! PostgreSQL killed under load, again and again: what was acknowledged is there, once, and readers miss nothing.

use std::{
    collections::BTreeMap,
    fs,
    process::Command,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use api::postgres::{WRITER_ROLE, in_writer_role, service_pool};
use domain::{
    MessageId,
    case::{CaseAction, CaseCommand, NewAttachments},
};
use event_log::{Executed, Tailer, read_raw_page, verify};
use harness::{Durability, TestCluster, TestDatabase, until};
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};

use crate::{log_cancellation::recorded_messages, log_fixture::*};

const WRITERS: usize = 6;

/// A soak test sets more of them.
fn crashes() -> usize {
    std::env::var("CASESTREAM_TEST_CRASHES").map_or(4, |crashes| crashes.parse().expect("a number of crashes"))
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_acknowledged_before_a_crash_is_there_once_after_it() {
    let cluster = TestCluster::start(Durability::Full).await;
    let load = Load::begin(migrated(&cluster).await).await;
    let tailer = Tailer::start(&load.desk.log);
    let reader = tokio::spawn(read_through_crashes(load.clone(), tailer.clone()));
    let writers: Vec<_> = (0..WRITERS).map(|number| tokio::spawn(write(load.clone(), number))).collect();
    for crash in 0..crashes() {
        let until_crash = load.acknowledged() + 40 + crash * 37 % 100;
        until("enough commands to be acknowledged", async || (load.acknowledged() >= until_crash).then_some(())).await;
        crash_at_once(&cluster);
        cluster.start_server().await;
    }
    let enough = load.acknowledged() + 100;
    until("commands after the last crash", async || (load.acknowledged() >= enough).then_some(())).await;
    load.stop.store(true, Ordering::Relaxed);
    for writer in writers {
        writer.await.unwrap();
    }
    load.check_and_repeat().await;
    let last: i64 = sqlx::query_scalar("select max(position) from events").fetch_one(&load.desk.pool).await.unwrap();
    tailer.wait_for(last, Duration::from_secs(20)).await.unwrap();
    load.is_read.store(true, Ordering::Relaxed);
    let all: Vec<i64> =
        sqlx::query_scalar("select position from events order by position").fetch_all(&load.desk.pool).await.unwrap();
    assert_eq!(reader.await.unwrap(), all, "a reader behind the gate sees every event once and in order");
}

/// Kills the server and everything that it started, as a machine does that loses its power.
fn crash_at_once(cluster: &TestCluster) {
    let pid_file = cluster.socket_folder().with_file_name("data").join("postmaster.pid");
    let pid_file = fs::read_to_string(pid_file).unwrap();
    let server_pid = pid_file.lines().next().unwrap();
    let children = Command::new("pgrep").args(["-P", server_pid]).output().unwrap();
    let children = String::from_utf8(children.stdout).unwrap();
    assert!(children.lines().count() > WRITERS, "the server was not under load");
    cluster.kill();
    for child in children.lines() {
        // One may have ended by itself when it lost its parent.
        let _ = kill(Pid::from_raw(child.parse().unwrap()), Signal::SIGKILL);
    }
}

async fn migrated(cluster: &TestCluster) -> TestDatabase {
    let owner_options = cluster.owner_options("postgres");
    let owner = sqlx::PgPool::connect_with(owner_options.clone()).await.unwrap();
    event_log::MIGRATIONS.run(&owner).await.unwrap();
    owner.close().await;
    let service_options = in_writer_role(owner_options.clone().username(WRITER_ROLE));
    TestDatabase { owner_options, service_options, name: "postgres".to_owned() }
}

/// A command under a key, as its client knows it.
type Sent = (String, CaseCommand, MessageId);

#[derive(Clone)]
struct Load {
    desk: Arc<Desk>,
    case_ids: Arc<Vec<String>>,
    stop: Arc<AtomicBool>,
    is_read: Arc<AtomicBool>,
    count: Arc<AtomicUsize>,
    acknowledged: Arc<Mutex<Vec<Sent>>>,
    unknown: Arc<Mutex<Vec<Sent>>>,
}

impl Load {
    async fn begin(database: TestDatabase) -> Self {
        let pool = service_pool(database.service_options.clone(), 10);
        let desk = Desk::on(database, pool);
        let mut case_ids = vec![];
        for _ in 0..4 {
            case_ids.push(desk.open_case().await);
        }
        Self {
            desk: Arc::new(desk),
            case_ids: Arc::new(case_ids),
            stop: Arc::default(),
            is_read: Arc::default(),
            count: Arc::default(),
            acknowledged: Arc::default(),
            unknown: Arc::default(),
        }
    }

    fn acknowledged(&self) -> usize {
        self.count.load(Ordering::Relaxed)
    }

    /// Judges what is there, then sends again what nobody answered, and judges once more.
    async fn check_and_repeat(&self) {
        let (acknowledged, unknown) = (self.acknowledged.lock().unwrap().clone(), self.unknown.lock().unwrap().clone());
        let recorded = recorded_messages(&self.desk).await;
        check_once(&recorded, &acknowledged);
        assert!(recorded.values().all(|times| *times == 1), "nothing is there twice");
        let happened = unknown.iter().filter(|(_, _, message)| recorded.contains_key(message)).count();
        assert_eq!(recorded.len(), acknowledged.len() + happened, "nothing is there that nobody sent");
        println!(
            "{} acknowledged in spite of {} crashes; {} not answered, of which {happened} had happened",
            acknowledged.len(),
            crashes(),
            unknown.len()
        );
        assert!(!unknown.is_empty(), "the crashes interrupted nothing");

        for (case_id, command, message) in &unknown {
            let executed = execute(&self.desk.log, case_id, command, Some(&message.to_string())).await.unwrap();
            let is_repeated = matches!(executed, Executed::Repeated { .. });
            assert_eq!(is_repeated, recorded.contains_key(message), "its key tells whether it had happened");
        }
        let recorded = recorded_messages(&self.desk).await;
        check_once(&recorded, &[acknowledged, unknown].concat());
        let found = verify(&self.desk.pool, |_| ()).await.unwrap();
        assert_eq!(found.first_bad, None, "chains hold, sequences are dense, heads are where they belong");
    }
}

fn check_once(recorded: &BTreeMap<MessageId, usize>, sent: &[Sent]) {
    for (_, _, message) in sent {
        assert_eq!(recorded.get(message), Some(&1), "{message}");
    }
}

async fn write(load: Load, number: usize) {
    for n in 0.. {
        if load.stop.load(Ordering::Relaxed) {
            return;
        }
        let case_id = load.case_ids[(number + n) % load.case_ids.len()].clone();
        let message = MessageId(new_id());
        let post = command(
            contact(),
            CaseAction::PostMessage {
                message,
                body: words(contact(), "hello?"),
                attachments: NewAttachments::default(),
            },
        );
        let executed = execute(&load.desk.log, &case_id, &post, Some(&message.to_string())).await;
        let sent = (case_id, post, message);
        if executed.is_ok() {
            load.acknowledged.lock().unwrap().push(sent);
            load.count.fetch_add(1, Ordering::Relaxed);
        } else {
            load.unknown.lock().unwrap().push(sent);
        }
    }
}

async fn read_through_crashes(load: Load, tailer: Tailer) -> Vec<i64> {
    let mut seen: Vec<i64> = vec![];
    loop {
        let is_read = load.is_read.load(Ordering::Relaxed);
        let up_to = tailer.safe_position();
        let after = seen.last().copied().unwrap_or(0);
        let page = match load.desk.pool.acquire().await {
            Ok(mut connection) => read_raw_page(&mut connection, after, up_to, 100).await.unwrap_or_default(),
            Err(_) => vec![],
        };
        seen.extend(page.iter().map(|event| event.position));
        if is_read && page.is_empty() {
            return seen;
        }
        if page.is_empty() {
            let _ = tailer.wait_for(up_to + 1, Duration::from_millis(50)).await;
        }
    }
}
