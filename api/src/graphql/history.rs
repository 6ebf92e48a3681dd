//! The log itself, for auditors: events as they were recorded.

use std::collections::HashMap;

use async_graphql::{Error, ID, Json, Result, SimpleObject, dataloader::Loader};
use cqrs_es::Aggregate;
use domain::{CaseId, RequestId, Timestamp, case};
use event_log::{LogError, PartOfStream, RawEvent, StreamId, feed::open_payloads, read_raw_page, read_raw_parts};
use serde_json::Value;

use super::{
    case_loader::CaseLoader,
    context::{RequestContext, Services, error, internal, record_reads},
    ids::GlobalId,
    scalars::BigInt,
};

/// An event as recorded.
#[derive(Clone, SimpleObject)]
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

/// Asks for a part of a case's stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct HistoryOf {
    case_id: CaseId,
    after: i32,
    limit: u16,
}

/// Reads a part of a case's stream, with those that other cases of the request are asked for.
pub(super) async fn of_case(
    request: &RequestContext,
    case_id: CaseId,
    after: i32,
    first: i32,
) -> Result<Vec<RecordedEvent>> {
    let wanted = HistoryOf { case_id, after, limit: limit(first)? };
    request.cases.load_one(wanted).await?.unwrap_or_else(|| Ok(vec![]))
}

impl Loader<HistoryOf> for CaseLoader {
    /// An error for the case alone of which an event cannot be read.
    type Value = Result<Vec<RecordedEvent>>;
    type Error = Error;

    async fn load(&self, keys: &[HistoryOf]) -> Result<HashMap<HistoryOf, Self::Value>> {
        let services = &self.services;
        let cases: Vec<_> = keys.iter().map(|wanted| wanted.case_id.to_string()).collect();
        let objects: Vec<_> = cases.iter().map(String::as_str).collect();
        record_reads(services, &self.caller, self.request, "case.history", &objects).await?;
        let parts: Vec<_> = keys.iter().map(HistoryOf::part).collect();
        let mut conn = services.pool.acquire().await.map_err(|error| self.internal(&error))?;
        let found = read_raw_parts(&mut conn, &parts).await.map_err(|error| self.internal(&error))?;
        let sizes: Vec<_> = found.iter().map(Vec::len).collect();
        let events = found.into_iter().flatten().collect();
        let mut opened = open(services, self.request, &mut conn, events).await?.into_iter();
        let of_case = |(wanted, size): (&HistoryOf, usize)| {
            let events: Vec<_> = opened.by_ref().take(size).collect();
            (*wanted, events.into_iter().collect())
        };
        Ok(keys.iter().zip(sizes).map(of_case).collect())
    }
}

impl HistoryOf {
    fn part(&self) -> PartOfStream {
        let stream = StreamId::of::<case::Case>(self.case_id.to_string());
        PartOfStream { stream, after: self.after.into(), limit: self.limit.into() }
    }
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
    let events =
        read_raw_page(&mut conn, after, safe_position, limit.into()).await.map_err(|error| request.internal(&error))?;
    open(&request.services, request.id, &mut conn, events).await?.into_iter().collect()
}

pub(super) fn limit(first: i32) -> Result<u16> {
    match u16::try_from(first) {
        Ok(limit @ 1..=100) => Ok(limit),
        _ => Err(error("BAD_USER_INPUT", "`first` is 1 to 100")),
    }
}

/// Opens the texts of events. One that cannot be read is an error in its place.
async fn open(
    services: &Services,
    request: RequestId,
    conn: &mut sqlx::PgConnection,
    events: Vec<RawEvent>,
) -> Result<Vec<Result<RecordedEvent>>> {
    let payloads = open_payloads(conn, services.commands.log.codec(), &events).await;
    let payloads = payloads.map_err(|error| internal(request, &error))?;
    let shown = |(event, payload): (RawEvent, Result<Value, LogError>)| {
        let payload = payload.map_err(|error| internal(request, &error))?;
        RecordedEvent::of(event, payload).map_err(|error| internal(request, &error))
    };
    Ok(events.into_iter().zip(payloads).map(shown).collect())
}

impl RecordedEvent {
    fn of(event: RawEvent, payload: Value) -> Result<Self, serde_json::Error> {
        let is_case = event.aggregate_type == case::Case::TYPE;
        let case_id = event.aggregate_id.parse::<CaseId>().ok().filter(|_| is_case).map(GlobalId::global);
        Ok(Self {
            position: BigInt(event.position),
            aggregate_type: event.aggregate_type,
            aggregate_id: event.aggregate_id,
            case_id,
            sequence: event.sequence,
            event_type: event.event_type,
            event_version: event.event_version,
            recorded_at: event.recorded_at,
            payload: Json(payload),
            metadata: Json(serde_json::from_str(&event.metadata)?),
            hash: hex::encode(event.hash),
        })
    }
}
