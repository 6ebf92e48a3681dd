//! What can happen to a request for access. Stored as the events of a case are.
//!
//! Its words are its writer's, who may be nobody known: each is sealed as whose the e-mail address is that it came with.

use cqrs_es::DomainEvent;
use serde::{Deserialize, Serialize};
use strum::{Display, EnumIter, EnumString, IntoStaticStr};

use crate::{
    AccountId, CaseId, Fingerprint, KeyId, PersonId, PlainText, Sealed, Slug, Timestamp, account::ContactAccess,
    line::Line,
};

/// One fact about one request, and when it became one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AccessRequestEvent {
    /// When it happened. Never decreases in a stream.
    pub occurred_at: Timestamp,
    /// What happened.
    pub fact: AccessRequestFact,
}

/// What somebody asks for.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Display, EnumIter, EnumString,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum RequestType {
    /// To sign in, for themselves and perhaps for others.
    PortalAccess,
    /// That somebody may see more, less or nothing any more.
    ChangeOrRemoval,
    /// Something else.
    Other,
}

/// Somebody for whom access is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamedPerson {
    /// The name.
    pub name: Line,
    /// The e-mail address.
    pub email: Line,
    /// The telephone number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<Line>,
}

/// What somebody wrote into the form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Submission {
    /// What they ask for.
    #[serde(rename = "type")]
    pub request_type: RequestType,
    /// Who asks: the first for whom it is decided.
    pub asker: NamedPerson,
    /// What they call the account.
    pub account_name: Sealed<PlainText>,
    /// Where the service is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service_address: Option<Sealed<PlainText>>,
    /// The rest, others' names perhaps.
    pub description: Sealed<PlainText>,
}

/// The facts of a request's life.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, IntoStaticStr, strum::EnumDiscriminants)]
#[strum_discriminants(
    name(AccessRequestFactKind),
    derive(EnumIter, IntoStaticStr, Hash),
    doc = "The types of [`AccessRequestFact`]."
)]
pub enum AccessRequestFact {
    /// Somebody asked.
    AccessRequested(Box<Submission>),
    /// Somebody at the desk found one more person in the description.
    AccessPersonAdded {
        /// Their number in the request; the asker is 1.
        number: u32,
        /// Who.
        person: NamedPerson,
    },
    /// A person is to be a contact of an account and to sign in.
    AccessApproved {
        /// Whose number in the request.
        number: u32,
        /// Who they are here, known before or not.
        person: PersonId,
        /// Of which account.
        account: AccountId,
        /// What they may see of it.
        access: ContactAccess,
        /// How it was made sure that they may.
        authority: Sealed<PlainText>,
    },
    /// A person gets no access.
    AccessDeclined {
        /// Whose number in the request.
        number: u32,
        /// Why.
        reason: Sealed<PlainText>,
    },
    /// What was asked for is worked on as a case.
    AccessMadeCase {
        /// The case.
        case: CaseId,
        /// Whose case.
        account: AccountId,
        /// Its contact.
        contact: PersonId,
        /// The kind of case.
        #[serde(rename = "type")]
        case_type: Slug,
        /// The kind within its kind.
        category: Slug,
        /// How it was made sure that they may ask.
        authority: Sealed<PlainText>,
    },
    /// What was decided of somebody is done: they are a contact and invited, or the case is open.
    AccessCarriedOut {
        /// Whose number in the request.
        number: u32,
    },
    /// All words that came with the request were destroyed. What was decided stays.
    AccessRequestRedacted {
        /// Their keys.
        keys: Vec<KeyId>,
    },
}

impl AccessRequestFact {
    /// The type's name, as stored.
    #[must_use]
    pub fn type_name(&self) -> &'static str {
        self.into()
    }
}

impl NamedPerson {
    /// The keys of what is known of them.
    pub fn keys(&self) -> impl Iterator<Item = KeyId> {
        [Some(&self.name), Some(&self.email), self.phone.as_ref()].into_iter().flatten().map(|line| line.text.key())
    }

    /// What stands for their e-mail address.
    #[must_use]
    pub fn address(&self) -> &Fingerprint {
        &self.email.fingerprint
    }
}

impl Submission {
    /// The keys of all that came with it.
    pub fn keys(&self) -> impl Iterator<Item = KeyId> {
        let texts = [Some(&self.account_name), self.service_address.as_ref(), Some(&self.description)];
        self.asker.keys().chain(texts.into_iter().flatten().map(Sealed::key))
    }
}

/// The schema version of every event type; one that gets a second version leaves this constant for a match.
pub const VERSION: &str = "1";

impl DomainEvent for AccessRequestEvent {
    fn event_type(&self) -> String {
        self.fact.type_name().to_owned()
    }

    fn event_version(&self) -> String {
        VERSION.to_owned()
    }
}
