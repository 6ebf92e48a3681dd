//! Everything that the API shows, to everybody.

use harness::TestCaller;
use serde_json::{Value, json};

use super::world::{KINDS, World};
use crate::graphql_roles::callers;

const CASE: &str = "id number status subject description queue priority version
    account { name reference } contact { id name } opener { id name } owner { id name }
    resolution { text satisfactionComment } cancellation { comment }
    watchers { email person { id name } }
    attachments { id name withheldName sha256 url state uploader { id name } }
    activity(first: 100) { nodes {
        kind text withheldText messageId actor { id name } onBehalfOf { id name } about { id name } values { name value }
    } }";

/// All that these callers are answered at both instances, in lower case.
pub async fn everything(world: &World) -> String {
    let mut all = String::new();
    let mut everybody = callers(&world.desk).await;
    everybody.extend([
        ("administrator", world.administrator.clone()),
        ("ana", world.ana.clone()),
        ("bo", world.bo.clone()),
    ]);
    for (_, caller) in &everybody {
        for caller in [caller.clone(), world.elsewhere(caller)] {
            all += &of_caller(world, &caller).await;
        }
    }
    all.to_lowercase()
}

async fn of_caller(world: &World, caller: &TestCaller) -> String {
    let mut all = String::new();
    let mut ask = async |document: String, variables: Value| {
        let answer = caller.graphql(&document, variables).await;
        for error in answer["errors"].as_array().into_iter().flatten() {
            let code = error["extensions"]["code"].as_str().unwrap();
            assert!(matches!(code, "UNAUTHENTICATED" | "FORBIDDEN"), "{document}: {error}");
        }
        all += &answer["data"].to_string();
    };
    for case_id in &world.cases {
        let id = json!({ "id": case_id });
        ask(format!("query($id: ID!) {{ case(id: $id) {{ {CASE} }} }}"), id.clone()).await;
        let history = "query($id: ID!) { case(id: $id) { history(first: 100) { payload metadata } } }";
        ask(history.to_owned(), id.clone()).await;
        ask(format!("query($id: ID!) {{ node(id: $id) {{ ... on Case {{ {CASE} }} }} }}"), id).await;
    }
    ask(
        "{ cases(first: 100, orderBy: { field: CONTACT, direction: ASC }) {
            nodes { subject contact { name } opener { name } owner { name } description } } }"
            .to_owned(),
        json!({}),
    )
    .await;
    let account = "name reference address contacts(first: 20) { nodes { person { id name } } }";
    ask(format!("{{ accounts(first: 20) {{ nodes {{ {account} }} }} }}"), json!({})).await;
    ask(format!("{{ account(reference: \"ACME\") {{ {account} }} }}"), json!({})).await;
    let requests = "{ accessRequests(first: 20) { nodes { accountName serviceAddress description people {
        name email phone knownAs { id name } decision { words person { name } decidedBy { name } }
    } } } }";
    ask(requests.to_owned(), json!({})).await;
    ask("{ viewer { person { id name } accounts { name } } }".to_owned(), json!({})).await;
    let people = "query($ids: [ID!]!) { nodes(ids: $ids) { ... on Person { id name } } }";
    ask(people.to_owned(), json!({ "ids": [world.ana_id, world.bo_id] })).await;
    for after in [0, 50, 100] {
        let events = format!("{{ events(first: 50, after: \"{after}\") {{ payload metadata }} }}");
        ask(events, json!({})).await;
    }
    for kind in KINDS {
        ask(
            "query($text: String!) { search(text: $text) { nodes { number subject } } }".to_owned(),
            json!({ "text": kind }),
        )
        .await;
        let found = "query($text: String!) { cases(filter: { text: $text }) { nodes { number subject } } }";
        ask(found.to_owned(), json!({ "text": kind })).await;
        let picked = "query($text: String!) { accountPicker(text: $text) { account { name } } }";
        ask(picked.to_owned(), json!({ "text": kind })).await;
    }
    let file = caller.fetch(&format!("/attachments/{}", world.file.as_str().unwrap())).send().await.unwrap();
    all + &format!("{:?}", file.headers()) + &file.text().await.unwrap()
}
