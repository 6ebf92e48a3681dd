//! The domains of the e-mail addresses of an account's contacts.

use std::collections::BTreeSet;

use domain::{AccountId, CaseId};

use crate::{ProjectionError, ScopedTx};

/// Whose contacts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DomainsOf {
    /// An account's.
    Account(AccountId),
    /// Those of the account whose case it is.
    Case(CaseId),
}

/// Reads the domains of contacts' addresses, in lower case.
///
/// # Errors
/// [`ProjectionError::Database`].
pub async fn contact_domains(tx: &mut ScopedTx, of: DomainsOf) -> Result<BTreeSet<String>, ProjectionError> {
    let (account, case_id) = match of {
        DomainsOf::Account(account) => (Some(account.0), None),
        DomainsOf::Case(case_id) => (None, Some(case_id.0)),
    };
    let domains: Vec<String> = sqlx::query_scalar(
        "select distinct lower(split_part(people.email, '@', -1))
         from contacts join people on people.person_id = contacts.person_id
         where people.email is not null
             and contacts.account_id = coalesce($1, (select account_id from case_list where case_id = $2))",
    )
    .bind(account)
    .bind(case_id)
    .fetch_all(&mut **tx)
    .await?;
    Ok(domains.into_iter().collect())
}
