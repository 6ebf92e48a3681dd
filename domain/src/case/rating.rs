//! How content the customer is, once a resolution.

use super::{CaseError, CaseFact, CaseState, Decision};
use crate::{PlainText, Sealed};

impl CaseState {
    /// Rates the resolution that stands.
    ///
    /// # Errors
    /// [`CaseError::ScoreOutOfRange`] and [`CaseError::AlreadyRated`].
    pub(super) fn rate(&self, score: u8, comment: Option<&Sealed<PlainText>>) -> Decision {
        if !(1..=5).contains(&score) {
            return Err(CaseError::ScoreOutOfRange { score });
        }
        if self.resolution.as_ref().is_none_or(|resolution| resolution.rated) {
            return Err(CaseError::AlreadyRated);
        }
        Ok(vec![CaseFact::SatisfactionRated { score, comment: comment.cloned() }])
    }
}

#[cfg(test)]
mod tests {
    use crate::case::{CaseAction, CaseError, CaseFact, ReopenCause, testing::*};

    fn rated() -> CaseFact {
        CaseFact::SatisfactionRated { score: 4, comment: None }
    }

    fn rate(score: u8) -> CaseAction {
        CaseAction::Rate { score, comment: None }
    }

    #[test]
    fn each_resolution_is_rated_once() {
        let resolved_case = vec![opened(), taken_up(AGENT), resolved("fixed")];
        given(resolved_case.clone()).when(contact(), rate(4)).then(vec![rated()]);
        let rated_case = [resolved_case, vec![rated()]].concat();
        given(rated_case.clone()).when(contact(), rate(5)).refused(&CaseError::AlreadyRated);
        let again = vec![CaseFact::Reopened { cause: ReopenCause::Rejected, reason: None }, resolved("workaround")];
        given([rated_case, again].concat()).when(contact(), rate(4)).then(vec![rated()]);
    }

    #[test]
    fn a_rating_has_a_scale() {
        for score in [0, 6, 255] {
            given(vec![opened(), taken_up(AGENT), resolved("fixed")])
                .when(contact(), rate(score))
                .refused(&CaseError::ScoreOutOfRange { score });
        }
    }
}
