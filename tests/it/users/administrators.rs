//! Somebody always runs the installation.

use domain::Role;
use futures_util::future::join;
use serde_json::{Value, json};

use super::world::*;

fn revoke(id: &Value) -> Value {
    json!({ "personId": id, "roles": ["ADMINISTRATOR"] })
}

#[tokio::test]
async fn the_last_active_administrator_stays_one() {
    let world = World::new().await;
    let admin = &world.administrator;
    let id = world.invite("root@example.com", &["ADMINISTRATOR", "AGENT"]).await;
    // An invitation that nobody accepted runs nothing, and is taken back like any other.
    admin.succeed("userDeactivate", json!({ "personId": id }), "pending").await;
    admin.succeed("userReactivate", json!({ "personId": id }), "pending").await;
    world.activate(&id).await;
    for (mutation, input) in [
        ("userRevoke", revoke(&id)),
        ("userDeactivate", json!({ "personId": id })),
        ("personErase", json!({ "personId": id })),
    ] {
        assert_eq!(admin.refusal(mutation, input).await["code"], "LAST_ADMINISTRATOR", "{mutation}");
    }
    admin.succeed("userRevoke", json!({ "personId": id, "roles": ["AGENT"] }), "pending").await;
    // Somebody who is invited does not count yet, nor does somebody who is deactivated.
    let second = world.invite("second@example.com", &["ADMINISTRATOR"]).await;
    assert_eq!(admin.refusal("userRevoke", revoke(&id)).await["code"], "LAST_ADMINISTRATOR");
    world.activate(&second).await;
    admin.succeed("userDeactivate", json!({ "personId": second }), "pending").await;
    assert_eq!(admin.refusal("userRevoke", revoke(&id)).await["code"], "LAST_ADMINISTRATOR");
    admin.succeed("userReactivate", json!({ "personId": second }), "pending").await;
    admin.succeed("userRevoke", revoke(&id), "pending").await;
    assert_eq!(admin.refusal("userRevoke", revoke(&second)).await["code"], "LAST_ADMINISTRATOR");
}

#[tokio::test]
async fn of_two_who_take_the_role_from_each_other_one_keeps_it() {
    let world = World::new().await;
    for round in 0..4 {
        let (one, first) = world.active(Role::Administrator, &format!("one{round}@example.com")).await;
        let (other, second) = world.active(Role::Administrator, &format!("other{round}@example.com")).await;
        let before = if round == 0 { vec![] } else { active_administrators(&world).await };
        for left in before.iter().filter(|id| **id != first && **id != second) {
            world.administrator.succeed("userRevoke", revoke(left), "pending").await;
        }
        let (mine, yours) = match round % 2 {
            0 => ("userRevoke", "userRevoke"),
            _ => ("userDeactivate", "userRevoke"),
        };
        let input = |mutation: &str, id: &Value| match mutation {
            "userRevoke" => revoke(id),
            _ => json!({ "personId": id }),
        };
        let select = "userErrors { code }";
        join(one.graphql(&document(mine, select), json!({ "input": input(mine, &second) })), async {
            other.graphql(&document(yours, select), json!({ "input": input(yours, &first) })).await
        })
        .await;
        let left = active_administrators(&world).await;
        assert_eq!(left.len(), 1, "round {round}: {left:?}");
    }
}

fn document(mutation: &str, selection: &str) -> String {
    harness::mutation_document(mutation, selection)
}

async fn active_administrators(world: &World) -> Vec<Value> {
    let document = "{ users(filter: { roles: [ADMINISTRATOR], statuses: [ACTIVE] }) { nodes { person { id } } } }";
    let found = world.administrator.data(document, json!({})).await;
    found["users"]["nodes"].as_array().unwrap().iter().map(|user| user["person"]["id"].clone()).collect()
}
