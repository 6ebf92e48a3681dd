//! What mail says, and how it looks: parsed as a mail program does.

use chrono::TimeDelta;
use domain::{PersonId, Role};
use serde_json::json;

use super::{
    desk::{AGENT, CONTACT, MailDesk, title},
    smtp::BASE_URL,
};
use crate::{
    graphql_access::id_of,
    graphql_desk::{Stage, resolution},
};

#[tokio::test]
async fn mail_about_a_case_stands_in_one_thread_and_leads_to_it() {
    let world = MailDesk::open().await;
    let desk = &world.desk;
    let case_id = desk.new_case().await;
    world.post().await;
    desk.step(&desk.agent, "casePostMessage", &case_id, json!({ "body": "We look <b>into</b> it.\nAt once." })).await;
    world.post().await;
    let mails = world.server.taken_for(CONTACT);
    let [opened, message] = &mails[..] else { panic!("{}", mails.len()) };
    for mail in [opened, message] {
        assert_eq!(mail.subject(), "[CS-000001] Silent line");
        let thread = mail.header("References").unwrap();
        assert!(thread.starts_with("<case-") && thread.ends_with("@support.example.com>"), "{thread}");
        assert_eq!(mail.header("In-Reply-To"), Some(thread));
        assert_eq!(mail.header("Auto-Submitted").as_deref(), Some("auto-generated"));
        assert_eq!(mail.header("From").as_deref(), Some("\"Support Portal\" <support@support.example.com>"));
        assert_eq!(mail.header("To").as_deref(), Some("\"Cy Sample\" <cy@acme.example>"));
        assert_eq!(mail.header("List-Unsubscribe"), None, "a contact is on no list");
        assert_eq!(mail.link("/cases"), format!("{BASE_URL}/cases/CS-000001"));
    }
    assert_eq!(opened.header("References"), message.header("References"));
    assert_ne!(opened.message_id(), message.message_id());
    let text = message.text();
    assert_eq!(title(message), "Bo Agent wrote");
    assert!(text.contains("Bo Agent:\n> We look <b>into</b> it.\n> At once.\n"), "{text}");
    assert!(text.contains("written on March 2, 2026, 09:01 UTC.") && text.contains("Status: Open"), "{text}");
    let html = message.html();
    assert!(html.contains("We look &lt;b&gt;into&lt;") && !html.contains("<b>") && !html.contains("<script"), "{html}");
    assert!(html.contains("#1a5fb4"), "the portal's color");
}

#[tokio::test]
async fn a_subject_cannot_become_a_header() {
    let world = MailDesk::open().await;
    let mut opening = world.desk.opening("x");
    opening["subject"] = json!("Hello\r\nBcc: everybody@example.org\r\n\r\nSpam — ünïcode");
    crate::graphql_desk::open_case(&world.desk.contact, opening).await;
    world.post().await;
    let mail = world.server.mail_for(CONTACT).await;
    assert_eq!(mail.subject(), "[CS-000001] Hello Bcc: everybody@example.org Spam — ünïcode");
    assert!(mail.parsed().bcc().is_none() && mail.header("Bcc").is_none());
    assert_eq!(mail.to, [CONTACT]);
}

#[tokio::test]
async fn people_read_their_language_at_their_hours_under_the_brand_of_the_settings() {
    let world = MailDesk::open().await;
    let desk = &world.desk;
    let admin = desk.app.staff(Role::Administrator).await;
    admin.succeed("brandPortalNameSet", json!({ "name": "Example Telecom" }), "brand { portalName }").await;
    admin.succeed("brandColorsSet", json!({ "primary": "#ffdd00", "accent": "#000000" }), "brand { portalName }").await;
    let sender = json!({ "sender": "SUPPORT", "name": "Example Desk", "address": "desk@example.com" });
    admin.succeed("brandSenderSet", sender, "brand { portalName }").await;
    let preferences = json!({ "language": "SPANISH", "timeZone": "America/Bogota" });
    desk.contact.succeed("preferencesSet", preferences, "preferences { language timeZone }").await;
    desk.new_case().await;
    world.post().await;
    let mail = world.server.mail_for(CONTACT).await;
    assert_eq!(title(&mail), "El caso está abierto");
    let text = mail.text();
    assert!(text.contains("se abrió el 2 de marzo de 2026, 04:00 -05.") && text.contains("Estado: Nuevo"), "{text}");
    assert_eq!(mail.header("From").as_deref(), Some("\"Example Desk\" <desk@example.com>"));
    assert!(
        mail.html().contains("<html lang=\"es\">")
            && mail.html().contains("#ffdd00")
            && text.contains("Example Telecom")
    );
    let staff = world.server.mail_for(AGENT).await;
    assert_eq!(title(&staff), "The case was opened");
}

#[tokio::test]
async fn what_is_taken_away_before_it_is_sent_is_not_sent() {
    let world = MailDesk::open().await;
    let desk = &world.desk;
    let case_id = desk.case_in(Stage::Open).await;
    world.post().await;
    let before = world.server.taken().len();
    let message = desk.message(&desk.agent, &case_id, "Canary of a message").await;
    world.tell().await;
    desk.step(&desk.supervisor, "caseRedactMessage", &case_id, json!({ "messageId": message })).await;
    world.post().await;
    assert_eq!(world.server.taken().len(), before);
    let last = world.outbox().await.pop().unwrap();
    assert_eq!((last.1.as_str(), last.2.as_deref()), ("dropped", Some("what it tells of was taken away")));
}

#[tokio::test]
async fn an_erased_persons_words_are_in_no_mail_and_none_goes_to_them() {
    let world = MailDesk::open().await;
    let desk = &world.desk;
    let case_id = desk.new_case().await;
    desk.step(&desk.contact, "casePostMessage", &case_id, json!({ "body": "Canary of the contact" })).await;
    let preferences = json!({ "language": "SPANISH" });
    desk.contact.succeed("preferencesSet", preferences, "preferences { language }").await;
    world.tell().await;
    let admin = desk.app.staff(Role::Administrator).await;
    admin.succeed("personErase", json!({ "personId": desk.contact_id }), "erased { texts }").await;
    world.post().await;
    assert!(world.server.taken_for(CONTACT).is_empty());
    for mail in world.server.taken() {
        let all = format!("{}{}{}", mail.subject(), mail.text(), mail.html());
        assert!(!all.contains("Canary") && !all.contains("Cy Sample") && !all.contains("silent"), "{all}");
    }
    let person = id_of::<PersonId>(&desk.contact_id).0;
    let left: i64 = sqlx::query_scalar(
        "select (select count(*) from mails where person = $1 and (state in ('waiting', 'dead') or sealed is not null))
             + (select count(*) from mail_preferences where person = $1)",
    )
    .bind(person)
    .fetch_one(&desk.app.pool)
    .await
    .unwrap();
    assert_eq!(left, 0);
}

#[tokio::test]
async fn the_answer_and_its_reminder_say_until_when() {
    let world = MailDesk::open().await;
    let desk = &world.desk;
    let case_id = desk.new_case().await;
    world.post().await;
    desk.step(&desk.agent, "caseResolve", &case_id, resolution()).await;
    world.post().await;
    let mail = world.server.taken_for(CONTACT).pop().unwrap();
    assert_eq!(title(&mail), "There is an answer");
    let text = mail.text();
    assert!(
        text.contains("closed on March 12, 2026, 09:01 UTC.") && text.contains("> We replaced the line card."),
        "{text}"
    );
    desk.app.clock.advance(TimeDelta::days(5));
    let case_id = id_of::<domain::CaseId>(&case_id);
    desk.app.service.services().commands.act_on_time(case_id).await.unwrap();
    world.post().await;
    let mail = world.server.taken_for(CONTACT).pop().unwrap();
    assert_eq!(title(&mail), "Does the answer help?");
    assert!(mail.text().contains("> We replaced the line card."), "{}", mail.text());
}

/// Names that would end a quoted name, begin another address or turn the reading direction, and an address that is not ASCII.
#[tokio::test]
async fn whatever_somebody_is_called_mail_goes_to_their_address_alone() {
    let world = MailDesk::open().await;
    let desk = &world.desk;
    for (number, name) in [
        "Eve\" <eve@evil.example>, \"x",
        "Eve <eve@evil.example>",
        "eve@evil.example, Cy",
        "Zoë \u{202e}elpmaxe\u{202c} Ünal 川口",
        "=?utf-8?q?Eve?= <eve@evil.example>",
    ]
    .into_iter()
    .enumerate()
    {
        let address = format!("cy{number}@acme.example");
        world.call(&desk.contact_id, name, Some(&address)).await;
        crate::graphql_desk::open_case(&desk.contact, desk.opening(&format!("Case {number}"))).await;
        world.post().await;
        let mails = world.server.taken_for(&address);
        let [mail] = &mails[..] else { panic!("{name}: {}", mails.len()) };
        let parsed = mail.parsed();
        let to: Vec<_> = parsed.to().unwrap().iter().map(|to| to.address.as_deref().unwrap().to_owned()).collect();
        assert_eq!(to, [address], "{name}");
        assert!(mail.header("Bcc").is_none() && mail.header("Cc").is_none(), "{name}");
    }
    assert!(world.server.taken().iter().all(|mail| !mail.to.concat().contains("evil")));

    world.call(&desk.contact_id, "Zoë Ünal", Some("zoë@bücher.example")).await;
    crate::graphql_desk::open_case(&desk.contact, desk.opening("Ünïcode")).await;
    world.post().await;
    let mail = world.server.taken().into_iter().find(|mail| mail.to.concat().contains("zo"));
    let mail = mail.unwrap_or_else(|| panic!("nothing came to an address that is not ASCII"));
    assert_eq!(mail.subject(), "[CS-000006] Ünïcode");
}
