//! Casestream's API and binary.

pub mod http;
pub mod telemetry;
