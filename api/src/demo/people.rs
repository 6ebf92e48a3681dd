//! Letting everybody sign in: invited as by hand, and activated by the link as they would themselves.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use domain::{
    Actor, Channel, PersonId, PlainText, RequestId, Role,
    line::MAX_LINE_CHARS,
    person::Details,
    user::{User, UserAction, UserStatus},
};
use event_log::EventLog;
use futures_util::{StreamExt as _, TryStreamExt as _, stream};

use super::{DemoError, world::World};
use crate::{
    credentials::{Visit, password},
    graphql::Services,
    http::Cookies,
    identity::Secret,
    users::{Asks, Invitation, Users, Wish},
};

/// People who are let in at the same moment: what takes time is hashing.
const AT_A_TIME: usize = 4;

/// Somebody who may sign in.
#[derive(Clone, Debug)]
pub struct SignIn {
    /// Who they are.
    pub person: PersonId,
    /// What they are called.
    pub name: String,
    /// What they sign in with.
    pub username: String,
    /// Their address.
    pub email: String,
    /// What they are to the desk.
    pub roles: Vec<Role>,
    /// For contacts, what they are in which accounts, in words.
    pub of: Vec<String>,
}

/// Everybody, the desk first. Whoever is a contact of two accounts is there once.
#[must_use]
pub fn everybody(world: &World) -> Vec<SignIn> {
    let staff = world.staff.iter().map(|staff| SignIn {
        person: staff.person,
        name: staff.is.name.clone(),
        username: staff.is.username.clone(),
        email: staff.is.email.clone(),
        roles: staff.is.roles.clone(),
        of: vec![],
    });
    let mut contacts: BTreeMap<PersonId, SignIn> = BTreeMap::new();
    let mut order = vec![];
    for account in &world.accounts {
        for contact in &account.contacts {
            let known = contacts.entry(contact.person).or_insert_with(|| {
                order.push(contact.person);
                SignIn {
                    person: contact.person,
                    name: contact.name.clone(),
                    username: contact.email.clone(),
                    email: contact.email.clone(),
                    roles: vec![Role::Contact],
                    of: vec![],
                }
            });
            let places = account
                .places
                .iter()
                .filter(|place| contact.limit.contains(&place.id))
                .map(|place| place.name.as_str());
            let is: Vec<_> = [contact.role.to_string()].into_iter().chain(places.map(str::to_owned)).collect();
            known.of.push(format!("{} ({})", account.name, is.join(", ")));
        }
    }
    staff.chain(order.into_iter().filter_map(|person| contacts.remove(&person))).collect()
}

/// Whether somebody was let in, whatever became of them since.
///
/// # Errors
/// [`DemoError`].
pub async fn was_let_in(log: &EventLog, person: PersonId) -> Result<bool, DemoError> {
    if log.latest::<domain::person::Person>(&person.to_string()).await?.is_erased {
        return Ok(true);
    }
    let user: User = log.latest(&person.to_string()).await?;
    Ok(user.state.is_some_and(|state| state.status != UserStatus::Invited || state.was_activated))
}

/// Lets everybody in who was not.
///
/// # Errors
/// [`DemoError`].
pub async fn let_in(services: &Arc<Services>, people: &[SignIn], password: &Secret) -> Result<(), DemoError> {
    stream::iter(people)
        .map(|it| let_one_in(services, it, password))
        .buffer_unordered(AT_A_TIME)
        .try_for_each(async |()| Ok(()))
        .await
}

async fn let_one_in(services: &Arc<Services>, who: &SignIn, password: &Secret) -> Result<(), DemoError> {
    let log = &services.commands.log;
    if was_let_in(log, who.person).await? {
        return Ok(());
    }
    let link = match invite(services, who).await? {
        Some(link) => link,
        // Invited by a run that was cut off.
        None => ask(services, who, Asks::Do(UserAction::ResendInvitation)).await?.expect("a new link goes with it"),
    };
    let visit = Visit {
        request: RequestId(services.commands.ids.next()),
        client: None,
        device: None,
        session: None,
        is_same_origin: false,
        cookies: Cookies::default(),
        is_brought_in: true,
        services: Arc::clone(services),
    };
    match password::activate(visit, link, password.clone()).await? {
        Ok(_) => Ok(()),
        Err(denied) => Err(who.refused(&denied)),
    }
}

async fn invite(services: &Arc<Services>, who: &SignIn) -> Result<Option<Secret>, DemoError> {
    let (log, ids) = (&services.commands.log, &services.commands.ids);
    let email = PlainText::parse_email(&who.email).expect("the shipped addresses are some");
    let username = PlainText::parse(&who.username, MAX_LINE_CHARS).expect("the shipped names are lines");
    let name = PlainText::parse(&who.name, MAX_LINE_CHARS).expect("the shipped names are lines");
    // Contacts came with their accounts.
    let details = who.of.is_empty().then(|| Details {
        name: log.line("person name", ids.next().into(), who.person, name),
        email: Some(log.line("person e-mail", ids.next().into(), who.person, email.clone())),
        phone: None,
    });
    let roles: BTreeSet<Role> = who.roles.iter().copied().collect();
    let invitation = Invitation { email, username, roles, details, account: None };
    ask(services, who, Asks::Invite(Box::new(invitation))).await
}

async fn ask(services: &Arc<Services>, who: &SignIn, asks: Asks) -> Result<Option<Secret>, DemoError> {
    let wish = Wish {
        user: who.person,
        by: Actor::new(PersonId::OPERATOR, Role::Administrator),
        request: RequestId(services.commands.ids.next()),
        channel: Channel::Import,
        idempotency: None,
        asks,
    };
    match Users::with(services).carry_out_by_hand(&wish).await? {
        Ok((_, link)) => Ok(link),
        Err(refusal) => Err(who.refused(&refusal)),
    }
}

impl SignIn {
    fn refused(&self, reason: &dyn std::fmt::Display) -> DemoError {
        DemoError::NotLetIn { name: self.name.clone(), reason: reason.to_string() }
    }
}
