//! One step of a group: a page of events into its tables and its checkpoint forward, in one statement.
//!
//! Any number of processes may try, without waiting for each other: each reads, folds, and writes only if the checkpoint
//! is still where it began. A step that is lost in a crash was not recorded either, so it is simply done again.

use std::{
    collections::{BTreeMap, HashSet},
    time::Instant,
};

use event_log::{Codec, DecodeError, FeedEvent, LogError, Span, StreamId, Tailer, read_span};
use sqlx::{Acquire as _, Executor as _, FromRow, PgConnection, PgPool, Postgres, QueryBuilder, Transaction};

use crate::{
    ProjectionError,
    group::Progress,
    parked::{self, Parked},
    tables::{Tables, write},
    writes::Statement,
};

/// Which version a step moves.
#[derive(Clone)]
pub(crate) enum Target {
    /// The live one, with what is new in the log from whoever follows that.
    Live(Tailer),
    /// The one that is being built. Nobody waits for it, so its pages are read on a second connection of the pool while
    /// the ones before are written.
    Building,
}

impl Target {
    fn state(&self) -> &'static str {
        match self {
            Self::Live(_) => "live",
            Self::Building => "building",
        }
    }
}

/// What came of a step.
#[derive(Debug)]
pub(crate) enum Stepped {
    /// Somebody else has moved or changed the version meanwhile: look again where it is.
    Overtaken,
    /// So far it has come.
    Done(Done),
}

/// A finished step.
#[derive(Debug)]
pub(crate) struct Done {
    /// The version, and how far it is now.
    pub progress: Progress,
    /// How many events it took.
    pub events: usize,
    /// How many streams the version leaves out.
    pub parked_streams: u32,
    /// The event at which it stopped because this binary does not know it.
    pub too_new: Option<(StreamId, i64)>,
}

/// Begins a transaction that writes read models.
pub(crate) async fn begin(pool: &PgPool) -> Result<Transaction<'static, Postgres>, sqlx::Error> {
    // What a crash takes back is done again: no need to wait for the disk.
    pool.begin_with("begin; set local role casestream_projector; set local synchronous_commit = off").await
}

/// Steps one version of a group, in a session of its own.
pub(crate) struct Stepper<T: Tables> {
    target: Target,
    pool: PgPool,
    codec: Codec,
    session: PgConnection,
    checkpoint: Checkpoint,
    /// When that was known.
    known_at: Instant,
    left_out: HashSet<StreamId>,
    known: T::Known,
    /// Up to where there is nothing to be written after the checkpoint.
    seen: i64,
    ahead: Option<Ahead>,
}

/// Where a version is, as it was read or as our last step left it.
#[derive(Clone, Copy, Default, FromRow)]
struct Checkpoint {
    version: i32,
    position: i64,
    epoch: i64,
}

/// A page that is being read on another connection.
struct Ahead {
    span: Span<'static>,
    page: tokio::task::JoinHandle<Result<Vec<FeedEvent>, LogError>>,
}

/// How a page is written.
#[derive(Clone, Copy)]
enum Writing {
    /// In one statement.
    Together,
    /// Stream by stream, so that one that the tables refuse is left out alone.
    ByStream,
}

/// An event with its place, ready to be folded, or the reason why it never will be.
#[derive(Clone)]
struct Readable<E> {
    position: i64,
    stream: StreamId,
    event: Result<E, String>,
}

/// The position, stream and sequence of an event that this binary does not know.
type Unknown = (i64, StreamId, i64);

/// How far a group that reads few events may have seen beyond its checkpoint before it moves that all the same.
const UNWRITTEN: i64 = 10_000;

impl<T: Tables> Stepper<T> {
    /// Opens a session on a version, if there is one: a connection for good, because of what is set for it.
    ///
    /// # Errors
    /// [`ProjectionError::Database`].
    pub(crate) async fn open(pool: &PgPool, codec: &Codec, target: Target) -> Result<Option<Self>, ProjectionError> {
        let mut session = pool.acquire().await?.detach();
        // What a crash takes back is done again: no need to wait for the disk.
        session.execute("set role casestream_projector; set synchronous_commit = off").await?;
        let (checkpoint, left_out, known) = (Checkpoint::default(), HashSet::new(), T::Known::default());
        let (pool, codec) = (pool.clone(), codec.clone());
        let (known_at, seen, ahead) = (Instant::now(), 0, None);
        let mut stepper = Self { target, pool, codec, session, checkpoint, known_at, left_out, known, seen, ahead };
        Ok(stepper.look_again().await?.then_some(stepper))
    }

    /// Reads where the version is, after somebody else had a hand in it; answers whether there is one.
    ///
    /// # Errors
    /// [`ProjectionError::Database`].
    pub(crate) async fn look_again(&mut self) -> Result<bool, ProjectionError> {
        let checkpoint = sqlx::query_as(
            "select version, position, epoch from projection_checkpoints where group_name = $1 and state = $2",
        );
        let checkpoint = checkpoint.bind(T::GROUP.name).bind(self.target.state());
        let Some(checkpoint) = checkpoint.fetch_optional(&mut self.session).await? else { return Ok(false) };
        self.checkpoint = checkpoint;
        self.known_at = Instant::now();
        self.seen = checkpoint.position;
        self.ahead = None;
        self.known = T::Known::default();
        let search_path = format!("set search_path = {}, public", T::GROUP.schema(checkpoint.version));
        self.session.execute(search_path.as_str()).await?;
        self.left_out = parked::streams(&mut self.session, T::GROUP, checkpoint.version).await?;
        Ok(true)
    }

    /// The version, and how far it is.
    pub(crate) fn progress(&self) -> Progress {
        Progress { version: self.checkpoint.version, position: self.seen }
    }

    /// Takes the next events, at most `limit`, up to the position `up_to`, which must be safe.
    ///
    /// # Errors
    /// [`ProjectionError::Database`] and [`ProjectionError::Log`]; nothing has changed then, or, when the connection was
    /// lost, it is unknown: open it anew.
    pub(crate) async fn step(&mut self, up_to: i64, limit: i64) -> Result<Stepped, ProjectionError> {
        match self.attempt(up_to, limit, Writing::Together).await {
            // Some event holds a value that the tables refuse. Stream by stream, only that one is left out.
            Err(error) if error.is_bad_data() => self.attempt(up_to, limit, Writing::ByStream).await,
            outcome => outcome,
        }
    }

    async fn attempt(&mut self, up_to: i64, limit: i64, writing: Writing) -> Result<Stepped, ProjectionError> {
        let span = Span { aggregate_types: T::GROUP.aggregates, after: self.seen, up_to, limit };
        let page = self.read(span).await?;
        let is_full = i64::try_from(page.len()).is_ok_and(|count| count >= limit);
        let mut position = match page.last() {
            Some(last) if is_full => last.position,
            _ => up_to.max(span.after),
        };
        if is_full && matches!(self.target, Target::Building) {
            self.read_ahead(Span { after: position, ..span });
        }
        let (readable, stopped_at) = until_too_new::<T>(page);
        if let Some((unknown, _, _)) = &stopped_at {
            position = unknown - 1;
        }
        let events = readable.len();
        if self.may_wait(&readable, position) {
            self.seen = self.seen.max(position);
        } else if position > span.after {
            let parked = match writing {
                Writing::Together => self.write_together(readable, position).await?,
                Writing::ByStream => self.write_by_stream(readable, position).await?,
            };
            let Some(parked) = parked else { return Ok(Stepped::Overtaken) };
            parked::report(T::GROUP, self.checkpoint.version, &parked);
            self.left_out.extend(parked.into_iter().map(|parked| parked.stream));
            self.checkpoint.position = position;
            self.seen = position;
        }
        let parked_streams = u32::try_from(self.left_out.len()).unwrap_or(u32::MAX);
        let too_new = stopped_at.map(|(_, stream, sequence)| (stream, sequence));
        Ok(Stepped::Done(Done { progress: self.progress(), events, parked_streams, too_new }))
    }

    /// Whether there is nothing to write, and the checkpoint can wait for something that is.
    fn may_wait(&self, readable: &[Readable<T::Event>], position: i64) -> bool {
        let is_near = position - self.checkpoint.position < UNWRITTEN;
        T::GROUP.reads_few && matches!(self.target, Target::Live(_)) && readable.is_empty() && is_near
    }

    /// Reads a page. What began to be read before the checkpoint was known may show words that an erasure has taken away
    /// in between; of one that comes later, the epoch tells.
    async fn read(&mut self, span: Span<'static>) -> Result<Vec<FeedEvent>, LogError> {
        if let Target::Live(tailer) = &self.target
            && let Some(page) = tailer.recent(span, self.known_at)
        {
            return Ok(page);
        }
        match self.ahead.take() {
            Some(ahead) if ahead.span == span => ahead.page.await.expect("reading does not panic"),
            _ => read_span(&mut self.session, &self.codec, span).await,
        }
    }

    /// Begins to read and open a page on another connection. Should an erasure come before it is written, the epoch has
    /// changed, and it is not.
    fn read_ahead(&mut self, span: Span<'static>) {
        let (pool, codec) = (self.pool.clone(), self.codec.clone());
        let page = tokio::spawn(async move { read_span(&mut *pool.acquire().await?, &codec, span).await });
        self.ahead = Some(Ahead { span, page });
    }

    /// Folds and writes a page and moves the checkpoint, in one statement; answers the streams that are left out from
    /// here on, or nothing when the checkpoint was not where it should be.
    async fn write_together(
        &mut self,
        events: Vec<Readable<T::Event>>,
        position: i64,
    ) -> Result<Option<Vec<Parked>>, sqlx::Error> {
        let (tables, parked) = fold::<T>(&mut self.session, Some(&self.known), events, &self.left_out).await?;
        let mut statement = self.moving_to(position);
        tables.push_writes(&mut statement);
        parked::push_insert(&mut statement, T::GROUP, self.checkpoint.version, &parked);
        if statement.run(&mut self.session).await?.is_none() {
            return Ok(None);
        }
        tables.remember(&mut self.known);
        Ok(Some(parked))
    }

    /// The same, each stream by itself, so that a value that the tables refuse leaves out its own stream alone.
    async fn write_by_stream(
        &mut self,
        events: Vec<Readable<T::Event>>,
        position: i64,
    ) -> Result<Option<Vec<Parked>>, ProjectionError> {
        let moving = self.moving_to(position);
        self.known = T::Known::default();
        let mut tx = self.session.begin().await?;
        if moving.run(&mut tx).await?.is_none() {
            return Ok(None);
        }
        let parked = write_by_stream::<T>(&mut tx, events, &self.left_out).await?;
        parked::insert(&mut tx, T::GROUP, self.checkpoint.version, &parked).await?;
        tx.commit().await?;
        Ok(Some(parked))
    }

    /// A statement that writes if the checkpoint is where it is known to be, and moves it.
    fn moving_to<'a>(&self, position: i64) -> Statement<'a> {
        let Self { target, checkpoint, .. } = self;
        let group = T::GROUP;
        Statement::conditional(|sql: &mut QueryBuilder<'a, Postgres>| {
            sql.push("update projection_checkpoints set position = ").push_bind(position);
            sql.push(" where group_name = ").push_bind(group.name);
            sql.push(" and version = ").push_bind(checkpoint.version);
            sql.push(" and state = ").push_bind(target.state());
            sql.push(" and position = ").push_bind(checkpoint.position);
            sql.push(" and epoch = ").push_bind(checkpoint.epoch);
            sql.push(" returning version");
        })
    }
}

/// The events before the first one that this binary does not know, and that one's position, stream and sequence.
fn until_too_new<T: Tables>(events: Vec<FeedEvent>) -> (Vec<Readable<T::Event>>, Option<Unknown>) {
    let mut readable = Vec::with_capacity(events.len());
    for FeedEvent { position, stream, sequence, recorded_at, event } in events {
        let event = match event {
            Err(DecodeError::UnknownType { .. } | DecodeError::UnknownVersion { .. }) => {
                return (readable, Some((position, stream, sequence)));
            }
            Err(damaged @ DecodeError::Damaged { .. }) => Err(damaged.to_string()),
            Ok((event, metadata)) => match T::event(event, sequence, recorded_at, metadata) {
                Some(event) => Ok(event),
                None => continue,
            },
        };
        readable.push(Readable { position, stream, event });
    }
    (readable, None)
}

/// Folds events onto what is written of their streams. Of streams in `left_out` only texts are taken away; those that
/// fail are answered.
async fn fold<T: Tables>(
    conn: &mut PgConnection,
    known: Option<&T::Known>,
    events: Vec<Readable<T::Event>>,
    left_out: &HashSet<StreamId>,
) -> Result<(T, Vec<Parked>), sqlx::Error> {
    let mut touched = T::Touched::default();
    events.iter().filter_map(|event| event.event.as_ref().ok()).for_each(|event| T::touch(&mut touched, event));
    let mut tables = T::load(conn, known, touched).await?;
    let mut parked: Vec<Parked> = vec![];
    for Readable { position, stream, event } in events {
        if left_out.contains(&stream) || parked.iter().any(|parked| parked.stream == stream) {
            withdraw(&mut tables, event);
            continue;
        }
        let folded = event.and_then(|event| tables.apply(event).map_err(|error| error.to_string()));
        if let Err(reason) = folded {
            parked.push(Parked { stream, position, reason });
        }
    }
    Ok((tables, parked))
}

/// Takes away what an event of a stream which is left out takes away.
fn withdraw<T: Tables>(tables: &mut T, event: Result<T::Event, String>) {
    if let Ok(event) = event {
        tables.withdraw(&event);
    }
}

/// Folds and writes a stream from its first event; answers from which event on it is left out, if it is.
///
/// # Errors
/// [`ProjectionError::TooNew`] for an event that this binary does not know, and [`ProjectionError::Database`].
pub(crate) async fn write_whole<T: Tables>(
    conn: &mut PgConnection,
    events: Vec<FeedEvent>,
) -> Result<Option<Parked>, ProjectionError> {
    let (readable, too_new) = until_too_new::<T>(events);
    match too_new {
        Some((_, stream, sequence)) => Err(ProjectionError::TooNew { stream, sequence }),
        None => Ok(write_by_stream::<T>(conn, readable, &HashSet::new()).await?.pop()),
    }
}

/// Folds and writes each stream by itself, so that a value that the tables refuse leaves out its own stream alone: from
/// the event on that holds it.
async fn write_by_stream<T: Tables>(
    conn: &mut PgConnection,
    events: Vec<Readable<T::Event>>,
    left_out: &HashSet<StreamId>,
) -> Result<Vec<Parked>, ProjectionError> {
    let mut streams: BTreeMap<StreamId, Vec<Readable<T::Event>>> = BTreeMap::new();
    for event in events {
        streams.entry(event.stream.clone()).or_default().push(event);
    }
    let mut parked = vec![];
    for events in streams.into_values() {
        match write_unless_refused::<T>(conn, events.clone(), left_out).await? {
            Some(failed) => parked.extend(failed),
            None => parked.extend(write_until_refused::<T>(conn, events, left_out).await?),
        }
    }
    Ok(parked)
}

/// Folds and writes the events of a stream one by one, up to the first that fails.
async fn write_until_refused<T: Tables>(
    conn: &mut PgConnection,
    events: Vec<Readable<T::Event>>,
    left_out: &HashSet<StreamId>,
) -> Result<Vec<Parked>, ProjectionError> {
    let mut events = events.into_iter();
    for event in events.by_ref() {
        let (stream, position) = (event.stream.clone(), event.position);
        let failed = write_unless_refused::<T>(conn, vec![event], left_out).await?.unwrap_or_else(|| {
            let reason = "the read model's tables refuse a value".to_owned();
            vec![Parked { stream, position, reason }]
        });
        if !failed.is_empty() {
            let mut rest = T::default();
            events.for_each(|event| withdraw(&mut rest, event.event));
            write(&rest, conn).await?;
            return Ok(failed);
        }
    }
    Ok(vec![])
}

/// Folds and writes events; none when the tables refuse a value, and then nothing is written.
async fn write_unless_refused<T: Tables>(
    conn: &mut PgConnection,
    events: Vec<Readable<T::Event>>,
    left_out: &HashSet<StreamId>,
) -> Result<Option<Vec<Parked>>, ProjectionError> {
    let mut savepoint = conn.begin().await?;
    let (tables, parked) = fold::<T>(&mut savepoint, None, events, left_out).await?;
    match write(&tables, &mut savepoint).await.map_err(ProjectionError::from) {
        Ok(()) => {
            savepoint.commit().await?;
            Ok(Some(parked))
        }
        Err(error) => {
            savepoint.rollback().await?;
            if error.is_bad_data() { Ok(None) } else { Err(error) }
        }
    }
}
