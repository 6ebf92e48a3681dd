//! Erasing people on the command line, beside a running service.

use std::{
    path::Path,
    process::{Command, Output, Stdio},
};

use api::postgres::{Binaries, OWNER_ROLE};

use crate::service::{Place, READY};

/// Runs a subcommand to its end, without a terminal; answers its exit code, its output and what it complained of.
fn run(place: &Place, arguments: &[&str]) -> (i32, String, String) {
    let Output { status, stdout, stderr } = place.command(arguments).stdin(Stdio::null()).output().unwrap();
    (status.code().unwrap(), String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap())
}

fn example(name: &str) -> String {
    concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/examples/").to_owned() + name
}

/// The files below a folder that hold some words.
fn holding(folder: &Path, words: &str) -> String {
    const LOOKS: usize = 20;
    for _ in 0..LOOKS {
        let output = Command::new("grep").args(["-rlaiF", words]).arg(folder).output().unwrap();
        // It fails when PostgreSQL took a file away that was about to be read.
        if matches!(output.status.code(), Some(0 | 1)) {
            return String::from_utf8(output.stdout).unwrap();
        }
    }
    panic!("{} could not be read whole", folder.display())
}

#[tokio::test]
async fn an_operator_looks_confirms_erases_and_cleans() {
    const ADDRESS: &str = "Ana.Torres@BAKERY.example";
    let place = Place::new();
    let service = place.serve_until(READY).await;
    let (accounts, cases) = (example("import/accounts.csv"), example("import/sample.ndjson"));
    assert_eq!(run(&place, &["import", "accounts", &accounts]).0, 0);
    assert_eq!(run(&place, &["import", "cases", &cases]).0, 0);
    let (_, before, _) = run(&place, &["history", "T-1002"]);
    assert!(before.contains("billed twice"), "{before}");

    for nobody in ["nobody@bakery.example", "00000000-0000-0000-0000-000000000001", "Ana Torres"] {
        let (code, _, complaint) = run(&place, &["person", "erase", nobody, "--yes"]);
        assert_eq!(code, 1);
        assert!(complaint.contains("there is no such person"), "{complaint}");
    }
    let (code, what, complaint) = run(&place, &["person", "erase", ADDRESS, "--what"]);
    assert_eq!(code, 0, "{complaint}");
    assert!(what.contains("texts 3, files 0") && what.contains("accounts 1"), "{what}");
    let (code, _, complaint) = run(&place, &["person", "erase", ADDRESS]);
    assert_eq!(code, 1, "nobody is there to confirm it");
    assert!(complaint.contains("confirm at a terminal, or give --yes"), "{complaint}");
    let (code, done, complaint) = run(&place, &["person", "erase", ADDRESS, "--yes"]);
    assert_eq!(code, 0, "{complaint}");
    assert!(done.contains("texts 3, files 0"), "{done}");
    let (code, _, complaint) = run(&place, &["person", "erase", ADDRESS, "--yes"]);
    assert_eq!(code, 1, "nobody has the address any more");
    assert!(complaint.contains("there is no such person"), "{complaint}");

    // Whoever brought the case in, as the history names them.
    let mut connection = place.connect().await;
    let opener: uuid::Uuid =
        sqlx::query_scalar("select opener_id from case_v1.case_list where external_reference = 'T-1002'")
            .fetch_one(&mut connection)
            .await
            .unwrap();
    let (code, done, complaint) = run(&place, &["person", "erase", &opener.to_string(), "--yes"]);
    assert_eq!(code, 0, "{complaint}");
    assert!(done.contains("cases with either"), "{done}");
    let (_, after, _) = run(&place, &["history", "T-1002"]);
    assert!(!after.contains("billed twice") && after.contains("description: [erased]"), "{after}");
    assert_eq!(run(&place, &["verify"]).0, 0);
    assert_eq!(run(&place, &["rebuild", "--prepare"]).0, 0);

    let program = Binaries::find_all(None).unwrap().remove(0).program("psql");
    let run_folder = place.data_dir().join("run");
    let cleaned = Command::new(program)
        .args(["-v", "ON_ERROR_STOP=1", "-d", "casestream", "-U", OWNER_ROLE, "-f", &example("erasure/clean.sql")])
        .arg("-h")
        .arg(&run_folder)
        .output()
        .unwrap();
    assert!(cleaned.status.success(), "{}", String::from_utf8_lossy(&cleaned.stderr));
    for words in ["ana.torres@bakery.example", "+1 555 0100", "billed twice"] {
        // The service's log is among the files.
        assert_eq!(holding(place.path(), words), "", "{words}");
    }
    assert!(service.terminate().await.success());
}
