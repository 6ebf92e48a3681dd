//! Legal hold: nothing of the case may be destroyed while it is in force. Any state takes it, supervisors place it.

#[cfg(test)]
mod tests {
    use crate::{
        Audience,
        case::{CaseAction, CaseFact, testing::*},
    };

    #[test]
    fn a_hold_is_placed_and_lifted_in_any_state_and_shows_to_no_customer() {
        given(vec![opened(), canceled()]).when(supervisor(), place_hold()).then(vec![hold_placed()]);
        given(vec![opened(), hold_placed()]).when(supervisor(), place_hold()).then(vec![]);
        given(vec![opened(), hold_placed()])
            .when(supervisor(), CaseAction::LiftHold)
            .then(vec![CaseFact::LegalHoldLifted {}]);
        given(vec![opened()]).when(supervisor(), CaseAction::LiftHold).then(vec![]);
        assert_eq!(hold_placed().audience(), Audience::Internal);
    }
}
