//! `products`: one row per installed product.

use domain::{AccountId, LocationId, ProductId};
use sqlx::{FromRow, PgConnection, Postgres, QueryBuilder, Row, postgres::PgRow};
use uuid::Uuid;

use crate::{
    column::{Columns, id, maybe_id},
    writes::WHERE_MOVED,
};

/// A row as stored.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct ProductRow {
    pub product: ProductId,
    pub account: AccountId,
    pub location: Option<LocationId>,
    pub reference: Option<String>,
    pub name: Option<String>,
    pub is_removed: bool,
}

impl FromRow<'_, PgRow> for ProductRow {
    fn from_row(row: &PgRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            product: id(row, "product_id")?,
            account: id(row, "account_id")?,
            location: maybe_id(row, "location_id")?,
            reference: row.try_get("reference")?,
            name: row.try_get("name")?,
            is_removed: row.try_get("is_removed")?,
        })
    }
}

pub(super) async fn load(conn: &mut PgConnection, ids: Vec<Uuid>) -> Result<Vec<ProductRow>, sqlx::Error> {
    sqlx::query_as("select * from products where product_id = any($1)").bind(ids).fetch_all(conn).await
}

/// Adds to a statement that it writes rows, new ones and known ones.
pub(super) fn push_write<'a>(sql: &mut QueryBuilder<'a, Postgres>, rows: &[&'a ProductRow]) {
    sql.push("insert into products (product_id, account_id, location_id, reference, name, is_removed)");
    Columns::of(sql, rows)
        .add(|row| row.product.0)
        .add(|row| row.account.0)
        .add(|row| row.location.map(|location| location.0))
        .add(|row| row.reference.as_deref())
        .add(|row| row.name.as_deref())
        .add(|row| row.is_removed);
    sql.push(WHERE_MOVED).push(
        " on conflict (product_id) do update set account_id = excluded.account_id, location_id = excluded.location_id,
             reference = excluded.reference, name = excluded.name, is_removed = excluded.is_removed",
    );
}
