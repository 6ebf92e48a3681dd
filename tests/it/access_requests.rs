//! Requests for access, from the public form to whoever may sign in.

use api::{
    access_requests::{AccessRequests, BY_ADDRESS, BY_NETWORK},
    graphql::GlobalId as _,
};
use async_graphql::ID;
use chrono::TimeDelta;
use domain::{
    AccessRequestId, AccountId, Actor, Channel, KeyId, PersonId, PlainText, RequestId, Role, Sealed,
    access_request::AccessRequestAction,
    account::{ContactAccess, ContactRole},
};
use harness::{TestApp, TestCaller};
use serde_json::{Value, json};
use sqlx::Executor as _;
use uuid::Uuid;

use crate::graphql_desk::Desk;

pub fn form(email: &str) -> Value {
    json!({
        "type": "PORTAL_ACCESS",
        "name": "Ana Torres",
        "email": email,
        "phone": "+1 555 0100",
        "accountName": "Acme Hardware",
        "serviceAddress": "12 Mill Road",
        "description": "Access for me and for Ben Ito (ben@acme.example), please.",
    })
}

async fn submit(app: &TestApp, input: Value) -> Value {
    app.nobody().mutate("accessRequestSubmit", input, "received userErrors { code field }").await
}

/// Submits a form that is right; answers the request's id.
pub async fn submitted(app: &TestApp, supervisor: &TestCaller, input: Value) -> Value {
    let before = all(supervisor).await;
    assert_eq!(submit(app, input).await, json!({ "received": true, "userErrors": [] }));
    let position = sqlx::query_scalar("select max(position) from events").fetch_one(&app.pool).await.unwrap();
    app.until_visible(position).await;
    let mut after = all(supervisor).await;
    after.retain(|id| !before.contains(id));
    assert_eq!(after.len(), 1, "{after:?}");
    after.remove(0)
}

async fn all(supervisor: &TestCaller) -> Vec<Value> {
    let data = supervisor.data("{ accessRequests(first: 100) { nodes { id } } }", json!({})).await;
    data["accessRequests"]["nodes"].as_array().unwrap().iter().map(|node| node["id"].clone()).collect()
}

/// All that supervisors and auditors see of a request.
pub const WHOLE: &str = "id type accountName serviceAddress description decided redacted people {
    number name email phone knownAs { id } decision {
        outcome words carriedOut person { id name } account { id } role locations { id } decidedBy { name }
        case { number status locationNotListed productNotListed description subject contact { id } }
    }
}";

async fn read(caller: &TestCaller, id: &Value) -> Value {
    let document = format!("query($id: ID!) {{ accessRequest(id: $id) {{ {WHOLE} }} }}");
    caller.data(&document, json!({ "id": id })).await["accessRequest"].take()
}

#[expect(clippy::needless_pass_by_value, reason = "decisions are written down where they are made")]
pub fn decide(id: &Value, number: u32, decision: Value) -> Value {
    json!({ "accessRequestId": id, "number": number, "decision": decision })
}

fn approval(desk: &Desk, role: &str) -> Value {
    json!({ "approve": { "accountId": desk.account_id, "role": role, "authority": "Called back." } })
}

/// An account by its reference, with its contacts.
async fn account(caller: &TestCaller, reference: &str) -> Value {
    let document = "query($reference: String!) { account(reference: $reference) {
        id contacts(first: 50) { nodes { person { id name } role } } } }";
    caller.data(document, json!({ "reference": reference })).await["account"].take()
}

async fn contacts(caller: &TestCaller, reference: &str) -> Vec<Value> {
    account(caller, reference).await["contacts"]["nodes"].as_array().unwrap().clone()
}

/// Mails that wait for people, by kind.
async fn mails(app: &TestApp) -> Vec<String> {
    sqlx::query_scalar("select kind from mails order by kind").fetch_all(&app.pool).await.unwrap()
}

#[tokio::test]
async fn a_request_is_decided_person_by_person_and_who_is_approved_is_invited() {
    let desk = Desk::open().await;
    let id = submitted(&desk.app, &desk.supervisor, form("ana@acme.example")).await;
    let seen = read(&desk.supervisor, &id).await;
    assert_eq!(seen["description"], "Access for me and for Ben Ito (ben@acme.example), please.");
    assert_eq!(seen["people"][0]["email"], "ana@acme.example");
    assert_eq!(seen["people"][0]["knownAs"], json!([]));
    assert_eq!((&seen["decided"], &seen["people"][1]), (&json!(false), &Value::Null));

    let ben = json!({ "accessRequestId": id, "name": "Ben Ito", "email": "Ben@acme.example" });
    desk.supervisor.succeed("accessRequestAddPerson", ben.clone(), "accessRequest { id }").await;
    desk.supervisor.succeed("accessRequestAddPerson", ben, "accessRequest { id }").await;
    let input = decide(&id, 1, approval(&desk, "ADMIN"));
    let selection = format!("pending accessRequest {{ {WHOLE} }}");
    let seen = desk.supervisor.succeed("accessRequestDecide", input.clone(), &selection).await;
    let ana = &seen["accessRequest"]["people"][0];
    assert_eq!(ana["decision"]["outcome"], "APPROVED");
    assert_eq!(ana["decision"]["words"], "Called back.");
    assert_eq!(ana["decision"]["carriedOut"], true);
    assert_eq!(ana["decision"]["person"]["name"], "Ana Torres");
    assert_eq!(ana["knownAs"][0]["id"], ana["decision"]["person"]["id"]);
    assert_eq!(seen["accessRequest"]["decided"], false, "Ben is not decided");
    assert_eq!(seen["accessRequest"]["people"].as_array().unwrap().len(), 2);

    desk.supervisor.succeed("accessRequestDecide", input, "accessRequest { id }").await;
    let otherwise = desk.supervisor.refusal("accessRequestDecide", decide(&id, 1, approval(&desk, "MEMBER"))).await;
    assert_eq!(otherwise["code"], "ALREADY_DONE", "{otherwise}");
    let decline = decide(&id, 2, json!({ "decline": "Nobody at Acme knows them." }));
    desk.supervisor.succeed("accessRequestDecide", decline, "accessRequest { id }").await;
    let seen = read(&desk.auditor, &id).await;
    assert_eq!(seen["decided"], true);
    assert_eq!(seen["people"][1]["decision"]["words"], "Nobody at Acme knows them.");
    assert_eq!(mails(&desk.app).await, ["activation"], "one invitation, to one of them");
    let of_account = contacts(&desk.supervisor, "ACME").await;
    assert!(of_account.iter().any(|contact| contact["person"]["name"] == "Ana Torres" && contact["role"] == "ADMIN"));
    desk.app.assert_rebuild_equals_live().await;
}

#[tokio::test]
async fn whoever_signs_in_already_gets_the_account_and_no_second_invitation() {
    let desk = Desk::open().await;
    let first = submitted(&desk.app, &desk.supervisor, form("ana@acme.example")).await;
    let approve = decide(&first, 1, approval(&desk, "MEMBER"));
    let first = desk.supervisor.succeed("accessRequestDecide", approve, &format!("accessRequest {{ {WHOLE} }}")).await;
    let second = submitted(&desk.app, &desk.supervisor, form("Ana@Acme.example")).await;
    let other = account(&desk.supervisor, "GLOBEX").await["id"].take();
    let approve = json!({ "approve": { "accountId": other, "role": "MEMBER", "authority": "Called back." } });
    let second = desk
        .supervisor
        .succeed("accessRequestDecide", decide(&second, 1, approve), &format!("accessRequest {{ {WHOLE} }}"))
        .await;
    let person = |seen: &Value| seen["accessRequest"]["people"][0]["decision"]["person"].clone();
    assert_eq!(person(&first), person(&second), "an address is one person");
    assert_eq!(mails(&desk.app).await, ["activation"]);
    let of_account = contacts(&desk.supervisor, "GLOBEX").await;
    assert!(of_account.iter().any(|contact| contact["person"]["id"] == person(&second)["id"]));
}

#[tokio::test]
async fn what_asks_for_something_else_becomes_a_case_in_triage() {
    let desk = Desk::open().await;
    let mut input = form("leo@acme.example");
    input["type"] = json!("CHANGE_OR_REMOVAL");
    let id = submitted(&desk.app, &desk.supervisor, input).await;
    let refusal = desk.supervisor.refusal("accessRequestDecide", decide(&id, 1, approval(&desk, "MEMBER"))).await;
    assert_eq!(refusal["code"], "NOT_IN_STATE");
    let make_case = json!({ "makeCase": {
        "accountId": desk.account_id, "contactId": desk.contact_id, "type": "billing",
        "category": "account-contact-updates", "authority": "The ADMIN confirmed it.",
    } });
    let input = decide(&id, 1, make_case);
    let selection = format!("accessRequest {{ {WHOLE} }}");
    let seen = desk.supervisor.succeed("accessRequestDecide", input.clone(), &selection).await;
    let case = seen["accessRequest"]["people"][0]["decision"]["case"].clone();
    assert_eq!(case["status"], "NEW");
    assert_eq!((&case["locationNotListed"], &case["productNotListed"]), (&json!(true), &json!(true)));
    assert_eq!(case["contact"]["id"], desk.contact_id);
    let description = case["description"].as_str().unwrap();
    assert!(description.ends_with("Name: Ana Torres\nE-mail: leo@acme.example\nPhone: +1 555 0100\nAccount: Acme Hardware\nService address: 12 Mill Road"), "{description}");
    let again = desk.supervisor.succeed("accessRequestDecide", input, &selection).await;
    assert_eq!(again["accessRequest"]["people"][0]["decision"]["case"]["number"], case["number"], "one case");
}

/// Body, status and headers are the same whoever asks; only the form's own mistakes are named.
#[tokio::test]
async fn the_answer_to_the_form_does_not_depend_on_who_asks() {
    let desk = Desk::open().await;
    let known = submitted(&desk.app, &desk.supervisor, form("known@acme.example")).await;
    desk.supervisor.succeed("accessRequestDecide", decide(&known, 1, approval(&desk, "MEMBER")), "pending").await;
    let document = "mutation($input: AccessRequestSubmitInput!) { accessRequestSubmit(input: $input) {
        received userErrors { code field message } } }";
    let ask = async |email: &str| {
        let response = desk.app.nobody().request(document, &json!({ "input": form(email) })).send().await.unwrap();
        let mut names: Vec<_> = response.headers().keys().map(ToString::to_string).collect();
        names.sort_unstable();
        (response.status(), names, response.text().await.unwrap())
    };
    let stranger = ask("stranger@example.com").await;
    assert_eq!(ask("known@acme.example").await, stranger);
    for _ in 0..BY_ADDRESS.tries + 2 {
        assert_eq!(ask("often@example.com").await, stranger, "once too often, too");
    }
    let position = sqlx::query_scalar("select max(position) from events").fetch_one(&desk.app.pool).await.unwrap();
    desk.app.until_visible(position).await;
    let count = desk.supervisor.data("{ accessRequests { totalCount } }", json!({})).await;
    assert_eq!(count["accessRequests"]["totalCount"], 3 + BY_ADDRESS.tries, "the rest was not written down");

    for (field, value) in [("email", "no address"), ("name", " "), ("accountName", ""), ("description", "\u{7}")] {
        let mut input = form("ana@example.com");
        input[field] = json!(value);
        let answer = submit(&desk.app, input).await;
        let expected = json!({ "received": false, "userErrors": [{ "code": "INVALID_INPUT", "field": field }] });
        assert_eq!(answer, expected);
    }
}

#[tokio::test]
async fn a_network_asks_so_often_and_is_told_when_it_may_again() {
    let app = TestApp::start().await;
    for n in 0..BY_NETWORK.tries {
        assert_eq!(submit(&app, form(&format!("p{n}@example.com"))).await["received"], true);
    }
    let document = "mutation($input: AccessRequestSubmitInput!) { accessRequestSubmit(input: $input) { received } }";
    let answer = app.nobody().graphql(document, json!({ "input": form("last@example.com") })).await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "RATE_LIMITED");
    let wait_s = answer["errors"][0]["extensions"]["retryAfter"].as_i64().unwrap();
    app.clock.advance(TimeDelta::seconds(wait_s));
    assert_eq!(submit(&app, form("last@example.com")).await["received"], true);
}

#[tokio::test]
async fn requests_are_for_supervisors_and_auditors_and_the_database_knows_it() {
    let desk = Desk::open().await;
    let id = submitted(&desk.app, &desk.supervisor, form("ana@acme.example")).await;
    let administrator = desk.app.staff(Role::Administrator).await;
    for caller in [&desk.agent, &desk.contact, &administrator] {
        assert_eq!(caller.error_code("{ accessRequests { totalCount } }", json!({})).await, "FORBIDDEN");
        let document = "query($id: ID!) { accessRequest(id: $id) { id } }";
        assert_eq!(caller.error_code(document, json!({ "id": id })).await, "FORBIDDEN");
        let there = caller.refusal("accessRequestDecide", decide(&id, 1, json!({ "decline": "No." }))).await;
        let nothing = AccessRequestId(Uuid::from_u128(7)).global();
        let not_there = decide(&json!(nothing), 1, json!({ "decline": "No." }));
        assert_eq!(there["code"], "NOT_PERMITTED");
        assert_eq!(caller.refusal("accessRequestDecide", not_there).await, there, "whether it is there is not told");
    }
    let roles = ["staff", "contact", "directory"].map(|role| format!("casestream_reader_{role}"));
    for role in roles.iter().map(String::as_str).chain(["casestream_writer"]) {
        for table in ["access_requests", "access_request_people"] {
            let mut conn = desk.app.pool.acquire().await.unwrap();
            conn.execute("begin").await.unwrap();
            conn.execute(format!("set local role {role}").as_str()).await.unwrap();
            let refused = conn.execute(format!("select * from directory_v1.{table}").as_str()).await.unwrap_err();
            assert!(refused.to_string().contains("permission denied"), "{role} {table}: {refused}");
            conn.execute("rollback").await.unwrap();
        }
    }
}

fn supervisor(person: u128) -> Actor {
    Actor::new(PersonId(Uuid::from_u128(person)), Role::Supervisor)
}

fn raw_approval(desk: &Desk) -> AccessRequestAction {
    let account = ID(desk.account_id.as_str().unwrap().to_owned());
    let authority = PlainText::parse("Called back.", 100).unwrap();
    AccessRequestAction::Approve {
        number: 1,
        person: PersonId(Uuid::from_u128(77)),
        account: AccountId::from_global(&account).unwrap(),
        access: ContactAccess { role: ContactRole::Member, locations: None },
        authority: Sealed::new(KeyId(Uuid::from_u128(78)), PersonId(Uuid::from_u128(7)), authority),
    }
}

/// What a process leaves that is killed between the decision and the invitation is found, and done, once.
#[tokio::test]
async fn what_was_decided_and_not_carried_out_is_carried_out_later() {
    let desk = Desk::open().await;
    let id = submitted(&desk.app, &desk.supervisor, form("ana@acme.example")).await;
    let request = AccessRequestId::from_global(&ID(id.as_str().unwrap().to_owned())).unwrap();
    let services = desk.app.service.services();
    let stamp = (supervisor(7), RequestId(Uuid::from_u128(9)), Channel::Desk);
    let carried = services.commands.act_on_access_request(request, stamp, raw_approval(&desk)).await.unwrap();
    desk.app.until_visible(carried.position).await;
    let seen = read(&desk.supervisor, &id).await;
    assert_eq!(seen["people"][0]["decision"]["carriedOut"], false);
    assert_eq!(mails(&desk.app).await, Vec::<String>::new());
    let redact = desk.supervisor.refusal("accessRequestRedact", json!({ "accessRequestId": id })).await;
    assert_eq!(redact["code"], "NOT_IN_STATE", "its words are needed for the invitation");

    let requests = AccessRequests::with(services);
    let (one, other) = tokio::join!(requests.go_on(), requests.go_on());
    assert!(one.unwrap() + other.unwrap() >= 1);
    assert_eq!(requests.go_on().await.unwrap(), 0, "nothing is left");
    let seen = read(&desk.supervisor, &id).await;
    assert_eq!(seen["people"][0]["decision"]["carriedOut"], true);
    assert_eq!(mails(&desk.app).await, ["activation"], "one invitation, of two who found it");
}

/// Words of the request, wherever the database has any in the clear.
async fn clear_words(app: &TestApp, word: &str) -> Vec<String> {
    let mut owner = app.owner().await;
    let mut found = vec![];
    for table in ["access_requests", "access_request_people", "people", "users"] {
        let sql = format!("select row_to_json(t)::text from directory_v1.{table} as t");
        let rows: Vec<String> = sqlx::query_scalar(&sql).fetch_all(&mut owner).await.unwrap();
        found.extend(rows.into_iter().filter(|row| row.contains(word)));
    }
    found
}

#[tokio::test]
async fn the_words_of_a_request_go_by_hand_and_when_they_were_kept_long_enough() {
    let desk = Desk::open().await;
    let by_hand = submitted(&desk.app, &desk.supervisor, form("ana@acme.example")).await;
    desk.supervisor.succeed("accessRequestRedact", json!({ "accessRequestId": by_hand }), "pending").await;
    let seen = read(&desk.supervisor, &by_hand).await;
    assert_eq!((&seen["redacted"], &seen["description"]), (&json!(true), &Value::Null));
    assert_eq!(seen["people"][0]["email"], Value::Null);
    assert_eq!(clear_words(&desk.app, "Torres").await, Vec::<String>::new());
    let refusal = desk.supervisor.refusal("accessRequestDecide", decide(&by_hand, 1, approval(&desk, "MEMBER"))).await;
    assert_eq!(refusal["code"], "NOT_IN_STATE");

    let by_time = submitted(&desk.app, &desk.supervisor, form("ana@acme.example")).await;
    let requests = AccessRequests::with(desk.app.service.services());
    desk.app.clock.advance(TimeDelta::days(29));
    assert_eq!(requests.end_retention(TimeDelta::days(30)).await.unwrap(), 0);
    desk.app.clock.advance(TimeDelta::days(2));
    assert_eq!(requests.end_retention(TimeDelta::days(30)).await.unwrap(), 1);
    assert_eq!(read(&desk.supervisor, &by_time).await["redacted"], true);
    let keys: i64 =
        sqlx::query_scalar("select count(*) from keys where aggregate_type = 'access_request' and subject is not null")
            .fetch_one(&desk.app.pool)
            .await
            .unwrap();
    assert_eq!(keys, 0, "all keys of words are gone");
    desk.app.assert_rebuild_equals_live().await;
}

#[tokio::test]
async fn erasing_a_person_reaches_what_they_asked() {
    let desk = Desk::open().await;
    let id = submitted(&desk.app, &desk.supervisor, form("ana@acme.example")).await;
    let selection = format!("accessRequest {{ {WHOLE} }}");
    let approve = decide(&id, 1, approval(&desk, "MEMBER"));
    let seen = desk.supervisor.succeed("accessRequestDecide", approve, &selection).await;
    let person = &seen["accessRequest"]["people"][0]["decision"]["person"]["id"];
    let administrator = desk.app.staff(Role::Administrator).await;
    administrator.succeed("personErase", json!({ "personId": person }), "erased { texts }").await;
    assert_eq!(clear_words(&desk.app, "Torres").await, Vec::<String>::new());
    assert_eq!(clear_words(&desk.app, "ana@").await, Vec::<String>::new());
    let seen = read(&desk.supervisor, &id).await;
    assert_eq!(seen["people"][0]["name"], Value::Null);
    assert_eq!(seen["people"][0]["decision"]["words"], "Called back.", "the supervisor's words stay");

    // Whoever never was anybody here.
    let other = submitted(&desk.app, &desk.supervisor, form("nobody@example.com")).await;
    let requests = AccessRequests::with(desk.app.service.services());
    let address = PlainText::parse_email("Nobody@example.com").unwrap();
    assert_eq!(requests.redact_all_of(&address).await.unwrap(), 1);
    assert_eq!(read(&desk.supervisor, &other).await["redacted"], true);
    assert_eq!(clear_words(&desk.app, "nobody@").await, Vec::<String>::new());
    assert_eq!(submit(&desk.app, form("nobody@example.com")).await["received"], true, "and they may ask again");
}
