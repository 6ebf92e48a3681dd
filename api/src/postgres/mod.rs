//! The database under the service: a private PostgreSQL by default, or the one that `DATABASE_URL` names.
//!
//! The private one is an ordinary cluster in the data folder, run by the system's own PostgreSQL programs on a unix socket that nobody
//! else can reach. It outlives the process that started it: a killed server leaves it running and the next one adopts it; the last
//! user that leaves in an orderly way stops it.

mod account;
mod binaries;
mod cluster;
mod data_folder;
mod database;
mod error;
mod lock;
mod pool;
mod remains;
mod socket;
mod supervisor;

pub use account::Account;
pub use binaries::{Binaries, OLDEST_MAJOR};
pub use cluster::{initdb_command, socket_options};
pub use database::{Database, OWNER_ROLE, WRITER_ROLE, in_writer_role};
pub use error::DatabaseError;
pub use pool::{is_out_of_reach, service_pool};
