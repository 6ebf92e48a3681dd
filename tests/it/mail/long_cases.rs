//! Mail of long cases: what it costs, and what it holds up.

use api::mail::{LinkPurpose, backlog::Backlog};
use chrono::TimeDelta;
use domain::{
    Actor, CaseId, Channel, KeyId, MessageId, Metadata, PersonId, PlainText, RequestId, Role, Sealed, Side,
    case::{Case, CaseEvent, CaseFact},
};
use event_log::AppendOptions;
use serde_json::{Value, json};

use super::{
    desk::{CONTACT, MailDesk},
    smtp::Taken,
};
use crate::{graphql_access::id_of, graphql_desk::open_case, sql::Watched};

impl MailDesk {
    /// Has the agent write a case many messages, in one go.
    async fn converse(&self, case_id: &Value, messages: usize, channel: Channel) {
        let (app, commands) = (&self.desk.app, &self.desk.app.service.services().commands);
        let (at, author) = (app.clock.now(), id_of::<PersonId>(&self.desk.agent_id));
        let loaded = commands.log.load::<Case>(&id_of::<CaseId>(case_id).to_string()).await.unwrap();
        let by = Actor::new(author, Role::Agent);
        let message = |n: usize| {
            let words = PlainText::parse(&format!("This is message {n} of many."), 100).unwrap();
            let body = Sealed::new(KeyId(commands.ids.next()), author, words);
            let message = MessageId(commands.ids.next());
            let fact = CaseFact::MessagePosted { message, author, side: Side::Staff, body, written_at: None };
            let event = CaseEvent { occurred_at: at, fact };
            (event, Metadata::of(&by, RequestId(commands.ids.next()), channel))
        };
        let events: Vec<_> = (0..messages).map(message).collect();
        let append = commands.log.prepare(&loaded, &events, &[], at).unwrap();
        commands.log.append_all(vec![append], AppendOptions::at(at)).await.unwrap();
    }
}

#[tokio::test]
async fn a_mail_costs_what_it_says_however_long_its_case_is() {
    let world = MailDesk::open().await;
    let watched = Watched::begin();
    let mut costs = vec![];
    for before in [2, 400] {
        let case_id = world.desk.new_case().await;
        // Told to nobody, as what is brought in.
        world.converse(&case_id, before, Channel::Import).await;
        let mut cost = vec![];
        for body in ["One", "Two"] {
            world.desk.step(&world.desk.agent, "casePostMessage", &case_id, json!({ "body": body })).await;
            cost = watched.rows_of(world.post()).await;
        }
        let mail = world.server.taken_for(CONTACT).pop().unwrap();
        assert!(mail.subject().ends_with("Silent line") && mail.text().contains("> Two"), "{}", mail.text());
        cost.sort();
        costs.push(cost);
    }
    let [short, long] = &costs[..] else { unreachable!("two cases") };
    assert!(short.iter().map(|(_, rows)| rows).sum::<u64>() > 0, "rows are counted: {short:#?}");
    assert_eq!(short, long);
}

#[tokio::test]
async fn a_case_with_much_mail_holds_up_neither_others_nor_what_somebody_waits_for() {
    let world = MailDesk::open().await;
    let long = world.desk.new_case().await;
    world.post().await;
    let before = world.server.taken().len();
    world.converse(&long, 40, Channel::Desk).await;
    world.tell().await;
    world.desk.app.clock.advance(TimeDelta::minutes(1));
    open_case(&world.desk.contact, world.desk.opening("Another one")).await;
    world.tell().await;
    world.link(LinkPurpose::PasswordReset, "ana@new.example").await;
    world.mailer.deliver_due().await;
    let taken = &world.server.taken()[before..];
    assert_eq!(taken.len(), 44, "each message, the opening to three, and the link");
    let last = |is: &dyn Fn(&Taken) -> bool| taken.iter().rposition(is).unwrap();
    // Four leave at the same time.
    assert!(last(&|mail| mail.to == ["ana@new.example"]) < 4);
    assert!(last(&|mail| mail.subject().contains("Another one")) < 12);
}

#[tokio::test]
async fn the_backlog_tells_of_mail_that_is_not_sent_and_of_events_that_nobody_has_looked_at() {
    let world = MailDesk::open().await;
    let case_id = world.desk.new_case().await;
    world.post().await;
    let backlog = async || world.mailer.backlog().await.unwrap();
    assert_eq!(backlog().await, Backlog::default(), "all is done");
    let at = world.desk.app.clock.now();
    world.converse(&case_id, 5, Channel::Desk).await;
    world.desk.app.clock.advance(TimeDelta::minutes(3));
    assert_eq!(backlog().await, Backlog { unread: 5, since: Some(at), ..Backlog::default() });
    world.tell().await;
    assert_eq!(backlog().await, Backlog { waiting: 5, since: Some(at), ..Backlog::default() });
    world.mailer.deliver_due().await;
    assert_eq!(backlog().await, Backlog::default());
    // What rests until its next try waits, and could not have left yet.
    world.link(LinkPurpose::Unlock, "ana+full@new.example").await;
    world.mailer.deliver_due().await;
    assert_eq!(backlog().await, Backlog { waiting: 1, ..Backlog::default() });
}

#[tokio::test]
async fn a_case_that_is_not_the_one_that_was_known_is_read_again() {
    let world = MailDesk::open().await;
    let case_id = world.desk.new_case().await;
    world.post().await;
    let before = world.server.taken().len();
    world.converse(&case_id, 3, Channel::Desk).await;
    world.tell().await;
    // As after a backup was restored that lacks the last message.
    let mut owner = world.desk.app.owner().await;
    for statement in [
        "alter table events disable trigger user",
        "delete from events where position = (select max(position) from events where aggregate_type = 'case')",
        "alter table events enable trigger user",
    ] {
        sqlx::query(statement).execute(&mut owner).await.unwrap();
    }
    world.mailer.deliver_due().await;
    assert_eq!(world.server.taken().len(), before + 2);
    let (kind, state, reason) = world.outbox().await.pop().unwrap();
    assert_eq!((kind.as_str(), state.as_str()), ("case_message", "dropped"));
    assert_eq!(reason.as_deref(), Some("it did not happen"), "and not that its words were taken away");
}
