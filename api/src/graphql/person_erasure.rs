//! Erasing a person, as a mutation.

use async_graphql::{Context, ID, InputObject, Result, SimpleObject};
use domain::PersonId;
use projections::Kind;
use serde::Serialize;

use super::{context::RequestContext, directory::Person, ids::GlobalId, inputs::idempotency, payload::UserError};
use crate::{
    commands::Refusal,
    erasure::{Erased, Erasing, Extent, Wish},
};

/// Whom to erase.
#[derive(Clone, Debug, InputObject, Serialize)]
pub struct PersonEraseInput {
    /// The person.
    person_id: ID,
    /// A key under which a retry is the same erasure; at most 200 characters.
    #[serde(skip)]
    idempotency_key: Option<String>,
}

/// What came of an erasure.
#[derive(Default, SimpleObject)]
pub struct PersonErasePayload {
    /// Who is left: an id.
    person: Option<Person>,
    /// How much went; null when nobody was erased.
    erased: Option<Extent>,
    /// It is done, and an instance that is behind may still show something for a moment.
    pending: bool,
    /// Why nobody was erased.
    user_errors: Vec<UserError>,
}

/// Erases a person.
pub(super) async fn erase(ctx: &Context<'_>, input: &PersonEraseInput) -> Result<PersonErasePayload> {
    let request = RequestContext::of(ctx)?;
    let wish = match parse(request, input) {
        Ok(wish) => wish,
        Err(refusal) => return Ok(refused(refusal)),
    };
    let person = wish.person;
    let erased = Erasing::with(&request.services).erase(wish).await.map_err(|error| request.internal(&error))?;
    let Erased { extent, pending } = match erased {
        Ok(erased) => erased,
        Err(refusal) => return Ok(refused(refusal)),
    };
    let named = request.named::<PersonId>(Kind::Person, vec![person.0]).await?;
    Ok(PersonErasePayload {
        person: named.into_iter().next().map(Person::from),
        erased: Some(extent),
        pending,
        user_errors: vec![],
    })
}

fn parse(request: &RequestContext, input: &PersonEraseInput) -> Result<Wish, Refusal> {
    Ok(Wish {
        person: PersonId::of_field("personId", &input.person_id)?,
        by: request.caller.actor(),
        request: request.id,
        channel: request.caller.channel(),
        idempotency: idempotency("personErase", input.idempotency_key.as_ref(), input)?,
    })
}

fn refused(refusal: Refusal) -> PersonErasePayload {
    PersonErasePayload { user_errors: vec![refusal.into()], ..PersonErasePayload::default() }
}
