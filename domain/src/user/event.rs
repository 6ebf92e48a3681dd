//! What can happen to a portal user. Stored as the events of a case are.
//!
//! No secret is in any of these: no password, no hash, no answer, no token, and no address of a network. Those live in
//! tables of their own, and here stands only that one was set, used or taken away.

use std::collections::BTreeSet;

use cqrs_es::DomainEvent;
use serde::{Deserialize, Serialize};
use strum::{Display, EnumIter, EnumString, IntoStaticStr};

use crate::{Role, Slug, Timestamp, line::Line};

/// One fact about one portal user, and when it became one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UserEvent {
    /// When it happened. Never decreases in a stream.
    pub occurred_at: Timestamp,
    /// What happened.
    pub fact: UserFact,
}

/// On what occasion a password was set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, Display, EnumIter, IntoStaticStr)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
pub enum PasswordOccasion {
    /// The first one, with the invitation's link.
    Activation,
    /// By its owner, who said the one before.
    Change,
    /// By its owner, who had forgotten the one before, with a mailed link.
    Reset,
}

/// What is asked for beside a password.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Display, EnumIter, EnumString,
)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
pub enum Factor {
    /// Codes that change with time (RFC 6238).
    Totp,
}

/// By what a lock ended before its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, Display, EnumIter, IntoStaticStr)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
pub enum UnlockedBy {
    /// A link that was mailed to the user.
    Link,
    /// A new password.
    Reset,
    /// Somebody at the desk.
    Staff,
}

/// The facts of a portal user's life.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, IntoStaticStr, strum::EnumDiscriminants)]
#[strum_discriminants(name(UserFactKind), derive(EnumIter, IntoStaticStr, Hash), doc = "The types of [`UserFact`].")]
pub enum UserFact {
    /// Somebody was invited to sign in.
    UserInvited {
        /// Where mail about their credentials goes. An import that gives the person another address does not change it.
        email: Line,
        /// What they sign in with, beside the address; the address itself where nobody chose another.
        username: Line,
        /// What they are to the desk.
        roles: BTreeSet<Role>,
    },
    /// They were sent another link to activate with; earlier ones ended.
    InvitationResent {},
    /// They followed the link, which proves the address.
    UserActivated {},
    /// A password was set.
    PasswordChanged {
        /// On what occasion.
        occasion: PasswordOccasion,
    },
    /// Somebody at the desk had a link mailed by which they set a new password.
    PasswordResetSent {},
    /// They chose a challenge question, or answered theirs anew.
    ChallengeQuestionSet {
        /// Which question of the fixed list.
        question: Slug,
    },
    /// They are not asked it any more.
    ChallengeQuestionRemoved {},
    /// Something is asked for beside the password, or another of its kind instead of the one before.
    FactorEnrolled {
        /// What.
        factor: Factor,
    },
    /// It is not asked for any more.
    FactorRemoved {
        /// What.
        factor: Factor,
    },
    /// They were given new recovery codes; earlier ones ended.
    RecoveryCodesReplaced {},
    /// One of the codes served instead of a second factor, and is used up.
    RecoveryCodeUsed {},
    /// Too many tries: even the right password is refused for a while.
    UserLocked {
        /// When that ends by itself.
        until: Timestamp,
    },
    /// The lock ended before its time.
    UserUnlocked {
        /// By what.
        by: UnlockedBy,
    },
    /// They are more to the desk than before.
    RolesGranted {
        /// What they were not.
        roles: BTreeSet<Role>,
    },
    /// They are less to the desk than before.
    RolesRevoked {
        /// What they were.
        roles: BTreeSet<Role>,
    },
    /// They cannot sign in any more.
    UserDeactivated {},
    /// They can again.
    UserReactivated {},
    /// They signed in from a device that was not known before.
    DeviceAdded {},
    /// The person was erased, and with them all that let them sign in.
    UserErased {},
}

impl UserFact {
    /// The type's name, as stored.
    #[must_use]
    pub fn type_name(&self) -> &'static str {
        self.into()
    }
}

/// The schema version of every event type; one that gets a second version leaves this constant for a match.
pub const VERSION: &str = "1";

impl DomainEvent for UserEvent {
    fn event_type(&self) -> String {
        self.fact.type_name().to_owned()
    }

    fn event_version(&self) -> String {
        VERSION.to_owned()
    }
}
