//! Who is told of what, through the whole service.

use api::mail::Mailer;
use chrono::TimeDelta;
use domain::Role;
use harness::TestCaller;
use serde_json::{Value, json};

use super::{
    desk::{AGENT, CONTACT, MailDesk, OTHER, told},
    smtp::BASE_URL,
};
use crate::{
    access_requests::{decide, form, submitted},
    graphql_desk::{open_case, resolution, viewer},
    graphql_references::import_rows,
};

const WATCHER: &str = "Ana@shop.example";

impl MailDesk {
    async fn step(&self, caller: &TestCaller, mutation: &str, case_id: &Value, input: Value) {
        self.desk.step(caller, mutation, case_id, input).await;
    }

    /// Has a page of a link's address answered.
    async fn follow(&self, url: &str) {
        let path = url.strip_prefix(BASE_URL).unwrap();
        assert!(self.desk.app.nobody().submit(path).send().await.unwrap().status().is_success());
    }
}

#[tokio::test]
async fn a_cases_whole_life_is_told_to_whom_the_table_says() {
    let world = MailDesk::open().await;
    let desk = &world.desk;
    let mut opening = desk.opening("Silent line");
    opening["watchers"] = json!([{ "email": WATCHER }]);
    let case_id = open_case(&desk.contact, opening).await;
    let posted = world.posted().await;
    let title = "The case was opened";
    let asked = "Updates about case CS-000001?";
    assert_eq!(posted, told(&[(CONTACT, title), (AGENT, title), (OTHER, title), (WATCHER, asked)]));
    let question = world.server.mail_for(WATCHER).await;
    let all = format!("{} {} {}", question.subject(), question.text(), question.html());
    assert!(!all.contains("Silent") && !all.contains("silent") && !all.contains("Cy"), "no case text: {all}");
    world.follow(&question.link("/watch/")).await;

    world.step(&desk.agent, "casePostMessage", &case_id, json!({ "body": "We look into it." })).await;
    let title = "Bo Agent wrote";
    assert_eq!(world.posted().await, told(&[(CONTACT, title), (WATCHER, title)]), "taken up by the answer");
    world.step(&desk.contact, "casePostMessage", &case_id, json!({ "body": "Still silent." })).await;
    let posted = world.posted().await;
    assert_eq!(posted, told(&[(AGENT, "Cy Sample wrote"), (WATCHER, "Somebody wrote")]), "an address learns no name");
    world.step(&desk.supervisor, "caseAssign", &case_id, json!({ "ownerId": world.other_id })).await;
    assert_eq!(world.posted().await, told(&[(OTHER, "The case is yours")]));
    world.step(&world.other, "caseAddNote", &case_id, json!({ "body": "Nothing for @nobody." })).await;
    assert_eq!(world.posted().await, []);
    world.step(&desk.agent, "caseAddNote", &case_id, json!({ "body": "Look at this, @di agent: Canary." })).await;
    assert_eq!(world.posted().await, told(&[(OTHER, "Bo Agent named you in a note")]));
    world.step(&world.other, "caseWaitStart", &case_id, json!({ "reason": "VENDOR" })).await;
    assert_eq!(world.posted().await, []);
    world.step(&world.other, "caseWaitStart", &case_id, json!({ "reason": "CUSTOMER" })).await;
    assert_eq!(world.posted().await, told(&[(CONTACT, "We wait for you")]));
    world.step(&world.other, "caseResolve", &case_id, resolution()).await;
    let title = "There is an answer";
    assert_eq!(world.posted().await, told(&[(CONTACT, title), (WATCHER, title)]));
    world.step(&desk.contact, "caseResolutionReject", &case_id, json!({ "reason": "No, it is not." })).await;
    let title = "The case is open again";
    assert_eq!(world.posted().await, told(&[(OTHER, title), (WATCHER, title)]));
    assert!(world.server.taken().pop().unwrap().text().contains("> No, it is not."));
    world.step(&desk.agent, "caseCancel", &case_id, json!({ "reason": "NO_LONGER_NEEDED" })).await;
    let title = "The case was canceled";
    assert_eq!(world.posted().await, told(&[(CONTACT, title), (OTHER, title), (WATCHER, title)]));
    for mail in world.server.taken_for(CONTACT).iter().chain(&world.server.taken_for(WATCHER)) {
        assert!(!mail.text().contains("Canary"), "{}", mail.text());
    }
}

#[tokio::test]
async fn a_watcher_is_told_after_confirming_and_not_after_leaving_by_one_click() {
    let world = MailDesk::open().await;
    let desk = &world.desk;
    let case_id = desk.new_case().await;
    world.step(&desk.agent, "caseWatcherAdd", &case_id, json!({ "watcher": { "email": WATCHER } })).await;
    world.post().await;
    let question = world.server.mail_for(WATCHER).await;
    world.step(&desk.agent, "casePostMessage", &case_id, json!({ "body": "One" })).await;
    world.post().await;
    assert_eq!(world.server.taken_for(WATCHER).len(), 1, "asked once, and told nothing");
    world.follow(&question.link("/watch/")).await;
    world.step(&desk.agent, "casePostMessage", &case_id, json!({ "body": "Two" })).await;
    world.post().await;
    let mail = world.server.taken_for(WATCHER).pop().unwrap();
    assert!(mail.text().contains("> Two") && !mail.text().contains("/cases/"), "{}", mail.text());
    assert_eq!(mail.header("List-Unsubscribe-Post").as_deref(), Some("List-Unsubscribe=One-Click"));
    let leave = mail.header("List-Unsubscribe").unwrap();
    world.follow(leave.trim_matches(['<', '>'])).await;
    world.step(&desk.agent, "casePostMessage", &case_id, json!({ "body": "Three" })).await;
    world.post().await;
    assert_eq!(world.server.taken_for(WATCHER).len(), 2);
}

#[tokio::test]
async fn whoever_leaves_the_account_gets_nothing_more_not_even_what_waits() {
    let world = MailDesk::open().await;
    let desk = &world.desk;
    let colleague = world.colleague("Ana Sample", "ana@acme.example").await;
    let mut opening = desk.opening("Silent line");
    opening["watchers"] = json!([{ "contact": colleague }]);
    let case_id = open_case(&desk.contact, opening).await;
    world.post().await;
    assert_eq!(world.server.taken_for("ana@acme.example").len(), 1);
    world.step(&desk.agent, "casePostMessage", &case_id, json!({ "body": "One" })).await;
    world.tell().await;
    let admin = desk.app.staff(Role::Administrator).await;
    for person in [&colleague, &desk.contact_id] {
        let leave = json!({ "accountId": desk.account_id, "personId": person });
        admin.succeed("accountContactLeave", leave, "accountId").await;
    }
    assert_eq!(world.posted().await, []);
    world.step(&desk.agent, "casePostMessage", &case_id, json!({ "body": "Two" })).await;
    assert_eq!(world.posted().await, []);
    let of_cases = world.outbox().await.into_iter().filter(|(kind, _, _)| kind.starts_with("case"));
    // The supervisor, who works cases, too, has no address.
    let reasons: Vec<_> =
        of_cases.filter_map(|(_, _, reason)| reason).filter(|reason| reason != "nobody knows their address").collect();
    assert!(reasons.len() == 4 && reasons.iter().all(|reason| reason == "they have left the account"), "{reasons:?}");
}

#[tokio::test]
async fn one_who_is_several_of_these_is_told_once() {
    let world = MailDesk::open().await;
    let desk = &world.desk;
    let mut opening = desk.opening("Silent line");
    opening["watchers"] = json!([{ "contact": desk.contact_id }, { "email": CONTACT }]);
    let case_id = open_case(&desk.contact, opening).await;
    world.step(&desk.agent, "casePostMessage", &case_id, json!({ "body": "One" })).await;
    world.post().await;
    assert_eq!(world.server.taken_for(CONTACT).len(), 2, "opened and answered");
}

#[tokio::test]
async fn a_merge_is_told_of_after_ten_minutes_unless_it_was_undone() {
    let world = MailDesk::open().await;
    let desk = &world.desk;
    let survivor = desk.new_case().await;
    let mistaken = desk.new_case().await;
    let merged = desk.new_case().await;
    world.post().await;
    for case_id in [&mistaken, &merged] {
        world.step(&desk.agent, "caseMerge", case_id, json!({ "intoCaseId": survivor })).await;
    }
    assert_eq!(world.posted().await, []);
    world.step(&desk.agent, "caseMergeUndo", &mistaken, json!({})).await;
    desk.app.clock.advance(TimeDelta::minutes(10));
    let title = "The case goes on in another one";
    assert_eq!(world.posted().await, told(&[(CONTACT, title), (OTHER, title)]));
    assert!(world.server.taken_for(CONTACT).pop().unwrap().text().contains("same as case CS-000001"));
    world.step(&desk.agent, "caseMergeUndo", &merged, json!({})).await;
    let title = "The case is open again";
    assert_eq!(world.posted().await, told(&[(CONTACT, title), (OTHER, title)]), "what was told of is taken back");
}

#[tokio::test]
async fn an_import_tells_nobody() {
    let world = MailDesk::open().await;
    let row = json!({
        "system": "old-desk", "reference": "T-4", "updated_at": "2026-03-02T08:00:00Z", "state": "Resolved",
        "agent": "Bo", "account": "ACME", "contact": "Cy", "queue": "q", "type": "t", "category": "c",
    });
    import_rows(&world.desk.app.service, &[row]).await;
    assert_eq!(world.posted().await, []);
    let of_users = |(kind, state, _): &(String, String, _)| kind == "access_granted" && state == "dropped";
    assert!(world.outbox().await.iter().all(of_users), "contacts who joined before, and do not sign in");
}

#[tokio::test]
async fn people_choose_what_they_get_but_for_what_concerns_signing_in() {
    let world = MailDesk::open().await;
    let desk = &world.desk;
    let choice = json!({ "unwanted": ["CASE_OPENED", "CASE_MESSAGE"] });
    desk.contact.succeed("preferencesSet", choice, "preferences { unwanted }").await;
    let document = "{ viewer { preferences { language timeZone unwanted } } }";
    let chosen = desk.contact.data(document, json!({})).await["viewer"]["preferences"].take();
    assert_eq!(chosen, json!({ "language": null, "timeZone": null, "unwanted": ["CASE_OPENED", "CASE_MESSAGE"] }));
    for (input, field) in
        [(json!({ "unwanted": ["PASSWORD_CHANGED"] }), "unwanted"), (json!({ "timeZone": "Middle/Earth" }), "timeZone")]
    {
        assert_eq!(desk.contact.refusal("preferencesSet", input).await["field"], field);
    }
    let case_id = desk.new_case().await;
    world.step(&desk.agent, "casePostMessage", &case_id, json!({ "body": "One" })).await;
    world.step(&desk.agent, "caseResolve", &case_id, resolution()).await;
    world.post().await;
    let titles: Vec<_> = world.server.taken_for(CONTACT).iter().map(super::desk::title).collect();
    assert_eq!(titles, ["There is an answer"]);
    let null = json!({ "language": "SPANISH" });
    desk.contact.succeed("preferencesSet", null, "preferences { unwanted }").await;
    let kept = desk.contact.data(document, json!({})).await["viewer"]["preferences"].take();
    assert_eq!(kept["unwanted"], json!(["CASE_OPENED", "CASE_MESSAGE"]), "what is left out stays");
}

#[tokio::test]
async fn an_administrator_sees_dead_letters_and_has_one_tried_again() {
    let world = MailDesk::open().await;
    let desk = &world.desk;
    world.call(&desk.contact_id, "Cy Sample", Some("cy+unknown@acme.example")).await;
    desk.new_case().await;
    world.post().await;
    let admin = desk.app.staff(Role::Administrator).await;
    let document = "{ mailDeadLetters { id kind person { id name } attempts reason createdAt failedAt } }";
    let mut dead = admin.data(document, json!({})).await["mailDeadLetters"].take();
    let [letter] = &mut dead.as_array_mut().unwrap()[..] else { panic!("{dead:#}") };
    assert_eq!((&letter["kind"], &letter["person"]["id"]), (&json!("CASE_OPENED"), &desk.contact_id));
    assert_eq!(letter["reason"], "the mail server answered 550 5.1.1 [address] no such mailbox");
    assert_eq!(desk.supervisor.error_code(document, json!({})).await, "FORBIDDEN");
    let retry = || json!({ "mailId": letter["id"] });
    assert_eq!(desk.supervisor.refusal("mailRetry", retry()).await["code"], "NOT_PERMITTED");
    world.call(&desk.contact_id, "Cy Sample", Some(CONTACT)).await;
    for _ in 0..2 {
        admin.succeed("mailRetry", retry(), "mailId").await;
    }
    assert_eq!(world.posted().await, told(&[(CONTACT, "The case was opened")]));
    assert_eq!(admin.data(document, json!({})).await["mailDeadLetters"], json!([]));
}

#[tokio::test]
async fn a_portal_user_is_invited_by_mail_and_told_of_what_happens_to_them() {
    let world = MailDesk::open().await;
    let desk = &world.desk;
    let admin = desk.app.staff(Role::Administrator).await;
    let invite =
        json!({ "person": { "new": { "name": "Eva Agent", "email": "eva@desk.example" } }, "roles": ["AGENT"] });
    let user = admin.succeed("userInvite", invite, "user { person { id } }").await["user"]["person"]["id"].take();
    assert_eq!(world.posted().await, told(&[("eva@desk.example", "Welcome to Support Portal")]));
    let url = world.server.mail_for("eva@desk.example").await.link("/activate#csl_");
    assert!(url.len() > 60, "{url}");
    assert_ne!(viewer(&admin).await["person"]["id"], user);
    let _: &Mailer = &world.mailer;
}

#[tokio::test]
async fn whoever_asked_for_access_in_vain_is_told_why() {
    let world = MailDesk::open().await;
    let desk = &world.desk;
    let id = submitted(&desk.app, &desk.supervisor, form("ana@new.example")).await;
    assert_eq!(world.posted().await, [], "asking is answered by nobody's mail");
    let decline = decide(&id, 1, json!({ "decline": "Nobody at Acme knows them." }));
    desk.supervisor.succeed("accessRequestDecide", decline, "accessRequest { id }").await;
    assert_eq!(world.posted().await, told(&[("ana@new.example", "Your request for access was declined")]));
    let text = world.server.mail_for("ana@new.example").await.text();
    assert!(text.contains("The reason that was given: Nobody at Acme knows them."), "{text}");
}
