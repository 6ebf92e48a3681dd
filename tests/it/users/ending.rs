//! Whoever is deactivated owns no case, and of whoever is erased nothing is left to come in by.

use api::users::{Asks, Users, Wish};
use domain::{Actor, Channel, RequestId, Role, user::UserAction};
use harness::until;
use serde_json::{Value, json};

use super::world::*;
use crate::{
    erasure::world::second_instance,
    graphql_desk::{Stage, with_case},
};

/// Deactivates somebody, and no more: as a process that is killed right after.
async fn deactivate(world: &World, id: &Value) {
    let services = world.desk.app.service.services();
    let wish = Wish {
        user: person(id),
        by: Actor::new(domain::PersonId::OPERATOR, Role::Administrator),
        request: RequestId(services.commands.ids.next()),
        channel: Channel::Desk,
        idempotency: None,
        asks: Asks::Do(UserAction::Deactivate),
    };
    Users::with(services).carry_out(wish).await.unwrap().unwrap();
}

async fn cases_of(world: &World, owner: &Value) -> i64 {
    let document =
        "query($id: ID!) { cases(filter: { ownerIds: [$id], statuses: [NEW, OPEN, RESOLVED] }) { totalCount } }";
    let found = world.desk.supervisor.data(document, json!({ "id": owner })).await;
    found["cases"]["totalCount"].as_i64().unwrap()
}

/// How often each of some cases was released.
async fn releases(world: &World) -> Vec<i64> {
    let sql = "select count(*) from events where event_type = 'OwnerReleased' group by aggregate_id order by 1";
    sqlx::query_scalar(sql).fetch_all(&world.desk.app.pool).await.unwrap()
}

#[tokio::test]
async fn an_interrupted_release_is_gone_on_with_by_another_instance() {
    const CASES: usize = 12;
    let world = World::new().await;
    let desk = &world.desk;
    let id = world.invite_caller(&desk.agent, "agent@example.com", &["AGENT"]).await;
    for _ in 0..CASES {
        desk.case_in(Stage::Open).await;
    }
    let resolved = desk.case_in(Stage::Resolved).await;
    desk.step(&desk.agent, "caseAssign", &resolved, json!({ "ownerId": id })).await;
    let closed = desk.case_in(Stage::Closed).await;
    deactivate(&world, &id).await;
    let own = i64::try_from(CASES + 1).unwrap();
    assert_eq!(cases_of(&world, &id).await, own, "nothing was released yet");

    // Killed in between.
    let users = Users::with(desk.app.service.services());
    let releasing = tokio::spawn(async move { users.release_cases().await });
    until("the first to be released", async || (!releases(&world).await.is_empty()).then_some(())).await;
    releasing.abort();
    let _ = releasing.await;

    let (other, _) = second_instance(desk).await;
    let left = cases_of(&world, &id).await;
    let released = Users::with(other.services()).release_cases().await.unwrap();
    assert!(i64::try_from(released).unwrap() <= left, "{released} of {left}");
    assert_eq!(cases_of(&world, &id).await, 0);
    assert_eq!(releases(&world).await, vec![1; CASES + 1], "each once");
    assert_eq!(Users::with(other.services()).release_cases().await.unwrap(), 0);
    let document = "query($id: ID!) { case(id: $id) { status owner { id } queue } }";
    let after = desk.supervisor.data(document, json!({ "id": resolved })).await;
    assert_eq!((&after["case"]["owner"], &after["case"]["status"]), (&Value::Null, &json!("RESOLVED")));
    let after = desk.supervisor.data(document, json!({ "id": closed })).await;
    assert_eq!(after["case"]["status"], "CLOSED", "what is over stays as it was");
    other.stop().await;
}

#[tokio::test]
async fn a_case_that_somebody_else_has_taken_stays_theirs() {
    let world = World::new().await;
    let desk = &world.desk;
    let id = world.invite_caller(&desk.agent, "agent@example.com", &["AGENT"]).await;
    let (theirs, taken) = (desk.case_in(Stage::Open).await, desk.case_in(Stage::Open).await);
    let owner = crate::graphql_desk::viewer(&desk.supervisor).await["person"]["id"].take();
    desk.step(&desk.supervisor, "caseAssign", &taken, json!({ "ownerId": owner })).await;
    world.administrator.succeed("userDeactivate", json!({ "personId": id }), USER).await;
    let document = "query($id: ID!) { case(id: $id) { owner { id } } }";
    let owner_of = async |case_id: &Value| {
        desk.supervisor.data(document, json!({ "id": case_id })).await["case"]["owner"]["id"].take()
    };
    let released = async || (owner_of(&theirs).await == Value::Null).then_some(());
    until("the deactivation to release their case", released).await;
    assert_eq!(owner_of(&taken).await, owner);
    let history = "query($id: ID!) { case(id: $id) { activity(first: 3) { nodes { kind via actorRole } } } }";
    let found = desk.auditor.data(history, json!({ "id": theirs })).await;
    let entries = found["case"]["activity"]["nodes"].as_array().unwrap();
    let entry = entries.iter().find(|entry| entry["kind"] == "OWNER_RELEASED").unwrap();
    assert_eq!((&entry["via"], &entry["actorRole"]), (&json!("CLOCK"), &json!("CLOCK")));
    // Whoever comes back has what they are given from then on.
    world.administrator.succeed("userReactivate", json!({ "personId": id }), USER).await;
    desk.supervisor.succeed("caseAssign", with_case(&theirs, json!({ "ownerId": id })), "case { id }").await;
    assert_eq!(Users::with(desk.app.service.services()).release_cases().await.unwrap(), 0);
}

/// What of migration 0015 is somebody's, with a row of each.
const SECRETS: [(&str, &str); 9] = [
    ("passwords", "(person, hash, pepper_version, changed_at) values ($1, 'x', 1, now())"),
    ("links", "(person, purpose, token_hash, issued_at, expires_at) values ($1, 'unlock', sha256('1'), now(), now())"),
    (
        "sessions",
        "(id, token_hash, person, created_at, used_at, expires_at)
         values (gen_random_uuid(), sha256('2'), $1, now(), now(), now())",
    ),
    ("devices", "(token_hash, person, added_at, signed_in_at) values (sha256('3'), $1, now(), now())"),
    (
        "challenge_answers",
        "(person, question, hash, pepper_version, set_at) values ($1, 'first-concert', 'x', 1, now())",
    ),
    ("totp_secrets", "(person, sealed, created_at) values ($1, 'x', now())"),
    ("recovery_codes", "(code_hash, person) values (sha256('4'), $1)"),
    ("mail_preferences", "(person) values ($1)"),
    (
        "sign_in_counts",
        "(subject, person, failures, counted_at, next_attempt_at) values (sha512('5'), $1, 1, now(), now())",
    ),
];

#[tokio::test]
async fn of_whoever_is_erased_nothing_is_left_to_come_in_by_and_their_names_are_free() {
    let world = World::new().await;
    let admin = &world.administrator;
    let invite = || {
        json!({
            "person": { "new": { "name": "Qanary Torres", "email": "qanary@example.com" } }, "username": "qanary", "roles": ["AGENT"],
        })
    };
    let id = admin.succeed("userInvite", invite(), USER).await["user"]["person"]["id"].take();
    world.activate(&id).await;
    world.ask(admin, "userSendReset", &id).await;
    for (table, values) in SECRETS {
        let sql = format!("insert into {table} {values} on conflict do nothing");
        sqlx::query(&sql).bind(person(&id).0).execute(&world.desk.app.pool).await.unwrap();
        assert!(world.count(&format!("{table} where person = $1"), &id).await > 0, "{table}");
    }
    assert_eq!(admin.refusal("userInvite", json!({
        "person": { "new": { "name": "Other", "email": "other@example.com" } }, "username": "qanary", "roles": ["AGENT"],
    })).await["code"], "TAKEN");

    admin.succeed("personErase", json!({ "personId": id }), "erased { texts }").await;
    for (table, _) in SECRETS {
        assert_eq!(world.count(&format!("{table} where person = $1"), &id).await, 0, "{table}");
    }
    assert_eq!(world.count("mails where person = $1 and sealed is not null", &id).await, 0);
    let reserved = "reservations where kind = 'sign_in_name' and aggregate_id = $1::text";
    assert_eq!(world.count(reserved, &id).await, 0);
    assert_eq!(world.events(&id).await.last().unwrap(), "UserErased");
    let document = "query($id: ID!) { user(id: $id) { email } users(filter: { text: \"qanary\" }) { totalCount } }";
    let found = admin.data(document, json!({ "id": id })).await;
    assert_eq!(found, json!({ "user": null, "users": { "totalCount": 0 } }));
    let sql = "select count(*) from directory_v1.users as u where row_to_json(u)::text like '%qanary%'";
    let shown: i64 = sqlx::query_scalar(sql).fetch_one(&mut world.desk.app.owner().await).await.unwrap();
    assert_eq!(shown, 0);
    for mutation in ["userGrant", "userDeactivate", "invitationResend"] {
        let mut input = json!({ "personId": id });
        if mutation == "userGrant" {
            input["roles"] = json!(["AGENT"]);
        }
        assert_eq!(admin.refusal(mutation, input).await["code"], "ALREADY_DONE", "{mutation}");
    }
    // Whoever comes back is somebody new, with the old names.
    let again = admin.succeed("userInvite", invite(), USER).await["user"]["person"]["id"].take();
    assert_ne!(again, id);
    assert_eq!(world.events(&again).await, ["UserInvited"]);
    world.desk.app.assert_rebuild_equals_live().await;
}

#[tokio::test]
async fn deactivating_ends_sessions_links_and_waiting_mail_and_keeps_the_password() {
    let world = World::new().await;
    let id = world.invite("ana@example.com", &["AGENT"]).await;
    world.activate(&id).await;
    for (table, values) in SECRETS.iter().filter(|(table, _)| ["passwords", "sessions"].contains(table)) {
        let sql = format!("insert into {table} {values}");
        sqlx::query(&sql).bind(person(&id).0).execute(&world.desk.app.pool).await.unwrap();
    }
    world.ask(&world.administrator, "userSendReset", &id).await;
    world.ask(&world.administrator, "userDeactivate", &id).await;
    let left = async |table: &str| world.count(&format!("{table} where person = $1"), &id).await;
    assert_eq!((left("sessions").await, left("links").await, left("passwords").await), (0, 0, 1));
    assert!(world.mails(&id).await.iter().all(|mail| mail.ends_with("dropped")), "{:?}", world.mails(&id).await);
    let refusal = world.administrator.refusal("userSendReset", json!({ "personId": id })).await;
    assert_eq!(refusal["code"], "NOT_IN_STATE");
    let back = world.ask(&world.administrator, "userReactivate", &id).await;
    assert_eq!(back["status"], "ACTIVE");
}

/// Everything that can happen to users, in one directory, is the same once it is built anew.
#[tokio::test]
async fn a_rebuilt_list_of_users_is_the_live_one() {
    let world = World::new().await;
    let admin = &world.administrator;
    let ids = [
        world.invite("a@example.com", &["AGENT"]).await,
        world.invite("b@example.com", &["CONTACT"]).await,
        world.invite("c@example.com", &["ADMINISTRATOR", "AGENT"]).await,
    ];
    for id in &ids[..2] {
        world.activate(id).await;
        let by = Actor::new(person(id), Role::Contact);
        let question = "first-concert".parse().unwrap();
        for action in [
            UserAction::SetChallengeQuestion { question },
            UserAction::EnrollFactor { factor: domain::user::Factor::Totp },
            UserAction::ReplaceRecoveryCodes,
            UserAction::UseRecoveryCode,
            UserAction::AddDevice,
        ] {
            world.act(id, by, action).await;
        }
        let until = world.desk.app.clock.now() + chrono::TimeDelta::minutes(30);
        world.act(id, Actor::clock(), UserAction::Lock { until }).await;
    }
    world.ask(admin, "userUnlock", &ids[0]).await;
    admin.succeed("userGrant", json!({ "personId": ids[0], "roles": ["SUPERVISOR", "ANALYST"] }), USER).await;
    admin.succeed("userRevoke", json!({ "personId": ids[0], "roles": ["AGENT"] }), USER).await;
    world.ask(admin, "userDeactivate", &ids[1]).await;
    world.ask(admin, "invitationResend", &ids[2]).await;
    world.desk.app.assert_rebuild_equals_live().await;
    let document = "{ users(filter: { text: \"example.com\" }) { nodes {
        username status roles hasSecondFactor hasChallengeQuestion lockedUntil } } }";
    let found = admin.data(document, json!({})).await;
    let users = found["users"]["nodes"].as_array().unwrap();
    let expected = json!({
        "username": "a@example.com", "status": "ACTIVE", "roles": ["SUPERVISOR", "ANALYST"],
        "hasSecondFactor": true, "hasChallengeQuestion": true, "lockedUntil": null,
    });
    assert!(users.contains(&expected), "{users:#?}");
}
