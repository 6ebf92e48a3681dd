//! The HTTP layer over a small real schema, on real sockets.

mod headers;
mod live;
mod logs;
mod operations;
mod protocol;
mod sockets;
mod support;
mod tls;
