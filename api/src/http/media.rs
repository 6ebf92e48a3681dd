//! Media types of GraphQL over HTTP: what a request may be written in, and what its answer is written in.

use axum::http::header::{ACCEPT, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue};

/// What an answer is written in; both are JSON in UTF-8.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Media {
    /// `application/graphql-response+json`: the status code tells what became of the request.
    GraphqlResponse,
    /// `application/json`: a well-formed request is answered 200, whatever became of it.
    Json,
}

impl Media {
    /// The value of `Content-Type`.
    pub const fn content_type(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Self::GraphqlResponse => "application/graphql-response+json; charset=utf-8",
            Self::Json => "application/json; charset=utf-8",
        })
    }

    const fn subtype(self) -> &'static str {
        match self {
            Self::GraphqlResponse => "graphql-response+json",
            Self::Json => "json",
        }
    }
}

/// Picks the answer's media type by the `Accept` header (RFC 9110 §12.5.1), `None` when neither is acceptable.
///
/// The higher quality wins, then the more exactly named, then `application/graphql-response+json` when both are
/// named and `application/json` when neither is. Without the header it is `application/json`.
pub fn negotiate(headers: &HeaderMap) -> Option<Media> {
    let ranges: Vec<Range> = ranges(headers).collect();
    if ranges.is_empty() {
        return Some(Media::Json);
    }
    let (graphql, json) = (preference(&ranges, Media::GraphqlResponse), preference(&ranges, Media::Json));
    match (graphql, json) {
        (None, None) => None,
        (Some(_), None) => Some(Media::GraphqlResponse),
        (Some(graphql), Some(json)) if graphql > json => Some(Media::GraphqlResponse),
        (Some(graphql), Some(json)) if graphql == json && graphql.specificity == Specificity::Exact => {
            Some(Media::GraphqlResponse)
        }
        _ => Some(Media::Json),
    }
}

/// Whether the client names `text/html` and so is a browser that shows a page.
pub fn asks_for_html(headers: &HeaderMap) -> bool {
    ranges(headers).any(|range| range.kind == "text" && range.subtype == "html" && range.quality_thousandths > 0)
}

/// Whether the client takes a stream of events.
pub fn asks_for_events(headers: &HeaderMap) -> bool {
    let takes = |range: &Range<'_>| matches!((range.kind, range.subtype), ("text", "event-stream" | "*") | ("*", "*"));
    !headers.contains_key(ACCEPT) || ranges(headers).any(|range| takes(&range) && range.quality_thousandths > 0)
}

/// Whether the body is declared to be JSON in UTF-8: `application/json`, with no charset or `charset=utf-8`.
pub fn is_json(headers: &HeaderMap) -> bool {
    let mut declared = headers.get_all(CONTENT_TYPE).iter();
    let (Some(value), None) = (declared.next(), declared.next()) else {
        return false;
    };
    let Ok(value) = value.to_str() else {
        return false;
    };
    let mut parts = value.split(';').map(str::trim);
    parts.next().is_some_and(|essence| essence.eq_ignore_ascii_case("application/json"))
        && parts.all(|parameter| match parameter.split_once('=') {
            Some((name, charset)) if name.eq_ignore_ascii_case("charset") => {
                charset.trim_matches('"').eq_ignore_ascii_case("utf-8")
            }
            _ => true,
        })
}

struct Range<'a> {
    kind: &'a str,
    subtype: &'a str,
    quality_thousandths: u16,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Specificity {
    Anything,
    AnySubtype,
    Exact,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Preference {
    quality_thousandths: u16,
    specificity: Specificity,
}

/// How much a client wants a media type: the quality of the most exact range that matches it. `None`: not at all.
fn preference(ranges: &[Range<'_>], media: Media) -> Option<Preference> {
    ranges
        .iter()
        .filter_map(|range| {
            let specificity = match (range.kind, range.subtype) {
                ("*", "*") => Specificity::Anything,
                ("application", "*") => Specificity::AnySubtype,
                ("application", subtype) if subtype == media.subtype() => Specificity::Exact,
                _ => return None,
            };
            Some(Preference { quality_thousandths: range.quality_thousandths, specificity })
        })
        .max_by_key(|preference| (preference.specificity, preference.quality_thousandths))
        .filter(|preference| preference.quality_thousandths > 0)
}

fn ranges(headers: &HeaderMap) -> impl Iterator<Item = Range<'_>> {
    headers
        .get_all(ACCEPT)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(parse_range)
}

/// Reads one media range. Types are compared in lower case, as everybody sends them.
fn parse_range(text: &str) -> Option<Range<'_>> {
    let mut parts = text.split(';').map(str::trim);
    let (kind, subtype) = parts.next()?.split_once('/')?;
    let quality = parts.find_map(|parameter| parameter.strip_prefix("q=").or_else(|| parameter.strip_prefix("Q=")));
    let quality_thousandths = quality.map_or(Some(1000), parse_quality)?;
    Some(Range { kind, subtype, quality_thousandths })
}

/// Reads a quality of 0 to 1 with at most three digits, in thousandths.
fn parse_quality(text: &str) -> Option<u16> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    if fraction.len() > 3 || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let fraction: u16 = format!("{fraction:0<3}").parse().ok()?;
    match whole {
        "0" => Some(fraction),
        "1" if fraction == 0 => Some(1000),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Media, is_json, negotiate};
    use axum::http::header::{ACCEPT, CONTENT_TYPE};
    use axum::http::{HeaderMap, HeaderValue};

    #[test]
    fn picks_what_the_client_wants_most() {
        for (accept, expected) in [
            ("application/graphql-response+json", Some(Media::GraphqlResponse)),
            ("application/json", Some(Media::Json)),
            ("*/*", Some(Media::Json)),
            ("application/*", Some(Media::Json)),
            ("application/graphql-response+json, application/json;q=0.9", Some(Media::GraphqlResponse)),
            ("application/graphql-response+json;q=0.5, application/json;q=0.9", Some(Media::Json)),
            ("application/json, application/graphql-response+json", Some(Media::GraphqlResponse)),
            ("application/graphql-response+json, */*", Some(Media::GraphqlResponse)),
            ("application/json;q=0, */*", Some(Media::GraphqlResponse)),
            ("*/*;q=0.1, application/json; charset=utf-8; q=0.2", Some(Media::Json)),
            ("text/html, application/xhtml+xml, */*;q=0.8", Some(Media::Json)),
            ("text/html", None),
            ("application/json;q=0", None),
            ("application/json;q=7, text/html", None),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT, HeaderValue::from_static(accept));
            assert_eq!(negotiate(&headers), expected, "{accept}");
        }
        assert_eq!(negotiate(&HeaderMap::new()), Some(Media::Json));
    }

    #[test]
    fn several_accept_headers_are_one_list() {
        let mut headers = HeaderMap::new();
        headers.append(ACCEPT, HeaderValue::from_static("text/html"));
        headers.append(ACCEPT, HeaderValue::from_static("application/graphql-response+json"));
        assert_eq!(negotiate(&headers), Some(Media::GraphqlResponse));
    }

    #[test]
    fn only_json_in_utf_8_is_read() {
        for (content_type, expected) in [
            ("application/json", true),
            ("Application/JSON; charset=UTF-8", true),
            ("application/json;charset=\"utf-8\"", true),
            ("application/json; charset=utf-16", false),
            ("text/plain", false),
            ("application/graphql", false),
            ("application/x-www-form-urlencoded", false),
            ("application/json, text/plain", false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
            assert_eq!(is_json(&headers), expected, "{content_type}");
        }
        assert!(!is_json(&HeaderMap::new()));
    }
}
