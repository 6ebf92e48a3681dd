//! What these tests ask of an aggregate's events.

use std::{
    collections::BTreeSet,
    fmt::{self, Debug},
};

use cqrs_es::DomainEvent;
use domain::{
    Audience,
    access_request::{AccessRequestEvent, AccessRequestFact, AccessRequestFactKind, AccessRequestState},
    account::{AccountEvent, AccountFact, AccountFactKind, AccountState},
    case::{CaseEvent, CaseFact, CaseFactKind, CaseState},
    person::{PersonEvent, PersonFact, PersonFactKind, PersonState},
    settings::{Settings, SettingsEvent, SettingsFactKind},
    user::{UserEvent, UserFact, UserFactKind, UserState},
};
use serde::{Serialize, de::DeserializeOwned};
use strum::IntoEnumIterator;

use crate::samples;

/// Events that have golden files.
pub trait Shipped: DomainEvent + Serialize + DeserializeOwned + PartialEq + Clone + fmt::Debug {
    /// The aggregate's name, which is that of its folder.
    const AGGREGATE: &'static str;

    /// The forms of each type, named by what is particular about each.
    fn samples() -> Vec<Vec<(&'static str, Self)>>;

    /// What the aggregate has come to after its first event and this one, which may be the first, in words.
    fn fold_after_the_first(&self) -> String;

    /// For whom events like this are, where there are several audiences.
    fn audience(&self) -> Option<Audience>;
}

/// The words of a state that has this many events more than before, the last of them at `at`.
fn described<S: Debug>(state: &S, counted: (u64, domain::Timestamp), expected: (u64, domain::Timestamp)) -> String {
    assert_eq!(counted, expected, "{state:?}");
    format!("{state:?}")
}

impl Shipped for CaseEvent {
    const AGGREGATE: &'static str = "case";

    fn samples() -> Vec<Vec<(&'static str, Self)>> {
        CaseFactKind::iter().map(samples::of).collect()
    }

    fn fold_after_the_first(&self) -> String {
        let opening = samples::of(CaseFactKind::Opened).into_iter().next().expect("an opening").1;
        let before = match self.fact {
            CaseFact::Opened(_) => None,
            _ => CaseState::fold(None, &opening),
        };
        let version = before.as_ref().map_or(0, |state| state.version);
        let state = CaseState::fold(before, self).expect("a case that was opened");
        described(&state, (state.version, state.last_occurred_at), (version + 1, self.occurred_at))
    }

    fn audience(&self) -> Option<Audience> {
        Some(self.fact.audience())
    }
}

impl Shipped for AccountEvent {
    const AGGREGATE: &'static str = "account";

    fn samples() -> Vec<Vec<(&'static str, Self)>> {
        AccountFactKind::iter().map(samples::of_account).collect()
    }

    fn fold_after_the_first(&self) -> String {
        let opening = samples::of_account(AccountFactKind::AccountOpened).into_iter().next().expect("an opening").1;
        let before = match self.fact {
            AccountFact::AccountOpened { .. } => None,
            _ => AccountState::fold(None, &opening),
        };
        let version = before.as_ref().map_or(0, |state| state.version);
        let state = AccountState::fold(before, self).expect("an account that was opened");
        described(&state, (state.version, state.last_occurred_at), (version + 1, self.occurred_at))
    }

    fn audience(&self) -> Option<Audience> {
        None
    }
}

impl Shipped for PersonEvent {
    const AGGREGATE: &'static str = "person";

    fn samples() -> Vec<Vec<(&'static str, Self)>> {
        PersonFactKind::iter().map(samples::of_person).collect()
    }

    fn fold_after_the_first(&self) -> String {
        let first = samples::of_person(PersonFactKind::PersonRegistered).into_iter().next().expect("a registration").1;
        let before = match self.fact {
            PersonFact::PersonRegistered(_) => None,
            PersonFact::PersonDetailsChanged(_) => PersonState::fold(None, &first),
            PersonFact::PersonErased {} => {
                let known = PersonState::fold(None, &first);
                assert_eq!(PersonState::fold(known, self), None, "nothing is known of whoever was erased");
                return String::new();
            }
        };
        let version = before.as_ref().map_or(0, |state| state.version);
        let state = PersonState::fold(before, self).expect("a person who was registered");
        described(&state, (state.version, state.last_occurred_at), (version + 1, self.occurred_at))
    }

    fn audience(&self) -> Option<Audience> {
        None
    }
}

impl Shipped for SettingsEvent {
    const AGGREGATE: &'static str = "settings";

    fn samples() -> Vec<Vec<(&'static str, Self)>> {
        SettingsFactKind::iter().map(samples::of_settings).collect()
    }

    fn fold_after_the_first(&self) -> String {
        let mut settings = Settings::default();
        settings.fold(self);
        let head = settings.heads[&self.fact.section()];
        described(&settings, (head.version, head.last_occurred_at), (1, self.occurred_at))
    }

    fn audience(&self) -> Option<Audience> {
        None
    }
}

impl Shipped for UserEvent {
    const AGGREGATE: &'static str = "user";

    fn samples() -> Vec<Vec<(&'static str, Self)>> {
        UserFactKind::iter().map(samples::of_user).collect()
    }

    fn fold_after_the_first(&self) -> String {
        let invitation = samples::of_user(UserFactKind::UserInvited).into_iter().next().expect("an invitation").1;
        let before = match self.fact {
            UserFact::UserInvited { .. } => None,
            _ => UserState::fold(None, &invitation),
        };
        let version = before.as_ref().map_or(0, |state| state.version);
        let Some(state) = UserState::fold(before, self) else {
            assert_eq!(self.fact, UserFact::UserErased {}, "nothing is known of whoever was erased alone");
            return String::new();
        };
        described(&state, (state.version, state.last_occurred_at), (version + 1, self.occurred_at))
    }

    fn audience(&self) -> Option<Audience> {
        None
    }
}

impl Shipped for AccessRequestEvent {
    const AGGREGATE: &'static str = "access_request";

    fn samples() -> Vec<Vec<(&'static str, Self)>> {
        AccessRequestFactKind::iter().map(samples::of_access_request).collect()
    }

    fn fold_after_the_first(&self) -> String {
        let first = samples::of_access_request(AccessRequestFactKind::AccessRequested);
        let first = first.into_iter().next().expect("a request").1;
        let before = match self.fact {
            AccessRequestFact::AccessRequested(_) => None,
            _ => AccessRequestState::fold(None, &first),
        };
        let version = before.as_ref().map_or(0, |state| state.version);
        let state = AccessRequestState::fold(before, self).expect("a request that was made");
        described(&state, (state.version, state.last_occurred_at), (version + 1, self.occurred_at))
    }

    fn audience(&self) -> Option<Audience> {
        None
    }
}

/// The audiences of a type's forms; none where the aggregate knows no audiences.
pub fn audiences<'a, E: Shipped + 'a>(forms: impl Iterator<Item = &'a E>) -> BTreeSet<Audience> {
    forms.filter_map(Shipped::audience).collect()
}
