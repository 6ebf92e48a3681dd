//! What a group makes of events: the one thing in which groups differ. Stepping, parking, rebuilding and erasing are the
//! same for all of them.

use domain::{Metadata, Timestamp};
use event_log::{AnyEvent, StreamId};
use sqlx::PgConnection;

use crate::{group::Group, writes::Statement};

/// The tables of a group as a page of events leaves them, folded in memory.
pub(crate) trait Tables: Default + Send + Sync + 'static {
    /// The group.
    const GROUP: &'static Group;

    /// One of its events, as it was recorded.
    type Event: Clone + Send + Sync + 'static;

    /// Rows that this process has written lately, for as long as nobody else has written.
    type Known: Default + Send + Sync + 'static;

    /// The event of its own that was read; none where it is another group's.
    fn event(read: AnyEvent, sequence: i64, recorded_at: Timestamp, metadata: Metadata) -> Option<Self::Event>;

    /// Which rows a page of events touches.
    type Touched: Default + Send;

    /// Notes the rows that an event touches, after those before it.
    fn touch(touched: &mut Self::Touched, event: &Self::Event);

    /// Starts from what is written of the rows that are touched, as far as it is not known.
    fn load(
        conn: &mut PgConnection,
        known: Option<&Self::Known>,
        touched: Self::Touched,
    ) -> impl Future<Output = Result<Self, sqlx::Error>> + Send;

    /// Folds one event. One that was folded before changes nothing.
    fn apply(&mut self, event: Self::Event) -> Result<(), FoldError>;

    /// Takes away what an event takes away, of a stream that is left out otherwise.
    fn withdraw(&mut self, event: &Self::Event);

    /// Adds to a statement that it writes everything.
    fn push_writes<'a>(&'a self, statement: &mut Statement<'a>);

    /// Remembers what was written, for the next fold to begin with.
    fn remember(self, known: &mut Self::Known);

    /// Removes all that is written of a stream.
    fn forget(conn: &mut PgConnection, stream: &StreamId) -> impl Future<Output = Result<(), sqlx::Error>> + Send;
}

/// Writes everything that was folded, whatever the checkpoint.
pub(crate) async fn write<T: Tables>(tables: &T, conn: &mut PgConnection) -> Result<(), sqlx::Error> {
    let mut statement = Statement::unconditional();
    tables.push_writes(&mut statement);
    statement.run(conn).await?;
    Ok(())
}

/// Why an event does not fit what its stream has come to.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum FoldError {
    /// Events before it are missing.
    #[error("event {sequence} follows event {known}: those between are missing")]
    Gap {
        /// Its place in the stream.
        sequence: i64,
        /// How far the stream has come.
        known: i64,
    },
    /// A stream that begins in the middle.
    #[error("the first event is no opening")]
    NotOpened,
}
