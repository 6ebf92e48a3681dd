//! Taking another master key into use: whatever is sealed under an earlier one is sealed anew.
//!
//! The keys of streams are wrapped by the master key, so no text is touched: one row for each stream, and few for what is sealed beside
//! the log. A row is replaced only if it is still what was read, so that what is written or destroyed meanwhile stays as it is. Cut off,
//! it goes on when it is run again.

use futures_util::TryStreamExt as _;
use sqlx::{PgPool, Row as _};
use uuid::Uuid;

use crate::{
    LogError, MasterKey,
    keys::{Anew, STREAM_KEYS, Sealing},
};

/// A column with what is sealed under the master key.
#[derive(Clone, Copy, Debug)]
pub struct SealedColumn {
    /// Its table.
    pub table: &'static str,
    /// The column with the id that each value is bound to.
    pub place: &'static str,
    /// The column itself; null where nothing is sealed.
    pub sealed: &'static str,
    /// What it is sealed for.
    pub purpose: &'static str,
}

/// What came of an exchange.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Exchanged {
    /// How many values were sealed anew.
    pub anew: u64,
    /// How many no key opens: they were so before.
    pub unreadable: u64,
}

/// How often all is looked through: what was sealed meanwhile under the key before is found by the next look.
const LOOKS: usize = 3;
/// How many rows are replaced in one transaction.
const AT_ONCE: usize = 500;

/// Takes the last of the keys into use, and seals anew what others have sealed: the keys of all streams, and these columns. Where nothing
/// is left to do, the database forgets the keys between the first and the last.
///
/// # Errors
/// [`LogError::Database`]: run it again.
pub async fn exchange(owner: &PgPool, keys: &MasterKey, columns: &[SealedColumn]) -> Result<Exchanged, LogError> {
    let keys = keys.with_last_in_use();
    // First, so that nobody starts any more who lacks the key.
    sqlx::query("insert into master_keys (fingerprint) values ($1) on conflict do nothing")
        .bind(keys.check_value_in_use().as_slice())
        .execute(owner)
        .await?;
    let streams = SealedColumn { table: "keys", place: "key_id", sealed: "wrapped", purpose: STREAM_KEYS };
    let mut exchanged = Exchanged::default();
    for column in columns.iter().chain([&streams]) {
        let sealing = keys.sealing(column.purpose);
        let only = if column.table == streams.table { "wrapped_by is null" } else { "true" };
        for _ in 0..LOOKS {
            let found = look_through(owner, *column, only, &sealing).await?;
            exchanged.anew += found.anew;
            exchanged.unreadable = exchanged.unreadable.max(found.unreadable);
            if found.anew == 0 {
                break;
            }
        }
    }
    if exchanged == Exchanged::default() {
        sqlx::query("delete from master_keys where fingerprint <> $1 and fingerprint <> $2")
            .bind(keys.check_value().as_slice())
            .bind(keys.check_value_in_use().as_slice())
            .execute(owner)
            .await?;
    }
    Ok(exchanged)
}

async fn look_through(
    owner: &PgPool,
    column: SealedColumn,
    only: &str,
    sealing: &Sealing,
) -> Result<Exchanged, LogError> {
    let SealedColumn { table, place, sealed, .. } = column;
    let sql = format!("select ctid::text, {place}, {sealed} from {table} where {sealed} is not null and {only}");
    let mut rows = sqlx::query(&sql).fetch(owner);
    let mut found = Exchanged::default();
    let mut batch = Vec::with_capacity(AT_ONCE);
    while let Some(row) = rows.try_next().await? {
        let (at, id, old): (String, Uuid, Vec<u8>) = (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
        match sealing.seal_anew(id.as_bytes(), &old) {
            Anew::AsItIs => {}
            Anew::Unreadable => found.unreadable += 1,
            Anew::Sealed(new) => batch.push((at, old, new)),
        }
        if batch.len() == AT_ONCE {
            found.anew += replace(owner, column, std::mem::take(&mut batch)).await?;
        }
    }
    found.anew += replace(owner, column, batch).await?;
    Ok(found)
}

async fn replace(
    owner: &PgPool,
    SealedColumn { table, sealed, .. }: SealedColumn,
    batch: Vec<(String, Vec<u8>, Vec<u8>)>,
) -> Result<u64, LogError> {
    if batch.is_empty() {
        return Ok(0);
    }
    let sql = format!("update {table} set {sealed} = $3 where ctid = $1::text::tid and {sealed} = $2");
    let mut tx = owner.begin().await?;
    let mut replaced = 0;
    for (at, old, new) in batch {
        let done = sqlx::query(&sql).bind(at).bind(old).bind(new).execute(&mut *tx).await?;
        replaced += done.rows_affected();
    }
    tx.commit().await?;
    Ok(replaced)
}
