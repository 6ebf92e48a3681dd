//! Lists of accounts, and finding one.

use async_graphql::{ComplexObject, Context, ID, Result, SimpleObject, connection::PageInfo};
use domain::AccountId;
use futures_util::FutureExt;
use projections::{AccountWindow, NameCursor, account_by_reference, count_accounts, list_accounts, pick};
use serde::{Deserialize, Serialize};

use super::{
    context::{RequestContext, error},
    directory::{Account, Location},
    directory_lists::Row as _,
    ids::GlobalId as _,
    paging::{self, PageInput},
};

/// The longest text that is searched for, in characters.
const MAX_TEXT_CHARS: usize = 200;

/// A page of a list of accounts.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct AccountConnection {
    /// The accounts with their cursors.
    edges: Vec<AccountEdge>,
    /// What lies beyond the page.
    page_info: PageInfo,
    #[graphql(skip)]
    text: String,
}

/// An account with its cursor.
#[derive(SimpleObject)]
pub struct AccountEdge {
    /// The account.
    node: Account,
    /// Its cursor.
    cursor: String,
}

/// An account, or one of its locations: picking a location fills both in.
#[derive(SimpleObject)]
pub struct AccountPick {
    /// The account.
    account: Account,
    /// The location, where it is one that was found.
    location: Option<Location>,
}

/// What a cursor of a list holds. It is good for the text that it was made for.
#[derive(Serialize, Deserialize)]
struct Cursor {
    text: String,
    at: NameCursor,
}

#[ComplexObject]
impl AccountConnection {
    /// The accounts.
    async fn nodes(&self) -> Vec<&Account> {
        self.edges.iter().map(|edge| &edge.node).collect()
    }

    /// How many accounts the whole list has. Counted only when asked for.
    async fn total_count(&self, ctx: &Context<'_>) -> Result<i64> {
        let request = RequestContext::of(ctx)?;
        let read = |text: String| {
            request.read_directory(move |tx| {
                let text = text.clone();
                async move { count_accounts(tx, &text).await }.boxed()
            })
        };
        read(self.text.clone()).await
    }
}

/// Reads a page of the accounts that a text finds, by name.
pub(super) async fn connection(
    request: &RequestContext,
    text: Option<String>,
    page: &PageInput,
) -> Result<AccountConnection> {
    const PURPOSE: &str = "accounts";
    let page = page.check()?;
    let text = check_text(text.unwrap_or_default())?;
    let cursor = page.open::<Cursor>(request, PURPOSE)?;
    if cursor.as_ref().is_some_and(|cursor| cursor.text != text) {
        return Err(paging::bad_cursor());
    }
    let has_cursor = cursor.is_some();
    let window = AccountWindow { size: page.size, backward: page.backward, cursor: cursor.map(|cursor| cursor.at) };
    let found = request
        .read_directory(|tx| {
            let (text, window) = (text.clone(), window.clone());
            async move { list_accounts(tx, &text, &window).await }.boxed()
        })
        .await?;
    let edges: Vec<_> = found
        .rows
        .into_iter()
        .map(|row| AccountEdge {
            cursor: paging::seal(request, PURPOSE, &Cursor { text: text.clone(), at: row.cursor() }),
            node: row.named.into(),
        })
        .collect();
    let ends = edges.first().zip(edges.last()).map(|(first, last)| (first.cursor.clone(), last.cursor.clone()));
    Ok(AccountConnection { page_info: paging::info(&page, has_cursor, found.has_more, ends), edges, text })
}

/// Reads an account by one of its two names.
pub(super) async fn account(
    request: &RequestContext,
    id: Option<ID>,
    reference: Option<String>,
) -> Result<Option<Account>> {
    match (id, reference) {
        (Some(id), None) => match AccountId::from_global(&id) {
            Some(account) => {
                request.record_read("account", &account.to_string()).await?;
                request.account(account).await
            }
            None => Err(error("BAD_USER_INPUT", "`id` is no id of an account")),
        },
        (None, Some(reference)) => {
            let reference = check_text(reference)?;
            request.record_read("account", &reference).await?;
            let found = request.read_directory(move |tx| account_by_reference(tx, reference.clone()).boxed()).await?;
            Ok(found.map(|account| account.named.into()))
        }
        _ => Err(error("BAD_USER_INPUT", "name the account by one of `id` and `reference`")),
    }
}

/// Finds accounts and their locations by what somebody types.
pub(super) async fn picker(request: &RequestContext, text: String, first: Option<i32>) -> Result<Vec<AccountPick>> {
    let size = PageInput { first, ..PageInput::default() }.check()?.size;
    let text = check_text(text)?;
    let found = request
        .read_directory(|tx| {
            let text = text.clone();
            async move { pick(tx, &text, size).await }.boxed()
        })
        .await?;
    let pick = |pick: projections::Pick| AccountPick {
        account: pick.account.into(),
        location: pick.location.map(|location| location.named.into()),
    };
    Ok(found.into_iter().map(pick).collect())
}

fn check_text(text: String) -> Result<String> {
    if text.chars().count() > MAX_TEXT_CHARS || text.contains('\0') {
        let message = format!("a text to search for has at most {MAX_TEXT_CHARS} characters, and none with the code 0");
        return Err(error("BAD_USER_INPUT", message));
    }
    Ok(text)
}
