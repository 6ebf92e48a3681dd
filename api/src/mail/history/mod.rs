//! A case as mail needs it: what happened and what it has come to, and the words that one mail shows.
//!
//! | file | what it holds |
//! |---|---|
//! | `outline` | a case without its words, which goes on from what was read before |
//!
//! Words are read for each mail anew, those that it shows and no others, so that none is sent that was taken away before.

mod outline;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use domain::{
    Fingerprint, PlainText,
    case::{Case, CaseFact, Watcher},
};
use event_log::{AnyEvent, Codec, LogError, StreamId, read_places};
use sqlx::PgConnection;

pub(super) use outline::{Happening, Outline, Outlines};

use super::{
    MailKind,
    outbox::{Claimed, Recipient},
};

/// A case, and the words of it that a mail shows.
#[derive(Debug)]
pub(super) struct History {
    /// The case.
    pub case: Arc<Outline>,
    /// What happened at some places, with words as far as they are there.
    open: BTreeMap<usize, CaseFact>,
}

impl History {
    /// Reads the words that a mail about what happened at a place shows.
    ///
    /// # Errors
    /// [`LogError`].
    pub(super) async fn read(
        conn: &mut PgConnection,
        codec: &Codec,
        case: Arc<Outline>,
        (place, mail): (usize, &Claimed),
    ) -> Result<Self, LogError> {
        let stream = StreamId::of::<Case>(case.case_id.to_string());
        let sequence = |place: usize| i64::try_from(place + 1).expect("a case's events are counted by the database");
        let sequences: Vec<_> = shown(&case, place, mail).into_iter().map(sequence).collect();
        let mut open = BTreeMap::new();
        for event in read_places(conn, codec, &stream, &sequences).await? {
            match event.event {
                Ok((AnyEvent::Case { event: opened, .. }, _)) => {
                    open.insert(usize::try_from(event.sequence - 1).expect("places count from 1"), opened.fact);
                }
                Ok(_) => unreachable!("a case's stream has no event of another aggregate"),
                Err(source) => return Err(LogError::Unreadable { stream, sequence: event.sequence, source }),
            }
        }
        Ok(Self { case, open })
    }

    /// What happened at a place; with words if the mail shows them.
    pub(super) fn fact(&self, place: usize) -> &CaseFact {
        self.open.get(&place).unwrap_or(&self.case.happened[place].event.fact)
    }

    /// The address that somebody was put on the watch list with, if its words are there.
    pub(super) fn address_of(&self, watcher: &Fingerprint) -> Option<String> {
        match self.fact(self.case.address_at(watcher)?) {
            CaseFact::WatcherAdded { watcher: Watcher::Address { address, .. }, .. } => {
                address.value().map(|address| address.as_str().to_owned())
            }
            _ => None,
        }
    }

    /// What the case is called: its last subject or the first line of its description, unless that was taken away.
    pub(super) fn subject(&self) -> Option<String> {
        match self.fact(self.case.called_at()) {
            CaseFact::SubjectChanged { subject } => self.case.other_words(subject),
            CaseFact::Opened(opened) => match &opened.subject {
                Some(subject) => self.case.other_words(subject),
                None => self.case.message_words(opened.message, &opened.description).map(PlainText::first_line),
            },
            _ => None,
        }
    }

    /// The words that a happening brought, as far as they are there.
    pub(super) fn words_of(&self, place: usize) -> Option<String> {
        let case = &self.case;
        match self.fact(place) {
            CaseFact::Opened(opened) => {
                case.message_words(opened.message, &opened.description).map(|text| text.as_str().to_owned())
            }
            CaseFact::MessagePosted { message, body, .. } | CaseFact::InternalNoteAdded { message, body, .. } => {
                case.message_words(*message, body).map(|text| text.as_str().to_owned())
            }
            CaseFact::Resolved { resolution, .. } => case.other_words(resolution),
            CaseFact::Canceled { comment, .. } => case.other_words(comment.as_ref()?),
            CaseFact::Reopened { .. } => {
                // A rejection says why beside it.
                let (first, last) = case.together(place);
                (first..=last).find_map(|place| match self.fact(place) {
                    CaseFact::ResolutionRejected { reason: Some(reason) }
                    | CaseFact::Reopened { reason: Some(reason), .. } => case.other_words(reason),
                    _ => None,
                })
            }
            CaseFact::ReminderDue {} => match self.fact(case.answered_at(place)?) {
                CaseFact::Resolved { resolution, .. } => case.other_words(resolution),
                _ => None,
            },
            _ => None,
        }
    }
}

/// The places whose words a mail shows.
fn shown(case: &Outline, place: usize, mail: &Claimed) -> BTreeSet<usize> {
    let address = match &mail.to {
        Recipient::Address(watcher) => case.address_at(watcher),
        Recipient::Person(_) => None,
    };
    let mut shown: BTreeSet<usize> = address.into_iter().collect();
    if mail.kind == MailKind::WatchConfirm {
        // Which has no word that somebody chose.
        return shown;
    }
    shown.extend([place, case.called_at()]);
    let fact = |place: usize| &case.happened[place].event.fact;
    let (first, last) = case.together(place);
    shown.extend((first..=last).filter(|beside| match fact(*beside) {
        CaseFact::AttachmentAdded(_) => may_bring_files(fact(place)),
        CaseFact::ResolutionRejected { .. } => matches!(fact(place), CaseFact::Reopened { .. }),
        _ => false,
    }));
    if matches!(fact(place), CaseFact::ReminderDue {}) {
        shown.extend(case.answered_at(place));
    }
    shown
}

/// Whether a mail about a fact names the files that came in the same request.
pub(super) fn may_bring_files(fact: &CaseFact) -> bool {
    matches!(
        fact,
        CaseFact::Opened(_)
            | CaseFact::MessagePosted { .. }
            | CaseFact::InternalNoteAdded { .. }
            | CaseFact::AttachmentAdded(_)
    )
}
