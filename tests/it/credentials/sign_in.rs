//! Signing in and out, and how long it lasts.

use std::time::Instant;

use api::identity::{Hasher, HashingRules, Peppers, Secret};
use chrono::TimeDelta;
use event_log::MasterKey;
use reqwest::header::{COOKIE, ORIGIN, SET_COOKIE};
use serde_json::json;

use super::world::{Browser, ERRORS, OTHER_PASSWORD, PASSWORD, User, World, code};

#[tokio::test]
async fn somebody_who_was_invited_activates_signs_in_and_out() {
    let world = World::begin().await;
    let ana = world.invite("Ana Torres", "ana@example.com").await;
    let mut browser = Browser::default();
    assert_eq!(code(&world.sign_in(&mut browser, "ana@example.com", PASSWORD).await), Some("SIGN_IN_REFUSED"));
    let ben = world.user("Ben Okafor", "Ben@example.com").await;
    for name in ["ben@example.com", " BEN@EXAMPLE.COM "] {
        let mut browser = Browser::default();
        let payload = world.sign_in(&mut browser, name, PASSWORD).await;
        assert_eq!(
            (code(&payload), &payload["token"]),
            (None, &json!(null)),
            "a browser's script never sees the session"
        );
        assert!(world.is_in(&browser).await);
        let before = browser.clone();
        world.ask(&mut browser, "signOut", None, ERRORS).await;
        assert_eq!(browser.session, None);
        assert!(!world.is_in(&before).await, "the session has ended, not only its cookie");
    }
    assert_eq!(world.events(&ana).await, ["UserInvited"]);
    let expected = ["UserInvited", "UserActivated", "PasswordChanged", "DeviceAdded", "DeviceAdded"];
    assert_eq!(world.events(&ben).await, expected);
}

#[tokio::test]
async fn nobody_signs_in_before_somebody_was_invited() {
    let app = harness::TestApp::start().await;
    for table in ["passwords", "tokens", "sessions", "totp_secrets", "links", "challenge_answers"] {
        let rows: i64 =
            sqlx::query_scalar(&format!("select count(*) from {table}")).fetch_one(&app.pool).await.expect("a count");
        assert_eq!(rows, 0, "{table}");
    }
    for name in ["root", "admin", "administrator", "sa", "casestream", "casestream_owner", "postgres"] {
        let input = json!({ "name": name, "password": name, "transport": "TOKEN" });
        let payload = app.nobody().mutate("signIn", input, "token userErrors { code }").await;
        assert_eq!((code(&payload), &payload["token"]), (Some("SIGN_IN_REFUSED"), &json!(null)), "{name}");
    }
}

#[tokio::test]
async fn a_password_is_good_for_as_long_as_its_owner_keeps_it() {
    let world = World::begin().await;
    let ana = world.user("Ana Torres", "ana@example.com").await;
    world.app.clock.advance(TimeDelta::days(1000));
    assert!(world.is_in(&world.signed_in(&ana).await).await);
}

#[tokio::test]
async fn signing_out_has_the_browser_forget_what_it_kept() {
    let world = World::begin().await;
    let ana = world.user("Ana Torres", "ana@example.com").await;
    let cookies = world.signed_in(&ana).await.cookies().expect("cookies");
    let request = world.app.nobody().request("mutation { signOut { userErrors { code } } }", &json!({}));
    let request = request.header(ORIGIN, format!("http://{}", world.app.address)).header(COOKIE, cookies);
    let response = request.send().await.expect("the service answers");
    assert_eq!(response.headers()["clear-site-data"], r#""cache", "storage""#);
    let line = response.headers()[SET_COOKIE].to_str().expect("ASCII");
    assert!(line.starts_with("casestream=;") && line.contains("Max-Age=0"), "{line}");
}

#[tokio::test]
async fn each_attempt_and_its_end_are_in_the_access_log() {
    let world = World::begin().await;
    let ana = world.user("Ana Torres", "ana@example.com").await;
    let mut browser = Browser::default();
    world.sign_in(&mut browser, "nobody@example.com", PASSWORD).await;
    world.sign_in(&mut browser, &ana.email, OTHER_PASSWORD).await;
    world.sign_in(&mut browser, &ana.email, PASSWORD).await;
    world.ask(&mut browser, "signOut", None, ERRORS).await;
    let rows: Vec<(Option<uuid::Uuid>, String, String, bool)> = sqlx::query_as(
        "select principal, operation, object, network is not null from access_log
         where operation like 'auth.sign%' order by sequence",
    )
    .fetch_all(&world.app.pool)
    .await
    .expect("rows");
    let happened: Vec<_> = rows.iter().map(|(who, what, why, _)| (*who, what.as_str(), why.as_str())).collect();
    let (anas, session) = (Some(ana.person.0), rows[2].2.as_str());
    assert_eq!(
        happened,
        [
            (None, "auth.sign_in_refused", "password"),
            (anas, "auth.sign_in_refused", "password"),
            (anas, "auth.signed_in", session),
            (anas, "auth.signed_out", session),
        ]
    );
    assert!(session.parse::<uuid::Uuid>().is_ok() && rows.iter().all(|row| row.3), "{rows:?}: from which network, too");
}

#[tokio::test]
async fn a_program_carries_its_session_as_a_token() {
    let world = World::begin().await;
    let ana = world.user("Ana Torres", "ana@example.com").await;
    let input = json!({ "name": ana.email, "password": PASSWORD, "transport": "TOKEN" });
    let payload = world.app.nobody().mutate("signIn", input, "token expiresAt userErrors { code }").await;
    let token = payload["token"].as_str().expect("a token");
    assert!(token.starts_with("css_"));
    assert_eq!(payload["expiresAt"], "2026-03-03T09:00:00+00:00");
    let program = world.app.bearer(token);
    assert_eq!(program.data("{ viewer { roles } }", json!({})).await["viewer"]["roles"], json!(["AGENT"]));
    program.data("mutation { signOut { userErrors { code } } }", json!({})).await;
    assert_eq!(program.error_code("{ viewer { roles } }", json!({})).await, "UNAUTHENTICATED");
}

/// A program is told from others by its name and network, and a browser in which it runs stays as it was.
#[tokio::test]
async fn a_program_in_a_browser_takes_nothing_from_it_and_is_news_once() {
    let world = World::begin().await;
    let ana = world.user("Ana Torres", "ana@example.com").await;
    let mut browser = world.signed_in(&ana).await;
    let before = browser.clone();
    let devices = async || {
        let events = world.events(&ana).await;
        events.iter().filter(|event| *event == "DeviceAdded").count()
    };
    let known = devices().await;
    let input = json!({ "name": ana.email, "password": PASSWORD, "transport": "TOKEN" });
    for _ in 0..3 {
        let payload = world.ask(&mut browser, "signIn", Some(input.clone()), "token userErrors { code }").await;
        assert!(payload["token"].is_string(), "{payload}");
    }
    assert_eq!(devices().await, known + 1, "the first of a network");
    assert_eq!((&browser.session, &browser.device), (&before.session, &before.device));
    assert!(world.is_in(&browser).await, "the page's session goes on");
    // Whoever locks the name from elsewhere: the network is no secret, and the browser is known still.
    for _ in 0..3 {
        world.sign_in(&mut Browser::default(), &ana.email, OTHER_PASSWORD).await;
    }
    let refused = world.app.nobody().mutate("signIn", input, ERRORS).await;
    assert_eq!(code(&refused), Some("TOO_MANY_ATTEMPTS"));
    assert_eq!(code(&world.sign_in(&mut browser, &ana.email, PASSWORD).await), None);
    assert_eq!(devices().await, known + 1);
}

#[tokio::test]
async fn a_browser_is_forgotten_that_keeps_its_cookie_no_longer() {
    let world = World::begin().await;
    let ana = world.user("Ana Torres", "ana@example.com").await;
    world.signed_in(&ana).await;
    let devices = async || -> i64 {
        let count = sqlx::query_scalar("select count(*) from devices").fetch_one(&world.app.pool).await;
        count.expect("a count")
    };
    let sweep = async || api::credentials::worker::sweep(world.app.service.services()).await.expect("it sweeps");
    let before = devices().await;
    world.app.clock.advance(TimeDelta::days(400) - TimeDelta::seconds(1));
    sweep().await;
    assert_eq!(devices().await, before);
    world.app.clock.advance(TimeDelta::seconds(1));
    sweep().await;
    assert_eq!(devices().await, 0);
}

#[tokio::test]
async fn a_session_has_the_roles_and_the_standing_of_its_moment() {
    let world = World::begin().await;
    let ana = world.user("Ana Torres", "ana@example.com").await;
    let mut browser = world.signed_in(&ana).await;
    let id = world.send(&mut browser, "{ viewer { person { id } } }", &json!({})).await;
    let person = json!({ "personId": id["data"]["viewer"]["person"]["id"], "roles": ["SUPERVISOR"] });
    let document = "mutation($input: UserGrantInput!) { userGrant(input: $input) { userErrors { code } } }";
    world.administrator.data(document, json!({ "input": person })).await;
    let roles = world.send(&mut browser, "{ viewer { roles } }", &json!({})).await;
    assert!(roles["data"]["viewer"]["roles"].to_string().contains("SUPERVISOR"), "{roles}");
    let document = "mutation($input: UserDeactivateInput!) { userDeactivate(input: $input) { userErrors { code } } }";
    world.administrator.data(document, json!({ "input": { "personId": person["personId"] } })).await;
    assert!(!world.is_in(&browser).await);
    let payload = world.sign_in(&mut Browser::default(), &ana.email, PASSWORD).await;
    assert_eq!(code(&payload), Some("SIGN_IN_REFUSED"));
}

#[tokio::test]
async fn fixation_a_session_or_device_that_was_there_before_is_good_for_nothing_after_signing_in() {
    let world = World::begin().await;
    let ana = world.user("Ana Torres", "ana@example.com").await;
    let mallory = world.user("Mallory Vane", "mallory@example.com").await;
    // Mallory puts a session and a device of her own into Ana's browser, and keeps a copy of both.
    let planted = world.signed_in(&mallory).await;
    let mut anas = planted.clone();
    assert_eq!(code(&world.sign_in(&mut anas, &ana.email, PASSWORD).await), None);
    assert_ne!((&anas.session, &anas.device), (&planted.session, &planted.device));
    assert!(!world.is_in(&planted).await, "the session that was there before has ended");
    let known: Vec<Vec<u8>> =
        sqlx::query_scalar("select token_hash from devices").fetch_all(&world.app.pool).await.expect("rows");
    let hash = |secret: &Option<String>| Secret::new(secret.clone().expect("a cookie")).hash();
    assert!(known.contains(&hash(&anas.device)) && !known.contains(&hash(&planted.device)));
    // A value that was never the service's is no session, and does not become one.
    let mut made_up = Browser { session: Some("css_of-my-own".to_owned()), device: Some("csd_of-my-own".to_owned()) };
    assert_eq!(code(&world.sign_in(&mut made_up, &ana.email, PASSWORD).await), None);
    assert_ne!(made_up.session.as_deref(), Some("css_of-my-own"));
    assert_ne!(made_up.device.as_deref(), Some("csd_of-my-own"));
}

#[tokio::test]
async fn a_session_ends_when_it_is_not_used_and_at_last_in_any_case() {
    let world = World::begin().await;
    let ana = world.user("Ana Torres", "ana@example.com").await;
    let idle = world.signed_in(&ana).await;
    world.app.clock.advance(TimeDelta::minutes(59));
    assert!(world.is_in(&idle).await);
    let used =
        || sqlx::query_scalar::<_, chrono::DateTime<chrono::Utc>>("select used_at from sessions order by used_at desc");
    let noted = harness::until("the use to be written down", async || {
        let used_at = used().fetch_one(&world.app.pool).await.expect("a session");
        (used_at == world.app.clock.now()).then_some(used_at)
    });
    noted.await;
    world.app.clock.advance(TimeDelta::minutes(60));
    assert!(!world.is_in(&idle).await);

    let busy = world.signed_in(&ana).await;
    for hour in 1..=48 {
        world.app.clock.advance(TimeDelta::minutes(30));
        let now = world.app.clock.now();
        assert_eq!(world.is_in(&busy).await, hour < 48, "after {hour} half hours");
        if hour < 48 {
            harness::until("the use to be written down", async || {
                (used().fetch_one(&world.app.pool).await.expect("a session") == now).then_some(())
            })
            .await;
        }
    }
}

#[tokio::test]
async fn sessions_are_listed_and_ended_one_by_one_and_are_nobody_elses() {
    let world = World::begin().await;
    let ana = world.user("Ana Torres", "ana@example.com").await;
    let ben = world.user("Ben Okafor", "ben@example.com").await;
    let (mut here, there) = (world.signed_in(&ana).await, world.signed_in(&ana).await);
    let mut bens = world.signed_in(&ben).await;
    let document = "{ viewer { credentials { sessions { id isCurrent createdAt usedAt expiresAt } hasSecondFactor recoveryCodesLeft } } }";
    let listed = world.send(&mut here, document, &json!({})).await;
    let sessions = listed["data"]["viewer"]["credentials"]["sessions"].as_array().expect("a list").clone();
    assert_eq!(sessions.len(), 2);
    let other = sessions.iter().find(|session| session["isCurrent"] == false).expect("the other");
    let without = json!({ "sessionId": other["id"], "currentPassword": OTHER_PASSWORD });
    assert_eq!(code(&world.ask(&mut here, "sessionRevoke", Some(without), ERRORS).await), Some("SIGN_IN_REFUSED"));
    let input = json!({ "sessionId": other["id"], "currentPassword": PASSWORD });
    assert_eq!(code(&world.ask(&mut bens, "sessionRevoke", Some(input.clone()), ERRORS).await), None);
    assert!(world.is_in(&there).await, "somebody else's is not there");
    world.ask(&mut here, "sessionRevoke", Some(input), ERRORS).await;
    assert!(world.is_in(&here).await && !world.is_in(&there).await);
}

/// What a browser seals under it opens for nobody else, not even for its owner elsewhere, and for nobody once the session is over.
#[tokio::test]
async fn a_session_has_a_key_that_is_told_to_it_alone() {
    let world = World::begin().await;
    let ana = world.user("Ana Torres", "ana@example.com").await;
    let (mut here, mut there) = (world.signed_in(&ana).await, world.signed_in(&ana).await);
    let key = async |browser: &mut Browser| {
        let told = world.send(browser, "{ viewer { sessionKey } }", &json!({})).await;
        told["data"]["viewer"]["sessionKey"].as_str().map(str::to_owned)
    };
    let keys = (key(&mut here).await.expect("a key"), key(&mut there).await.expect("a key"));
    assert_ne!(keys.0, keys.1);
    assert_eq!(key(&mut here).await.as_ref(), Some(&keys.0), "it is the same for as long as the session lasts");
    let all = "{ viewer { credentials { sessions { id isCurrent createdAt usedAt expiresAt } } } }";
    let seen = world.send(&mut there, all, &json!({})).await.to_string();
    assert!(!seen.contains(&keys.0), "nobody's sessions tell it: {seen}");
    world.send(&mut here, "mutation { signOut { userErrors { code } } }", &json!({})).await;
    assert_eq!(key(&mut here).await, None);
    assert_eq!(
        world.administrator.data("{ viewer { sessionKey } }", json!({})).await["viewer"]["sessionKey"],
        json!(null)
    );
}

async fn change(world: &World, browser: &mut Browser, current: &str, new: &str) -> Option<String> {
    let input = json!({ "currentPassword": current, "newPassword": new });
    let payload = world.ask(browser, "passwordChange", Some(input), ERRORS).await;
    code(&payload).map(str::to_owned)
}

#[tokio::test]
async fn changing_the_password_takes_the_one_before_and_ends_all_other_sessions() {
    let world = World::begin().await;
    let ana: User = world.user("Ana Torres", "ana@example.com").await;
    let (mut here, there) = (world.signed_in(&ana).await, world.signed_in(&ana).await);
    assert_eq!(change(&world, &mut here, OTHER_PASSWORD, OTHER_PASSWORD).await.as_deref(), Some("SIGN_IN_REFUSED"));
    assert_eq!(change(&world, &mut here, PASSWORD, "ana torres ana torres").await.as_deref(), Some("WEAK_PASSWORD"));
    assert!(world.is_in(&there).await);
    assert_eq!(change(&world, &mut here, PASSWORD, OTHER_PASSWORD).await, None);
    assert!(world.is_in(&here).await && !world.is_in(&there).await);
    assert_eq!(code(&world.sign_in(&mut Browser::default(), &ana.email, PASSWORD).await), Some("SIGN_IN_REFUSED"));
    assert_eq!(code(&world.sign_in(&mut Browser::default(), &ana.email, OTHER_PASSWORD).await), None);
    let changed = world.events(&ana).await.iter().filter(|event| *event == "PasswordChanged").count();
    assert_eq!(changed, 2, "the first and another");
}

#[tokio::test]
async fn a_hash_of_older_settings_is_made_anew_when_its_owner_signs_in() {
    let world = World::begin().await;
    let ana = world.user("Ana Torres", "ana@example.com").await;
    let old: String =
        sqlx::query_scalar("select hash from passwords").fetch_one(&world.app.pool).await.expect("a hash");
    let peppers = Peppers::new(&MasterKey::from_bytes([7; 32]), None).expect("no file");
    let rules = HashingRules { memory_kib: 32, passes: 1, ..HashingRules::default() };
    let weaker = Hasher::new(rules, peppers).hash(Secret::new(PASSWORD)).await.expect("a hash");
    sqlx::query("update passwords set hash = $1")
        .bind(&weaker.hash)
        .execute(&world.app.pool)
        .await
        .expect("it is replaced");
    world.signed_in(&ana).await;
    let new: String =
        sqlx::query_scalar("select hash from passwords").fetch_one(&world.app.pool).await.expect("a hash");
    let settings = |hash: &str| hash.split('$').nth(3).map(str::to_owned);
    assert_eq!(settings(&new), settings(&old));
    assert_ne!(settings(&new), settings(&weaker.hash));
    world.signed_in(&ana).await;
}

/// How long a hash takes tells by which rules it was made: where rules changed, a name that is nobody's is compared with one by the
/// rules of somebody who has not signed in since.
#[tokio::test]
async fn a_name_that_is_nobodys_takes_as_long_as_somebody_elses() {
    let world = World::begin().await;
    for (name, email) in [("Ana Torres", "ana@example.com"), ("Ben Okafor", "ben@example.com")] {
        world.user(name, email).await;
    }
    let peppers = Peppers::new(&MasterKey::from_bytes([7; 32]), None).expect("no file");
    let rules = HashingRules { memory_kib: 8192, passes: 2, ..HashingRules::default() };
    let slow = Hasher::new(rules, peppers).hash(Secret::new(PASSWORD)).await.expect("a hash");
    let replace = sqlx::query("update passwords set hash = $1").bind(&slow.hash);
    replace.execute(&world.app.pool).await.expect("they are replaced");
    let took = async |name: String| {
        let begun = Instant::now();
        let refused = world.sign_in(&mut Browser::default(), &name, OTHER_PASSWORD).await;
        assert_eq!(code(&refused), Some("SIGN_IN_REFUSED"));
        begun.elapsed()
    };
    let (mut known, mut unknown) = (vec![], vec![]);
    for n in 0..6 {
        unknown.push(took(format!("nobody-{n}@example.com")).await);
        known.push(took(if n % 2 == 0 { "ana@example.com" } else { "ben@example.com" }.to_owned()).await);
        world.app.clock.advance(TimeDelta::days(2));
    }
    known.sort_unstable();
    unknown.sort_unstable();
    // A hash by the rules in force takes less than a hundredth.
    assert!(unknown[3] * 5 > known[3], "known {known:?}, unknown {unknown:?}");
}

#[tokio::test]
async fn one_request_tries_one_credential() {
    let world = World::begin().await;
    let document = "mutation($a: SignInInput!, $b: SignInInput!) {
        a: signIn(input: $a) { userErrors { code } } b: signIn(input: $b) { userErrors { code } } }";
    let input = json!({ "name": "ana@example.com", "password": PASSWORD, "transport": "TOKEN" });
    let code = world.app.nobody().error_code(document, json!({ "a": input, "b": input })).await;
    assert_eq!(code, "CREDENTIAL_OPERATION_LIMIT_EXCEEDED");
    let counted: i64 =
        sqlx::query_scalar("select count(*) from sign_in_counts").fetch_one(&world.app.pool).await.expect("a count");
    assert_eq!(counted, 0);
}
