//! A page of events, folded in memory and written in a handful of statements.

use std::collections::{HashMap, HashSet, hash_map::Entry};

use domain::{
    CaseId, Channel, MessageId, Metadata, Timestamp,
    case::{CaseEvent, CaseFact, Contents},
};
use event_log::{AnyEvent, StreamId};
use quick_cache::unsync::Cache;
use sqlx::{FromRow as _, PgConnection};

use super::{
    CASE_GROUP,
    case_activity::{self, EntryRow, MessageEffect, MessageOf, TextChange},
    case_attachments::AttachmentChanges,
    case_details::{self, DetailsRow},
    case_links::LinkChanges,
    case_list::{self, ListRow},
    case_watchers::WatcherChanges,
    withdrawn::Withdrawn,
};
use crate::{
    group::Group,
    tables::{FoldError, Tables},
    writes::Statement,
};

/// An event of a case, as it was recorded.
#[derive(Clone, Debug)]
pub(crate) struct RecordedCaseEvent {
    pub case_id: CaseId,
    pub sequence: i64,
    pub recorded_at: Timestamp,
    pub event: CaseEvent,
    pub metadata: Metadata,
}

/// The rows of cases that were written lately, by whoever has written all that was written since.
pub(crate) struct Known(Cache<CaseId, (ListRow, DetailsRow)>);

impl Default for Known {
    fn default() -> Self {
        /// Of some one thousand bytes each.
        const CASES: usize = 16_384;
        Self(Cache::new(CASES))
    }
}

/// The cases that a page of events touches.
#[derive(Default)]
pub(crate) struct Touched {
    begun: HashSet<CaseId>,
    /// Those that were there before.
    continued: HashSet<CaseId>,
}

/// What the touched cases have come to, and what is to be written of it.
#[derive(Default)]
pub(crate) struct Fold {
    pub(super) cases: HashMap<CaseId, (ListRow, DetailsRow)>,
    /// The cases whose details are not as they are written.
    details_changed: HashSet<CaseId>,
    pub(super) entries: Vec<EntryRow>,
    /// Where the entry of a text stands in `entries`.
    texts: HashMap<MessageOf, usize>,
    /// What becomes of the texts of entries that were written before.
    changes: HashMap<MessageOf, TextChange>,
    /// The cases without a given subject whose description is to be taken away from what was written before.
    untitled: HashSet<CaseId>,
    /// The texts that are no messages which are to be taken away from rows that were written before.
    other_texts: HashSet<MessageOf>,
    pub(super) watchers: WatcherChanges,
    pub(super) attachments: AttachmentChanges,
    pub(super) links: LinkChanges,
}

impl Tables for Fold {
    const GROUP: &'static Group = &CASE_GROUP;
    type Event = RecordedCaseEvent;
    type Known = Known;
    type Touched = Touched;

    fn event(read: AnyEvent, sequence: i64, recorded_at: Timestamp, metadata: Metadata) -> Option<RecordedCaseEvent> {
        match read {
            AnyEvent::Case { case_id, event } => {
                Some(RecordedCaseEvent { case_id, sequence, recorded_at, event, metadata })
            }
            AnyEvent::Account { .. }
            | AnyEvent::Person { .. }
            | AnyEvent::Settings { .. }
            | AnyEvent::User { .. }
            | AnyEvent::AccessRequest { .. } => None,
        }
    }

    fn touch(touched: &mut Touched, event: &RecordedCaseEvent) {
        if event.sequence == 1 {
            touched.begun.insert(event.case_id);
        } else if !touched.begun.contains(&event.case_id) {
            touched.continued.insert(event.case_id);
        }
    }

    async fn load(conn: &mut PgConnection, known_rows: Option<&Known>, touched: Touched) -> Result<Self, sqlx::Error> {
        let mut known = touched.continued;
        let mut fold = Self::default();
        known.retain(|case_id| match known_rows.and_then(|rows| rows.0.get(case_id)) {
            Some(rows) => fold.cases.insert(*case_id, rows.clone()).is_some(),
            None => true,
        });
        if known.is_empty() {
            return Ok(fold);
        }
        let known: Vec<_> = known.into_iter().map(|case_id| case_id.0).collect();
        let rows = sqlx::query("select * from case_list join case_details using (case_id) where case_id = any($1)");
        for row in rows.bind(known).fetch_all(conn).await? {
            let list = ListRow::from_row(&row)?;
            fold.cases.insert(list.case_id, (list, DetailsRow::from_row(&row)?));
        }
        Ok(fold)
    }

    fn apply(&mut self, recorded: RecordedCaseEvent) -> Result<(), FoldError> {
        let RecordedCaseEvent { case_id, sequence, recorded_at, event, metadata } = recorded;
        let (list, details) = match (self.cases.entry(case_id), &event.fact) {
            (Entry::Occupied(known), _) => known.into_mut(),
            (Entry::Vacant(new), CaseFact::Opened(opened)) if sequence == 1 => {
                let list = ListRow::opened(case_id, event.occurred_at, opened);
                self.details_changed.insert(case_id);
                new.insert((list, DetailsRow::opened(case_id)))
            }
            (Entry::Vacant(_), _) if sequence == 1 => return Err(FoldError::NotOpened),
            (Entry::Vacant(_), _) => return Err(FoldError::Gap { sequence, known: 0 }),
        };
        if sequence <= list.version {
            return Ok(());
        }
        if sequence > list.version + 1 {
            return Err(FoldError::Gap { sequence, known: list.version });
        }
        list.apply(&event);
        if details.apply(&event, metadata.channel == Channel::Import) {
            self.details_changed.insert(case_id);
        }
        let (account, public_version) = (list.account, list.public_version);
        self.watchers.apply(case_id, &event, &metadata);
        self.attachments.apply(case_id, account, sequence, &event);
        self.links.apply(case_id, &event);
        match &event.fact {
            CaseFact::ContentsMoved { contents, .. } => self.set_moved(case_id, contents, true),
            CaseFact::ContentsReturned { contents, .. } => self.set_moved(case_id, contents, false),
            _ => {}
        }
        let entry = EntryRow::of(case_id, sequence, public_version, recorded_at, &event, metadata);
        match entry.content.message {
            MessageEffect::None => {}
            MessageEffect::Adds(message) => {
                self.texts.insert((case_id, message), self.entries.len());
            }
            MessageEffect::TakesAway { message, destroyed } => self.redact(case_id, message, destroyed),
        }
        self.entries.push(entry);
        Ok(())
    }

    fn withdraw(&mut self, event: &RecordedCaseEvent) {
        if let Some(withdrawn) = Withdrawn::by(event) {
            self.take_away(&withdrawn);
        }
        self.attachments.take_away(event.case_id, &event.event);
    }

    fn push_writes<'a>(&'a self, statement: &mut Statement<'a>) {
        let touched: HashSet<_> = self.entries.iter().map(|entry| entry.case_id).collect();
        let touched = || self.cases.iter().filter(|(case_id, _)| touched.contains(case_id));
        let list: Vec<_> = touched().map(|(_, (list, _))| list).collect();
        statement.part("list", &list, case_list::push_write);
        let is_changed = |case_id: &CaseId| self.details_changed.contains(case_id);
        let details: Vec<_> =
            touched().filter(|(case_id, _)| is_changed(case_id)).map(|(_, (_, details))| details).collect();
        statement.part("details", &details, case_details::push_write);
        let changes: Vec<_> = self.changes.iter().collect();
        statement.part("text_changes", &changes, case_activity::push_change);
        let untitled: Vec<_> = self.untitled.iter().copied().collect();
        statement.part("untitled", &untitled, case_list::push_untitle);
        let other_texts: Vec<_> = self.other_texts.iter().copied().collect();
        statement.part("subjects_taken", &other_texts, case_list::push_take_away);
        statement.part("texts_taken", &other_texts, case_details::push_take_away);
        let entries: Vec<_> = self.entries.iter().collect();
        statement.part("entries", &entries, case_activity::push_write);
        self.watchers.push_write(statement);
        self.attachments.push_write(statement);
        self.links.push_write(statement);
    }

    fn remember(self, known: &mut Known) {
        for (case_id, rows) in self.cases {
            known.0.insert(case_id, rows);
        }
    }

    async fn forget(conn: &mut PgConnection, stream: &StreamId) -> Result<(), sqlx::Error> {
        let Ok(case_id) = stream.aggregate_id.parse::<CaseId>() else { return Ok(()) };
        for table in ["case_links", "case_attachments", "case_watchers", "case_activity", "case_details", "case_list"] {
            sqlx::query(&format!("delete from {table} where case_id = $1")).bind(case_id.0).execute(&mut *conn).await?;
        }
        Ok(())
    }
}

impl Fold {
    /// Takes a text away from a case that is left out: nothing else that happens to it is folded.
    fn take_away(&mut self, withdrawn: &Withdrawn) {
        let Withdrawn { case_id, message, destroyed, is_description, is_other } = *withdrawn;
        self.redact(case_id, message, destroyed);
        if is_other {
            self.take_other_away(case_id, message);
        } else if is_description && self.entries.iter().any(|entry| entry.case_id == case_id) {
            let rows = self.cases.get_mut(&case_id);
            if let Some((list, _)) = rows.filter(|(list, _)| !list.subject_given) {
                list.subject = None;
            }
        } else if is_description {
            self.untitled.insert(case_id);
        }
    }

    /// Takes a text that is no message away from the rows of its case, as they will be or were written.
    fn take_other_away(&mut self, case_id: CaseId, message: MessageId) {
        if self.entries.iter().any(|entry| entry.case_id == case_id) {
            if let Some((list, details)) = self.cases.get_mut(&case_id) {
                list.take_away(message);
                details.take_away(message);
                self.details_changed.insert(case_id);
            }
        } else {
            self.other_texts.insert((case_id, message));
        }
    }

    /// Takes a text away, from the page itself or from what was written before.
    fn redact(&mut self, case_id: CaseId, message: MessageId, destroyed: bool) {
        match self.texts.get(&(case_id, message)) {
            Some(index) => self.entries[*index].content.redact(destroyed),
            // Of two, the one that destroys it wins.
            None => *self.changes.entry((case_id, message)).or_default().destroyed.get_or_insert_default() |= destroyed,
        }
    }

    /// Gives texts to another case, or takes them back.
    fn set_moved(&mut self, case_id: CaseId, contents: &Contents, moved: bool) {
        for message in contents.texts() {
            match self.texts.get(&(case_id, message)) {
                Some(index) => self.entries[*index].content.set_moved(moved),
                None => self.changes.entry((case_id, message)).or_default().moved = Some(moved),
            }
        }
    }
}
