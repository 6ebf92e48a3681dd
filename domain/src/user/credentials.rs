//! What a portal user signs in with: that it was set, used or taken away, never what it is.
//!
//! Whether a password, a link or a code is right is found out where the secrets are; what is recorded of it, and from
//! whom it is taken, is decided here.

use super::{Decision, Factor, PasswordOccasion, UnlockedBy, UserError, UserFact, UserState, UserStatus};
use crate::{Slug, Timestamp};

impl UserState {
    /// Sets a password: the first one, or another.
    ///
    /// # Errors
    /// Whether there is one already depends on the occasion: [`UserError::AlreadyActivated`],
    /// [`UserError::NotActive`], [`UserError::Deactivated`].
    pub(super) fn set_password(&self, occasion: PasswordOccasion, at: Timestamp) -> Decision {
        let changed = UserFact::PasswordChanged { occasion };
        match (occasion, self.status) {
            (_, UserStatus::Deactivated) => Err(UserError::Deactivated),
            (PasswordOccasion::Activation, UserStatus::Invited) => Ok(vec![UserFact::UserActivated {}, changed]),
            (PasswordOccasion::Activation, UserStatus::Active) => Err(UserError::AlreadyActivated),
            (_, UserStatus::Invited) => Err(UserError::NotActive { status: self.status }),
            (PasswordOccasion::Change, UserStatus::Active) => Ok(vec![changed]),
            (PasswordOccasion::Reset, UserStatus::Active) => {
                Ok([vec![changed], self.unlock(UnlockedBy::Reset, at)].concat())
            }
        }
    }

    /// Has a link mailed for a new password.
    ///
    /// # Errors
    /// [`UserError::NotActive`] for somebody who has none yet; [`UserError::Deactivated`].
    pub(super) fn send_reset(&self) -> Decision {
        self.while_active(UserFact::PasswordResetSent {})
    }

    /// Sets the question, or its answer anew.
    pub(super) fn set_question(&self, question: &Slug) -> Decision {
        self.while_active(UserFact::ChallengeQuestionSet { question: question.clone() })
    }

    /// Asks it no more.
    pub(super) fn remove_question(&self) -> Vec<UserFact> {
        self.question.is_some().then_some(UserFact::ChallengeQuestionRemoved {}).into_iter().collect()
    }

    /// Asks for something beside the password; what is there already is replaced.
    pub(super) fn enroll(&self, factor: Factor) -> Decision {
        self.while_active(UserFact::FactorEnrolled { factor })
    }

    /// Asks for it no more.
    pub(super) fn remove_factor(&self, factor: Factor) -> Vec<UserFact> {
        self.factors.contains(&factor).then_some(UserFact::FactorRemoved { factor }).into_iter().collect()
    }

    /// Records what makes sense beside a second factor alone.
    ///
    /// # Errors
    /// [`UserError::NoFactor`], and as [`Self::while_active`].
    pub(super) fn with_factor(&self, fact: UserFact) -> Decision {
        let facts = self.while_active(fact)?;
        if self.factors.is_empty() { Err(UserError::NoFactor) } else { Ok(facts) }
    }

    /// Refuses even the right password for a while. Only whoever may sign in can be locked; a lock that lasts as long is
    /// there already.
    pub(super) fn lock(&self, until: Timestamp, at: Timestamp) -> Vec<UserFact> {
        let is_news =
            self.status == UserStatus::Active && until > at && self.locked_until.is_none_or(|old| old < until);
        is_news.then_some(UserFact::UserLocked { until }).into_iter().collect()
    }

    /// Ends a lock; one that has ended by itself needs no ending.
    pub(super) fn unlock(&self, by: UnlockedBy, at: Timestamp) -> Vec<UserFact> {
        self.is_locked(at).then_some(UserFact::UserUnlocked { by }).into_iter().collect()
    }

    /// Records what somebody does who may sign in.
    ///
    /// # Errors
    /// [`UserError::NotActive`], [`UserError::Deactivated`].
    pub(super) fn while_active(&self, fact: UserFact) -> Decision {
        match self.status {
            UserStatus::Active => Ok(vec![fact]),
            UserStatus::Invited => Err(UserError::NotActive { status: self.status }),
            UserStatus::Deactivated => Err(UserError::Deactivated),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Actor, Role,
        user::{UserAction, testing::*},
    };

    fn contact() -> Vec<UserFact> {
        vec![invited(&[Role::Contact]), activated()]
    }

    fn deactivated() -> Vec<UserFact> {
        [contact(), vec![UserFact::UserDeactivated {}]].concat()
    }

    fn changed(occasion: PasswordOccasion) -> UserFact {
        UserFact::PasswordChanged { occasion }
    }

    #[test]
    fn the_first_password_activates_once() {
        let first = || password(PasswordOccasion::Activation);
        given(vec![invited(&[Role::Contact])])
            .when(themself(), first())
            .then(vec![activated(), changed(PasswordOccasion::Activation)]);
        given(contact()).when(themself(), first()).refused(&UserError::AlreadyActivated);
        given(deactivated()).when(themself(), first()).refused(&UserError::Deactivated);
        given(vec![]).when(themself(), first()).refused(&UserError::NotFound);
    }

    #[test]
    fn a_password_is_changed_and_reset_by_those_who_have_one() {
        for occasion in [PasswordOccasion::Change, PasswordOccasion::Reset] {
            given(contact()).when(themself(), password(occasion)).then(vec![changed(occasion)]);
            given(vec![invited(&[Role::Contact])])
                .when(themself(), password(occasion))
                .refused(&UserError::NotActive { status: UserStatus::Invited });
            given(deactivated()).when(themself(), password(occasion)).refused(&UserError::Deactivated);
        }
    }

    #[test]
    fn a_reset_ends_a_lock_and_a_change_does_not() {
        let locked = || [contact(), vec![UserFact::UserLocked { until: at(30) }]].concat();
        given(locked())
            .when(themself(), password(PasswordOccasion::Reset))
            .then(vec![changed(PasswordOccasion::Reset), UserFact::UserUnlocked { by: UnlockedBy::Reset }]);
        given(locked())
            .when(themself(), password(PasswordOccasion::Change))
            .then(vec![changed(PasswordOccasion::Change)]);
    }

    #[test]
    fn a_lock_is_told_of_once_and_ends_by_itself() {
        let lock = |minutes| UserAction::Lock { until: at(minutes) };
        let locked = |minutes| UserFact::UserLocked { until: at(minutes) };
        let unlock = || UserAction::Unlock { by: UnlockedBy::Staff };
        given(contact()).when(Actor::clock(), lock(30)).then(vec![locked(30)]);
        given(contact()).when(Actor::clock(), lock(0)).then(vec![]);
        given([contact(), vec![locked(30)]].concat()).when(Actor::clock(), lock(30)).then(vec![]);
        given([contact(), vec![locked(30)]].concat()).when(Actor::clock(), lock(40)).then(vec![locked(40)]);
        given(deactivated()).when(Actor::clock(), lock(30)).then(vec![]);
        given(vec![invited(&[Role::Contact])]).when(Actor::clock(), lock(30)).then(vec![]);
        let by_staff = UserFact::UserUnlocked { by: UnlockedBy::Staff };
        given([contact(), vec![locked(30)]].concat()).when(supervisor(), unlock()).then(vec![by_staff.clone()]);
        given([contact(), vec![locked(30)]].concat()).later(30).when(supervisor(), unlock()).then(vec![]);
        given([contact(), vec![locked(30), by_staff]].concat()).when(supervisor(), unlock()).then(vec![]);
        given(contact()).when(supervisor(), unlock()).then(vec![]);
    }

    #[test]
    fn a_question_is_set_anew_each_time_and_removed_once() {
        let set = UserFact::ChallengeQuestionSet { question: question() };
        let asked = || UserAction::SetChallengeQuestion { question: question() };
        given(contact()).when(themself(), asked()).then(vec![set.clone()]);
        given([contact(), vec![set.clone()]].concat()).when(themself(), asked()).then(vec![set.clone()]);
        given([contact(), vec![set]].concat())
            .when(themself(), UserAction::RemoveChallengeQuestion)
            .then(vec![UserFact::ChallengeQuestionRemoved {}]);
        given(contact()).when(themself(), UserAction::RemoveChallengeQuestion).then(vec![]);
        given(deactivated()).when(themself(), asked()).refused(&UserError::Deactivated);
    }

    #[test]
    fn recovery_codes_stand_in_for_a_factor() {
        let (enroll, remove) =
            (UserAction::EnrollFactor { factor: Factor::Totp }, UserAction::RemoveFactor { factor: Factor::Totp });
        let enrolled = UserFact::FactorEnrolled { factor: Factor::Totp };
        let with_factor = || [contact(), vec![UserFact::FactorEnrolled { factor: Factor::Totp }]].concat();
        given(contact()).when(themself(), enroll.clone()).then(vec![enrolled.clone()]);
        given(with_factor()).when(themself(), enroll).then(vec![enrolled]);
        for (action, fact) in [
            (UserAction::ReplaceRecoveryCodes, UserFact::RecoveryCodesReplaced {}),
            (UserAction::UseRecoveryCode, UserFact::RecoveryCodeUsed {}),
        ] {
            given(with_factor()).when(themself(), action.clone()).then(vec![fact]);
            given(contact()).when(themself(), action).refused(&UserError::NoFactor);
        }
        given(with_factor())
            .when(themself(), remove.clone())
            .then(vec![UserFact::FactorRemoved { factor: Factor::Totp }]);
        given(contact()).when(themself(), remove).then(vec![]);
    }

    #[test]
    fn only_somebody_active_is_sent_a_reset_or_adds_a_device() {
        for (action, by, fact) in [
            (UserAction::SendReset, supervisor(), UserFact::PasswordResetSent {}),
            (UserAction::AddDevice, themself(), UserFact::DeviceAdded {}),
        ] {
            given(contact()).when(by, action.clone()).then(vec![fact]);
            given(deactivated()).when(by, action.clone()).refused(&UserError::Deactivated);
            given(vec![invited(&[Role::Contact])])
                .when(by, action)
                .refused(&UserError::NotActive { status: UserStatus::Invited });
        }
    }
}
