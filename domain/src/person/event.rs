//! What can happen to a person. Stored as the events of a case are.

use cqrs_es::DomainEvent;
use serde::{Deserialize, Serialize};
use strum::{EnumIter, IntoStaticStr};

use crate::{Timestamp, line::Line};

/// One fact about one person, and when it became one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PersonEvent {
    /// When it happened. Never decreases in a stream.
    pub occurred_at: Timestamp,
    /// What happened.
    pub fact: PersonFact,
}

/// What people call somebody, and how they are reached. Each line is the person's own: erasing them drops its key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Details {
    /// The name.
    pub name: Line,
    /// The e-mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<Line>,
    /// The telephone number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<Line>,
}

/// The facts of a person's life here.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, IntoStaticStr, strum::EnumDiscriminants)]
#[strum_discriminants(
    name(PersonFactKind),
    derive(EnumIter, IntoStaticStr, Hash),
    doc = "The types of [`PersonFact`]."
)]
pub enum PersonFact {
    /// They became known.
    PersonRegistered(Details),
    /// Their details are others; these are all of them.
    PersonDetailsChanged(Details),
    /// They were erased: the keys of their details, and of everything that they wrote anywhere, were destroyed.
    PersonErased {},
}

impl PersonFact {
    /// The type's name, as stored.
    #[must_use]
    pub fn type_name(&self) -> &'static str {
        self.into()
    }
}

/// The schema version of every event type; one that gets a second version leaves this constant for a match.
pub const VERSION: &str = "1";

impl DomainEvent for PersonEvent {
    fn event_type(&self) -> String {
        self.fact.type_name().to_owned()
    }

    fn event_version(&self) -> String {
        VERSION.to_owned()
    }
}
