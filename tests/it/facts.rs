//! What commands on cases name is the account's own, as the read models know it.

use api::registry::Registry;
use domain::{
    AccountId, Channel, LocationId, PersonId, RequestId,
    account::{Account, AccountAction, ContactRole},
};
use harness::TestCaller;
use serde_json::{Value, json};
use sqlx::{Connection as _, Executor as _};

use crate::{
    graphql_access::{id_of, set_access},
    graphql_desk::{Desk, Stage, open_case, viewer, with_case},
};

/// An account's places and products, and those of another.
struct World {
    desk: Desk,
    here: Value,
    there: Value,
    retired: Value,
    theirs: Value,
    phone_here: Value,
    phone_there: Value,
    phone_anywhere: Value,
    removed: Value,
    phone_of_theirs: Value,
}

impl World {
    async fn new() -> Self {
        let desk = Desk::open().await;
        let app = &desk.app;
        let globex = viewer(&desk.stranger).await["accounts"][0]["id"].take();
        let admin = app.staff(domain::Role::Administrator).await;
        let install = async |at: &Value| {
            let input = json!({ "accountId": desk.account_id, "locationId": at, "name": "SmartVoice" });
            admin.succeed("accountProductInstall", input, "product { id }").await["product"]["id"].take()
        };
        let (here, there, retired) = (
            json!(app.location(&desk.account_id, "1 Example Street").await),
            json!(app.location(&desk.account_id, "2 Example Street").await),
            json!(app.location(&desk.account_id, "3 Example Street").await),
        );
        let (phone_here, phone_there) = (install(&here).await, install(&there).await);
        let removed = install(&retired).await;
        let location = id_of(&retired);
        app.change(&desk.account_id, |_, _| AccountAction::RetireLocation { location }).await;
        Self {
            phone_anywhere: json!(app.product(&desk.account_id, "Fiber 100").await),
            theirs: json!(app.location(&globex, "9 Example Street").await),
            phone_of_theirs: json!(app.product(&globex, "Fiber 100").await),
            desk,
            here,
            there,
            retired,
            phone_here,
            phone_there,
            removed,
        }
    }

    fn opening(&self, fields: &[(&str, &Value)]) -> Value {
        let mut opening = self.desk.opening("Silent line");
        opening["contactId"] = self.desk.contact_id.clone();
        for (field, value) in fields {
            opening[*field] = (*value).clone();
        }
        opening
    }
}

#[tokio::test]
async fn an_opening_names_what_is_the_accounts_own() {
    let world = World::new().await;
    let World { desk, here, there, retired, theirs, phone_here, phone_there, phone_anywhere, removed, phone_of_theirs } =
        &world;
    let yes = &json!(true);
    let stranger_id = viewer(&desk.stranger).await["person"]["id"].take();
    let watching = json!([{ "contact": stranger_id }]);
    for caller in [&desk.agent, &desk.contact] {
        for (fields, field) in [
            (vec![("locationId", theirs)], "locationId"),
            (vec![("locationId", retired)], "locationId"),
            (vec![("locationId", here), ("productId", phone_there)], "productId"),
            (vec![("locationId", here), ("productId", phone_of_theirs)], "productId"),
            (vec![("productId", removed)], "productId"),
            (vec![("locationNotListed", yes), ("productId", phone_here)], "productId"),
            (vec![("contactId", &stranger_id)], "contactId"),
            (vec![("contactId", &desk.agent_id)], "contactId"),
            (vec![("watchers", &watching)], "watchers"),
        ] {
            let refusal = caller.refusal("caseOpen", world.opening(&fields)).await;
            assert_eq!((&refusal["code"], &refusal["field"]), (&json!("INVALID_INPUT"), &json!(field)), "{refusal}");
        }
        for fields in [
            vec![("locationId", here), ("productId", phone_here)],
            vec![("locationId", there), ("productId", phone_anywhere)],
            vec![("productId", phone_there)],
            vec![("locationId", here), ("productNotListed", yes)],
        ] {
            open_case(caller, world.opening(&fields)).await;
        }
    }
}

#[tokio::test]
async fn where_the_location_is_not_listed_the_product_is_not_either() {
    let desk = Desk::open().await;
    let mut opening = desk.opening("Silent line");
    opening["locationNotListed"] = json!(true);
    let selection = "case { locationNotListed productNotListed }";
    let opened = desk.contact.succeed("caseOpen", opening, selection).await;
    assert_eq!(opened["case"], json!({ "locationNotListed": true, "productNotListed": true }));
}

#[tokio::test]
async fn what_a_case_is_changed_to_is_the_accounts_own() {
    let world = World::new().await;
    let desk = &world.desk;
    let case_id = open_case(&desk.agent, world.opening(&[("locationId", &world.here)])).await;
    let stranger_id = viewer(&desk.stranger).await["person"]["id"].take();
    for (mutation, field, value) in [
        ("caseSetLocation", "locationId", &world.theirs),
        ("caseSetLocation", "locationId", &world.retired),
        ("caseSetProduct", "productId", &world.phone_there),
        ("caseSetProduct", "productId", &world.removed),
        ("caseSetProduct", "productId", &world.phone_of_theirs),
        ("caseSetContact", "contactId", &stranger_id),
        ("caseSetContact", "contactId", &desk.agent_id),
        ("caseWatcherAdd", "watcher", &json!({ "contact": stranger_id })),
    ] {
        let mut input = with_case(&case_id, json!({}));
        input[field] = value.clone();
        let refusal = desk.agent.refusal(mutation, input).await;
        assert_eq!((&refusal["code"], &refusal["field"]), (&json!("INVALID_INPUT"), &json!(field)), "{refusal}");
    }
    desk.step(&desk.agent, "caseSetProduct", &case_id, json!({ "productId": world.phone_here })).await;
    desk.step(&desk.agent, "caseSetProduct", &case_id, json!({ "productId": world.phone_anywhere })).await;
    desk.step(&desk.agent, "caseSetLocation", &case_id, json!({ "locationId": world.there })).await;

    // What it is already, it may stay, whatever has become of it.
    let location = id_of(&world.there);
    desk.app.change(&desk.account_id, |_, _| AccountAction::RetireLocation { location }).await;
    desk.step(&desk.agent, "caseSetLocation", &case_id, json!({ "locationId": world.there })).await;
    let person = id_of::<PersonId>(&desk.contact_id);
    desk.app.change(&desk.account_id, |_, _| AccountAction::Leave { person }).await;
    desk.step(&desk.agent, "caseSetContact", &case_id, json!({ "contactId": desk.contact_id })).await;
    desk.step(&desk.agent, "casePostMessage", &case_id, json!({ "body": "Words." })).await;
}

#[tokio::test]
async fn who_opens_on_behalf_of_somebody_is_recorded_beside_them() {
    let desk = Desk::open().await;
    let colleague = desk.app.contact("ACME").await;
    let mut opening = desk.opening("Silent line");
    opening["contactId"] = desk.contact_id.clone();
    let selection = "case { opener { id } contact { id } activity { nodes { actor { id } onBehalfOf { id } } } }";
    for caller in [&desk.agent, &colleague, &desk.contact] {
        let opener = viewer(caller).await["person"]["id"].take();
        let case = caller.succeed("caseOpen", opening.clone(), selection).await["case"].take();
        assert_eq!((&case["opener"]["id"], &case["contact"]["id"]), (&opener, &desk.contact_id));
        let entry = &case["activity"]["nodes"][0];
        assert_eq!(entry["actor"]["id"], opener);
        let behalf = if opener == desk.contact_id { Value::Null } else { json!({ "id": desk.contact_id }) };
        assert_eq!(entry["onBehalfOf"], behalf);
    }
}

#[tokio::test]
async fn without_a_subject_the_first_line_of_the_description_serves() {
    let desk = Desk::open().await;
    for (subject, description) in
        [(json!("Beta"), "Omega"), (Value::Null, "\n  Alpha line  \nand more"), (Value::Null, "Gamma line")]
    {
        let mut opening = desk.opening("");
        (opening["subject"], opening["description"]) = (subject, json!(description));
        open_case(&desk.contact, opening).await;
    }
    let document = "{ cases(orderBy: { field: SUBJECT, direction: ASC }) { nodes { subject } } }";
    let found = desk.contact.data(document, json!({})).await["cases"]["nodes"].take();
    assert_eq!(found, json!([{ "subject": "Alpha line" }, { "subject": "Beta" }, { "subject": "Gamma line" }]));
}

#[tokio::test]
async fn a_member_who_is_limited_knows_of_no_place_beyond() {
    let world = World::new().await;
    let desk = &world.desk;
    set_access(desk, &desk.contact_id, ContactRole::Member, Some(&[&world.here])).await;
    let refusal = async |caller: &TestCaller, location: &Value| {
        caller.refusal("caseOpen", world.opening(&[("locationId", location)])).await
    };
    let unknown = refusal(&desk.contact, &world.theirs).await;
    assert_eq!(refusal(&desk.contact, &world.there).await, unknown);
    assert_eq!(refusal(&desk.contact, &world.retired).await, unknown);
    open_case(&desk.agent, world.opening(&[("locationId", &world.there)])).await;
    open_case(&desk.contact, world.opening(&[("locationId", &world.there)])).await;
}

/// Facts may be a moment old, which is accepted: a place that was retired in that moment is picked all the same.
#[tokio::test]
async fn facts_are_as_old_as_the_read_models() {
    let desk = Desk::open().await;
    let here = json!(desk.app.location(&desk.account_id, "1 Example Street").await);
    let case_id = desk.case_in(Stage::Open).await;
    let mut owner = desk.app.owner().await;
    let mut held = owner.begin().await.unwrap();
    let hold = "select from projection_checkpoints where group_name = 'directory' for update";
    held.execute(hold).await.unwrap();

    let commands = &desk.app.service.services().commands;
    let (account, location) = (id_of::<AccountId>(&desk.account_id), id_of::<LocationId>(&here));
    let now = commands.clock.now();
    let registry = Registry::new(commands.log.clone(), RequestId(commands.ids.next()), Channel::Desk, now);
    let retire = |_: &Account| vec![(now, AccountAction::RetireLocation { location })];
    let written = registry.change(account, now, vec![], retire).await.unwrap();
    let input = with_case(&case_id, json!({ "locationId": here }));
    let stale = desk.agent.mutate("caseSetLocation", input.clone(), "pending userErrors { code }").await;
    assert_eq!(stale, json!({ "pending": true, "userErrors": [] }), "the place is not known to be retired");

    held.rollback().await.unwrap();
    desk.app.until_visible(written.position).await;
    let other = desk.case_in(Stage::Open).await;
    let refusal = desk.agent.refusal("caseSetLocation", with_case(&other, json!({ "locationId": here }))).await;
    assert_eq!(refusal["field"], "locationId");
    desk.agent.succeed("caseSetLocation", input, "caseId").await;
}
