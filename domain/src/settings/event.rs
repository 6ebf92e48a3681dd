//! What can happen to settings. Facts, in the past tense, small and final.
//!
//! Stored as the events of a case are: `{"occurred_at": …, "fact": {"<type>": {…}}}`. Each says what holds from then on; what
//! held before is what its section had come to.

use chrono::NaiveDate;
use cqrs_es::DomainEvent;
use serde::{Deserialize, Serialize};
use strum::{Display, EnumIter, IntoStaticStr};

use super::{CaseType, Category, Colors, Hours, Logo, Name, ResolutionPeriods, Section, Sender, WatchListPolicy};
use crate::{Line, Slug, Timestamp};

/// One fact about one section, and when it became one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SettingsEvent {
    /// When it happened. Never decreases in a stream.
    pub occurred_at: Timestamp,
    /// What happened.
    pub fact: SettingsFact,
}

/// An entry of the catalogue, by its key, which never changes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, strum::EnumDiscriminants)]
#[serde(rename_all = "snake_case")]
#[strum_discriminants(
    name(EntryKind),
    derive(Display, Hash),
    strum(serialize_all = "lowercase"),
    doc = "The kinds of entries of the catalogue."
)]
pub enum EntryName {
    /// A type of cases.
    Type(Slug),
    /// A category of a type.
    Category {
        /// The type.
        case_type: Slug,
        /// The category.
        category: Slug,
    },
    /// A product.
    Product(Slug),
    /// A queue.
    Queue(Slug),
    /// A resolution code.
    #[strum_discriminants(strum(serialize = "resolution code"))]
    ResolutionCode(Slug),
}

/// The facts of the life of settings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, IntoStaticStr, strum::EnumDiscriminants)]
#[strum_discriminants(
    name(SettingsFactKind),
    derive(EnumIter, IntoStaticStr, Hash),
    doc = "The types of [`SettingsFact`]."
)]
pub enum SettingsFact {
    /// There is a type of cases, and this is what it is now.
    CaseTypeSet {
        /// Its key.
        case_type: Slug,
        /// What it is.
        #[serde(flatten)]
        to: CaseType,
    },
    /// A type has a category, and this is what it is now.
    CategorySet {
        /// The type.
        case_type: Slug,
        /// Its key within the type.
        category: Slug,
        /// What it is.
        #[serde(flatten)]
        to: Category,
    },
    /// There is a product that accounts can have, and this is what it is called now.
    CatalogueProductSet {
        /// Its key.
        product: Slug,
        /// What it is called.
        name: Name,
    },
    /// There is a queue, and this is what it is called now.
    QueueSet {
        /// Its key.
        queue: Slug,
        /// What it is called.
        name: Name,
    },
    /// There is a kind of answer, and this is what it is called now.
    ResolutionCodeSet {
        /// Its key.
        code: Slug,
        /// What it is called.
        name: Name,
    },
    /// An entry cannot be chosen any more. Cases that have it keep it.
    CatalogueEntryRetired {
        /// The entry.
        entry: EntryName,
    },
    /// An entry can be chosen again.
    CatalogueEntryRestored {
        /// The entry.
        entry: EntryName,
    },
    /// When the desk is open.
    DeskHoursSet(Hours),
    /// The desk is closed on a day, and this is what the day is called now.
    HolidaySet {
        /// The day.
        date: NaiveDate,
        /// What it is called.
        name: Name,
    },
    /// The desk is open on a day as on others.
    HolidayRemoved {
        /// The day.
        date: NaiveDate,
    },
    /// There is a text that agents answer with, and this is what it is now.
    CannedReplySet {
        /// Its key.
        reply: Slug,
        /// What it is called.
        title: Line,
        /// The text.
        body: Line,
    },
    /// A text is not offered any more.
    CannedReplyRemoved {
        /// Its key.
        reply: Slug,
    },
    /// What the portal is called.
    PortalNameSet {
        /// The name.
        name: Name,
    },
    /// Which colors the portal has.
    ColorsSet(Colors),
    /// Which logo the portal has.
    LogoSet(Logo),
    /// The portal has no logo any more.
    LogoRemoved {},
    /// As whom mail of a kind goes out.
    SenderSet {
        /// Which mail.
        sender: Sender,
        /// The name.
        name: Line,
        /// The e-mail address.
        address: Line,
    },
    /// How long an answer waits that nobody objects to.
    ResolutionPeriodsSet(ResolutionPeriods),
    /// Who may be put on a watch list.
    WatchListPolicySet {
        /// Who.
        policy: WatchListPolicy,
    },
}

impl SettingsFact {
    /// The section that it changes.
    #[must_use]
    pub fn section(&self) -> Section {
        match self {
            Self::CaseTypeSet { .. }
            | Self::CategorySet { .. }
            | Self::CatalogueProductSet { .. }
            | Self::QueueSet { .. }
            | Self::ResolutionCodeSet { .. }
            | Self::CatalogueEntryRetired { .. }
            | Self::CatalogueEntryRestored { .. } => Section::Catalogue,
            Self::DeskHoursSet(_) | Self::HolidaySet { .. } | Self::HolidayRemoved { .. } => Section::Desk,
            Self::CannedReplySet { .. } | Self::CannedReplyRemoved { .. } => Section::Replies,
            Self::PortalNameSet { .. }
            | Self::ColorsSet(_)
            | Self::LogoSet(_)
            | Self::LogoRemoved {}
            | Self::SenderSet { .. } => Section::Brand,
            Self::ResolutionPeriodsSet(_) | Self::WatchListPolicySet { .. } => Section::Rules,
        }
    }

    /// The type's name, as stored.
    #[must_use]
    pub fn type_name(&self) -> &'static str {
        self.into()
    }
}

/// The schema version of every event type; one that gets a second version leaves this constant for a match.
pub const VERSION: &str = "1";

impl DomainEvent for SettingsEvent {
    fn event_type(&self) -> String {
        self.fact.type_name().to_owned()
    }

    fn event_version(&self) -> String {
        VERSION.to_owned()
    }
}
