//! Integration tests: one program, so that they share one PostgreSQL.

mod harness_cluster;
mod import;
mod log_append;
mod log_cancellation;
mod log_compat;
mod log_crash;
mod log_fixture;
mod log_gate;
mod log_idempotency;
mod log_protection;
mod log_sealing;
mod projections;
mod service_connections;
