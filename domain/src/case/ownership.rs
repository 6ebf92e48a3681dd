//! Who is responsible: taking up, releasing, queues.

use super::{CaseFact, CaseState, Status};
use crate::{Actor, PersonId, Slug};

impl CaseState {
    /// Takes a new case up, by the agent who acts.
    pub(super) fn taken_up(by: &Actor) -> Vec<CaseFact> {
        vec![CaseFact::TakenUp { owner: by.person }]
    }

    /// Makes somebody responsible. Whoever assigns a new case to themselves takes it up.
    pub(super) fn assign(&self, by: &Actor, owner: PersonId) -> Vec<CaseFact> {
        if self.assigning_takes_up(by, owner) { Self::taken_up(by) } else { vec![CaseFact::OwnerAssigned { owner }] }
    }

    /// Whether assigning means taking up: of a new case, to oneself.
    pub(super) fn assigning_takes_up(&self, by: &Actor, owner: PersonId) -> bool {
        self.status == Status::New && owner == by.person
    }

    /// What an action that needs an open case begins with: taking it up if it is still new. The owner stays, if any,
    /// so that a colleague who only replies or answers does not become responsible.
    pub(super) fn taken_up_first(&self, by: &Actor) -> Vec<CaseFact> {
        match self.status {
            Status::New => vec![CaseFact::TakenUp { owner: self.owner.unwrap_or(by.person) }],
            _ => vec![],
        }
    }

    /// Moves the case to a queue, which leaves it without an owner and in its state.
    pub(super) fn move_to_queue(&self, queue: &Slug) -> Vec<CaseFact> {
        let released = self.owner.map(|_| CaseFact::OwnerReleased {});
        let moved = (self.queue != *queue).then(|| CaseFact::MovedToQueue { queue: queue.clone() });
        released.into_iter().chain(moved).collect()
    }
}

#[cfg(test)]
mod tests {
    use crate::case::{CaseFact, testing::*};

    #[test]
    fn taking_up_makes_one_the_owner() {
        given(vec![opened()]).when(agent(), take_up()).then(vec![taken_up(AGENT)]);
    }

    #[test]
    fn taking_up_what_one_has_changes_nothing() {
        given(vec![opened(), taken_up(AGENT)]).when(agent(), take_up()).then(vec![]);
    }

    #[test]
    fn assigning_somebody_else_leaves_it_new() {
        given(vec![opened()]).when(agent(), assign(OTHER_AGENT)).then(vec![assigned(OTHER_AGENT)]).in_state("New");
    }

    #[test]
    fn assigning_a_new_case_to_oneself_takes_it_up() {
        given(vec![opened()]).when(agent(), assign(AGENT)).then(vec![taken_up(AGENT)]).in_state("Open");
        given(vec![opened(), assigned(AGENT)]).when(agent(), assign(AGENT)).then(vec![taken_up(AGENT)]);
        given(vec![opened(), taken_up(OTHER_AGENT)]).when(agent(), assign(AGENT)).then(vec![assigned(AGENT)]);
    }

    #[test]
    fn a_colleagues_reply_takes_it_up_for_whom_it_is_assigned_to() {
        given(vec![opened(), assigned(OTHER_AGENT)])
            .when(agent(), post(1, "We are looking into it."))
            .then(vec![taken_up(OTHER_AGENT), staff_message(1, "We are looking into it.")]);
    }

    #[test]
    fn moving_to_a_queue_releases_and_keeps_the_state() {
        given(vec![opened(), taken_up(AGENT)])
            .when(agent(), move_to("billing"))
            .then(vec![CaseFact::OwnerReleased {}, moved_to("billing")])
            .in_state("Open");
    }

    #[test]
    fn moving_to_the_same_queue_only_releases() {
        given(vec![opened(), taken_up(AGENT)]).when(agent(), move_to("support")).then(vec![CaseFact::OwnerReleased {}]);
    }
}
