//! Identities: typed, opaque, and drawn outside this crate.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Makes newtypes over [`Uuid`], so that a case can never be handed over where a person is meant.
macro_rules! uuid_ids {
    ($($(#[$doc:meta])+ $name:ident;)+) => {$(
        $(#[$doc])+
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    )+};
}

uuid_ids! {
    /// One support case; also the id of its event stream.
    CaseId;
    /// A customer organisation.
    AccountId;
    /// A service address of an account.
    LocationId;
    /// A product installed at a location.
    ProductId;
    /// Whoever acts or is meant: a contact, a member of staff, a service, the clock.
    PersonId;
    /// One message, note or description of a case.
    MessageId;
    /// One file of a case.
    AttachmentId;
    /// The key that seals one text or file; dropping the key erases what it sealed.
    KeyId;
    /// Somebody's request for access; also the id of its event stream.
    AccessRequestId;
    /// One request to the service, as found in its log lines.
    RequestId;
}

impl PersonId {
    /// The clock: whoever acts when nobody does, because a date was reached.
    pub const CLOCK: Self = Self(Uuid::from_u128(0x0000_0000_0000_8000_8000_0000_0000_0001));

    /// Whoever runs the installation, at its command line: who makes tokens and brings files in.
    pub const OPERATOR: Self = Self(Uuid::from_u128(0x0000_0000_0000_8000_8000_0000_0000_0002));

    /// An account, as whose its name and addresses are: it may be one person's business.
    #[must_use]
    pub fn of_account(account: AccountId) -> Self {
        Self(account.0)
    }

    /// Whoever is known by a fingerprint alone, such as the owner of an e-mail address that is no contact's.
    #[must_use]
    pub fn of_fingerprint(fingerprint: &Fingerprint) -> Self {
        const NAMESPACE: Uuid = Uuid::from_u128(0x3c0e_94f1_7b52_4a86_9d10_64d1_be2f_a5c3);
        Self(Uuid::new_v5(&NAMESPACE, fingerprint.0.as_bytes()))
    }
}

impl MessageId {
    /// The id by which a text is redacted that is no message and has none of its own: one that follows from its key.
    #[must_use]
    pub fn of_text(key: KeyId) -> Self {
        const NAMESPACE: Uuid = Uuid::from_u128(0x91d7_2c40_5e3b_4f18_8a66_7b0f_c2d9_14e5);
        Self(Uuid::new_v5(&NAMESPACE, key.0.as_bytes()))
    }
}

/// A short name of the catalogue or the desk: a queue, a type, a category, a resolution code, another system.
///
/// 1 to 64 characters out of `a-z`, `0-9` and `-`; neither the first nor the last is a `-`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Slug(String);

impl Slug {
    /// The longest slug, in characters.
    pub const MAX_CHARS: usize = 64;

    /// The slug as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Makes the slug that is nearest to a name: lower case, runs of anything else become one `-`.
    ///
    /// `Managed WAN/SDWAN` becomes `managed-wan-sdwan`; nothing remains of a name without a letter or digit.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        let words: Vec<String> = name
            .split(|c: char| !c.is_ascii_alphanumeric())
            .filter(|word| !word.is_empty())
            .map(str::to_ascii_lowercase)
            .collect();
        let mut slug = words.join("-");
        slug.truncate(Self::MAX_CHARS);
        slug.trim_end_matches('-').parse().ok()
    }
}

/// Why a text is no [`Slug`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a short name: use 1 to 64 lower-case letters, digits and hyphens, for example `voice-webex`")]
pub struct SlugError(pub String);

impl FromStr for Slug {
    type Err = SlugError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        let fits = (1..=Self::MAX_CHARS).contains(&text.len())
            && text.chars().all(allowed)
            && !text.starts_with('-')
            && !text.ends_with('-');
        if fits { Ok(Self(text.to_owned())) } else { Err(SlugError(text.chars().take(80).collect())) }
    }
}

impl TryFrom<String> for Slug {
    type Error = SlugError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Slug> for String {
    fn from(slug: Slug) -> Self {
        slug.0
    }
}

impl fmt::Display for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What stands for a value in comparisons: a keyed hash of it, in lower-case hexadecimal digits.
///
/// Two watchers are the same when their fingerprints are; the address itself is sealed and takes no part.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fingerprint(pub String);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slug_is_made_from_a_name() {
        for (name, slug) in [
            ("Managed WAN/SDWAN", Some("managed-wan-sdwan")),
            ("Group 56", Some("group-56")),
            ("  Voice & WebEx ", Some("voice-webex")),
            ("?", None),
        ] {
            assert_eq!(Slug::from_name(name).as_ref().map(Slug::as_str), slug, "{name}");
        }
    }

    #[test]
    fn a_slug_refuses_what_would_not_survive_a_url() {
        for text in ["", "Voice", "a b", "-a", "a-", "é", &"a".repeat(65)] {
            assert!(text.parse::<Slug>().is_err(), "{text}");
        }
    }
}
