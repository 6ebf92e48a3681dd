//! Lists of the directory: accounts, and what an account has. All are sorted by name, and go on after a name.
//!
//! What an account has is read for many accounts in one statement. Places keep to the limit of whoever asks: a place that
//! is none of theirs is named by a case that they keep sight of, but stands in no list.

use domain::{
    AccountId, LocationId, PersonId, ProductId, Scope,
    account::{ContactAccess, ContactRole},
};
use serde::{Deserialize, Serialize};
use sqlx::{FromRow, Postgres, QueryBuilder, Row, postgres::PgRow};
use uuid::Uuid;

use crate::{
    Named, ProjectionError, ScopedTx,
    column::{id, maybe_id, parsed},
    scoped::reach,
    words::words_of,
};

/// An account as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountEntry {
    /// What it is called.
    pub named: Named<AccountId>,
    /// Where the organisation is.
    pub address: Option<String>,
    /// How far it has come. For those who see all accounts.
    pub version: Option<i64>,
}

/// A service address as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LocationEntry {
    /// What it is called: its own name, else its address.
    pub named: Named<LocationId>,
    /// Whose it is.
    pub account: AccountId,
    /// The address.
    pub address: Option<String>,
    /// Whether the account is not served there any more.
    pub is_retired: bool,
}

/// An installed product as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProductEntry {
    /// What it is called.
    pub named: Named<ProductId>,
    /// Whose it is.
    pub account: AccountId,
    /// Where it is installed, if anybody said so.
    pub location: Option<LocationId>,
    /// Whether it is not installed any more.
    pub is_removed: bool,
}

/// A contact of an account as they are shown to those who may know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContactEntry {
    /// The person.
    pub named: Named<PersonId>,
    /// What they may see of the account.
    pub access: ContactAccess,
}

/// A place in a list by name.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct NameCursor {
    /// The name there; empty where there is none.
    pub name: String,
    /// Whose name it is.
    pub id: Uuid,
}

/// Which part of the list of accounts is read.
#[derive(Clone, Debug)]
pub struct AccountWindow {
    /// How many rows at most.
    pub size: u16,
    /// Backward: the last rows, before the cursor. Else the first ones, after it.
    pub backward: bool,
    /// Where to begin; at the end of the list without.
    pub cursor: Option<NameCursor>,
}

/// Which part is read of what one account, or one place, has.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ListWanted {
    /// The account or place.
    pub of: Uuid,
    /// How many rows at most.
    pub size: u16,
    /// After which.
    pub after: Option<NameCursor>,
}

/// A part of a list.
#[derive(Clone, Debug)]
pub struct Listed<T> {
    /// The rows, in the list's order whatever the direction of paging.
    pub rows: Vec<T>,
    /// Whether there are more beyond, in the direction of paging.
    pub has_more: bool,
}

/// Reads a page of the accounts whose name, reference or address has all words of a text.
///
/// # Errors
/// [`ProjectionError::Database`].
pub async fn list_accounts(
    tx: &mut ScopedTx,
    text: &str,
    window: &AccountWindow,
) -> Result<Listed<AccountEntry>, ProjectionError> {
    let mut sql = QueryBuilder::<Postgres>::new(format!("{} where true", accounts(tx.scope())));
    push_words(&mut sql, text);
    let (beyond, direction) = if window.backward { ("<", "desc") } else { (">", "asc") };
    if let Some(NameCursor { name, id }) = &window.cursor {
        sql.push(format_args!(" and (coalesce(name, ''), account_id) {beyond} ("));
        sql.push_bind(name.clone()).push(", ").push_bind(*id).push(")");
    }
    sql.push(format_args!(" order by coalesce(name, '') {direction}, account_id {direction} limit "));
    sql.push_bind(i64::from(window.size) + 1);
    let rows: Vec<AccountEntry> = sql.build_query_as().fetch_all(&mut **tx).await?;
    let mut page = listed(rows, window.size);
    if window.backward {
        page.rows.reverse();
    }
    Ok(page)
}

/// Counts the accounts that a text finds.
///
/// # Errors
/// [`ProjectionError::Database`].
pub async fn count_accounts(tx: &mut ScopedTx, text: &str) -> Result<i64, ProjectionError> {
    let mut sql = QueryBuilder::<Postgres>::new("select count(*) from accounts where true");
    push_words(&mut sql, text);
    Ok(sql.build_query_scalar().fetch_one(&mut **tx).await?)
}

/// Reads accounts by their ids, in no particular order.
///
/// # Errors
/// [`ProjectionError::Database`].
pub async fn accounts_by_ids(tx: &mut ScopedTx, ids: Vec<Uuid>) -> Result<Vec<AccountEntry>, ProjectionError> {
    let sql = format!("{} where account_id = any($1)", accounts(tx.scope()));
    Ok(sqlx::query_as(&sql).bind(ids).fetch_all(&mut **tx).await?)
}

/// Reads an account by the number that people call it by.
///
/// # Errors
/// [`ProjectionError::Database`].
pub async fn account_by_reference(
    tx: &mut ScopedTx,
    reference: String,
) -> Result<Option<AccountEntry>, ProjectionError> {
    let sql = format!("{} where reference = $1", accounts(tx.scope()));
    Ok(sqlx::query_as(&sql).bind(reference).fetch_optional(&mut **tx).await?)
}

/// All accounts, with what the scope may know of them.
fn accounts(scope: &Scope) -> String {
    let version = match scope {
        Scope::Nothing | Scope::AccessRequests | Scope::Contact { .. } => "null::bigint as version",
        Scope::Administrator | Scope::Staff | Scope::Auditor => "version",
    };
    format!("select account_id as id, reference, name, address, {version} from accounts")
}

/// Reads places by their ids, retired ones too, in no particular order.
///
/// # Errors
/// [`ProjectionError::Database`].
pub async fn locations_by_ids(tx: &mut ScopedTx, ids: Vec<Uuid>) -> Result<Vec<LocationEntry>, ProjectionError> {
    let sql = "select location_id as id, account_id, reference, name, address, is_retired from locations
               where location_id = any($1)";
    Ok(sqlx::query_as(sql).bind(ids).fetch_all(&mut **tx).await?)
}

/// Reads installed products by their ids, removed ones too, in no particular order.
///
/// # Errors
/// [`ProjectionError::Database`].
pub async fn products_by_ids(tx: &mut ScopedTx, ids: Vec<Uuid>) -> Result<Vec<ProductEntry>, ProjectionError> {
    let sql = "select product_id as id, account_id, location_id, reference, name, is_removed from products
               where product_id = any($1)";
    Ok(sqlx::query_as(sql).bind(ids).fetch_all(&mut **tx).await?)
}

/// Reads the places where accounts are served: a list for each that is wanted, in their order.
///
/// # Errors
/// [`ProjectionError::Database`].
pub async fn locations_of(
    tx: &mut ScopedTx,
    wanted: &[ListWanted],
) -> Result<Vec<Listed<LocationEntry>>, ProjectionError> {
    let list = "select location_id as id, account_id, reference, name, address, is_retired from locations
                where account_id = wanted.whose and not is_retired
                    and ($5::uuid[] is null or account_id = any($5) or location_id = any($6))";
    lists(tx, list, wanted).await
}

/// The same of products that accounts have installed.
///
/// # Errors
/// [`ProjectionError::Database`].
pub async fn products_of(
    tx: &mut ScopedTx,
    wanted: &[ListWanted],
) -> Result<Vec<Listed<ProductEntry>>, ProjectionError> {
    lists(tx, &format!("{PRODUCTS} and account_id = wanted.whose"), wanted).await
}

/// The same of products that are installed at places.
///
/// # Errors
/// [`ProjectionError::Database`].
pub async fn products_at(
    tx: &mut ScopedTx,
    wanted: &[ListWanted],
) -> Result<Vec<Listed<ProductEntry>>, ProjectionError> {
    lists(tx, &format!("{PRODUCTS} and location_id = wanted.whose"), wanted).await
}

const PRODUCTS: &str = "
    select product_id as id, account_id, location_id, reference, name, is_removed from products
    where not is_removed
        and ($5::uuid[] is null or account_id = any($5) or location_id is null or location_id = any($6))";

/// The same of contacts. Who is no ADMIN of an account finds themselves alone there.
///
/// # Errors
/// [`ProjectionError::Database`].
pub async fn contacts_of(
    tx: &mut ScopedTx,
    wanted: &[ListWanted],
) -> Result<Vec<Listed<ContactEntry>>, ProjectionError> {
    let list = "select access.person_id as id, null::text as reference, people.name, role, locations
                from contact_access as access left join people on people.person_id = access.person_id
                where account_id = wanted.whose";
    lists(tx, list, wanted).await
}

/// Reads a contact of an account, as [`contacts_of`] lists them.
///
/// # Errors
/// [`ProjectionError::Database`].
pub async fn contact_of(
    tx: &mut ScopedTx,
    account: AccountId,
    person: PersonId,
) -> Result<Option<ContactEntry>, ProjectionError> {
    let sql = "select access.person_id as id, null::text as reference, people.name, role, locations
               from contact_access as access left join people on people.person_id = access.person_id
               where account_id = $1 and access.person_id = $2";
    Ok(sqlx::query_as(sql).bind(account.0).bind(person.0).fetch_optional(&mut **tx).await?)
}

/// Runs `list` for everything that is wanted, in one statement. It may name `wanted.whose`, the accounts that the scope sees
/// whole (`$5`; null where it sees all) and the places that it is limited to elsewhere (`$6`).
async fn lists<T>(tx: &mut ScopedTx, list: &str, wanted: &[ListWanted]) -> Result<Vec<Listed<T>>, ProjectionError>
where
    T: for<'r> FromRow<'r, PgRow>,
{
    let (whole, places) = reach(tx.scope());
    let sql = format!(
        "select wanted.n, found.* from unnest($1::uuid[], $2::text[], $3::uuid[], $4::bigint[])
             with ordinality as wanted (whose, after_name, after_id, size, n)
         cross join lateral (
             select * from ({list}) as listed
             where wanted.after_id is null or (coalesce(name, ''), id) > (wanted.after_name, wanted.after_id)
             order by coalesce(name, ''), id limit wanted.size + 1
         ) as found
         order by wanted.n, coalesce(found.name, ''), found.id"
    );
    let after = |one: &ListWanted| one.after.clone().map(|after| (after.name, after.id)).unzip();
    let (names, ids): (Vec<_>, Vec<_>) = wanted.iter().map(after).unzip();
    let rows = sqlx::query(&sql)
        .bind(wanted.iter().map(|one| one.of).collect::<Vec<_>>())
        .bind::<Vec<Option<String>>>(names)
        .bind::<Vec<Option<Uuid>>>(ids)
        .bind(wanted.iter().map(|one| i64::from(one.size)).collect::<Vec<_>>())
        .bind(whole)
        .bind(places)
        .fetch_all(&mut **tx)
        .await?;
    let mut found: Vec<Vec<T>> = wanted.iter().map(|_| vec![]).collect();
    for row in &rows {
        let n: i64 = row.try_get("n")?;
        let place = usize::try_from(n).ok().and_then(|n| found.get_mut(n - 1)).expect("a row is of what was wanted");
        place.push(T::from_row(row)?);
    }
    Ok(found.into_iter().zip(wanted).map(|(rows, one)| listed(rows, one.size)).collect())
}

/// A page without the row beyond it.
pub(super) fn listed<T>(mut rows: Vec<T>, size: u16) -> Listed<T> {
    let has_more = rows.len() > usize::from(size);
    rows.truncate(usize::from(size));
    Listed { rows, has_more }
}

/// Adds that an account has all words of a text.
fn push_words(sql: &mut QueryBuilder<'_, Postgres>, text: &str) {
    for word in words_of(text) {
        sql.push(" and concat_ws(' ', name, reference, address) ilike ").push_bind(word);
    }
}

impl FromRow<'_, PgRow> for AccountEntry {
    fn from_row(row: &PgRow) -> Result<Self, sqlx::Error> {
        Ok(Self { named: Named::from_row(row)?, address: row.try_get("address")?, version: row.try_get("version")? })
    }
}

impl FromRow<'_, PgRow> for LocationEntry {
    fn from_row(row: &PgRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            named: Named::from_row(row)?,
            account: id(row, "account_id")?,
            address: row.try_get("address")?,
            is_retired: row.try_get("is_retired")?,
        })
    }
}

impl FromRow<'_, PgRow> for ProductEntry {
    fn from_row(row: &PgRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            named: Named::from_row(row)?,
            account: id(row, "account_id")?,
            location: maybe_id(row, "location_id")?,
            is_removed: row.try_get("is_removed")?,
        })
    }
}

impl FromRow<'_, PgRow> for ContactEntry {
    fn from_row(row: &PgRow) -> Result<Self, sqlx::Error> {
        let locations: Option<Vec<Uuid>> = row.try_get("locations")?;
        let locations = locations.map(|limit| limit.into_iter().map(LocationId).collect());
        let role: ContactRole = parsed(row, "role")?;
        Ok(Self { named: Named::from_row(row)?, access: ContactAccess { role, locations } })
    }
}
