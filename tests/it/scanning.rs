//! Files are scanned for viruses before they count, by a real `clamd`; what is not found clean is not there.

use std::{io::Write as _, time::Duration};

use harness::{TestApp, TestClamd, until};
use reqwest::Response;
use serde_json::{Value, json};

use crate::{
    graphql_desk::{Desk, with_case},
    security_log::Log,
};

/// Longer than a scan takes on a machine that builds and tests at the same time.
const PATIENCE: Duration = Duration::from_mins(1);

async fn scanned_desk(limit: Duration) -> (TestClamd, Desk) {
    let clamd = TestClamd::start().await;
    let app = TestApp::start_scanned(clamd.scanner(limit)).await;
    (clamd, Desk::on(app).await)
}

fn infected() -> Vec<u8> {
    format!("line one\n{}\nline three\n", TestClamd::SAMPLE).into_bytes()
}

/// How many objects and uploads there are.
async fn left(desk: &Desk) -> (usize, i64) {
    let objects = std::fs::read_dir(desk.app.files.path()).unwrap().count();
    let staged: i64 =
        sqlx::query_scalar("select count(*) from staged_uploads").fetch_one(&desk.app.pool).await.unwrap();
    (objects, staged)
}

/// The status of an answer, and what it refuses with.
async fn refusal(response: Response) -> (u16, Value) {
    let status = response.status().as_u16();
    let answer: Value = response.json().await.unwrap();
    (status, answer["errors"][0]["extensions"]["code"].clone())
}

/// An archive with one compressed file, in which the file cannot be seen.
fn zipped(bytes: &[u8]) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let script = "import sys, zipfile\nwith zipfile.ZipFile(sys.argv[1], 'w', zipfile.ZIP_DEFLATED) as archive:\n \
                  archive.writestr('inside.txt', sys.stdin.buffer.read())";
    let path = folder.path().join("archive.zip");
    let mut python = std::process::Command::new("python3")
        .args(["-c", script])
        .arg(&path)
        .stdin(std::process::Stdio::piped())
        .spawn()
        .expect("Python runs");
    python.stdin.take().unwrap().write_all(bytes).unwrap();
    assert!(python.wait().unwrap().success());
    std::fs::read(path).unwrap()
}

#[tokio::test]
async fn a_clean_file_passes_and_an_infected_one_leaves_nothing() {
    let (_clamd, desk) = scanned_desk(PATIENCE).await;
    let case_id = desk.new_case().await;
    // Longer than several pieces, and no whole number of them.
    let clean = "port up\n".repeat(100_000);
    let upload = desk.upload(&desk.contact, "router.log", clean.as_bytes()).await;
    desk.step(&desk.contact, "caseAttachmentAdd", &case_id, json!({ "uploads": [upload] })).await;
    let address = format!("/attachments/{}", upload.as_str().unwrap());
    assert_eq!(desk.agent.fetch(&address).send().await.unwrap().text().await.unwrap(), clean);

    let before = left(&desk).await;
    let mut long = clean.into_bytes();
    long.extend(infected());
    let archive = zipped(&infected().repeat(50));
    let sample = TestClamd::SAMPLE.as_bytes();
    assert!(!archive.windows(sample.len()).any(|part| part == sample), "it is compressed");
    for (name, bytes) in [("note.txt", infected()), ("long.log", long), ("archive.zip", archive)] {
        let (id, url) = desk.stage(&desk.contact, name, bytes.len()).await;
        let response = desk.contact.send(&url, bytes.clone()).send().await.unwrap();
        assert_eq!(refusal(response).await, (422, json!("FILE_INFECTED")), "{name}");
        assert_eq!(left(&desk).await, before, "{name}");
        let refused = desk.contact.refusal("caseAttachmentAdd", with_case(&case_id, json!({ "uploads": [id] }))).await;
        assert_eq!(refused["code"], "INVALID_INPUT", "{name}");
        let again = desk.contact.send(&url, bytes).send().await.unwrap();
        assert_eq!(refusal(again).await, (404, json!("NOT_FOUND")), "{name}: its token is used up");
    }
}

#[tokio::test]
async fn a_finding_is_logged_with_whose_it_is_and_without_its_name() {
    let (log, _guard) = Log::watched();
    let (_clamd, desk) = scanned_desk(PATIENCE).await;
    let bytes = infected();
    let (_, url) = desk.stage(&desk.contact, "very private name.txt", bytes.len()).await;
    log.take();
    assert_eq!(desk.contact.send(&url, bytes).send().await.unwrap().status(), 422);
    let lines = log.take();
    let found = |line: &&Value| line["message"] == "the virus scanner found something in an upload";
    let line = lines.iter().find(found).unwrap_or_else(|| panic!("{lines:?}"));
    assert_eq!((&line["level"], &line["signature"]), (&json!("WARN"), &json!(TestClamd::SIGNATURE)));
    let text = |name: &str| line[name].as_str().unwrap_or_default().len();
    assert_eq!((text("account"), text("attachment")), (36, 36), "ids: {line}");
    let spans = line["spans"].as_array().unwrap();
    assert!(spans.iter().any(|span| span["request_id"].is_string()), "{line}");
    assert!(!lines.iter().any(|line| line.to_string().contains("very private")), "{lines:?}");
}

#[tokio::test]
async fn without_the_scanner_nothing_is_taken_and_the_token_stays_good() {
    let (clamd, desk) = scanned_desk(PATIENCE).await;
    let (_, url) = desk.stage(&desk.contact, "router.log", 9).await;
    let put = async || desk.contact.send(&url, "port down").send().await.unwrap();
    clamd.kill();
    for _ in 0..2 {
        let response = put().await;
        assert!(response.headers().contains_key("retry-after"));
        assert_eq!(response.status(), 503);
        let error = response.json::<Value>().await.unwrap()["errors"][0].take();
        assert_eq!(error["extensions"]["code"], "UNAVAILABLE");
        assert!(error["message"].as_str().unwrap().starts_with("files cannot be scanned for viruses now"), "{error}");
        assert_eq!(left(&desk).await, (0, 1), "nothing but what was announced");
    }
    clamd.start_again().await;
    assert_eq!(put().await.status(), 201);
    assert_eq!(put().await.status(), 404, "once");
}

#[tokio::test]
async fn a_scanner_that_hangs_or_will_not_is_as_good_as_none() {
    let limit = Duration::from_millis(500);
    let (clamd, desk) = scanned_desk(limit).await;
    let (_, url) = desk.stage(&desk.contact, "router.log", 9).await;
    let put = async || desk.contact.send(&url, "port down").send().await.unwrap();
    clamd.hang(true);
    assert_eq!(refusal(put().await).await, (503, json!("UNAVAILABLE")));
    assert_eq!(left(&desk).await, (0, 1));
    clamd.hang(false);
    // What it was asked meanwhile it may answer first.
    until("clamd to be quick again", async || {
        let response = put().await;
        if response.status() == 201 {
            Some(())
        } else {
            refusal(response).await.1.eq("UNAVAILABLE").then_some(())?;
            None
        }
    })
    .await;

    let too_long = vec![b'a'; TestClamd::LIMIT_BYTES + (1 << 20)];
    let (_, url) = desk.stage(&desk.contact, "long.log", too_long.len()).await;
    let response = desk.contact.send(&url, too_long).send().await.unwrap();
    assert_eq!(refusal(response).await, (503, json!("UNAVAILABLE")), "longer than the scanner takes");
}
