//! The SQL that a request takes, as sqlx tells it.

use std::{
    fmt,
    sync::{Arc, Mutex},
};

use tracing::{
    Dispatch, Event, Subscriber,
    field::{Field, Visit},
    subscriber::{DefaultGuard, set_default},
};
use tracing_subscriber::{
    Layer, filter,
    layer::{Context, SubscriberExt as _},
    registry::{self, LookupSpan},
};

/// Sees the statements that anything on this thread runs, while it is there. Everything of a test runs on its one thread.
pub struct Watched {
    seen: Seen,
    _second: Dispatch,
    _guard: DefaultGuard,
}

/// Statements in the order in which they ended, blanks squeezed, and how many rows each answered.
#[derive(Clone, Default)]
struct Seen(Arc<Mutex<Vec<(String, u64)>>>);

impl Watched {
    pub fn begin() -> Self {
        let seen = Seen::default();
        let layer = seen.clone().with_filter(filter::filter_fn(|of| !of.is_event() || of.target() == "sqlx::query"));
        // With a single dispatcher tracing asks whichever thread meets a call site first, and another test's thread says no for all;
        // with two it asks them both.
        let second = Dispatch::new(tracing_subscriber::registry());
        let guard = set_default(tracing_subscriber::registry().with(layer));
        Self { seen, _second: second, _guard: guard }
    }

    /// Does something; answers what came of it, and its statements, those apart that are no request's own.
    pub async fn of<T>(&self, work: impl Future<Output = T>) -> (T, Vec<String>) {
        let (outcome, all) = self.all_of(work).await;
        (outcome, all.into_iter().filter(|sql| !is_apart(sql)).collect())
    }

    /// The same with all statements.
    pub async fn all_of<T>(&self, work: impl Future<Output = T>) -> (T, Vec<String>) {
        self.take();
        let outcome = work.await;
        (outcome, self.take().into_iter().map(|(sql, _)| sql).collect())
    }

    /// Does something; answers its statements as [`Watched::of`] does, each with how many rows it answered.
    pub async fn rows_of(&self, work: impl Future) -> Vec<(String, u64)> {
        self.take();
        work.await;
        self.take().into_iter().filter(|(sql, _)| !is_apart(sql)).collect()
    }

    fn take(&self) -> Vec<(String, u64)> {
        std::mem::take(&mut self.seen.0.lock().expect("nobody panics while holding it"))
    }
}

/// A part of the statement by which it is found out whether the settings have moved on.
pub const SETTINGS: &str = "where aggregate_type = $1)";

/// What is not counted, because it is not the request's alone or takes turns with the clock:
///
/// - the beginnings and ends of transactions: reads that follow each other closely go on in one
/// - the look-up of the token: those of requests that come at the same time share one
/// - finding out whether the settings have moved on, which is done once a second at most
/// - what follows the log, one step for whatever events have come: finding out how far it can be read and what is live, reading
///   it, and telling other instances and those who follow. The steps themselves have a span, and are not seen here but where they
///   only move a checkpoint on
/// - looking for cases of those who do not work them any more, which goes on beside the request that ended somebody's work
fn is_apart(sql: &str) -> bool {
    const TRANSACTION: [&str; 3] = ["begin", "commit", "rollback"];
    const PARTS: [&str; 12] = [
        "users.roles as user_roles, access.account_id",
        SETTINGS,
        "from gate_read(",
        "from gate_look(",
        "aggregate_type = any($4) order by position limit $3",
        "from projection_checkpoints where group_name = $1 and state =",
        "select aggregate_type, aggregate_id from projection_parked_streams",
        "set search_path =",
        "select pg_notify(",
        "select distinct aggregate_id from events",
        "(update projection_checkpoints set position",
        "where owner_id in (select person_id from users where status",
    ];
    let word = sql.split([' ', ';']).next().unwrap_or_default().to_lowercase();
    TRANSACTION.contains(&word.as_str()) || PARTS.iter().any(|part| sql.contains(part))
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Seen {
    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let spans = context.event_scope(event).into_iter().flatten();
        if spans.map(|span: registry::SpanRef<'_, S>| span.name()).any(|name| name == "projection_step") {
            return;
        }
        let mut statement = Statement::default();
        event.record(&mut statement);
        let sql = if statement.whole.trim().is_empty() { statement.summary } else { statement.whole };
        let sql = sql.split_whitespace().collect::<Vec<_>>().join(" ");
        self.0.lock().expect("nobody panics while holding it").push((sql, statement.rows));
    }
}

/// What sqlx tells of a statement: all of it where the summary is not all.
#[derive(Default)]
struct Statement {
    summary: String,
    whole: String,
    rows: u64,
}

impl Visit for Statement {
    fn record_str(&mut self, field: &Field, value: &str) {
        match field.name() {
            "summary" => value.clone_into(&mut self.summary),
            "db.statement" => value.clone_into(&mut self.whole),
            _ => {}
        }
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        if field.name() == "rows_returned" {
            self.rows = value;
        }
    }

    fn record_debug(&mut self, _: &Field, _: &dyn fmt::Debug) {}
}
