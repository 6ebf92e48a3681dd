//! Codes of authenticator apps, and recovery codes.

use api::identity::LinkPurpose;
use chrono::TimeDelta;
use domain::Timestamp;
use futures_util::future::join_all;
use serde_json::{Value, json};
use totp_rs::{Builder, Secret};

use super::world::{Browser, ERRORS, OTHER_PASSWORD, PASSWORD, User, World, code};

/// What an app shows at the service's time.
pub fn shown(world: &World, secret: &str) -> String {
    shown_at(secret, world.app.clock.now())
}

/// What an app shows at a time.
pub fn shown_at(secret: &str, time: Timestamp) -> String {
    let secret = Secret::try_from_base32(secret).expect("base 32");
    let app = Builder::new().with_secret(secret).build().expect("the defaults of every app");
    app.generate(u64::try_from(time.timestamp()).expect("after 1970")).to_string()
}

/// Adds an app; answers its secret and the recovery codes.
pub async fn enroll(world: &World, browser: &mut Browser) -> (String, Vec<String>) {
    let input = json!({ "currentPassword": PASSWORD });
    let enrolled = world.ask(browser, "totpEnroll", Some(input), "secret uri userErrors { code }").await;
    let secret = enrolled["secret"].as_str().expect("a secret").to_owned();
    assert!(
        enrolled["uri"]
            .as_str()
            .is_some_and(|uri| uri.starts_with("otpauth://totp/Support%20Portal:ana%40example%2Ecom?")),
        "{enrolled}"
    );
    let input = json!({ "code": shown(world, &secret) });
    let confirmed = world.ask(browser, "totpConfirm", Some(input), "recoveryCodes userErrors { code }").await;
    assert_eq!(code(&confirmed), None, "{confirmed}");
    let codes = confirmed["recoveryCodes"].as_array().expect("codes").iter();
    (secret, codes.map(|code| code.as_str().expect("a text").to_owned()).collect())
}

async fn sign_in(world: &World, user: &User, extra: Value) -> Value {
    let mut input = json!({ "name": user.email, "password": PASSWORD, "transport": "TOKEN" });
    input.as_object_mut().expect("an object").extend(extra.as_object().expect("an object").clone());
    world.app.nobody().mutate("signIn", input, "token userErrors { code field }").await
}

#[tokio::test]
async fn a_code_is_asked_for_beside_the_password_and_is_good_once() {
    let world = World::begin().await;
    let ana = world.user("Ana Torres", "ana@example.com").await;
    let (mut here, there) = (world.signed_in(&ana).await, world.signed_in(&ana).await);
    let (secret, codes) = enroll(&world, &mut here).await;
    assert_eq!(codes.len(), 10);
    assert!(world.is_in(&here).await && !world.is_in(&there).await, "other sessions end");
    assert_eq!(code(&sign_in(&world, &ana, json!({})).await), Some("SECOND_FACTOR_REQUIRED"));
    let enrolled_with = shown(&world, &secret);
    let replayed = sign_in(&world, &ana, json!({ "code": enrolled_with })).await;
    assert_eq!(code(&replayed), Some("SIGN_IN_REFUSED"), "it was used to confirm");
    world.app.clock.advance(TimeDelta::seconds(60));
    let now = shown(&world, &secret);
    assert_eq!(code(&sign_in(&world, &ana, json!({ "code": now })).await), None);
    assert_eq!(code(&sign_in(&world, &ana, json!({ "code": now })).await), Some("SIGN_IN_REFUSED"));
    let events = world.events(&ana).await;
    assert!(
        ["FactorEnrolled", "RecoveryCodesReplaced"].iter().all(|event| events.iter().any(|other| other == event)),
        "{events:?}"
    );
}

/// ASVS 6.5.5.
#[tokio::test]
async fn a_code_is_good_in_its_own_30_seconds_alone() {
    let world = World::begin().await;
    let ana = world.user("Ana Torres", "ana@example.com").await;
    let (secret, _) = enroll(&world, &mut world.signed_in(&ana).await).await;
    // To a moment after a step has begun.
    let into_the_step = world.app.clock.now().timestamp().rem_euclid(30);
    world.app.clock.advance(TimeDelta::seconds(120 - into_the_step));
    let (begun, now) = (world.app.clock.now(), shown(&world, &secret));
    let next = shown_at(&secret, begun + TimeDelta::seconds(30));
    assert_eq!(code(&sign_in(&world, &ana, json!({ "code": next })).await), Some("SIGN_IN_REFUSED"), "too early");
    world.app.clock.advance(TimeDelta::seconds(30));
    assert_eq!(code(&sign_in(&world, &ana, json!({ "code": now })).await), Some("SIGN_IN_REFUSED"), "too late");
    world.app.clock.advance(TimeDelta::seconds(29));
    assert_eq!(code(&sign_in(&world, &ana, json!({ "code": next })).await), None);
}

#[tokio::test]
async fn parallel_use_of_a_code_exactly_one_wins() {
    let world = World::begin().await;
    let ana = world.user("Ana Torres", "ana@example.com").await;
    let (secret, codes) = enroll(&world, &mut world.signed_in(&ana).await).await;
    world.app.clock.advance(TimeDelta::minutes(2));
    let now = shown(&world, &secret);
    for extra in [json!({ "code": now }), json!({ "recoveryCode": codes[0] })] {
        let answers = join_all((0..20).map(|_| sign_in(&world, &ana, extra.clone()))).await;
        assert_eq!(answers.iter().filter(|answer| answer["token"].is_string()).count(), 1, "{answers:?}");
        world.app.clock.advance(TimeDelta::days(2));
    }
}

#[tokio::test]
async fn a_recovery_code_stands_in_once_and_new_ones_replace_them() {
    let world = World::begin().await;
    let ana = world.user("Ana Torres", "ana@example.com").await;
    let mut browser = world.signed_in(&ana).await;
    let (_, codes) = enroll(&world, &mut browser).await;
    assert_eq!(code(&sign_in(&world, &ana, json!({ "recoveryCode": codes[0].to_lowercase() })).await), None);
    let again = sign_in(&world, &ana, json!({ "recoveryCode": codes[0] })).await;
    assert_eq!((code(&again), &again["userErrors"][0]["field"]), (Some("SIGN_IN_REFUSED"), &json!("recoveryCode")));
    let left = "{ viewer { credentials { recoveryCodesLeft hasSecondFactor } } }";
    let seen = world.send(&mut browser, left, &json!({})).await;
    assert_eq!(seen["data"]["viewer"]["credentials"], json!({ "recoveryCodesLeft": 9, "hasSecondFactor": true }));
    let replace = |code: Option<&str>| json!({ "currentPassword": PASSWORD, "recoveryCode": code });
    let payload = "recoveryCodes userErrors { code }";
    let without = world.ask(&mut browser, "recoveryCodesReplace", Some(replace(None)), payload).await;
    assert_eq!(code(&without), Some("SECOND_FACTOR_REQUIRED"), "the password alone makes no second factor");
    let replaced = world.ask(&mut browser, "recoveryCodesReplace", Some(replace(Some(&codes[2]))), payload).await;
    assert_eq!(replaced["recoveryCodes"].as_array().map(Vec::len), Some(10));
    assert_eq!(code(&sign_in(&world, &ana, json!({ "recoveryCode": codes[1] })).await), Some("SIGN_IN_REFUSED"));
    assert_eq!(code(&sign_in(&world, &ana, json!({ "recoveryCode": replaced["recoveryCodes"][0] })).await), None);
    assert!(world.events(&ana).await.iter().any(|event| event == "RecoveryCodeUsed"));
}

#[tokio::test]
async fn a_factor_is_taken_away_with_the_password_and_a_code() {
    let world = World::begin().await;
    let ana = world.user("Ana Torres", "ana@example.com").await;
    let mut browser = world.signed_in(&ana).await;
    let (_, codes) = enroll(&world, &mut browser).await;
    let remove = |code: Option<&str>| json!({ "currentPassword": PASSWORD, "recoveryCode": code });
    let without = world.ask(&mut browser, "totpRemove", Some(remove(None)), ERRORS).await;
    assert_eq!(code(&without), Some("SECOND_FACTOR_REQUIRED"));
    let there = sign_in(&world, &ana, json!({ "recoveryCode": codes[4] })).await;
    let there = world.app.bearer(there["token"].as_str().expect("a token"));
    let removed = world.ask(&mut browser, "totpRemove", Some(remove(Some(&codes[3]))), ERRORS).await;
    assert_eq!(code(&removed), None);
    assert!(world.is_in(&browser).await);
    assert_eq!(there.error_code("{ viewer { roles } }", json!({})).await, "UNAUTHENTICATED", "other sessions end");
    assert_eq!(code(&sign_in(&world, &ana, json!({})).await), None);
    assert!(world.events(&ana).await.iter().any(|event| event == "FactorRemoved"));
}

#[tokio::test]
async fn an_app_whose_codes_are_wrong_five_times_is_to_be_enrolled_anew() {
    let world = World::begin().await;
    let ana = world.user("Ana Torres", "ana@example.com").await;
    let mut browser = world.signed_in(&ana).await;
    let input = json!({ "currentPassword": PASSWORD });
    // Those of an app that was never confirmed do not count for the next one.
    world.ask(&mut browser, "totpEnroll", Some(input.clone()), "secret").await;
    for _ in 0..4 {
        world.ask(&mut browser, "totpConfirm", Some(json!({ "code": "no code" })), ERRORS).await;
    }
    let enrolled = world.ask(&mut browser, "totpEnroll", Some(input), "secret").await;
    let right = shown(&world, enrolled["secret"].as_str().expect("a secret"));
    let wrong = if right == "000000" { "000001" } else { "000000" };
    for _ in 0..5 {
        let payload = world.ask(&mut browser, "totpConfirm", Some(json!({ "code": wrong })), ERRORS).await;
        assert_eq!(code(&payload), Some("SIGN_IN_REFUSED"), "{payload}");
    }
    let late = world.ask(&mut browser, "totpConfirm", Some(json!({ "code": right })), ERRORS).await;
    assert_eq!(code(&late), Some("NOT_FOUND"), "{late}");
    enroll(&world, &mut browser).await;
}

/// Whoever has lost the app and the recovery codes asks an administrator, and comes back by their mailbox alone.
#[tokio::test]
async fn an_administrator_lets_somebody_in_again_who_has_lost_their_factor() {
    let world = World::begin().await;
    let ana = world.user("Ana Torres", "ana@example.com").await;
    let mut browser = world.signed_in(&ana).await;
    enroll(&world, &mut browser).await;
    let id = world.send(&mut browser, "{ viewer { person { id } } }", &json!({})).await;
    let input = json!({ "personId": id["data"]["viewer"]["person"]["id"] });
    // Nobody does without their own factor by this.
    let own = world.ask(&mut browser, "userFactorRemove", Some(input.clone()), ERRORS).await;
    assert_eq!(code(&own), Some("NOT_PERMITTED"));
    world.administrator.succeed("userFactorRemove", input.clone(), "user { status }").await;
    assert!(!world.is_in(&browser).await, "sessions end");
    assert_eq!(code(&sign_in(&world, &ana, json!({})).await), Some("SIGN_IN_REFUSED"), "the password may be short");
    let token = world.link(&ana, LinkPurpose::PasswordReset).await;
    let reset = json!({ "token": token, "newPassword": OTHER_PASSWORD });
    assert_eq!(code(&world.app.nobody().mutate("passwordReset", reset, ERRORS).await), None);
    assert_eq!(code(&world.sign_in(&mut browser, &ana.email, OTHER_PASSWORD).await), None);
    assert!(world.events(&ana).await.iter().any(|event| event == "FactorRemoved"));
    let mails: i64 = sqlx::query_scalar("select count(*) from mails where kind = 'password_reset' and person = $1")
        .bind(ana.person.0)
        .fetch_one(&world.app.pool)
        .await
        .expect("a count");
    assert_eq!(mails, 1, "the link is mailed");
    // Again is nothing.
    world.administrator.succeed("userFactorRemove", input, "user { status }").await;
    assert!(world.is_in(&browser).await);
}

#[tokio::test]
async fn a_short_password_needs_a_factor_beside_it() {
    let world = World::begin().await;
    let ana = world.user("Ana Torres", "ana@example.com").await;
    let mut browser = world.signed_in(&ana).await;
    let short = "kelp7 ovn";
    let change = || json!({ "currentPassword": PASSWORD, "newPassword": short });
    assert_eq!(code(&world.ask(&mut browser, "passwordChange", Some(change()), ERRORS).await), Some("WEAK_PASSWORD"));
    let (_, codes) = enroll(&world, &mut browser).await;
    assert_eq!(code(&world.ask(&mut browser, "passwordChange", Some(change()), ERRORS).await), None);
    let remove = json!({ "currentPassword": short, "recoveryCode": codes[0] });
    assert_eq!(code(&world.ask(&mut browser, "totpRemove", Some(remove), ERRORS).await), Some("WEAK_PASSWORD"));
}

/// Whoever has a session and the password must not find out a code of six digits by trying.
#[tokio::test]
async fn guesses_at_a_code_are_counted_and_the_password_alone_forgets_none() {
    let world = World::begin().await;
    let ana = world.user("Ana Torres", "ana@example.com").await;
    let mut browser = world.signed_in(&ana).await;
    let (_, codes) = enroll(&world, &mut browser).await;
    let guess = json!({ "currentPassword": PASSWORD, "code": "12345x" });
    let good = json!({ "currentPassword": PASSWORD, "recoveryCode": codes[0] });
    for round in 0..10 {
        let mutation = ["totpRemove", "recoveryCodesReplace"][round % 2];
        let payload = world.ask(&mut browser, mutation, Some(guess.clone()), ERRORS).await;
        assert_eq!(code(&payload), Some("SIGN_IN_REFUSED"), "{mutation} in round {round}");
        if round == 2 {
            let soon = world.ask(&mut browser, "totpRemove", Some(good.clone()), ERRORS).await;
            assert_eq!(code(&soon), Some("TOO_MANY_ATTEMPTS"));
        }
        world.app.clock.advance(TimeDelta::seconds(60));
        if round < 9 {
            let password = json!({ "currentPassword": PASSWORD });
            let right = world.ask(&mut browser, "totpEnroll", Some(password), ERRORS).await;
            assert_eq!(code(&right), Some("ALREADY_DONE"), "the password is right, and there is an app already");
        }
    }
    let locked = world.ask(&mut browser, "totpRemove", Some(good.clone()), ERRORS).await;
    assert_eq!(code(&locked), Some("LOCKED"));
    world.app.clock.advance(TimeDelta::minutes(30));
    assert_eq!(code(&world.ask(&mut browser, "totpRemove", Some(good), ERRORS).await), None, "the lock is over");
}

#[tokio::test]
async fn a_reset_password_does_without_no_factor() {
    let world = World::begin().await;
    let ana = world.user("Ana Torres", "ana@example.com").await;
    let (_, codes) = enroll(&world, &mut world.signed_in(&ana).await).await;
    let token = world.link(&ana, LinkPurpose::PasswordReset).await;
    let input = json!({ "token": token, "newPassword": OTHER_PASSWORD });
    assert_eq!(code(&world.app.nobody().mutate("passwordReset", input, ERRORS).await), None);
    let sign_in = async |extra: Value| {
        let mut input = json!({ "name": ana.email, "password": OTHER_PASSWORD, "transport": "TOKEN" });
        input.as_object_mut().expect("an object").extend(extra.as_object().expect("an object").clone());
        world.app.nobody().mutate("signIn", input, "token userErrors { code }").await
    };
    assert_eq!(code(&sign_in(json!({})).await), Some("SECOND_FACTOR_REQUIRED"));
    assert_eq!(code(&sign_in(json!({ "recoveryCode": codes[0] })).await), None);
}
