//! An event to bytes and back. The only place where texts are sealed and opened.
//!
//! Writing: the event is serialised with its texts in the clear, in memory, and each of them is replaced by its
//! ciphertext under a new key before anything leaves. Reading: ciphertexts are opened (or marked as erased where the
//! key is gone), then the event is brought up to the newest version of its type, then it is read.

use std::{collections::HashMap, sync::Arc};

use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD as BASE64};
use cqrs_es::{
    DomainEvent,
    persist::{EventUpcaster, SerializedEvent},
};
use domain::{
    CaseId, KeyId, PersonId,
    case::{Case, CaseEvent},
    sealed::{self, CLEAR, ERASED, SEALED},
};
use serde_json::{Map, Value};

use crate::{
    LogEvent, MasterKey, StreamId,
    keys::{DataKey, stream_key_id},
};

/// An event of any aggregate that this binary knows.
#[derive(Clone, Debug, PartialEq)]
pub enum AnyEvent {
    /// An event of a case.
    Case {
        /// The case.
        case_id: CaseId,
        /// What happened to it.
        event: CaseEvent,
    },
}

/// Why bytes are no event.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// A type that this binary does not know: a newer one wrote it.
    #[error(
        "the event type {event_type} of {aggregate_type} is unknown here: a newer casestream wrote it, run that one"
    )]
    UnknownType {
        /// The kind of aggregate.
        aggregate_type: String,
        /// The event's type.
        event_type: String,
    },
    /// A version of a type that this binary does not know.
    #[error(
        "version {event_version} of the event type {event_type} is unknown here: a newer casestream wrote it, run that one"
    )]
    UnknownVersion {
        /// The event's type.
        event_type: String,
        /// Its version.
        event_version: String,
    },
    /// A known type whose bytes do not fit.
    #[error("the event's content is damaged: {reason}")]
    Damaged {
        /// What does not fit.
        reason: String,
    },
}

/// A new key, as it goes into the table of keys.
#[derive(Debug)]
pub struct NewKey {
    /// The key.
    pub key_id: KeyId,
    /// Whose text it seals; none for a stream's own key.
    pub subject: Option<PersonId>,
    /// The key above it; none where that is the master key.
    pub wrapped_by: Option<KeyId>,
    /// Its wrapped form.
    pub wrapped: Vec<u8>,
}

/// The opened keys of one stream.
#[derive(Default)]
pub struct StreamKeys {
    texts: HashMap<KeyId, DataKey>,
}

/// Seals, opens and upcasts.
#[derive(Clone)]
pub struct Codec {
    master: Arc<MasterKey>,
    upcasters: Arc<Vec<Box<dyn EventUpcaster>>>,
}

impl Codec {
    /// A codec under a master key.
    #[must_use]
    pub fn new(master: Arc<MasterKey>) -> Self {
        Self::with_upcasters(master, vec![])
    }

    /// A codec that brings old versions of events up to date, in the order given.
    #[must_use]
    pub fn with_upcasters(master: Arc<MasterKey>, upcasters: Vec<Box<dyn EventUpcaster>>) -> Self {
        Self { master, upcasters: Arc::new(upcasters) }
    }

    pub(crate) fn master(&self) -> &MasterKey {
        &self.master
    }

    /// The payload of an event as it is stored, and the keys made for it.
    ///
    /// # Errors
    /// [`DecodeError::Damaged`] when the event does not serialise, or carries a text that was erased.
    pub(crate) fn encode<E: DomainEvent>(
        &self,
        stream: &StreamId,
        stream_key: &DataKey,
        event: &E,
    ) -> Result<(String, Vec<NewKey>), DecodeError> {
        let mut value = sealed::expose(|| serde_json::to_value(event)).map_err(damaged)?;
        let mut new_keys = vec![];
        walk(&mut value, &mut |object| seal(stream, stream_key, object, &mut new_keys))?;
        Ok((value.to_string(), new_keys))
    }

    /// Opens the wrapped keys of a stream, as `(key, wrapped form)`. A key that does not open counts as destroyed.
    #[must_use]
    pub(crate) fn open_keys<'a>(
        &self,
        stream: &StreamId,
        wrapped: impl IntoIterator<Item = (KeyId, &'a [u8])> + Clone,
    ) -> StreamKeys {
        let own = stream_key_id(stream);
        let stream_key = wrapped
            .clone()
            .into_iter()
            .find(|(id, _)| *id == own)
            .and_then(|(_, wrapped)| self.master.open_stream_key(stream, wrapped));
        let Some(stream_key) = stream_key else { return StreamKeys::default() };
        let texts = wrapped
            .into_iter()
            .filter(|(id, _)| *id != own)
            .filter_map(|(id, wrapped)| Some((id, stream_key.open_text_key(id, wrapped)?)));
        StreamKeys { texts: texts.collect() }
    }

    /// Reads an event; its texts are clear where `keys` has their key, and erased elsewhere.
    pub(crate) fn decode<E: LogEvent>(
        &self,
        stream: &StreamId,
        event_type: &str,
        event_version: &str,
        payload: &str,
        keys: &StreamKeys,
    ) -> Result<E, DecodeError> {
        let newest = E::known_version(event_type).ok_or_else(|| DecodeError::UnknownType {
            aggregate_type: stream.aggregate_type.clone(),
            event_type: event_type.to_owned(),
        })?;
        if keys.texts.is_empty() && self.upcasters.is_empty() && event_version == newest {
            return serde_json::from_str(payload).map_err(damaged);
        }
        let mut value: Value = serde_json::from_str(payload).map_err(damaged)?;
        walk(&mut value, &mut |object| open(stream, keys, object))?;
        let (value, version) = self.upcast(stream, event_type, event_version, value);
        if version != newest {
            return Err(DecodeError::UnknownVersion { event_type: event_type.to_owned(), event_version: version });
        }
        serde_json::from_value(value).map_err(damaged)
    }

    /// Reads an event of whatever aggregate.
    pub(crate) fn decode_any(
        &self,
        stream: &StreamId,
        event_type: &str,
        event_version: &str,
        payload: &str,
        keys: &StreamKeys,
    ) -> Result<AnyEvent, DecodeError> {
        use cqrs_es::Aggregate;
        if stream.aggregate_type != Case::TYPE {
            return Err(DecodeError::UnknownType {
                aggregate_type: stream.aggregate_type.clone(),
                event_type: event_type.to_owned(),
            });
        }
        let case_id = stream.aggregate_id.parse().map_err(damaged)?;
        let event = self.decode(stream, event_type, event_version, payload, keys)?;
        Ok(AnyEvent::Case { case_id, event })
    }

    /// A stored payload with its texts opened, for those who read the raw log.
    pub(crate) fn open_payload(
        &self,
        stream: &StreamId,
        payload: &str,
        keys: &StreamKeys,
    ) -> Result<Value, DecodeError> {
        let mut value: Value = serde_json::from_str(payload).map_err(damaged)?;
        walk(&mut value, &mut |object| open(stream, keys, object))?;
        Ok(value)
    }

    fn upcast(&self, stream: &StreamId, event_type: &str, event_version: &str, payload: Value) -> (Value, String) {
        let event = SerializedEvent {
            aggregate_id: stream.aggregate_id.clone(),
            sequence: 0,
            aggregate_type: stream.aggregate_type.clone(),
            event_type: event_type.to_owned(),
            event_version: event_version.to_owned(),
            payload,
            metadata: Value::Null,
        };
        let newest = self.upcasters.iter().fold(event, |event, upcaster| {
            if upcaster.can_upcast(&event.event_type, &event.event_version) { upcaster.upcast(event) } else { event }
        });
        (newest.payload, newest.event_version)
    }
}

/// Visits every sealed value of a payload: the objects that have a `key` and a `subject` beside their form.
fn walk(
    value: &mut Value,
    visit: &mut impl FnMut(&mut Map<String, Value>) -> Result<(), DecodeError>,
) -> Result<(), DecodeError> {
    match value {
        Value::Object(object) if object.contains_key("key") && object.contains_key("subject") => visit(object),
        Value::Object(object) => object.values_mut().try_for_each(|value| walk(value, visit)),
        Value::Array(items) => items.iter_mut().try_for_each(|value| walk(value, visit)),
        _ => Ok(()),
    }
}

fn seal(
    stream: &StreamId,
    stream_key: &DataKey,
    object: &mut Map<String, Value>,
    new_keys: &mut Vec<NewKey>,
) -> Result<(), DecodeError> {
    let clear = object.remove(CLEAR).ok_or_else(|| damaged("an erased text cannot be written"))?;
    let key_id: KeyId = field(object, "key")?;
    let subject: PersonId = field(object, "subject")?;
    let (key, wrapped) = stream_key.new_text_key(key_id);
    let sealed = key.seal(&place(stream, key_id), clear.to_string().as_bytes());
    object.insert(SEALED.to_owned(), Value::String(BASE64.encode(sealed)));
    new_keys.push(NewKey { key_id, subject: Some(subject), wrapped_by: Some(stream_key_id(stream)), wrapped });
    Ok(())
}

fn open(stream: &StreamId, keys: &StreamKeys, object: &mut Map<String, Value>) -> Result<(), DecodeError> {
    let Some(Value::String(sealed)) = object.remove(SEALED) else {
        return Err(damaged("a sealed text without its ciphertext"));
    };
    let key_id: KeyId = field(object, "key")?;
    match keys.texts.get(&key_id) {
        None => {
            object.insert(ERASED.to_owned(), Value::Bool(true));
        }
        Some(key) => {
            let sealed = BASE64.decode(sealed).map_err(damaged)?;
            let clear = key
                .open(&place(stream, key_id), &sealed)
                .ok_or_else(|| damaged("a sealed text does not open with its key"))?;
            object.insert(CLEAR.to_owned(), serde_json::from_slice(&clear).map_err(damaged)?);
        }
    }
    Ok(())
}

/// What a sealed text is bound to.
fn place(stream: &StreamId, key_id: KeyId) -> Vec<u8> {
    [stream.to_string().as_bytes(), b"\0", key_id.0.as_bytes()].concat()
}

fn field<T: serde::de::DeserializeOwned>(object: &Map<String, Value>, name: &str) -> Result<T, DecodeError> {
    serde_json::from_value(object.get(name).cloned().unwrap_or_default()).map_err(damaged)
}

fn damaged(reason: impl std::fmt::Display) -> DecodeError {
    DecodeError::Damaged { reason: reason.to_string() }
}
