//! What every request leaves behind: an id, a span, a line in the log, a count and a duration.
//!
//! Nothing of a request's content is recorded, and no path: only the route that matched it, and the id of whoever asks.

use std::time::Instant;

use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderValue, Method};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use metrics::{counter, histogram};
use tracing::field::Empty;
use tracing::{Instrument as _, Span, info_span};
use uuid::Uuid;

use super::{RequestError, panics};

/// Names one request in logs, in events' metadata and in the answer's `X-Request-Id`. UUID version 7, made here:
/// an id that a client sends is not trusted to be unique.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RequestId(pub Uuid);

impl RequestId {
    /// A new id.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "it only correlates logs, so no test needs to foresee it")]
    pub fn new() -> Self {
        Self(Uuid::now_v7())
    }
}

impl Default for RequestId {
    fn default() -> Self {
        Self::new()
    }
}

/// The middleware: around everything that can refuse or panic; only the security headers are further out.
pub(super) async fn observe(mut request: Request, next: Next) -> Response {
    let started = Instant::now();
    let request_id = RequestId::new();
    request.extensions_mut().insert(request_id);
    let method = method_label(request.method());
    let route = request.extensions().get::<MatchedPath>().map_or("unmatched", MatchedPath::as_str).to_owned();
    let span = info_span!(
        "request",
        http.method = method,
        http.route = route,
        http.status = Empty,
        duration_ms = Empty,
        person = Empty,
        request_id = %request_id.0,
    );
    async move {
        let answered = panics::catch(next.run(request)).await;
        let mut response = answered.unwrap_or_else(RequestError::into_response);
        if let Ok(value) = HeaderValue::try_from(request_id.0.to_string()) {
            response.headers_mut().insert("x-request-id", value);
        }
        record(method, route, response.status().as_u16(), started);
        response
    }
    .instrument(span)
    .await
}

/// Says whose the request at hand is, in each of its lines from now on: an id, which tells nobody anything by itself.
pub(crate) fn asks(person: impl std::fmt::Display) {
    Span::current().record("person", tracing::field::display(person));
}

fn record(method: &'static str, route: String, status: u16, started: Instant) {
    let elapsed = started.elapsed();
    let span = Span::current();
    span.record("http.status", status);
    span.record("duration_ms", elapsed.as_secs_f64() * 1000.0);
    tracing::info!("request answered");
    counter!("http_requests_total", "method" => method, "route" => route.clone(), "status" => status.to_string())
        .increment(1);
    histogram!("http_request_duration_seconds", "method" => method, "route" => route).record(elapsed.as_secs_f64());
}

/// A method as a metric label. Clients can invent methods; labels must stay few.
fn method_label(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::HEAD => "HEAD",
        Method::OPTIONS => "OPTIONS",
        _ => "OTHER",
    }
}
