//! The settings of the desk: what a case may name, and how that changes.

use domain::{Role, Slug, settings::Settings};
use serde_json::{Value, json};

use crate::{
    graphql_desk::{Desk, Stage, open_case, with_case},
    graphql_references::import,
};

/// The smallest image there is, in Base64.
const PIXEL: &str = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII=";

/// A valid input for each mutation of settings.
pub fn settings_input(mutation: &str) -> Option<Value> {
    let hours = json!([
        { "day": "MON", "from": "08:00", "to": "12:00" },
        { "day": "MON", "from": "13:00", "to": "18:00" },
        { "day": "SAT", "from": "09:00", "to": "24:00" },
    ]);
    Some(match mutation {
        "catalogueTypeSet" => {
            json!({ "key": "security", "name": "Security", "covers": "Phishing, stolen devices", "queue": "fraud", "priority": "HIGH" })
        }
        "catalogueCategorySet" => {
            json!({ "type": "fraud", "key": "phishing", "name": "Phishing", "queue": "support", "priority": "CRITICAL" })
        }
        "catalogueProductSet" => json!({ "key": "smartvoice", "name": "SmartVoice 2" }),
        "catalogueQueueSet" => json!({ "key": "night-desk", "name": "Night Desk" }),
        "catalogueResolutionCodeSet" => json!({ "key": "moved-to-partner", "name": "Moved to partner" }),
        "catalogueEntryRetire" => json!({ "entry": { "category": { "type": "billing", "category": "collections" } } }),
        "catalogueEntryRestore" => json!({ "entry": { "product": "webex" } }),
        "deskHoursSet" => json!({ "timeZone": "America/Chicago", "hours": hours }),
        "deskHolidaySet" => json!({ "date": "2026-12-25", "name": "Christmas Day" }),
        "deskHolidayRemove" => json!({ "date": "2026-12-26" }),
        "cannedReplySet" => json!({ "key": "which-modem", "title": "Modem", "body": "Which modem\nis it?" }),
        "cannedReplyRemove" => json!({ "key": "no-such-reply" }),
        "brandPortalNameSet" => json!({ "name": "Example Portal" }),
        "brandColorsSet" => json!({ "primary": "#1A5FB4", "accent": "#26a269" }),
        "brandLogoSet" => json!({ "data": PIXEL }),
        "brandLogoRemove" => json!({}),
        "brandSenderSet" => json!({ "sender": "SUPPORT", "name": "Example Support", "address": "support@example.com" }),
        "rulesResolutionSet" => json!({ "remindAfterDays": 3, "closeAfterDays": 7 }),
        "rulesWatchListSet" => json!({ "policy": "ACCOUNT_DOMAINS" }),
        _ => return None,
    })
}

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

#[tokio::test]
async fn a_change_is_in_force_at_once_and_its_history_says_who_and_what_was_before() {
    let desk = Desk::open().await;
    let administrator = desk.app.staff(Role::Administrator).await;
    let old = open_case(&desk.contact, opening(&desk, "fraud", "call-annoyance")).await;
    let rename = json!({ "type": "fraud", "key": "call-annoyance", "name": "Nuisance calls", "queue": "support" });
    administrator.succeed("catalogueCategorySet", rename, "catalogue { version }").await;
    let case = desk.contact.data(NAMES, json!({ "id": old })).await["case"].take();
    assert_eq!((&case["category"], &case["categoryName"]), (&json!("call-annoyance"), &json!("Nuisance calls")));
    let new = open_case(&desk.contact, opening(&desk, "fraud", "call-annoyance")).await;
    assert_eq!(desk.agent.data(NAMES, json!({ "id": new })).await["case"]["queue"], "support");

    let entry = json!({ "entry": { "category": { "type": "fraud", "category": "call-annoyance" } } });
    administrator.succeed("catalogueEntryRetire", entry, "catalogue { version }").await;
    let refusal = desk.contact.refusal("caseOpen", opening(&desk, "fraud", "call-annoyance")).await;
    assert!(refusal["message"].as_str().unwrap().contains("`call-annoyance` is retired"), "{refusal}");
    let case = desk.contact.data(NAMES, json!({ "id": old })).await["case"].take();
    assert_eq!(case["categoryName"], "Nuisance calls", "old cases have it still");
    let same = with_case(&old, json!({ "type": "fraud", "category": "call-annoyance" }));
    desk.agent.succeed("caseReclassify", same, "caseId").await;

    let document = "{ settingsHistory(section: CATALOGUE) { kind about actor { name } values { name before after } } }";
    let changes = desk.auditor.data(document, json!({})).await["settingsHistory"].take();
    assert_eq!(
        changes,
        json!([
            {
                "kind": "CATALOGUE_ENTRY_RETIRED", "about": "category fraud/call-annoyance",
                "actor": { "name": "Some administrator" },
                "values": [{ "name": "isRetired", "before": "false", "after": "true" }],
            },
            {
                "kind": "CATEGORY_SET", "about": "fraud/call-annoyance", "actor": { "name": "Some administrator" },
                "values": [
                    { "name": "name", "before": "Call Annoyance", "after": "Nuisance calls" },
                    { "name": "queue", "before": null, "after": "support" },
                ],
            },
        ])
    );
    let of_rules = "{ settingsHistory(section: RULES) { kind } }";
    assert_eq!(desk.auditor.data(of_rules, json!({})).await["settingsHistory"], json!([]));
}

#[tokio::test]
async fn whoever_edits_what_somebody_else_has_changed_is_told_and_a_retry_is_one_change() {
    let desk = Desk::open().await;
    let administrator = desk.app.staff(Role::Administrator).await;
    let seen = desk.supervisor.data("{ catalogue { version } }", json!({})).await["catalogue"]["version"].take();
    let mut queue = json!({ "key": "night-desk", "name": "Night Desk", "idempotencyKey": "once" });
    for _ in 0..2 {
        administrator.succeed("catalogueQueueSet", queue.clone(), "catalogue { version }").await;
    }
    queue["name"] = json!("Another desk");
    assert_eq!(administrator.refusal("catalogueQueueSet", queue).await["code"], "IDEMPOTENCY_KEY_REUSED");
    let edit = json!({ "key": "night-desk", "name": "Nightly Desk", "expectedVersion": seen });
    let selection =
        "userErrors { code field } missedChanges { about values { name before after } } catalogue { version }";
    let told = desk.supervisor.mutate("catalogueQueueSet", edit.clone(), selection).await;
    assert_eq!(told["userErrors"], json!([{ "code": "STALE_VERSION", "field": "expectedVersion" }]));
    let values = json!([{ "name": "name", "before": null, "after": "Night Desk" }]);
    assert_eq!(told["missedChanges"], json!([{ "about": "night-desk", "values": values }]), "one change");
    let mut edit = edit;
    edit["expectedVersion"] = told["catalogue"]["version"].clone();
    desk.supervisor.succeed("catalogueQueueSet", edit.clone(), "catalogue { version }").await;
    // Who may not change settings is not told who did.
    let seen = desk.contact.data("{ catalogue { version } }", json!({})).await["catalogue"]["version"].take();
    administrator.succeed("catalogueQueueSet", json!({ "key": "q", "name": "Q" }), "catalogue { version }").await;
    edit["expectedVersion"] = seen;
    let told = desk.contact.mutate("catalogueQueueSet", edit, selection).await;
    assert_eq!(told["userErrors"][0]["code"], "NOT_PERMITTED");
    assert_eq!(told["missedChanges"], json!([]));
}

#[tokio::test]
async fn what_breaks_a_rule_of_the_settings_is_refused_by_its_field() {
    let desk = Desk::open().await;
    let administrator = desk.app.staff(Role::Administrator).await;
    let monday =
        |from: &str, to: &str| json!({ "timeZone": "UTC", "hours": [{ "day": "MON", "from": from, "to": to }] });
    let too_large = "A".repeat(90_000);
    for (mutation, input, code, field) in [
        ("catalogueQueueSet", json!({ "key": "No Key!", "name": "X" }), "INVALID_INPUT", Some("key")),
        ("catalogueQueueSet", json!({ "key": "x", "name": "two\nlines" }), "INVALID_INPUT", Some("name")),
        ("catalogueTypeSet", json!({ "key": "x", "name": "X", "queue": "nowhere" }), "INVALID_INPUT", Some("queue")),
        ("catalogueCategorySet", json!({ "type": "x", "key": "x", "name": "X" }), "INVALID_INPUT", Some("type")),
        ("catalogueEntryRetire", json!({ "entry": { "queue": "fraud" } }), "INVALID_INPUT", Some("entry")),
        ("deskHoursSet", monday("9:00", "17:00"), "INVALID_INPUT", Some("hours")),
        ("deskHoursSet", monday("17:00", "09:00"), "INVALID_INPUT", Some("hours")),
        ("deskHoursSet", json!({ "timeZone": "Mars/Olympus", "hours": [] }), "INVALID_INPUT", Some("timeZone")),
        ("cannedReplySet", json!({ "key": "x", "title": "X", "body": " " }), "INVALID_INPUT", Some("body")),
        ("brandColorsSet", json!({ "primary": "red", "accent": "#000000" }), "INVALID_INPUT", Some("primary")),
        ("brandLogoSet", json!({ "data": "not Base64!" }), "INVALID_INPUT", Some("data")),
        ("brandLogoSet", json!({ "data": "PHN2Zz48L3N2Zz4=" }), "INVALID_INPUT", Some("data")),
        ("brandLogoSet", json!({ "data": too_large }), "INVALID_INPUT", Some("data")),
        (
            "brandSenderSet",
            json!({ "sender": "ADMIN", "name": "X", "address": "nobody" }),
            "INVALID_INPUT",
            Some("address"),
        ),
        (
            "rulesResolutionSet",
            json!({ "remindAfterDays": 5, "closeAfterDays": -1 }),
            "INVALID_INPUT",
            Some("closeAfterDays"),
        ),
    ] {
        let refusal = administrator.refusal(mutation, input).await;
        assert_eq!((&refusal["code"], &refusal["field"]), (&json!(code), &json!(field)), "{mutation}: {refusal}");
    }
    let history = administrator.data("{ settingsHistory { kind } }", json!({})).await;
    assert_eq!(history["settingsHistory"], json!([]), "nothing was recorded");
}

#[tokio::test]
async fn other_instances_follow_and_ask_before_they_refuse() {
    let desk = Desk::open().await;
    let administrator = desk.app.staff(Role::Administrator).await;
    let other = crate::timers::another_instance(&desk).await;
    let settings = other.services().commands.settings.clone();
    administrator.succeed("catalogueQueueSet", json!({ "key": "q-1", "name": "Q" }), "catalogue { version }").await;
    let has =
        |queue: &'static str| move |it: &Settings| it.catalogue.queues.contains_key(&queue.parse::<Slug>().unwrap());
    assert!(has("q-1")(&settings.that(has("q-1")).await.unwrap().settings), "asked, it knows at once");
    administrator.succeed("catalogueQueueSet", json!({ "key": "q-2", "name": "Q" }), "catalogue { version }").await;
    let knows = async || has("q-2")(&settings.now().settings).then_some(());
    harness::until("the other instance to follow", knows).await;
}

#[tokio::test]
async fn words_of_the_settings_are_sealed_and_names_are_not() {
    let desk = Desk::open().await;
    let administrator = desk.app.staff(Role::Administrator).await;
    for mutation in ["cannedReplySet", "brandSenderSet", "brandPortalNameSet"] {
        administrator.succeed(mutation, settings_input(mutation).unwrap(), "userErrors { code }").await;
    }
    let payloads = "select string_agg(payload::text, '') from events where aggregate_type = 'settings'";
    let payloads: String = sqlx::query_scalar(payloads).fetch_one(&mut desk.app.owner().await).await.unwrap();
    assert!(payloads.contains("Example Portal"), "{payloads}");
    for word in ["Which modem", "Modem", "Example Support", "support@example.com"] {
        assert!(!payloads.contains(word), "{word} is in the clear: {payloads}");
    }
    let reply = "{ desk { cannedReplies { replies { title body } } } brand { senders { name } } }";
    let seen = desk.agent.data(reply, json!({})).await;
    assert_eq!(seen["desk"]["cannedReplies"]["replies"][0]["body"], "Which modem\nis it?");
    let seen = desk.app.nobody().data("{ brand { portalName senders { name } version } }", json!({})).await;
    assert_eq!(seen["brand"], json!({ "portalName": "Example Portal", "senders": null, "version": null }));
}

#[tokio::test]
async fn a_watch_list_is_for_whom_the_installation_chose() {
    let desk = Desk::open().await;
    let administrator = desk.app.staff(Role::Administrator).await;
    let person = json!({ "new": { "name": "Ida Sample", "email": "ida@Mill.example" } });
    let join = json!({ "accountId": desk.account_id, "contact": person, "role": "MEMBER" });
    administrator.succeed("accountContactJoin", join, "accountId").await;
    let case_id = desk.case_in(Stage::Open).await;
    let policy = async |policy: &str| {
        administrator.succeed("rulesWatchListSet", json!({ "policy": policy }), "caseRules { watchList }").await;
    };
    let email = |address: &str| with_case(&case_id, json!({ "watcher": { "email": address } }));
    let watching = |address: &str| {
        let mut opening = desk.opening("Watched");
        opening["watchers"] = json!([{ "email": address }]);
        opening
    };
    let (near, far) = ("someone@mill.example", "someone@elsewhere.example");
    desk.contact.succeed("caseWatcherAdd", email(far), "caseId").await;

    policy("ACCOUNT_DOMAINS").await;
    desk.contact.succeed("caseWatcherAdd", email(near), "caseId").await;
    desk.contact.succeed("caseWatcherAdd", email(far), "caseId").await;
    let refusal = desk.agent.refusal("caseWatcherAdd", email("another@elsewhere.example")).await;
    assert_eq!((&refusal["code"], &refusal["field"]), (&json!("INVALID_INPUT"), &json!("watcher")), "{refusal}");
    open_case(&desk.contact, watching(near)).await;
    assert_eq!(desk.contact.refusal("caseOpen", watching(far)).await["field"], "watcher");

    policy("CONTACTS").await;
    let refusal = desk.contact.refusal("caseWatcherAdd", email("another@mill.example")).await;
    assert!(refusal["message"].as_str().unwrap().contains("contacts of the account"), "{refusal}");
    let contact = with_case(&case_id, json!({ "watcher": { "contact": desk.contact_id } }));
    desk.contact.succeed("caseWatcherAdd", contact, "caseId").await;
    desk.contact.succeed("caseWatcherRemove", email(near), "caseId").await;
}
