//! What may be asked of settings, and by whom.

use strum::{Display, EnumDiscriminants, EnumIter};

use super::{CaseType, Category, EntryName, Name, Section, SettingsError};
use crate::{Actor, Role, Slug, Timestamp};

/// An action, by whom, and when.
#[derive(Clone, Debug)]
pub struct SettingsCommand {
    /// Who asks.
    pub by: Actor,
    /// When. A moment before the section's last event counts as that event's.
    pub at: Timestamp,
    /// What they ask for.
    pub action: SettingsAction,
}

/// What can be asked of settings. Repeating what already holds succeeds and records nothing.
#[derive(Clone, Debug, EnumDiscriminants)]
#[strum_discriminants(
    name(SettingsActionKind),
    derive(EnumIter, Display, Hash, PartialOrd, Ord),
    strum(serialize_all = "kebab-case"),
    doc = "The kinds of [`SettingsAction`]."
)]
pub enum SettingsAction {
    /// Say what a type is; one that is not there begins, with the category *Other*.
    SetType {
        /// Its key.
        case_type: Slug,
        /// What it is.
        to: CaseType,
    },
    /// Say what a category of a type is; one that is not there begins.
    SetCategory {
        /// The type.
        case_type: Slug,
        /// Its key within the type.
        category: Slug,
        /// What it is.
        to: Category,
    },
    /// Say what a product is called; one that is not there begins.
    SetProduct {
        /// Its key.
        product: Slug,
        /// What it is called.
        name: Name,
    },
    /// Say what a queue is called; one that is not there begins.
    SetQueue {
        /// Its key.
        queue: Slug,
        /// What it is called.
        name: Name,
    },
    /// Say what a resolution code is called; one that is not there begins.
    SetResolutionCode {
        /// Its key.
        code: Slug,
        /// What it is called.
        name: Name,
    },
    /// Let an entry of the catalogue be chosen no more.
    RetireEntry {
        /// Which.
        entry: EntryName,
    },
    /// Let it be chosen again.
    RestoreEntry {
        /// Which.
        entry: EntryName,
    },
}

impl SettingsAction {
    /// The section that it is about.
    #[must_use]
    pub fn section(&self) -> Section {
        match self {
            Self::SetType { .. }
            | Self::SetCategory { .. }
            | Self::SetProduct { .. }
            | Self::SetQueue { .. }
            | Self::SetResolutionCode { .. }
            | Self::RetireEntry { .. }
            | Self::RestoreEntry { .. } => Section::Catalogue,
        }
    }

    /// Whether it is the desk's own affair, which a supervisor sees to: its queues.
    fn is_of_the_desk(&self) -> bool {
        match self {
            Self::SetQueue { .. } => true,
            Self::RetireEntry { entry } | Self::RestoreEntry { entry } => matches!(entry, EntryName::Queue(_)),
            Self::SetType { .. }
            | Self::SetCategory { .. }
            | Self::SetProduct { .. }
            | Self::SetResolutionCode { .. } => false,
        }
    }
}

impl SettingsActionKind {
    /// The action's name in a sentence: `set queue`.
    #[must_use]
    pub fn words(self) -> String {
        self.to_string().replace('-', " ")
    }
}

/// Refuses an action to those who may not take it: settings are an administrator's, and a supervisor runs the desk.
pub(super) fn check_role(by: &Actor, action: &SettingsAction) -> Result<(), SettingsError> {
    let runs_the_desk = by.roles.has(Role::Supervisor) && action.is_of_the_desk();
    if by.roles.has(Role::Administrator) || runs_the_desk {
        return Ok(());
    }
    Err(SettingsError::NotPermitted { action: action.into(), role: by.acting_as() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::{SettingsFact, testing::*};

    #[test]
    fn settings_are_for_administrators_and_queues_for_supervisors_too() {
        let retire = SettingsAction::RetireEntry { entry: EntryName::Product(slug("smartvoice")) };
        for role in [Role::Contact, Role::Agent, Role::Supervisor, Role::Auditor, Role::Analyst, Role::Service] {
            let refusal = SettingsError::NotPermitted { action: SettingsActionKind::RetireEntry, role };
            given(vec![]).when(by(role), retire.clone()).refused(&refusal);
            let may = given(vec![]).when(by(role), set_queue("night", "Night")).is_accepted();
            assert_eq!(may, role == Role::Supervisor, "{role}");
        }
        given(vec![])
            .when(by(Role::Supervisor), retire_entry(EntryName::Queue(slug("support"))))
            .then(vec![SettingsFact::CatalogueEntryRetired { entry: EntryName::Queue(slug("support")) }]);
    }
}
