//! The settings of the desk that have a history: what can be chosen when a case is opened, moved or resolved.
//!
//! | file | what it holds |
//! |---|---|
//! | [`event`] | what can happen |
//! | [`action`] | what can be asked for, and by whom |
//! | [`catalogue`] | types, categories, products, queues and resolution codes, with the rules of changing them |
//! | `built_in` | what an installation begins with |
//! | [`offer`] | what a case may name of it |
//!
//! Each section is a stream of its own, so that one version stands for what somebody edits together. An installation
//! has something before its first event: what is built in. Histories fold from that, so it never changes.

pub mod action;
mod built_in;
pub mod catalogue;
mod error;
pub mod event;
mod name;
pub mod offer;
#[cfg(test)]
mod testing;

use std::collections::BTreeMap;

use cqrs_es::{Aggregate, event_sink::EventSink};
use serde::{Deserialize, Serialize};
use strum::{Display, EnumIter, EnumString};

pub use action::{SettingsAction, SettingsActionKind, SettingsCommand};
pub use catalogue::{CaseType, Catalogue, Category, Entry, TypeEntry};
pub use error::SettingsError;
pub use event::{EntryKind, EntryName, SettingsEvent, SettingsFact, SettingsFactKind};
pub use name::Name;
pub use offer::{NotOffered, Route};

use crate::Timestamp;

/// A part of the settings that is changed, and counted, by itself.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Display, EnumIter, EnumString,
)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
pub enum Section {
    /// What can be chosen.
    Catalogue,
}

/// The settings: what is built in, and what was changed since. The stream of a section changes that section alone.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    /// What can be chosen.
    pub catalogue: Catalogue,
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
        action::check_role(by, action)?;
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
