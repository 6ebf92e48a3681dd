//! Reading portal users: a list, one of them, and what commands must know of them.

use domain::{CaseId, PersonId, Role, Timestamp, user::UserStatus};
use serde::{Deserialize, Serialize};
use sqlx::{FromRow, Postgres, QueryBuilder, Row, postgres::PgRow};
use uuid::Uuid;

use super::listing::{Listed, listed};
use crate::{
    Named, ProjectionError, ScopedTx,
    column::{Unexpected, parsed, undecodable},
    words::words_of,
};

/// A portal user as those see them who may.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserEntry {
    /// The person.
    pub person: Named<PersonId>,
    /// How far they have come.
    pub status: UserStatus,
    /// What they are to the desk.
    pub roles: Vec<Role>,
    /// What they sign in with, beside the address.
    pub username: Option<String>,
    /// Where mail about their credentials goes.
    pub email: Option<String>,
    /// When their last lock ends, unless it was ended before.
    pub locked_until: Option<Timestamp>,
    /// Whether something is asked for beside the password.
    pub has_second_factor: bool,
    /// The challenge question, if they chose one.
    pub question: Option<String>,
    /// When the newest invitation was sent.
    pub invited_at: Timestamp,
}

/// Which portal users are listed: all but for what is said.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserFilter {
    /// Those whose name, username or address has all words of it.
    pub text: String,
    /// Those who have one of these roles.
    pub roles: Option<Vec<Role>>,
    /// Those who have come as far as one of these.
    pub statuses: Option<Vec<UserStatus>>,
}

/// By what they are sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum UserOrder {
    /// What the person is called.
    Name,
    /// What they sign in with.
    Username,
}

/// A place in a list of portal users.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserCursor {
    /// What it is sorted by there.
    pub key: String,
    /// Whose that is.
    pub id: Uuid,
}

/// Which part of a list is read.
#[derive(Clone, Debug)]
pub struct UserWindow {
    /// By what it is sorted.
    pub order: UserOrder,
    /// Whether the list itself runs from Z to A.
    pub descending: bool,
    /// How many rows at most.
    pub size: u16,
    /// Backward: the last rows, before the cursor. Else the first ones, after it.
    pub backward: bool,
    /// Where to begin; at the end of the list without.
    pub cursor: Option<UserCursor>,
}

const USERS: &str = "
    select u.person_id as id, null::text as reference, p.name, u.status, u.roles, u.username, u.email, u.locked_until,
        u.has_second_factor, u.question, u.invited_at
    from users as u left join people as p on p.person_id = u.person_id
    where u.status <> 'erased'";

impl UserOrder {
    /// What is compared.
    fn key(self) -> &'static str {
        match self {
            Self::Name => "coalesce(p.name, '')",
            Self::Username => "coalesce(lower(u.username), '')",
        }
    }

    /// The place of an entry.
    #[must_use]
    pub fn cursor(self, entry: &UserEntry) -> UserCursor {
        let key = match self {
            Self::Name => entry.person.name.clone(),
            Self::Username => entry.username.as_ref().map(|name| name.to_lowercase()),
        };
        UserCursor { key: key.unwrap_or_default(), id: entry.person.id.0 }
    }
}

/// Reads a page of portal users.
///
/// # Errors
/// [`ProjectionError::Database`].
pub async fn list_users(
    tx: &mut ScopedTx,
    filter: &UserFilter,
    window: &UserWindow,
) -> Result<Listed<UserEntry>, ProjectionError> {
    let mut sql = QueryBuilder::<Postgres>::new(USERS);
    push_filter(&mut sql, filter);
    let key = window.order.key();
    let (beyond, direction) = if window.descending == window.backward { (">", "asc") } else { ("<", "desc") };
    if let Some(UserCursor { key: at, id }) = &window.cursor {
        sql.push(format_args!(" and ({key}, u.person_id) {beyond} ("));
        sql.push_bind(at.clone()).push(", ").push_bind(*id).push(")");
    }
    sql.push(format_args!(" order by {key} {direction}, u.person_id {direction} limit "));
    sql.push_bind(i64::from(window.size) + 1);
    let rows: Vec<UserEntry> = sql.build_query_as().fetch_all(&mut **tx).await?;
    let mut page = listed(rows, window.size);
    if window.backward {
        page.rows.reverse();
    }
    Ok(page)
}

/// Counts them.
///
/// # Errors
/// [`ProjectionError::Database`].
pub async fn count_users(tx: &mut ScopedTx, filter: &UserFilter) -> Result<i64, ProjectionError> {
    let mut sql = QueryBuilder::<Postgres>::new(
        "select count(*) from users as u left join people as p on p.person_id = u.person_id where u.status <> 'erased'",
    );
    push_filter(&mut sql, filter);
    Ok(sql.build_query_scalar().fetch_one(&mut **tx).await?)
}

/// Reads one of them.
///
/// # Errors
/// [`ProjectionError::Database`].
pub async fn user_of(tx: &mut ScopedTx, person: PersonId) -> Result<Option<UserEntry>, ProjectionError> {
    let sql = format!("{USERS} and u.person_id = $1");
    Ok(sqlx::query_as(&sql).bind(person.0).fetch_optional(&mut **tx).await?)
}

/// Reads who works at the desk, by name: whoever signs in as an agent or supervisor.
///
/// # Errors
/// [`ProjectionError::Database`].
pub async fn desk_people(tx: &mut ScopedTx) -> Result<Vec<Named<PersonId>>, ProjectionError> {
    let sql = "select u.person_id as id, null::text as reference, p.name
               from users as u left join people as p on p.person_id = u.person_id
               where u.status = 'active' and u.roles && array['agent', 'supervisor']
               order by coalesce(p.name, ''), u.person_id";
    Ok(sqlx::query_as(sql).fetch_all(&mut **tx).await?)
}

/// Reads the e-mail address of a person, portal user or not.
///
/// # Errors
/// [`ProjectionError::Database`].
pub async fn email_of(tx: &mut ScopedTx, person: PersonId) -> Result<Option<String>, ProjectionError> {
    let sql = "select email from people where person_id = $1";
    let found: Option<Option<String>> = sqlx::query_scalar(sql).bind(person.0).fetch_optional(&mut **tx).await?;
    Ok(found.flatten())
}

/// Reads who else than somebody is an active administrator. Whether they still are, their streams tell.
///
/// # Errors
/// [`ProjectionError::Database`].
pub async fn other_administrators(tx: &mut ScopedTx, than: PersonId) -> Result<Vec<PersonId>, ProjectionError> {
    let sql = "select person_id from users
               where status = 'active' and 'administrator' = any(roles) and person_id <> $1 order by person_id";
    let found: Vec<Uuid> = sqlx::query_scalar(sql).bind(than.0).fetch_all(&mut **tx).await?;
    Ok(found.into_iter().map(PersonId).collect())
}

/// Reads cases whose owner cannot sign in any more, with the owner, at most `limit`. Whether that still is so, the streams tell.
///
/// # Errors
/// [`ProjectionError::Database`].
pub async fn cases_without_an_owner_who_signs_in(
    tx: &mut ScopedTx,
    limit: i64,
) -> Result<Vec<(CaseId, PersonId)>, ProjectionError> {
    let sql = "select case_id, owner_id from case_list
               where owner_id in (select person_id from users where status in ('deactivated', 'erased'))
                   and status in ('New', 'Open', 'Resolved')
               limit $1";
    let found: Vec<(Uuid, Uuid)> = sqlx::query_as(sql).bind(limit).fetch_all(&mut **tx).await?;
    Ok(found.into_iter().map(|(case, owner)| (CaseId(case), PersonId(owner))).collect())
}

fn push_filter(sql: &mut QueryBuilder<'_, Postgres>, filter: &UserFilter) {
    for word in words_of(&filter.text) {
        sql.push(" and concat_ws(' ', p.name, u.username, u.email) ilike ").push_bind(word);
    }
    if let Some(roles) = &filter.roles {
        sql.push(" and u.roles && ").push_bind(roles.iter().map(Role::to_string).collect::<Vec<_>>());
    }
    if let Some(statuses) = &filter.statuses {
        let statuses: Vec<_> = statuses.iter().map(UserStatus::to_string).collect();
        sql.push(" and u.status = any(").push_bind(statuses).push(")");
    }
}

impl FromRow<'_, PgRow> for UserEntry {
    fn from_row(row: &PgRow) -> Result<Self, sqlx::Error> {
        let roles: Vec<String> = row.try_get("roles")?;
        let role = |role: String| role.parse().map_err(|_| undecodable("roles", Unexpected(role)));
        Ok(Self {
            person: Named::from_row(row)?,
            status: parsed(row, "status")?,
            roles: roles.into_iter().map(role).collect::<Result<_, _>>()?,
            username: row.try_get("username")?,
            email: row.try_get("email")?,
            locked_until: row.try_get("locked_until")?,
            has_second_factor: row.try_get("has_second_factor")?,
            question: row.try_get("question")?,
            invited_at: row.try_get("invited_at")?,
        })
    }
}
