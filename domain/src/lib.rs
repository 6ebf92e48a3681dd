//! The write model of Casestream: aggregates, commands, events and the rules between them.
//!
//! Everything here is pure. The time, new ids and the caller arrive inside a command; nothing reads a clock,
//! draws a random number, holds a key or touches the network. That is what makes a rule testable by itself and a
//! replay equal to the day it happened.
//!
//! Read [`case`] first: its `mod.rs` is the table of contents of a case's life. [`account`], [`person`] and [`user`] are built alike.
//!
//! # How to add an event
//!
//! 1. Add the variant to [`case::CaseFact`] (or another aggregate's), with its type name and version in [`case::event`].
//! 2. Write its rule and the given/when/then tests beside it.
//! 3. Add its arm to [`case::CaseState`]'s `apply`; the compiler then lists every projection that must say what it
//!    makes of it (no match on facts has a `_` arm).
//! 4. Add its sample to the golden test, run that with `UPDATE_GOLDEN=1` and commit the new file. A golden file that
//!    exists never changes.
//! 5. Describe it in `docs/events.md`, with an example out of the golden file.
//!
//! A new command needs its cells in `tests/table/expected.txt` and its place among the random ones of
//! `tests/properties.rs`; the compiler and the tests ask for both.

pub mod access_request;
pub mod account;
pub mod actor;
pub mod case;
pub mod ids;
pub mod line;
pub mod metadata;
pub mod person;
pub mod scope;
pub mod sealed;
pub mod settings;
pub mod text;
pub mod user;

pub use actor::{Actor, Role, Roles, Side};
pub use ids::{
    AccessRequestId, AccountId, AttachmentId, CaseId, Fingerprint, KeyId, LocationId, MessageId, PersonId, ProductId,
    RequestId, Slug,
};
pub use line::Line;
pub use metadata::{Channel, Metadata};
pub use scope::{Audience, Scope};
pub use sealed::Sealed;
pub use text::PlainText;

/// A moment in UTC, in microseconds: what PostgreSQL keeps of it is what went in.
pub type Timestamp = chrono::DateTime<chrono::Utc>;
