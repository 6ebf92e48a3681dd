//! Mail, through a real mail server.

pub mod dead;
mod desk;
mod letters;
mod notices;
mod secrets;
mod sending;
pub mod smtp;
