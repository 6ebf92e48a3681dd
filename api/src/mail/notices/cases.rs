//! What happens to cases, and who is told.

use std::{
    collections::{BTreeMap, HashMap, hash_map::Entry},
    sync::Arc,
};

use chrono::TimeDelta;
use domain::{
    CaseId, Channel, Fingerprint, Metadata, PersonId, Scope,
    case::{CaseEvent, CaseFact, CaseState, Watcher, WatcherId},
};
use event_log::LogError;
use futures_util::FutureExt as _;
use projections::{Correspondent, correspondents};
use sqlx::PgConnection;

use super::{NoticeError, table::Occasion};
use crate::{
    erasure::subject_of_address,
    graphql::Services,
    mail::{
        MailKind,
        history::{Happening, Outline, Outlines},
        outbox::{NewMail, Recipient, ToldAs},
    },
};

/// For how long nobody is told of a merge, because it may be undone.
pub(crate) const MERGE_RESTS: TimeDelta = TimeDelta::minutes(10);

/// The cases of a page of events, each read once.
pub(super) struct Cases<'s> {
    who: Who<'s>,
    known: HashMap<CaseId, Option<Course>>,
}

/// Who is there to be told.
#[derive(Clone, Copy)]
struct Who<'s> {
    services: &'s Arc<Services>,
    outlines: &'s Outlines,
    desk: &'s [PersonId],
}

/// A case, and how far its events were gone through.
struct Course {
    case: Arc<Outline>,
    gone: usize,
    state: Option<CaseState>,
}

impl Course {
    /// What the case had come to once all was recorded that was done in the request of a place. Places are asked for in order, and
    /// each event is gone through once.
    fn state_after(&mut self, place: usize) -> Option<&CaseState> {
        let (_, last) = self.case.together(place);
        if last + 1 == self.case.happened.len() {
            return Some(self.case.state());
        }
        for it in self.case.happened.get(self.gone..=last).unwrap_or_default() {
            self.state = CaseState::fold(self.state.take(), &it.event);
        }
        self.gone = self.gone.max(last + 1);
        self.state.as_ref()
    }
}

impl<'s> Cases<'s> {
    pub(super) fn new(services: &'s Arc<Services>, outlines: &'s Outlines, desk: &'s [PersonId]) -> Self {
        Self { who: Who { services, outlines, desk }, known: HashMap::new() }
    }

    /// The mails that an event leads to.
    pub(super) async fn notices(
        &mut self,
        conn: &mut PgConnection,
        position: i64,
        case_id: CaseId,
        event: &CaseEvent,
        metadata: &Metadata,
    ) -> Result<Vec<NewMail>, NoticeError> {
        // What is brought in from elsewhere was told of there.
        let may_matter = matches!(event.fact, CaseFact::WatcherAdded { unconfirmed: true, .. })
            || Occasion::of(&event.fact, true, true).is_some();
        if metadata.channel == Channel::Import || !may_matter {
            return Ok(vec![]);
        }
        let who = self.who;
        let known = match self.known.entry(case_id) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(unknown) => {
                let case = who.read(conn, case_id).await?;
                unknown.insert(case.map(|case| Course { case, gone: 0, state: None }))
            }
        };
        let Some(course) = known else { return Ok(vec![]) };
        let case = Arc::clone(&course.case);
        let Some((place, _)) = case.at(position) else { return Ok(vec![]) };
        if let CaseFact::WatcherAdded { watcher, unconfirmed: true } = &event.fact {
            return Ok(vec![who.question(&case, place, position, watcher, event)]);
        }
        let Some(occasion) = Occasion::of(&event.fact, is_alone(&case, place), is_undone_late(&case, place)) else {
            return Ok(vec![]);
        };
        let Some(state) = course.state_after(place) else { return Ok(vec![]) };
        let mut told = who.told(occasion, state, metadata.actor).await?;
        if occasion == Occasion::NoteWithMention {
            told = who.mentioned(told, &event.fact).await?;
        }
        let rests = if occasion == Occasion::Merged { MERGE_RESTS } else { TimeDelta::zero() };
        let mail = |(to, told_as): (Recipient, ToldAs)| NewMail {
            mail_id: who.services.commands.ids.next(),
            kind: occasion.row().kind,
            about: about(position, &to),
            to,
            told_as: Some(told_as),
            case_id: Some(case_id),
            position: Some(position),
            sealed: None,
            due_at: event.occurred_at + rests,
            expires_at: None,
        };
        Ok(told.into_iter().map(mail).collect())
    }
}

impl Who<'_> {
    /// Reads a case, unless an event of it is damaged: then nobody is told anything of it.
    async fn read(self, conn: &mut PgConnection, case_id: CaseId) -> Result<Option<Arc<Outline>>, NoticeError> {
        use event_log::DecodeError::Damaged;
        match self.outlines.read(conn, self.services.commands.log.codec(), case_id).await {
            Err(LogError::Unreadable { source: Damaged { reason }, .. }) => {
                tracing::error!(%case_id, reason, "nobody is told of a case of which an event does not read");
                Ok(None)
            }
            Err(LogError::Unreadable { stream, .. }) => Err(NoticeError::TooNew { stream }),
            other => Ok(other?),
        }
    }

    /// The mail that asks somebody whether they want to be told.
    fn question(self, case: &Outline, place: usize, position: i64, watcher: &Watcher, event: &CaseEvent) -> NewMail {
        let to = match watcher.id() {
            WatcherId::Contact(person) => Recipient::Person(person),
            WatcherId::Address(fingerprint) => Recipient::Address(fingerprint),
        };
        let (first, last) = case.together(place);
        let by_merge = |it: &Arc<Happening>| matches!(it.event.fact, CaseFact::Absorbed { .. });
        let rests = if case.happened[first..=last].iter().any(by_merge) { MERGE_RESTS } else { TimeDelta::zero() };
        NewMail {
            mail_id: self.services.commands.ids.next(),
            kind: MailKind::WatchConfirm,
            about: about(position, &to),
            to,
            told_as: Some(ToldAs::Watcher),
            case_id: Some(case.case_id),
            position: Some(position),
            sealed: None,
            due_at: event.occurred_at + rests,
            expires_at: Some(event.occurred_at + domain::case::CONFIRM_WITHIN),
        }
    }

    /// Who is told. An address of the watch list that is somebody's who is told anyway is not told again.
    async fn told(
        self,
        occasion: Occasion,
        state: &CaseState,
        actor: PersonId,
    ) -> Result<BTreeMap<Recipient, ToldAs>, NoticeError> {
        let all = occasion.told(state, actor, self.desk, |_, _| false);
        if !all.keys().any(|to| matches!(to, Recipient::Address(_))) {
            return Ok(all);
        }
        let people = all.keys().filter_map(|to| match to {
            Recipient::Person(person) => Some(*person),
            Recipient::Address(_) => None,
        });
        let people: Vec<_> = people.chain([actor, state.contact, state.opener]).collect();
        let known = self.correspondents(people).await?;
        let log = &self.services.commands.log;
        let whose: HashMap<Fingerprint, PersonId> = known
            .into_values()
            .filter_map(|it| {
                let address = domain::PlainText::parse_email(&it.email?).ok()?;
                Some((subject_of_address(log, &address).0, it.person))
            })
            .collect();
        Ok(occasion
            .told(state, actor, self.desk, |address, told| whose.get(address).is_some_and(|who| told.contains(who))))
    }

    /// Those of some recipients whom a note names: by `@` and their name, or the part of their address before the `@`.
    async fn mentioned(
        self,
        mut told: BTreeMap<Recipient, ToldAs>,
        fact: &CaseFact,
    ) -> Result<BTreeMap<Recipient, ToldAs>, NoticeError> {
        let CaseFact::InternalNoteAdded { body, .. } = fact else { return Ok(told) };
        let text = body.value().map(|text| text.as_str().to_lowercase()).unwrap_or_default();
        if !text.contains('@') {
            return Ok(BTreeMap::new());
        }
        let people = told.keys().filter_map(|to| match to {
            Recipient::Person(person) => Some(*person),
            Recipient::Address(_) => None,
        });
        let known = self.correspondents(people.collect()).await?;
        told.retain(|to, _| match to {
            Recipient::Person(person) => known.get(person).is_some_and(|it| names(&text, it)),
            Recipient::Address(_) => false,
        });
        Ok(told)
    }

    async fn correspondents(self, people: Vec<PersonId>) -> Result<HashMap<PersonId, Correspondent>, NoticeError> {
        let read = self.services.reads.read(&Scope::Staff, |tx| {
            let people = people.clone();
            async move { correspondents(tx, None, &people).await }.boxed()
        });
        Ok(read.await?)
    }
}

fn about(position: i64, to: &Recipient) -> String {
    match to {
        Recipient::Person(person) => format!("event {position} person {person}"),
        Recipient::Address(fingerprint) => format!("event {position} watcher {}", fingerprint.0),
    }
}

/// Whether a lower-case text names somebody after an `@`.
fn names(text: &str, who: &Correspondent) -> bool {
    let name = who.name.as_deref().map(str::to_lowercase);
    let local = who.email.as_deref().and_then(|email| email.split('@').next()).map(str::to_lowercase);
    [name, local].into_iter().flatten().filter(|name| !name.is_empty()).any(|name| {
        let ends = |rest: &str| !rest.chars().next().is_some_and(char::is_alphanumeric);
        text.split('@').skip(1).any(|after| after.strip_prefix(&name).is_some_and(ends))
    })
}

/// Whether a file came by itself: with a message or description, that says so; of several, the first does.
fn is_alone(case: &Outline, place: usize) -> bool {
    let (first, last) = case.together(place);
    let others = case.happened[first..=last].iter().map(|it| &it.event.fact);
    let has_text = others.clone().any(|fact| matches!(fact, CaseFact::Opened(_) | CaseFact::MessagePosted { .. }));
    let first_file = others.clone().position(|fact| matches!(fact, CaseFact::AttachmentAdded(added) if !added.of_note));
    !has_text && first_file == Some(place - first)
}

/// Whether a merge that is undone was told of before.
fn is_undone_late(outline: &Outline, place: usize) -> bool {
    let undone = &outline.happened[place].event;
    let CaseFact::MergeUndone { case, .. } = &undone.fact else { return false };
    let merged = outline.happened[..place]
        .iter()
        .rev()
        .find(|it| matches!(&it.event.fact, CaseFact::MergedInto { case: into } if into == case));
    merged.is_some_and(|merged| undone.occurred_at - merged.event.occurred_at >= MERGE_RESTS)
}
