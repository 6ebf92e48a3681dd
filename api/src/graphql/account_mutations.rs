//! The mutations of an account: parse, build the command, carry it out, read the account back.
//!
//! They are an administrator's, but for one: an ADMIN contact ends a colleague's access.

use async_graphql::{Context, ID, Object, Result};
use domain::{
    AccountId, LocationId, PersonId, ProductId, Role,
    account::{Account, AccountAction, ContactAccess},
};
use event_log::Reservation;
use projections::Kind;
use uuid::Uuid;

use super::{
    account_inputs::{
        AccountContactJoinInput, AccountContactLeaveInput, AccountContactSetInput, AccountLocationAddInput,
        AccountLocationMoveInput, AccountLocationRetireInput, AccountMoveInput, AccountOpenInput,
        AccountProductInstallInput, AccountProductRemoveInput, AccountRenameInput, ContactInput,
    },
    account_payload::AccountPayload,
    account_words::{AccountWords, new_person},
    case_mutations::no_such,
    context::RequestContext,
    directory_lists::ContactRole,
    ids::GlobalId,
    inputs::{ChangeInput, idempotency, intend},
};
use crate::{
    commands::{Intention, Refusal},
    registry::ACCOUNT_REFERENCE,
};

/// What can be asked of accounts.
#[derive(Default)]
pub struct AccountMutations;

/// Parses an input into an action, or says which field is wrong.
type Parsed = Result<AccountAction, Refusal>;

#[Object]
impl AccountMutations {
    /// Open an account.
    async fn account_open(&self, ctx: &Context<'_>, input: AccountOpenInput) -> Result<AccountPayload> {
        let intention = open(RequestContext::of(ctx)?, &input);
        answer(ctx, intention).await
    }

    /// Call an account something else.
    async fn account_rename(&self, ctx: &Context<'_>, input: AccountRenameInput) -> Result<AccountPayload> {
        let parse =
            |words: AccountWords| Ok(AccountAction::Rename { name: words.line("account name", "name", &input.name)? });
        change(ctx, "accountRename", &input, parse).await
    }

    /// Say where an organisation is.
    async fn account_move(&self, ctx: &Context<'_>, input: AccountMoveInput) -> Result<AccountPayload> {
        let parse = |words: AccountWords| {
            Ok(AccountAction::Move { address: words.line("account address", "address", &input.address)? })
        };
        change(ctx, "accountMove", &input, parse).await
    }

    /// Serve an account at a place, or again at one that was retired.
    async fn account_location_add(&self, ctx: &Context<'_>, input: AccountLocationAddInput) -> Result<AccountPayload> {
        let parse = |words: AccountWords| {
            Ok(AccountAction::AddLocation {
                location: words.location(input.reference.as_deref()),
                reference: words.maybe_line("location reference", "reference", input.reference.as_deref())?,
                name: words.maybe_line("location name", "name", input.name.as_deref())?,
                address: words.line("location address", "address", &input.address)?,
            })
        };
        change(ctx, "accountLocationAdd", &input, parse).await
    }

    /// Give a place another address.
    async fn account_location_move(
        &self,
        ctx: &Context<'_>,
        input: AccountLocationMoveInput,
    ) -> Result<AccountPayload> {
        let parse = |words: AccountWords| {
            Ok(AccountAction::MoveLocation {
                location: location(&input.location_id)?,
                address: words.line("location address", "address", &input.address)?,
            })
        };
        change(ctx, "accountLocationMove", &input, parse).await
    }

    /// Serve an account at a place no more. What is installed there is removed; cases that name the place still do.
    async fn account_location_retire(
        &self,
        ctx: &Context<'_>,
        input: AccountLocationRetireInput,
    ) -> Result<AccountPayload> {
        let parse = |_: AccountWords| Ok(AccountAction::RetireLocation { location: location(&input.location_id)? });
        change(ctx, "accountLocationRetire", &input, parse).await
    }

    /// Install a product, or again one that was removed.
    async fn account_product_install(
        &self,
        ctx: &Context<'_>,
        input: AccountProductInstallInput,
    ) -> Result<AccountPayload> {
        let parse = |words: AccountWords| {
            Ok(AccountAction::InstallProduct {
                product: words.product(input.reference.as_deref()),
                location: input.location_id.as_ref().map(location).transpose()?,
                reference: words.maybe_line("product reference", "reference", input.reference.as_deref())?,
                name: words.line("product name", "name", &input.name)?,
            })
        };
        change(ctx, "accountProductInstall", &input, parse).await
    }

    /// Remove an installed product. Cases that name it still do.
    async fn account_product_remove(
        &self,
        ctx: &Context<'_>,
        input: AccountProductRemoveInput,
    ) -> Result<AccountPayload> {
        let parse = |_: AccountWords| {
            Ok(AccountAction::RemoveProduct { product: ProductId::of_field("productId", &input.product_id)? })
        };
        change(ctx, "accountProductRemove", &input, parse).await
    }

    /// Make somebody a contact of an account.
    async fn account_contact_join(&self, ctx: &Context<'_>, input: AccountContactJoinInput) -> Result<AccountPayload> {
        let intention = join(RequestContext::of(ctx)?, &input).await?;
        answer(ctx, intention).await
    }

    /// End somebody's being a contact: their access and their watching end at once, and their cases that are still worked
    /// on need another contact. For administrators, and for ADMINs of the account.
    async fn account_contact_leave(
        &self,
        ctx: &Context<'_>,
        input: AccountContactLeaveInput,
    ) -> Result<AccountPayload> {
        let parse = |_: AccountWords| Ok(AccountAction::Leave { person: person(&input.person_id)? });
        change(ctx, "accountContactLeave", &input, parse).await
    }

    /// Let a contact see more or less.
    async fn account_contact_set(&self, ctx: &Context<'_>, input: AccountContactSetInput) -> Result<AccountPayload> {
        let parse = |_: AccountWords| {
            Ok(AccountAction::SetAccess {
                person: person(&input.person_id)?,
                access: access(input.role, input.location_ids.as_deref())?,
            })
        };
        change(ctx, "accountContactSet", &input, parse).await
    }
}

/// The one walk of every mutation of an account that is there.
async fn change<I: ChangeInput + Sync>(
    ctx: &Context<'_>,
    operation: &str,
    input: &I,
    parse: impl FnOnce(AccountWords<'_>) -> Parsed + Send,
) -> Result<AccountPayload> {
    let request = RequestContext::of(ctx)?;
    let intention = intend(request, operation, input, |account| parse(AccountWords { request, account }));
    answer(ctx, intention).await
}

async fn answer(ctx: &Context<'_>, intention: Result<Intention<Account>, Refusal>) -> Result<AccountPayload> {
    match intention {
        Ok(intention) => {
            let makes = made_by(&intention.action);
            Box::pin(AccountPayload::of(ctx, Intention { makes, ..intention })).await
        }
        Err(refusal) => Ok(AccountPayload::refused(refusal)),
    }
}

fn open(request: &RequestContext, input: &AccountOpenInput) -> Result<Intention<Account>, Refusal> {
    let account: AccountId = request.new_id();
    let words = AccountWords { request, account };
    let action = AccountAction::Open {
        reference: words.line("account reference", "reference", &input.reference)?,
        name: words.line("account name", "name", &input.name)?,
        address: words.maybe_line("account address", "address", input.address.as_deref())?,
    };
    Ok(Intention {
        idempotency: idempotency("accountOpen", input.idempotency_key.as_ref(), input)?,
        reservations: vec![Reservation { kind: ACCOUNT_REFERENCE, value: input.reference.trim().to_owned() }],
        ..Intention::new(&request.caller, request.id, account, action)
    })
}

/// Builds the joining of somebody, or says which field is wrong. Who may not ask at all is told that, by the rules.
async fn join(
    request: &RequestContext,
    input: &AccountContactJoinInput,
) -> Result<Result<Intention<Account>, Refusal>> {
    let (who, details) = match &input.contact {
        ContactInput::Person(id) => (PersonId::of_field("contact", id), None),
        ContactInput::New(new) => match new_person(request, new) {
            Ok((person, details)) => (Ok(person), Some((person, details))),
            Err(refusal) => (Err(refusal), None),
        },
    };
    let intention = intend(request, "accountContactJoin", input, |_| {
        Ok(AccountAction::Join { person: who?, access: access(input.role, input.location_ids.as_deref())? })
    });
    let intention = match intention {
        Ok(intention) => Intention { brings: details, ..intention },
        Err(refusal) => return Ok(Err(refusal)),
    };
    if let (ContactInput::Person(_), AccountAction::Join { person, .. }) = (&input.contact, &intention.action)
        && request.caller.roles.has(Role::Administrator)
        && request.named::<PersonId>(Kind::Person, vec![person.0]).await?.is_empty()
    {
        return Ok(Err(no_such("contact", "person")));
    }
    Ok(Ok(intention))
}

/// What an action makes within its account.
fn made_by(action: &AccountAction) -> Option<Uuid> {
    match action {
        AccountAction::AddLocation { location, .. } => Some(location.0),
        AccountAction::InstallProduct { product, .. } => Some(product.0),
        _ => None,
    }
}

fn access(role: ContactRole, limit: Option<&[ID]>) -> Result<ContactAccess, Refusal> {
    let place = |id| LocationId::of_field("locationIds", id);
    let locations = limit.map(|limit| limit.iter().map(place).collect()).transpose()?;
    Ok(ContactAccess { role: role.into(), locations })
}

fn location(id: &ID) -> Result<LocationId, Refusal> {
    LocationId::of_field("locationId", id)
}

fn person(id: &ID) -> Result<PersonId, Refusal> {
    PersonId::of_field("personId", id)
}
