//! Two tenants take turns on the same connections while requests are dropped half-way: what the one may see never reaches the
//! other.

use std::{sync::Arc, time::Duration};

use domain::Role;
use futures_util::{FutureExt as _, future::join_all};
use harness::TestCaller;
use serde_json::{Value, json};
use sqlx::Row as _;

use crate::graphql_desk::{Desk, open_case};

/// How often each of four callers asks, and how many of these questions nobody waits for.
const ROUNDS: usize = 400;

const DOCUMENT: &str = "{ cases(first: 20) { totalCount nodes { subject description account { reference } activity(first: 3) { nodes { text } } } }
    accounts { nodes { reference } } viewer { accounts { reference } } }";

/// Asks again and again; drops some of the requests at whatever moment they have come to, and checks what the others say.
async fn ask(caller: TestCaller, own: &'static str, foreign: &'static str, seed: usize) -> (usize, usize) {
    let (mut answered, mut dropped) = (0, 0);
    for round in 0..ROUNDS {
        let request = caller.request(DOCUMENT, &json!({})).send();
        // From at once to longer than an answer takes.
        let patience = Duration::from_micros(((round * 7_919 + seed * 104_729) % 6_000) as u64);
        if round % 3 == 0 {
            let Ok(Ok(response)) = tokio::time::timeout(patience, request).await else {
                dropped += 1;
                continue;
            };
            drop(response);
            dropped += 1;
            continue;
        }
        let answer: Value = request.await.expect("the service answers").json().await.expect("JSON");
        assert!(answer.get("errors").is_none(), "{answer:#}");
        let text = answer.to_string();
        assert!(text.contains(own), "{own} is there");
        assert!(!text.contains(foreign), "{foreign} reached {own}: {answer:#}");
        answered += 1;
    }
    (answered, dropped)
}

#[tokio::test(flavor = "multi_thread")]
async fn no_setting_of_row_level_security_reaches_the_next_request_of_a_connection() {
    let desk = Arc::new(Desk::open().await);
    let mut ours = desk.opening("canary-acme subject");
    ours["description"] = json!("canary-acme words");
    open_case(&desk.contact, ours).await;
    let globex = crate::graphql_desk::viewer(&desk.stranger).await["accounts"][0]["id"].take();
    let mut theirs = desk.opening("canary-globex subject");
    (theirs["description"], theirs["accountId"]) = (json!("canary-globex words"), globex);
    open_case(&desk.stranger, theirs).await;

    let callers = [
        (desk.contact.clone(), "canary-acme", "canary-globex"),
        (desk.stranger.clone(), "canary-globex", "canary-acme"),
        (desk.contact.clone(), "ACME", "GLOBEX"),
        (desk.stranger.clone(), "GLOBEX", "ACME"),
    ];
    let tasks = callers.into_iter().enumerate();
    let tasks =
        tasks.map(|(seed, (caller, own, foreign))| tokio::spawn(ask(caller, own, foreign, seed)).map(Result::unwrap));
    let counts = join_all(tasks).await;
    let answered: usize = counts.iter().map(|(answered, _)| answered).sum();
    let dropped: usize = counts.iter().map(|(_, dropped)| dropped).sum();
    assert!(answered > 800 && dropped > 400, "{answered} answered, {dropped} dropped");

    // Whoever gets a connection next finds the service's role, and nothing of anybody.
    // Those of dropped requests come back by themselves, a moment later: the first is waited for.
    let mut held = vec![];
    let mut next = Some(desk.app.pool.acquire().await.expect("a connection comes back"));
    while let Some(mut conn) = next {
        let row = sqlx::query(
            "select current_user::text as role, current_setting('search_path') as path,
                 concat_ws('', current_setting('casestream.accounts', true), current_setting('casestream.person', true),
                     current_setting('casestream.whole_accounts', true), current_setting('casestream.places', true),
                     current_setting('casestream.led_accounts', true)) as scope",
        )
        .fetch_one(&mut *conn)
        .await
        .unwrap();
        assert_eq!(row.get::<String, _>("role"), "casestream_writer");
        assert_eq!(row.get::<String, _>("scope"), "");
        assert!(!row.get::<String, _>("path").contains("_v"), "{}", row.get::<String, _>("path"));
        held.push(conn);
        next = desk.app.pool.try_acquire();
    }
    drop(held);
    assert!(
        desk.app.staff(Role::Agent).await.data("{ cases { totalCount } }", json!({})).await["cases"]["totalCount"] == 2
    );
}
