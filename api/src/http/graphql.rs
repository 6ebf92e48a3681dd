//! `/graphql`: GraphQL over HTTP, from the request's headers to the answer's status.

use std::net::SocketAddr;
use std::sync::Arc;

use async_graphql::parser::types::OperationType;
use async_graphql::{Data, Executor, Request as GraphqlRequest};
use axum::Router;
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method};
use axum::response::Response;
use axum::routing::{get, post};
use futures_util::future::BoxFuture;

use super::guard::{Admitted, Guard};
use super::media::{self, Media};
use super::observe::RequestId;
use super::request::{self, Parameters};
use super::server::Peer;
use super::{ClientAddress, Limits, RequestError, errors, panics, portal};
use crate::settings::Mode;

/// What is known of a request before its operation runs: enough to make out the caller.
#[derive(Debug, Clone)]
pub struct RequestHead {
    /// The request's headers.
    pub headers: HeaderMap,
    /// The other end of the connection: a client, or the nearest proxy. `None` outside a real server.
    pub peer: Option<SocketAddr>,
    /// Where the request came from, as far as proxies in front are trusted to say. `None` outside a real server.
    pub client: Option<ClientAddress>,
    /// Names the request in logs and in the answer.
    pub request_id: RequestId,
    /// What kind of operation will run.
    pub operation: OperationType,
}

/// Makes what resolvers find in their context (caller, clock, request id, …) for one request, or refuses it.
///
/// It runs after the guard has admitted the document and inside the time limit of the execution.
pub type MakeData = Arc<dyn Fn(RequestHead) -> BoxFuture<'static, Result<Data, RequestError>> + Send + Sync>;

/// What the handlers share.
struct Endpoint<E> {
    schema: E,
    limits: Limits,
    guard: Guard,
    mode: Mode,
    make_data: MakeData,
}

/// The methods that `/graphql` serves, as an `Allow` header says them.
const ALLOWED: &str = "GET, HEAD, POST";

/// The route `/graphql`, without the layers that every route has.
pub(super) fn routes<E: Executor>(schema: E, limits: Limits, mode: Mode, make_data: MakeData) -> Router {
    let guard = Guard::new(limits.clone());
    let endpoint = Arc::new(Endpoint { schema, limits, guard, mode, make_data });
    let methods = post(handle_post::<E>).merge(get(handle_get::<E>)).fallback(refuse_method);
    Router::new().route("/graphql", methods).with_state(endpoint)
}

async fn handle_post<E: Executor>(State(endpoint): State<Arc<Endpoint<E>>>, request: Request) -> Response {
    let Some(media) = media::negotiate(request.headers()) else {
        return RequestError::NotAcceptable.answer(Media::Json);
    };
    let (head, body) = request.into_parts();
    let answered = async {
        let parameters = request::read_post(&head.headers, body, &endpoint.limits).await?;
        endpoint.answer(&head, parameters, media).await
    };
    answered.await.unwrap_or_else(|error| error.answer(media))
}

async fn handle_get<E: Executor>(State(endpoint): State<Arc<Endpoint<E>>>, request: Request) -> Response {
    let (head, _) = request.into_parts();
    if endpoint.mode == Mode::Development && media::asks_for_html(&head.headers) {
        return portal::graphiql();
    }
    let Some(media) = media::negotiate(&head.headers) else {
        return RequestError::NotAcceptable.answer(Media::Json);
    };
    let answered = async {
        let parameters = request::read_get(&head.uri, &endpoint.limits)?;
        endpoint.answer(&head, parameters, media).await
    };
    answered.await.unwrap_or_else(|error| error.answer(media))
}

async fn refuse_method(headers: HeaderMap) -> Response {
    let media = media::negotiate(&headers).unwrap_or(Media::Json);
    let message = "send POST, or GET for a query";
    RequestError::MethodNotAllowed { allow: ALLOWED, message }.answer(media)
}

impl<E: Executor> Endpoint<E> {
    /// Guards and runs one operation.
    async fn answer(&self, head: &Parts, parameters: Parameters, media: Media) -> Result<Response, RequestError> {
        let Parameters { query, operation_name, variables } = parameters;
        let Admitted { document, operation } = self.guard.admit(&query, operation_name.as_deref(), &variables)?;
        check_method(&head.method, operation)?;

        // The library keeps the text only to hand it to extensions; the parsed document is what runs.
        let mut request = GraphqlRequest::new(query).variables(variables);
        request.operation_name = operation_name;
        request.set_parsed_query(document);

        let run = panics::catch(async {
            request.data = (self.make_data)(request_head(head, operation)).await?;
            Ok::<_, RequestError>(self.schema.execute(request).await)
        });
        let limit = self.limits.execution;
        let response = tokio::time::timeout(limit, run).await.map_err(|_| RequestError::Timeout { limit })???;
        Ok(errors::render(response, media))
    }
}

/// GET is for queries, so that no link, image or prefetch changes anything. Subscriptions have transports of their own.
fn check_method(method: &Method, operation: OperationType) -> Result<(), RequestError> {
    match operation {
        OperationType::Query => Ok(()),
        _ if method != Method::POST => {
            let message = "GET executes queries only; send a mutation by POST";
            Err(RequestError::MethodNotAllowed { allow: "POST", message })
        }
        OperationType::Mutation => Ok(()),
        OperationType::Subscription => Err(RequestError::Subscription),
    }
}

fn request_head(head: &Parts, operation: OperationType) -> RequestHead {
    RequestHead {
        headers: head.headers.clone(),
        peer: head.extensions.get::<Peer>().map(|peer| peer.0),
        client: head.extensions.get().copied(),
        request_id: head.extensions.get().copied().unwrap_or_else(RequestId::new),
        operation,
    }
}
