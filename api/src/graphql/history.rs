//! The log itself, for auditors: events as they were recorded.

use async_graphql::{ID, Json, Result, SimpleObject};
use cqrs_es::Aggregate;
use domain::{CaseId, Timestamp, case};
use event_log::{RawEvent, StreamId, feed::open_payloads, read_raw_page, read_raw_stream};
use serde_json::Value;

use super::{
    context::{RequestContext, error},
    ids::GlobalId,
    scalars::BigInt,
};

/// An event as recorded.
#[derive(SimpleObject)]
pub struct RecordedEvent {
    /// Its place in the whole log; not without gaps.
    position: BigInt,
    /// The kind of aggregate: `case`.
    aggregate_type: String,
    /// Which one, as in the log.
    aggregate_id: String,
    /// The case, where it is one.
    case_id: Option<ID>,
    /// Its place in its stream, from 1.
    sequence: i64,
    /// What happened: the event's type.
    event_type: String,
    /// The schema version of the type.
    event_version: String,
    /// When it was recorded.
    recorded_at: Timestamp,
    /// The event, its texts opened where their keys are there and `{"erased": true, …}` where they are not.
    payload: Json<Value>,
    /// Who, for whom, in which request, through which channel.
    metadata: Json<Value>,
    /// The chain's hash over it and all events before it in its stream, in hexadecimal digits.
    hash: String,
}

/// Reads a part of a case's stream.
pub(super) async fn of_case(
    request: &RequestContext,
    case_id: CaseId,
    after: i32,
    first: i32,
) -> Result<Vec<RecordedEvent>> {
    let limit = limit(first)?;
    request.record_read("case.history", &case_id.to_string()).await?;
    let mut conn = request.services.pool.acquire().await.map_err(|error| request.internal(&error))?;
    let stream = StreamId::of::<case::Case>(case_id.to_string());
    let events = read_raw_stream(&mut conn, &stream).await.map_err(|error| request.internal(&error))?;
    let wanted = events.into_iter().filter(|event| event.sequence > i64::from(after)).take(limit);
    let wanted: Vec<_> = wanted.collect();
    open(request, &mut conn, wanted).await
}

/// Reads a part of the log, up to the safe position.
pub(super) async fn of_log(
    request: &RequestContext,
    after: i64,
    first: i32,
    safe_position: i64,
) -> Result<Vec<RecordedEvent>> {
    let limit = limit(first)?;
    request.record_read("events", &format!("after {after}")).await?;
    let mut conn = request.services.pool.acquire().await.map_err(|error| request.internal(&error))?;
    let limit = i64::try_from(limit).expect("at most 100");
    let events =
        read_raw_page(&mut conn, after, safe_position, limit).await.map_err(|error| request.internal(&error))?;
    open(request, &mut conn, events).await
}

pub(super) fn limit(first: i32) -> Result<usize> {
    match usize::try_from(first) {
        Ok(limit @ 1..=100) => Ok(limit),
        _ => Err(error("BAD_USER_INPUT", "`first` is 1 to 100")),
    }
}

async fn open(
    request: &RequestContext,
    conn: &mut sqlx::PgConnection,
    events: Vec<RawEvent>,
) -> Result<Vec<RecordedEvent>> {
    let codec = request.services.commands.log.codec();
    let payloads = open_payloads(conn, codec, &events).await.map_err(|error| request.internal(&error))?;
    events
        .into_iter()
        .zip(payloads)
        .map(|(event, payload)| {
            let is_case = event.aggregate_type == case::Case::TYPE;
            let case_id = event.aggregate_id.parse::<CaseId>().ok().filter(|_| is_case).map(GlobalId::global);
            let metadata = serde_json::from_str(&event.metadata).map_err(|error| request.internal(&error))?;
            Ok(RecordedEvent {
                position: BigInt(event.position),
                aggregate_type: event.aggregate_type,
                aggregate_id: event.aggregate_id,
                case_id,
                sequence: event.sequence,
                event_type: event.event_type,
                event_version: event.event_version,
                recorded_at: event.recorded_at,
                payload: Json(payload),
                metadata: Json(metadata),
                hash: hex::encode(event.hash),
            })
        })
        .collect()
}
