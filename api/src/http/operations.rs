//! What operators and their machines ask, on a port of its own: alive, ready, metrics.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Json, Response};
use axum::routing::get;
use futures_util::future::{BoxFuture, join_all};
use metrics_exporter_prometheus::PrometheusHandle;
use serde_json::{Value, json};

use super::{RequestError, SecurityOptions, with_layers};

/// One thing that must hold before this instance gets traffic.
#[derive(Clone)]
pub struct ReadinessCheck {
    /// What is checked, in a word or two: `database`, `projections`.
    pub name: &'static str,
    /// Runs the check; an `Err` says what is wrong, for an operator. It gets two seconds.
    pub check: Arc<dyn Fn() -> BoxFuture<'static, Result<(), String>> + Send + Sync>,
}

/// Longest run of one check.
const CHECK_LIMIT: Duration = Duration::from_secs(2);

/// The operations port: `/healthz` answers while the process lives, `/readyz` runs `checks` (503 names those that
/// fail), `/metrics` is in Prometheus' text format.
pub fn operations_router(checks: Vec<ReadinessCheck>, metrics: PrometheusHandle, security: SecurityOptions) -> Router {
    let checks: Arc<[ReadinessCheck]> = checks.into();
    let routes = Router::new()
        .route("/healthz", get(|| async { Json(json!({ "alive": true })) }))
        .route("/readyz", get(ready).with_state(checks))
        .route("/metrics", get(render_metrics).with_state(metrics))
        .fallback(|| async { RequestError::NotFound });
    with_layers(routes, security)
}

async fn ready(State(checks): State<Arc<[ReadinessCheck]>>) -> Response {
    let outcomes = join_all(checks.iter().map(run)).await;
    let failed: Vec<Value> = outcomes
        .into_iter()
        .filter_map(|(name, outcome)| Some(json!({ "name": name, "reason": outcome.err()? })))
        .collect();
    let status = if failed.is_empty() { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(json!({ "ready": failed.is_empty(), "failed": failed }))).into_response()
}

async fn run(check: &ReadinessCheck) -> (&'static str, Result<(), String>) {
    let outcome = tokio::time::timeout(CHECK_LIMIT, (check.check)()).await;
    let outcome = outcome.unwrap_or_else(|_| Err(format!("no answer within {} s", CHECK_LIMIT.as_secs())));
    (check.name, outcome)
}

async fn render_metrics(State(metrics): State<PrometheusHandle>) -> impl IntoResponse {
    ([(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], metrics.render())
}
