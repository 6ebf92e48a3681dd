//! The race that the gate exists for: positions are drawn in one order and become visible in another.

use std::{
    env,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicI64, Ordering},
    },
    time::{Duration, Instant},
};

use event_log::{Tailer, read_raw_page, safe_position_now};
use harness::until;
use sqlx::{ConnectOptions as _, Connection as _, Executor as _, PgConnection};

use crate::log_fixture::*;

const WRITERS: usize = 24;

/// Any writer obeys the gate, by whatever way it inserts.
const HELPERS: &str = "
create function emit(stream text, first bigint, count bigint) returns bigint language sql as $$
    insert into events (aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata,
                        recorded_at, hash)
    select 'race', stream, n, 'Raced', '1', '{}', '{}', now(), sha256('race')
    from generate_series(first, first + count - 1) n
    returning position
$$;
create function nap() returns void language sql as $$ select pg_sleep(random() * 0.02) $$;
grant execute on function emit, nap to public";

/// What many readers do.
const BY_LAST_SEEN: &str = "select position from events where position > $1 order by position";
/// What careful readers do.
const BY_XMIN: &str = "select position from events
    where position > $1 and xmin::text::bigint < pg_snapshot_xmin(pg_current_snapshot())::text::bigint
    order by position";

/// One round takes about ten seconds; a soak test sets more of them.
fn rounds() -> usize {
    env::var("CASESTREAM_TEST_GATE_ROUNDS").map_or(1, |rounds| rounds.parse().expect("a number of rounds"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_reader_behind_the_gate_sees_every_event_once_and_in_order() {
    for _ in 0..rounds() {
        run_race().await;
    }
}

async fn run_race() {
    let desk = Desk::new().await;
    desk.owner().await.execute(HELPERS).await.unwrap();
    let race = Race { desk: Arc::new(desk), stop: Arc::default(), last: Arc::default(), streams: Arc::default() };
    let tailer = Tailer::start(&race.desk.log);
    let behind_the_gate = tokio::spawn(read_behind_the_gate(race.clone(), tailer.clone()));
    let by_last_seen = tokio::spawn(read_from_last_seen(race.clone(), BY_LAST_SEEN));
    let by_xmin = tokio::spawn(read_from_last_seen(race.clone(), BY_XMIN));
    let writers: Vec<_> = (0..WRITERS).map(|number| tokio::spawn(write(race.clone(), number))).collect();

    let started = Instant::now();
    until("a few events", async || (race.count().await > 1000).then_some(())).await;
    let held_for = hold_the_gate_until_ended(&race).await;
    let before = race.count().await;
    until("more events after that", async || (race.count().await > before + 1000).then_some(())).await;
    race.stop.store(true, Ordering::Relaxed);
    for writer in writers {
        writer.await.unwrap();
    }

    let mut owner = race.desk.owner().await;
    let all = "select position from events order by position";
    let committed: Vec<i64> = sqlx::query_scalar(all).fetch_all(&mut owner).await.unwrap();
    race.last.store(*committed.last().unwrap(), Ordering::Relaxed);
    let seen = behind_the_gate.await.unwrap();
    let lost = |seen: &[i64]| committed.iter().filter(|position| seen.binary_search(position).is_err()).count();
    let (lost_by_last_seen, lost_by_xmin) = (lost(&by_last_seen.await.unwrap()), lost(&by_xmin.await.unwrap()));
    println!(
        "of {} events in {:.1} s, {} were lost behind the gate, {} by reading on from the last one seen, {} with an \
         xmin filter besides; a writer that held the gate was ended after {:.1} s",
        committed.len(),
        started.elapsed().as_secs_f64(),
        lost(&seen),
        lost_by_last_seen,
        lost_by_xmin,
        held_for.as_secs_f64(),
    );
    assert!(lost_by_last_seen > 0, "the race was too tame to prove anything");
    assert!(seen == committed, "every event once and in order");
    assert!((4..15).contains(&held_for.as_secs()), "{held_for:?}");
}

#[derive(Clone)]
struct Race {
    desk: Arc<Desk>,
    stop: Arc<AtomicBool>,
    /// The last position, once everybody has finished.
    last: Arc<AtomicI64>,
    streams: Arc<AtomicI64>,
}

impl Race {
    async fn count(&self) -> i64 {
        sqlx::query_scalar("select count(*) from events").fetch_one(&self.desk.pool).await.unwrap()
    }

    async fn connect(&self) -> PgConnection {
        self.desk.database.service_options.connect().await.unwrap()
    }

    /// A call that inserts so many events.
    fn emit(&self, count: i64) -> String {
        let stream = self.streams.fetch_add(1, Ordering::Relaxed);
        format!("select emit('{stream}', 1, {count})")
    }
}

/// Reads as every reader of the service does.
async fn read_behind_the_gate(race: Race, tailer: Tailer) -> Vec<i64> {
    let mut connection = race.connect().await;
    let mut safe = tailer.subscribe();
    let mut seen: Vec<i64> = vec![];
    loop {
        let up_to = *safe.borrow_and_update();
        let after = seen.last().copied().unwrap_or(0);
        let page = read_raw_page(&mut connection, after, up_to, 500).await.unwrap();
        seen.extend(page.iter().map(|event| event.position));
        let last = race.last.load(Ordering::Relaxed);
        if last > 0 && up_to >= last && page.is_empty() {
            return seen;
        }
        if page.is_empty() && last == 0 {
            tailer.poke(i64::MAX);
            let _ = tokio::time::timeout(Duration::from_millis(100), safe.changed()).await;
        }
    }
}

async fn read_from_last_seen(race: Race, query: &str) -> Vec<i64> {
    let mut connection = race.connect().await;
    let mut seen: Vec<i64> = vec![];
    loop {
        let last = race.last.load(Ordering::Relaxed);
        let after = seen.last().copied().unwrap_or(0);
        let page: Vec<i64> = sqlx::query_scalar(query).bind(after).fetch_all(&mut connection).await.unwrap();
        seen.extend(page);
        // Either reader comes to the last event in the end, whatever it has passed.
        if last > 0 && seen.last() == Some(&last) {
            return seen;
        }
    }
}

/// Writes in its own way until the race is over.
async fn write(race: Race, number: usize) {
    let mut connection = race.connect().await;
    while !race.stop.load(Ordering::Relaxed) {
        let (one, three) = (race.emit(1), race.emit(3));
        let (commit, rollback) = ("commit", "rollback");
        match number % 8 {
            0 => run(&mut connection, &[&one]).await,
            1 => run(&mut connection, &["begin", &one, "select nap()", commit]).await,
            // Draws its transaction id long before its position.
            2 => {
                let steps = [
                    "begin",
                    "select txid_current()",
                    "select nap()",
                    &one,
                    "select nap()",
                    &three,
                    "select nap()",
                    commit,
                ];
                run(&mut connection, &steps).await;
            }
            3 => run(&mut connection, &["begin", &three, "select nap()", rollback]).await,
            4 => {
                let steps = ["begin", &one, "savepoint s", &three, "rollback to s", &three, "select nap()", commit];
                run(&mut connection, &steps).await;
            }
            5 => copy(&mut connection, &race).await,
            6 => {
                run(&mut connection, &["begin", &three, "select nap()"]).await;
                connection.execute("select pg_terminate_backend(pg_backend_pid())").await.unwrap_err();
                connection = race.connect().await;
            }
            _ => {
                race.desk.open_case().await;
            }
        }
    }
}

async fn run(connection: &mut PgConnection, steps: &[&str]) {
    for step in steps {
        connection.execute(*step).await.unwrap();
    }
}

async fn copy(connection: &mut PgConnection, race: &Race) {
    const COPY: &str = "copy events (aggregate_type, aggregate_id, sequence, event_type, event_version, payload, \
                        metadata, recorded_at, hash) from stdin";
    let stream = race.streams.fetch_add(1, Ordering::Relaxed);
    let mut copy = connection.copy_in_raw(COPY).await.unwrap();
    for sequence in 1..=5 {
        let row = format!("race\t{stream}\t{sequence}\tRaced\t1\t{{}}\t{{}}\t2026-01-01\t\\\\x{}\n", "00".repeat(32));
        copy.send(row.as_bytes()).await.unwrap();
    }
    copy.finish().await.unwrap();
}

/// Inserts, never commits, and says how long that was tolerated.
async fn hold_the_gate_until_ended(race: &Race) -> Duration {
    let mut connection = race.connect().await;
    run(&mut connection, &["begin", &race.emit(2)]).await;
    let started = Instant::now();
    until("the writer to be ended", async || connection.ping().await.err()).await;
    started.elapsed()
}

#[tokio::test]
async fn readers_wait_for_those_who_may_still_commit_and_for_nobody_else() {
    let desk = Desk::new().await;
    desk.owner().await.execute(HELPERS).await.unwrap();
    let [mut early, mut late, mut stranger] = [connect(&desk).await, connect(&desk).await, connect(&desk).await];
    run(&mut stranger, &["begin isolation level repeatable read", "select txid_current()"]).await;
    run(&mut early, &["begin", "select emit('early', 1, 1)"]).await;
    desk.open_case().await;

    let pool = desk.pool.clone();
    let safe = tokio::spawn(async move { safe_position_now(&pool).await.unwrap() });
    until("the wait to begin", async || has_looked_at_the_gate(&desk).await.then_some(())).await;
    run(&mut late, &["begin", "select emit('late', 1, 1)"]).await;
    assert!(!safe.is_finished(), "the early writer may still commit before what is there");
    run(&mut early, &["commit"]).await;
    let last: i64 = sqlx::query_scalar("select max(position) from events").fetch_one(&desk.pool).await.unwrap();
    assert_eq!(safe.await.unwrap(), last, "nobody waits for the late writer or the stranger");
    run(&mut late, &["rollback"]).await;
    assert_eq!(safe_position_now(&desk.pool).await.unwrap(), last, "a position without an event is not published");
}

async fn connect(desk: &Desk) -> PgConnection {
    desk.database.service_options.connect().await.unwrap()
}

/// Whether somebody has been told who holds the gate.
async fn has_looked_at_the_gate(desk: &Desk) -> bool {
    let query = "select exists (select from pg_stat_activity where datname = current_database() and state = 'idle' and \
                 query like '%from gate_look(%')";
    sqlx::query_scalar(query).fetch_one(&mut desk.owner().await).await.unwrap()
}
