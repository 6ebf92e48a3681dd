//! Casestream's service: settings, the database it runs on, and the command line.

pub mod cli;
pub mod clock;
pub mod commands;
pub mod identity;
pub mod import;
pub mod listen;
pub mod logging;
pub mod master_key;
pub mod opaque;
pub mod postgres;
pub mod settings;
