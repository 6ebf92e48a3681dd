//! The page that a browser gets at `/graphql` in development mode: a query, its variables, a token, the result.
//!
//! One self-contained document: it loads nothing from anywhere, and its policy allows exactly its own script and
//! style, by their hashes.

use std::sync::LazyLock;

use axum::http::HeaderValue;
use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::digest::{SHA256, digest};

const SCRIPT: &str = include_str!("playground/page.js");
const STYLE: &str = include_str!("playground/page.css");

static PAGE: LazyLock<String> =
    LazyLock::new(|| include_str!("playground/page.html").replace("{style}", STYLE).replace("{script}", SCRIPT));

static POLICY: LazyLock<HeaderValue> = LazyLock::new(|| {
    let policy = format!(
        "default-src 'none'; script-src '{}'; style-src '{}'; connect-src 'self'; base-uri 'none'; \
         form-action 'none'; frame-ancestors 'none'",
        source_hash(SCRIPT),
        source_hash(STYLE),
    );
    HeaderValue::try_from(policy).expect("hashes in base64 are visible ASCII")
});

/// The page, with its content security policy.
pub fn page() -> Response {
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
        (CONTENT_SECURITY_POLICY, POLICY.clone()),
    ];
    (headers, PAGE.as_str()).into_response()
}

/// A CSP hash source (CSP Level 3 §2.3.1).
fn source_hash(text: &str) -> String {
    format!("sha256-{}", STANDARD.encode(digest(&SHA256, text.as_bytes())))
}

#[cfg(test)]
mod tests {
    use super::{PAGE, SCRIPT, STYLE};

    #[test]
    fn the_page_holds_exactly_what_its_policy_allows() {
        assert!(PAGE.contains(&format!("<script>{SCRIPT}</script>")));
        assert!(PAGE.contains(&format!("<style>{STYLE}</style>")));
        assert_eq!(PAGE.matches("<script").count(), 1);
        assert!(!PAGE.contains("http://") && !PAGE.contains("https://"), "it loads nothing from elsewhere");
    }
}
