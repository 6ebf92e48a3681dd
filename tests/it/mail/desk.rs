//! A desk whose people have addresses, a mail server, and an instance that sends when the test says so.

use std::sync::Arc;

use api::mail::{MailOptions, Mailer};
use domain::{Channel, PersonId, PlainText, RequestId, Role, person::Details};
use harness::TestCaller;
use serde_json::{Value, json};

use super::smtp::{MailServer, Taken};
use crate::{
    graphql_access::id_of,
    graphql_desk::{Desk, viewer},
};

/// The addresses of those who are there.
pub const CONTACT: &str = "cy@acme.example";
pub const AGENT: &str = "bo@desk.example";
pub const OTHER: &str = "di@desk.example";

pub struct MailDesk {
    pub desk: Desk,
    pub server: MailServer,
    pub mailer: Mailer,
    /// Another agent.
    pub other: TestCaller,
    pub other_id: Value,
}

impl MailDesk {
    pub async fn open() -> Self {
        let server = MailServer::start().await;
        let options = server.options();
        Self::open_with(server, options).await
    }

    pub async fn open_with(server: MailServer, options: MailOptions) -> Self {
        let desk = Desk::open().await;
        let other = desk.app.staff(Role::Agent).await;
        let other_id = viewer(&other).await["person"]["id"].clone();
        let mailer = Mailer::new(Arc::clone(desk.app.service.services()), options);
        let this = Self { desk, server, mailer, other, other_id };
        for (person, name, email) in [
            (&this.desk.contact_id, "Cy Sample", CONTACT),
            (&this.desk.agent_id, "Bo Agent", AGENT),
            (&this.other_id, "Di Agent", OTHER),
        ] {
            this.call(person, name, Some(email)).await;
        }
        // What came before there was mail is nobody's news.
        this.post().await;
        assert!(this.server.taken().is_empty());
        this
    }

    /// Gives somebody a name and an address.
    pub async fn call(&self, person: &Value, name: &str, email: Option<&str>) {
        let (commands, person) = (&self.desk.app.service.services().commands, id_of::<PersonId>(person));
        let line = |kind: &str, text: &str| {
            let text = PlainText::parse(text, 200).unwrap();
            commands.log.line(kind, commands.ids.next().into(), person, text)
        };
        let now = commands.clock.now();
        let details = Details {
            name: line("person name", name),
            email: email.map(|email| line("person email", email)),
            phone: None,
        };
        let registry =
            api::registry::Registry::new(commands.log.clone(), RequestId(commands.ids.next()), Channel::Desk, now);
        let written = registry.details(person, details, now).await.unwrap();
        self.desk.app.until_visible(written.position).await;
    }

    /// Makes somebody new a contact of ACME; answers their person's id.
    pub async fn colleague(&self, name: &str, email: &str) -> Value {
        let admin = self.desk.app.staff(Role::Administrator).await;
        let join = json!({ "accountId": self.desk.account_id, "role": "MEMBER",
                           "contact": { "new": { "name": name, "email": email } } });
        let selection = "account { contacts { nodes { person { id name } } } }";
        let joined = admin.succeed("accountContactJoin", join, selection).await;
        let contacts = joined["account"]["contacts"]["nodes"].as_array().unwrap();
        contacts.iter().find(|contact| contact["person"]["name"] == name).unwrap()["person"]["id"].clone()
    }

    /// Works out who is told of all that has happened, without sending.
    pub async fn tell(&self) {
        let safe = event_log::safe_position_now(&self.desk.app.pool).await.unwrap();
        self.desk.app.until_visible(safe).await;
        self.mailer.tell(safe).await.unwrap();
    }

    /// The same, and sends what is due.
    pub async fn post(&self) {
        self.tell().await;
        self.mailer.deliver_due().await;
    }

    /// Who was sent what since the last time, in order: addresses and titles.
    pub async fn posted(&self) -> Vec<(String, String)> {
        let before = self.server.taken().len();
        self.post().await;
        let mut posted: Vec<_> =
            self.server.taken()[before..].iter().map(|mail| (mail.to[0].clone(), title(mail))).collect();
        posted.sort();
        posted
    }

    /// What stands in the outbox: kinds, states and reasons, in order.
    pub async fn outbox(&self) -> Vec<(String, String, Option<String>)> {
        let sql = "select kind, state, reason from mails order by created_at, mail_id";
        sqlx::query_as(sql).fetch_all(&self.desk.app.pool).await.unwrap()
    }
}

/// What a mail says first.
pub fn title(mail: &Taken) -> String {
    mail.text().lines().next().unwrap().to_owned()
}

/// A list of addresses and titles.
pub fn told(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    let mut told: Vec<_> = pairs.iter().map(|(to, title)| ((*to).to_owned(), (*title).to_owned())).collect();
    told.sort();
    told
}
