//! Where the service is reached and how its mail leaves.

use std::{net::IpAddr, path::PathBuf, time::Duration};

use axum::http::Uri;

use crate::{identity::Secret, mail::Language};

/// The address under which people reach the service, which every link in a mail begins with: scheme, host and, where it is
/// not the scheme's own, port; without a final slash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BaseUrl(String);

impl BaseUrl {
    /// Reads an address. The refusal completes the sentence "it must be …".
    ///
    /// # Errors
    /// Words for what it must be.
    pub fn parse(text: &str) -> Result<Self, String> {
        let refusal = || "an address without a path, such as https://support.example.com".to_owned();
        let uri: Uri = text.parse().map_err(|_| refusal())?;
        let (Some(scheme @ ("http" | "https")), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
            return Err(refusal());
        };
        let is_bare = uri.path() == "/" && uri.query().is_none() && !text.contains(['#', '@']);
        let host = authority.host().to_ascii_lowercase();
        if !is_bare || host.is_empty() {
            return Err(refusal());
        }
        let usual = if scheme == "https" { 443 } else { 80 };
        Ok(Self(match authority.port_u16().filter(|port| *port != usual) {
            Some(port) => format!("{scheme}://{host}:{port}"),
            None => format!("{scheme}://{host}"),
        }))
    }

    /// The address: also what a browser calls the origin of its pages.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether what is sent there is encrypted on the way.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.0.starts_with("https://")
    }

    /// Host and, where it is not the scheme's own, port: what browsers send as `Host`.
    #[must_use]
    pub fn authority(&self) -> &str {
        self.0.split_once("://").map_or(self.0.as_str(), |(_, authority)| authority)
    }

    /// The host, when it has a name and not a number alone.
    #[must_use]
    pub fn domain(&self) -> Option<&str> {
        let authority = self.authority();
        if authority.starts_with('[') {
            return None;
        }
        let host = authority.split_once(':').map_or(authority, |(host, _)| host);
        Some(host).filter(|host| host.parse::<IpAddr>().is_err())
    }
}

/// How what is said to a mail server is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encryption {
    /// TLS from the first byte (RFC 8314): `smtps://`.
    Tls,
    /// TLS after the greeting, or nothing is sent (RFC 3207): `smtp+starttls://`.
    StartTls,
    /// Not at all, within one machine: `smtp://`.
    None,
}

/// A mail server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SmtpServer {
    /// How the connection is protected.
    pub encryption: Encryption,
    /// Its name or number.
    pub host: String,
    /// Its port.
    pub port: u16,
}

impl SmtpServer {
    /// Reads an address. The refusal completes the sentence "it must be …".
    ///
    /// # Errors
    /// Words for what it must be.
    pub fn parse(text: &str) -> Result<Self, String> {
        let refusal = || {
            "smtps://host, smtp+starttls://host or, on this machine, smtp://127.0.0.1, with a port where it is not the usual \
             one, and without a name and password"
                .to_owned()
        };
        let uri: Uri = text.parse().map_err(|_| refusal())?;
        let (encryption, usual) = match uri.scheme_str() {
            Some("smtps") => (Encryption::Tls, 465),
            Some("smtp+starttls") => (Encryption::StartTls, 587),
            Some("smtp") => (Encryption::None, 25),
            _ => return Err(refusal()),
        };
        let authority = uri.authority().filter(|authority| !authority.as_str().contains('@')).ok_or_else(refusal)?;
        let host = authority.host().trim_matches(['[', ']']).to_owned();
        if host.is_empty() || !matches!(uri.path(), "" | "/") || uri.query().is_some() {
            return Err(refusal());
        }
        let port = authority.port_u16().unwrap_or(usual);
        let is_here = host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
        if encryption == Encryption::None && !is_here {
            return Err(
                "smtps:// or smtp+starttls:// for another machine: mail is not sent there unencrypted".to_owned()
            );
        }
        Ok(Self { encryption, host, port })
    }
}

/// A text that shows nowhere.
/// How mail leaves.
#[derive(Clone, Debug)]
pub struct MailSettings {
    /// The server that takes it; without one it goes to a folder.
    pub server: Option<SmtpServer>,
    /// As whom the service signs in there, with which password.
    pub credentials: Option<(String, Secret)>,
    /// A file with the certificate of the authority that vouches for the server, beside those of the system.
    pub ca_file: Option<PathBuf>,
    /// How long the server may take for one mail.
    pub timeout: Duration,
    /// The language of mail to people who chose none.
    pub language: Language,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_base_url_is_written_in_one_way() {
        for (text, written, domain) in [
            ("https://support.example.com", "https://support.example.com", Some("support.example.com")),
            ("https://Support.Example.com:443/", "https://support.example.com", Some("support.example.com")),
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080", None),
            ("http://[::1]:8080", "http://[::1]:8080", None),
        ] {
            let url = BaseUrl::parse(text).unwrap();
            assert_eq!((url.as_str(), url.domain()), (written, domain));
        }
        for text in [
            "support.example.com",
            "ftp://x.example.com",
            "https://x.example.com/portal",
            "https://a@b.example.com",
            "https://x.example.com?a",
            "https://x.example.com#a",
            "https://",
        ] {
            assert!(BaseUrl::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn mail_leaves_the_machine_encrypted_or_not_at_all() {
        let parsed = |text| SmtpServer::parse(text).map(|it| (it.encryption, it.host, it.port));
        assert_eq!(parsed("smtps://mail.example.com"), Ok((Encryption::Tls, "mail.example.com".to_owned(), 465)));
        assert_eq!(
            parsed("smtp+starttls://mail.example.com"),
            Ok((Encryption::StartTls, "mail.example.com".to_owned(), 587))
        );
        assert_eq!(parsed("smtp://[::1]:2525"), Ok((Encryption::None, "::1".to_owned(), 2525)));
        for text in [
            "smtp://mail.example.com",
            "smtp://192.0.2.1",
            "smtps://me:secret@mail.example.com",
            "mail.example.com:25",
            "smtps://mail.example.com/x",
            "http://mail.example.com",
        ] {
            assert!(SmtpServer::parse(text).is_err(), "{text}");
        }
    }
}
