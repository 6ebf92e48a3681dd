//! Files: uploaded, attached, fetched by those who see their case and nobody else, and gone when they are gone.

use std::{collections::BTreeSet, fs, path::PathBuf};

use chrono::TimeDelta;
use harness::TestCaller;
use reqwest::{Response, header};
use serde_json::{Value, json};

use crate::graphql_desk::{Desk, Stage, open_case, with_case};

/// A text of some length that no two places of are alike.
fn long_text(bytes: usize) -> Vec<u8> {
    let mut text: Vec<u8> = (0..).flat_map(|line| format!("line {line}: port up\n").into_bytes()).take(bytes).collect();
    text[bytes - 1] = b'\n';
    text
}

/// Longer than one batch of pieces, and no whole number of them.
const LONG: usize = 1_300_007;

async fn fetch(caller: &TestCaller, id: &Value) -> Response {
    caller.fetch(&address(id)).send().await.unwrap()
}

fn address(id: &Value) -> String {
    format!("/attachments/{}", id.as_str().unwrap())
}

async fn fetch_range(caller: &TestCaller, id: &Value, range: &str) -> Response {
    caller.fetch(&address(id)).header(header::RANGE, range).send().await.unwrap()
}

/// Attaches a new file; answers its id.
async fn attach(desk: &Desk, caller: &TestCaller, case_id: &Value, name: &str, bytes: &[u8]) -> Value {
    let upload = desk.upload(caller, name, bytes).await;
    desk.step(caller, "caseAttachmentAdd", case_id, json!({ "uploads": [upload] })).await;
    upload
}

/// The files of a case, as somebody sees them.
async fn files(caller: &TestCaller, case_id: &Value) -> Vec<Value> {
    let document = "query($id: ID!) { case(id: $id) { attachments {
        id name withheldName sha256 sizeBytes mediaType internal state url fromDesk
    } } }";
    let mut answer = caller.data(document, json!({ "id": case_id })).await;
    match answer["case"]["attachments"].take() {
        Value::Array(files) => files,
        other => panic!("{other}"),
    }
}

fn objects(desk: &Desk) -> Vec<PathBuf> {
    let entries = fs::read_dir(desk.app.files.path()).unwrap();
    entries.map(|entry| entry.unwrap().path()).collect()
}

async fn staged(desk: &Desk) -> i64 {
    sqlx::query_scalar("select count(*) from staged_uploads").fetch_one(&desk.app.pool).await.unwrap()
}

async fn code(response: Response) -> String {
    let answer: Value = response.json().await.unwrap();
    answer["errors"][0]["extensions"]["code"].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned()
}

#[tokio::test]
async fn a_file_comes_back_byte_for_byte_in_whole_and_in_part() {
    let desk = Desk::open().await;
    let case_id = desk.new_case().await;
    let text = long_text(LONG);
    let id = attach(&desk, &desk.contact, &case_id, "Süd router.log", &text).await;

    let whole = fetch(&desk.agent, &id).await;
    assert_eq!(whole.status(), 200);
    let headers = whole.headers().clone();
    let is = |name: &str| headers[name].to_str().unwrap().to_owned();
    assert_eq!(is("content-type"), "text/plain; charset=utf-8");
    assert_eq!(is("content-length"), LONG.to_string());
    let disposition = "attachment; filename=\"S_d router.log\"; filename*=UTF-8''S%C3%BCd%20router.log";
    assert_eq!(is("content-disposition"), disposition);
    assert_eq!(is("x-content-type-options"), "nosniff");
    assert!(is("content-security-policy").contains("sandbox"));
    assert_eq!(is("cache-control"), "no-store");
    assert_eq!(is("accept-ranges"), "bytes");
    assert!(whole.bytes().await.unwrap() == text, "the whole file");

    let piece = 64 * 1024;
    for (first, last) in [(0, 0), (piece - 1, piece), (piece, 2 * piece - 1), (5, LONG - 5), (16 * piece - 3, LONG - 1)]
    {
        let part = fetch_range(&desk.contact, &id, &format!("bytes={first}-{last}")).await;
        assert_eq!(part.status(), 206);
        assert_eq!(part.headers()["content-range"], format!("bytes {first}-{last}/{LONG}").as_str());
        assert!(part.bytes().await.unwrap() == text[first..=last], "{first}-{last}");
    }
    let end = fetch_range(&desk.contact, &id, "bytes=-7").await;
    assert!(end.bytes().await.unwrap() == text[LONG - 7..]);
    let beyond = fetch_range(&desk.contact, &id, &format!("bytes={LONG}-")).await;
    assert_eq!(beyond.status(), 416);
    assert_eq!(beyond.headers()["content-range"], format!("bytes */{LONG}").as_str());

    let etag = is("etag");
    let if_range = |tag: &str| {
        let request = desk.contact.fetch(&address(&id)).header(header::RANGE, "bytes=0-3");
        request.header(header::IF_RANGE, tag).send()
    };
    assert_eq!(if_range(&etag).await.unwrap().status(), 206);
    assert_eq!(if_range("\"another\"").await.unwrap().status(), 200);
    let known = desk.contact.fetch(&address(&id)).header(header::IF_NONE_MATCH, &etag).send().await.unwrap();
    assert_eq!(known.status(), 304);
}

#[tokio::test]
async fn a_file_is_for_those_who_see_its_case_and_others_learn_nothing() {
    let desk = Desk::open().await;
    let case_id = desk.new_case().await;
    let public = attach(&desk, &desk.contact, &case_id, "router.log", b"port down").await;
    let upload = desk.upload(&desk.agent, "plan.txt", b"blame the cable").await;
    let note = json!({ "body": "See the plan.", "uploads": [upload] });
    desk.step(&desk.agent, "caseAddNote", &case_id, note).await;

    assert_eq!(fetch(&desk.contact, &public).await.status(), 200);
    assert_eq!(fetch(&desk.agent, &upload).await.status(), 200);
    let seen = |files: Vec<Value>| files.into_iter().map(|mut file| file["name"].take()).collect::<Vec<_>>();
    assert_eq!(seen(files(&desk.agent, &case_id).await), [json!("router.log"), json!("plan.txt")]);
    assert_eq!(seen(files(&desk.contact, &case_id).await), [json!("router.log")]);

    let mut answers = BTreeSet::new();
    let unknown = crate::graphql_roles::some_id::<domain::AttachmentId>();
    for (caller, id) in [
        (&desk.contact, &upload),
        (&desk.contact, &unknown),
        (&desk.contact, &json!("nonsense")),
        (&desk.contact, &case_id),
        (&desk.stranger, &public),
        (&desk.stranger, &upload),
    ] {
        let response = fetch(caller, id).await;
        assert_eq!(response.status(), 404);
        let names: Vec<_> = response.headers().keys().map(|name| name.as_str().to_owned()).collect();
        answers.insert((names, response.text().await.unwrap()));
    }
    assert_eq!(answers.len(), 1, "{answers:?}");
    assert_eq!(fetch(&desk.app.nobody(), &public).await.status(), 401);
}

#[tokio::test]
async fn files_come_with_an_opening_and_a_message_and_show_in_the_activity() {
    let desk = Desk::open().await;
    let mut opening = desk.opening("Silent line");
    opening["uploads"] = json!([desk.upload(&desk.contact, "one.txt", b"one").await]);
    let case_id = open_case(&desk.contact, opening).await;
    let uploads =
        [desk.upload(&desk.agent, "two.txt", b"two").await, desk.upload(&desk.agent, "three.txt", b"3").await];
    desk.step(&desk.agent, "casePostMessage", &case_id, json!({ "body": "Try this.", "uploads": uploads })).await;
    let names: Vec<_> = files(&desk.contact, &case_id).await.into_iter().map(|mut file| file["name"].take()).collect();
    assert_eq!(names, ["one.txt", "two.txt", "three.txt"]);
    let document = "query($id: ID!) { case(id: $id) { activity(order: OLDEST_FIRST) { nodes { kind } } } }";
    let mut activity = desk.contact.data(document, json!({ "id": case_id })).await;
    let kinds = activity["case"]["activity"]["nodes"].take();
    let count = kinds.as_array().unwrap().iter().filter(|entry| entry["kind"] == "ATTACHMENT_ADDED").count();
    assert_eq!(count, 3, "{kinds}");
    assert_eq!(staged(&desk).await, 0, "what a case has waits no more");
}

#[tokio::test]
async fn a_token_is_good_once_for_its_owner_in_time() {
    let desk = Desk::open().await;
    let (_, url) = desk.stage(&desk.contact, "router.log", 9).await;
    let put = async |caller: &TestCaller, url: &str| caller.send(url, "port down").send().await.unwrap();
    assert_eq!(put(&desk.app.nobody(), &url).await.status(), 401);
    let foreign = put(&desk.agent, &url).await;
    assert_eq!((foreign.status().as_u16(), code(foreign).await.as_str()), (404, "NOT_FOUND"));
    assert_eq!(put(&desk.contact, &url).await.status(), 201, "nobody else has used it up");
    assert_eq!(put(&desk.contact, &url).await.status(), 404, "once");
    assert_eq!(put(&desk.contact, "/uploads/nonsense").await.status(), 404);
    let (_, late) = desk.stage(&desk.contact, "router.log", 9).await;
    desk.app.clock.advance(TimeDelta::minutes(61));
    assert_eq!(put(&desk.contact, &late).await.status(), 404, "an hour is over");
    let token = late.strip_prefix("/uploads/").unwrap();
    let plain: i64 = sqlx::query_scalar("select count(*) from staged_uploads where token_hash = $1")
        .bind(token.as_bytes())
        .fetch_one(&desk.app.pool)
        .await
        .unwrap();
    assert_eq!(plain, 0);
}

#[tokio::test]
async fn what_is_not_as_announced_is_refused_and_leaves_nothing() {
    let desk = Desk::open().await;
    let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".as_slice();
    let long = long_text(LONG);
    for (name, announced, bytes, status, expected) in [
        ("a.txt", 4, b"fewer than the announced ones".as_slice(), 400, "BAD_REQUEST"),
        ("a.txt", 40, b"fewer".as_slice(), 400, "BAD_REQUEST"),
        ("a.txt", LONG - 1, &long, 400, "BAD_REQUEST"),
        ("a.txt", LONG + 1, &long, 400, "BAD_REQUEST"),
        ("a.txt", png.len(), png, 415, "FILE_KIND_NOT_TAKEN"),
        ("a.png", 5, b"hello".as_slice(), 415, "FILE_KIND_NOT_TAKEN"),
        ("a.png", LONG, &long, 415, "FILE_KIND_NOT_TAKEN"),
    ] {
        let (id, url) = desk.stage(&desk.contact, name, announced).await;
        let response = desk.contact.send(&url, bytes.to_vec()).send().await.unwrap();
        assert_eq!(response.status(), status, "{name} {announced}");
        assert_eq!(code(response).await, expected);
        let case_id = desk.new_case().await;
        let refusal = desk.contact.refusal("caseAttachmentAdd", with_case(&case_id, json!({ "uploads": [id] }))).await;
        assert_eq!((&refusal["code"], &refusal["field"]), (&json!("INVALID_INPUT"), &json!("uploads")));
    }
    assert_eq!((objects(&desk), staged(&desk).await), (vec![], 0));
}

#[tokio::test]
async fn a_client_that_leaves_half_way_leaves_nothing() {
    use tokio::{io::AsyncWriteExt as _, net::TcpStream};
    let desk = Desk::open().await;
    let (_, url) = desk.stage(&desk.contact, "router.log", LONG).await;
    let mut connection = TcpStream::connect(desk.app.address).await.unwrap();
    let token = desk.contact.token.as_ref().unwrap();
    let head =
        format!("PUT {url} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\ncontent-length: {LONG}\r\n\r\n");
    connection.write_all(head.as_bytes()).await.unwrap();
    connection.write_all(&long_text(LONG - 100)).await.unwrap();
    harness::until("the upload to begin", async || (!objects(&desk).is_empty()).then_some(())).await;
    drop(connection);
    harness::until("the upload to be forgotten", async || {
        (objects(&desk).is_empty() && staged(&desk).await == 0).then_some(())
    })
    .await;
}

#[tokio::test]
async fn an_upload_comes_into_one_case_and_a_retry_is_the_same() {
    let desk = Desk::open().await;
    let (one, other) = (desk.new_case().await, desk.new_case().await);
    let upload = desk.upload(&desk.contact, "router.log", b"port down").await;
    let input = |case_id: &Value| json!({ "caseId": case_id, "uploads": [upload], "idempotencyKey": "once" });
    let selection = "case { attachments { id } }";
    let first = desk.contact.succeed("caseAttachmentAdd", input(&one), selection).await;
    assert_eq!(desk.contact.succeed("caseAttachmentAdd", input(&one), selection).await, first, "under its key");
    let mut again = input(&one);
    again.as_object_mut().unwrap().remove("idempotencyKey");
    assert_eq!(desk.contact.succeed("caseAttachmentAdd", again, selection).await, first, "and without");
    let elsewhere = json!({ "caseId": other, "uploads": [upload] });
    assert_eq!(desk.contact.refusal("caseAttachmentAdd", elsewhere).await["code"], "INVALID_INPUT");
    assert_eq!(files(&desk.contact, &other).await, Vec::<Value>::new());

    let upload = desk.upload(&desk.contact, "router.log", b"port down").await;
    let both = |case_id: &Value| json!({ "caseId": case_id, "uploads": [upload] });
    let (a, b) = tokio::join!(
        desk.contact.mutate("caseAttachmentAdd", both(&one), "userErrors { code }"),
        desk.contact.mutate("caseAttachmentAdd", both(&other), "userErrors { code }"),
    );
    let done = [a, b].iter().filter(|payload| payload["userErrors"] == json!([])).count();
    assert_eq!(done, 1, "of two cases one gets it");
    let foreign = desk.upload(&desk.agent, "router.log", b"port down").await;
    let input = json!({ "caseId": one, "uploads": [foreign] });
    assert_eq!(desk.contact.refusal("caseAttachmentAdd", input).await["code"], "INVALID_INPUT", "it is another's");
}

#[tokio::test]
async fn limits_are_refused_by_name() {
    let desk = Desk::open().await;
    let stage = async |name: &str, size: i64| {
        let input = json!({ "accountId": desk.account_id, "fileName": name, "sizeBytes": size });
        let refusal = desk.contact.refusal("uploadStage", input).await;
        (refusal["code"].as_str().unwrap().to_owned(), refusal["message"].as_str().unwrap().to_owned())
    };
    let (code, words) = stage("a.txt", 26_214_401).await;
    assert!(code == "LIMIT_REACHED" && words.contains("26214400"), "{code}: {words}");
    for (name, size) in [("a.txt", 0), ("a.txt", -1), ("a.exe", 5), ("../a.txt", 5), ("", 5)] {
        assert_eq!(stage(name, size).await.0, "INVALID_INPUT", "{name} {size}");
    }
    let case_id = desk.new_case().await;
    let mut uploads = vec![];
    for _ in 0..21 {
        uploads.push(desk.upload(&desk.contact, "a.txt", b"a").await);
    }
    let refusal = desk.contact.refusal("caseAttachmentAdd", with_case(&case_id, json!({ "uploads": uploads }))).await;
    assert_eq!(refusal["code"], "LIMIT_REACHED", "{refusal}");
    desk.step(&desk.contact, "caseAttachmentAdd", &case_id, json!({ "uploads": uploads[..20] })).await;
    let one_more = with_case(&case_id, json!({ "uploads": uploads[20..] }));
    let refusal = desk.contact.refusal("caseAttachmentAdd", one_more).await;
    assert_eq!(refusal["code"], "LIMIT_REACHED");
    assert!(refusal["message"].as_str().unwrap().contains("20"), "{refusal}");
}

#[tokio::test]
async fn an_account_has_so_many_bytes_and_no_more_whether_they_wait_or_are_attached() {
    let desk = Desk::open().await;
    // The quota is 10 GiB; a file of the size of what is left of it is made of rows, not of bytes.
    let case_id = desk.new_case().await;
    let id = attach(&desk, &desk.contact, &case_id, "a.txt", b"a").await;
    let mut owner = desk.app.owner().await;
    sqlx::query("update case_v1.case_attachments set size_bytes = $1")
        .bind((10_i64 << 30) - 10)
        .execute(&mut owner)
        .await
        .unwrap();
    let input = |size: i32| json!({ "accountId": desk.account_id, "fileName": "a.txt", "sizeBytes": size });
    let refusal = desk.contact.refusal("uploadStage", input(11)).await;
    assert_eq!(refusal["code"], "LIMIT_REACHED");
    assert!(refusal["message"].as_str().unwrap().contains(&(10_i64 << 30).to_string()), "{refusal}");
    desk.stage(&desk.contact, "a.txt", 6).await;
    assert_eq!(desk.contact.refusal("uploadStage", input(6)).await["code"], "LIMIT_REACHED", "one waits already");
    desk.stage(&desk.contact, "a.txt", 4).await;
    desk.step(&desk.contact, "caseAttachmentRemove", &case_id, json!({ "attachmentId": id })).await;
    desk.stage(&desk.contact, "a.txt", 6).await;
}

#[tokio::test]
async fn a_removed_file_is_gone_and_its_name_stays() {
    let desk = Desk::open().await;
    let case_id = desk.new_case().await;
    let ours = attach(&desk, &desk.contact, &case_id, "router.log", b"port down").await;
    let theirs = attach(&desk, &desk.agent, &case_id, "guide.txt", b"turn it off and on").await;
    let remove = |id: &Value| with_case(&case_id, json!({ "attachmentId": id }));
    assert_eq!(desk.contact.refusal("caseAttachmentRemove", remove(&theirs)).await["code"], "NOT_PERMITTED");
    desk.contact.succeed("caseAttachmentRemove", remove(&ours), "caseId").await;
    desk.contact.succeed("caseAttachmentRemove", remove(&ours), "caseId").await;
    for caller in [&desk.contact, &desk.agent, &desk.auditor] {
        assert_eq!(fetch(caller, &ours).await.status(), 404);
        let file = files(caller, &case_id).await.remove(0);
        assert_eq!(
            (&file["name"], &file["state"], &file["url"]),
            (&json!("router.log"), &json!("REMOVED"), &Value::Null)
        );
    }
    assert_eq!(objects(&desk).len(), 2);
    let swept = desk.app.service.sweep_files().await.unwrap();
    assert_eq!((swept.files, objects(&desk).len()), (1, 1));
    assert_eq!(fetch(&desk.contact, &theirs).await.status(), 200);
}

#[tokio::test]
async fn a_redacted_file_is_gone_with_its_name_and_digest() {
    let desk = Desk::open().await;
    let case_id = desk.new_case().await;
    let id = attach(&desk, &desk.contact, &case_id, "PIN 1234.txt", b"1234").await;
    assert!(files(&desk.contact, &case_id).await[0]["sha256"].is_string());
    desk.step(&desk.supervisor, "caseAttachmentRedact", &case_id, json!({ "attachmentId": id })).await;
    for caller in [&desk.contact, &desk.agent, &desk.auditor] {
        assert_eq!(fetch(caller, &id).await.status(), 404);
        let file = files(caller, &case_id).await.remove(0);
        assert_eq!((&file["name"], &file["withheldName"], &file["sha256"]), (&Value::Null, &Value::Null, &Value::Null));
        assert_eq!(file["state"], "REDACTED");
    }
    let history = "query($id: ID!) { case(id: $id) { history { payload } } }";
    let history = desk.auditor.data(history, json!({ "id": case_id })).await.to_string();
    assert!(!history.contains("PIN") && !history.contains("sha256"), "{history}");
    desk.app.service.sweep_files().await.unwrap();
    assert_eq!(objects(&desk), Vec::<PathBuf>::new());
}

#[tokio::test]
async fn under_hold_a_removed_file_is_kept_for_auditors_whose_reads_are_recorded() {
    let desk = Desk::open().await;
    let case_id = desk.new_case().await;
    let id = attach(&desk, &desk.contact, &case_id, "router.log", b"port down").await;
    desk.step(&desk.supervisor, "caseLegalHoldPlace", &case_id, json!({ "reason": "A court asks for it." })).await;
    desk.step(&desk.supervisor, "caseAttachmentRedact", &case_id, json!({ "attachmentId": id })).await;
    desk.app.service.sweep_files().await.unwrap();
    for caller in [&desk.contact, &desk.agent] {
        assert_eq!(fetch(caller, &id).await.status(), 404);
        assert_eq!(files(caller, &case_id).await[0]["withheldName"], Value::Null);
    }
    assert_eq!(files(&desk.auditor, &case_id).await[0]["withheldName"], "router.log");
    let kept = fetch(&desk.auditor, &id).await;
    assert_eq!((kept.status().as_u16(), kept.text().await.unwrap().as_str()), (200, "port down"));
    let read: i64 = sqlx::query_scalar("select count(*) from access_log where operation = 'attachment'")
        .fetch_one(&desk.app.pool)
        .await
        .unwrap();
    assert_eq!(read, 1, "each download, and not those that were refused");
    desk.step(&desk.supervisor, "caseLegalHoldLift", &case_id, json!({})).await;
    desk.step(&desk.supervisor, "caseAttachmentRedact", &case_id, json!({ "attachmentId": id })).await;
    assert_eq!(fetch(&desk.auditor, &id).await.status(), 404);
    desk.app.service.sweep_files().await.unwrap();
    assert_eq!(objects(&desk), Vec::<PathBuf>::new());
}

#[tokio::test]
async fn nothing_of_a_file_is_stored_in_the_clear() {
    let desk = Desk::open().await;
    let case_id = desk.new_case().await;
    let canary = "canary 4711 sings";
    let name = "canary4711.txt";
    attach(&desk, &desk.contact, &case_id, name, canary.as_bytes()).await;
    desk.upload(&desk.contact, name, canary.as_bytes()).await;
    desk.stage(&desk.contact, name, 5).await;
    for object in objects(&desk) {
        let bytes = fs::read(&object).unwrap();
        assert_eq!(bytes.len(), canary.len() + 16);
        assert!(!String::from_utf8_lossy(&bytes).contains("canary"));
        assert!(!object.to_string_lossy().contains("canary"));
    }
    let stored: Vec<String> = sqlx::query_scalar(
        "select row_to_json(s)::text from staged_uploads as s union all select row_to_json(e)::text from events as e",
    )
    .fetch_all(&desk.app.pool)
    .await
    .unwrap();
    let hex = hex::encode(name);
    assert!(stored.len() > 5 && stored.iter().all(|row| !row.contains("canary") && !row.contains(&hex)));
}

#[tokio::test]
async fn what_nobody_wants_any_more_is_swept_and_never_what_somebody_has() {
    let desk = Desk::open().await;
    let case_id = desk.new_case().await;
    let attached = attach(&desk, &desk.contact, &case_id, "router.log", b"port down").await;
    let waiting = desk.upload(&desk.contact, "router.log", b"port down").await;
    desk.stage(&desk.contact, "router.log", 9).await;
    let orphan = desk.app.files.path().join("01980000-0000-7000-8000-00000000dead");
    fs::write(&orphan, "left by a process that died before its upload was noted").unwrap();
    let stranger = desk.app.files.path().join("README");
    fs::write(&stranger, "somebody else's").unwrap();
    let swept = desk.app.service.sweep_files().await.unwrap();
    assert_eq!((swept.uploads, swept.files), (0, 1));
    assert!(!orphan.exists() && stranger.exists());
    assert_eq!(staged(&desk).await, 2);

    desk.app.clock.advance(TimeDelta::days(2));
    let swept = desk.app.service.sweep_files().await.unwrap();
    assert_eq!((swept.uploads, swept.files), (2, 1));
    let late = desk.contact.refusal("caseAttachmentAdd", with_case(&case_id, json!({ "uploads": [waiting] }))).await;
    assert_eq!(late["code"], "INVALID_INPUT");
    assert_eq!(fetch(&desk.contact, &attached).await.status(), 200);
    assert_eq!(desk.app.service.sweep_files().await.unwrap(), api::files::sweep::Swept::default());
}

#[tokio::test]
async fn damage_is_reported_plainly_and_never_served() {
    let desk = Desk::open().await;
    let case_id = desk.case_in(Stage::Open).await;
    let text = long_text(LONG);
    let id = attach(&desk, &desk.contact, &case_id, "router.log", &text).await;
    let object = objects(&desk).remove(0);
    let whole = fs::read(&object).unwrap();

    let altered = |at: usize| {
        let mut bytes = whole.clone();
        bytes[at] ^= 1;
        bytes
    };
    for (damage, bytes) in [
        ("cut", whole[..whole.len() - 1].to_vec()),
        ("longer", [whole.as_slice(), b"x"].concat()),
        ("empty", vec![]),
        ("altered at once", altered(10)),
        ("without its first piece", [&whole[64 * 1024 + 16..], &whole[..64 * 1024 + 16]].concat()),
    ] {
        fs::write(&object, bytes).unwrap();
        let response = fetch(&desk.contact, &id).await;
        assert_eq!(response.status(), 500, "{damage}");
        assert_eq!(code(response).await, "FILE_DAMAGED", "{damage}");
    }
    fs::write(&object, altered(whole.len() - 1)).unwrap();
    let response = fetch(&desk.contact, &id).await;
    assert!(response.bytes().await.is_err(), "a body that broke off is no file");
    let sound = fetch_range(&desk.contact, &id, "bytes=0-99").await;
    assert!(sound.bytes().await.unwrap() == text[..100], "what is sound is served");
    assert_eq!(fetch_range(&desk.contact, &id, "bytes=-1").await.status(), 500);
    fs::remove_file(&object).unwrap();
    assert_eq!(code(fetch(&desk.contact, &id).await).await, "FILE_DAMAGED");
}

#[tokio::test]
async fn a_store_that_fails_answers_an_error_and_records_nothing() {
    let desk = Desk::open().await;
    let case_id = desk.new_case().await;
    let attached = attach(&desk, &desk.contact, &case_id, "router.log", b"port down").await;
    let folder = desk.app.files.path().to_owned();
    let aside = folder.with_extension("aside");
    fs::rename(&folder, &aside).unwrap();
    fs::write(&folder, "no folder").unwrap();
    let (id, url) = desk.stage(&desk.contact, "router.log", 9).await;
    let response = desk.contact.send(&url, "port down").send().await.unwrap();
    assert_eq!(response.status(), 500);
    assert_eq!(code(response).await, "INTERNAL_SERVER_ERROR");
    assert_eq!(fetch(&desk.contact, &attached).await.status(), 500);
    let input = with_case(&case_id, json!({ "uploads": [id] }));
    assert_eq!(desk.contact.refusal("caseAttachmentAdd", input).await["code"], "INVALID_INPUT");
    assert!(desk.app.service.sweep_files().await.is_err());
    assert_eq!(files(&desk.contact, &case_id).await.len(), 1);

    fs::remove_file(&folder).unwrap();
    fs::rename(&aside, &folder).unwrap();
    assert_eq!(fetch(&desk.contact, &attached).await.status(), 200, "all is well again");
    desk.upload(&desk.contact, "router.log", b"port down").await;
}
