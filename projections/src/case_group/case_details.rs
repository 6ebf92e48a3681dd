//! `case_details`: one row per case, with what its own page shows beside the columns of the list.

use domain::{
    CaseId, PlainText, Sealed, Slug, Timestamp,
    case::{CLOSE_AFTER, CancelReason, CaseEvent, CaseFact, CloseCause},
};
use sqlx::{FromRow, Postgres, QueryBuilder, Row, postgres::PgRow};

use crate::column::{Columns, id, maybe_parsed};
use crate::writes::WHERE_MOVED;

/// A row as stored.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct DetailsRow {
    pub case_id: CaseId,
    pub resolved_at: Option<Timestamp>,
    pub resolution_code: Option<Slug>,
    pub resolution: Option<String>,
    pub closed_at: Option<Timestamp>,
    pub close_cause: Option<String>,
    pub canceled_at: Option<Timestamp>,
    pub cancel_reason: Option<String>,
    pub cancel_comment: Option<String>,
    pub reopen_count: i32,
    pub satisfaction_score: Option<i16>,
    pub satisfaction_comment: Option<String>,
    pub legal_hold: bool,
    pub closes_at: Option<Timestamp>,
    pub resolution_closes_at: Option<Timestamp>,
}

impl DetailsRow {
    /// The row of a case before its first event is applied.
    pub(super) fn opened(case_id: CaseId) -> Self {
        Self {
            case_id,
            resolved_at: None,
            resolution_code: None,
            resolution: None,
            closed_at: None,
            close_cause: None,
            canceled_at: None,
            cancel_reason: None,
            cancel_comment: None,
            reopen_count: 0,
            satisfaction_score: None,
            satisfaction_comment: None,
            legal_hold: false,
            closes_at: None,
            resolution_closes_at: None,
        }
    }

    /// Folds one event into the row; answers whether there was anything to fold. What was imported waits for no time.
    pub(super) fn apply(&mut self, event: &CaseEvent, is_imported: bool) -> bool {
        let at = event.occurred_at;
        match &event.fact {
            CaseFact::Resolved { code, resolution, closes_at } => {
                self.resolve(at, code, resolution);
                self.resolution_closes_at = (!is_imported).then(|| closes_at.unwrap_or(at + CLOSE_AFTER));
                self.closes_at = self.resolution_closes_at;
            }
            CaseFact::Reopened { .. } => {
                self.reopen_count += 1;
                self.closes_at = None;
            }
            // A reopening that was a mistake counts as none. The last resolution is still here, and stands again.
            CaseFact::ReopeningUndone {} => {
                self.reopen_count -= 1;
                self.closes_at = self.resolution_closes_at;
            }
            CaseFact::Canceled { reason, comment } => self.cancel(at, *reason, comment.as_ref()),
            CaseFact::Closed { cause } => self.close(at, *cause),
            CaseFact::SatisfactionRated { score, comment } => {
                self.satisfaction_score = Some(i16::from(*score));
                self.satisfaction_comment = comment.as_ref().and_then(words);
            }
            CaseFact::LegalHoldPlaced { .. } => self.legal_hold = true,
            CaseFact::LegalHoldLifted {} => self.legal_hold = false,
            CaseFact::Opened(_)
            | CaseFact::TakenUp { .. }
            | CaseFact::OwnerAssigned { .. }
            | CaseFact::OwnerReleased {}
            | CaseFact::MovedToQueue { .. }
            | CaseFact::WaitStarted { .. }
            | CaseFact::WaitEnded { .. }
            | CaseFact::PriorityChanged { .. }
            | CaseFact::Reclassified { .. }
            | CaseFact::LocationChanged { .. }
            | CaseFact::ProductChanged { .. }
            | CaseFact::TriageCleared {}
            | CaseFact::SubjectChanged { .. }
            | CaseFact::ContactChanged { .. }
            | CaseFact::MessagePosted { .. }
            | CaseFact::InternalNoteAdded { .. }
            | CaseFact::MessageRedacted { .. }
            | CaseFact::RedactedTextDestroyed { .. }
            | CaseFact::AttachmentAdded(_)
            | CaseFact::AttachmentRemoved { .. }
            | CaseFact::AttachmentRedacted { .. }
            | CaseFact::RedactedAttachmentDestroyed { .. }
            | CaseFact::WatcherAdded { .. }
            | CaseFact::WatcherConfirmed { .. }
            | CaseFact::WatcherRemoved { .. }
            | CaseFact::WatcherLeft { .. }
            | CaseFact::ResolutionAccepted {}
            | CaseFact::ResolutionRejected { .. } => return false,
        }
        true
    }

    /// Another answer, which nobody has rated yet.
    fn resolve(&mut self, at: Timestamp, code: &Slug, resolution: &Sealed<PlainText>) {
        self.resolved_at = Some(at);
        self.resolution_code = Some(code.clone());
        self.resolution = words(resolution);
        self.satisfaction_score = None;
        self.satisfaction_comment = None;
    }

    fn cancel(&mut self, at: Timestamp, reason: CancelReason, comment: Option<&Sealed<PlainText>>) {
        self.canceled_at = Some(at);
        self.cancel_reason = Some(reason.to_string());
        self.cancel_comment = comment.and_then(words);
    }

    fn close(&mut self, at: Timestamp, cause: CloseCause) {
        self.closed_at = Some(at);
        self.close_cause = Some(cause.to_string());
        self.closes_at = None;
    }
}

/// The words of a text, unless they were erased.
pub(super) fn words(text: &Sealed<PlainText>) -> Option<String> {
    text.value().map(|text| text.as_str().to_owned())
}

impl FromRow<'_, PgRow> for DetailsRow {
    fn from_row(row: &PgRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            case_id: id(row, "case_id")?,
            resolved_at: row.try_get("resolved_at")?,
            resolution_code: maybe_parsed(row, "resolution_code")?,
            resolution: row.try_get("resolution")?,
            closed_at: row.try_get("closed_at")?,
            close_cause: row.try_get("close_cause")?,
            canceled_at: row.try_get("canceled_at")?,
            cancel_reason: row.try_get("cancel_reason")?,
            cancel_comment: row.try_get("cancel_comment")?,
            reopen_count: row.try_get("reopen_count")?,
            satisfaction_score: row.try_get("satisfaction_score")?,
            satisfaction_comment: row.try_get("satisfaction_comment")?,
            legal_hold: row.try_get("legal_hold")?,
            closes_at: row.try_get("closes_at")?,
            resolution_closes_at: row.try_get("resolution_closes_at")?,
        })
    }
}

/// Adds to a statement that it writes rows, new ones and known ones.
pub(super) fn push_write<'a>(sql: &mut QueryBuilder<'a, Postgres>, rows: &[&'a DetailsRow]) {
    sql.push(INSERT);
    Columns::of(sql, rows)
        .add(|row| row.case_id.0)
        .add(|row| row.resolved_at)
        .add(|row| row.resolution_code.as_ref().map(Slug::as_str))
        .add(|row| row.resolution.as_deref())
        .add(|row| row.closed_at)
        .add(|row| row.close_cause.as_deref())
        .add(|row| row.canceled_at)
        .add(|row| row.cancel_reason.as_deref())
        .add(|row| row.cancel_comment.as_deref())
        .add(|row| row.reopen_count)
        .add(|row| row.satisfaction_score)
        .add(|row| row.satisfaction_comment.as_deref())
        .add(|row| row.legal_hold)
        .add(|row| row.closes_at)
        .add(|row| row.resolution_closes_at);
    sql.push(WHERE_MOVED).push(ON_CONFLICT);
}

const INSERT: &str = "
insert into case_details (
    case_id, resolved_at, resolution_code, resolution, closed_at, close_cause, canceled_at, cancel_reason,
    cancel_comment, reopen_count, satisfaction_score, satisfaction_comment, legal_hold,
    closes_at, resolution_closes_at
)";

const ON_CONFLICT: &str = "
on conflict (case_id) do update set
    resolved_at = excluded.resolved_at, resolution_code = excluded.resolution_code,
    resolution = excluded.resolution, closed_at = excluded.closed_at, close_cause = excluded.close_cause,
    canceled_at = excluded.canceled_at, cancel_reason = excluded.cancel_reason,
    cancel_comment = excluded.cancel_comment, reopen_count = excluded.reopen_count,
    satisfaction_score = excluded.satisfaction_score, satisfaction_comment = excluded.satisfaction_comment,
    legal_hold = excluded.legal_hold, closes_at = excluded.closes_at,
    resolution_closes_at = excluded.resolution_closes_at";
