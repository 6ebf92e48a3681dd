//! Opaque values handed to clients and taken back: cursors and versions.
//!
//! Encrypted and authenticated, so that they say nothing and cannot be made up; deterministic, so that the same
//! version of a case is the same text each time. The nonce is a MAC of the content (the construction of SIV,
//! RFC 5297, with AES-256-GCM): equal nonces only ever meet equal contents.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use event_log::MasterKey;
use ring::{
    aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey},
    hmac,
};
use serde::{Serialize, de::DeserializeOwned};

/// Seals and opens opaque values.
pub struct Opaque {
    cipher: LessSafeKey,
    nonces: hmac::Key,
}

/// A value that was not made here, or for something else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this value was not made by this service for this use")]
pub struct NotOurs;

impl Opaque {
    /// Derives the keys from the master key.
    #[must_use]
    pub fn new(master: &MasterKey) -> Self {
        let key = UnboundKey::new(&AES_256_GCM, &master.derive("opaque values")).expect("a key of the cipher's length");
        Self {
            cipher: LessSafeKey::new(key),
            nonces: hmac::Key::new(hmac::HMAC_SHA256, &master.derive("opaque nonces")),
        }
    }

    /// Makes the opaque form of a value, good for one use.
    #[must_use]
    pub fn seal(&self, purpose: &str, value: &impl Serialize) -> String {
        let mut content = serde_json::to_vec(value).expect("cursors and versions are plain data");
        let nonce = self.nonce(purpose, &content);
        self.cipher
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(purpose.as_bytes()), &mut content)
            .expect("cursors and versions are short");
        BASE64.encode([nonce.as_slice(), &content].concat())
    }

    /// Opens the opaque form of a value made for this use.
    ///
    /// # Errors
    /// [`NotOurs`].
    pub fn open<T: DeserializeOwned>(&self, purpose: &str, text: &str) -> Result<T, NotOurs> {
        let bytes = BASE64.decode(text).map_err(|_| NotOurs)?;
        let (nonce, content) = bytes.split_at_checked(NONCE_LEN).ok_or(NotOurs)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| NotOurs)?;
        let mut content = content.to_vec();
        let content =
            self.cipher.open_in_place(nonce, Aad::from(purpose.as_bytes()), &mut content).map_err(|_| NotOurs)?;
        serde_json::from_slice(content).map_err(|_| NotOurs)
    }

    fn nonce(&self, purpose: &str, content: &[u8]) -> [u8; NONCE_LEN] {
        let mut context = hmac::Context::with_key(&self.nonces);
        context.update(&(purpose.len() as u64).to_be_bytes());
        context.update(purpose.as_bytes());
        context.update(content);
        context.sign().as_ref()[..NONCE_LEN].try_into().expect("a MAC is longer than a nonce")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_opens_for_its_use_alone_and_only_unaltered() {
        let opaque = Opaque::new(&MasterKey::generate());
        let text = opaque.seal("version", &("case", 7));
        assert_eq!(text, opaque.seal("version", &("case", 7)));
        assert_eq!(opaque.open("version", &text), Ok(("case".to_owned(), 7)));
        assert_eq!(opaque.open::<(String, i32)>("cursor", &text), Err(NotOurs));
        assert_eq!(opaque.open::<(String, i32)>("version", ""), Err(NotOurs));
        let mut altered = text.into_bytes();
        altered[20] = if altered[20] == b'A' { b'B' } else { b'A' };
        let altered = String::from_utf8(altered).expect("ASCII");
        assert_eq!(opaque.open::<(String, i32)>("version", &altered), Err(NotOurs));
    }
}
