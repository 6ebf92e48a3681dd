//! Finding a case by what it was called in the system that it came from.

use api::{
    import::{defaults::Defaults, run::Import, source::read_ndjson},
    service::Service,
};
use domain::RequestId;
use harness::TestApp;
use projections::{VISIBLE_WITHIN, Visibility};
use serde_json::{Value, json};

const DOCUMENT: &str = "query($reference: String!) {
  case(externalReference: $reference) { account { reference } externalReference { system reference } }
}";

/// Brings a case over from each system, for an account of each.
pub async fn import(service: &Service, reference: &str, systems: &[(&str, &str)]) {
    let rows: Vec<_> = systems
        .iter()
        .map(|(system, account)| {
            json!({
                "system": system, "reference": reference, "updated_at": "2026-03-02T08:00:00Z", "state": "New",
                "agent": "Bo", "account": account, "contact": "Cy", "queue": "q", "type": "t", "category": "c",
            })
        })
        .collect();
    import_rows(service, &rows).await;
}

/// Imports rows of our own format, each of a new case, and waits until they can be read.
pub async fn import_rows(service: &Service, rows: &[Value]) {
    let lines: Vec<_> = rows.iter().map(ToString::to_string).collect();
    let services = service.services();
    let import = Import {
        log: services.commands.log.clone(),
        clock: services.commands.clock.clone(),
        request: RequestId(services.commands.ids.next()),
        defaults: Defaults::default(),
        dry_run: false,
    };
    let report = import.run(read_ndjson(lines.join("\n").as_bytes()).unwrap(), |_| ()).await.unwrap();
    assert_eq!(report.cases_created, rows.len() as u64, "{report:?}");
    let last: i64 = sqlx::query_scalar("select max(position) from events").fetch_one(&services.pool).await.unwrap();
    assert_eq!(services.projector.wait_until(last, VISIBLE_WITHIN * 10).await, Visibility::Visible);
}

#[tokio::test]
async fn a_reference_that_cases_of_several_systems_have_needs_its_system() {
    let app = TestApp::start().await;
    let (acme, globex, agent) = (app.contact("ACME").await, app.contact("GLOBEX").await, app.agent().await);
    import(&app.service, "T-1", &[("old-desk", "ACME"), ("new-desk", "GLOBEX"), ("far-desk", "GLOBEX")]).await;
    import(&app.service, "T-2", &[("old-desk", "ACME")]).await;
    let found = |system: &str, account: &str| {
        json!({ "case": {
            "account": { "reference": account }, "externalReference": { "system": system, "reference": "T-1" },
        } })
    };
    let refusal = async |caller: &harness::TestCaller| {
        let answer = caller.graphql(DOCUMENT, json!({ "reference": "T-1" })).await;
        assert_eq!(answer["data"]["case"], Value::Null);
        assert_eq!(answer["errors"][0]["extensions"]["code"], "AMBIGUOUS_REFERENCE", "{answer:#}");
        answer["errors"][0]["message"].as_str().unwrap().to_owned()
    };
    assert_eq!(
        refusal(&agent).await,
        "several systems have a case T-1: far-desk, new-desk, old-desk; name one, as in far-desk/T-1"
    );
    // Whoever sees fewer of the cases hears of fewer systems, and of one case needs none.
    assert_eq!(
        refusal(&globex).await,
        "several systems have a case T-1: far-desk, new-desk; name one, as in far-desk/T-1"
    );
    assert_eq!(acme.data(DOCUMENT, json!({ "reference": "T-1" })).await, found("old-desk", "ACME"));

    for (system, account) in [("old-desk", "ACME"), ("new-desk", "GLOBEX"), ("far-desk", "GLOBEX")] {
        let named = json!({ "reference": format!("{system}/T-1") });
        assert_eq!(agent.data(DOCUMENT, named.clone()).await, found(system, account));
        let stranger = if account == "ACME" { &globex } else { &acme };
        assert_eq!(stranger.data(DOCUMENT, named).await, json!({ "case": null }));
    }
    let alone = agent.data(DOCUMENT, json!({ "reference": "T-2" })).await;
    assert_eq!(alone["case"]["externalReference"]["system"], "old-desk");
}
