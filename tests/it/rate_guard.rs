//! Tries are counted in PostgreSQL, whoever counts them, and what happens to credentials is in the access log.

use std::time::Duration;

use api::{
    http::ClientAddress,
    identity::{Authentication, AuthenticationEvent, RateError, RateGuard, RateLimit, verify_access_log},
};
use chrono::TimeDelta;
use domain::{PersonId, RequestId};
use event_log::MasterKey;
use futures_util::future::join_all;
use harness::TestApp;
use sqlx::Executor as _;
use strum::IntoEnumIterator as _;
use uuid::Uuid;

const BY_ADDRESS: RateLimit = RateLimit { kind: "test.address", tries: 3, window: Duration::from_hours(1) };
const BY_NETWORK: RateLimit = RateLimit { kind: "test.network", tries: 5, window: Duration::from_mins(10) };

#[expect(clippy::unnecessary_wraps, reason = "limits take a network that may be unknown")]
fn client(address: &str) -> Option<ClientAddress> {
    Some(ClientAddress::new(address.parse().unwrap()))
}

#[tokio::test]
async fn tries_are_counted_by_each_limit_until_the_window_ends_and_swept_then() {
    let app = TestApp::start().await;
    let rates = &app.service.services().rates;
    let mut conn = app.pool.acquire().await.unwrap();
    for (number, address, network, expected_s) in [
        (1, "ana@example.com", "2001:db8::1", None),
        (2, "ana@example.com", "2001:db8::2", None),
        (3, "ana@example.com", "192.0.2.1", None),
        (4, "ana@example.com", "192.0.2.2", Some(3600)),
        (5, "ben@example.com", "2001:db8::3", None),
        (6, "cleo@example.com", "2001:db8::4", None),
        (7, "dora@example.com", "2001:db8::5", None),
        (8, "emil@example.com", "2001:db8::ffff:6", Some(600)),
        (9, "emil@example.com", "2001:db8:0:1::6", None),
        // Both are over: it takes the longer time.
        (10, "ana@example.com", "2001:db8::7", Some(3600)),
    ] {
        let tries = [BY_ADDRESS.by(address), BY_NETWORK.by_network(client(network))];
        let wait_s = match rates.count(&mut conn, &tries, app.clock.now()).await {
            Ok(()) => None,
            Err(RateError::TooMany { retry_after }) => Some(retry_after.as_secs()),
            Err(RateError::Database(error)) => panic!("{error}"),
        };
        assert_eq!(wait_s, expected_s, "try {number}");
    }
    app.clock.advance(TimeDelta::milliseconds(3_599_001));
    let again = rates.count(&mut conn, &[BY_ADDRESS.by("ana@example.com")], app.clock.now()).await;
    assert!(matches!(again, Err(RateError::TooMany { retry_after }) if retry_after.as_secs() == 1), "{again:?}");
    app.clock.advance(TimeDelta::seconds(1));
    rates.count(&mut conn, &[BY_ADDRESS.by("ana@example.com")], app.clock.now()).await.unwrap();

    let counted: i64 = sqlx::query_scalar("select count(*) from rate_counts").fetch_one(&app.pool).await.unwrap();
    let swept = RateGuard::sweep(&app.pool, app.clock.now()).await.unwrap();
    assert_eq!(swept.cast_signed(), counted - 1, "what has not ended stays");
}

/// Twenty instances, each with connections and a guard of its own, under one master key.
#[tokio::test]
async fn of_many_tries_at_once_at_several_instances_as_many_go_on_as_may() {
    let app = TestApp::start().await;
    let tries = (0..20).map(|_| async {
        let guard = RateGuard::new(&MasterKey::from_bytes([7; 32]));
        let mut conn = app.pool.acquire().await.unwrap();
        guard.count(&mut conn, &[BY_ADDRESS.by("ana@example.com")], app.clock.now()).await.is_ok()
    });
    assert_eq!(join_all(tries).await.into_iter().filter(|went_on| *went_on).count(), 3);
}

#[tokio::test]
async fn what_is_counted_by_is_not_written_down() {
    let app = TestApp::start().await;
    let mut conn = app.pool.acquire().await.unwrap();
    let tries = [BY_ADDRESS.by("ana@example.com"), BY_NETWORK.by_network(client("192.0.2.77"))];
    app.service.services().rates.count(&mut conn, &tries, app.clock.now()).await.unwrap();
    let other = RateGuard::new(&MasterKey::from_bytes([8; 32]));
    other.count(&mut conn, &tries, app.clock.now()).await.unwrap();
    let rows: Vec<String> =
        sqlx::query_scalar("select row_to_json(c)::text from rate_counts as c").fetch_all(&app.pool).await.unwrap();
    assert_eq!(rows.len(), 4, "another master key makes other keys: {rows:?}");
    assert!(rows.iter().all(|row| !row.contains("ana@") && !row.contains("192.0.2")), "{rows:?}");
}

#[tokio::test]
async fn what_happens_to_credentials_is_chained_with_what_auditors_read() {
    let app = TestApp::start().await;
    let log = &app.service.services().access_log;
    let auditor = app.auditor().await;
    let request = RequestId(Uuid::from_u128(7));
    let somebody = Some(PersonId(Uuid::from_u128(8)));
    for event in AuthenticationEvent::iter() {
        for (person, client) in [(somebody, client("192.0.2.1")), (None, client("2001:db8::1")), (somebody, None)] {
            let what = Authentication { person, event, object: "test", client, request };
            log.record_authentication(&what).await.unwrap();
        }
        auditor.data("{ cases { totalCount } }", serde_json::json!({})).await;
    }
    let events = AuthenticationEvent::iter().count();
    let rows = i64::try_from(events * 4).unwrap();
    assert_eq!(verify_access_log(&app.pool).await.unwrap(), Ok(rows));

    let networks: i64 = sqlx::query_scalar("select count(distinct network) from access_log where network is not null")
        .fetch_one(&app.pool)
        .await
        .unwrap();
    assert_eq!(networks, 2);
    let written: Vec<String> =
        sqlx::query_scalar("select row_to_json(a)::text from access_log as a").fetch_all(&app.pool).await.unwrap();
    assert!(written.iter().all(|row| !row.contains("192.0.2") && !row.contains("2001:db8")));

    let mut owner = app.owner().await;
    for (sequence, change) in [
        (9, "network = null"),
        (6, "principal = '00000000-0000-0000-0000-000000000009'"),
        (5, "operation = 'auth.signed_in'"),
        (1, "network = decode(repeat('11', 32), 'hex')"),
    ] {
        let tamper = format!(
            "set session_replication_role = replica; update access_log set {change} where sequence = {sequence}"
        );
        owner.execute(tamper.as_str()).await.unwrap();
        assert_eq!(verify_access_log(&app.pool).await.unwrap().unwrap_err().sequence, sequence, "{change}");
    }
}

/// A transaction that did not happen has recorded nothing, and the chain goes on.
#[tokio::test]
async fn what_is_recorded_in_a_transaction_is_of_the_transaction() {
    let app = TestApp::start().await;
    let log = &app.service.services().access_log;
    let (event, request) = (AuthenticationEvent::PasswordChanged, RequestId(Uuid::from_u128(7)));
    let what = Authentication { person: None, event, object: "change", client: None, request };
    for commits in [false, true, false, true] {
        let mut tx = app.pool.begin().await.unwrap();
        log.record_authentication_in(&mut tx, &what).await.unwrap();
        if commits { tx.commit().await.unwrap() } else { tx.rollback().await.unwrap() }
    }
    assert_eq!(verify_access_log(&app.pool).await.unwrap(), Ok(2));
}
