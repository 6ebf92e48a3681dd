//! Reading a case's activity stream, a page at a time.

use domain::{Audience, CaseId, Channel, MessageId, PersonId, Role, Scope, Timestamp};
use serde_json::Value;
use sqlx::{FromRow, Row, postgres::PgRow};

use super::summary::{maybe_named, named};
use crate::{
    Named, ProjectionError, ScopedTx,
    column::{maybe_id, parsed},
};

/// One entry of an activity stream.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Its place in the stream, counted from 1: among everything for the desk, among what customers may know of for
    /// them. Rises without gaps, and serves as cursor.
    pub sequence: i64,
    /// Who may know of it.
    pub audience: Audience,
    /// The type of event that made it, as in [`domain::case::CaseFact::type_name`].
    pub kind: String,
    /// Who did it.
    pub actor: Named<PersonId>,
    /// In which role.
    pub actor_role: Role,
    /// For whom, when somebody acted for somebody else.
    pub on_behalf_of: Option<Named<PersonId>>,
    /// The way by which it came.
    pub channel: Channel,
    /// What an import had to add: `step`, the whole event; `text`, a required text of it.
    pub inferred: Option<String>,
    /// When it happened.
    pub occurred_at: Timestamp,
    /// When its words were written, where they were brought over from another case later; `about` tells by whom.
    pub written_at: Option<Timestamp>,
    /// When it was recorded.
    pub recorded_at: Timestamp,
    /// The text's id, for messages, notes, the description, and redactions of one.
    pub message_id: Option<MessageId>,
    /// The person whom it is about: an owner, a contact, a watcher, the author of what was brought over.
    pub about: Option<Named<PersonId>>,
    /// Its words, if it has any and they were not taken away.
    pub text: Option<String>,
    /// Whether its words were taken away.
    pub redacted: bool,
    /// Whether its words are another case's.
    pub moved: bool,
    /// The words that were taken away under legal hold. For auditors only.
    pub withheld_text: Option<String>,
    /// What else there is to say, by kind: names and values of the event's fields, ids and short names only.
    pub detail: Option<Value>,
}

/// In which order entries are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EntryOrder {
    /// The newest first.
    NewestFirst,
    /// The oldest first.
    OldestFirst,
}

/// A page of entries.
#[derive(Clone, Debug, PartialEq)]
pub struct EntryPage {
    /// The entries, in the order asked for.
    pub entries: Vec<Entry>,
    /// Whether there are more beyond.
    pub has_more: bool,
}

impl EntryPage {
    /// The place of the stream's last entry, which is how far its case has come; none where that is not on this page.
    pub(crate) fn last_of_stream(&self, wanted: EntriesOf) -> Option<i64> {
        match wanted.order {
            EntryOrder::NewestFirst if wanted.after.is_none() => self.entries.first(),
            EntryOrder::OldestFirst if !self.has_more => self.entries.last(),
            EntryOrder::NewestFirst | EntryOrder::OldestFirst => None,
        }
        .map(|entry| entry.sequence)
    }
}

/// Which entries to read: at most `size` of a case that come after the entry with the sequence `after` in the given
/// order, or from the first one on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct EntriesOf {
    /// The case.
    pub case_id: CaseId,
    /// In which order.
    pub order: EntryOrder,
    /// After which entry.
    pub after: Option<i64>,
    /// How many at most.
    pub size: u16,
}

#[derive(FromRow)]
struct WantedEntry {
    wanted: i64,
    #[sqlx(flatten)]
    entry: Entry,
}

/// Reads entries of cases, in a statement for each order. A case that the caller may not see has none.
///
/// # Errors
/// [`ProjectionError::Database`].
pub async fn activities(tx: &mut ScopedTx, wanted: Vec<EntriesOf>) -> Result<Vec<EntryPage>, ProjectionError> {
    let mut pages: Vec<_> = wanted.iter().map(|_| EntryPage { entries: vec![], has_more: false }).collect();
    for order in [EntryOrder::NewestFirst, EntryOrder::OldestFirst] {
        let of_order: Vec<_> = (0_i64..).zip(&wanted).filter(|(_, wanted)| wanted.order == order).collect();
        if of_order.is_empty() {
            continue;
        }
        for WantedEntry { wanted, entry } in entries(tx, order, &of_order).await? {
            pages[usize::try_from(wanted).expect("it counts from 0")].entries.push(entry);
        }
    }
    for (page, wanted) in pages.iter_mut().zip(&wanted) {
        page.has_more = page.entries.len() > usize::from(wanted.size);
        page.entries.truncate(usize::from(wanted.size));
    }
    Ok(pages)
}

/// An entry's place in its stream, for an audience.
fn sequence(audience: Audience) -> &'static str {
    match audience {
        Audience::Public => "public_sequence",
        Audience::Internal => "sequence",
    }
}

/// What is read of `case_activity` for the caller, names apart.
pub(super) fn entry_columns(tx: &ScopedTx) -> String {
    let withheld = match tx.scope() {
        Scope::Auditor => "withheld_text",
        Scope::Nothing | Scope::Contact { .. } | Scope::Administrator | Scope::AccessRequests | Scope::Staff => {
            "null::text as withheld_text"
        }
    };
    format!(
        "{} as place, public_sequence is not null as is_public, kind, actor_id, actor_role, on_behalf_of as behalf_id,
         channel, inferred, occurred_at, written_at, recorded_at, message_id, about_id, text, redacted, moved, {withheld},
         detail",
        sequence(tx.audience())
    )
}

/// The names of the people of `e`, an entry.
pub(super) const NAMES_OF_ENTRY: &str = "null::text as actor_reference, actor.name as actor_name,
    null::text as behalf_reference, behalf.name as behalf_name,
    null::text as about_reference, about.name as about_name";

/// Where these names are.
pub(super) const PEOPLE_OF_ENTRY: &str = "
    left join people as actor on actor.person_id = e.actor_id
    left join people as behalf on behalf.person_id = e.behalf_id
    left join people as about on about.person_id = e.about_id";

/// Reads one more entry than is wanted of each case, if there is one.
async fn entries(
    tx: &mut ScopedTx,
    order: EntryOrder,
    wanted: &[(i64, &EntriesOf)],
) -> Result<Vec<WantedEntry>, ProjectionError> {
    let (sequence, columns) = (sequence(tx.audience()), entry_columns(tx));
    let (beyond, direction, start) = match order {
        EntryOrder::NewestFirst => ("<", "desc", i64::MAX),
        EntryOrder::OldestFirst => (">", "asc", 0),
    };
    let sql = format!(
        "select w.wanted, e.*, {NAMES_OF_ENTRY}
         from unnest($1::bigint[], $2::uuid[], $3::bigint[], $4::bigint[]) as w (wanted, case_id, after, size)
         cross join lateral (
             select {columns} from case_activity
             where case_id = w.case_id and {sequence} {beyond} w.after
             order by {sequence} {direction}
             limit w.size
         ) as e
         {PEOPLE_OF_ENTRY}
         order by w.wanted, e.place {direction}"
    );
    let entries = sqlx::query_as(&sql)
        .bind(wanted.iter().map(|(index, _)| *index).collect::<Vec<_>>())
        .bind(wanted.iter().map(|(_, wanted)| wanted.case_id.0).collect::<Vec<_>>())
        .bind(wanted.iter().map(|(_, wanted)| wanted.after.unwrap_or(start)).collect::<Vec<_>>())
        .bind(wanted.iter().map(|(_, wanted)| i64::from(wanted.size) + 1).collect::<Vec<_>>())
        .fetch_all(&mut **tx)
        .await?;
    Ok(entries)
}

impl FromRow<'_, PgRow> for Entry {
    fn from_row(row: &PgRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            sequence: row.try_get("place")?,
            audience: if row.try_get("is_public")? { Audience::Public } else { Audience::Internal },
            kind: row.try_get("kind")?,
            actor: named(row, "actor")?,
            actor_role: parsed(row, "actor_role")?,
            on_behalf_of: maybe_named(row, "behalf")?,
            channel: parsed(row, "channel")?,
            inferred: row.try_get("inferred")?,
            occurred_at: row.try_get("occurred_at")?,
            written_at: row.try_get("written_at")?,
            recorded_at: row.try_get("recorded_at")?,
            message_id: maybe_id(row, "message_id")?,
            about: maybe_named(row, "about")?,
            text: row.try_get("text")?,
            redacted: row.try_get("redacted")?,
            moved: row.try_get("moved")?,
            withheld_text: row.try_get("withheld_text")?,
            detail: row.try_get("detail")?,
        })
    }
}
