//! A case without its words: what happened to it, in order, and what it has come to.
//!
//! Each case that mail was about lately is known here, so that the next mail reads what came since and not all of it again. A head
//! start, never an authority: the last event that is known is read along, and where it is not the one that the log has (a database
//! that was restored from a backup), the case is read from its first event. There are no words in it, and so nothing to erase.

use std::sync::Arc;

use domain::{
    CaseId, Fingerprint, Metadata, PlainText, Role, Sealed,
    case::{Case, CaseEvent, CaseFact, CaseState, Watcher, WatcherId},
};
use event_log::{AnyEvent, Codec, LogError, PartOfStream, RawEvent, StreamId, read_raw_parts};
use quick_cache::{Weighter, sync::Cache};
use sqlx::PgConnection;

/// How much memory the cases here take at most, by rough count.
const CAPACITY_BYTES: u64 = 32 * 1024 * 1024;
/// What a case takes with one event, and what each further one adds, by rough count.
const CASE_BYTES: u64 = 2_000;
const EVENT_BYTES: u64 = 1_000;

/// One thing that happened to a case.
#[derive(Clone, Debug)]
pub(in crate::mail) struct Happening {
    /// Its place in the log.
    pub position: i64,
    /// What, with texts that look like erased ones.
    pub event: CaseEvent,
    /// Who did it, and how.
    pub metadata: Metadata,
}

/// A case from its first event to its last, without words.
#[derive(Clone, Debug)]
pub(in crate::mail) struct Outline {
    /// The case.
    pub case_id: CaseId,
    /// What happened to it.
    pub happened: Vec<Arc<Happening>>,
    /// What it has come to.
    state: Option<CaseState>,
    last_hash: Vec<u8>,
}

/// The cases that are known. Clones share them.
#[derive(Clone)]
pub(in crate::mail) struct Outlines(Arc<Cache<CaseId, Arc<Outline>, ByLength>>);

#[derive(Clone)]
struct ByLength;

impl Weighter<CaseId, Arc<Outline>> for ByLength {
    fn weight(&self, _: &CaseId, outline: &Arc<Outline>) -> u64 {
        CASE_BYTES + EVENT_BYTES * u64::try_from(outline.happened.len()).unwrap_or(u64::MAX / EVENT_BYTES / 2)
    }
}

impl Default for Outlines {
    fn default() -> Self {
        let cases = usize::try_from(CAPACITY_BYTES / CASE_BYTES).expect("a count of cases fits");
        Self(Arc::new(Cache::with_weighter(cases, CAPACITY_BYTES, ByLength)))
    }
}

impl Outlines {
    /// A case as it is now; none that was never opened.
    ///
    /// # Errors
    /// [`LogError`], also when an event of it cannot be read: whoever does not know all of it might tell too much.
    pub(in crate::mail) async fn read(
        &self,
        conn: &mut PgConnection,
        codec: &Codec,
        case_id: CaseId,
    ) -> Result<Option<Arc<Outline>>, LogError> {
        let known = self.0.get(&case_id);
        let mut events = since(conn, case_id, known.as_deref().map_or(0, |known| known.length() - 1)).await?;
        let mut outline = match known {
            Some(known) if events.first().is_some_and(|first| known.ends_with(first)) => {
                events.remove(0);
                known
            }
            Some(_) => {
                events = since(conn, case_id, 0).await?;
                Arc::new(Outline::of(case_id))
            }
            None => Arc::new(Outline::of(case_id)),
        };
        if !events.is_empty() {
            // A case that nobody else holds is changed in its place.
            drop(self.0.remove(&case_id));
            Arc::make_mut(&mut outline).go_on(codec, &events)?;
            self.0.insert(case_id, Arc::clone(&outline));
        }
        Ok(outline.state.is_some().then_some(outline))
    }
}

/// The events of a case after a place in it.
async fn since(conn: &mut PgConnection, case_id: CaseId, after: i64) -> Result<Vec<RawEvent>, LogError> {
    let part = PartOfStream { stream: StreamId::of::<Case>(case_id.to_string()), after, limit: i64::MAX };
    Ok(read_raw_parts(conn, &[part]).await?.pop().unwrap_or_default())
}

impl Outline {
    fn of(case_id: CaseId) -> Self {
        Self { case_id, happened: vec![], state: None, last_hash: vec![] }
    }

    /// How many events it has.
    fn length(&self) -> i64 {
        i64::try_from(self.happened.len()).expect("a case's events are counted by the database")
    }

    /// Whether an event is the last one here.
    fn ends_with(&self, event: &RawEvent) -> bool {
        event.sequence == self.length() && event.hash == self.last_hash
    }

    /// Takes in what came since.
    fn go_on(&mut self, codec: &Codec, events: &[RawEvent]) -> Result<(), LogError> {
        for raw in events {
            let read = raw.without_words(codec);
            match read.event {
                Ok((AnyEvent::Case { event, .. }, metadata)) => {
                    self.state = CaseState::fold(self.state.take(), &event);
                    self.happened.push(Arc::new(Happening { position: read.position, event, metadata }));
                    self.last_hash.clone_from(&raw.hash);
                }
                Ok(_) => unreachable!("a case's stream has no event of another aggregate"),
                Err(source) => {
                    return Err(LogError::Unreadable { stream: read.stream, sequence: read.sequence, source });
                }
            }
        }
        Ok(())
    }

    /// What the case has come to.
    ///
    /// # Panics
    /// Never: only cases that were opened are handed out.
    pub(in crate::mail) fn state(&self) -> &CaseState {
        self.state.as_ref().expect("a case that was opened")
    }

    /// What happened at a position, with its place among the others.
    pub(in crate::mail) fn at(&self, position: i64) -> Option<(usize, &Happening)> {
        let place = self.happened.binary_search_by_key(&position, |it| it.position).ok()?;
        Some((place, &self.happened[place]))
    }

    /// What else happened in the same request, side by side with it: `(first, last)`.
    pub(in crate::mail) fn together(&self, place: usize) -> (usize, usize) {
        let request = self.happened[place].metadata.request;
        let same = |it: &&Arc<Happening>| it.metadata.request == request;
        let before = self.happened[..place].iter().rev().take_while(same).count();
        let after = self.happened[place + 1..].iter().take_while(same).count();
        (place - before, place + after)
    }

    /// Whether the opener acted for the desk.
    pub(in crate::mail) fn was_opened_by_staff(&self) -> bool {
        self.happened.first().is_some_and(|it| it.metadata.role != Role::Contact)
    }

    /// Where an address was put on the watch list last.
    pub(super) fn address_at(&self, watcher: &Fingerprint) -> Option<usize> {
        let id = WatcherId::Address(watcher.clone());
        self.happened.iter().rposition(|it| match &it.event.fact {
            CaseFact::WatcherAdded { watcher: added @ Watcher::Address { .. }, .. } => added.id() == id,
            _ => false,
        })
    }

    /// Where the case was last called something: by a subject, or by the description that it began with.
    pub(super) fn called_at(&self) -> usize {
        let is_subject = |it: &Arc<Happening>| matches!(it.event.fact, CaseFact::SubjectChanged { .. });
        self.happened.iter().rposition(is_subject).unwrap_or(0)
    }

    /// Where the last answer before a place was given.
    pub(super) fn answered_at(&self, before: usize) -> Option<usize> {
        self.happened[..before].iter().rposition(|it| matches!(it.event.fact, CaseFact::Resolved { .. }))
    }

    /// The words of a message, description or note, unless they were taken away or are another case's now.
    pub(super) fn message_words<'t>(
        &self,
        message: domain::MessageId,
        text: &'t Sealed<PlainText>,
    ) -> Option<&'t PlainText> {
        let known = self.state().texts.get(&message)?;
        text.value().filter(|_| !known.redacted && !known.destroyed && known.elsewhere.moved_to.is_none())
    }

    /// The words of another text, unless they were taken away.
    pub(super) fn other_words(&self, text: &Sealed<PlainText>) -> Option<String> {
        use domain::{MessageId, case::TextLeft};
        let known = self.state().other_texts.get(&MessageId::of_text(text.key()));
        let is_there = known.is_some_and(|known| known.left == TextLeft::All);
        text.value().filter(|_| is_there).map(|text| text.as_str().to_owned())
    }
}
