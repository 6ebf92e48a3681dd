//! What a request has come to: the fold of its events, with all that the rules ask about and nothing else.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{AccessRequestEvent, AccessRequestFact, RequestType};
use crate::{AccountId, CaseId, Fingerprint, KeyId, PersonId, Timestamp, account::ContactAccess};

/// The number of whoever asked.
pub const ASKER: u32 = 1;

/// The state of a request that was made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AccessRequestState {
    /// What was asked for.
    pub request_type: RequestType,
    /// Everybody named, by number.
    pub people: BTreeMap<u32, PersonState>,
    /// The keys of its words.
    pub keys: Vec<KeyId>,
    /// Whether these were destroyed.
    pub is_redacted: bool,
    /// When its last event occurred.
    pub last_occurred_at: Timestamp,
    /// How many events it has.
    pub version: u64,
}

/// What has become of a person's wish.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PersonState {
    /// What stands for the e-mail address.
    pub address: Fingerprint,
    /// What was decided, if it was.
    pub outcome: Option<Outcome>,
    /// Whether that is done.
    pub is_carried_out: bool,
}

/// What was decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Outcome {
    /// They get access.
    Approved {
        /// Who they are here.
        person: PersonId,
        /// To which account.
        account: AccountId,
        /// To what of it.
        access: ContactAccess,
    },
    /// They do not.
    Declined,
    /// It is worked on as a case.
    MadeCase {
        /// The case.
        case: CaseId,
        /// Whose.
        account: AccountId,
        /// Its contact.
        contact: PersonId,
    },
}

impl AccessRequestState {
    /// Folds one event into what came before. Total: a fact is never refused.
    #[must_use]
    pub fn fold(state: Option<Self>, event: &AccessRequestEvent) -> Option<Self> {
        let mut state = match (state, &event.fact) {
            (None, AccessRequestFact::AccessRequested(submission)) => Self {
                request_type: submission.request_type,
                people: [(ASKER, PersonState::waiting(submission.asker.address()))].into(),
                keys: submission.keys().collect(),
                is_redacted: false,
                last_occurred_at: event.occurred_at,
                version: 0,
            },
            (None, _) => return None,
            (Some(state), _) => state,
        };
        state.apply(event);
        Some(state)
    }

    fn apply(&mut self, event: &AccessRequestEvent) {
        self.version += 1;
        self.last_occurred_at = event.occurred_at;
        match &event.fact {
            AccessRequestFact::AccessRequested(_) => {}
            AccessRequestFact::AccessPersonAdded { number, person } => {
                self.people.insert(*number, PersonState::waiting(person.address()));
                self.keys.extend(person.keys());
            }
            AccessRequestFact::AccessApproved { number, person, account, access, .. } => {
                let outcome = Outcome::Approved { person: *person, account: *account, access: access.clone() };
                self.set(*number, outcome);
            }
            AccessRequestFact::AccessDeclined { number, .. } => {
                self.set(*number, Outcome::Declined);
                self.carried_out(*number);
            }
            AccessRequestFact::AccessMadeCase { case, account, contact, .. } => {
                self.set(ASKER, Outcome::MadeCase { case: *case, account: *account, contact: *contact });
            }
            AccessRequestFact::AccessCarriedOut { number } => self.carried_out(*number),
            AccessRequestFact::AccessRequestRedacted { .. } => self.is_redacted = true,
        }
    }

    fn set(&mut self, number: u32, outcome: Outcome) {
        if let Some(person) = self.people.get_mut(&number) {
            person.outcome = Some(outcome);
        }
    }

    fn carried_out(&mut self, number: u32) {
        if let Some(person) = self.people.get_mut(&number) {
            person.is_carried_out = true;
        }
    }

    /// Whether everybody's wish was decided.
    #[must_use]
    pub fn is_decided(&self) -> bool {
        self.people.values().all(|person| person.outcome.is_some())
    }

    /// What was decided and is not done yet, by number.
    pub fn to_be_carried_out(&self) -> impl Iterator<Item = (u32, &Outcome)> {
        let open = self.people.iter().filter(|(_, person)| !person.is_carried_out);
        open.filter_map(|(number, person)| Some((*number, person.outcome.as_ref()?)))
    }
}

impl PersonState {
    fn waiting(address: &Fingerprint) -> Self {
        Self { address: address.clone(), outcome: None, is_carried_out: false }
    }
}
