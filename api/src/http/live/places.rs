//! How many connections somebody has open that stay open.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::{Arc, Mutex};

use uuid::Uuid;

/// Gives so many places to each person and no more. Clones share them.
#[derive(Clone)]
pub struct Places {
    most: usize,
    taken: Arc<Mutex<HashMap<Uuid, usize>>>,
}

/// A place that somebody has, until it is dropped.
pub struct Place {
    places: Places,
    person: Uuid,
}

impl Places {
    /// With so many for each.
    pub fn new(most: usize) -> Self {
        Self { most, taken: Arc::default() }
    }

    /// Takes one for somebody, if there is one.
    pub fn take(&self, person: Uuid) -> Option<Place> {
        let mut taken = self.taken.lock().expect("nobody panics while holding it");
        let count = taken.entry(person).or_default();
        if *count >= self.most {
            return None;
        }
        *count += 1;
        metrics::gauge!("casestream_live_connections").increment(1);
        Some(Place { places: self.clone(), person })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        metrics::gauge!("casestream_live_connections").decrement(1);
        let mut taken = self.places.taken.lock().expect("nobody panics while holding it");
        if let Entry::Occupied(mut count) = taken.entry(self.person) {
            *count.get_mut() -= 1;
            if *count.get() == 0 {
                count.remove();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_has_so_many_places_and_gets_them_back() {
        let places = Places::new(2);
        let (one, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let first = places.take(one).expect("a place");
        let _second = places.take(one).expect("a second one");
        assert!(places.take(one).is_none());
        let theirs = places.take(other).expect("another has places of their own");
        drop((first, theirs));
        assert!(places.take(one).is_some());
        assert_eq!(places.taken.lock().unwrap().len(), 1, "who has none takes no memory");
    }
}
