//! Letting one case go on in another, and taking that back: the side of the case that ends.

use super::{CancelReason, CaseError, CaseFact, CaseState, Decision, WaitEnd};
use crate::CaseId;

impl CaseState {
    /// Cancels the case as merged; a wait ends. What it was is kept, so that it can be that again.
    pub(super) fn merge_into(&self, into: CaseId) -> Vec<CaseFact> {
        let merged = CaseFact::MergedInto { case: into };
        let canceled = CaseFact::Canceled { reason: CancelReason::Merged, comment: None };
        [merged].into_iter().chain(self.wait_ended(WaitEnd::CaseMoved)).chain([canceled]).collect()
    }

    /// Makes the case what it was before it was merged, its wait included.
    ///
    /// # Errors
    /// [`CaseError::NotMerged`].
    pub(super) fn undo_merge(&self) -> Decision {
        let merge = self.merge.as_ref().filter(|merge| merge.stands).ok_or(CaseError::NotMerged)?;
        let undone = CaseFact::MergeUndone { case: merge.into, status: merge.status };
        let waits = merge.wait.map(|wait| CaseFact::WaitStarted { wait });
        Ok([undone].into_iter().chain(waits).collect())
    }
}
