//! `casestream history`.

use std::time::Duration;

use clap::Args;
use domain::{Scope, Slug, metadata::Inferred};
use event_log::{AnyEvent, FeedEvent, StreamId, Tailer, read_stream, safe_position_now};
use projections::{Projector, Reads, Visibility};
use serde_json::Value;

use super::{CommandError, output};
use crate::{settings::Settings, store::Store};

#[derive(Debug, Args)]
pub(super) struct History {
    /// A number (CS-000123), an id, or what the case is called in the system that it comes from: INC123, or
    /// system/INC123 where cases of several systems have the same reference
    case: String,
}

/// Prints every event of a case in its order.
pub(super) async fn run(settings: Settings, History { case }: History) -> Result<(), CommandError> {
    let store = Store::open(&settings).await?;
    let printed = match catch_up(&store).await {
        Ok(()) => print(&store, &case).await,
        Err(error) => Err(error),
    };
    store.close().await?;
    printed
}

/// Brings the read models to the end of the log: nobody may have since the last import.
pub(super) async fn catch_up(store: &Store) -> Result<(), CommandError> {
    const AT_MOST: Duration = Duration::from_mins(1);
    let position = safe_position_now(&store.pool).await?;
    let tailer = Tailer::start(&store.log);
    let projector = Projector::start(store.pool.clone(), &store.pool, store.log.codec().clone(), tailer).await?;
    if projector.wait_until(position, AT_MOST).await == Visibility::Pending {
        tracing::warn!("the read models are not at the end of the log; what was recorded last may be missing");
    }
    projector.stop().await;
    Ok(())
}

async fn print(store: &Store, name: &str) -> Result<(), CommandError> {
    let case = find(store, name).await?.ok_or_else(|| CommandError::NoSuchCase { name: name.to_owned() })?;
    let summary = case.summary;
    output::line(format_args!(
        "{}  {}  {}{}",
        summary.number,
        summary.status,
        summary.subject.as_deref().unwrap_or("[redacted]"),
        summary.external.map_or_else(String::new, |it| format!("  ({}/{})", it.system, it.reference))
    ));
    let stream = StreamId::of::<domain::case::Case>(summary.case_id.to_string());
    let mut conn = store.pool.acquire().await?;
    for event in read_stream(&mut conn, store.log.codec(), &stream).await? {
        print_event(&event);
    }
    Ok(())
}

/// Finds a case by any of its names.
pub(super) async fn find(store: &Store, name: &str) -> Result<Option<projections::Case>, CommandError> {
    let reads = Reads::open(store.pool.clone(), store.log.codec().clone()).await?;
    let scope = Scope::Auditor;
    if let Ok(number) = name.parse() {
        return Ok(reads.case_by_number(&scope, number).await?);
    }
    if let Ok(id) = name.parse() {
        return Ok(reads.case(&scope, id).await?);
    }
    let split = name.split_once('/').and_then(|(system, rest)| Some((system.parse::<Slug>().ok()?, rest)));
    let found = match split {
        Some((system, reference)) => reads.case_by_external_reference(&scope, Some(&system), reference).await,
        None => reads.case_by_external_reference(&scope, None, name).await,
    };
    Ok(found?)
}

/// A line for the event, a line for each value of it.
fn print_event(event: &FeedEvent) {
    match &event.event {
        Ok((AnyEvent::Case { event: fact, .. }, metadata)) => {
            let inferred = match metadata.inferred {
                Some(Inferred::Step) => "  (inferred)",
                Some(Inferred::Text) => "  (with an inferred text)",
                None => "",
            };
            output::line(format_args!(
                "{:>4}  {}  {:<20}  {} by {} {}{inferred}",
                event.sequence,
                fact.occurred_at.format("%Y-%m-%d %H:%M:%S"),
                fact.fact.type_name(),
                metadata.channel,
                metadata.role,
                metadata.actor,
            ));
            let content = domain::sealed::expose(|| serde_json::to_value(&fact.fact)).unwrap_or_default();
            if let Value::Object(variants) = content {
                variants.values().for_each(print_values);
            }
        }
        // A case's stream has no event of another aggregate.
        Ok((
            AnyEvent::Account { .. }
            | AnyEvent::Person { .. }
            | AnyEvent::Settings { .. }
            | AnyEvent::User { .. }
            | AnyEvent::AccessRequest { .. },
            _,
        )) => {}
        Err(error) => output::line(format_args!("{:>4}  cannot be read: {error}", event.sequence)),
    }
}

fn print_values(values: &Value) {
    let Value::Object(fields) = values else { return };
    for (name, value) in fields {
        output::line(format_args!("        {name}: {}", words(value).replace('\n', "\n          ")));
    }
}

/// A value as people read it: texts without what seals them, short names without quotes.
fn words(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Object(sealed) if sealed.contains_key("key") && sealed.contains_key("subject") => {
            sealed.get("clear").map_or_else(|| "[erased]".to_owned(), words)
        }
        Value::Object(fields) => {
            fields.iter().map(|(name, value)| format!("{name} {}", words(value))).collect::<Vec<_>>().join(", ")
        }
        other => other.to_string(),
    }
}
