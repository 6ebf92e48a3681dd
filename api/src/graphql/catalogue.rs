//! The catalogue, as its caller may see it, and the names that it gives to what cases hold by key.
//!
//! It is in memory: no name costs a statement. A key that was never in the catalogue, as imports bring them, is its own
//! name.

use std::collections::BTreeMap;

use async_graphql::SimpleObject;
use domain::{
    Slug,
    settings::{Entry, Name, Section, TypeEntry},
};

use projections::SettingsNow;

use super::{context::RequestContext, enums::Priority};

/// What cases are classified by.
#[derive(SimpleObject)]
pub struct Catalogue {
    /// The types of cases, by name.
    types: Vec<CaseType>,
    /// What accounts can have installed, by name.
    products: Vec<CatalogueProduct>,
    /// Where cases wait for an owner, by name. For the desk; null for customers.
    queues: Option<Vec<Queue>>,
    /// The kinds of answers, by name.
    resolution_codes: Vec<ResolutionCode>,
    /// How far it has come: for `expectedVersion`.
    version: String,
}

/// A type of cases.
#[derive(SimpleObject)]
struct CaseType {
    /// The key, which never changes.
    key: String,
    /// What it is called now.
    name: String,
    /// What it is for, to be shown beside it.
    covers: Option<String>,
    /// Whether a case of it names a location, or says that it isn't listed.
    location_required: bool,
    /// Whether a case of it names a product, or says that it isn't listed.
    product_required: bool,
    /// Where its cases wait for an owner, by key. For the desk; null for customers.
    queue: Option<String>,
    /// How urgent its cases are, unless somebody says otherwise. For the desk; null for customers.
    priority: Option<Priority>,
    /// Whether it cannot be chosen any more.
    is_retired: bool,
    /// Its categories, by name; *Other* is the last.
    categories: Vec<Category>,
}

/// A category of a type.
#[derive(SimpleObject)]
struct Category {
    /// The key, which never changes.
    key: String,
    /// What it is called now.
    name: String,
    /// Where its cases wait for an owner, by key, if not where the type's do. For the desk; null for customers.
    queue: Option<String>,
    /// How urgent its cases are, if not as the type's. For the desk; null for customers.
    priority: Option<Priority>,
    /// Whether it cannot be chosen any more.
    is_retired: bool,
}

/// An entry that has nothing but a name.
macro_rules! named_entries {
    ($($(#[$doc:meta])+ $name:ident;)+) => {$(
        $(#[$doc])+
        #[derive(SimpleObject)]
        pub(super) struct $name {
            /// The key, which never changes.
            key: String,
            /// What it is called now.
            name: String,
            /// Whether it cannot be chosen any more.
            is_retired: bool,
        }

        impl From<(&Slug, &Entry<Name>)> for $name {
            fn from((key, entry): (&Slug, &Entry<Name>)) -> Self {
                Self { key: key.to_string(), name: entry.is.to_string(), is_retired: entry.is_retired }
            }
        }
    )+};
}

named_entries! {
    /// A product of the catalogue. What is installed at an account is called after it.
    CatalogueProduct;
    /// Where cases wait for an owner.
    Queue;
    /// A kind of answer.
    ResolutionCode;
}

impl Catalogue {
    /// The catalogue in force, as the caller may see it.
    pub(super) fn of(request: &RequestContext, now: &SettingsNow) -> Self {
        let catalogue = &now.settings.catalogue;
        let is_desk = request.sees_the_desk();
        let types = by_name(&catalogue.types, |of| &of.entry.is.name);
        Self {
            types: types.map(|(key, of)| CaseType::of(key, of, is_desk)).collect(),
            products: by_name(&catalogue.products, |entry| &entry.is).map(Into::into).collect(),
            queues: is_desk.then(|| by_name(&catalogue.queues, |entry| &entry.is).map(Into::into).collect()),
            resolution_codes: by_name(&catalogue.resolution_codes, |entry| &entry.is).map(Into::into).collect(),
            version: request.settings_version(&now.settings, Section::Catalogue),
        }
    }
}

impl CaseType {
    fn of(key: &Slug, of: &TypeEntry, is_desk: bool) -> Self {
        let is = &of.entry.is;
        let category = |(key, entry): (&Slug, &Entry<domain::settings::Category>)| Category {
            key: key.to_string(),
            name: entry.is.name.to_string(),
            queue: entry.is.queue.as_ref().filter(|_| is_desk).map(Slug::to_string),
            priority: entry.is.priority.filter(|_| is_desk).map(Into::into),
            is_retired: entry.is_retired,
        };
        Self {
            key: key.to_string(),
            name: is.name.to_string(),
            covers: is.covers.as_ref().map(Name::to_string),
            location_required: is.location_required,
            product_required: is.product_required,
            queue: is_desk.then(|| is.queue.to_string()),
            priority: is_desk.then(|| is.priority.into()),
            is_retired: of.entry.is_retired,
            categories: by_name(&of.categories, |entry| &entry.is.name).map(category).collect(),
        }
    }
}

/// Entries by name; what fits nothing else comes last.
fn by_name<T>(entries: &BTreeMap<Slug, T>, name: impl Fn(&T) -> &Name) -> impl Iterator<Item = (&Slug, &T)> {
    let mut entries: Vec<_> = entries.iter().collect();
    entries.sort_by_cached_key(|(key, entry)| place(key.as_str(), &name(entry).to_string()));
    entries.into_iter()
}

/// What sorts entries by name, and lets what fits nothing else come last.
fn place(key: &str, name: &str) -> (bool, String) {
    const OTHER: &str = "other";
    (key == OTHER, name.to_lowercase())
}

/// What a type is called.
pub(super) fn type_name(request: &RequestContext, case_type: &Slug) -> String {
    let now = request.settings();
    called(now.settings.catalogue.types.get(case_type).map(|of| &of.entry.is.name), case_type)
}

/// What a category is called.
pub(super) fn category_name(request: &RequestContext, case_type: &Slug, category: &Slug) -> String {
    let now = request.settings();
    called(now.settings.catalogue.category(case_type, category).map(|entry| &entry.is.name), category)
}

/// What a queue is called.
pub(super) fn queue_name(request: &RequestContext, queue: &Slug) -> String {
    called(request.settings().settings.catalogue.queues.get(queue).map(|entry| &entry.is), queue)
}

/// What was counted of queues, by their names. One that was never in the catalogue cannot be chosen.
pub(super) fn with_queues(request: &RequestContext, counts: Vec<(Slug, i64)>) -> Vec<(Queue, i64)> {
    let now = request.settings();
    let queues = &now.settings.catalogue.queues;
    let queue = |key: Slug| match queues.get(&key) {
        Some(entry) => Queue::from((&key, entry)),
        None => Queue { key: key.to_string(), name: key.to_string(), is_retired: true },
    };
    let mut counted: Vec<_> = counts.into_iter().map(|(key, count)| (queue(key), count)).collect();
    counted.sort_by_cached_key(|(queue, _)| place(&queue.key, &queue.name));
    counted
}

/// What a resolution code is called.
pub(super) fn code_name(request: &RequestContext, code: &Slug) -> String {
    called(request.settings().settings.catalogue.resolution_codes.get(code).map(|entry| &entry.is), code)
}

fn called(name: Option<&Name>, key: &Slug) -> String {
    name.map_or_else(|| key.to_string(), Name::to_string)
}
