//! Load is shed from whoever brings too much of it: by network before anything else is done, by person and account once they
//! are known.
//!
//! Each has a bucket in the memory of this instance (GCRA, the crate `governor`): so many requests a second on average, ten
//! times as many at once. It keeps one caller from taking the service from the others and guards no credential; what does is
//! counted in PostgreSQL. There are so many buckets and no more: one that was not used for long makes room for a new one.

use std::hash::Hash;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use domain::{AccountId, PersonId};
use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use quick_cache::sync::Cache;

use super::media::{self, Media};
use super::{ClientAddress, RequestError};

/// How many requests a second may come, on average.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RequestRates {
    /// From one network: an IPv4 address, or 64 bits of an IPv6 address.
    pub network: NonZeroU32,
    /// From one person or service.
    pub person: NonZeroU32,
    /// From all contacts of one account.
    pub account: NonZeroU32,
}

impl RequestRates {
    /// More than anybody sends: for measurements.
    pub const UNREACHED: Self = {
        let million = NonZeroU32::new(1_000_000).expect("a million is not zero");
        Self { network: million, person: million, account: million }
    };
}

/// The buckets of networks, people and accounts. Clones share them.
#[derive(Clone)]
pub struct Shedding(Arc<Buckets>);

struct Buckets {
    networks: Keyed<IpAddr>,
    people: Keyed<PersonId>,
    accounts: Keyed<AccountId>,
}

/// How many buckets of a kind there are at most.
const BUCKETS: usize = 20_000;
/// How many times the rate may come at once.
const BURST: u32 = 10;

/// Buckets of one kind.
struct Keyed<K> {
    name: &'static str,
    quota: Quota,
    buckets: Cache<K, Arc<DefaultDirectRateLimiter>>,
    clock: DefaultClock,
}

impl Shedding {
    /// Sheds what goes beyond these rates.
    #[must_use]
    pub fn new(rates: RequestRates) -> Self {
        let RequestRates { network, person, account } = rates;
        Self(Arc::new(Buckets {
            networks: Keyed::new("network", network),
            people: Keyed::new("person", person),
            accounts: Keyed::new("account", account),
        }))
    }

    /// Counts a request of somebody who is known, of contacts with their account where they have one.
    ///
    /// # Errors
    /// [`RequestError::RateLimited`].
    pub fn admit(&self, person: PersonId, account: Option<AccountId>) -> Result<(), RequestError> {
        self.0.people.admit(&person)?;
        account.map_or(Ok(()), |account| self.0.accounts.admit(&account))
    }

    fn admit_network(&self, client: ClientAddress) -> Result<(), RequestError> {
        self.0.networks.admit(&client.network())
    }
}

impl<K: Hash + Eq + Clone> Keyed<K> {
    fn new(name: &'static str, rate: NonZeroU32) -> Self {
        let burst = rate.saturating_mul(const { NonZeroU32::new(BURST).expect("ten is not zero") });
        let quota = Quota::per_second(rate).allow_burst(burst);
        Self { name, quota, buckets: Cache::new(BUCKETS), clock: DefaultClock::default() }
    }

    fn admit(&self, key: &K) -> Result<(), RequestError> {
        let new = || Ok::<_, std::convert::Infallible>(Arc::new(RateLimiter::direct(self.quota)));
        let Ok(bucket) = self.buckets.get_or_insert_with(key, new);
        bucket.check().map_err(|not_until| {
            metrics::counter!("http_requests_shed_total", "by" => self.name).increment(1);
            let wait = not_until.wait_time_from(self.clock.now());
            let retry_after =
                Duration::from_secs(wait.as_secs() + u64::from(wait.subsec_nanos() > 0)).max(Duration::from_secs(1));
            RequestError::RateLimited { by: self.name, retry_after }
        })
    }
}

/// The middleware that turns away what a network sends too much of.
pub(super) async fn by_network(State(shedding): State<Shedding>, request: Request, next: Next) -> Response {
    let client = request.extensions().get::<ClientAddress>().copied();
    match client.map_or(Ok(()), |client| shedding.admit_network(client)) {
        Ok(()) => next.run(request).await,
        Err(error) => error.answer(media::negotiate(request.headers()).unwrap_or(Media::Json)),
    }
}

#[cfg(test)]
mod tests {
    use std::net::{Ipv4Addr, Ipv6Addr};

    use uuid::Uuid;

    use super::*;

    fn rates(each: u32) -> RequestRates {
        let each = NonZeroU32::new(each).unwrap();
        RequestRates { network: each, person: each, account: each }
    }

    fn v4(n: u32) -> ClientAddress {
        ClientAddress::new(Ipv4Addr::from_bits(n).into())
    }

    #[test]
    fn a_network_sends_a_burst_and_is_told_when_to_come_back_and_others_are_not() {
        let shedding = Shedding::new(rates(2));
        for _ in 0..20 {
            assert_eq!(shedding.admit_network(v4(1)), Ok(()));
        }
        let refused = shedding.admit_network(v4(1)).unwrap_err();
        assert_eq!(refused, RequestError::RateLimited { by: "network", retry_after: Duration::from_secs(1) });
        assert_eq!(shedding.admit_network(v4(2)), Ok(()));
        let host = |n| ClientAddress::new(Ipv6Addr::from_bits((0x2001_0db8_u128 << 96) | n).into());
        for n in 0..20 {
            assert_eq!(shedding.admit_network(host(n)), Ok(()));
        }
        shedding.admit_network(host(999)).unwrap_err();
        assert_eq!(shedding.admit_network(host(1 << 64)), Ok(()), "another network");
    }

    #[test]
    fn people_and_accounts_have_buckets_of_their_own() {
        let shedding = Shedding::new(rates(1));
        let (person, account) = (|n| PersonId(Uuid::from_u128(n)), AccountId(Uuid::from_u128(1)));
        for n in 0..10 {
            assert_eq!(shedding.admit(person(n), Some(account)), Ok(()));
        }
        let of_account = shedding.admit(person(11), Some(account)).unwrap_err();
        assert!(matches!(of_account, RequestError::RateLimited { by: "account", .. }), "{of_account}");
        for _ in 0..10 {
            assert_eq!(shedding.admit(person(12), None), Ok(()));
        }
        shedding.admit(person(12), None).unwrap_err();
    }

    /// Somebody who comes from ever new networks takes no more memory than there are buckets, and a network that sends all the
    /// while is still told to wait.
    #[test]
    fn many_networks_take_so_many_buckets_and_no_more() {
        let shedding = Shedding::new(rates(1));
        let mut refused = 0;
        for n in 0..500_000_u32 {
            let _ = shedding.admit_network(v4(n.wrapping_mul(2_654_435_761) | 1));
            if n % 100 == 0 {
                refused += usize::from(shedding.admit_network(v4(0)).is_err());
            }
        }
        let there = shedding.0.networks.buckets.len();
        assert!((1..=BUCKETS).contains(&there), "{there}");
        assert!(refused > 4_000, "{refused} of 5,000");
    }
}
