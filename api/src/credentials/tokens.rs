//! API tokens of services, made and ended by whoever runs the installation.

use domain::{
    Metadata, PersonId, PlainText, Role, Timestamp,
    person::{Details, Person, PersonAction, PersonCommand},
};
use event_log::{AppendError, AppendOptions, Loaded, StreamAppend};
use uuid::Uuid;

use super::{Denied, Outcome, Visit, unit};
use crate::{
    commands::{Refusal, RefusalCode},
    erasure::prepared,
    identity::{
        Authentication, AuthenticationEvent, Caller, NewToken, Prepared, Secret, TokenEntry, TokenError, TokenScope,
        Tokens, list_tokens, revoke_token,
    },
};

/// A token for a service.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// What the service is called.
    pub name: String,
    /// What it may do.
    pub scopes: Vec<TokenScope>,
    /// When the token ends by itself.
    pub expires_at: Option<Timestamp>,
}

/// A token that was made: the only time that it is seen.
#[derive(Clone, Debug)]
pub struct Made {
    /// The token itself.
    pub token: Secret,
    /// What is known of it.
    pub entry: TokenEntry,
    /// The position that a reader must reach to know whose it is.
    pub position: i64,
}

/// Makes a token for a new service.
///
/// # Errors
/// [`super::CredentialError`].
pub async fn create(visit: Visit, caller: Caller, wanted: Wanted) -> Outcome<Made> {
    if let Some(denied) = not_permitted(&caller) {
        return Ok(Err(denied));
    }
    let services = &*visit.services;
    let commands = &services.commands;
    let now = commands.clock.now();
    if wanted.expires_at.is_some_and(|expires_at| expires_at <= now) {
        return Ok(Err(Refusal::of_field("expiresAt", "this has passed").into()));
    }
    if wanted.scopes.is_empty() {
        return Ok(Err(Refusal::of_field("scopes", "name at least one: without any it may do nothing").into()));
    }
    let new = NewToken {
        name: wanted.name,
        roles: vec![Role::Service],
        accounts: vec![],
        scopes: wanted.scopes,
        expires_at: wanted.expires_at,
    };
    let person = PersonId(commands.ids.next());
    let Prepared { token, name, unstored } = match Tokens::prepare(&new, person, now) {
        Ok(prepared) => prepared,
        Err(TokenError::Name(error)) => return Ok(Err(Refusal::of_field("name", error.to_string()).into())),
        Err(error @ TokenError::NameOfSeveralLines) => {
            return Ok(Err(Refusal::of_field("name", error.to_string()).into()));
        }
        Err(error) => return Err(error.into()),
    };
    let registered = match registered(&visit, &caller, person, name, now).await? {
        Ok(registered) => registered,
        Err(denied) => return Ok(Err(denied)),
    };
    // The service and its token together: neither is there without the other.
    let mut tx = services.pool.begin().await?;
    let position = match commands.log.append_in(&mut tx, vec![registered], AppendOptions::at(now)).await {
        Ok(appended) => appended.position.unwrap_or(0),
        Err(AppendError::Log(error)) => return Err(error.into()),
        Err(AppendError::Conflict) => return unit::contended(),
        Err(error) => unreachable!("somebody new reserves nothing, and was never erased: {error}"),
    };
    let id = unstored.store(&mut tx).await?;
    let object = id.to_string();
    note(&visit, &mut tx, &caller, AuthenticationEvent::TokenMade, &object).await?;
    tx.commit().await?;
    let entry = list_tokens(&services.pool, Some(id), now).await?.pop().ok_or(sqlx::Error::RowNotFound)?;
    Ok(Ok(Made { token, entry, position }))
}

/// The event by which a service becomes known.
async fn registered(
    visit: &Visit,
    caller: &Caller,
    person: PersonId,
    name: PlainText,
    at: Timestamp,
) -> Outcome<StreamAppend> {
    let commands = &visit.services.commands;
    let by = caller.actor();
    let loaded: Loaded<Person> = commands.log.load(&person.to_string()).await?;
    let name = commands.log.line("person name", commands.ids.next().into(), person, name);
    let action = PersonAction::Register(Details { name, email: None, phone: None });
    let events = match loaded.aggregate.decide(&PersonCommand { by, at, action }) {
        Ok(events) => events,
        Err(error) => return Ok(Err(Refusal::from(error).into())),
    };
    let metadata = Metadata::of(&by, visit.request, caller.channel());
    let events: Vec<_> = events.into_iter().map(|event| (event, metadata.clone())).collect();
    Ok(Ok(prepared(commands.log.prepare(&loaded, &events, &[], at))?))
}

/// Ends a token.
///
/// # Errors
/// [`super::CredentialError`].
pub async fn revoke(visit: Visit, caller: Caller, id: Option<Uuid>) -> Outcome<()> {
    if let Some(denied) = not_permitted(&caller) {
        return Ok(Err(denied));
    }
    let services = &*visit.services;
    let mut tx = services.pool.begin().await?;
    let now = services.commands.clock.now();
    let revoked = match id {
        Some(id) => revoke_token(&mut tx, id, now).await?.map(|_| id),
        None => None,
    };
    let Some(id) = revoked else {
        return Ok(Err(Refusal::new(RefusalCode::NotFound, "there is no such token, or it has ended").into()));
    };
    note(&visit, &mut tx, &caller, AuthenticationEvent::TokenRevoked, &id.to_string()).await?;
    tx.commit().await?;
    Ok(Ok(()))
}

fn not_permitted(caller: &Caller) -> Option<Denied> {
    let message = "tokens are made and ended by administrators";
    let may = caller.roles.has(Role::Administrator);
    (!may).then(|| Refusal::new(RefusalCode::NotPermitted, message).into())
}

/// Who made or ended it, and which.
async fn note(
    visit: &Visit,
    tx: &mut sqlx::PgConnection,
    caller: &Caller,
    event: AuthenticationEvent,
    object: &str,
) -> Result<(), super::CredentialError> {
    let what =
        Authentication { person: Some(caller.person), event, object, client: visit.client, request: visit.request };
    Ok(visit.services.access_log.record_authentication_in(tx, &what).await?)
}
