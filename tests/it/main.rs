//! Integration tests: one program, so that they share one PostgreSQL.

mod harness_cluster;
mod projections;
mod service_connections;
