//! The connections of the running service.

use std::time::Duration;

use sqlx::{
    Connection as _, PgConnection, PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};

/// Longer than any sane queue: whoever waits this long is better told to come back.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(5);
/// Connections are renewed now and then, so that what a session gathers in PostgreSQL's memory does not grow for ever.
const MAX_LIFETIME: Duration = Duration::from_hours(1);
/// A connection that was used more recently is taken to be alive: asking would cost every statement a round trip.
const ASK_AFTER: Duration = Duration::from_secs(1);

/// A pool of at most `max_connections` for the running service; the first connection is made by the first query.
///
/// A connection that comes back to the pool is out of any transaction. sqlx knows only of transactions that it saw begin: a request
/// that is dropped while its `begin` is on the way leaves one open, in which the next user's acknowledged writes would vanish with the
/// connection.
#[must_use]
pub fn service_pool(options: PgConnectOptions, max_connections: u32) -> PgPool {
    PgPoolOptions::new()
        .max_connections(max_connections)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .max_lifetime(MAX_LIFETIME)
        .test_before_acquire(false)
        .before_acquire(|connection, metadata| {
            Box::pin(async move {
                if metadata.idle_for > ASK_AFTER {
                    connection.ping().await?;
                }
                Ok(true)
            })
        })
        .after_release(|connection, _| Box::pin(reset(connection)))
        .connect_lazy_with(options)
}

/// Ends a transaction that sqlx does not know of. "Beginning" one by a statement that begins none asks the server whether it is in
/// one, and begins and ends nothing where it is not. One that has failed already refuses every statement, and the pool
/// closes its connection.
async fn reset(connection: &mut PgConnection) -> Result<bool, sqlx::Error> {
    match connection.begin_with("show role").await {
        Err(sqlx::Error::BeginFailed) => Ok(true),
        Err(other) => Err(other),
        Ok(open) => {
            open.rollback().await?;
            Ok(true)
        }
    }
}

/// Whether a failure says that the database is not there at the moment: trying again later is right.
#[must_use]
pub fn is_out_of_reach(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::WorkerCrashed => true,
        // Classes of SQLSTATE: connection exceptions, and the interventions of operators that end or refuse connections.
        sqlx::Error::Database(error) => {
            error.code().is_some_and(|code| code.starts_with("08") || code.starts_with("57P"))
        }
        _ => false,
    }
}
