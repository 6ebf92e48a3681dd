//! Reading lists of cases: one statement for a page with all its names, one for a count.

use std::{error::Error, str::FromStr};

use domain::{
    AccountId, Audience, CaseId, LocationId, PersonId, ProductId, Slug, Timestamp,
    case::{CaseNumber, ExternalReference, Priority, Status, Wait},
};
use sqlx::{FromRow, Postgres, QueryBuilder, Row, postgres::PgRow};
use uuid::Uuid;

use super::{
    case_list,
    query::{CaseFilter, CaseOrder, Window, push_filter, push_window},
};
use crate::{
    Named, ProjectionError, ScopedTx,
    column::{id, maybe_id, maybe_parsed, parsed},
};

/// A case as lists show it. For customers, times, counts and version are made of what they may know of alone.
#[derive(Clone, Debug, PartialEq)]
pub struct CaseSummary {
    /// Its id.
    pub case_id: CaseId,
    /// What people call it by.
    pub number: CaseNumber,
    /// Where it stands.
    pub status: Status,
    /// The kind of request.
    pub case_type: Slug,
    /// The kind within its kind.
    pub category: Slug,
    /// What it is about, in a line; none once the words were taken away.
    pub subject: Option<String>,
    /// Whose case it is.
    pub account: Named<AccountId>,
    /// Where the trouble is, if that was picked.
    pub location: Option<Named<LocationId>>,
    /// Whether the place is not in the list.
    pub location_not_listed: bool,
    /// With what, if that was picked.
    pub product: Option<Named<ProductId>>,
    /// Whether the product is not in the list.
    pub product_not_listed: bool,
    /// Whom to talk to.
    pub contact: Named<PersonId>,
    /// Who opened it.
    pub opener: Named<PersonId>,
    /// Who is responsible, if anybody.
    pub owner: Option<Named<PersonId>>,
    /// Where it waits for an owner. For the desk only.
    pub queue: Option<Slug>,
    /// How urgent it is. For the desk only.
    pub priority: Option<Priority>,
    /// What it waits for; customers know of waits for them alone.
    pub wait: Option<Wait>,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// When it was last updated.
    pub updated_at: Timestamp,
    /// How many events it has.
    pub version: i64,
    /// How many public messages, the description apart.
    pub message_count: i32,
    /// How many notes. For the desk only.
    pub note_count: Option<i32>,
    /// What it is called in the system that it comes from.
    pub external: Option<ExternalReference>,
}

/// A page of a list.
#[derive(Clone, Debug, PartialEq)]
pub struct CasePage {
    /// The rows, in the list's order whatever the direction of paging.
    pub rows: Vec<CaseSummary>,
    /// Whether there are more beyond, in the direction of paging.
    pub has_more: bool,
}

/// Reads a page of the cases that fit a filter.
///
/// # Errors
/// [`ProjectionError::StaffOnly`], [`ProjectionError::ForeignCursor`] and [`ProjectionError::Database`].
pub async fn list_cases(
    tx: &mut ScopedTx,
    filter: &CaseFilter,
    order: CaseOrder,
    window: &Window,
) -> Result<CasePage, ProjectionError> {
    let audience = tx.audience();
    let mut sql = QueryBuilder::new(format!("select {} from case_list as l {NAMES}", columns(audience)));
    push_filter(&mut sql, tx.scope(), filter)?;
    push_window(&mut sql, audience, order, window)?;
    let mut rows: Vec<CaseSummary> = sql.build_query_as().fetch_all(&mut **tx).await?;
    let has_more = rows.len() > usize::from(window.size);
    rows.truncate(usize::from(window.size));
    if window.backward {
        rows.reverse();
    }
    Ok(CasePage { rows, has_more })
}

/// Counts the cases that fit a filter.
///
/// # Errors
/// [`ProjectionError::StaffOnly`] and [`ProjectionError::Database`].
pub async fn count_cases(tx: &mut ScopedTx, filter: &CaseFilter) -> Result<i64, ProjectionError> {
    let mut sql = QueryBuilder::<Postgres>::new("select count(*) from case_list as l");
    push_filter(&mut sql, tx.scope(), filter)?;
    Ok(sql.build_query_scalar().fetch_one(&mut **tx).await?)
}

/// Counts the cases that fit a filter, by status. A status that none has is left out.
///
/// # Errors
/// [`ProjectionError::StaffOnly`] and [`ProjectionError::Database`].
pub async fn count_by_status(tx: &mut ScopedTx, filter: &CaseFilter) -> Result<Vec<(Status, i64)>, ProjectionError> {
    counts(tx, filter, "status").await
}

/// Counts the cases that fit a filter, by queue. A queue that none is in is left out.
///
/// # Errors
/// [`ProjectionError::StaffOnly`] for customers, and [`ProjectionError::Database`].
pub async fn count_by_queue(tx: &mut ScopedTx, filter: &CaseFilter) -> Result<Vec<(Slug, i64)>, ProjectionError> {
    if tx.audience() == Audience::Public {
        return Err(ProjectionError::StaffOnly { what: "queue" });
    }
    counts(tx, filter, "queue").await
}

/// Counts the cases that fit a filter by what a column of theirs has.
async fn counts<T: FromStr<Err: Error + Send + Sync + 'static> + Ord>(
    tx: &mut ScopedTx,
    filter: &CaseFilter,
    column: &str,
) -> Result<Vec<(T, i64)>, ProjectionError> {
    let mut sql = QueryBuilder::<Postgres>::new(format!("select l.{column}, count(*) as cases from case_list as l"));
    push_filter(&mut sql, tx.scope(), filter)?;
    sql.push(format_args!(" group by l.{column}"));
    let rows = sql.build().fetch_all(&mut **tx).await?;
    let counted = rows.iter().map(|row| Ok((parsed(row, column)?, row.try_get("cases")?)));
    let mut counts = counted.collect::<Result<Vec<(T, i64)>, sqlx::Error>>()?;
    counts.sort_unstable();
    Ok(counts)
}

/// Whether the caller sees a case that is at a place.
///
/// # Errors
/// [`ProjectionError::Database`].
pub async fn has_case_at(tx: &mut ScopedTx, location: LocationId) -> Result<bool, ProjectionError> {
    let sql = "select exists (select from case_list where location_id = $1)";
    Ok(sqlx::query_scalar(sql).bind(location.0).fetch_one(&mut **tx).await?)
}

/// The names beside the ids of `l`.
pub(super) const NAMES: &str = "
    left join accounts as account on account.account_id = l.account_id
    left join locations as location on location.location_id = l.location_id
    left join products as product on product.product_id = l.product_id
    left join people as contact on contact.person_id = l.contact_id
    left join people as opener on opener.person_id = l.opener_id
    left join people as owner on owner.person_id = l.owner_id";

const SHARED_COLUMNS: &str = "
    l.case_id, l.number, l.status, l.case_type, l.category, l.subject, l.account_id, l.location_id,
    l.location_not_listed, l.product_id, l.product_not_listed, l.contact_id, l.opener_id, l.owner_id, l.opened_at,
    l.message_count, l.external_system, l.external_reference,
    account.reference as account_reference, account.name as account_name,
    location.reference as location_reference, location.name as location_name,
    product.reference as product_reference, product.name as product_name,
    null::text as contact_reference, contact.name as contact_name,
    null::text as opener_reference, opener.name as opener_name,
    null::text as owner_reference, owner.name as owner_name";

/// What is read of `l` for an audience, under the same names for both.
pub(super) fn columns(audience: Audience) -> String {
    let own = match audience {
        Audience::Internal => "l.queue, l.priority, l.wait_reason, l.wait_until, l.updated_at, l.version, l.note_count",
        Audience::Public => {
            "null::text as queue, null::smallint as priority,
             case when l.waiting_for_customer then 'Customer' end as wait_reason,
             l.waiting_customer_until as wait_until, l.public_updated_at as updated_at, l.public_version as version,
             null::int as note_count"
        }
    };
    format!("{SHARED_COLUMNS}, {own}")
}

impl FromRow<'_, PgRow> for CaseSummary {
    fn from_row(row: &PgRow) -> Result<Self, sqlx::Error> {
        let priority: Option<i16> = row.try_get("priority")?;
        Ok(Self {
            case_id: id(row, "case_id")?,
            number: CaseNumber(row.try_get("number")?),
            status: parsed(row, "status")?,
            case_type: parsed(row, "case_type")?,
            category: parsed(row, "category")?,
            subject: row.try_get("subject")?,
            account: named(row, "account")?,
            location: maybe_named(row, "location")?,
            location_not_listed: row.try_get("location_not_listed")?,
            product: maybe_named(row, "product")?,
            product_not_listed: row.try_get("product_not_listed")?,
            contact: named(row, "contact")?,
            opener: named(row, "opener")?,
            owner: maybe_named(row, "owner")?,
            queue: maybe_parsed(row, "queue")?,
            priority: priority.map(case_list::priority_of_rank).transpose()?,
            wait: case_list::wait(row)?,
            opened_at: row.try_get("opened_at")?,
            updated_at: row.try_get("updated_at")?,
            version: row.try_get("version")?,
            message_count: row.try_get("message_count")?,
            note_count: row.try_get("note_count")?,
            external: case_list::external(row)?,
        })
    }
}

/// Somebody or something from the three columns that begin with `what`.
pub(crate) fn named<T: From<Uuid>>(row: &PgRow, what: &str) -> Result<Named<T>, sqlx::Error> {
    Ok(Named {
        id: id(row, &format!("{what}_id"))?,
        reference: row.try_get(format!("{what}_reference").as_str())?,
        name: row.try_get(format!("{what}_name").as_str())?,
    })
}

/// As [`named`], where there may be nobody.
pub(super) fn maybe_named<T: From<Uuid>>(row: &PgRow, what: &str) -> Result<Option<Named<T>>, sqlx::Error> {
    match maybe_id::<Uuid>(row, &format!("{what}_id"))? {
        Some(_) => named(row, what).map(Some),
        None => Ok(None),
    }
}
