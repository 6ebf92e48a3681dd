//! The watch list.

use super::{CaseError, CaseFact, CaseState, Decision, Watcher};

/// How many watchers a case has at most.
pub const MAX_WATCHERS: usize = 20;

impl CaseState {
    /// Puts somebody on the watch list.
    ///
    /// # Errors
    /// [`CaseError::TooManyWatchers`] once it is full.
    pub(super) fn add_watcher(&self, watcher: &Watcher) -> Decision {
        if self.watchers.len() >= MAX_WATCHERS {
            return Err(CaseError::TooManyWatchers { limit: MAX_WATCHERS });
        }
        Ok(vec![CaseFact::WatcherAdded { watcher: watcher.clone() }])
    }
}

#[cfg(test)]
mod tests {
    use crate::case::{CaseAction, CaseError, CaseFact, MAX_WATCHERS, WatcherId, testing::*};

    fn add(address_text: &str) -> CaseAction {
        CaseAction::AddWatcher { watcher: address(address_text) }
    }

    #[test]
    fn an_address_is_on_the_list_once_whatever_its_case() {
        given(vec![opened(), watcher_added(address("ana@example.com"))])
            .when(contact(), add("ANA@example.com"))
            .then(vec![]);
    }

    #[test]
    fn the_list_has_an_end() {
        let many = (0..MAX_WATCHERS as u128).map(|n| watcher_added(contact_watcher(100 + n)));
        given([opened()].into_iter().chain(many).collect())
            .when(contact(), add("one@example.com"))
            .refused(&CaseError::TooManyWatchers { limit: MAX_WATCHERS });
    }

    #[test]
    fn one_may_leave_the_list_even_of_a_settled_case() {
        let me = WatcherId::Contact(person(CONTACT));
        given(vec![opened(), watcher_added(contact_watcher(CONTACT)), canceled()])
            .when(contact(), CaseAction::LeaveWatchList)
            .then(vec![CaseFact::WatcherRemoved { watcher: me }]);
    }

    #[test]
    fn removing_who_is_not_there_changes_nothing() {
        given(vec![opened()])
            .when(contact(), CaseAction::RemoveWatcher { watcher: contact_watcher(9).id() })
            .then(vec![]);
    }
}
