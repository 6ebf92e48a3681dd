//! Mail of long cases: what it costs, and what it holds up.

use std::time::Instant;

use domain::{
    Actor, CaseId, Channel, KeyId, MessageId, Metadata, PersonId, PlainText, RequestId, Role, Sealed, Side,
    case::{Case, CaseEvent, CaseFact},
};
use event_log::AppendOptions;
use serde_json::{Value, json};

use super::desk::{CONTACT, MailDesk};
use crate::graphql_access::id_of;

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
async fn measure_mail() {
    let world = MailDesk::open().await;
    let case_id = world.desk.new_case().await;
    world.post().await;
    world.converse(&case_id, 1000, Channel::Desk).await;
    let begun = Instant::now();
    world.tell().await;
    println!("MEASURE tell 1000: {:?}", begun.elapsed());
    let begun = Instant::now();
    let _ = tokio::time::timeout(std::time::Duration::from_secs(40), world.mailer.deliver_due()).await;
    println!("MEASURE sent {} in {:?}", world.server.taken_for(CONTACT).len(), begun.elapsed());
    for _ in 0..5 {
        world.desk.step(&world.desk.agent, "casePostMessage", &case_id, json!({ "body": "One more" })).await;
        let begun = Instant::now();
        world.tell().await;
        println!("MEASURE tell 1 more: {:?}", begun.elapsed());
    }
}
