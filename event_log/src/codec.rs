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
    AccessRequestId, AccountId, CaseId, KeyId, PersonId,
    access_request::{AccessRequest, AccessRequestEvent},
    account::{Account, AccountEvent},
    case::{Case, CaseEvent},
    person::{Person, PersonEvent},
    sealed::{self, CLEAR, ERASED, SEALED},
    settings::{Section, Settings, SettingsEvent},
    user::{User, UserEvent},
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
    /// An event of an account.
    Account {
        /// The account.
        account_id: AccountId,
        /// What happened to it.
        event: AccountEvent,
    },
    /// An event of a person.
    Person {
        /// The person.
        person_id: PersonId,
        /// What happened to them.
        event: PersonEvent,
    },
    /// An event of the settings.
    Settings {
        /// The section.
        section: Section,
        /// What happened to it.
        event: SettingsEvent,
    },
    /// An event of a request for access.
    AccessRequest {
        /// The request.
        request_id: AccessRequestId,
        /// What happened to it.
        event: AccessRequestEvent,
    },
    /// An event of a portal user.
    User {
        /// The person whose it is.
        person_id: PersonId,
        /// What happened to it.
        event: UserEvent,
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
    /// The event that holds the text; 0 for a stream's own key.
    pub sequence: i64,
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

    /// The payload of an event as it is stored at its place in the stream, and the keys made for it.
    ///
    /// # Errors
    /// [`DecodeError::Damaged`] when the event does not serialise, or carries a text that was erased.
    pub(crate) fn encode<E: DomainEvent>(
        stream: &StreamId,
        stream_key: &DataKey,
        sequence: i64,
        event: &E,
    ) -> Result<(String, Vec<NewKey>), DecodeError> {
        let mut value = sealed::expose(|| serde_json::to_value(event)).map_err(damaged)?;
        let mut new_keys = vec![];
        walk(&mut value, &mut |object| {
            new_keys.push(seal(stream, stream_key, sequence, object)?);
            Ok(())
        })?;
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
            .filter_map(|(id, wrapped)| Some((id, stream_key.unwrap_key(id, wrapped)?)));
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
        match stream.aggregate_type.as_str() {
            Case::TYPE => {
                let case_id = stream.aggregate_id.parse().map_err(damaged)?;
                let event = self.decode(stream, event_type, event_version, payload, keys)?;
                Ok(AnyEvent::Case { case_id, event })
            }
            Account::TYPE => {
                let account_id = stream.aggregate_id.parse().map_err(damaged)?;
                let event = self.decode(stream, event_type, event_version, payload, keys)?;
                Ok(AnyEvent::Account { account_id, event })
            }
            Person::TYPE => {
                let person_id = stream.aggregate_id.parse().map_err(damaged)?;
                let event = self.decode(stream, event_type, event_version, payload, keys)?;
                Ok(AnyEvent::Person { person_id, event })
            }
            Settings::TYPE => {
                let section = stream.aggregate_id.parse().map_err(damaged)?;
                let event = self.decode(stream, event_type, event_version, payload, keys)?;
                Ok(AnyEvent::Settings { section, event })
            }
            AccessRequest::TYPE => {
                let request_id = stream.aggregate_id.parse().map_err(damaged)?;
                let event = self.decode(stream, event_type, event_version, payload, keys)?;
                Ok(AnyEvent::AccessRequest { request_id, event })
            }
            User::TYPE => {
                let person_id = stream.aggregate_id.parse().map_err(damaged)?;
                let event = self.decode(stream, event_type, event_version, payload, keys)?;
                Ok(AnyEvent::User { person_id, event })
            }
            _ => Err(DecodeError::UnknownType {
                aggregate_type: stream.aggregate_type.clone(),
                event_type: event_type.to_owned(),
            }),
        }
    }

    /// A stored payload with its texts opened, for those who read the raw log.
    pub(crate) fn open_payload(stream: &StreamId, payload: &str, keys: &StreamKeys) -> Result<Value, DecodeError> {
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

/// Whether a stored payload may hold a sealed text.
pub(crate) fn has_texts(payload: &str) -> bool {
    payload.contains(SEALED)
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
    sequence: i64,
    object: &mut Map<String, Value>,
) -> Result<NewKey, DecodeError> {
    let clear = object.remove(CLEAR).ok_or_else(|| damaged("an erased text cannot be written"))?;
    let key_id: KeyId = field(object, "key")?;
    let subject: PersonId = field(object, "subject")?;
    let (key, wrapped) = stream_key.new_text_key(key_id);
    let sealed = key.seal(&place(stream, key_id), clear.to_string().as_bytes());
    object.insert(SEALED.to_owned(), Value::String(BASE64.encode(sealed)));
    Ok(NewKey { sequence, key_id, subject: Some(subject), wrapped_by: Some(stream_key_id(stream)), wrapped })
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

#[cfg(test)]
mod tests {
    use domain::{MessageId, PlainText, Sealed, Side, Timestamp, case::CaseFact};
    use uuid::Uuid;

    use super::*;

    const WORDS: &str = "no dial tone";

    fn stream(id: &str) -> StreamId {
        StreamId { aggregate_type: "case".into(), aggregate_id: id.into() }
    }

    fn posted() -> CaseEvent {
        let author = PersonId(Uuid::from_u128(1));
        let words = PlainText::parse(WORDS, 100).expect("a text");
        let body = Sealed::new(KeyId(Uuid::from_u128(2)), author, words);
        let message = MessageId(Uuid::from_u128(3));
        let fact = CaseFact::MessagePosted { message, author, side: Side::Customer, body, written_at: None };
        CaseEvent { occurred_at: Timestamp::UNIX_EPOCH, fact }
    }

    /// A stored message of stream `a`, and all keys of that stream as stored.
    fn stored(codec: &Codec) -> (String, Vec<(KeyId, Vec<u8>)>) {
        let (stream_key, wrapped) = codec.master().new_stream_key(&stream("a"));
        let (payload, new_keys) = Codec::encode(&stream("a"), &stream_key, 1, &posted()).expect("a clear event");
        let mut keys: Vec<_> = new_keys.into_iter().map(|key| (key.key_id, key.wrapped)).collect();
        keys.push((stream_key_id(&stream("a")), wrapped));
        (payload, keys)
    }

    fn codec() -> Codec {
        Codec::new(Arc::new(MasterKey::generate()))
    }

    fn open(codec: &Codec, stream: &StreamId, keys: &[(KeyId, Vec<u8>)]) -> StreamKeys {
        codec.open_keys(stream, keys.iter().map(|(id, wrapped)| (*id, wrapped.as_slice())))
    }

    fn decode(codec: &Codec, stream: &StreamId, payload: &str, keys: &StreamKeys) -> Result<CaseEvent, DecodeError> {
        codec.decode(stream, "MessagePosted", "1", payload, keys)
    }

    #[test]
    fn a_stored_event_has_no_words_and_opens_with_its_keys() {
        let codec = codec();
        let (payload, keys) = stored(&codec);
        assert!(!payload.contains(WORDS) && !payload.contains(CLEAR), "{payload}");
        let keys = open(&codec, &stream("a"), &keys);
        assert_eq!(decode(&codec, &stream("a"), &payload, &keys), Ok(posted()));
        let raw = Codec::open_payload(&stream("a"), &payload, &keys).expect("readable");
        assert_eq!(raw["fact"]["MessagePosted"]["body"][CLEAR], WORDS);
    }

    #[test]
    fn without_its_key_a_text_is_erased_and_cannot_be_written_again() {
        let codec = codec();
        let (payload, keys) = stored(&codec);
        let erased = decode(&codec, &stream("a"), &payload, &StreamKeys::default()).expect("readable");
        let CaseFact::MessagePosted { body, .. } = &erased.fact else { panic!("another fact") };
        assert_eq!(body.value(), None);
        // One text's key is gone, another's is there.
        let mut keys = open(&codec, &stream("a"), &keys);
        let (_, key) = keys.texts.drain().next().expect("one key");
        keys.texts.insert(KeyId(Uuid::from_u128(9)), key);
        assert_eq!(decode(&codec, &stream("a"), &payload, &keys), Ok(erased.clone()));

        let (stream_key, _) = codec.master().new_stream_key(&stream("a"));
        let refusal = Codec::encode(&stream("a"), &stream_key, 1, &erased).expect_err("erased");
        assert!(refusal.to_string().contains("an erased text cannot be written"), "{refusal}");
    }

    #[test]
    fn a_ciphertext_that_was_moved_or_altered_is_damage_and_not_an_erasure() {
        let codec = codec();
        let (payload, keys) = stored(&codec);
        let keys = open(&codec, &stream("a"), &keys);
        let damage = DecodeError::Damaged { reason: "a sealed text does not open with its key".into() };
        assert_eq!(decode(&codec, &stream("b"), &payload, &keys), Err(damage.clone()));
        let mut value: Value = serde_json::from_str(&payload).expect("json");
        let body = &mut value["fact"]["MessagePosted"]["body"];
        body[SEALED] = Value::String(BASE64.encode([0; 40]));
        assert_eq!(decode(&codec, &stream("a"), &value.to_string(), &keys), Err(damage));
    }

    #[test]
    fn what_a_newer_binary_wrote_is_refused_by_name() {
        let decode = |event_type: &str, version: &str| {
            codec().decode::<CaseEvent>(&stream("a"), event_type, version, "{}", &StreamKeys::default())
        };
        let unknown_type = DecodeError::UnknownType { aggregate_type: "case".into(), event_type: "Teleported".into() };
        assert_eq!(decode("Teleported", "1"), Err(unknown_type));
        let unknown_version = DecodeError::UnknownVersion { event_type: "TakenUp".into(), event_version: "2".into() };
        assert_eq!(decode("TakenUp", "2"), Err(unknown_version));
        assert!(matches!(decode("TakenUp", "1"), Err(DecodeError::Damaged { .. })));
    }

    /// Version 0 of `MessagePosted` called the text `words`.
    struct FromZero;

    impl EventUpcaster for FromZero {
        fn can_upcast(&self, event_type: &str, event_version: &str) -> bool {
            (event_type, event_version) == ("MessagePosted", "0")
        }

        fn upcast(&self, mut event: SerializedEvent) -> SerializedEvent {
            let fact = event.payload["fact"]["MessagePosted"].as_object_mut().expect("a fact");
            let words = fact.remove("words").expect("version 0");
            assert!(words.get(SEALED).is_none(), "texts are opened before they are brought up to date");
            fact.insert("body".into(), words);
            event.event_version = "1".into();
            event
        }
    }

    #[test]
    fn an_old_version_is_brought_up_to_date() {
        let codec = Codec::with_upcasters(Arc::new(MasterKey::generate()), vec![Box::new(FromZero)]);
        let (payload, keys) = stored(&codec);
        let old = payload.replace("\"body\"", "\"words\"");
        for keys in [open(&codec, &stream("a"), &keys), StreamKeys::default()] {
            let read = codec.decode::<CaseEvent>(&stream("a"), "MessagePosted", "0", &old, &keys).expect("readable");
            assert_eq!(read, decode(&codec, &stream("a"), &payload, &keys).expect("readable"));
        }
    }

    #[test]
    fn an_event_of_an_unknown_aggregate_is_refused_by_name() {
        let codec = codec();
        let stream = StreamId { aggregate_type: "spaceship".into(), aggregate_id: "a".into() };
        let refusal = codec.decode_any(&stream, "Launched", "1", "{}", &StreamKeys::default()).expect_err("unknown");
        assert!(refusal.to_string().contains("spaceship"), "{refusal}");
    }
}
