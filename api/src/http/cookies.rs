//! The two cookies: a session's, and a browser's, by which a person who signed in from it before is known.
//!
//! Both have the prefix `__Host-` (RFC 6265bis, section 4.1.3.2): no other host, no path and no plain HTTP can set or read them. On
//! loopback in development there is no TLS, so there the names are plain.

use axum::http::{HeaderMap, header::COOKIE};

use super::SecurityOptions;
use crate::{
    identity::{Secret, sessions::DEVICE_LASTS},
    settings::Mode,
};

/// How cookies are called and set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cookies {
    is_secure: bool,
}

/// Which cookie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CookieKind {
    /// Of a session.
    Session,
    /// Of a browser.
    Device,
}

impl Cookies {
    /// As the service is reached.
    #[must_use]
    pub fn new(options: &SecurityOptions) -> Self {
        Self { is_secure: options.mode == Mode::Production || options.origin.starts_with("https://") }
    }

    /// A cookie's name.
    #[must_use]
    pub fn name(self, kind: CookieKind) -> &'static str {
        match (kind, self.is_secure) {
            (CookieKind::Session, true) => "__Host-casestream",
            (CookieKind::Session, false) => "casestream",
            (CookieKind::Device, true) => "__Host-casestream-device",
            (CookieKind::Device, false) => "casestream-device",
        }
    }

    /// What a request brought in a cookie. Of several by one name, which no browser of ours sends, none counts.
    #[must_use]
    pub fn read(self, headers: &HeaderMap, kind: CookieKind) -> Option<Secret> {
        let lines = headers.get_all(COOKIE).iter().filter_map(|line| line.to_str().ok());
        let pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
        let mut values = pairs.filter(|(name, _)| *name == self.name(kind)).map(|(_, value)| value);
        let value = values.next()?;
        values.next().is_none().then(|| Secret::new(value))
    }

    /// The line that sets one. A session's ends with the browser, and before that with the session.
    #[must_use]
    pub fn set(self, kind: CookieKind, value: &Secret) -> String {
        let lasts = match kind {
            CookieKind::Session => String::new(),
            CookieKind::Device => format!("; Max-Age={}", DEVICE_LASTS.as_secs()),
        };
        format!("{}={}{}{lasts}", self.name(kind), value.reveal(), self.attributes())
    }

    /// The line that removes one.
    #[must_use]
    pub fn clear(self, kind: CookieKind) -> String {
        format!("{}={}; Max-Age=0", self.name(kind), self.attributes())
    }

    fn attributes(self) -> &'static str {
        if self.is_secure { "; Path=/; Secure; HttpOnly; SameSite=Lax" } else { "; Path=/; HttpOnly; SameSite=Lax" }
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn cookies(mode: Mode, origin: &str) -> Cookies {
        let proxies = crate::http::TrustedProxies::default();
        Cookies::new(&SecurityOptions {
            mode,
            origin: origin.to_owned(),
            proxies,
            rates: crate::http::RequestRates::UNREACHED,
        })
    }

    #[test]
    fn cookies_are_for_this_host_alone_but_on_loopback_in_development() {
        let value = Secret::new("css_abc");
        for (mode, origin) in [
            (Mode::Production, "https://support.example.com"),
            (Mode::Production, "http://127.0.0.1"),
            (Mode::Development, "https://127.0.0.1"),
        ] {
            let set = cookies(mode, origin).set(CookieKind::Session, &value);
            assert_eq!(set, "__Host-casestream=css_abc; Path=/; Secure; HttpOnly; SameSite=Lax");
        }
        let plain = cookies(Mode::Development, "http://127.0.0.1:8080");
        assert_eq!(plain.set(CookieKind::Session, &value), "casestream=css_abc; Path=/; HttpOnly; SameSite=Lax");
        assert_eq!(plain.clear(CookieKind::Session), "casestream=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0");
        assert!(plain.set(CookieKind::Device, &value).ends_with("; Max-Age=34560000"));
    }

    #[test]
    fn a_cookie_is_read_by_its_whole_name_and_only_once() {
        let read = |lines: &[&str]| {
            let mut headers = HeaderMap::new();
            for line in lines {
                headers.append(COOKIE, HeaderValue::from_str(line).unwrap());
            }
            let secure = cookies(Mode::Production, "https://support.example.com");
            secure.read(&headers, CookieKind::Session).map(|value| value.reveal().to_owned())
        };
        assert_eq!(read(&["a=b; __Host-casestream=css_abc; c=d"]).as_deref(), Some("css_abc"));
        assert_eq!(read(&["a=b", "__Host-casestream=css_abc"]).as_deref(), Some("css_abc"));
        for lines in [
            &["casestream=css_abc"][..],
            &["x__Host-casestream=css_abc"],
            &["__Host-casestream=a; __Host-casestream=b"],
            &[],
        ] {
            assert_eq!(read(lines), None, "{lines:?}");
        }
    }
}
