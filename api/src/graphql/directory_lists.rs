//! What an account has, as lists; and loading of accounts and what they have, for all of a request at once.

use std::collections::{BTreeSet, HashMap};

use async_graphql::{
    ComplexObject, Context, Enum, Error, Result, SimpleObject, connection::PageInfo, dataloader::Loader,
};
use domain::{AccountId, LocationId, ProductId, RequestId, Scope};
use futures_util::{FutureExt as _, future::BoxFuture};
use projections::{
    AccountEntry, ContactEntry, ListWanted, Listed, LocationEntry, NameCursor, ProductEntry, ProjectionError, Reads,
    ScopedTx, accounts_by_ids, contacts_of, locations_by_ids, locations_of, products_at, products_by_ids, products_of,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    context::{RequestContext, internal},
    directory::{Location, Person, Product},
    ids::GlobalId as _,
    paging::{self, PageInput},
};

/// Service addresses.
#[derive(SimpleObject)]
pub struct LocationConnection {
    /// The locations.
    nodes: Vec<Location>,
    /// What lies beyond the page.
    page_info: PageInfo,
}

/// Installed products.
#[derive(SimpleObject)]
pub struct ProductConnection {
    /// The products.
    nodes: Vec<Product>,
    /// What lies beyond the page.
    page_info: PageInfo,
}

/// Contacts of an account.
#[derive(SimpleObject)]
pub struct ContactConnection {
    /// The contacts.
    nodes: Vec<AccountContact>,
    /// What lies beyond the page.
    page_info: PageInfo,
}

/// What a contact is in an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, Serialize)]
#[graphql(remote = "domain::account::ContactRole")]
pub enum ContactRole {
    /// Sees and works the account's cases, within a limit to locations if there is one.
    Member,
    /// The same without a limit, sees who has access, and ends a colleague's.
    Admin,
}

/// A contact of an account, and what they may see of it.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct AccountContact {
    /// Who.
    person: Person,
    /// What they are in the account.
    role: ContactRole,
    #[graphql(skip)]
    limit: Option<BTreeSet<LocationId>>,
}

#[ComplexObject]
impl AccountContact {
    /// The only locations whose cases they see; null without a limit. They see cases of their own anywhere.
    async fn locations(&self, ctx: &Context<'_>) -> Result<Option<Vec<Location>>> {
        let Some(limit) = &self.limit else { return Ok(None) };
        let found = RequestContext::of(ctx)?.directory.load_many(limit.iter().copied()).await?;
        let mut places: Vec<_> = found.into_values().collect();
        places.sort_by_key(|place| (place.named.name.clone(), place.named.id.0));
        Ok(Some(places.into_iter().map(|place| place.named.into()).collect()))
    }
}

impl From<(Vec<LocationEntry>, PageInfo)> for LocationConnection {
    fn from((rows, page_info): (Vec<LocationEntry>, PageInfo)) -> Self {
        Self { nodes: rows.into_iter().map(|row| row.named.into()).collect(), page_info }
    }
}

impl From<(Vec<ProductEntry>, PageInfo)> for ProductConnection {
    fn from((rows, page_info): (Vec<ProductEntry>, PageInfo)) -> Self {
        Self { nodes: rows.into_iter().map(|row| row.named.into()).collect(), page_info }
    }
}

impl From<(Vec<ContactEntry>, PageInfo)> for ContactConnection {
    fn from((rows, page_info): (Vec<ContactEntry>, PageInfo)) -> Self {
        Self { nodes: rows.into_iter().map(AccountContact::from).collect(), page_info }
    }
}

impl From<ContactEntry> for AccountContact {
    fn from(ContactEntry { named, access }: ContactEntry) -> Self {
        Self { limit: access.limit().cloned(), role: access.role.into(), person: named.into() }
    }
}

/// A row that a list goes on after.
pub(super) trait Row {
    /// Its place in the list.
    fn cursor(&self) -> NameCursor;
}

/// A list of something that is there more than once, so that those of one kind are read together.
pub(super) trait List: From<ListWanted> + Clone + Eq + std::hash::Hash + Send + Sync + 'static {
    /// What a cursor calls it.
    const NAME: &'static str;
    /// A row of it.
    type Row: Row + Clone + Send + Sync + 'static;
}

macro_rules! rows {
    ($($row:ty),+) => {$(
        impl Row for $row {
            fn cursor(&self) -> NameCursor {
                NameCursor { name: self.named.name.clone().unwrap_or_default(), id: self.named.id.uuid() }
            }
        }
    )+};
}

rows!(AccountEntry, LocationEntry, ProductEntry, ContactEntry);

macro_rules! lists {
    ($($(#[$doc:meta])+ $list:ident of $row:ty, by $read:ident;)+) => {$(
        $(#[$doc])+
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        pub struct $list(ListWanted);

        impl From<ListWanted> for $list {
            fn from(wanted: ListWanted) -> Self {
                Self(wanted)
            }
        }

        impl List for $list {
            const NAME: &'static str = stringify!($list);
            type Row = $row;
        }

        impl Loader<$list> for DirectoryLoader {
            type Value = Listed<$row>;
            type Error = Error;

            async fn load(&self, keys: &[$list]) -> Result<HashMap<$list, Self::Value>> {
                let wanted: Vec<_> = keys.iter().map(|key| key.0.clone()).collect();
                let found = self.read(move |tx| {
                    let wanted = wanted.clone();
                    async move { $read(tx, &wanted).await }.boxed()
                });
                Ok(keys.iter().cloned().zip(found.await?).collect())
            }
        }
    )+};
}

lists! {
    /// Where an account is served.
    LocationsOf of LocationEntry, by locations_of;
    /// What an account has installed.
    ProductsOf of ProductEntry, by products_of;
    /// What is installed at a place.
    ProductsAt of ProductEntry, by products_at;
    /// An account's contacts.
    ContactsOf of ContactEntry, by contacts_of;
}

/// What a cursor of such a list holds.
#[derive(Serialize, Deserialize)]
struct Cursor {
    list: String,
    of: Uuid,
    at: NameCursor,
}

/// Reads a page of a list, with those that other objects of the request ask for.
pub(super) async fn page<L: List>(
    request: &RequestContext,
    of: Uuid,
    first: Option<i32>,
    after: Option<String>,
) -> Result<(Vec<L::Row>, PageInfo)>
where
    DirectoryLoader: Loader<L, Value = Listed<L::Row>, Error = Error>,
{
    const PURPOSE: &str = "directory";
    let page = PageInput { first, after, ..PageInput::default() }.check()?;
    let cursor = page.open::<Cursor>(request, PURPOSE)?;
    if cursor.as_ref().is_some_and(|cursor| cursor.list != L::NAME || cursor.of != of) {
        return Err(paging::bad_cursor());
    }
    let has_cursor = cursor.is_some();
    let wanted = ListWanted { of, size: page.size, after: cursor.map(|cursor| cursor.at) };
    let found = request.directory.load_one(L::from(wanted)).await?;
    let Listed { rows, has_more } = found.unwrap_or_else(|| Listed { rows: vec![], has_more: false });
    let seal =
        |row: &L::Row| paging::seal(request, PURPOSE, &Cursor { list: L::NAME.to_owned(), of, at: row.cursor() });
    let ends = rows.first().zip(rows.last()).map(|(first, last)| (seal(first), seal(last)));
    let info = paging::info(&page, has_cursor, has_more, ends);
    Ok((rows, info))
}

/// Loads accounts and what they have, all that a request asks for at once.
pub struct DirectoryLoader {
    /// Reads.
    pub reads: Reads,
    /// What may be read.
    pub scope: Scope,
    /// The request, for its log lines.
    pub request: RequestId,
}

impl DirectoryLoader {
    async fn read<T, F>(&self, read: F) -> Result<T>
    where
        F: for<'t> Fn(&'t mut ScopedTx) -> BoxFuture<'t, Result<T, ProjectionError>> + Send + Sync,
        T: Send,
    {
        self.reads.read(&self.scope, read).await.map_err(|cause| internal(self.request, &cause))
    }
}

macro_rules! by_ids {
    ($($id:ty => $entry:ty, by $read:ident;)+) => {$(
        impl Loader<$id> for DirectoryLoader {
            type Value = $entry;
            type Error = Error;

            async fn load(&self, keys: &[$id]) -> Result<HashMap<$id, $entry>> {
                let ids: Vec<Uuid> = keys.iter().map(|key| key.0).collect();
                let found = self.read(move |tx| $read(tx, ids.clone()).boxed()).await?;
                Ok(found.into_iter().map(|entry| (entry.named.id, entry)).collect())
            }
        }
    )+};
}

by_ids! {
    AccountId => AccountEntry, by accounts_by_ids;
    LocationId => LocationEntry, by locations_by_ids;
    ProductId => ProductEntry, by products_by_ids;
}
