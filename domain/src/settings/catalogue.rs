//! The catalogue: types with their categories, products, queues, resolution codes; and the rules of changing it.
//!
//! An entry is never removed, because cases name it: it is retired, and can be restored. A queue that is retired takes no
//! case, so nothing that can be chosen leads there.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Decision, EntryKind, EntryName, Name, SettingsError, SettingsFact};
use crate::{Slug, case::Priority};

/// How many entries of a kind there are at most, retired ones included; of categories, in each type.
pub const MAX_ENTRIES: usize = 200;

/// What can be chosen, and what could be once.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Catalogue {
    /// The types of cases.
    pub types: BTreeMap<Slug, TypeEntry>,
    /// What accounts can have installed.
    pub products: BTreeMap<Slug, Entry<Name>>,
    /// Where cases wait for an owner.
    pub queues: BTreeMap<Slug, Entry<Name>>,
    /// The kinds of answers.
    pub resolution_codes: BTreeMap<Slug, Entry<Name>>,
}

/// Something that can be chosen, until it is retired.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry<T> {
    /// What it is.
    pub is: T,
    /// Whether it cannot be chosen any more.
    pub is_retired: bool,
}

/// A type with its categories.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TypeEntry {
    /// The type itself.
    pub entry: Entry<CaseType>,
    /// Its categories.
    pub categories: BTreeMap<Slug, Entry<Category>>,
}

/// What a type of cases is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseType {
    /// What it is called.
    pub name: Name,
    /// What it is for, shown beside it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub covers: Option<Name>,
    /// Where its cases wait for an owner.
    pub queue: Slug,
    /// How urgent its cases are, unless somebody says otherwise.
    pub priority: Priority,
    /// Whether a case of it is about a place.
    pub location_required: bool,
    /// Whether a case of it is about a product.
    pub product_required: bool,
}

/// What a category is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Category {
    /// What it is called.
    pub name: Name,
    /// Where its cases wait for an owner, unless where the type's do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub queue: Option<Slug>,
    /// How urgent its cases are, unless as the type's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub priority: Option<Priority>,
}

impl<T> Entry<T> {
    /// Something that can be chosen.
    pub(super) fn new(is: T) -> Self {
        Self { is, is_retired: false }
    }
}

impl Catalogue {
    /// Says what a type is. A new one has the category *Other* at once, because a case needs one.
    ///
    /// # Errors
    /// [`SettingsError::TooManyEntries`], and for a queue that takes no case.
    pub(super) fn set_type(&self, case_type: &Slug, to: &CaseType) -> Decision {
        let known = self.types.get(case_type);
        if known.is_some_and(|known| known.entry.is == *to) {
            return Ok(vec![]);
        }
        self.check_queue(&to.queue)?;
        let mut facts = vec![SettingsFact::CaseTypeSet { case_type: case_type.clone(), to: to.clone() }];
        if known.is_none() {
            check_room(self.types.len())?;
            let (category, to) = super::built_in::other();
            facts.push(SettingsFact::CategorySet { case_type: case_type.clone(), category, to });
        }
        Ok(facts)
    }

    /// Says what a category is.
    ///
    /// # Errors
    /// [`SettingsError::NoSuchEntry`] for the type, [`SettingsError::TooManyEntries`], and for a queue that takes no case.
    pub(super) fn set_category(&self, case_type: &Slug, category: &Slug, to: &Category) -> Decision {
        let of = self.types.get(case_type).ok_or_else(|| no_such(EntryKind::Type, case_type))?;
        match of.categories.get(category) {
            Some(known) if known.is == *to => return Ok(vec![]),
            Some(_) => {}
            None => check_room(of.categories.len())?,
        }
        if let Some(queue) = &to.queue {
            self.check_queue(queue)?;
        }
        let (case_type, category) = (case_type.clone(), category.clone());
        Ok(vec![SettingsFact::CategorySet { case_type, category, to: to.clone() }])
    }

    /// Says what a product is called.
    ///
    /// # Errors
    /// [`SettingsError::TooManyEntries`].
    pub(super) fn set_product(&self, product: &Slug, name: &Name) -> Decision {
        let is_new = is_new(&self.products, product, name)?;
        let set = || SettingsFact::CatalogueProductSet { product: product.clone(), name: name.clone() };
        Ok(is_new.then(set).into_iter().collect())
    }

    /// Says what a queue is called.
    ///
    /// # Errors
    /// [`SettingsError::TooManyEntries`].
    pub(super) fn set_queue(&self, queue: &Slug, name: &Name) -> Decision {
        let is_new = is_new(&self.queues, queue, name)?;
        Ok(is_new.then(|| SettingsFact::QueueSet { queue: queue.clone(), name: name.clone() }).into_iter().collect())
    }

    /// Says what a resolution code is called.
    ///
    /// # Errors
    /// [`SettingsError::TooManyEntries`].
    pub(super) fn set_resolution_code(&self, code: &Slug, name: &Name) -> Decision {
        let is_new = is_new(&self.resolution_codes, code, name)?;
        let set = || SettingsFact::ResolutionCodeSet { code: code.clone(), name: name.clone() };
        Ok(is_new.then(set).into_iter().collect())
    }

    /// Lets an entry be chosen no more.
    ///
    /// # Errors
    /// [`SettingsError::NoSuchEntry`]; [`SettingsError::LastOfItsKind`], but for products; [`SettingsError::QueueInUse`].
    pub(super) fn retire(&self, entry: &EntryName) -> Decision {
        if self.is_retired(entry)? {
            return Ok(vec![]);
        }
        if let EntryName::Queue(queue) = entry
            && let Some((kind, key)) = self.leading_to(queue)
        {
            return Err(SettingsError::QueueInUse { kind, key });
        }
        if !matches!(entry, EntryName::Product(_)) && self.choices(entry) == 1 {
            return Err(SettingsError::LastOfItsKind { kind: entry.into() });
        }
        Ok(vec![SettingsFact::CatalogueEntryRetired { entry: entry.clone() }])
    }

    /// Lets an entry be chosen again.
    ///
    /// # Errors
    /// [`SettingsError::NoSuchEntry`], and for a queue that takes no case.
    pub(super) fn restore(&self, entry: &EntryName) -> Decision {
        if !self.is_retired(entry)? {
            return Ok(vec![]);
        }
        let queue = match entry {
            EntryName::Type(case_type) => self.types.get(case_type).map(|of| &of.entry.is.queue),
            EntryName::Category { case_type, category } => {
                self.category(case_type, category).and_then(|it| it.is.queue.as_ref())
            }
            EntryName::Product(_) | EntryName::Queue(_) | EntryName::ResolutionCode(_) => None,
        };
        if let Some(queue) = queue {
            self.check_queue(queue)?;
        }
        Ok(vec![SettingsFact::CatalogueEntryRestored { entry: entry.clone() }])
    }

    /// Folds a fact of the catalogue; any other changes nothing here.
    pub(super) fn apply(&mut self, fact: &SettingsFact) {
        match fact {
            SettingsFact::CaseTypeSet { case_type, to } => {
                let new = || TypeEntry { entry: Entry::new(to.clone()), categories: BTreeMap::new() };
                self.types.entry(case_type.clone()).or_insert_with(new).entry.is = to.clone();
            }
            SettingsFact::CategorySet { case_type, category, to } => {
                if let Some(of) = self.types.get_mut(case_type) {
                    set(&mut of.categories, category, to);
                }
            }
            SettingsFact::CatalogueProductSet { product, name } => set(&mut self.products, product, name),
            SettingsFact::QueueSet { queue, name } => set(&mut self.queues, queue, name),
            SettingsFact::ResolutionCodeSet { code, name } => set(&mut self.resolution_codes, code, name),
            SettingsFact::CatalogueEntryRetired { entry } => self.set_retired(entry, true),
            SettingsFact::CatalogueEntryRestored { entry } => self.set_retired(entry, false),
            SettingsFact::DeskHoursSet(_)
            | SettingsFact::HolidaySet { .. }
            | SettingsFact::HolidayRemoved { .. }
            | SettingsFact::CannedReplySet { .. }
            | SettingsFact::CannedReplyRemoved { .. }
            | SettingsFact::PortalNameSet { .. }
            | SettingsFact::ColorsSet(_)
            | SettingsFact::LogoSet(_)
            | SettingsFact::LogoRemoved {}
            | SettingsFact::SenderSet { .. }
            | SettingsFact::ResolutionPeriodsSet(_)
            | SettingsFact::WatchListPolicySet { .. } => {}
        }
    }

    /// A category of a type.
    #[must_use]
    pub fn category(&self, case_type: &Slug, category: &Slug) -> Option<&Entry<Category>> {
        self.types.get(case_type)?.categories.get(category)
    }

    fn set_retired(&mut self, entry: &EntryName, is_retired: bool) {
        let flag = match entry {
            EntryName::Type(key) => self.types.get_mut(key).map(|of| &mut of.entry.is_retired),
            EntryName::Category { case_type, category } => {
                let of = self.types.get_mut(case_type);
                of.and_then(|of| of.categories.get_mut(category)).map(|it| &mut it.is_retired)
            }
            EntryName::Product(key) => self.products.get_mut(key).map(|it| &mut it.is_retired),
            EntryName::Queue(key) => self.queues.get_mut(key).map(|it| &mut it.is_retired),
            EntryName::ResolutionCode(key) => self.resolution_codes.get_mut(key).map(|it| &mut it.is_retired),
        };
        if let Some(flag) = flag {
            *flag = is_retired;
        }
    }

    /// Whether an entry cannot be chosen any more.
    ///
    /// # Errors
    /// [`SettingsError::NoSuchEntry`].
    pub fn is_retired(&self, entry: &EntryName) -> Result<bool, SettingsError> {
        let (key, is_retired) = match entry {
            EntryName::Type(key) => (key, self.types.get(key).map(|of| of.entry.is_retired)),
            EntryName::Category { case_type, category } => {
                (category, self.category(case_type, category).map(|it| it.is_retired))
            }
            EntryName::Product(key) => (key, self.products.get(key).map(|it| it.is_retired)),
            EntryName::Queue(key) => (key, self.queues.get(key).map(|it| it.is_retired)),
            EntryName::ResolutionCode(key) => (key, self.resolution_codes.get(key).map(|it| it.is_retired)),
        };
        is_retired.ok_or_else(|| no_such(entry.into(), key))
    }

    /// How many can be chosen of an entry's kind.
    fn choices(&self, entry: &EntryName) -> usize {
        fn open<T>(entries: &BTreeMap<Slug, Entry<T>>) -> usize {
            entries.values().filter(|it| !it.is_retired).count()
        }
        match entry {
            EntryName::Type(_) => self.types.values().filter(|of| !of.entry.is_retired).count(),
            EntryName::Category { case_type, .. } => self.types.get(case_type).map_or(0, |of| open(&of.categories)),
            EntryName::Product(_) => open(&self.products),
            EntryName::Queue(_) => open(&self.queues),
            EntryName::ResolutionCode(_) => open(&self.resolution_codes),
        }
    }

    /// The first type or category whose cases go to a queue.
    fn leading_to(&self, queue: &Slug) -> Option<(EntryKind, Slug)> {
        let open = self.types.iter().filter(|(_, of)| !of.entry.is_retired);
        open.flat_map(|(key, of)| {
            let by_itself = (of.entry.is.queue == *queue).then(|| (EntryKind::Type, key.clone()));
            let leads = |it: &Entry<Category>| !it.is_retired && it.is.queue.as_ref() == Some(queue);
            let categories = of.categories.iter().filter(move |(_, it)| leads(it));
            by_itself.into_iter().chain(categories.map(|(key, _)| (EntryKind::Category, key.clone())))
        })
        .next()
    }

    fn check_queue(&self, queue: &Slug) -> Result<(), SettingsError> {
        if self.is_retired(&EntryName::Queue(queue.clone()))? {
            return Err(SettingsError::QueueRetired { queue: queue.clone() });
        }
        Ok(())
    }
}

fn no_such(kind: EntryKind, key: &Slug) -> SettingsError {
    SettingsError::NoSuchEntry { kind, key: key.clone() }
}

fn check_room(there_are: usize) -> Result<(), SettingsError> {
    if there_are < MAX_ENTRIES { Ok(()) } else { Err(SettingsError::TooManyEntries { limit: MAX_ENTRIES }) }
}

/// Whether a name says something new.
fn is_new(entries: &BTreeMap<Slug, Entry<Name>>, key: &Slug, name: &Name) -> Result<bool, SettingsError> {
    match entries.get(key) {
        Some(known) => Ok(known.is != *name),
        None => check_room(entries.len()).map(|()| true),
    }
}

/// A retired entry that is changed stays retired.
fn set<T: Clone>(entries: &mut BTreeMap<Slug, Entry<T>>, key: &Slug, to: &T) {
    entries.entry(key.clone()).or_insert_with(|| Entry::new(to.clone())).is = to.clone();
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::{SettingsAction, testing::*};

    fn retired(entry: EntryName) -> SettingsFact {
        SettingsFact::CatalogueEntryRetired { entry }
    }

    fn category(key: &str) -> EntryName {
        EntryName::Category { case_type: slug("fraud"), category: slug(key) }
    }

    #[test]
    fn a_new_type_has_a_category_at_once() {
        let to = case_type("Security", "fraud");
        let set = || SettingsAction::SetType { case_type: slug("security"), to: case_type("Security", "fraud") };
        let (category, other) = crate::settings::built_in::other();
        let facts = vec![
            SettingsFact::CaseTypeSet { case_type: slug("security"), to },
            SettingsFact::CategorySet { case_type: slug("security"), category, to: other },
        ];
        given(vec![]).when(administrator(), set()).then(facts.clone());
        given(facts.clone()).when(administrator(), set()).then(vec![]);
        let renamed = case_type("Security and Fraud", "fraud");
        let rename = SettingsAction::SetType { case_type: slug("security"), to: renamed.clone() };
        given(facts)
            .when(administrator(), rename)
            .then(vec![SettingsFact::CaseTypeSet { case_type: slug("security"), to: renamed }]);
    }

    #[test]
    fn a_category_belongs_to_a_type() {
        let to = Category { name: name("Phishing"), queue: None, priority: Some(Priority::Critical) };
        let set =
            |of: &str| SettingsAction::SetCategory { case_type: slug(of), category: slug("phishing"), to: to.clone() };
        given(vec![]).when(administrator(), set("fraud")).then(vec![SettingsFact::CategorySet {
            case_type: slug("fraud"),
            category: slug("phishing"),
            to: to.clone(),
        }]);
        let refusal = SettingsError::NoSuchEntry { kind: EntryKind::Type, key: slug("fraude") };
        given(vec![]).when(administrator(), set("fraude")).refused(&refusal);
    }

    #[test]
    fn an_entry_is_retired_and_restored_once_and_stays_retired_under_another_name() {
        let entry = category("call-annoyance");
        let restored = SettingsFact::CatalogueEntryRestored { entry: entry.clone() };
        let gone = vec![retired(entry.clone())];
        given(vec![]).when(administrator(), retire_entry(entry.clone())).then(gone.clone());
        given(gone.clone()).when(administrator(), retire_entry(entry.clone())).then(vec![]);
        given(gone.clone()).when(administrator(), restore_entry(entry.clone())).then(vec![restored]);
        given(vec![]).when(administrator(), restore_entry(entry)).then(vec![]);
        let product = EntryName::Product(slug("ucx"));
        let renamed = SettingsFact::CatalogueProductSet { product: slug("ucx"), name: name("UCx 2") };
        let facts = vec![retired(product.clone()), renamed];
        given(facts).when(administrator(), retire_entry(product)).then(vec![]);
        let unknown = EntryName::ResolutionCode(slug("magic"));
        let refusal = SettingsError::NoSuchEntry { kind: EntryKind::ResolutionCode, key: slug("magic") };
        given(vec![]).when(administrator(), retire_entry(unknown)).refused(&refusal);
    }

    #[test]
    fn something_of_each_kind_is_left_to_choose() {
        let others = ["call-annoyance", "fraud", "phone-system-hacking"].map(category).map(retired);
        given(others.to_vec())
            .when(administrator(), retire_entry(category("other")))
            .refused(&SettingsError::LastOfItsKind { kind: EntryKind::Category });
    }

    #[test]
    fn nothing_that_can_be_chosen_leads_to_a_retired_queue() {
        let queue = |key| EntryName::Queue(slug(key));
        given(vec![])
            .when(administrator(), retire_entry(queue("fraud")))
            .refused(&SettingsError::QueueInUse { kind: EntryKind::Type, key: slug("fraud") });
        let moved = SettingsFact::CaseTypeSet { case_type: slug("fraud"), to: case_type("Fraud", "support") };
        given(vec![moved.clone()])
            .when(administrator(), retire_entry(queue("fraud")))
            .then(vec![retired(queue("fraud"))]);
        let gone = vec![moved, retired(queue("fraud"))];
        let back = SettingsAction::SetType { case_type: slug("fraud"), to: case_type("Fraud", "fraud") };
        given(gone).when(administrator(), back).refused(&SettingsError::QueueRetired { queue: slug("fraud") });
        let astray = SettingsAction::SetType { case_type: slug("fraud"), to: case_type("Fraud", "no-such") };
        given(vec![])
            .when(administrator(), astray)
            .refused(&SettingsError::NoSuchEntry { kind: EntryKind::Queue, key: slug("no-such") });
    }

    #[test]
    fn a_kind_has_an_end() {
        let there_are = Catalogue::default().queues.len();
        let set = |n: usize| SettingsFact::QueueSet { queue: slug(&format!("queue-{n}")), name: name("A queue") };
        let full: Vec<_> = (there_are..MAX_ENTRIES).map(set).collect();
        given(full.clone())
            .when(administrator(), set_queue("one-more", "One more"))
            .refused(&SettingsError::TooManyEntries { limit: MAX_ENTRIES });
        assert!(given(full).when(administrator(), set_queue("queue-199", "Another name")).is_accepted());
    }
}
