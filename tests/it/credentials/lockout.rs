//! Locks, on a clock that stands still.

use api::identity::LinkPurpose;
use chrono::TimeDelta;
use futures_util::future::join_all;
use serde_json::{Value, json};

use super::world::{Browser, ERRORS, OTHER_PASSWORD, PASSWORD, User, World, code};

/// What an attempt with a wrong password is told, and how long after the one before the next one may come. The tenth locks.
const TABLE: [(&str, i64); 10] = [
    ("SIGN_IN_REFUSED", 0),
    ("SIGN_IN_REFUSED", 0),
    ("SIGN_IN_REFUSED", 1),
    ("SIGN_IN_REFUSED", 2),
    ("SIGN_IN_REFUSED", 4),
    ("SIGN_IN_REFUSED", 8),
    ("SIGN_IN_REFUSED", 16),
    ("SIGN_IN_REFUSED", 32),
    ("SIGN_IN_REFUSED", 60),
    ("SIGN_IN_REFUSED", 1800),
];

async fn try_in(world: &World, browser: &mut Browser, name: &str, password: &str) -> Value {
    world.sign_in(browser, name, password).await
}

/// Fails ten times as fast as it goes, from nowhere that is known.
async fn lock(world: &World, name: &str) {
    for (expected, wait) in TABLE {
        let payload = try_in(world, &mut Browser::default(), name, OTHER_PASSWORD).await;
        assert_eq!(code(&payload), Some(expected), "{payload}");
        if wait < 1800 {
            world.app.clock.advance(TimeDelta::seconds(wait));
        }
    }
}

#[tokio::test]
async fn lockout_table_on_a_fixed_clock_known_or_not() {
    let world = World::begin().await;
    world.user("Ana Torres", "ana@example.com").await;
    for name in ["ana@example.com", "nobody@example.com"] {
        let mut told = vec![];
        for (expected, wait) in TABLE {
            let payload = try_in(&world, &mut Browser::default(), name, OTHER_PASSWORD).await;
            assert_eq!(code(&payload), Some(expected), "{name}: {payload}");
            if wait > 0 {
                world.app.clock.advance(TimeDelta::seconds(wait) - TimeDelta::milliseconds(1));
                let early = try_in(&world, &mut Browser::default(), name, OTHER_PASSWORD).await;
                let soon = if wait == 1800 { "LOCKED" } else { "TOO_MANY_ATTEMPTS" };
                assert_eq!(code(&early), Some(soon), "{name}: {early}");
                assert!(early["retryAt"].is_string());
                told.push(early["userErrors"].clone());
                world.app.clock.advance(TimeDelta::milliseconds(1));
            }
        }
        let after = try_in(&world, &mut Browser::default(), name, OTHER_PASSWORD).await;
        assert_eq!(code(&after), Some("SIGN_IN_REFUSED"), "{name}: the lock has ended by itself, {after}");
        insta::allow_duplicates! { insta::assert_json_snapshot!("what_a_locked_name_is_told", told); }
    }
}

#[tokio::test]
async fn while_locked_the_right_password_is_refused_but_not_where_somebody_signed_in_before() {
    let world = World::begin().await;
    let ana = world.user("Ana Torres", "ana@example.com").await;
    let mut known = world.signed_in(&ana).await;
    let bens = world.signed_in(&world.user("Ben Okafor", "ben@example.com").await).await;
    lock(&world, &ana.email).await;
    assert_eq!(code(&try_in(&world, &mut Browser::default(), &ana.email, PASSWORD).await), Some("LOCKED"));
    assert_eq!(
        code(&try_in(&world, &mut bens.clone(), &ana.email, PASSWORD).await),
        Some("LOCKED"),
        "known to be Ben's"
    );
    assert_eq!(code(&try_in(&world, &mut known, &ana.email, PASSWORD).await), None);
    assert_eq!(
        code(&try_in(&world, &mut Browser::default(), &ana.email, PASSWORD).await),
        Some("LOCKED"),
        "it is still locked"
    );
    // The browser counts for itself, and locks for itself.
    for (_, wait) in TABLE {
        assert_eq!(code(&try_in(&world, &mut known, &ana.email, OTHER_PASSWORD).await), Some("SIGN_IN_REFUSED"));
        world.app.clock.advance(TimeDelta::seconds(wait.min(60)));
    }
    assert_eq!(code(&try_in(&world, &mut known, &ana.email, PASSWORD).await), Some("LOCKED"));
}

#[tokio::test]
async fn whoever_succeeds_begins_anew_and_so_does_a_day_later() {
    let world = World::begin().await;
    let ana = world.user("Ana Torres", "ana@example.com").await;
    for _ in 0..3 {
        for (_, wait) in &TABLE[..9] {
            assert_eq!(
                code(&try_in(&world, &mut Browser::default(), &ana.email, OTHER_PASSWORD).await),
                Some("SIGN_IN_REFUSED")
            );
            world.app.clock.advance(TimeDelta::seconds(*wait));
        }
        assert_eq!(code(&try_in(&world, &mut Browser::default(), &ana.email, PASSWORD).await), None);
    }
    for (_, wait) in &TABLE[..9] {
        try_in(&world, &mut Browser::default(), &ana.email, OTHER_PASSWORD).await;
        world.app.clock.advance(TimeDelta::seconds(*wait));
    }
    world.app.clock.advance(TimeDelta::days(1));
    for (expected, wait) in &TABLE[..9] {
        assert_eq!(code(&try_in(&world, &mut Browser::default(), &ana.email, OTHER_PASSWORD).await), Some(*expected));
        world.app.clock.advance(TimeDelta::seconds(*wait));
    }
}

#[tokio::test]
async fn attempts_that_come_at_the_same_time_are_no_more_than_those_that_come_one_after_the_other() {
    let world = World::begin().await;
    let ana = world.user("Ana Torres", "ana@example.com").await;
    for round in 0..10 {
        let attempts =
            (0..20).map(|_| async { try_in(&world, &mut Browser::default(), &ana.email, OTHER_PASSWORD).await });
        let answers = join_all(attempts).await;
        let looked_at = answers.iter().filter(|answer| code(answer) == Some("SIGN_IN_REFUSED")).count();
        let expected = match round {
            0 => 3,
            1..=7 => 1,
            _ => 0,
        };
        assert_eq!(looked_at, expected, "round {round}");
        if round < 7 {
            world.app.clock.advance(TimeDelta::seconds(60));
        }
    }
}

#[tokio::test]
async fn a_lock_is_told_of_once_and_an_unlocking_link_ends_it_and_signs_nobody_in() {
    let world = World::begin().await;
    let ana = world.user("Ana Torres", "ana@example.com").await;
    lock(&world, &ana.email).await;
    world.work().await;
    world.work().await;
    let locks = |events: &[String]| events.iter().filter(|event| *event == "UserLocked").count();
    assert_eq!(locks(&world.events(&ana).await), 1);
    let token = world.link(&ana, LinkPurpose::Unlock).await;
    let mut browser = Browser::default();
    let unlocked = world.ask(&mut browser, "unlock", Some(json!({ "token": token })), ERRORS).await;
    assert_eq!((code(&unlocked), browser.session.as_ref()), (None, None));
    assert_eq!(world.events(&ana).await.last().map(String::as_str), Some("UserUnlocked"));
    assert_eq!(code(&try_in(&world, &mut browser, &ana.email, PASSWORD).await), None);
    let again = world.ask(&mut browser, "unlock", Some(json!({ "token": token })), ERRORS).await;
    assert_eq!(code(&again), Some("LINK_NOT_GOOD"));
}

/// The attempt that reaches the limit locks until it was looked at: others that come at the same time are no more than the limit. When it
/// was right, nobody was locked.
#[tokio::test]
async fn nobody_is_told_of_a_lock_that_ended_with_its_attempt_and_somebody_is_whose_process_is_gone() {
    let world = World::begin().await;
    let ana = world.user("Ana Torres", "ana@example.com").await;
    lock(&world, &ana.email).await;
    let waiting = "update sign_in_counts set is_judged = false";
    sqlx::query(waiting).execute(&world.app.pool).await.expect("it is not looked at yet");
    world.work().await;
    let locks = async || world.events(&ana).await.iter().filter(|event| *event == "UserLocked").count();
    assert_eq!(locks().await, 0);
    world.app.clock.advance(TimeDelta::seconds(61));
    world.work().await;
    assert_eq!(locks().await, 1);
}

#[tokio::test]
async fn a_lock_of_a_known_browser_is_told_of_too_and_the_same_link_ends_it() {
    let world = World::begin().await;
    let ana = world.user("Ana Torres", "ana@example.com").await;
    let mut known = world.signed_in(&ana).await;
    for (_, wait) in TABLE {
        assert_eq!(code(&try_in(&world, &mut known, &ana.email, OTHER_PASSWORD).await), Some("SIGN_IN_REFUSED"));
        world.app.clock.advance(TimeDelta::seconds(wait.min(60)));
    }
    world.work().await;
    assert_eq!(world.events(&ana).await.last().map(String::as_str), Some("UserLocked"));
    let token = world.link(&ana, LinkPurpose::Unlock).await;
    world.ask(&mut known, "unlock", Some(json!({ "token": token })), ERRORS).await;
    assert_eq!(code(&try_in(&world, &mut known, &ana.email, PASSWORD).await), None);
}

#[tokio::test]
async fn saying_the_password_again_counts_like_signing_in() {
    let world = World::begin().await;
    let ana: User = world.user("Ana Torres", "ana@example.com").await;
    let mut browser = world.signed_in(&ana).await;
    let input = json!({ "currentPassword": OTHER_PASSWORD });
    let mut codes = vec![];
    for _ in 0..4 {
        let payload = world.ask(&mut browser, "totpEnroll", Some(input.clone()), ERRORS).await;
        codes.push(code(&payload).map(str::to_owned).expect("an error"));
    }
    assert_eq!(codes, ["SIGN_IN_REFUSED", "SIGN_IN_REFUSED", "SIGN_IN_REFUSED", "TOO_MANY_ATTEMPTS"]);
}
