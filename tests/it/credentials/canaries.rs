//! No secret reaches a log, an event or `{:?}`.

use std::{
    io,
    sync::{Arc, Mutex},
};

use api::{
    credentials::sign_in::Claim,
    identity::{LinkPurpose, Secret},
};
use serde_json::json;
use tracing_subscriber::{filter::LevelFilter, fmt::MakeWriter, layer::SubscriberExt as _};

use super::world::{Browser, ERRORS, PASSWORD, World};

/// All that is logged, at every level.
#[derive(Clone, Default)]
pub struct Log(Arc<Mutex<Vec<u8>>>);

/// What writes into a [`Log`] until it is dropped.
pub struct Logging {
    _guard: tracing::subscriber::DefaultGuard,
    _second: tracing::Dispatch,
}

impl Log {
    /// Has all that this thread does logged here.
    pub fn begin(&self) -> Logging {
        let layer = tracing_subscriber::fmt::layer().with_writer(self.clone()).with_ansi(false);
        let subscriber = tracing_subscriber::registry().with(layer).with(LevelFilter::TRACE);
        // A second dispatcher: see `Watched`.
        let second = tracing::Dispatch::new(tracing_subscriber::registry());
        Logging { _guard: tracing::subscriber::set_default(subscriber), _second: second }
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

#[tokio::test]
async fn log_canaries_nothing_secret_is_logged_or_recorded() {
    let log = Log::default();
    let _logging = log.begin();

    let world = World::begin().await;
    let ana = world.user("Ana Torres", "canary-address@example.com").await;
    let mut browser = Browser::default();
    let mut canaries: Vec<String> =
        ["canary-wrong-password", "canary answer heron", "canary-code", "canary-link", PASSWORD]
            .map(str::to_owned)
            .to_vec();
    world.sign_in(&mut browser, &ana.email, "canary-wrong-password").await;
    world.sign_in(&mut browser, &ana.email, PASSWORD).await;
    let set = json!({ "currentPassword": PASSWORD, "question": "ship-name", "answer": "canary answer heron" });
    world.ask(&mut browser, "challengeQuestionSet", Some(set), ERRORS).await;
    let enroll = json!({ "currentPassword": PASSWORD });
    let enrolled = world.ask(&mut browser, "totpEnroll", Some(enroll), "secret userErrors { code }").await;
    canaries.push(enrolled["secret"].as_str().expect("a secret").to_owned());
    world.ask(&mut browser, "totpConfirm", Some(json!({ "code": "canary-code" })), ERRORS).await;
    let token = world.link(&ana, LinkPurpose::PasswordReset).await;
    for (token, answer) in [("canary-link", "canary answer heron"), (&token, "canary-wrong-password")] {
        let input = json!({ "token": token, "newPassword": "canary-wrong-password kelp", "answer": answer });
        world.app.nobody().mutate("passwordReset", input, ERRORS).await;
    }
    world.app.nobody().mutate("passwordResetRequest", json!({ "name": ana.email }), ERRORS).await;
    world.work().await;
    // A secret of a wrong type, which the library refuses.
    let wrong = json!({ "input": { "name": ["canary-code"], "password": 1 } });
    world.send(&mut browser, &harness::mutation_document("signIn", ERRORS), &wrong).await;
    canaries.extend([token, ana.email, browser.session.expect("a session"), browser.device.expect("a device")]);

    let logged = log.text();
    assert!(logged.contains("insert into sign_in_counts"), "the statements are in it, so it would show");
    let recorded: Vec<String> = sqlx::query_scalar(
        "select row_to_json(events)::text from events union all select row_to_json(access_log)::text from access_log",
    )
    .fetch_all(&world.app.pool)
    .await
    .expect("rows");
    let kept: Vec<String> = sqlx::query_scalar(
        "select row_to_json(passwords)::text from passwords union all select row_to_json(challenge_answers)::text from challenge_answers
         union all select row_to_json(totp_secrets)::text from totp_secrets union all select row_to_json(sessions)::text from sessions
         union all select row_to_json(devices)::text from devices union all select row_to_json(links)::text from links
         union all select row_to_json(mails)::text from mails union all select row_to_json(sign_in_counts)::text from sign_in_counts",
    )
    .fetch_all(&world.app.pool)
    .await
    .expect("rows");
    assert!(kept.len() > 6);
    for canary in &canaries {
        assert!(!logged.contains(canary.as_str()), "{canary} is in the log");
        assert!(!recorded.iter().any(|row| row.contains(canary.as_str())), "{canary} is recorded");
        assert!(!kept.iter().any(|row| row.contains(canary.as_str())), "{canary} is kept in clear");
    }
}

#[test]
fn debug_shows_no_secret() {
    let secret = || Secret::new("canary");
    let claim = Claim { name: secret(), password: secret(), code: Some(secret()), recovery_code: Some(secret()) };
    assert!(!format!("{claim:?}").contains("canary"));
}
