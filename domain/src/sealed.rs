//! Text that may be forgotten: clear in memory, ciphertext in the log, gone once its key is.
//!
//! The rules handle [`Sealed`] values without ever seeing a key. Serialising the clear form is an error unless the
//! codec of the event log does it, inside [`expose`]: a write path that knows nothing of sealing fails closed
//! instead of storing a customer's words in the open.

use std::{cell::Cell, fmt};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::IgnoredAny, ser::SerializeStruct};

use crate::{KeyId, PersonId};

/// A value under a key of its own, belonging to one person.
#[derive(Clone, PartialEq, Eq)]
pub enum Sealed<T> {
    /// Readable: just written, or opened with its key.
    Clear {
        /// The key that seals the value in the log.
        key: KeyId,
        /// Whose words or data these are; erasing the person drops the key.
        subject: PersonId,
        /// The value itself.
        value: T,
    },
    /// The key is gone, and with it the value, in every copy of the log that lacks the key.
    Erased {
        /// The key that sealed the value.
        key: KeyId,
        /// Whose words or data these were.
        subject: PersonId,
    },
}

impl<T> Sealed<T> {
    /// Puts a value under a key.
    pub fn new(key: KeyId, subject: PersonId, value: T) -> Self {
        Self::Clear { key, subject, value }
    }

    /// The value, unless it was erased.
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Clear { value, .. } => Some(value),
            Self::Erased { .. } => None,
        }
    }

    /// The key that seals the value.
    pub fn key(&self) -> KeyId {
        match self {
            Self::Clear { key, .. } | Self::Erased { key, .. } => *key,
        }
    }

    /// Whose words or data these are.
    pub fn subject(&self) -> PersonId {
        match self {
            Self::Clear { subject, .. } | Self::Erased { subject, .. } => *subject,
        }
    }
}

/// Never shows the value: a sealed text must not reach a log line by way of `{:?}`.
impl<T> fmt::Debug for Sealed<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let form = match self {
            Self::Clear { .. } => "clear",
            Self::Erased { .. } => "erased",
        };
        write!(f, "Sealed({form}, key {})", self.key())
    }
}

thread_local! {
    static EXPOSED: Cell<bool> = const { Cell::new(false) };
}

/// Lets clear values be serialised while `work` runs, on this thread. For the codec of the event log alone.
pub fn expose<R>(work: impl FnOnce() -> R) -> R {
    struct Restore(bool);
    impl Drop for Restore {
        fn drop(&mut self) {
            EXPOSED.set(self.0);
        }
    }
    let _restore = Restore(EXPOSED.replace(true));
    work()
}

/// The field that marks a sealed value in its clear form.
pub const CLEAR: &str = "clear";
/// The field that marks a sealed value in its stored form: ciphertext in Base64.
pub const SEALED: &str = "sealed";
/// The field that marks a sealed value whose key is gone.
pub const ERASED: &str = "erased";

impl<T: Serialize> Serialize for Sealed<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut form = serializer.serialize_struct("Sealed", 3)?;
        match self {
            Self::Clear { value, .. } if EXPOSED.get() => form.serialize_field(CLEAR, value)?,
            Self::Clear { .. } => {
                return Err(serde::ser::Error::custom(
                    "a clear text may only be written by the codec of the event log, which seals it",
                ));
            }
            Self::Erased { .. } => form.serialize_field(ERASED, &true)?,
        }
        form.serialize_field("key", &self.key())?;
        form.serialize_field("subject", &self.subject())?;
        form.end()
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Sealed<T> {
    /// Reads any of the three forms; a stored one that nobody opened is as good as erased.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(bound = "T: Deserialize<'de>")]
        struct Form<T> {
            clear: Option<T>,
            #[serde(rename = "sealed")]
            _sealed: Option<IgnoredAny>,
            key: KeyId,
            subject: PersonId,
        }
        let Form { clear, key, subject, .. } = Form::<T>::deserialize(deserializer)?;
        Ok(match clear {
            Some(value) => Self::Clear { key, subject, value },
            None => Self::Erased { key, subject },
        })
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn sealed() -> Sealed<String> {
        Sealed::new(KeyId(Uuid::from_u128(1)), PersonId(Uuid::from_u128(2)), "my line is dead".to_owned())
    }

    #[test]
    fn plain_serialisation_of_a_clear_text_is_refused() {
        let error = serde_json::to_string(&sealed()).expect_err("must fail closed");
        assert!(error.to_string().contains("event log"), "{error}");
    }

    #[test]
    fn the_codec_may_write_it_and_reads_it_back() {
        let text = expose(|| serde_json::to_string(&sealed())).expect("exposed");
        assert_eq!(serde_json::from_str::<Sealed<String>>(&text).expect("readable"), sealed());
        serde_json::to_string(&sealed()).expect_err("exposure ends with the closure");
    }

    #[test]
    fn a_form_that_nobody_opened_reads_as_erased() {
        let stored = r#"{"sealed":"AAAA","key":"00000000-0000-0000-0000-000000000001","subject":"00000000-0000-0000-0000-000000000002"}"#;
        let text: Sealed<String> = serde_json::from_str(stored).expect("readable");
        assert_eq!(text.value(), None);
        assert_eq!(text.key(), sealed().key());
    }

    #[test]
    fn debug_shows_no_text() {
        assert!(!format!("{:?}", sealed()).contains("dead"));
    }
}
