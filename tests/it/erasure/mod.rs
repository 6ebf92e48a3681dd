//! Erasing people: what is theirs is gone at once, everywhere, and from the files of PostgreSQL when the operator has done
//! as the privacy page says. Mailboxes are not looked into: nothing sends mail.

mod files;
mod gone;
mod redacting;
mod returning;
mod rules;
mod walk;
pub mod world;
