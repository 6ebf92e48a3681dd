//! Nobody finds out by asking whether a name is known: not by the answer, not by its size, not by what is done for it, not by its time.

use std::time::{Duration, Instant};

use chrono::TimeDelta;
use harness::mutation_document;
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
    let world = World::begin().await;
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

#[tokio::test]
async fn enumeration_time_does_not_tell() {
    const PAIRS: usize = 25;
    let world = world().await;
    for mutation in 0..3 {
        let (mut known, mut unknown) = (vec![], vec![]);
        for pair in 0..PAIRS {
            // In turns, so that whatever else the machine does meets both.
            let mut names = [(KNOWN, &mut known), (OTHERS[1], &mut unknown)];
            if pair % 2 == 1 {
                names.swap(0, 1);
            }
            for (name, times) in names {
                let (mutation, input) = requests(name).swap_remove(mutation);
                let began = Instant::now();
                send(&world, mutation, &input).await;
                times.push(began.elapsed());
            }
            // Past every delay and lock, and into another window of the network's.
            world.app.clock.advance(TimeDelta::days(2));
        }
        let (known, unknown) = (median(known), median(unknown));
        let ratio = known.as_secs_f64() / unknown.as_secs_f64();
        assert!((0.6..1.67).contains(&ratio), "mutation {mutation}: known {known:?}, unknown {unknown:?}");
    }
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}
