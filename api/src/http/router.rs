//! The public routes, and the layers around every route.

use std::sync::Arc;

use async_graphql::Executor;
use axum::{Router, middleware};

use super::{Door, Limits, SecurityOptions, Shedding, client, graphql, observe, portal, security, server, shedding};

/// The public router: `/graphql`, `others` and, for everything else, a 404; with all layers, and within them the one
/// that sheds load by network.
///
/// `schema` is an `async_graphql::Schema`, or whatever else executes; `door` makes the caller out of the
/// request's headers.
pub fn router<E: Executor>(schema: E, limits: Limits, security: SecurityOptions, door: Door, others: Router) -> Router {
    let graphql = graphql::routes(schema, limits, &security, door);
    let shed = middleware::from_fn_with_state(Shedding::new(security.rates), shedding::by_network);
    with_layers(graphql.merge(others).fallback(portal::nowhere).layer(shed), security)
}

/// Puts the layers that every public route has around `routes`: security headers, observation,
/// refusal under overload and of long heads, the client's address, same-origin check.
pub fn with_layers(routes: Router, security: SecurityOptions) -> Router {
    routes
        .layer(middleware::from_fn_with_state(security.clone(), security::require_same_origin))
        .layer(middleware::from_fn_with_state(Arc::new(security.proxies.clone()), client::identify))
        .layer(middleware::from_fn(server::refuse_long_heads))
        .layer(middleware::from_fn(server::turn_away))
        .layer(middleware::from_fn(observe::observe))
        .layer(middleware::from_fn_with_state(security, security::add_headers))
}
