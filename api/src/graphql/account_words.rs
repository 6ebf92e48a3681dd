//! Names, numbers and addresses that people give accounts and each other: lines, each under a key of its own.
//!
//! The first argument of a line is its kind, which is part of what it is compared by: the registry and the import of
//! accounts use the same.

use domain::{AccountId, Line, LocationId, PersonId, PlainText, ProductId, line::MAX_LINE_CHARS, person::Details};
use uuid::Uuid;

use super::{account_inputs::NewPersonInput, context::RequestContext};
use crate::{commands::Refusal, import::identity::Identities, registry::identities};

/// The words of a request about an account.
#[derive(Clone, Copy)]
pub(super) struct AccountWords<'a> {
    /// The request.
    pub request: &'a RequestContext,
    /// The account, whose words they are.
    pub account: AccountId,
}

impl AccountWords<'_> {
    /// A line about the account.
    ///
    /// # Errors
    /// A refusal that names the field.
    pub(super) fn line(self, kind: &str, field: &str, text: &str) -> Result<Line, Refusal> {
        line(self.request, PersonId::of_account(self.account), kind, field, text)
    }

    /// The same of one that may be left out; a blank one is.
    ///
    /// # Errors
    /// A refusal that names the field.
    pub(super) fn maybe_line(self, kind: &str, field: &str, text: Option<&str>) -> Result<Option<Line>, Refusal> {
        given(text).map(|text| self.line(kind, field, text)).transpose()
    }

    /// The place that has a reference in the account; a new one without.
    pub(super) fn location(self, reference: Option<&str>) -> LocationId {
        LocationId(self.known_as(reference, |ids, reference| ids.location(self.account, reference).0))
    }

    /// The same of an installed product.
    pub(super) fn product(self, reference: Option<&str>) -> ProductId {
        ProductId(self.known_as(reference, |ids, reference| ids.product(self.account, reference).0))
    }

    fn known_as(self, reference: Option<&str>, known: impl Fn(Identities, &str) -> Uuid) -> Uuid {
        match given(reference) {
            Some(reference) => known(identities(&self.request.services.commands.log), reference),
            None => self.request.new_id(),
        }
    }
}

/// The person who has an e-mail address, with what is to be written down of them unless they are known.
///
/// # Errors
/// A refusal that names the field.
pub(super) fn new_person(request: &RequestContext, new: &NewPersonInput) -> Result<(PersonId, Details), Refusal> {
    let email = PlainText::parse_email(&new.email).map_err(|error| Refusal::of_field("email", error.to_string()))?;
    let person = identities(&request.services.commands.log).person(&email.as_str().to_lowercase());
    Ok((person, person_details(request, person, new, &email)?))
}

/// What is to be written down of a person.
///
/// # Errors
/// A refusal that names the field.
pub(super) fn person_details(
    request: &RequestContext,
    person: PersonId,
    new: &NewPersonInput,
    email: &PlainText,
) -> Result<Details, Refusal> {
    let log = &request.services.commands.log;
    Ok(Details {
        name: line(request, person, "person name", "name", &new.name)?,
        email: Some(log.line("person e-mail", request.new_id(), person, email.clone())),
        phone: given(new.phone.as_deref())
            .map(|phone| line(request, person, "person phone", "phone", phone))
            .transpose()?,
    })
}

fn line(request: &RequestContext, of: PersonId, kind: &str, field: &str, text: &str) -> Result<Line, Refusal> {
    let text = PlainText::parse(text, MAX_LINE_CHARS).map_err(|error| Refusal::of_field(field, error.to_string()))?;
    if text.as_str().lines().count() > 1 {
        return Err(Refusal::of_field(field, "this is of several lines: write it in one"));
    }
    Ok(request.services.commands.log.line(kind, request.new_id(), of, text))
}

fn given(text: Option<&str>) -> Option<&str> {
    text.map(str::trim).filter(|text| !text.is_empty())
}
