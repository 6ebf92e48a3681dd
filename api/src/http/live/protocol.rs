//! The messages of `graphql-transport-ws`
//! (<https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md>), and the codes by which a socket is closed.

use std::borrow::Cow;

use async_graphql::Response as GraphqlResponse;
use axum::extract::ws::{CloseFrame, Message};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::http::guard::{Language, check_brackets};

/// The subprotocol's name.
pub const NAME: &str = "graphql-transport-ws";

/// A message from the client.
#[derive(Debug)]
pub enum FromClient<'a> {
    /// Says who speaks; the payload is an object.
    ConnectionInit(Option<&'a str>),
    /// Asks for a pong with the same payload.
    Ping(Option<&'a str>),
    /// Answers a ping.
    Pong,
    /// Begins an operation; the payload has the parameters of a request.
    Subscribe { id: Cow<'a, str>, payload: &'a str },
    /// Ends one.
    Complete { id: Cow<'a, str> },
}

#[derive(Deserialize)]
struct Raw<'a> {
    #[serde(borrow, rename = "type")]
    kind: Cow<'a, str>,
    #[serde(borrow)]
    id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    payload: Option<&'a RawValue>,
}

/// Longest id of an operation, in bytes.
const ID_BYTES: usize = 256;

impl<'a> FromClient<'a> {
    /// Reads a message; `None` for what is none of this protocol.
    pub fn read(text: &'a str) -> Option<Self> {
        check_brackets(text, Language::Json).ok()?;
        let Raw { kind, id, payload } = serde_json::from_str(text).ok()?;
        let payload = payload.map(RawValue::get).filter(|payload| *payload != "null");
        if payload.is_some_and(|payload| !payload.starts_with('{')) {
            return None;
        }
        let id = id.filter(|id| !id.is_empty() && id.len() <= ID_BYTES);
        Some(match &*kind {
            "connection_init" => Self::ConnectionInit(payload),
            "ping" => Self::Ping(payload),
            "pong" => Self::Pong,
            "subscribe" => Self::Subscribe { id: id?, payload: payload? },
            "complete" => Self::Complete { id: id? },
            _ => return None,
        })
    }
}

/// The `Authorization` of a `connection_init`, however its name is written.
pub fn authorization(payload: &str) -> Option<String> {
    let fields: serde_json::Map<String, Value> = serde_json::from_str(payload).ok()?;
    let mut found = fields.into_iter().filter(|(name, _)| name.eq_ignore_ascii_case("authorization"));
    match (found.next(), found.next()) {
        (Some((_, Value::String(value))), None) => Some(value),
        _ => None,
    }
}

/// A message to the client.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ToClient<'a> {
    ConnectionAck,
    Pong {
        #[serde(skip_serializing_if = "Option::is_none")]
        payload: Option<&'a RawValue>,
    },
    Next {
        id: &'a str,
        payload: &'a GraphqlResponse,
    },
    Error {
        id: &'a str,
        payload: &'a Value,
    },
    Complete {
        id: &'a str,
    },
}

impl ToClient<'_> {
    /// The frame; `None` for a result that is no JSON (a map with keys of another type).
    pub fn frame(&self) -> Option<Message> {
        serde_json::to_string(self).ok().map(|text| Message::Text(text.into()))
    }
}

/// Why a socket is closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Close {
    /// The service stops.
    GoingAway,
    /// Too much at the moment.
    TryAgainLater,
    /// A message is too long.
    TooLong,
    /// A message is none of this protocol.
    BadRequest,
    /// An operation came before the connection was acknowledged.
    NotAcknowledged,
    /// The session or token has ended.
    SessionEnded,
    /// Nobody is known by these credentials.
    Forbidden,
    /// The client speaks another subprotocol.
    Subprotocol,
    /// Nobody said who speaks.
    InitTimeout,
    /// An id is in use.
    SubscriberExists,
    /// Who speaks was said before.
    TooManyInits,
}

impl Close {
    /// Code and reason.
    pub const fn frame(self) -> (u16, &'static str) {
        match self {
            Self::GoingAway => (1001, "the service is going away; connect again"),
            Self::TooLong => (1009, "a message is too long"),
            Self::TryAgainLater => (1013, "too many connections, or the service is busy; try again later"),
            Self::BadRequest => (4400, "Invalid message"),
            Self::NotAcknowledged => (4401, "Unauthorized"),
            Self::SessionEnded => (4401, "Unauthorized: the session or token has ended"),
            Self::Forbidden => (4403, "Forbidden"),
            Self::Subprotocol => (4406, "Subprotocol not acceptable"),
            Self::InitTimeout => (4408, "Connection initialisation timeout"),
            Self::SubscriberExists => (4409, "Subscriber already exists"),
            Self::TooManyInits => (4429, "Too many initialisation requests"),
        }
    }

    /// The frame that closes it.
    pub fn message(self) -> Message {
        let (code, reason) = self.frame();
        Message::Close(Some(CloseFrame { code, reason: reason.into() }))
    }
}

#[cfg(test)]
mod tests {
    use super::{FromClient, authorization};

    #[test]
    fn messages_are_read_by_the_letter() {
        assert!(matches!(FromClient::read(r#"{"type":"connection_init"}"#), Some(FromClient::ConnectionInit(None))));
        assert!(matches!(FromClient::read(r#"{"type":"ping","payload":{"a":1}}"#), Some(FromClient::Ping(Some(_)))));
        let read = FromClient::read(r#"{"payload":{"query":"{a}"},"id":"1","type":"subscribe","more":1}"#);
        assert!(matches!(read, Some(FromClient::Subscribe { payload: r#"{"query":"{a}"}"#, .. })));
        let deep = format!(r#"{{"type":"ping","payload":{{"a":{}"#, "[".repeat(1_000));
        let long = format!(r#"{{"type":"complete","id":"{}"}}"#, "x".repeat(257));
        for text in [
            "",
            "[]",
            "{}",
            r#"{"type":"start","id":"1","payload":{}}"#,
            r#"{"type":"subscribe","id":"1"}"#,
            r#"{"type":"subscribe","id":1,"payload":{}}"#,
            r#"{"type":"subscribe","id":"","payload":{}}"#,
            r#"{"type":"subscribe","id":"1","payload":[]}"#,
            r#"{"type":"complete"}"#,
            r#"{"type":"connection_init","payload":"x"}"#,
            &deep,
            &long,
        ] {
            assert!(FromClient::read(text).is_none(), "{text}");
        }
    }

    #[test]
    fn credentials_are_read_under_one_name_however_it_is_written() {
        assert_eq!(authorization(r#"{"Authorization":"Bearer a"}"#).as_deref(), Some("Bearer a"));
        assert_eq!(authorization(r#"{"authorization":"Bearer a","x":1}"#).as_deref(), Some("Bearer a"));
        assert_eq!(authorization(r#"{"authorization":"a","Authorization":"b"}"#), None);
        assert_eq!(authorization(r#"{"authorization":1}"#), None);
    }
}
