//! Portal users: lists of them, one of them, and oneself.

use async_graphql::{ComplexObject, Context, Enum, ID, InputObject, Result, SimpleObject, connection::PageInfo};
use domain::{PersonId, Scope, Timestamp};
use futures_util::FutureExt as _;
use projections::{UserCursor, UserEntry, UserFilter, UserWindow, count_users, list_users, user_of};
use serde::{Deserialize, Serialize};

use super::{
    case_list::OrderDirection,
    context::{RequestContext, error},
    directory::Person,
    enums::{Role, UserStatus},
    ids::GlobalId as _,
    paging::{self, PageInput},
};

/// The longest text that is searched for, in characters.
const MAX_TEXT_CHARS: usize = 200;

/// What lets a person sign in, and what they are to the desk.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(complex)]
pub struct User {
    /// Who.
    person: Person,
    /// What they sign in with, beside the e-mail address.
    username: Option<String>,
    /// Where mail about their credentials goes, which need not be the person's address; it signs in, too.
    email: Option<String>,
    /// How far they have come.
    status: UserStatus,
    #[graphql(skip)]
    locked_until: Option<Timestamp>,
    /// Whether something is asked for beside the password.
    has_second_factor: bool,
    /// Whether they chose a challenge question.
    has_challenge_question: bool,
    /// When the newest invitation was sent.
    invited_at: Timestamp,
    /// What they are to the desk.
    roles: Vec<Role>,
}

#[ComplexObject]
#[expect(clippy::unused_async, reason = "a field that needs no waiting is a method all the same")]
impl User {
    /// Until when even the right password is refused, because of too many tries; null when they are not locked now.
    async fn locked_until(&self, ctx: &Context<'_>) -> Result<Option<Timestamp>> {
        let now = RequestContext::of(ctx)?.services.commands.clock.now();
        Ok(self.locked_until.filter(|until| now < *until))
    }
}

impl From<UserEntry> for User {
    fn from(entry: UserEntry) -> Self {
        Self {
            person: entry.person.into(),
            username: entry.username,
            email: entry.email,
            status: entry.status.into(),
            locked_until: entry.locked_until,
            has_second_factor: entry.has_second_factor,
            has_challenge_question: entry.question.is_some(),
            invited_at: entry.invited_at,
            roles: entry.roles.into_iter().map(Role::from).collect(),
        }
    }
}

/// Which users a list shows: those that fit everything that is given. Of several values of one kind, any fits.
#[derive(Clone, Debug, Default, InputObject)]
pub struct UserFilterInput {
    /// Words of the name, the username or the e-mail address, in any order and case. At most 200 characters.
    pub text: Option<String>,
    /// What they are to the desk.
    pub roles: Option<Vec<Role>>,
    /// How far they have come.
    pub statuses: Option<Vec<UserStatus>>,
}

/// By what a list of users is sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "projections::UserOrder")]
pub enum UserOrderField {
    /// What the person is called.
    Name,
    /// What they sign in with.
    Username,
}

/// How a list of users is sorted.
#[derive(Clone, Copy, Debug, InputObject)]
pub struct UserOrderInput {
    /// By what.
    pub field: UserOrderField,
    /// In which direction.
    pub direction: OrderDirection,
}

/// A page of a list of users.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct UserConnection {
    /// The users with their cursors.
    edges: Vec<UserEdge>,
    /// What lies beyond the page.
    page_info: PageInfo,
    #[graphql(skip)]
    filter: UserFilter,
}

/// A user with their cursor.
#[derive(SimpleObject)]
pub struct UserEdge {
    /// The user.
    node: User,
    /// Their cursor.
    cursor: String,
}

/// What a cursor of a list holds. It is good for the filter and order that it was made for.
#[derive(Serialize, Deserialize)]
struct Cursor {
    filter: UserFilter,
    order: projections::UserOrder,
    descending: bool,
    at: UserCursor,
}

#[ComplexObject]
impl UserConnection {
    /// The users.
    async fn nodes(&self) -> Vec<&User> {
        self.edges.iter().map(|edge| &edge.node).collect()
    }

    /// How many users the whole list has. Counted only when asked for.
    async fn total_count(&self, ctx: &Context<'_>) -> Result<i64> {
        let filter = self.filter.clone();
        let count = RequestContext::of(ctx)?.read_users(move |tx| {
            let filter = filter.clone();
            async move { count_users(tx, &filter).await }.boxed()
        });
        count.await
    }
}

impl RequestContext {
    /// Whether the caller may know who signs in, and as what: supervisors, administrators and auditors.
    #[must_use]
    pub(super) fn sees_users(&self) -> bool {
        use domain::Role::{Administrator, Auditor, Supervisor};
        [Administrator, Supervisor, Auditor].into_iter().any(|role| self.caller.roles.has(role))
    }

    /// Reads users, which no scope of cases shows. Whoever calls it has made sure that the caller may.
    pub(super) async fn read_users<T, F>(&self, read: F) -> Result<T>
    where
        F: for<'t> Fn(
                &'t mut projections::ScopedTx,
            ) -> futures_util::future::BoxFuture<'t, Result<T, projections::ProjectionError>>
            + Send
            + Sync,
        T: Send,
    {
        self.services.reads.read(&Scope::Administrator, read).await.map_err(|error| self.internal(&error))
    }

    /// Reads a user, or nothing where the person is none. The same holds.
    pub(super) async fn user(&self, person: PersonId) -> Result<Option<User>> {
        let found = self.read_users(move |tx| user_of(tx, person).boxed()).await?;
        Ok(found.map(User::from))
    }
}

/// The refusal to tell who signs in.
fn forbidden() -> async_graphql::Error {
    error("FORBIDDEN", "only supervisors, administrators and auditors see who signs in")
}

/// Reads a page of the users that fit.
pub(super) async fn connection(
    request: &RequestContext,
    filter: UserFilterInput,
    order: Option<UserOrderInput>,
    page: &PageInput,
) -> Result<UserConnection> {
    const PURPOSE: &str = "users";
    if !request.sees_users() {
        return Err(forbidden());
    }
    request.record_read("users", "list").await?;
    let page = page.check()?;
    let filter = filter.check()?;
    let order = order.unwrap_or(UserOrderInput { field: UserOrderField::Name, direction: OrderDirection::Asc });
    let (by, descending) = (order.field.into(), order.direction == OrderDirection::Desc);
    let cursor = page.open::<Cursor>(request, PURPOSE)?;
    let is_other = |cursor: &Cursor| cursor.filter != filter || cursor.order != by || cursor.descending != descending;
    if cursor.as_ref().is_some_and(is_other) {
        return Err(paging::bad_cursor());
    }
    let has_cursor = cursor.is_some();
    let at = cursor.map(|cursor| cursor.at);
    let window = UserWindow { order: by, descending, size: page.size, backward: page.backward, cursor: at };
    let found = request
        .read_users(|tx| {
            let (filter, window) = (filter.clone(), window.clone());
            async move { list_users(tx, &filter, &window).await }.boxed()
        })
        .await?;
    let edges: Vec<_> = found
        .rows
        .into_iter()
        .map(|entry| {
            let cursor = Cursor { filter: filter.clone(), order: by, descending, at: by.cursor(&entry) };
            UserEdge { cursor: paging::seal(request, PURPOSE, &cursor), node: entry.into() }
        })
        .collect();
    let ends = edges.first().zip(edges.last()).map(|(first, last)| (first.cursor.clone(), last.cursor.clone()));
    Ok(UserConnection { page_info: paging::info(&page, has_cursor, found.has_more, ends), edges, filter })
}

/// Reads a user by their person's id.
pub(super) async fn user(request: &RequestContext, id: &ID) -> Result<Option<User>> {
    if !request.sees_users() {
        return Err(forbidden());
    }
    let person = PersonId::from_global(id).ok_or_else(|| error("BAD_USER_INPUT", "`id` is no id of a person"))?;
    request.record_read("user", &person.to_string()).await?;
    request.user(person).await
}

impl UserFilterInput {
    fn check(self) -> Result<UserFilter> {
        let text = self.text.unwrap_or_default();
        if text.chars().count() > MAX_TEXT_CHARS || text.contains('\0') {
            let message =
                format!("a text to search for has at most {MAX_TEXT_CHARS} characters, and none with the code 0");
            return Err(error("BAD_USER_INPUT", message));
        }
        Ok(UserFilter {
            text,
            roles: self.roles.map(|roles| roles.into_iter().map(Into::into).collect()),
            statuses: self.statuses.map(|statuses| statuses.into_iter().map(Into::into).collect()),
        })
    }
}
