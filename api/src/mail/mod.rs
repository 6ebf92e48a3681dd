//! Mail: what is to be told to whom, when it is made, and how it leaves.
//!
//! | file | what it holds |
//! |---|---|
//! | [`kind`], [`language`] | the kinds of mail, and the languages |
//! | [`outbox`], [`backlog`] | the rows of what is to go out, and how much is still to do |
//! | [`link`] | mail with a link that somebody asked for |
//! | `words`, `letter` | what a mail says, and its form |
//! | [`transport`], `refusal` | how it leaves, and what it means when it does not |

pub mod backlog;
pub mod dead_letters;
mod history;
pub mod kind;
pub mod language;
mod letter;
pub mod link;
pub mod mailbox;
mod make;
pub mod notices;
pub mod outbox;
pub mod preferences;
mod refusal;
mod requests;
mod staff;
pub mod transport;
mod words;
pub mod worker;

pub use kind::MailKind;
pub use language::Language;
pub use link::{LinkMail, LinkPurpose, queue_link};
pub use preferences::Preferences;
pub use transport::{Transport, TransportError};
pub use worker::{MailOptions, Mailer};
