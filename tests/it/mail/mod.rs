//! Mail, through a real mail server.

pub mod dead;
mod desk;
mod letters;
mod long_cases;
mod notices;
mod secrets;
mod sending;
pub mod smtp;
