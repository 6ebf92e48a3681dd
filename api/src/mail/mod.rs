//! Mail: what is to be told to whom, when it is made, and how it leaves.
//!
//! | file | what it holds |
//! |---|---|
//! | [`kind`] | the kinds of mail |
//! | [`outbox`] | the rows of what is to go out |
//! | [`link`] | mail with a link that somebody asked for |

pub mod kind;
pub mod link;
pub mod outbox;

pub use kind::MailKind;
pub use link::{LinkMail, LinkPurpose, queue_link};
