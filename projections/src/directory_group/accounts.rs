//! `accounts`: one row per account.

use domain::AccountId;
use sqlx::{FromRow, PgConnection, Postgres, QueryBuilder, Row, postgres::PgRow};
use uuid::Uuid;

use crate::{
    column::{Columns, id},
    writes::WHERE_MOVED,
};

/// A row as stored.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct AccountRow {
    pub account: AccountId,
    pub reference: Option<String>,
    pub name: Option<String>,
    pub address: Option<String>,
    pub version: i64,
}

impl FromRow<'_, PgRow> for AccountRow {
    fn from_row(row: &PgRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            account: id(row, "account_id")?,
            reference: row.try_get("reference")?,
            name: row.try_get("name")?,
            address: row.try_get("address")?,
            version: row.try_get("version")?,
        })
    }
}

pub(super) async fn load(conn: &mut PgConnection, ids: Vec<Uuid>) -> Result<Vec<AccountRow>, sqlx::Error> {
    sqlx::query_as("select * from accounts where account_id = any($1)").bind(ids).fetch_all(conn).await
}

/// Adds to a statement that it writes rows, new ones and known ones.
pub(super) fn push_write<'a>(sql: &mut QueryBuilder<'a, Postgres>, rows: &[&'a AccountRow]) {
    sql.push("insert into accounts (account_id, reference, name, address, version)");
    Columns::of(sql, rows)
        .add(|row| row.account.0)
        .add(|row| row.reference.as_deref())
        .add(|row| row.name.as_deref())
        .add(|row| row.address.as_deref())
        .add(|row| row.version);
    sql.push(WHERE_MOVED).push(
        " on conflict (account_id) do update set reference = excluded.reference, name = excluded.name,
             address = excluded.address, version = excluded.version",
    );
}
