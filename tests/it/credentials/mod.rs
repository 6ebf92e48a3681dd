//! What people prove who they are by.

mod canaries;
mod csrf;
mod enumeration;
mod factors;
mod forgotten;
mod links;
mod lockout;
mod sign_in;
mod world;
