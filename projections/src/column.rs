//! Columns into the domain's types. A value that does not fit is an error that names its column.

use std::{error::Error, fmt, str::FromStr};

use sqlx::{Row as _, postgres::PgRow};
use uuid::Uuid;

type Result<T> = std::result::Result<T, sqlx::Error>;

/// A column that holds an id.
pub(crate) fn id<T: From<Uuid>>(row: &PgRow, column: &str) -> Result<T> {
    row.try_get::<Uuid, _>(column).map(T::from)
}

/// A column that may hold an id.
pub(crate) fn maybe_id<T: From<Uuid>>(row: &PgRow, column: &str) -> Result<Option<T>> {
    Ok(row.try_get::<Option<Uuid>, _>(column)?.map(T::from))
}

/// A column of text that stands for something.
pub(crate) fn parsed<T: FromStr<Err: Error + Send + Sync + 'static>>(row: &PgRow, column: &str) -> Result<T> {
    let text: &str = row.try_get(column)?;
    text.parse().map_err(|source| undecodable(column, source))
}

/// A column of text that may stand for something.
pub(crate) fn maybe_parsed<T: FromStr<Err: Error + Send + Sync + 'static>>(
    row: &PgRow,
    column: &str,
) -> Result<Option<T>> {
    let text: Option<&str> = row.try_get(column)?;
    text.map(|text| text.parse().map_err(|source| undecodable(column, source))).transpose()
}

/// A value that a column must not have.
#[derive(Debug)]
pub(crate) struct Unexpected(pub String);

impl fmt::Display for Unexpected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "unexpected value {}", self.0)
    }
}

impl Error for Unexpected {}

/// The error of a column whose value does not fit.
pub(crate) fn undecodable(column: &str, source: impl Error + Send + Sync + 'static) -> sqlx::Error {
    sqlx::Error::ColumnDecode { index: column.to_owned(), source: Box::new(source) }
}
