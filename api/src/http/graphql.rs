//! `/graphql`: GraphQL over HTTP, from the request's headers to the answer's status. What stays open is in `live`.

use std::net::SocketAddr;
use std::sync::Arc;

use async_graphql::parser::types::OperationType;
use async_graphql::{Data, Executor, Request as GraphqlRequest, Response as GraphqlResponse};
use axum::Router;
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method};
use axum::response::Response;
use axum::routing::{get, post};
use futures_util::future::BoxFuture;

use super::guard::{Admitted, Guard};
use super::live::{self, Places, Standing};
use super::media::{self, Media};
use super::observe::RequestId;
use super::request::{self, Document, Parameters};
use super::server::Peer;
use super::{ClientAddress, Limits, RequestError, SecurityOptions, errors, panics, portal};
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
    /// What the request is part of.
    pub occasion: Occasion,
}

/// What a request is part of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Occasion {
    /// It is an HTTP request of its own, whose answer can set cookies.
    Request,
    /// It is an operation on a connection that stays open.
    Live,
    /// It goes on with such an operation, unasked: nobody did anything just now.
    Again,
}

/// Makes what resolvers find in their context (caller, clock, request id, …) for one request, or refuses it.
///
/// It runs after the guard has admitted the document and inside the time limit of the execution.
pub type MakeData = Arc<dyn Fn(RequestHead) -> BoxFuture<'static, Result<Data, RequestError>> + Send + Sync>;

/// Finds out who opens a connection that stays open, and whether they may go on; nobody for one without credentials.
pub type MakeStanding =
    Arc<dyn Fn(RequestHead) -> BoxFuture<'static, Result<Option<Standing>, RequestError>> + Send + Sync>;

/// How the layer asks who is there.
#[derive(Clone)]
pub struct Door {
    /// For an operation.
    pub make_data: MakeData,
    /// For a connection that stays open.
    pub make_standing: MakeStanding,
}

/// What the handlers share.
pub(super) struct Endpoint<E> {
    pub schema: E,
    pub limits: Limits,
    pub door: Door,
    /// Where browsers reach the service.
    pub origin: String,
    /// Who has how many connections that stay open.
    pub places: Places,
    guard: Guard,
    mode: Mode,
}

/// The methods that `/graphql` serves, as an `Allow` header says them.
const ALLOWED: &str = "GET, HEAD, POST";

/// The routes of `/graphql`, without the layers that every route has.
pub(super) fn routes<E: Executor>(schema: E, limits: Limits, security: &SecurityOptions, door: Door) -> Router {
    let guard = Guard::new(limits.clone());
    let places = Places::new(limits.live.connections);
    let (mode, origin) = (security.mode, security.origin.clone());
    let endpoint = Arc::new(Endpoint { schema, limits, door, origin, places, guard, mode });
    let methods = post(handle_post::<E>).merge(get(handle_get::<E>)).fallback(refuse_method);
    Router::new()
        .route("/graphql", methods)
        .route("/graphql/ws", get(live::open_socket::<E>))
        .route("/graphql/stream", post(live::open_stream::<E>))
        .with_state(endpoint)
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
        let (operation, request) = self.admit(parameters)?;
        check_method(&head.method, operation)?;
        let head = Origin::of(head).head(operation, Occasion::Request);
        Ok(errors::render(self.execute(head, request).await?, media))
    }

    /// Takes a document through the guard.
    pub(super) fn admit(&self, parameters: Parameters) -> Result<(OperationType, GraphqlRequest), RequestError> {
        let Parameters { document, operation_name, variables } = parameters;
        let query = match document {
            Document::Text(text) => text,
            Document::Id(id) => self.limits.documents.find(&id).ok_or(RequestError::UnknownDocument)?.to_owned(),
        };
        let Admitted { document, operation } = self.guard.admit(&query, operation_name.as_deref(), &variables)?;
        // The library keeps the text only to hand it to extensions; the parsed document is what runs.
        let mut request = GraphqlRequest::new(query).variables(variables);
        request.operation_name = operation_name;
        request.set_parsed_query(document);
        Ok((operation, request))
    }

    /// Runs a query or a mutation.
    pub(super) async fn execute(
        &self,
        head: RequestHead,
        mut request: GraphqlRequest,
    ) -> Result<GraphqlResponse, RequestError> {
        let run = panics::catch(async {
            request.data = (self.door.make_data)(head).await?;
            Ok::<_, RequestError>(self.schema.execute(request).await)
        });
        let limit = self.limits.execution;
        tokio::time::timeout(limit, run).await.map_err(|_| RequestError::Timeout { limit })??
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

/// Where operations come from: what is known of all of a connection's.
#[derive(Debug, Clone)]
pub(super) struct Origin {
    pub headers: HeaderMap,
    pub request_id: RequestId,
    peer: Option<SocketAddr>,
    client: Option<ClientAddress>,
}

impl Origin {
    /// Where a request comes from.
    pub fn of(head: &Parts) -> Self {
        Self {
            headers: head.headers.clone(),
            request_id: head.extensions.get().copied().unwrap_or_else(RequestId::new),
            peer: head.extensions.get::<Peer>().map(|peer| peer.0),
            client: head.extensions.get().copied(),
        }
    }

    /// The same, for another operation.
    pub fn anew(&self) -> Self {
        Self { request_id: RequestId::new(), ..self.clone() }
    }

    /// What is known of an operation that comes from here.
    pub fn head(&self, operation: OperationType, occasion: Occasion) -> RequestHead {
        let Self { headers, request_id, peer, client } = self.clone();
        RequestHead { headers, peer, client, request_id, operation, occasion }
    }
}
