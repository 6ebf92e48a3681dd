//! The settings that have a history: what can be chosen when a case is opened, moved or resolved, and how the desk works.
//!
//! | file | what it holds |
//! |---|---|
//! | [`event`] | what can happen |
//! | [`action`] | what can be asked for, and by whom |
//! | [`catalogue`] | types, categories, products, queues and resolution codes, with the rules of changing them |
//! | [`desk`], [`replies`], [`brand`], [`rules`] | the other sections, likewise |
//! | `built_in` | what an installation begins with |
//! | [`offer`] | what a case may name of it |
//!
//! Each section is a stream of its own, so that one version stands for what somebody edits together. An installation
//! has something before its first event: what is built in. Histories fold from that, so it never changes.

pub mod action;
pub mod brand;
mod built_in;
pub mod catalogue;
pub mod desk;
mod error;
pub mod event;
mod name;
pub mod offer;
pub mod replies;
pub mod rules;
#[cfg(test)]
mod testing;

use std::collections::BTreeMap;

use cqrs_es::{Aggregate, event_sink::EventSink};
use serde::{Deserialize, Serialize};
use strum::{Display, EnumIter, EnumString};

pub use action::{SettingsAction, SettingsActionKind, SettingsCommand};
pub use brand::{Brand, Color, Colors, Logo, LogoType, MAX_LOGO_BYTES, Sender};
pub use catalogue::{CaseType, Catalogue, Category, Entry, TypeEntry};
pub use desk::{Day, Desk, Hours, Span, TimeOfDay, TimeZone};
pub use error::SettingsError;
pub use event::{EntryKind, EntryName, SettingsEvent, SettingsFact, SettingsFactKind};
pub use name::Name;
pub use offer::{NotOffered, Route};
pub use replies::Replies;
pub use rules::{ResolutionPeriods, Rules, WatchListPolicy};

use crate::Timestamp;
use brand::SenderPrints;
use replies::Reply;

/// A part of the settings that is changed, and counted, by itself.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Display, EnumIter, EnumString,
)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
pub enum Section {
    /// What can be chosen.
    Catalogue,
    /// When the desk is open.
    Desk,
    /// Texts that agents answer with.
    Replies,
    /// How the portal looks and as whom mail goes out.
    Brand,
    /// Rules of cases.
    Rules,
}

/// The settings: what is built in, and what was changed since. The stream of a section changes that section alone.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    /// What can be chosen.
    pub catalogue: Catalogue,
    /// When the desk is open.
    pub desk: Desk,
    /// Texts that agents answer with.
    pub replies: Replies,
    /// How the portal looks and as whom mail goes out.
    pub brand: Brand,
    /// Rules of cases.
    pub rules: Rules,
    /// How far each section has come; none that was never changed is here.
    pub heads: BTreeMap<Section, Head>,
}

/// How far a section has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// How many events it has.
    pub version: u64,
    /// When the last one occurred.
    pub last_occurred_at: Timestamp,
}

/// What the rules say to an action: the facts that follow from it, none when it already holds.
type Decision = Result<Vec<SettingsFact>, SettingsError>;

impl Settings {
    /// What follows from a command, as events in their order.
    ///
    /// # Errors
    /// [`SettingsError`]: first for who may ask at all, then for the rule.
    pub fn decide(&self, command: &SettingsCommand) -> Result<Vec<SettingsEvent>, SettingsError> {
        let SettingsCommand { by, at, action } = command;
        action.check_role(by)?;
        let facts = match action {
            SettingsAction::SetType { case_type, to } => self.catalogue.set_type(case_type, to),
            SettingsAction::SetCategory { case_type, category, to } => {
                self.catalogue.set_category(case_type, category, to)
            }
            SettingsAction::SetProduct { product, name } => self.catalogue.set_product(product, name),
            SettingsAction::SetQueue { queue, name } => self.catalogue.set_queue(queue, name),
            SettingsAction::SetResolutionCode { code, name } => self.catalogue.set_resolution_code(code, name),
            SettingsAction::RetireEntry { entry } => self.catalogue.retire(entry),
            SettingsAction::RestoreEntry { entry } => self.catalogue.restore(entry),
            SettingsAction::SetHours(hours) => self.desk.set_hours(hours),
            SettingsAction::SetHoliday { date, name } => self.desk.set_holiday(*date, name),
            SettingsAction::RemoveHoliday { date } => Ok(self.desk.remove_holiday(*date)),
            SettingsAction::SetReply { reply, title, body } => self.replies.set(reply, title, body),
            SettingsAction::RemoveReply { reply } => Ok(self.replies.remove(reply)),
            SettingsAction::SetPortalName { name } => Ok(self.brand.set_portal_name(name)),
            SettingsAction::SetColors(colors) => Ok(self.brand.set_colors(colors)),
            SettingsAction::SetLogo(logo) => Ok(self.brand.set_logo(logo)),
            SettingsAction::RemoveLogo => Ok(self.brand.remove_logo()),
            SettingsAction::SetSender { sender, name, address } => Ok(self.brand.set_sender(*sender, name, address)),
            SettingsAction::SetResolutionPeriods(periods) => self.rules.set_resolution_periods(*periods),
            SettingsAction::SetWatchList { policy } => Ok(self.rules.set_watch_list(*policy)),
        }?;
        let last = self.heads.get(&action.section()).map(|head| head.last_occurred_at);
        let at = last.map_or(*at, |last| last.max(*at));
        Ok(facts.into_iter().map(|fact| SettingsEvent { occurred_at: at, fact }).collect())
    }

    /// Folds one event into what came before. Total: a fact is never refused.
    pub fn fold(&mut self, event: &SettingsEvent) {
        let version = self.version(event.fact.section()) + 1;
        self.heads.insert(event.fact.section(), Head { version, last_occurred_at: event.occurred_at });
        match &event.fact {
            SettingsFact::CaseTypeSet { .. }
            | SettingsFact::CategorySet { .. }
            | SettingsFact::CatalogueProductSet { .. }
            | SettingsFact::QueueSet { .. }
            | SettingsFact::ResolutionCodeSet { .. }
            | SettingsFact::CatalogueEntryRetired { .. }
            | SettingsFact::CatalogueEntryRestored { .. } => self.catalogue.apply(&event.fact),
            SettingsFact::DeskHoursSet(hours) => self.desk.hours = hours.clone(),
            SettingsFact::HolidaySet { date, name } => {
                self.desk.holidays.insert(*date, name.clone());
            }
            SettingsFact::HolidayRemoved { date } => {
                self.desk.holidays.remove(date);
            }
            SettingsFact::CannedReplySet { reply, title, body } => {
                let is = Reply { title: title.fingerprint.clone(), body: body.fingerprint.clone() };
                self.replies.0.insert(reply.clone(), is);
            }
            SettingsFact::CannedReplyRemoved { reply } => {
                self.replies.0.remove(reply);
            }
            SettingsFact::PortalNameSet { name } => self.brand.portal_name = name.clone(),
            SettingsFact::ColorsSet(colors) => self.brand.colors = colors.clone(),
            SettingsFact::LogoSet(logo) => self.brand.logo = Some(logo.clone()),
            SettingsFact::LogoRemoved {} => self.brand.logo = None,
            SettingsFact::SenderSet { sender, name, address } => {
                let is = SenderPrints { name: name.fingerprint.clone(), address: address.fingerprint.clone() };
                self.brand.senders.insert(*sender, is);
            }
            SettingsFact::ResolutionPeriodsSet(periods) => self.rules.resolution = *periods,
            SettingsFact::WatchListPolicySet { policy } => self.rules.watch_list = *policy,
        }
    }

    /// How many events a section has.
    #[must_use]
    pub fn version(&self, section: Section) -> u64 {
        self.heads.get(&section).map_or(0, |head| head.version)
    }
}

impl Aggregate for Settings {
    const TYPE: &'static str = "settings";
    type Command = SettingsCommand;
    type Event = SettingsEvent;
    type Error = SettingsError;
    type Services = ();

    async fn handle(
        &mut self,
        command: Self::Command,
        (): &Self::Services,
        sink: &EventSink<Self>,
    ) -> Result<(), Self::Error> {
        for event in self.decide(&command)? {
            sink.write(event, self).await;
        }
        Ok(())
    }

    fn apply(&mut self, event: Self::Event) {
        self.fold(&event);
    }
}
