//! What a portal user has come to: the fold of their events, with all that the rules ask about and nothing else.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use strum::{Display, EnumIter, EnumString};

use super::{Factor, UserEvent, UserFact};
use crate::{Fingerprint, Role, Slug, Timestamp};

/// How far a portal user has come. A lock is no state of its own: it ends by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, Display, EnumIter, EnumString)]
#[strum(serialize_all = "lowercase")]
pub enum UserStatus {
    /// Invited, and has no password yet.
    Invited,
    /// May sign in, unless locked.
    Active,
    /// May not sign in.
    Deactivated,
}

/// The state of a portal user who was invited.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserState {
    /// How far they have come.
    pub status: UserStatus,
    /// Whether they ever activated, which is what they come back to when they are reactivated.
    pub was_activated: bool,
    /// What stands for the address that mail about their credentials goes to.
    pub email: Fingerprint,
    /// What stands for what they sign in with.
    pub username: Fingerprint,
    /// What they are to the desk.
    pub roles: BTreeSet<Role>,
    /// When their last lock ends, unless it was ended before.
    pub locked_until: Option<Timestamp>,
    /// Their challenge question.
    pub question: Option<Slug>,
    /// What is asked for beside the password.
    pub factors: BTreeSet<Factor>,
    /// When their last event occurred.
    pub last_occurred_at: Timestamp,
    /// How many events there are.
    pub version: u64,
}

impl UserState {
    /// Folds one event into what came before: nothing is known of whoever was erased. Total: a fact is never refused.
    ///
    /// A second invitation, or a first event that is none, leaves everything as it was.
    #[must_use]
    pub fn fold(state: Option<Self>, event: &UserEvent) -> Option<Self> {
        let mut state = match (state, &event.fact) {
            (None, UserFact::UserInvited { email, username, roles }) => Self {
                status: UserStatus::Invited,
                was_activated: false,
                email: email.fingerprint.clone(),
                username: username.fingerprint.clone(),
                roles: roles.clone(),
                locked_until: None,
                question: None,
                factors: BTreeSet::new(),
                last_occurred_at: event.occurred_at,
                version: 0,
            },
            (_, UserFact::UserErased {}) | (None, _) => return None,
            (Some(state), _) => state,
        };
        state.apply(event);
        Some(state)
    }

    /// Whether they are locked at a moment.
    #[must_use]
    pub fn is_locked(&self, at: Timestamp) -> bool {
        self.locked_until.is_some_and(|until| at < until)
    }

    /// Whether they run the installation, or will once a lock has ended.
    #[must_use]
    pub fn is_active_administrator(&self) -> bool {
        self.status == UserStatus::Active && self.roles.contains(&Role::Administrator)
    }

    fn apply(&mut self, event: &UserEvent) {
        self.version += 1;
        self.last_occurred_at = event.occurred_at;
        match &event.fact {
            UserFact::UserActivated {} => {
                self.status = UserStatus::Active;
                self.was_activated = true;
            }
            UserFact::ChallengeQuestionSet { question } => self.question = Some(question.clone()),
            UserFact::ChallengeQuestionRemoved {} => self.question = None,
            UserFact::FactorEnrolled { factor } => {
                self.factors.insert(*factor);
            }
            UserFact::FactorRemoved { factor } => {
                self.factors.remove(factor);
            }
            UserFact::UserLocked { until } => self.locked_until = Some(*until),
            UserFact::UserUnlocked { .. } => self.locked_until = None,
            UserFact::RolesGranted { roles } => self.roles.extend(roles),
            UserFact::RolesRevoked { roles } => self.roles.retain(|role| !roles.contains(role)),
            UserFact::UserDeactivated {} => {
                self.status = UserStatus::Deactivated;
                self.locked_until = None;
            }
            UserFact::UserReactivated {} => {
                self.status = if self.was_activated { UserStatus::Active } else { UserStatus::Invited };
            }
            UserFact::UserInvited { .. }
            | UserFact::InvitationResent {}
            | UserFact::PasswordChanged { .. }
            | UserFact::PasswordResetSent {}
            | UserFact::RecoveryCodesReplaced {}
            | UserFact::RecoveryCodeUsed {}
            | UserFact::DeviceAdded {}
            | UserFact::UserErased {} => {}
        }
    }
}
