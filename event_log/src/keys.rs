//! Keys: one master key outside the database, a key for each stream under it, a key for each text under that.
//!
//! AES-256-GCM (NIST SP 800-38D) with random 96-bit nonces seals; HMAC-SHA-256 (RFC 2104) derives and compares.
//! A wrapped or sealed value is `nonce || ciphertext || tag`. What is sealed is bound to its place by the additional
//! data, so that a ciphertext moved to another stream or key does not open.

use std::fmt;

use domain::{Fingerprint, KeyId};
use ring::{
    aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey},
    hmac,
    rand::{SecureRandom, SystemRandom},
};
use uuid::Uuid;
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::StreamId;

/// Bytes of a key.
pub const KEY_BYTES: usize = 32;

/// The key above all keys. Kept outside the database; without it no text of the log can be read.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct MasterKey {
    bytes: [u8; KEY_BYTES],
}

impl MasterKey {
    /// A new key from the system's random source.
    ///
    /// # Panics
    /// When the system has no random source.
    #[must_use]
    pub fn generate() -> Self {
        Self { bytes: random() }
    }

    /// The key that is made of these bytes.
    #[must_use]
    pub fn from_bytes(bytes: [u8; KEY_BYTES]) -> Self {
        Self { bytes }
    }

    /// A key for one purpose, from which neither the master key nor any other purpose's follows.
    #[must_use]
    pub fn derive(&self, purpose: &str) -> [u8; KEY_BYTES] {
        mac(&self.bytes, &[b"casestream", purpose.as_bytes()])
    }

    /// A keyed hash of a value, in hexadecimal digits.
    #[must_use]
    pub fn fingerprint(&self, kind: &str, value: &str) -> Fingerprint {
        Fingerprint(hex::encode(mac(&self.derive("fingerprint"), &[kind.as_bytes(), value.as_bytes()])))
    }

    /// A keyed hash that tells whether two requests are the same.
    #[must_use]
    pub(crate) fn request_hash(&self, request: &[u8]) -> [u8; KEY_BYTES] {
        mac(&self.derive("request"), &[request])
    }

    /// What is kept in the database to recognise the key, and tells nothing else of it.
    pub(crate) fn check_value(&self) -> [u8; KEY_BYTES] {
        self.derive("check value")
    }

    /// Makes a key for a new stream, and its wrapped form.
    pub(crate) fn new_stream_key(&self, stream: &StreamId) -> (DataKey, Vec<u8>) {
        let key = DataKey { bytes: random() };
        let wrapped = self.wrapping().seal(stream_key_id(stream).0.as_bytes(), &key.bytes);
        (key, wrapped)
    }

    /// Opens a stream's key.
    pub(crate) fn open_stream_key(&self, stream: &StreamId, wrapped: &[u8]) -> Option<DataKey> {
        self.wrapping().unwrap_key(stream_key_id(stream), wrapped)
    }

    fn wrapping(&self) -> DataKey {
        DataKey { bytes: self.derive("wrap stream keys") }
    }
}

impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MasterKey(redacted)")
    }
}

/// The id of a stream's own key, which follows from the stream's name: two writers who both make it collide.
#[must_use]
pub fn stream_key_id(stream: &StreamId) -> KeyId {
    const NAMESPACE: Uuid = Uuid::from_u128(0x6d1a_3f2e_90c4_4b7d_8f11_5e0c_2a9b_7744);
    KeyId(Uuid::new_v5(&NAMESPACE, stream.to_string().as_bytes()))
}

/// A key that seals one text or file, or wraps the keys of one stream.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct DataKey {
    bytes: [u8; KEY_BYTES],
}

impl DataKey {
    /// A new key from the system's random source, for a file, whose bytes come before the event that tells of it.
    ///
    /// # Panics
    /// When the system has no random source.
    #[must_use]
    pub fn generate() -> Self {
        Self { bytes: random() }
    }

    /// The key that is made of these bytes.
    #[must_use]
    pub fn from_bytes(bytes: [u8; KEY_BYTES]) -> Self {
        Self { bytes }
    }

    /// Wraps another key, which opens under its own id alone.
    #[must_use]
    pub fn wrap(&self, id: KeyId, key: &Self) -> Vec<u8> {
        self.seal(id.0.as_bytes(), &key.bytes)
    }

    /// Makes a key for a text, and its form wrapped by this one.
    pub(crate) fn new_text_key(&self, id: KeyId) -> (DataKey, Vec<u8>) {
        let key = Self::generate();
        let wrapped = self.wrap(id, &key);
        (key, wrapped)
    }

    /// Opens a key that this one wraps; nothing when it was wrapped by another, or under another id.
    #[must_use]
    pub fn unwrap_key(&self, id: KeyId, wrapped: &[u8]) -> Option<DataKey> {
        let mut opened = self.open(id.0.as_bytes(), wrapped)?;
        let bytes = opened.as_slice().try_into().ok();
        opened.zeroize();
        bytes.map(Self::from_bytes)
    }

    /// Seals bytes, bound to `place`.
    #[must_use]
    pub fn seal(&self, place: &[u8], clear: &[u8]) -> Vec<u8> {
        let nonce: [u8; NONCE_LEN] = random();
        let mut sealed = Vec::with_capacity(NONCE_LEN + clear.len() + AES_256_GCM.tag_len());
        sealed.extend_from_slice(&nonce);
        let mut ciphertext = clear.to_vec();
        self.cipher()
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(place), &mut ciphertext)
            .expect("texts are far below the cipher's limit of 64 GiB");
        sealed.append(&mut ciphertext);
        sealed
    }

    /// Opens bytes that were sealed for `place`; nothing when key, place or bytes are others.
    #[must_use]
    pub fn open(&self, place: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
        let (nonce, ciphertext) = sealed.split_at_checked(NONCE_LEN)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let mut buffer = ciphertext.to_vec();
        let length = self.cipher().open_in_place(nonce, Aad::from(place), &mut buffer).ok()?.len();
        buffer.truncate(length);
        Some(buffer)
    }

    /// The cipher under this key, for bytes that are sealed piece by piece.
    #[must_use]
    pub fn cipher(&self) -> LessSafeKey {
        let key = UnboundKey::new(&AES_256_GCM, &self.bytes).expect("a key of the cipher's length");
        LessSafeKey::new(key)
    }
}

impl fmt::Debug for DataKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DataKey(redacted)")
    }
}

/// HMAC-SHA-256 over length-prefixed parts, so that no two lists of parts are the same bytes.
fn mac(key: &[u8], parts: &[&[u8]]) -> [u8; KEY_BYTES] {
    let key = hmac::Key::new(hmac::HMAC_SHA256, key);
    let mut context = hmac::Context::with_key(&key);
    for part in parts {
        context.update(&(part.len() as u64).to_be_bytes());
        context.update(part);
    }
    context.sign().as_ref().try_into().expect("HMAC-SHA-256 is 32 bytes long")
}

pub(crate) fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    SystemRandom::new().fill(&mut bytes).expect("the system has a random source");
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stream(id: &str) -> StreamId {
        StreamId { aggregate_type: "case".into(), aggregate_id: id.into() }
    }

    #[test]
    fn a_stream_key_opens_for_its_stream_alone() {
        let master = MasterKey::generate();
        let (_, wrapped) = master.new_stream_key(&stream("a"));
        assert!(master.open_stream_key(&stream("a"), &wrapped).is_some());
        assert!(master.open_stream_key(&stream("b"), &wrapped).is_none());
        assert!(MasterKey::generate().open_stream_key(&stream("a"), &wrapped).is_none());
    }

    #[test]
    fn a_sealed_text_opens_in_its_place_alone_and_not_when_a_bit_flips() {
        let master = MasterKey::generate();
        let (key, _) = master.new_stream_key(&stream("a"));
        let mut sealed = key.seal(b"here", b"dial tone");
        assert_eq!(key.open(b"here", &sealed).as_deref(), Some(b"dial tone".as_slice()));
        assert_eq!(key.open(b"there", &sealed), None);
        let last = sealed.len() - 1;
        sealed[last] ^= 1;
        assert_eq!(key.open(b"here", &sealed), None);
        assert_eq!(key.open(b"here", b"short"), None);
    }

    #[test]
    fn a_master_key_shows_nowhere() {
        assert_eq!(format!("{:?}", MasterKey::from_bytes([7; KEY_BYTES])), "MasterKey(redacted)");
    }

    #[test]
    fn fingerprints_differ_by_key_kind_and_value() {
        let master = MasterKey::generate();
        let print = master.fingerprint("address", "ana@example.com");
        assert_eq!(print, master.fingerprint("address", "ana@example.com"));
        assert_ne!(print, master.fingerprint("addressa", "na@example.com"));
        assert_ne!(print, MasterKey::generate().fingerprint("address", "ana@example.com"));
    }
}
