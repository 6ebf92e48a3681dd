//! Accounts and what they have: lists, pages, the picker, and who sees what of them.

use domain::{
    Role,
    account::{AccountAction, ContactRole},
};
use harness::TestCaller;
use serde_json::{Value, json};

use crate::{
    graphql_access::{id_of, set_access},
    graphql_desk::{Desk, open_case},
};

async fn names(caller: &TestCaller, list: &str, of: &Value) -> Vec<String> {
    let document = format!("query($id: ID!) {{ account(id: $id) {{ {list}(first: 100) {{ nodes {{ name }} }} }} }}");
    let found = caller.data(&document, json!({ "id": of })).await;
    let rows = found["account"][list]["nodes"].as_array().unwrap().iter();
    rows.map(|row| row["name"].as_str().unwrap().to_owned()).collect()
}

async fn picks(caller: &TestCaller, text: &str) -> Vec<String> {
    let document = "query($text: String!) { accountPicker(text: $text) { account { reference } location { name } } }";
    let found = caller.data(document, json!({ "text": text })).await;
    let pick = |pick: &Value| match pick["location"]["name"].as_str() {
        Some(place) => format!("{}, {place}", pick["account"]["reference"].as_str().unwrap()),
        None => pick["account"]["reference"].as_str().unwrap().to_owned(),
    };
    found["accountPicker"].as_array().unwrap().iter().map(pick).collect()
}

#[tokio::test]
async fn accounts_are_listed_by_name_and_paged_both_ways() {
    let desk = Desk::open().await;
    desk.app.contact("INITECH").await;
    let admin = desk.app.staff(Role::Administrator).await;
    let document = "query($first: Int, $after: String, $last: Int, $before: String, $text: String) {
        accounts(first: $first, after: $after, last: $last, before: $before, text: $text) {
            totalCount nodes { reference } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
        } }";
    let page = async |caller: &TestCaller, variables: Value| caller.data(document, variables).await["accounts"].take();
    let nodes = |of: &[&str]| json!(of.iter().map(|reference| json!({ "reference": reference })).collect::<Vec<_>>());
    for caller in [&desk.agent, &desk.auditor, &admin] {
        let first = page(caller, json!({ "first": 2 })).await;
        assert_eq!((&first["nodes"], &first["totalCount"]), (&nodes(&["ACME", "GLOBEX"]), &json!(3)));
        assert_eq!(first["pageInfo"]["hasNextPage"], true);
        let end = &first["pageInfo"]["endCursor"];
        let second = page(caller, json!({ "first": 2, "after": end })).await;
        assert_eq!(second["nodes"], nodes(&["INITECH"]));
        assert_eq!(second["pageInfo"]["hasNextPage"], false);
        let last = page(caller, json!({ "last": 1, "before": end })).await;
        assert_eq!(last["nodes"], nodes(&["ACME"]));
        let other = json!({ "after": end, "text": "ACME" });
        assert_eq!(caller.error_code(document, other).await, "BAD_CURSOR", "a cursor is of one text");
    }
    assert_eq!(page(&desk.agent, json!({ "text": "lob" })).await["nodes"], nodes(&["GLOBEX"]));
    assert_eq!(page(&desk.agent, json!({ "text": "%" })).await["nodes"], nodes(&[]), "nothing is a pattern");
    let own = page(&desk.contact, json!({})).await;
    assert_eq!((&own["nodes"], &own["totalCount"]), (&nodes(&["ACME"]), &json!(1)));
    let by_reference = "{ ours: account(reference: \"ACME\") { id } theirs: account(reference: \"GLOBEX\") { id } }";
    let found = desk.contact.data(by_reference, json!({})).await;
    assert_eq!((&found["ours"]["id"], &found["theirs"]), (&desk.account_id, &Value::Null));
    assert_eq!(desk.agent.error_code("{ account { id } }", json!({})).await, "BAD_USER_INPUT");
}

#[tokio::test]
async fn what_an_account_has_is_shown_within_the_limit_of_whoever_asks() {
    let desk = Desk::open().await;
    let mut places = vec![];
    for address in ["1 Example Street", "2 Example Street", "3 Sample Road"] {
        places.push(json!(desk.app.location(&desk.account_id, address).await));
    }
    let phone = json!(desk.app.product(&desk.account_id, "SmartVoice").await);
    let retired = id_of(&places[2]);
    desk.app.change(&desk.account_id, |_, _| AccountAction::RetireLocation { location: retired }).await;
    let both = ["1 Example Street", "2 Example Street"];
    for caller in [&desk.agent, &desk.contact] {
        assert_eq!(names(caller, "locations", &desk.account_id).await, both);
        assert_eq!(names(caller, "products", &desk.account_id).await, ["SmartVoice"]);
    }
    let document = "query($id: ID!, $after: String) { account(id: $id) { locations(first: 1, after: $after) {
        nodes { id address isRetired account { reference } } pageInfo { hasNextPage endCursor } } } }";
    let first = desk.agent.data(document, json!({ "id": desk.account_id })).await["account"]["locations"].take();
    assert_eq!(
        first["nodes"],
        json!([{ "id": places[0], "address": both[0], "isRetired": false, "account": { "reference": "ACME" } }])
    );
    let after = &first["pageInfo"]["endCursor"];
    let second = desk.agent.data(document, json!({ "id": desk.account_id, "after": after })).await;
    assert_eq!(second["account"]["locations"]["nodes"][0]["id"], places[1]);
    assert_eq!(second["account"]["locations"]["pageInfo"]["hasNextPage"], false);
    let elsewhere = "query($id: ID!, $after: String) { account(id: $id) { products(first: 1, after: $after) {
        nodes { id } } } }";
    let refused = desk.agent.error_code(elsewhere, json!({ "id": desk.account_id, "after": after })).await;
    assert_eq!(refused, "BAD_CURSOR", "a cursor is of one list");

    set_access(&desk, &desk.contact_id, ContactRole::Member, Some(&[&places[1]])).await;
    assert_eq!(names(&desk.contact, "locations", &desk.account_id).await, ["2 Example Street"]);
    let ids = json!({ "ids": [places[0], places[1], phone, desk.account_id] });
    let document = "query($ids: [ID!]!) { nodes(ids: $ids) { id } }";
    let found = desk.contact.data(document, ids.clone()).await;
    assert_eq!(found["nodes"], json!([null, { "id": places[1] }, { "id": phone }, { "id": desk.account_id }]));
    assert_eq!(desk.stranger.data(document, ids).await["nodes"], json!([null, null, null, null]));
}

#[tokio::test]
async fn contacts_of_an_account_are_for_its_admins_and_for_staff() {
    let desk = Desk::open().await;
    let here = json!(desk.app.location(&desk.account_id, "1 Example Street").await);
    desk.app.contact("ACME").await;
    let admin = desk.app.staff(Role::Administrator).await;
    let document = "query($id: ID!) { account(id: $id) { contacts {
        nodes { person { id } role locations { address } } } } }";
    let contacts = async |caller: &TestCaller| {
        let found = caller.data(document, json!({ "id": desk.account_id })).await;
        found["account"]["contacts"].clone()
    };
    set_access(&desk, &desk.contact_id, ContactRole::Member, Some(&[&here])).await;
    assert_eq!(contacts(&desk.contact).await, Value::Null);
    for caller in [&desk.agent, &admin] {
        let nodes = contacts(caller).await["nodes"].take();
        assert_eq!(nodes.as_array().unwrap().len(), 2);
        let limited = json!({ "person": { "id": desk.contact_id }, "role": "MEMBER",
                              "locations": [{ "address": "1 Example Street" }] });
        assert!(nodes.as_array().unwrap().contains(&limited), "{nodes:#}");
    }
    set_access(&desk, &desk.contact_id, ContactRole::Admin, None).await;
    assert_eq!(contacts(&desk.contact).await["nodes"].as_array().unwrap().len(), 2);
    assert!(desk.stranger.data(document, json!({ "id": desk.account_id })).await["account"].is_null());
}

#[tokio::test]
async fn the_picker_finds_accounts_and_their_places() {
    let desk = Desk::open().await;
    let globex = crate::graphql_desk::viewer(&desk.stranger).await["accounts"][0]["id"].take();
    let here = json!(desk.app.location(&desk.account_id, "1 Example Street").await);
    desk.app.location(&desk.account_id, "2 Example Street").await;
    desk.app.location(&globex, "9 Example Street").await;
    assert_eq!(
        picks(&desk.agent, "example STREET").await,
        ["ACME, 1 Example Street", "ACME, 2 Example Street", "GLOBEX, 9 Example Street"]
    );
    assert_eq!(picks(&desk.agent, "globex").await, ["GLOBEX"]);
    assert_eq!(picks(&desk.agent, "acme 2").await, ["ACME, 2 Example Street"]);
    assert_eq!(picks(&desk.agent, "  ").await, Vec::<String>::new());
    assert_eq!(picks(&desk.contact, "street").await, ["ACME, 1 Example Street", "ACME, 2 Example Street"]);
    assert_eq!(picks(&desk.contact, "globex").await, Vec::<String>::new());
    set_access(&desk, &desk.contact_id, ContactRole::Member, Some(&[&here])).await;
    assert_eq!(picks(&desk.contact, "street").await, ["ACME, 1 Example Street"]);
    assert_eq!(picks(&desk.contact, "acme").await, ["ACME"]);
}

#[tokio::test]
async fn a_case_leads_to_what_it_names() {
    let desk = Desk::open().await;
    let mut opening = desk.opening("Silent line");
    opening["locationId"] = json!(desk.app.location(&desk.account_id, "1 Example Street").await);
    opening["productId"] = json!(desk.app.product(&desk.account_id, "SmartVoice").await);
    let case_id = open_case(&desk.contact, opening).await;
    let document = "query($id: ID!) { case(id: $id) {
        account { reference address locations { nodes { name } } }
        location { address account { reference } } product { name isRemoved account { reference } location { name } }
    } }";
    let found = desk.contact.data(document, json!({ "id": case_id })).await["case"].take();
    assert_eq!(
        found,
        json!({
            "account": { "reference": "ACME", "address": null, "locations": { "nodes": [{ "name": "1 Example Street" }] } },
            "location": { "address": "1 Example Street", "account": { "reference": "ACME" } },
            "product": { "name": "SmartVoice", "isRemoved": false, "account": { "reference": "ACME" }, "location": null },
        })
    );
}
