//! Brings accounts in, with their locations, installed products and contacts: CSV or NDJSON whose columns have fixed names.
//!
//! | file | what it holds |
//! |---|---|
//! | [`row`] | one row, checked |
//! | [`source`] | a file read as rows |
//! | [`run`] | row by row into the log |
//! | [`report`] | what came of it |
//!
//! A row says how an account stands, and each row is asked for what is still missing for that. Nothing is remembered
//! beside the log: a second run of the same file finds everything as it says, and does nothing.

pub mod report;
pub mod row;
pub mod run;
pub mod source;
