//! Brings case histories over from another system, at their own times and through the same rules.
//!
//! | file | what it holds |
//! |---|---|
//! | [`mapping`] | the TOML file that says what the columns and values of a CSV export mean |
//! | [`defaults`] | what stands in where a row does not say what the rules need |
//! | [`field`] | the words in which a row is told: what a mapping maps to, and what an NDJSON line holds |
//! | [`time`] | how the times of an export are written |
//! | [`row`] | one row, checked |
//! | [`refusal`] | why a row is not taken |
//! | [`source`] | an export read as rows, gathered by case and put in order |
//! | [`identity`] | ids that a second run finds again |
//! | [`derive`](mod@derive) | what a row says, as commands to the case; pure |
//! | `steps` | the commands that bring a case to where a row says it stands; pure |
//! | [`names`] | the names that go with the ids |
//! | [`run`] | case by case into the log |
//! | [`report`] | what came of it |
//! | [`accounts`] | accounts with what they have, which is another import |
//!
//! A row tells how a case stood after one update. The import asks the rules for what brings the case there, and
//! records what they answer. Nothing is remembered beside the log: a row that made events is known by its
//! fingerprint in their metadata, which is what makes a second run of the same file do nothing.

pub mod accounts;
pub mod defaults;
pub mod derive;
pub mod field;
pub mod identity;
pub mod mapping;
pub mod names;
pub mod refusal;
pub mod report;
pub mod row;
pub mod run;
pub mod source;
mod steps;
pub mod time;
