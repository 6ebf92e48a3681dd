//! A fresh, migrated database for each test.

use std::sync::atomic::{AtomicU32, Ordering};

use api::postgres::{WRITER_ROLE, in_writer_role};
use sqlx::{ConnectOptions as _, Connection as _, postgres::PgConnectOptions};
use tokio::sync::OnceCell;

use crate::cluster::{Durability, TestCluster};

/// The server that all tests of this process share; every test has databases of its own in it.
static CLUSTER: OnceCell<TestCluster> = OnceCell::const_new();
static NUMBER: AtomicU32 = AtomicU32::new(0);
const TEMPLATE: &str = "casestream_template";

/// A database that nobody else uses.
#[derive(Clone, Debug)]
pub struct TestDatabase {
    /// How the owner connects, who may do anything.
    pub owner_options: PgConnectOptions,
    /// How the service connects.
    pub service_options: PgConnectOptions,
    /// The database's name.
    pub name: String,
}

/// Makes a fresh database with everything that the migrations make.
///
/// # Panics
/// If PostgreSQL fails; the message says how.
pub async fn database() -> TestDatabase {
    let cluster = CLUSTER.get_or_init(start).await;
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let name = format!("test_{number}");
    let create = format!("create database {name} template {TEMPLATE}");
    execute(&cluster.owner_options("postgres"), &create).await;
    let owner_options = cluster.owner_options(&name);
    TestDatabase { service_options: in_writer_role(owner_options.clone().username(WRITER_ROLE)), owner_options, name }
}

async fn start() -> TestCluster {
    let cluster = TestCluster::start(Durability::Fast).await;
    let create = format!("create database {TEMPLATE}");
    execute(&cluster.owner_options("postgres"), &create).await;
    prepare_template(&cluster.owner_options(TEMPLATE)).await;
    cluster
}

/// Brings the template, from which every test's database is copied, to where a service expects it. It must leave no connection open:
/// PostgreSQL does not copy a database that is in use.
async fn prepare_template(owner_options: &PgConnectOptions) {
    let pool = sqlx::PgPool::connect_with(owner_options.clone()).await.expect("the test PostgreSQL runs");
    api::store::migrate_as(&pool).await.expect("the migrations run");
    pool.close().await;
}

async fn execute(options: &PgConnectOptions, statement: &str) {
    let mut connection = options.connect().await.expect("the test PostgreSQL runs");
    sqlx::raw_sql(statement).execute(&mut connection).await.unwrap_or_else(|error| panic!("{statement}: {error}"));
    connection.close().await.expect("the connection is open");
}
