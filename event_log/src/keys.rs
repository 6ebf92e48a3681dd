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
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::StreamId;

/// Bytes of a key.
pub const KEY_BYTES: usize = 32;

/// The most master keys that a database has had.
pub const MASTER_KEYS: usize = 16;

/// The keys above all keys. Kept outside the database; without them no text of the log can be read.
///
/// The first is the one that the database began with: what has to come out the same for ever is derived from it, such as the
/// fingerprints by which an address is found. Whatever is sealed is sealed under the one in use, and opens under each of them.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct MasterKey {
    keys: Vec<[u8; KEY_BYTES]>,
    in_use: usize,
}

impl MasterKey {
    /// A new key from the system's random source.
    ///
    /// # Panics
    /// When the system has no random source.
    #[must_use]
    pub fn generate() -> Self {
        Self::from_bytes(random())
    }

    /// The key that is made of these bytes.
    #[must_use]
    pub fn from_bytes(bytes: [u8; KEY_BYTES]) -> Self {
        Self { keys: vec![bytes], in_use: 0 }
    }

    /// The keys of a database that knows these fingerprints of them, the oldest first: its first key, all that it knows, and any that it
    /// is to know yet. Nothing when they are not its keys.
    #[must_use]
    pub fn of_database(keys: Vec<[u8; KEY_BYTES]>, known: &[Vec<u8>]) -> Option<Self> {
        let mut found = Self { keys, in_use: 0 };
        let checks: Vec<_> = found.keys.iter().map(check_value).collect();
        let (Some(first), Some(newest)) = (known.first(), known.last()) else { return Some(found) };
        let place = |fingerprint: &Vec<u8>| checks.iter().position(|check| check.as_slice() == fingerprint);
        if place(first) != Some(0) || known.iter().any(|fingerprint| place(fingerprint).is_none()) {
            return None;
        }
        found.in_use = place(newest)?;
        Some(found)
    }

    /// The same keys with the last one in use.
    pub(crate) fn with_last_in_use(&self) -> Self {
        Self { keys: self.keys.clone(), in_use: self.keys.len() - 1 }
    }

    /// A key for one purpose, from which neither the master key nor any other purpose's follows.
    #[must_use]
    pub fn derive(&self, purpose: &str) -> [u8; KEY_BYTES] {
        derive(&self.keys[0], purpose)
    }

    /// What seals for one purpose under the key in use, and opens what was sealed under each.
    #[must_use]
    pub fn sealing(&self, purpose: &str) -> Sealing {
        let key = |bytes: &[u8; KEY_BYTES]| DataKey { bytes: derive(bytes, purpose) };
        let others =
            self.keys.iter().enumerate().filter(|(place, _)| *place != self.in_use).map(|(_, bytes)| key(bytes));
        Sealing { in_use: key(&self.keys[self.in_use]), others: others.collect() }
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

    /// What is kept in the database to recognise the first key, and tells nothing else of it.
    pub(crate) fn check_value(&self) -> [u8; KEY_BYTES] {
        check_value(&self.keys[0])
    }

    /// The same of the key in use.
    pub(crate) fn check_value_in_use(&self) -> [u8; KEY_BYTES] {
        check_value(&self.keys[self.in_use])
    }

    /// Makes a key for a new stream, and its wrapped form.
    pub(crate) fn new_stream_key(&self, stream: &StreamId) -> (DataKey, Vec<u8>) {
        let key = DataKey { bytes: random() };
        let wrapped = self.sealing(STREAM_KEYS).wrap(stream_key_id(stream), &key);
        (key, wrapped)
    }

    /// Opens a stream's key.
    pub(crate) fn open_stream_key(&self, stream: &StreamId, wrapped: &[u8]) -> Option<DataKey> {
        self.sealing(STREAM_KEYS).unwrap_key(stream_key_id(stream), wrapped)
    }
}

/// What the keys of streams are wrapped for.
pub(crate) const STREAM_KEYS: &str = "wrap stream keys";

fn derive(key: &[u8; KEY_BYTES], purpose: &str) -> [u8; KEY_BYTES] {
    mac(key, &[b"casestream", purpose.as_bytes()])
}

fn check_value(key: &[u8; KEY_BYTES]) -> [u8; KEY_BYTES] {
    derive(key, "check value")
}

impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MasterKey(redacted)")
    }
}

/// Seals for one purpose. What it has sealed is authenticated, so what sealed it is found by trying: the key in use first.
pub struct Sealing {
    in_use: DataKey,
    others: Vec<DataKey>,
}

impl Sealing {
    /// Seals bytes under the key in use, bound to `place`.
    #[must_use]
    pub fn seal(&self, place: &[u8], clear: &[u8]) -> Vec<u8> {
        self.in_use.seal(place, clear)
    }

    /// Opens bytes that were sealed for `place`; nothing when key, place or bytes are others.
    #[must_use]
    pub fn open(&self, place: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
        self.each().find_map(|key| key.open(place, sealed))
    }

    /// Wraps a key, which opens under its own id alone.
    #[must_use]
    pub fn wrap(&self, id: KeyId, key: &DataKey) -> Vec<u8> {
        self.in_use.wrap(id, key)
    }

    /// Opens a key that was wrapped; nothing when it was wrapped by another, or under another id.
    #[must_use]
    pub fn unwrap_key(&self, id: KeyId, wrapped: &[u8]) -> Option<DataKey> {
        self.each().find_map(|key| key.unwrap_key(id, wrapped))
    }

    fn each(&self) -> impl Iterator<Item = &DataKey> {
        std::iter::once(&self.in_use).chain(&self.others)
    }

    /// The same bytes sealed under the key in use: nothing to do where they are, and nothing where no key opens them.
    pub(crate) fn seal_anew(&self, place: &[u8], sealed: &[u8]) -> Anew {
        if self.in_use.open(place, sealed).is_some_and(zeroed) {
            return Anew::AsItIs;
        }
        match self.open(place, sealed) {
            Some(clear) => {
                let clear = Zeroizing::new(clear);
                Anew::Sealed(self.seal(place, &clear))
            }
            None => Anew::Unreadable,
        }
    }
}

fn zeroed(mut clear: Vec<u8>) -> bool {
    clear.zeroize();
    true
}

impl fmt::Debug for Sealing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sealing(redacted)")
    }
}

/// What came of sealing something anew.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Anew {
    /// It was sealed under the key in use.
    AsItIs,
    /// Its new form.
    Sealed(Vec<u8>),
    /// No key opens it.
    Unreadable,
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
    fn what_earlier_keys_sealed_opens_and_what_is_derived_stays() {
        let (first, second) = ([1; KEY_BYTES], [2; KEY_BYTES]);
        let known = [check_value(&first).to_vec(), check_value(&second).to_vec()];
        let before = MasterKey::from_bytes(first);
        let with = |known: &[Vec<u8>]| MasterKey::of_database(vec![first, second], known).expect("its keys");
        let (not_yet, now) = (with(&known[..1]), with(&known));
        let (_, wrapped) = before.new_stream_key(&stream("a"));
        let (_, newer) = now.new_stream_key(&stream("a"));
        for keys in [&not_yet, &now] {
            assert!(keys.open_stream_key(&stream("a"), &wrapped).is_some());
            assert!(keys.open_stream_key(&stream("a"), &newer).is_some());
            assert_eq!(
                keys.fingerprint("address", "ana@example.com"),
                before.fingerprint("address", "ana@example.com")
            );
        }
        assert!(before.open_stream_key(&stream("a"), &newer).is_none());
        let id = stream_key_id(&stream("a"));
        assert_eq!(not_yet.sealing(STREAM_KEYS).seal_anew(id.0.as_bytes(), &wrapped), Anew::AsItIs);
        let Anew::Sealed(anew) = now.sealing(STREAM_KEYS).seal_anew(id.0.as_bytes(), &wrapped) else {
            panic!("sealed")
        };
        assert!(MasterKey::from_bytes(second).open_stream_key(&stream("a"), &anew).is_some());
        assert_eq!(now.sealing(STREAM_KEYS).seal_anew(b"elsewhere", &wrapped), Anew::Unreadable);
    }

    #[test]
    fn keys_that_are_not_the_databases_are_none() {
        let (first, second, other) = ([1; KEY_BYTES], [2; KEY_BYTES], [3; KEY_BYTES]);
        let known = [check_value(&first).to_vec(), check_value(&second).to_vec()];
        for keys in [vec![first], vec![second], vec![second, first], vec![other, first, second], vec![first, other]] {
            assert!(MasterKey::of_database(keys, &known).is_none());
        }
        assert!(MasterKey::of_database(vec![first, other, second], &known).is_some());
        assert!(MasterKey::of_database(vec![other], &[]).is_some());
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
