//! What time does to a case, when nobody else does anything.

use chrono::TimeDelta;

use super::{Case, CaseAction, CloseCause, Status};
use crate::Timestamp;

/// How long an answer that nobody objects to stands before the case is closed for it, where the answer does not say.
pub const CLOSE_AFTER: TimeDelta = TimeDelta::days(10);

impl Case {
    /// What the clock has to do with the case by now, if anything: a wait whose date has come ends, and a resolved case is
    /// closed when its last resolution said.
    #[must_use]
    pub fn due(&self, now: Timestamp) -> Option<CaseAction> {
        let state = self.state.as_ref()?;
        let wait_is_over = state.wait.and_then(|wait| wait.until).is_some_and(|until| until <= now);
        if wait_is_over {
            return Some(CaseAction::EndWait);
        }
        let closes_at = state.resolution.as_ref().filter(|_| state.status == Status::Resolved)?.closes_at;
        (closes_at <= now).then_some(CaseAction::Close { cause: CloseCause::TimeElapsed })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Actor,
        case::{CaseFact, ReopenCause, Wait, WaitReason, testing::*},
    };

    fn due_after(facts: Vec<CaseFact>, after: TimeDelta) -> Option<CaseAction> {
        given(facts).case().due(time(NOW) + after)
    }

    fn resolved_case() -> Vec<CaseFact> {
        vec![opened(), taken_up(AGENT), resolved("fixed")]
    }

    #[test]
    fn a_resolution_that_nobody_objects_to_closes_the_case_after_ten_days() {
        assert!(due_after(resolved_case(), CLOSE_AFTER - TimeDelta::seconds(1)).is_none());
        let due = due_after(resolved_case(), CLOSE_AFTER).expect("it is due");
        given(resolved_case())
            .when_after(CLOSE_AFTER, Actor::clock(), due)
            .then(vec![CaseFact::Closed { cause: CloseCause::TimeElapsed }]);
    }

    #[test]
    fn an_answer_may_say_how_long_it_waits() {
        let CaseAction::Resolve { code, resolution, .. } = resolve("fixed") else { unreachable!("it resolves") };
        let three_days = TimeDelta::days(3);
        let CaseFact::Resolved { code: given_code, resolution: words, .. } = resolved("fixed") else {
            unreachable!("it is resolved")
        };
        let said = CaseFact::Resolved { code: given_code, resolution: words, closes_at: Some(time(NOW) + three_days) };
        given(vec![opened(), taken_up(AGENT)])
            .when(agent(), CaseAction::Resolve { code, resolution, closes_after: Some(three_days) })
            .then(vec![said.clone()]);
        let case = vec![opened(), taken_up(AGENT), said];
        assert!(due_after(case.clone(), three_days - TimeDelta::seconds(1)).is_none());
        assert!(due_after(case.clone(), three_days).is_some());
        let reopened = CaseFact::Reopened { cause: ReopenCause::Rejected, reason: None };
        let undone = [case, vec![reopened, CaseFact::ReopeningUndone {}]].concat();
        assert!(due_after(undone, three_days).is_some(), "as it was");
    }

    #[test]
    fn a_reopening_stops_it_and_its_undoing_goes_on() {
        let reopened = CaseFact::Reopened { cause: ReopenCause::Rejected, reason: None };
        let reopened_case = [resolved_case(), vec![reopened]].concat();
        assert!(due_after(reopened_case.clone(), CLOSE_AFTER).is_none());
        let undone = [reopened_case, vec![CaseFact::ReopeningUndone {}]].concat();
        assert!(due_after(undone, CLOSE_AFTER).is_some());
    }

    #[test]
    fn a_wait_ends_when_its_date_comes_and_one_without_a_date_never() {
        let until = time(NOW) + TimeDelta::days(2);
        let waiting = |until| CaseFact::WaitStarted { wait: Wait { reason: WaitReason::Vendor, until } };
        let case = |until| vec![opened(), taken_up(AGENT), waiting(until)];
        assert!(due_after(case(Some(until)), TimeDelta::hours(47)).is_none());
        assert!(matches!(due_after(case(Some(until)), TimeDelta::days(2)), Some(CaseAction::EndWait)));
        assert!(due_after(case(None), TimeDelta::days(900)).is_none());
    }

    #[test]
    fn what_is_settled_is_left_alone() {
        assert!(due_after(vec![opened(), canceled()], TimeDelta::days(900)).is_none());
        assert!(Case::default().due(time(NOW)).is_none());
    }
}
