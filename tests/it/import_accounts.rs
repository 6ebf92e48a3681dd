//! Importing accounts: the shipped examples, twice and in both forms, and rows that are refused.

use std::{fs, path::Path, sync::Arc};

use api::{
    clock::{Clock, Ids},
    import::accounts::{report::AccountsReport, run::AccountsImport, source::AccountsFile},
    postgres::service_pool,
    registry::ACCOUNT_REFERENCE,
};
use domain::{
    RequestId,
    account::{Account, AccountState, ContactRole},
};
use event_log::{EventLog, MasterKey, verify};
use harness::database;

async fn import() -> AccountsImport {
    let pool = service_pool(database().await.service_options, 8);
    let ids = Ids::random();
    AccountsImport {
        log: EventLog::new(pool, Arc::new(MasterKey::generate())),
        clock: Clock::system(),
        request: RequestId(ids.next()),
        ids,
    }
}

async fn run(import: &AccountsImport, file: AccountsFile) -> AccountsReport {
    import.run(file, |_| ()).await.expect("the log answers")
}

fn csv(text: &str) -> AccountsFile {
    AccountsFile::read_csv(text.as_bytes()).expect("readable")
}

fn example(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/examples/import").join(name);
    fs::read_to_string(path).expect("it ships")
}

async fn account(import: &AccountsImport, reference: &str) -> AccountState {
    let found = import.log.reserved(ACCOUNT_REFERENCE, &[reference]).await.expect("the database answers");
    let loaded = import.log.load::<Account>(&found[reference].aggregate_id).await.expect("it is there");
    loaded.aggregate.state.clone().expect("it was opened")
}

#[tokio::test]
async fn the_shipped_examples_come_in_once_whatever_their_form() {
    let import = import().await;
    let report = run(&import, csv(&example("accounts.csv"))).await;
    assert_eq!((report.rows, report.rows_with_events, report.refused.len()), (5, 5, 0), "{report}");

    let bakery = account(&import, "EX-1001").await;
    assert_eq!((bakery.locations.len(), bakery.products.len(), bakery.contacts.len()), (2, 2, 2));
    assert!(bakery.products.values().all(|product| product.location.is_some()));
    let member = bakery.contacts.values().find(|access| access.role == ContactRole::Member).expect("Ed Novak");
    assert!(member.limit().expect("a limit").iter().all(|location| bakery.locations.contains_key(location)));

    let forms =
        [csv(&example("accounts.csv")), AccountsFile::read_ndjson(example("accounts.ndjson").as_bytes()).unwrap()];
    for file in forms {
        let again = run(&import, file).await;
        assert_eq!((again.rows, again.rows_unchanged, again.events), (5, 5, 0), "{again}");
    }
    assert_eq!(account(&import, "EX-1001").await, bakery);
    assert_eq!(verify(import.log.pool(), |_| ()).await.expect("the database answers").first_bad, None);
    let clear: i64 = sqlx::query_scalar(
        "select count(*) from events where payload::text ~ 'Torres|Bakery|Sample Lane|bakery.example'",
    )
    .fetch_one(import.log.pool())
    .await
    .expect("the database answers");
    assert_eq!(clear, 0, "nothing that a row says is stored in the clear");
}

/// Where nobody has said where a location is, its reference is shown; what somebody says later takes that place.
#[tokio::test]
async fn a_location_without_an_address_comes_in_and_may_get_one() {
    let import = import().await;
    let head = "account,account_name,location,location_address";
    let without = format!("{head}\nEX-2001,Example Mill,L-1,\n");
    for (events, rows_unchanged) in [(2, 0), (0, 1)] {
        let report = run(&import, csv(&without)).await;
        assert_eq!((report.events, report.rows_unchanged), (events, rows_unchanged), "{report}");
    }
    let report = run(&import, csv(&format!("{head}\nEX-2001,Example Mill,L-1,1 Example Lane\n"))).await;
    assert_eq!((report.events, account(&import, "EX-2001").await.locations.len()), (1, 1), "{report}");
}

#[tokio::test]
async fn a_later_file_changes_what_it_says_and_leaves_the_rest() {
    let import = import().await;
    run(&import, csv(&example("accounts.csv"))).await;
    let before = account(&import, "EX-1001").await;
    let later = csv("account,account_name,location,location_address,contact,contact_email,contact_role\n\
                     EX-1001,Sample Bakeries,,,,,\n\
                     EX-1001,,EX-1001-B,13 Sample Lane,,,\n\
                     EX-1001,,EX-1001-A,,,,\n\
                     EX-1001,,,,Ed Novak,ED.NOVAK@bakery.example,ADMIN\n");
    let report = run(&import, later).await;
    assert_eq!((report.rows_with_events, report.rows_unchanged, report.refused.len()), (3, 1, 0), "{report}");
    let after = account(&import, "EX-1001").await;
    assert_ne!(after.name, before.name);
    assert_eq!(after.address, before.address);
    assert_eq!(after.locations.len(), 2);
    assert!(after.contacts.values().all(|access| access.role == ContactRole::Admin), "one person, however written");
}

#[tokio::test]
async fn rows_that_the_rules_refuse_are_told_with_their_lines() {
    let import = import().await;
    let file = csv("account,location,location_address,product,product_name,contact,contact_email,contact_locations\n\
                    A-1,L-1,1 Example Street,P-1,SmartVoice,,,\n\
                    A-1,,,,,Ana Torres,ana@larch.example,L-1;L-2\n\
                    A-1,L-2,2 Example Street,P-1,SmartVoice,,,\n\
                    ,,,,,,,\n");
    let report = run(&import, file).await;
    assert_eq!((report.rows, report.rows_with_events, report.rows_unchanged), (4, 1, 0), "{report}");
    let reasons: Vec<_> = report.refused.iter().map(|row| (row.line, row.reason.to_string())).collect();
    assert_eq!(reasons.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [3, 4, 5]);
    assert_eq!(reasons[0].1, "the account has no such location");
    assert!(reasons[1].1.contains("already installed at another location"), "{reasons:?}");
    let people: i64 = sqlx::query_scalar("select count(*) from events where aggregate_type = 'person'")
        .fetch_one(import.log.pool())
        .await
        .expect("the database answers");
    assert_eq!(people, 0, "a refused row writes nobody down");
    assert_eq!(account(&import, "A-1").await.locations.len(), 1, "and nothing else of it");
}
