//! Rules of cases that an installation chooses.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use strum::{Display, EnumIter, EnumString};

use super::{Decision, NotOffered, SettingsError, SettingsFact};
use crate::case::Watcher;

/// The longest time that an answer may wait, in days.
pub const MAX_DAYS: u16 = 365;

/// Rules of cases that an installation chooses.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rules {
    /// How long an answer waits that nobody objects to.
    pub resolution: ResolutionPeriods,
    /// Who may be put on a watch list.
    pub watch_list: WatchListPolicy,
}

/// How long an answer waits that nobody objects to. It holds for answers that are given from then on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResolutionPeriods {
    /// After so many days the customer is reminded.
    pub remind_after_days: u16,
    /// After so many days the case is closed.
    pub close_after_days: u16,
}

/// Who may be put on a watch list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, Display, EnumIter, EnumString)]
#[serde(rename_all = "snake_case")]
pub enum WatchListPolicy {
    /// Contacts of the account.
    Contacts,
    /// These, and addresses with a domain of theirs.
    AccountDomains,
    /// These, and any address.
    Anyone,
}

impl ResolutionPeriods {
    /// How long an answer waits before the case is closed.
    #[must_use]
    pub fn close_after(&self) -> TimeDelta {
        TimeDelta::days(self.close_after_days.into())
    }
}

impl Rules {
    /// Says how long an answer waits.
    ///
    /// # Errors
    /// [`SettingsError::PeriodsOutOfOrder`].
    pub(super) fn set_resolution_periods(&self, periods: ResolutionPeriods) -> Decision {
        let ResolutionPeriods { remind_after_days, close_after_days } = periods;
        if remind_after_days < 1 || close_after_days <= remind_after_days || close_after_days > MAX_DAYS {
            return Err(SettingsError::PeriodsOutOfOrder);
        }
        let is_new = self.resolution != periods;
        Ok(is_new.then_some(SettingsFact::ResolutionPeriodsSet(periods)).into_iter().collect())
    }

    /// Says who may be put on a watch list.
    pub(super) fn set_watch_list(&self, policy: WatchListPolicy) -> Vec<SettingsFact> {
        let is_new = self.watch_list != policy;
        is_new.then_some(SettingsFact::WatchListPolicySet { policy }).into_iter().collect()
    }

    /// Refuses somebody who may not be put on a watch list. `domains` are those of the account's contacts, in lower case.
    ///
    /// # Errors
    /// [`NotOffered::ContactsOnly`] and [`NotOffered::DomainsOnly`].
    pub fn check_watcher(&self, watcher: &Watcher, domains: &BTreeSet<String>) -> Result<(), NotOffered> {
        let Watcher::Address { address, .. } = watcher else { return Ok(()) };
        let domain = address.value().and_then(|address| address.as_str().rsplit_once('@')).map(|(_, domain)| domain);
        match self.watch_list {
            WatchListPolicy::Anyone => Ok(()),
            WatchListPolicy::Contacts => Err(NotOffered::ContactsOnly),
            WatchListPolicy::AccountDomains if domain.is_some_and(|it| domains.contains(&it.to_lowercase())) => Ok(()),
            WatchListPolicy::AccountDomains => Err(NotOffered::DomainsOnly),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        case::testing::{address, contact_watcher},
        settings::{Settings, SettingsAction, testing::*},
    };

    fn periods(remind_after_days: u16, close_after_days: u16) -> ResolutionPeriods {
        ResolutionPeriods { remind_after_days, close_after_days }
    }

    #[test]
    fn a_reminder_comes_before_the_end() {
        let set = |periods| SettingsAction::SetResolutionPeriods(periods);
        let fact = SettingsFact::ResolutionPeriodsSet(periods(1, 2));
        given(vec![]).when(administrator(), set(periods(1, 2))).then(vec![fact.clone()]);
        given(vec![fact]).when(administrator(), set(periods(1, 2))).then(vec![]);
        for bad in [periods(0, 5), periods(5, 5), periods(6, 5), periods(5, 366)] {
            given(vec![]).when(administrator(), set(bad)).refused(&SettingsError::PeriodsOutOfOrder);
        }
    }

    #[test]
    fn a_watch_list_is_for_whom_the_policy_says() {
        let domains = BTreeSet::from(["example.com".to_owned()]);
        let rules = |policy| {
            let fact = SettingsFact::WatchListPolicySet { policy };
            given(vec![]).when(administrator(), SettingsAction::SetWatchList { policy });
            given(vec![fact]).settings().rules
        };
        let (near, far) = (address("Ana@Example.com"), address("bo@elsewhere.example"));
        let subdomain = address("bo@sub.example.com");
        assert_eq!(Settings::default().rules.check_watcher(&far, &domains), Ok(()));
        let contacts = rules(WatchListPolicy::Contacts);
        assert_eq!(contacts.check_watcher(&near, &domains), Err(NotOffered::ContactsOnly));
        let same = rules(WatchListPolicy::AccountDomains);
        assert_eq!(same.check_watcher(&near, &domains), Ok(()));
        for stranger in [far, subdomain] {
            assert_eq!(same.check_watcher(&stranger, &domains), Err(NotOffered::DomainsOnly));
        }
        assert_eq!(contacts.check_watcher(&contact_watcher(7), &BTreeSet::new()), Ok(()));
    }
}
