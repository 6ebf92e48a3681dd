//! When more passwords come than can be hashed.

use std::sync::mpsc;

use api::{credentials::CredentialRules, identity::HashingRules};
use harness::cheap_rules;
use serde_json::json;
use tokio::sync::oneshot;

use super::world::{Browser, ERRORS, OTHER_PASSWORD, PASSWORD, World, code, refused_for_now};

#[tokio::test(flavor = "multi_thread")]
async fn past_the_bound_a_request_is_told_to_come_back_and_has_been_no_attempt() {
    let rules = cheap_rules();
    let hashing = HashingRules { at_a_time: 1, waiting: 0, ..rules.hashing };
    let world = World::begin_with(CredentialRules { hashing, ..rules }).await;
    let ana = world.user("Ana Torres", "ana@example.com").await;
    let mut browser = world.signed_in(&ana).await;

    // Somebody's hash takes as long as the test says.
    let hasher = world.app.service.services().credentials.hasher.clone();
    let (go, wait) = mpsc::channel::<()>();
    let (began, begun) = oneshot::channel();
    let work = move || {
        began.send(()).expect("the test waits");
        wait.recv().expect("the test says go");
    };
    let hashing = tokio::spawn(async move { hasher.consider(work).await });
    begun.await.expect("it begins");
    for name in [&ana.email, "nobody@example.com"] {
        // More often than would lock the name, had they been attempts.
        for _ in 0..12 {
            let claim = json!({ "name": name, "password": OTHER_PASSWORD, "transport": "TOKEN" });
            let refused = refused_for_now(&world.app.nobody(), "signIn", claim).await;
            assert_eq!(refused, (503, "UNAVAILABLE".to_owned(), 2), "{name}");
        }
    }
    let change = json!({ "currentPassword": OTHER_PASSWORD, "newPassword": OTHER_PASSWORD });
    let document = harness::mutation_document("passwordChange", ERRORS);
    for _ in 0..12 {
        let answer = world.send(&mut browser, &document, &json!({ "input": change })).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "UNAVAILABLE", "{answer}");
    }
    let counted: i64 =
        sqlx::query_scalar("select count(*) from sign_in_counts").fetch_one(&world.app.pool).await.expect("a count");
    assert_eq!(counted, 0);

    go.send(()).expect("the hash waits");
    hashing.await.expect("it ends").expect("it had a place");
    assert_eq!(code(&world.sign_in(&mut Browser::default(), &ana.email, PASSWORD).await), None);
}
