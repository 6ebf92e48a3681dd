//! Messages to the other side, notes for the desk, and taking either away.

use super::{
    CaseError, CaseFact, CaseState, Decision, NewAttachments, Status, WaitEnd, WaitReason,
    attachments::{BelongsTo, added},
};
use crate::{Actor, MessageId, PlainText, Sealed, Side};

impl CaseState {
    /// Posts a public message.
    ///
    /// The first one by an agent takes a new case up; a contact's ends a wait for the customer. A resolved case
    /// stays resolved.
    ///
    /// # Errors
    /// [`CaseError::MessageIdTaken`] when the id stands for another text, and what stands in the way of its files.
    pub(super) fn post_message(
        &self,
        by: &Actor,
        message: MessageId,
        body: &Sealed<PlainText>,
        attachments: &NewAttachments,
    ) -> Decision {
        self.check_new_text(message)?;
        self.check_new_attachments(attachments, false)?;
        let side = by.side();
        let posted = CaseFact::MessagePosted { message, author: by.person, side, body: body.clone(), written_at: None };
        let mut facts = vec![];
        if side == Side::Staff {
            facts.extend(self.taken_up_first(by));
        }
        facts.push(posted);
        facts.extend(added(by, attachments, BelongsTo::Message(message)));
        facts.extend(self.wait_ended_by(side));
        Ok(facts)
    }

    /// The end of a wait for the customer, if it is their word or file that was waited for.
    pub(super) fn wait_ended_by(&self, side: Side) -> Option<CaseFact> {
        let waits_for_customer = self.wait.is_some_and(|wait| wait.reason == WaitReason::Customer);
        if side == Side::Customer && waits_for_customer && self.status == Status::Open {
            self.wait_ended(WaitEnd::CustomerReplied)
        } else {
            None
        }
    }

    /// Adds a note that only the desk sees.
    ///
    /// # Errors
    /// [`CaseError::MessageIdTaken`] when the id stands for another text, and what stands in the way of its files.
    pub(super) fn add_note(
        &self,
        by: &Actor,
        message: MessageId,
        body: &Sealed<PlainText>,
        attachments: &NewAttachments,
    ) -> Decision {
        self.check_new_text(message)?;
        self.check_new_attachments(attachments, true)?;
        let noted = CaseFact::InternalNoteAdded { message, author: by.person, body: body.clone(), written_at: None };
        Ok(std::iter::once(noted).chain(added(by, attachments, BelongsTo::Note(message))).collect())
    }

    /// Takes a text away from every reader and destroys its key, unless a legal hold keeps it for auditors.
    ///
    /// # Errors
    /// [`CaseError::NoSuchMessage`] and [`CaseError::MovedAway`].
    pub(super) fn redact_message(&self, message: MessageId) -> Decision {
        let text = self.texts.get(&message).ok_or(CaseError::NoSuchMessage)?;
        if text.elsewhere.moved_to.is_some() {
            return Err(CaseError::MovedAway);
        }
        let (kind, key) = (text.kind, text.key);
        // Customers saw it go the first time; that something was kept until now is not for them to know.
        Ok(vec![if text.redacted {
            CaseFact::RedactedTextDestroyed { message, key }
        } else {
            CaseFact::MessageRedacted { message, kind, key, destroyed: !self.on_hold }
        }])
    }

    fn check_new_text(&self, message: MessageId) -> Result<(), CaseError> {
        if self.texts.contains_key(&message) { Err(CaseError::MessageIdTaken) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        Audience, Role,
        case::{CaseActionKind, CaseError, CaseFact, Status, TextKind, testing::*},
    };

    #[test]
    fn the_first_public_reply_takes_a_new_case_up() {
        given(vec![opened()]).when(agent(), post(1, "Hello.")).then(vec![taken_up(AGENT), staff_message(1, "Hello.")]);
    }

    #[test]
    fn a_note_does_not() {
        given(vec![opened()]).when(agent(), note(1, "Looks odd.")).then(vec![noted(1, "Looks odd.")]).in_state("New");
    }

    #[test]
    fn a_message_keeps_a_resolved_case_resolved() {
        for by in [contact(), agent()] {
            given(vec![opened(), taken_up(AGENT), resolved("fixed")]).when(by, post(1, "Thanks.")).in_state("Resolved");
        }
    }

    #[test]
    fn a_message_to_a_settled_case_offers_a_follow_up() {
        given(vec![opened(), canceled()])
            .when(contact(), post(1, "Still there?"))
            .refused(&CaseError::NeedsFollowUp { status: Status::Canceled });
    }

    #[test]
    fn posting_the_same_message_again_changes_nothing() {
        given(vec![opened(), customer_message(1, "Hi.")]).when(contact(), post(1, "Hi.")).then(vec![]);
        given(vec![opened(), customer_message(1, "Hi.")])
            .when(contact(), post_under_another_key(1, "Ho."))
            .refused(&CaseError::MessageIdTaken);
    }

    #[test]
    fn a_note_is_no_message_even_under_its_id_and_key() {
        given(vec![opened(), noted(1, "Looks odd.")])
            .when(agent(), post(1, "Looks odd."))
            .refused(&CaseError::MessageIdTaken);
        given(vec![opened(), customer_message(1, "Hi.")])
            .when(agent(), note(1, "Hi."))
            .refused(&CaseError::MessageIdTaken);
    }

    fn redacted(kind: TextKind, destroyed: bool) -> CaseFact {
        CaseFact::MessageRedacted { message: message(1), kind, key: key_of(1), destroyed }
    }

    #[test]
    fn redaction_destroys_the_key_unless_a_hold_is_in_force() {
        let written = vec![opened(), customer_message(1, "My PIN is 1234.")];
        given(written.clone()).when(supervisor(), redact(1)).then(vec![redacted(TextKind::Message, true)]);
        let held = [written, vec![hold_placed()]].concat();
        given(held.clone()).when(supervisor(), redact(1)).then(vec![redacted(TextKind::Message, false)]);
        let redacted_under_hold = [held, vec![redacted(TextKind::Message, false)]].concat();
        given(redacted_under_hold.clone()).when(supervisor(), redact(1)).then(vec![]);
        let lifted = [redacted_under_hold, vec![CaseFact::LegalHoldLifted {}]].concat();
        let destroyed = CaseFact::RedactedTextDestroyed { message: message(1), key: key_of(1) };
        assert_eq!(destroyed.audience(), Audience::Internal);
        given(lifted.clone()).when(supervisor(), redact(1)).then(vec![destroyed.clone()]);
        given([lifted, vec![destroyed]].concat()).when(supervisor(), redact(1)).then(vec![]);
    }

    #[test]
    fn a_redacted_note_stays_internal() {
        assert_eq!(redacted(TextKind::Note, true).audience(), Audience::Internal);
        assert_eq!(redacted(TextKind::Message, true).audience(), Audience::Public);
    }

    #[test]
    fn only_supervisors_redact_and_only_what_is_there() {
        given(vec![opened()])
            .when(agent(), redact(1))
            .refused(&CaseError::NotPermitted { action: CaseActionKind::RedactMessage, role: Role::Agent });
        given(vec![opened()]).when(supervisor(), redact(1)).refused(&CaseError::NoSuchMessage);
    }
}
