//! The watch list: who gets mail, who has yet to say that they want it, and who said that they don't.
//!
//! A contact of the account gets mail once somebody adds them. An address is asked first, unless it is known to be a
//! contact's (see [`super::facts`]). So is whoever left by a link, whoever adds them but themselves.

use chrono::TimeDelta;

use super::{CaseError, CaseFact, CaseState, Decision, Unconfirmed, Watcher, WatcherId};
use crate::{Actor, Timestamp};

/// How many watchers a case has at most.
pub const MAX_WATCHERS: usize = 20;

/// How long a watcher may take to confirm.
pub const CONFIRM_WITHIN: TimeDelta = TimeDelta::days(7);

impl CaseState {
    /// Puts somebody on the watch list; whoever was asked in vain, for another time.
    ///
    /// # Errors
    /// [`CaseError::TooManyWatchers`] once it is full.
    pub(super) fn add_watcher(&self, by: &Actor, watcher: &Watcher) -> Decision {
        if self.watchers.len() >= MAX_WATCHERS && !self.watchers.contains(&watcher.id()) {
            return Err(CaseError::TooManyWatchers { limit: MAX_WATCHERS });
        }
        let is_address = matches!(watcher, Watcher::Address { .. });
        let unconfirmed =
            is_address || (self.left_by_link.contains(&watcher.id()) && by.person != watcher.id().person());
        Ok(vec![CaseFact::WatcherAdded { watcher: watcher.clone(), unconfirmed }])
    }

    /// Takes a watcher's word that they want mail, within [`CONFIRM_WITHIN`] of the event that added them.
    ///
    /// # Errors
    /// [`CaseError::LinkNotGood`] for another watcher, too late, or when they were added anew since.
    pub(super) fn confirm_watching(&self, by: &Actor, at: Timestamp, watcher: &WatcherId, addition: u64) -> Decision {
        let is_asked = |it: &Unconfirmed| it.watcher == *watcher && it.addition == addition;
        let asked = self.unconfirmed.iter().find(|it| is_asked(it) && at <= it.since + CONFIRM_WITHIN);
        if asked.is_none() || by.person != watcher.person() {
            return Err(CaseError::LinkNotGood);
        }
        Ok(vec![CaseFact::WatcherConfirmed { watcher: watcher.clone() }])
    }

    /// Takes a watcher's word that they want no mail.
    ///
    /// # Errors
    /// [`CaseError::LinkNotGood`] for another watcher.
    pub(super) fn leave_by_link(by: &Actor, watcher: &WatcherId) -> Decision {
        if by.person != watcher.person() {
            return Err(CaseError::LinkNotGood);
        }
        Ok(vec![CaseFact::WatcherLeft { watcher: watcher.clone() }])
    }

    /// Whether somebody is on the list who did not confirm in time.
    pub(super) fn was_asked_in_vain(&self, watcher: &WatcherId, at: Timestamp) -> bool {
        self.unconfirmed.iter().any(|it| it.watcher == *watcher && at > it.since + CONFIRM_WITHIN)
    }

    /// Whether somebody is on the list and need not confirm, or not any more.
    pub(super) fn is_confirmed(&self, watcher: &WatcherId) -> bool {
        self.watchers.contains(watcher) && !self.unconfirmed.iter().any(|it| it.watcher == *watcher)
    }

    pub(super) fn watcher_added(&mut self, watcher: WatcherId, is_unconfirmed: bool, at: Timestamp) {
        self.unconfirmed.retain(|it| it.watcher != watcher);
        if is_unconfirmed {
            let addition = self.version;
            self.unconfirmed.push(Unconfirmed { watcher: watcher.clone(), addition, since: at });
        } else {
            self.left_by_link.remove(&watcher);
        }
        self.watchers.insert(watcher);
    }

    pub(super) fn watcher_confirmed(&mut self, watcher: &WatcherId) {
        self.unconfirmed.retain(|it| it.watcher != *watcher);
        self.left_by_link.remove(watcher);
    }

    pub(super) fn watcher_gone(&mut self, watcher: &WatcherId) {
        self.watchers.remove(watcher);
        self.unconfirmed.retain(|it| it.watcher != *watcher);
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use crate::{
        Actor,
        case::{CONFIRM_WITHIN, CaseAction, CaseError, CaseFact, MAX_WATCHERS, WatcherId, testing::*},
    };

    const ANA: &str = "ana@example.com";

    fn ana() -> WatcherId {
        address(ANA).id()
    }

    fn by_link() -> Actor {
        Actor::watcher(&ana())
    }

    fn confirm(addition: u64) -> CaseAction {
        CaseAction::ConfirmWatching { watcher: ana(), addition }
    }

    fn leave() -> CaseAction {
        CaseAction::LeaveByLink { watcher: ana() }
    }

    fn confirmed() -> CaseFact {
        CaseFact::WatcherConfirmed { watcher: ana() }
    }

    fn left() -> CaseFact {
        CaseFact::WatcherLeft { watcher: ana() }
    }

    #[test]
    fn an_address_confirms_once_and_in_time() {
        let added = || vec![opened(), watcher_added(address(ANA))];
        given(added()).when(by_link(), confirm(2)).then(vec![confirmed()]);
        given(added()).when_after(CONFIRM_WITHIN, by_link(), confirm(2)).then(vec![confirmed()]);
        let late = CONFIRM_WITHIN + TimeDelta::seconds(1);
        given(added()).when_after(late, by_link(), confirm(2)).refused(&CaseError::LinkNotGood);
        given([added(), vec![confirmed()]].concat()).when(by_link(), confirm(2)).then(vec![]);
        let other = Actor::watcher(&address("bo@example.com").id());
        given(added()).when(other, confirm(2)).refused(&CaseError::LinkNotGood);
        given(vec![opened()]).when(by_link(), confirm(2)).refused(&CaseError::LinkNotGood);
    }

    #[test]
    fn who_did_not_confirm_in_time_is_asked_again_when_added_again() {
        let added = || vec![opened(), watcher_added(address(ANA))];
        given(added()).when_after(CONFIRM_WITHIN, agent(), add(ANA)).then(vec![]);
        let late = CONFIRM_WITHIN + TimeDelta::seconds(1);
        given(added()).when_after(late, agent(), add(ANA)).then(vec![watcher_added(address(ANA))]);
        let twice = [added(), vec![watcher_added(address(ANA))]].concat();
        given(twice.clone()).when(by_link(), confirm(2)).refused(&CaseError::LinkNotGood);
        given(twice).when(by_link(), confirm(3)).then(vec![confirmed()]);
    }

    #[test]
    fn the_newest_link_alone_confirms() {
        let removed = CaseFact::WatcherRemoved { watcher: ana() };
        let again = vec![opened(), watcher_added(address(ANA)), removed, watcher_added(address(ANA))];
        given(again.clone()).when(by_link(), confirm(2)).refused(&CaseError::LinkNotGood);
        given(again).when(by_link(), confirm(4)).then(vec![confirmed()]);
    }

    #[test]
    fn who_left_by_link_comes_back_by_confirming() {
        let gone = vec![opened(), watcher_added(address(ANA)), confirmed(), left()];
        given(gone.clone()).when(by_link(), leave()).then(vec![]);
        given(gone).when(agent(), add(ANA)).then(vec![watcher_added(address(ANA))]);

        let me = WatcherId::Contact(person(CONTACT));
        let gone =
            vec![opened(), watcher_added(contact_watcher(CONTACT)), CaseFact::WatcherLeft { watcher: me.clone() }];
        let add_me = || CaseAction::AddWatcher { watcher: contact_watcher(CONTACT) };
        let added = |unconfirmed| CaseFact::WatcherAdded { watcher: contact_watcher(CONTACT), unconfirmed };
        given(gone.clone()).when(agent(), add_me()).then(vec![added(true)]);
        given(gone.clone()).when(contact(), add_me()).then(vec![added(false)]);
        let confirmed = CaseFact::WatcherConfirmed { watcher: me.clone() };
        let back = [gone, vec![added(true), confirmed, CaseFact::WatcherRemoved { watcher: me }]].concat();
        given(back).when(agent(), add_me()).then(vec![added(false)]);
    }

    #[test]
    fn a_link_to_leave_is_good_for_its_watcher_even_unconfirmed() {
        let added = || vec![opened(), watcher_added(address(ANA)), canceled()];
        given(added()).when(by_link(), leave()).then(vec![left()]);
        given(added()).when(Actor::watcher(&contact_watcher(7).id()), leave()).refused(&CaseError::LinkNotGood);
    }

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
