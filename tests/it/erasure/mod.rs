//! Erasing people: what is theirs is gone at once, everywhere, and from the files of PostgreSQL when the operator has done
//! as the privacy page says. What was mailed before is in others' mailboxes.

mod files;
mod gone;
mod mail;
mod redacting;
mod returning;
mod rules;
mod walk;
pub mod world;
