//! The files beside the pages. Those in `assets/` have a hash of what is in them in their names: a browser may keep them for ever.

use axum::{
    extract::Path,
    http::{
        HeaderMap, HeaderValue, StatusCode,
        header::{ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY},
    },
    response::{IntoResponse as _, Response},
};
use rust_embed::{Embed, EmbeddedFile};

use crate::http::RequestError;

/// What `npm run build` made.
#[derive(Embed)]
#[folder = "portal/dist"]
#[allow_missing = true]
pub(super) struct Dist;

/// How a compressed file ends, by the coding's name; the smaller first.
const CODINGS: [(&str, &str); 2] = [("br", ".br"), ("gzip", ".gz")];

const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const ASK_AGAIN: HeaderValue = HeaderValue::from_static("no-cache");

/// Files at the root, as the icon is: their routes and names. Pages are served by their own paths.
pub(super) fn beside_the_pages() -> Vec<(String, String)> {
    let names = Dist::iter().filter(|name| {
        let is_compressed = CODINGS.iter().any(|(_, ending)| name.ends_with(ending));
        !name.contains('/') && !name.starts_with('.') && !name.ends_with(".html") && !is_compressed
    });
    names.map(|name| (format!("/{name}"), name.into_owned())).collect()
}

/// A file of `assets/`.
pub(super) async fn asset(Path(file): Path<String>, headers: HeaderMap) -> Response {
    serve(&format!("assets/{file}"), &headers)
}

/// A file, in the smallest form that the browser takes.
pub(super) fn serve(name: &str, headers: &HeaderMap) -> Response {
    let Some((file, coding)) = smallest(name, headers) else { return RequestError::NotFound.into_response() };
    let is_hashed = name.starts_with("assets/");
    // Forms of a file are different bytes, so each has its own tag.
    let tag = format!("\"{}\"", hex::encode(&file.metadata.sha256_hash()[..16]));
    let caching = [
        (CACHE_CONTROL, if is_hashed { FOR_EVER } else { ASK_AGAIN }),
        (VARY, HeaderValue::from_static("accept-encoding")),
        (ETAG, HeaderValue::try_from(&tag).expect("hexadecimal digits between quotes")),
    ];
    if headers.get(IF_NONE_MATCH).is_some_and(|known| known.to_str().is_ok_and(|known| known.contains(&tag))) {
        return (StatusCode::NOT_MODIFIED, caching).into_response();
    }
    let mut response = (caching, [(CONTENT_TYPE, media_type(name))], file.data.into_owned()).into_response();
    if let Some(coding) = coding {
        response.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static(coding));
    }
    response
}

/// The smallest form of a file that is there and that the browser takes.
fn smallest(name: &str, headers: &HeaderMap) -> Option<(EmbeddedFile, Option<&'static str>)> {
    if name.split('/').any(|part| part == "..") {
        return None;
    }
    let plain = Dist::get(name)?;
    let forms = CODINGS.iter().filter(|(coding, _)| takes(headers, coding));
    let compressed =
        forms.into_iter().find_map(|(coding, ending)| Some((Dist::get(&format!("{name}{ending}"))?, Some(*coding))));
    Some(compressed.unwrap_or((plain, None)))
}

/// Whether the browser takes a coding (RFC 9110, section 12.5.3), other than by `*`.
fn takes(headers: &HeaderMap, coding: &str) -> bool {
    let lines = headers.get_all(ACCEPT_ENCODING).iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(',')).any(|part| {
        let (name, weight) = part.split_once(';').unwrap_or((part, ""));
        let refused = weight.trim().strip_prefix("q=").is_some_and(|q| q.parse::<f32>().is_ok_and(|q| q <= 0.0));
        name.trim().eq_ignore_ascii_case(coding) && !refused
    })
}

fn media_type(name: &str) -> HeaderValue {
    let guessed = mime_guess::from_path(name).first_or_octet_stream();
    let is_text = guessed.type_() == mime_guess::mime::TEXT;
    let text = if is_text { format!("{guessed}; charset=utf-8") } else { guessed.to_string() };
    HeaderValue::try_from(text).expect("a media type is visible ASCII")
}

#[cfg(test)]
mod tests {
    use super::{media_type, serve, takes};
    use axum::http::{HeaderMap, HeaderValue, StatusCode, header::ACCEPT_ENCODING};

    fn accepting(codings: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(ACCEPT_ENCODING, HeaderValue::from_static(codings))])
    }

    #[test]
    fn a_coding_is_taken_as_the_browser_says() {
        assert!(takes(&accepting("gzip, deflate, br"), "br"));
        assert!(takes(&accepting("BR;q=0.5"), "br"));
        assert!(!takes(&accepting("br;q=0, gzip"), "br"));
        assert!(!takes(&accepting("brotli"), "br"));
        assert!(!takes(&HeaderMap::new(), "gzip"));
    }

    #[test]
    fn what_is_not_there_is_not_found() {
        for name in ["assets/none.js", "assets/../index.html", "assets/../../package.json"] {
            assert_eq!(serve(name, &HeaderMap::new()).status(), StatusCode::NOT_FOUND, "{name}");
        }
    }

    #[test]
    fn scripts_are_scripts() {
        assert_eq!(media_type("assets/a-1.js"), "text/javascript; charset=utf-8");
        assert_eq!(media_type("assets/a-1.woff2"), "font/woff2");
    }
}
