//! What a contact sees follows what they are in their accounts, from one request to the next.

use api::{
    clock::{Clock, Ids},
    graphql::GlobalId,
    identity::{NewToken, Tokens},
};
use async_graphql::ID;
use domain::{
    LocationId, PersonId, Role,
    account::{AccountAction, ContactAccess, ContactRole},
};
use harness::TestCaller;
use serde_json::{Value, json};

use crate::graphql_desk::{Desk, open_case, viewer, with_case};

pub fn id_of<T: GlobalId>(id: &Value) -> T {
    T::from_global(&ID(id.as_str().unwrap().to_owned())).unwrap()
}

pub async fn set_access(desk: &Desk, person: &Value, role: ContactRole, limit: Option<&[&Value]>) {
    let person = id_of::<PersonId>(person);
    let locations = limit.map(|limit| limit.iter().map(|id| id_of::<LocationId>(id)).collect());
    let access = ContactAccess { role, locations };
    desk.app.change(&desk.account_id, |_, _| AccountAction::SetAccess { person, access }).await;
}

async fn cases(caller: &TestCaller) -> Vec<Value> {
    let found = caller.data("{ cases { totalCount nodes { id } } }", json!({})).await["cases"].take();
    let ids: Vec<Value> = found["nodes"].as_array().unwrap().iter().map(|node| node["id"].clone()).collect();
    assert_eq!(found["totalCount"], ids.len());
    ids
}

async fn sees(caller: &TestCaller, case_id: &Value) -> bool {
    let document = "query($id: ID!) { case(id: $id) { id } node(id: $id) { id } }";
    let found = caller.data(document, json!({ "id": case_id })).await;
    assert_eq!(found["case"].is_null(), found["node"].is_null());
    !found["case"].is_null()
}

#[tokio::test]
async fn whoever_leaves_an_account_has_lost_it_by_the_next_request() {
    let desk = Desk::open().await;
    let case_id = desk.new_case().await;
    assert!(sees(&desk.contact, &case_id).await);
    let person = id_of::<PersonId>(&desk.contact_id);
    desk.app.change(&desk.account_id, |_, _| AccountAction::Leave { person }).await;

    assert!(!sees(&desk.contact, &case_id).await);
    assert_eq!(cases(&desk.contact).await, Vec::<Value>::new());
    assert_eq!(viewer(&desk.contact).await["accounts"], json!([]));
    let message = with_case(&case_id, json!({ "body": "Still silent." }));
    assert_eq!(desk.contact.refusal("casePostMessage", message).await["code"], "NOT_FOUND");
    assert_eq!(desk.contact.refusal("caseOpen", desk.opening("Again")).await["field"], "accountId");
    let access = ContactAccess { role: ContactRole::Member, locations: None };
    desk.app.change(&desk.account_id, |_, _| AccountAction::Join { person, access }).await;
    assert!(sees(&desk.contact, &case_id).await, "and whoever comes back has it again");
}

#[tokio::test]
async fn a_limit_to_places_holds_for_reading_and_for_working() {
    let desk = Desk::open().await;
    let (here, there) = (
        json!(desk.app.location(&desk.account_id, "1 Example Street").await),
        json!(desk.app.location(&desk.account_id, "2 Example Street").await),
    );
    let colleague = desk.app.contact("ACME").await;
    let mut ids = vec![];
    for (location, caller) in [(&here, &colleague), (&there, &colleague), (&there, &desk.contact)] {
        let mut opening = desk.opening("Silent line");
        opening["locationId"] = location.clone();
        ids.push(open_case(caller, opening).await);
    }
    let nowhere = open_case(&colleague, desk.opening("Silent line")).await;
    assert_eq!(cases(&desk.contact).await.len(), 4);

    set_access(&desk, &desk.contact_id, ContactRole::Member, Some(&[&here])).await;
    for (case_id, expected) in [(&ids[0], true), (&ids[1], false), (&ids[2], true), (&nowhere, false)] {
        assert_eq!(sees(&desk.contact, case_id).await, expected);
        let message = with_case(case_id, json!({ "body": "Still silent." }));
        let payload = desk.contact.mutate("casePostMessage", message, "userErrors { code }").await;
        let codes = if expected { json!([]) } else { json!([{ "code": "NOT_FOUND" }]) };
        assert_eq!(payload["userErrors"], codes);
    }
    assert_eq!(cases(&desk.contact).await.len(), 2);
    let mut opening = desk.opening("Elsewhere");
    opening["locationId"] = json!(desk.app.location(&desk.account_id, "3 Example Street").await);
    assert_eq!(desk.contact.refusal("caseOpen", opening.clone()).await["field"], "locationId");

    // Opener and contact keep sight of a case wherever it is moved to.
    desk.step(&desk.agent, "caseSetLocation", &ids[0], json!({ "locationId": there })).await;
    desk.step(&desk.agent, "caseSetContact", &ids[1], json!({ "contactId": desk.contact_id })).await;
    assert!(!sees(&desk.contact, &ids[0]).await);
    assert!(sees(&desk.contact, &ids[1]).await);

    set_access(&desk, &desk.contact_id, ContactRole::Admin, Some(&[&here])).await;
    assert_eq!(cases(&desk.contact).await.len(), 4, "an ADMIN has no limit");
    desk.contact.succeed("caseOpen", opening, "case { id }").await;
}

/// The clock of a test stands still; that of a service does not wait for a token to be made.
#[tokio::test]
async fn a_contacts_token_is_made_while_time_goes_on() {
    let desk = Desk::open().await;
    let (pool, log) = (desk.app.pool.clone(), &desk.app.service.services().commands.log);
    let new = NewToken {
        name: "Bo Lind".to_owned(),
        roles: vec![Role::Contact],
        accounts: vec!["ACME".to_owned(), "INITECH".to_owned()],
        scopes: vec![],
        expires_at: None,
    };
    let made = Tokens::new(pool, Clock::system()).create(&new, log, &Ids::random()).await.unwrap();
    desk.app.until_visible(made.position).await;
    let accounts = viewer(&desk.app.bearer(&made.token)).await["accounts"].take();
    assert_eq!(accounts.as_array().unwrap().len(), 2);
}
