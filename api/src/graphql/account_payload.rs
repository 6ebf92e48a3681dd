//! What a mutation of an account answers: the account as it is now, with what was changed of it, or why not.

use async_graphql::{Context, ID, Result, SimpleObject};
use domain::{
    AccountId, LocationId, PersonId, ProductId, Scope,
    account::{Account as DomainAccount, AccountAction},
};
use futures_util::FutureExt as _;
use projections::{VISIBLE_WITHIN, Visibility, contact_of};

use super::{
    context::RequestContext,
    directory::{Account, Location, Product},
    directory_lists::AccountContact,
    ids::GlobalId as _,
    payload::UserError,
};
use crate::commands::{Intention, Outcome, Refusal, RefusalCode};

/// What came of a mutation of an account.
#[derive(Default, SimpleObject)]
pub struct AccountPayload {
    /// The account as it is now; null when the caller may not see it or it is pending.
    account: Option<Account>,
    /// The account's id, also while `pending` is true.
    account_id: Option<ID>,
    /// The location that it was about, if it was about one.
    location: Option<Location>,
    /// The installed product that it was about, if it was about one.
    product: Option<Product>,
    /// The contact whom it was about, if it was about one who is a contact now. For those who see the account's contacts.
    contact: Option<AccountContact>,
    /// It is recorded but not readable yet: read the account again in a moment.
    pending: bool,
    /// Why nothing was done. Empty when it was, or when there was nothing to do.
    user_errors: Vec<UserError>,
}

/// What a mutation is about within its account.
#[derive(Clone, Copy)]
enum About {
    Account,
    Location(LocationId),
    Product(ProductId),
    Contact(PersonId),
}

impl AccountPayload {
    /// Nothing was done.
    pub(super) fn refused(refusal: Refusal) -> Self {
        Self { user_errors: vec![refusal.into()], ..Self::default() }
    }

    /// Carries an intention out, waits until it can be read, and reads the account.
    pub(super) async fn of(ctx: &Context<'_>, intention: Intention<DomainAccount>) -> Result<Self> {
        let request = RequestContext::of(ctx)?;
        let about = About::of(&intention.action);
        let services = &request.services;
        let outcome = services.commands.carry_out(intention).await.map_err(|error| request.internal(&error))?;
        let Outcome { id, made, position, refusal } = outcome;
        if let Some(refusal) = refusal.clone().filter(|refusal| refusal.code == RefusalCode::NotFound) {
            return Ok(Self::refused(refusal));
        }
        let pending = services.projector.wait_until(position, VISIBLE_WITHIN).await == Visibility::Pending;
        // A refused command answers the account, too: see the cases' payload.
        request.record_read("mutation", &id.to_string()).await?;
        let is_over = refusal.is_none() && about.ends(request);
        let account = if is_over { None } else { request.account(id).await? };
        let payload = Self {
            account_id: (account.is_some() || pending).then(|| id.global()),
            user_errors: refusal.into_iter().map(UserError::from).collect(),
            account,
            pending,
            ..Self::default()
        };
        if payload.account.is_some() { payload.with(request, id, about.made(made)).await } else { Ok(payload) }
    }

    /// The same with what it was about.
    async fn with(self, request: &RequestContext, account: AccountId, about: About) -> Result<Self> {
        Ok(match about {
            About::Account => self,
            About::Location(location) => {
                let found = request.directory.load_one(location).await?;
                let found = found.filter(|location| location.account == account);
                Self { location: found.map(|entry| entry.named.into()), ..self }
            }
            About::Product(product) => {
                let found = request.directory.load_one(product).await?;
                let found = found.filter(|product| product.account == account);
                Self { product: found.map(|entry| entry.named.into()), ..self }
            }
            About::Contact(_) if !request.caller.sees_contacts_of(account) => self,
            About::Contact(person) => {
                let found = request.read_directory(move |tx| contact_of(tx, account, person).boxed()).await?;
                Self { contact: found.map(AccountContact::from), ..self }
            }
        })
    }
}

impl About {
    fn of(action: &AccountAction) -> Self {
        match action {
            AccountAction::Open { .. } | AccountAction::Rename { .. } | AccountAction::Move { .. } => Self::Account,
            AccountAction::AddLocation { location, .. }
            | AccountAction::MoveLocation { location, .. }
            | AccountAction::RetireLocation { location } => Self::Location(*location),
            AccountAction::InstallProduct { product, .. } | AccountAction::RemoveProduct { product } => {
                Self::Product(*product)
            }
            AccountAction::Join { person, .. }
            | AccountAction::Leave { person }
            | AccountAction::SetAccess { person, .. } => Self::Contact(*person),
        }
    }

    /// The same for a retry, which is told of what was made then.
    fn made(self, made: Option<uuid::Uuid>) -> Self {
        match (self, made) {
            (Self::Location(_), Some(made)) => Self::Location(made.into()),
            (Self::Product(_), Some(made)) => Self::Product(made.into()),
            (about, _) => about,
        }
    }

    /// Whether a contact has ended their own access: what they could see before, they see no more.
    fn ends(self, request: &RequestContext) -> bool {
        let is_contact = matches!(request.caller.directory_scope(), Scope::Contact { .. });
        is_contact && matches!(self, Self::Contact(person) if person == request.caller.person)
    }
}
