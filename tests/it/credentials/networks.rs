//! How often one network may try to sign in, whoever's the names are.

use api::{
    credentials::CredentialRules,
    http::{ForwardedHeader, RequestRates, Trusted, TrustedProxies},
    identity::AttemptRules,
};
use chrono::TimeDelta;
use harness::{TestCaller, cheap_rules, mutation_document};
use serde_json::{Value, json};

use super::world::{ERRORS, OTHER_PASSWORD, PASSWORD, World, code, refused_for_now};
use crate::forwarded::behind;

const LIMIT: u32 = 12;

async fn world() -> World {
    let attempts = AttemptRules { per_network: LIMIT, ..AttemptRules::default() };
    World::begin_with(CredentialRules { attempts, ..cheap_rules() }).await
}

fn claim(name: &str, password: &str) -> Value {
    json!({ "name": name, "password": password, "transport": "TOKEN" })
}

#[tokio::test]
async fn a_network_tries_so_often_whoever_the_names_are_of_and_a_known_browser_goes_on() {
    let world = world().await;
    let ana = world.user("Ana Torres", "ana@example.com").await;
    world.invite("Ivy Lindqvist", "ivy@example.com").await;
    let mut known = world.signed_in(&ana).await;
    // One password at each of many names: no name is tried twice.
    for number in 1..LIMIT {
        let payload = world.app.nobody().mutate("signIn", claim(&format!("n{number}"), PASSWORD), ERRORS).await;
        assert_eq!(code(&payload), Some("SIGN_IN_REFUSED"), "{number}");
    }
    world.app.clock.advance(TimeDelta::seconds(400));
    let mut answers = vec![];
    for (name, password) in [
        ("ana@example.com", PASSWORD),
        ("ana@example.com", OTHER_PASSWORD),
        ("ivy@example.com", PASSWORD),
        ("nobody@example.com", PASSWORD),
        ("a@b", PASSWORD),
    ] {
        let request = world
            .app
            .nobody()
            .request(&mutation_document("signIn", ERRORS), &json!({ "input": claim(name, password) }));
        let response = request.send().await.expect("the service answers");
        let mut names: Vec<_> = response.headers().keys().map(ToString::to_string).collect();
        names.sort();
        answers.push((response.status(), names, response.text().await.expect("a text")));
    }
    assert!(answers.windows(2).all(|pair| pair[0] == pair[1]), "nobody is told who is known: {answers:#?}");
    let refused = refused_for_now(&world.app.nobody(), "signIn", claim(&ana.email, PASSWORD)).await;
    assert_eq!(refused, (429, "RATE_LIMITED".to_owned(), 200));
    let counted: i64 =
        sqlx::query_scalar("select coalesce(sum(failures), 0)::bigint from sign_in_counts where person is not null")
            .fetch_one(&world.app.pool)
            .await
            .expect("a count");
    assert_eq!(counted, 0, "what is refused is no attempt at anybody");
    assert_eq!(code(&world.sign_in(&mut known, &ana.email, PASSWORD).await), None, "a browser that is known");
    world.app.clock.advance(TimeDelta::seconds(200));
    let payload = world.app.nobody().mutate("signIn", claim(&ana.email, PASSWORD), ERRORS).await;
    assert_eq!(code(&payload), None, "the window has ended");
}

#[tokio::test]
async fn a_network_is_an_address_or_64_bits_of_a_longer_one_as_a_trusted_proxy_names_it() {
    let world = world().await;
    let proxies = TrustedProxies { trusted: Trusted::Hops(1), header: ForwardedHeader::XForwardedFor };
    let proxied = world.app.nobody().at(&behind(&world.app, proxies, RequestRates::UNREACHED).await);
    let from = async |caller: &TestCaller, line: &str, name: &str| {
        let document = mutation_document("signIn", ERRORS);
        let request = caller.request(&document, &json!({ "input": claim(name, PASSWORD) }));
        request.header("x-forwarded-for", line).send().await.expect("the service answers").status().as_u16()
    };
    for number in 0..LIMIT {
        // What the client says about itself stands before what the proxy says.
        let spoofed = format!("198.51.100.{number}, 2001:db8:0:7::{number:x}");
        assert_eq!(from(&proxied, &spoofed, &format!("n{number}")).await, 200, "{number}");
    }
    for (line, status) in [
        ("2001:db8:0:7:ffff::1", 429),
        ("203.0.113.9, 2001:db8:0:7::1", 429),
        ("2001:db8:0:8::1", 200),
        ("2001:db8:0:7::1, 203.0.113.9", 200),
    ] {
        assert_eq!(from(&proxied, line, "another").await, status, "{line}");
    }
    // Without a proxy that is trusted it is whoever connects.
    for number in 0..LIMIT {
        assert_eq!(from(&world.app.nobody(), &format!("192.0.2.{number}"), &format!("m{number}")).await, 200);
    }
    assert_eq!(from(&world.app.nobody(), "192.0.2.200", "m").await, 429);
}

#[tokio::test]
async fn however_many_come_at_once_no_more_are_let_through() {
    let world = world().await;
    let tries = (0..40).map(|number| {
        let caller = world.app.nobody();
        async move {
            let document = mutation_document("signIn", ERRORS);
            let request = caller.request(&document, &json!({ "input": claim(&format!("n{number}"), PASSWORD) }));
            request.send().await.expect("the service answers").status().as_u16()
        }
    });
    let answers = futures_util::future::join_all(tries).await;
    let count = |status| answers.iter().filter(|answer| **answer == status).count();
    let (through, refused, busy) = (count(200), count(429), count(503));
    assert_eq!(through + refused + busy, 40, "{answers:?}");
    assert!(through <= LIMIT as usize && refused >= 40 - LIMIT as usize - busy, "{answers:?}");
}
