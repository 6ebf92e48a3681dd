//! Uploads that no case has yet: announced, perhaps stored, and forgotten when nobody attaches them in time.
//!
//! Of the token only the SHA-256 is kept. The name is sealed under a key of the service, and so is the file's own key, until
//! the event that attaches the file brings both under the stream's.

use std::sync::Arc;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use chrono::TimeDelta;
use domain::{
    AccountId, AttachmentId, KeyId, PersonId, PlainText, Timestamp,
    case::{FileLabel, Sha256},
};
use event_log::{DataKey, EventLog, Sealing};
use ring::{
    digest::{SHA256, digest},
    rand::{SecureRandom as _, SystemRandom},
};
use sqlx::{FromRow, PgConnection, PgPool};
use uuid::Uuid;

/// How long a token is good for.
pub const TOKEN_LIFE: TimeDelta = TimeDelta::hours(1);
/// How long an upload that is stored waits for its case.
pub const STORED_LIFE: TimeDelta = TimeDelta::days(1);
/// The most uploads that one caller has begun and not attached.
pub const MAX_STAGED: i64 = 100;
const SECRET_BYTES: usize = 32;

/// What uploads that wait for their case are sealed for.
pub(crate) const STAGED_UPLOADS: &str = "staged uploads";

/// The staged uploads of one database.
#[derive(Clone)]
pub struct Stages {
    pool: PgPool,
    key: Arc<Sealing>,
}

/// An upload to be announced.
#[derive(Clone, Debug)]
pub struct NewStage {
    /// What the file will be in its case.
    pub attachment: AttachmentId,
    /// Who will upload and attach it.
    pub principal: PersonId,
    /// For whose cases.
    pub account: AccountId,
    /// What it is called.
    pub name: PlainText,
    /// What kind of file it is.
    pub media_type: &'static str,
    /// How many bytes it will have.
    pub size_bytes: u64,
    /// How many bytes the account's cases have already.
    pub attached_bytes: u64,
    /// How many bytes the account may have, staged ones included.
    pub account_bytes: u64,
    /// When it is announced.
    pub at: Timestamp,
}

/// Why an upload is not staged.
#[derive(Debug, thiserror::Error)]
pub enum StageError {
    /// The account would have more than it may.
    #[error("the account's files would take {bytes} bytes, over its limit of {limit}: remove some first")]
    Quota {
        /// How many it would have.
        bytes: u64,
        /// How many it may have.
        limit: u64,
    },
    /// The caller has begun too many.
    #[error("{MAX_STAGED} uploads were begun and not attached: attach those, or wait until they expire")]
    TooMany,
    /// The database did not answer.
    #[error("the database did not answer as it should")]
    Database(#[from] sqlx::Error),
}

/// An upload whose bytes are about to come.
pub struct Begun {
    /// What the file will be in its case.
    pub attachment: AttachmentId,
    /// For whose cases.
    pub account: AccountId,
    /// What it is called.
    pub name: PlainText,
    /// What kind of file it is.
    pub media_type: String,
    /// How many bytes were announced.
    pub size_bytes: u64,
    /// Names the key that seals it.
    pub key_id: KeyId,
    /// The key that seals it.
    pub key: DataKey,
}

/// An upload whose bytes are stored.
#[derive(Clone, Debug)]
pub struct Staged {
    /// What the file will be in its case.
    pub attachment: AttachmentId,
    /// For whose cases.
    pub account: AccountId,
    /// Name and digest.
    pub label: FileLabel,
    /// What kind of file it is.
    pub media_type: String,
    /// How many bytes it has.
    pub size_bytes: u64,
    /// Names the key that seals it.
    pub key_id: KeyId,
    /// The key that seals it.
    pub key: Arc<DataKey>,
}

#[derive(FromRow)]
struct Row {
    attachment_id: Uuid,
    account_id: Uuid,
    label: Vec<u8>,
    media_type: String,
    size_bytes: i64,
    key_id: Option<Uuid>,
    wrapped: Option<Vec<u8>>,
}

impl Stages {
    /// The staged uploads of a log's database.
    #[must_use]
    pub fn new(log: &EventLog) -> Self {
        Self { pool: log.pool().clone(), key: Arc::new(log.sealing(STAGED_UPLOADS)) }
    }

    /// Announces an upload; answers its token, the only time that it is seen.
    ///
    /// # Errors
    /// [`StageError`].
    pub async fn stage(&self, new: &NewStage) -> Result<String, StageError> {
        let mut secret = [0; SECRET_BYTES];
        SystemRandom::new().fill(&mut secret).expect("the system has a random source");
        let token = BASE64.encode(secret);
        let mut tx = self.pool.begin().await?;
        // One after the other for each account, so that two do not both fit where one does.
        sqlx::query("select pg_advisory_xact_lock(1129530196, hashtext($1))")
            .bind(new.account.to_string())
            .execute(&mut *tx)
            .await?;
        let (staged_bytes, begun): (i64, i64) = sqlx::query_as(
            "select (select coalesce(sum(size_bytes), 0)::bigint from staged_uploads
                     where account_id = $1 and expires_at > $3),
                    (select count(*) from staged_uploads where principal = $2 and expires_at > $3)",
        )
        .bind(new.account.0)
        .bind(new.principal.0)
        .bind(new.at)
        .fetch_one(&mut *tx)
        .await?;
        let bytes = new.attached_bytes + u64::try_from(staged_bytes).unwrap_or(0) + new.size_bytes;
        if bytes > new.account_bytes {
            return Err(StageError::Quota { bytes, limit: new.account_bytes });
        }
        if begun >= MAX_STAGED {
            return Err(StageError::TooMany);
        }
        sqlx::query(
            "insert into staged_uploads
                 (attachment_id, token_hash, principal, account_id, label, media_type, size_bytes, expires_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8)",
        )
        .bind(new.attachment.0)
        .bind(hash(&token))
        .bind(new.principal.0)
        .bind(new.account.0)
        .bind(self.key.seal(new.attachment.0.as_bytes(), new.name.as_str().as_bytes()))
        .bind(new.media_type)
        .bind(i64::try_from(new.size_bytes).expect("files are far below 2^63 bytes"))
        .bind(new.at + TOKEN_LIFE)
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(token)
    }

    /// Takes a token, which is good once, for its owner, in time; nothing when it is not. The file's key is drawn here.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn begin(
        &self,
        token: &str,
        principal: PersonId,
        key_id: KeyId,
        now: Timestamp,
    ) -> Result<Option<Begun>, sqlx::Error> {
        let key = DataKey::generate();
        let row: Option<Row> = sqlx::query_as(
            "update staged_uploads set key_id = $4, wrapped = $5
             where token_hash = $1 and principal = $2 and expires_at > $3 and key_id is null
             returning attachment_id, account_id, label, media_type, size_bytes, key_id, wrapped",
        )
        .bind(hash(token))
        .bind(principal.0)
        .bind(now)
        .bind(key_id.0)
        .bind(self.key.wrap(key_id, &key))
        .fetch_optional(&self.pool)
        .await?;
        let Some(row) = row else { return Ok(None) };
        let attachment = AttachmentId(row.attachment_id);
        let name = self.open(attachment, &row.label).and_then(|name| String::from_utf8(name).ok());
        let Some(name) = name.and_then(|name| PlainText::parse_file_name(&name).ok()) else {
            return Err(undecodable("label", "the name of a staged upload does not open"));
        };
        let size_bytes = u64::try_from(row.size_bytes).expect("the table holds positive sizes");
        let account = AccountId(row.account_id);
        Ok(Some(Begun { attachment, account, name, media_type: row.media_type, size_bytes, key_id, key }))
    }

    /// Gives an upload that was begun its token back: it is as it was before.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn give_back(&self, begun: &Begun) -> Result<(), sqlx::Error> {
        sqlx::query(
            "update staged_uploads set key_id = null, wrapped = null
             where attachment_id = $1 and key_id = $2 and not stored",
        )
        .bind(begun.attachment.0)
        .bind(begun.key_id.0)
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Notes that an upload's bytes are stored; answers whether it was still wanted.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn stored(&self, begun: &Begun, sha256: Sha256, now: Timestamp) -> Result<bool, sqlx::Error> {
        let label = FileLabel { name: begun.name.clone(), sha256 };
        let label = serde_json::to_vec(&label).expect("a name and a digest are plain data");
        let done = sqlx::query(
            "update staged_uploads set label = $2, stored = true, expires_at = $3
             where attachment_id = $1 and key_id = $4 and expires_at > $5",
        )
        .bind(begun.attachment.0)
        .bind(self.key.seal(begun.attachment.0.as_bytes(), &label))
        .bind(now + STORED_LIFE)
        .bind(begun.key_id.0)
        .bind(now)
        .execute(&self.pool)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Reads those of a caller's uploads that are stored and wait for their case, in no particular order.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn waiting(
        &self,
        principal: PersonId,
        attachments: &[AttachmentId],
        now: Timestamp,
    ) -> Result<Vec<Staged>, sqlx::Error> {
        let rows: Vec<Row> = sqlx::query_as(
            "select attachment_id, account_id, label, media_type, size_bytes, key_id, wrapped from staged_uploads
             where attachment_id = any($1) and principal = $2 and stored and expires_at > $3",
        )
        .bind(attachments.iter().map(|attachment| attachment.0).collect::<Vec<_>>())
        .bind(principal.0)
        .bind(now)
        .fetch_all(&self.pool)
        .await?;
        let staged = |row| self.staged(row).ok_or_else(|| undecodable("wrapped", "a staged upload does not open"));
        rows.into_iter().map(staged).collect()
    }

    /// Forgets uploads: those that a case has now, or that broke off.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn forget(&self, attachments: &[AttachmentId]) -> Result<(), sqlx::Error> {
        sqlx::query("delete from staged_uploads where attachment_id = any($1)")
            .bind(attachments.iter().map(|attachment| attachment.0).collect::<Vec<_>>())
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// How many uploads wait for their case of somebody.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn count_of(&self, principal: PersonId) -> Result<usize, sqlx::Error> {
        let count: i64 = sqlx::query_scalar("select count(*) from staged_uploads where principal = $1")
            .bind(principal.0)
            .fetch_one(&self.pool)
            .await?;
        Ok(usize::try_from(count).unwrap_or_default())
    }

    /// Forgets all uploads of somebody, in a transaction of the caller's; answers the keys of those whose bytes have begun
    /// to come.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn forget_all_of(
        &self,
        conn: &mut PgConnection,
        principal: PersonId,
    ) -> Result<Vec<Option<KeyId>>, sqlx::Error> {
        let keys: Vec<Option<Uuid>> =
            sqlx::query_scalar("delete from staged_uploads where principal = $1 returning key_id")
                .bind(principal.0)
                .fetch_all(conn)
                .await?;
        Ok(keys.into_iter().map(|key| key.map(KeyId)).collect())
    }

    /// All uploads that were begun or have expired: which, under which key if their bytes began to come, and whether they
    /// have expired.
    ///
    /// # Errors
    /// When the database does not answer.
    pub(super) async fn all(&self, now: Timestamp) -> Result<Vec<(AttachmentId, Option<KeyId>, bool)>, sqlx::Error> {
        let rows: Vec<(Uuid, Option<Uuid>, bool)> = sqlx::query_as(
            "select attachment_id, key_id, expires_at <= $1 from staged_uploads
             where key_id is not null or expires_at <= $1",
        )
        .bind(now)
        .fetch_all(&self.pool)
        .await?;
        let upload = |(attachment, key, expired)| (AttachmentId(attachment), Option::map(key, KeyId), expired);
        Ok(rows.into_iter().map(upload).collect())
    }

    fn open(&self, attachment: AttachmentId, sealed: &[u8]) -> Option<Vec<u8>> {
        self.key.open(attachment.0.as_bytes(), sealed)
    }

    fn staged(&self, row: Row) -> Option<Staged> {
        let attachment = AttachmentId(row.attachment_id);
        let key_id = KeyId(row.key_id?);
        Some(Staged {
            attachment,
            account: AccountId(row.account_id),
            label: serde_json::from_slice(&self.open(attachment, &row.label)?).ok()?,
            media_type: row.media_type,
            size_bytes: u64::try_from(row.size_bytes).ok()?,
            key_id,
            key: Arc::new(self.key.unwrap_key(key_id, &row.wrapped?)?),
        })
    }
}

fn undecodable(column: &str, reason: &'static str) -> sqlx::Error {
    sqlx::Error::ColumnDecode { index: column.to_owned(), source: reason.into() }
}

fn hash(token: &str) -> Vec<u8> {
    digest(&SHA256, token.as_bytes()).as_ref().to_vec()
}
