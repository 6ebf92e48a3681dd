//! Who changed which setting when, and what it was before and after.

use std::collections::BTreeSet;

use async_graphql::{Result, SimpleObject};
use domain::{
    PersonId, Timestamp,
    settings::{EntryName, Section, SettingsFact, SettingsFactKind},
};
use projections::{Kind, Named, SettingsChange as Recorded, SettingsNow};
use serde_json::{Map, Value, json};

use super::{
    context::RequestContext,
    directory::Person,
    enums::{Channel, Role, SettingsChangeKind, SettingsSection},
    scalars::BigInt,
};

/// A change of the settings.
#[derive(SimpleObject)]
pub struct SettingsChange {
    /// Its place in the whole log.
    position: BigInt,
    /// What was changed.
    section: SettingsSection,
    /// How.
    kind: SettingsChangeKind,
    /// What of the section, where it has several of a kind: the key of an entry (a category's after its type's and a slash), a
    /// day, a sender.
    about: Option<String>,
    /// Who changed it.
    actor: Person,
    /// In which role.
    actor_role: Role,
    /// The way by which it came.
    via: Channel,
    /// When.
    at: Timestamp,
    /// What became different.
    values: Vec<ChangedValue>,
}

/// A value that became another.
#[derive(SimpleObject)]
struct ChangedValue {
    /// What it is: `name`, `queue`, `isRetired`, …
    name: String,
    /// What it was; null where there was none, or where its words are gone.
    before: Option<String>,
    /// What it became.
    after: Option<String>,
}

/// Which changes to read.
pub(super) struct Wanted {
    /// Of one section, or of all.
    pub section: Option<Section>,
    /// Before this place in the log.
    pub before: Option<i64>,
    /// After this version of the section.
    pub after_version: Option<u64>,
    /// How many, the newest first.
    pub limit: usize,
}

/// Reads changes with what held before and after each: from the first event on, because that is where what held before comes
/// from.
pub(super) async fn read(request: &RequestContext, wanted: Wanted) -> Result<Vec<SettingsChange>> {
    let changes = request.services.commands.settings.changes().await.map_err(|error| request.internal(&error))?;
    let mut now = SettingsNow::default();
    let mut found = vec![];
    for change in changes {
        let fact = &change.event.fact;
        let before = described(&now, fact);
        now.fold(&change.event);
        let is_wanted = wanted.section.is_none_or(|section| section == fact.section())
            && wanted.before.is_none_or(|position| change.position < position)
            && wanted.after_version.is_none_or(|version| now.settings.version(fact.section()) > version);
        if is_wanted {
            let values = different(&before, &described(&now, fact));
            found.push((change, values));
        }
    }
    found.reverse();
    found.truncate(wanted.limit);
    let actors: BTreeSet<_> = found.iter().map(|(change, _)| change.metadata.actor.0).collect();
    let names = request.named::<PersonId>(Kind::Person, actors.into_iter().collect()).await?;
    Ok(found.into_iter().map(|(change, values)| change_of(change, values, &names)).collect())
}

fn change_of(change: Recorded, values: Vec<ChangedValue>, names: &[Named<PersonId>]) -> SettingsChange {
    let Recorded { position, recorded_at, metadata, event } = change;
    let unnamed = || Named { id: metadata.actor, reference: None, name: None };
    SettingsChange {
        position: BigInt(position),
        section: event.fact.section().into(),
        kind: SettingsFactKind::from(&event.fact).into(),
        about: about(&event.fact),
        actor: names.iter().find(|named| named.id == metadata.actor).cloned().unwrap_or_else(unnamed).into(),
        actor_role: metadata.role.into(),
        via: metadata.channel.into(),
        at: recorded_at,
        values,
    }
}

/// What of its section a fact is about.
fn about(fact: &SettingsFact) -> Option<String> {
    match fact {
        SettingsFact::CaseTypeSet { case_type: key, .. }
        | SettingsFact::CatalogueProductSet { product: key, .. }
        | SettingsFact::QueueSet { queue: key, .. }
        | SettingsFact::ResolutionCodeSet { code: key, .. }
        | SettingsFact::CannedReplySet { reply: key, .. }
        | SettingsFact::CannedReplyRemoved { reply: key } => Some(key.to_string()),
        SettingsFact::CategorySet { case_type, category, .. } => Some(format!("{case_type}/{category}")),
        SettingsFact::CatalogueEntryRetired { entry } | SettingsFact::CatalogueEntryRestored { entry } => {
            Some(match entry {
                EntryName::Type(key) => format!("type {key}"),
                EntryName::Category { case_type, category } => format!("category {case_type}/{category}"),
                EntryName::Product(key) => format!("product {key}"),
                EntryName::Queue(key) => format!("queue {key}"),
                EntryName::ResolutionCode(key) => format!("resolution code {key}"),
            })
        }
        SettingsFact::HolidaySet { date, .. } | SettingsFact::HolidayRemoved { date } => Some(date.to_string()),
        SettingsFact::SenderSet { sender, .. } => Some(sender.to_string()),
        SettingsFact::DeskHoursSet(_)
        | SettingsFact::PortalNameSet { .. }
        | SettingsFact::ColorsSet(_)
        | SettingsFact::LogoSet(_)
        | SettingsFact::LogoRemoved {}
        | SettingsFact::ResolutionPeriodsSet(_)
        | SettingsFact::WatchListPolicySet { .. } => None,
    }
}

/// What holds of that which a fact is about; nothing where it is not there.
fn described(now: &SettingsNow, fact: &SettingsFact) -> Map<String, Value> {
    let settings = &now.settings;
    let catalogue = &settings.catalogue;
    let value = match fact {
        SettingsFact::CaseTypeSet { case_type, .. } => catalogue.types.get(case_type).map(|of| {
            let is = &of.entry.is;
            json!({ "name": is.name, "covers": is.covers, "queue": is.queue, "priority": is.priority,
                "locationRequired": is.location_required, "productRequired": is.product_required })
        }),
        SettingsFact::CategorySet { case_type, category, .. } => catalogue
            .category(case_type, category)
            .map(|entry| json!({ "name": entry.is.name, "queue": entry.is.queue, "priority": entry.is.priority })),
        SettingsFact::CatalogueProductSet { product, .. } => named(catalogue.products.get(product)),
        SettingsFact::QueueSet { queue, .. } => named(catalogue.queues.get(queue)),
        SettingsFact::ResolutionCodeSet { code, .. } => named(catalogue.resolution_codes.get(code)),
        SettingsFact::CatalogueEntryRetired { entry } | SettingsFact::CatalogueEntryRestored { entry } => {
            catalogue.is_retired(entry).ok().map(|is_retired| json!({ "isRetired": is_retired }))
        }
        SettingsFact::DeskHoursSet(_) => {
            let mut described = json!({ "timeZone": settings.desk.hours.time_zone });
            for (day, spans) in &settings.desk.hours.week {
                let spans: Vec<_> = spans.iter().map(|span| format!("{}-{}", span.from, span.to)).collect();
                described[day.to_string()] = json!(spans.join(" "));
            }
            Some(described)
        }
        SettingsFact::HolidaySet { date, .. } | SettingsFact::HolidayRemoved { date } => {
            settings.desk.holidays.get(date).map(|name| json!({ "name": name }))
        }
        SettingsFact::CannedReplySet { reply, .. } | SettingsFact::CannedReplyRemoved { reply } => {
            now.replies.get(reply).map(|[title, body]| json!({ "title": title, "body": body }))
        }
        SettingsFact::PortalNameSet { .. } => Some(json!({ "portalName": settings.brand.portal_name })),
        SettingsFact::ColorsSet(_) => Some(json!(settings.brand.colors)),
        SettingsFact::LogoSet(_) | SettingsFact::LogoRemoved {} => {
            settings.brand.logo.as_ref().map(|logo| json!({ "mediaType": logo.media_type, "data": logo.data }))
        }
        SettingsFact::SenderSet { sender, .. } => {
            now.senders.get(sender).map(|[name, address]| json!({ "name": name, "address": address }))
        }
        SettingsFact::ResolutionPeriodsSet(_) => Some(json!({
            "remindAfterDays": settings.rules.resolution.remind_after_days,
            "closeAfterDays": settings.rules.resolution.close_after_days,
        })),
        SettingsFact::WatchListPolicySet { .. } => Some(json!({ "watchList": settings.rules.watch_list })),
    };
    match value {
        Some(Value::Object(described)) => described,
        _ => Map::new(),
    }
}

fn named(entry: Option<&domain::settings::Entry<domain::settings::Name>>) -> Option<Value> {
    entry.map(|entry| json!({ "name": entry.is }))
}

/// The values that are not the same, by their names.
fn different(before: &Map<String, Value>, after: &Map<String, Value>) -> Vec<ChangedValue> {
    let text = |value: Option<&Value>| match value {
        None | Some(Value::Null) => None,
        Some(Value::String(text)) => Some(text.clone()),
        Some(other) => Some(other.to_string()),
    };
    let names: BTreeSet<_> = before.keys().chain(after.keys()).collect();
    let changed = names.into_iter().filter(|name| before.get(*name) != after.get(*name));
    changed
        .map(|name| ChangedValue { name: name.clone(), before: text(before.get(name)), after: text(after.get(name)) })
        .filter(|value| value.before != value.after)
        .collect()
}
