//! `POST /graphql/stream`: one operation as a stream of server-sent events
//! (<https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md>, distinct connections mode).

use std::convert::Infallible;
use std::sync::Arc;

use async_graphql::Executor;
use axum::extract::{Request, State};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse as _, Response};
use futures_util::stream;
use serde_json::json;

use super::conversation::{Conversation, Said};
use crate::http::graphql::{Endpoint, Occasion, Origin};
use crate::http::media::{self, Media};
use crate::http::server::Connection;
use crate::http::{RequestError, request};

/// How far a stream has come.
enum Progress<E> {
    Open(Box<Conversation<E>>),
    Refused,
    Closed,
}

/// Answers with a stream. What is no request at all, or nobody's, is answered as `/graphql` answers it.
pub async fn open_stream<E: Executor>(State(endpoint): State<Arc<Endpoint<E>>>, request: Request) -> Response {
    if !media::asks_for_events(request.headers()) {
        return RequestError::NotAcceptable.answer(Media::GraphqlResponse);
    }
    begin(endpoint, request).await.unwrap_or_else(|error| error.answer(Media::GraphqlResponse))
}

async fn begin<E: Executor>(endpoint: Arc<Endpoint<E>>, request: Request) -> Result<Response, RequestError> {
    let (head, body) = request.into_parts();
    let parameters = request::read_post(&head.headers, body, &endpoint.limits).await?;
    let connection = head.extensions.get::<Connection>().cloned().unwrap_or_default();
    let origin = Origin::of(&head);
    let (operation, _) = endpoint.admit(parameters.clone())?;
    let standing = (endpoint.door.make_standing)(origin.head(operation, Occasion::Live)).await?;
    let place = match &standing {
        Some(standing) => Some(endpoint.places.take(standing.person).ok_or(RequestError::TooManyConnections)?),
        None => None,
    };
    let keep_alive = KeepAlive::new().interval(endpoint.limits.live.keep_alive);
    let conversation = Box::new(Conversation::new(endpoint, Arc::new(origin), standing, parameters));
    let events =
        stream::unfold((Progress::Open(conversation), connection, place), async |(state, connection, place)| {
            let (event, state) = step(state, &connection).await?;
            Some((Ok::<_, Infallible>(event), (state, connection, place)))
        });
    Ok(Sse::new(events).keep_alive(keep_alive).into_response())
}

/// The next event. When the service stops, the stream ends without being complete, so that clients connect again.
async fn step<E: Executor>(state: Progress<E>, connection: &Connection) -> Option<(Event, Progress<E>)> {
    let mut conversation = match state {
        Progress::Open(conversation) => conversation,
        Progress::Refused => return Some((complete(), Progress::Closed)),
        Progress::Closed => return None,
    };
    let said = tokio::select! {
        said = conversation.next() => said,
        () = connection.closing() => return None,
    };
    Some(match said {
        Some(Said::Next(response)) => (next(&*response), Progress::Open(conversation)),
        Some(Said::Refused(errors)) => (next(&json!({ "errors": errors })), Progress::Refused),
        None => (complete(), Progress::Closed),
    })
}

fn next(result: &impl serde::Serialize) -> Event {
    let event = Event::default().event("next");
    // A result that is no JSON: a map with keys of another type.
    event.clone().json_data(result).unwrap_or_else(|error| {
        let error = RequestError::internal(&error).entry();
        event.data(json!({ "errors": [error] }).to_string())
    })
}

fn complete() -> Event {
    // Without a line of data, browsers would not tell of it.
    Event::default().event("complete").data("\n")
}
