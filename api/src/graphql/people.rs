//! Whether the people, places and products that an input names can be meant by its caller.
//!
//! Staff may name anybody who is known. A customer may name the people of their accounts: who has access to one, or is
//! the contact of a case there. Everybody else is as good as unknown, and answered alike. So are places and products
//! that have a name here, unless a case that the customer sees has them: else a guessed id would be answered with a
//! name.

use async_graphql::Result;
use domain::{
    PersonId, Scope,
    case::{CaseAction, Watcher, table},
};
use futures_util::FutureExt;
use projections::{Kind, NamedBy, contacts_among, named_among};
use uuid::Uuid;

use super::{context::RequestContext, ids::GlobalId};
use crate::commands::Refusal;

/// Refuses an action that names somebody whom its caller cannot mean.
pub(super) async fn check(request: &RequestContext, action: &CaseAction) -> Result<Option<Refusal>> {
    if let Some(refusal) = check_places(request, action).await? {
        return Ok(Some(refusal));
    }
    let named = named_by(action);
    let ids: Vec<Uuid> = named.iter().map(|(_, person)| person.uuid()).collect();
    // Whoever may not ask at all is told that, by the rules.
    if ids.is_empty() || !table::permits(request.caller.actor().roles, action.into()) {
        return Ok(None);
    }
    let known: Vec<_> = if let Scope::Contact { person, .. } = request.scope() {
        let people = ids.clone();
        let members = request.read(move |tx| contacts_among(tx, people.clone()).boxed()).await?;
        let people = ids.clone();
        let contacts = request.read(move |tx| named_among(tx, NamedBy::Contact, people.clone()).boxed()).await?;
        members.into_iter().chain(contacts).chain([person.uuid()]).collect()
    } else {
        request.named::<Uuid>(Kind::Person, ids.clone()).await?.into_iter().map(|entry| entry.id).collect()
    };
    if let Some((field, what)) = named.iter().find(|(_, person)| !known.contains(&person.uuid())).map(|it| it.0) {
        return Ok(Some(Refusal::of_field(field, format!("there is no such {what}"))));
    }
    match action {
        CaseAction::Assign { owner } if is_customer(request, *owner).await? => {
            Ok(Some(Refusal::of_field("ownerId", "there is no such agent")))
        }
        _ => Ok(None),
    }
}

/// Refuses a place or product that a customer cannot mean.
async fn check_places(request: &RequestContext, action: &CaseAction) -> Result<Option<Refusal>> {
    let scope = request.scope();
    if !matches!(scope, Scope::Contact { .. }) {
        return Ok(None);
    }
    let (location, product) = match action {
        CaseAction::Open(opening) => (opening.location.picked(), opening.product.picked()),
        CaseAction::SetLocation { location } => (location.picked(), None),
        CaseAction::SetProduct { product } => (None, product.picked()),
        _ => (None, None),
    };
    let picked = [
        location.map(|id| ("locationId", "location", Kind::Location, NamedBy::Location, id.uuid())),
        product.map(|id| ("productId", "product", Kind::Product, NamedBy::Product, id.uuid())),
    ];
    // Whoever is limited to some places knows of no other, unless by a case of their own.
    let beyond = |kind| match action {
        CaseAction::Open(opening) => kind == Kind::Location && !scope.sees_case(opening.account, location, &[]),
        _ => false,
    };
    for (field, what, kind, by, id) in picked.into_iter().flatten() {
        if (beyond(kind) || request.named::<Uuid>(kind, vec![id]).await?.is_empty())
            && request.read(move |tx| named_among(tx, by, vec![id]).boxed()).await?.is_empty()
        {
            return Ok(Some(Refusal::of_field(field, format!("there is no such {what}"))));
        }
    }
    Ok(None)
}

/// Who is named, with the field and the word for them.
fn named_by(action: &CaseAction) -> Vec<((&'static str, &'static str), PersonId)> {
    let watcher = |field, watcher: &Watcher| match watcher {
        Watcher::Contact { person } => Some(((field, "contact"), *person)),
        Watcher::Address { .. } => None,
    };
    match action {
        CaseAction::Open(opening) => {
            let watchers = opening.watchers.iter().filter_map(|it| watcher("watchers", it));
            [(("contactId", "contact"), opening.contact)].into_iter().chain(watchers).collect()
        }
        CaseAction::SetContact { contact } => vec![(("contactId", "contact"), *contact)],
        CaseAction::Assign { owner } => vec![(("ownerId", "agent"), *owner)],
        CaseAction::AddWatcher { watcher: added } => watcher("watcher", added).into_iter().collect(),
        _ => vec![],
    }
}

/// Whether somebody signs in as a customer and in no role that works cases.
async fn is_customer(request: &RequestContext, person: PersonId) -> Result<bool> {
    sqlx::query_scalar(
        "select coalesce(not bool_or(roles && array['agent', 'supervisor', 'service']), false)
         from tokens where person = $1",
    )
    .bind(person.uuid())
    .fetch_one(&request.services.pool)
    .await
    .map_err(|error| request.internal(&error))
}
