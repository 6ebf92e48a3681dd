//! Streams: the events of one aggregate, and what the log asks of an aggregate's events.

use std::fmt;

use cqrs_es::{Aggregate, DomainEvent};
use domain::{
    KeyId, PersonId,
    access_request::{AccessRequestEvent, AccessRequestFact, AccessRequestFactKind},
    account::{AccountEvent, AccountFactKind},
    case::{CaseEvent, CaseFact, CaseFactKind},
    person::{PersonEvent, PersonFactKind},
    settings::{SettingsEvent, SettingsFactKind},
    user::{UserEvent, UserFactKind},
};
use strum::IntoEnumIterator;

/// The name of a stream.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StreamId {
    /// The kind of aggregate, [`Aggregate::TYPE`].
    pub aggregate_type: String,
    /// Which one.
    pub aggregate_id: String,
}

impl StreamId {
    /// The stream of one aggregate.
    pub fn of<A: Aggregate>(aggregate_id: impl Into<String>) -> Self {
        Self { aggregate_type: A::TYPE.to_owned(), aggregate_id: aggregate_id.into() }
    }
}

impl fmt::Display for StreamId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.aggregate_type, self.aggregate_id)
    }
}

/// An aggregate whose events the log keeps.
pub trait LogAggregate: Aggregate<Event: LogEvent> + Clone + 'static {}

impl<A: Aggregate<Event: LogEvent> + Clone + 'static> LogAggregate for A {}

/// What the log must know of an event beside its bytes.
pub trait LogEvent: DomainEvent {
    /// The keys that are destroyed in the moment the event is recorded.
    fn destroyed_keys(&self) -> Vec<KeyId>;

    /// The key of the file that it tells of, made before it, and whose file it is.
    fn file_key(&self) -> Option<(KeyId, PersonId)>;

    /// The newest version of an event type that this binary reads, if it knows the type.
    fn known_version(event_type: &str) -> Option<&'static str>;
}

impl LogEvent for CaseEvent {
    fn destroyed_keys(&self) -> Vec<KeyId> {
        match &self.fact {
            CaseFact::MessageRedacted { key, destroyed: true, .. }
            | CaseFact::TextRedacted { key, destroyed: true, .. }
            | CaseFact::RedactedTextDestroyed { key, .. }
            | CaseFact::AttachmentRemoved { key, destroyed: true, .. } => vec![*key],
            CaseFact::AttachmentRedacted { key, name_key, destroyed: true, .. }
            | CaseFact::RedactedAttachmentDestroyed { key, name_key, .. } => vec![*key, *name_key],
            _ => vec![],
        }
    }

    fn file_key(&self) -> Option<(KeyId, PersonId)> {
        match &self.fact {
            CaseFact::AttachmentAdded(added) => Some((added.key, added.uploader)),
            _ => None,
        }
    }

    fn known_version(event_type: &str) -> Option<&'static str> {
        CaseFactKind::iter().find(|kind| <&str>::from(kind) == event_type).map(|_| domain::case::event::VERSION)
    }
}

impl LogEvent for AccountEvent {
    fn destroyed_keys(&self) -> Vec<KeyId> {
        vec![]
    }

    fn file_key(&self) -> Option<(KeyId, PersonId)> {
        None
    }

    fn known_version(event_type: &str) -> Option<&'static str> {
        AccountFactKind::iter().find(|kind| <&str>::from(kind) == event_type).map(|_| domain::account::event::VERSION)
    }
}

impl LogEvent for PersonEvent {
    fn destroyed_keys(&self) -> Vec<KeyId> {
        vec![]
    }

    fn file_key(&self) -> Option<(KeyId, PersonId)> {
        None
    }

    fn known_version(event_type: &str) -> Option<&'static str> {
        PersonFactKind::iter().find(|kind| <&str>::from(kind) == event_type).map(|_| domain::person::event::VERSION)
    }
}

impl LogEvent for SettingsEvent {
    fn destroyed_keys(&self) -> Vec<KeyId> {
        vec![]
    }

    fn file_key(&self) -> Option<(KeyId, PersonId)> {
        None
    }

    fn known_version(event_type: &str) -> Option<&'static str> {
        SettingsFactKind::iter().find(|kind| <&str>::from(kind) == event_type).map(|_| domain::settings::event::VERSION)
    }
}

impl LogEvent for UserEvent {
    fn destroyed_keys(&self) -> Vec<KeyId> {
        vec![]
    }

    fn file_key(&self) -> Option<(KeyId, PersonId)> {
        None
    }

    fn known_version(event_type: &str) -> Option<&'static str> {
        UserFactKind::iter().find(|kind| <&str>::from(kind) == event_type).map(|_| domain::user::event::VERSION)
    }
}

impl LogEvent for AccessRequestEvent {
    fn destroyed_keys(&self) -> Vec<KeyId> {
        match &self.fact {
            AccessRequestFact::AccessRequestRedacted { keys } => keys.clone(),
            _ => vec![],
        }
    }

    fn file_key(&self) -> Option<(KeyId, PersonId)> {
        None
    }

    fn known_version(event_type: &str) -> Option<&'static str> {
        let known = AccessRequestFactKind::iter().find(|kind| <&str>::from(kind) == event_type);
        known.map(|_| domain::access_request::event::VERSION)
    }
}
