//! Pauses of an open case.

use super::{CaseError, CaseFact, CaseState, Decision, Wait, WaitEnd};
use crate::{Actor, Role, Timestamp};

impl CaseState {
    /// Starts a wait; a new case is taken up first, another wait ends.
    ///
    /// # Errors
    /// [`CaseError::WaitEndsBeforeItStarts`] for an end date that is not after now.
    pub(super) fn start_wait(&self, by: &Actor, at: Timestamp, wait: Wait) -> Decision {
        if let Some(until) = wait.until.filter(|until| *until <= at) {
            return Err(CaseError::WaitEndsBeforeItStarts { until });
        }
        let mut facts = self.taken_up_first(by);
        facts.extend(self.wait_ended(WaitEnd::Replaced));
        facts.push(CaseFact::WaitStarted { wait });
        Ok(facts)
    }

    /// Ends the wait, by an agent's hand or because its date came.
    pub(super) fn end_wait(&self, by: &Actor) -> Vec<CaseFact> {
        let cause = if by.roles.has(Role::Clock) { WaitEnd::DateReached } else { WaitEnd::Ended };
        self.wait_ended(cause).into_iter().collect()
    }

    /// The end of the wait, if there is one.
    pub(super) fn wait_ended(&self, cause: WaitEnd) -> Option<CaseFact> {
        self.wait.map(|wait| CaseFact::WaitEnded { wait, cause })
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        Actor,
        case::{CaseError, CaseFact, WaitEnd, WaitReason, testing::*},
    };

    fn ended(reason: WaitReason, cause: WaitEnd) -> CaseFact {
        CaseFact::WaitEnded { wait: wait(reason), cause }
    }

    #[test]
    fn a_new_case_is_taken_up_before_it_waits() {
        given(vec![opened()])
            .when(agent(), start_wait(WaitReason::Vendor))
            .then(vec![taken_up(AGENT), waiting(WaitReason::Vendor)]);
    }

    #[test]
    fn a_contacts_message_ends_a_wait_for_the_customer_and_no_other() {
        for (reason, ends) in [(WaitReason::Customer, true), (WaitReason::Vendor, false), (WaitReason::Problem, false)]
        {
            let end = ends.then(|| ended(reason, WaitEnd::CustomerReplied));
            given(vec![opened(), taken_up(AGENT), waiting(reason)])
                .when(contact(), post(1, "Here it is."))
                .then([customer_message(1, "Here it is.")].into_iter().chain(end).collect());
        }
    }

    #[test]
    fn one_wait_takes_the_place_of_another() {
        given(vec![opened(), taken_up(AGENT), waiting(WaitReason::Customer)])
            .when(agent(), start_wait(WaitReason::Vendor))
            .then(vec![ended(WaitReason::Customer, WaitEnd::Replaced), waiting(WaitReason::Vendor)]);
    }

    #[test]
    fn the_clock_ends_a_wait_whose_date_came() {
        given(vec![opened(), taken_up(AGENT), waiting(WaitReason::Vendor)])
            .when(Actor::clock(), end_wait())
            .then(vec![ended(WaitReason::Vendor, WaitEnd::DateReached)]);
    }

    #[test]
    fn a_wait_ends_after_it_starts() {
        given(vec![opened(), taken_up(AGENT)])
            .when(agent(), start_wait_until(WaitReason::Vendor, NOW))
            .refused(&CaseError::WaitEndsBeforeItStarts { until: time(NOW) });
    }

    #[test]
    fn resolving_and_canceling_end_a_wait() {
        let waiting_case = || vec![opened(), taken_up(AGENT), waiting(WaitReason::Customer)];
        given(waiting_case())
            .when(agent(), resolve("fixed"))
            .then(vec![ended(WaitReason::Customer, WaitEnd::CaseMoved), resolved("fixed")]);
        given(waiting_case())
            .when(contact(), cancel())
            .then(vec![ended(WaitReason::Customer, WaitEnd::CaseMoved), canceled()]);
    }
}
