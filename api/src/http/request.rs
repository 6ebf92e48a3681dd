//! Reads the parameters of a GraphQL request out of a POST body or a GET query string.

use std::error::Error as _;
use std::time::Duration;

use async_graphql::Variables;
use axum::body::Body;
use axum::extract::Query;
use axum::http::header::CONTENT_LENGTH;
use axum::http::{HeaderMap, Uri};
use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt as _;
use serde::Deserialize;
use serde_json::value::RawValue;
use tower_http::timeout::TimeoutError;

use super::guard::{self, Language};
use super::media::is_json;
use super::{Limits, RequestError};

/// The parameters of a GraphQL over HTTP request. `extensions` are checked and then ignored: none is supported.
#[derive(Debug, Clone)]
pub struct Parameters {
    /// The document.
    pub document: Document,
    /// Which of its operations to run.
    pub operation_name: Option<String>,
    /// Values of its variables.
    pub variables: Variables,
}

/// The document of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Document {
    /// Its text.
    Text(String),
    /// The id of one that is known.
    Id(String),
}

/// The parameters as they stand in JSON, unread, so that each can be refused by name.
#[derive(Deserialize)]
struct RawParameters<'a> {
    #[serde(borrow)]
    query: Option<&'a RawValue>,
    #[serde(borrow, rename = "documentId")]
    document_id: Option<&'a RawValue>,
    #[serde(borrow, rename = "operationName")]
    operation_name: Option<&'a RawValue>,
    #[serde(borrow)]
    variables: Option<&'a RawValue>,
    #[serde(borrow)]
    extensions: Option<&'a RawValue>,
}

/// The parameters of a GET; `variables` and `extensions` are JSON in a string.
#[derive(Deserialize)]
struct GetParameters {
    query: Option<String>,
    #[serde(rename = "documentId")]
    document_id: Option<String>,
    #[serde(rename = "operationName")]
    operation_name: Option<String>,
    variables: Option<String>,
    extensions: Option<String>,
}

/// Reads a POST.
///
/// # Errors
/// What of the request can't be read: media type, length, time, JSON, a parameter.
pub async fn read_post(headers: &HeaderMap, body: Body, limits: &Limits) -> Result<Parameters, RequestError> {
    if !is_json(headers) {
        discard(body);
        return Err(RequestError::UnsupportedMediaType);
    }
    let reading = read_body(headers, body, limits.body_bytes);
    let bytes = tokio::time::timeout(limits.body_time, reading).await.map_err(|_| RequestError::BodyTimeout)??;
    let text = std::str::from_utf8(&bytes).map_err(|_| malformed("the request body is not utf-8"))?;
    parse_json(text)
}

/// Reads a GET.
///
/// # Errors
/// As [`read_post`].
pub fn read_get(uri: &Uri, limits: &Limits) -> Result<Parameters, RequestError> {
    if uri.query().map_or(0, str::len) > limits.body_bytes {
        return Err(RequestError::BodyTooLarge { limit_bytes: limits.body_bytes });
    }
    let Query(sent) = Query::<GetParameters>::try_from_uri(uri)
        .map_err(|_| malformed("the query string is not readable, or repeats a parameter"))?;
    let json = |text: Option<String>| text.filter(|text| !text.is_empty());
    let extensions = json(sent.extensions);
    check_extensions(extensions.as_deref())?;
    Ok(Parameters {
        document: document(sent.query, sent.document_id)?,
        operation_name: sent.operation_name.filter(|name| !name.is_empty()),
        variables: parse_variables(json(sent.variables).as_deref())?,
    })
}

/// Memory set aside for a body by its declared length alone; more is taken as it comes.
const READ_AHEAD_BYTES: usize = 16 * 1024;

/// Collects a body of at most `limit_bytes`, refusing by its declared length before reading it, and while it comes.
async fn read_body(headers: &HeaderMap, mut body: Body, limit_bytes: usize) -> Result<Bytes, RequestError> {
    let declared = headers.get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    if declared.is_some_and(|length| length > limit_bytes) {
        discard(body);
        return Err(RequestError::BodyTooLarge { limit_bytes });
    }
    let mut collected = BytesMut::with_capacity(declared.unwrap_or(0).min(READ_AHEAD_BYTES));
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| body_error(&error))?;
        let Ok(data) = frame.into_data() else {
            continue;
        };
        if collected.len() + data.len() > limit_bytes {
            discard(body);
            return Err(RequestError::BodyTooLarge { limit_bytes });
        }
        collected.extend_from_slice(&data);
    }
    Ok(collected.freeze())
}

/// Reads a refused body to its end in the background, within bounds. Closing a connection with unread data resets
/// it, and the client, still sending, would never see why it was refused.
pub(crate) fn discard(mut body: Body) {
    const MOST_BYTES: usize = 32 * 1024 * 1024;
    const LONGEST: Duration = Duration::from_secs(5);
    tokio::spawn(tokio::time::timeout(LONGEST, async move {
        let mut read_bytes = 0_usize;
        while let Some(Ok(frame)) = body.frame().await {
            read_bytes += frame.data_ref().map_or(0, Bytes::len);
            if read_bytes > MOST_BYTES {
                break;
            }
        }
    }));
}

fn body_error(error: &axum::Error) -> RequestError {
    let mut cause = error.source();
    while let Some(inner) = cause {
        if inner.is::<TimeoutError>() {
            return RequestError::BodyTimeout;
        }
        cause = inner.source();
    }
    malformed("the request body broke off")
}

/// Reads the parameters out of a JSON text.
///
/// # Errors
/// What of it can't be read.
pub fn parse_json(text: &str) -> Result<Parameters, RequestError> {
    check_json_nesting(text)?;
    match text.trim_start().bytes().next() {
        Some(b'{') => {}
        Some(b'[') => {
            return Err(malformed("batches are not supported; send one request at a time"));
        }
        None => {
            return Err(malformed("the request body is empty; send a JSON object with \"query\""));
        }
        _ => {
            return Err(malformed("the request body must be a JSON object with \"query\""));
        }
    }
    let raw: RawParameters<'_> = serde_json::from_str(text).map_err(|error| RequestError::Malformed {
        message: format!("the request body is not valid JSON, or repeats a parameter: {error}").into(),
    })?;
    check_extensions(raw.extensions.map(RawValue::get))?;
    Ok(Parameters {
        document: document(parse_string(raw.query, "query")?, parse_string(raw.document_id, "documentId")?)?,
        operation_name: parse_string(raw.operation_name, "operationName")?,
        variables: parse_variables(raw.variables.map(RawValue::get))?,
    })
}

fn parse_string(raw: Option<&RawValue>, name: &'static str) -> Result<Option<String>, RequestError> {
    let Some(raw) = raw else { return Ok(None) };
    serde_json::from_str(raw.get()).map_err(|_| wrong_type(name, "a string"))
}

fn parse_variables(raw: Option<&str>) -> Result<Variables, RequestError> {
    let Some(raw) = raw else {
        return Ok(Variables::default());
    };
    check_json_nesting(raw)?;
    serde_json::from_str(raw).map_err(|_| wrong_type("variables", "an object"))
}

fn check_extensions(raw: Option<&str>) -> Result<(), RequestError> {
    let Some(raw) = raw else { return Ok(()) };
    check_json_nesting(raw)?;
    serde_json::from_str::<Option<serde_json::Map<String, serde_json::Value>>>(raw)
        .map(drop)
        .map_err(|_| wrong_type("extensions", "an object"))
}

fn check_json_nesting(text: &str) -> Result<(), RequestError> {
    guard::check_brackets(text, Language::Json).map_err(RequestError::JsonNesting)
}

fn document(query: Option<String>, id: Option<String>) -> Result<Document, RequestError> {
    match (query, id) {
        (Some(query), None) => Ok(Document::Text(query)),
        (None, Some(id)) => Ok(Document::Id(id)),
        (None, None) => Err(malformed("the parameter \"query\" is missing; send the GraphQL document in it")),
        (Some(_), Some(_)) => Err(malformed("send \"query\" or \"documentId\", not both")),
    }
}

fn wrong_type(name: &'static str, expected: &'static str) -> RequestError {
    RequestError::Malformed { message: format!("the parameter \"{name}\" must be {expected} or null").into() }
}

fn malformed(message: &'static str) -> RequestError {
    RequestError::Malformed { message: message.into() }
}

#[cfg(test)]
mod tests {
    use super::{Document, parse_json, read_get};
    use crate::http::{Limits, RequestError};

    #[test]
    fn reads_what_the_specification_allows() {
        let read = parse_json(r#"{"query": "{ a }", "operationName": null, "variables": {"a": 1}, "other": 1}"#);
        let read = read.expect("all parameters are well-typed");
        assert_eq!((read.document, read.operation_name), (Document::Text("{ a }".to_owned()), None));
        assert_eq!(read.variables.len(), 1);
    }

    #[test]
    fn refuses_wrong_types_by_name() {
        for (body, name) in [
            (r#"{"query": 1}"#, "query"),
            (r#"{"query": null}"#, "query"),
            (r#"{"documentId": 1}"#, "documentId"),
            (r#"{"query": "{a}", "documentId": "sha256:ab"}"#, "not both"),
            (r#"{"query": "", "operationName": {}}"#, "operationName"),
            (r#"{"query": "", "variables": []}"#, "variables"),
            (r#"{"query": "", "variables": "{}"}"#, "variables"),
            (r#"{"query": "", "extensions": 0}"#, "extensions"),
            (r#"[{"query": "{ a }"}]"#, "batches"),
            (r#"{"query": "a", "query": "b"}"#, "repeats"),
            ("", "empty"),
            ("\"{}\"", "object"),
        ] {
            let error = parse_json(body).expect_err("the body is not well-formed");
            assert!(error.to_string().contains(name), "{body}: {error}");
            assert_eq!(error.code(), "BAD_REQUEST", "{body}");
        }
    }

    #[test]
    fn refuses_json_that_nests_without_end() {
        let body = format!(r#"{{"query": "", "variables": {{"a": {}"#, "[".repeat(100_000));
        assert_eq!(parse_json(&body).expect_err("too deep").code(), "DEPTH_LIMIT_EXCEEDED");
    }

    #[test]
    fn a_get_has_its_variables_as_json_text() {
        let limits = Limits::default();
        let read = |uri: &'static str| read_get(&axum::http::Uri::from_static(uri), &limits);
        let parameters = read("/graphql?query=%7Ba%7D&variables=%7B%22a%22%3A1%7D").expect("well-formed");
        assert_eq!(parameters.variables.len(), 1);
        assert!(matches!(read("/graphql"), Err(RequestError::Malformed { .. })));
        assert!(matches!(read("/graphql?query=a&query=b"), Err(RequestError::Malformed { .. })));
        assert!(matches!(read("/graphql?query=a&variables=1"), Err(RequestError::Malformed { .. })));
        let limits = Limits { body_bytes: 10, ..Limits::default() };
        let refused = read_get(&axum::http::Uri::from_static("/graphql?query=0123456789"), &limits);
        assert!(matches!(refused, Err(RequestError::BodyTooLarge { limit_bytes: 10 })));
    }
}
