//! How the running service is connected: never as the owner, never in a transaction that somebody else left open.

use api::{
    postgres::{Database, DatabaseError, WRITER_ROLE, service_pool},
    settings::Settings,
    store,
};
use harness::{TestDatabase, database};
use sqlx::{ConnectOptions as _, Executor as _, PgPool, postgres::PgConnectOptions};

#[tokio::test]
async fn a_service_connection_is_the_writer_even_after_a_reset() {
    let database = database().await;
    for sign_in in [database.service_options.clone(), as_owner_signs_in(&database)] {
        let mut connection = sign_in.connect().await.unwrap();
        for statement in ["select 1", "reset role"] {
            connection.execute(statement).await.unwrap();
            let role: String =
                sqlx::query_scalar("select current_user::text").fetch_one(&mut connection).await.unwrap();
            assert_eq!(role, WRITER_ROLE, "after {statement}");
        }
    }
}

/// What a single `DATABASE_URL` in development leads to.
fn as_owner_signs_in(database: &TestDatabase) -> PgConnectOptions {
    database.owner_options.clone().options([("role", WRITER_ROLE)])
}

/// A pool with one connection, so that the next user gets what the last one left.
async fn pool_with_table() -> (TestDatabase, PgPool) {
    let database = database().await;
    let mut owner = database.owner_options.connect().await.unwrap();
    owner
        .execute(format!("create table notes (note text); grant all on notes to {WRITER_ROLE}").as_str())
        .await
        .unwrap();
    let pool = service_pool(database.service_options.clone(), 1);
    (database, pool)
}

#[tokio::test]
async fn a_transaction_that_nobody_ended_does_not_swallow_the_next_write() {
    let (database, pool) = pool_with_table().await;
    let leftovers = ["begin", "begin; insert into notes values ('unfinished')", "begin; select 1/0"];
    for leftover in leftovers {
        let mut connection = pool.acquire().await.unwrap();
        // sqlx is not told that a transaction begins, as when a request is dropped while its `begin` is under way.
        let _ = connection.execute(leftover).await;
        drop(connection);
        sqlx::query("insert into notes values ($1)").bind(leftover).execute(&pool).await.unwrap();
    }
    let mut owner = database.owner_options.connect().await.unwrap();
    let notes: Vec<String> = sqlx::query_scalar("select note from notes").fetch_all(&mut owner).await.unwrap();
    assert_eq!(notes, leftovers);
}

/// Opens the database that a URL names, in the given mode.
async fn open(database: &TestDatabase, role: &str, mode: &str) -> Result<Database, DatabaseError> {
    let socket = database.owner_options.get_socket().unwrap();
    let host = socket.to_str().unwrap().replace('/', "%2F");
    let url = format!("postgres://{role}@{host}/{}", database.name);
    let lookup = |name: &str| match name {
        "DATABASE_URL" => Some(url.clone().into()),
        "CASESTREAM_MODE" => Some(mode.into()),
        "CASESTREAM_MASTER_KEY_FILE" => Some("/etc/casestream/master.key".into()),
        _ => None,
    };
    let settings = Settings::from_lookup(&lookup, std::iter::empty(), false).unwrap();
    Database::open(&settings).await
}

#[tokio::test]
async fn one_url_serves_owner_and_service_in_development() {
    let database = database().await;
    let opened = open(&database, "casestream_owner", "development").await;
    let opened = opened.unwrap();
    for (options, expected) in [(opened.owner_options(), "casestream_owner"), (opened.service_options(), WRITER_ROLE)] {
        let mut connection = options.connect().await.unwrap();
        let role: String = sqlx::query_scalar("select current_user::text").fetch_one(&mut connection).await.unwrap();
        assert_eq!(role, expected);
    }
    opened.close().await.unwrap();
}

#[tokio::test]
async fn production_refuses_a_superuser_and_takes_the_writer() {
    let database = database().await;
    let refusal = open(&database, "casestream_owner", "production").await;
    let words = refusal.unwrap_err().to_string();
    assert!(words.contains("casestream_owner is a superuser"), "{words}");
    open(&database, WRITER_ROLE, "production").await.unwrap();
}

#[tokio::test]
async fn only_the_owner_changes_the_schema() {
    let database = database().await;
    let owner = open(&database, "casestream_owner", "development").await.unwrap();
    store::migrate(&owner).await.unwrap();
    owner.close().await.unwrap();
    let writer = open(&database, WRITER_ROLE, "production").await.unwrap();
    let words = store::migrate(&writer).await.unwrap_err().to_string();
    assert!(words.contains(WRITER_ROLE) && words.contains("the owner's DATABASE_URL"), "{words}");
    writer.close().await.unwrap();
}

#[tokio::test]
async fn a_database_that_is_not_there_is_refused_with_where_to_look() {
    let mut database = database().await;
    database.name = "elsewhere".to_owned();
    let refusal = open(&database, "casestream_owner", "development").await;
    let words = refusal.unwrap_err().to_string();
    assert!(words.contains("elsewhere"), "{words}");
    assert!(words.contains("DATABASE_URL"), "{words}");
}
