//! `case_details`: one row per case, with what its own page shows beside the columns of the list.

use domain::{
    CaseId, MessageId, PlainText, Sealed, Slug, Timestamp,
    case::{CLOSE_AFTER, CancelReason, CaseEvent, CaseFact, CloseCause},
};
use sqlx::{FromRow, Postgres, QueryBuilder, Row, postgres::PgRow};

use super::case_activity::MessageOf;
use crate::column::{Columns, id, maybe_id, maybe_parsed};
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
    pub texts: TextIds,
    pub closes_at: Option<Timestamp>,
    pub resolution_closes_at: Option<Timestamp>,
}

/// By which ids the texts of a row are redacted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct TextIds {
    resolution: Option<MessageId>,
    cancel: Option<MessageId>,
    satisfaction: Option<MessageId>,
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
            texts: TextIds::default(),
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
            CaseFact::MergeUndone { .. } => {
                (self.canceled_at, self.cancel_reason, self.cancel_comment) = (None, None, None);
            }
            CaseFact::Closed { cause } => self.close(at, *cause),
            CaseFact::SatisfactionRated { score, comment } => {
                self.satisfaction_score = Some(i16::from(*score));
                self.satisfaction_comment = comment.as_ref().and_then(words);
                self.texts.satisfaction = comment.as_ref().map(text_id);
            }
            CaseFact::TextRedacted { message, .. } => self.take_away(*message),
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
            | CaseFact::ResolutionRejected { .. }
            | CaseFact::LinkedTo { .. }
            | CaseFact::Unlinked { .. }
            | CaseFact::MergedInto { .. }
            | CaseFact::Absorbed { .. }
            | CaseFact::AbsorptionUndone { .. }
            | CaseFact::Redirected { .. }
            | CaseFact::SplitFrom { .. }
            | CaseFact::SplitInto { .. }
            | CaseFact::SplitUndone { .. }
            | CaseFact::CarriedOver { .. }
            | CaseFact::ContentsMoved { .. }
            | CaseFact::ContentsReturned { .. } => return false,
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
        self.texts = TextIds { resolution: Some(text_id(resolution)), satisfaction: None, ..self.texts };
    }

    /// Takes a text away, if it is one of the row's.
    pub(super) fn take_away(&mut self, message: MessageId) {
        for (text, words) in [
            (self.texts.resolution, &mut self.resolution),
            (self.texts.cancel, &mut self.cancel_comment),
            (self.texts.satisfaction, &mut self.satisfaction_comment),
        ] {
            if text == Some(message) {
                *words = None;
            }
        }
    }

    fn cancel(&mut self, at: Timestamp, reason: CancelReason, comment: Option<&Sealed<PlainText>>) {
        self.canceled_at = Some(at);
        self.cancel_reason = Some(reason.to_string());
        self.cancel_comment = comment.and_then(words);
        self.texts.cancel = comment.map(text_id);
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

/// The id by which a text is redacted.
fn text_id(text: &Sealed<PlainText>) -> MessageId {
    MessageId::of_text(text.key())
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
            texts: TextIds {
                resolution: maybe_id(row, "resolution_text_id")?,
                cancel: maybe_id(row, "cancel_text_id")?,
                satisfaction: maybe_id(row, "satisfaction_text_id")?,
            },
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
        .add(|row| row.texts.resolution.map(|id| id.0))
        .add(|row| row.texts.cancel.map(|id| id.0))
        .add(|row| row.texts.satisfaction.map(|id| id.0))
        .add(|row| row.closes_at)
        .add(|row| row.resolution_closes_at);
    sql.push(WHERE_MOVED).push(ON_CONFLICT);
}

/// Adds to a statement that cases lose texts of theirs.
pub(super) fn push_take_away(sql: &mut QueryBuilder<'_, Postgres>, texts: &[MessageOf]) {
    sql.push(
        "update case_details
         set resolution = case when resolution_text_id = any(taken.message_ids) then null else resolution end,
             cancel_comment = case when cancel_text_id = any(taken.message_ids) then null else cancel_comment end,
             satisfaction_comment =
                 case when satisfaction_text_id = any(taken.message_ids) then null else satisfaction_comment end
         from (select case_id, array_agg(message_id) as message_ids from (",
    );
    Columns::of(sql, texts).add(|(case_id, _)| case_id.0).add(|(_, message)| message.0);
    sql.push(
        ") as text (case_id, message_id) group by case_id) as taken
         where case_details.case_id = taken.case_id and exists (select from moved)",
    );
}

const INSERT: &str = "
insert into case_details (
    case_id, resolved_at, resolution_code, resolution, closed_at, close_cause, canceled_at, cancel_reason,
    cancel_comment, reopen_count, satisfaction_score, satisfaction_comment, legal_hold,
    resolution_text_id, cancel_text_id, satisfaction_text_id, closes_at, resolution_closes_at
)";

const ON_CONFLICT: &str = "
on conflict (case_id) do update set
    resolved_at = excluded.resolved_at, resolution_code = excluded.resolution_code,
    resolution = excluded.resolution, closed_at = excluded.closed_at, close_cause = excluded.close_cause,
    canceled_at = excluded.canceled_at, cancel_reason = excluded.cancel_reason,
    cancel_comment = excluded.cancel_comment, reopen_count = excluded.reopen_count,
    satisfaction_score = excluded.satisfaction_score, satisfaction_comment = excluded.satisfaction_comment,
    legal_hold = excluded.legal_hold, resolution_text_id = excluded.resolution_text_id,
    cancel_text_id = excluded.cancel_text_id, satisfaction_text_id = excluded.satisfaction_text_id,
    closes_at = excluded.closes_at, resolution_closes_at = excluded.resolution_closes_at";
