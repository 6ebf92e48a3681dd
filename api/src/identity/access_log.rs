//! What auditors read: who, what, when, in a chain of its own.
//!
//! `hash = SHA-256("casestream/access/1" || previous || fields)`, every field prefixed by its length as 8 bytes,
//! big-endian: sequence (8 bytes), time (microseconds since 1970, 8 bytes), principal (16 bytes), role, operation,
//! object, request (16 bytes). The first row follows 32 zero bytes.

use domain::{RequestId, Role, Timestamp};
use futures_util::TryStreamExt;
use ring::digest::{Context, SHA256};
use sqlx::{FromRow, PgPool};
use uuid::Uuid;

use super::Caller;
use crate::clock::Clock;

/// One read.
#[derive(Clone, Debug)]
pub struct Access<'a> {
    /// Who read.
    pub caller: &'a Caller,
    /// Which operation, `case.history`.
    pub operation: &'a str,
    /// What was read: ids, never content.
    pub object: &'a str,
    /// In which request.
    pub request: RequestId,
}

/// A read could not be recorded, so it must not happen.
#[derive(Debug, thiserror::Error)]
#[error("the access log could not be written, so nothing may be read")]
pub struct AccessLogError(#[from] sqlx::Error);

/// The access log of one database.
#[derive(Clone)]
pub struct AccessLog {
    pool: PgPool,
    clock: Clock,
}

#[derive(FromRow)]
struct Head {
    sequence: i64,
    hash: Vec<u8>,
}

#[derive(FromRow)]
struct Row {
    sequence: i64,
    recorded_at: Timestamp,
    principal: Uuid,
    role: String,
    operation: String,
    object: String,
    request: Uuid,
    hash: Vec<u8>,
}

impl AccessLog {
    /// The access log of a database, dated by a clock.
    #[must_use]
    pub fn new(pool: PgPool, clock: Clock) -> Self {
        Self { pool, clock }
    }

    /// Records reads before they happen, a row for each; in as many statements for a list of them as for one.
    ///
    /// # Errors
    /// [`AccessLogError`]: the reads must not happen.
    pub async fn record(&self, accesses: &[Access<'_>]) -> Result<(), AccessLogError> {
        let mut tx = self.pool.begin().await?;
        // The row's lock puts the readers in an order, and the chain with them.
        let head: Head =
            sqlx::query_as("select sequence, hash from access_log_head for update").fetch_one(&mut *tx).await?;
        let rows = self.rows(&head, accesses);
        sqlx::query(
            "with head as (update access_log_head set sequence = $1, hash = $2)
             insert into access_log (sequence, recorded_at, principal, role, operation, object, request, hash)
             select * from unnest(
                 $3::bigint[], $4::timestamptz[], $5::uuid[], $6::text[], $7::text[], $8::text[], $9::uuid[], $10::bytea[]
             )",
        )
        .bind(rows.last().map_or(head.sequence, |row| row.sequence))
        .bind(rows.last().map_or(&head.hash, |row| &row.hash))
        .bind(column(&rows, |row| row.sequence))
        .bind(column(&rows, |row| row.recorded_at))
        .bind(column(&rows, |row| row.principal))
        .bind(column(&rows, |row| row.role.as_str()))
        .bind(column(&rows, |row| row.operation.as_str()))
        .bind(column(&rows, |row| row.object.as_str()))
        .bind(column(&rows, |row| row.request))
        .bind(column(&rows, |row| row.hash.as_slice()))
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(())
    }

    /// The rows of reads, each with its place in the chain.
    fn rows(&self, head: &Head, accesses: &[Access<'_>]) -> Vec<Row> {
        let mut previous = head.hash.clone();
        let row = |(sequence, access): (i64, &Access<'_>)| {
            let mut row = Row {
                sequence,
                recorded_at: self.clock.now(),
                principal: access.caller.person.0,
                role: access.caller.roles.iter().map(|role: Role| role.to_string()).collect::<Vec<_>>().join("+"),
                operation: access.operation.to_owned(),
                object: access.object.to_owned(),
                request: access.request.0,
                hash: vec![],
            };
            row.hash = row.hash_after(&previous);
            previous.clone_from(&row.hash);
            row
        };
        (head.sequence + 1..).zip(accesses).map(row).collect()
    }
}

fn column<'a, T>(rows: &'a [Row], value: impl Fn(&'a Row) -> T) -> Vec<T> {
    rows.iter().map(value).collect()
}

/// A row of the access log that is not as it was recorded, or not there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadAccess {
    /// Its place in the log.
    pub sequence: i64,
    /// What is wrong.
    pub reason: &'static str,
}

/// Checks the chain of the access log; answers how many rows it has, or the first bad one.
///
/// # Errors
/// When the database does not answer.
pub async fn verify_access_log(pool: &PgPool) -> Result<Result<i64, BadAccess>, sqlx::Error> {
    let head: Head = sqlx::query_as("select sequence, hash from access_log_head").fetch_one(pool).await?;
    let mut rows = sqlx::query_as::<_, Row>(
        "select sequence, recorded_at, principal, role, operation, object, request, hash
         from access_log where sequence <= $1 order by sequence",
    )
    .bind(head.sequence)
    .fetch(pool);
    let (mut sequence, mut hash) = (0, vec![0; 32]);
    while let Some(row) = rows.try_next().await? {
        sequence += 1;
        let bad = |reason| Ok(Err(BadAccess { sequence, reason }));
        if row.sequence != sequence {
            return bad("it is missing");
        }
        if row.hash != row.hash_after(&hash) {
            return bad("its hash does not match its content and the rows before it");
        }
        hash = row.hash;
    }
    if (sequence, &hash) == (head.sequence, &head.hash) {
        Ok(Ok(sequence))
    } else {
        Ok(Err(BadAccess { sequence: sequence + 1, reason: "the end of the log is missing" }))
    }
}

impl Row {
    fn hash_after(&self, previous: &[u8]) -> Vec<u8> {
        let mut context = Context::new(&SHA256);
        context.update(b"casestream/access/1");
        context.update(previous);
        let fields: [&[u8]; 7] = [
            &self.sequence.to_be_bytes(),
            &self.recorded_at.timestamp_micros().to_be_bytes(),
            self.principal.as_bytes(),
            self.role.as_bytes(),
            self.operation.as_bytes(),
            self.object.as_bytes(),
            self.request.as_bytes(),
        ];
        for field in fields {
            context.update(&(field.len() as u64).to_be_bytes());
            context.update(field);
        }
        context.finish().as_ref().to_vec()
    }
}
