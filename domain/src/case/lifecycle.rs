//! From Open to Resolved to Closed and back again, or to Canceled.

use std::ops::Add;

use chrono::TimeDelta;

use super::{CancelReason, CaseError, CaseFact, CaseState, CloseCause, Decision, ReopenCause, WaitEnd};
use crate::{Actor, PlainText, Role, Sealed, Slug, Timestamp};

/// How long a reopening can be taken back.
pub const UNDO_REOPENING_WITHIN: TimeDelta = TimeDelta::hours(24);

impl CaseState {
    /// Answers the customer. A new case is taken up first, a wait ends.
    pub(super) fn resolve(
        &self,
        by: &Actor,
        code: &Slug,
        resolution: &Sealed<PlainText>,
        closes_at: Option<Timestamp>,
    ) -> Vec<CaseFact> {
        let mut facts = self.taken_up_first(by);
        facts.extend(self.wait_ended(WaitEnd::CaseMoved));
        facts.push(CaseFact::Resolved { code: code.clone(), resolution: resolution.clone(), closes_at });
        facts
    }

    /// A contact is content: that settles the case.
    pub(super) fn accept_resolution() -> Vec<CaseFact> {
        vec![CaseFact::ResolutionAccepted {}, CaseFact::Closed { cause: CloseCause::Accepted }]
    }

    /// A contact is not, or says *Still not solved*: work goes on.
    pub(super) fn reject_resolution(reason: Option<&Sealed<PlainText>>) -> Vec<CaseFact> {
        vec![
            CaseFact::ResolutionRejected { reason: reason.cloned() },
            CaseFact::Reopened { cause: ReopenCause::Rejected, reason: None },
        ]
    }

    /// An agent takes a resolved case up again.
    pub(super) fn reopen(reason: &Sealed<PlainText>) -> Vec<CaseFact> {
        vec![CaseFact::Reopened { cause: ReopenCause::ByAgent, reason: Some(reason.clone()) }]
    }

    /// Takes a reopening back within a day: the resolution stands again as it was, and a wait ends.
    ///
    /// # Errors
    /// [`CaseError::NoReopening`] and [`CaseError::UndoTooLate`].
    pub(super) fn undo_reopening(&self, at: Timestamp) -> Decision {
        let reopening = self.reopening.as_ref().ok_or(CaseError::NoReopening)?;
        if at > reopening.at.add(UNDO_REOPENING_WITHIN) {
            return Err(CaseError::UndoTooLate { reopened_at: reopening.at });
        }
        let mut facts: Vec<_> = self.wait_ended(WaitEnd::CaseMoved).into_iter().collect();
        facts.push(CaseFact::ReopeningUndone {});
        Ok(facts)
    }

    /// Cancels a case that is still being worked on; a wait ends.
    ///
    /// # Errors
    /// [`CaseError::ReasonNeedsComment`] for *other* without words, [`CaseError::CancelReasonNotYours`].
    pub(super) fn cancel(&self, reason: CancelReason, comment: Option<&Sealed<PlainText>>) -> Decision {
        if !reason.can_be_given() {
            return Err(CaseError::CancelReasonNotYours);
        }
        if reason == CancelReason::Other && comment.is_none() {
            return Err(CaseError::ReasonNeedsComment);
        }
        let mut facts: Vec<_> = self.wait_ended(WaitEnd::CaseMoved).into_iter().collect();
        facts.push(CaseFact::Canceled { reason, comment: comment.cloned() });
        Ok(facts)
    }

    /// Settles a resolved case: an agent who was told elsewhere, or the clock when nobody objected.
    ///
    /// # Errors
    /// [`CaseError::CloseCauseNotYours`] for a cause that is somebody else's to name.
    pub(super) fn close(by: &Actor, cause: CloseCause) -> Decision {
        let is_clock = by.roles.has(Role::Clock);
        let fits = match cause {
            CloseCause::Accepted => false,
            CloseCause::TimeElapsed => is_clock,
            CloseCause::ConfirmedElsewhere | CloseCause::NotStated => !is_clock,
        };
        if fits { Ok(vec![CaseFact::Closed { cause }]) } else { Err(CaseError::CloseCauseNotYours) }
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use crate::{
        Actor,
        case::{
            CancelReason, CaseAction, CaseActionKind as Kind, CaseError, CaseFact, CloseCause, ReopenCause, Status,
            testing::*,
        },
    };

    fn open_case() -> Vec<CaseFact> {
        vec![opened(), taken_up(AGENT)]
    }

    fn resolved_case() -> Vec<CaseFact> {
        [open_case(), vec![resolved("fixed")]].concat()
    }

    fn reopened() -> CaseFact {
        CaseFact::Reopened { cause: ReopenCause::Rejected, reason: None }
    }

    #[test]
    fn a_new_case_is_taken_up_by_resolving_it() {
        given(vec![opened()]).when(agent(), resolve("fixed")).then(vec![taken_up(AGENT), resolved("fixed")]);
    }

    #[test]
    fn acceptance_closes() {
        given(resolved_case())
            .when(contact(), CaseAction::AcceptResolution)
            .then(vec![CaseFact::ResolutionAccepted {}, CaseFact::Closed { cause: CloseCause::Accepted }])
            .in_state("Closed");
    }

    #[test]
    fn rejection_reopens_without_a_reason_too() {
        given(resolved_case())
            .when(contact(), CaseAction::RejectResolution { reason: None })
            .then(vec![CaseFact::ResolutionRejected { reason: None }, reopened()])
            .in_state("Open");
    }

    #[test]
    fn a_reopening_is_undone_within_a_day_and_not_after() {
        let reopened_case = [resolved_case(), vec![reopened()]].concat();
        given(reopened_case.clone())
            .when_after(TimeDelta::hours(24), agent(), CaseAction::UndoReopening)
            .then(vec![CaseFact::ReopeningUndone {}])
            .in_state("Resolved");
        given(reopened_case)
            .when_after(TimeDelta::hours(24) + TimeDelta::seconds(1), agent(), CaseAction::UndoReopening)
            .refused(&CaseError::UndoTooLate { reopened_at: time(NOW) });
    }

    #[test]
    fn there_is_nothing_to_undo_on_a_case_that_was_never_resolved() {
        given(open_case()).when(agent(), CaseAction::UndoReopening).refused(&CaseError::NoReopening);
    }

    #[test]
    fn only_the_clock_closes_for_time() {
        let close = |cause| CaseAction::Close { cause };
        given(resolved_case())
            .when(Actor::clock(), close(CloseCause::TimeElapsed))
            .then(vec![CaseFact::Closed { cause: CloseCause::TimeElapsed }]);
        given(resolved_case())
            .when(agent(), close(CloseCause::ConfirmedElsewhere))
            .then(vec![CaseFact::Closed { cause: CloseCause::ConfirmedElsewhere }]);
        for (by, cause) in [
            (agent(), CloseCause::TimeElapsed),
            (agent(), CloseCause::Accepted),
            (Actor::clock(), CloseCause::ConfirmedElsewhere),
        ] {
            given(resolved_case()).when(by, close(cause)).refused(&CaseError::CloseCauseNotYours);
        }
    }

    #[test]
    fn canceling_for_another_reason_needs_words() {
        given(open_case())
            .when(contact(), CaseAction::Cancel { reason: CancelReason::Other, comment: None })
            .refused(&CaseError::ReasonNeedsComment);
    }

    #[test]
    fn a_resolved_case_is_not_canceled_and_the_refusal_says_what_it_takes() {
        let refusal = CaseError::NotInState {
            action: Kind::Cancel,
            status: Status::Resolved,
            allowed: vec![
                Kind::PostMessage,
                Kind::AddAttachments,
                Kind::AddWatcher,
                Kind::AcceptResolution,
                Kind::RejectResolution,
                Kind::Rate,
            ],
        };
        given(resolved_case()).when(contact(), cancel()).refused(&refusal);
        assert_eq!(
            refusal.to_string(),
            "the case is Resolved and takes no cancel; what you may do now: post message, add attachments, \
             add watcher, accept resolution, reject resolution, rate"
        );
    }

    #[test]
    fn an_outcome_that_holds_is_not_recorded_twice() {
        given(resolved_case()).when(agent(), resolve("fixed")).then(vec![]);
        given(vec![opened(), canceled()]).when(contact(), cancel()).then(vec![]);
        let closed = [resolved_case(), vec![CaseFact::Closed { cause: CloseCause::Accepted }]].concat();
        given(closed).when(contact(), CaseAction::AcceptResolution).then(vec![]);
    }
}
