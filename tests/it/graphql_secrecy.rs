//! What people must not learn, they do not: customers about the desk and each other, anybody with a dead token, and nobody reads the
//! log unseen.

use api::{
    clock::Ids,
    graphql::GlobalId as _,
    identity::{NewToken, verify_access_log},
};
use chrono::TimeDelta;
use domain::{AccountId, CaseId, PersonId, Role};
use harness::{TestCaller, mutation_document};
use reqwest::RequestBuilder;
use serde_json::{Value, json};
use sqlx::Executor as _;

use crate::{
    graphql_desk::{Desk, Stage, open_case, viewer, with_case},
    graphql_roles::{mutation_input, some_id},
    graphql_schema::operations,
};

const SECRET: &str = "xylophone";

#[tokio::test]
async fn a_contact_learns_nothing_of_what_the_desk_does_among_itself() {
    let desk = Desk::open().await;
    let case_id = desk.case_in(Stage::Open).await;
    let everything = "query($id: ID!) { case(id: $id) {
        number status subject description queue priority noteCount legalHold wait { reason } updatedAt version messageCount
        activity { nodes { kind internal text withheldText values { name value } } } history { payload }
    } }";
    let before = desk.contact.data(everything, json!({ "id": case_id })).await;

    for (mutation, input) in [
        ("caseAddNote", json!({ "body": SECRET })),
        ("caseSetPriority", json!({ "priority": "CRITICAL" })),
        ("caseWaitStart", json!({ "reason": "VENDOR" })),
        ("caseWaitEnd", json!({})),
        ("caseLegalHoldPlace", json!({ "reason": SECRET })),
    ] {
        desk.step(&desk.supervisor, mutation, &case_id, input).await;
    }
    let after = desk.contact.data(everything, json!({ "id": case_id })).await;
    assert_eq!(before, after);
    for field in ["queue", "priority", "noteCount", "legalHold", "history"] {
        assert_eq!(after["case"][field], Value::Null, "{field}");
    }
    let seen = desk.agent.data(everything, json!({ "id": case_id })).await.to_string();
    assert!(seen.contains(SECRET), "the desk sees it");

    let found = "{ cases(filter: { text: \"xylophone\" }) { totalCount } }";
    assert_eq!(desk.contact.data(found, json!({})).await["cases"]["totalCount"], 0);
}

#[tokio::test]
async fn what_is_only_the_desks_to_filter_or_sort_by_is_forbidden_to_contacts() {
    let desk = Desk::open().await;
    for list in [
        "filter: { queues: [\"support\"] }",
        "filter: { priorities: [HIGH] }",
        "filter: { inTriage: true }",
        "filter: { waitsFor: [VENDOR] }",
        "filter: { waitsFor: [CUSTOMER, EVIDENCE] }",
        "orderBy: { field: QUEUE, direction: ASC }",
        "orderBy: { field: PRIORITY, direction: ASC }",
    ] {
        let document = format!("{{ cases({list}) {{ nodes {{ id }} }} }}");
        assert_eq!(desk.contact.error_code(&document, json!({})).await, "FORBIDDEN", "{list}");
        desk.agent.data(&document, json!({})).await;
    }
}

#[tokio::test]
async fn a_contact_sees_and_counts_the_cases_of_their_accounts_alone() {
    let desk = Desk::open().await;
    desk.new_case().await;
    let document = "{ cases { totalCount countsByStatus { count } nodes { account { name } contact { name } } } }";
    assert_eq!(desk.stranger.data(document, json!({})).await["cases"]["totalCount"], 0);
    let both = NewToken {
        name: "Contact of two".to_owned(),
        roles: vec![Role::Contact],
        accounts: vec!["ACME".to_owned(), "GLOBEX".to_owned()],
        scopes: vec![],
        expires_at: None,
    };
    let both = desk.app.caller(&both).await;
    assert_eq!(both.data(document, json!({})).await["cases"]["totalCount"], 1);
    let people = "query($ids: [ID!]!) { nodes(ids: $ids) { id } }";
    let ids = json!({ "ids": [desk.account_id, desk.contact_id, desk.agent_id] });
    assert_eq!(desk.stranger.data(people, ids).await["nodes"], json!([null, null, null]));
}

/// Everything of an answer that a client can see, but for what differs each time.
pub async fn whole_answer(request: RequestBuilder) -> (u16, Vec<String>, String) {
    let response = request.send().await.unwrap();
    let status = response.status().as_u16();
    let told = |name: &str| !matches!(name, "x-request-id" | "date");
    let headers = response.headers().iter().filter(|(name, _)| told(name.as_str()));
    let headers = headers.map(|(name, value)| format!("{name}: {value:?}")).collect();
    (status, headers, response.text().await.unwrap())
}

#[tokio::test]
async fn a_case_of_others_and_a_case_of_nobody_are_answered_alike_to_the_byte() {
    let desk = Desk::open().await;
    let theirs = desk.case_in(Stage::Open).await;
    let own = {
        let account = crate::graphql_desk::viewer(&desk.stranger).await["accounts"][0]["id"].take();
        let mut opening = desk.opening("Of GLOBEX");
        opening["accountId"] = account;
        open_case(&desk.stranger, opening).await
    };
    let version = desk.version(&desk.stranger, &own).await;
    let answer =
        async |document: &str, variables: &Value| whole_answer(desk.stranger.request(document, variables)).await;

    let about_nothing_there = ["accountActivate", "accountOpen", "caseOpen", "personErase", "uploadStage"];
    for (_, mutation) in operations()
        .await
        .into_iter()
        .filter(|(kind, name)| *kind == "mutation" && !about_nothing_there.contains(&name.as_str()))
        // Settings are of nobody.
        .filter(|(_, name)| name.starts_with("case") || name.starts_with("account"))
    {
        let (about, payload, others) = if mutation.starts_with("account") {
            let payload = "account { id } accountId location { id } product { id } contact { role }";
            ("account", payload, [desk.account_id.clone(), some_id::<AccountId>()])
        } else {
            ("case", "case { id } caseId missedActivity { kind }", [theirs.clone(), some_id::<CaseId>()])
        };
        let selection = format!("{payload} pending userErrors {{ code field message }}");
        let document = mutation_document(&mutation, &selection);
        for extra in [json!({}), json!({ "expectedVersion": version }), json!({ "expectedVersion": "made up" })] {
            let mut answers = vec![];
            for other in &others {
                let mut input = mutation_input(&desk, &mutation, &theirs);
                input[format!("{about}Id")] = other.clone();
                for (name, value) in extra.as_object().unwrap() {
                    input[name] = value.clone();
                }
                answers.push(answer(&document, &json!({ "input": input })).await);
            }
            assert_eq!(answers[0], answers[1], "{mutation}");
            assert!(answers[0].2.contains(&format!("\"{about}\":null")), "{mutation}: {answers:?}");
        }
    }
    for query in ["case", "node"] {
        let document = format!("query($id: ID!) {{ {query}(id: $id) {{ id }} }}");
        let answers = [&theirs, &some_id::<CaseId>()].map(|id| json!({ "id": id }));
        assert_eq!(answer(&document, &answers[0]).await, answer(&document, &answers[1]).await);
    }
    let by_number = "query($number: String!) { case(number: $number) { id } }";
    let answers = ["CS-000001", "CS-000999"].map(|number| json!({ "number": number }));
    assert_eq!(answer(by_number, &answers[0]).await, answer(by_number, &answers[1]).await);
}

#[tokio::test]
async fn a_token_ends_when_it_expires_or_is_revoked() {
    let desk = Desk::open().await;
    let document = "{ viewer { roles } }";
    let new = NewToken {
        name: "Temp".to_owned(),
        roles: vec![Role::Agent],
        accounts: vec![],
        scopes: vec![],
        expires_at: Some(desk.app.clock.now() + TimeDelta::hours(1)),
    };
    let temporary = desk.app.caller(&new).await;
    desk.app.clock.advance(TimeDelta::minutes(59));
    temporary.data(document, json!({})).await;
    desk.app.clock.advance(TimeDelta::minutes(1));
    assert_eq!(temporary.error_code(document, json!({})).await, "UNAUTHENTICATED");

    desk.agent.data(document, json!({})).await;
    sqlx::query("update tokens set revoked_at = now()").execute(&desk.app.pool).await.unwrap();
    assert_eq!(desk.agent.error_code(document, json!({})).await, "UNAUTHENTICATED");
    assert_eq!(desk.app.bearer("cst_made_up").error_code(document, json!({})).await, "UNAUTHENTICATED");
}

async fn accesses(desk: &Desk) -> Vec<(String, String)> {
    sqlx::query_as("select operation, object from access_log order by sequence")
        .fetch_all(&desk.app.pool)
        .await
        .unwrap()
}

#[tokio::test]
async fn each_read_by_an_auditor_is_in_the_access_log_and_a_changed_row_is_found() {
    let desk = Desk::open().await;
    let case_id = desk.case_in(Stage::Open).await;
    for (recorded, document) in [
        ("case", "query($id: ID!) { case(id: $id) { subject } }"),
        ("node", "query($id: ID!) { node(id: $id) { id } }"),
        ("node", "query($id: ID!) { nodes(ids: [$id]) { id } }"),
        ("cases", "{ cases { nodes { subject } } }"),
        ("search", "{ search(text: \"line\") { nodes { subject } } }"),
        ("events", "{ events { payload } }"),
    ] {
        let before = accesses(&desk).await.len();
        desk.auditor.data(document, json!({ "id": case_id })).await;
        let rows = accesses(&desk).await;
        assert_eq!(rows.len(), before + 1, "{document}");
        assert_eq!(rows[before].0, recorded);
    }
    let history = "query($id: ID!) { case(id: $id) { history { payload } } }";
    desk.auditor.data(history, json!({ "id": case_id })).await;
    let rows = accesses(&desk).await;
    assert!(rows.iter().any(|(operation, _)| operation == "case.history"), "{rows:?}");

    let count = i64::try_from(rows.len()).unwrap();
    assert_eq!(verify_access_log(&desk.app.pool).await.unwrap(), Ok(count));
    desk.agent.data(history, json!({ "id": case_id })).await;
    assert_eq!(accesses(&desk).await.len(), rows.len(), "reads of the desk are not recorded");

    let mut owner = desk.app.owner().await;
    let tamper = "set session_replication_role = replica; update access_log set object = 'nothing' where sequence = 3";
    owner.execute(tamper).await.unwrap();
    let bad = verify_access_log(&desk.app.pool).await.unwrap().unwrap_err();
    assert_eq!(bad.sequence, 3);
}

/// A refused command answers the case too, so it is a read.
#[tokio::test]
async fn what_an_auditor_reads_by_way_of_a_refused_command_is_recorded() {
    let desk = Desk::open().await;
    let case_id = desk.case_in(Stage::Open).await;
    let selection = "case { description } userErrors { code }";
    let payload = desk.auditor.mutate("caseTakeUp", with_case(&case_id, json!({})), selection).await;
    assert_eq!(payload["userErrors"][0]["code"], "NOT_PERMITTED");
    assert!(payload["case"]["description"].is_string());
    assert_eq!(accesses(&desk).await.len(), 1);
}

#[tokio::test]
async fn what_cannot_be_recorded_cannot_be_read() {
    let desk = Desk::open().await;
    let case_id = desk.case_in(Stage::Open).await;
    let mut owner = desk.app.owner().await;
    owner.execute("revoke insert on access_log from casestream_writer").await.unwrap();
    let document = "query($id: ID!) { case(id: $id) { subject } }";
    let answer = desk.auditor.graphql(document, json!({ "id": case_id })).await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "INTERNAL_SERVER_ERROR");
    assert_eq!(answer["data"]["case"], Value::Null);
}

/// Tries to open a case in the caller's own account, with one field of the caller's choice; answers why not.
async fn open_with(desk: &Desk, caller: &TestCaller, field: &str, id: &Value) -> Value {
    let mut opening = desk.opening("Silent line");
    opening["accountId"] = viewer(caller).await["accounts"][0]["id"].take();
    opening[field] = id.clone();
    caller.mutate("caseOpen", opening, "userErrors { field code message }").await["userErrors"].take()
}

#[tokio::test]
async fn a_customer_names_people_of_their_own_accounts_alone() {
    let desk = Desk::open().await;
    let colleague = viewer(&desk.app.contact("ACME").await).await["person"]["id"].take();
    assert_eq!(open_with(&desk, &desk.contact, "contactId", &colleague).await, json!([]));
    let unknown = refusal("contactId", "the account has no such contact");
    assert_eq!(open_with(&desk, &desk.contact, "contactId", &desk.agent_id).await, unknown);
    assert_eq!(open_with(&desk, &desk.stranger, "contactId", &desk.contact_id).await, unknown);
    let nobody = json!(PersonId(Ids::random().next()).global().0);
    assert_eq!(open_with(&desk, &desk.contact, "contactId", &nobody).await, unknown);
}

#[tokio::test]
async fn a_customer_names_places_and_products_of_their_own_accounts_alone() {
    let desk = Desk::open().await;
    let (location, product) = (
        desk.app.location(&desk.account_id, "41 Example Street").await,
        desk.app.product(&desk.account_id, "Fiber 100").await,
    );
    for (field, what, id) in [("locationId", "location", location), ("productId", "product", product)] {
        let words = format!("the account has no such {what}: pick one of its own, or say that it isn't listed");
        let unknown = refusal(field, &words);
        assert_eq!(open_with(&desk, &desk.contact, field, &json!(id)).await, json!([]));
        assert_eq!(open_with(&desk, &desk.stranger, field, &json!(id)).await, unknown);
    }
}

fn refusal(field: &str, message: &str) -> Value {
    json!([{ "field": field, "code": "INVALID_INPUT", "message": message }])
}

#[tokio::test]
async fn no_row_of_the_access_log_is_changed_by_way_of_a_partition() {
    let desk = Desk::open().await;
    let case_id = desk.new_case().await;
    desk.auditor.data("query($id: ID!) { case(id: $id) { id } }", json!({ "id": case_id })).await;
    let mut owner = desk.app.owner().await;
    let partitions: Vec<String> =
        sqlx::query_scalar("select relid::regclass::text from pg_partition_tree('access_log')")
            .fetch_all(&mut owner)
            .await
            .unwrap();
    assert!(partitions.len() > 1, "{partitions:?}");
    for table in partitions {
        for change in
            [format!("update {table} set object = 'x'"), format!("delete from {table}"), format!("truncate {table}")]
        {
            let refusal = owner.execute(change.as_str()).await.unwrap_err().to_string();
            assert!(refusal.contains("append-only"), "{change}: {refusal}");
        }
    }
}

#[tokio::test]
async fn while_the_database_is_out_of_reach_callers_are_told_to_come_back() {
    let desk = Desk::open().await;
    desk.app.pool.close().await;
    let response = desk.agent.request("{ viewer { person { id } } }", &json!({})).send().await.unwrap();
    assert_eq!(response.status().as_u16(), 503);
    assert!(response.headers().contains_key("retry-after"));
    let answer: Value = response.json().await.unwrap();
    assert_eq!(answer["errors"][0]["extensions"]["code"], "UNAVAILABLE");
}
