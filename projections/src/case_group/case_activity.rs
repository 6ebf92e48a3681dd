//! `case_activity`: one row per event of a case, which is one entry of its activity stream.

use domain::{
    Audience, CaseId, MessageId, Metadata, PersonId, PlainText, Sealed, Timestamp,
    case::{CaseEvent, CaseFact, Choice, Wait, Watcher, WatcherId},
    metadata::Inferred,
};
use serde_json::{Value, json};
use sqlx::{Postgres, QueryBuilder};

use crate::column::Columns;
use crate::writes::WHERE_MOVED;

/// A row to be written.
#[derive(Debug)]
pub(super) struct EntryRow {
    pub case_id: CaseId,
    pub sequence: i64,
    pub public_sequence: Option<i64>,
    pub kind: &'static str,
    pub metadata: Metadata,
    pub occurred_at: Timestamp,
    pub written_at: Option<Timestamp>,
    pub recorded_at: Timestamp,
    pub content: Content,
}

/// What an entry says.
#[derive(Debug, Default)]
pub(super) struct Content {
    pub message: MessageEffect,
    pub about: Option<PersonId>,
    pub text: Option<String>,
    pub redacted: bool,
    pub withheld_text: Option<String>,
    pub moved: bool,
    pub moved_text: Option<String>,
    pub detail: Option<Value>,
}

/// What an event does to the texts that can be taken away.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum MessageEffect {
    /// Nothing.
    #[default]
    None,
    /// Adds one: the entry's own text.
    Adds(MessageId),
    /// Takes the text of an earlier entry away; when it is not destroyed, auditors keep it.
    TakesAway { message: MessageId, destroyed: bool },
}

impl MessageEffect {
    /// The text that it is about.
    pub(super) fn message(self) -> Option<MessageId> {
        match self {
            Self::None => None,
            Self::Adds(message) | Self::TakesAway { message, .. } => Some(message),
        }
    }
}

/// What later events do to the text of an entry.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct TextChange {
    /// Whether it was taken away, and if so, whether its key is gone.
    pub destroyed: Option<bool>,
    /// Whether it became another case's, or this one's again.
    pub moved: Option<bool>,
}

/// A text of a case.
pub(super) type MessageOf = (CaseId, MessageId);

impl EntryRow {
    /// The entry that an event makes. `public_version` is how many events, this one included, customers may know of.
    pub(super) fn of(
        case_id: CaseId,
        sequence: i64,
        public_version: i64,
        recorded_at: Timestamp,
        event: &CaseEvent,
        metadata: Metadata,
    ) -> Self {
        let is_public = event.fact.audience() == Audience::Public;
        Self {
            case_id,
            sequence,
            public_sequence: is_public.then_some(public_version),
            kind: event.fact.type_name(),
            metadata,
            occurred_at: event.occurred_at,
            written_at: written_at(&event.fact),
            recorded_at,
            content: Content::of(&event.fact),
        }
    }
}

impl Content {
    /// What there is to say of a fact. Nothing that is internal goes into the entry of a public one.
    pub(super) fn of(fact: &CaseFact) -> Self {
        match fact {
            CaseFact::Opened(opened) => Self {
                detail: opened.subject.as_ref().map(|subject| json!({ "subject": MessageId::of_text(subject.key()) })),
                ..Self::message(opened.message, &opened.description)
            },
            CaseFact::TakenUp { owner } | CaseFact::OwnerAssigned { owner } => Self::about(*owner),
            CaseFact::ContactChanged { contact } => Self::about(*contact),
            CaseFact::OwnerReleased {}
            | CaseFact::TriageCleared {}
            | CaseFact::ResolutionAccepted {}
            | CaseFact::ReopeningUndone {}
            | CaseFact::LegalHoldLifted {}
            // Which other case it is about is told by the links, to those who may see that case.
            | CaseFact::Unlinked { .. }
            | CaseFact::MergedInto { .. }
            | CaseFact::Absorbed { .. }
            | CaseFact::AbsorptionUndone { .. }
            | CaseFact::SplitFrom { .. }
            | CaseFact::SplitInto { .. }
            | CaseFact::SplitUndone { .. } => Self::default(),
            CaseFact::MovedToQueue { queue } => Self::detail(json!({ "queue": queue })),
            CaseFact::WaitStarted { wait } => Self::detail(wait_detail(wait)),
            CaseFact::WaitEnded { wait, cause } => {
                let mut detail = wait_detail(wait);
                detail["cause"] = json!(cause);
                Self::detail(detail)
            }
            CaseFact::PriorityChanged { priority } => Self::detail(json!({ "priority": priority })),
            CaseFact::Reclassified { case_type, category } => {
                Self::detail(json!({ "type": case_type, "category": category }))
            }
            CaseFact::LocationChanged { location } => Self::detail(choice_detail("location", location)),
            CaseFact::ProductChanged { product } => Self::detail(choice_detail("product", product)),
            CaseFact::SubjectChanged { subject } => Self::other(Some(subject)),
            CaseFact::MessagePosted { message, author, side, body, written_at } => Self {
                detail: Some(json!({ "side": side })),
                about: written_at.map(|_| *author),
                ..Self::message(*message, body)
            },
            CaseFact::InternalNoteAdded { message, author, body, written_at } => {
                Self { about: written_at.map(|_| *author), ..Self::message(*message, body) }
            }
            // Whether the key was destroyed would tell customers of a legal hold.
            CaseFact::MessageRedacted { message, kind, destroyed, .. } => {
                Self { detail: Some(json!({ "kind": kind })), ..Self::takes_away(*message, *destroyed) }
            }
            CaseFact::TextRedacted { message, kind, destroyed, .. } => {
                Self { detail: Some(json!({ "kind": kind })), ..Self::takes_away(*message, *destroyed) }
            }
            CaseFact::RedactedTextDestroyed { message, .. } => Self::takes_away(*message, true),
            // A file's name is not copied here, where its redaction would have to find it.
            CaseFact::AttachmentAdded(added) => Self::detail(json!({
                "attachment": added.attachment, "media_type": added.media_type, "size_bytes": added.size_bytes,
            })),
            // Whether a key was destroyed would tell customers of a legal hold, here too.
            CaseFact::AttachmentRemoved { attachment, .. }
            | CaseFact::AttachmentRedacted { attachment, .. }
            | CaseFact::RedactedAttachmentDestroyed { attachment, .. } => {
                Self::detail(json!({ "attachment": attachment }))
            }
            CaseFact::WatcherAdded { watcher, .. } => Self::watcher_added(watcher),
            CaseFact::WatcherConfirmed { watcher }
            | CaseFact::WatcherRemoved { watcher }
            | CaseFact::WatcherLeft { watcher } => Self::watcher_named(watcher),
            CaseFact::Resolved { code, resolution, .. } => {
                Self { detail: Some(json!({ "code": code })), ..Self::other(Some(resolution)) }
            }
            CaseFact::ResolutionRejected { reason } => Self::other(reason.as_ref()),
            CaseFact::Reopened { cause, reason } => {
                Self { detail: Some(json!({ "cause": cause })), ..Self::other(reason.as_ref()) }
            }
            CaseFact::Canceled { reason, comment } => {
                Self { detail: Some(json!({ "reason": reason })), ..Self::other(comment.as_ref()) }
            }
            CaseFact::Closed { cause } => Self::detail(json!({ "cause": cause })),
            CaseFact::SatisfactionRated { score, comment } => {
                Self { detail: Some(json!({ "score": score })), ..Self::other(comment.as_ref()) }
            }
            CaseFact::LegalHoldPlaced { reason } => Self::other(Some(reason)),
            CaseFact::LinkedTo { kind, .. } => Self::detail(json!({ "kind": kind })),
            CaseFact::MergeUndone { status, .. } => Self::detail(json!({ "status": status })),
            CaseFact::Redirected { contents, .. }
            | CaseFact::CarriedOver { contents, .. }
            | CaseFact::ContentsMoved { contents, .. }
            | CaseFact::ContentsReturned { contents, .. } => Self::detail(json!({
                "messages": contents.texts().collect::<Vec<_>>(), "attachments": contents.attachments,
            })),
        }
    }

    fn about(person: PersonId) -> Self {
        Self { about: Some(person), ..Self::default() }
    }

    fn detail(detail: Value) -> Self {
        Self { detail: Some(detail), ..Self::default() }
    }

    fn text(text: Option<&Sealed<PlainText>>) -> Self {
        Self {
            text: text.and_then(Sealed::value).map(|text| text.as_str().to_owned()),
            redacted: text.is_some_and(|text| text.value().is_none()),
            ..Self::default()
        }
    }

    fn message(message: MessageId, text: &Sealed<PlainText>) -> Self {
        Self { message: MessageEffect::Adds(message), ..Self::text(Some(text)) }
    }

    /// A text that is no message, if there is one.
    fn other(text: Option<&Sealed<PlainText>>) -> Self {
        text.map_or_else(Self::default, |text| Self::message(MessageId::of_text(text.key()), text))
    }

    fn takes_away(message: MessageId, destroyed: bool) -> Self {
        Self { message: MessageEffect::TakesAway { message, destroyed }, ..Self::default() }
    }

    fn watcher_added(watcher: &Watcher) -> Self {
        match watcher {
            Watcher::Contact { person } => Self::about(*person),
            Watcher::Address { fingerprint, address } => {
                Self { detail: Some(json!({ "watcher": fingerprint })), ..Self::text(Some(address)) }
            }
        }
    }

    fn watcher_named(watcher: &WatcherId) -> Self {
        match watcher {
            WatcherId::Contact(person) => Self::about(*person),
            WatcherId::Address(fingerprint) => Self::detail(json!({ "watcher": fingerprint })),
        }
    }

    /// Takes the text away; what is not destroyed is kept for auditors.
    pub(super) fn redact(&mut self, destroyed: bool) {
        let text = self.text.take().or_else(|| self.moved_text.take());
        self.moved_text = None;
        self.redacted = true;
        self.withheld_text = if destroyed { None } else { self.withheld_text.take().or(text) };
    }

    /// Gives the text to another case, or takes it back.
    pub(super) fn set_moved(&mut self, moved: bool) {
        let text = self.text.take().or_else(|| self.moved_text.take());
        self.moved = moved;
        *if moved { &mut self.moved_text } else { &mut self.text } = text;
    }
}

fn written_at(fact: &CaseFact) -> Option<Timestamp> {
    match fact {
        CaseFact::MessagePosted { written_at, .. } | CaseFact::InternalNoteAdded { written_at, .. } => *written_at,
        _ => None,
    }
}

fn wait_detail(wait: &Wait) -> Value {
    json!({ "reason": wait.reason, "until": wait.until })
}

fn choice_detail<T: Copy + ToString>(name: &str, choice: &Choice<T>) -> Value {
    json!({ name: choice.picked().map(|picked| picked.to_string()), "not_listed": choice.is_not_listed() })
}

pub(super) fn inferred_word(inferred: Inferred) -> &'static str {
    match inferred {
        Inferred::Step => "step",
        Inferred::Text => "text",
    }
}

/// Adds to a statement that it adds entries.
pub(super) fn push_write<'a>(sql: &mut QueryBuilder<'a, Postgres>, rows: &[&'a EntryRow]) {
    sql.push(INSERT);
    Columns::of(sql, rows)
        .add(|row| row.case_id.0)
        .add(|row| row.sequence)
        .add(|row| row.public_sequence)
        .add(|row| row.kind)
        .add(|row| row.metadata.actor.0)
        .add(|row| row.metadata.role.to_string())
        .add(|row| row.metadata.on_behalf_of.map(|person| person.0))
        .add(|row| row.metadata.channel.to_string())
        .add(|row| row.metadata.inferred.map(inferred_word))
        .add(|row| row.occurred_at)
        .add(|row| row.written_at)
        .add(|row| row.recorded_at)
        .add(|row| row.content.message.message().map(|message| message.0))
        .add(|row| row.content.about.map(|person| person.0))
        .add(|row| row.content.text.as_deref())
        .add(|row| row.content.redacted)
        .add(|row| row.content.withheld_text.as_deref())
        .add(|row| row.content.moved)
        .add(|row| row.content.moved_text.as_deref())
        .add_json(|row| row.content.detail.as_ref().map(Value::to_string));
    sql.push(WHERE_MOVED);
}

const INSERT: &str = "
insert into case_activity (
    case_id, sequence, public_sequence, kind, actor_id, actor_role, on_behalf_of, channel, inferred, occurred_at,
    written_at, recorded_at, message_id, about_id, text, redacted, withheld_text, moved, moved_text, detail
)";

/// Adds to a statement what becomes of the texts of entries that were written before.
pub(super) fn push_change(sql: &mut QueryBuilder<'_, Postgres>, changes: &[(&MessageOf, &TextChange)]) {
    sql.push(
        "update case_activity
         set text = case
                 when change.destroyed is not null or change.moved then null
                 when not change.moved then coalesce(text, moved_text)
                 else text
             end,
             redacted = redacted or change.destroyed is not null,
             withheld_text = case
                 when change.destroyed then null
                 when not change.destroyed then coalesce(withheld_text, text, moved_text)
                 else withheld_text
             end,
             moved = coalesce(change.moved, case_activity.moved),
             moved_text = case
                 when change.destroyed is not null or not change.moved then null
                 when change.moved then coalesce(moved_text, text)
                 else moved_text
             end
         from (",
    );
    Columns::of(sql, changes)
        .add(|((case_id, _), _)| case_id.0)
        .add(|((_, message), _)| message.0)
        .add(|(_, change)| change.destroyed)
        .add(|(_, change)| change.moved);
    sql.push(
        ") as change (case_id, message_id, destroyed, moved)
         where case_activity.case_id = change.case_id and case_activity.message_id = change.message_id
             and case_activity.kind not in ('MessageRedacted', 'TextRedacted', 'RedactedTextDestroyed')
             and exists (select from moved)",
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written() -> Content {
        Content { text: Some("My PIN is 1234.".to_owned()), ..Content::default() }
    }

    #[test]
    fn a_redacted_text_is_gone() {
        let mut content = written();
        content.redact(true);
        assert_eq!((content.text, content.withheld_text, content.redacted), (None, None, true));
    }

    #[test]
    fn under_a_hold_it_is_kept_for_auditors_until_it_is_destroyed() {
        let mut content = written();
        content.redact(false);
        assert_eq!(content.text, None);
        assert_eq!(content.withheld_text.as_deref(), Some("My PIN is 1234."));
        content.redact(false);
        assert_eq!(content.withheld_text.as_deref(), Some("My PIN is 1234."));
        content.redact(true);
        assert_eq!(content.withheld_text, None);
    }
}
