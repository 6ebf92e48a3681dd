//! Accounts are changed through the API: by whom, with what effect on access and cases, and in step with imports.

use api::import::accounts::{run::AccountsImport, source::AccountsFile};
use domain::{PersonId, RequestId, Role};
use futures_util::future::join_all;
use harness::TestCaller;
use serde_json::{Value, json};

use crate::{
    graphql_access::id_of,
    graphql_desk::{Desk, open_case, viewer, with_case},
    graphql_roles::some_id,
};

const ACCOUNT: &str = "
    account { reference name address version
        locations { nodes { id name address } }
        products { nodes { id name location { id } } }
        contacts { nodes { person { name } role locations { address } } }
    }
    location { id address isRetired } product { id isRemoved } contact { person { id name } role }";

async fn administrator(desk: &Desk) -> TestCaller {
    desk.app.staff(Role::Administrator).await
}

fn of(account_id: &Value, mut input: Value) -> Value {
    input["accountId"] = account_id.clone();
    input
}

async fn open(admin: &TestCaller, reference: &str) -> Value {
    let input = json!({ "reference": reference, "name": "Sample Mill" });
    admin.succeed("accountOpen", input, "accountId").await["accountId"].take()
}

#[tokio::test]
async fn an_account_is_built_up_and_taken_down() {
    let desk = Desk::open().await;
    let admin = administrator(&desk).await;
    let input = json!({ "reference": "EX-7", "name": "Sample Mill", "address": "1 Mill Lane" });
    let opened = admin.succeed("accountOpen", input, &format!("accountId {ACCOUNT}")).await;
    let id = &opened["accountId"];
    assert_eq!(
        (&opened["account"]["reference"], &opened["account"]["address"]),
        (&json!("EX-7"), &json!("1 Mill Lane"))
    );
    let ask = async |mutation: &str, input: Value| admin.succeed(mutation, of(id, input), ACCOUNT).await;
    assert_eq!(ask("accountRename", json!({ "name": "Sample Mills" })).await["account"]["name"], "Sample Mills");
    assert_eq!(ask("accountMove", json!({ "address": "2 Mill Lane" })).await["account"]["address"], "2 Mill Lane");

    let added = ask("accountLocationAdd", json!({ "reference": "L-1", "address": "3 Weir Road" })).await;
    let place = &added["location"]["id"];
    assert_eq!(added["location"]["address"], "3 Weir Road");
    let moved = ask("accountLocationMove", json!({ "locationId": place, "address": "4 Weir Road" })).await;
    assert_eq!(moved["account"]["locations"]["nodes"][0]["address"], "4 Weir Road");
    let installed = ask("accountProductInstall", json!({ "locationId": place, "name": "SmartVoice" })).await;
    let product = &installed["product"]["id"];
    assert_eq!(installed["account"]["products"]["nodes"][0]["location"]["id"], *place);

    let new = json!({ "name": "Ida Sample", "email": "ida@mill.example", "phone": "555 0100" });
    let joined =
        ask("accountContactJoin", json!({ "contact": { "new": new }, "role": "MEMBER", "locationIds": [place] })).await;
    assert_eq!(joined["contact"]["person"]["name"], "Ida Sample");
    assert_eq!(joined["account"]["contacts"]["nodes"][0]["locations"][0]["address"], "4 Weir Road");
    let person = &joined["contact"]["person"]["id"];
    let set = ask("accountContactSet", json!({ "personId": person, "role": "ADMIN" })).await;
    assert_eq!(set["contact"]["role"], "ADMIN");
    let left = ask("accountContactLeave", json!({ "personId": person })).await;
    assert_eq!((&left["contact"], &left["account"]["contacts"]["nodes"]), (&Value::Null, &json!([])));
    let again = json!({ "contact": { "person": person }, "role": "MEMBER" });
    assert_eq!(ask("accountContactJoin", again).await["contact"]["person"]["name"], "Ida Sample");

    assert_eq!(ask("accountProductRemove", json!({ "productId": product })).await["product"]["isRemoved"], true);
    let retired = ask("accountLocationRetire", json!({ "locationId": place })).await;
    assert_eq!(retired["location"]["isRetired"], true);
    assert_eq!(retired["account"]["locations"]["nodes"], json!([]));
}

#[tokio::test]
async fn what_breaks_a_rule_is_refused_by_its_field() {
    let desk = Desk::open().await;
    let admin = administrator(&desk).await;
    let globex = viewer(&desk.stranger).await["accounts"][0]["id"].take();
    let elsewhere = json!(desk.app.location(&globex, "9 Example Street").await);
    let person = json!({ "person": desk.contact_id });
    let long = "x".repeat(256);
    for (mutation, input, code, field) in [
        ("accountRename", json!({ "name": " " }), "INVALID_INPUT", "name"),
        ("accountRename", json!({ "name": long }), "INVALID_INPUT", "name"),
        ("accountMove", json!({ "address": "one\nline" }), "INVALID_INPUT", "address"),
        ("accountLocationMove", json!({ "locationId": elsewhere, "address": "1" }), "INVALID_INPUT", "locationId"),
        ("accountLocationRetire", json!({ "locationId": elsewhere }), "INVALID_INPUT", "locationId"),
        ("accountProductInstall", json!({ "locationId": elsewhere, "name": "X" }), "INVALID_INPUT", "locationId"),
        ("accountProductRemove", json!({ "productId": desk.contact_id }), "INVALID_INPUT", "productId"),
        ("accountContactSet", json!({ "personId": desk.agent_id, "role": "ADMIN" }), "INVALID_INPUT", "personId"),
        (
            "accountContactSet",
            json!({ "personId": desk.contact_id, "role": "MEMBER", "locationIds": [] }),
            "INVALID_INPUT",
            "locationIds",
        ),
        ("accountContactJoin", json!({ "contact": person, "role": "ADMIN" }), "ALREADY_DONE", "contact"),
        (
            "accountContactJoin",
            json!({ "contact": { "person": some_id::<PersonId>() }, "role": "ADMIN" }),
            "INVALID_INPUT",
            "contact",
        ),
        (
            "accountContactJoin",
            json!({ "contact": { "new": { "name": "Ida", "email": "ida" } }, "role": "ADMIN" }),
            "INVALID_INPUT",
            "email",
        ),
    ] {
        let refusal = admin.refusal(mutation, of(&desk.account_id, input)).await;
        assert_eq!((&refusal["code"], &refusal["field"]), (&json!(code), &json!(field)), "{mutation}: {refusal}");
    }
    let taken = admin.refusal("accountOpen", json!({ "reference": "ACME", "name": "Other" })).await;
    assert_eq!((&taken["code"], &taken["field"]), (&json!("TAKEN"), &json!("reference")));
    let unknown = admin.refusal("accountRename", json!({ "accountId": some_id::<domain::AccountId>(), "name": "X" }));
    assert_eq!(unknown.await["code"], "NOT_FOUND");
}

#[tokio::test]
async fn a_retry_is_told_of_what_was_made_then() {
    let desk = Desk::open().await;
    let admin = administrator(&desk).await;
    let input = json!({ "reference": "EX-8", "name": "Sample Mill", "idempotencyKey": "open" });
    let selection = "accountId userErrors { code } account { reference }";
    let answers = join_all((0..10).map(|_| admin.mutate("accountOpen", input.clone(), selection))).await;
    assert_eq!(answers[0]["userErrors"], json!([]));
    for answer in &answers {
        assert_eq!(answer, &answers[0]);
    }

    let input = of(&answers[0]["accountId"], json!({ "address": "3 Weir Road", "idempotencyKey": "place" }));
    let selection = "location { id address } account { locations { nodes { id } } }";
    let add = || admin.mutate("accountLocationAdd", input.clone(), selection);
    let (first, second) = (add().await, add().await);
    assert_eq!(first, second, "a place without a number of its own is made once");
    assert_eq!(first["account"]["locations"]["nodes"], json!([{ "id": first["location"]["id"] }]));
}

#[tokio::test]
async fn a_version_that_is_out_of_date_is_refused() {
    let desk = Desk::open().await;
    let admin = administrator(&desk).await;
    let document = "query($id: ID!) { account(id: $id) { version } }";
    let version = async |caller: &TestCaller| {
        caller.data(document, json!({ "id": desk.account_id })).await["account"]["version"].take()
    };
    let seen = version(&admin).await;
    assert_eq!(version(&desk.contact).await, Value::Null);
    let rename = |name: &str| of(&desk.account_id, json!({ "name": name, "expectedVersion": seen }));
    admin.succeed("accountRename", rename("Acme Ltd"), "accountId").await;
    let stale = admin.refusal("accountRename", rename("Acme Inc")).await;
    assert_eq!((&stale["code"], &stale["field"]), (&json!("STALE_VERSION"), &json!("expectedVersion")));
    let case_id = desk.new_case().await;
    let foreign = desk.version(&desk.agent, &case_id).await;
    let input = of(&desk.account_id, json!({ "name": "Acme", "expectedVersion": foreign }));
    assert_eq!(admin.refusal("accountRename", input).await["field"], "expectedVersion");
}

#[tokio::test]
async fn an_admin_ends_a_colleagues_access_and_their_cases_need_another_contact() {
    let desk = Desk::open().await;
    let admin = administrator(&desk).await;
    let leaver = desk.app.contact("ACME").await;
    let leaver_id = viewer(&leaver).await["person"]["id"].take();
    let mut ids = vec![];
    for caller in [&leaver, &desk.contact] {
        ids.push(open_case(caller, desk.opening("Silent line")).await);
    }
    let settled = open_case(&leaver, desk.opening("Silent line")).await;
    desk.step(&leaver, "caseCancel", &settled, json!({ "reason": "SOLVED_ITSELF" })).await;
    for watcher in [&leaver_id, &desk.contact_id] {
        desk.step(&desk.contact, "caseWatcherAdd", &ids[1], json!({ "watcher": { "contact": watcher } })).await;
    }
    let leave = |person: &Value| of(&desk.account_id, json!({ "personId": person }));
    assert_eq!(desk.contact.refusal("accountContactLeave", leave(&leaver_id)).await["code"], "NOT_PERMITTED");
    assert_eq!(desk.stranger.refusal("accountContactLeave", leave(&leaver_id)).await["code"], "NOT_FOUND");
    let promote = of(&desk.account_id, json!({ "personId": desk.contact_id, "role": "ADMIN" }));
    admin.succeed("accountContactSet", promote, "accountId").await;
    desk.contact.succeed("accountContactLeave", leave(&leaver_id), "account { name }").await;

    assert_eq!(leaver.data("{ cases { nodes { id } } }", json!({})).await["cases"]["nodes"], json!([]));
    let document =
        "query($ids: [ID!]!) { nodes(ids: $ids) { ... on Case { needsContact watchers { person { id } } } } }";
    let asked = json!({ "ids": [ids[0], ids[1], settled] });
    let watching = json!([{ "person": { "id": desk.contact_id } }]);
    assert_eq!(
        desk.agent.data(document, asked.clone()).await["nodes"],
        json!([
            { "needsContact": true, "watchers": [] },
            { "needsContact": false, "watchers": watching },
            { "needsContact": false, "watchers": [] },
        ])
    );
    assert_eq!(
        desk.contact.data(document, asked).await["nodes"][1],
        json!({ "needsContact": null, "watchers": watching })
    );
    let flagged = "{ cases(filter: { needsContact: true }) { totalCount nodes { id } } }";
    let found = desk.agent.data(flagged, json!({})).await["cases"].take();
    assert_eq!(found, json!({ "totalCount": 1, "nodes": [{ "id": ids[0] }] }));
    assert_eq!(desk.contact.error_code(flagged, json!({})).await, "FORBIDDEN");
    desk.step(&desk.agent, "caseSetContact", &ids[0], json!({ "contactId": desk.contact_id })).await;
    assert_eq!(desk.agent.data(flagged, json!({})).await["cases"]["totalCount"], 0);

    let own = desk.contact.succeed("accountContactLeave", leave(&desk.contact_id), "account { name } contact { role }");
    assert_eq!(own.await["account"], Value::Null, "who has left sees nothing more");
}

#[tokio::test]
async fn changing_accounts_shows_an_administrator_no_case() {
    let desk = Desk::open().await;
    let admin = administrator(&desk).await;
    let case_id = desk.new_case().await;
    let rename = of(&desk.account_id, json!({ "name": "Acme Ltd" }));
    admin.succeed("accountRename", rename, "account { name }").await;
    let document = "query($id: ID!) { case(id: $id) { id } cases { nodes { id } } }";
    let found = admin.data(document, json!({ "id": case_id })).await;
    assert_eq!(found, json!({ "case": null, "cases": { "nodes": [] } }));
    let message = with_case(&case_id, json!({ "body": "Words." }));
    assert_eq!(admin.refusal("casePostMessage", message).await["code"], "NOT_FOUND");
}

#[tokio::test]
async fn a_file_finds_what_was_entered_by_hand() {
    let desk = Desk::open().await;
    let admin = administrator(&desk).await;
    let id = open(&admin, "EX-9").await;
    let place = json!({ "reference": "L-1", "address": "3 Weir Road" });
    let place = admin.succeed("accountLocationAdd", of(&id, place), "location { id }").await["location"]["id"].take();
    let product = json!({ "locationId": place, "reference": "P-1", "name": "SmartVoice" });
    admin.succeed("accountProductInstall", of(&id, product), "accountId").await;
    let new = json!({ "name": "Ida Sample", "email": "Ida@mill.example" });
    let joined = json!({ "contact": { "new": new }, "role": "MEMBER" });
    let joined = admin.succeed("accountContactJoin", of(&id, joined), "contact { person { id } }").await;
    let person: PersonId = id_of(&joined["contact"]["person"]["id"]);

    let file = "account,account_name,location,location_address,product,product_name,contact,contact_email
EX-9,Sample Mill,L-1,3 Weir Road,P-1,SmartVoice,Ida Sample,Ida@mill.example
";
    let commands = &desk.app.service.services().commands;
    let import = AccountsImport {
        log: commands.log.clone(),
        clock: commands.clock.clone(),
        request: RequestId(commands.ids.next()),
        ids: commands.ids.clone(),
    };
    let report = import.run(AccountsFile::read_csv(file.as_bytes()).unwrap(), |_| ()).await.unwrap();
    assert_eq!((report.rows_unchanged, report.events), (1, 0), "{report}");
    assert_eq!(api::registry::identities(&commands.log).person("ida@mill.example"), person);
}
