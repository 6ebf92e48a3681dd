//! Columns into the domain's types, where a value that does not fit is an error that names its column; and rows into
//! columns, the form in which PostgreSQL takes many rows in one statement.

use std::{error::Error, fmt, str::FromStr};

use sqlx::{Encode, Postgres, QueryBuilder, Row as _, Type, postgres::PgRow};
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

/// Says rows in a statement: `select unnest($1), unnest($2), …`, a column of all rows at a time.
pub(crate) struct Columns<'q, 'a, R> {
    sql: &'q mut QueryBuilder<'a, Postgres>,
    rows: &'q [R],
    lead: &'static str,
}

impl<'q, 'a, R: Copy> Columns<'q, 'a, R> {
    /// Begins to say these rows.
    pub(crate) fn of(sql: &'q mut QueryBuilder<'a, Postgres>, rows: &'q [R]) -> Self {
        Self { sql, rows, lead: " select " }
    }

    /// Adds a column.
    pub(crate) fn add<T>(&mut self, value: impl Fn(R) -> T) -> &mut Self
    where
        Vec<T>: Encode<'a, Postgres> + Type<Postgres> + 'a,
    {
        let values: Vec<T> = self.rows.iter().map(|row| value(*row)).collect();
        self.sql.push(self.lead).push("unnest(").push_bind(values).push(")");
        self.lead = ", ";
        self
    }

    /// Adds a column of JSON, given as text.
    pub(crate) fn add_json(&mut self, value: impl Fn(R) -> Option<String>) -> &mut Self {
        self.add(value);
        self.sql.push("::jsonb");
        self
    }

    /// Adds a column of lists of names that need no quotes.
    pub(crate) fn add_names(&mut self, value: impl Fn(R) -> Vec<String>) -> &mut Self {
        self.add(|row| format!("{{{}}}", value(row).join(",")));
        self.sql.push("::text[]");
        self
    }

    /// Adds a column of lists of ids: in a column of lists, the database would take them all for one.
    pub(crate) fn add_ids(&mut self, value: impl Fn(R) -> Option<Vec<Uuid>>) -> &mut Self {
        let list = |ids: Vec<Uuid>| ids.iter().map(Uuid::to_string).collect::<Vec<_>>().join(",");
        self.add(|row| value(row).map(|ids| format!("{{{}}}", list(ids))));
        self.sql.push("::uuid[]");
        self
    }
}
