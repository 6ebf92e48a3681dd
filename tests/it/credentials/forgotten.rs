//! Forgotten passwords, from the form to the new one.

use std::sync::Arc;

use api::{credentials::worker::BY_PERSON, identity::LinkPurpose};
use chrono::TimeDelta;
use futures_util::future::join_all;
use harness::until;
use serde_json::{Value, json};
use uuid::Uuid;

use super::world::{Browser, ERRORS, OTHER_PASSWORD, PASSWORD, User, World, code, refused_for_now};

const PAYLOAD: &str = "challengeQuestion { name text } userErrors { code field message }";

async fn mails(world: &World, kind: &str) -> i64 {
    sqlx::query_scalar("select count(*) from mails where kind = $1 and state = 'waiting'")
        .bind(kind)
        .fetch_one(&world.app.pool)
        .await
        .expect("the outbox answers")
}

async fn reset(world: &World, token: &str, answer: Option<&str>) -> Value {
    let input = json!({ "token": token, "newPassword": OTHER_PASSWORD, "answer": answer });
    world.app.nobody().mutate("passwordReset", input, PAYLOAD).await
}

/// Chooses a question from a browser that is signed in.
async fn choose_question(world: &World, user: &User, answer: &str) {
    let mut browser = world.signed_in(user).await;
    let input = json!({ "currentPassword": PASSWORD, "question": "ship-name", "answer": answer });
    let payload = world.ask(&mut browser, "challengeQuestionSet", Some(input), ERRORS).await;
    assert_eq!(code(&payload), None, "{payload}");
}

#[tokio::test]
async fn whoever_asks_is_mailed_one_link_and_nobody_else_is() {
    let world = World::begin().await;
    world.user("Ana Torres", "ana@example.com").await;
    world.invite("Ben Okafor", "ben@example.com").await;
    for (mutation, kind) in [("passwordResetRequest", "password_reset"), ("unlockRequest", "unlock")] {
        for name in ["ana@example.com", "ANA@example.com", "ben@example.com", "nobody@example.com"] {
            let payload = world.app.nobody().mutate(mutation, json!({ "name": name }), ERRORS).await;
            assert_eq!(code(&payload), None);
        }
        assert_eq!(mails(&world, kind).await, 0, "the request itself knows nobody");
        world.work().await;
        assert_eq!(mails(&world, kind).await, 1);
    }
    let left: i64 =
        sqlx::query_scalar("select count(*) from link_requests").fetch_one(&world.app.pool).await.expect("a count");
    assert_eq!(left, 0);
}

#[tokio::test]
async fn a_network_asks_for_so_many_links_an_hour() {
    let world = World::begin().await;
    for number in 0..30 {
        let name = format!("somebody{number}@example.com");
        let payload = world.app.nobody().mutate("passwordResetRequest", json!({ "name": name }), ERRORS).await;
        assert_eq!(code(&payload), None, "{number}");
    }
    world.app.clock.advance(TimeDelta::minutes(13));
    for mutation in ["passwordResetRequest", "unlockRequest"] {
        let refused = refused_for_now(&world.app.nobody(), mutation, json!({ "name": "ana@example.com" })).await;
        assert_eq!(refused, (429, "RATE_LIMITED".to_owned(), 47 * 60), "the two are counted together");
    }
    world.app.clock.advance(TimeDelta::minutes(47));
    let payload = world.app.nobody().mutate("passwordResetRequest", json!({ "name": "a" }), ERRORS).await;
    assert_eq!(code(&payload), None);
}

#[tokio::test]
async fn whoever_asks_for_them_from_wherever_nobody_is_mailed_more_than_so_many_links_an_hour() {
    let world = World::begin().await;
    let ana = world.user("Ana Torres", "ana@example.com").await;
    world.user("Ben Okafor", "ben@example.com").await;
    let ask = async |name: &str| {
        let payload = world.app.nobody().mutate("passwordResetRequest", json!({ "name": name }), ERRORS).await;
        assert_eq!(code(&payload), None, "the answer is the same");
        world.work().await;
    };
    let issued = async || {
        let sql = "select count(*) from mails where kind = 'password_reset' and person = $1";
        sqlx::query_scalar::<_, i64>(sql).bind(ana.person.0).fetch_one(&world.app.pool).await.expect("a count")
    };
    for _ in 0..2 * BY_PERSON.tries {
        ask(&ana.email).await;
        world.app.clock.advance(TimeDelta::seconds(61));
    }
    assert_eq!(issued().await, i64::from(BY_PERSON.tries));
    ask("ben@example.com").await;
    let others = mails(&world, "password_reset").await;
    assert_eq!(others, 2, "others are; of hers the newest waits");
    world.app.clock.advance(TimeDelta::hours(1));
    ask(&ana.email).await;
    assert_eq!(issued().await, i64::from(BY_PERSON.tries) + 1);
}

#[tokio::test]
async fn a_reset_sets_the_password_ends_lock_and_sessions_and_signs_nobody_in() {
    let world = World::begin().await;
    let ana = world.user("Ana Torres", "ana@example.com").await;
    let before = world.signed_in(&ana).await;
    for _ in 0..10 {
        world.sign_in(&mut Browser::default(), &ana.email, OTHER_PASSWORD).await;
        world.app.clock.advance(TimeDelta::minutes(1));
    }
    assert_eq!(code(&world.sign_in(&mut Browser::default(), &ana.email, PASSWORD).await), Some("LOCKED"));
    world.work().await;
    let token = world.link(&ana, LinkPurpose::PasswordReset).await;
    let weak = json!({ "token": token, "newPassword": "example example example" });
    let refused = world.app.nobody().mutate("passwordReset", weak, PAYLOAD).await;
    assert_eq!(code(&refused), Some("WEAK_PASSWORD"), "and the link is still good");
    assert_eq!(code(&reset(&world, &token, None).await), None);
    assert!(!world.is_in(&before).await);
    assert_eq!(code(&world.sign_in(&mut Browser::default(), &ana.email, PASSWORD).await), Some("SIGN_IN_REFUSED"));
    assert_eq!(code(&world.sign_in(&mut Browser::default(), &ana.email, OTHER_PASSWORD).await), None);
    let events = world.events(&ana).await;
    assert_eq!(events[events.len() - 3..], ["PasswordChanged", "UserUnlocked", "DeviceAdded"]);
}

#[tokio::test]
async fn parallel_use_of_a_reset_exactly_one_of_twenty_wins() {
    let world = World::begin().await;
    let ana = world.user("Ana Torres", "ana@example.com").await;
    let token = world.link(&ana, LinkPurpose::PasswordReset).await;
    let answers = join_all((0..20).map(|_| reset(&world, &token, None))).await;
    let won = answers.iter().filter(|answer| code(answer).is_none()).count();
    assert_eq!(won, 1, "{answers:?}");
    assert!(answers.iter().all(|answer| matches!(code(answer), None | Some("LINK_NOT_GOOD"))), "{answers:?}");
    let changed = world.events(&ana).await.iter().filter(|event| *event == "PasswordChanged").count();
    assert_eq!(changed, 2, "the first, and one reset");
}

#[tokio::test]
async fn token_cross_purpose_and_replay_through_the_api() {
    let world = World::begin().await;
    let ana = world.user("Ana Torres", "ana@example.com").await;
    let ben = world.invite("Ben Okafor", "ben@example.com").await;
    let tokens = [
        ("passwordReset", world.link(&ana, LinkPurpose::PasswordReset).await),
        ("unlock", world.link(&ana, LinkPurpose::Unlock).await),
        ("accountActivate", world.link(&ben, LinkPurpose::Activation).await),
    ];
    let input = |mutation: &str, token: &str| match mutation {
        "unlock" => json!({ "token": token }),
        _ => json!({ "token": token, "newPassword": OTHER_PASSWORD }),
    };
    for (made_for, token) in &tokens {
        for (used_for, _) in tokens.iter().filter(|(other, _)| other != made_for) {
            let payload = world.app.nobody().mutate(used_for, input(used_for, token), ERRORS).await;
            assert_eq!(code(&payload), Some("LINK_NOT_GOOD"), "{made_for} as {used_for}");
        }
        let viewer = world.app.bearer(token).error_code("{ viewer { roles } }", json!({})).await;
        assert_eq!(viewer, "UNAUTHENTICATED", "a link is no session");
    }
    for (mutation, token) in &tokens {
        let first = world.app.nobody().mutate(mutation, input(mutation, token), ERRORS).await;
        let second = world.app.nobody().mutate(mutation, input(mutation, token), ERRORS).await;
        assert_eq!((code(&first), code(&second)), (None, Some("LINK_NOT_GOOD")), "{mutation}");
    }
}

#[tokio::test]
async fn the_question_is_asked_behind_the_link_and_takes_five_answers() {
    let world = World::begin().await;
    let ana = world.user("Ana Torres", "ana@example.com").await;
    choose_question(&world, &ana, "The Patient Heron").await;
    let token = world.link(&ana, LinkPurpose::PasswordReset).await;
    let asked = reset(&world, &token, None).await;
    assert_eq!((code(&asked), &asked["challengeQuestion"]["name"]), (Some("ANSWER_REQUIRED"), &json!("ship-name")));
    assert_eq!(code(&reset(&world, &token, Some("The Wrong Heron")).await), Some("SIGN_IN_REFUSED"));
    assert_eq!(code(&reset(&world, &token, Some("the  patient HERON")).await), None);

    let token = world.link(&ana, LinkPurpose::Unlock).await;
    for _ in 0..5 {
        let input = json!({ "token": token, "answer": "The Wrong Heron" });
        let payload = world.app.nobody().mutate("unlock", input, PAYLOAD).await;
        assert_eq!(code(&payload), Some("SIGN_IN_REFUSED"));
    }
    let input = json!({ "token": token, "answer": "The Patient Heron" });
    let sixth = world.app.nobody().mutate("unlock", input, PAYLOAD).await;
    assert_eq!(code(&sixth), Some("LINK_NOT_GOOD"), "even the right one is the sixth");
}

#[tokio::test]
async fn the_question_is_chosen_from_the_list_and_taken_away_with_the_password() {
    let world = World::begin().await;
    let ana = world.user("Ana Torres", "ana@example.com").await;
    let mut browser = world.signed_in(&ana).await;
    let questions = world.send(&mut browser, "{ challengeQuestions { name text } }", &json!({})).await;
    assert_eq!(questions["data"]["challengeQuestions"].as_array().map(Vec::len), Some(6));
    for (question, answer, field) in [
        ("mothers-name", "The Patient Heron", "question"),
        ("ship-name", "abc", "answer"),
        ("ship-name", "ana torres", "answer"),
    ] {
        let input = json!({ "currentPassword": PASSWORD, "question": question, "answer": answer });
        let payload = world.ask(&mut browser, "challengeQuestionSet", Some(input), ERRORS).await;
        assert_eq!((code(&payload), &payload["userErrors"][0]["field"]), (Some("INVALID_INPUT"), &json!(field)));
    }
    choose_question(&world, &ana, "The Patient Heron").await;
    let chosen =
        world.send(&mut browser, "{ viewer { credentials { challengeQuestion { name } } } }", &json!({})).await;
    assert_eq!(chosen["data"]["viewer"]["credentials"]["challengeQuestion"]["name"], "ship-name");
    let input = json!({ "currentPassword": PASSWORD });
    assert_eq!(code(&world.ask(&mut browser, "challengeQuestionRemove", Some(input), ERRORS).await), None);
    let token = world.link(&ana, LinkPurpose::PasswordReset).await;
    assert_eq!(code(&reset(&world, &token, None).await), None);
}

/// While a password is set anew, whoever says the one before may have been looked at already: they come in no more.
#[tokio::test]
async fn nobody_comes_in_by_the_password_that_is_being_replaced() {
    let world = Arc::new(World::begin().await);
    let (ana, other) =
        (world.user("Ana Torres", "ana@acme.example").await, world.user("Bo Lind", "bo@acme.example").await);
    let mut browsers = vec![];
    for _ in 0..4 {
        browsers.push(world.signed_in(&ana).await);
    }
    // What a reset does, up to the moment before it is done: the hash of somebody else's password is as good as any.
    let mut reset = world.app.pool.begin().await.unwrap();
    let replace = "update passwords set hash = (select hash from passwords where person = $2) where person = $1";
    sqlx::query(replace).bind(ana.person.0).bind(other.person.0).execute(&mut *reset).await.unwrap();

    let (signing_in, email) = (Arc::clone(&world), ana.email.clone());
    let signs_in = tokio::spawn(async move { signing_in.sign_in(&mut Browser::default(), &email, PASSWORD).await });
    let said = [
        ("passwordChange", json!({ "currentPassword": PASSWORD, "newPassword": OTHER_PASSWORD })),
        ("totpEnroll", json!({ "currentPassword": PASSWORD })),
        ("challengeQuestionRemove", json!({ "currentPassword": PASSWORD })),
        ("sessionRevoke", json!({ "currentPassword": PASSWORD, "sessionId": Uuid::from_u128(0xdead) })),
    ];
    let mut changes = vec![];
    for ((mutation, input), mut browser) in said.into_iter().zip(browsers) {
        let world = Arc::clone(&world);
        let change = async move { world.ask(&mut browser, mutation, Some(input), "userErrors { code }").await };
        changes.push((mutation, tokio::spawn(change)));
    }
    until("all to wait for the reset", async || {
        let waiting =
            "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()";
        let waiting: i64 = sqlx::query_scalar(waiting).fetch_one(&world.app.pool).await.unwrap();
        (waiting >= 5).then_some(())
    })
    .await;
    reset.commit().await.unwrap();
    assert_eq!(signs_in.await.unwrap()["userErrors"][0]["code"], "SIGN_IN_REFUSED");
    for (mutation, change) in changes {
        assert_eq!(change.await.unwrap()["userErrors"][0]["code"], "SIGN_IN_REFUSED", "{mutation}");
    }
    let sessions: i64 = sqlx::query_scalar("select count(*) from sessions where person = $1")
        .bind(ana.person.0)
        .fetch_one(&world.app.pool)
        .await
        .unwrap();
    assert_eq!(sessions, 4, "those from before");
}
