//! What a desk has beside its cases: texts that agents answer with, and requests for access that wait for somebody to decide.

use chrono::TimeDelta;
use cqrs_es::Aggregate as _;
use domain::{
    AccessRequestId, Actor, Channel, KeyId, Line, Metadata, PersonId, PlainText, Role, Roles, Sealed, Slug,
    access_request::{AccessRequest, AccessRequestAction, AccessRequestCommand, NamedPerson, RequestType, Submission},
    settings::{Section, Settings, SettingsAction, SettingsCommand},
    text::MAX_BODY_CHARS,
};
use event_log::{AppendError, AppendOptions, Loaded, LogAggregate};
use serde::Deserialize;

use super::{Demo, DemoError};
use crate::erasure::subject_of_address;

const REPLIES: &str = include_str!("data/replies.toml");
const REQUESTS: &str = include_str!("data/requests.toml");

/// A text that agents answer with.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Reply {
    key: Slug,
    title: String,
    body: String,
}

/// A request for access, as its asker filled in the form.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Request {
    /// What tells it from the others.
    key: String,
    hours_ago: i64,
    r#type: RequestType,
    name: String,
    email: String,
    phone: Option<String>,
    account: String,
    address: Option<String>,
    description: String,
}

fn replies() -> Vec<Reply> {
    #[derive(Deserialize)]
    struct File {
        reply: Vec<Reply>,
    }
    toml::from_str::<File>(REPLIES).expect("the shipped replies are read").reply
}

fn requests() -> Vec<Request> {
    #[derive(Deserialize)]
    struct File {
        request: Vec<Request>,
    }
    toml::from_str::<File>(REQUESTS).expect("the shipped requests are read").request
}

fn text(text: &str) -> PlainText {
    PlainText::parse(text.trim(), MAX_BODY_CHARS).expect("the shipped texts are texts")
}

impl Demo<'_> {
    /// Whether there is nothing of this that [`Self::bring_besides`] would bring.
    pub(super) async fn has_besides(&self) -> Result<bool, DemoError> {
        if self.replies_so_far().await?.version() == 0 {
            return Ok(false);
        }
        for request in requests() {
            if self.request_so_far(&request).await?.version() == 0 {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Brings in replies where nobody has written any, and the requests that are missing.
    pub(super) async fn bring_besides(&self) -> Result<(), DemoError> {
        self.bring_replies().await?;
        for request in requests() {
            self.bring_request(&request).await?;
        }
        Ok(())
    }

    async fn replies_so_far(&self) -> Result<Loaded<Settings>, DemoError> {
        Ok(self.log().load(&Section::Replies.to_string()).await?)
    }

    async fn request_so_far(&self, request: &Request) -> Result<Loaded<AccessRequest>, DemoError> {
        Ok(self.log().load(&self.request_id(request).to_string()).await?)
    }

    fn request_id(&self, request: &Request) -> AccessRequestId {
        self.ids().access_request(&request.key)
    }

    /// All at once: whoever has taken one away does not get it again.
    async fn bring_replies(&self) -> Result<(), DemoError> {
        let loaded = self.replies_so_far().await?;
        if loaded.version() > 0 {
            return Ok(());
        }
        let by = Actor::new(PersonId::OPERATOR, Role::Administrator);
        let (mut settings, mut events) = ((*loaded.aggregate).clone(), vec![]);
        for Reply { key, title, body } in replies() {
            let line = |kind: &str, words: &str| {
                self.log().line(kind, self.ids().key(kind, key.as_str()), PersonId::OPERATOR, text(words))
            };
            let (title, body) = (line("reply title", &title), line("reply body", &body));
            let action = SettingsAction::SetReply { reply: key, title, body };
            for event in settings.decide(&SettingsCommand { by, at: self.now, action })? {
                settings.apply(event.clone());
                events.push(event);
            }
        }
        self.record_one(&loaded, by, events).await
    }

    /// Somebody's request, as of when they asked.
    async fn bring_request(&self, request: &Request) -> Result<(), DemoError> {
        let loaded = self.request_so_far(request).await?;
        if loaded.version() > 0 {
            return Ok(());
        }
        let email = PlainText::parse_email(&request.email).expect("the shipped addresses are some");
        let (fingerprint, subject) = subject_of_address(self.log(), &email);
        let key = |of: &str| -> KeyId { self.ids().key("request", &format!("{}\n{of}", request.key)) };
        let line = |of: &str, words: &str| self.log().line("asker", key(of), subject, text(words));
        let said = |of: &str, words: &str| Sealed::new(key(of), subject, text(words));
        let submission = Submission {
            request_type: request.r#type,
            asker: NamedPerson {
                name: line("name", &request.name),
                email: Line { fingerprint, text: Sealed::new(key("email"), subject, email) },
                phone: request.phone.as_deref().map(|phone| line("phone", phone)),
            },
            account_name: said("account", &request.account),
            service_address: request.address.as_deref().map(|address| said("address", address)),
            description: said("description", &request.description),
        };
        let by = Actor { person: subject, roles: Roles::default() };
        let at = self.now - TimeDelta::hours(request.hours_ago);
        let action = AccessRequestAction::Submit(Box::new(submission));
        let events = loaded.aggregate.decide(&AccessRequestCommand { by, at, action })?;
        self.record_one(&loaded, by, events).await
    }

    async fn record_one<A: LogAggregate>(
        &self,
        loaded: &Loaded<A>,
        by: Actor,
        events: Vec<A::Event>,
    ) -> Result<(), DemoError> {
        let at = self.services.commands.clock.now();
        let metadata = Metadata::of(&by, self.request, Channel::Import);
        let events: Vec<_> = events.into_iter().map(|event| (event, metadata.clone())).collect();
        let append = self.log().prepare(loaded, &events, &[], at)?;
        match self.log().append_all(vec![append], AppendOptions::at(at)).await {
            // Another run of the demo is at work.
            Ok(_) | Err(AppendError::Conflict) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn replies_differ_and_requests_are_plainly_nobodys() {
        let replies = replies();
        assert!((5..=12).contains(&replies.len()), "a handful: {}", replies.len());
        let bodies: BTreeSet<_> = replies.iter().map(|reply| reply.body.as_str()).collect();
        let titles: BTreeSet<_> = replies.iter().map(|reply| reply.title.as_str()).collect();
        let keys: BTreeSet<_> = replies.iter().map(|reply| reply.key.as_str()).collect();
        assert_eq!([bodies.len(), titles.len(), keys.len()], [replies.len(); 3]);
        for Reply { title, body, .. } in &replies {
            assert!(title.lines().count() == 1 && text(body).as_str().len() > 100, "{title}");
            assert!(!body.contains(['{', '}']), "nothing fills in what stands in braces: {title}");
        }
        let requests = requests();
        assert!((2..=3).contains(&requests.len()), "{}", requests.len());
        for request in requests {
            assert!(request.email.ends_with(".example") && request.hours_ago > 0, "{}", request.key);
            assert!(request.phone.is_none_or(|phone| phone.starts_with("+1 555 01")), "{}", request.key);
            assert_eq!(request.name.lines().count(), 1);
        }
    }
}
