//! Importing: a real log, the shipped samples, and the public data set where it lies beside the workspace.

use std::{
    fs,
    io::BufReader,
    path::{Path, PathBuf},
    sync::Arc,
};

use api::{
    clock::{Clock, Ids},
    import::{
        identity::{Identities, PeopleKey},
        mapping::Mapping,
        refusal::RowRefusal,
        report::Report,
        run::Import,
        source::{Export, read_csv, read_ndjson},
    },
    postgres::service_pool,
    registry::{NewAccount, Registry},
};
use domain::{
    AccountId, Channel, PlainText, RequestId,
    account::AccountFact,
    case::{Case, CaseFact},
    person::{PersonEvent, PersonFact},
};
use event_log::{AnyEvent, AppendOptions, EventLog, MasterKey, Reservation, read_page, verify};
use harness::database;
use serde_json::json;

struct Desk {
    log: EventLog,
    import: Import,
}

async fn desk() -> Desk {
    let pool = service_pool(database().await.service_options, 8);
    let log = EventLog::new(pool, Arc::new(MasterKey::generate()));
    let import = Import {
        log: log.clone(),
        clock: Clock::system(),
        request: RequestId(Ids::random().next()),
        defaults: incidents().defaults,
        dry_run: false,
    };
    Desk { log, import }
}

impl Desk {
    async fn import(&self, export: Export) -> Report {
        self.import.run(export, |_| ()).await.expect("the log answers")
    }

    async fn count(&self, table: &str) -> i64 {
        let count = format!("select count(*) from {table}");
        sqlx::query_scalar(&count).fetch_one(self.log.pool()).await.expect("the database answers")
    }

    /// Every chain holds, and the log has as many events of cases as were reported.
    async fn holds(&self, events: u64) {
        let verification = verify(self.log.pool(), |_| ()).await.expect("the database answers");
        assert_eq!(verification.first_bad, None);
        let of_cases = self.count("events where aggregate_type = 'case'").await;
        assert_eq!(u64::try_from(of_cases).unwrap(), events);
    }

    /// Every account and person as the log has them: type, id, and what happened, in order.
    async fn names(&self) -> Vec<(String, String, i64, String)> {
        let names = "select aggregate_type, aggregate_id, sequence, event_type from events
                     where aggregate_type <> 'case' order by aggregate_type, aggregate_id, sequence";
        sqlx::query_as(names).fetch_all(self.log.pool()).await.expect("the database answers")
    }
}

fn beside(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path)
}

fn incidents() -> Mapping {
    Mapping::read(&beside("docs/examples/import/incidents.toml")).expect("the shipped mapping is sound")
}

fn csv(path: &Path) -> Export {
    read_csv(fs::File::open(path).expect("the file is there"), &incidents()).expect("the file is an export")
}

fn sample() -> Export {
    csv(&beside("docs/examples/import/sample.csv"))
}

fn ndjson_sample() -> Export {
    let file = fs::File::open(beside("docs/examples/import/sample.ndjson")).expect("the file is there");
    read_ndjson(BufReader::new(file)).expect("the file is an export")
}

#[tokio::test]
async fn the_sample_comes_in_once_with_every_row_accounted_for() {
    let desk = desk().await;
    let first = desk.import(sample()).await;
    let lines: Vec<_> = first.refused.iter().map(|row| row.line).collect();
    assert_eq!(lines, [48, 50, 54, 55]);
    let refused = first.refused.clone();
    let expected = Report {
        rows: 54,
        rows_with_events: 46,
        rows_unchanged: 4,
        refused: refused.clone(),
        events: 69,
        inferred_steps: 7,
        placeholders: 24,
        cases_created: 12,
        ..Report::default()
    };
    assert_eq!(first, expected);
    desk.holds(69).await;
    let of_cases = desk.count("reservations where kind = 'external_reference'").await;
    assert_eq!(
        (of_cases, desk.count("reservations").await),
        (12, 13),
        "a reference for each case, one for the account"
    );
    let names = desk.names().await;

    let second = desk.import(sample()).await;
    let nothing = Report { rows: 54, rows_unchanged: 50, refused, cases_untouched: 12, ..Report::default() };
    assert_eq!(second, nothing);
    desk.holds(69).await;
    assert_eq!(desk.names().await, names, "whoever is written down is not written down again");
}

#[tokio::test]
async fn cases_are_numbered_in_the_order_of_the_file() {
    let desk = desk().await;
    desk.import(sample()).await;
    let numbered: Vec<String> = sqlx::query_scalar(
        "select payload #>> '{fact,Opened,external_reference,reference}' from events where event_type = 'Opened'
         order by (payload #>> '{fact,Opened,number}')::bigint",
    )
    .fetch_all(desk.log.pool())
    .await
    .expect("the database answers");
    let in_file: Vec<String> = sample().cases.into_iter().map(|case| case.reference).collect();
    assert_eq!(numbered, in_file);
}

#[tokio::test]
async fn a_dry_run_says_the_same_and_leaves_nothing() {
    let mut desk = desk().await;
    desk.import.dry_run = true;
    let said = desk.import(sample()).await;
    for table in ["events", "streams", "reservations"] {
        assert_eq!(desk.count(table).await, 0, "{table}");
    }
    desk.import.dry_run = false;
    assert_eq!(desk.import(sample()).await, said);
}

#[tokio::test]
async fn a_longer_export_adds_what_is_new() {
    let desk = desk().await;
    let mut shorter = ndjson_sample();
    shorter.cases[0].rows.truncate(2);
    shorter.cases.truncate(1);
    assert_eq!(desk.import(shorter).await.events, 3);
    let rest = desk.import(ndjson_sample()).await;
    assert_eq!((rest.cases_extended, rest.cases_created, rest.events), (1, 2, 9));
    desk.holds(12).await;
}

#[tokio::test]
async fn an_export_of_the_newest_rows_alone_goes_on_where_the_one_before_ended() {
    let facts = async |desk: &Desk| {
        let ids = Identities::of(&"old-desk".parse().expect("a slug"), PeopleKey::of(&desk.log));
        let loaded = desk.log.load::<Case>(&ids.case("T-1001").to_string()).await.expect("loads");
        let events = loaded.events.iter().map(|event| (event.event.occurred_at, event.event.fact.type_name()));
        events.collect::<Vec<_>>()
    };
    let rows = |range: std::ops::Range<usize>| {
        let mut export = ndjson_sample();
        export.cases.truncate(1);
        export.rows = range.len() as u64;
        export.cases[0].rows = export.cases[0].rows[range].to_vec();
        export
    };
    let whole = desk().await;
    whole.import(rows(0..5)).await;
    let in_parts = desk().await;
    for (range, events, unchanged) in [(0..2, 3, 0), (2..4, 3, 0), (3..5, 1, 1), (2..5, 0, 3)] {
        let report = in_parts.import(rows(range.clone())).await;
        assert_eq!((report.events, report.rows_unchanged, report.refused), (events, unchanged, vec![]), "{range:?}");
    }
    in_parts.holds(7).await;
    assert_eq!(facts(&in_parts).await, facts(&whole).await);
}

#[tokio::test]
async fn two_imports_of_one_file_at_once_make_one_history() {
    let desk = desk().await;
    let (one, other) = tokio::join!(desk.import(sample()), desk.import(sample()));
    assert_eq!(one.rows_with_events + other.rows_with_events, 46);
    assert_eq!(one.rows_with_events + one.rows_unchanged + one.refused.len() as u64, 54);
    assert_eq!(one.cases_created + other.cases_created, 12);
    desk.holds(69).await;
    let alone = self::desk().await;
    alone.import(sample()).await;
    let kinds = async |desk: &Desk| {
        let mut kinds: Vec<_> = desk.names().await.into_iter().map(|(_, _, _, kind)| kind).collect();
        kinds.sort();
        kinds
    };
    assert_eq!(kinds(&desk).await, kinds(&alone).await, "each name once");
}

#[tokio::test]
async fn a_history_of_more_events_than_one_append_takes_is_split_and_whole() {
    let desk = desk().await;
    let rows: Vec<String> = (0..1_100)
        .map(|order| {
            let priority = if order % 2 == 0 { "High" } else { "Low" };
            json!({
                "system": "old-desk", "reference": "T-1", "updated_at": "2026-03-02T09:00:00Z", "order": order,
                "state": "New", "agent": "Bo", "account": "A", "contact": "C", "queue": "q", "type": "t",
                "category": "c", "priority": priority,
            })
            .to_string()
        })
        .collect();
    let export = || read_ndjson(rows.join("\n").as_bytes()).expect("readable");
    let first = desk.import(export()).await;
    assert_eq!((first.rows_with_events, first.events, first.cases_created), (1_100, 1_100, 1));
    assert_eq!(desk.import(export()).await.rows_unchanged, 1_100);
    desk.holds(1_100).await;
}

#[tokio::test]
async fn a_reference_that_another_case_carries_is_refused() {
    let desk = desk().await;
    let mut other = ndjson_sample();
    other.cases.remove(0);
    desk.import(other).await;
    let ids = Identities::of(&"old-desk".parse().expect("a slug"), PeopleKey::of(&desk.log));
    let loaded = desk.log.load::<Case>(&ids.case("T-1003").to_string()).await.expect("loads");
    let waiting = loaded.events.last().expect("the case waits").clone();
    let elsewhere = desk.log.load::<Case>(&Ids::random().next().to_string()).await.expect("loads");
    let reservations = vec![Reservation { kind: "external_reference", value: "old-desk/T-1001".to_owned() }];
    let options = AppendOptions { reservations, ..AppendOptions::at(Clock::system().now()) };
    desk.log.append(&elsewhere, vec![(waiting.event, waiting.metadata)], options).await.expect("appends");

    let report = desk.import(ndjson_sample()).await;
    let reasons: Vec<_> = report.refused.iter().map(|row| (row.line, row.reason.clone())).collect();
    assert_eq!(reasons, (1..=5).map(|line| (line, RowRefusal::ReferenceTaken)).collect::<Vec<_>>());
    assert_eq!((report.cases_left_out, report.cases_untouched), (1, 2));
}

#[tokio::test]
async fn an_account_that_is_known_by_its_reference_keeps_its_id_and_gets_what_the_export_names() {
    let desk = desk().await;
    let ids = Ids::random();
    let text = |text| PlainText::parse(text, 100).unwrap();
    let new = NewAccount {
        account: AccountId(ids.next()),
        keys: [ids.next().into(), ids.next().into()],
        reference: text("Example Company"),
        name: text("Example Company Ltd"),
        at: Clock::system().now(),
    };
    let request = RequestId(ids.next());
    let registry = Registry::new(desk.log.clone(), request, Channel::Desk, Clock::system().now());
    let (account, _) = registry.account(new).await.unwrap();
    desk.import(ndjson_sample()).await;
    let ids = Identities::of(&"old-desk".parse().expect("a slug"), PeopleKey::of(&desk.log));
    let loaded = desk.log.load::<Case>(&ids.case("T-1001").to_string()).await.expect("loads");
    let CaseFact::Opened(opened) = &loaded.events[0].event.fact else { panic!("a case begins by being opened") };
    assert_eq!(opened.account, account);

    let mut conn = desk.log.pool().acquire().await.unwrap();
    let (mut people, mut places) = (vec![], vec![]);
    for event in read_page(&mut conn, desk.log.codec(), 0, i64::MAX, 1_000).await.unwrap() {
        let words = |line: &domain::Line| line.text.value().unwrap().as_str().to_owned();
        match event.event.unwrap().0 {
            AnyEvent::Person { event: PersonEvent { fact: PersonFact::PersonRegistered(details), .. }, .. } => {
                people.push(words(&details.name));
            }
            AnyEvent::Account { account_id, event } if account_id == account => match event.fact {
                AccountFact::LocationAdded { address, .. } => places.push(words(&address)),
                AccountFact::ProductInstalled { name, .. } => places.push(words(&name)),
                _ => {}
            },
            _ => {}
        }
    }
    people.sort();
    assert_eq!(people, ["Ana Torres", "Bo Lind", "Cy Moreau", "Di Okafor", "Ed Novak", "reception", "system"]);
    assert_eq!(places, ["1 Example Street", "SmartVoice 20"]);
}

#[tokio::test]
async fn the_public_incident_log_comes_in_whole() {
    let path = beside("../shared/data/incidents.csv");
    if !path.exists() {
        println!("skipped: {} is not there", path.display());
        return;
    }
    let desk = desk().await;
    let first = desk.import(csv(&path)).await;
    let expected = Report {
        rows: 2_040,
        rows_with_events: 1_438,
        rows_unchanged: 602,
        events: 2_154,
        inferred_steps: 136,
        placeholders: 609,
        cases_created: 300,
        ..Report::default()
    };
    assert_eq!(first, expected);
    desk.holds(2_154).await;
    assert_eq!(desk.import(csv(&path)).await.rows_unchanged, 2_040);
    desk.holds(2_154).await;
}
