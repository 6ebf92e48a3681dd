//! Integration tests: one program, so that they share one PostgreSQL.

mod harness_cluster;
mod service_connections;
