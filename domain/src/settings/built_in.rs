//! What an installation begins with. Histories of settings fold from it: `golden/built_in_settings.json` holds it for ever.

use std::collections::BTreeMap;

use chrono_tz::Tz;

use super::{
    Brand, CaseType, Catalogue, Category, Color, Colors, Day, Desk, Entry, Hours, Name, ResolutionPeriods, Rules, Span,
    TimeZone, TypeEntry, WatchListPolicy,
};
use crate::{Slug, case::Priority};

/// A type as it begins: its name, what it covers, its queue, its categories.
struct Begins {
    name: &'static str,
    covers: &'static str,
    queue: &'static str,
    priority: Priority,
    is_about_a_place: bool,
    categories: &'static [&'static str],
}

const TYPES: [Begins; 6] = [
    Begins {
        name: "Billing",
        covers: "Billing, credit requests, collections, account and contact updates",
        queue: "Billing",
        priority: Priority::Normal,
        is_about_a_place: false,
        categories: &["Billing", "Credit requests", "Collections", "Account/Contact Updates"],
    },
    Begins {
        name: "Data and Networking",
        covers: "Data, networking, private/MPLS, managed WAN/SDWAN",
        queue: "Network",
        priority: Priority::Normal,
        is_about_a_place: true,
        categories: &["Data", "Networking", "Private/MPLS", "Managed WAN/SDWAN"],
    },
    Begins {
        name: "Fraud",
        covers: "Fraud, call annoyance, phone system hacking",
        queue: "Fraud",
        priority: Priority::High,
        is_about_a_place: true,
        categories: &["Fraud", "Call Annoyance", "Phone System Hacking"],
    },
    Begins {
        name: "Managed Service",
        covers: "Managed endpoints, backups, Office 365, firewalls, data centers",
        queue: "Managed Service",
        priority: Priority::Normal,
        is_about_a_place: true,
        categories: &["Managed Endpoints", "Backups", "Office 365", "Firewalls", "Data Centers"],
    },
    Begins {
        name: "Voice & WebEx",
        covers: "UCx, SmartVoice, and all TDM products (BL, BLC, BLD, PRI, CAS, OP)",
        queue: "Voice",
        priority: Priority::Normal,
        is_about_a_place: true,
        categories: &["UCx", "SmartVoice", "TDM products (BL, BLC, BLD, PRI, CAS, OP)"],
    },
    Begins {
        name: "Make a change to my service",
        covers: "Request changes to your services",
        queue: "Service Changes",
        priority: Priority::Normal,
        is_about_a_place: true,
        categories: &["Request changes to your services"],
    },
];

const PRODUCTS: [&str; 12] = [
    "Data Center",
    "Firewall",
    "Managed Backup",
    "Managed Endpoint",
    "Managed WAN/SDWAN",
    "Office 365",
    "Private/MPLS",
    "SmartVoice",
    "TDM (BL, BLC, BLD, PRI, CAS, OP)",
    "UCx",
    "Internet Access",
    "WebEx",
];

/// Beside the queues of the types: where cases wait that belong to no other.
const GENERAL_QUEUE: &str = "Support";

const RESOLUTION_CODES: [&str; 7] =
    ["Fixed", "Workaround", "Information given", "No fault found", "Vendor", "Duplicate", "Withdrawn"];

/// The key of an entry that begins: what its name makes, as it would in an import.
fn key(name: &str) -> Slug {
    Slug::from_name(name).expect("a built-in name has letters")
}

fn called(name: &str) -> Name {
    Name::parse(name).expect("a built-in name is a name")
}

fn entries<'a>(names: impl IntoIterator<Item = &'a str>) -> BTreeMap<Slug, Entry<Name>> {
    names.into_iter().map(|name| (key(name), Entry::new(called(name)))).collect()
}

fn category(name: &str) -> (Slug, Category) {
    (key(name), Category { name: called(name), queue: None, priority: None })
}

/// The category that every type has: what fits no other.
pub(super) fn other() -> (Slug, Category) {
    category("Other")
}

impl Begins {
    fn entry(&self) -> (Slug, TypeEntry) {
        let is = CaseType {
            name: called(self.name),
            covers: Some(called(self.covers)),
            queue: key(self.queue),
            priority: self.priority,
            location_required: self.is_about_a_place,
            product_required: self.is_about_a_place,
        };
        let categories = self.categories.iter().map(|name| category(name)).chain([other()]);
        let categories = categories.map(|(key, category)| (key, Entry::new(category))).collect();
        (key(self.name), TypeEntry { entry: Entry::new(is), categories })
    }
}

impl Default for Catalogue {
    /// What is built in.
    fn default() -> Self {
        Self {
            types: TYPES.iter().map(Begins::entry).collect(),
            products: entries(PRODUCTS),
            queues: entries(TYPES.iter().map(|begins| begins.queue).chain([GENERAL_QUEUE])),
            resolution_codes: entries(RESOLUTION_CODES),
        }
    }
}

impl Default for Desk {
    /// From 8 to 17 o'clock (UTC) on working days.
    fn default() -> Self {
        let time = |text: &str| text.parse().expect("a time of day");
        let open = vec![Span { from: time("08:00"), to: time("17:00") }];
        let week = [Day::Mon, Day::Tue, Day::Wed, Day::Thu, Day::Fri].map(|day| (day, open.clone())).into();
        Self { hours: Hours { time_zone: TimeZone(Tz::UTC), week }, holidays: BTreeMap::new() }
    }
}

impl Default for Brand {
    fn default() -> Self {
        let color = |text: &str| text.parse::<Color>().expect("a color");
        Self {
            portal_name: called("Support Portal"),
            colors: Colors { primary: color("#1a5fb4"), accent: color("#e66100") },
            logo: None,
            senders: BTreeMap::new(),
        }
    }
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            resolution: ResolutionPeriods { remind_after_days: 5, close_after_days: 10 },
            watch_list: WatchListPolicy::Anyone,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::{EntryName, testing::*};

    #[test]
    fn whatever_is_built_in_can_be_chosen() {
        let catalogue = given(vec![]).settings().catalogue;
        let pairs = catalogue.types.iter().flat_map(|(of, it)| it.categories.keys().map(move |key| (of, key)));
        assert_eq!(pairs.clone().count(), 26);
        for (case_type, category) in pairs {
            let route = catalogue.route(case_type, category).expect("it leads somewhere");
            assert_eq!(route.priority == Priority::High, case_type.as_str() == "fraud", "{case_type}");
        }
        let general = EntryName::Queue(slug("support"));
        assert!(given(vec![]).when(administrator(), retire_entry(general)).is_accepted(), "no type needs it");
    }
}
