//! The words of the rules' tests: given these facts, when somebody asks for this, then these facts follow.

use chrono::TimeDelta;
use cqrs_es::Aggregate as _;
use uuid::Uuid;

use super::*;
use crate::{Actor, Fingerprint, KeyId, Line, PersonId, PlainText, Role, Sealed, Slug};

pub struct Given {
    user: User,
    minutes: i64,
    has_another_administrator: bool,
}

pub struct When(Result<Vec<UserFact>, UserError>);

pub fn given(facts: Vec<UserFact>) -> Given {
    let mut user = User::default();
    for fact in facts {
        user.apply(UserEvent { occurred_at: at(0), fact });
    }
    Given { user, minutes: 0, has_another_administrator: true }
}

/// What a user has come to.
pub fn folded(facts: Vec<UserFact>) -> UserState {
    given(facts).user.state.expect("a user who was invited")
}

impl Given {
    /// Nobody else is an active administrator.
    pub fn without_another_administrator(self) -> Self {
        Self { has_another_administrator: false, ..self }
    }

    /// Minutes after all that.
    pub fn later(self, minutes: i64) -> Self {
        Self { minutes, ..self }
    }

    pub fn when(self, by: Actor, action: UserAction) -> When {
        let command = UserCommand {
            at: at(self.minutes),
            has_another_administrator: self.has_another_administrator,
            ..command(by, action)
        };
        When(self.user.decide(&command).map(|events| events.into_iter().map(|event| event.fact).collect()))
    }
}

impl When {
    #[track_caller]
    pub fn then(self, facts: Vec<UserFact>) {
        assert_eq!(self.0, Ok(facts));
    }

    #[track_caller]
    pub fn refused(self, error: &UserError) {
        assert_eq!(self.0.as_ref(), Err(error));
    }
}

pub fn command(by: Actor, action: UserAction) -> UserCommand {
    UserCommand { user: person(1), by, at: at(0), action, has_another_administrator: true }
}

pub fn at(minutes: i64) -> Timestamp {
    Timestamp::UNIX_EPOCH + TimeDelta::minutes(minutes)
}

pub fn person(n: u128) -> PersonId {
    PersonId(Uuid::from_u128(n))
}

pub fn administrator() -> Actor {
    Actor::new(person(100), Role::Administrator)
}

pub fn supervisor() -> Actor {
    Actor::new(person(101), Role::Supervisor)
}

/// The user.
pub fn themself() -> Actor {
    Actor::new(person(1), Role::Contact)
}

pub fn question() -> Slug {
    "first-concert".parse().expect("a short name")
}

fn line(text: &str) -> Line {
    let words = PlainText::parse(text, 100).expect("a text");
    let fingerprint = Fingerprint(format!("fingerprint of {text}"));
    Line { fingerprint, text: Sealed::new(KeyId(Uuid::nil()), person(1), words) }
}

const ADDRESS: &str = "ana@example.com";

// Facts

pub fn invited(roles: &[Role]) -> UserFact {
    let roles = roles.iter().copied().collect();
    UserFact::UserInvited { email: line(ADDRESS), username: line(ADDRESS), roles }
}

pub fn activated() -> UserFact {
    UserFact::UserActivated {}
}

// Actions

pub fn invite(roles: &[Role]) -> UserAction {
    invite_as(ADDRESS, roles)
}

pub fn invite_as(address: &str, roles: &[Role]) -> UserAction {
    let roles = roles.iter().copied().collect();
    UserAction::Invite { email: line(address), username: line(address), roles }
}

pub fn grant(roles: &[Role]) -> UserAction {
    UserAction::Grant { roles: roles.iter().copied().collect() }
}

pub fn revoke(roles: &[Role]) -> UserAction {
    UserAction::Revoke { roles: roles.iter().copied().collect() }
}

pub fn password(occasion: PasswordOccasion) -> UserAction {
    UserAction::SetPassword { occasion }
}
