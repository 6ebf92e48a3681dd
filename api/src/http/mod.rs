//! HTTP: our own thin layer over the GraphQL schema, and the server under it.
//!
//! A request passes, from outside in: [`serve`] (connection cap and timeouts), `security` (headers on every answer),
//! `observe` (id, span, metrics, panics), `security` again (same origin), `graphql` (method, media types), `request` (body, parameters), `guard` (limits),
//! and only then the schema. `errors` says what each refusal looks like.
//!
//! To add a route: write its handler, merge it into the router of [`router`] before [`with_layers`].

mod errors;
mod graphql;
mod guard;
mod limits;
mod media;
mod observe;
mod operations;
mod panics;
mod playground;
mod request;
mod security;
mod server;

use async_graphql::Executor;
use axum::{Router, middleware};

pub use self::errors::RequestError;
pub use self::graphql::{MakeData, RequestHead};
pub use self::guard::{Counted, Refusal};
pub use self::limits::Limits;
pub use self::observe::RequestId;
pub use self::operations::{ReadinessCheck, operations_router};
pub use self::panics::install_hook as install_panic_hook;
pub use self::security::SecurityOptions;
pub use self::server::{Peer, ServerLimits, serve};

/// How strict the service is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// On a developer's machine: a browser gets a query page at `/graphql`.
    Development,
    /// In front of customers.
    Production,
}

/// The public router: `/graphql` and, for everything else, a 404 in JSON; with all layers.
///
/// `schema` is an `async_graphql::Schema`, or whatever else executes; `make_data` makes the caller out of the
/// request's headers.
pub fn router<E: Executor>(
    schema: E,
    limits: Limits,
    security: SecurityOptions,
    make_data: MakeData,
) -> Router {
    let routes = graphql::routes(schema, limits, security.mode, make_data);
    with_layers(routes, security)
}

/// Puts the layers that every public route has around `routes`: security headers, observation,
/// refusal under overload, same-origin check.
pub fn with_layers(routes: Router, security: SecurityOptions) -> Router {
    routes
        .fallback(|| async { RequestError::NotFound })
        .layer(middleware::from_fn_with_state(
            security.clone(),
            security::require_same_origin,
        ))
        .layer(middleware::from_fn(server::turn_away))
        .layer(middleware::from_fn(observe::observe))
        .layer(middleware::from_fn_with_state(
            security,
            security::add_headers,
        ))
}
