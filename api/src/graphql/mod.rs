//! The GraphQL schema.

pub mod case_inputs;
pub mod enums;
pub mod ids;
