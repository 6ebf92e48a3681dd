//! Executing a command: load, decide, append; and again, a few times, when somebody else was faster.
//!
//! What the last command left is known here (see `warm`), so that the first attempt need not load: the append itself
//! confirms, in its one statement, that nobody else has changed the stream since. Only what would be answered without
//! an append, a refusal above all, is never said before the log was asked.
//!
//! Commands on one stream take turns within this process, so that only other processes can be faster; from those it
//! keeps away for a random while before it tries again.

use std::{
    collections::BTreeSet,
    fmt,
    hash::{BuildHasher as _, RandomState},
    sync::Arc,
    time::Duration,
};

use chrono::TimeDelta;
use domain::{Metadata, PersonId, Timestamp};
use tokio::sync::{Mutex, MutexGuard};

use crate::{
    AppendError, AppendOptions, EventLog, FileKey, Loaded, LogAggregate, LogError, RecordedCommand, Reservation,
    StreamId, append::MAX_EVENTS, keys::random, warm::Prefix,
};

/// How often a command is decided at most before the caller is told to try again.
pub const MAX_ATTEMPTS: u32 = 12;
/// How long a command waits at most before its second attempt; twice as long before each further one, up to
/// [`LONGEST_WAIT`].
const FIRST_WAIT: Duration = Duration::from_millis(2);
const LONGEST_WAIT: Duration = Duration::from_millis(64);

/// The turns of streams. There are fewer than streams: now and then, two that have nothing to do with each other share
/// one.
pub(crate) struct Turns {
    hasher: RandomState,
    turns: Vec<Mutex<()>>,
}

impl Default for Turns {
    fn default() -> Self {
        const TURNS: usize = 1024;
        Self { hasher: RandomState::new(), turns: (0..TURNS).map(|_| Mutex::default()).collect() }
    }
}

impl Turns {
    /// Waits for a stream's turn; those who wait get it in the order in which they came.
    async fn take(&self, stream: &StreamId) -> MutexGuard<'_, ()> {
        self.turns[self.of(stream)].lock().await
    }

    /// Waits for the turns of several streams, in an order that is everybody's, so that nobody waits for somebody who waits.
    async fn take_all(&self, streams: &[StreamId]) -> Vec<MutexGuard<'_, ()>> {
        let wanted: BTreeSet<_> = streams.iter().map(|stream| self.of(stream)).collect();
        let mut taken = Vec::with_capacity(wanted.len());
        for turn in wanted {
            taken.push(self.turns[turn].lock().await);
        }
        taken
    }

    fn of(&self, stream: &StreamId) -> usize {
        let hash = usize::try_from(self.hasher.hash_one(stream) >> 32).expect("32 bits fit");
        hash % self.turns.len()
    }
}

/// A random time to wait before the next attempt, so that those who collided do not collide again.
fn wait_before(attempt: u32) -> Duration {
    let most = FIRST_WAIT.saturating_mul(1 << attempt.saturating_sub(1).min(16)).min(LONGEST_WAIT);
    most.mul_f64(f64::from(u32::from_ne_bytes(random())) / f64::from(u32::MAX))
}

/// A command that carries an idempotency key, with what came of it.
#[derive(Clone, Debug)]
pub struct CommandRecord {
    /// Whose key it is.
    pub principal: PersonId,
    /// The key, 1 to 200 characters.
    pub key: String,
    /// The request, in bytes that are equal for equal requests. Kept as a keyed hash.
    pub request: Vec<u8>,
    /// What came of it: codes and ids, never content.
    pub outcome: serde_json::Value,
}

/// A command on one stream, ready to be executed.
pub struct Execute<'a> {
    /// The aggregate's id.
    pub aggregate_id: &'a str,
    /// Who, for whom, in which request.
    pub metadata: Metadata,
    /// When.
    pub at: Timestamp,
    /// Its key and request, if it carries a key.
    pub idempotency: Option<(PersonId, String, Vec<u8>)>,
    /// Values to reserve.
    pub reservations: Vec<Reservation>,
    /// The keys of the files that it may attach.
    pub file_keys: &'a [FileKey],
}

/// What came of a command.
pub enum Executed<A: LogAggregate, R> {
    /// It was decided now. The aggregate is as the command left it.
    Decided {
        /// What the rules said: how many events were recorded, or the refusal.
        outcome: Result<usize, R>,
        /// The aggregate, with the new events applied.
        aggregate: Arc<A>,
        /// The stream's version.
        version: i64,
        /// The position that a reader must reach to see it.
        position: i64,
    },
    /// It was decided before, under the same key.
    Repeated {
        /// What came of it then.
        command: RecordedCommand,
        /// The aggregate as it is now.
        aggregate: Arc<A>,
        /// The stream's last position now.
        position: i64,
    },
}

/// Why a command came to nothing, for no reason of the rules.
#[derive(Debug, thiserror::Error)]
pub enum ExecuteError {
    /// The key was used for another request.
    #[error("this idempotency key was used for another request: use a new key for each request")]
    KeyReused,
    /// Others kept changing the stream.
    #[error("others made changes at the same time, {MAX_ATTEMPTS} times in a row: try again")]
    Contended,
    /// Another stream has a value that this one wants.
    #[error("another one has this {kind}")]
    Reserved {
        /// The kind of value.
        kind: String,
    },
    /// It has words of somebody who was erased.
    #[error("whoever was erased has no words here any more: ask as somebody new")]
    Erased,
    /// It would record more at once than fits.
    #[error("this would be {events} changes at once, and {MAX_EVENTS} are the most: do it in parts")]
    TooMany {
        /// How many events it would take.
        events: usize,
    },
    /// The log did not answer.
    #[error(transparent)]
    Log(#[from] LogError),
}

/// How long what came of a command is kept for its retries.
pub const COMMANDS_KEPT_FOR: TimeDelta = TimeDelta::days(30);

impl EventLog {
    /// Forgets what came of commands that nobody retries any more; answers how many.
    ///
    /// # Errors
    /// [`LogError::Database`].
    pub async fn forget_old_commands(&self, now: Timestamp) -> Result<u64, LogError> {
        let done = sqlx::query("delete from commands where recorded_at < $1")
            .bind(now - COMMANDS_KEPT_FOR)
            .execute(self.pool())
            .await?;
        Ok(done.rows_affected())
    }

    /// Executes a command on one stream.
    ///
    /// `decide` may run several times, each on a newer state; a refusal with a key is recorded like a success. What
    /// it may refuse with is turned into the recorded outcome by `describe`; of what that answers nothing for, nothing is
    /// recorded.
    ///
    /// # Errors
    /// [`ExecuteError`]; nothing was recorded, or, when the database was lost at the commit, it is unknown whether it
    /// was: repeating the command under the same key tells.
    pub async fn execute<A: LogAggregate, R: fmt::Debug>(
        &self,
        command: &Execute<'_>,
        decide: impl Fn(&Loaded<A>) -> Result<Vec<A::Event>, R>,
        describe: impl Fn(&Result<usize, R>) -> Option<serde_json::Value>,
    ) -> Result<Executed<A, R>, ExecuteError> {
        let key = command.idempotency.as_ref().map(|(principal, key, _)| (*principal, key.as_str()));
        let stream = StreamId::of::<A>(command.aggregate_id);
        let _turn = self.turns.take(&stream).await;
        let mut attempts = 0;
        if let Some(known) = self.known::<A>(stream)
            && let Ok(events) = decide(&known)
            && !events.is_empty()
        {
            if let Some(executed) = self.attempt(command, vec![known], Ok(vec![events]), &describe).await? {
                return Ok(executed);
            }
            attempts = 1;
        }
        for attempt in attempts..MAX_ATTEMPTS {
            if attempt > attempts {
                tokio::time::sleep(wait_before(attempt)).await;
            }
            let (loaded, recorded) = self.load_for_command::<A>(command.aggregate_id, key).await?;
            if let Some(recorded) = recorded {
                return self.repeated(command, recorded, loaded);
            }
            let decision = decide(&loaded).map(|events| vec![events]);
            if let Some(executed) = self.attempt(command, vec![loaded], decision, &describe).await? {
                return Ok(executed);
            }
        }
        Err(ExecuteError::Contended)
    }

    /// Executes a command on several streams: all of what it does is recorded, or nothing.
    ///
    /// `decide` is given the streams in the order of `others`, behind the command's own, and answers the events of each.
    /// Everything else is as with [`EventLog::execute`].
    ///
    /// # Errors
    /// As [`EventLog::execute`].
    pub async fn execute_across<A: LogAggregate, R: fmt::Debug>(
        &self,
        command: &Execute<'_>,
        others: &[String],
        decide: impl Fn(&[Loaded<A>]) -> Result<Vec<Vec<A::Event>>, R>,
        describe: impl Fn(&Result<usize, R>) -> Option<serde_json::Value>,
    ) -> Result<Executed<A, R>, ExecuteError> {
        let key = command.idempotency.as_ref().map(|(principal, key, _)| (*principal, key.as_str()));
        let streams: Vec<_> = others.iter().map(|id| StreamId::of::<A>(id)).collect();
        let own = StreamId::of::<A>(command.aggregate_id);
        let _turns = self.turns.take_all(&[std::slice::from_ref(&own), &streams].concat()).await;
        for attempt in 0..MAX_ATTEMPTS {
            if attempt > 0 {
                tokio::time::sleep(wait_before(attempt)).await;
            }
            let (first, recorded) = self.load_for_command::<A>(command.aggregate_id, key).await?;
            if let Some(recorded) = recorded {
                return self.repeated(command, recorded, first);
            }
            let mut loaded = vec![first];
            for id in others {
                loaded.push(self.load_for_command::<A>(id, None).await?.0);
            }
            let decision = decide(&loaded);
            if let Some(executed) = self.attempt(command, loaded, decision, &describe).await? {
                return Ok(executed);
            }
        }
        Err(ExecuteError::Contended)
    }

    /// Records a decision; nothing when a stream, or the command's record, was no longer as it was read.
    async fn attempt<A: LogAggregate, R>(
        &self,
        command: &Execute<'_>,
        loaded: Vec<Loaded<A>>,
        decision: Result<Vec<Vec<A::Event>>, R>,
        describe: impl Fn(&Result<usize, R>) -> Option<serde_json::Value>,
    ) -> Result<Option<Executed<A, R>>, ExecuteError> {
        let (events, outcome) = match decision {
            Ok(events) => {
                let count = events.iter().map(Vec::len).sum();
                (events, Ok(count))
            }
            Err(refusal) => (vec![], Err(refusal)),
        };
        match self.record(command, loaded, events, describe(&outcome)).await {
            Ok((aggregate, version, position)) => Ok(Some(Executed::Decided { outcome, aggregate, version, position })),
            Err(AppendError::Conflict | AppendError::CommandRecorded) => {
                metrics::counter!("casestream_append_conflicts_total").increment(1);
                Ok(None)
            }
            Err(AppendError::Reserved { kind }) => Err(ExecuteError::Reserved { kind }),
            Err(AppendError::Erased) => Err(ExecuteError::Erased),
            Err(AppendError::Log(error)) => Err(error.into()),
            Err(AppendError::TooMany { events }) => Err(ExecuteError::TooMany { events }),
        }
    }

    /// Appends what was decided for each stream; a decision without events is recorded only when the command carries a
    /// key. Answers the first stream as it is then, and the last position.
    async fn record<A: LogAggregate>(
        &self,
        command: &Execute<'_>,
        loaded: Vec<Loaded<A>>,
        events: Vec<Vec<A::Event>>,
        outcome: Option<serde_json::Value>,
    ) -> Result<(Arc<A>, i64, i64), AppendError> {
        let Execute { metadata, file_keys, at, .. } = command;
        let record = command.idempotency.clone().zip(outcome);
        let record =
            record.map(|((principal, key, request), outcome)| CommandRecord { principal, key, request, outcome });
        let [first, ..] = &loaded[..] else { unreachable!("a command is on a stream") };
        let stays = events.first().is_none_or(Vec::is_empty);
        let (own, mut version, mut position) = (first.stream.clone(), first.version(), first.position());
        let mut own_aggregate = stays.then(|| Arc::clone(&first.aggregate));
        let (mut streams, mut changed) = (vec![], vec![]);
        for (loaded, events) in loaded.into_iter().zip(events).filter(|(_, events)| !events.is_empty()) {
            let events: Vec<_> = events.into_iter().map(|event| (event, metadata.clone())).collect();
            let stream = self.prepare(&loaded, &events, file_keys, *at)?;
            let stream_key = loaded.stream_key.clone().or_else(|| stream.new_stream_key());
            changed.push((loaded, events, stream.last_hash(), stream_key));
            streams.push(stream);
        }
        if !streams.is_empty() || record.is_some() {
            let reservations = if streams.is_empty() { vec![] } else { command.reservations.clone() };
            let options = AppendOptions { recorded_at: *at, reservations, command: record };
            position = self.append_all(streams, options).await?.position.unwrap_or(position);
        }
        for (Loaded { stream, mut aggregate, version: before, .. }, events, last_hash, stream_key) in changed {
            // What is known of the stream becomes what it is now, without a copy unless somebody is looking at it.
            self.warm.forget(&stream);
            let after = before + i64::try_from(events.len()).expect("a command makes few events");
            let now = Arc::make_mut(&mut aggregate);
            for (event, _) in events {
                now.apply(event);
            }
            if stream == own {
                (own_aggregate, version) = (Some(Arc::clone(&aggregate)), after);
            }
            // Of several streams, the position of the last is at least that of each.
            self.warm.put(stream, Prefix { aggregate, version: after, position, last_hash, stream_key });
        }
        Ok((own_aggregate.expect("it changed or stayed"), version, position))
    }

    fn repeated<A: LogAggregate, R>(
        &self,
        command: &Execute<'_>,
        recorded: RecordedCommand,
        loaded: Loaded<A>,
    ) -> Result<Executed<A, R>, ExecuteError> {
        let same = command
            .idempotency
            .as_ref()
            .is_some_and(|(_, _, request)| self.codec().master().request_hash(request) == recorded.request.as_slice());
        if !same {
            return Err(ExecuteError::KeyReused);
        }
        let position = loaded.position();
        Ok(Executed::Repeated { command: recorded, aggregate: loaded.aggregate, position })
    }
}
