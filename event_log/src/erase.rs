//! Erasing a person: the keys of all their words go, in one transaction with the event that says so.
//!
//! The transaction begins by holding off whoever makes a key: no words of theirs come in behind its back, and no legal
//! hold, whose reason is a text, can be placed between the look at the holds and the end of the keys. From then on
//! `erasures` makes the append refuse words of theirs.

use std::collections::BTreeSet;

use domain::{
    CaseId, KeyId, PersonId, Timestamp,
    case::{Case, CaseFactKind, CaseNumber},
    person::{Details, Person, PersonFact},
};
use sqlx::{FromRow, PgConnection};
use uuid::Uuid;

use crate::{AnyEvent, EventLog, ExecuteError, Loaded, LogAggregate, LogError, RecordedCommand, StreamId, read_stream};

/// Somebody to be erased.
#[derive(Clone, Debug)]
pub struct Erasure<'a> {
    /// Who.
    pub person: PersonId,
    /// The subjects of addresses that are theirs.
    pub also: &'a [PersonId],
    /// Cases that concern them, besides those in which they have words.
    pub concerned: &'a [CaseId],
    /// When.
    pub at: Timestamp,
}

/// What somebody has in the log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words {
    /// The keys of their words and files.
    pub keys: Vec<KeyId>,
    /// Those of them that are of files' bytes.
    pub files: Vec<KeyId>,
    /// The streams that they are in.
    pub streams: Vec<StreamId>,
}

/// Why nobody was erased. The transaction has failed.
#[derive(Clone, Debug, thiserror::Error)]
pub enum EraseError {
    /// Nothing of these cases may be destroyed.
    #[error("under legal hold")]
    Held {
        /// Their numbers, in order.
        cases: Vec<CaseNumber>,
    },
    /// Somebody does not let go of the keys.
    #[error("others are at work on the keys")]
    Busy,
    /// The log did not answer.
    #[error(transparent)]
    Log(#[from] LogError),
}

impl From<sqlx::Error> for EraseError {
    fn from(error: sqlx::Error) -> Self {
        const LOCK_NOT_AVAILABLE: &str = "55P03";
        match error.as_database_error().and_then(sqlx::error::DatabaseError::code).as_deref() {
            Some(LOCK_NOT_AVAILABLE) => Self::Busy,
            _ => Self::Log(error.into()),
        }
    }
}

#[derive(FromRow)]
struct KeyRow {
    key_id: Uuid,
    aggregate_type: String,
    aggregate_id: String,
}

impl EventLog {
    /// Loads an aggregate for a command that is more than its events, and what came of the command before, by its principal,
    /// key and request.
    ///
    /// # Errors
    /// [`ExecuteError::KeyReused`] for another request; as [`EventLog::load`].
    pub async fn load_and_recall<A: LogAggregate>(
        &self,
        aggregate_id: &str,
        command: Option<(PersonId, &str, &[u8])>,
    ) -> Result<(Loaded<A>, Option<RecordedCommand>), ExecuteError> {
        let key = command.map(|(principal, key, _)| (principal, key));
        let (loaded, recorded) = self.load_for_command(aggregate_id, key).await?;
        match (&recorded, command) {
            (Some(recorded), Some((_, _, request)))
                if self.codec().master().request_hash(request) != recorded.request.as_slice() =>
            {
                Err(ExecuteError::KeyReused)
            }
            _ => Ok((loaded, recorded)),
        }
    }

    /// The details that were ever written down of a person, as far as their words are there.
    ///
    /// # Errors
    /// [`LogError`].
    pub async fn details_of(&self, person: PersonId) -> Result<Vec<Details>, LogError> {
        let stream = StreamId::of::<Person>(person.to_string());
        let mut conn = self.pool().acquire().await?;
        let mut all = vec![];
        for event in read_stream(&mut conn, self.codec(), &stream).await? {
            let sequence = event.sequence;
            match event.event {
                Ok((AnyEvent::Person { event, .. }, _)) => match event.fact {
                    PersonFact::PersonRegistered(details) | PersonFact::PersonDetailsChanged(details) => {
                        all.push(details);
                    }
                    PersonFact::PersonErased {} => {}
                },
                Ok((
                    AnyEvent::Case { .. }
                    | AnyEvent::Account { .. }
                    | AnyEvent::Settings { .. }
                    | AnyEvent::User { .. }
                    | AnyEvent::AccessRequest { .. },
                    _,
                )) => {}
                // Whoever cannot read all of it does not know all of their addresses.
                Err(source) => return Err(LogError::Unreadable { stream, sequence, source }),
            }
        }
        Ok(all)
    }

    /// What subjects have in the log; `file_kind` is the kind of value that a file's event reserves.
    ///
    /// # Errors
    /// [`LogError::Database`].
    pub async fn words_of(&self, subjects: &[PersonId], file_kind: &str) -> Result<Words, LogError> {
        let mut conn = self.pool().acquire().await?;
        let rows = sqlx::query_as(
            "select key_id, aggregate_type, aggregate_id from keys where (aggregate_type, aggregate_id) in (
                 select aggregate_type, aggregate_id from subject_streams where subject = any($1)
             ) and subject = any($1)",
        )
        .bind(ids(subjects))
        .fetch_all(&mut *conn)
        .await?;
        Ok(self.words(&mut conn, rows, file_kind).await?)
    }

    /// Whether a subject has words anywhere, or had some.
    ///
    /// # Errors
    /// [`LogError::Database`].
    pub async fn has_words(&self, subject: PersonId) -> Result<bool, LogError> {
        let exists = sqlx::query_scalar("select exists (select from subject_streams where subject = $1)");
        Ok(exists.bind(subject.0).fetch_one(self.pool()).await?)
    }

    /// The numbers of those cases that are under legal hold, in order.
    ///
    /// # Errors
    /// [`LogError::Database`].
    pub async fn held_among(&self, cases: &[CaseId]) -> Result<Vec<CaseNumber>, LogError> {
        Ok(held(&mut *self.pool().acquire().await?, cases).await?)
    }

    /// Destroys all keys of a person's words, and what came of their commands, in a transaction of the caller's; nothing can
    /// be given a key until that ends. Repeating it destroys what has come since.
    ///
    /// # Errors
    /// [`EraseError`]: roll back.
    pub async fn destroy(
        &self,
        conn: &mut PgConnection,
        erasure: &Erasure<'_>,
        file_kind: &str,
    ) -> Result<Words, EraseError> {
        let Erasure { person, also, concerned, at } = erasure;
        // Whoever waits for us waits with others behind them, so not for long.
        sqlx::query("set local lock_timeout = '2s'").execute(&mut *conn).await?;
        sqlx::query("lock table keys in share row exclusive mode").execute(&mut *conn).await?;
        let subjects = [&[*person], *also].concat();
        let streams = streams_of(conn, &subjects).await?;
        let cases: Vec<_> = streams.iter().filter_map(case_of).chain(concerned.iter().copied()).collect();
        let held = held(conn, &cases).await?;
        if !held.is_empty() {
            return Err(EraseError::Held { cases: held });
        }
        sqlx::query(
            "insert into erasures (person, also, asked_at) values ($1, $2, $3)
             on conflict (person) do update
             set also = erasures.also || excluded.also, asked_at = excluded.asked_at, projected_at = null",
        )
        .bind(person.0)
        .bind(ids(also))
        .bind(at)
        .execute(&mut *conn)
        .await?;
        let (types, aggregates): (Vec<_>, Vec<_>) =
            streams.iter().map(|stream| (stream.aggregate_type.as_str(), stream.aggregate_id.as_str())).unzip();
        let rows = sqlx::query_as(
            "delete from keys using unnest($1::text[], $2::text[]) as of (aggregate_type, aggregate_id)
             where keys.aggregate_type = of.aggregate_type and keys.aggregate_id = of.aggregate_id
                 and keys.subject = any($3)
             returning key_id, keys.aggregate_type, keys.aggregate_id",
        )
        .bind(types)
        .bind(aggregates)
        .bind(ids(&subjects))
        .fetch_all(&mut *conn)
        .await?;
        sqlx::query("delete from commands where principal = $1").bind(person.0).execute(&mut *conn).await?;
        Ok(self.words(conn, rows, file_kind).await?)
    }

    async fn words(&self, conn: &mut PgConnection, rows: Vec<KeyRow>, file_kind: &str) -> Result<Words, sqlx::Error> {
        let keys: Vec<_> = rows.iter().map(|row| KeyId(row.key_id)).collect();
        let files = self.files_among(conn, file_kind, &keys).await?;
        let stream = |KeyRow { aggregate_type, aggregate_id, .. }| StreamId { aggregate_type, aggregate_id };
        let streams: BTreeSet<_> = rows.into_iter().map(stream).collect();
        Ok(Words { keys, files, streams: streams.into_iter().collect() })
    }

    /// The erasures whose read models may still show something, because the process that began them was killed or is not
    /// done.
    ///
    /// # Errors
    /// [`LogError::Database`].
    pub async fn unfinished_erasures(&self) -> Result<Vec<PersonId>, LogError> {
        let unfinished = sqlx::query_scalar("select person from erasures where projected_at is null");
        Ok(unfinished.fetch_all(self.pool()).await?.into_iter().map(PersonId).collect())
    }

    /// The streams that are to be projected again for an erasure, and when it was last asked for; nothing when that is done,
    /// or there was none.
    ///
    /// # Errors
    /// [`LogError::Database`].
    pub async fn to_project(&self, person: PersonId) -> Result<Option<(Vec<StreamId>, Timestamp)>, LogError> {
        let mut conn = self.pool().acquire().await?;
        let row: Option<(Vec<Uuid>, Timestamp)> =
            sqlx::query_as("select also, asked_at from erasures where person = $1 and projected_at is null")
                .bind(person.0)
                .fetch_optional(&mut *conn)
                .await?;
        let Some((also, asked_at)) = row else { return Ok(None) };
        let subjects: Vec<_> = also.into_iter().chain([person.0]).map(PersonId).collect();
        let mut streams = streams_of(&mut conn, &subjects).await?;
        let own = StreamId::of::<Person>(person.to_string());
        if !streams.contains(&own) {
            streams.push(own);
        }
        Ok(Some((streams, asked_at)))
    }

    /// Notes that the read models have nothing of an erased person any more. What was asked for since is not done by that.
    ///
    /// # Errors
    /// [`LogError::Database`].
    pub async fn projected(&self, person: PersonId, asked_at: Timestamp, now: Timestamp) -> Result<(), LogError> {
        sqlx::query("update erasures set projected_at = $3, also = '{}' where person = $1 and asked_at = $2")
            .bind(person.0)
            .bind(asked_at)
            .bind(now)
            .execute(self.pool())
            .await?;
        Ok(())
    }

    /// Those of keys that are of files' bytes: their events have reserved them.
    async fn files_among(
        &self,
        conn: &mut PgConnection,
        kind: &str,
        keys: &[KeyId],
    ) -> Result<Vec<KeyId>, sqlx::Error> {
        let value = |key: &KeyId| self.fingerprint(kind, &key.to_string()).0.into_bytes();
        let files: Vec<Uuid> = sqlx::query_scalar(
            "select file.key_id from unnest($1::uuid[], $2::bytea[]) as file (key_id, value)
             where exists (select from reservations where kind = $3 and reservations.value = file.value)",
        )
        .bind(keys.iter().map(|key| key.0).collect::<Vec<_>>())
        .bind(keys.iter().map(value).collect::<Vec<_>>())
        .bind(kind)
        .fetch_all(conn)
        .await?;
        Ok(files.into_iter().map(KeyId).collect())
    }
}

async fn streams_of(conn: &mut PgConnection, subjects: &[PersonId]) -> Result<Vec<StreamId>, sqlx::Error> {
    let rows: Vec<(String, String)> = sqlx::query_as(
        "select distinct aggregate_type, aggregate_id from subject_streams where subject = any($1) order by 1, 2",
    )
    .bind(ids(subjects))
    .fetch_all(conn)
    .await?;
    let stream = |(aggregate_type, aggregate_id)| StreamId { aggregate_type, aggregate_id };
    Ok(rows.into_iter().map(stream).collect())
}

fn case_of(stream: &StreamId) -> Option<CaseId> {
    (stream.aggregate_type == <Case as cqrs_es::Aggregate>::TYPE).then(|| stream.aggregate_id.parse().ok()).flatten()
}

/// The numbers of cases whose last word on a hold is that it was placed, and of such cases as something in those was addressed
/// to. A case's first event has its number.
async fn held(conn: &mut PgConnection, cases: &[CaseId]) -> Result<Vec<CaseNumber>, sqlx::Error> {
    let [placed, lifted, opened, redirected] =
        [CaseFactKind::LegalHoldPlaced, CaseFactKind::LegalHoldLifted, CaseFactKind::Opened, CaseFactKind::Redirected]
            .map(<&'static str>::from);
    let numbers: Vec<i64> = sqlx::query_scalar(
        "select distinct (opening.payload -> 'fact' -> $5 ->> 'number')::bigint
         from (
             select aggregate_id from unnest($1::text[]) as of (aggregate_id)
             union
             select json_array_elements_text(payload -> 'fact' -> $6 -> 'through') from events
             where aggregate_type = $2 and aggregate_id = any($1) and event_type = $6
         ) as of (aggregate_id)
         cross join lateral (
             select event_type from events
             where aggregate_type = $2 and events.aggregate_id = of.aggregate_id and event_type in ($3, $4)
             order by sequence desc limit 1
         ) as last
         join events as opening
             on opening.aggregate_type = $2 and opening.aggregate_id = of.aggregate_id and opening.sequence = 1
         where last.event_type = $3
         order by 1",
    )
    .bind(cases.iter().map(CaseId::to_string).collect::<Vec<_>>())
    .bind(<Case as cqrs_es::Aggregate>::TYPE)
    .bind(placed)
    .bind(lifted)
    .bind(opened)
    .bind(redirected)
    .fetch_all(conn)
    .await?;
    Ok(numbers.into_iter().map(CaseNumber).collect())
}

fn ids(subjects: &[PersonId]) -> Vec<Uuid> {
    subjects.iter().map(|subject| subject.0).collect()
}
