//! `/watch/{token}`: a small page that asks, and the answer to it. Fetching the page changes nothing, because programs
//! follow links in mails, too; sending its form does.
//!
//! Whatever is wrong with a link, the answer is the same. No page says more of a case than its number.

use axum::{
    Router,
    extract::{Path, State},
    http::{
        HeaderValue, StatusCode,
        header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE},
    },
    response::{IntoResponse as _, Response},
    routing::get,
};
use domain::{
    RequestId,
    case::{Case, CaseNumber, CaseState},
};

use super::{Link, Purpose};
use crate::{
    http::{RequestError, RequestId as HttpRequestId},
    service::Service,
};

/// A page without scripts, styles and images, whose form goes back to where it came from.
const POLICY: &str = "default-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// The routes of links, without the layers that every route has.
pub(crate) fn routes(service: Service) -> Router {
    Router::new().route("/watch/{token}", get(ask).post(answer).fallback(refuse_method)).with_state(service)
}

async fn refuse_method() -> RequestError {
    RequestError::MethodNotAllowed { allow: "GET, HEAD, POST", message: "fetch the page by GET, answer it by POST" }
}

/// Shows the question.
async fn ask(State(service): State<Service>, Path(token): Path<String>) -> Result<Response, RequestError> {
    let commands = &service.services().commands;
    let Some(link) = Link::open(&commands.opaque, &token) else { return Ok(not_good()) };
    let case: Case =
        commands.log.latest(&link.case_id.to_string()).await.map_err(|error| RequestError::internal(&error))?;
    let Some(number) = link.is_good_for(&case, commands.clock.now()) else { return Ok(not_good()) };
    let (question, button) = match link.purpose {
        Purpose::Confirm(_) => ("Somebody asked for updates about this case to be mailed to you.", "Yes, mail me"),
        Purpose::Leave => ("Updates about this case are mailed to you.", "Mail me no more"),
    };
    let form = format!("<form method=\"post\"><button>{button}</button></form>");
    Ok(page(StatusCode::OK, &title(number), question, &form))
}

/// Takes the answer.
async fn answer(
    State(service): State<Service>,
    Path(token): Path<String>,
    request: axum::extract::Request,
) -> Result<Response, RequestError> {
    let commands = &service.services().commands;
    let Some(link) = Link::open(&commands.opaque, &token) else { return Ok(not_good()) };
    let id = request.extensions().get::<HttpRequestId>().map_or_else(|| commands.ids.next(), |id| id.0);
    let followed = commands.follow_link(link.case_id, link.actor(), RequestId(id), link.action()).await;
    let carried = followed.map_err(|error| RequestError::internal(&error))?;
    if carried.refusal.is_some() || carried.events == 0 {
        return Ok(not_good());
    }
    let case: Case = commands.log.latest(&carried.id).await.map_err(|error| RequestError::internal(&error))?;
    let state = case.state.expect("something happened to it");
    if matches!(link.purpose, Purpose::Leave) {
        leave_survivors(&service, &link, &state, RequestId(id)).await?;
    }
    let number = state.number;
    let done = match link.purpose {
        Purpose::Confirm(_) => "Updates about this case are mailed to you from now on.",
        Purpose::Leave => "No more updates about this case are mailed to you.",
    };
    Ok(page(StatusCode::OK, &title(number), done, ""))
}

/// Whoever leaves a case that was merged leaves those that go on in its place, too: its watchers are on their lists.
async fn leave_survivors(
    service: &Service,
    link: &Link,
    case: &CaseState,
    request: RequestId,
) -> Result<(), RequestError> {
    let commands = &service.services().commands;
    let into = |state: &CaseState| state.merge.as_ref().filter(|merge| merge.stands).map(|merge| merge.into);
    let mut next = into(case);
    while let Some(case_id) = next {
        let followed = commands.follow_link(case_id, link.actor(), request, link.action()).await;
        followed.map_err(|error| RequestError::internal(&error))?;
        let survivor: Case =
            commands.log.latest(&case_id.to_string()).await.map_err(|error| RequestError::internal(&error))?;
        next = survivor.state.as_ref().and_then(into);
    }
    Ok(())
}

fn title(number: CaseNumber) -> String {
    format!("Case {number}")
}

fn not_good() -> Response {
    page(
        StatusCode::NOT_FOUND,
        "This link is not good any more",
        "It was used, its time is over, or it is not whole.",
        "",
    )
}

/// A page. Nothing in it is anybody's words.
fn page(status: StatusCode, title: &str, text: &str, form: &str) -> Response {
    let html = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><meta name=\"robots\" content=\"noindex\">\
         <title>{title}</title></head>\n<body><main><h1>{title}</h1><p>{text}</p>{form}</main></body>\n</html>\n"
    );
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
        (CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY)),
    ];
    (status, headers, html).into_response()
}
