//! What people prove who they are by.

mod busy;
pub mod canaries;
mod cookies;
mod csrf;
mod demanded;
mod enumeration;
mod factors;
mod forgotten;
mod links;
mod lockout;
mod networks;
mod operations;
mod sign_in;
mod switched_off;
mod tokens;
pub mod world;
