//! Names by ids.

use sqlx::{FromRow, Row, postgres::PgRow};
use uuid::Uuid;

use crate::{ProjectionError, ScopedTx, column::id};

/// Somebody or something with the name that people know it by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named<T> {
    /// The id.
    pub id: T,
    /// The reference that people use.
    pub reference: Option<String>,
    /// The name; none where there is none, or its words are gone.
    pub name: Option<String>,
}

/// What has a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A customer organisation.
    Account,
    /// A contact, a member of staff, a service.
    Person,
    /// A service address.
    Location,
    /// An installed product.
    Product,
}

impl<T: From<Uuid>> FromRow<'_, PgRow> for Named<T> {
    fn from_row(row: &PgRow) -> Result<Self, sqlx::Error> {
        Ok(Self { id: id(row, "id")?, reference: row.try_get("reference")?, name: row.try_get("name")? })
    }
}

/// Those of one kind among ids that the caller may see, in no particular order.
///
/// # Errors
/// [`ProjectionError::Database`].
pub async fn named<T: From<Uuid> + Send + Unpin>(
    tx: &mut ScopedTx,
    kind: Kind,
    ids: Vec<Uuid>,
) -> Result<Vec<Named<T>>, ProjectionError> {
    let sql = match kind {
        Kind::Account => "select account_id as id, reference, name from accounts where account_id = any($1)",
        Kind::Person => "select person_id as id, null::text as reference, name from people where person_id = any($1)",
        Kind::Location => "select location_id as id, reference, name from locations where location_id = any($1)",
        Kind::Product => "select product_id as id, reference, name from products where product_id = any($1)",
    };
    Ok(sqlx::query_as(sql).bind(ids).fetch_all(&mut **tx).await?)
}
