//! The only place where time is read and ids are drawn.
//!
//! Everything else is handed a [`Clock`] and [`Ids`], so that a test can stop time and know every id beforehand; `clippy.toml` refuses
//! other readers of the system's clock.

use std::sync::{
    Arc,
    atomic::{AtomicI64, AtomicU64, Ordering},
};

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use uuid::{Builder, Uuid};

/// Tells the time, in whole microseconds: what PostgreSQL's `timestamptz` keeps, so that a stored time equals the one that was hashed.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    /// Microseconds since 1970-01-01 UTC at which this clock stands; the system's clock when absent.
    stands_at: Option<Arc<AtomicI64>>,
}

impl Clock {
    /// The system's clock.
    #[must_use]
    pub fn system() -> Self {
        Self::default()
    }

    /// A clock that stands at `at` until it is told otherwise; its clones stand with it.
    #[must_use]
    pub fn fixed(at: DateTime<Utc>) -> Self {
        Self { stands_at: Some(Arc::new(AtomicI64::new(at.timestamp_micros()))) }
    }

    /// The present time (UTC), truncated to microseconds.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        match &self.stands_at {
            Some(micros) => DateTime::from_timestamp_micros(micros.load(Ordering::SeqCst))
                .expect("a fixed clock was set from a valid time"),
            None => system_now().trunc_subsecs(6),
        }
    }

    /// Moves a fixed clock forward (or back, by a negative difference). The system's clock cannot be moved and stays as it is.
    pub fn advance(&self, by: TimeDelta) {
        if let Some(micros) = &self.stands_at {
            let by = by.num_microseconds().expect("tests move the clock by less than 292,000 years");
            micros.fetch_add(by, Ordering::SeqCst);
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the one reader of the system's clock")]
fn system_now() -> DateTime<Utc> {
    Utc::now()
}

/// Draws ids: UUID version 7 (RFC 9562), which sort by the time at which they were drawn and so keep index pages warm.
#[derive(Clone, Debug, Default)]
pub struct Ids {
    seeded: Option<Seeded>,
}

#[derive(Clone, Debug)]
struct Seeded {
    clock: Clock,
    seed: u16,
    drawn: Arc<AtomicU64>,
}

impl Ids {
    /// Ids from the system's clock and random source.
    #[must_use]
    pub fn random() -> Self {
        Self::default()
    }

    /// The same ids in every run: from `clock`, `seed` and how many were drawn before. Clones draw from one sequence.
    #[must_use]
    pub fn seeded(clock: Clock, seed: u16) -> Self {
        Self { seeded: Some(Seeded { clock, seed, drawn: Arc::default() }) }
    }

    /// Draws the next id.
    #[must_use]
    pub fn next(&self) -> Uuid {
        self.seeded.as_ref().map_or_else(random_id, Seeded::next)
    }
}

impl Seeded {
    fn next(&self) -> Uuid {
        let drawn = self.drawn.fetch_add(1, Ordering::SeqCst);
        let mut tail = [0; 10];
        tail[..2].copy_from_slice(&self.seed.to_be_bytes());
        tail[2..].copy_from_slice(&drawn.to_be_bytes());
        let millis = u64::try_from(self.clock.now().timestamp_millis()).expect("a fixed clock stands after 1970");
        Builder::from_unix_timestamp_millis(millis, &tail).into_uuid()
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the one place where ids are drawn")]
fn random_id() -> Uuid {
    Uuid::now_v7()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_system_clock_keeps_whole_microseconds() {
        let now = Clock::system().now();
        assert_eq!(now.timestamp_subsec_nanos() % 1000, 0);
    }

    #[test]
    fn a_fixed_clock_moves_only_when_told_and_with_its_clones() {
        let start = DateTime::from_timestamp_micros(1_700_000_000_123_456).unwrap();
        let clock = Clock::fixed(start);
        let other = clock.clone();
        assert_eq!(clock.now(), start);
        other.advance(TimeDelta::seconds(2));
        assert_eq!(clock.now(), start + TimeDelta::seconds(2));
    }

    #[test]
    fn seeded_ids_repeat_and_differ_from_each_other() {
        let draw = |seed| {
            let at = DateTime::from_timestamp_micros(1_700_000_000_000_000).unwrap();
            let ids = Ids::seeded(Clock::fixed(at), seed);
            [ids.next(), ids.clone().next(), ids.next()]
        };
        let [first, second, third] = draw(1);
        assert_eq!(draw(1), [first, second, third]);
        assert!(first < second && second < third);
        assert_ne!(draw(2)[0], first);
        assert_eq!(first.get_version_num(), 7);
    }

    #[test]
    fn random_ids_ascend() {
        let ids = Ids::random();
        let drawn: Vec<Uuid> = (0..1000).map(|_| ids.next()).collect();
        assert!(drawn.is_sorted());
    }
}
