use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;
use domain::{AccountId, case::Status, settings::Settings};
use uuid::Uuid;

use super::*;
use crate::{
    demo::{words, world},
    import::identity::PeopleKey,
};

/// All cases as they stand at a moment.
fn told_at(now: Timestamp) -> Vec<Telling> {
    let ids = Identities::of(&"demo".parse().unwrap(), PeopleKey([1; 32]));
    let known = world::references().into_iter().map(|reference| (reference.clone(), ids.account(&reference)));
    let world = World::made_of(ids, &known.collect());
    let (stories, phrases, settings) = (words::stories(), words::phrases(), Settings::default());
    let plot = Plot {
        world: &world,
        stories: &stories,
        phrases: &phrases,
        catalogue: &settings.catalogue,
        calendar: Calendar::new(chrono_tz::Europe::Berlin, now),
        ids,
        request: RequestId(Uuid::nil()),
    };
    (0..CASES).flat_map(|number| plot.tell(number).unwrap()).collect()
}

fn time(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// At whatever hour of whatever day it is asked for: the rules refuse no step, and there is something of everything.
#[test]
fn at_any_moment_there_are_hundreds_of_cases_in_every_state() {
    for hours in [0, 5, 30, 61, 93, 129, 155, 2_000] {
        let now = time("2026-03-02T09:00:00Z") + TimeDelta::hours(hours);
        let told = told_at(now);
        let mut states: BTreeMap<Status, usize> = BTreeMap::new();
        for case in &told {
            *states.entry(case.state().status).or_default() += 1;
            assert!(case.events.is_sorted_by_key(|(event, _)| event.occurred_at));
            assert!(case.events.iter().all(|(event, _)| event.occurred_at <= now));
        }
        assert!(told.len() > 450, "{}", told.len());
        for (status, least) in
            [(Status::New, 8), (Status::Open, 8), (Status::Resolved, 4), (Status::Closed, 250), (Status::Canceled, 12)]
        {
            assert!(states.get(&status).is_some_and(|count| *count >= least), "{now}: {states:?}");
        }
    }
}

#[test]
fn the_same_moment_tells_the_same_and_every_kind_of_event_of_a_plain_life_happens() {
    let now = time("2026-06-10T15:00:00Z");
    let (one, other) = (told_at(now), told_at(now));
    assert!(one.iter().zip(&other).all(|(one, other)| one.events == other.events));
    let ids: BTreeSet<_> = one.iter().map(|case| case.case_id.0).collect();
    assert_eq!(ids.len(), one.len(), "no two are the same case");
    let kinds: BTreeSet<&str> =
        one.iter().flat_map(|case| &case.events).map(|(event, _)| <&str>::from(&event.fact)).collect();
    for kind in [
        "Opened",
        "TakenUp",
        "OwnerAssigned",
        "MovedToQueue",
        "WaitStarted",
        "WaitEnded",
        "PriorityChanged",
        "Reclassified",
        "LocationChanged",
        "TriageCleared",
        "MessagePosted",
        "InternalNoteAdded",
        "WatcherAdded",
        "Resolved",
        "ResolutionAccepted",
        "ResolutionRejected",
        "Reopened",
        "Canceled",
        "Closed",
        "MergedInto",
        "Absorbed",
        "LinkedTo",
        "SatisfactionRated",
        "ReminderDue",
    ] {
        assert!(kinds.contains(kind), "{kind} is not among {kinds:?}");
    }
}

/// Nobody writes to a case that they do not see, and accounts differ in how much they ask.
#[test]
fn customers_ask_for_what_they_see() {
    let told = told_at(time("2026-06-10T15:00:00Z"));
    let ids = Identities::of(&"demo".parse().unwrap(), PeopleKey([1; 32]));
    let known = world::references().into_iter().map(|reference| (reference.clone(), ids.account(&reference)));
    let world = World::made_of(ids, &known.collect());
    let mut volumes: BTreeMap<AccountId, usize> = BTreeMap::new();
    for case in &told {
        let state = case.state();
        *volumes.entry(state.account).or_default() += 1;
        let account = world.accounts.iter().find(|account| account.id == state.account).unwrap();
        let contact = account.contacts.iter().find(|contact| contact.person == state.contact).unwrap();
        assert!(state.opener == state.contact || state.location.picked().is_none_or(|place| contact.sees(place)));
    }
    assert_eq!(volumes.len(), world.accounts.len());
    assert!(volumes.values().max() > volumes.values().min().map(|least| least * 5).as_ref());
}
