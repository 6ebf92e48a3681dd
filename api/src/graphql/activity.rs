//! The activity stream of a case.

use async_graphql::{Enum, ID, InputType, Lookahead, Result, SimpleObject, connection::PageInfo};
use domain::{
    AttachmentId, Audience, CaseId, LocationId, MessageId, ProductId, Timestamp,
    case::{CaseFactKind, Status},
};
use projections::{EntriesOf, Entry, EntryOrder, EntryPage};
use serde_json::Value;
use strum::IntoEnumIterator;

use super::{
    context::RequestContext,
    directory::Person,
    enums::{ActivityKind, CaseStatus, Channel, Role},
    ids::GlobalId,
    paging::{self, Page, PageInput},
};

/// In which order entries are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum ActivityOrder {
    /// The newest first.
    NewestFirst,
    /// The oldest first.
    OldestFirst,
}

/// One entry of an activity stream: what happened, who did it, when. Fields that the kind of entry has no use for
/// are null.
#[derive(Clone, Debug, SimpleObject)]
pub struct ActivityEntry {
    /// What happened.
    pub kind: ActivityKind,
    /// Whether only those who work the case see it.
    pub internal: bool,
    /// Who did it.
    pub actor: Person,
    /// In which role.
    pub actor_role: Role,
    /// For whom, when somebody acted for somebody else.
    pub on_behalf_of: Option<Person>,
    /// The way by which it came.
    pub via: Channel,
    /// What an import had to add, because the source does not say it: `step`, the whole entry; `text`, its text.
    pub inferred: Option<String>,
    /// When it happened.
    pub occurred_at: Timestamp,
    /// When the text was written, where it was brought over from another case later; `about` tells by whom.
    pub written_at: Option<Timestamp>,
    /// When it was recorded.
    pub recorded_at: Timestamp,
    /// The text's id, by which it can be redacted.
    pub message_id: Option<ID>,
    /// The text: a message, a note, a description, an answer, a reason, an address.
    pub text: Option<String>,
    /// Whether there was a text that was taken away.
    pub redacted: bool,
    /// Whether the text is another case's: see the links.
    pub moved: bool,
    /// The text that was taken away under legal hold. For auditors.
    pub withheld_text: Option<String>,
    /// The person whom it is about: an owner, a contact, a watcher, the author of what was brought over.
    pub about: Option<Person>,
    /// The status that the case came to by it.
    pub status: Option<CaseStatus>,
    /// The values that it speaks of: a queue, a priority, a reason, a code, a cause, a date, a score.
    pub values: Vec<ActivityValue>,
}

/// A value of an entry.
#[derive(Clone, Debug, SimpleObject)]
pub struct ActivityValue {
    /// What it is: `queue`, `priority`, `reason`, `until`, `cause`, `code`, `type`, `category`, `score`, …
    pub name: String,
    /// The value, as text.
    pub value: String,
}

/// A page of an activity stream.
#[derive(SimpleObject)]
pub struct ActivityConnection {
    /// The entries with their cursors.
    pub edges: Vec<ActivityEdge>,
    /// The entries.
    pub nodes: Vec<ActivityEntry>,
    /// What lies beyond the page.
    pub page_info: PageInfo,
}

/// An entry with its cursor.
#[derive(Clone, Debug, SimpleObject)]
pub struct ActivityEdge {
    /// The entry.
    pub node: ActivityEntry,
    /// Its cursor.
    pub cursor: String,
}

/// Which entries of a case are going to be asked for, where `selected` names one first or last page: they can be read along
/// with the case.
pub(super) fn foreseen(selected: &Lookahead<'_>, case_id: CaseId) -> Option<EntriesOf> {
    let fields = selected.field("activity").selection_fields();
    let [field] = fields.as_slice() else { return None };
    let (mut order, mut page) = (ActivityOrder::NewestFirst, PageInput::default());
    for (name, value) in field.arguments().ok()? {
        match name.as_str() {
            "order" => order = InputType::parse(Some(value)).ok()?,
            "first" => page.first = InputType::parse(Some(value)).ok()?,
            "last" => page.last = InputType::parse(Some(value)).ok()?,
            _ => return None,
        }
    }
    Some(entries_of(case_id, order, &page.check().ok()?, None))
}

fn entries_of(case_id: CaseId, order: ActivityOrder, page: &Page, after: Option<i64>) -> EntriesOf {
    let reading = if page.backward { order.reversed() } else { order };
    EntriesOf { case_id, order: reading.into(), after, size: page.size }
}

/// Reads a page of a case's activity stream, unless it is `known`.
pub(super) async fn connection(
    request: &RequestContext,
    case_id: CaseId,
    is_degraded: bool,
    known: Option<&(EntriesOf, EntryPage)>,
    order: ActivityOrder,
    page: &PageInput,
) -> Result<ActivityConnection> {
    let page = page.check()?;
    let purpose = purpose(request, case_id, order);
    let after = page.open::<i64>(request, &purpose)?;
    let wanted = entries_of(case_id, order, &page, after);
    let found = match known {
        Some((known, found)) if *known == wanted && !is_degraded => found.clone(),
        _ => request.entries(wanted, is_degraded).await?,
    };
    let (mut entries, has_more) = (found.entries, found.has_more);
    if page.backward {
        entries.reverse();
    }
    let edges: Vec<_> = entries
        .into_iter()
        .map(|entry| ActivityEdge { cursor: paging::seal(request, &purpose, &entry.sequence), node: entry.into() })
        .collect();
    Ok(ActivityConnection {
        page_info: paging::info(
            &page,
            after.is_some(),
            has_more,
            edges.first().zip(edges.last()).map(|(first, last)| (first.cursor.clone(), last.cursor.clone())),
        ),
        nodes: edges.iter().map(|edge| edge.node.clone()).collect(),
        edges,
    })
}

/// What a cursor of an activity stream is good for. The caller's audience is part of it: a place among all entries is none among
/// the public ones.
pub(super) fn purpose(request: &RequestContext, case_id: CaseId, order: ActivityOrder) -> String {
    format!("activity {case_id} {order:?} {:?}", request.scope().audience())
}

/// Reads what the caller missed after a version: at most a page of it, the oldest first.
pub(super) async fn missed(
    request: &RequestContext,
    case_id: CaseId,
    is_degraded: bool,
    after: u64,
) -> Result<Vec<ActivityEntry>> {
    const MOST: u16 = 100;
    let after = i64::try_from(after).unwrap_or(i64::MAX);
    let wanted = EntriesOf { case_id, order: EntryOrder::OldestFirst, after: Some(after), size: MOST };
    let found = request.entries(wanted, is_degraded).await?;
    Ok(found.entries.into_iter().map(ActivityEntry::from).collect())
}

impl ActivityOrder {
    fn reversed(self) -> Self {
        match self {
            Self::NewestFirst => Self::OldestFirst,
            Self::OldestFirst => Self::NewestFirst,
        }
    }
}

impl From<ActivityOrder> for EntryOrder {
    fn from(order: ActivityOrder) -> Self {
        match order {
            ActivityOrder::NewestFirst => Self::NewestFirst,
            ActivityOrder::OldestFirst => Self::OldestFirst,
        }
    }
}

impl From<Entry> for ActivityEntry {
    fn from(entry: Entry) -> Self {
        let kind = CaseFactKind::iter()
            .find(|kind| <&str>::from(kind) == entry.kind)
            .expect("the read models hold the kinds that this binary wrote")
            .into();
        Self {
            status: ActivityEntry::status_of(kind, entry.detail.as_ref()),
            kind,
            internal: entry.audience == Audience::Internal,
            actor: entry.actor.into(),
            actor_role: entry.actor_role.into(),
            on_behalf_of: entry.on_behalf_of.map(Into::into),
            via: entry.channel.into(),
            inferred: entry.inferred,
            occurred_at: entry.occurred_at,
            written_at: entry.written_at,
            recorded_at: entry.recorded_at,
            message_id: entry.message_id.map(GlobalId::global),
            text: entry.text,
            redacted: entry.redacted,
            moved: entry.moved,
            withheld_text: entry.withheld_text,
            about: entry.about.map(Into::into),
            values: values(entry.detail),
        }
    }
}

impl ActivityEntry {
    fn status_of(kind: ActivityKind, detail: Option<&Value>) -> Option<CaseStatus> {
        match kind {
            ActivityKind::Opened => Some(CaseStatus::New),
            ActivityKind::TakenUp | ActivityKind::Reopened => Some(CaseStatus::Open),
            ActivityKind::Resolved | ActivityKind::ReopeningUndone => Some(CaseStatus::Resolved),
            ActivityKind::Canceled => Some(CaseStatus::Canceled),
            ActivityKind::Closed => Some(CaseStatus::Closed),
            ActivityKind::MergeUndone => {
                let status: Status = detail?["status"].as_str()?.parse().ok()?;
                Some(status.into())
            }
            _ => None,
        }
    }
}

/// The values of an entry, nulls left out: places and products by their global ids, a watcher's fingerprint not at all,
/// since it is the log's own way to tell addresses apart.
fn values(detail: Option<Value>) -> Vec<ActivityValue> {
    let Some(Value::Object(fields)) = detail else { return vec![] };
    let each = |(name, value): (String, Value)| match (name.as_str(), value) {
        ("messages", Value::Array(ids)) => ids.into_iter().map(|id| ("message".to_owned(), id)).collect(),
        ("attachments", Value::Array(ids)) => ids.into_iter().map(|id| ("attachment".to_owned(), id)).collect(),
        (_, value) => vec![(name, value)],
    };
    fields.into_iter().flat_map(each).filter_map(|(name, value)| value_of(name, value)).collect()
}

fn value_of(name: String, value: Value) -> Option<ActivityValue> {
    let text = match value {
        Value::Null => return None,
        Value::String(text) => text,
        other => other.to_string(),
    };
    let (name, value) = match name.as_str() {
        "watcher" => return None,
        "location" => (name, text.parse::<LocationId>().map_or(text, |id| id.global().0)),
        "product" => (name, text.parse::<ProductId>().map_or(text, |id| id.global().0)),
        "message" => (name, text.parse::<MessageId>().map_or(text, |id| id.global().0)),
        "attachment" => (name, text.parse::<AttachmentId>().map_or(text, |id| id.global().0)),
        "subject" => ("subjectMessageId".to_owned(), text.parse::<MessageId>().map_or(text, |id| id.global().0)),
        "media_type" => ("mediaType".to_owned(), text),
        "size_bytes" => ("sizeBytes".to_owned(), text),
        "not_listed" => ("notListed".to_owned(), text),
        _ => (name, text),
    };
    Some(ActivityValue { name, value })
}
