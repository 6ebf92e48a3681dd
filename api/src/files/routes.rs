//! Uploads and downloads over HTTP.

use std::{sync::Arc, time::Duration};

use axum::{
    Json, Router,
    extract::{Path, Request, State},
    http::{
        HeaderMap, HeaderName, HeaderValue, StatusCode,
        header::{
            ACCEPT_RANGES, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_SECURITY_POLICY, CONTENT_TYPE,
            ETAG, IF_NONE_MATCH, IF_RANGE, RANGE,
        },
        request::Parts,
    },
    response::{IntoResponse as _, Response},
    routing::{get, put},
};
use domain::{
    AttachmentId, CaseId, Scope,
    case::{self, FileLeft},
};
use event_log::StreamId;
use futures_util::FutureExt as _;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use projections::AttachmentEntry;
use serde_json::json;
use tracing::Instrument as _;

use super::{
    download::{DownloadError, Sealed},
    range::{Wanted, wanted},
    upload::{UploadError, receive},
};
use crate::{
    graphql::{GlobalId as _, RequestContext},
    http::{Occasion, RequestError, RequestId, discard},
    identity::Access,
    service::Service,
};

/// What may stand in a file's page, were it ever shown as one: nothing.
const POLICY: &str = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox";

/// When an upload may try again for which there is no room now.
const RETRY_AFTER: Duration = Duration::from_secs(5);

/// The routes of files, without the layers that every route has.
pub(crate) fn routes(service: Service) -> Router {
    Router::new()
        .route("/uploads/{token}", put(upload).fallback(refuse_upload_method))
        .route("/attachments/{id}", get(download).fallback(refuse_download_method))
        .with_state(service)
}

async fn refuse_upload_method() -> RequestError {
    RequestError::MethodNotAllowed { allow: "PUT", message: "send a file by PUT" }
}

async fn refuse_download_method() -> RequestError {
    RequestError::MethodNotAllowed { allow: "GET, HEAD", message: "fetch a file by GET" }
}

/// The caller of a request, who must be somebody and lack no second factor that is demanded.
async fn known(service: &Service, head: &Parts) -> Result<RequestContext, RequestError> {
    let id = head.extensions.get().copied().unwrap_or_else(RequestId::new);
    let context = service.context(&head.headers, id, Occasion::Request).await?.ok_or(RequestError::Unauthenticated)?;
    if context.caller.lacks_second_factor {
        return Err(RequestError::SecondFactorDemanded);
    }
    Ok(context)
}

/// `PUT /uploads/{token}`: the bytes of an upload that `uploadStage` announced.
async fn upload(
    State(service): State<Service>,
    Path(token): Path<String>,
    request: Request,
) -> Result<Response, RequestError> {
    let (head, body) = request.into_parts();
    let context = match known(&service, &head).await {
        Ok(context) => context,
        Err(error) => {
            discard(body);
            return Err(error);
        }
    };
    let services = &context.services;
    let Ok(place) = Arc::clone(&services.files.room).try_acquire_owned() else {
        discard(body);
        return Err(RequestError::Unavailable { retry_after: RETRY_AFTER });
    };
    let (clock, key_id) = (&services.commands.clock, context.new_id());
    let begun = services.commands.stages.begin(&token, context.caller.person, key_id, clock.now()).await;
    let Some(begun) = begun.map_err(|error| RequestError::internal(&error))? else {
        discard(body);
        return Err(RequestError::NoSuchUpload);
    };
    let (files, stages, clock) = (services.files.clone(), services.commands.stages.clone(), clock.clone());
    let receiving = async move {
        let _place = place;
        let stored = receive(&files, &stages, &clock, &begun, body).await;
        stored.map(|stored| (begun, stored))
    };
    match tokio::spawn(receiving.in_current_span()).await.map_err(|error| RequestError::internal(&error))? {
        Ok((begun, stored)) => Ok((
            StatusCode::CREATED,
            Json(json!({
                "attachmentId": begun.attachment.global(),
                "sizeBytes": begun.size_bytes,
                "mediaType": begun.media_type,
                "sha256": stored.sha256.to_string(),
            })),
        )
            .into_response()),
        Err(error) => Err(refusal(&error)),
    }
}

fn refusal(error: &UploadError) -> RequestError {
    match error {
        UploadError::Size { .. } | UploadError::BrokeOff(_) | UploadError::TooLate => {
            RequestError::Malformed { message: error.to_string().into() }
        }
        UploadError::Kind(kind) => RequestError::FileKind { message: kind.to_string() },
        UploadError::Infected => RequestError::FileInfected { message: error.to_string() },
        UploadError::Unscanned(_) => RequestError::Unscanned { retry_after: RETRY_AFTER },
        UploadError::Store(_) | UploadError::ReadBack(_) | UploadError::Database(_) => {
            RequestError::internal(&super::causes(error))
        }
    }
}

/// `GET /attachments/{id}`: a file, or a part of it, to whoever sees its case. One that is not there, or was taken away, is
/// answered like one that its caller may not see.
async fn download(
    State(service): State<Service>,
    Path(id): Path<String>,
    request: Request,
) -> Result<Response, RequestError> {
    let (head, _) = request.into_parts();
    let context = known(&service, &head).await?;
    let Some(attachment_id) = AttachmentId::from_global(&async_graphql::ID(id)) else {
        return Err(RequestError::NotFound);
    };
    let services = &context.services;
    let scope = context.scope();
    let found = services.reads.read(&scope, move |tx| projections::attachment(tx, attachment_id).boxed()).await;
    let found = found.map_err(|error| RequestError::internal(&super::causes(&error)))?;
    let Some(file) = found.filter(|file| file.left == FileLeft::All || matches!(scope, Scope::Auditor)) else {
        return Err(RequestError::NotFound);
    };
    let stream = StreamId::of::<case::Case>(CaseId::to_string(&file.case_id));
    let key = services.commands.log.file_key(&stream, file.key).await;
    let Some(key) = key.map_err(|error| RequestError::internal(&super::causes(&error)))? else {
        return Err(RequestError::NotFound);
    };
    let size_bytes = u64::try_from(file.size_bytes).expect("sizes are positive");
    let sealed = Sealed::new(services.files.store.clone(), file.key, &key, size_bytes);
    if context.caller.is_recorded() {
        let object = attachment_id.to_string();
        let access = Access { caller: &context.caller, operation: "attachment", object: &object, request: context.id };
        services.access_log.record(&[access]).await.map_err(|error| RequestError::internal(&error))?;
    }
    answer(&head.headers, &file, size_bytes, sealed).await
}

async fn answer(
    headers: &HeaderMap,
    file: &AttachmentEntry,
    size_bytes: u64,
    sealed: Sealed,
) -> Result<Response, RequestError> {
    // A file never changes, so its id is as good as its digest, and tells less.
    let etag = format!("\"{}\"", file.attachment_id);
    let header = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let is_known = |tags: &str| {
        tags.split(',').any(|tag| matches!(tag.trim(), "*") || tag.trim().trim_start_matches("W/") == etag)
    };
    if header(IF_NONE_MATCH).is_some_and(is_known) {
        return Ok((StatusCode::NOT_MODIFIED, [(ETAG, etag)]).into_response());
    }
    let range = header(RANGE).filter(|_| header(IF_RANGE).is_none_or(|tag| tag == etag));
    let (status, part) = match wanted(range, size_bytes) {
        Wanted::Whole => (StatusCode::OK, 0..=size_bytes - 1),
        Wanted::Part(part) => (StatusCode::PARTIAL_CONTENT, part),
        Wanted::Unsatisfiable => return Err(RequestError::RangeNotSatisfiable { size_bytes }),
    };
    let body = sealed.part(part.clone()).await.map_err(|error| damage(&error))?;
    let name = file.name.as_ref().or(file.withheld_name.as_ref());
    let mut response = Response::new(body);
    *response.status_mut() = status;
    let headers = response.headers_mut();
    let mut set = |name, value: String| {
        headers.insert(name, HeaderValue::try_from(value).expect("it is made of what headers may hold"));
    };
    set(CONTENT_TYPE, content_type(&file.media_type));
    set(CONTENT_LENGTH, (part.end() - part.start() + 1).to_string());
    set(CONTENT_DISPOSITION, disposition(name.map_or("attachment", String::as_str)));
    set(CONTENT_SECURITY_POLICY, POLICY.to_owned());
    set(ACCEPT_RANGES, "bytes".to_owned());
    set(ETAG, etag);
    if status == StatusCode::PARTIAL_CONTENT {
        set(CONTENT_RANGE, format!("bytes {}-{}/{size_bytes}", part.start(), part.end()));
    }
    Ok(response)
}

/// A media type as a header says it: texts were found to be in UTF-8 when they came.
fn content_type(media_type: &str) -> String {
    if media_type.starts_with("text/") { format!("{media_type}; charset=utf-8") } else { media_type.to_owned() }
}

/// What is wrong with a stored file is for operators; its reader learns that it is damaged.
fn damage(error: &DownloadError) -> RequestError {
    match error {
        DownloadError::Store(_) => RequestError::internal(&super::causes(error)),
        DownloadError::Missing { .. } | DownloadError::Length { .. } | DownloadError::Damaged { .. } => {
            metrics::counter!("casestream_damaged_files_total").increment(1);
            tracing::error!(%error, "a stored file is damaged");
            RequestError::FileDamaged
        }
    }
}

/// The characters of a header's extended value that stand for themselves (RFC 8187, `attr-char`).
const ATTR_CHAR: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'!')
    .remove(b'#')
    .remove(b'$')
    .remove(b'&')
    .remove(b'+')
    .remove(b'-')
    .remove(b'.')
    .remove(b'^')
    .remove(b'_')
    .remove(b'`')
    .remove(b'|')
    .remove(b'~');

/// `Content-Disposition` (RFC 6266): the name as far as ASCII goes, and whole for those who read the extended form.
fn disposition(name: &str) -> String {
    let plain = |c: char| if c.is_ascii_graphic() && !matches!(c, '"' | '\\' | '%') || c == ' ' { c } else { '_' };
    let fallback: String = name.chars().map(plain).collect();
    format!("attachment; filename=\"{fallback}\"; filename*=UTF-8''{}", utf8_percent_encode(name, ATTR_CHAR))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_of_any_letters_gets_into_a_header_and_out_of_none() {
        assert_eq!(disposition("log.txt"), "attachment; filename=\"log.txt\"; filename*=UTF-8''log.txt");
        assert_eq!(
            disposition("Süd \"1\"\u{202e}.txt"),
            "attachment; filename=\"S_d _1__.txt\"; filename*=UTF-8''S%C3%BCd%20%221%22%E2%80%AE.txt"
        );
    }
}
