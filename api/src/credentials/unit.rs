//! One transaction of a person's credentials: the rows of the secrets, the events, the line of the access log.

use cqrs_es::Aggregate as _;
use domain::{
    Actor, Channel, Metadata, PersonId, RequestId, Timestamp,
    user::{User, UserAction, UserCommand, UserEvent, UserState},
};
use event_log::{AppendError, AppendOptions, Loaded, MAX_ATTEMPTS};
use sqlx::{PgConnection, Postgres, Transaction};

use super::{CredentialError, Outcome, Visit};
use crate::{
    erasure::prepared,
    graphql::Services,
    http::ClientAddress,
    identity::{Authentication, AuthenticationEvent},
};

/// How often it is tried before whoever changes the same user meanwhile is said to.
pub const TRIES: u32 = MAX_ATTEMPTS;

/// A transaction that has begun. Dropping it undoes it.
pub struct Unit<'a> {
    tx: Transaction<'static, Postgres>,
    services: &'a Services,
    loaded: Loaded<User>,
    events: Vec<UserEvent>,
    by: Actor,
    request: RequestId,
    client: Option<ClientAddress>,
    is_brought_in: bool,
    /// When it happens.
    pub now: Timestamp,
}

impl<'a> Unit<'a> {
    /// Begins one in which a person does something with their own credentials, if the rules let them.
    ///
    /// # Errors
    /// [`CredentialError`].
    pub async fn begin(visit: &'a Visit, person: PersonId, actions: &[UserAction]) -> Outcome<Self> {
        let services = &*visit.services;
        let unit = Self::begin_as(services, (visit.request, visit.client), person, None, actions).await?;
        Ok(unit.map(|unit| Self { is_brought_in: visit.is_brought_in, ..unit }))
    }

    /// The same for somebody else than the person, or without a request from outside.
    ///
    /// # Errors
    /// [`CredentialError`].
    pub async fn begin_as(
        services: &'a Services,
        (request, client): (RequestId, Option<ClientAddress>),
        person: PersonId,
        by: Option<Actor>,
        actions: &[UserAction],
    ) -> Outcome<Self> {
        let log = &services.commands.log;
        let loaded = log.load::<User>(&person.to_string()).await?;
        let now = services.commands.clock.now();
        let by = by.unwrap_or_else(|| themself(person, loaded.aggregate.state.as_ref()));
        let (mut user, mut events) = (User::clone(&loaded.aggregate), vec![]);
        for action in actions {
            let command =
                UserCommand { user: person, by, at: now, action: action.clone(), has_another_administrator: true };
            match user.decide(&command) {
                Ok(decided) => {
                    decided.iter().cloned().for_each(|event| user.apply(event));
                    events.extend(decided);
                }
                Err(error) => return Ok(Err(error.into())),
            }
        }
        let tx = services.pool.begin().await?;
        Ok(Ok(Self { tx, services, loaded, events, by, request, client, is_brought_in: false, now }))
    }

    /// The transaction's connection.
    pub fn conn(&mut self) -> &mut PgConnection {
        &mut self.tx
    }

    /// What is known of the user before it.
    #[must_use]
    pub fn state(&self) -> Option<&UserState> {
        self.loaded.aggregate.state.as_ref()
    }

    /// Whether anything is recorded in the log.
    #[must_use]
    pub fn records_something(&self) -> bool {
        !self.events.is_empty()
    }

    /// Writes what happened down and commits; answers the position that a reader must reach to see it. Nothing when somebody else
    /// changed the user meanwhile: then it did not happen, and is to be tried again.
    ///
    /// # Errors
    /// [`CredentialError`].
    pub async fn commit(
        mut self,
        person: PersonId,
        happened: &[(AuthenticationEvent, &str)],
    ) -> Result<Option<i64>, CredentialError> {
        let mut position = self.loaded.position();
        if !self.events.is_empty() {
            let log = &self.services.commands.log;
            let works = self.by.roles.work_cases();
            let channel = match (self.is_brought_in, works) {
                (true, _) => Channel::Import,
                (false, true) => Channel::Desk,
                (false, false) => Channel::Portal,
            };
            let metadata = Metadata::of(&self.by, self.request, channel);
            let events: Vec<_> = self.events.into_iter().map(|event| (event, metadata.clone())).collect();
            let stream = prepared(log.prepare(&self.loaded, &events, &[], self.now))?;
            match log.append_in(&mut self.tx, vec![stream], AppendOptions::at(self.now)).await {
                Ok(appended) => position = appended.position.unwrap_or(position),
                Err(AppendError::Conflict) => return Ok(None),
                Err(AppendError::Log(error)) => return Err(error.into()),
                Err(error) => unreachable!("a credential reserves nothing, has no words, and no key: {error}"),
            }
        }
        for (event, object) in happened {
            let what = Authentication {
                person: Some(person),
                event: *event,
                object,
                client: self.client,
                request: self.request,
            };
            self.services.access_log.record_authentication_in(&mut self.tx, &what).await?;
        }
        self.tx.commit().await?;
        Ok(Some(position))
    }
}

/// The person, in the roles that they have.
fn themself(person: PersonId, state: Option<&UserState>) -> Actor {
    let roles = state.map(|state| state.roles.iter().copied().collect()).unwrap_or_default();
    Actor { person, roles }
}

/// What happened without a transaction, to somebody or to nobody.
pub(super) async fn note(
    visit: &Visit,
    person: Option<PersonId>,
    event: AuthenticationEvent,
    object: &str,
) -> Result<(), CredentialError> {
    let what = Authentication { person, event, object, client: visit.client, request: visit.request };
    Ok(visit.services.access_log.record_authentication(&what).await?)
}

/// The refusal of whoever could not be served although they tried often.
pub(super) fn contended<T>() -> Outcome<T> {
    Err(CredentialError::Contended)
}
