//! Headers that every answer carries, and the refusal of cookie requests from other sites.

use axum::extract::{Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, COOKIE, ORIGIN, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY,
    X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use super::{RequestError, RequestRates, TrustedProxies};
use crate::settings::Mode;

/// Where the service is reached, and how strict it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecurityOptions {
    /// Development or production.
    pub mode: Mode,
    /// Scheme, host and port of the configured base URL as a browser writes them in `Origin`:
    /// `https://support.example.com`, without a path or a final slash.
    pub origin: String,
    /// The proxies in front.
    pub proxies: TrustedProxies,
    /// How many requests may come.
    pub rates: RequestRates,
}

impl SecurityOptions {
    /// Browsers are told to insist on HTTPS only where it certainly works.
    fn strict_transport(&self) -> bool {
        self.mode == Mode::Production && self.origin.starts_with("https://")
    }
}

/// Headers that no handler changes.
const ALWAYS: [(HeaderName, &str); 7] = [
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (X_FRAME_OPTIONS, "DENY"),
    (REFERRER_POLICY, "no-referrer"),
    (HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-embedder-policy"), "require-corp"),
];

/// What may stand in an answer that is no page, were it ever shown as one: nothing. The last three do not follow from the first.
const POLICY: &str = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Headers that a handler may set otherwise: a page has a policy of its own, a file can be cached.
const UNLESS_SET: [(HeaderName, &str); 2] = [(CONTENT_SECURITY_POLICY, POLICY), (CACHE_CONTROL, "no-store")];

/// Two years, as the preload lists ask.
const STRICT_TRANSPORT: &str = "max-age=63072000; includeSubDomains";

/// The middleware that adds the headers, to errors too.
pub(super) async fn add_headers(State(options): State<SecurityOptions>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in ALWAYS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    for (name, value) in UNLESS_SET {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    if options.strict_transport() {
        headers.insert(STRICT_TRANSPORT_SECURITY, HeaderValue::from_static(STRICT_TRANSPORT));
    }
    response
}

/// The middleware that refuses requests with cookies from other sites (cross-site request forgery).
///
/// A browser says where a request comes from in `Sec-Fetch-Site`, an old one in `Origin`. Requests without cookies
/// carry their own credentials and may come from anywhere.
pub(super) async fn require_same_origin(
    State(options): State<SecurityOptions>,
    request: Request,
    next: Next,
) -> Response {
    if request.headers().contains_key(COOKIE) && !is_same_origin(request.method(), request.headers(), &options.origin) {
        return RequestError::CrossOrigin.into_response();
    }
    next.run(request).await
}

/// Whether a request comes from a page of ours, as far as its browser says.
pub(crate) fn is_same_origin(method: &Method, headers: &HeaderMap, origin: &str) -> bool {
    let reads = matches!(*method, Method::GET | Method::HEAD);
    if let Some(site) = headers.get("sec-fetch-site") {
        // A person may follow a link, or type an address ("none"): that reads a page and changes nothing.
        let navigates = headers.get("sec-fetch-mode").is_some_and(|mode| mode == "navigate");
        return site == "same-origin" || (reads && (site == "none" || navigates));
    }
    match headers.get(ORIGIN) {
        Some(sent) => sent == origin,
        // A browser sends no Origin when a page reads from its own site.
        None => reads,
    }
}

#[cfg(test)]
mod tests {
    use super::is_same_origin;
    use axum::http::{HeaderMap, HeaderName, HeaderValue, Method};

    #[test]
    fn cookies_count_only_from_the_same_origin() {
        let allowed = [
            (Method::POST, "sec-fetch-site: same-origin"),
            (Method::POST, "origin: https://desk.example"),
            (Method::GET, "sec-fetch-site: none"),
            (Method::GET, "sec-fetch-site: cross-site, sec-fetch-mode: navigate"),
            (Method::GET, ""),
        ];
        let refused = [
            (Method::POST, "sec-fetch-site: cross-site"),
            (Method::POST, "sec-fetch-site: same-site, origin: https://desk.example"),
            (Method::POST, "sec-fetch-site: none"),
            (Method::POST, "sec-fetch-site: cross-site, sec-fetch-mode: navigate"),
            (Method::POST, "origin: https://desk.example.evil.example"),
            (Method::POST, "origin: null"),
            (Method::POST, ""),
            (Method::GET, "sec-fetch-site: cross-site, sec-fetch-mode: cors"),
        ];
        for (cases, expected) in [(&allowed[..], true), (&refused[..], false)] {
            for (method, lines) in cases {
                let actual = is_same_origin(method, &headers(lines), "https://desk.example");
                assert_eq!(actual, expected, "{method} {lines}");
            }
        }
    }

    fn headers(lines: &'static str) -> HeaderMap {
        lines
            .split(", ")
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
            .collect()
    }
}
