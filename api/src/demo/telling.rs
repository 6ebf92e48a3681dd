//! One case as it comes about: every step is put to the rules, as a command of whoever takes it.

use cqrs_es::Aggregate as _;
use domain::{
    Actor, CaseId, Channel, KeyId, MessageId, Metadata, PersonId, PlainText, RequestId, Sealed, Timestamp,
    case::{Case, CaseAction, CaseCommand, CaseError, CaseEvent, CaseFact, CaseNumber, CaseState, Pair, Words},
    text::MAX_BODY_CHARS,
};

use crate::import::identity::Identities;

/// An event that is to be recorded, and what is recorded beside it.
pub type NewEvent = (CaseEvent, Metadata);

/// A case that is being told.
pub struct Telling {
    /// The case.
    pub case_id: CaseId,
    /// What happened so far.
    pub events: Vec<NewEvent>,
    case: Case,
    reference: String,
    ids: Identities,
    request: RequestId,
    texts: u32,
}

impl Telling {
    /// A case that is yet to be opened.
    #[must_use]
    pub fn new(ids: Identities, request: RequestId, reference: String) -> Self {
        let case_id = ids.case(&reference);
        Self { case_id, events: vec![], case: Case::default(), reference, ids, request, texts: 0 }
    }

    /// What it has come to.
    ///
    /// # Panics
    /// Before it is opened.
    #[must_use]
    pub fn state(&self) -> &CaseState {
        self.case.state.as_ref().expect("a case is opened first")
    }

    /// When it was opened.
    #[must_use]
    pub fn opened_at(&self) -> Option<Timestamp> {
        self.events.first().map(|(event, _)| event.occurred_at)
    }

    /// A text under a key of its own.
    pub fn words(&mut self, subject: PersonId, text: &str) -> Sealed<PlainText> {
        let text = PlainText::parse(text, MAX_BODY_CHARS).expect("the shipped texts are texts");
        let key = self.ids.key("text", &self.next());
        Sealed::new(key, subject, text)
    }

    /// The id of another message.
    pub fn message(&mut self) -> MessageId {
        let of = self.next();
        self.ids.message(&of)
    }

    fn next(&mut self) -> String {
        self.texts += 1;
        format!("{}\n{}", self.reference, self.texts)
    }

    /// Puts an action to the rules, and takes what follows down.
    ///
    /// # Errors
    /// [`CaseError`].
    pub fn act(
        &mut self,
        by: Actor,
        on_behalf_of: Option<PersonId>,
        at: Timestamp,
        action: CaseAction,
    ) -> Result<(), CaseError> {
        let events = self.case.decide(&CaseCommand { by, at, action })?;
        self.take(events, by, on_behalf_of);
        Ok(())
    }

    /// The same of an action that another case has to answer, too.
    ///
    /// # Errors
    /// [`CaseError`].
    pub fn act_with(
        &mut self,
        other: &mut Self,
        by: Actor,
        at: Timestamp,
        action: CaseAction,
    ) -> Result<(), CaseError> {
        let written: Vec<_> = self.events.iter().map(|(event, _)| event.clone()).collect();
        let copies = std::sync::atomic::AtomicU32::new(0);
        let new_key = || -> KeyId {
            let copy = copies.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            self.ids.key("copy", &format!("{}\n{copy}", self.reference))
        };
        let words = Words { events: &written, new_key: &new_key };
        let pair = Pair { this: (self.case_id, &self.case), other: (other.case_id, &other.case) };
        let [mine, theirs] = pair.decide(&CaseCommand { by, at, action }, &words)?;
        self.take(mine, by, None);
        other.take(theirs, by, None);
        Ok(())
    }

    fn take(&mut self, events: Vec<CaseEvent>, by: Actor, on_behalf_of: Option<PersonId>) {
        // What is brought in is told to nobody, and starts no timers.
        let metadata = Metadata { on_behalf_of, ..Metadata::of(&by, self.request, Channel::Import) };
        for event in events {
            self.case.apply(event.clone());
            self.events.push((event, metadata.clone()));
        }
    }

    /// Gives it its number, which is drawn once it is known how many there are.
    pub fn number(&mut self, number: CaseNumber) {
        if let Some((CaseEvent { fact: CaseFact::Opened(opened), .. }, _)) = self.events.first_mut() {
            opened.number = number;
        }
    }
}
