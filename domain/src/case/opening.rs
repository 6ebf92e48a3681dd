//! How a case begins.

use std::collections::BTreeSet;

use super::{
    CaseAction, CaseError, CaseFact, Choice, Decision, MAX_WATCHERS, OpenCase, Opened, Watcher,
    attachments::{BelongsTo, added, check_new},
};
use crate::Actor;

/// The only action that a case takes before there is one.
pub(super) fn decide(by: &Actor, action: &CaseAction) -> Decision {
    match action {
        CaseAction::Open(opening) => open(by, opening),
        _ => Err(CaseError::NotFound),
    }
}

/// Opens the case with its files and puts everybody named on its watch list, once.
fn open(by: &Actor, opening: &OpenCase) -> Decision {
    check_new(opening.account, &opening.attachments, 0)?;
    let mut seen = BTreeSet::new();
    let watchers: Vec<_> = opening.watchers.iter().filter(|watcher| seen.insert(watcher.id())).collect();
    if watchers.len() > MAX_WATCHERS {
        return Err(CaseError::TooManyWatchers { limit: MAX_WATCHERS });
    }
    // At a place that isn't listed, nothing is.
    let is_unknown = opening.location.is_not_listed() && opening.product == Choice::None;
    let product = if is_unknown { Choice::NotListed } else { opening.product };
    let opened = Opened {
        number: opening.number,
        account: opening.account,
        location: opening.location,
        product,
        case_type: opening.case_type.clone(),
        category: opening.category.clone(),
        contact: opening.contact,
        opener: by.person,
        subject: opening.subject.clone(),
        message: opening.message,
        description: opening.description.clone(),
        queue: opening.queue.clone(),
        priority: opening.priority,
        external_reference: opening.external_reference.clone(),
        written_at: None,
    };
    let watching = watchers.into_iter().map(|watcher| {
        let unconfirmed = matches!(watcher, Watcher::Address { .. });
        CaseFact::WatcherAdded { watcher: watcher.clone(), unconfirmed }
    });
    let attached = added(by, &opening.attachments, BelongsTo::Message(opening.message));
    Ok(std::iter::once(CaseFact::Opened(Box::new(opened))).chain(attached).chain(watching).collect())
}

#[cfg(test)]
mod tests {
    use crate::case::{CaseAction, CaseError, Choice, MAX_WATCHERS, testing::*};

    #[test]
    fn a_contact_opens_a_case_with_a_watch_list() {
        let watchers = vec![address("ana@example.com"), address("ana@example.com"), contact_watcher(7)];
        given(vec![]).when(contact(), open_with(watchers)).then(vec![
            opened(),
            watcher_added(address("ana@example.com")),
            watcher_added(contact_watcher(7)),
        ]);
    }

    #[test]
    fn nothing_else_comes_before_opening() {
        given(vec![]).when(agent(), take_up()).refused(&CaseError::NotFound);
    }

    #[test]
    fn opening_again_under_the_same_number_changes_nothing() {
        given(vec![opened()]).when(contact(), open_with(vec![])).then(vec![]);
    }

    #[test]
    fn at_a_place_that_is_not_listed_the_product_is_not_either() {
        let CaseAction::Open(mut opening) = open_with(vec![]) else { unreachable!("it opens") };
        (opening.location, opening.product) = (Choice::NotListed, Choice::None);
        given(vec![]).when(contact(), CaseAction::Open(opening)).then(vec![opened_not_listed()]);
    }

    #[test]
    fn a_watch_list_has_an_end() {
        let many = (0..=MAX_WATCHERS as u128).map(|n| contact_watcher(100 + n)).collect();
        given(vec![]).when(contact(), open_with(many)).refused(&CaseError::TooManyWatchers { limit: MAX_WATCHERS });
    }
}
