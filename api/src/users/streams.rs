//! What is decided of the person and the account along with an invitation.

use domain::{
    AccountId, Metadata, PersonId, Timestamp,
    account::{Account, AccountAction, AccountCommand, ContactAccess},
    person::{Details, Person, PersonAction, PersonCommand, PersonError},
};
use event_log::{EventLog, Loaded, LogError, StreamAppend};

use super::Wish;
use crate::{commands::Refusal, erasure::prepared};

/// What follows for the person: they are written down, unless they are. Somebody who is named by an id has to be.
pub(super) async fn of_person(
    log: &EventLog,
    wish: &Wish,
    details: Option<&Details>,
    at: Timestamp,
) -> Result<Result<Option<StreamAppend>, Refusal>, LogError> {
    let loaded: Loaded<Person> = log.load(&wish.user.to_string()).await?;
    let person = &loaded.aggregate;
    if person.is_erased {
        return Ok(Err(PersonError::Erased.into()));
    }
    let details = match (details, &person.state) {
        (_, Some(_)) => return Ok(Ok(None)),
        (None, None) => return Ok(Err(Refusal::from(PersonError::NotFound).about(Some("person")))),
        (Some(details), None) => details.clone(),
    };
    let command = PersonCommand { by: wish.by, at, action: PersonAction::Register(details) };
    let events = match person.decide(&command) {
        Ok(events) => events,
        Err(error) => return Ok(Err(error.into())),
    };
    let metadata = Metadata::of(&wish.by, wish.request, wish.channel);
    let events: Vec<_> = events.into_iter().map(|event| (event, metadata.clone())).collect();
    Ok(Ok(Some(prepared(log.prepare(&loaded, &events, &[], at))?)))
}

/// What follows for the account: they become its contact, unless they are one with the same access.
pub(super) async fn of_account(
    log: &EventLog,
    wish: &Wish,
    (account, access): &(AccountId, ContactAccess),
    at: Timestamp,
) -> Result<Result<Option<StreamAppend>, Refusal>, LogError> {
    let loaded: Loaded<Account> = log.load(&account.to_string()).await?;
    let person: PersonId = wish.user;
    let join = AccountAction::Join { person, access: access.clone() };
    let events = match loaded.aggregate.decide(&AccountCommand { by: wish.by, at, action: join }) {
        Ok(events) => events,
        Err(error) => return Ok(Err(of_account_field(error.into()))),
    };
    if events.is_empty() {
        return Ok(Ok(None));
    }
    let metadata = Metadata::of(&wish.by, wish.request, wish.channel);
    let events: Vec<_> = events.into_iter().map(|event| (event, metadata.clone())).collect();
    Ok(Ok(Some(prepared(log.prepare(&loaded, &events, &[], at))?)))
}

/// The same refusal, about a field of the account's part of the invitation.
fn of_account_field(refusal: Refusal) -> Refusal {
    let field = match refusal.field.as_deref() {
        Some("locationId" | "locationIds") => "locationIds",
        _ => "accountId",
    };
    refusal.about(Some(field))
}
