//! Pages of lists: forward and backward, by every column, with ties, nothing twice and nothing lost.

use chrono::TimeDelta;
use harness::TestCaller;
use serde_json::{Value, json};

use crate::graphql_desk::{Desk, Stage, open_case};

/// How many cases there are: several pages, the last one not full.
const CASES: usize = 23;
const PAGE: usize = 5;
const CASES_DOCUMENT: &str = "
query($order: CaseOrderInput, $filter: CaseFilterInput! = {}, $first: Int, $after: String, $last: Int, $before: String) {
  list: cases(orderBy: $order, filter: $filter, first: $first, after: $after, last: $last, before: $before) {
    totalCount nodes { id } edges { cursor node { id } } pageInfo { hasPreviousPage hasNextPage startCursor endCursor }
  }
}";
const ACTIVITY_DOCUMENT: &str = "
query($id: ID!, $order: ActivityOrder!, $first: Int, $after: String, $last: Int, $before: String) {
  case(id: $id) {
    list: activity(order: $order, first: $first, after: $after, last: $last, before: $before) {
      edges { cursor node { id: kind text } } pageInfo { hasPreviousPage hasNextPage startCursor endCursor }
    }
  }
}";

/// A desk with cases that tie in everything but their numbers, three by three.
async fn busy_desk() -> Desk {
    let desk = Desk::open().await;
    for number in 0..CASES {
        if number % 3 == 0 {
            desk.app.clock.advance(TimeDelta::minutes(1));
        }
        let mut opening = desk.opening(["Alpha", "beta", "Gamma"][number % 3]);
        opening["type"] = json!(["billing", "fraud"][number % 2]);
        (opening["locationNotListed"], opening["productNotListed"]) = (json!(true), json!(true));
        let case_id = open_case(&desk.contact, opening).await;
        if number % 4 == 0 {
            desk.agent.succeed("caseTakeUp", json!({ "caseId": case_id }), "caseId").await;
        }
        if number % 5 == 0 {
            let input = json!({ "caseId": case_id, "priority": "HIGH" });
            desk.agent.succeed("caseSetPriority", input, "caseId").await;
        }
    }
    desk
}

/// One page of a list, under whatever parent.
async fn page(caller: &TestCaller, document: &str, base: &Value, arguments: Value) -> Value {
    let mut variables = base.clone();
    for (name, value) in arguments.as_object().unwrap() {
        variables[name] = value.clone();
    }
    let mut data = caller.data(document, variables).await;
    let list = if data["case"].is_null() { data["list"].take() } else { data["case"]["list"].take() };
    assert!(list.is_object(), "{document}");
    list
}

fn nodes(page: &Value) -> Vec<Value> {
    page["edges"].as_array().unwrap().iter().map(|edge| edge["node"].clone()).collect()
}

/// Walks the list from its beginning.
async fn forward(caller: &TestCaller, document: &str, base: &Value) -> Vec<Value> {
    let (mut all, mut after) = (vec![], Value::Null);
    loop {
        let page = page(caller, document, base, json!({ "first": PAGE, "after": after })).await;
        let info = &page["pageInfo"];
        assert_eq!(info["hasPreviousPage"], json!(!after.is_null()));
        all.extend(nodes(&page));
        after = info["endCursor"].clone();
        if info["hasNextPage"] == false {
            return all;
        }
        assert_eq!(nodes(&page).len(), PAGE);
        assert!(all.len() < 1000, "the list comes to an end");
    }
}

/// Walks the list from its end; answers it in its own order.
async fn backward(caller: &TestCaller, document: &str, base: &Value) -> Vec<Value> {
    let (mut all, mut before) = (vec![], Value::Null);
    loop {
        let page = page(caller, document, base, json!({ "last": PAGE, "before": before })).await;
        let info = &page["pageInfo"];
        assert_eq!(info["hasNextPage"], json!(!before.is_null()));
        all.splice(0..0, nodes(&page));
        before = info["startCursor"].clone();
        if info["hasPreviousPage"] == false {
            return all;
        }
        assert_eq!(nodes(&page).len(), PAGE);
        assert!(all.len() < 1000, "the list comes to an end");
    }
}

async fn values_of(caller: &TestCaller, name: &str) -> Vec<String> {
    let document = "query($name: String!) { __type(name: $name) { enumValues { name } } }";
    let data = caller.data(document, json!({ "name": name })).await;
    let values = data["__type"]["enumValues"].as_array().unwrap().iter();
    values.map(|value| value["name"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn cases_come_once_each_in_every_order_and_direction_for_desk_and_customer() {
    let desk = busy_desk().await;
    for (caller, of_desk) in [(&desk.agent, true), (&desk.contact, false)] {
        for field in values_of(caller, "CaseOrderField").await {
            if !of_desk && ["QUEUE", "PRIORITY"].contains(&field.as_str()) {
                continue;
            }
            let base = |direction: &str| json!({ "order": { "field": field, "direction": direction } });
            let ascending = forward(caller, CASES_DOCUMENT, &base("ASC")).await;
            let mut once = ascending.clone();
            once.sort_by_key(ToString::to_string);
            once.dedup();
            assert_eq!((once.len(), ascending.len()), (CASES, CASES), "{field}");
            assert_eq!(backward(caller, CASES_DOCUMENT, &base("ASC")).await, ascending, "{field} backward");
            let mut descending = forward(caller, CASES_DOCUMENT, &base("DESC")).await;
            descending.reverse();
            assert_eq!(descending, ascending, "{field} descending");
        }
    }
}

#[tokio::test]
async fn a_list_counts_all_that_fits_and_not_only_the_page() {
    let desk = busy_desk().await;
    for (filter, expected) in [
        (json!({}), CASES),
        (json!({ "statuses": ["NEW"] }), CASES - CASES.div_ceil(4)),
        (json!({ "types": ["fraud"] }), CASES / 2),
        (json!({ "withoutOwner": true, "types": ["fraud"] }), CASES / 2),
        (json!({ "text": "GAMMA" }), CASES / 3),
        (json!({ "ownerIds": [desk.agent_id] }), CASES.div_ceil(4)),
        (json!({ "updatedFrom": "2030-01-01T00:00:00Z" }), 0),
    ] {
        let base = json!({ "filter": filter });
        let found = page(&desk.contact, CASES_DOCUMENT, &base, json!({ "first": 2 })).await;
        assert_eq!(found["totalCount"], expected, "{filter}");
        assert_eq!(forward(&desk.contact, CASES_DOCUMENT, &base).await.len(), expected, "{filter}");
        assert_eq!(nodes(&found).len(), expected.min(2));
    }
}

#[tokio::test]
async fn an_activity_stream_comes_in_pages_for_desk_and_customer() {
    let desk = Desk::open().await;
    let case_id = desk.case_in(Stage::Open).await;
    for number in 0..6 {
        let text = json!({ "body": format!("Words {number}.") });
        for mutation in ["caseAddNote", "casePostMessage"] {
            desk.step(&desk.agent, mutation, &case_id, text.clone()).await;
        }
    }
    for (caller, entries) in [(&desk.agent, 14), (&desk.contact, 8)] {
        let base = |order: &str| json!({ "id": case_id, "order": order });
        let oldest_first = forward(caller, ACTIVITY_DOCUMENT, &base("OLDEST_FIRST")).await;
        assert_eq!(oldest_first.len(), entries);
        assert_eq!(oldest_first[0]["id"], "OPENED");
        assert_eq!(backward(caller, ACTIVITY_DOCUMENT, &base("OLDEST_FIRST")).await, oldest_first);
        let mut newest_first = forward(caller, ACTIVITY_DOCUMENT, &base("NEWEST_FIRST")).await;
        newest_first.reverse();
        assert_eq!(newest_first, oldest_first);
    }
}

#[tokio::test]
async fn a_cursor_is_good_for_the_list_that_it_was_made_for_alone() {
    let desk = busy_desk().await;
    let (case_id, other) = (desk.case_in(Stage::Open).await, desk.case_in(Stage::Open).await);
    let order = |field: &str, direction: &str| json!({ "order": { "field": field, "direction": direction } });
    let by_number = order("NUMBER", "ASC");
    let first = json!({ "first": 1 });
    let cursor = async |caller: &TestCaller, document: &str, base: &Value| {
        page(caller, document, base, first.clone()).await["pageInfo"]["endCursor"].take()
    };
    let activity = |id: &Value| json!({ "id": id, "order": "OLDEST_FIRST" });
    let of_cases = cursor(&desk.agent, CASES_DOCUMENT, &by_number).await;
    let of_activity = cursor(&desk.agent, ACTIVITY_DOCUMENT, &activity(&case_id)).await;
    let mut altered = of_cases.as_str().unwrap().to_owned();
    let last = altered.pop().unwrap();
    altered.insert(3, last);

    let mut of_new = by_number.clone();
    of_new["filter"] = json!({ "statuses": ["NEW"] });
    let mut newest_first = activity(&case_id);
    newest_first["order"] = json!("NEWEST_FIRST");
    for (what, caller, document, base, cursor) in [
        ("another filter", &desk.agent, CASES_DOCUMENT, &of_new, &of_cases),
        ("another order", &desk.agent, CASES_DOCUMENT, &order("SUBJECT", "ASC"), &of_cases),
        ("another direction", &desk.agent, CASES_DOCUMENT, &order("NUMBER", "DESC"), &of_cases),
        ("another audience", &desk.contact, CASES_DOCUMENT, &by_number, &of_cases),
        ("another list", &desk.agent, CASES_DOCUMENT, &by_number, &of_activity),
        ("another list", &desk.agent, ACTIVITY_DOCUMENT, &activity(&case_id), &of_cases),
        ("another case", &desk.agent, ACTIVITY_DOCUMENT, &activity(&other), &of_activity),
        ("another order", &desk.agent, ACTIVITY_DOCUMENT, &newest_first, &of_activity),
        ("another audience", &desk.contact, ACTIVITY_DOCUMENT, &activity(&case_id), &of_activity),
        ("nobody", &desk.agent, CASES_DOCUMENT, &by_number, &json!("made up")),
        ("nobody", &desk.agent, CASES_DOCUMENT, &by_number, &json!("")),
        ("an altered one", &desk.agent, CASES_DOCUMENT, &by_number, &json!(altered)),
    ] {
        let mut variables = base.clone();
        variables["first"] = json!(1);
        variables["after"] = cursor.clone();
        assert_eq!(caller.error_code(document, variables).await, "BAD_CURSOR", "of {what}");
    }
}
