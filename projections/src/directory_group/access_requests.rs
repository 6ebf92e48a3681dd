//! `access_requests` and `access_request_people`: who asks for access, and what was decided.
//!
//! Read within [`domain::Scope::AccessRequests`] or an auditor's scope; the database shows the tables to no other.

use std::collections::BTreeMap;

use domain::{
    AccessRequestId, AccountId, CaseId, LocationId, PersonId, PlainText, Sealed, Timestamp,
    access_request::{ASKER, AccessRequestEvent, AccessRequestFact, NamedPerson, RequestType},
    account::{ContactAccess, ContactRole},
};
use serde::{Deserialize, Serialize};
use sqlx::{FromRow, PgConnection, Postgres, QueryBuilder, Row, postgres::PgRow};
use uuid::Uuid;

use super::{maybe_words, words};
use crate::{
    ProjectionError, ScopedTx,
    column::{Columns, id, maybe_id, maybe_parsed, parsed},
    tables::FoldError,
    writes::{Statement, WHERE_MOVED},
};

/// A request as it is stored and shown.
#[derive(Clone, Debug, PartialEq)]
pub struct AccessRequestEntry {
    /// Which one.
    pub request: AccessRequestId,
    /// What is asked for.
    pub request_type: RequestType,
    /// What the asker calls the account, as all words here unless they are gone.
    pub account_name: Option<String>,
    /// Where the service is.
    pub service_address: Option<String>,
    /// The rest.
    pub description: Option<String>,
    /// When it came.
    pub submitted_at: Timestamp,
    /// Whether its words were destroyed.
    pub is_redacted: bool,
    /// How far it has come.
    pub version: i64,
    /// Everybody named, the asker first.
    pub people: BTreeMap<u32, AccessPersonEntry>,
}

/// Somebody who is named in a request.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AccessPersonEntry {
    /// What they are called.
    pub name: Option<String>,
    /// The e-mail address.
    pub email: Option<String>,
    /// The telephone number.
    pub phone: Option<String>,
    /// What was decided, if it was.
    pub decision: Option<DecisionEntry>,
    /// Whether that is done.
    pub is_carried_out: bool,
}

/// What was decided of somebody.
#[derive(Clone, Debug, PartialEq)]
pub struct DecisionEntry {
    /// What.
    pub outcome: OutcomeEntry,
    /// How authority was verified, or why they get nothing; none once the words are gone.
    pub words: Option<String>,
    /// Who decided.
    pub by: PersonId,
    /// When.
    pub at: Timestamp,
}

/// What comes of somebody's wish.
#[derive(Clone, Debug, PartialEq)]
pub enum OutcomeEntry {
    /// They get access.
    Approved {
        /// Who they are here.
        person: PersonId,
        /// To which account.
        account: AccountId,
        /// To what of it.
        access: ContactAccess,
    },
    /// They get none.
    Declined,
    /// It is worked on as a case.
    MadeCase {
        /// The case.
        case: CaseId,
        /// Whose.
        account: AccountId,
        /// Its contact.
        contact: PersonId,
    },
}

/// A place in the list of requests.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessRequestCursor {
    /// When the one there came.
    pub submitted_at: Timestamp,
    /// Which one it is.
    pub request: AccessRequestId,
}

/// Which requests are listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessRequestFilter {
    /// Only those that are decided for everybody, or only those that are not.
    pub is_decided: Option<bool>,
    /// Only those of one type.
    pub request_type: Option<RequestType>,
}

/// Which part of the list is read, in which order.
#[derive(Clone, Debug)]
pub struct AccessRequestWindow {
    /// The newest first; else the oldest.
    pub newest_first: bool,
    /// How many rows at most.
    pub size: u16,
    /// The last rows before the cursor, else the first ones after it.
    pub backward: bool,
    /// Where to begin.
    pub cursor: Option<AccessRequestCursor>,
}

impl AccessRequestEntry {
    fn waiting(&self) -> usize {
        self.people.values().filter(|person| person.decision.is_none()).count()
    }

    fn to_carry_out(&self) -> usize {
        self.people.values().filter(|person| person.decision.is_some() && !person.is_carried_out).count()
    }

    /// Whether it is decided for everybody.
    #[must_use]
    pub fn is_decided(&self) -> bool {
        self.waiting() == 0
    }

    /// What the first event makes of nothing.
    fn begin(request: AccessRequestId, event: &AccessRequestEvent) -> Option<Self> {
        let AccessRequestFact::AccessRequested(submission) = &event.fact else { return None };
        Some(Self {
            request,
            request_type: submission.request_type,
            account_name: text(&submission.account_name),
            service_address: submission.service_address.as_ref().and_then(text),
            description: text(&submission.description),
            submitted_at: event.occurred_at,
            is_redacted: false,
            version: 1,
            people: [(ASKER, AccessPersonEntry::named(&submission.asker))].into(),
        })
    }

    /// Folds one event of whoever acted. One that was folded before changes nothing.
    pub(super) fn fold(
        known: Option<Self>,
        request: AccessRequestId,
        (sequence, event, by): (i64, &AccessRequestEvent, PersonId),
    ) -> Result<Self, FoldError> {
        let Some(mut row) = known else {
            let missing = if sequence == 1 { FoldError::NotOpened } else { FoldError::Gap { sequence, known: 0 } };
            return Self::begin(request, event).filter(|_| sequence == 1).ok_or(missing);
        };
        if sequence <= row.version {
            return Ok(row);
        }
        if sequence > row.version + 1 {
            return Err(FoldError::Gap { sequence, known: row.version });
        }
        row.version = sequence;
        let decided = |outcome, words: &Sealed<PlainText>| {
            Some(DecisionEntry { outcome, words: text(words), by, at: event.occurred_at })
        };
        match &event.fact {
            AccessRequestFact::AccessRequested(_) => {}
            AccessRequestFact::AccessPersonAdded { number, person } => {
                row.people.insert(*number, AccessPersonEntry::named(person));
            }
            AccessRequestFact::AccessApproved { number, person, account, access, authority } => {
                let outcome = OutcomeEntry::Approved { person: *person, account: *account, access: access.clone() };
                row.person(*number).decision = decided(outcome, authority);
            }
            AccessRequestFact::AccessDeclined { number, reason } => {
                let person = row.person(*number);
                person.decision = decided(OutcomeEntry::Declined, reason);
                person.is_carried_out = true;
            }
            AccessRequestFact::AccessMadeCase { case, account, contact, authority, .. } => {
                let outcome = OutcomeEntry::MadeCase { case: *case, account: *account, contact: *contact };
                row.person(ASKER).decision = decided(outcome, authority);
            }
            AccessRequestFact::AccessCarriedOut { number } => row.person(*number).is_carried_out = true,
            AccessRequestFact::AccessRequestRedacted { .. } => row.withdraw(),
        }
        Ok(row)
    }

    /// Takes the words away that came with it.
    pub(super) fn withdraw(&mut self) {
        self.is_redacted = true;
        (self.account_name, self.service_address, self.description) = (None, None, None);
        for person in self.people.values_mut() {
            (person.name, person.email, person.phone) = (None, None, None);
        }
    }

    fn person(&mut self, number: u32) -> &mut AccessPersonEntry {
        self.people.entry(number).or_default()
    }
}

impl AccessPersonEntry {
    fn named(person: &NamedPerson) -> Self {
        Self {
            name: words(&person.name),
            email: words(&person.email),
            phone: maybe_words(person.phone.as_ref()),
            decision: None,
            is_carried_out: false,
        }
    }
}

fn text(text: &Sealed<PlainText>) -> Option<String> {
    text.value().map(|text| text.as_str().to_owned())
}

const REQUESTS: &str = "select request_id, request_type, account_name, service_address, description, submitted_at, \
                        is_redacted, version from access_requests";

/// Reads a page of requests.
///
/// # Errors
/// [`ProjectionError::Database`].
pub async fn list_access_requests(
    tx: &mut ScopedTx,
    filter: AccessRequestFilter,
    window: &AccessRequestWindow,
) -> Result<(Vec<AccessRequestEntry>, bool), ProjectionError> {
    let mut sql = QueryBuilder::<Postgres>::new(format!("{REQUESTS} where true"));
    push_filter(&mut sql, filter);
    let (beyond, direction) = if window.newest_first == window.backward { (">", "asc") } else { ("<", "desc") };
    if let Some(AccessRequestCursor { submitted_at, request }) = &window.cursor {
        sql.push(format_args!(" and (submitted_at, request_id) {beyond} ("));
        sql.push_bind(*submitted_at).push(", ").push_bind(request.0).push(")");
    }
    sql.push(format_args!(" order by submitted_at {direction}, request_id {direction} limit "));
    sql.push_bind(i64::from(window.size) + 1);
    let mut rows: Vec<AccessRequestEntry> = sql.build_query_as().fetch_all(&mut **tx).await?;
    let has_more = rows.len() > usize::from(window.size);
    rows.truncate(usize::from(window.size));
    if window.backward {
        rows.reverse();
    }
    Ok((with_people(&mut *tx, rows).await?, has_more))
}

/// Counts the requests that a filter lets through.
///
/// # Errors
/// [`ProjectionError::Database`].
pub async fn count_access_requests(tx: &mut ScopedTx, filter: AccessRequestFilter) -> Result<i64, ProjectionError> {
    let mut sql = QueryBuilder::<Postgres>::new("select count(*) from access_requests where true");
    push_filter(&mut sql, filter);
    Ok(sql.build_query_scalar().fetch_one(&mut **tx).await?)
}

/// Reads a request by its id.
///
/// # Errors
/// [`ProjectionError::Database`].
pub async fn access_request(
    tx: &mut ScopedTx,
    request: AccessRequestId,
) -> Result<Option<AccessRequestEntry>, ProjectionError> {
    let sql = format!("{REQUESTS} where request_id = $1");
    let rows = sqlx::query_as(&sql).bind(request.0).fetch_all(&mut **tx).await?;
    Ok(with_people(&mut *tx, rows).await?.pop())
}

/// The requests of which something was decided and is not done yet, a few at a time.
///
/// # Errors
/// [`ProjectionError::Database`].
pub async fn requests_to_carry_out(tx: &mut ScopedTx) -> Result<Vec<AccessRequestId>, ProjectionError> {
    let sql = "select request_id from access_requests where to_carry_out > 0 order by request_id limit 100";
    let ids: Vec<Uuid> = sqlx::query_scalar(sql).fetch_all(&mut **tx).await?;
    Ok(ids.into_iter().map(AccessRequestId).collect())
}

/// The requests that came before a time, have their words still, and leave nothing to be done; a few at a time.
///
/// # Errors
/// [`ProjectionError::Database`].
pub async fn requests_kept_long_enough(
    tx: &mut ScopedTx,
    before: Timestamp,
) -> Result<Vec<AccessRequestId>, ProjectionError> {
    let sql = "select request_id from access_requests
               where submitted_at < $1 and not is_redacted and to_carry_out = 0
               order by submitted_at limit 100";
    let ids: Vec<Uuid> = sqlx::query_scalar(sql).bind(before).fetch_all(&mut **tx).await?;
    Ok(ids.into_iter().map(AccessRequestId).collect())
}

fn push_filter(sql: &mut QueryBuilder<'_, Postgres>, filter: AccessRequestFilter) {
    if let Some(is_decided) = filter.is_decided {
        sql.push(if is_decided { " and waiting = 0" } else { " and waiting > 0" });
    }
    if let Some(request_type) = filter.request_type {
        sql.push(" and request_type = ").push_bind(request_type.to_string());
    }
}

pub(super) async fn load(conn: &mut PgConnection, ids: Vec<Uuid>) -> Result<Vec<AccessRequestEntry>, sqlx::Error> {
    let sql = format!("{REQUESTS} where request_id = any($1)");
    let rows = sqlx::query_as(&sql).bind(ids).fetch_all(&mut *conn).await?;
    with_people(conn, rows).await
}

/// Adds the people of requests, in one statement for all.
async fn with_people(
    conn: &mut PgConnection,
    mut requests: Vec<AccessRequestEntry>,
) -> Result<Vec<AccessRequestEntry>, sqlx::Error> {
    if requests.is_empty() {
        return Ok(requests);
    }
    let rows = sqlx::query("select * from access_request_people where request_id = any($1)")
        .bind(requests.iter().map(|row| row.request.0).collect::<Vec<_>>())
        .fetch_all(conn)
        .await?;
    for row in &rows {
        let request: AccessRequestId = id(row, "request_id")?;
        let number: i32 = row.try_get("number")?;
        if let Some(known) = requests.iter_mut().find(|known| known.request == request) {
            known.people.insert(number.unsigned_abs(), AccessPersonEntry::from_row(row)?);
        }
    }
    Ok(requests)
}

impl FromRow<'_, PgRow> for AccessRequestEntry {
    fn from_row(row: &PgRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            request: id(row, "request_id")?,
            request_type: parsed(row, "request_type")?,
            account_name: row.try_get("account_name")?,
            service_address: row.try_get("service_address")?,
            description: row.try_get("description")?,
            submitted_at: row.try_get("submitted_at")?,
            is_redacted: row.try_get("is_redacted")?,
            version: row.try_get("version")?,
            people: BTreeMap::new(),
        })
    }
}

impl FromRow<'_, PgRow> for AccessPersonEntry {
    fn from_row(row: &PgRow) -> Result<Self, sqlx::Error> {
        let outcome = match row.try_get::<Option<&str>, _>("outcome")? {
            None => None,
            Some("approved") => {
                let locations: Option<Vec<Uuid>> = row.try_get("locations")?;
                let locations = locations.map(|limit| limit.into_iter().map(LocationId).collect());
                let role: Option<ContactRole> = maybe_parsed(row, "role")?;
                let access = ContactAccess { role: role.unwrap_or(ContactRole::Member), locations };
                Some(OutcomeEntry::Approved { person: id(row, "person_id")?, account: id(row, "account_id")?, access })
            }
            Some("made-case") => Some(OutcomeEntry::MadeCase {
                case: id(row, "case_id")?,
                account: id(row, "account_id")?,
                contact: id(row, "person_id")?,
            }),
            Some(_) => Some(OutcomeEntry::Declined),
        };
        let (by, at) = (maybe_id(row, "decided_by")?, row.try_get("decided_at")?);
        let words: Option<String> = row.try_get("words")?;
        let decision = match (outcome, by, at) {
            (Some(outcome), Some(by), Some(at)) => Some(DecisionEntry { outcome, words, by, at }),
            _ => None,
        };
        Ok(Self {
            name: row.try_get("name")?,
            email: row.try_get("email")?,
            phone: row.try_get("phone")?,
            decision,
            is_carried_out: row.try_get("is_carried_out")?,
        })
    }
}

/// Adds to a statement that it writes requests, new ones and known ones, with their people.
pub(super) fn push_writes<'a>(statement: &mut Statement<'a>, requests: &[&'a AccessRequestEntry]) {
    let people: Vec<_> = requests
        .iter()
        .flat_map(|row| row.people.iter().map(|(number, person)| (row.request, *number, person)))
        .collect();
    statement.part("access_requests_there", requests, push_requests);
    statement.part("access_people_there", &people, push_people);
}

fn count(rows: usize) -> i32 {
    i32::try_from(rows).unwrap_or(i32::MAX)
}

fn push_requests<'a>(sql: &mut QueryBuilder<'a, Postgres>, rows: &[&'a AccessRequestEntry]) {
    sql.push(
        "insert into access_requests (request_id, request_type, account_name, service_address, description, \
         submitted_at, waiting, to_carry_out, is_redacted, version)",
    );
    Columns::of(sql, rows)
        .add(|row| row.request.0)
        .add(|row| row.request_type.to_string())
        .add(|row| row.account_name.as_deref())
        .add(|row| row.service_address.as_deref())
        .add(|row| row.description.as_deref())
        .add(|row| row.submitted_at)
        .add(|row| count(row.waiting()))
        .add(|row| count(row.to_carry_out()))
        .add(|row| row.is_redacted)
        .add(|row| row.version);
    sql.push(WHERE_MOVED).push(
        " on conflict (request_id) do update set account_name = excluded.account_name,
             service_address = excluded.service_address, description = excluded.description,
             waiting = excluded.waiting, to_carry_out = excluded.to_carry_out, is_redacted = excluded.is_redacted,
             version = excluded.version",
    );
}

fn push_people<'a>(sql: &mut QueryBuilder<'a, Postgres>, rows: &[(AccessRequestId, u32, &'a AccessPersonEntry)]) {
    fn outcome(person: &AccessPersonEntry) -> Option<&OutcomeEntry> {
        person.decision.as_ref().map(|decision| &decision.outcome)
    }
    fn access(person: &AccessPersonEntry) -> Option<&ContactAccess> {
        match outcome(person) {
            Some(OutcomeEntry::Approved { access, .. }) => Some(access),
            _ => None,
        }
    }
    sql.push(
        "insert into access_request_people (request_id, number, name, email, phone, outcome, person_id, account_id, \
         role, locations, case_id, words, decided_by, decided_at, is_carried_out)",
    );
    Columns::of(sql, rows)
        .add(|(request, _, _)| request.0)
        .add(|(_, number, _)| i32::try_from(number).unwrap_or(i32::MAX))
        .add(|(_, _, person)| person.name.as_deref())
        .add(|(_, _, person)| person.email.as_deref())
        .add(|(_, _, person)| person.phone.as_deref())
        .add(|(_, _, person)| {
            outcome(person).map(|outcome| match outcome {
                OutcomeEntry::Approved { .. } => "approved",
                OutcomeEntry::Declined => "declined",
                OutcomeEntry::MadeCase { .. } => "made-case",
            })
        })
        .add(|(_, _, person)| match outcome(person) {
            Some(OutcomeEntry::Approved { person, .. } | OutcomeEntry::MadeCase { contact: person, .. }) => {
                Some(person.0)
            }
            _ => None,
        })
        .add(|(_, _, person)| match outcome(person) {
            Some(OutcomeEntry::Approved { account, .. } | OutcomeEntry::MadeCase { account, .. }) => Some(account.0),
            _ => None,
        })
        .add(|(_, _, person)| access(person).map(|access| access.role.to_string()))
        .add_ids(|(_, _, person)| {
            access(person)?.locations.as_ref().map(|limit| limit.iter().map(|place| place.0).collect())
        })
        .add(|(_, _, person)| match outcome(person) {
            Some(OutcomeEntry::MadeCase { case, .. }) => Some(case.0),
            _ => None,
        })
        .add(|(_, _, person)| person.decision.as_ref().and_then(|decision| decision.words.as_deref()))
        .add(|(_, _, person)| person.decision.as_ref().map(|decision| decision.by.0))
        .add(|(_, _, person)| person.decision.as_ref().map(|decision| decision.at))
        .add(|(_, _, person)| person.is_carried_out);
    sql.push(WHERE_MOVED).push(
        " on conflict (request_id, number) do update set name = excluded.name, email = excluded.email,
             phone = excluded.phone, outcome = excluded.outcome, person_id = excluded.person_id,
             account_id = excluded.account_id, role = excluded.role, locations = excluded.locations,
             case_id = excluded.case_id, words = excluded.words, decided_by = excluded.decided_by,
             decided_at = excluded.decided_at, is_carried_out = excluded.is_carried_out",
    );
}
