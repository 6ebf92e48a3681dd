//! Why a read model did not answer or move.

use domain::Slug;
use event_log::{LogError, StreamId, together::Lost};
use sqlx::error::DatabaseError;

/// What can go wrong in reading, projecting and rebuilding.
#[derive(Debug, thiserror::Error)]
pub enum ProjectionError {
    /// The database refused or is gone.
    #[error("the database did not answer as it should")]
    Database(#[from] sqlx::Error),
    /// The log could not be read.
    #[error(transparent)]
    Log(#[from] LogError),
    /// Nobody has made the read models yet.
    #[error("the projection group {group} is not there: run `casestream migrate`")]
    NotMigrated {
        /// The group.
        group: &'static str,
    },
    /// A filter or an order by what customers may not know.
    #[error("only those who work cases may filter or sort by {what}")]
    StaffOnly {
        /// The column.
        what: &'static str,
    },
    /// A cursor that was made for another order.
    #[error("the cursor does not belong to this order: start again from the first page")]
    ForeignCursor,
    /// A reference that cases of several systems have, where the system was not named.
    #[error(
        "several systems have a case {reference}: {}; name one, as in {}/{reference}",
        names(systems),
        systems.first().map_or("system", Slug::as_str)
    )]
    AmbiguousReference {
        /// The reference.
        reference: String,
        /// The systems whose cases the caller may see, in their order.
        systems: Vec<Slug>,
    },
    /// An event that is newer than this binary.
    #[error("event {sequence} of stream {stream} is newer than this binary: run the casestream that wrote it")]
    TooNew {
        /// Its stream.
        stream: StreamId,
        /// Its place in the stream.
        sequence: i64,
    },
    /// A stream that still cannot be applied.
    #[error("stream {stream} cannot be applied from event {sequence} on: {reason}")]
    Unapplicable {
        /// The stream.
        stream: StreamId,
        /// The first event that does not fit.
        sequence: i64,
        /// What does not.
        reason: String,
    },
    /// Somebody else rebuilds the group at this moment.
    #[error("the projection group {group} is being rebuilt by another process: wait until that one is done")]
    RebuildRunning {
        /// The group.
        group: &'static str,
    },
}

fn names(systems: &[Slug]) -> String {
    systems.iter().map(Slug::as_str).collect::<Vec<_>>().join(", ")
}

impl From<Lost> for ProjectionError {
    fn from(_: Lost) -> Self {
        Self::Database(sqlx::Error::WorkerCrashed)
    }
}

impl ProjectionError {
    /// Whether the database refused a value, so that trying again would end the same way.
    pub(crate) fn is_bad_data(&self) -> bool {
        let Self::Database(sqlx::Error::Database(error)) = self else { return false };
        // Data exceptions and integrity violations (PostgreSQL, appendix A).
        error.code().is_some_and(|code| code.starts_with("22") || code.starts_with("23"))
    }

    /// Whether a read met a version of the read models that is gone.
    pub(crate) fn is_version_gone(&self) -> bool {
        matches!(self, Self::Database(error) if is_undefined_table(error))
    }
}

/// Whether a statement named a table that is not there.
pub(crate) fn is_undefined_table(error: &sqlx::Error) -> bool {
    const UNDEFINED_TABLE: &str = "42P01";
    error.as_database_error().and_then(DatabaseError::code).is_some_and(|code| code == UNDEFINED_TABLE)
}
