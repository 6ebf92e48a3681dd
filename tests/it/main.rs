//! Integration tests: one program, so that they share one PostgreSQL.

mod graphql_audit;
mod graphql_desk;
mod graphql_idempotency;
mod graphql_operations;
mod graphql_paging;
mod graphql_queries;
mod graphql_refusals;
mod graphql_roles;
mod graphql_schema;
mod graphql_secrecy;
mod graphql_statements;
mod graphql_together;
mod graphql_versions;
mod harness_cluster;
mod log_append;
mod log_cancellation;
mod log_crash;
mod log_fixture;
mod log_gate;
mod log_idempotency;
mod log_protection;
mod log_sealing;
mod projections;
mod service_connections;
