//! Nobody finds out by asking whether a name is known: not by the answer, not by its size, not by what is done for it, not by its time.

use std::time::{Duration, Instant};

use api::{credentials::CredentialRules, identity::AttemptRules};
use chrono::TimeDelta;
use harness::{cheap_rules, mutation_document};
use reqwest::header::{CONTENT_LENGTH, HeaderMap, ORIGIN};
use serde_json::{Value, json};

use super::world::{OTHER_PASSWORD, World};
use crate::sql::Watched;

/// A name that somebody has, one of somebody who was invited only, one of nobody, and one that cannot be a name.
const KNOWN: &str = "ana@example.com";
const OTHERS: [&str; 3] = ["ivy@example.com", "not@example.com", "a@b"];

fn requests(name: &str) -> Vec<(&'static str, Value)> {
    vec![
        ("signIn", json!({ "name": name, "password": OTHER_PASSWORD })),
        ("passwordResetRequest", json!({ "name": name })),
        ("unlockRequest", json!({ "name": name })),
    ]
}

async fn world() -> World {
    world_with(cheap_rules()).await
}

async fn world_with(rules: CredentialRules) -> World {
    let world = World::begin_with(rules).await;
    world.user("Ana Torres", KNOWN).await;
    world.invite("Ivy Lindqvist", OTHERS[0]).await;
    world
}

async fn send(world: &World, mutation: &str, input: &Value) -> (u16, HeaderMap, String) {
    let document = mutation_document(mutation, "retryAt userErrors { code field message }");
    let request = world.app.nobody().request(&document, &json!({ "input": input }));
    let request = request.header(ORIGIN, format!("http://{}", world.app.address));
    let response = request.send().await.expect("the service answers");
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    (status, headers, response.text().await.expect("a text"))
}

#[tokio::test]
async fn enumeration_body_status_headers_and_size_are_the_same() {
    let world = world().await;
    for other in OTHERS {
        for ((mutation, known), (_, unknown)) in requests(KNOWN).into_iter().zip(requests(other)) {
            for _ in 0..4 {
                let (known, unknown) = (send(&world, mutation, &known).await, send(&world, mutation, &unknown).await);
                assert_eq!((known.0, &known.2), (unknown.0, &unknown.2), "{mutation} {other}");
                let names = |headers: &HeaderMap| headers.keys().map(ToString::to_string).collect::<Vec<_>>();
                assert_eq!(names(&known.1), names(&unknown.1), "{mutation} {other}");
                assert_eq!(known.1.get(CONTENT_LENGTH), unknown.1.get(CONTENT_LENGTH), "{mutation} {other}");
            }
            world.app.clock.advance(TimeDelta::days(2));
        }
    }
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

/// Somebody's, somebody's who was invited only, nobody's, and somebody's who is locked: asked for in turns, so that whatever else the
/// machine does meets all of them.
#[tokio::test]
async fn enumeration_time_does_not_tell() {
    const ROUNDS: usize = 25;
    // As hard to hash as in production: a hash that is left out must show.
    let attempts =
        AttemptRules { lock: Duration::from_hours(24 * 300), per_network: u32::MAX, ..AttemptRules::default() };
    let rules = CredentialRules { attempts, ..CredentialRules::default() };
    let world = world_with(rules).await;
    world.user("Lou Brandt", "lou@example.com").await;
    let sign_in = |name| requests(name).swap_remove(0);
    for name in ["lou@example.com", "out@example.com"] {
        for _ in 0..10 {
            send(&world, "signIn", &sign_in(name).1).await;
            world.app.clock.advance(TimeDelta::minutes(1));
        }
        assert!(send(&world, "signIn", &sign_in(name).1).await.2.contains("LOCKED"));
    }
    let hasher = &world.app.service.services().credentials.hasher;
    let mut hashing = vec![];
    for _ in 0..9 {
        let began = Instant::now();
        hasher.hash(api::identity::Secret::new(OTHER_PASSWORD)).await.expect("a hash");
        hashing.push(began.elapsed());
    }
    let hash = median(hashing).as_secs_f64();
    // Past every delay, and into another window of the network's; the lock stays.
    let rest = TimeDelta::days(2);
    let open: &[_] = &[KNOWN, OTHERS[0], OTHERS[1]];
    for (mutation, names, within) in [
        (0, open, 0.25),
        (0, &["lou@example.com", "out@example.com"], 0.4),
        (1, &[KNOWN, OTHERS[0], OTHERS[1], "lou@example.com"], 0.4),
        (2, &[KNOWN, OTHERS[0], OTHERS[1], "lou@example.com"], 0.4),
    ] {
        let mut times = vec![vec![]; names.len()];
        for round in 0..ROUNDS {
            for turn in 0..names.len() {
                let which = (round + turn) % names.len();
                let (mutation, input) = requests(names[which]).swap_remove(mutation);
                let began = Instant::now();
                send(&world, mutation, &input).await;
                times[which].push(began.elapsed());
            }
            world.app.clock.advance(rest);
        }
        let medians: Vec<_> = times.into_iter().map(|times| median(times).as_secs_f64()).collect();
        let (least, most) =
            medians.iter().fold((f64::MAX, 0.0_f64), |(least, most), it| (least.min(*it), most.max(*it)));
        let what = format!("{} of {names:?}: {medians:?}, a hash {hash}", requests(KNOWN)[mutation].0);
        assert!(least / most > 1.0 - within, "{what}");
        if names == open && mutation == 0 {
            assert!(1.0 - hash / most < 1.0 - within, "without its hash one would stand out: {what}");
        } else {
            assert!(most < hash, "nothing is hashed, and none would be hidden: {what}");
        }
    }
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}
