//! What the desk divides its cases by: what they wait for, whether they are in triage, and their queues. And what of it customers are
//! told.

use domain::{Role, account::ContactRole};
use harness::TestCaller;
use serde_json::{Value, json};

use crate::{
    graphql_access::set_access,
    graphql_desk::{Desk, Stage, open_case, resolution, viewer},
    graphql_references::import,
    sql::Watched,
};

const LIST: &str = "query($filter: CaseFilterInput!) {
  cases(filter: $filter, orderBy: { field: NUMBER, direction: ASC }) {
    totalCount countsByStatus { status count } nodes { id }
  }
}";
const QUEUES: &str = "query($filter: CaseFilterInput!) {
  cases(filter: $filter, first: 1) { totalCount countsByQueue { queue { key name isRetired } count } }
}";

/// The cases that a filter finds, which are as many as both counts say.
async fn found(caller: &TestCaller, filter: Value) -> Vec<Value> {
    let list = caller.data(LIST, json!({ "filter": filter })).await["cases"].take();
    let ids: Vec<Value> = list["nodes"].as_array().unwrap().iter().map(|case| case["id"].clone()).collect();
    assert_eq!(list["totalCount"], ids.len(), "{filter}");
    assert_eq!(sum(&list["countsByStatus"]), ids.len() as u64, "{filter}");
    ids
}

fn sum(counts: &Value) -> u64 {
    counts.as_array().unwrap().iter().map(|counted| counted["count"].as_u64().unwrap()).sum()
}

/// How many cases of a list are in which queue, as it is told.
async fn queues(caller: &TestCaller, filter: Value) -> Vec<(String, String, u64)> {
    let list = caller.data(QUEUES, json!({ "filter": filter })).await["cases"].take();
    assert_eq!(sum(&list["countsByQueue"]), list["totalCount"].as_u64().unwrap(), "{filter}");
    let counted = list["countsByQueue"].as_array().unwrap().iter().map(|counted| {
        let text = |field: &str| counted["queue"][field].as_str().unwrap().to_owned();
        (text("key"), text("name"), counted["count"].as_u64().unwrap())
    });
    counted.collect()
}

async fn waiting(desk: &Desk, reason: &str) -> Value {
    let case_id = desk.case_in(Stage::Open).await;
    desk.step(&desk.agent, "caseWaitStart", &case_id, json!({ "reason": reason })).await;
    case_id
}

#[tokio::test]
async fn cases_are_found_by_what_they_wait_for_as_long_as_they_do() {
    let desk = Desk::open().await;
    desk.case_in(Stage::New).await;
    desk.case_in(Stage::Open).await;
    let customer = waiting(&desk, "CUSTOMER").await;
    let vendor = waiting(&desk, "VENDOR").await;
    let evidence = waiting(&desk, "EVIDENCE").await;
    let [answered, resolved, merged] =
        [waiting(&desk, "CUSTOMER").await, waiting(&desk, "VENDOR").await, waiting(&desk, "VENDOR").await];
    desk.step(&desk.contact, "casePostMessage", &answered, json!({ "body": "Here it is." })).await;
    desk.step(&desk.agent, "caseResolve", &resolved, resolution()).await;
    desk.step(&desk.agent, "caseMerge", &merged, json!({ "intoCaseId": answered })).await;

    let all = json!(["CUSTOMER", "VENDOR", "PROBLEM", "EVIDENCE"]);
    for caller in [&desk.agent, &desk.supervisor, &desk.auditor] {
        for (filter, expected) in [
            (json!({ "waitsFor": ["CUSTOMER"] }), vec![&customer]),
            (json!({ "waitsFor": ["VENDOR"] }), vec![&vendor]),
            (json!({ "waitsFor": ["PROBLEM"] }), vec![]),
            (json!({ "waitsFor": ["EVIDENCE", "VENDOR"] }), vec![&vendor, &evidence]),
            (json!({ "waitsFor": all }), vec![&customer, &vendor, &evidence]),
            (json!({ "waitsFor": all, "statuses": ["NEW", "OPEN"] }), vec![&customer, &vendor, &evidence]),
            (json!({ "waitsFor": all, "statuses": ["NEW", "RESOLVED"] }), vec![]),
            (json!({ "waitsFor": all, "withoutOwner": true }), vec![]),
        ] {
            assert_eq!(found(caller, filter.clone()).await.iter().collect::<Vec<_>>(), expected, "{filter}");
        }
    }
    assert_eq!(found(&desk.agent, json!({ "waitsFor": [] })).await, found(&desk.agent, json!({})).await);
    desk.step(&desk.agent, "caseMergeUndo", &merged, json!({})).await;
    assert_eq!(found(&desk.agent, json!({ "waitsFor": ["VENDOR"] })).await, [vendor, merged], "it waits as before");
    desk.step(&desk.agent, "caseWaitEnd", &evidence, json!({})).await;
    assert_eq!(found(&desk.agent, json!({ "waitsFor": ["EVIDENCE"] })).await, Vec::<Value>::new());
}

/// Customers ask for the cases that wait for them, and are told of theirs alone, by lists and by counts.
#[tokio::test]
async fn customers_are_told_which_of_their_cases_wait_for_them() {
    let desk = Desk::open().await;
    let here = json!(desk.app.location(&desk.account_id, "1 Example Street").await);
    let colleague = desk.app.contact("ACME").await;
    let mut opening = desk.opening("Silent line");
    opening["locationId"] = json!(desk.app.location(&desk.account_id, "2 Example Street").await);
    opening["productNotListed"] = json!(true);
    let there = open_case(&colleague, opening).await;
    desk.step(&desk.agent, "caseWaitStart", &there, json!({ "reason": "CUSTOMER" })).await;
    let ours = waiting(&desk, "CUSTOMER").await;
    waiting(&desk, "VENDOR").await;

    let for_them = json!({ "waitsFor": ["CUSTOMER"] });
    assert_eq!(found(&desk.contact, for_them.clone()).await, [there.clone(), ours.clone()]);
    set_access(&desk, &desk.contact_id, ContactRole::Member, Some(&[&here])).await;
    assert_eq!(found(&desk.contact, for_them.clone()).await, [ours], "not what is at a place that is not theirs");
    let of_analyst = desk.app.staff(Role::Analyst).await;
    for (who, caller) in [("another account", &desk.stranger), ("an analyst", &of_analyst)] {
        assert_eq!(found(caller, for_them.clone()).await, Vec::<Value>::new(), "{who}");
    }
    for filter in
        [json!({ "waitsFor": ["VENDOR"] }), json!({ "waitsFor": ["CUSTOMER", "VENDOR"] }), json!({ "inTriage": true })]
    {
        for caller in [&desk.contact, &desk.stranger, &of_analyst] {
            assert_eq!(caller.error_code(LIST, json!({ "filter": filter })).await, "FORBIDDEN", "{filter}");
        }
    }
}

#[tokio::test]
async fn cases_are_in_triage_until_what_was_not_listed_is_found_or_does_not_apply() {
    let desk = Desk::open().await;
    let listed = desk.new_case().await;
    let location = json!(desk.app.location(&desk.account_id, "1 Example Street").await);
    let mut opening = desk.opening("Somewhere");
    opening["productNotListed"] = json!(true);
    opening["locationId"] = location.clone();
    let product = open_case(&desk.contact, opening.clone()).await;
    opening["locationId"] = Value::Null;
    opening["locationNotListed"] = json!(true);
    let [both, closed] = [open_case(&desk.contact, opening.clone()).await, open_case(&desk.contact, opening).await];
    desk.step(&desk.agent, "caseResolve", &closed, resolution()).await;
    desk.step(&desk.agent, "caseClose", &closed, json!({})).await;

    let to_do = json!({ "inTriage": true, "statuses": ["NEW", "OPEN"] });
    let in_triage = async |filter: &Value| found(&desk.agent, filter.clone()).await;
    assert_eq!(in_triage(&to_do).await, [product.clone(), both.clone()]);
    assert_eq!(in_triage(&json!({ "inTriage": true })).await, [product.clone(), both.clone(), closed]);
    assert!(found(&desk.agent, json!({ "inTriage": false })).await.contains(&listed), "false is as good as unsaid");
    desk.step(&desk.agent, "caseSetLocation", &both, json!({ "locationId": location })).await;
    assert_eq!(in_triage(&to_do).await, [product.clone(), both.clone()], "its product is still to be found");
    desk.step(&desk.agent, "caseTriageClear", &both, json!({})).await;
    assert_eq!(in_triage(&to_do).await, [product]);
}

#[tokio::test]
async fn a_list_counts_its_cases_by_queue_for_the_desk_alone() {
    let desk = Desk::open().await;
    let administrator = desk.app.staff(Role::Administrator).await;
    let night = json!({ "key": "night-desk", "name": "A night desk" });
    administrator.succeed("catalogueQueueSet", night, "catalogue { version }").await;
    for _ in 0..3 {
        desk.new_case().await;
    }
    let moved = desk.case_in(Stage::Open).await;
    desk.step(&desk.agent, "caseMoveToQueue", &moved, json!({ "queue": "night-desk" })).await;
    desk.case_in(Stage::Open).await;
    let theirs = {
        let mut opening = desk.opening("Of GLOBEX");
        opening["accountId"] = viewer(&desk.stranger).await["accounts"][0]["id"].take();
        open_case(&desk.stranger, opening).await
    };
    desk.step(&desk.agent, "caseMoveToQueue", &theirs, json!({ "queue": "night-desk" })).await;
    import(&desk.app.service, "T-7", &[("old-desk", "ACME")]).await;

    let queue = |key: &str, name: &str, count: u64| (key.to_owned(), name.to_owned(), count);
    let all = [queue("night-desk", "A night desk", 2), queue("billing", "Billing", 4), queue("q", "q", 1)];
    for caller in [&desk.agent, &desk.supervisor, &desk.auditor] {
        assert_eq!(queues(caller, json!({})).await, all);
    }
    let unowned = json!({ "statuses": ["NEW", "OPEN"], "withoutOwner": true });
    let counted = queues(&desk.agent, unowned.clone()).await;
    assert_eq!(counted[..2], [queue("night-desk", "A night desk", 2), queue("billing", "Billing", 3)]);
    for (key, _, count) in counted {
        let mut filter = unowned.clone();
        filter["queues"] = json!([key]);
        assert_eq!(found(&desk.agent, filter.clone()).await.len() as u64, count, "{filter}");
    }
    let nothing = queues(&desk.agent, json!({ "queues": ["voice"] })).await;
    assert_eq!(nothing, []);
    let entry = json!({ "entry": { "queue": "night-desk" } });
    administrator.succeed("catalogueEntryRetire", entry, "catalogue { version }").await;
    let list = desk.agent.data(QUEUES, json!({ "filter": {} })).await["cases"]["countsByQueue"].take();
    let is_retired: Vec<_> = list.as_array().unwrap().iter().map(|counted| &counted["queue"]["isRetired"]).collect();
    assert_eq!(is_retired, [true, false, true], "neither what is retired nor what never was one can be chosen");

    for caller in [&desk.contact, &desk.stranger, &desk.app.staff(Role::Analyst).await, &administrator] {
        let list = caller.data(QUEUES, json!({ "filter": {} })).await["cases"].take();
        assert_eq!(list["countsByQueue"], Value::Null);
    }
}

/// What is counted of a list costs a statement each, and the list itself none unless something of it is shown.
#[tokio::test]
async fn all_queues_are_counted_in_one_statement() {
    let desk = Desk::open().await;
    desk.new_case().await;
    let watched = Watched::begin();
    let statements = async |caller: &TestCaller, selection: &str| {
        let document = format!("{{ cases(first: 1) {{ {selection} }} }}");
        watched.of(caller.data(&document, json!({}))).await.1
    };
    let counting = statements(&desk.agent, "countsByQueue { queue { key name } count }").await;
    assert_eq!(counting.len(), 1, "{counting:?}");
    assert!(counting[0].contains("group by l.queue"), "{counting:?}");
    for (selection, expected) in [
        ("__typename", 0),
        ("totalCount", 1),
        ("totalCount countsByQueue { count }", 2),
        ("edges { cursor }", 1),
        ("pageInfo { hasNextPage } totalCount", 2),
        ("totalCount ... on CaseConnection { shown: nodes { id } }", 2),
    ] {
        let statements = statements(&desk.agent, selection).await;
        assert_eq!(statements.len(), expected, "{selection} {statements:?}");
    }
    let for_customers = statements(&desk.contact, "countsByQueue { count }").await;
    assert_eq!(for_customers.len(), 0, "{for_customers:?}");
}
