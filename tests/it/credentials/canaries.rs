//! No secret reaches a log, an event, a table or `{:?}`.

use std::{
    collections::{BTreeMap, BTreeSet},
    io,
    sync::{Arc, Mutex},
};

use api::{
    credentials::sign_in::Claim,
    identity::{LinkPurpose, Secret},
};
use chrono::TimeDelta;
use harness::{TestApp, mutation_document};
use serde_json::json;
use tracing_subscriber::{
    filter::LevelFilter, fmt::MakeWriter, layer::SubscriberExt as _, util::SubscriberInitExt as _,
};

use super::{
    factors::{enroll, shown},
    world::{Browser, ERRORS, PASSWORD, User, World, code},
};
use crate::alone::runs_alone;

/// All that is logged, at every level.
#[derive(Clone, Default)]
pub struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    /// All that this process logs from now on, on whatever thread: the test runs alone in it.
    pub fn of_this_process() -> Self {
        let log = Self::default();
        let layer = tracing_subscriber::fmt::layer().with_writer(log.clone()).with_ansi(false).without_time();
        tracing_subscriber::registry().with(layer).with(LevelFilter::TRACE).init();
        log
    }

    /// What was logged.
    pub fn text(&self) -> String {
        String::from_utf8(self.0.lock().expect("no writer panicked").clone()).expect("UTF-8")
    }
}

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("no writer panicked").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Log {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

/// Every row of every table of the service, as text, by its table.
async fn everything_kept(app: &TestApp) -> BTreeMap<String, Vec<String>> {
    let mut owner = app.owner().await;
    let tables: Vec<(String, String)> = sqlx::query_as(
        "select schemaname::text, tablename::text from pg_tables
         where schemaname not in ('pg_catalog', 'information_schema')",
    )
    .fetch_all(&mut owner)
    .await
    .expect("the catalog answers");
    let mut kept = BTreeMap::new();
    for (schema, table) in tables {
        let sql = format!("select t::text from {schema}.{table} as t");
        let rows = sqlx::query_scalar(&sql).fetch_all(&mut owner).await.expect("rows");
        kept.insert(format!("{schema}.{table}"), rows);
    }
    kept
}

/// What was given to somebody or said by them, and is to be nowhere.
struct Canaries {
    secrets: Vec<String>,
    /// Codes of an app that were good: each is so short that it may be part of another number by chance.
    codes: Vec<String>,
}

/// Everything that is secret is used, well and badly.
async fn live(world: &World, ana: &User) -> Canaries {
    const WRONG: &str = "canary-wrong-password";
    const ANSWER: &str = "canary answer heron";
    let nobody = world.app.nobody();
    let mut secrets: Vec<String> =
        [WRONG, ANSWER, "canary-code", "canary-link", "canary-token", PASSWORD].map(str::to_owned).to_vec();
    let mut browser = Browser::default();
    world.sign_in(&mut browser, &ana.email, WRONG).await;
    world.sign_in(&mut browser, &ana.email, PASSWORD).await;
    let set = json!({ "currentPassword": PASSWORD, "question": "ship-name", "answer": ANSWER });
    assert_eq!(code(&world.ask(&mut browser, "challengeQuestionSet", Some(set), ERRORS).await), None);

    world.ask(&mut browser, "totpConfirm", Some(json!({ "code": "canary-code" })), ERRORS).await;
    let (app_secret, recovery_codes) = enroll(world, &mut browser).await;
    let mut codes = vec![shown(world, &app_secret)];
    let sign_in = async |proof: (&str, &str)| {
        let mut input = json!({ "name": ana.email, "password": PASSWORD, "transport": "TOKEN" });
        input[proof.0] = json!(proof.1);
        nobody.mutate("signIn", input, "token userErrors { code }").await
    };
    let mut tokens = vec![];
    for _ in 0..2 {
        world.app.clock.advance(TimeDelta::minutes(2));
        let now = shown(world, &app_secret);
        tokens.push(sign_in(("code", &now)).await["token"].take());
        assert_eq!(code(&sign_in(("code", &now)).await), Some("SIGN_IN_REFUSED"), "it is good once");
        codes.push(now);
    }
    world.app.clock.advance(TimeDelta::minutes(5));
    tokens.push(sign_in(("recoveryCode", &recovery_codes[0])).await["token"].take());
    assert_eq!(code(&sign_in(("recoveryCode", &recovery_codes[0])).await), Some("SIGN_IN_REFUSED"));
    secrets.push(app_secret);
    secrets.extend(recovery_codes.iter().map(|code| code.replace('-', "")));
    secrets.extend(recovery_codes);

    let machine = json!({ "name": "Monitoring", "scopes": ["CASES_READ"] });
    tokens.push(world.administrator.succeed("apiTokenCreate", machine, "token").await["token"].take());
    for token in tokens.iter().map(|token| token.as_str().expect("a token")).chain(["canary-token"]) {
        let seen = world.app.bearer(token).graphql("{ viewer { roles sessionKey } }", json!({})).await;
        assert_eq!(seen["data"]["viewer"]["roles"].is_array(), token != "canary-token", "{seen}");
        secrets.extend(seen["data"]["viewer"]["sessionKey"].as_str().map(str::to_owned));
        secrets.push(token.to_owned());
    }

    let link = world.link(ana, LinkPurpose::PasswordReset).await;
    for (token, answer) in [("canary-link", ANSWER), (&link, WRONG)] {
        let input = json!({ "token": token, "newPassword": "canary-wrong-password kelp", "answer": answer });
        nobody.mutate("passwordReset", input, ERRORS).await;
    }
    // A secret of a wrong type, which the library refuses.
    let wrong = json!({ "input": { "name": ["canary-code"], "password": 1 } });
    world.send(&mut browser, &mutation_document("signIn", ERRORS), &wrong).await;
    nobody.mutate("passwordResetRequest", json!({ "name": ana.email }), ERRORS).await;
    secrets.extend([link, browser.session.expect("a session"), browser.device.expect("a device")]);
    Canaries { secrets, codes }
}

/// Whether digits stand in a text by themselves, and not in a longer number, an id or a part of a second.
fn stands_alone(text: &str, digits: &str) -> bool {
    text.match_indices(digits).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + digits.len()..].chars().next();
        let is_more = |beside: Option<char>| beside.is_some_and(|beside| beside.is_ascii_alphanumeric());
        !is_more(before) && !is_more(after) && before != Some('.')
    })
}

/// Runs in a process of its own, so that what any thread of it logs is seen.
#[tokio::test(flavor = "multi_thread")]
async fn log_canaries_nothing_secret_is_logged_or_recorded() {
    if !runs_alone("credentials::canaries::log_canaries_nothing_secret_is_logged_or_recorded").await {
        return;
    }
    let log = Log::of_this_process();
    let world = World::begin().await;
    let ana = world.user("Ana Torres", "ana@example.com").await;
    let canaries = live(&world, &ana).await;
    let before_the_worker = everything_kept(&world.app).await;
    world.work().await;
    let hasher = &world.app.service.services().credentials.hasher;
    hasher.consider(|| tracing::trace!("words off the threads of requests")).await.expect("there is room");

    let (logged, kept) = (log.text(), everything_kept(&world.app).await);
    for part in ["insert into sign_in_counts", "words off the threads of requests"] {
        assert!(logged.contains(part), "{part} is in it, so a secret would show");
    }
    let filled = |kept: &BTreeMap<String, Vec<String>>| -> BTreeSet<String> {
        kept.iter().filter(|(_, rows)| !rows.is_empty()).map(|(table, _)| table.replace("public.", "")).collect()
    };
    let filled: BTreeSet<String> = filled(&before_the_worker).union(&filled(&kept)).cloned().collect();
    for table in [
        "access_log",
        "challenge_answers",
        "devices",
        "events",
        "link_requests",
        "links",
        "mails",
        "passwords",
        "recovery_codes",
        "sessions",
        "sign_in_counts",
        "tokens",
        "totp_secrets",
    ] {
        assert!(filled.contains(table), "{table} has rows, so a secret would show: {filled:?}");
    }
    let is_kept = |what: &str| {
        let forms = [what.to_owned(), hex::encode(what)];
        let tables = before_the_worker.iter().chain(&kept);
        let with = tables.filter(|(_, rows)| rows.iter().any(|row| forms.iter().any(|form| row.contains(form))));
        with.map(|(table, _)| table.clone()).collect::<BTreeSet<_>>()
    };
    for canary in &canaries.secrets {
        assert!(!logged.contains(canary.as_str()), "{canary} is in the log");
        assert_eq!(is_kept(canary), BTreeSet::new(), "{canary} is kept in clear");
    }
    for code in &canaries.codes {
        assert!(!stands_alone(&logged, code), "{code} is in the log");
        let tables = before_the_worker.iter().chain(&kept);
        let with = tables.filter(|(_, rows)| rows.iter().any(|row| stands_alone(row, code)));
        assert_eq!(with.map(|(table, _)| table).collect::<Vec<_>>(), Vec::<&String>::new(), "{code} is kept in clear");
        assert_eq!(is_kept(&hex::encode(code)), BTreeSet::new(), "{code} is kept as bytes");
    }
    // An address is for those to read who may, and for nobody in the log.
    assert!(!logged.contains(&ana.email), "an address is in the log");
    let shown: Vec<_> = is_kept(&ana.email).into_iter().filter(|table| table.starts_with("public.")).collect();
    assert_eq!(shown, Vec::<String>::new(), "an address is kept in clear beside the read models");
}

#[test]
fn debug_shows_no_secret() {
    let secret = || Secret::new("canary");
    let claim = Claim { name: secret(), password: secret(), code: Some(secret()), recovery_code: Some(secret()) };
    assert!(!format!("{claim:?}").contains("canary"));
}
