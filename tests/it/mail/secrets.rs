//! No secret, and nobody's address, is logged or kept while mail is made and sent, however that ends.

use std::sync::Arc;

use api::{
    identity::Secret,
    mail::Mailer,
    settings::{Encryption, MailSettings},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use chrono::TimeDelta;
use harness::TestApp;
use serde_json::json;

use super::smtp::{LOGIN, MailServer};
use crate::{
    alone::runs_alone,
    credentials::{
        canaries::Log,
        world::{Browser, ERRORS, World, code},
    },
};

const TAKEN: &str = "canary-taken@example.com";
/// What the server does to mail to these stands in their names.
const FAILING: [&str; 5] = [
    "canary-one+busy1@example.com",
    "canary-two+unknown@example.com",
    "canary-three+refused@example.com",
    "canary-four+full@example.com",
    "canary-five+drop@example.com",
];
const FIRST: &str = "canary of a first password";
const SECOND: &str = "canary of a second password";
const WRONG: &str = "canary of a wrong password";
const ANSWER: &str = "canary answer of a heron";
const SMTP_WRONG: &str = "canary-of-smtp";

/// Works everything out and sends what is due.
async fn post(world: &World, mailer: &Mailer) {
    world.work().await;
    mailer.tell(event_log::safe_position_now(&world.app.pool).await.unwrap()).await.unwrap();
    mailer.deliver_due().await;
}

/// Every row of what is kept about mail and sign-ins, as text.
async fn kept(app: &TestApp) -> String {
    let mut rows: Vec<String> = vec![];
    for table in ["mails", "links", "link_requests", "sign_in_counts", "events", "access_log", "consumers"] {
        let sql = format!("select row_to_json(t)::text from {table} as t");
        rows.extend(sqlx::query_scalar::<_, String>(&sql).fetch_all(&app.pool).await.unwrap());
    }
    assert!(rows.len() > 30);
    rows.join("\n")
}

/// Runs in a process of its own, so that what any thread of it logs is seen.
#[tokio::test(flavor = "multi_thread")]
async fn log_canaries_nothing_secret_is_logged_or_kept_on_the_way_of_a_mail_however_it_ends() {
    let name = "mail::secrets::log_canaries_nothing_secret_is_logged_or_kept_on_the_way_of_a_mail_however_it_ends";
    if !runs_alone(name).await {
        return;
    }
    let log = Log::of_this_process();
    let world = World::begin().await;
    let server = MailServer::start_with(Encryption::StartTls, true).await;
    let services = || Arc::clone(world.app.service.services());
    let good = Mailer::new(services(), server.options());
    let login = MailSettings { credentials: Some((LOGIN.0.to_owned(), Secret::new(SMTP_WRONG))), ..server.settings() };
    let mut gone = server.settings();
    gone.server.as_mut().unwrap().port = 1;
    let untrusted = MailSettings { ca_file: None, ..server.settings() };
    let bad: Vec<_> = [login, gone, untrusted]
        .iter()
        .map(|settings| Mailer::new(services(), server.options_with(settings)))
        .collect();

    for (number, email) in [TAKEN].iter().chain(&FAILING).enumerate() {
        world.invite(&format!("Somebody {number}"), email).await;
    }
    // First nobody takes any, then somebody takes or refuses them.
    for mailer in bad.iter().chain([&good, &good]) {
        post(&world, mailer).await;
        world.app.clock.advance(TimeDelta::minutes(6));
    }
    let mut links = vec![];
    let mut link = async |path: &str| {
        let mails = server.taken_for(TAKEN);
        let mail = mails.iter().rfind(|mail| mail.text().contains(path)).expect("a mail with a link");
        links.push(mail.link(path).split_once('#').unwrap().1.to_owned());
        links.last().unwrap().clone()
    };
    let mut browser = Browser::default();
    let activate = json!({ "token": link("/activate").await, "newPassword": FIRST });
    assert_eq!(code(&world.ask(&mut browser, "accountActivate", Some(activate), ERRORS).await), None);
    world.see().await;
    world.sign_in(&mut browser, TAKEN, WRONG).await;
    assert_eq!(code(&world.sign_in(&mut browser, TAKEN, FIRST).await), None);
    let set = json!({ "currentPassword": FIRST, "question": "ship-name", "answer": ANSWER });
    assert_eq!(code(&world.ask(&mut browser, "challengeQuestionSet", Some(set), ERRORS).await), None);
    let enrolled = json!({ "currentPassword": FIRST });
    let enrolled = world.ask(&mut browser, "totpEnroll", Some(enrolled), "secret").await;
    world.ask(&mut browser, "passwordResetRequest", Some(json!({ "name": TAKEN })), ERRORS).await;
    post(&world, &good).await;
    let token = link("/reset-password").await;
    for (answer, expected) in [(WRONG, Some("SIGN_IN_REFUSED")), (ANSWER, None)] {
        let reset = json!({ "token": token, "newPassword": SECOND, "answer": answer });
        assert_eq!(code(&world.ask(&mut browser, "passwordReset", Some(reset), ERRORS).await), expected);
    }
    post(&world, &good).await;
    assert!(server.taken_for(TAKEN).len() >= 4, "an invitation, a link and what was changed");

    let logged = log.text();
    for words in ["a mail left", "trying again", "cannot be delivered", "535", "550", "554", "452"] {
        assert!(logged.contains(words), "{words} happened, so the rest would show");
    }
    let listed = "{ mailDeadLetters(first: 50) { id kind reason attempts } }";
    let listed = world.administrator.data(listed, json!({})).await["mailDeadLetters"].to_string();
    assert!(listed.contains("550") && listed.contains("554"), "{listed}");
    let everything = [("logged", logged), ("kept", kept(&world.app).await), ("listed", listed)];
    let mut canaries: Vec<String> =
        [FIRST, SECOND, WRONG, ANSWER, SMTP_WRONG, LOGIN.1, TAKEN].map(str::to_owned).to_vec();
    canaries.extend(FAILING.map(str::to_owned));
    // As they go over the line, too: `AUTH PLAIN` is base64 of both names and the password.
    canaries.extend([SMTP_WRONG, LOGIN.1].map(|password| STANDARD.encode(format!("\0{}\0{password}", LOGIN.0))));
    canaries.push(enrolled["secret"].as_str().unwrap().to_owned());
    canaries.extend([browser.device.unwrap()]);
    canaries.extend(links);
    for canary in &canaries {
        for (where_, text) in &everything {
            assert!(!text.contains(canary.as_str()), "{canary} is {where_}");
        }
    }
}
