//! From a request's intention to recorded events: stamp who, when and which request, let the rules decide, append.
//!
//! A command runs in a task of its own. A client that leaves does not stop it half-way: it is done or it is not.
//!
//! | file | what it holds |
//! |---|---|
//! | [`walk`] | one command through the log, whatever it is about and whoever gives it |
//! | [`pairs`] | commands on more than one case |
//! | [`cases`], [`accounts`], [`access_requests`], [`settings`] | what is different about commands on each |
//! | [`refusal`] | why a command was not carried out |

pub mod access_requests;
pub mod accounts;
pub mod cases;
pub mod pairs;
pub mod refusal;
pub mod settings;
pub mod walk;

use std::{
    fmt::{Debug, Display},
    str::FromStr,
    sync::Arc,
};

use domain::{Audience, PersonId, RequestId, case::Case};
use event_log::{EventLog, ExecuteError, FileKey, Loaded, LogAggregate, LogError, Reservation};
use futures_util::future::BoxFuture;
use projections::{InForce, ProjectionError, Reads};
use serde::{Deserialize, Serialize};
use tracing::Instrument;
use uuid::Uuid;

pub use refusal::{Refusal, RefusalCode};

use crate::{
    clock::{Clock, Ids},
    files::Stages,
    identity::Caller,
    opaque::Opaque,
    registry::RegistryError,
};
use walk::{Carried, Order, Stamp};

/// Everything that a command needs beside itself.
#[derive(Clone)]
pub struct Commands {
    /// The log.
    pub log: EventLog,
    /// The time.
    pub clock: Clock,
    /// New ids.
    pub ids: Ids,
    /// Seals versions.
    pub opaque: Arc<Opaque>,
    /// Uploads that no case has yet.
    pub stages: Stages,
    /// The settings in force.
    pub settings: InForce,
    /// How many files a case has at most.
    pub max_attachments: usize,
    /// The read models, for what commands must know of others.
    pub reads: Reads,
}

/// What people give commands about, and in what such commands differ.
pub trait Subject: LogAggregate<Event: Send + Sync> + Send + Sync {
    /// What tells one from another.
    type Id: Copy
        + Display
        + Debug
        + FromStr
        + PartialEq
        + Serialize
        + for<'de> Deserialize<'de>
        + Send
        + Sync
        + 'static;
    /// What can be asked of it.
    type Action: Clone + Debug + Send + Sync + 'static;
    /// What comes along with what is asked.
    type Brings: Clone + Debug + Send + Sync + 'static;
    /// What must be known of others for it.
    type Facts: Send + Sync;

    /// What an action is called in metrics and logs.
    fn name_of(action: &Self::Action) -> String;

    /// What somebody is told for whom it is not there.
    fn not_found() -> Refusal;

    /// Whether it is there for whoever asks, or would be once they have made it.
    fn is_there_for(&self, intention: &Intention<Self>) -> bool;

    /// How far it has come, as far as an audience may know; nothing before it is there.
    fn version_for(&self, audience: Audience) -> Option<u64>;

    /// Gathers what must be known of others: from the read models, so it may be a moment old.
    fn gather(
        commands: &Commands,
        intention: &Intention<Self>,
    ) -> impl Future<Output = Result<Self::Facts, CommandFailure>> + Send;

    /// What follows by the rules.
    ///
    /// # Errors
    /// Why nothing does.
    fn decide_on(
        &self,
        intention: &Intention<Self>,
        facts: &Self::Facts,
        stamp: &Stamp,
    ) -> Result<Vec<Self::Event>, Refusal>;

    /// Carries out what concerns more than one of them, which `decide_on` leaves open.
    fn beyond<'a>(_: &'a Commands, _: &'a Intention<Self>) -> BoxFuture<'a, Result<Outcome<Self>, CommandFailure>> {
        unreachable!("commands concern one {}", Self::TYPE)
    }

    /// The keys of the files that come along.
    fn file_keys(brings: &Self::Brings) -> &[FileKey];

    /// Does what follows a command that was not refused, and need not be of the same moment; answers the position that a
    /// reader must reach to see it all.
    fn settle(
        commands: &Commands,
        intention: &Intention<Self>,
        stamp: Stamp,
        carried: &Carried,
    ) -> impl Future<Output = Result<i64, CommandFailure>> + Send;
}

/// A command as it comes out of a request.
#[derive(Clone, Debug)]
pub struct Intention<S: Subject = Case> {
    /// Who asks.
    pub caller: Caller,
    /// In which request.
    pub request: RequestId,
    /// For whom, when not for themselves.
    pub on_behalf_of: Option<PersonId>,
    /// What it is about.
    pub id: S::Id,
    /// What they ask for.
    pub action: S::Action,
    /// Something within it that the action makes, for a retry to be told of the same.
    pub makes: Option<Uuid>,
    /// The version that they saw, if they name it.
    pub expected_version: Option<String>,
    /// The key under which a retry is the same command, with the bytes that tell whether it is.
    pub idempotency: Option<(String, Vec<u8>)>,
    /// Values to reserve for it.
    pub reservations: Vec<Reservation>,
    /// What comes along.
    pub brings: S::Brings,
}

impl<S: Subject<Brings: Default>> Intention<S> {
    /// What somebody asks for themselves, with nothing beside it.
    #[must_use]
    pub fn new(caller: &Caller, request: RequestId, id: S::Id, action: S::Action) -> Self {
        Self {
            caller: caller.clone(),
            request,
            on_behalf_of: None,
            id,
            action,
            makes: None,
            expected_version: None,
            idempotency: None,
            reservations: vec![],
            brings: S::Brings::default(),
        }
    }
}

/// What came of a command that the rules answered.
#[derive(Clone, Debug)]
pub struct Outcome<S: Subject = Case> {
    /// What it was about: for a repeated opening, the one opened then.
    pub id: S::Id,
    /// What it made within that.
    pub made: Option<Uuid>,
    /// The position that a reader must reach to see it.
    pub position: i64,
    /// Why it was refused, if it was.
    pub refusal: Option<Refusal>,
}

/// The command could not be carried out, for no reason that its caller could mend.
#[derive(Debug, thiserror::Error)]
pub enum CommandFailure {
    /// The log did not answer.
    #[error(transparent)]
    Log(#[from] LogError),
    /// The read models did not answer.
    #[error(transparent)]
    Facts(#[from] ProjectionError),
    /// What follows the command could not be recorded.
    #[error("the command is recorded, but not what follows it: repeating it under the same key does that")]
    Unsettled(#[from] RegistryError),
    /// The task of the command ended without an answer.
    #[error("the command's task ended without an answer")]
    Lost(#[from] tokio::task::JoinError),
}

/// The version of something as its readers name it.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Version<Id>(Id, u8, u64);

impl Commands {
    /// Carries a command out, or says why not.
    ///
    /// # Errors
    /// [`CommandFailure`]; nothing was recorded, or it is unknown: a retry under the same key tells.
    pub async fn carry_out<S: Subject>(&self, intention: Intention<S>) -> Result<Outcome<S>, CommandFailure> {
        let commands = self.clone();
        let (kind, id) = (S::name_of(&intention.action), intention.id.to_string());
        let work = async move { commands.execute(&intention).await };
        in_own_task::<S, _>(kind, id, work, |outcome: &Outcome<S>| outcome.refusal.as_ref()).await
    }

    /// The opaque form of a version.
    #[must_use]
    pub fn version<S: Subject>(&self, id: S::Id, audience: Audience, version: u64) -> String {
        self.opaque.seal(&purpose::<S>(), &Version(id, audience as u8, version))
    }

    async fn execute<S: Subject>(&self, intention: &Intention<S>) -> Result<Outcome<S>, CommandFailure> {
        let expected = match self.expected(intention) {
            Ok(expected) => expected,
            Err(refusal) => return Ok(refused(intention, refusal)),
        };
        let stamp = self.stamp(intention);
        let order = Order {
            idempotency: intention.idempotency.clone(),
            reservations: intention.reservations.clone(),
            makes: intention.makes,
            file_keys: S::file_keys(&intention.brings),
            ..Order::new(intention.id, stamp)
        };
        let facts = S::gather(self, intention).await?;
        let decide = |loaded: &Loaded<S>| {
            guard(intention, expected, &loaded.aggregate)?;
            loaded.aggregate.decide_on(intention, &facts, &stamp)
        };
        let carried = match walk::carry_out(&self.log, order, decide).await {
            Ok(carried) => carried,
            Err(error) => return refusal_of(error).map(|refusal| refused(intention, refusal)),
        };
        if carried.refusal.as_ref().is_some_and(|refusal| refusal.is_beyond) {
            return S::beyond(self, intention).await;
        }
        let position = match carried.refusal {
            None => S::settle(self, intention, stamp, &carried).await?,
            Some(_) => carried.position,
        };
        let Carried { id, made, refusal, .. } = carried;
        Ok(Outcome { id: id.parse().unwrap_or(intention.id), made, position, refusal })
    }

    fn stamp<S: Subject>(&self, intention: &Intention<S>) -> Stamp {
        Stamp {
            by: intention.caller.actor(),
            on_behalf_of: intention.on_behalf_of,
            request: intention.request,
            channel: intention.caller.channel(),
            at: self.clock.now(),
        }
    }

    /// The version that the caller saw, if they name one.
    fn expected<S: Subject>(&self, intention: &Intention<S>) -> Result<Option<u64>, Refusal> {
        let Some(text) = intention.expected_version.as_deref() else { return Ok(None) };
        let audience = intention.caller.scope().audience();
        match self.opaque.open::<Version<S::Id>>(&purpose::<S>(), text) {
            Ok(Version(id, of, version)) if id == intention.id && of == audience as u8 => Ok(Some(version)),
            _ => {
                let message = format!("this is no version of this {0}: read the {0} again", S::TYPE);
                Err(Refusal::of_field("expectedVersion", message))
            }
        }
    }
}

/// Runs a command in a task of its own, so that a client who leaves does not stop it half-way; it has a name in logs, and
/// is counted.
async fn in_own_task<S: Subject, T: Send + 'static>(
    kind: String,
    id: String,
    work: impl Future<Output = Result<T, CommandFailure>> + Send + 'static,
    why_not: fn(&T) -> Option<&Refusal>,
) -> Result<T, CommandFailure> {
    let span = tracing::info_span!("command", command = %kind, about = S::TYPE, %id, outcome = tracing::field::Empty);
    let counted = async move {
        let outcome = work.await;
        let word = match &outcome {
            Ok(outcome) => match why_not(outcome) {
                Some(refusal) => {
                    tracing::info!(code = ?refusal.code, "a command was refused");
                    "refused"
                }
                None => "done",
            },
            Err(_) => "failed",
        };
        tracing::Span::current().record("outcome", word);
        metrics::counter!("casestream_commands_total", "command" => kind, "outcome" => word).increment(1);
        outcome
    };
    tokio::spawn(counted.instrument(span)).await?
}

/// Refuses a command on what its caller may not see, or has not seen as it is.
fn guard<S: Subject>(intention: &Intention<S>, expected: Option<u64>, subject: &S) -> Result<(), Refusal> {
    if !subject.is_there_for(intention) {
        return Err(S::not_found());
    }
    let version = subject.version_for(intention.caller.scope().audience());
    match expected.zip(version).filter(|(expected, version)| expected != version) {
        Some((expected, version)) => Err(stale::<S>(expected, version)),
        None => Ok(()),
    }
}

/// What a version is sealed for.
fn purpose<S: Subject>() -> String {
    format!("{} version", S::TYPE)
}

fn stale<S: Subject>(expected: u64, version: u64) -> Refusal {
    let missed = version.saturating_sub(expected);
    let message =
        format!("the {} has changed since you read it, by {missed} events: look at them and decide again", S::TYPE);
    Refusal {
        missed_after: Some(expected),
        ..Refusal::new(RefusalCode::StaleVersion, message).about(Some("expectedVersion"))
    }
}

fn refused<S: Subject>(intention: &Intention<S>, refusal: Refusal) -> Outcome<S> {
    Outcome { id: intention.id, made: None, position: 0, refusal: Some(refusal) }
}

/// # Errors
/// What is no refusal.
fn refusal_of(error: ExecuteError) -> Result<Refusal, CommandFailure> {
    match (Refusal::of_execution(&error), error) {
        (Some(refusal), _) => Ok(refusal),
        (None, ExecuteError::Log(error)) => Err(error.into()),
        (None, other) => unreachable!("every other error is a refusal: {other}"),
    }
}
