//! Reading one case, by any of its names: one statement.

use std::collections::HashMap;

use domain::{
    Audience, CaseId, MessageId, Slug, Timestamp,
    case::{CancelReason, CaseNumber, CloseCause, Status},
};
use sqlx::{FromRow, Postgres, QueryBuilder, Row, postgres::PgRow};

use super::{
    CASE_GROUP,
    departed::NEEDS_CONTACT,
    summary::{CaseSummary, NAMES, columns},
};
use crate::{
    ProjectionError, ScopedTx,
    column::{maybe_id, maybe_parsed},
};

/// A case with all that its page shows, its activity stream and watch list apart.
#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    /// What lists show of it.
    pub summary: CaseSummary,
    /// What it was opened with; none once that was taken away.
    pub description: Option<String>,
    /// Whether the description was taken away.
    pub description_redacted: bool,
    /// The id of the description among the case's texts.
    pub description_message: Option<MessageId>,
    /// The answer that stands.
    pub resolution: Option<ResolutionGiven>,
    /// How it was settled, if it was.
    pub closed: Option<(Timestamp, Option<CloseCause>)>,
    /// How it was withdrawn, if it was.
    pub canceled: Option<Cancellation>,
    /// How often it was reopened, mistakes apart.
    pub reopen_count: i32,
    /// Whether a legal hold is in force. For the desk only.
    pub legal_hold: Option<bool>,
    /// Whether it is still worked on, and its contact has left the account. For the desk only.
    pub needs_contact: Option<bool>,
    /// Whether it is out of date, because one of its events could not be applied.
    pub is_degraded: bool,
}

/// An answer, and how content the customer is with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResolutionGiven {
    /// When.
    pub at: Timestamp,
    /// The kind of answer.
    pub code: Option<Slug>,
    /// The answer; none once its words are gone.
    pub text: Option<String>,
    /// From 1, not at all, to 5, fully.
    pub satisfaction_score: Option<i16>,
    /// Why, if they said so.
    pub satisfaction_comment: Option<String>,
}

/// A withdrawal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cancellation {
    /// When.
    pub at: Timestamp,
    /// Why.
    pub reason: Option<CancelReason>,
    /// Why, in words.
    pub comment: Option<String>,
}

/// Reads a case by its id.
///
/// # Errors
/// [`ProjectionError::Database`].
pub async fn case_by_id(tx: &mut ScopedTx, case_id: CaseId) -> Result<Option<Case>, ProjectionError> {
    let mut sql = select(tx);
    sql.push("l.case_id = ").push_bind(case_id.0);
    Ok(sql.build_query_as().fetch_optional(&mut **tx).await?)
}

/// Reads cases by their ids, in no particular order: one statement for any number.
///
/// # Errors
/// [`ProjectionError::Database`].
pub async fn cases_by_ids(tx: &mut ScopedTx, case_ids: &[CaseId]) -> Result<Vec<Case>, ProjectionError> {
    let ids: Vec<_> = case_ids.iter().map(|case_id| case_id.0).collect();
    let mut sql = select(tx);
    sql.push("l.case_id = any(").push_bind(ids).push(")");
    Ok(sql.build_query_as().fetch_all(&mut **tx).await?)
}

/// Reads cases by their ids, one answer for each: none for one that the scope does not see.
pub(crate) async fn cases_in_order(
    tx: &mut ScopedTx,
    case_ids: Vec<CaseId>,
) -> Result<Vec<Option<Box<Case>>>, ProjectionError> {
    let found = cases_by_ids(tx, &case_ids).await?;
    let found: HashMap<_, _> = found.into_iter().map(|case| (case.summary.case_id, Box::new(case))).collect();
    Ok(case_ids.iter().map(|case_id| found.get(case_id).cloned()).collect())
}

/// Reads a case by its number.
///
/// # Errors
/// [`ProjectionError::Database`].
pub async fn case_by_number(tx: &mut ScopedTx, number: CaseNumber) -> Result<Option<Case>, ProjectionError> {
    let mut sql = select(tx);
    sql.push("l.number = ").push_bind(number.0);
    Ok(sql.build_query_as().fetch_optional(&mut **tx).await?)
}

/// Reads a case by what it is called in the system that it comes from, which need not be named where one system alone
/// uses the reference, as far as the scope sees.
///
/// # Errors
/// [`ProjectionError::AmbiguousReference`] where several do and none is named; [`ProjectionError::Database`].
pub async fn case_by_external_reference(
    tx: &mut ScopedTx,
    system: Option<&Slug>,
    reference: &str,
) -> Result<Option<Case>, ProjectionError> {
    let mut sql = select(tx);
    sql.push("l.external_reference = ").push_bind(reference.to_owned());
    if let Some(system) = system {
        sql.push(" and l.external_system = ").push_bind(system.to_string());
    }
    sql.push(" order by l.external_system, l.number");
    let found: Vec<Case> = sql.build_query_as().fetch_all(&mut **tx).await?;
    let mut systems: Vec<_> =
        found.iter().filter_map(|case| Some(case.summary.external.as_ref()?.system.clone())).collect();
    systems.dedup();
    if systems.len() > 1 {
        return Err(ProjectionError::AmbiguousReference { reference: reference.to_owned(), systems });
    }
    Ok(found.into_iter().next())
}

/// The whole case, up to and including `where`. The description is the text of its first entry.
fn select(tx: &ScopedTx) -> QueryBuilder<'static, Postgres> {
    let audience = tx.audience();
    let of_the_desk = match audience {
        Audience::Internal => format!("d.legal_hold, {NEEDS_CONTACT} as needs_contact"),
        Audience::Public => "null::bool as legal_hold, null::bool as needs_contact".to_owned(),
    };
    let mut sql = QueryBuilder::new(format!(
        "select {}, {of_the_desk}, d.resolved_at, d.resolution_code, d.resolution, d.closed_at, d.close_cause,
             d.canceled_at, d.cancel_reason, d.cancel_comment, d.reopen_count, d.satisfaction_score,
             d.satisfaction_comment, first.text as description, first.redacted as description_redacted,
             first.message_id as description_message,
             public.is_parked(",
        columns(audience)
    ));
    sql.push_bind(CASE_GROUP.name).push(", ").push_bind(tx.version());
    sql.push(format_args!(
        ", 'case', l.case_id::text) as is_degraded
         from case_list as l
         join case_details as d on d.case_id = l.case_id
         left join case_activity as first on first.case_id = l.case_id and first.public_sequence = 1
         {NAMES}
         where "
    ));
    sql
}

impl FromRow<'_, PgRow> for Case {
    fn from_row(row: &PgRow) -> Result<Self, sqlx::Error> {
        let summary = CaseSummary::from_row(row)?;
        let stands = matches!(summary.status, Status::Resolved | Status::Closed);
        let redacted: Option<bool> = row.try_get("description_redacted")?;
        Ok(Self {
            description: row.try_get("description")?,
            description_redacted: redacted.unwrap_or_default(),
            description_message: maybe_id(row, "description_message")?,
            resolution: if stands { resolution(row)? } else { None },
            closed: closed(row)?,
            canceled: canceled(row)?,
            reopen_count: row.try_get("reopen_count")?,
            legal_hold: row.try_get("legal_hold")?,
            needs_contact: row.try_get("needs_contact")?,
            is_degraded: row.try_get("is_degraded")?,
            summary,
        })
    }
}

fn resolution(row: &PgRow) -> Result<Option<ResolutionGiven>, sqlx::Error> {
    let Some(at) = row.try_get("resolved_at")? else { return Ok(None) };
    Ok(Some(ResolutionGiven {
        at,
        code: maybe_parsed(row, "resolution_code")?,
        text: row.try_get("resolution")?,
        satisfaction_score: row.try_get("satisfaction_score")?,
        satisfaction_comment: row.try_get("satisfaction_comment")?,
    }))
}

fn closed(row: &PgRow) -> Result<Option<(Timestamp, Option<CloseCause>)>, sqlx::Error> {
    let Some(at) = row.try_get("closed_at")? else { return Ok(None) };
    Ok(Some((at, close_cause(row.try_get("close_cause")?))))
}

pub(super) fn close_cause(name: Option<&str>) -> Option<CloseCause> {
    [CloseCause::Accepted, CloseCause::ConfirmedElsewhere, CloseCause::TimeElapsed, CloseCause::NotStated]
        .into_iter()
        .find(|cause| name == Some(cause.to_string().as_str()))
}

fn canceled(row: &PgRow) -> Result<Option<Cancellation>, sqlx::Error> {
    let Some(at) = row.try_get("canceled_at")? else { return Ok(None) };
    Ok(Some(Cancellation { at, reason: maybe_parsed(row, "cancel_reason")?, comment: row.try_get("cancel_comment")? }))
}
