//! What somebody is counts from their next request on, and customers see nothing of it all.

use domain::{
    Actor, Role, Scope,
    user::{UnlockedBy, UserAction},
};
use serde_json::{Value, json};
use sqlx::Executor as _;

use super::world::*;
use crate::graphql_desk::Stage;

async fn roles(caller: &harness::TestCaller) -> Value {
    caller.data("{ viewer { roles } }", json!({})).await["viewer"]["roles"].take()
}

#[tokio::test]
async fn roles_and_standing_count_with_the_next_request() {
    let world = World::new().await;
    let case_id = world.desk.case_in(Stage::New).await;
    let sees = async |caller: &harness::TestCaller| {
        let found = caller.graphql("query($id: ID!) { case(id: $id) { id } }", json!({ "id": case_id })).await;
        !found["data"]["case"].is_null()
    };
    let (agent, admin) = (world.desk.agent.clone(), &world.administrator);
    assert!(sees(&agent).await, "a token without a portal user has its own roles");
    let id = world.invite_caller(&agent, "agent@example.com", &["AGENT"]).await;
    assert!(sees(&agent).await);
    let take = json!({ "personId": id, "roles": ["AGENT"] });
    admin.succeed("userRevoke", take.clone(), USER).await;
    assert_eq!((roles(&agent).await, sees(&agent).await), (json!([]), false));
    admin.succeed("userGrant", take, USER).await;
    assert!(sees(&agent).await);
    // What a token was not made for, it is not.
    admin.succeed("userGrant", json!({ "personId": id, "roles": ["AUDITOR"] }), USER).await;
    assert_eq!(roles(&agent).await, json!(["AGENT"]));

    admin.succeed("userDeactivate", json!({ "personId": id }), USER).await;
    assert!(!is_let_in(&agent).await);
    admin.succeed("userReactivate", json!({ "personId": id }), USER).await;
    assert!(!is_let_in(&agent).await, "a token that ended stays ended");
    assert!(is_let_in(&world.desk.supervisor).await, "others go on");
}

/// Their rows, whatever else may have gone wrong: the standing alone is enough.
#[tokio::test]
async fn a_token_that_was_not_ended_is_good_for_nothing_while_its_person_is_deactivated() {
    let world = World::new().await;
    let agent = &world.desk.agent;
    let id = world.invite_caller(agent, "agent@example.com", &["AGENT"]).await;
    world.act(&id, Actor::new(person(&id), Role::Administrator), UserAction::Deactivate).await;
    let good = "tokens where person = $1 and revoked_at is null";
    assert_eq!((world.count(good, &id).await, is_let_in(agent).await), (1, false));
}

#[tokio::test]
async fn nobody_is_assigned_a_case_who_cannot_work_it() {
    let world = World::new().await;
    let case_id = world.desk.case_in(Stage::New).await;
    let assign = |id: &Value| json!({ "caseId": case_id, "ownerId": id });
    let (contact, agent) =
        (world.invite("ana@example.com", &["CONTACT"]).await, world.invite("eva@example.com", &["AGENT"]).await);
    let supervisor = &world.desk.supervisor;
    assert_eq!(supervisor.refusal("caseAssign", assign(&contact)).await["field"], "ownerId");
    supervisor.succeed("caseAssign", assign(&agent), "case { owner { name } }").await;
    world.administrator.succeed("userDeactivate", json!({ "personId": agent }), USER).await;
    assert_eq!(supervisor.refusal("caseAssign", assign(&agent)).await["field"], "ownerId");
}

#[tokio::test]
async fn supervisors_mind_contacts_and_no_staff() {
    let world = World::new().await;
    let supervisor = &world.desk.supervisor;
    let agent = world.invite("eva@example.com", &["AGENT"]).await;
    for (mutation, role) in [("userGrant", "SUPERVISOR"), ("userRevoke", "AGENT")] {
        let refusal = supervisor.refusal(mutation, json!({ "personId": agent, "roles": [role] })).await;
        assert_eq!((&refusal["code"], &refusal["field"]), (&json!("NOT_PERMITTED"), &json!("roles")), "{mutation}");
    }
    for mutation in ["userDeactivate", "userReactivate"] {
        let refusal = supervisor.refusal(mutation, json!({ "personId": agent })).await;
        assert_eq!(refusal["code"], "NOT_PERMITTED", "{mutation}");
    }
    let given = supervisor.succeed("userGrant", json!({ "personId": agent, "roles": ["CONTACT"] }), USER).await;
    assert_eq!(given["user"]["roles"], json!(["CONTACT", "AGENT"]));
    assert_eq!(world.events(&agent).await, ["UserInvited", "RolesGranted"]);
}

#[tokio::test]
async fn a_lock_is_ended_by_the_desk() {
    let world = World::new().await;
    let id = world.invite("ana@example.com", &["CONTACT"]).await;
    world.activate(&id).await;
    let until = world.desk.app.clock.now() + chrono::TimeDelta::minutes(30);
    world.act(&id, Actor::clock(), UserAction::Lock { until }).await;
    let log = &world.desk.app.service.services().commands.log;
    let subject = log.fingerprint("sign-in attempts", &format!("person {}", person(&id))).0.into_bytes();
    let counted = "insert into sign_in_counts (subject, failures, counted_at, next_attempt_at, locked_until) values ($1, 10, $2, $2, $3)";
    let now = world.desk.app.clock.now();
    sqlx::query(counted).bind(&subject).bind(now).bind(until).execute(&world.desk.app.pool).await.unwrap();
    let document = "query($id: ID!) { user(id: $id) { status lockedUntil } }";
    let read = async || world.desk.supervisor.data(document, json!({ "id": id })).await["user"].take();
    assert_eq!(read().await, json!({ "status": "ACTIVE", "lockedUntil": until.to_rfc3339() }));
    let user = world.ask(&world.desk.supervisor, "userUnlock", &id).await;
    assert_eq!(user["lockedUntil"], Value::Null);
    let left: i64 =
        sqlx::query_scalar("select count(*) from sign_in_counts").fetch_one(&world.desk.app.pool).await.unwrap();
    assert_eq!(left, 0, "they may try anew");
    assert_eq!(world.events(&id).await.last().unwrap(), "UserUnlocked");
    // One that has ended by itself shows no more, and needs no ending.
    world.act(&id, Actor::clock(), UserAction::Lock { until }).await;
    world.desk.app.clock.advance(chrono::TimeDelta::minutes(30));
    assert_eq!(read().await["lockedUntil"], Value::Null);
    let before = world.events(&id).await.len();
    world.ask(&world.desk.supervisor, "userUnlock", &id).await;
    assert_eq!(world.events(&id).await.len(), before);
    let by = Actor::new(person(&id), Role::Contact);
    let refused = domain::user::User::default().decide(&domain::user::UserCommand {
        user: person(&id),
        by,
        at: now,
        action: UserAction::Unlock { by: UnlockedBy::Staff },
        has_another_administrator: true,
    });
    assert!(refused.is_err(), "nobody unlocks themselves as staff");
}

#[tokio::test]
async fn customers_and_agents_see_nothing_of_users_but_themselves() {
    let world = World::new().await;
    let ours = world.invite_caller(&world.desk.contact, "ours@example.com", &["CONTACT"]).await;
    let own = "{ viewer { user { username email status roles hasSecondFactor hasChallengeQuestion lockedUntil } } }";
    let found = world.desk.contact.data(own, json!({})).await;
    assert_eq!(found["viewer"]["user"]["email"], "ours@example.com");
    assert_eq!(world.desk.stranger.data(own, json!({})).await["viewer"]["user"], Value::Null);
    for caller in [&world.desk.stranger, &world.desk.contact, &world.desk.agent] {
        for document in ["{ users { totalCount nodes { email } } }", "query($id: ID!) { user(id: $id) { email } }"] {
            assert_eq!(caller.error_code(document, json!({ "id": ours })).await, "FORBIDDEN");
        }
        // Whether somebody is a user is not told, either.
        let mut refusals = vec![];
        for id in [&ours, &crate::graphql_roles::some_id::<domain::PersonId>()] {
            for mutation in ["userUnlock", "userSendReset", "invitationResend", "userDeactivate"] {
                refusals.push(
                    caller.mutate(mutation, json!({ "personId": id }), "user { email } userErrors { message }").await,
                );
            }
        }
        let (there, not_there) = refusals.split_at(4);
        assert_eq!(there, not_there);
    }
    // Nor does the database show any.
    let reads = &world.desk.app.service.services().reads;
    let stranger = Scope::Contact { person: person(&ours), accounts: [].into() };
    for scope in [Scope::Nothing, stranger, Scope::Staff] {
        for sql in ["select email from users", "select status from users", "select count(*) from users"] {
            let mut tx = reads.begin(&scope).await.unwrap();
            let refusal = tx.execute(sql).await.expect_err(sql).to_string();
            assert!(refusal.contains("permission denied"), "{scope:?} {sql}: {refusal}");
        }
    }
    // The service itself reads no more than who is what.
    let sql = "select email from directory_v1.users";
    let refusal = sqlx::query(sql).execute(&world.desk.app.pool).await.expect_err(sql).to_string();
    assert!(refusal.contains("permission denied"), "{refusal}");
}
