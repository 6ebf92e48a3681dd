//! What an operator asks on the command line, beside a running service and without one.

use std::{
    fs::{self, Permissions},
    net::TcpListener,
    os::unix::fs::PermissionsExt as _,
    process::Output,
};

use serde_json::json;
use sqlx::Executor as _;

use crate::service::{Place, READY};

/// Runs a subcommand to its end; answers its exit code, its output and its last complaint.
pub fn run(place: &Place, arguments: &[&str]) -> (i32, String, String) {
    let Output { status, stdout, stderr } = place.command(arguments).output().unwrap();
    let complaint = String::from_utf8(stderr).unwrap().lines().last().unwrap_or_default().to_owned();
    (status.code().unwrap(), String::from_utf8(stdout).unwrap(), complaint)
}

/// Imports the sample histories that come with the documentation.
pub fn import_sample(place: &Place) {
    let examples = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/examples/import");
    let (mapping, sample) = (format!("{examples}/incidents.toml"), format!("{examples}/sample.csv"));
    let (code, output, complaint) = run(place, &["import", "cases", "--mapping", &mapping, &sample]);
    assert!(code == 0 || code == 3, "{output}{complaint}");
}

/// A mapping that lacks a state is found before there are histories with holes in them.
#[test]
fn a_state_that_the_mapping_does_not_know_stops_the_import_before_it_begins() {
    let place = Place::new();
    let examples = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/examples/import");
    let whole = std::fs::read_to_string(format!("{examples}/incidents.toml")).unwrap();
    let holes: String =
        whole.lines().filter(|line| !line.starts_with("\"Active\"")).map(|line| line.to_owned() + "\n").collect();
    assert_ne!(holes, whole, "the example maps the state Active");
    let mapping = place.path().join("holes.toml");
    std::fs::write(&mapping, holes).unwrap();
    let (mapping, sample) = (mapping.to_str().unwrap(), format!("{examples}/sample.csv"));
    let (code, output, complaint) = run(&place, &["import", "cases", "--mapping", mapping, &sample]);
    assert_eq!((code, output.as_str()), (1, ""), "{complaint}");
    assert!(
        complaint.contains("nothing was recorded: the state `Active`") && complaint.contains("rows, the first in line"),
        "{complaint}"
    );
    let (code, output, _) = run(&place, &["import", "cases", "--skip-unmapped", "--mapping", mapping, &sample]);
    assert_eq!(code, 3, "{output}");
}

#[tokio::test]
async fn an_operator_at_work_beside_a_running_service() {
    let place = Place::new();
    let service = place.serve_until(READY).await;
    tokens(&place);
    users(&place).await;
    import_sample(&place);
    history(&place, 1).await;
    ambiguous_reference(&place);
    let (code, output, complaint) = run(&place, &["rebuild", "--prepare"]);
    assert_eq!(code, 0, "{complaint}");
    for group in ["directory", "case"] {
        assert!(output.contains(&format!("{group}: version 2 is live")), "{output}");
    }
    history(&place, 2).await;
    tampering(&place).await;
    assert!(service.terminate().await.success());
    master_keys(&place);
}

/// Nobody steps the read models between two commands: each that needs them brings them to the end of the log itself.
#[test]
fn a_history_is_there_right_after_an_import_without_a_service() {
    let place = Place::new();
    import_sample(&place);
    let (code, output, complaint) = run(&place, &["history", "CS-000001"]);
    assert_eq!(code, 0, "{complaint}");
    assert!(output.starts_with("CS-000001") && output.contains("Opened"), "{output}");
    let (code, output, complaint) = run(&place, &["links", "CS-000001"]);
    assert_eq!((code, output.as_str()), (0, ""), "nobody watches what was imported: {complaint}");
    let (code, _, complaint) = run(&place, &["links", "CS-999999"]);
    assert!(code == 1 && complaint.contains("there is no case `CS-999999`"), "{complaint}");
    assert!(place.postgres_pid().is_none(), "PostgreSQL was left running");
}

fn tokens(place: &Place) {
    for (arguments, words) in [
        (&["--role", "contact", "--name", "Ana"][..], "at least one account: add --account"),
        (&["--role", "agent", "--name", "Ana", "--account", "ACME"], "leave --account out"),
        (&["--role", "agent", "--name", "Ana", "--scope", "cases:read"], "leave --scope out"),
        (&["--role", "clock", "--name", "Ana"], "choose another role"),
    ] {
        let (code, output, complaint) = run(place, &[&["token", "create"], arguments].concat());
        assert_eq!((code, output.as_str()), (1, ""), "{complaint}");
        assert!(complaint.contains(words), "{complaint}");
    }
    for arguments in [&["--role", "king", "--name", "Ana"][..], &["--role", "agent"], &["--name", "Ana"]] {
        let (code, output, _) = run(place, &[&["token", "create"], arguments].concat());
        assert_eq!((code, output.as_str()), (2, ""));
    }
    let (code, output, complaint) = run(place, &["token", "create", "--role", "agent", "--name", "Ana"]);
    assert_eq!(code, 0, "{complaint}");
    assert_is_token(&output);
    let contact = ["token", "create", "--role", "contact", "--name", "Ed", "--account", "Bakery", "Mill"];
    let (code, output, complaint) = run(place, &contact);
    assert_eq!(code, 0, "{complaint}");
    assert_is_token(&output);
    assert!(complaint.contains("opened the accounts Bakery, Mill"), "{complaint}");
    let (code, _, complaint) = run(place, &contact);
    assert_eq!(code, 0, "{complaint}");
    assert!(!complaint.contains("opened"), "they are there now: {complaint}");
}

/// The first administrator comes in by a link that is printed once; the same again makes that good for nothing.
async fn users(place: &Place) {
    let create = |role: &'static str, email: &'static str| ["user", "create", "--email", email, "--role", role];
    for (arguments, words) in [
        (create("administrator", "root"), "no e-mail address"),
        (create("service", "root@example.com"), "no person has the role service"),
    ] {
        let (code, output, complaint) = run(place, &arguments);
        assert_eq!((code, output.as_str()), (1, ""), "{complaint}");
        assert!(complaint.contains(words) || complaint.contains("not an e-mail address"), "{complaint}");
    }
    let mut connection = place.connect().await;
    let mut links: Vec<String> = vec![];
    for _ in 0..2 {
        let (code, output, complaint) = run(place, &create("administrator", "root@example.com"));
        assert_eq!(code, 0, "{complaint}");
        let (address, token) = output.trim().split_once('#').expect("a link");
        assert!(address.starts_with("http://127.0.0.1:") && address.ends_with("/activate"), "{address}");
        assert!(token.starts_with("csl_") && !links.iter().any(|link| link == token), "a new token");
        let good = "select count(*) from links where token_hash = sha256($1::text::bytea)";
        links.push(token.to_owned());
        let mut found = vec![];
        for link in &links {
            found.push(sqlx::query_scalar::<_, i64>(good).bind(link).fetch_one(&mut connection).await.unwrap());
        }
        assert_eq!(found.iter().sum::<i64>(), 1, "the newest alone");
        assert_eq!(found.last(), Some(&1));
    }
    let links_mailed = "select count(*) from mails where kind = 'activation'";
    let mails: i64 = sqlx::query_scalar(links_mailed).fetch_one(&mut connection).await.unwrap();
    assert_eq!(mails, 0, "the link was handed over");
    let (code, output, complaint) = run(place, &create("agent", "root@example.com"));
    assert_eq!((code, output.as_str()), (1, ""));
    assert!(complaint.contains("invited before"), "{complaint}");
    let (code, output, complaint) = run(place, &["user", "list"]);
    assert_eq!(code, 0, "{complaint}");
    let [line] = &output.lines().collect::<Vec<_>>()[..] else { panic!("one user: {output}") };
    assert!(line.contains("invited") && line.ends_with("administrator  root@example.com  root"), "{line}");
}

fn assert_is_token(output: &str) {
    let length = output.trim().len();
    assert!(output.starts_with("cst_") && length == 47, "a token and nothing else: {length} characters");
}

/// A case is printed alike by its number, its id and the number that it had elsewhere.
async fn history(place: &Place, version: u32) {
    let by_number = run(place, &["history", "CS-000001"]);
    assert_eq!(by_number.0, 0, "{}", by_number.2);
    assert!(by_number.1.contains("Opened"), "{}", by_number.1);
    let mut connection = place.connect().await;
    let first = format!("select case_id::text from case_v{version}.case_list where number = 1");
    let id: String = sqlx::query_scalar(&first).fetch_one(&mut connection).await.unwrap();
    let named = by_number.1.lines().next().unwrap();
    let reference = named.rsplit_once('(').unwrap().1.trim_end_matches(')');
    for name in [reference, reference.split_once('/').unwrap().1, &id, "cs-1"] {
        let (code, output, complaint) = run(place, &["history", name]);
        assert_eq!((code, &output), (0, &by_number.1), "{name}: {complaint}");
    }
    for name in ["CS-999999", "nothing", "00000000-0000-0000-0000-000000000000", "system/nothing"] {
        let (code, output, complaint) = run(place, &["history", name]);
        assert_eq!((code, output.as_str()), (1, ""));
        assert!(complaint.contains(&format!("there is no case `{name}`")), "{complaint}");
    }
}

/// A reference that cases of two systems have is refused; with its system it is not.
fn ambiguous_reference(place: &Place) {
    let row = |system: &str| {
        json!({
            "system": system, "reference": "T-1", "updated_at": "2026-03-02T08:00:00Z", "state": "New", "agent": "Bo",
            "account": "A", "contact": "Cy", "queue": "q", "type": "t", "category": "c",
        })
        .to_string()
    };
    let export = place.path().join("two-systems.ndjson");
    fs::write(&export, [row("old-desk"), row("new-desk")].join("\n")).unwrap();
    let (code, _, complaint) = run(place, &["import", "cases", export.to_str().unwrap()]);
    assert_eq!(code, 0, "{complaint}");
    let (code, output, complaint) = run(place, &["history", "T-1"]);
    assert_eq!((code, output.as_str()), (1, ""));
    assert!(complaint.contains("T-1: new-desk, old-desk; name one, as in new-desk/T-1"), "{complaint}");
    for system in ["old-desk", "new-desk"] {
        let (code, output, complaint) = run(place, &["history", &format!("{system}/T-1")]);
        assert_eq!(code, 0, "{complaint}");
        assert!(output.lines().next().unwrap().ends_with(&format!("({system}/T-1)")), "{output}");
    }
}

/// The first bad event is named, and the program fails.
async fn tampering(place: &Place) {
    let (code, output, complaint) = run(place, &["verify"]);
    assert_eq!(code, 0, "{complaint}");
    assert!(output.contains("all chains hold") && output.contains("cannot show"), "{output}");
    let mut connection = place.connect().await;
    let tamper = |change: &str| format!("set session_replication_role = replica; {change}");
    let forge = "create temp table kept as select * from events where sequence = 2 order by position limit 1;
        update events set metadata = '{}' where position = (select position from kept)";
    connection.execute(tamper(forge).as_str()).await.unwrap();
    let (code, _, complaint) = run(place, &["verify"]);
    assert_eq!(code, 1);
    assert!(complaint.contains("event 2 (position ") && complaint.contains("not as it was recorded"), "{complaint}");
    let mend = "update events set metadata = kept.metadata from kept where events.position = kept.position";
    connection.execute(mend).await.unwrap();
    assert_eq!(run(place, &["verify"]).0, 0);
    let cut = "delete from events where position = (select max(position) from events)";
    connection.execute(tamper(cut).as_str()).await.unwrap();
    let (code, _, complaint) = run(place, &["verify"]);
    assert_eq!(code, 1, "a tail that was cut off");
    assert!(complaint.contains("not as it was recorded"), "{complaint}");
}

/// A key that is lost or another's is refused in words, and no new one takes its place.
fn master_keys(place: &Place) {
    let file = place.data_dir().join("master.key");
    let key = fs::read(&file).unwrap();
    fs::remove_file(&file).unwrap();
    for arguments in [&["verify"][..], &["serve"], &["history", "CS-000001"]] {
        let (code, _, complaint) = run(place, arguments);
        assert_eq!(code, 1, "{complaint}");
        assert!(complaint.contains("master.key does not exist: restore it"), "{complaint}");
        assert!(!file.exists(), "no new key takes the place of the lost one");
    }
    fs::write(&file, "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n").unwrap();
    fs::set_permissions(&file, Permissions::from_mode(0o600)).unwrap();
    let (code, _, complaint) = run(place, &["serve"]);
    assert_eq!(code, 1, "{complaint}");
    assert!(complaint.contains("master key"), "{complaint}");
    fs::write(&file, key).unwrap();
    assert_eq!(run(place, &["history", "CS-000001"]).0, 0, "with the right key all is there again");
}

#[test]
fn a_port_in_use_is_refused_before_anything_is_started() {
    let place = Place::new();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    for setting in ["CASESTREAM_LISTEN", "CASESTREAM_OPERATIONS_LISTEN"] {
        let output = place.serve().env(setting, &address).output().unwrap();
        assert_eq!(output.status.code(), Some(1));
        let words = String::from_utf8(output.stderr).unwrap();
        assert!(words.contains(&address) && words.contains(setting), "{words}");
        assert!(!place.data_dir().join("postgres").exists(), "no PostgreSQL was made for it");
    }
}
