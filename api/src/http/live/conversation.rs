//! One operation on a connection that stays open, from its document to its end.

use std::sync::Arc;

use async_graphql::parser::types::OperationType;
use async_graphql::{Executor, Response as GraphqlResponse};
use futures_util::StreamExt as _;
use futures_util::future::{Either, pending};
use futures_util::stream::BoxStream;
use serde_json::{Value, json};

use super::follow::{Follow, Then};
use super::standing::{Stand, Standing};
use crate::http::errors::{Settled, settle};
use crate::http::graphql::{Endpoint, Occasion, Origin};
use crate::http::request::Parameters;
use crate::http::{RequestError, RequestHead, panics};

/// What a client is told of an operation.
pub(super) enum Said {
    /// A result.
    Next(Box<GraphqlResponse>),
    /// That it is refused and why, as a list of errors. Nothing follows.
    Refused(Value),
}

/// An operation, and how far it has come.
pub(super) struct Conversation<E> {
    endpoint: Arc<Endpoint<E>>,
    origin: Arc<Origin>,
    parameters: Parameters,
    /// Who speaks; `None` for somebody without credentials.
    standing: Option<Standing>,
    /// How they stood when the present round began.
    stood: Option<Stand>,
    follow: Follow,
    round: Option<BoxStream<'static, GraphqlResponse>>,
    occasion: Occasion,
    is_over: bool,
    _counted: Counted,
}

/// A round's first step: what it begins with.
enum Begun {
    /// A query or mutation has run.
    Ran(Box<GraphqlResponse>),
    /// A subscription's round is to be read.
    Round(BoxStream<'static, GraphqlResponse>),
}

impl<E: Executor> Conversation<E> {
    pub(super) fn new(
        endpoint: Arc<Endpoint<E>>,
        origin: Arc<Origin>,
        standing: Option<Standing>,
        parameters: Parameters,
    ) -> Self {
        Self {
            endpoint,
            origin,
            parameters,
            standing,
            stood: None,
            follow: Follow::default(),
            round: None,
            occasion: Occasion::Live,
            is_over: false,
            _counted: Counted::new(),
        }
    }

    /// What is said next; `None` when all is said. May be dropped at any time: then the operation has ended.
    pub(super) async fn next(&mut self) -> Option<Said> {
        while !self.is_over {
            match self.advance().await {
                Ok(Some(response)) => return Some(self.say(response)),
                Ok(None) => self.rest().await,
                Err(error) => {
                    self.is_over = true;
                    return Some(Said::Refused(json!([error.entry()])));
                }
            }
        }
        None
    }

    fn say(&mut self, response: GraphqlResponse) -> Said {
        match settle(response) {
            Settled::Ran(response) => Said::Next(Box::new(response)),
            Settled::Refused(errors) => {
                self.is_over = true;
                Said::Refused(json!(errors))
            }
        }
    }

    /// Takes the next result of the present round, or of a new one; `None` at a round's end.
    async fn advance(&mut self) -> Result<Option<GraphqlResponse>, RequestError> {
        let stand = self.standing.as_ref().map(|standing| *standing.stand.borrow());
        if self.standing.as_ref().is_some_and(Standing::has_ended) {
            return Err(RequestError::Unauthenticated);
        }
        // What was read for somebody who has lost something meanwhile is not sent, but read again.
        if self.round.is_some() && self.stood != stand {
            self.round = None;
        }
        let limit = self.endpoint.limits.execution;
        let late = |_| RequestError::Timeout { limit };
        if self.round.is_none() {
            self.stood = stand;
            match tokio::time::timeout(limit, panics::catch(self.begin())).await.map_err(late)??? {
                Begun::Ran(response) => {
                    self.is_over = true;
                    return Ok(Some(*response));
                }
                Begun::Round(round) => self.round = Some(round),
            }
        }
        let round = self.round.as_mut().expect("it has just begun");
        tokio::time::timeout(limit, panics::catch(round.next())).await.map_err(late)?
    }

    /// Begins a round as any request begins: with the guard and with the caller.
    async fn begin(&mut self) -> Result<Begun, RequestError> {
        let (operation, mut request) = self.endpoint.admit(self.parameters.clone())?;
        let head: RequestHead = self.origin.head(operation, self.occasion);
        if operation != OperationType::Subscription {
            return self.endpoint.execute(head, request).await.map(|response| Begun::Ran(Box::new(response)));
        }
        self.follow.begin();
        request.data = (self.endpoint.door.make_data)(head).await?;
        request.data.insert(self.follow.clone());
        Ok(Begun::Round(self.endpoint.schema.execute_stream(request, None)))
    }

    /// Ends a round, and waits until there is reason for another.
    async fn rest(&mut self) {
        self.round = None;
        self.occasion = Occasion::Again;
        match self.follow.end() {
            Then::End => self.is_over = true,
            Then::Again => tokio::task::yield_now().await,
            Then::Wait(mut news) => {
                let stood = self.stood;
                let moved = match &mut self.standing {
                    Some(standing) => {
                        let is_other = move |stand: &Stand| Some(*stand) != stood;
                        Either::Left(async move { drop(standing.stand.wait_for(is_other).await) })
                    }
                    None => Either::Right(pending()),
                };
                tokio::select! {
                    changed = news.changed() => self.is_over = changed.is_err(),
                    () = moved => {}
                }
            }
        }
    }
}

/// Counts itself among the operations that are open.
struct Counted;

impl Counted {
    fn new() -> Self {
        metrics::gauge!("casestream_live_operations").increment(1);
        Self
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        metrics::gauge!("casestream_live_operations").decrement(1);
    }
}
