//! Lists of cases: filter, order, pages.

use async_graphql::{ComplexObject, Context, Enum, ID, InputObject, Result, SimpleObject, connection::PageInfo};
use chrono::Datelike as _;
use domain::{AccountId, Audience, LocationId, PersonId, Slug, Timestamp};
use futures_util::FutureExt;
use projections::{
    CaseColumn, CaseCursor, CaseFilter, CaseOrder, CasePage, Direction, Window, count_by_queue, count_by_status,
    count_cases, list_cases,
};
use ring::digest::{SHA256, digest};
use serde::{Deserialize, Serialize};

use super::{
    case::Case,
    catalogue::{self, Queue},
    context::{RequestContext, error},
    enums::{CaseStatus, Priority, WaitReason},
    ids::GlobalId,
    paging::{self, PageInput},
};

/// Which cases a list shows: those that fit everything that is given. Of several values of one kind, any fits.
#[derive(Clone, Debug, Default, InputObject)]
pub struct CaseFilterInput {
    /// Whose cases.
    pub account_ids: Option<Vec<ID>>,
    /// Where the trouble is.
    pub location_ids: Option<Vec<ID>>,
    /// Where they stand.
    pub statuses: Option<Vec<CaseStatus>>,
    /// The kinds of request.
    pub types: Option<Vec<String>>,
    /// The kinds within them.
    pub categories: Option<Vec<String>>,
    /// Who is responsible.
    pub owner_ids: Option<Vec<ID>>,
    /// Only those for which nobody is.
    #[graphql(default)]
    pub without_owner: bool,
    /// Only those that are new or open and whose contact has left the account. For the desk.
    #[graphql(default)]
    pub needs_contact: bool,
    /// Where they wait for an owner. For the desk.
    pub queues: Option<Vec<String>>,
    /// How urgent they are. For the desk.
    pub priorities: Option<Vec<Priority>>,
    /// What they wait for. Customers know of waits for them alone: anything else is the desk's.
    pub waits_for: Option<Vec<WaitReason>>,
    /// Only those whose place or product is not listed and still to be found: `caseTriageClear`. Whatever their status. For the desk.
    #[graphql(default)]
    pub in_triage: bool,
    /// Whom to talk to.
    pub contact_ids: Option<Vec<ID>>,
    /// Updated at or after this.
    pub updated_from: Option<Timestamp>,
    /// Updated before this.
    pub updated_before: Option<Timestamp>,
    /// Opened at or after this.
    pub opened_from: Option<Timestamp>,
    /// Opened before this.
    pub opened_before: Option<Timestamp>,
    /// A case number, an external reference, or words of the subject, in any order and case. At most 200 characters.
    pub text: Option<String>,
}

/// By what a list is sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "CaseColumn")]
pub enum CaseOrderField {
    /// The case's number.
    Number,
    /// Its subject.
    Subject,
    /// Its status, by name.
    Status,
    /// Its type.
    Type,
    /// Its category.
    Category,
    /// Its account's name.
    Account,
    /// Its location's name.
    Location,
    /// Its product's name.
    Product,
    /// Its contact's name.
    Contact,
    /// When it was opened.
    Opened,
    /// When it was last updated, as far as the caller may know.
    Updated,
    /// Its owner's name.
    Owner,
    /// Its queue. For the desk.
    Queue,
    /// How urgent it is. For the desk.
    Priority,
}

/// In which direction a list is sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum OrderDirection {
    /// The smallest or oldest first.
    Asc,
    /// The largest or newest first.
    Desc,
}

/// How a list is sorted.
#[derive(Clone, Copy, Debug, InputObject)]
pub struct CaseOrderInput {
    /// By what.
    pub field: CaseOrderField,
    /// In which direction.
    pub direction: OrderDirection,
}

/// A page of a list of cases.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct CaseConnection {
    /// The cases with their cursors.
    edges: Vec<CaseEdge>,
    /// What lies beyond the page.
    page_info: PageInfo,
    #[graphql(skip)]
    filter: CaseFilter,
}

/// A case with its cursor.
#[derive(SimpleObject)]
pub struct CaseEdge {
    /// The case.
    node: Case,
    /// Its cursor.
    cursor: String,
}

/// How many cases have a status.
#[derive(SimpleObject)]
pub struct StatusCount {
    /// The status.
    pub status: CaseStatus,
    /// How many cases of the list have it.
    pub count: i64,
}

/// How many cases are in a queue.
#[derive(SimpleObject)]
pub struct QueueCount {
    /// The queue.
    queue: Queue,
    /// How many cases of the list are in it.
    count: i64,
}

/// What a cursor of a list holds. It is good for the filter and order that it was made for.
#[derive(Serialize, Deserialize)]
struct Cursor {
    list: String,
    at: CaseCursor,
}

#[ComplexObject]
impl CaseConnection {
    /// The cases.
    async fn nodes(&self) -> Vec<&Case> {
        self.edges.iter().map(|edge| &edge.node).collect()
    }

    /// How many cases the whole list has. Counted only when asked for.
    async fn total_count(&self, ctx: &Context<'_>) -> Result<i64> {
        let filter = &self.filter;
        RequestContext::of(ctx)?
            .read(|tx| {
                let filter = filter.clone();
                async move { count_cases(tx, &filter).await }.boxed()
            })
            .await
    }

    /// How many cases of the list have which status. Counted only when asked for.
    async fn counts_by_status(&self, ctx: &Context<'_>) -> Result<Vec<StatusCount>> {
        let filter = &self.filter;
        let counts = RequestContext::of(ctx)?
            .read(|tx| {
                let filter = filter.clone();
                async move { count_by_status(tx, &filter).await }.boxed()
            })
            .await?;
        Ok(counts.into_iter().map(|(status, count)| StatusCount { status: status.into(), count }).collect())
    }

    /// How many cases of the list are in which queue, by the queue's name; a queue that none is in is left out. Counted only when asked
    /// for. For the desk; null for customers.
    async fn counts_by_queue(&self, ctx: &Context<'_>) -> Result<Option<Vec<QueueCount>>> {
        let (request, filter) = (RequestContext::of(ctx)?, &self.filter);
        if request.scope().audience() == Audience::Public {
            return Ok(None);
        }
        let counts = request
            .read(|tx| {
                let filter = filter.clone();
                async move { count_by_queue(tx, &filter).await }.boxed()
            })
            .await?;
        let counted = catalogue::with_queues(request, counts);
        Ok(Some(counted.into_iter().map(|(queue, count)| QueueCount { queue, count }).collect()))
    }
}

/// Reads a page of a list of cases, if more of it is asked for than how many there are.
pub(super) async fn connection(
    ctx: &Context<'_>,
    filter: CaseFilterInput,
    order: Option<CaseOrderInput>,
    page: &PageInput,
) -> Result<CaseConnection> {
    let request = RequestContext::of(ctx)?;
    let page = page.check()?;
    let filter = filter.check()?;
    let order = order.map_or_else(CaseOrder::default, Into::into);
    let list = fingerprint(request, &filter, order);
    let cursor = page.open::<Cursor>(request, "cases")?;
    if cursor.as_ref().is_some_and(|cursor| cursor.list != list) {
        return Err(paging::bad_cursor());
    }
    let has_cursor = cursor.is_some();
    let window = Window { size: page.size, backward: page.backward, cursor: cursor.map(|cursor| cursor.at) };
    let is_shown = ["nodes", "edges", "pageInfo"].iter().any(|field| ctx.look_ahead().field(field).exists());
    let found = if is_shown {
        let read = request.read(|tx| {
            let (filter, window) = (filter.clone(), window.clone());
            async move { list_cases(tx, &filter, order, &window).await }.boxed()
        });
        read.await?
    } else {
        CasePage { rows: vec![], has_more: false }
    };
    let has_more = found.has_more;
    let edge = |row| {
        let at = CaseCursor::of(&row, order.column);
        CaseEdge { cursor: paging::seal(request, "cases", &Cursor { list: list.clone(), at }), node: row.into() }
    };
    let edges: Vec<_> = found.rows.into_iter().map(edge).collect();
    let ends = edges.first().zip(edges.last()).map(|(first, last)| (first.cursor.clone(), last.cursor.clone()));
    Ok(CaseConnection { page_info: paging::info(&page, has_cursor, has_more, ends), edges, filter })
}

/// What tells one list from another: filter, order, and for whom it is read.
fn fingerprint(request: &RequestContext, filter: &CaseFilter, order: CaseOrder) -> String {
    let audience = request.scope().audience() as u8;
    let list = serde_json::to_vec(&(filter, order, audience)).expect("filters are plain data");
    hex::encode(&digest(&SHA256, &list).as_ref()[..8])
}

impl CaseFilterInput {
    /// # Errors
    /// `BAD_USER_INPUT`, naming the field.
    fn check(self) -> Result<CaseFilter> {
        const MAX_TEXT_CHARS: usize = 200;
        if self.text.as_ref().is_some_and(|text| text.chars().count() > MAX_TEXT_CHARS || text.contains('\0')) {
            let message = format!("`text` has at most {MAX_TEXT_CHARS} characters, and none with the code 0");
            return Err(error("BAD_USER_INPUT", message));
        }
        for (field, at) in [
            ("updatedFrom", self.updated_from),
            ("updatedBefore", self.updated_before),
            ("openedFrom", self.opened_from),
            ("openedBefore", self.opened_before),
        ] {
            // RFC 3339 has years of four digits; PostgreSQL has none before 4713 BC.
            if at.is_some_and(|at| !(0..=9999).contains(&at.year())) {
                return Err(error("BAD_USER_INPUT", format!("{field}: the year is 0000 to 9999")));
            }
        }
        Ok(CaseFilter {
            accounts: ids::<AccountId>("accountIds", self.account_ids)?,
            locations: ids::<LocationId>("locationIds", self.location_ids)?,
            statuses: self.statuses.unwrap_or_default().into_iter().map(Into::into).collect(),
            case_types: slugs("types", self.types)?,
            categories: slugs("categories", self.categories)?,
            owners: ids::<PersonId>("ownerIds", self.owner_ids)?,
            without_owner: self.without_owner,
            needs_contact: self.needs_contact,
            queues: slugs("queues", self.queues)?,
            priorities: self.priorities.unwrap_or_default().into_iter().map(Into::into).collect(),
            waits_for: self.waits_for.unwrap_or_default().into_iter().map(Into::into).collect(),
            in_triage: self.in_triage,
            contacts: ids::<PersonId>("contactIds", self.contact_ids)?,
            updated_from: self.updated_from,
            updated_before: self.updated_before,
            opened_from: self.opened_from,
            opened_before: self.opened_before,
            text: self.text,
        })
    }
}

fn ids<T: GlobalId>(field: &str, ids: Option<Vec<ID>>) -> Result<Vec<T>> {
    let check = |id: &ID| {
        T::of_field(field, id).map_err(|refusal| error("BAD_USER_INPUT", format!("{field}: {}", refusal.message)))
    };
    ids.unwrap_or_default().iter().map(check).collect()
}

fn slugs(field: &str, slugs: Option<Vec<String>>) -> Result<Vec<Slug>> {
    let check = |text: String| text.parse().map_err(|cause| error("BAD_USER_INPUT", format!("{field}: {cause}")));
    slugs.unwrap_or_default().into_iter().map(check).collect()
}

impl From<CaseOrderInput> for CaseOrder {
    fn from(CaseOrderInput { field, direction }: CaseOrderInput) -> Self {
        let direction = match direction {
            OrderDirection::Asc => Direction::Ascending,
            OrderDirection::Desc => Direction::Descending,
        };
        Self { column: field.into(), direction }
    }
}
