//! What a list of cases may be filtered and sorted by, and how that becomes SQL.

use domain::{
    AccountId, Audience, CaseId, LocationId, PersonId, Scope, Slug, Timestamp,
    case::{CaseNumber, Priority, Status, WaitReason},
};
use serde::{Deserialize, Serialize};
use sqlx::{Encode, Postgres, QueryBuilder, Type, postgres::PgHasArrayType};

use super::{case_list::priority_rank, departed::NEEDS_CONTACT, summary::CaseSummary};
use crate::{ProjectionError, words::words_of};

/// Which cases a list shows: those that fit everything that is set. Of several values of one kind, any fits; an empty
/// list means that anything does.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseFilter {
    /// Whose cases.
    pub accounts: Vec<AccountId>,
    /// Where the trouble is.
    pub locations: Vec<LocationId>,
    /// Where they stand.
    pub statuses: Vec<Status>,
    /// The kinds of request.
    pub case_types: Vec<Slug>,
    /// The kinds within them.
    pub categories: Vec<Slug>,
    /// Who is responsible.
    pub owners: Vec<PersonId>,
    /// Only those for which nobody is.
    pub without_owner: bool,
    /// Only those that are still worked on and whose contact has left the account. For the desk only.
    pub needs_contact: bool,
    /// Where they wait for an owner. For the desk only.
    pub queues: Vec<Slug>,
    /// How urgent they are. For the desk only.
    pub priorities: Vec<Priority>,
    /// What they wait for. For customers, themselves alone: of other waits they do not know.
    pub waits_for: Vec<WaitReason>,
    /// Only those whose place or product was not in the lists and is still to be found, wherever they stand. For the desk only.
    pub in_triage: bool,
    /// Whom to talk to.
    pub contacts: Vec<PersonId>,
    /// Updated at or after; for customers, by what they may know of.
    pub updated_from: Option<Timestamp>,
    /// Updated before.
    pub updated_before: Option<Timestamp>,
    /// Opened at or after.
    pub opened_from: Option<Timestamp>,
    /// Opened before.
    pub opened_before: Option<Timestamp>,
    /// A case number, an external reference, or words that the subject has, in any order and case.
    pub text: Option<String>,
}

/// A column by which a list can be sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum CaseColumn {
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
    /// When it was last updated; for customers, by what they may know of.
    Updated,
    /// Its owner's name.
    Owner,
    /// Its queue. For the desk only.
    Queue,
    /// Its priority. For the desk only.
    Priority,
}

/// In which direction a list is sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Direction {
    /// The least first.
    Ascending,
    /// The greatest, or newest, first.
    Descending,
}

/// How a list is sorted. Cases that are equal in the column stand in the order of their ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct CaseOrder {
    /// By what.
    pub column: CaseColumn,
    /// In which direction.
    pub direction: Direction,
}

impl Default for CaseOrder {
    /// The last updated first.
    fn default() -> Self {
        Self { column: CaseColumn::Updated, direction: Direction::Descending }
    }
}

/// A place in a list: between this case and its neighbour. Holds a value of the list, so clients get it sealed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CaseCursor {
    /// What the case has in the column that sorts.
    pub value: SortValue,
    /// The case.
    pub case_id: CaseId,
}

/// A value that sorts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum SortValue {
    /// A name or short name; empty where there is none.
    Text(String),
    /// A number or rank.
    Number(i64),
    /// A moment.
    Time(Timestamp),
}

/// Which part of a list is read: at most `size` rows from one end, or from a cursor on.
#[derive(Clone, Debug, PartialEq)]
pub struct Window {
    /// How many rows at most, 1 to 100.
    pub size: u16,
    /// Backward: the last rows, before the cursor. Else the first ones, after it.
    pub backward: bool,
    /// Where to begin; at the end of the list without.
    pub cursor: Option<CaseCursor>,
}

impl CaseCursor {
    /// The place of a row in a list sorted by `column`.
    #[must_use]
    pub fn of(row: &CaseSummary, column: CaseColumn) -> Self {
        let text = |text: Option<&str>| SortValue::Text(text.unwrap_or_default().to_owned());
        let value = match column {
            CaseColumn::Number => SortValue::Number(row.number.0),
            CaseColumn::Subject => text(row.subject.as_deref()),
            CaseColumn::Status => SortValue::Text(row.status.to_string()),
            CaseColumn::Type => text(Some(row.case_type.as_str())),
            CaseColumn::Category => text(Some(row.category.as_str())),
            CaseColumn::Account => text(row.account.name.as_deref()),
            CaseColumn::Location => text(row.location.as_ref().and_then(|named| named.name.as_deref())),
            CaseColumn::Product => text(row.product.as_ref().and_then(|named| named.name.as_deref())),
            CaseColumn::Contact => text(row.contact.name.as_deref()),
            CaseColumn::Owner => text(row.owner.as_ref().and_then(|named| named.name.as_deref())),
            CaseColumn::Opened => SortValue::Time(row.opened_at),
            CaseColumn::Updated => SortValue::Time(row.updated_at),
            CaseColumn::Queue => text(row.queue.as_ref().map(Slug::as_str)),
            CaseColumn::Priority => {
                SortValue::Number(row.priority.map_or(0, |priority| i64::from(priority_rank(priority))))
            }
        };
        Self { value, case_id: row.case_id }
    }
}

impl CaseColumn {
    /// The expression that sorts; never null, so that keyset paging leaves nothing out.
    fn expression(self, audience: Audience) -> &'static str {
        match self {
            Self::Number => "l.number",
            Self::Subject => "coalesce(l.subject, '')",
            Self::Status => "l.status",
            Self::Type => "l.case_type",
            Self::Category => "l.category",
            Self::Account => "coalesce(account.name, '')",
            Self::Location => "coalesce(location.name, '')",
            Self::Product => "coalesce(product.name, '')",
            Self::Contact => "coalesce(contact.name, '')",
            Self::Owner => "coalesce(owner.name, '')",
            Self::Opened => "l.opened_at",
            Self::Updated => updated(audience),
            Self::Queue => "l.queue",
            Self::Priority => "l.priority",
        }
    }

    /// Refuses a column that the audience may not know.
    fn check(self, audience: Audience) -> Result<(), ProjectionError> {
        match (self, audience) {
            (Self::Queue, Audience::Public) => Err(ProjectionError::StaffOnly { what: "queue" }),
            (Self::Priority, Audience::Public) => Err(ProjectionError::StaffOnly { what: "priority" }),
            _ => Ok(()),
        }
    }

    fn takes(self, value: &SortValue) -> bool {
        match self {
            Self::Number | Self::Priority => matches!(value, SortValue::Number(_)),
            Self::Opened | Self::Updated => matches!(value, SortValue::Time(_)),
            _ => matches!(value, SortValue::Text(_)),
        }
    }
}

impl CaseFilter {
    /// What it asks that customers may not know.
    fn only_for_staff(&self) -> Option<&'static str> {
        let asked = [
            (!self.queues.is_empty(), "queue"),
            (!self.priorities.is_empty(), "priority"),
            (self.needs_contact, "need of a contact"),
            (self.in_triage, "triage"),
            (self.waits_for.iter().any(|reason| *reason != WaitReason::Customer), "waits for anybody but the customer"),
        ];
        asked.into_iter().find_map(|(is_asked, what)| is_asked.then_some(what))
    }
}

fn updated(audience: Audience) -> &'static str {
    match audience {
        Audience::Public => "l.public_updated_at",
        Audience::Internal => "l.updated_at",
    }
}

/// Adds `where …` for a filter, within a scope.
///
/// One value is compared by `=`, so that an index can deliver the order, too.
pub(super) fn push_filter(
    sql: &mut QueryBuilder<'_, Postgres>,
    scope: &Scope,
    filter: &CaseFilter,
) -> Result<(), ProjectionError> {
    let audience = scope.audience();
    if audience == Audience::Public
        && let Some(what) = filter.only_for_staff()
    {
        return Err(ProjectionError::StaffOnly { what });
    }
    sql.push(" where true");
    // Row-level security says the same, in a form in which no index delivers the order.
    if let Scope::Contact { accounts, .. } = scope
        && accounts.len() == 1
        && let Some(account) = accounts.keys().next()
    {
        sql.push(" and l.account_id = ").push_bind(account.0);
    }
    any_of(sql, "l.account_id", filter.accounts.iter().map(|id| id.0).collect());
    any_of(sql, "l.location_id", filter.locations.iter().map(|id| id.0).collect());
    any_of(sql, "l.status", filter.statuses.iter().map(ToString::to_string).collect());
    any_of(sql, "l.case_type", filter.case_types.iter().map(ToString::to_string).collect());
    any_of(sql, "l.category", filter.categories.iter().map(ToString::to_string).collect());
    any_of(sql, "l.owner_id", filter.owners.iter().map(|id| id.0).collect());
    any_of(sql, "l.queue", filter.queues.iter().map(ToString::to_string).collect());
    any_of(sql, "l.priority", filter.priorities.iter().map(|priority| priority_rank(*priority)).collect());
    any_of(sql, "l.contact_id", filter.contacts.iter().map(|id| id.0).collect());
    if filter.without_owner {
        sql.push(" and l.owner_id is null");
    }
    if filter.needs_contact {
        sql.push(" and ").push(NEEDS_CONTACT);
    }
    if !filter.waits_for.is_empty() {
        // No other case waits, and an index has the open ones side by side.
        any_of(sql, "l.status", vec![Status::Open.to_string()]);
        match audience {
            Audience::Internal => {
                any_of(sql, "l.wait_reason", filter.waits_for.iter().map(ToString::to_string).collect());
            }
            Audience::Public => {
                sql.push(" and l.waiting_for_customer");
            }
        }
    }
    if filter.in_triage {
        sql.push(" and (l.location_not_listed or l.product_not_listed)");
    }
    for (column, comparison, moment) in [
        (updated(audience), ">=", filter.updated_from),
        (updated(audience), "<", filter.updated_before),
        ("l.opened_at", ">=", filter.opened_from),
        ("l.opened_at", "<", filter.opened_before),
    ] {
        if let Some(moment) = moment {
            sql.push(format_args!(" and {column} {comparison} ")).push_bind(moment);
        }
    }
    if let Some(text) = filter.text.as_deref().map(str::trim).filter(|text| !text.is_empty()) {
        push_text(sql, text);
    }
    Ok(())
}

fn any_of<'args, T>(sql: &mut QueryBuilder<'args, Postgres>, column: &str, mut values: Vec<T>)
where
    T: Encode<'args, Postgres> + Type<Postgres> + PgHasArrayType + Send + 'args,
{
    match values.len() {
        0 => {}
        1 => {
            sql.push(format_args!(" and {column} = ")).push_bind(values.remove(0));
        }
        _ => {
            sql.push(format_args!(" and {column} = any(")).push_bind(values).push(")");
        }
    }
}

/// A number finds its case; anything else an external reference, or all its words in the subject.
fn push_text(sql: &mut QueryBuilder<'_, Postgres>, text: &str) {
    if let Ok(CaseNumber(number)) = text.parse() {
        sql.push(" and l.number = ").push_bind(number);
        return;
    }
    let reference = text.split_once('/').filter(|(system, _)| system.parse::<Slug>().is_ok());
    sql.push(" and (l.external_reference in (").push_bind(text.to_owned());
    sql.push(", ").push_bind(text.to_uppercase()).push(")");
    if let Some((system, reference)) = reference {
        sql.push(" or (l.external_system = ").push_bind(system.to_owned());
        sql.push(" and l.external_reference = ").push_bind(reference.to_owned()).push(")");
    }
    sql.push(" or (true");
    for word in words_of(text) {
        sql.push(" and l.subject ilike ").push_bind(word);
    }
    sql.push("))");
}

/// Adds the window's beginning, order and limit. The limit is one more than asked for: the extra row says that there
/// is more. Backward windows come in reverse.
pub(super) fn push_window(
    sql: &mut QueryBuilder<'_, Postgres>,
    audience: Audience,
    order: CaseOrder,
    window: &Window,
) -> Result<(), ProjectionError> {
    order.column.check(audience)?;
    let value = order.column.expression(audience);
    let descending = (order.direction == Direction::Descending) != window.backward;
    if let Some(CaseCursor { value: from, case_id }) = &window.cursor {
        if !order.column.takes(from) {
            return Err(ProjectionError::ForeignCursor);
        }
        sql.push(format_args!(" and ({value}, l.case_id) {} (", if descending { "<" } else { ">" }));
        match from {
            SortValue::Text(text) => sql.push_bind(text.clone()),
            SortValue::Number(number) => sql.push_bind(*number),
            SortValue::Time(moment) => sql.push_bind(*moment),
        };
        sql.push(", ").push_bind(case_id.0).push(")");
    }
    let direction = if descending { "desc" } else { "asc" };
    sql.push(format_args!(" order by {value} {direction}, l.case_id {direction} limit "));
    sql.push_bind(i64::from(window.size) + 1);
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn sql_of(scope: &Scope, filter: &CaseFilter) -> String {
        let mut sql = QueryBuilder::new("");
        push_filter(&mut sql, scope, filter).expect("a filter for everybody");
        sql.into_sql()
    }

    #[test]
    fn one_value_is_compared_by_equality_and_several_by_any() {
        let one = CaseFilter { statuses: vec![Status::New], ..CaseFilter::default() };
        assert_eq!(sql_of(&Scope::Staff, &one), " where true and l.status = $1");
        let two = CaseFilter { statuses: vec![Status::New, Status::Open], ..CaseFilter::default() };
        assert_eq!(sql_of(&Scope::Staff, &two), " where true and l.status = any($1)");
    }

    #[test]
    fn customers_neither_filter_nor_sort_by_what_they_may_not_know() {
        let customer = Scope::Contact { person: PersonId(uuid::Uuid::nil()), accounts: BTreeMap::new() };
        let filters = [
            CaseFilter { queues: vec!["billing".parse().expect("a slug")], ..CaseFilter::default() },
            CaseFilter { priorities: vec![Priority::High], ..CaseFilter::default() },
            CaseFilter { needs_contact: true, ..CaseFilter::default() },
            CaseFilter { in_triage: true, ..CaseFilter::default() },
            CaseFilter { waits_for: vec![WaitReason::Customer, WaitReason::Vendor], ..CaseFilter::default() },
        ];
        for filter in filters {
            push_filter(&mut QueryBuilder::new(""), &customer, &filter).expect_err("for the desk only");
        }
        let of_theirs = CaseFilter { waits_for: vec![WaitReason::Customer], ..CaseFilter::default() };
        assert_eq!(sql_of(&customer, &of_theirs), " where true and l.status = $1 and l.waiting_for_customer");
        assert_eq!(sql_of(&Scope::Staff, &of_theirs), " where true and l.status = $1 and l.wait_reason = $2");
        let window = Window { size: 1, backward: false, cursor: None };
        for column in [CaseColumn::Queue, CaseColumn::Priority] {
            let order = CaseOrder { column, direction: Direction::Ascending };
            push_window(&mut QueryBuilder::new(""), Audience::Public, order, &window).expect_err("for the desk only");
        }
    }

    #[test]
    fn a_cursor_of_another_order_is_refused() {
        let cursor = CaseCursor { value: SortValue::Number(1), case_id: CaseId(uuid::Uuid::nil()) };
        let window = Window { size: 1, backward: false, cursor: Some(cursor) };
        let refusal = push_window(&mut QueryBuilder::new(""), Audience::Internal, CaseOrder::default(), &window);
        assert!(matches!(refusal, Err(ProjectionError::ForeignCursor)));
    }
}
