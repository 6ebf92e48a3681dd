//! Takes the addresses to listen on.

use std::{
    io,
    net::{SocketAddr, TcpListener},
};

use thiserror::Error;

use crate::settings::Setting;

/// An address cannot be listened on.
#[derive(Debug, Error)]
pub enum ListenError {
    /// Another program listens there.
    #[error("{address} is in use by another program: stop it, or set {setting} to another address or port")]
    InUse {
        /// The address that was asked for.
        address: SocketAddr,
        /// The setting that names it.
        setting: &'static str,
    },
    /// The operating system refuses for another reason: the address is not this machine's, the port is privileged.
    #[error("cannot listen on {address}, as {setting} says")]
    Refused {
        /// The address that was asked for.
        address: SocketAddr,
        /// The setting that names it.
        setting: &'static str,
        /// What the operating system says.
        #[source]
        source: io::Error,
    },
}

/// Listens on `address`, which the operator chose by `setting`; port 0 lets the operating system choose one.
///
/// # Errors
/// [`ListenError::InUse`] when another program listens there, [`ListenError::Refused`] for every other reason.
pub fn listen(setting: &Setting<SocketAddr>, address: SocketAddr) -> Result<tokio::net::TcpListener, ListenError> {
    let name = setting.about.name;
    bind(address).map_err(|source| match source.kind() {
        io::ErrorKind::AddrInUse => ListenError::InUse { address, setting: name },
        _ => ListenError::Refused { address, setting: name, source },
    })
}

fn bind(address: SocketAddr) -> io::Result<tokio::net::TcpListener> {
    let listener = TcpListener::bind(address)?;
    listener.set_nonblocking(true)?;
    tokio::net::TcpListener::from_std(listener)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::LISTEN;

    #[tokio::test]
    async fn a_port_in_use_is_named_with_the_setting_that_moves_it() {
        let taken = listen(&LISTEN, "127.0.0.1:0".parse().unwrap()).unwrap();
        let address = taken.local_addr().unwrap();
        let refusal = listen(&LISTEN, address).unwrap_err().to_string();
        assert!(refusal.contains(&address.to_string()), "{refusal}");
        assert!(refusal.contains("CASESTREAM_LISTEN"), "{refusal}");
    }

    #[tokio::test]
    async fn an_address_of_another_machine_is_refused() {
        // 192.0.2.0/24 is kept for documentation (RFC 5737): nobody has it.
        let refusal = listen(&LISTEN, "192.0.2.1:80".parse().unwrap()).unwrap_err();
        assert!(matches!(refusal, ListenError::Refused { .. }), "{refusal}");
    }
}
