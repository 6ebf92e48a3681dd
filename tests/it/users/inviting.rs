//! An invitation is whole or not at all: person, account, user, link and mail.

use domain::Role;
use serde_json::{Value, json};

use super::world::*;
use crate::graphql_roles::some_id;

const CONTACTS: &str = "query($id: ID!) { node(id: $id) { ... on Account {
    contacts { nodes { person { name } role locations { address } } } } } }";

fn invitation(world: &World) -> Value {
    json!({
        "person": { "new": { "name": "Ana Torres", "email": "Ana.Torres@example.com", "phone": "+1 555 0100" } },
        "username": "ana.torres",
        "roles": ["CONTACT"],
        "account": { "accountId": world.desk.account_id, "role": "ADMIN" },
        "idempotencyKey": "invite-1",
    })
}

async fn contacts(world: &World) -> Vec<Value> {
    let mut found = world.administrator.data(CONTACTS, json!({ "id": world.desk.account_id })).await;
    serde_json::from_value(found["node"]["contacts"]["nodes"].take()).unwrap()
}

#[tokio::test]
async fn a_supervisor_invites_a_contact_who_joins_the_account_at_once() {
    let world = World::new().await;
    let supervisor = &world.desk.supervisor;
    let payload = supervisor.succeed("userInvite", invitation(&world), USER).await;
    let user = &payload["user"];
    assert_eq!((&payload["pending"], &user["person"]["name"]), (&json!(false), &json!("Ana Torres")));
    assert_eq!((&user["username"], &user["email"]), (&json!("ana.torres"), &json!("Ana.Torres@example.com")));
    assert_eq!((&user["status"], &user["roles"]), (&json!("INVITED"), &json!(["CONTACT"])));
    let joined = json!({ "person": { "name": "Ana Torres" }, "role": "ADMIN", "locations": null });
    assert!(contacts(&world).await.contains(&joined));
    let id = &user["person"]["id"];
    assert_eq!(world.mails(id).await, ["activation waiting"]);
    let links = world.links(id).await;
    assert_eq!(links.len(), 1);

    // A retry is told the same, and does nothing: the link that was mailed stays good.
    assert_eq!(supervisor.succeed("userInvite", invitation(&world), USER).await, payload);
    assert_eq!((world.links(id).await, world.mails(id).await.len()), (links, 1));
    assert_eq!(world.events(id).await, ["UserInvited"]);
    let other = json!({ "email": "other@example.com", "roles": ["CONTACT"], "person": { "person": world.desk.contact_id }, "idempotencyKey": "invite-1" });
    assert_eq!(supervisor.refusal("userInvite", other).await["code"], "IDEMPOTENCY_KEY_REUSED");
}

#[tokio::test]
async fn a_refused_invitation_leaves_nothing() {
    let world = World::new().await;
    let before = contacts(&world).await;
    let count = async || -> Vec<i64> {
        let sql = "select (select count(*) from events) as n union all select count(*) from links
                   union all select count(*) from mails union all
                   select count(*) from reservations where kind = 'sign_in_name'";
        sqlx::query_scalar(sql).fetch_all(&world.desk.app.pool).await.unwrap()
    };
    let nothing = count().await;
    let with = |field: &str, value: Value| {
        let mut input = invitation(&world);
        input[field] = value;
        input.as_object_mut().unwrap().remove("idempotencyKey");
        input
    };
    let account = |id: &Value, locations: Value| json!({ "accountId": id, "role": "MEMBER", "locationIds": locations });
    let there = &world.desk.account_id;
    for (input, code, field) in [
        (with("account", account(there, json!([some_id::<domain::LocationId>()]))), "INVALID_INPUT", "locationIds"),
        (with("account", account(there, json!([]))), "INVALID_INPUT", "locationIds"),
        (with("account", account(&some_id::<domain::AccountId>(), Value::Null)), "NOT_FOUND", "accountId"),
        (with("roles", json!(["AGENT"])), "INVALID_INPUT", "roles"),
        (with("roles", json!(["CONTACT", "SERVICE"])), "INVALID_INPUT", "roles"),
        (with("username", json!("ben@example.com")), "INVALID_INPUT", "username"),
        (with("username", json!("ana torres")), "INVALID_INPUT", "username"),
        (with("email", json!("ana")), "INVALID_INPUT", "email"),
        (with("person", json!({ "person": some_id::<domain::PersonId>() })), "INVALID_INPUT", "email"),
    ] {
        let refusal = world.administrator.refusal("userInvite", input).await;
        assert_eq!((&refusal["code"], &refusal["field"]), (&json!(code), &json!(field)), "{refusal}");
    }
    let nobody =
        json!({ "person": { "person": some_id::<domain::PersonId>() }, "email": "a@example.com", "roles": ["AGENT"] });
    assert_eq!(world.administrator.refusal("userInvite", nobody).await["code"], "NOT_FOUND");
    let refusal = world.desk.supervisor.refusal("userInvite", with("roles", json!(["CONTACT", "AGENT"]))).await;
    assert_eq!((&refusal["code"], &refusal["field"]), (&json!("NOT_PERMITTED"), &json!("roles")));
    for caller in [&world.desk.agent, &world.desk.contact, &world.desk.auditor] {
        let refusal = caller.refusal("userInvite", with("username", json!("ana.torres"))).await;
        assert_eq!(refusal["code"], "NOT_PERMITTED");
    }
    assert_eq!((count().await, contacts(&world).await), (nothing, before));
}

#[tokio::test]
async fn somebody_who_is_known_is_invited_at_their_own_address() {
    let world = World::new().await;
    let account = json!({
        "accountId": world.desk.account_id, "role": "MEMBER",
        "contact": { "new": { "name": "Ben Okafor", "email": "ben@example.com" } },
    });
    let joined = world.administrator.succeed("accountContactJoin", account, "contact { person { id } }").await;
    let id = &joined["contact"]["person"]["id"];
    let input = json!({ "person": { "person": id }, "roles": ["CONTACT"] });
    let user = world.desk.supervisor.succeed("userInvite", input.clone(), USER).await["user"].take();
    assert_eq!((&user["email"], &user["username"]), (&json!("ben@example.com"), &json!("ben@example.com")));
    // The same again is there already, something else is refused.
    world.desk.supervisor.succeed("userInvite", input, "pending").await;
    assert_eq!((world.events(id).await.len(), world.mails(id).await.len()), (1, 1));
    let input = json!({ "person": { "person": id }, "roles": ["CONTACT", "AGENT"] });
    assert_eq!(world.administrator.refusal("userInvite", input).await["code"], "ALREADY_DONE");
    // Whoever is nobody's address has to be given one.
    let agent = json!({ "person": { "person": world.desk.agent_id }, "roles": ["AGENT"] });
    assert_eq!(world.administrator.refusal("userInvite", agent).await["field"], "email");
}

#[tokio::test]
async fn a_new_link_takes_the_place_of_the_one_before() {
    let world = World::new().await;
    let id = world.invite("ana@example.com", &["CONTACT"]).await;
    let first = world.links(&id).await;
    world.desk.app.clock.advance(chrono::TimeDelta::hours(1));
    let again = world.ask(&world.desk.supervisor, "invitationResend", &id).await;
    assert_eq!(again["invitedAt"], "2026-03-02T10:00:00+00:00");
    let second = world.links(&id).await;
    assert!(second.len() == 1 && second != first, "another token");
    assert_eq!(world.mails(&id).await, ["activation dropped", "activation waiting"]);
    let refusal = world.desk.supervisor.refusal("userSendReset", json!({ "personId": id })).await;
    assert_eq!(refusal["code"], "NOT_IN_STATE");

    world.activate(&id).await;
    let refusal = world.desk.supervisor.refusal("invitationResend", json!({ "personId": id })).await;
    assert_eq!(refusal["code"], "ALREADY_DONE");
    world.ask(&world.desk.supervisor, "userSendReset", &id).await;
    assert_eq!(world.mails(&id).await.last().unwrap(), "password_reset waiting");
    assert!(world.links(&id).await.iter().any(|(purpose, _)| purpose == "password_reset"));
    let expected = ["UserInvited", "InvitationResent", "UserActivated", "PasswordChanged", "PasswordResetSent"];
    assert_eq!(world.events(&id).await, expected);
    // No event has anything of a link, and none of the two names in the clear.
    let sql = "select string_agg(payload::text || metadata::text, '') from events where aggregate_type = 'user'";
    let stored: String = sqlx::query_scalar(sql).fetch_one(&world.desk.app.pool).await.unwrap();
    assert!(!stored.contains("csl_") && !stored.contains("example.com"), "{stored}");
}

#[tokio::test]
async fn staff_may_be_invited_without_an_account() {
    let world = World::new().await;
    let id = world.invite("eva@example.com", &["AGENT", "SUPERVISOR", "AUDITOR"]).await;
    let document = "query($id: ID!) { user(id: $id) { roles } }";
    let user = world.administrator.data(document, json!({ "id": id })).await;
    assert_eq!(user["user"]["roles"], json!(["AGENT", "SUPERVISOR", "AUDITOR"]));
    let auditor = world.desk.app.staff(Role::Auditor).await;
    assert_eq!(auditor.data(document, json!({ "id": id })).await, user);
}
