//! Whose request it is, by network: the other end of the connection, or, as far as proxies in front are trusted, whom they name.
//!
//! Proxies add whom they heard to the end of a header; everything before is what they were told, and anybody can tell anything. So the
//! header is read from its end, and only as far as those who wrote are trusted. Without the setting no header is read.

use std::net::{IpAddr, Ipv6Addr};

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, header::FORWARDED};
use axum::middleware::Next;
use axum::response::Response;
use ipnet::IpNet;

use super::Peer;

/// The address that a request came from, in the request's extensions beside [`Peer`]. None of the addresses that it names is
/// written down anywhere.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct ClientAddress(IpAddr);

impl ClientAddress {
    /// The client at an address; IPv4 that is written as IPv6 is IPv4.
    #[must_use]
    pub fn new(address: IpAddr) -> Self {
        Self(address.to_canonical())
    }

    /// The address.
    #[must_use]
    pub fn address(self) -> IpAddr {
        self.0
    }

    /// Whom limits count as one: an IPv4 address, or the 64 first bits of an IPv6 address, which whoever has one can vary
    /// the rest of as they like.
    #[must_use]
    pub fn network(self) -> IpAddr {
        match self.0 {
            IpAddr::V4(_) => self.0,
            IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << 64)).into(),
        }
    }
}

impl std::fmt::Debug for ClientAddress {
    /// Says nothing: logs hold no addresses.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("ClientAddress(redacted)")
    }
}

/// Which proxies stand in front, and what they write.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrustedProxies {
    /// Who is trusted.
    pub trusted: Trusted,
    /// Where they name whom they heard.
    pub header: ForwardedHeader,
}

/// Who is trusted to name somebody else.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Trusted {
    /// Nobody: the other end of the connection is the client.
    #[default]
    Nobody,
    /// This many proxies, one behind the other; nobody reaches the service but through them.
    Hops(usize),
    /// Proxies in these networks.
    Networks(Vec<IpNet>),
}

/// The header that proxies write, which is the only one that is read: of another, a client could have written all of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ForwardedHeader {
    /// `X-Forwarded-For`: addresses with commas between them.
    #[default]
    XForwardedFor,
    /// `Forwarded` (RFC 7239), of which `for` is read.
    Forwarded,
}

impl TrustedProxies {
    /// The client of a request that came over a connection from `peer`.
    #[must_use]
    pub fn client(&self, peer: IpAddr, headers: &HeaderMap) -> ClientAddress {
        let mut client = peer.to_canonical();
        let mut named = self.named_from_the_end(headers);
        for hop in 0.. {
            let is_proxy = match &self.trusted {
                Trusted::Nobody => false,
                Trusted::Hops(hops) => hop < *hops,
                Trusted::Networks(networks) => networks.iter().any(|network| network.contains(&client)),
            };
            // A proxy that names nobody, or not by address, is as far as anybody can tell.
            let Some(before) = is_proxy.then(|| named.next().flatten()).flatten() else { break };
            client = before;
        }
        ClientAddress(client)
    }

    /// Whom the header names, the last first; `None` for what is no address.
    fn named_from_the_end<'h>(&self, headers: &'h HeaderMap) -> impl Iterator<Item = Option<IpAddr>> + 'h {
        let (name, read): (HeaderName, fn(&str) -> Option<IpAddr>) = match self.header {
            ForwardedHeader::XForwardedFor => (HeaderName::from_static("x-forwarded-for"), address),
            ForwardedHeader::Forwarded => (FORWARDED, forwarded_for),
        };
        let lines: Vec<_> = headers.get_all(name).iter().collect();
        lines.into_iter().rev().flat_map(move |line| {
            // Split without regard to quotes: what a proxy wrote at the end has none around commas, and an open quote that a client
            // sent must not swallow it.
            let elements: Vec<_> =
                line.to_str().map_or_else(|_| vec![None], |text| text.rsplit(',').map(Some).collect());
            elements.into_iter().map(move |element| element.and_then(read))
        })
    }
}

/// An address, perhaps with a port, as proxies write it: `192.0.2.1`, `192.0.2.1:80`, `2001:db8::1`, `[2001:db8::1]:80`.
fn address(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let bare = text.strip_prefix('[').and_then(|rest| rest.split_once(']')).map_or(text, |(inside, _)| inside);
    let with_port = || text.parse::<std::net::SocketAddr>().ok().map(|socket| socket.ip());
    bare.parse::<IpAddr>().ok().or_else(with_port).map(|address| address.to_canonical())
}

/// Whom one element of `Forwarded` is for.
fn forwarded_for(element: &str) -> Option<IpAddr> {
    let mut found = element.split(';').filter_map(|pair| {
        let (name, value) = pair.split_once('=')?;
        name.trim().eq_ignore_ascii_case("for").then_some(value.trim())
    });
    let value = found.next()?;
    if found.next().is_some() {
        return None;
    }
    let unquoted = value.strip_prefix('"').map_or(Some(value), |rest| rest.strip_suffix('"'))?;
    address(unquoted)
}

/// The middleware that finds out whose request it is.
pub(super) async fn identify(
    State(proxies): State<std::sync::Arc<TrustedProxies>>,
    mut request: Request,
    next: Next,
) -> Response {
    if let Some(Peer(peer)) = request.extensions().get::<Peer>() {
        let client = proxies.client(peer.ip(), request.headers());
        request.extensions_mut().insert(client);
    }
    next.run(request).await
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn client(trusted: Trusted, header: ForwardedHeader, peer: &str, lines: &[(&'static str, &str)]) -> String {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(*name, HeaderValue::from_str(value).unwrap());
        }
        TrustedProxies { trusted, header }.client(peer.parse().unwrap(), &headers).address().to_string()
    }

    fn networks(text: &[&str]) -> Trusted {
        Trusted::Networks(text.iter().map(|network| network.parse().unwrap()).collect())
    }

    const XFF: &str = "x-forwarded-for";

    #[test]
    fn without_trust_no_header_counts() {
        for lines in [&[(XFF, "192.0.2.1")][..], &[("forwarded", "for=192.0.2.1")], &[("x-real-ip", "192.0.2.1")], &[]]
        {
            for header in [ForwardedHeader::XForwardedFor, ForwardedHeader::Forwarded] {
                assert_eq!(client(Trusted::Nobody, header, "203.0.113.9", lines), "203.0.113.9");
                assert_eq!(client(networks(&["10.0.0.0/8"]), header, "203.0.113.9", lines), "203.0.113.9");
            }
        }
    }

    #[test]
    fn counted_proxies_are_read_from_the_end_and_no_further() {
        let x = ForwardedHeader::XForwardedFor;
        let table: [(usize, &[&str], &str); 9] = [
            (1, &["192.0.2.1"], "192.0.2.1"),
            (1, &["198.51.100.7, 192.0.2.1"], "192.0.2.1"),
            (2, &["203.0.113.66, 198.51.100.7, 192.0.2.1"], "198.51.100.7"),
            (2, &["203.0.113.66", "198.51.100.7", "192.0.2.1"], "198.51.100.7"),
            // It came in behind the first proxy.
            (2, &["192.0.2.1"], "192.0.2.1"),
            (1, &[], "10.0.0.1"),
            // What a proxy says that is no address ends it at the proxy.
            (1, &["192.0.2.1, unknown"], "10.0.0.1"),
            (2, &["192.0.2.1, , 198.51.100.7"], "198.51.100.7"),
            (1, &["192.0.2.1, [2001:db8::1]:443"], "2001:db8::1"),
        ];
        for (hops, lines, expected) in table {
            let lines: Vec<_> = lines.iter().map(|line| (XFF, *line)).collect();
            assert_eq!(client(Trusted::Hops(hops), x, "10.0.0.1", &lines), expected, "{hops} {lines:?}");
        }
    }

    #[test]
    fn proxies_by_network_are_read_up_to_the_first_stranger() {
        let trusted = || networks(&["10.0.0.0/8", "fd00::/8"]);
        let table: [(&str, &str, &str); 6] = [
            ("10.0.0.1", "203.0.113.66, 192.0.2.1", "192.0.2.1"),
            ("10.0.0.1", "203.0.113.66, 192.0.2.1, fd00::2, 10.0.0.3:1234", "192.0.2.1"),
            ("::ffff:10.0.0.1", "::ffff:192.0.2.1", "192.0.2.1"),
            // Whoever does not come through a proxy names nobody.
            ("192.0.2.5", "203.0.113.66", "192.0.2.5"),
            // A client in a proxy's network is the last that is known.
            ("10.0.0.1", "10.0.0.9", "10.0.0.9"),
            ("10.0.0.1", "192.0.2.1\"", "10.0.0.1"),
        ];
        for (peer, line, expected) in table {
            assert_eq!(
                client(trusted(), ForwardedHeader::XForwardedFor, peer, &[(XFF, line)]),
                expected,
                "{peer} {line}"
            );
        }
    }

    #[test]
    fn the_standard_header_is_read_alone_where_it_is_chosen_and_its_quotes_swallow_nothing() {
        let table = [
            ("for=192.0.2.1", "192.0.2.1"),
            ("For=\"[2001:db8::1]:4711\";proto=https;by=10.0.0.1", "2001:db8::1"),
            ("for=203.0.113.66, for=192.0.2.1;host=desk.example", "192.0.2.1"),
            ("for=\"203.0.113.66, for=192.0.2.1", "192.0.2.1"),
            ("for=192.0.2.1;for=203.0.113.66", "10.0.0.1"),
            ("for=_hidden", "10.0.0.1"),
            ("for=unknown", "10.0.0.1"),
            ("by=192.0.2.1", "10.0.0.1"),
            ("for=\"192.0.2.1", "10.0.0.1"),
        ];
        for (line, expected) in table {
            let lines = [("forwarded", line), (XFF, "203.0.113.99")];
            assert_eq!(client(Trusted::Hops(1), ForwardedHeader::Forwarded, "10.0.0.1", &lines), expected, "{line}");
        }
        let other = [("forwarded", "for=203.0.113.99"), (XFF, "192.0.2.1")];
        assert_eq!(client(Trusted::Hops(1), ForwardedHeader::XForwardedFor, "10.0.0.1", &other), "192.0.2.1");
    }

    #[test]
    fn a_network_is_an_address_or_64_bits_of_one_and_shows_nowhere() {
        let network = |text: &str| ClientAddress::new(text.parse().unwrap()).network().to_string();
        assert_eq!(network("192.0.2.1"), "192.0.2.1");
        assert_eq!(network("::ffff:192.0.2.1"), "192.0.2.1");
        assert_eq!(network("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::");
        let shown = format!("{:?}", ClientAddress::new("192.0.2.1".parse().unwrap()));
        assert!(!shown.contains("192"), "{shown}");
    }
}
