//! Texts that are taken away from a case whose stream is parked.
//!
//! Nothing else that happens to it reaches its rows, but what was redacted must not be read there any longer, and what
//! comes after an event that cannot be read may take away a text that came before it.

use domain::{
    CaseId, MessageId,
    case::{CaseFact, TextKind},
};

use super::{
    case_activity::{Content, MessageEffect},
    fold::RecordedCaseEvent,
};

/// A text that an event takes away.
pub(crate) struct Withdrawn {
    pub(super) case_id: CaseId,
    pub(super) message: MessageId,
    /// Whether its key is gone; else auditors keep it.
    pub(super) destroyed: bool,
    pub(super) is_description: bool,
    /// Whether it is a text that is no message: one that rows of the case show besides its entry.
    pub(super) is_other: bool,
}

impl Withdrawn {
    /// The text that an event takes away, if it does.
    pub(crate) fn by(recorded: &RecordedCaseEvent) -> Option<Self> {
        let fact = &recorded.event.fact;
        let MessageEffect::TakesAway { message, destroyed } = Content::of(fact).message else { return None };
        let is_description = matches!(fact, CaseFact::MessageRedacted { kind: TextKind::Description, .. });
        let is_other = matches!(fact, CaseFact::TextRedacted { .. });
        Some(Self { case_id: recorded.case_id, message, destroyed, is_description, is_other })
    }
}
