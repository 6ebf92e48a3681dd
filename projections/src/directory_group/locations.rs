//! `locations`: one row per service address.

use domain::{AccountId, LocationId};
use sqlx::{FromRow, PgConnection, Postgres, QueryBuilder, Row, postgres::PgRow};
use uuid::Uuid;

use crate::{
    column::{Columns, id},
    writes::WHERE_MOVED,
};

/// A row as stored.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct LocationRow {
    pub location: LocationId,
    pub account: AccountId,
    pub reference: Option<String>,
    pub own_name: Option<String>,
    pub address: Option<String>,
    pub is_retired: bool,
}

impl FromRow<'_, PgRow> for LocationRow {
    fn from_row(row: &PgRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            location: id(row, "location_id")?,
            account: id(row, "account_id")?,
            reference: row.try_get("reference")?,
            own_name: row.try_get("own_name")?,
            address: row.try_get("address")?,
            is_retired: row.try_get("is_retired")?,
        })
    }
}

pub(super) async fn load(conn: &mut PgConnection, ids: Vec<Uuid>) -> Result<Vec<LocationRow>, sqlx::Error> {
    sqlx::query_as("select * from locations where location_id = any($1)").bind(ids).fetch_all(conn).await
}

/// Adds to a statement that it writes rows, new ones and known ones.
pub(super) fn push_write<'a>(sql: &mut QueryBuilder<'a, Postgres>, rows: &[&'a LocationRow]) {
    sql.push("insert into locations (location_id, account_id, reference, own_name, address, is_retired)");
    Columns::of(sql, rows)
        .add(|row| row.location.0)
        .add(|row| row.account.0)
        .add(|row| row.reference.as_deref())
        .add(|row| row.own_name.as_deref())
        .add(|row| row.address.as_deref())
        .add(|row| row.is_retired);
    sql.push(WHERE_MOVED).push(
        " on conflict (location_id) do update set account_id = excluded.account_id, reference = excluded.reference,
             own_name = excluded.own_name, address = excluded.address, is_retired = excluded.is_retired",
    );
}
