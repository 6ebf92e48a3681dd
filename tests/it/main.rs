//! Integration tests: one program, so that they share one PostgreSQL.

mod harness_cluster;
mod import;
mod import_killed;
mod projections;
mod service_connections;
