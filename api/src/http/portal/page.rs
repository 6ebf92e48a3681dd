//! The pages: the portal's, `GraphiQL`'s, and the one that says that neither was built.
//!
//! Scripts come from files of this origin and from nowhere else. The portal's components write style elements, so each answer names
//! a number, used once, that those carry (decision record 42).

use std::{collections::HashMap, path::Path};

use axum::{
    http::{
        HeaderValue, StatusCode,
        header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE},
    },
    response::{IntoResponse as _, Response},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::rand::{SecureRandom as _, SystemRandom};

use super::files::Dist;

/// What stands in a built page where the number belongs.
const PLACE: &str = "__CSP_NONCE__";

const HTML: HeaderValue = HeaderValue::from_static("text/html; charset=utf-8");

/// What every page may do.
const POLICY: &str = "default-src 'none'; script-src 'self'; connect-src 'self'; img-src 'self' data: blob:; font-src 'self'; \
     manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// The portal, for one of its paths: it names the files of that page, which a browser else learns of from scripts alone, one after the
/// other.
pub(super) fn portal(path: &str) -> Response {
    let number = number();
    let policy = format!("{POLICY}; style-src 'self' 'nonce-{number}'");
    built("index.html", &policy, &number, &named_files(path)).unwrap_or_else(not_built)
}

/// The files of a page, as lines of its head: as the build lists them by path.
fn named_files(path: &str) -> String {
    let Some(listed) = Dist::get(".pages.json") else { return String::new() };
    let mut pages: HashMap<String, Vec<String>> = serde_json::from_slice(&listed.data).unwrap_or_default();
    let files = pages.remove(path).unwrap_or_default();
    files.iter().map(|file| named_file(file)).collect()
}

fn named_file(file: &str) -> String {
    if Path::new(file).extension().is_some_and(|extension| extension == "css") {
        format!("<link rel=\"stylesheet\" crossorigin href=\"/{file}\">\n")
    } else {
        format!("<link rel=\"modulepreload\" fetchpriority=\"low\" crossorigin href=\"/{file}\">\n")
    }
}

/// `GraphiQL`, for development mode. Its editor writes styles without asking, brings its symbols along and works in the background.
pub fn graphiql() -> Response {
    let policy = POLICY.replace("font-src 'self'", "font-src 'self' data:");
    let policy = format!("{policy}; style-src 'self' 'unsafe-inline'; worker-src 'self' blob:");
    built("graphiql.html", &policy, "unused", "").unwrap_or_else(not_built)
}

/// A page that was built. Its number differs each time, so no browser keeps it.
fn built(name: &str, policy: &str, number: &str, more: &str) -> Option<Response> {
    let file = Dist::get(name)?;
    let html =
        String::from_utf8_lossy(&file.data).replace(PLACE, number).replacen("</head>", &format!("{more}</head>"), 1);
    let headers = [
        (CONTENT_TYPE, HTML),
        (CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (CONTENT_SECURITY_POLICY, HeaderValue::try_from(policy).expect("visible ASCII")),
    ];
    Some((headers, html).into_response())
}

/// 144 bits that nobody guesses.
fn number() -> String {
    let mut bytes = [0; 18];
    SystemRandom::new().fill(&mut bytes).expect("the system has randomness");
    URL_SAFE_NO_PAD.encode(bytes)
}

fn not_built() -> Response {
    let headers = [(CONTENT_TYPE, HTML), (CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY))];
    (StatusCode::SERVICE_UNAVAILABLE, headers, NOT_BUILT).into_response()
}

const NOT_BUILT: &str = "<!doctype html>
<html lang=\"en\">
<head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>The portal is not built</title></head>
<body>
<main>
<h1>The portal is not built</h1>
<p>This program was built without the pages of the portal. <code>make portal</code> in the source folder builds them; it needs Node.
Then start the program again. A release build must be built again as well.</p>
<p>The API is there: <code>POST /graphql</code>.</p>
</main>
</body>
</html>
";

#[cfg(test)]
mod tests {
    use super::{named_file, number, portal};
    use axum::http::header::CONTENT_SECURITY_POLICY;

    #[test]
    fn scripts_come_from_files_of_this_origin_alone() {
        let response = portal("/sign-in");
        let policy = response.headers()[CONTENT_SECURITY_POLICY].to_str().expect("ASCII");
        assert!(policy.contains("script-src 'self';") && !policy.contains("unsafe"), "{policy}");
    }

    #[test]
    fn files_of_a_page_are_named_as_what_they_are() {
        assert!(
            named_file("assets/a-1.js")
                .contains("\"modulepreload\" fetchpriority=\"low\" crossorigin href=\"/assets/a-1.js\"")
        );
        assert!(named_file("assets/a-1.css").contains("\"stylesheet\" crossorigin href=\"/assets/a-1.css\""));
    }

    #[test]
    fn no_number_is_used_twice() {
        assert_ne!(number(), number());
    }
}
