//! One document and one snapshot per operation on users, with its statements counted.

use chrono::TimeDelta;
use domain::{
    Actor, Role,
    user::{Factor, UserAction},
};
use harness::mutation_document;
use serde_json::{Value, json};

use super::world::*;
use crate::{graphql_operations::assert_snapshot, graphql_statements::counted};

const FIELDS: &str =
    "person { name } username email status roles lockedUntil hasSecondFactor hasChallengeQuestion invitedAt";

async fn check(world: &World, mutation: &str, input: Value) -> Value {
    world.desk.app.clock.advance(TimeDelta::minutes(1));
    let document =
        mutation_document(mutation, &format!("user {{ {FIELDS} }} pending userErrors {{ field message code }}"));
    let variables = json!({ "input": input });
    let answer = counted(mutation, &world.administrator, &document, &variables).await;
    assert_eq!(answer[mutation]["userErrors"], json!([]), "{answer:#}");
    assert_snapshot(mutation, &document, &variables, &answer);
    answer
}

#[tokio::test]
async fn every_operation_on_users_answers_what_it_did() {
    let world = World::new().await;
    let invitation = json!({
        "person": { "new": { "name": "Ana Torres", "email": "ana.torres@example.com" } },
        "username": "ana.torres",
        "roles": ["CONTACT"],
        "account": { "accountId": world.desk.account_id, "role": "MEMBER" },
        "idempotencyKey": "invitation-17",
    });
    check(&world, "userInvite", invitation).await;
    let document = "{ users { nodes { person { id } } } }";
    let id = world.administrator.data(document, json!({})).await["users"]["nodes"][0]["person"]["id"].take();
    let about = |roles: Option<&str>| match roles {
        Some(role) => json!({ "personId": id, "roles": [role] }),
        None => json!({ "personId": id }),
    };
    check(&world, "invitationResend", about(None)).await;
    world.activate(&id).await;
    check(&world, "userSendReset", about(None)).await;
    check(&world, "userGrant", about(Some("AGENT"))).await;
    check(&world, "userRevoke", about(Some("CONTACT"))).await;
    let enroll = UserAction::EnrollFactor { factor: Factor::Totp };
    let themself = Actor::new(person(&id), Role::Agent);
    world.act(&id, themself, enroll).await;
    check(&world, "userFactorRemove", about(None)).await;
    let until = world.desk.app.clock.now() + TimeDelta::minutes(30);
    world.act(&id, Actor::clock(), UserAction::Lock { until }).await;
    for (query, document) in [
        ("user", format!("query($id: ID!) {{ user(id: $id) {{ {FIELDS} }} }}")),
        (
            "users",
            format!(
                "{{ users(filter: {{ roles: [AGENT] }}, orderBy: {{ field: NAME, direction: ASC }}, first: 10) {{
    nodes {{ {FIELDS} }} totalCount
    pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }}
}} }}"
            ),
        ),
    ] {
        let variables = if query == "user" { json!({ "id": id }) } else { json!({}) };
        let answer = counted(query, &world.desk.supervisor, &document, &variables).await;
        assert_snapshot(query, &document, &variables, &answer);
    }
    check(&world, "userUnlock", about(None)).await;
    check(&world, "userDeactivate", about(None)).await;
    check(&world, "userReactivate", about(None)).await;
}
