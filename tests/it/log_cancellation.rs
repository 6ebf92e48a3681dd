//! A client may leave at any moment. What was acknowledged stays, and nothing is left open on its connection.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use api::postgres::{WRITER_ROLE, service_pool};
use domain::{
    MessageId,
    case::{CaseAction, NewAttachments},
};
use event_log::{Executed, verify};
use futures_util::FutureExt as _;
use harness::{TestDatabase, database, until};
use sqlx::{ConnectOptions as _, Connection as _, Executor as _, PgPool, postgres::PgPoolOptions};
use tokio::time::timeout;

use crate::log_fixture::*;

const WRITES: i64 = 50;

#[tokio::test]
async fn a_dropped_begin_loses_later_writes_on_a_plain_pool_and_none_on_ours() {
    let database = database().await;
    let mut owner = database.owner_options.connect().await.unwrap();
    let create = format!("create table notes (n bigint); grant all on notes to {WRITER_ROLE}");
    owner.execute(create.as_str()).await.unwrap();

    let plain = PgPoolOptions::new().max_connections(1).connect_lazy_with(database.service_options.clone());
    let lost = lost_after_dropped_begins(&database, plain).await;
    println!("of {WRITES} acknowledged writes a plain pool lost {lost}");
    assert!(lost > 0, "the danger is gone: the pool need not reset its connections any more");
    let ours = service_pool(database.service_options.clone(), 1);
    assert_eq!(lost_after_dropped_begins(&database, ours).await, 0);
}

/// Each time a request is dropped while its `begin` is on the way, another one writes and is told that it is done. Then
/// the connection goes, as it does when a process ends.
async fn lost_after_dropped_begins(database: &TestDatabase, pool: PgPool) -> i64 {
    let mut owner = database.owner_options.connect().await.unwrap();
    owner.execute("truncate notes").await.unwrap();
    pool.execute("select 1").await.unwrap();
    let mut acknowledged = 0;
    for n in 0..WRITES {
        let mut connection = pool.acquire().await.unwrap();
        // The nap stands for a slow network: one look sends the request, and nobody waits for the answer.
        drop(connection.begin_with("begin; select pg_sleep(0.01)").now_or_never());
        drop(connection);
        let insert = sqlx::query("insert into notes values ($1)").bind(n).execute(&pool).await.unwrap();
        acknowledged += i64::try_from(insert.rows_affected()).unwrap();
    }
    pool.close().await;
    let stored: i64 = sqlx::query_scalar("select count(*) from notes").fetch_one(&mut owner).await.unwrap();
    acknowledged - stored
}

const CLIENTS: usize = 8;
const COMMANDS_PER_CLIENT: usize = 150;

#[tokio::test(flavor = "multi_thread")]
async fn commands_whose_clients_leave_happen_wholly_or_not_at_all() {
    let desk = Arc::new(Desk::new().await);
    let case_ids: Arc<[String]> = [desk.open_case().await, desk.open_case().await, desk.open_case().await].into();
    let clients = (0..CLIENTS).map(|client| tokio::spawn(run_client(Arc::clone(&desk), Arc::clone(&case_ids), client)));
    let clients: Vec<_> = clients.collect();
    let (mut acknowledged, mut unknown) = (vec![], vec![]);
    for client in clients {
        let (mut done, mut left) = client.await.unwrap();
        acknowledged.append(&mut done);
        unknown.append(&mut left);
    }
    assert!(acknowledged.len() > 100 && unknown.len() > 100, "{} and {}", acknowledged.len(), unknown.len());

    until("every connection to be out of any transaction", async || {
        (open_transactions(&desk).await == 0).then_some(())
    })
    .await;
    let recorded = recorded_messages(&desk).await;
    for message in &acknowledged {
        assert_eq!(recorded.get(message), Some(&1), "{message} was acknowledged");
    }
    let done = unknown.iter().filter(|message| recorded.contains_key(message)).count();
    println!("{} acknowledged; of {} left by their clients {done} had happened", acknowledged.len(), unknown.len());
    assert!(recorded.values().all(|times| *times == 1));
    assert_eq!(recorded.len(), acknowledged.len() + done);
    assert_eq!(verify(&desk.pool, |_| ()).await.unwrap().first_bad, None);
}

/// Posts messages and stays for a while that differs each time; answers the acknowledged and the others.
async fn run_client(desk: Arc<Desk>, case_ids: Arc<[String]>, client: usize) -> (Vec<MessageId>, Vec<MessageId>) {
    let (mut acknowledged, mut unknown) = (vec![], vec![]);
    // How long it stays at most; about half of its commands should be done by then, however busy the machine is.
    let mut limit_us = 20_000;
    for n in 0..COMMANDS_PER_CLIENT {
        let case_id = &case_ids[(client + n) % case_ids.len()];
        let message = MessageId(new_id());
        let post = command(
            contact(),
            CaseAction::PostMessage {
                message,
                body: words(contact(), "hello?"),
                attachments: NewAttachments::default(),
            },
        );
        let patience = Duration::from_micros((n as u64 * 7919 + client as u64 * 104_729) % limit_us);
        match timeout(patience, execute(&desk.log, case_id, &post, None)).await {
            Ok(Ok(Executed::Decided { .. })) => {
                acknowledged.push(message);
                limit_us = (limit_us * 9 / 10).max(1000);
            }
            Ok(Ok(Executed::Repeated { .. })) => panic!("there are no keys"),
            // Contended, or left.
            Ok(Err(_)) | Err(_) => {
                unknown.push(message);
                limit_us = limit_us * 11 / 10;
            }
        }
        // Others use transactions, and leave too.
        let _ = timeout(patience / 10, desk.pool.begin()).await;
    }
    (acknowledged, unknown)
}

async fn open_transactions(desk: &Desk) -> i64 {
    let query = "select count(*) from pg_stat_activity
                 where datname = current_database() and pid <> pg_backend_pid() and state <> 'idle'";
    sqlx::query_scalar(query).fetch_one(&mut desk.owner().await).await.unwrap()
}

/// How often each message was recorded.
pub async fn recorded_messages(desk: &Desk) -> BTreeMap<MessageId, usize> {
    let query =
        "select (payload #>> '{fact,MessagePosted,message}')::uuid from events where event_type = 'MessagePosted'";
    let messages: Vec<uuid::Uuid> = sqlx::query_scalar(query).fetch_all(&desk.pool).await.unwrap();
    let mut times = BTreeMap::new();
    for message in messages {
        *times.entry(MessageId(message)).or_default() += 1;
    }
    times
}
