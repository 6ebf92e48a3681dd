//! The words of the rules' tests: given these facts, when somebody asks for this, then these facts follow.

use cqrs_es::Aggregate;
use uuid::Uuid;

use super::*;
use crate::{Actor, Fingerprint, KeyId, Line, PersonId, PlainText, Role, Sealed, Slug, case::Priority};

pub struct Given(Settings);

pub struct When(Result<Vec<SettingsFact>, SettingsError>);

pub fn given(facts: Vec<SettingsFact>) -> Given {
    let mut settings = Settings::default();
    for fact in facts {
        settings.apply(SettingsEvent { occurred_at: Timestamp::UNIX_EPOCH, fact });
    }
    Given(settings)
}

impl Given {
    pub fn settings(self) -> Settings {
        self.0
    }

    pub fn when(self, by: Actor, action: SettingsAction) -> When {
        let command = SettingsCommand { by, at: Timestamp::UNIX_EPOCH, action };
        When(self.0.decide(&command).map(|events| events.into_iter().map(|event| event.fact).collect()))
    }
}

impl When {
    #[track_caller]
    pub fn then(self, facts: Vec<SettingsFact>) {
        assert_eq!(self.0, Ok(facts));
    }

    #[track_caller]
    pub fn refused(self, error: &SettingsError) {
        assert_eq!(self.0.as_ref(), Err(error));
    }

    pub fn is_accepted(&self) -> bool {
        self.0.is_ok()
    }
}

pub fn by(role: Role) -> Actor {
    Actor::new(PersonId(Uuid::from_u128(1)), role)
}

pub fn administrator() -> Actor {
    by(Role::Administrator)
}

pub fn slug(text: &str) -> Slug {
    text.parse().expect("a slug")
}

pub fn name(text: &str) -> Name {
    Name::parse(text).expect("a name")
}

pub fn line(text: &str) -> Line {
    let words = PlainText::parse(text, 100).expect("a text");
    let text = Sealed::new(KeyId(Uuid::nil()), PersonId::OPERATOR, words.clone());
    Line { fingerprint: Fingerprint(format!("fingerprint of {}", words.as_str())), text }
}

pub fn case_type(called: &str, queue: &str) -> CaseType {
    CaseType {
        name: name(called),
        covers: None,
        queue: slug(queue),
        priority: Priority::Normal,
        location_required: true,
        product_required: false,
    }
}

// Actions

pub fn set_queue(key: &str, called: &str) -> SettingsAction {
    SettingsAction::SetQueue { queue: slug(key), name: name(called) }
}

pub fn retire_entry(entry: EntryName) -> SettingsAction {
    SettingsAction::RetireEntry { entry }
}

pub fn restore_entry(entry: EntryName) -> SettingsAction {
    SettingsAction::RestoreEntry { entry }
}
