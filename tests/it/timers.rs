//! What time does to cases, across three instances on one database, by a clock that the test moves.

use std::sync::Arc;

use api::{
    credentials::CredentialRules,
    graphql::GlobalId as _,
    service::{Parts, Service},
    timers,
};
use async_graphql::ID;
use chrono::TimeDelta;
use domain::{CaseId, Role};
use event_log::{EventLog, MasterKey};
use harness::{TestApp, until};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    graphql_desk::{Desk, Stage, resolution},
    graphql_references::import_rows,
};

/// A desk whose cases three instances watch.
async fn three_instances() -> Desk {
    let desk = Desk::open().await;
    for _ in 0..2 {
        tokio::spawn(timers::run(Arc::clone(another_instance(&desk).await.services())));
    }
    tokio::spawn(timers::run(Arc::clone(desk.app.service.services())));
    desk
}

/// One more instance on the desk's database.
pub async fn another_instance(desk: &Desk) -> Service {
    instance_with(&desk.app, harness::cheap_rules()).await
}

/// Another instance on a database, with rules of its own for what people sign in with.
pub async fn instance_with(app: &TestApp, rules: CredentialRules) -> Service {
    let master = Arc::new(MasterKey::from_bytes([7; 32]));
    let log = EventLog::new(app.pool.clone(), Arc::clone(&master));
    let (ids, files) = (app.service.services().commands.ids.clone(), app.service.services().files.clone());
    let credentials = harness::credentials_with(&master, rules);
    let parts = Parts { pool: app.pool.clone(), log, master, clock: app.clock.clone(), ids, files, credentials };
    Service::start(parts).await.unwrap()
}

async fn case(desk: &Desk, case_id: &Value) -> Value {
    let document = "query($id: ID!) { case(id: $id) {
        status wait { reason } closing { cause } activity(first: 100) { nodes { kind via actorRole } }
    } }";
    desk.agent.data(document, json!({ "id": case_id })).await["case"].take()
}

/// How many entries of a kind a case has.
fn count(case: &Value, kind: &str) -> usize {
    case["activity"]["nodes"].as_array().unwrap().iter().filter(|entry| entry["kind"] == kind).count()
}

async fn until_status(desk: &Desk, case_id: &Value, status: &str) -> Value {
    until("time to do its work", async || Some(case(desk, case_id).await).filter(|case| case["status"] == status)).await
}

#[tokio::test]
async fn a_resolution_that_nobody_objects_to_is_closed_once_after_ten_days() {
    let desk = three_instances().await;
    let stays = desk.case_in(Stage::Resolved).await;
    let reopened = desk.case_in(Stage::Resolved).await;
    desk.step(&desk.contact, "caseResolutionReject", &reopened, json!({})).await;
    desk.app.clock.advance(TimeDelta::days(5));
    let is_reminded = |case: &Value| count(case, "REMINDER_DUE") > 0;
    let reminded = until("time to remind", async || Some(case(&desk, &stays).await).filter(is_reminded)).await;
    assert_eq!((&reminded["status"], count(&reminded, "REMINDER_DUE")), (&json!("RESOLVED"), 1));
    desk.app.clock.advance(TimeDelta::days(4));
    let late = desk.case_in(Stage::Resolved).await;
    desk.app.clock.advance(TimeDelta::days(1));
    let closed = until_status(&desk, &stays, "CLOSED").await;
    assert_eq!(closed["closing"]["cause"], "TIME_ELAPSED");
    assert_eq!((count(&closed, "CLOSED"), count(&closed, "REMINDER_DUE")), (1, 1), "{closed:#}");
    assert!(closed["activity"]["nodes"].as_array().unwrap().iter().any(|entry| entry["via"] == "CLOCK"), "{closed:#}");
    for case_id in [&reopened, &late] {
        let case_id = CaseId::from_global(&ID(case_id.as_str().unwrap().to_owned())).unwrap();
        desk.app.service.services().commands.act_on_time(case_id).await.unwrap();
    }
    let open = case(&desk, &reopened).await;
    assert_eq!((&open["status"], count(&open, "REMINDER_DUE")), (&json!("OPEN"), 0), "a reopening stops both");
    assert_eq!(case(&desk, &late).await["status"], "RESOLVED", "not before its own ten days");
    desk.step(&desk.agent, "caseResolve", &reopened, resolution()).await;
    desk.app.clock.advance(TimeDelta::days(10));
    assert_eq!(count(&until_status(&desk, &reopened, "CLOSED").await, "CLOSED"), 1);
    assert_eq!(count(&until_status(&desk, &late, "CLOSED").await, "CLOSED"), 1);
}

#[tokio::test]
async fn an_answer_waits_for_as_long_as_the_rules_said_when_it_was_given() {
    let desk = three_instances().await;
    let before = desk.case_in(Stage::Resolved).await;
    let administrator = desk.app.staff(Role::Administrator).await;
    let periods = json!({ "remindAfterDays": 1, "closeAfterDays": 3 });
    administrator.succeed("rulesResolutionSet", periods, "caseRules { closeAfterDays }").await;
    let after = desk.case_in(Stage::Resolved).await;
    let mistaken = desk.case_in(Stage::Resolved).await;
    desk.step(&desk.contact, "caseResolutionReject", &mistaken, json!({})).await;
    desk.step(&desk.agent, "caseReopenUndo", &mistaken, json!({})).await;
    desk.app.clock.advance(TimeDelta::days(3));
    for case_id in [&after, &mistaken] {
        assert_eq!(count(&until_status(&desk, case_id, "CLOSED").await, "CLOSED"), 1);
    }
    let case_id = CaseId::from_global(&ID(before.as_str().unwrap().to_owned())).unwrap();
    desk.app.service.services().commands.act_on_time(case_id).await.unwrap();
    assert_eq!(case(&desk, &before).await["status"], "RESOLVED", "it was given ten days");
    desk.app.clock.advance(TimeDelta::days(7));
    until_status(&desk, &before, "CLOSED").await;
}

#[tokio::test]
async fn a_wait_ends_once_when_its_date_comes_and_one_that_was_put_off_does_not() {
    let desk = three_instances().await;
    let (waits, puts_off) = (desk.case_in(Stage::Open).await, desk.case_in(Stage::Open).await);
    let wait = |days| json!({ "reason": "VENDOR", "until": desk.app.clock.now() + TimeDelta::days(days) });
    desk.step(&desk.agent, "caseWaitStart", &waits, wait(2)).await;
    desk.step(&desk.agent, "caseWaitStart", &puts_off, wait(2)).await;
    desk.step(&desk.agent, "caseWaitStart", &puts_off, wait(5)).await;
    desk.app.clock.advance(TimeDelta::days(2));
    let ended = async || Some(case(&desk, &waits).await).filter(|case| case["wait"].is_null());
    let ended = until("the wait to end", ended).await;
    assert_eq!(count(&ended, "WAIT_ENDED"), 1, "{ended:#}");
    let waiting = case(&desk, &puts_off).await;
    assert_eq!(waiting["wait"]["reason"], "VENDOR");
    assert_eq!(count(&waiting, "WAIT_ENDED"), 1, "the first was replaced, the second goes on: {waiting:#}");
}

#[tokio::test]
async fn imported_cases_wait_for_no_time() {
    let desk = Desk::open().await;
    let rows = json!({
        "system": "old-desk", "reference": "T-4", "updated_at": "2026-03-02T08:00:00Z", "state": "Resolved",
        "agent": "Bo", "account": "ACME", "contact": "Cy", "queue": "q", "type": "t", "category": "c",
    });
    import_rows(&desk.app.service, &[rows]).await;
    let answered = desk.case_in(Stage::Resolved).await;
    let due = sqlx::query_scalar("select case_id from case_v1.case_details where closes_at is not null");
    let due: Vec<Uuid> = due.fetch_all(&mut desk.app.owner().await).await.unwrap();
    let due: Vec<_> = due.into_iter().map(|case_id| json!(CaseId(case_id).global())).collect();
    assert_eq!(due, [answered], "the one that was answered here");
}

/// A case and its entries are read at the same time, by two statements: what comes in between must not tear them apart.
#[tokio::test(flavor = "multi_thread")]
async fn a_case_is_shown_with_its_last_entry_while_others_write() {
    let desk = Desk::open().await;
    let case_id = desk.case_in(Stage::Open).await;
    let writes = async {
        for round in 0..60 {
            desk.app.clock.advance(TimeDelta::seconds(1));
            desk.step(&desk.contact, "casePostMessage", &case_id, json!({ "body": format!("line {round}") })).await;
        }
    };
    let by_id = "query($id: ID!) { case(id: $id) { number updatedAt activity(first: 1) { nodes { occurredAt } } } }";
    let by_number = "query($number: String!) {
        case(number: $number) { updatedAt activity(last: 1, order: OLDEST_FIRST) { nodes { occurredAt } } } }";
    let number = desk.agent.data(by_id, json!({ "id": case_id })).await["case"]["number"].take();
    let reads = async {
        loop {
            for (document, variables) in [(by_id, json!({ "id": case_id })), (by_number, json!({ "number": number }))] {
                let seen = desk.agent.data(document, variables).await;
                let last = &seen["case"]["activity"]["nodes"][0]["occurredAt"];
                assert_eq!(&seen["case"]["updatedAt"], last, "{seen:#}");
            }
        }
    };
    tokio::select! {
        () = writes => {}
        () = reads => unreachable!("they go on until the last was written"),
    }
}
