//! A case as mail needs it: what happened, in order, and what it has come to.

use domain::{
    CaseId, Fingerprint, Metadata, PlainText, Sealed,
    case::{Case, CaseEvent, CaseFact, CaseState, Watcher, WatcherId},
};
use event_log::{AnyEvent, Codec, LogError, StreamId, read_stream};
use sqlx::PgConnection;

/// One thing that happened to it.
#[derive(Clone, Debug)]
pub(super) struct Happening {
    /// Its place in the log.
    pub position: i64,
    /// What.
    pub event: CaseEvent,
    /// Who did it, and how.
    pub metadata: Metadata,
}

/// A case from its first event to its last.
#[derive(Clone, Debug)]
pub(super) struct History {
    /// The case.
    pub case_id: CaseId,
    /// What happened to it, with the texts that are still there.
    pub happened: Vec<Happening>,
    /// What it has come to.
    pub state: CaseState,
}

impl History {
    /// Reads a case; none that was never opened.
    ///
    /// # Errors
    /// [`LogError`], also when an event of it cannot be read: whoever does not know all of it might tell too much.
    pub(super) async fn read(
        conn: &mut PgConnection,
        codec: &Codec,
        case_id: CaseId,
    ) -> Result<Option<Self>, LogError> {
        let stream = StreamId::of::<Case>(case_id.to_string());
        let (mut happened, mut state) = (vec![], None);
        for event in read_stream(conn, codec, &stream).await? {
            let (position, sequence) = (event.position, event.sequence);
            match event.event {
                Ok((AnyEvent::Case { event, .. }, metadata)) => {
                    state = CaseState::fold(state, &event);
                    happened.push(Happening { position, event, metadata });
                }
                Ok(_) => unreachable!("a case's stream has no event of another aggregate"),
                Err(source) => return Err(LogError::Unreadable { stream, sequence, source }),
            }
        }
        Ok(state.map(|state| Self { case_id, happened, state }))
    }

    /// What happened at a position, with its place among the others.
    pub(super) fn at(&self, position: i64) -> Option<(usize, &Happening)> {
        self.happened.iter().enumerate().find(|(_, it)| it.position == position)
    }

    /// What else happened in the same request, side by side with it: `(first, last)`.
    pub(super) fn together(&self, place: usize) -> (usize, usize) {
        let request = self.happened[place].metadata.request;
        let same = |it: &Happening| it.metadata.request == request;
        let before = self.happened[..place].iter().rev().take_while(|it| same(it)).count();
        let after = self.happened[place + 1..].iter().take_while(|it| same(it)).count();
        (place - before, place + after)
    }

    /// What the case had come to once all was recorded that a request did.
    pub(super) fn state_after(&self, place: usize) -> Option<CaseState> {
        self.happened[..=self.together(place).1].iter().fold(None, |state, it| CaseState::fold(state, &it.event))
    }

    /// The address that somebody was put on the watch list with, if its words are there.
    pub(super) fn address_of(&self, watcher: &Fingerprint) -> Option<String> {
        let id = WatcherId::Address(watcher.clone());
        let address = |it: &Happening| match &it.event.fact {
            CaseFact::WatcherAdded { watcher: added @ Watcher::Address { address, .. }, .. } if added.id() == id => {
                address.value().map(|address| address.as_str().to_owned())
            }
            _ => None,
        };
        self.happened.iter().rev().find_map(address)
    }

    /// What the case is called: its last subject or the first line of its description, unless that was taken away.
    pub(super) fn subject(&self) -> Option<String> {
        let mut subject: Option<&Sealed<PlainText>> = None;
        let mut description = None;
        for it in &self.happened {
            match &it.event.fact {
                CaseFact::Opened(opened) => {
                    subject = opened.subject.as_ref();
                    description = Some((opened.message, &opened.description));
                }
                CaseFact::SubjectChanged { subject: new } => subject = Some(new),
                _ => {}
            }
        }
        if let Some(subject) = subject {
            return self.other_words(subject);
        }
        let (message, text) = description?;
        self.message_words(message, text).map(PlainText::first_line)
    }

    /// The words of a message, description or note, unless they were taken away or are another case's now.
    pub(super) fn message_words<'t>(
        &self,
        message: domain::MessageId,
        text: &'t Sealed<PlainText>,
    ) -> Option<&'t PlainText> {
        let known = self.state.texts.get(&message)?;
        text.value().filter(|_| !known.redacted && !known.destroyed && known.elsewhere.moved_to.is_none())
    }

    /// The words of another text, unless they were taken away.
    pub(super) fn other_words(&self, text: &Sealed<PlainText>) -> Option<String> {
        use domain::{MessageId, case::TextLeft};
        let known = self.state.other_texts.get(&MessageId::of_text(text.key()));
        let is_there = known.is_some_and(|known| known.left == TextLeft::All);
        text.value().filter(|_| is_there).map(|text| text.as_str().to_owned())
    }

    /// Whether the opener acted for the desk.
    pub(super) fn was_opened_by_staff(&self) -> bool {
        use domain::Role;
        self.happened.first().is_some_and(|it| it.metadata.role != Role::Contact)
    }
}
