//! What is known of an event beside the fact itself: ids only, never a name, an address or an IP.

use serde::{Deserialize, Serialize};
use strum::{Display, EnumString};

use crate::{Actor, PersonId, RequestId, Role};

/// The way by which a command came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, Display, EnumString)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
pub enum Channel {
    /// A customer in the portal.
    Portal,
    /// Staff at their desk.
    Desk,
    /// A mail.
    Email,
    /// A machine through the API.
    Api,
    /// A history brought over from another system.
    Import,
    /// A date that was reached.
    Clock,
}

/// Who did it, for whom, in which request, through which channel.
///
/// Stored as a flat object of texts, which is also what `cqrs-es` reads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Metadata {
    /// Who acted.
    pub actor: PersonId,
    /// In which role.
    pub role: Role,
    /// For whom, when an agent or a colleague acted for somebody else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_behalf_of: Option<PersonId>,
    /// The request that carried the command.
    pub request: RequestId,
    /// The way by which it came.
    pub channel: Channel,
    /// For an import: the row of the source that made this event, as a fingerprint of its place there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_row: Option<String>,
    /// For an import: the source did not say this, but what came later implies it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inferred: Option<Inferred>,
}

/// Marks a step or a text that an import had to add, because the rules need it and the source lacks it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Inferred {
    /// The whole event was added.
    Step,
    /// The event is the source's, a required text in it was not.
    Text,
}

impl Metadata {
    /// What is recorded of a command given by `actor`.
    #[must_use]
    pub fn of(actor: &Actor, request: RequestId, channel: Channel) -> Self {
        Self {
            actor: actor.person,
            role: actor.acting_as(),
            on_behalf_of: None,
            request,
            channel,
            source_row: None,
            inferred: None,
        }
    }
}
