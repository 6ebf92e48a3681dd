//! Ports for services that are started as processes.

use std::{array, net::TcpListener};

/// Different ports on loopback that nobody listens on. All are taken before the first is given back, so none comes twice.
///
/// # Panics
/// When loopback has none.
#[must_use]
pub fn free_ports<const COUNT: usize>() -> [u16; COUNT] {
    let taken: [TcpListener; COUNT] = array::from_fn(|_| TcpListener::bind("127.0.0.1:0").expect("a free port"));
    taken.map(|listener| listener.local_addr().expect("it is bound").port())
}
