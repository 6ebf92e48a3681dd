//! What a case may name of the settings: whatever is not retired. What a case has already, it keeps.
//!
//! The rules of a case do not know the settings; this is asked beside them, of commands that change something. Histories
//! from other systems bring their own words and are not asked.

use std::collections::{BTreeMap, BTreeSet};

use super::{CaseType, Catalogue, Entry, EntryKind, Name, Settings, WatchListPolicy};
use crate::{
    Slug,
    case::{CaseAction, Choice, OpenCase, Priority, Watcher},
};

/// Why an action names what a case cannot have.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotOffered {
    /// There is no such entry.
    #[error("there is no {kind} `{key}`; there are {}", known.join(", "))]
    NoSuchEntry {
        /// The kind of entry.
        kind: EntryKind,
        /// The key.
        key: Slug,
        /// The keys that there are.
        known: Vec<String>,
    },
    /// The entry cannot be chosen any more.
    #[error("the {kind} `{key}` is retired; there are {}", known.join(", "))]
    Retired {
        /// The kind of entry.
        kind: EntryKind,
        /// The key.
        key: Slug,
        /// The keys that can be chosen.
        known: Vec<String>,
    },
    /// A case of this type is about a place.
    #[error("a case of the type {name} is about a location: pick one, or say that it isn't listed")]
    NeedsLocation {
        /// What the type is called.
        name: Name,
    },
    /// Watch lists are for contacts.
    #[error("a watch list is for contacts of the account: add one of them")]
    ContactsOnly,
    /// Watch lists are for the account's people.
    #[error("a watch list is for contacts of the account and addresses with a domain of theirs: add one of these")]
    DomainsOnly,
    /// A case of this type is about a product.
    #[error("a case of the type {name} is about a product: pick one, or say that it isn't listed")]
    NeedsProduct {
        /// What the type is called.
        name: Name,
    },
}

/// Where a new case goes unless staff says otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// Where it waits for an owner.
    pub queue: Slug,
    /// How urgent it is.
    pub priority: Priority,
}

impl Settings {
    /// Refuses an action that names what a case cannot have. `domains` are those of the account's contacts, in lower case;
    /// they matter where [`Settings::asks_for_domains`].
    ///
    /// # Errors
    /// [`NotOffered`].
    pub fn check(&self, action: &CaseAction, domains: &BTreeSet<String>) -> Result<(), NotOffered> {
        let catalogue = &self.catalogue;
        match action {
            CaseAction::Open(opening) => {
                catalogue.check_opening(opening)?;
                opening.watchers.iter().try_for_each(|watcher| self.rules.check_watcher(watcher, domains))
            }
            CaseAction::AddWatcher { watcher } => self.rules.check_watcher(watcher, domains),
            CaseAction::Reclassify { case_type, category } => catalogue.check_pair(case_type, category).map(drop),
            CaseAction::MoveToQueue { queue } => choose(EntryKind::Queue, &catalogue.queues, queue),
            CaseAction::Resolve { code, .. } => choose(EntryKind::ResolutionCode, &catalogue.resolution_codes, code),
            CaseAction::TakeUp
            | CaseAction::Assign { .. }
            | CaseAction::Release
            | CaseAction::StartWait { .. }
            | CaseAction::EndWait
            | CaseAction::PostMessage { .. }
            | CaseAction::AddNote { .. }
            | CaseAction::RedactMessage { .. }
            | CaseAction::AddAttachments { .. }
            | CaseAction::RemoveAttachment { .. }
            | CaseAction::RedactAttachment { .. }
            | CaseAction::RemoveWatcher { .. }
            | CaseAction::LeaveWatchList
            | CaseAction::ConfirmWatching { .. }
            | CaseAction::LeaveByLink { .. }
            | CaseAction::SetPriority { .. }
            | CaseAction::SetLocation { .. }
            | CaseAction::SetProduct { .. }
            | CaseAction::ClearTriage
            | CaseAction::SetSubject { .. }
            | CaseAction::SetContact { .. }
            | CaseAction::Link { .. }
            | CaseAction::Unlink { .. }
            | CaseAction::Merge { .. }
            | CaseAction::UndoMerge
            | CaseAction::Split { .. }
            | CaseAction::UndoSplit
            | CaseAction::AcceptResolution
            | CaseAction::RejectResolution { .. }
            | CaseAction::Reopen { .. }
            | CaseAction::UndoReopening
            | CaseAction::Cancel { .. }
            | CaseAction::Close { .. }
            | CaseAction::Rate { .. }
            | CaseAction::PlaceHold { .. }
            | CaseAction::LiftHold => Ok(()),
        }
    }

    /// Whether it depends on the domains of the account's contacts what an action may name.
    #[must_use]
    pub fn asks_for_domains(&self, action: &CaseAction) -> bool {
        let is_address = |watcher: &Watcher| matches!(watcher, Watcher::Address { .. });
        let names_addresses = match action {
            CaseAction::Open(opening) => opening.watchers.iter().any(is_address),
            CaseAction::AddWatcher { watcher } => is_address(watcher),
            _ => false,
        };
        names_addresses && self.rules.watch_list == WatchListPolicy::AccountDomains
    }
}

impl Catalogue {
    /// Where a new case of a pair goes.
    ///
    /// # Errors
    /// [`NotOffered`] for a pair that cannot be chosen.
    pub fn route(&self, case_type: &Slug, category: &Slug) -> Result<Route, NotOffered> {
        let of = self.check_pair(case_type, category)?;
        let category = self.category(case_type, category).map(|entry| &entry.is);
        let queue = category.and_then(|category| category.queue.as_ref()).unwrap_or(&of.queue);
        let priority = category.and_then(|category| category.priority).unwrap_or(of.priority);
        Ok(Route { queue: queue.clone(), priority })
    }

    /// # Errors
    /// [`NotOffered`] for a pair, or a queue, that cannot be chosen, and for what its type needs to know.
    fn check_opening(&self, opening: &OpenCase) -> Result<(), NotOffered> {
        let of = self.check_pair(&opening.case_type, &opening.category)?;
        choose(EntryKind::Queue, &self.queues, &opening.queue)?;
        if of.location_required && opening.location == Choice::None {
            return Err(NotOffered::NeedsLocation { name: of.name.clone() });
        }
        // Where the place is not listed, neither is what is installed there.
        if of.product_required && opening.product == Choice::None && !opening.location.is_not_listed() {
            return Err(NotOffered::NeedsProduct { name: of.name.clone() });
        }
        Ok(())
    }

    fn check_pair(&self, case_type: &Slug, category: &Slug) -> Result<&CaseType, NotOffered> {
        let known = || keys(self.types.iter().map(|(key, of)| (key, of.entry.is_retired)));
        let found = self.types.get(case_type);
        check(EntryKind::Type, case_type, found.map(|of| of.entry.is_retired), known)?;
        let of = found.expect("it was found");
        choose(EntryKind::Category, &of.categories, category)?;
        Ok(&of.entry.is)
    }
}

/// Refuses an entry that cannot be chosen.
fn choose<T>(kind: EntryKind, entries: &BTreeMap<Slug, Entry<T>>, key: &Slug) -> Result<(), NotOffered> {
    let known = || keys(entries.iter().map(|(key, entry)| (key, entry.is_retired)));
    check(kind, key, entries.get(key).map(|entry| entry.is_retired), known)
}

fn check(
    kind: EntryKind,
    key: &Slug,
    is_retired: Option<bool>,
    known: impl Fn() -> Vec<String>,
) -> Result<(), NotOffered> {
    match is_retired {
        Some(false) => Ok(()),
        Some(true) => Err(NotOffered::Retired { kind, key: key.clone(), known: known() }),
        None => Err(NotOffered::NoSuchEntry { kind, key: key.clone(), known: known() }),
    }
}

/// The keys of those that are not retired.
fn keys<'a>(entries: impl Iterator<Item = (&'a Slug, bool)>) -> Vec<String> {
    entries.filter(|(_, is_retired)| !is_retired).map(|(key, _)| key.to_string()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        case::testing::open_with,
        settings::{Category, EntryName, SettingsFact, testing::*},
    };

    fn check(settings: &Settings, action: &CaseAction) -> Result<(), NotOffered> {
        settings.check(action, &BTreeSet::new())
    }

    fn opening(change: impl FnOnce(&mut OpenCase)) -> CaseAction {
        let CaseAction::Open(mut opening) = open_with(vec![]) else { unreachable!("it opens") };
        change(&mut opening);
        CaseAction::Open(opening)
    }

    fn reclassified(case_type: &str, category: &str) -> CaseAction {
        CaseAction::Reclassify { case_type: slug(case_type), category: slug(category) }
    }

    fn unknown(settings: &Settings, action: &CaseAction) -> EntryKind {
        match check(settings, action) {
            Err(NotOffered::NoSuchEntry { kind, known, .. }) => {
                assert!(!known.is_empty(), "it says what there is");
                kind
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_category_goes_with_its_own_type() {
        let settings = Settings::default();
        assert_eq!(check(&settings, &reclassified("billing", "collections")), Ok(()));
        assert_eq!(unknown(&settings, &reclassified("billing", "smartvoice")), EntryKind::Category);
        assert_eq!(unknown(&settings, &reclassified("biling", "other")), EntryKind::Type);
        assert_eq!(unknown(&settings, &opening(|it| it.category = slug("collections"))), EntryKind::Category);
        assert_eq!(unknown(&settings, &opening(|it| it.queue = slug("nowhere"))), EntryKind::Queue);
        assert_eq!(unknown(&settings, &CaseAction::MoveToQueue { queue: slug("nowhere") }), EntryKind::Queue);
        assert_eq!(unknown(&settings, &crate::case::testing::resolve("magic")), EntryKind::ResolutionCode);
        assert_eq!(check(&settings, &opening(|_| {})), Ok(()));
    }

    #[test]
    fn what_is_retired_cannot_be_chosen() {
        let entry = EntryName::Category { case_type: slug("billing"), category: slug("collections") };
        let settings = given(vec![SettingsFact::CatalogueEntryRetired { entry }]).settings();
        let refusal = check(&settings, &reclassified("billing", "collections"));
        let Err(NotOffered::Retired { known, .. }) = refusal else { panic!("{refusal:?}") };
        assert!(known.contains(&"other".to_owned()) && !known.contains(&"collections".to_owned()), "{known:?}");
    }

    #[test]
    fn a_type_says_whether_place_and_product_must_be_known() {
        let settings = Settings::default();
        let nowhere = |it: &mut OpenCase| (it.location, it.product) = (Choice::None, Choice::None);
        let needs_location = NotOffered::NeedsLocation { name: name("Voice & WebEx") };
        assert_eq!(check(&settings, &opening(nowhere)), Err(needs_location));
        let needs_product = NotOffered::NeedsProduct { name: name("Voice & WebEx") };
        assert_eq!(check(&settings, &opening(|it| it.product = Choice::None)), Err(needs_product));
        let not_listed = |it: &mut OpenCase| (it.location, it.product) = (Choice::NotListed, Choice::None);
        assert_eq!(check(&settings, &opening(not_listed)), Ok(()));
        let billing = opening(|it| {
            nowhere(it);
            (it.case_type, it.category) = (slug("billing"), slug("other"));
        });
        assert_eq!(check(&settings, &billing), Ok(()));
    }

    #[test]
    fn a_category_may_lead_elsewhere_than_its_type() {
        let to = Category { name: name("Hacking"), queue: Some(slug("support")), priority: Some(Priority::Critical) };
        let set = SettingsFact::CategorySet { case_type: slug("fraud"), category: slug("hacking"), to };
        let catalogue = given(vec![set]).settings().catalogue;
        let route = |category: &str| catalogue.route(&slug("fraud"), &slug(category));
        assert_eq!(route("hacking"), Ok(Route { queue: slug("support"), priority: Priority::Critical }));
        assert_eq!(route("other"), Ok(Route { queue: slug("fraud"), priority: Priority::High }));
    }
}
