//! Hashing what people choose: passwords, and answers to the challenge question.
//!
//! argon2id (RFC 9106) over an HMAC-SHA-256 of the text under a *pepper*, a key that is not in the database: whoever has a copy of
//! the database alone has nothing to guess at. Hashing takes long on purpose, so it happens off the threads that serve requests,
//! a few at a time; when too many wait, the next are told to come back.

use std::{fmt, sync::Arc, time::Duration};

use argon2::{
    Algorithm, Argon2, CustomizedPasswordHasher as _, PasswordVerifier as _, Version,
    password_hash::{Error as HashError, phc::PasswordHash},
};
use ring::hmac;
use sqlx::FromRow;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, TryAcquireError};

use super::{Peppers, Secret, secret::fill};

/// Bytes of a salt, as RFC 9106 recommends.
const SALT_BYTES: usize = 16;
/// When whoever was turned away is told to come back.
const RETRY_AFTER: Duration = Duration::from_secs(2);

/// How much a hash costs, and how many are made at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HashingRules {
    /// Memory of one hash, in KiB.
    pub memory_kib: u32,
    /// Passes over it.
    pub passes: u32,
    /// How many hashes are made at the same time.
    pub at_a_time: usize,
    /// How many more may wait.
    pub waiting: usize,
}

impl Default for HashingRules {
    fn default() -> Self {
        Self { memory_kib: 19 * 1024, passes: 2, at_a_time: 2, waiting: 32 }
    }
}

/// A hash as it is stored.
#[derive(Clone, PartialEq, Eq, FromRow)]
pub struct Hashed {
    /// The PHC string: algorithm, settings, salt and hash.
    pub hash: String,
    /// Which pepper went into it.
    pub pepper_version: i16,
}

impl fmt::Debug for Hashed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hashed").field("pepper_version", &self.pepper_version).finish_non_exhaustive()
    }
}

/// What comes of comparing a text with a hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is another text.
    Other,
    /// It is the same.
    Same {
        /// The hash was made with a pepper or settings that are no longer those in force, and should be made anew.
        is_outdated: bool,
    },
}

/// Why nothing was hashed.
#[derive(Clone, Debug, thiserror::Error)]
pub enum HashingError {
    /// Too many wait already.
    #[error("too many passwords are being checked; try again in {} s", .retry_after.as_secs())]
    Busy {
        /// When to come back.
        retry_after: Duration,
    },
    /// The pepper that went into a hash is missing.
    #[error("the pepper of version {version} is missing: put the line back into the pepper file")]
    NoSuchPepper {
        /// Which one.
        version: i16,
    },
    /// A stored hash cannot be read, or the system has no memory for one.
    #[error("hashing failed: {0}")]
    Failed(String),
}

/// Hashes and compares. Clones share the bounds.
#[derive(Clone)]
pub struct Hasher {
    shared: Arc<Shared>,
}

struct Shared {
    argon2: Argon2<'static>,
    params: argon2::Params,
    peppers: Peppers,
    /// Those who are being served or wait.
    admitted: Arc<Semaphore>,
    /// Those who are being served.
    running: Arc<Semaphore>,
    /// What a name without a password is compared with.
    dummy: Hashed,
}

impl Hasher {
    /// With the rules and peppers in force.
    ///
    /// # Panics
    /// When the rules are none that argon2 knows; settings that were read are.
    #[must_use]
    pub fn new(rules: HashingRules, peppers: Peppers) -> Self {
        let params =
            argon2::Params::new(rules.memory_kib, rules.passes, 1, None).expect("settings within argon2's limits");
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params.clone());
        let nobody = Hashed { hash: String::new(), pepper_version: peppers.newest() };
        let mut shared = Shared {
            argon2,
            params,
            peppers,
            admitted: Arc::new(Semaphore::new(rules.at_a_time + rules.waiting)),
            running: Arc::new(Semaphore::new(rules.at_a_time)),
            dummy: nobody,
        };
        shared.dummy = shared.hash(&Secret::generate("")).expect("there is memory for one hash at the start");
        Self { shared: Arc::new(shared) }
    }

    /// The peppers that it hashes with.
    #[must_use]
    pub fn peppers(&self) -> &Peppers {
        &self.shared.peppers
    }

    /// Hashes a text with the newest pepper.
    ///
    /// # Errors
    /// [`HashingError`].
    pub async fn hash(&self, text: Secret) -> Result<Hashed, HashingError> {
        self.run(move |shared| shared.hash(&text)).await?
    }

    /// A place among those who are served or wait. Whoever counts attempts takes one before: an attempt that is turned away is none.
    ///
    /// # Errors
    /// [`HashingError::Busy`].
    pub fn admit(&self) -> Result<Admitted, HashingError> {
        match Arc::clone(&self.shared.admitted).try_acquire_owned() {
            Ok(place) => Ok(Admitted { shared: Arc::clone(&self.shared), place }),
            Err(TryAcquireError::NoPermits) => {
                metrics::counter!("casestream_hashing_refused_total").increment(1);
                Err(HashingError::Busy { retry_after: RETRY_AFTER })
            }
            Err(TryAcquireError::Closed) => unreachable!("it is never closed"),
        }
    }

    /// Does something else that takes long within the same bounds.
    ///
    /// # Errors
    /// [`HashingError::Busy`].
    pub async fn consider<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, HashingError> {
        self.run(move |_| work()).await
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Shared) -> T + Send + 'static,
    ) -> Result<T, HashingError> {
        self.admit()?.run(work).await
    }
}

/// A place among those who are served or wait, until it is used or dropped.
pub struct Admitted {
    shared: Arc<Shared>,
    place: OwnedSemaphorePermit,
}

impl Admitted {
    /// Compares a text with a hash; without one, with that of a text that nobody knows, which takes as long.
    ///
    /// # Errors
    /// [`HashingError`].
    pub async fn verify(self, text: Secret, hashed: Option<Hashed>) -> Result<Verdict, HashingError> {
        self.run(move |shared| {
            let verdict = shared.verify(&text, hashed.as_ref().unwrap_or(&shared.dummy))?;
            Ok(if hashed.is_some() { verdict } else { Verdict::Other })
        })
        .await?
    }

    /// Compares a text with a hash that is somebody else's, for the time that it takes; whether it is the same stays unsaid.
    ///
    /// # Errors
    /// [`HashingError`].
    pub async fn pretend(self, text: Secret, like: Option<Hashed>) -> Result<Verdict, HashingError> {
        self.run(move |shared| {
            let like = like.as_ref().unwrap_or(&shared.dummy);
            // One that cannot be read any more is its owner's matter.
            if shared.verify(&text, like).is_err() {
                shared.verify(&text, &shared.dummy)?;
            }
            Ok(Verdict::Other)
        })
        .await?
    }

    /// Runs work off the threads of requests. It is run to its end, and counts until then, though nobody may wait for it any more.
    async fn run<T: Send + 'static>(self, work: impl FnOnce(&Shared) -> T + Send + 'static) -> Result<T, HashingError> {
        let Self { shared, place } = self;
        let running = Arc::clone(&shared.running).acquire_owned().await.expect("it is never closed");
        let work = move || {
            let answer = work(&shared);
            drop((running, place));
            answer
        };
        tokio::task::spawn_blocking(work).await.map_err(|error| HashingError::Failed(error.to_string()))
    }
}

impl Shared {
    fn hash(&self, text: &Secret) -> Result<Hashed, HashingError> {
        let version = self.peppers.newest();
        let mut salt = [0; SALT_BYTES];
        fill(&mut salt);
        let peppered = self.peppered(text, version)?;
        let hash =
            self.argon2.hash_password_with_params(peppered.as_ref(), &salt, self.params.clone()).map_err(failed)?;
        Ok(Hashed { hash: hash.to_string(), pepper_version: version })
    }

    fn verify(&self, text: &Secret, hashed: &Hashed) -> Result<Verdict, HashingError> {
        let hash = PasswordHash::new(&hashed.hash).map_err(|error| HashingError::Failed(error.to_string()))?;
        let peppered = self.peppered(text, hashed.pepper_version)?;
        match self.argon2.verify_password(peppered.as_ref(), &hash) {
            Ok(()) => Ok(Verdict::Same { is_outdated: self.is_outdated(&hash, hashed.pepper_version) }),
            Err(HashError::PasswordInvalid) => Ok(Verdict::Other),
            Err(error) => Err(failed(error)),
        }
    }

    fn is_outdated(&self, hash: &PasswordHash, pepper_version: i16) -> bool {
        let costs = |params: &argon2::Params| (params.m_cost(), params.t_cost(), params.p_cost());
        let is_current = argon2::Params::try_from(hash).is_ok_and(|params| costs(&params) == costs(&self.params));
        pepper_version != self.peppers.newest() || !is_current
    }

    fn peppered(&self, text: &Secret, version: i16) -> Result<hmac::Tag, HashingError> {
        let pepper = self.peppers.get(version).ok_or(HashingError::NoSuchPepper { version })?;
        Ok(hmac::sign(pepper, text.reveal().as_bytes()))
    }
}

fn failed(error: HashError) -> HashingError {
    HashingError::Failed(error.to_string())
}

#[cfg(test)]
mod tests {
    use event_log::MasterKey;

    use super::*;

    const CHEAP: HashingRules = HashingRules { memory_kib: 64, passes: 1, at_a_time: 1, waiting: 1 };

    fn peppers(file: &str) -> Peppers {
        Peppers::new(&MasterKey::from_bytes([7; 32]), Some(file)).expect("a pepper file")
    }

    fn hasher(rules: HashingRules, file: &str) -> Hasher {
        Hasher::new(rules, peppers(file))
    }

    async fn verdict(hasher: &Hasher, text: Secret, hashed: Option<Hashed>) -> Result<Verdict, HashingError> {
        hasher.admit()?.verify(text, hashed).await
    }

    #[tokio::test]
    async fn the_defaults_are_those_that_owasp_asks_for() {
        let hashed = hasher(HashingRules::default(), "").hash(Secret::new("correct horse")).await.expect("a hash");
        assert!(hashed.hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{}", hashed.hash);
        assert_eq!(hashed.pepper_version, 1);
        assert!(!format!("{hashed:?}").contains("argon2"), "a hash is not shown");
    }

    #[tokio::test]
    async fn a_text_is_known_again_and_another_is_not() {
        let hasher = hasher(CHEAP, "");
        let [first, second] = [
            hasher.hash(Secret::new("a")).await.expect("a hash"),
            hasher.hash(Secret::new("a")).await.expect("a hash"),
        ];
        assert_ne!(first, second, "each has a salt of its own");
        let current = Verdict::Same { is_outdated: false };
        assert_eq!(verdict(&hasher, Secret::new("a"), Some(first.clone())).await.expect("a verdict"), current);
        assert_eq!(verdict(&hasher, Secret::new("b"), Some(first)).await.expect("a verdict"), Verdict::Other);
        assert_eq!(verdict(&hasher, Secret::new("a"), None).await.expect("a verdict"), Verdict::Other);
    }

    #[tokio::test]
    async fn a_hash_of_older_settings_or_an_older_pepper_is_good_and_outdated() {
        let new_pepper = "2 cGVwcGVycGVwcGVycGVwcGVycGVwcGVycGVwcGVyMDE=\n";
        let old = hasher(CHEAP, "").hash(Secret::new("a")).await.expect("a hash");
        let outdated = Verdict::Same { is_outdated: true };
        for newer in [hasher(CHEAP, new_pepper), hasher(HashingRules { passes: 2, ..CHEAP }, "")] {
            assert_eq!(verdict(&newer, Secret::new("a"), Some(old.clone())).await.expect("a verdict"), outdated);
        }
        let new = hasher(CHEAP, new_pepper).hash(Secret::new("a")).await.expect("a hash");
        assert_eq!(new.pepper_version, 2);
        let without = verdict(&hasher(CHEAP, ""), Secret::new("a"), Some(new)).await;
        assert!(matches!(without, Err(HashingError::NoSuchPepper { version: 2 })), "{without:?}");
    }

    #[tokio::test]
    async fn a_hash_without_its_pepper_is_good_for_nothing() {
        let hashed = hasher(CHEAP, "").hash(Secret::new("a")).await.expect("a hash");
        let other = Hasher::new(CHEAP, Peppers::new(&MasterKey::from_bytes([8; 32]), None).expect("no file"));
        assert_eq!(verdict(&other, Secret::new("a"), Some(hashed)).await.expect("a verdict"), Verdict::Other);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn past_the_bound_the_next_is_told_to_come_back_and_those_before_are_served() {
        let hasher = hasher(CHEAP, "");
        let (go, wait) = std::sync::mpsc::channel::<()>();
        let (began, begun) = tokio::sync::oneshot::channel();
        let first = tokio::spawn({
            let hasher = hasher.clone();
            async move {
                let work = move || {
                    began.send(()).expect("the test waits");
                    wait.recv().expect("the test says go");
                };
                hasher.consider(work).await
            }
        });
        begun.await.expect("it begins");
        let mut second = Box::pin(hasher.consider(|| 2));
        assert!(futures_util::poll!(&mut second).is_pending(), "one may wait");
        let third = hasher.consider(|| 3).await;
        assert!(matches!(third, Err(HashingError::Busy { retry_after }) if retry_after.as_secs() > 0), "{third:?}");
        go.send(()).expect("it waits");
        first.await.expect("it ends").expect("it was served");
        assert_eq!(second.await.expect("it was served"), 2);
        assert_eq!(hasher.consider(|| 4).await.expect("there is room again"), 4);
    }
}
