//! The person: a contact, a member of staff, a service; whoever acts or is meant, and what they are called.
//!
//! What they may do is not here: accounts have contacts, tokens have roles.

pub mod event;

use cqrs_es::{Aggregate, event_sink::EventSink};
use serde::{Deserialize, Serialize};

pub use event::{Details, PersonEvent, PersonFact, PersonFactKind};

use crate::{Actor, Fingerprint, Line, Role, Timestamp};

/// The name that stands where an erased person's stood.
pub const ERASED_NAME: &str = "Erased person";

/// A person, registered or yet to be, or erased.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Person {
    /// What is known; nothing before they are registered, nor after they were erased.
    pub state: Option<PersonState>,
    /// Whether they were erased, which is for good: whoever comes back is somebody new.
    pub is_erased: bool,
}

/// What the rules know of a person who was registered: what stands for their details.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonState {
    /// For the name.
    pub name: Fingerprint,
    /// For the e-mail address.
    pub email: Option<Fingerprint>,
    /// For the telephone number.
    pub phone: Option<Fingerprint>,
    /// When the last event occurred.
    pub last_occurred_at: Timestamp,
    /// How many events there are.
    pub version: u64,
}

/// An action, by whom, and when.
#[derive(Clone, Debug)]
pub struct PersonCommand {
    /// Who asks.
    pub by: Actor,
    /// When. A moment before the person's last event counts as that event's.
    pub at: Timestamp,
    /// What they ask for.
    pub action: PersonAction,
}

/// What can be asked. Repeating what already holds succeeds and records nothing.
#[derive(Clone, Debug)]
pub enum PersonAction {
    /// Write a person down.
    Register(Details),
    /// Write their details anew.
    ChangeDetails(Details),
    /// Erase them. Somebody who was never written down may have written something all the same.
    Erase,
}

/// Why that is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PersonError {
    /// Nothing was ever recorded under this id.
    #[error("there is no such person")]
    NotFound,
    /// The id is taken.
    #[error("a person with this id is already there, with other details: change those instead")]
    AlreadyRegistered,
    /// They were erased.
    #[error("this person was erased, for good: write whoever comes back down as somebody new")]
    Erased,
    /// People are written down by administrators, and new ones by supervisors, who decide on access requests.
    #[error("as {role} you may not change who people are")]
    NotPermitted {
        /// In which role it was asked for.
        role: Role,
    },
}

impl Person {
    /// What follows from a command, as events in their order.
    ///
    /// # Errors
    /// [`PersonError`]: first for who may ask at all, then for the rule.
    pub fn decide(&self, command: &PersonCommand) -> Result<Vec<PersonEvent>, PersonError> {
        let PersonCommand { by, at, action } = command;
        let registers = matches!(action, PersonAction::Register(_)) && by.roles.has(Role::Supervisor);
        if !by.roles.has(Role::Administrator) && !registers {
            return Err(PersonError::NotPermitted { role: by.acting_as() });
        }
        if self.is_erased {
            return match action {
                PersonAction::Erase => Ok(vec![]),
                PersonAction::Register(_) | PersonAction::ChangeDetails(_) => Err(PersonError::Erased),
            };
        }
        let fact = match (&self.state, action) {
            (_, PersonAction::Erase) => PersonFact::PersonErased {},
            (None, PersonAction::Register(details)) => PersonFact::PersonRegistered(details.clone()),
            (None, PersonAction::ChangeDetails(_)) => return Err(PersonError::NotFound),
            (Some(state), PersonAction::Register(details) | PersonAction::ChangeDetails(details))
                if state.has(details) =>
            {
                return Ok(vec![]);
            }
            (Some(_), PersonAction::Register(_)) => return Err(PersonError::AlreadyRegistered),
            (Some(_), PersonAction::ChangeDetails(details)) => PersonFact::PersonDetailsChanged(details.clone()),
        };
        let occurred_at = self.state.as_ref().map_or(*at, |state| state.last_occurred_at.max(*at));
        Ok(vec![PersonEvent { occurred_at, fact }])
    }
}

impl PersonState {
    /// Folds one event into what came before: nothing is known of whoever was erased. Total: a fact is never refused.
    #[must_use]
    pub fn fold(state: Option<Self>, event: &PersonEvent) -> Option<Self> {
        let details = match (&state, &event.fact) {
            (None, PersonFact::PersonDetailsChanged(_)) | (_, PersonFact::PersonErased {}) => return None,
            (_, PersonFact::PersonRegistered(details) | PersonFact::PersonDetailsChanged(details)) => details,
        };
        let fingerprint = |line: &Option<Line>| line.as_ref().map(|line| line.fingerprint.clone());
        Some(Self {
            name: details.name.fingerprint.clone(),
            email: fingerprint(&details.email),
            phone: fingerprint(&details.phone),
            last_occurred_at: event.occurred_at,
            version: state.map_or(0, |state| state.version) + 1,
        })
    }

    fn has(&self, details: &Details) -> bool {
        let same = |known: &Option<Fingerprint>, line: &Option<Line>| {
            known.as_ref() == line.as_ref().map(|line| &line.fingerprint)
        };
        self.name == details.name.fingerprint && same(&self.email, &details.email) && same(&self.phone, &details.phone)
    }
}

impl Aggregate for Person {
    const TYPE: &'static str = "person";
    type Command = PersonCommand;
    type Event = PersonEvent;
    type Error = PersonError;
    type Services = ();

    async fn handle(
        &mut self,
        command: Self::Command,
        (): &Self::Services,
        sink: &EventSink<Self>,
    ) -> Result<(), Self::Error> {
        for event in self.decide(&command)? {
            sink.write(event, self).await;
        }
        Ok(())
    }

    fn apply(&mut self, event: Self::Event) {
        self.is_erased |= matches!(event.fact, PersonFact::PersonErased {});
        self.state = PersonState::fold(self.state.take(), &event);
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::{KeyId, PersonId, PlainText, Sealed};

    const SOMEBODY: PersonId = PersonId(Uuid::from_u128(1));

    fn line(text: &str) -> Line {
        let words = PlainText::parse(text, 100).expect("a text");
        let text = Sealed::new(KeyId(Uuid::nil()), SOMEBODY, words);
        Line { fingerprint: Fingerprint(format!("fingerprint of {:?}", text.value().map(PlainText::as_str))), text }
    }

    fn ana(email: Option<&str>) -> Details {
        Details { name: line("Ana Torres"), email: email.map(line), phone: None }
    }

    fn decide(facts: &[PersonFact], role: Role, action: PersonAction) -> Result<Vec<PersonFact>, PersonError> {
        let mut person = Person::default();
        for fact in facts {
            person.apply(PersonEvent { occurred_at: Timestamp::UNIX_EPOCH, fact: fact.clone() });
        }
        let command = PersonCommand { by: Actor::new(SOMEBODY, role), at: Timestamp::UNIX_EPOCH, action };
        Ok(person.decide(&command)?.into_iter().map(|event| event.fact).collect())
    }

    #[test]
    fn a_person_is_registered_once_and_changes_after_that() {
        let registered = [PersonFact::PersonRegistered(ana(None))];
        let (old, new) = (ana(None), ana(Some("ana@example.com")));
        let ask = |facts: &[PersonFact], action| decide(facts, Role::Administrator, action);
        assert_eq!(ask(&[], PersonAction::Register(old.clone())), Ok(registered.to_vec()));
        assert_eq!(ask(&[], PersonAction::ChangeDetails(old.clone())), Err(PersonError::NotFound));
        assert_eq!(ask(&registered, PersonAction::Register(old.clone())), Ok(vec![]));
        assert_eq!(ask(&registered, PersonAction::Register(new.clone())), Err(PersonError::AlreadyRegistered));
        let changed = Ok(vec![PersonFact::PersonDetailsChanged(new.clone())]);
        assert_eq!(ask(&registered, PersonAction::ChangeDetails(new)), changed);
        assert_eq!(ask(&registered, PersonAction::ChangeDetails(old)), Ok(vec![]));
    }

    #[test]
    fn who_people_are_is_for_administrators() {
        for role in [Role::Contact, Role::Agent, Role::Supervisor, Role::Auditor, Role::Service] {
            for action in [PersonAction::Register(ana(None)), PersonAction::Erase] {
                assert_eq!(decide(&[], role, action), Err(PersonError::NotPermitted { role }));
            }
        }
    }

    #[test]
    fn a_person_is_erased_once_and_for_good() {
        let ask = |facts: &[PersonFact], action| decide(facts, Role::Administrator, action);
        let erased = Ok(vec![PersonFact::PersonErased {}]);
        let registered = PersonFact::PersonRegistered(ana(None));
        assert_eq!(ask(&[], PersonAction::Erase), erased, "whoever was never written down may have written");
        assert_eq!(ask(std::slice::from_ref(&registered), PersonAction::Erase), erased);
        let gone = [registered, PersonFact::PersonErased {}];
        assert_eq!(ask(&gone, PersonAction::Erase), Ok(vec![]));
        assert_eq!(ask(&gone, PersonAction::Register(ana(None))), Err(PersonError::Erased));
        assert_eq!(ask(&gone, PersonAction::ChangeDetails(ana(None))), Err(PersonError::Erased));
    }

    #[test]
    fn nothing_is_known_of_whoever_was_erased() {
        let mut person = Person::default();
        for fact in [PersonFact::PersonRegistered(ana(Some("ana@example.com"))), PersonFact::PersonErased {}] {
            person.apply(PersonEvent { occurred_at: Timestamp::UNIX_EPOCH, fact });
        }
        assert_eq!(person, Person { state: None, is_erased: true });
    }
}
