//! What auditors read, and what happens to credentials: who, what, when, in a chain of its own.
//!
//! `hash = SHA-256("casestream/access/1" || previous || fields)`, every field prefixed by its length as 8 bytes,
//! big-endian: sequence (8 bytes), time (microseconds since 1970, 8 bytes), principal (16 bytes), role, operation,
//! object, request (16 bytes). The first row follows 32 zero bytes. Rows about credentials begin with
//! `casestream/access/2`, may have an empty principal, and end with one field more: the network (32 bytes, or none).

use domain::{PersonId, RequestId, Role, Timestamp};
use event_log::MasterKey;
use futures_util::TryStreamExt;
use ring::{
    digest::{Context, SHA256},
    hmac,
};
use sqlx::{Connection as _, FromRow, PgConnection, PgPool};
use strum::{Display, EnumIter};
use uuid::Uuid;

use super::Caller;
use crate::{clock::Clock, http::ClientAddress};

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

/// Something that happened to a credential.
#[derive(Clone, Debug)]
pub struct Authentication<'a> {
    /// Whose credential it is, if anybody's.
    pub person: Option<PersonId>,
    /// What happened.
    pub event: AuthenticationEvent,
    /// With what: an id of a session or token, the purpose of a link, why it was refused. Never a name, address or secret.
    pub object: &'a str,
    /// From where. Kept as a keyed hash of the network.
    pub client: Option<ClientAddress>,
    /// In which request.
    pub request: RequestId,
}

/// What can happen to a credential, as the access log's column `operation` says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Display, EnumIter)]
#[strum(serialize_all = "snake_case", prefix = "auth.")]
pub enum AuthenticationEvent {
    /// Somebody signed in.
    SignedIn,
    /// Somebody was not let in.
    SignInRefused,
    /// Somebody ended their session.
    SignedOut,
    /// A session was ended by its owner from elsewhere, or by a change of what it rested on.
    SessionEnded,
    /// Too many tries locked somebody out.
    Locked,
    /// The lock ended, by whatever means.
    Unlocked,
    /// Somebody asked for a mailed link.
    LinkRequested,
    /// A mailed link was used.
    LinkUsed,
    /// A mailed link was tried that is good for nothing.
    LinkRefused,
    /// A password was set or changed.
    PasswordChanged,
    /// The challenge question was set or removed.
    ChallengeChanged,
    /// A second factor was added, or recovery codes were made anew.
    FactorAdded,
    /// A second factor was removed.
    FactorRemoved,
    /// An API token was made.
    TokenMade,
    /// An API token was revoked.
    TokenRevoked,
}

/// It could not be recorded, so it must not happen.
#[derive(Debug, thiserror::Error)]
#[error("the access log could not be written, so nothing may be read, and nobody let in")]
pub struct AccessLogError(#[from] sqlx::Error);

/// The access log of one database.
#[derive(Clone)]
pub struct AccessLog {
    pool: PgPool,
    clock: Clock,
    networks: hmac::Key,
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
    version: i16,
    principal: Option<Uuid>,
    role: String,
    operation: String,
    object: String,
    request: Uuid,
    network: Option<Vec<u8>>,
    hash: Vec<u8>,
}

/// A read: all fields are known, and no network is kept.
const READ: i16 = 1;
/// What happened to a credential.
const AUTHENTICATION: i16 = 2;

impl AccessLog {
    /// The access log of a database, dated by a clock; networks are hashed under a key that follows from the master key.
    #[must_use]
    pub fn new(pool: PgPool, clock: Clock, master: &MasterKey) -> Self {
        let networks = hmac::Key::new(hmac::HMAC_SHA256, &master.derive("networks of the access log"));
        Self { pool, clock, networks }
    }

    /// Records reads before they happen, a row for each; in as many statements for a list of them as for one.
    ///
    /// # Errors
    /// [`AccessLogError`]: the reads must not happen.
    pub async fn record(&self, accesses: &[Access<'_>]) -> Result<(), AccessLogError> {
        let mut tx = self.pool.begin().await?;
        self.append(&mut tx, accesses.iter().map(|access| self.read(access)).collect()).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Records what happened to a credential.
    ///
    /// # Errors
    /// [`AccessLogError`]: then nobody is let in.
    pub async fn record_authentication(&self, what: &Authentication<'_>) -> Result<(), AccessLogError> {
        let mut connection = self.pool.acquire().await?;
        self.record_authentication_in(&mut connection, what).await
    }

    /// The same in a transaction of the caller's, as its last statement: until it ends, everybody else who records waits.
    ///
    /// # Errors
    /// [`AccessLogError`]: then nobody is let in.
    pub async fn record_authentication_in(
        &self,
        connection: &mut PgConnection,
        what: &Authentication<'_>,
    ) -> Result<(), AccessLogError> {
        let mut tx = connection.begin().await?;
        self.append(&mut tx, vec![self.authentication(what)]).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Gives rows their places in the chain, and writes them.
    async fn append(&self, tx: &mut PgConnection, mut rows: Vec<Row>) -> Result<(), sqlx::Error> {
        // The row's lock puts those who record in an order, and the chain with them.
        let head: Head =
            sqlx::query_as("select sequence, hash from access_log_head for update").fetch_one(&mut *tx).await?;
        let mut previous = head.hash;
        for (sequence, row) in (head.sequence + 1..).zip(&mut rows) {
            row.sequence = sequence;
            row.recorded_at = self.clock.now();
            row.hash = row.hash_after(&previous);
            previous.clone_from(&row.hash);
        }
        sqlx::query(
            "with head as (update access_log_head set sequence = $1, hash = $2)
             insert into access_log (
                 sequence, recorded_at, version, principal, role, operation, object, request, network, hash
             )
             select * from unnest(
                 $3::bigint[], $4::timestamptz[], $5::smallint[], $6::uuid[], $7::text[], $8::text[], $9::text[],
                 $10::uuid[], $11::bytea[], $12::bytea[]
             )",
        )
        .bind(rows.last().map_or(head.sequence, |row| row.sequence))
        .bind(&previous)
        .bind(column(&rows, |row| row.sequence))
        .bind(column(&rows, |row| row.recorded_at))
        .bind(column(&rows, |row| row.version))
        .bind(column(&rows, |row| row.principal))
        .bind(column(&rows, |row| row.role.as_str()))
        .bind(column(&rows, |row| row.operation.as_str()))
        .bind(column(&rows, |row| row.object.as_str()))
        .bind(column(&rows, |row| row.request))
        .bind(column(&rows, |row| row.network.as_deref()))
        .bind(column(&rows, |row| row.hash.as_slice()))
        .execute(tx)
        .await?;
        Ok(())
    }

    /// The row of a read, without its place in the chain.
    fn read(&self, access: &Access<'_>) -> Row {
        Row {
            version: READ,
            principal: Some(access.caller.person.0),
            role: access.caller.roles.iter().map(|role: Role| role.to_string()).collect::<Vec<_>>().join("+"),
            ..self.row(access.operation.to_owned(), access.object, access.request)
        }
    }

    /// The row of what happened to a credential, without its place in the chain.
    fn authentication(&self, what: &Authentication<'_>) -> Row {
        let network = |client: ClientAddress| {
            let network = client.network().to_string();
            hmac::sign(&self.networks, network.as_bytes()).as_ref().to_vec()
        };
        Row {
            version: AUTHENTICATION,
            principal: what.person.map(|person| person.0),
            network: what.client.map(network),
            ..self.row(what.event.to_string(), what.object, what.request)
        }
    }

    fn row(&self, operation: String, object: &str, request: RequestId) -> Row {
        Row {
            sequence: 0,
            recorded_at: self.clock.now(),
            version: READ,
            principal: None,
            role: String::new(),
            operation,
            object: object.to_owned(),
            request: request.0,
            network: None,
            hash: vec![],
        }
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
        "select sequence, recorded_at, version, principal, role, operation, object, request, network, hash
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
        context.update(if self.version == READ { b"casestream/access/1" } else { b"casestream/access/2" });
        context.update(previous);
        let (sequence, recorded_at) = (self.sequence.to_be_bytes(), self.recorded_at.timestamp_micros().to_be_bytes());
        let mut fields: Vec<&[u8]> = vec![
            &sequence,
            &recorded_at,
            self.principal.as_ref().map_or(&[], |principal| principal.as_bytes().as_slice()),
            self.role.as_bytes(),
            self.operation.as_bytes(),
            self.object.as_bytes(),
            self.request.as_bytes(),
        ];
        if self.version != READ {
            fields.push(self.network.as_deref().unwrap_or_default());
        }
        for field in fields {
            context.update(&(field.len() as u64).to_be_bytes());
            context.update(field);
        }
        context.finish().as_ref().to_vec()
    }
}
