//! Chance that falls alike in every run.

use fastrand::Rng;

/// What begins every sequence of throws.
const SEED: u64 = 0x0ca5_e57e_a000_0001;

/// Throws for one thing: the same ones whatever else is thrown for.
pub struct Dice(Rng);

impl Dice {
    /// The throws of the thing with this number.
    #[must_use]
    pub fn of(number: u32) -> Self {
        // Neighboring seeds begin alike: the first throw of each is the seed of the others.
        Self(Rng::with_seed(Rng::with_seed(SEED ^ (u64::from(number) << 32)).u64(..)))
    }

    /// True this often of a hundred times.
    pub fn chance(&mut self, percent: u32) -> bool {
        self.0.u32(..100) < percent
    }

    /// A number from `least` up to `most`, both included.
    pub fn between(&mut self, least: i64, most: i64) -> i64 {
        self.0.i64(least..=most)
    }

    /// A number between the two, more often a small one.
    pub fn mostly_little(&mut self, least: i64, most: i64) -> i64 {
        let upper = self.between(least, most);
        let upper = self.between(least, upper);
        self.between(least, upper)
    }

    /// One of several; nothing of none.
    pub fn pick<'a, T>(&mut self, of: &'a [T]) -> Option<&'a T> {
        self.pick_weighted(of, |_| 1)
    }

    /// One of several, each as often as its weight says beside the others'.
    pub fn pick_weighted<'a, T>(&mut self, of: &'a [T], weight: impl Fn(&T) -> u32) -> Option<&'a T> {
        let total: u32 = of.iter().map(&weight).sum();
        let mut left = if total == 0 { return None } else { self.0.u32(..total) };
        of.iter().find(|it| {
            let weight = weight(it);
            let is_it = left < weight;
            left = left.saturating_sub(weight);
            is_it
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_has_throws_of_its_own_and_always_the_same() {
        let throws = |number| {
            let mut dice = Dice::of(number);
            [0; 8].map(|_| dice.between(0, 1_000_000))
        };
        assert_eq!(throws(1), throws(1));
        assert_ne!(throws(1), throws(2));
        assert_ne!(throws(1)[0], throws(2)[0]);
    }

    #[test]
    fn weights_tell_how_often() {
        let mut dice = Dice::of(1);
        let mut count = [0; 3];
        for _ in 0..1_000 {
            count[*dice.pick_weighted(&[0, 1, 2], |it| [0, 1, 9][*it]).unwrap()] += 1;
        }
        assert_eq!(count[0], 0);
        assert!(count[2] > 6 * count[1], "{count:?}");
        assert_eq!(dice.pick::<u8>(&[]), None);
    }
}
