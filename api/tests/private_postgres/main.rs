//! The private PostgreSQL, driven through the real program: what is started, adopted, revived, stopped and refused.

mod commands;
mod demo;
mod encrypted;
mod erasing;
mod exchange;
mod lifecycle;
mod mailbox;
mod refusals;
mod roles;
mod service;
