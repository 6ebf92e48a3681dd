//! What becomes of cases when somebody leaves their account: whose contact left needs another one, and whoever left
//! watches nothing there any more.
//!
//! Both are read from the directory in the moment in which the case is read. Nobody goes through the cases of whoever
//! leaves, and who comes back finds everything as it was.

use std::collections::HashSet;

use domain::{AccountId, PersonId, case::Status};
use uuid::Uuid;

use crate::{ProjectionError, ScopedTx};

/// Whether `l`, which is still worked on, has a contact who was one of the account and is none any more. Whoever never was
/// one, as in histories from other systems, has not left. For roles that may read whose contact somebody ever was.
pub(super) const NEEDS_CONTACT: &str = "(
    l.status in ('New', 'Open')
    and exists (select from people as p where p.person_id = l.contact_id and l.account_id = any (p.account_ids))
    and not exists (select from contacts as c where c.account_id = l.account_id and c.person_id = l.contact_id)
)";

/// Whether `w`, a watcher of the case `l`, is an address or still a contact of the account.
pub(super) const WATCHES: &str = "(
    w.person_id is null
    or exists (select from contacts as c where c.account_id = l.account_id and c.person_id = w.person_id)
)";

/// The same as [`NEEDS_CONTACT`] of a case that has no rows.
pub(super) async fn needs_contact(
    tx: &mut ScopedTx,
    account: AccountId,
    contact: PersonId,
    status: Status,
) -> Result<bool, ProjectionError> {
    let sql = format!("select {NEEDS_CONTACT} from (values ($1, $2, $3)) as l (account_id, contact_id, status)");
    let found = sqlx::query_scalar(&sql).bind(account.0).bind(contact.0).bind(status.to_string());
    Ok(found.fetch_one(&mut **tx).await?)
}

/// Those among people who are contacts of an account.
pub(super) async fn still_contacts(
    tx: &mut ScopedTx,
    account: AccountId,
    people: Vec<Uuid>,
) -> Result<HashSet<Uuid>, ProjectionError> {
    let sql = "select person_id from contacts where account_id = $1 and person_id = any($2)";
    let found: Vec<Uuid> = sqlx::query_scalar(sql).bind(account.0).bind(people).fetch_all(&mut **tx).await?;
    Ok(found.into_iter().collect())
}
