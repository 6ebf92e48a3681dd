//! HTTP: our own thin layer over the GraphQL schema, and the server under it.
//!
//! A request passes, from outside in: [`serve_over`] (connection cap and timeouts, TLS where there is a certificate), `security` (headers on every answer),
//! `observe` (id, span, metrics, panics), `client` (whose request it is, by network), `shedding` (whether that network sends too much), `security` again (same origin), `graphql` (method, media types), `request` (body, parameters), `guard` (limits),
//! and only then the schema. `errors` says what each refusal looks like.
//!
//! Files have routes of their own, in `crate::files`, and so have the pages of the portal, in `portal`. To add a route: write its handler, and merge it with those in
//! `Service::router`, inside the layers.

mod client;
mod cookies;
mod documents;
mod errors;
mod graphql;
pub(crate) mod guard;
mod limits;
mod live;
mod media;
mod observe;
mod operations;
mod panics;
mod portal;
mod request;
mod router;
mod security;
mod server;
mod shedding;
mod tls;

pub use self::client::{ClientAddress, ForwardedHeader, Trusted, TrustedProxies};
pub use self::cookies::{CookieKind, Cookies};
pub use self::documents::Documents;
pub use self::errors::RequestError;
pub use self::graphql::{Door, MakeData, MakeStanding, Occasion, RequestHead};
pub use self::guard::{Counted, Refusal};
pub use self::limits::{Limits, LiveLimits};
pub use self::live::{Follow, Stand, Standing};
pub use self::observe::RequestId;
pub(crate) use self::observe::asks;
pub use self::operations::{ReadinessCheck, operations_router};
pub use self::panics::install_hook as install_panic_hook;
pub use self::portal::routes as portal_routes;
pub(crate) use self::request::discard;
pub use self::router::{router, with_layers};
pub use self::security::SecurityOptions;
pub(crate) use self::security::is_same_origin;
pub use self::server::{Connection, Peer, ServerLimits, serve, serve_over};
pub use self::shedding::{RequestRates, Shedding};
pub use self::tls::{TLS_RENEWAL, Tls, TlsError, TlsFiles};
