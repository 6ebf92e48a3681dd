//! The overview: held against the lists and streams that it is the beginning of.

use api::identity::NewToken;
use chrono::TimeDelta;
use domain::{
    PersonId, Role,
    account::{AccountAction, ContactRole},
};
use harness::TestCaller;
use serde_json::{Value, json};

use crate::{
    graphql_access::{id_of, set_access},
    graphql_desk::{Desk, open_case, resolution, viewer, with_case},
};

const OVERVIEW: &str = "{ overview {
    openCases { id status updatedAt }
    updates { case { id number subject } entry { kind occurredAt internal text } excerpt }
    countsByStatus { status count }
} }";

/// Everything that a caller sees, as the lists show it.
async fn all(caller: &TestCaller) -> Vec<Value> {
    let document = "{ cases(first: 100, orderBy: { field: UPDATED, direction: DESC }) { nodes {
        id number subject status updatedAt } } }";
    let mut cases = caller.data(document, json!({})).await["cases"]["nodes"].take();
    for case in cases.as_array_mut().unwrap() {
        let document = "query($id: ID!) { case(id: $id, followMerges: false) { activity(first: 100) { nodes {
            kind occurredAt internal text } } } }";
        let found = caller.data(document, json!({ "id": case["id"] })).await;
        case["entries"] = found["case"]["activity"]["nodes"].clone();
    }
    cases.as_array().unwrap().clone()
}

/// Holds somebody's overview against what they see; answers how much that is.
async fn check(caller: &TestCaller, who: &str) -> (usize, usize) {
    let overview = caller.data(OVERVIEW, json!({})).await["overview"].take();
    let all = all(caller).await;
    let is_open = |case: &&Value| matches!(case["status"].as_str(), Some("NEW" | "OPEN"));
    let pick = |value: &Value, fields: &[&str]| -> Value {
        fields
            .iter()
            .map(|field| ((*field).to_owned(), value[*field].clone()))
            .collect::<serde_json::Map<_, _>>()
            .into()
    };
    let open: Vec<_> =
        all.iter().filter(is_open).take(10).map(|case| pick(case, &["id", "status", "updatedAt"])).collect();
    assert_eq!(overview["openCases"], json!(open), "{who}");

    let mut updates = vec![];
    for case in &all {
        for entry in case["entries"].as_array().unwrap().iter().filter(|entry| entry["internal"] == false) {
            updates.push((
                entry["occurredAt"].as_str().unwrap().to_owned(),
                pick(case, &["id", "number", "subject"]),
                entry,
            ));
        }
    }
    updates.sort_by(|(one, ..), (other, ..)| other.cmp(one));
    let expected: Vec<_> =
        updates.iter().take(20).map(|(_, case, entry)| json!({ "case": case, "entry": entry })).collect();
    let found = overview["updates"].as_array().unwrap();
    let found: Vec<_> = found.iter().map(|update| pick(update, &["case", "entry"])).collect();
    assert_eq!(found, expected, "{who}");

    for counted in overview["countsByStatus"].as_array().unwrap() {
        let document =
            "query($status: CaseStatus!) { cases(filter: { statuses: [$status] }, first: 1) { totalCount } }";
        let list = caller.data(document, json!({ "status": counted["status"] })).await;
        assert_eq!(list["cases"]["totalCount"], counted["count"], "{who}: {counted}");
    }
    assert_eq!(overview["countsByStatus"].as_array().unwrap().len(), 5);
    (open.len(), expected.len())
}

#[tokio::test]
async fn it_is_the_beginning_of_what_each_caller_sees() {
    let desk = Desk::open().await;
    let (here, there) = (
        json!(desk.app.location(&desk.account_id, "1 Example Street").await),
        json!(desk.app.location(&desk.account_id, "2 Example Street").await),
    );
    let colleague = desk.app.contact("ACME").await;
    let new = NewToken {
        name: "Of both".to_owned(),
        roles: vec![Role::Contact],
        accounts: vec!["ACME".to_owned(), "GLOBEX".to_owned()],
        scopes: vec![],
        expires_at: None,
    };
    let both = desk.app.caller(&new).await;
    let theirs = viewer(&desk.stranger).await["accounts"][0]["id"].take();
    for number in 0..14 {
        desk.app.clock.advance(TimeDelta::minutes(1));
        let (caller, account) =
            if number % 3 == 2 { (&desk.stranger, &theirs) } else { (&colleague, &desk.account_id) };
        let mut opening = desk.opening(&format!("Case {number}"));
        opening["accountId"] = account.clone();
        if account == &desk.account_id {
            opening["locationId"] = if number % 2 == 0 { here.clone() } else { there.clone() };
        }
        let case_id = open_case(caller, opening).await;
        desk.step(&desk.agent, "caseSetPriority", &case_id, json!({ "priority": "HIGH" })).await;
        match number % 7 {
            0 => desk.step(&desk.agent, "caseResolve", &case_id, resolution()).await,
            1 => desk.step(caller, "caseCancel", &case_id, json!({ "reason": "NO_LONGER_NEEDED" })).await,
            2 => {}
            _ => desk.step(&desk.agent, "caseTakeUp", &case_id, json!({})).await,
        }
        if number % 7 == 0 {
            desk.step(&desk.agent, "caseClose", &case_id, json!({})).await;
        }
        // Whoever only reads what is public is not shown that something moved last.
        desk.step(&desk.agent, "caseAddNote", &case_id, json!({ "body": "For us." })).await;
    }
    assert_eq!(check(&desk.agent, "agent").await, (10, 20));
    assert_eq!(check(&desk.auditor, "auditor").await, (10, 20));
    assert_eq!(check(&colleague, "contact").await.0, 7);
    assert_eq!(check(&both, "contact of two accounts").await, (10, 20));
    let (_, of_stranger) = check(&desk.stranger, "stranger").await;
    assert!((1..20).contains(&of_stranger), "{of_stranger}");
    let everything = check(&desk.contact, "contact who opened none").await;
    set_access(&desk, &desk.contact_id, ContactRole::Member, Some(&[&here])).await;
    assert!(check(&desk.contact, "contact of one place").await < everything);
    let person = id_of::<PersonId>(&desk.contact_id);
    desk.app.change(&desk.account_id, |_, _| AccountAction::Leave { person }).await;
    assert_eq!(check(&desk.contact, "contact of no account").await, (0, 0));
    assert_eq!(check(&desk.app.staff(Role::Analyst).await, "analyst").await, (0, 0));
}

#[tokio::test]
async fn an_update_has_the_beginning_of_its_text() {
    let desk = Desk::open().await;
    let case_id = desk.new_case().await;
    let body = format!("{}\n\n{}", "A line.", "word ".repeat(100));
    desk.step(&desk.contact, "casePostMessage", &case_id, json!({ "body": body })).await;
    let document =
        "{ overview { updates(first: 1) { excerpt entry { kind actor { name } } case { number subject } } } }";
    let update = desk.contact.data(document, json!({})).await["overview"]["updates"][0].take();
    let excerpt = update["excerpt"].as_str().unwrap();
    assert!(excerpt.starts_with("A line. word") && excerpt.ends_with('…'), "{excerpt}");
    assert_eq!(update["case"], json!({ "number": "CS-000001", "subject": "Silent line" }));
    assert_eq!(update["entry"], json!({ "kind": "MESSAGE_POSTED", "actor": { "name": "Contact of ACME" } }));

    let message = desk.message(&desk.contact, &case_id, "A secret.").await;
    desk.supervisor.succeed("caseRedactMessage", with_case(&case_id, json!({ "messageId": message })), "pending").await;
    let document = "{ overview { updates { excerpt entry { redacted text } } } }";
    let found = desk.contact.data(document, json!({})).await;
    assert!(!found.to_string().contains("secret"), "{found}");
}

#[tokio::test]
async fn it_has_so_many_items_and_no_more() {
    let desk = Desk::open().await;
    for (field, most) in [("openCases", 10), ("updates", 20)] {
        for first in [0, most + 1, -1] {
            let document = format!("{{ overview {{ {field}(first: {first}) {{ __typename }} }} }}");
            assert_eq!(desk.agent.error_code(&document, json!({})).await, "BAD_USER_INPUT", "{document}");
        }
    }
    // What lies below each of twenty updates is counted twenty times, though nobody says how many.
    let document = "{ overview { updates { case { activity(first: 100) { nodes { kind text actor { name } } } } } } }";
    assert_eq!(desk.agent.error_code(document, json!({})).await, "COST_LIMIT_EXCEEDED");
}
