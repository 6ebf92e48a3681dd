//! Secrets in inputs: strings to clients, and to us something that `{:?}` does not show and that is overwritten when dropped.

use std::borrow::Cow;

use async_graphql::{InputType, InputValueError, InputValueResult, Value, registry::Registry};

use crate::identity::Secret;

/// The most characters of anything secret that is sent: more is no password, code, answer or token.
const MAX_CHARS: usize = 4_096;

impl InputType for Secret {
    type RawValueType = Self;

    fn type_name() -> Cow<'static, str> {
        <String as InputType>::type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        <String as InputType>::create_type_info(registry)
    }

    fn parse(value: Option<Value>) -> InputValueResult<Self> {
        match value {
            Some(Value::String(text)) if text.len() <= MAX_CHARS => Ok(Self::new(text)),
            // What was sent is not repeated: it may be a password all the same.
            Some(Value::String(_)) => Err(InputValueError::custom(format!("more than {MAX_CHARS} bytes"))),
            _ => Err(InputValueError::custom("a string is expected")),
        }
    }

    fn to_value(&self) -> Value {
        Value::Null
    }

    fn as_raw_value(&self) -> Option<&Self::RawValueType> {
        Some(self)
    }
}
