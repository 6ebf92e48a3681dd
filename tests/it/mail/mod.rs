//! Mail, through a real mail server.

mod desk;
mod letters;
mod notices;
mod sending;
mod smtp;
