//! Nobody finds out by asking whether a name is known: not by the answer, not by its size, not by what is done for it, not by its time.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use api::{
    credentials::CredentialRules,
    graphql::GlobalId as _,
    identity::{AttemptRules, HashingRules},
};
use chrono::TimeDelta;
use harness::{cheap_rules, mutation_document};
use reqwest::header::ORIGIN;
use serde_json::{Value, json};

use super::world::{OTHER_PASSWORD, PASSWORD, World};
use crate::{access_requests::form, graphql_secrecy::whole_answer, sql::Watched};

/// A name that somebody has.
const KNOWN: &str = "ana@example.com";
/// Names of somebody who was invited only, of nobody, of somebody who may not sign in any more, and one that cannot be a name.
const OTHERS: [&str; 4] = ["ivy@example.com", "not@example.com", "bea@example.com", "a@b"];
/// Somebody who is locked, and nobody who is.
const LOCKED: [&str; 2] = ["lou@example.com", "out@example.com"];

/// What is asked about a name. Of the form for access the last names no address, and is refused for that.
fn requests(name: &str) -> Vec<(&'static str, Value)> {
    let mut requests = vec![
        ("signIn", json!({ "name": name, "password": OTHER_PASSWORD })),
        ("passwordResetRequest", json!({ "name": name })),
        ("unlockRequest", json!({ "name": name })),
    ];
    if name != OTHERS[3] {
        requests.push(("accessRequestSubmit", form(name)));
    }
    requests
}

async fn world() -> World {
    world_with(cheap_rules()).await
}

async fn world_with(rules: CredentialRules) -> World {
    let world = World::begin_with(rules).await;
    world.user("Ana Torres", KNOWN).await;
    world.invite("Ivy Lindqvist", OTHERS[0]).await;
    let bea = world.user("Bea Sample", OTHERS[2]).await;
    let input = json!({ "personId": bea.person.global() });
    world.administrator.succeed("userDeactivate", input, "pending").await;
    world.user("Lou Brandt", LOCKED[0]).await;
    world
}

/// Tries until both are locked, from the same minute on.
async fn lock(world: &World) {
    let [known, unknown] = LOCKED.map(|name| requests(name).swap_remove(0));
    for _ in 0..10 {
        for (mutation, input) in [&known, &unknown] {
            send(world, mutation, input).await;
        }
        world.app.clock.advance(TimeDelta::minutes(1));
    }
    for (mutation, input) in [known, unknown] {
        assert!(send(world, mutation, &input).await.2.contains("LOCKED"));
    }
}

/// All of an answer that a client sees: status, headers with their values, body.
async fn send(world: &World, mutation: &str, input: &Value) -> (u16, Vec<String>, String) {
    let more = if mutation == "accessRequestSubmit" { "received" } else { "retryAt" };
    let document = mutation_document(mutation, &format!("{more} userErrors {{ code field message }}"));
    let request = world.app.nobody().request(&document, &json!({ "input": input }));
    whole_answer(request.header(ORIGIN, format!("http://{}", world.app.address))).await
}

#[tokio::test]
async fn enumeration_body_status_headers_and_size_are_the_same() {
    let world = world().await;
    for other in OTHERS {
        for ((mutation, known), (_, unknown)) in requests(KNOWN).into_iter().zip(requests(other)) {
            for _ in 0..4 {
                let (known, unknown) = (send(&world, mutation, &known).await, send(&world, mutation, &unknown).await);
                assert_eq!(known, unknown, "{mutation} {other}");
                assert!(known.1.iter().any(|header| header.starts_with("content-length")), "{known:?}");
                if mutation == "accessRequestSubmit" {
                    // Past the hour in which a network may submit so many.
                    world.app.clock.advance(TimeDelta::hours(1));
                }
            }
            world.app.clock.advance(TimeDelta::days(2));
        }
    }
    lock(&world).await;
    let [known, unknown] = LOCKED.map(requests);
    for ((mutation, known), (_, unknown)) in known.into_iter().zip(unknown) {
        let (known, unknown) = (send(&world, mutation, &known).await, send(&world, mutation, &unknown).await);
        assert_eq!(known, unknown, "{mutation} when locked");
    }
}

/// What takes long is done off the threads that serve, each time on a thread that is begun for it here: those are counted.
#[test]
fn enumeration_as_many_hashes_are_made() {
    let begun = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&begun);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .thread_keep_alive(Duration::ZERO)
        .on_thread_start(move || {
            counter.fetch_add(1, Ordering::SeqCst);
        })
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        let world = world().await;
        let hasher = &world.app.service.services().credentials.hasher;
        // What begins such a thread: a hash does, and a request without one does not.
        let before = begun.load(Ordering::SeqCst);
        hasher.hash(api::identity::Secret::new(PASSWORD)).await.expect("a hash");
        assert_eq!(begun.load(Ordering::SeqCst), before + 1);
        world.administrator.data("{ viewer { roles } }", json!({})).await;
        assert_eq!(begun.load(Ordering::SeqCst), before + 1);

        let hashes = async |mutation: &str, input: Value| {
            // Past every delay, and into another window of the network's.
            world.app.clock.advance(TimeDelta::days(2));
            let before = begun.load(Ordering::SeqCst);
            send(&world, mutation, &input).await;
            begun.load(Ordering::SeqCst) - before
        };
        for name in [KNOWN, OTHERS[0], OTHERS[1], OTHERS[2], OTHERS[3]] {
            for password in [OTHER_PASSWORD, PASSWORD] {
                let claim = json!({ "name": name, "password": password });
                assert_eq!(hashes("signIn", claim).await, 1, "{name} with {password}");
            }
            for (mutation, input) in requests(name).into_iter().skip(1) {
                assert_eq!(hashes(mutation, input).await, 0, "{mutation} {name}");
            }
        }
        // Who has to wait is not looked at, whoever they are.
        lock(&world).await;
        for name in LOCKED {
            let before = begun.load(Ordering::SeqCst);
            for (mutation, input) in requests(name) {
                send(&world, mutation, &input).await;
            }
            assert_eq!(begun.load(Ordering::SeqCst), before, "{name}");
        }
    });
}

#[tokio::test]
async fn enumeration_the_same_statements_run() {
    let world = world().await;
    let watched = Watched::begin();
    for other in OTHERS {
        for ((mutation, known), (_, unknown)) in requests(KNOWN).into_iter().zip(requests(other)) {
            // The worker has a life of its own in a real service, and none here.
            let (_, known) = watched.of(send(&world, mutation, &known)).await;
            let (_, unknown) = watched.of(send(&world, mutation, &unknown)).await;
            assert!(!known.is_empty());
            assert_eq!(known, unknown, "{mutation} {other}");
            world.app.clock.advance(TimeDelta::minutes(2));
        }
    }
}

/// Somebody's, somebody's who was invited only, nobody's, somebody's who may not sign in any more, and somebody's who is locked: asked
/// for in turns, so that whatever else the machine does meets all of them.
#[tokio::test]
async fn enumeration_time_does_not_tell() {
    const ROUNDS: usize = 21;
    // Harder to hash than in production: a hash that is left out must show, however slow all else is.
    let hashing = HashingRules { passes: 6, ..HashingRules::default() };
    let attempts =
        AttemptRules { lock: Duration::from_hours(24 * 300), per_network: u32::MAX, ..AttemptRules::default() };
    let rules = CredentialRules { attempts, hashing, ..CredentialRules::default() };
    let world = world_with(rules).await;
    lock(&world).await;
    let hasher = &world.app.service.services().credentials.hasher;
    // Past every delay, and into another window of the network's; the lock stays.
    let rest = TimeDelta::days(2);
    let open: &[_] = &[KNOWN, OTHERS[0], OTHERS[1], OTHERS[2]];
    let all: &[_] = &[KNOWN, OTHERS[0], OTHERS[1], OTHERS[2], LOCKED[0]];
    for (mutation, names, within) in [(0, open, 0.25), (0, &LOCKED, 0.4), (1, all, 0.4), (2, all, 0.4), (3, all, 0.4)] {
        let (mut times, mut hashing) = (vec![vec![]; names.len()], vec![]);
        for round in 0..ROUNDS {
            for turn in 0..names.len() {
                let which = (round + turn) % names.len();
                let (mutation, input) = requests(names[which]).swap_remove(mutation);
                let began = Instant::now();
                send(&world, mutation, &input).await;
                times[which].push(began.elapsed());
            }
            // In turns with them, so that it meets the same machine.
            let began = Instant::now();
            hasher.hash(api::identity::Secret::new(OTHER_PASSWORD)).await.expect("a hash");
            hashing.push(began.elapsed());
            world.app.clock.advance(rest);
        }
        let hash = undisturbed(hashing).as_secs_f64();
        let times: Vec<_> = times.into_iter().map(|times| undisturbed(times).as_secs_f64()).collect();
        let (least, most) = times.iter().fold((f64::MAX, 0.0_f64), |(least, most), it| (least.min(*it), most.max(*it)));
        let what = format!("{} of {names:?}: {times:?}, a hash {hash}", requests(KNOWN)[mutation].0);
        // What takes some milliseconds is as long as the machine pleases: there a part of a hash would show.
        assert!(least / most > 1.0 - within || most - least < hash / 10.0, "{what}");
        if names == open && mutation == 0 {
            assert!(1.0 - hash / most < 1.0 - within, "without its hash one would stand out: {what}");
        } else if mutation != 3 {
            // What the form is sealed and recorded in takes longer.
            assert!(most < hash, "nothing is hashed, and none would be hidden: {what}");
        }
    }
}

/// The lower quartile: whatever else the machine does only adds, which whoever listens for a difference would leave out, too.
fn undisturbed(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 4]
}
