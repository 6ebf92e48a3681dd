//! Everything an operator can set, read once at the start.
//!
//! A setting is an environment variable. `declared` holds each one's name, default, description and parser; [`Settings::from_lookup`]
//! reads them all and judges them together, so that one start names every mistake and the rest of the program only ever sees values
//! that hold. The table in `docs/operations.md` is printed from the same declarations and a test keeps the two equal.

mod declared;
mod error;
mod mail;
mod parse;
mod reader;
mod rules;
mod setting;
#[cfg(test)]
mod tests;
mod values;

pub use declared::{LISTEN, OPERATIONS_LISTEN};
pub use error::{Problem, SettingsError};
pub use mail::{BaseUrl, Encryption, MailSettings, SmtpServer};
pub use setting::{About, Fallback, Setting, markdown_table};
pub use values::{DatabaseUrl, GraphqlLimits, LogFormat, Mode, Settings};
