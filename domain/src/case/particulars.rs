//! What the case is about: where, with what, and what an agent settles when it was not in the lists.

use super::{CaseFact, CaseState, Choice};
use crate::{LocationId, ProductId};

impl CaseState {
    /// Says where the trouble is; picking what was not listed may end triage.
    pub(super) fn set_location(&self, location: Choice<LocationId>) -> Vec<CaseFact> {
        let triage_left = location.is_not_listed() || self.product.is_not_listed();
        let mut facts = vec![CaseFact::LocationChanged { location }];
        facts.extend(self.triage_cleared(triage_left));
        facts
    }

    /// Says with what the trouble is; picking what was not listed may end triage.
    pub(super) fn set_product(&self, product: Choice<ProductId>) -> Vec<CaseFact> {
        let triage_left = self.location.is_not_listed() || product.is_not_listed();
        let mut facts = vec![CaseFact::ProductChanged { product }];
        facts.extend(self.triage_cleared(triage_left));
        facts
    }

    /// Ends triage: whatever is still not listed does not apply.
    pub(super) fn clear_triage(&self) -> Vec<CaseFact> {
        let location = self.location.is_not_listed().then_some(CaseFact::LocationChanged { location: Choice::None });
        let product = self.product.is_not_listed().then_some(CaseFact::ProductChanged { product: Choice::None });
        location.into_iter().chain(product).chain([CaseFact::TriageCleared {}]).collect()
    }

    fn triage_cleared(&self, triage_left: bool) -> Option<CaseFact> {
        (self.in_triage() && !triage_left).then_some(CaseFact::TriageCleared {})
    }
}

#[cfg(test)]
mod tests {
    use crate::case::{CaseAction, CaseActionKind, CaseError, CaseFact, Choice, Priority, Status, testing::*};

    fn located(n: u128) -> CaseFact {
        CaseFact::LocationChanged { location: Choice::Picked(location(n)) }
    }

    #[test]
    fn picking_the_last_thing_that_was_not_listed_ends_triage() {
        given(vec![opened_not_listed()])
            .when(agent(), CaseAction::SetLocation { location: Choice::Picked(location(1)) })
            .then(vec![located(1)]);
        given(vec![opened_not_listed(), located(1)])
            .when(agent(), CaseAction::SetProduct { product: Choice::Picked(product(1)) })
            .then(vec![CaseFact::ProductChanged { product: Choice::Picked(product(1)) }, CaseFact::TriageCleared {}]);
    }

    #[test]
    fn clearing_triage_settles_the_rest_as_none() {
        given(vec![opened_not_listed(), located(1)])
            .when(agent(), CaseAction::ClearTriage)
            .then(vec![CaseFact::ProductChanged { product: Choice::None }, CaseFact::TriageCleared {}]);
    }

    #[test]
    fn saying_what_is_known_changes_nothing() {
        given(vec![opened()]).when(agent(), CaseAction::SetPriority { priority: Priority::Normal }).then(vec![]);
        given(vec![opened()]).when(agent(), CaseAction::ClearTriage).then(vec![]);
    }

    #[test]
    fn a_settled_case_stays_as_it_was_filed() {
        given(vec![opened(), canceled()]).when(agent(), CaseAction::SetPriority { priority: Priority::High }).refused(
            &CaseError::NotInState {
                action: CaseActionKind::SetPriority,
                status: Status::Canceled,
                allowed: vec![CaseActionKind::AddNote, CaseActionKind::Link],
            },
        );
    }
}
