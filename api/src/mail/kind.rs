//! The kinds of mail, and what all mails of a kind have in common.

use domain::settings::Sender;
use serde::{Deserialize, Serialize};
use strum::{Display, EnumIter, EnumString};

/// A kind of mail. Its name stands in the outbox and in preferences, and is what its words are called.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Display, EnumIter, EnumString,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum MailKind {
    /// An invitation, with the link that activates it.
    Activation,
    /// The link to set another password.
    PasswordReset,
    /// The link that ends a lock.
    Unlock,
    /// The password was set or changed.
    PasswordChanged,
    /// A challenge question was set.
    ChallengeQuestionSet,
    /// The challenge question was switched off.
    ChallengeQuestionRemoved,
    /// A second factor was enrolled.
    FactorEnrolled,
    /// A second factor was removed.
    FactorRemoved,
    /// There are new recovery codes.
    RecoveryCodesReplaced,
    /// A recovery code was used to sign in.
    RecoveryCodeUsed,
    /// Too many tries to sign in.
    Locked,
    /// Signing in is possible again.
    Unlocked,
    /// A sign-in from a device that was not known before.
    NewDevice,
    /// Somebody who signs in already was given access to an account.
    AccessGranted,
    /// A request for access was declined.
    RequestDeclined,
    /// A case began.
    CaseOpened,
    /// Somebody wrote to the other side.
    CaseMessage,
    /// Somebody attached files without a message.
    CaseFile,
    /// Somebody else made the reader responsible.
    CaseAssigned,
    /// Work waits for the customer.
    CaseWaiting,
    /// An answer was given.
    CaseResolved,
    /// The answer has stood for a while.
    CaseReminder,
    /// A case was withdrawn.
    CaseCanceled,
    /// A case is settled.
    CaseClosed,
    /// Work goes on after all.
    CaseReopened,
    /// Another case goes on in its place.
    CaseMerged,
    /// A note for the desk names the reader.
    CaseMention,
    /// Somebody put an address on a watch list, whose owner is asked.
    WatchConfirm,
}

impl MailKind {
    /// Who sends it: what somebody asked for or waits for comes from those whom they write to, what warns them from those who run it.
    #[must_use]
    pub fn sender(self) -> Sender {
        match self {
            Self::Activation | Self::PasswordReset | Self::Unlock | Self::AccessGranted | Self::RequestDeclined => {
                Sender::Support
            }
            _ if self.is_about_a_case() => Sender::Support,
            _ => Sender::Admin,
        }
    }

    /// Whether it is about a case, and stands in the thread of that.
    #[must_use]
    pub fn is_about_a_case(self) -> bool {
        match self {
            Self::CaseOpened
            | Self::CaseMessage
            | Self::CaseFile
            | Self::CaseAssigned
            | Self::CaseWaiting
            | Self::CaseResolved
            | Self::CaseReminder
            | Self::CaseCanceled
            | Self::CaseClosed
            | Self::CaseReopened
            | Self::CaseMerged
            | Self::CaseMention
            | Self::WatchConfirm => true,
            Self::Activation
            | Self::PasswordReset
            | Self::Unlock
            | Self::PasswordChanged
            | Self::ChallengeQuestionSet
            | Self::ChallengeQuestionRemoved
            | Self::FactorEnrolled
            | Self::FactorRemoved
            | Self::RecoveryCodesReplaced
            | Self::RecoveryCodeUsed
            | Self::Locked
            | Self::Unlocked
            | Self::NewDevice
            | Self::AccessGranted
            | Self::RequestDeclined => false,
        }
    }

    /// Whether people can do without it. What concerns signing in is always mailed, and so is the question of a watch list, which
    /// comes once.
    #[must_use]
    pub fn is_optional(self) -> bool {
        self.is_about_a_case() && self != Self::WatchConfirm
    }
}
