//! The one statement that writes a page: every table that changed, and the checkpoint with them.

use sqlx::{PgConnection, Postgres, QueryBuilder, postgres::PgRow};

/// Ends the rows of a part: none of them is written unless the statement's condition holds.
pub(crate) const WHERE_MOVED: &str = " where exists (select from moved)";

/// A statement in the making: a condition, then a part for every table that is written, all or nothing.
pub(crate) struct Statement<'a> {
    sql: QueryBuilder<'a, Postgres>,
}

impl<'a> Statement<'a> {
    /// A statement that writes without a condition.
    pub(crate) fn unconditional() -> Self {
        Self { sql: QueryBuilder::new("with moved as (select)") }
    }

    /// A statement whose parts write only if `condition`, a statement of its own, returns a row.
    pub(crate) fn conditional(condition: impl FnOnce(&mut QueryBuilder<'a, Postgres>)) -> Self {
        let mut sql = QueryBuilder::new("with moved as (");
        condition(&mut sql);
        sql.push(")");
        Self { sql }
    }

    /// Adds a part that writes rows, if there are any. `push` says how, and names `moved` as its condition.
    pub(crate) fn part<R>(&mut self, name: &str, rows: &[R], push: impl FnOnce(&mut QueryBuilder<'a, Postgres>, &[R])) {
        if !rows.is_empty() {
            self.sql.push(", ").push(name).push(" as (");
            push(&mut self.sql, rows);
            self.sql.push(")");
        }
    }

    /// Runs it: no row when the condition did not hold.
    ///
    /// # Errors
    /// When the database refuses it: nothing was written then.
    pub(crate) async fn run(mut self, conn: &mut PgConnection) -> Result<Option<PgRow>, sqlx::Error> {
        self.sql.push(" select 1 from moved");
        self.sql.build().fetch_optional(conn).await
    }
}
