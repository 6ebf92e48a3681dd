//! Who is at the desk: whom a case can be given to.

use domain::Role;
use harness::TestCaller;
use serde_json::{Value, json};

use super::world::*;
use crate::graphql_desk::{Stage, with_case};

const PEOPLE: &str = "{ desk { people { id name } } }";

async fn people(caller: &TestCaller) -> Vec<Value> {
    let answer = caller.data(PEOPLE, json!({})).await;
    answer["desk"]["people"].as_array().unwrap().clone()
}

async fn names(caller: &TestCaller) -> Vec<String> {
    people(caller).await.iter().map(|person| person["name"].as_str().unwrap().to_owned()).collect()
}

/// People are called after their addresses here.
async fn staffed() -> (World, Vec<Value>) {
    let world = World::new().await;
    let mut ids = vec![];
    for (email, roles, comes) in [
        ("zoe@desk.example", vec!["AGENT"], true),
        ("ann@desk.example", vec!["SUPERVISOR"], true),
        ("both@desk.example", vec!["AGENT", "SUPERVISOR", "ADMINISTRATOR"], true),
        ("invited@desk.example", vec!["AGENT"], false),
        ("admin@desk.example", vec!["ADMINISTRATOR"], true),
        ("checks@desk.example", vec!["AUDITOR"], true),
        ("customer@acme.example", vec!["CONTACT"], true),
    ] {
        let id = world.invite(email, &roles).await;
        if comes {
            world.activate(&id).await;
        }
        ids.push(id);
    }
    (world, ids)
}

#[tokio::test]
async fn the_desk_knows_by_name_whom_a_case_can_be_given_to() {
    let (world, ids) = staffed().await;
    let desk = &world.desk;
    let expected = ["ann@desk.example", "both@desk.example", "zoe@desk.example"];
    for caller in [&desk.agent, &desk.supervisor, &desk.auditor, &world.administrator] {
        assert_eq!(names(caller).await, expected);
    }
    for person in people(&desk.agent).await {
        let case_id = desk.case_in(Stage::New).await;
        let input = with_case(&case_id, json!({ "ownerId": person["id"] }));
        let payload = desk.agent.succeed("caseAssign", input, "case { owner { name } }").await;
        assert_eq!(payload["case"]["owner"]["name"], person["name"], "who is listed can be given it");
    }
    // What they are is read anew each time.
    world.administrator.succeed("userGrant", json!({ "personId": ids[5], "roles": ["AGENT"] }), "pending").await;
    world.administrator.succeed("userRevoke", json!({ "personId": ids[1], "roles": ["SUPERVISOR"] }), "pending").await;
    world.ask(&world.administrator, "userDeactivate", &ids[0]).await;
    world.activate(&ids[3]).await;
    assert_eq!(names(&desk.agent).await, ["both@desk.example", "checks@desk.example", "invited@desk.example"]);
}

#[tokio::test]
async fn customers_are_not_told_who_is_at_the_desk() {
    let (world, _) = staffed().await;
    let analyst = world.desk.app.staff(Role::Analyst).await;
    for caller in [&world.desk.contact, &world.desk.stranger, &analyst] {
        let answer = caller.graphql(PEOPLE, json!({})).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "FORBIDDEN");
        assert!(!answer.to_string().contains("desk.example"), "{answer}");
    }
    assert_eq!(world.desk.app.nobody().error_code(PEOPLE, json!({})).await, "UNAUTHENTICATED");
}

#[tokio::test]
async fn an_auditors_look_at_who_is_at_the_desk_is_recorded() {
    let (world, _) = staffed().await;
    let recorded = async || {
        let sql = "select operation || ' ' || object from access_log order by sequence";
        sqlx::query_scalar::<_, String>(sql).fetch_all(&world.desk.app.pool).await.unwrap()
    };
    world.desk.agent.data(PEOPLE, json!({})).await;
    assert_eq!(recorded().await, Vec::<String>::new());
    world.desk.auditor.data(PEOPLE, json!({})).await;
    assert_eq!(recorded().await, ["desk settings", "desk.people list"]);
}
