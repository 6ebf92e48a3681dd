//! Commands on settings: each is about a section.

use domain::{
    Audience,
    settings::{
        EntryKind, Section, Settings, SettingsAction, SettingsActionKind, SettingsCommand, SettingsError, SettingsEvent,
    },
};
use event_log::FileKey;

use super::{
    CommandFailure, Commands, Intention, Refusal, RefusalCode, Subject,
    walk::{Carried, Stamp},
};

impl Subject for Settings {
    type Id = Section;
    type Action = SettingsAction;
    type Brings = ();
    type Facts = ();

    fn name_of(action: &SettingsAction) -> String {
        format!("settings-{}", SettingsActionKind::from(action))
    }

    fn not_found() -> Refusal {
        Refusal::new(RefusalCode::NotFound, "there are no such settings")
    }

    /// Settings are there before anybody has changed them.
    fn is_there_for(&self, _: &Intention<Self>) -> bool {
        true
    }

    /// The stream of a section has the events of that one alone.
    fn version_for(&self, _: Audience) -> Option<u64> {
        Some(self.heads.values().map(|head| head.version).sum())
    }

    async fn gather(_: &Commands, _: &Intention<Self>) -> Result<(), CommandFailure> {
        Ok(())
    }

    fn decide_on(&self, intention: &Intention<Self>, (): &(), stamp: &Stamp) -> Result<Vec<SettingsEvent>, Refusal> {
        Ok(self.decide(&SettingsCommand { by: stamp.by, at: stamp.at, action: intention.action.clone() })?)
    }

    fn file_keys((): &()) -> &[FileKey] {
        &[]
    }

    async fn settle(_: &Commands, _: &Intention<Self>, _: Stamp, carried: &Carried) -> Result<i64, CommandFailure> {
        Ok(carried.position)
    }
}

impl From<SettingsError> for Refusal {
    fn from(error: SettingsError) -> Self {
        let (code, field) = match &error {
            SettingsError::NotPermitted { .. } => (RefusalCode::NotPermitted, None),
            SettingsError::NoSuchEntry { kind: EntryKind::Type, .. } => (RefusalCode::InvalidInput, Some("type")),
            SettingsError::NoSuchEntry { kind: EntryKind::Queue, .. } | SettingsError::QueueRetired { .. } => {
                (RefusalCode::InvalidInput, Some("queue"))
            }
            SettingsError::NoSuchEntry { .. }
            | SettingsError::QueueInUse { .. }
            | SettingsError::LastOfItsKind { .. } => (RefusalCode::InvalidInput, Some("entry")),
            SettingsError::TooManyEntries { .. }
            | SettingsError::TooManyHolidays { .. }
            | SettingsError::TooManyReplies { .. } => (RefusalCode::LimitReached, None),
            SettingsError::EmptySpan { .. } | SettingsError::OverlappingSpans { .. } => {
                (RefusalCode::InvalidInput, Some("hours"))
            }
            SettingsError::PeriodsOutOfOrder => (RefusalCode::InvalidInput, Some("closeAfterDays")),
        };
        Self::new(code, error.to_string()).about(field)
    }
}
