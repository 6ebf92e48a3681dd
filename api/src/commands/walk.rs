//! The walk of one command through the log, whatever it is about: stamped with who, when and which request, decided by
//! the rules, appended, and known again by its key.
//!
//! Mutations take it, and so do the clock and whoever runs the installation.

use std::fmt;

use domain::{Actor, Channel, Metadata, PersonId, RequestId, Timestamp};
use event_log::{EventLog, Execute, ExecuteError, Executed, FileKey, Loaded, LogAggregate, Reservation};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Refusal;

/// Who gives a command, in which request, by which way, and when.
#[derive(Clone, Copy, Debug)]
pub struct Stamp {
    /// Who.
    pub by: Actor,
    /// For whom, when not for themselves.
    pub on_behalf_of: Option<PersonId>,
    /// In which request.
    pub request: RequestId,
    /// By which way.
    pub channel: Channel,
    /// When.
    pub at: Timestamp,
}

/// A command on one stream.
pub struct Order<'a> {
    /// The id of what it is about.
    pub id: String,
    /// Who gives it, and when.
    pub stamp: Stamp,
    /// The key under which a retry is the same command, with the bytes that tell whether it is.
    pub idempotency: Option<(String, Vec<u8>)>,
    /// Values to reserve.
    pub reservations: Vec<Reservation>,
    /// The keys of the files that it attaches.
    pub file_keys: &'a [FileKey],
    /// Something within the stream that it makes, for a retry to be told of the same.
    pub makes: Option<Uuid>,
}

/// What came of a command that the rules answered, now or when it was first given under its key.
#[derive(Clone, Debug)]
pub struct Carried {
    /// The id of what it was about.
    pub id: String,
    /// How many events were recorded now.
    pub events: usize,
    /// The position that a reader must reach to see it.
    pub position: i64,
    /// What it made within the stream.
    pub made: Option<Uuid>,
    /// Why it was refused, if it was.
    pub refusal: Option<Refusal>,
}

impl Carried {
    /// What came of a command that was refused for no reason of the rules.
    pub(super) fn refused(id: impl fmt::Display, refusal: Refusal) -> Self {
        Self { id: id.to_string(), events: 0, position: 0, made: None, refusal: Some(refusal) }
    }
}

/// What is kept of a command that carried a key: codes and ids, never content.
#[derive(Serialize, Deserialize)]
struct Kept {
    code: Code,
    streams: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    made: Option<Uuid>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    refusal: Option<Refusal>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Code {
    Recorded,
    Unchanged,
    Refused,
}

impl Order<'_> {
    /// A command without a key, which reserves and attaches nothing.
    pub fn new(id: impl fmt::Display, stamp: Stamp) -> Self {
        Self { id: id.to_string(), stamp, idempotency: None, reservations: vec![], file_keys: &[], makes: None }
    }

    /// What is kept of it when it carries a key.
    fn kept(&self, outcome: &Result<usize, Refusal>) -> serde_json::Value {
        let code = match outcome {
            Ok(0) => Code::Unchanged,
            Ok(_) => Code::Recorded,
            Err(_) => Code::Refused,
        };
        let (streams, refusal) = (vec![self.id.clone()], outcome.as_ref().err().cloned());
        serde_json::to_value(Kept { code, streams, made: self.makes, refusal }).expect("codes and ids are plain data")
    }
}

/// Has a command decided and recorded.
///
/// # Errors
/// [`ExecuteError`]; nothing was recorded, or it is unknown: a retry under the same key tells.
pub async fn carry_out<A: LogAggregate>(
    log: &EventLog,
    order: Order<'_>,
    decide: impl Fn(&Loaded<A>) -> Result<Vec<A::Event>, Refusal>,
) -> Result<Carried, ExecuteError> {
    let Stamp { by, on_behalf_of, request, channel, at } = order.stamp;
    let execute = Execute {
        aggregate_id: &order.id,
        metadata: Metadata { on_behalf_of, ..Metadata::of(&by, request, channel) },
        at,
        idempotency: order.idempotency.clone().map(|(key, request)| (by.person, key, request)),
        file_keys: order.file_keys,
        reservations: order.reservations.clone(),
    };
    match log.execute(&execute, decide, |outcome| order.kept(outcome)).await? {
        Executed::Decided { outcome, position, .. } => {
            let (events, refusal) = match outcome {
                Ok(events) => (events, None),
                Err(refusal) => (0, Some(refusal)),
            };
            Ok(Carried { id: order.id, events, position, made: order.makes, refusal })
        }
        Executed::Repeated { command, position, .. } => {
            let position = position.max(command.position.unwrap_or(0));
            let kept = serde_json::from_value::<Kept>(command.outcome).ok();
            let (id, made, refusal) = match kept {
                Some(kept) => (kept.streams.into_iter().next(), kept.made, kept.refusal),
                None => (None, None, None),
            };
            Ok(Carried { id: id.unwrap_or(order.id), events: 0, position, made, refusal })
        }
    }
}
