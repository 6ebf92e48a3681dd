//! Reading the files of cases.

use domain::{AccountId, AttachmentId, CaseId, KeyId, MessageId, PersonId, Scope, Timestamp, case::FileLeft};
use sqlx::{FromRow, QueryBuilder, Row, postgres::PgRow};

use super::summary::named;
use crate::{
    Named, ProjectionError, ScopedTx,
    column::{id, maybe_id},
};

/// A file of a case, as far as its reader may know.
#[derive(Clone, Debug, PartialEq)]
pub struct AttachmentEntry {
    /// The file.
    pub attachment_id: AttachmentId,
    /// The case that it belongs to.
    pub case_id: CaseId,
    /// What it is called; none once that was redacted or erased.
    pub name: Option<String>,
    /// The name that was redacted under legal hold. For auditors only.
    pub withheld_name: Option<String>,
    /// What kind of file it is.
    pub media_type: String,
    /// How many bytes it has.
    pub size_bytes: i64,
    /// The digest of its bytes, in hexadecimal digits; none once the name is gone.
    pub sha256: Option<String>,
    /// The key that seals its bytes, and the name under which they are stored.
    pub key: KeyId,
    /// Whether it belongs to a note.
    pub of_note: bool,
    /// The description, message or note that it came with.
    pub message_id: Option<MessageId>,
    /// Who uploaded it.
    pub uploader: Named<PersonId>,
    /// Whether it comes from the desk; else from the customer.
    pub from_desk: bool,
    /// When it was attached.
    pub added_at: Timestamp,
    /// What is left of it; what is withheld for auditors counts as gone.
    pub left: FileLeft,
}

/// Reads the files of cases, those of each in the order in which they came.
///
/// # Errors
/// [`ProjectionError::Database`].
pub async fn attachments(tx: &mut ScopedTx, cases: Vec<CaseId>) -> Result<Vec<AttachmentEntry>, ProjectionError> {
    let cases: Vec<_> = cases.into_iter().map(|case_id| case_id.0).collect();
    let mut sql = select(tx);
    sql.push("a.case_id = any(").push_bind(cases).push(") order by a.case_id, a.sequence");
    Ok(sql.build_query_as().fetch_all(&mut **tx).await?)
}

/// Reads a file by its id; none when the scope does not see it.
///
/// # Errors
/// [`ProjectionError::Database`].
pub async fn attachment(
    tx: &mut ScopedTx,
    attachment_id: AttachmentId,
) -> Result<Option<AttachmentEntry>, ProjectionError> {
    let mut sql = select(tx);
    sql.push("a.attachment_id = ").push_bind(attachment_id.0);
    Ok(sql.build_query_as().fetch_optional(&mut **tx).await?)
}

/// Adds up the bytes of the files that an account's cases have. For the service itself, under the desk's scope.
///
/// # Errors
/// [`ProjectionError::Database`].
pub async fn attached_bytes(tx: &mut ScopedTx, account: AccountId) -> Result<i64, ProjectionError> {
    let sum = "select coalesce(sum(size_bytes), 0)::bigint from case_attachments where account_id = $1 and not removed and not moved";
    Ok(sqlx::query_scalar(sum).bind(account.0).fetch_one(&mut **tx).await?)
}

/// The files, up to and including `where`.
fn select(tx: &ScopedTx) -> QueryBuilder<'static, sqlx::Postgres> {
    let withheld = match tx.scope() {
        Scope::Auditor => "a.withheld_name",
        Scope::Nothing | Scope::Administrator | Scope::AccessRequests | Scope::Contact { .. } | Scope::Staff => {
            "null::text as withheld_name"
        }
    };
    QueryBuilder::new(format!(
        "select a.attachment_id, a.case_id, a.name, {withheld}, a.media_type, a.size_bytes, a.sha256, a.key_id, a.of_note,
             a.message_id, a.uploader_id, null::text as uploader_reference, uploader.name as uploader_name, a.from_desk,
             a.added_at, a.removed, a.redacted
         from case_attachments as a
         left join people as uploader on uploader.person_id = a.uploader_id
         where not a.moved and "
    ))
}

/// What is left of a file for those who are no auditors.
pub(super) fn left(removed: bool, redacted: bool) -> FileLeft {
    match (removed, redacted) {
        (_, true) => FileLeft::Nothing,
        (true, false) => FileLeft::Name,
        (false, false) => FileLeft::All,
    }
}

impl FromRow<'_, PgRow> for AttachmentEntry {
    fn from_row(row: &PgRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            attachment_id: id(row, "attachment_id")?,
            case_id: id(row, "case_id")?,
            name: row.try_get("name")?,
            withheld_name: row.try_get("withheld_name")?,
            media_type: row.try_get("media_type")?,
            size_bytes: row.try_get("size_bytes")?,
            sha256: row.try_get("sha256")?,
            key: id(row, "key_id")?,
            of_note: row.try_get("of_note")?,
            message_id: maybe_id(row, "message_id")?,
            uploader: named(row, "uploader")?,
            from_desk: row.try_get("from_desk")?,
            added_at: row.try_get("added_at")?,
            left: left(row.try_get("removed")?, row.try_get("redacted")?),
        })
    }
}
