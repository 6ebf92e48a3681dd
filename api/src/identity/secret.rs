//! Random secrets that people and programs carry: made here, shown once, known afterwards by their SHA-256.

use std::fmt;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use ring::{
    digest::{SHA256, digest},
    hkdf::{HKDF_SHA256, Salt},
    rand::{SecureRandom, SystemRandom},
};
use zeroize::Zeroizing;

/// How many random bytes a secret has: 256 bits.
const SECRET_BYTES: usize = 32;

/// A secret in clear. It is overwritten when dropped, and never shown by `{:?}`.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// A new secret of 256 random bits, with a prefix by which scanners for leaked secrets recognise it.
    ///
    /// # Panics
    /// When the system has no random source.
    #[must_use]
    pub fn generate(prefix: &str) -> Self {
        let mut bytes = Zeroizing::new([0; SECRET_BYTES]);
        fill(bytes.as_mut_slice());
        Self(Zeroizing::new(format!("{prefix}{}", BASE64.encode(bytes.as_slice()))))
    }

    /// A secret that somebody sent.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(Zeroizing::new(text.into()))
    }

    /// The text itself, for whoever it is for.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// A secret of 256 bits that only who has this one can make, and from which nothing of this one comes to light (HKDF-SHA256,
    /// RFC 5869).
    ///
    /// # Panics
    /// Never: 32 bytes are within what HKDF gives.
    #[must_use]
    pub fn derive(&self, purpose: &str) -> Self {
        let mut bytes = Zeroizing::new([0; SECRET_BYTES]);
        let key = Salt::new(HKDF_SHA256, &[]).extract(self.0.as_bytes());
        let filled = key.expand(&[purpose.as_bytes()], HKDF_SHA256).and_then(|made| made.fill(bytes.as_mut_slice()));
        filled.expect("32 bytes are within what HKDF gives");
        Self(Zeroizing::new(BASE64.encode(bytes.as_slice())))
    }

    /// What is kept of it.
    #[must_use]
    pub fn hash(&self) -> Vec<u8> {
        hash(&self.0)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(redacted)")
    }
}

/// Fills bytes from the system's random source.
///
/// # Panics
/// When the system has none.
pub(super) fn fill(bytes: &mut [u8]) {
    SystemRandom::new().fill(bytes).expect("the system has a random source");
}

/// The SHA-256 of a secret, by which it is found.
pub(super) fn hash(secret: &str) -> Vec<u8> {
    digest(&SHA256, secret.as_bytes()).as_ref().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_has_256_bits_and_is_not_shown() {
        let secret = Secret::generate("csl_");
        let random = secret.reveal().strip_prefix("csl_").expect("the prefix");
        assert_eq!(BASE64.decode(random).expect("base64").len(), 32);
        assert_ne!(secret, Secret::generate("csl_"));
        assert_eq!(format!("{secret:?}"), "Secret(redacted)");
        assert_eq!(secret.hash(), Secret::new(secret.reveal()).hash());
    }

    #[test]
    fn a_derived_secret_is_of_its_purpose_and_of_the_secret() {
        let (one, other) = (Secret::generate("css_"), Secret::generate("css_"));
        let derived = one.derive("this");
        assert_eq!(BASE64.decode(derived.reveal()).expect("base64").len(), 32);
        assert_eq!(derived, one.derive("this"));
        assert_ne!(derived, one.derive("that"));
        assert_ne!(derived, other.derive("this"));
    }
}
