//! Whoever comes back after they were erased is somebody new, and what was erased is not brought in again.

use api::{
    import::{
        accounts::{run::AccountsImport, source::AccountsFile},
        defaults::Defaults,
        refusal::RowRefusal,
        report::Report,
        run::Import,
        source::read_ndjson,
    },
    service::Service,
};
use domain::{RequestId, Role, person::ERASED_NAME};
use harness::TestApp;
use serde_json::{Value, json};

const FILE: &str = "account,account_name,contact,contact_email,contact_phone,contact_role\n\
                    EX-1,Sample Bakery,Ana Torres,ana@bakery.example,+1 555 0100,ADMIN\n";

async fn import_accounts(app: &TestApp) {
    let commands = &app.service.services().commands;
    let (log, clock, ids) = (commands.log.clone(), commands.clock.clone(), commands.ids.clone());
    let import = AccountsImport { request: RequestId(ids.next()), log, clock, ids };
    let report = import.run(AccountsFile::read_csv(FILE.as_bytes()).unwrap(), |_| ()).await.unwrap();
    assert_eq!(report.refused.len(), 0, "{report}");
    level(&app.service).await;
}

async fn level(service: &Service) {
    let services = service.services();
    let last: i64 = sqlx::query_scalar("select max(position) from events").fetch_one(&services.pool).await.unwrap();
    services.projector.wait_until(last, std::time::Duration::from_mins(1)).await;
}

#[tokio::test]
async fn an_account_file_that_names_them_again_makes_somebody_new() {
    let app = TestApp::start().await;
    let administrator = app.staff(Role::Administrator).await;
    let contacts = async || -> Vec<Value> {
        let document = "{ account(reference: \"EX-1\") { contacts(first: 10) { nodes { person { id name } } } } }";
        let mut answer = administrator.data(document, json!({})).await;
        serde_json::from_value(answer["account"]["contacts"]["nodes"].take()).unwrap()
    };
    let mut before: Vec<Value> = vec![];
    for _ in 0..3 {
        import_accounts(&app).await;
        import_accounts(&app).await;
        let [there] = &contacts().await[..] else { panic!("one contact") };
        assert_eq!(there["person"]["name"], "Ana Torres");
        let id = there["person"]["id"].clone();
        assert!(!before.contains(&id), "the erased person has come back");
        administrator.succeed("personErase", json!({ "personId": id }), "person { id }").await;
        assert_eq!(contacts().await, Vec::<Value>::new(), "their access ended");
        before.push(id);
    }
    let document = "query($ids: [ID!]!) { nodes(ids: $ids) { ... on Person { name } } }";
    let erased = administrator.data(document, json!({ "ids": before })).await;
    assert_eq!(erased["nodes"], json!([{ "name": ERASED_NAME }, { "name": ERASED_NAME }, { "name": ERASED_NAME }]));
}

async fn import_cases(app: &TestApp, rows: &[Value]) -> Report {
    let lines: Vec<_> = rows.iter().map(ToString::to_string).collect();
    let commands = &app.service.services().commands;
    let import = Import {
        log: commands.log.clone(),
        clock: commands.clock.clone(),
        request: RequestId(commands.ids.next()),
        defaults: Defaults::default(),
        dry_run: false,
    };
    let report = import.run(read_ndjson(lines.join("\n").as_bytes()).unwrap(), |_| ()).await.unwrap();
    level(&app.service).await;
    report
}

#[tokio::test]
async fn an_export_that_is_run_again_brings_no_word_of_theirs_back() {
    let app = TestApp::start().await;
    let (administrator, agent) = (app.staff(Role::Administrator).await, app.agent().await);
    let row = |reference: &str, opener: &str| {
        json!({
            "system": "old-desk", "reference": reference, "updated_at": "2026-03-01T08:00:00Z", "state": "New",
            "agent": "reception", "account": "ACME", "opener": opener, "contact": opener, "queue": "q", "type": "t",
            "category": "c", "description": "Silence.",
        })
    };
    let first = [row("T-1", "Cy Moreau"), row("T-2", "Di Okafor")];
    assert_eq!(import_cases(&app, &first).await.cases_created, 2);
    let document = "{ case(externalReference: \"T-1\") { opener { id name } description } }";
    let case = async || agent.data(document, json!({})).await["case"].take();
    let opener = case().await["opener"]["id"].take();
    administrator.succeed("personErase", json!({ "personId": opener }), "person { id }").await;

    let again = import_cases(&app, &first).await;
    assert_eq!((again.rows_unchanged, again.events), (2, 0), "{again:?}");
    let case = case().await;
    assert_eq!(case, json!({ "opener": { "id": opener, "name": ERASED_NAME }, "description": null }));

    let more = import_cases(&app, &[row("T-3", "Cy Moreau"), row("T-4", "Di Okafor")]).await;
    assert_eq!(more.cases_created, 1, "{more:?}");
    let refused: Vec<_> = more.refused.iter().map(|row| (row.reference.as_deref(), &row.reason)).collect();
    assert_eq!(refused, [(Some("T-3"), &RowRefusal::Erased)]);
}
