//! `casestream demo` through the real program.

use std::process::Output;

use crate::service::{Place, READY, until};

fn run(place: &Place, settings: &[(&str, String)]) -> (i32, String, String) {
    let Output { status, stdout, stderr } =
        place.command(&["demo"]).envs(settings.iter().cloned()).output().expect("the binary runs");
    let [stdout, stderr] = [stdout, stderr].map(|bytes| String::from_utf8(bytes).expect("it writes UTF-8"));
    (status.code().expect("it ends by itself"), stdout, stderr)
}

#[test]
fn production_is_refused_before_anything_is_opened() {
    let place = Place::new();
    let key = place.path().join("master.key").to_string_lossy().into_owned();
    let production = [("CASESTREAM_MODE", "production".to_owned()), ("CASESTREAM_MASTER_KEY_FILE", key)];
    let (code, output, complaint) = run(&place, &production);
    assert_eq!((code, output.as_str()), (1, ""), "{complaint}");
    assert!(complaint.contains("the demo is for development: CASESTREAM_MODE is production here"), "{complaint}");
    assert!(!place.data_dir().exists(), "nothing was begun");
}

/// Beside a running service, as it is meant to be used: the service mails nothing of it, and a second run says the same.
#[tokio::test]
async fn the_demo_beside_a_running_service_prints_its_sign_ins_and_is_mailed_to_nobody() {
    let place = Place::new();
    let service = place.serve_until(READY).await;
    let (code, table, said) = run(&place, &[]);
    assert_eq!(code, 0, "{said}");
    let mut lines = table.lines();
    let heads: Vec<_> =
        lines.next().expect("a first line").split("  ").map(str::trim).filter(|head| !head.is_empty()).collect();
    assert_eq!(heads, ["ROLE", "NAME", "SIGNS IN AS", "PASSWORD", "OF"]);
    assert!(lines.clone().count() > 40, "{table}");
    for role in ["agent", "supervisor", "administrator", "auditor", "analyst", "contact"] {
        assert!(table.lines().any(|line| line.starts_with(&format!("{role} "))), "{role}: {table}");
    }
    let mut connection = place.connect().await;
    let last: i64 = sqlx::query_scalar("select max(position) from events").fetch_one(&mut connection).await.unwrap();
    until("the service to have looked at all of it", async || {
        let seen = "select position from consumers where name = 'notices'";
        let seen: i64 = sqlx::query_scalar(seen).fetch_one(&mut connection).await.unwrap();
        (seen >= last).then_some(())
    })
    .await;
    let mails: i64 = sqlx::query_scalar("select count(*) from mails").fetch_one(&mut connection).await.unwrap();
    assert_eq!(mails, 0);
    let (code, again, said) = run(&place, &[]);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("the demo is there already, and nothing was changed"), "{said}");
    assert_eq!(again, table);
    let now: i64 = sqlx::query_scalar("select max(position) from events").fetch_one(&mut connection).await.unwrap();
    assert_eq!(now, last);
    drop(connection);
    assert!(service.terminate().await.success());
}
