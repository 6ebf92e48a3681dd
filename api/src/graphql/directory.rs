//! Those and that which a case names: accounts, people, locations, products.
//!
//! Each begins as an id with its name, which is read with the case; what more there is, is loaded for all of a request at
//! once when it is asked for.

use async_graphql::{Context, ID, Object, Result};
use domain::{AccountId, LocationId, PersonId, ProductId};
use projections::Named;

use super::{
    context::RequestContext,
    directory_lists::{
        ContactConnection, ContactsOf, LocationConnection, LocationsOf, ProductConnection, ProductsAt, ProductsOf, page,
    },
    ids::GlobalId,
};

/// A customer organisation.
#[derive(Clone, Debug)]
pub struct Account(Named<AccountId>);

#[Object]
impl Account {
    /// The global id.
    pub async fn id(&self) -> ID {
        self.0.id.global()
    }

    /// The reference that people use.
    async fn reference(&self) -> Option<&str> {
        self.0.reference.as_deref()
    }

    /// The name to show.
    async fn name(&self) -> Option<&str> {
        self.0.name.as_deref()
    }

    /// Where the organisation is, which need not be one of its service addresses.
    async fn address(&self, ctx: &Context<'_>) -> Result<Option<String>> {
        let found = RequestContext::of(ctx)?.directory.load_one(self.0.id).await?;
        Ok(found.and_then(|account| account.address))
    }

    /// How far it has come: for `expectedVersion`. For those who see all accounts; null for customers.
    async fn version(&self, ctx: &Context<'_>) -> Result<Option<String>> {
        let request = RequestContext::of(ctx)?;
        let version = request.directory.load_one(self.0.id).await?.and_then(|account| account.version);
        let opaque = |version: i64| {
            let version = u64::try_from(version).expect("versions are positive");
            request.services.commands.version::<domain::account::Account>(
                self.0.id,
                request.scope().audience(),
                version,
            )
        };
        Ok(version.map(opaque))
    }

    /// Where it is served now, by name, as far as the caller's limit reaches.
    async fn locations(
        &self,
        ctx: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
    ) -> Result<LocationConnection> {
        Ok(page::<LocationsOf>(RequestContext::of(ctx)?, self.0.id.uuid(), first, after).await?.into())
    }

    /// What it has installed now, by name, as far as the caller's limit reaches.
    async fn products(
        &self,
        ctx: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
    ) -> Result<ProductConnection> {
        Ok(page::<ProductsOf>(RequestContext::of(ctx)?, self.0.id.uuid(), first, after).await?.into())
    }

    /// Its contacts, by name. For its ADMINs, for staff and administrators; null for everybody else.
    async fn contacts(
        &self,
        ctx: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
    ) -> Result<Option<ContactConnection>> {
        let request = RequestContext::of(ctx)?;
        if !request.caller.sees_contacts_of(self.0.id) {
            return Ok(None);
        }
        Ok(Some(page::<ContactsOf>(request, self.0.id.uuid(), first, after).await?.into()))
    }
}

/// A service address of an account.
#[derive(Clone, Debug)]
pub struct Location(Named<LocationId>);

#[Object]
impl Location {
    /// The global id.
    pub async fn id(&self) -> ID {
        self.0.id.global()
    }

    /// The reference that people use.
    async fn reference(&self) -> Option<&str> {
        self.0.reference.as_deref()
    }

    /// The name to show: its own, else its address.
    async fn name(&self) -> Option<&str> {
        self.0.name.as_deref()
    }

    /// The address. Null where the location is nobody's.
    async fn address(&self, ctx: &Context<'_>) -> Result<Option<String>> {
        let found = RequestContext::of(ctx)?.directory.load_one(self.0.id).await?;
        Ok(found.and_then(|location| location.address))
    }

    /// Whose it is. Null where it is nobody's.
    async fn account(&self, ctx: &Context<'_>) -> Result<Option<Account>> {
        let request = RequestContext::of(ctx)?;
        match request.directory.load_one(self.0.id).await? {
            Some(location) => request.account(location.account).await,
            None => Ok(None),
        }
    }

    /// Whether the account is not served there any more.
    async fn is_retired(&self, ctx: &Context<'_>) -> Result<Option<bool>> {
        let found = RequestContext::of(ctx)?.directory.load_one(self.0.id).await?;
        Ok(found.map(|location| location.is_retired))
    }

    /// What is installed there now, by name, as far as the caller's limit reaches.
    async fn products(
        &self,
        ctx: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
    ) -> Result<ProductConnection> {
        Ok(page::<ProductsAt>(RequestContext::of(ctx)?, self.0.id.uuid(), first, after).await?.into())
    }
}

/// A product installed at a location.
#[derive(Clone, Debug)]
pub struct Product(Named<ProductId>);

#[Object]
impl Product {
    /// The global id.
    pub async fn id(&self) -> ID {
        self.0.id.global()
    }

    /// The reference that people use.
    async fn reference(&self) -> Option<&str> {
        self.0.reference.as_deref()
    }

    /// The name to show.
    async fn name(&self) -> Option<&str> {
        self.0.name.as_deref()
    }

    /// Whose it is. Null where it is nobody's.
    async fn account(&self, ctx: &Context<'_>) -> Result<Option<Account>> {
        let request = RequestContext::of(ctx)?;
        match request.directory.load_one(self.0.id).await? {
            Some(product) => request.account(product.account).await,
            None => Ok(None),
        }
    }

    /// Where it is installed, if anybody said so.
    async fn location(&self, ctx: &Context<'_>) -> Result<Option<Location>> {
        let request = RequestContext::of(ctx)?;
        let product = request.directory.load_one(self.0.id).await?;
        match product.and_then(|product| product.location) {
            Some(location) => request.location(location).await,
            None => Ok(None),
        }
    }

    /// Whether it is not installed any more.
    async fn is_removed(&self, ctx: &Context<'_>) -> Result<Option<bool>> {
        let found = RequestContext::of(ctx)?.directory.load_one(self.0.id).await?;
        Ok(found.map(|product| product.is_removed))
    }
}

/// A contact, a member of staff, a service or the clock.
#[derive(Clone, Debug)]
pub struct Person(Named<PersonId>);

#[Object]
impl Person {
    /// The global id.
    pub async fn id(&self) -> ID {
        self.0.id.global()
    }

    /// The name to show.
    async fn name(&self) -> Option<&str> {
        self.0.name.as_deref()
    }
}

macro_rules! from_named {
    ($($object:ident of $id:ty),+ $(,)?) => {$(
        impl From<Named<$id>> for $object {
            fn from(named: Named<$id>) -> Self {
                Self(named)
            }
        }
    )+};
}

from_named!(Account of AccountId, Location of LocationId, Product of ProductId, Person of PersonId);
