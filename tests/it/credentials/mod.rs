//! What people prove who they are by.

mod canaries;
mod csrf;
mod enumeration;
mod factors;
mod forgotten;
mod links;
mod lockout;
mod operations;
mod sign_in;
pub mod world;
