//! One document and one snapshot per mutation of settings, and per query of what they are.

use domain::Role;
use serde_json::json;

use crate::{
    graphql_desk::Desk, graphql_operations::assert_snapshot, graphql_statements::counted, settings::settings_input,
};

const CATALOGUE: &str = "catalogue {
    types { key name covers queue priority locationRequired productRequired isRetired categories { key name queue priority isRetired } }
    products { key name isRetired } queues { key name isRetired } resolutionCodes { key name isRetired } version
  }";
const DESK: &str = "desk { timeZone hours { day from to } holidays { date name } version }";
const REPLIES: &str = "cannedReplies { replies { key title body } version }";
const BRAND: &str = "brand { portalName primaryColor accentColor logo senders { sender name address } version }";
const RULES: &str = "caseRules { remindAfterDays closeAfterDays watchList filesPerCase fileSizeLimitBytes version }";

/// Every mutation of settings, with the selection of what it changes.
const MUTATIONS: [(&str, &str); 19] = [
    ("catalogueTypeSet", CATALOGUE),
    ("catalogueCategorySet", CATALOGUE),
    ("catalogueProductSet", CATALOGUE),
    ("catalogueQueueSet", CATALOGUE),
    ("catalogueResolutionCodeSet", CATALOGUE),
    ("catalogueEntryRetire", CATALOGUE),
    ("catalogueEntryRestore", CATALOGUE),
    ("deskHoursSet", DESK),
    ("deskHolidaySet", DESK),
    ("deskHolidayRemove", DESK),
    ("cannedReplySet", REPLIES),
    ("cannedReplyRemove", REPLIES),
    ("brandPortalNameSet", BRAND),
    ("brandColorsSet", BRAND),
    ("brandLogoSet", BRAND),
    ("brandLogoRemove", BRAND),
    ("brandSenderSet", BRAND),
    ("rulesResolutionSet", RULES),
    ("rulesWatchListSet", RULES),
];

/// They build on each other, like the days of an administrator.
#[tokio::test]
async fn every_mutation_of_settings_answers_what_it_changed() {
    let desk = Desk::open().await;
    let administrator = desk.app.staff(Role::Administrator).await;
    for (mutation, section) in MUTATIONS {
        // Of the catalogue, those parts that the mutation is about.
        let selection = format!("{section} userErrors {{ field message code }} missedChanges {{ kind }}");
        let document = harness::mutation_document(mutation, &selection);
        let variables = json!({ "input": settings_input(mutation).unwrap() });
        let mut answer = counted(mutation, &administrator, &document, &variables).await;
        assert_eq!(answer[mutation]["userErrors"], json!([]), "{answer:#}");
        shorten(&mut answer[mutation]["catalogue"], mutation);
        assert_snapshot(mutation, &document, &variables, &answer);
    }
    for (query, document) in [
        ("desk", format!("{{ {} }}", DESK.replace("version }", &format!("version {REPLIES} people {{ id name }} }}")))),
        ("brand", format!("{{ {BRAND} }}")),
        ("caseRules", format!("{{ {RULES} }}")),
    ] {
        let answer = counted(query, &desk.agent, &document, &json!({})).await;
        assert_snapshot(query, &document, &json!({}), &answer);
    }
    let document = "{ settingsHistory(first: 100) {
  position section kind about actor { name } actorRole via at values { name before after }
} }";
    let answer = counted("settingsHistory", &desk.auditor, document, &json!({})).await;
    assert_snapshot("settingsHistory", document, &json!({}), &answer);
}

/// Leaves of the catalogue what tells something: it is long.
fn shorten(catalogue: &mut serde_json::Value, mutation: &str) {
    if catalogue.is_null() {
        return;
    }
    let about = settings_input(mutation).unwrap().to_string();
    for list in ["types", "products", "queues", "resolutionCodes"] {
        let key = |entry: &serde_json::Value| about.contains(&entry["key"].to_string());
        catalogue[list].as_array_mut().unwrap().retain(key);
    }
}
