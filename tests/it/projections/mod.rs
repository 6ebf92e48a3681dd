//! The read models against a real PostgreSQL: what they say, to whom, and that nothing loses or repeats an event.

mod audience;
mod degraded;
mod directory;
mod equality;
mod isolation;
mod parking;
mod rebuilding;
mod together;
mod world;
