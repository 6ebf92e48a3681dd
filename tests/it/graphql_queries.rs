//! One document and one snapshot per query, and how many SQL statements it takes.

use domain::Role;
use harness::{TestCaller, until};
use serde_json::{Value, json};

use crate::{
    graphql_desk::{Desk, Stage, open_case},
    graphql_operations::assert_snapshot,
    graphql_statements::counted,
};

async fn check(caller: &TestCaller, query: &str, document: &str, variables: Value) {
    let answer = counted(query, caller, document, &variables).await;
    assert_snapshot(query, document, &variables, &answer);
}

#[tokio::test]
async fn viewer() {
    let desk = Desk::open().await;
    let document = "{ viewer { person { id name } roles accounts { id reference name } } }";
    check(&desk.contact, "viewer", document, json!({})).await;
}

#[tokio::test]
async fn node() {
    let desk = Desk::open().await;
    let case_id = desk.case_in(Stage::New).await;
    let document = "query($id: ID!) { node(id: $id) { __typename id ... on Case { number status } } }";
    check(&desk.contact, "node", document, json!({ "id": case_id })).await;
}

#[tokio::test]
async fn nodes() {
    let desk = Desk::open().await;
    let case_id = desk.case_in(Stage::New).await;
    let document = "query($ids: [ID!]!) {
  nodes(ids: $ids) { __typename id ... on Case { number } ... on Account { reference name } ... on Person { name } }
}";
    let ids = json!([desk.account_id, case_id, desk.contact_id, "bm90aGluZw", desk.agent_id]);
    check(&desk.contact, "nodes", document, json!({ "ids": ids })).await;
}

#[tokio::test]
async fn case() {
    let desk = Desk::open().await;
    let case_id = desk.case_in(Stage::Open).await;
    desk.step(&desk.agent, "caseAddNote", &case_id, json!({ "body": "Check the switch port." })).await;
    let document = "query($number: String!) {
  case(number: $number) {
    id number status type category subject description account { name reference } contact { name } owner { name }
    queue priority noteCount legalHold version externalReference { system reference }
    activity(first: 2, order: OLDEST_FIRST) {
      edges { cursor node { kind internal actor { name } text } }
      pageInfo { hasPreviousPage hasNextPage startCursor endCursor }
    }
    history(after: 1, first: 2) {
      position sequence aggregateType aggregateId caseId eventType eventVersion recordedAt payload metadata hash
    }
  }
}";
    check(&desk.auditor, "case", document, json!({ "number": "cs-1" })).await;
}

#[tokio::test]
async fn cases() {
    let desk = Desk::open().await;
    for stage in [Stage::New, Stage::Open, Stage::Closed] {
        desk.case_in(stage).await;
    }
    let document = "query($filter: CaseFilterInput!) {
  cases(filter: $filter, orderBy: { field: NUMBER, direction: DESC }, first: 1) {
    totalCount countsByStatus { status count } countsByQueue { queue { key name isRetired } count }
    nodes { number }
    edges { cursor node { number status subject description account { name } owner { name } contact { name } } }
    pageInfo { hasPreviousPage hasNextPage startCursor endCursor }
  }
}";
    check(&desk.agent, "cases", document, json!({ "filter": { "statuses": ["NEW", "OPEN"] } })).await;
}

#[tokio::test]
async fn overview() {
    let desk = Desk::open().await;
    for stage in [Stage::New, Stage::Open, Stage::Closed] {
        desk.case_in(stage).await;
    }
    let document = "{
  overview {
    openCases { number status subject account { name } owner { name } updatedAt }
    updates(first: 3) {
      case { number subject }
      entry { kind actor { name } actorRole occurredAt status }
      excerpt
    }
    countsByStatus { status count }
  }
}";
    check(&desk.contact, "overview", document, json!({})).await;
}

#[tokio::test]
async fn search() {
    let desk = Desk::open().await;
    open_case(&desk.contact, desk.opening("A silent line in Lisbon")).await;
    open_case(&desk.contact, desk.opening("Wrong invoice")).await;
    let document = "query($text: String!) { search(text: $text) { totalCount nodes { number subject } } }";
    check(&desk.contact, "search", document, json!({ "text": "lisbon SILENT" })).await;
}

#[tokio::test]
async fn accounts() {
    let desk = Desk::open().await;
    let document = "query($text: String!) {
  accounts(text: $text, first: 1) {
    totalCount
    edges { cursor node { reference name } }
    pageInfo { hasPreviousPage hasNextPage startCursor endCursor }
  }
}";
    check(&desk.agent, "accounts", document, json!({ "text": "me" })).await;
}

#[tokio::test]
async fn account() {
    let desk = Desk::open().await;
    desk.app.location(&desk.account_id, "1 Example Street").await;
    desk.app.product(&desk.account_id, "SmartVoice").await;
    let document = "query($reference: String!) {
  account(reference: $reference) {
    id reference name address
    locations { nodes { id reference name address isRetired } pageInfo { hasNextPage endCursor } }
    products { nodes { id reference name isRemoved location { name } } }
    contacts { nodes { person { name } role locations { name } } }
  }
}";
    check(&desk.agent, "account", document, json!({ "reference": "ACME" })).await;
}

#[tokio::test]
async fn account_picker() {
    let desk = Desk::open().await;
    desk.app.location(&desk.account_id, "1 Example Street").await;
    let document = "query($text: String!) {
  accountPicker(text: $text) { account { reference name } location { id name address } }
}";
    check(&desk.contact, "accountPicker", document, json!({ "text": "acme" })).await;
    let found = desk.contact.data(document, json!({ "text": "street" })).await;
    assert_eq!(found["accountPicker"][0]["location"]["address"], "1 Example Street");
}

#[tokio::test]
async fn catalogue() {
    let desk = Desk::open().await;
    let document = "{ catalogue {
  types { key name covers locationRequired productRequired isRetired categories { key name isRetired } }
  products { key name isRetired } resolutionCodes { key name isRetired } queues { key name isRetired } version
} }";
    check(&desk.contact, "catalogue", document, json!({})).await;
}

#[tokio::test]
async fn events() {
    let desk = Desk::open().await;
    desk.case_in(Stage::Open).await;
    let document = "{ events(after: 0, first: 2) { position sequence aggregateId eventType eventVersion recordedAt payload metadata hash } }";
    check(&desk.auditor, "events", document, json!({})).await;
}

#[tokio::test]
async fn projections() {
    let desk = Desk::open().await;
    desk.case_in(Stage::Open).await;
    let administrator = desk.app.staff(Role::Administrator).await;
    let document = "{ projections { name version position logPosition problem } }";
    until("the read models to have everything", async || {
        let state = administrator.data(document, json!({})).await["projections"][0].take();
        (state["position"] == state["logPosition"]).then_some(())
    })
    .await;
    check(&administrator, "projections", document, json!({})).await;
}
