//! The settings of the desk: what a case may name, and how that changes.

use domain::Role;
use serde_json::{Value, json};

use crate::{
    graphql_desk::{Desk, Stage, open_case, with_case},
    graphql_references::import,
};

const NAMES: &str = "query($id: ID!) { case(id: $id) {
    type typeName category categoryName queue queueName priority locationNotListed resolution { code codeName }
} }";

/// An opening of a type and category, where nobody knows the place.
fn opening(desk: &Desk, case_type: &str, category: &str) -> Value {
    let mut opening = desk.opening("Words");
    (opening["type"], opening["category"]) = (json!(case_type), json!(category));
    (opening["locationNotListed"], opening["productNotListed"]) = (json!(true), json!(true));
    opening
}

#[tokio::test]
async fn a_case_goes_where_the_catalogue_says_unless_staff_says_otherwise() {
    let desk = Desk::open().await;
    let fraud = open_case(&desk.contact, opening(&desk, "fraud", "phone-system-hacking")).await;
    let case = desk.agent.data(NAMES, json!({ "id": fraud })).await["case"].take();
    assert_eq!((&case["queue"], &case["priority"]), (&json!("fraud"), &json!("HIGH")), "{case}");
    assert_eq!((&case["typeName"], &case["categoryName"]), (&json!("Fraud"), &json!("Phone System Hacking")));
    let case = desk.contact.data(NAMES, json!({ "id": fraud })).await["case"].take();
    assert_eq!((&case["categoryName"], &case["queueName"]), (&json!("Phone System Hacking"), &Value::Null));

    let mut by_staff = opening(&desk, "fraud", "other");
    by_staff["contactId"] = desk.contact_id.clone();
    (by_staff["queue"], by_staff["priority"]) = (json!("managed-service"), json!("LOW"));
    let case_id = open_case(&desk.agent, by_staff).await;
    let case = desk.agent.data(NAMES, json!({ "id": case_id })).await["case"].take();
    assert_eq!((&case["queueName"], &case["priority"]), (&json!("Managed Service"), &json!("LOW")), "{case}");
}

#[tokio::test]
async fn what_is_not_in_the_catalogue_is_refused_by_name() {
    let desk = Desk::open().await;
    let refused = async |opening: Value, field: &str| {
        let refusal = desk.contact.refusal("caseOpen", opening).await;
        assert_eq!((&refusal["code"], &refusal["field"]), (&json!("INVALID_INPUT"), &json!(field)), "{refusal}");
        refusal["message"].as_str().unwrap().to_owned()
    };
    let words = refused(opening(&desk, "fraude", "other"), "type").await;
    assert!(words.contains("no type `fraude`") && words.contains("voice-webex"), "{words}");
    let words = refused(opening(&desk, "fraud", "smartvoice"), "category").await;
    assert!(words.contains("no category `smartvoice`") && words.contains("call-annoyance"), "{words}");
    let mut nowhere = opening(&desk, "fraud", "other");
    nowhere["locationNotListed"] = json!(false);
    let words = refused(nowhere, "locationId").await;
    assert!(words.contains("Fraud is about a location"), "{words}");
    let mut nothing = opening(&desk, "fraud", "other");
    nothing["locationNotListed"] = json!(false);
    nothing["productNotListed"] = json!(false);
    nothing["locationId"] = json!(desk.app.location(&desk.account_id, "1 Example Street").await);
    refused(nothing, "productId").await;
    open_case(&desk.contact, desk.opening("Billing is about neither")).await;

    let case_id = desk.case_in(Stage::Open).await;
    for (mutation, input, field) in [
        ("caseReclassify", json!({ "type": "voice-webex", "category": "backups" }), "category"),
        ("caseMoveToQueue", json!({ "queue": "no-such-queue" }), "queue"),
        ("caseResolve", json!({ "code": "magic", "resolution": "Words." }), "code"),
    ] {
        let refusal = desk.agent.refusal(mutation, with_case(&case_id, input)).await;
        assert_eq!((&refusal["code"], &refusal["field"]), (&json!("INVALID_INPUT"), &json!(field)), "{refusal}");
    }
}

#[tokio::test]
async fn what_the_catalogue_never_had_is_shown_as_it_came() {
    let desk = Desk::open().await;
    import(&desk.app.service, "T-9", &[("old-desk", "ACME")]).await;
    let found = desk.agent.data("{ case(externalReference: \"T-9\") { id } }", json!({})).await;
    let case = desk.agent.data(NAMES, json!({ "id": found["case"]["id"] })).await["case"].take();
    assert_eq!((&case["type"], &case["typeName"]), (&json!("t"), &json!("t")), "{case}");
    assert_eq!((&case["categoryName"], &case["queueName"]), (&json!("c"), &json!("q")), "{case}");
}

#[tokio::test]
async fn everybody_sees_the_catalogue_and_the_desk_where_cases_go() {
    let desk = Desk::open().await;
    let document = "{ catalogue {
        types { key name covers locationRequired queue priority isRetired categories { key name queue priority } }
        products { name } queues { key name } resolutionCodes { key name }
    } }";
    let seen = desk.agent.data(document, json!({})).await["catalogue"].take();
    let billing = &seen["types"][0];
    assert_eq!((&billing["key"], &billing["locationRequired"]), (&json!("billing"), &json!(false)));
    assert_eq!((&billing["queue"], &billing["priority"]), (&json!("billing"), &json!("NORMAL")));
    let categories: Vec<_> = billing["categories"].as_array().unwrap().iter().map(|it| &it["name"]).collect();
    let expected = ["Account/Contact Updates", "Billing", "Collections", "Credit requests", "Other"];
    assert_eq!(categories, expected, "by name, what fits nothing else at the end");
    assert_eq!(seen["resolutionCodes"].as_array().unwrap().len(), 7);
    assert_eq!(seen, desk.app.staff(Role::Administrator).await.data(document, json!({})).await["catalogue"]);
    let seen = desk.contact.data(document, json!({})).await["catalogue"].take();
    assert_eq!((&seen["queues"], &seen["types"][0]["queue"]), (&Value::Null, &Value::Null));
    assert_eq!((&seen["types"][2]["priority"], &seen["types"][2]["name"]), (&Value::Null, &json!("Fraud")));
}
