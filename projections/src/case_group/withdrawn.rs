//! Texts that are taken away from a case whose stream is parked.
//!
//! Nothing else that happens to it reaches its rows, but what was redacted must not be read there any longer, and what
//! comes after an event that cannot be read may take away a text that came before it.

use domain::{
    CaseId, MessageId,
    case::{CaseFact, TextKind},
};
use sqlx::PgConnection;

use super::{
    case_activity::{self, Content, EntryRow, MessageEffect, Redaction},
    case_list::ListRow,
    fold::RecordedCaseEvent,
};

/// A text that an event takes away.
pub(crate) struct Withdrawn {
    case_id: CaseId,
    message: MessageId,
    /// Whether its key is gone; else auditors keep it.
    destroyed: bool,
    is_description: bool,
}

impl Withdrawn {
    /// The text that an event takes away, if it does.
    pub(crate) fn by(recorded: &RecordedCaseEvent) -> Option<Self> {
        let fact = &recorded.event.fact;
        let MessageEffect::TakesAway { message, destroyed } = Content::of(fact).message else { return None };
        let is_description = matches!(fact, CaseFact::MessageRedacted { kind: TextKind::Description, .. });
        Some(Self { case_id: recorded.case_id, message, destroyed, is_description })
    }

    /// Takes it away from a case in memory.
    pub(super) fn apply(&self, list: &mut ListRow, entries: &mut [EntryRow]) {
        let adds = MessageEffect::Adds(self.message);
        if let Some(entry) = entries.iter_mut().find(|entry| entry.content.message == adds) {
            entry.content.redact(self.destroyed);
        }
        if self.is_description && !list.subject_given {
            list.subject = None;
        }
    }
}

/// Takes texts away from what is written, in their order.
pub(crate) async fn take_away(conn: &mut PgConnection, withdrawn: &[Withdrawn]) -> Result<(), sqlx::Error> {
    for &Withdrawn { case_id, message, destroyed, is_description } in withdrawn {
        case_activity::redact(conn, &[&Redaction { case_id, message, destroyed }]).await?;
        if is_description {
            // Its first line, where no subject was given, goes with it.
            sqlx::query("update case_list set subject = null where case_id = $1 and not subject_given")
                .bind(case_id.0)
                .execute(&mut *conn)
                .await?;
        }
    }
    Ok(())
}
