//! Connections that stay open, for subscriptions above all: a socket (`graphql-transport-ws`) or a stream (GraphQL over
//! SSE, distinct connections).
//!
//! A subscription is a query that is asked again whenever what it is about moves. Each round is a request like any other: the
//! document passes the guard, the caller is made out of the credentials anew, and what they may see at that moment is read from where
//! the last round ended ([`Follow`]). So nothing that somebody lost sight of is sent, nothing is lost or sent twice, and a slow
//! reader costs no memory: what they have not taken yet stays in the tables.
//!
//! | file | what it holds |
//! |---|---|
//! | `follow` | what a subscription says of itself: where it is, and what it waits for |
//! | `standing` | whether whoever opened the connection may go on |
//! | `conversation` | one operation, from its document to its end |
//! | `protocol` | the messages of a socket, and its close codes |
//! | `socket` | `GET /graphql/ws` |
//! | `stream` | `POST /graphql/stream` |
//! | `places` | how many connections somebody has |

mod conversation;
mod follow;
mod places;
mod protocol;
mod socket;
mod standing;
mod stream;

pub use self::follow::Follow;
pub(super) use self::places::Places;
pub(super) use self::socket::open_socket;
pub use self::standing::{Stand, Standing};
pub(super) use self::stream::open_stream;
