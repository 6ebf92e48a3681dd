//! What the rules of a case must know of others: whose the places, products and people are that an action names.
//!
//! Whoever gives the command gathers the facts first, as the read models have them, so they may be a moment old: a place
//! that is retired in that moment may still be picked. What is imported is not checked, because it is history.

use std::collections::{BTreeMap, BTreeSet};

use super::{Case, CaseAction, CaseCommand, CaseError, CaseEvent, CaseFact, Choice, OpenCase, Watcher};
use crate::{AccountId, Fingerprint, LocationId, PersonId, PlainText, ProductId};

/// What an action names that others must vouch for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FactsWanted {
    /// The account of a new case.
    pub account: Option<AccountId>,
    /// The place that is picked.
    pub location: Option<LocationId>,
    /// The product that is picked.
    pub product: Option<ProductId>,
    /// Those who are to be contact or watcher.
    pub people: BTreeSet<PersonId>,
    /// The addresses that are to watch.
    pub addresses: BTreeMap<Fingerprint, PlainText>,
}

/// What is known of that.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// Whether the account is there.
    pub has_account: bool,
    /// The place, if it is anybody's.
    pub location: Option<Place>,
    /// The product, if it is anybody's.
    pub product: Option<Installed>,
    /// Of which accounts people are contacts now; nobody who is none of any.
    pub contacts: BTreeMap<PersonId, BTreeSet<AccountId>>,
    /// Of which accounts addresses are a contact's; none that is nobody's.
    pub addresses: BTreeMap<Fingerprint, BTreeSet<AccountId>>,
}

/// What is known of a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Whose it is.
    pub account: AccountId,
    /// Whether the account is not served there any more.
    pub is_retired: bool,
}

/// What is known of a product.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Installed {
    /// Whose it is.
    pub account: AccountId,
    /// Where it is installed; none where nobody said, as in histories from other systems.
    pub location: Option<LocationId>,
    /// Whether it is not installed any more.
    pub is_removed: bool,
}

impl FactsWanted {
    /// What an action names; for most actions, nothing.
    #[must_use]
    pub fn by(action: &CaseAction) -> Self {
        match action {
            CaseAction::Open(opening) => Self {
                account: Some(opening.account),
                location: opening.location.picked(),
                product: opening.product.picked(),
                people: opening.watchers.iter().filter_map(person_of).chain([opening.contact]).collect(),
                addresses: opening.watchers.iter().filter_map(address_of).collect(),
            },
            CaseAction::SetLocation { location } => Self { location: location.picked(), ..Self::default() },
            CaseAction::SetProduct { product } => Self { product: product.picked(), ..Self::default() },
            CaseAction::SetContact { contact } => Self { people: [*contact].into(), ..Self::default() },
            CaseAction::AddWatcher { watcher } => {
                let (people, addresses) = (person_of(watcher), address_of(watcher));
                Self {
                    people: people.into_iter().collect(),
                    addresses: addresses.into_iter().collect(),
                    ..Self::default()
                }
            }
            _ => Self::default(),
        }
    }

    /// Whether there is nothing to be known.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        *self == Self::default()
    }
}

fn person_of(watcher: &Watcher) -> Option<PersonId> {
    match watcher {
        Watcher::Contact { person } => Some(*person),
        Watcher::Address { .. } => None,
    }
}

fn address_of(watcher: &Watcher) -> Option<(Fingerprint, PlainText)> {
    match watcher {
        Watcher::Contact { .. } => None,
        Watcher::Address { fingerprint, address } => Some((fingerprint.clone(), address.value()?.clone())),
    }
}

impl Case {
    /// What follows from a command by the rules and by what is known of others.
    ///
    /// # Errors
    /// [`CaseError`]: first as [`Case::decide`] says, then for what is not the account's. What already holds needs no facts,
    /// whatever has become of them since.
    pub fn decide_knowing(&self, command: &CaseCommand, facts: &Facts) -> Result<Vec<CaseEvent>, CaseError> {
        let mut events = self.decide(command)?;
        if !events.is_empty() {
            self.check_facts(&command.action, facts)?;
            let account = match (&self.state, &command.action) {
                (Some(state), _) => Some(state.account),
                (None, CaseAction::Open(opening)) => Some(opening.account),
                (None, _) => None,
            };
            for event in &mut events {
                self.vouch_for(account, facts, event);
            }
        }
        Ok(events)
    }

    /// An address that is a contact's need not be asked, unless they left by a link.
    fn vouch_for(&self, account: Option<AccountId>, facts: &Facts, event: &mut CaseEvent) {
        let CaseFact::WatcherAdded { watcher, unconfirmed } = &mut event.fact else { return };
        let Watcher::Address { fingerprint, .. } = &*watcher else { return };
        let has_left = self.state.as_ref().is_some_and(|state| state.left_by_link.contains(&watcher.id()));
        let is_contacts = facts.addresses.get(fingerprint).zip(account);
        if !has_left && is_contacts.is_some_and(|(accounts, account)| accounts.contains(&account)) {
            *unconfirmed = false;
        }
    }

    /// Whether what an action names is the account's own.
    fn check_facts(&self, action: &CaseAction, facts: &Facts) -> Result<(), CaseError> {
        if let CaseAction::Open(opening) = action {
            return facts.allow_opening(opening);
        }
        let Some(case) = &self.state else { return Ok(()) };
        match action {
            CaseAction::SetLocation { location } => facts.allow_location(case.account, *location),
            CaseAction::SetProduct { product } => facts.allow_product(case.account, *product, case.location),
            CaseAction::SetContact { contact } => facts.allow_contact(case.account, *contact),
            CaseAction::AddWatcher { watcher } => facts.allow_watcher(case.account, watcher, false),
            _ => Ok(()),
        }
    }
}

impl Facts {
    fn allow_opening(&self, opening: &OpenCase) -> Result<(), CaseError> {
        let OpenCase { account, location, product, contact, watchers, .. } = opening;
        if !self.has_account {
            return Err(CaseError::NoSuchAccount);
        }
        self.allow_location(*account, *location)?;
        self.allow_product(*account, *product, *location)?;
        self.allow_contact(*account, *contact)?;
        watchers.iter().try_for_each(|watcher| self.allow_watcher(*account, watcher, true))
    }

    fn allow_location(&self, account: AccountId, location: Choice<LocationId>) -> Result<(), CaseError> {
        match (location.picked(), self.location) {
            (None, _) => Ok(()),
            (Some(_), Some(place)) if place.account == account && place.is_retired => {
                Err(CaseError::NotServedThereAnyMore)
            }
            (Some(_), Some(place)) if place.account == account => Ok(()),
            (Some(_), _) => Err(CaseError::NoSuchLocation),
        }
    }

    /// A product is installed at the place of the case, as far as both are known. At a place that is not in the list, none
    /// can be of which another place is known.
    fn allow_product(
        &self,
        account: AccountId,
        product: Choice<ProductId>,
        location: Choice<LocationId>,
    ) -> Result<(), CaseError> {
        if product.picked().is_none() {
            return Ok(());
        }
        let product = self.product.filter(|product| product.account == account).ok_or(CaseError::NoSuchProduct)?;
        if product.is_removed {
            return Err(CaseError::NotInstalledAnyMore);
        }
        match (product.location, location) {
            (Some(at), Choice::Picked(location)) if at != location => Err(CaseError::InstalledElsewhere),
            (Some(_), Choice::NotListed) => Err(CaseError::InstalledElsewhere),
            _ => Ok(()),
        }
    }

    fn allow_contact(&self, account: AccountId, contact: PersonId) -> Result<(), CaseError> {
        if self.is_contact(account, contact) { Ok(()) } else { Err(CaseError::NoSuchContact) }
    }

    fn allow_watcher(&self, account: AccountId, watcher: &Watcher, at_opening: bool) -> Result<(), CaseError> {
        match person_of(watcher) {
            Some(person) if !self.is_contact(account, person) => Err(CaseError::NoSuchWatcher { at_opening }),
            _ => Ok(()),
        }
    }

    fn is_contact(&self, account: AccountId, person: PersonId) -> bool {
        self.contacts.get(&person).is_some_and(|accounts| accounts.contains(&account))
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::case::testing::*;

    const OURS: Uuid = Uuid::from_u128(1);
    const THEIRS: Uuid = Uuid::from_u128(2);

    fn place(account: Uuid, is_retired: bool) -> Facts {
        let location = Some(Place { account: AccountId(account), is_retired });
        Facts { location, ..people() }
    }

    fn installed(account: Uuid, at: Option<u128>, is_removed: bool) -> Facts {
        let product = Some(Installed { account: AccountId(account), location: at.map(location), is_removed });
        Facts { product, ..place(OURS, false) }
    }

    /// The contact of the tests, of our account, and somebody of another.
    fn people() -> Facts {
        let contacts = [(person(CONTACT), [AccountId(OURS)].into()), (person(9), [AccountId(THEIRS)].into())].into();
        Facts { has_account: true, contacts, ..Facts::default() }
    }

    fn picks_product() -> CaseAction {
        CaseAction::SetProduct { product: Choice::Picked(product(1)) }
    }

    #[test]
    fn a_place_is_the_accounts_and_served() {
        let action = CaseAction::SetLocation { location: Choice::Picked(location(1)) };
        let check = |facts: &Facts| given(vec![opened()]).case().check_facts(&action, facts);
        assert_eq!(check(&place(OURS, false)), Ok(()));
        assert_eq!(check(&place(OURS, true)), Err(CaseError::NotServedThereAnyMore));
        assert_eq!(check(&place(THEIRS, false)), Err(CaseError::NoSuchLocation));
        assert_eq!(check(&place(THEIRS, true)), Err(CaseError::NoSuchLocation), "whose it is comes first");
        assert_eq!(check(&people()), Err(CaseError::NoSuchLocation));
        let none = CaseAction::SetLocation { location: Choice::None };
        assert_eq!(given(vec![opened()]).case().check_facts(&none, &Facts::default()), Ok(()));
    }

    #[test]
    fn a_product_is_at_the_place_of_the_case() {
        let at = |location| vec![opened(), CaseFact::LocationChanged { location }];
        let check = |at, facts: &Facts| given(at).case().check_facts(&picks_product(), facts);
        let here = Choice::Picked(location(1));
        assert_eq!(check(at(here), &installed(OURS, Some(1), false)), Ok(()));
        assert_eq!(check(at(here), &installed(OURS, None, false)), Ok(()), "imported, without a place");
        assert_eq!(check(at(Choice::None), &installed(OURS, Some(1), false)), Ok(()));
        assert_eq!(check(at(here), &installed(OURS, Some(2), false)), Err(CaseError::InstalledElsewhere));
        assert_eq!(check(at(Choice::NotListed), &installed(OURS, Some(2), false)), Err(CaseError::InstalledElsewhere));
        assert_eq!(check(at(here), &installed(OURS, Some(1), true)), Err(CaseError::NotInstalledAnyMore));
        assert_eq!(check(at(here), &installed(THEIRS, None, false)), Err(CaseError::NoSuchProduct));
    }

    #[test]
    fn contact_and_watchers_are_of_the_account() {
        let contact = |n| CaseAction::SetContact { contact: person(n) };
        let watcher = |n| CaseAction::AddWatcher { watcher: contact_watcher(n) };
        let check = |action: CaseAction| given(vec![opened()]).case().check_facts(&action, &people());
        assert_eq!(check(contact(CONTACT)), Ok(()));
        assert_eq!(check(contact(9)), Err(CaseError::NoSuchContact));
        assert_eq!(check(watcher(CONTACT)), Ok(()));
        assert_eq!(check(watcher(9)), Err(CaseError::NoSuchWatcher { at_opening: false }));
        assert_eq!(check(CaseAction::AddWatcher { watcher: address("ana@example.com") }), Ok(()));
    }

    #[test]
    fn an_opening_names_what_is_the_accounts() {
        let check = |action: CaseAction, facts: &Facts| given(vec![]).case().check_facts(&action, facts);
        let known = installed(OURS, Some(1), false);
        assert_eq!(check(open_with(vec![]), &known), Ok(()));
        assert_eq!(check(open_with(vec![]), &Facts::default()), Err(CaseError::NoSuchAccount));
        let watching = open_with(vec![contact_watcher(9)]);
        assert_eq!(check(watching, &known), Err(CaseError::NoSuchWatcher { at_opening: true }));
        let nobody = Facts { contacts: BTreeMap::new(), ..known };
        assert_eq!(check(open_with(vec![]), &nobody), Err(CaseError::NoSuchContact));
    }

    #[test]
    fn an_address_that_is_a_contacts_is_not_asked() {
        let ana = address("ana@example.com");
        let Watcher::Address { fingerprint, .. } = ana.clone() else { unreachable!("an address") };
        let of = |account| Facts {
            addresses: [(fingerprint.clone(), [AccountId(account)].into())].into(),
            ..Facts::default()
        };
        let added = |facts: Vec<CaseFact>, known: &Facts| {
            let action = CaseAction::AddWatcher { watcher: ana.clone() };
            let command = CaseCommand { by: agent(), at: time(NOW), action };
            let events = given(facts).case().decide_knowing(&command, known).expect("it is added");
            matches!(events[0].fact, CaseFact::WatcherAdded { unconfirmed: false, .. })
        };
        assert!(added(vec![opened()], &of(OURS)));
        assert!(!added(vec![opened()], &of(THEIRS)));
        assert!(!added(vec![opened()], &Facts::default()));
        let left = vec![opened(), watcher_added(ana.clone()), CaseFact::WatcherLeft { watcher: ana.id() }];
        assert!(!added(left, &of(OURS)), "who left by a link is asked all the same");
    }

    #[test]
    fn most_actions_need_no_facts() {
        assert!(FactsWanted::by(&take_up()).is_nothing());
        assert!(!FactsWanted::by(&CaseAction::AddWatcher { watcher: address("ana@example.com") }).is_nothing());
        assert!(!FactsWanted::by(&open_with(vec![])).is_nothing());
    }
}
