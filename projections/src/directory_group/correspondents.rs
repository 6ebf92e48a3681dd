//! Whom mail about the cases of an account can reach, and what they may see of it.

use std::collections::HashMap;

use domain::{AccountId, LocationId, PersonId, account::ContactAccess};
use sqlx::{FromRow, Row as _, postgres::PgRow};
use uuid::Uuid;

use crate::{
    ProjectionError, ScopedTx,
    column::{id, maybe_parsed},
};

/// Somebody whom mail may be for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Correspondent {
    /// Who.
    pub person: PersonId,
    /// What they are called.
    pub name: Option<String>,
    /// Their e-mail address.
    pub email: Option<String>,
    /// What they may see of the account; nothing for somebody who is not its contact, or no longer.
    pub access: Option<ContactAccess>,
}

impl FromRow<'_, PgRow> for Correspondent {
    fn from_row(row: &PgRow) -> Result<Self, sqlx::Error> {
        let locations: Option<Vec<Uuid>> = row.try_get("locations")?;
        let locations = locations.map(|limit| limit.into_iter().map(LocationId).collect());
        let role = maybe_parsed(row, "role")?;
        Ok(Self {
            person: id(row, "person_id")?,
            name: row.try_get("name")?,
            email: row.try_get("email")?,
            access: role.map(|role| ContactAccess { role, locations }),
        })
    }
}

/// Those of some people who are known, with what they may see of an account.
///
/// # Errors
/// [`ProjectionError::Database`].
pub async fn correspondents(
    tx: &mut ScopedTx,
    account: Option<AccountId>,
    people: &[PersonId],
) -> Result<HashMap<PersonId, Correspondent>, ProjectionError> {
    let found: Vec<Correspondent> = sqlx::query_as(
        "select people.person_id, people.name, people.email, access.role, access.locations
         from people left join contact_access as access
             on access.person_id = people.person_id and access.account_id = $1
         where people.person_id = any($2)",
    )
    .bind(account.map(|account| account.0))
    .bind(people.iter().map(|person| person.0).collect::<Vec<_>>())
    .fetch_all(&mut **tx)
    .await?;
    Ok(found.into_iter().map(|it| (it.person, it)).collect())
}

/// Whether an address is that of somebody who was a contact of an account and is none any more, and of nobody who is.
///
/// # Errors
/// [`ProjectionError::Database`].
pub async fn has_left(tx: &mut ScopedTx, account: AccountId, address: &str) -> Result<bool, ProjectionError> {
    let sql = "select coalesce(bool_and(access.person_id is null), false)
               from people left join contact_access as access
                   on access.person_id = people.person_id and access.account_id = $1
               where lower(people.email) = lower($2) and $1 = any(people.account_ids)";
    Ok(sqlx::query_scalar(sql).bind(account.0).bind(address).fetch_one(&mut **tx).await?)
}
