//! What a mail server does to mail, and what becomes of it.

use std::{sync::Arc, time::Duration};

use api::{
    mail::{LinkMail, LinkPurpose, Mailer, Transport, queue_link, worker::MAX_ATTEMPTS},
    settings::{Encryption, MailSettings},
};
use chrono::TimeDelta;
use domain::{PersonId, PlainText};
use harness::until;
use serde_json::json;

use super::{
    desk::MailDesk,
    smtp::{BASE_URL, LOGIN, MailServer},
};
use crate::{graphql_access::id_of, timers::another_instance};

const TOKEN: &str = "csl_Canary-of-a-token-that-nobody-may-log";

impl MailDesk {
    /// Queues the mail of a link that was issued for the contact, to some address.
    pub(super) async fn link(&self, purpose: LinkPurpose, to: &str) {
        let (app, commands) = (&self.desk.app, &self.desk.app.service.services().commands);
        let at = app.clock.now();
        let mail = LinkMail {
            person: id_of::<PersonId>(&self.desk.contact_id),
            to: PlainText::parse_email(to).unwrap(),
            purpose,
            token: TOKEN.to_owned().into(),
            at,
            expires_at: at + purpose.lasts(),
        };
        assert!(!format!("{mail:?}").contains("Canary"), "{mail:?}");
        let mut tx = app.pool.begin().await.unwrap();
        queue_link(&mut tx, &commands.log, &commands.ids, &mail).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// State, attempts and reason of the one mail to an address that is under way.
    async fn state(&self) -> (String, i32, Option<String>) {
        let sql = "select state, attempts, reason from mails order by created_at desc, mail_id desc limit 1";
        sqlx::query_as(sql).fetch_one(&self.desk.app.pool).await.unwrap()
    }

    fn later(&self, by: TimeDelta) {
        self.desk.app.clock.advance(by);
    }
}

#[tokio::test]
async fn a_link_is_mailed_once_to_the_address_it_was_issued_for_and_not_kept() {
    let world = MailDesk::open().await;
    world.link(LinkPurpose::Activation, "ana@new.example").await;
    let kept: String = sqlx::query_scalar("select row_to_json(m)::text from mails as m")
        .fetch_one(&world.desk.app.pool)
        .await
        .unwrap();
    assert!(!kept.contains("Canary") && !kept.contains("ana@new") && !kept.contains(&hex::encode("Canary")), "{kept}");
    world.post().await;
    world.post().await;
    let [mail] = &world.server.taken()[..] else { panic!("one mail") };
    assert_eq!(mail.to, ["ana@new.example"]);
    assert_eq!(mail.link("/activate"), format!("{BASE_URL}/activate#{TOKEN}"));
    assert!(mail.html().contains(TOKEN) && mail.text().contains("until March 9, 2026, 09:00 UTC"), "{}", mail.text());
    assert_eq!(mail.header("Auto-Submitted").as_deref(), Some("auto-generated"));
    assert_eq!(mail.header("From").as_deref(), Some("\"Support Portal\" <support@support.example.com>"));
    assert_eq!((mail.header("References"), mail.header("List-Unsubscribe")), (None, None));
    let sealed: Option<Vec<u8>> =
        sqlx::query_scalar("select sealed from mails").fetch_one(&world.desk.app.pool).await.unwrap();
    assert_eq!((sealed, world.state().await.0.as_str()), (None, "sent"));
}

#[tokio::test]
async fn a_newer_link_takes_the_place_of_one_that_waits_and_a_late_one_is_not_sent() {
    let world = MailDesk::open().await;
    world.link(LinkPurpose::PasswordReset, "ana@new.example").await;
    world.link(LinkPurpose::PasswordReset, "ana@newer.example").await;
    world.link(LinkPurpose::Unlock, "ana@newest.example").await;
    world.post().await;
    let mut to: Vec<_> = world.server.taken().into_iter().flat_map(|mail| mail.to).collect();
    to.sort();
    assert_eq!(to, ["ana@newer.example", "ana@newest.example"]);
    world.link(LinkPurpose::Unlock, "ana@new.example").await;
    world.later(TimeDelta::hours(1));
    world.post().await;
    assert_eq!(world.state().await, ("dropped".to_owned(), 1, Some("its time is over".to_owned())));
}

#[tokio::test]
async fn a_refusal_for_now_is_tried_again_later_and_one_for_good_is_a_dead_letter() {
    let world = MailDesk::open().await;
    world.link(LinkPurpose::Activation, "ana+busy2@new.example").await;
    world.post().await;
    let (state, attempts, reason) = world.state().await;
    assert_eq!((state.as_str(), attempts), ("waiting", 1));
    assert_eq!(reason.unwrap(), "the mail server answered 451 4.3.2 [address] try again later");
    world.post().await;
    assert_eq!(world.state().await.1, 1, "not before its time");
    world.later(TimeDelta::seconds(76));
    world.post().await;
    assert_eq!(world.state().await.1, 2);
    world.later(TimeDelta::seconds(151));
    world.post().await;
    assert_eq!(world.state().await, ("sent".to_owned(), 3, None));

    for (address, reason) in [
        ("ana+unknown@new.example", "the mail server answered 550 5.1.1 [address] no such mailbox"),
        ("ana+refused@new.example", "the mail server answered 554 5.7.1 refused"),
    ] {
        world.link(LinkPurpose::Activation, address).await;
        world.post().await;
        assert_eq!(world.state().await, ("dead".to_owned(), 1, Some(reason.to_owned())));
    }

    world.link(LinkPurpose::Activation, "ana+full@new.example").await;
    for _ in 0..MAX_ATTEMPTS {
        world.post().await;
        world.later(TimeDelta::minutes(460));
    }
    assert_eq!(world.server.taken().len(), 1);
    let (state, attempts, reason) = world.state().await;
    assert!(attempts > 10 && ["dead", "dropped"].contains(&state.as_str()), "{state} {attempts} {reason:?}");
}

#[tokio::test]
async fn what_nobody_takes_is_given_up_after_days() {
    let server = MailServer::start().await;
    let mut settings = server.settings();
    settings.server.as_mut().unwrap().port = 1;
    let options = server.options_with(&settings);
    let world = MailDesk::open_with(server, options).await;
    world.desk.new_case().await;
    world.tell().await;
    let began = world.desk.app.clock.now();
    for _ in 0..MAX_ATTEMPTS {
        world.mailer.deliver_due().await;
        world.later(TimeDelta::minutes(460));
    }
    assert!(world.desk.app.clock.now() - began > TimeDelta::days(2));
    let dead: Vec<_> = world.outbox().await.into_iter().filter(|(_, state, _)| state != "dropped").collect();
    assert_eq!(dead.len(), 3, "the contact and two agents: {dead:?}");
    for (kind, state, reason) in dead {
        assert_eq!((kind.as_str(), state.as_str()), ("case_opened", "dead"));
        assert!(reason.unwrap().starts_with("the mail server is out of reach: "));
    }
}

#[tokio::test]
async fn a_server_that_stalls_holds_nothing_up_and_gets_the_mail_later() {
    let server = MailServer::start().await;
    let options = server.options_with(&MailSettings { timeout: Duration::from_millis(500), ..server.settings() });
    let world = MailDesk::open_with(server, options).await;
    world.link(LinkPurpose::PasswordReset, "ana+stall@new.example").await;
    world.link(LinkPurpose::Unlock, "bo@new.example").await;
    world.post().await;
    assert_eq!(world.server.taken().len(), 1, "the other one left");
    world.later(TimeDelta::seconds(76));
    world.post().await;
    assert_eq!(world.server.taken_for("ana+stall@new.example").len(), 1);
}

#[tokio::test]
async fn what_is_queued_while_a_mail_stalls_leaves_before_it() {
    let world = MailDesk::open().await;
    world.link(LinkPurpose::PasswordReset, "ana+stall@new.example").await;
    let run = tokio::spawn(world.mailer.clone().run());
    until("a mail to be under way", async || (world.state().await.1 == 1).then_some(())).await;
    world.link(LinkPurpose::Unlock, "bo@new.example").await;
    until("the other one to leave", async || (world.state().await.0 == "sent").then_some(())).await;
    run.abort();
    let sql = "select attempts from mails where state = 'waiting' and reason is null";
    let stalls: Vec<i32> = sqlx::query_scalar(sql).fetch_all(&world.desk.app.pool).await.unwrap();
    assert_eq!(stalls, [1], "the server has not answered yet");
}

#[tokio::test]
async fn a_mail_whose_receipt_was_lost_is_sent_again_under_the_same_id() {
    let world = MailDesk::open().await;
    world.link(LinkPurpose::Activation, "ana+drop@new.example").await;
    world.post().await;
    assert_eq!(world.state().await.0, "waiting", "nobody knows whether it was taken");
    world.later(TimeDelta::seconds(76));
    world.post().await;
    let taken = world.server.taken_for("ana+drop@new.example");
    assert_eq!(taken.len(), 2);
    assert_eq!(taken[0].message_id(), taken[1].message_id());
    assert!(taken[0].message_id().ends_with("@support.example.com"));
    assert_eq!(world.state().await.0, "sent");
}

#[tokio::test]
async fn whoever_dies_between_sending_and_noting_it_leaves_the_mail_to_another() {
    let world = MailDesk::open().await;
    world.link(LinkPurpose::Activation, "ana@new.example").await;
    world.tell().await;
    // Nothing comes back from the database once the mail was taken, as when the instance is killed there.
    let mut owner = world.desk.app.owner().await;
    for statement in [
        "create function lose() returns trigger language plpgsql as $$ begin raise 'lost'; end $$",
        "create trigger lose before update on mails for each row when (new.state = 'sent') execute function lose()",
    ] {
        sqlx::query(statement).execute(&mut owner).await.unwrap();
    }
    world.mailer.deliver_due().await;
    sqlx::query("drop trigger lose on mails").execute(&mut owner).await.unwrap();
    assert_eq!(world.state().await, ("waiting".to_owned(), 1, None));
    let first = world.server.mail_for("ana@new.example").await;
    let other = Mailer::new(Arc::clone(another_instance(&world.desk).await.services()), world.server.options());
    other.deliver_due().await;
    assert_eq!(world.server.taken().len(), 1, "it is its claimer's for a while");
    world.later(TimeDelta::minutes(5));
    other.deliver_due().await;
    let taken = world.server.taken();
    assert_eq!(taken.len(), 2);
    assert_eq!(taken[1].message_id(), first.message_id());
    assert_eq!(world.state().await, ("sent".to_owned(), 2, None));
}

#[tokio::test]
async fn two_instances_tell_each_thing_once() {
    let world = MailDesk::open().await;
    let other = Mailer::new(Arc::clone(another_instance(&world.desk).await.services()), world.server.options());
    let runs = [tokio::spawn(world.mailer.clone().run()), tokio::spawn(other.run())];
    for n in 0..20 {
        let case_id =
            crate::graphql_desk::open_case(&world.desk.contact, world.desk.opening(&format!("Case {n}"))).await;
        world.desk.step(&world.desk.agent, "casePostMessage", &case_id, json!({ "body": "We look into it." })).await;
    }
    until("all mail", async || {
        let sql = "select (select position >= (select max(position) from events) from consumers where name = 'notices')
                   and not exists (select from mails where state = 'waiting')";
        let done: bool = sqlx::query_scalar(sql).fetch_one(&world.desk.app.pool).await.unwrap();
        done.then_some(())
    })
    .await;
    for run in runs {
        run.abort();
    }
    let taken = world.server.taken();
    let ids: std::collections::BTreeSet<_> = taken.iter().map(super::smtp::Taken::message_id).collect();
    assert_eq!(ids.len(), taken.len(), "none twice");
    assert_eq!(world.server.taken_for(super::desk::CONTACT).len(), 40, "an opening and an answer of each");
}

#[tokio::test]
async fn mail_is_encrypted_on_its_way_and_the_service_signs_in() {
    for encryption in [Encryption::StartTls, Encryption::Tls] {
        let server = MailServer::start_with(encryption, true).await;
        let options = server.options();
        let world = MailDesk::open_with(server, options).await;
        world.link(LinkPurpose::Activation, "ana@new.example").await;
        world.post().await;
        let [mail] = &world.server.taken()[..] else { panic!("{encryption:?}: {:?}", world.state().await) };
        assert!(mail.encrypted, "{encryption:?}");
        assert_eq!(mail.user.as_deref(), Some(LOGIN.0));
    }
}

#[tokio::test]
async fn a_server_that_nobody_vouches_for_or_that_refuses_the_login_gets_no_mail_and_none_dies_of_it() {
    let server = MailServer::start_with(Encryption::StartTls, true).await;
    let unknown = server.options_with(&MailSettings { ca_file: None, ..server.settings() });
    let wrong = (LOGIN.0.to_owned(), api::identity::Secret::new("a wrong password"));
    let wrong = server.options_with(&MailSettings { credentials: Some(wrong), ..server.settings() });
    let world = MailDesk::open_with(server, unknown).await;
    world.link(LinkPurpose::Activation, "ana@new.example").await;
    world.post().await;
    assert_eq!(world.state().await.0, "waiting");
    let mailer = Mailer::new(Arc::clone(world.desk.app.service.services()), wrong);
    world.later(TimeDelta::seconds(76));
    mailer.deliver_due().await;
    let (state, attempts, reason) = world.state().await;
    assert_eq!((state.as_str(), attempts), ("waiting", 2));
    assert!(reason.as_ref().unwrap().contains("535") && !reason.unwrap().contains("wrong password"));
    assert!(world.server.taken().is_empty());
}

#[tokio::test]
async fn without_a_mail_server_mail_is_a_file() {
    let server = MailServer::start().await;
    let mut options = server.options();
    let folder = server.folder.path().join("mailbox");
    options.transport = Transport::in_folder(folder.clone()).unwrap();
    let world = MailDesk::open_with(server, options).await;
    world.link(LinkPurpose::Activation, "ana@new.example").await;
    world.post().await;
    let files: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    let [file] = &files[..] else { panic!("{files:?}") };
    assert!(std::fs::read_to_string(file).unwrap().contains("To: ana@new.example"));
    assert_eq!(world.state().await.0, "sent");
}
