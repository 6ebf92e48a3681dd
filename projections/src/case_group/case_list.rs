//! `case_list`: one row per case, with all that a list shows, filters and sorts by.

use domain::{
    AccountId, Audience, CaseId, LocationId, MessageId, PersonId, PlainText, ProductId, Sealed, Slug, Timestamp,
    case::{
        CaseEvent, CaseFact, Choice, Contents, ExternalReference, Opened, Priority, Status, TextKind, Wait, WaitReason,
    },
};
use sqlx::{FromRow, Postgres, QueryBuilder, Row, postgres::PgRow};
use uuid::Uuid;

use super::case_activity::MessageOf;
use crate::column::{Columns, Unexpected, id, maybe_id, maybe_parsed, parsed, undecodable};
use crate::writes::WHERE_MOVED;

/// A row as stored.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct ListRow {
    pub case_id: CaseId,
    pub number: i64,
    pub account: AccountId,
    pub status: Status,
    pub case_type: Slug,
    pub category: Slug,
    pub subject: Option<String>,
    pub subject_given: bool,
    pub subject_text: Option<MessageId>,
    pub location: Choice<LocationId>,
    pub product: Choice<ProductId>,
    pub contact: PersonId,
    pub opener: PersonId,
    pub owner: Option<PersonId>,
    pub queue: Slug,
    pub priority: Priority,
    pub wait: Option<Wait>,
    pub opened_at: Timestamp,
    pub updated_at: Timestamp,
    pub public_updated_at: Timestamp,
    pub version: i64,
    pub public_version: i64,
    pub message_count: i32,
    pub note_count: i32,
    pub external: Option<ExternalReference>,
}

impl ListRow {
    /// The row of a case before its first event is applied.
    pub(super) fn opened(case_id: CaseId, at: Timestamp, opened: &Opened) -> Self {
        let subject = opened.subject.as_ref().map_or_else(
            || opened.description.value().map(PlainText::first_line),
            |subject| subject.value().map(|text| text.as_str().to_owned()),
        );
        Self {
            case_id,
            number: opened.number.0,
            account: opened.account,
            status: Status::New,
            case_type: opened.case_type.clone(),
            category: opened.category.clone(),
            subject,
            subject_given: opened.subject.is_some(),
            subject_text: opened.subject.as_ref().map(|subject| MessageId::of_text(subject.key())),
            location: opened.location,
            product: opened.product,
            contact: opened.contact,
            opener: opened.opener,
            owner: None,
            queue: opened.queue.clone(),
            priority: opened.priority,
            wait: None,
            opened_at: at,
            updated_at: at,
            public_updated_at: at,
            version: 0,
            public_version: 0,
            message_count: 0,
            note_count: 0,
            external: opened.external_reference.clone(),
        }
    }

    /// Folds one event into the row.
    pub(super) fn apply(&mut self, event: &CaseEvent) {
        self.version += 1;
        self.updated_at = event.occurred_at;
        if event.fact.audience() == Audience::Public {
            self.public_version += 1;
            self.public_updated_at = event.occurred_at;
        }
        match &event.fact {
            CaseFact::TakenUp { owner } => {
                self.status = Status::Open;
                self.owner = Some(*owner);
            }
            CaseFact::OwnerAssigned { owner } => self.owner = Some(*owner),
            CaseFact::OwnerReleased {} => self.owner = None,
            CaseFact::MovedToQueue { queue } => self.queue = queue.clone(),
            CaseFact::WaitStarted { wait } => self.wait = Some(*wait),
            CaseFact::WaitEnded { .. } => self.wait = None,
            CaseFact::PriorityChanged { priority } => self.priority = *priority,
            CaseFact::Reclassified { case_type, category } => {
                self.case_type = case_type.clone();
                self.category = category.clone();
            }
            CaseFact::LocationChanged { location } => self.location = *location,
            CaseFact::ProductChanged { product } => self.product = *product,
            CaseFact::SubjectChanged { subject } => self.set_subject(subject),
            CaseFact::ContactChanged { contact } => self.contact = *contact,
            CaseFact::MessagePosted { .. } => self.message_count += 1,
            CaseFact::InternalNoteAdded { .. } => self.note_count += 1,
            // The description's first line goes with the description.
            CaseFact::MessageRedacted { kind: TextKind::Description, .. } if !self.subject_given => self.subject = None,
            CaseFact::TextRedacted { message, .. } => self.take_away(*message),
            CaseFact::Resolved { .. } | CaseFact::ReopeningUndone {} => self.status = Status::Resolved,
            CaseFact::Reopened { .. } => self.status = Status::Open,
            CaseFact::Canceled { .. } => self.status = Status::Canceled,
            CaseFact::Closed { .. } => self.status = Status::Closed,
            CaseFact::MergeUndone { status, .. } => self.status = *status,
            CaseFact::ContentsMoved { contents, of_notes, .. } => {
                *self.count(*of_notes) -= count_of(contents);
                if contents.description.is_some() && !self.subject_given {
                    self.subject = None;
                }
            }
            CaseFact::ContentsReturned { contents, of_notes, .. } => *self.count(*of_notes) += count_of(contents),
            CaseFact::Opened(_)
            | CaseFact::TriageCleared {}
            | CaseFact::MessageRedacted { .. }
            | CaseFact::RedactedTextDestroyed { .. }
            | CaseFact::AttachmentAdded(_)
            | CaseFact::AttachmentRemoved { .. }
            | CaseFact::AttachmentRedacted { .. }
            | CaseFact::RedactedAttachmentDestroyed { .. }
            | CaseFact::WatcherAdded { .. }
            | CaseFact::WatcherConfirmed { .. }
            | CaseFact::WatcherRemoved { .. }
            | CaseFact::WatcherLeft { .. }
            | CaseFact::ResolutionAccepted {}
            | CaseFact::ResolutionRejected { .. }
            | CaseFact::SatisfactionRated { .. }
            | CaseFact::LegalHoldPlaced { .. }
            | CaseFact::ReminderDue {}
            | CaseFact::LegalHoldLifted {}
            | CaseFact::LinkedTo { .. }
            | CaseFact::Unlinked { .. }
            | CaseFact::MergedInto { .. }
            | CaseFact::Absorbed { .. }
            | CaseFact::AbsorptionUndone { .. }
            | CaseFact::Redirected { .. }
            | CaseFact::SplitFrom { .. }
            | CaseFact::SplitInto { .. }
            | CaseFact::SplitUndone { .. }
            | CaseFact::CarriedOver { .. } => {}
        }
    }

    fn count(&mut self, of_notes: bool) -> &mut i32 {
        if of_notes { &mut self.note_count } else { &mut self.message_count }
    }

    fn set_subject(&mut self, subject: &Sealed<PlainText>) {
        self.subject = subject.value().map(|text| text.as_str().to_owned());
        self.subject_given = true;
        self.subject_text = Some(MessageId::of_text(subject.key()));
    }

    /// Takes a text away, if it is the subject.
    pub(super) fn take_away(&mut self, message: MessageId) {
        if self.subject_text == Some(message) {
            self.subject = None;
        }
    }

    /// The wait that customers may know of.
    pub(super) fn customer_wait(&self) -> Option<Wait> {
        self.wait.filter(|wait| wait.reason == WaitReason::Customer)
    }
}

fn count_of(contents: &Contents) -> i32 {
    i32::try_from(contents.messages.len()).expect("a case has few messages")
}

/// A priority as stored: 1 is the lowest, so that the column sorts.
pub(super) fn priority_rank(priority: Priority) -> i16 {
    match priority {
        Priority::Low => 1,
        Priority::Normal => 2,
        Priority::High => 3,
        Priority::Critical => 4,
    }
}

/// A priority as read.
pub(super) fn priority_of_rank(rank: i16) -> Result<Priority, sqlx::Error> {
    match rank {
        1 => Ok(Priority::Low),
        2 => Ok(Priority::Normal),
        3 => Ok(Priority::High),
        4 => Ok(Priority::Critical),
        other => Err(undecodable("priority", Unexpected(other.to_string()))),
    }
}

/// A place or product from its two columns.
pub(super) fn choice<T: From<Uuid>>(row: &PgRow, id: &str, not_listed: &str) -> Result<Choice<T>, sqlx::Error> {
    Ok(match (maybe_id(row, id)?, row.try_get(not_listed)?) {
        (Some(picked), _) => Choice::Picked(picked),
        (None, true) => Choice::NotListed,
        (None, false) => Choice::None,
    })
}

/// A wait from its two columns.
pub(super) fn wait(row: &PgRow) -> Result<Option<Wait>, sqlx::Error> {
    let reason = maybe_parsed(row, "wait_reason")?;
    let until = row.try_get("wait_until")?;
    Ok(reason.map(|reason| Wait { reason, until }))
}

/// What the case is called elsewhere, from its two columns.
pub(super) fn external(row: &PgRow) -> Result<Option<ExternalReference>, sqlx::Error> {
    let system = maybe_parsed(row, "external_system")?;
    let reference: Option<String> = row.try_get("external_reference")?;
    Ok(system.zip(reference).map(|(system, reference)| ExternalReference { system, reference }))
}

impl FromRow<'_, PgRow> for ListRow {
    fn from_row(row: &PgRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            case_id: id(row, "case_id")?,
            number: row.try_get("number")?,
            account: id(row, "account_id")?,
            status: parsed(row, "status")?,
            case_type: parsed(row, "case_type")?,
            category: parsed(row, "category")?,
            subject: row.try_get("subject")?,
            subject_given: row.try_get("subject_given")?,
            subject_text: maybe_id(row, "subject_text_id")?,
            location: choice(row, "location_id", "location_not_listed")?,
            product: choice(row, "product_id", "product_not_listed")?,
            contact: id(row, "contact_id")?,
            opener: id(row, "opener_id")?,
            owner: maybe_id(row, "owner_id")?,
            queue: parsed(row, "queue")?,
            priority: priority_of_rank(row.try_get("priority")?)?,
            wait: wait(row)?,
            opened_at: row.try_get("opened_at")?,
            updated_at: row.try_get("updated_at")?,
            public_updated_at: row.try_get("public_updated_at")?,
            version: row.try_get("version")?,
            public_version: row.try_get("public_version")?,
            message_count: row.try_get("message_count")?,
            note_count: row.try_get("note_count")?,
            external: external(row)?,
        })
    }
}

/// Adds to a statement that it writes rows, new ones and known ones.
pub(super) fn push_write<'a>(sql: &mut QueryBuilder<'a, Postgres>, rows: &[&'a ListRow]) {
    sql.push(INSERT);
    Columns::of(sql, rows)
        .add(|row| row.case_id.0)
        .add(|row| row.number)
        .add(|row| row.account.0)
        .add(|row| row.status.to_string())
        .add(|row| row.case_type.as_str())
        .add(|row| row.category.as_str())
        .add(|row| row.subject.as_deref())
        .add(|row| row.subject_given)
        .add(|row| row.subject_text.map(|id| id.0))
        .add(|row| row.location.picked().map(|id| id.0))
        .add(|row| row.location.is_not_listed())
        .add(|row| row.product.picked().map(|id| id.0))
        .add(|row| row.product.is_not_listed())
        .add(|row| row.contact.0)
        .add(|row| row.opener.0)
        .add(|row| row.owner.map(|id| id.0))
        .add(|row| row.queue.as_str())
        .add(|row| priority_rank(row.priority))
        .add(|row| row.wait.map(|wait| wait.reason.to_string()))
        .add(|row| row.wait.and_then(|wait| wait.until))
        .add(|row| row.customer_wait().is_some())
        .add(|row| row.customer_wait().and_then(|wait| wait.until))
        .add(|row| row.opened_at)
        .add(|row| row.updated_at)
        .add(|row| row.public_updated_at)
        .add(|row| row.version)
        .add(|row| row.public_version)
        .add(|row| row.message_count)
        .add(|row| row.note_count)
        .add(|row| row.external.as_ref().map(|external| external.system.as_str()))
        .add(|row| row.external.as_ref().map(|external| external.reference.as_str()));
    sql.push(WHERE_MOVED).push(ON_CONFLICT);
}

/// Adds to a statement that cases lose the subject that was their description's first line.
pub(super) fn push_untitle(sql: &mut QueryBuilder<'_, Postgres>, cases: &[CaseId]) {
    sql.push(
        "update case_list set subject = null where not subject_given and exists (select from moved) and case_id = any(",
    );
    sql.push_bind(cases.iter().map(|case_id| case_id.0).collect::<Vec<_>>()).push(")");
}

/// Adds to a statement that cases lose a given subject.
pub(super) fn push_take_away(sql: &mut QueryBuilder<'_, Postgres>, texts: &[MessageOf]) {
    sql.push("update case_list set subject = null from (");
    Columns::of(sql, texts).add(|(case_id, _)| case_id.0).add(|(_, message)| message.0);
    sql.push(
        ") as taken (case_id, message_id)
         where case_list.case_id = taken.case_id and case_list.subject_text_id = taken.message_id
             and exists (select from moved)",
    );
}

const INSERT: &str = "
insert into case_list (
    case_id, number, account_id, status, case_type, category, subject, subject_given, subject_text_id, location_id,
    location_not_listed, product_id, product_not_listed, contact_id, opener_id, owner_id, queue, priority,
    wait_reason, wait_until, waiting_for_customer, waiting_customer_until, opened_at, updated_at, public_updated_at,
    version, public_version, message_count, note_count, external_system, external_reference
)";

const ON_CONFLICT: &str = "
on conflict (case_id) do update set
    status = excluded.status, case_type = excluded.case_type, category = excluded.category,
    subject = excluded.subject, subject_given = excluded.subject_given,
    subject_text_id = excluded.subject_text_id, location_id = excluded.location_id,
    location_not_listed = excluded.location_not_listed, product_id = excluded.product_id,
    product_not_listed = excluded.product_not_listed, contact_id = excluded.contact_id, owner_id = excluded.owner_id,
    queue = excluded.queue, priority = excluded.priority, wait_reason = excluded.wait_reason,
    wait_until = excluded.wait_until, waiting_for_customer = excluded.waiting_for_customer,
    waiting_customer_until = excluded.waiting_customer_until, updated_at = excluded.updated_at,
    public_updated_at = excluded.public_updated_at, version = excluded.version,
    public_version = excluded.public_version, message_count = excluded.message_count,
    note_count = excluded.note_count";
