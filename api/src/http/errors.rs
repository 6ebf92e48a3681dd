//! The one place where errors become codes, HTTP statuses, log levels and JSON.
//!
//! A client gets a code to act on and a message to read. What went wrong inside stays in the log, under an id that
//! the client gets too.

use std::borrow::Cow;
use std::time::Duration;

use async_graphql::{Response as GraphqlResponse, ServerError, Value};
use axum::http::header::{ALLOW, CONNECTION, CONTENT_RANGE, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::json;
use uuid::Uuid;

use super::guard::{Counted, Refusal};
use super::media::Media;

/// Why an HTTP request gets no result.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RequestError {
    /// The guard refused the document; the request itself was well-formed.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The JSON text around the document nests too deeply.
    #[error("request body: {0}")]
    JsonNesting(Refusal),
    /// A request names a document that is not known here.
    #[error("this documentId is not known here; send the document itself as \"query\"")]
    UnknownDocument,
    /// A subscription came where only queries and mutations are executed.
    #[error("subscriptions are not served here but at /graphql/ws and /graphql/stream")]
    Subscription,
    /// Neither media type of an answer is acceptable to the client.
    #[error("no acceptable media type; accept application/graphql-response+json or application/json")]
    NotAcceptable,
    /// The method is not served at this path, or not for this kind of operation.
    #[error("{message}")]
    MethodNotAllowed {
        /// Value of the `Allow` header.
        allow: &'static str,
        /// What is allowed.
        message: &'static str,
    },
    /// The body is not declared as JSON in UTF-8.
    #[error("send the request as content-type application/json in utf-8")]
    UnsupportedMediaType,
    /// The body, or the query string of a GET, is too long.
    #[error("request is over the limit of {limit_bytes} bytes")]
    BodyTooLarge {
        /// The limit.
        limit_bytes: usize,
    },
    /// The request line and the headers are too long.
    #[error("request line and headers are over the limit of {limit_bytes} bytes")]
    HeadTooLarge {
        /// The limit.
        limit_bytes: usize,
    },
    /// The body stopped coming.
    #[error("request body did not arrive in time")]
    BodyTimeout,
    /// The request is no JSON object, has a parameter of a wrong type, or lacks one.
    #[error("{message}")]
    Malformed {
        /// What is wrong, and what to do about it.
        message: Cow<'static, str>,
    },
    /// A request with cookies came from another site.
    #[error("requests with cookies must come from the same origin")]
    CrossOrigin,
    /// No caller could be made out of the request's credentials.
    #[error("not signed in, or the token is not valid; send \"Authorization: Bearer\" with a valid token")]
    Unauthenticated,
    /// A second factor is demanded of the caller, who has none yet.
    #[error("add an authenticator app first, which is demanded here: `totpEnroll`, then `totpConfirm`")]
    SecondFactorDemanded,
    /// The service can't answer now and may later.
    #[error("the service is busy; try again in {} s", .retry_after.as_secs())]
    Unavailable {
        /// Value of the `Retry-After` header, in whole seconds.
        retry_after: Duration,
    },
    /// The virus scanner, without which no file is taken, does not answer.
    #[error("files cannot be scanned for viruses now, and none is taken unscanned; send this one again in {} s", .retry_after.as_secs())]
    Unscanned {
        /// Value of the `Retry-After` header, in whole seconds.
        retry_after: Duration,
    },
    /// Somebody sends more than their share.
    #[error("too many requests by this {by}; try again in {} s", .retry_after.as_secs())]
    RateLimited {
        /// Whose share it is: `network`, `person` or `account`.
        by: &'static str,
        /// Value of the `Retry-After` header, in whole seconds.
        retry_after: Duration,
    },
    /// Somebody has as many connections open as they may.
    #[error("too many connections of this caller are open; close one first")]
    TooManyConnections,
    /// Execution took longer than [`super::Limits::execution`].
    #[error("execution took longer than {} s; ask for less", .limit.as_secs())]
    Timeout {
        /// The limit.
        limit: Duration,
    },
    /// The token of an upload is good for nothing, or not for this caller.
    #[error("there is no such upload: its token was used, has expired, or is somebody else's; stage the file again")]
    NoSuchUpload,
    /// A file is of a kind that is not taken, or not what its name says.
    #[error("{message}")]
    FileKind {
        /// What is wrong, and what is taken.
        message: String,
    },
    /// The virus scanner found something in a file.
    #[error("{message}")]
    FileInfected {
        /// That it was found, and what became of the file.
        message: String,
    },
    /// A stored file is not as it was stored.
    #[error("the stored file is damaged and cannot be served; operators find it in the log")]
    FileDamaged,
    /// The file has no byte of the range asked for.
    #[error("the file has {size_bytes} bytes, and none in the range asked for")]
    RangeNotSatisfiable {
        /// How many bytes it has.
        size_bytes: u64,
    },
    /// Nothing is served at this path.
    #[error("nothing is served at this path")]
    NotFound,
    /// Something of ours failed; the log has the details under the id.
    #[error("internal error {error_id}; the operator's log has the details")]
    Internal {
        /// Names the failure in the log.
        error_id: Uuid,
    },
}

impl RequestError {
    /// Logs a failure of ours, once, and keeps only its id.
    pub fn internal(details: &dyn std::fmt::Display) -> Self {
        let error_id = new_error_id();
        tracing::error!(%error_id, error = %details, "request failed");
        Self::Internal { error_id }
    }

    /// The stable code that a client acts on.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Refused(refusal) | Self::JsonNesting(refusal) => refusal_code(refusal),
            Self::UnknownDocument => "PERSISTED_DOCUMENT_NOT_FOUND",
            Self::Subscription => "SUBSCRIPTION_NOT_SUPPORTED",
            Self::NotAcceptable => "NOT_ACCEPTABLE",
            Self::MethodNotAllowed { .. } => "METHOD_NOT_ALLOWED",
            Self::UnsupportedMediaType => "UNSUPPORTED_MEDIA_TYPE",
            Self::BodyTooLarge { .. } => "BODY_TOO_LARGE",
            Self::HeadTooLarge { .. } => "HEADERS_TOO_LARGE",
            Self::BodyTimeout => "REQUEST_TIMEOUT",
            Self::Malformed { .. } => "BAD_REQUEST",
            Self::CrossOrigin => "CROSS_ORIGIN",
            Self::Unauthenticated => "UNAUTHENTICATED",
            Self::SecondFactorDemanded => "SECOND_FACTOR_DEMANDED",
            Self::Unavailable { .. } | Self::Unscanned { .. } => "UNAVAILABLE",
            Self::RateLimited { .. } => "RATE_LIMITED",
            Self::TooManyConnections => "CONNECTION_LIMIT_EXCEEDED",
            Self::Timeout { .. } => "TIMEOUT",
            Self::NoSuchUpload | Self::NotFound => "NOT_FOUND",
            Self::FileKind { .. } => "FILE_KIND_NOT_TAKEN",
            Self::FileInfected { .. } => "FILE_INFECTED",
            Self::FileDamaged => "FILE_DAMAGED",
            Self::RangeNotSatisfiable { .. } => "RANGE_NOT_SATISFIABLE",
            Self::Internal { .. } => INTERNAL,
        }
    }

    /// The HTTP status. Under `application/json` a well-formed request is answered 200 even when its document is
    /// refused, as the GraphQL over HTTP specification asks.
    pub fn status(&self, media: Media) -> StatusCode {
        match self {
            Self::Refused(_) | Self::UnknownDocument | Self::Subscription => refused_status(media),
            Self::JsonNesting(_) | Self::Malformed { .. } => StatusCode::BAD_REQUEST,
            Self::NotAcceptable => StatusCode::NOT_ACCEPTABLE,
            Self::MethodNotAllowed { .. } => StatusCode::METHOD_NOT_ALLOWED,
            Self::UnsupportedMediaType | Self::FileKind { .. } => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::FileInfected { .. } => StatusCode::UNPROCESSABLE_ENTITY,
            Self::BodyTooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            Self::HeadTooLarge { .. } => StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
            Self::BodyTimeout => StatusCode::REQUEST_TIMEOUT,
            Self::CrossOrigin | Self::SecondFactorDemanded => StatusCode::FORBIDDEN,
            Self::Unauthenticated => StatusCode::UNAUTHORIZED,
            Self::RateLimited { .. } | Self::TooManyConnections => StatusCode::TOO_MANY_REQUESTS,
            Self::Unavailable { .. } | Self::Unscanned { .. } | Self::Timeout { .. } => StatusCode::SERVICE_UNAVAILABLE,
            Self::NoSuchUpload | Self::NotFound => StatusCode::NOT_FOUND,
            Self::RangeNotSatisfiable { .. } => StatusCode::RANGE_NOT_SATISFIABLE,
            Self::FileDamaged | Self::Internal { .. } => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The error as an answer has it: `{message, locations, extensions: {code}}`.
    pub fn entry(&self) -> serde_json::Value {
        self.log();
        let mut error = json!({ "message": self.to_string(), "extensions": { "code": self.code() } });
        if let Self::Refused(Refusal::Syntax { positions, .. }) = self
            && !positions.is_empty()
        {
            error["locations"] = json!(positions);
        }
        if let Self::Internal { error_id } = self {
            error["extensions"]["errorId"] = json!(error_id);
        }
        error
    }

    /// The answer: `{"errors": [{message, locations, extensions: {code}}]}` without a `data` entry.
    pub fn answer(self, media: Media) -> Response {
        let error = self.entry();
        let mut response = json_response(self.status(media), media, &json!({ "errors": [error] }));
        if let Some((name, value)) = self.header() {
            response.headers_mut().insert(name, value);
        }
        if let Self::RateLimited { by, retry_after } = &self {
            // The draft of the HTTPAPI working group: which quota, how many are left, in how many seconds there are more.
            let value = HeaderValue::try_from(format!("\"{by}\";r=0;t={}", retry_after.as_secs()));
            response.headers_mut().insert("ratelimit", value.expect("a word and digits are fit for a header"));
        }
        response
    }

    fn header(&self) -> Option<(axum::http::HeaderName, HeaderValue)> {
        match self {
            Self::MethodNotAllowed { allow, .. } => Some((ALLOW, HeaderValue::from_static(allow))),
            Self::Unavailable { retry_after }
            | Self::Unscanned { retry_after }
            | Self::RateLimited { retry_after, .. } => Some((RETRY_AFTER, retry_after.as_secs().max(1).into())),
            Self::Unauthenticated => Some((WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"))),
            Self::RangeNotSatisfiable { size_bytes } => {
                let range = HeaderValue::try_from(format!("bytes */{size_bytes}"));
                Some((CONTENT_RANGE, range.expect("digits are fit for a header")))
            }
            // The rest of the body may still be on its way; the connection is of no further use.
            Self::BodyTimeout => Some((CONNECTION, HeaderValue::from_static("close"))),
            _ => None,
        }
    }

    /// Overload is for operators, what somebody may not or ran into a limit with for whoever looks for attacks, and other mistakes of
    /// clients are for debugging; internal errors were logged when they arose.
    fn log(&self) {
        match self {
            Self::Internal { .. } | Self::FileDamaged => {}
            Self::Timeout { .. } | Self::Unavailable { .. } | Self::Unscanned { .. } => {
                tracing::warn!(code = self.code(), "request not served");
            }
            Self::Refused(_)
            | Self::JsonNesting(_)
            | Self::BodyTooLarge { .. }
            | Self::CrossOrigin
            | Self::Unauthenticated
            | Self::SecondFactorDemanded
            | Self::RateLimited { .. }
            | Self::NoSuchUpload
            | Self::FileInfected { .. }
            | Self::FileKind { .. } => tracing::info!(code = self.code(), "request refused"),
            _ => tracing::debug!(code = self.code(), "request refused"),
        }
    }
}

impl IntoResponse for RequestError {
    fn into_response(self) -> Response {
        self.answer(Media::Json)
    }
}

/// An id that tells a client nothing, not even the time.
#[expect(clippy::disallowed_methods, reason = "it names a line of the log and is stored nowhere")]
fn new_error_id() -> Uuid {
    Uuid::new_v4()
}

const INTERNAL: &str = "INTERNAL_SERVER_ERROR";

fn refusal_code(refusal: &Refusal) -> &'static str {
    match refusal {
        Refusal::DocumentLength { .. } => "DOCUMENT_TOO_LARGE",
        Refusal::Brackets { .. } | Refusal::Depth { .. } | Refusal::IntrospectionDepth { .. } => "DEPTH_LIMIT_EXCEEDED",
        Refusal::Syntax { .. } => "GRAPHQL_PARSE_FAILED",
        Refusal::OperationName { .. } => "OPERATION_RESOLUTION_FAILURE",
        Refusal::FragmentCycle { .. } => "FRAGMENT_CYCLE",
        Refusal::Count { what, .. } => match what {
            Counted::Aliases => "ALIAS_LIMIT_EXCEEDED",
            Counted::RootFields => "ROOT_FIELD_LIMIT_EXCEEDED",
            Counted::Selections => "SELECTION_LIMIT_EXCEEDED",
            Counted::Cost => "COST_LIMIT_EXCEEDED",
            Counted::Variables | Counted::Values => "VALUE_LIMIT_EXCEEDED",
            Counted::CredentialOperations => "CREDENTIAL_OPERATION_LIMIT_EXCEEDED",
        },
    }
}

const fn refused_status(media: Media) -> StatusCode {
    match media {
        Media::GraphqlResponse => StatusCode::BAD_REQUEST,
        Media::Json => StatusCode::OK,
    }
}

/// What the library answered, fit to be shown: every error has a code, and none leaks an internal text.
pub enum Settled {
    /// Validation refused the request; nothing of it ran.
    Refused(Vec<ServerError>),
    /// It ran.
    Ran(GraphqlResponse),
}

/// Makes an answer of the library fit to be shown.
pub fn settle(mut response: GraphqlResponse) -> Settled {
    let validation = response.data == Value::Null
        && !response.errors.is_empty()
        && response.errors.iter().all(|error| error.path.is_empty() && code_of(error).is_none());
    if validation {
        for error in &mut response.errors {
            set_code(error, "GRAPHQL_VALIDATION_FAILED");
        }
        return Settled::Refused(response.errors);
    }
    conceal_internal_errors(&mut response.errors);
    for code in response.errors.iter().filter_map(code_of).filter_map(attempted) {
        tracing::info!(code, "a field was refused");
    }
    Settled::Ran(response)
}

/// Writes what the library answered. A request that was refused by validation has no `data` entry.
pub fn render(response: GraphqlResponse, media: Media) -> Response {
    let response = match settle(response) {
        Settled::Refused(errors) => return json_response(refused_status(media), media, &json!({ "errors": errors })),
        Settled::Ran(response) => response,
    };
    let come_back = come_back(&response);
    let mut answer = json_response(come_back.map_or(StatusCode::OK, |(status, _)| status), media, &response);
    answer.headers_mut().extend(response.http_headers);
    if let Some((_, seconds)) = come_back {
        answer.headers_mut().insert(RETRY_AFTER, seconds.into());
    }
    answer
}

/// Why a client is to come back for whom nothing was done, and when: the service is busy, or the client asks too often.
fn come_back(response: &GraphqlResponse) -> Option<(StatusCode, u64)> {
    if response.data != Value::Null {
        return None;
    }
    response.errors.iter().find_map(|error| {
        let Value::Number(seconds) = error.extensions.as_ref()?.get("retryAfter")? else { return None };
        let is_limited = code_of(error) == Some(&Value::from("RATE_LIMITED"));
        let status = if is_limited { StatusCode::TOO_MANY_REQUESTS } else { StatusCode::SERVICE_UNAVAILABLE };
        Some((status, seconds.as_u64()?))
    })
}

/// Replaces the text of errors without a code. A resolver gives every error that a client may see a code.
fn conceal_internal_errors(errors: &mut [ServerError]) {
    let mut error_id = None;
    for error in errors.iter_mut().filter(|error| code_of(error).is_none()) {
        if is_input_error(error) {
            set_code(error, "BAD_USER_INPUT");
            continue;
        }
        let first = error_id.is_none();
        let error_id = *error_id.get_or_insert_with(new_error_id);
        if first {
            tracing::error!(%error_id, error = %error.message, "resolver failed");
        }
        error.message = RequestError::Internal { error_id }.to_string();
        error.source = None;
        set_code(error, INTERNAL);
        error.extensions.get_or_insert_default().set("errorId", error_id.to_string());
    }
}

/// Whether the library could not read an argument; it says so with these words and no source.
fn is_input_error(error: &ServerError) -> bool {
    const LIBRARY_WORDS: [&str; 4] =
        ["Failed to parse \"", "Expected input type \"", "Invalid value for argument \"", "Variable "];
    error.source.is_none() && LIBRARY_WORDS.iter().any(|words| error.message.starts_with(words))
}

/// The code, where whoever looks for attacks wants to know of it: somebody asked for what is not theirs to ask.
fn attempted(code: &Value) -> Option<&str> {
    const ATTEMPTS: [&str; 4] = ["FORBIDDEN", "UNAUTHENTICATED", "CROSS_ORIGIN", "RATE_LIMITED"];
    match code {
        Value::String(code) => Some(code.as_str()).filter(|code| ATTEMPTS.contains(code)),
        _ => None,
    }
}

fn code_of(error: &ServerError) -> Option<&Value> {
    error.extensions.as_ref()?.get("code")
}

fn set_code(error: &mut ServerError, code: &str) {
    error.extensions.get_or_insert_default().set("code", code);
}

fn json_response(status: StatusCode, media: Media, body: &impl serde::Serialize) -> Response {
    match serde_json::to_vec(body) {
        Ok(body) => (status, [(CONTENT_TYPE, media.content_type())], body).into_response(),
        // A resolver's value that is no JSON (a map with keys of another type); our own bodies always are.
        Err(error) => RequestError::internal(&error).answer(media),
    }
}
