//! What people prove who they are by.

mod links;
