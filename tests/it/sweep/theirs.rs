//! What is the other account's, with canaries in every kind of word, and the like of it that is nothing's.

use api::identity::{LinkPurpose, NewToken, links};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use domain::{PersonId, Role};
use harness::TestCaller;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{CANARY, SOUGHT};
use crate::{
    access_requests::{form, submitted},
    credentials::world::PASSWORD,
    graphql_access::id_of,
    graphql_desk::{Desk, open_case, viewer},
    graphql_references::import,
    graphql_roles::some_token,
    mail::dead::{dead_letter, global_id_of_mail},
};

/// What somebody of theirs signs in with.
pub const EMAIL: &str = "desk@kanarek.example";

/// Their cases and who else they let see them, as they see them.
const WHOLE: &str =
    "{ cases(first: 5) { nodes { version subject messageCount attachments { name state } watchers { email } } }
    accounts { nodes { name locations { nodes { name } } products { nodes { name } } contacts { nodes { role } } } }
    viewer { person { name } credentials { sessions { id isCurrent } } } }";

/// What is the other account's: ids, and all else by which somebody may ask for it.
pub struct Theirs {
    /// An id of each kind.
    pub ids: Vec<Value>,
    /// Further ids: of a case that was imported, and of files in other states.
    pub more_ids: Vec<Value>,
    /// Words, numbers, versions and cursors.
    pub texts: Vec<Value>,
    /// Words that name one thing of theirs, each with the like of it that names nothing.
    pub names: Vec<(Value, Value)>,
    /// Cursors of theirs.
    pub cursors: Vec<Value>,
    /// Their case, and a file of it for both sides.
    pub case_id: Value,
    pub file: Value,
    /// All their files: attached, of the desk alone, taken away, uploaded, announced.
    pub files: Vec<Value>,
    /// Where the announced one is to be sent.
    pub upload: String,
    /// Somebody of theirs, signed in.
    pub canary: TestCaller,
    before: Value,
}

impl Theirs {
    /// Whether anything of theirs has changed since it was filled in.
    pub async fn assert_untouched(&self) {
        let now = self.canary.data(WHOLE, json!({})).await;
        assert_eq!(now, self.before, "nothing of theirs has changed");
        let sent = self.canary.send(&self.upload, CANARY).send().await.unwrap();
        assert_eq!(sent.status(), 201, "what they announced is still for them to send");
    }
}

/// The kind of a global id; none of an id of another form, as sessions and tokens have.
pub fn kind(id: &Value) -> Option<String> {
    let global = String::from_utf8(BASE64.decode(id.as_str()?).ok()?).ok()?;
    Some(global.split_once(':')?.0.to_owned())
}

/// An id of the same kind and length that nothing has.
pub fn like(id: &Value) -> Value {
    let text = id.as_str().expect("an id");
    let nothing = |uuid: &str| Uuid::from_u128(uuid.parse::<Uuid>().expect("an id").as_u128() ^ (0xdead << 32));
    match BASE64.decode(text).ok().and_then(|bytes| String::from_utf8(bytes).ok()) {
        Some(global) => {
            let (kind, uuid) = global.split_once(':').expect("a kind and what is of it");
            json!(BASE64.encode(format!("{kind}:{}", nothing(uuid))))
        }
        None => json!(nothing(text)),
    }
}

/// Somebody whom a caller is invited as, signed in beside: their caller, and the id of a second session of theirs.
pub async fn signed_in(desk: &Desk, caller: &TestCaller, email: &str) -> (TestCaller, Value) {
    let person = viewer(caller).await["person"]["id"].take();
    let administrator = desk.app.staff(Role::Administrator).await;
    let input = json!({ "person": { "person": person }, "email": email, "roles": ["CONTACT"] });
    administrator.succeed("userInvite", input, "pending").await;
    let mut conn = desk.app.pool.acquire().await.unwrap();
    let now = desk.app.clock.now();
    let link = links::issue(&mut conn, id_of::<PersonId>(&person), LinkPurpose::Activation, now).await.unwrap();
    let nobody = desk.app.nobody();
    let input = json!({ "token": link.reveal(), "newPassword": PASSWORD });
    nobody.succeed("accountActivate", input, "__typename").await;
    let mut callers = vec![];
    for _ in 0..2 {
        let input = json!({ "name": email, "password": PASSWORD, "transport": "TOKEN" });
        let signed_in = nobody.succeed("signIn", input, "token").await;
        callers.push(desk.app.bearer(signed_in["token"].as_str().expect("a token")));
    }
    let document = "{ viewer { credentials { sessions { id isCurrent } } } }";
    let sessions = callers[0].data(document, json!({})).await["viewer"]["credentials"]["sessions"].take();
    let other = sessions.as_array().unwrap().iter().find(|session| session["isCurrent"] == false);
    (callers.swap_remove(0), other.expect("two sessions")["id"].clone())
}

/// Fills an account with canaries in every kind of word, and gathers what points to them.
pub async fn fill(desk: &Desk) -> Theirs {
    let new = NewToken {
        name: format!("{CANARY} person"),
        roles: vec![Role::Contact],
        accounts: vec![format!("{CANARY}-1")],
        scopes: vec![],
        expires_at: None,
    };
    let (canary, session) = signed_in(desk, &desk.app.caller(&new).await, EMAIL).await;
    let canary_viewer = viewer(&canary).await;
    let account_id = canary_viewer["accounts"][0]["id"].clone();
    let word = |text: &str| format!("{CANARY} {SOUGHT} {text}");
    let location = json!(desk.app.location(&account_id, &word("street")).await);
    let product = json!(desk.app.product(&account_id, &word("line")).await);
    let mut opening = desk.opening(&word("subject"));
    opening["accountId"] = account_id.clone();
    opening["description"] = json!(word("description"));
    opening["locationId"] = location.clone();
    let case_id = open_case(&canary, opening).await;
    desk.step(&desk.agent, "caseTakeUp", &case_id, json!({})).await;
    let message = desk.message(&canary, &case_id, &word("message")).await;
    let keyed = json!({ "body": word("keyed"), "idempotencyKey": SOUGHT });
    desk.step(&canary, "casePostMessage", &case_id, keyed).await;
    let email = format!("{CANARY}@{CANARY}.example");
    desk.step(&canary, "caseWatcherAdd", &case_id, json!({ "watcher": { "email": email } })).await;

    let stage = async |by: &TestCaller, name: &str| {
        let input = json!({ "accountId": account_id, "fileName": name, "sizeBytes": CANARY.len() });
        let mut staged = by.succeed("uploadStage", input, "upload { attachmentId url }").await["upload"].take();
        (staged["attachmentId"].take(), staged["url"].as_str().unwrap().to_owned())
    };
    let uploaded = async |by: &TestCaller, name: &str| {
        let (file, url) = stage(by, &format!("{CANARY}-{name}.log")).await;
        assert_eq!(by.send(&url, CANARY).send().await.unwrap().status(), 201);
        file
    };
    let (file, gone) = (uploaded(&canary, "1").await, uploaded(&canary, "2").await);
    desk.step(&canary, "caseAttachmentAdd", &case_id, json!({ "uploads": [file, gone] })).await;
    desk.step(&desk.supervisor, "caseAttachmentRedact", &case_id, json!({ "attachmentId": gone })).await;
    let internal = uploaded(&desk.agent, "3").await;
    let note = json!({ "body": word("note"), "uploads": [internal] });
    desk.step(&desk.agent, "caseAddNote", &case_id, note).await;
    let waiting = uploaded(&canary, "4").await;
    let (announced, upload) = stage(&canary, &format!("{CANARY}-5.log")).await;

    let request = submitted(&desk.app, &desk.supervisor, {
        let mut form = form(&email);
        form["description"] = json!(word("request"));
        form
    })
    .await;
    let reference = format!("{CANARY}-7");
    import(&desk.app.service, &reference, &[(CANARY, &format!("{CANARY}-1"))]).await;
    let mail_id = Uuid::from_u128(7);
    dead_letter(desk, mail_id).await;

    let document = "query($id: ID!, $reference: String!) {
        case(id: $id) { number version activity(first: 1) { edges { cursor } } }
        imported: case(externalReference: $reference) { id number }
        cases(first: 1) { edges { cursor } } accounts(first: 1) { edges { cursor } } }";
    let found = canary.data(document, json!({ "id": case_id, "reference": reference })).await;
    let cursors: Vec<_> = [&found["case"]["activity"], &found["cases"], &found["accounts"]]
        .map(|list| list["edges"][0]["cursor"].clone())
        .into();
    let numbers = [&found["case"]["number"], &found["imported"]["number"]];
    let mut names: Vec<_> = numbers.map(|number| (number.clone(), json!("CS-999999"))).into();
    for name in [SOUGHT, CANARY, &reference, &format!("{CANARY}/{reference}"), &format!("{CANARY}-1"), &email] {
        names.push((json!(name), json!(name.replace("zei", "zej").replace("kan", "kam"))));
    }
    let mut texts = vec![json!(SOUGHT), found["case"]["number"].clone(), found["case"]["version"].clone()];
    texts.extend(cursors.iter().cloned());
    texts.extend([json!(format!("{CANARY}-1")), json!(email)]);
    let files = vec![file.clone(), internal, gone, waiting, announced];
    let ids = vec![
        case_id.clone(),
        account_id,
        canary_viewer["person"]["id"].clone(),
        location,
        product,
        message,
        file.clone(),
        request,
        session,
        some_token(desk).await,
        json!(global_id_of_mail(mail_id)),
    ];
    let mut more_ids = files[1..].to_vec();
    more_ids.push(found["imported"]["id"].clone());
    assert!(ids.iter().chain(&more_ids).chain(&texts).all(Value::is_string), "{ids:?} {more_ids:?} {texts:?}");
    let before = canary.data(WHOLE, json!({})).await;
    assert!(before.to_string().contains(CANARY), "whoever may see it does");
    Theirs { ids, more_ids, texts, names, cursors, case_id, file, files, upload, canary, before }
}
