//! One document and one snapshot per operation on requests for access, and how many SQL statements it takes.

use harness::{TestCaller, mutation_document};
use serde_json::{Value, json};

use crate::{
    access_requests::{WHOLE, form, submitted},
    graphql_desk::Desk,
    graphql_operations::assert_snapshot,
    graphql_statements::counted,
};

async fn check(caller: &TestCaller, operation: &str, document: &str, variables: Value) {
    let answer = counted(operation, caller, document, &variables).await;
    assert_snapshot(operation, document, &variables, &answer);
}

async fn check_mutation(caller: &TestCaller, mutation: &str, input: Value) {
    let selection = format!("accessRequest {{ {WHOLE} }} pending userErrors {{ field message code }}");
    check(caller, mutation, &mutation_document(mutation, &selection), json!({ "input": input })).await;
}

async fn one(desk: &Desk) -> Value {
    submitted(&desk.app, &desk.supervisor, form("ana@acme.example")).await
}

#[tokio::test]
async fn access_request_submit() {
    let desk = Desk::open().await;
    let document = mutation_document("accessRequestSubmit", "received userErrors { field message code }");
    let variables = json!({ "input": form("ana@acme.example") });
    check(&desk.app.nobody(), "accessRequestSubmit", &document, variables).await;
}

#[tokio::test]
async fn access_request_add_person() {
    let desk = Desk::open().await;
    let input = json!({ "accessRequestId": one(&desk).await, "name": "Ben Ito", "email": "ben@acme.example" });
    check_mutation(&desk.supervisor, "accessRequestAddPerson", input).await;
}

#[tokio::test]
async fn access_request_decide() {
    let desk = Desk::open().await;
    let approve = json!({ "accountId": desk.account_id, "role": "MEMBER", "authority": "Called back." });
    let input = json!({ "accessRequestId": one(&desk).await, "number": 1, "decision": { "approve": approve } });
    check_mutation(&desk.supervisor, "accessRequestDecide", input).await;
}

#[tokio::test]
async fn access_request_redact() {
    let desk = Desk::open().await;
    check_mutation(&desk.supervisor, "accessRequestRedact", json!({ "accessRequestId": one(&desk).await })).await;
}

#[tokio::test]
async fn access_request() {
    let desk = Desk::open().await;
    let document = format!("query($id: ID!) {{ accessRequest(id: $id) {{ {WHOLE} }} }}");
    check(&desk.auditor, "accessRequest", &document, json!({ "id": one(&desk).await })).await;
}

#[tokio::test]
async fn access_requests() {
    let desk = Desk::open().await;
    one(&desk).await;
    submitted(&desk.app, &desk.supervisor, form("ben@acme.example")).await;
    let document = format!(
        "query {{ accessRequests(filter: {{ decided: false, type: PORTAL_ACCESS }}, orderBy: NEWEST_FIRST, first: 1) {{
  totalCount edges {{ cursor node {{ {WHOLE} }} }} pageInfo {{ hasPreviousPage hasNextPage startCursor endCursor }}
}} }}"
    );
    check(&desk.supervisor, "accessRequests", &document, json!({})).await;
}

/// Names and addresses of a page are read for all of it at once.
#[tokio::test]
async fn a_long_page_of_requests_takes_as_many_statements_as_a_short_one() {
    let desk = Desk::open().await;
    for n in 0..12 {
        submitted(&desk.app, &desk.supervisor, form(&format!("p{n}@acme.example"))).await;
    }
    let watched = crate::sql::Watched::begin();
    let document = format!("query($first: Int!) {{ accessRequests(first: $first) {{ nodes {{ {WHOLE} }} }} }}");
    let read = async |first: usize| {
        let (answer, statements) = watched.of(desk.auditor.data(&document, json!({ "first": first }))).await;
        assert_eq!(answer["accessRequests"]["nodes"].as_array().map(Vec::len), Some(first));
        statements.len()
    };
    assert_eq!(read(2).await, read(12).await);
}

#[tokio::test]
async fn requests_are_paged_in_both_orders_and_both_ways() {
    let desk = Desk::open().await;
    let mut ids = vec![];
    for n in 0..5 {
        desk.app.clock.advance(chrono::TimeDelta::minutes(1));
        ids.push(submitted(&desk.app, &desk.supervisor, form(&format!("p{n}@acme.example"))).await);
    }
    let read = async |arguments: String| {
        let document = format!(
            "{{ accessRequests({arguments}) {{ edges {{ cursor node {{ id }} }} pageInfo {{ hasPreviousPage hasNextPage }} }} }}"
        );
        desk.supervisor.data(&document, json!({})).await["accessRequests"].take()
    };
    let ids_of = |page: &Value| -> Vec<Value> {
        page["edges"].as_array().unwrap().iter().map(|edge| edge["node"]["id"].clone()).collect()
    };
    let first = read("first: 2".to_owned()).await;
    assert_eq!(ids_of(&first), ids[..2]);
    let cursor = first["edges"][1]["cursor"].as_str().unwrap();
    assert_eq!(ids_of(&read(format!("first: 2, after: \"{cursor}\"")).await), ids[2..4]);
    assert_eq!(ids_of(&read("last: 2".to_owned()).await), ids[3..]);
    let newest = read("first: 2, orderBy: NEWEST_FIRST".to_owned()).await;
    assert_eq!(ids_of(&newest), [ids[4].clone(), ids[3].clone()]);
    let foreign = format!("{{ accessRequests(after: \"{cursor}\", orderBy: NEWEST_FIRST) {{ totalCount }} }}");
    assert_eq!(desk.supervisor.error_code(&foreign, json!({})).await, "BAD_CURSOR");
}
