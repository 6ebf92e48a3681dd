//! What the read models know of a person who is to be erased. The log decides; this says where to look.

use domain::{AccountId, CaseId, PersonId};
use uuid::Uuid;

use crate::{ProjectionError, ScopedTx};

/// The accounts whose contact a person is, in order.
///
/// # Errors
/// [`ProjectionError::Database`].
pub async fn accounts_of_contact(tx: &mut ScopedTx, person: PersonId) -> Result<Vec<AccountId>, ProjectionError> {
    let sql = "select account_id from contacts where person_id = $1 order by account_id";
    let accounts: Vec<Uuid> = sqlx::query_scalar(sql).bind(person.0).fetch_all(&mut **tx).await?;
    Ok(accounts.into_iter().map(AccountId).collect())
}

/// The cases whose contact or opener a person is.
///
/// # Errors
/// [`ProjectionError::Database`].
pub async fn cases_of_person(tx: &mut ScopedTx, person: PersonId) -> Result<Vec<CaseId>, ProjectionError> {
    let sql = "select case_id from case_list where contact_id = $1 or opener_id = $1";
    let cases: Vec<Uuid> = sqlx::query_scalar(sql).bind(person.0).fetch_all(&mut **tx).await?;
    Ok(cases.into_iter().map(CaseId).collect())
}

/// The people who have e-mail addresses, each with the address in lower case.
///
/// # Errors
/// [`ProjectionError::Database`].
pub async fn people_by_emails(
    tx: &mut ScopedTx,
    addresses: Vec<String>,
) -> Result<Vec<(String, PersonId)>, ProjectionError> {
    let sql = "select lower(email), person_id from people where lower(email) = any($1) order by person_id";
    let people: Vec<(String, Uuid)> = sqlx::query_as(sql).bind(addresses).fetch_all(&mut **tx).await?;
    Ok(people.into_iter().map(|(email, person)| (email, PersonId(person))).collect())
}

/// The people who have an e-mail address, however it is spelled.
///
/// # Errors
/// [`ProjectionError::Database`].
pub async fn people_by_email(tx: &mut ScopedTx, address: &str) -> Result<Vec<PersonId>, ProjectionError> {
    let sql = "select person_id from people where lower(email) = lower($1) order by person_id";
    let people: Vec<Uuid> = sqlx::query_scalar(sql).bind(address).fetch_all(&mut **tx).await?;
    Ok(people.into_iter().map(PersonId).collect())
}
