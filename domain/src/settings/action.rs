//! What may be asked of settings, and by whom.

use chrono::NaiveDate;
use strum::{Display, EnumDiscriminants, EnumIter};

use super::{
    CaseType, Category, Colors, EntryName, Hours, Logo, Name, ResolutionPeriods, Section, Sender, SettingsError,
    WatchListPolicy,
};
use crate::{Actor, Line, Role, Slug, Timestamp};

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
    /// Say when the desk is open.
    SetHours(Hours),
    /// Close the desk on a day.
    SetHoliday {
        /// The day.
        date: NaiveDate,
        /// What it is called.
        name: Name,
    },
    /// Open the desk on a day as on others.
    RemoveHoliday {
        /// The day.
        date: NaiveDate,
    },
    /// Say what a canned reply is; one that is not there begins.
    SetReply {
        /// Its key.
        reply: Slug,
        /// What it is called.
        title: Line,
        /// The text.
        body: Line,
    },
    /// Offer a canned reply no more.
    RemoveReply {
        /// Its key.
        reply: Slug,
    },
    /// Call the portal something.
    SetPortalName {
        /// The name.
        name: Name,
    },
    /// Give the portal colors.
    SetColors(Colors),
    /// Give the portal a logo.
    SetLogo(Logo),
    /// Take the logo away.
    RemoveLogo,
    /// Say as whom mail of a kind goes out.
    SetSender {
        /// Which mail.
        sender: Sender,
        /// The name.
        name: Line,
        /// The e-mail address.
        address: Line,
    },
    /// Say how long an answer waits that nobody objects to.
    SetResolutionPeriods(ResolutionPeriods),
    /// Say who may be put on a watch list.
    SetWatchList {
        /// Who.
        policy: WatchListPolicy,
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
            Self::SetHours(_) | Self::SetHoliday { .. } | Self::RemoveHoliday { .. } => Section::Desk,
            Self::SetReply { .. } | Self::RemoveReply { .. } => Section::Replies,
            Self::SetPortalName { .. }
            | Self::SetColors(_)
            | Self::SetLogo(_)
            | Self::RemoveLogo
            | Self::SetSender { .. } => Section::Brand,
            Self::SetResolutionPeriods(_) | Self::SetWatchList { .. } => Section::Rules,
        }
    }

    /// Refuses it to those who may not ask for it: settings are an administrator's, and a supervisor runs the desk.
    ///
    /// # Errors
    /// [`SettingsError::NotPermitted`].
    pub fn check_role(&self, by: &Actor) -> Result<(), SettingsError> {
        let runs_the_desk = by.roles.has(Role::Supervisor) && self.is_of_the_desk();
        if by.roles.has(Role::Administrator) || runs_the_desk {
            return Ok(());
        }
        Err(SettingsError::NotPermitted { action: self.into(), role: by.acting_as() })
    }

    /// Whether it is the desk's own affair, which a supervisor sees to: its queues, hours and replies.
    fn is_of_the_desk(&self) -> bool {
        match self {
            Self::SetQueue { .. }
            | Self::SetHours(_)
            | Self::SetHoliday { .. }
            | Self::RemoveHoliday { .. }
            | Self::SetReply { .. }
            | Self::RemoveReply { .. } => true,
            Self::RetireEntry { entry } | Self::RestoreEntry { entry } => matches!(entry, EntryName::Queue(_)),
            Self::SetType { .. }
            | Self::SetCategory { .. }
            | Self::SetProduct { .. }
            | Self::SetResolutionCode { .. }
            | Self::SetPortalName { .. }
            | Self::SetColors(_)
            | Self::SetLogo(_)
            | Self::RemoveLogo
            | Self::SetSender { .. }
            | Self::SetResolutionPeriods(_)
            | Self::SetWatchList { .. } => false,
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
