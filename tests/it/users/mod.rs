//! Portal users: invited, given and taken roles, deactivated, erased; by whom, and with what effect.

mod access;
mod administrators;
mod at_the_desk;
mod ending;
mod inviting;
mod lists;
mod names;
mod operations;
pub mod world;
