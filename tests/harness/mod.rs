//! What integration tests stand on: a real PostgreSQL that ends with the test process, and a fresh, migrated database for each test.

mod app;
mod clamd;
mod cluster;
mod database;
mod live;
mod ports;
mod wait;
mod watchdog;

pub use app::{TestApp, TestCaller, cheap_rules, credentials_with, mutation_document};
pub use clamd::TestClamd;
pub use cluster::{Durability, TestCluster};
pub use database::{TestDatabase, database};
pub use live::{TestSocket, TestStream};
pub use ports::free_ports;
pub use wait::until;
