//! What commands on cases must know of accounts: one statement for all that an action names.

use domain::{
    PlainText,
    case::{Facts, FactsWanted, Installed, Place},
};
use sqlx::Row as _;
use uuid::Uuid;

use crate::{
    ProjectionError, ScopedTx,
    column::{id, maybe_id},
};

/// Reads what is known of what an action names. To be asked in a scope that sees all accounts: whose something is, is for
/// the rules to compare.
///
/// # Errors
/// [`ProjectionError::Database`].
pub(crate) async fn facts(tx: &mut ScopedTx, wanted: &FactsWanted) -> Result<Facts, ProjectionError> {
    let people: Vec<Uuid> = wanted.people.iter().map(|person| person.0).collect();
    let rows = sqlx::query(
        "select 'account' as kind, account_id as id, account_id, null::uuid as location_id, false as is_gone
         from accounts where account_id = $1
         union all
         select 'location', location_id, account_id, null, is_retired from locations where location_id = $2
         union all
         select 'product', product_id, account_id, location_id, is_removed from products where product_id = $3
         union all
         select 'contact', person_id, account_id, null, false from contacts where person_id = any($4)
         union all
         select 'address ' || lower(email), c.person_id, c.account_id, null, false
         from people as p join contacts as c on c.person_id = p.person_id where lower(email) = any($5)",
    )
    .bind(wanted.account.map(|account| account.0))
    .bind(wanted.location.map(|location| location.0))
    .bind(wanted.product.map(|product| product.0))
    .bind(people)
    .bind(wanted.addresses.values().map(lower_case).collect::<Vec<_>>())
    .fetch_all(&mut **tx)
    .await?;
    let mut facts = Facts::default();
    for row in &rows {
        let (account, is_gone) = (id(row, "account_id")?, row.try_get("is_gone")?);
        match row.try_get("kind")? {
            "account" => facts.has_account = true,
            "location" => facts.location = Some(Place { account, is_retired: is_gone }),
            "product" => {
                let location = maybe_id(row, "location_id")?;
                facts.product = Some(Installed { account, location, is_removed: is_gone });
            }
            "contact" => {
                facts.contacts.entry(id(row, "id")?).or_default().insert(account);
            }
            other => {
                let address = other.strip_prefix("address ").unwrap_or_default();
                let known = wanted.addresses.iter().filter(|(_, wanted)| lower_case(wanted) == address);
                for (fingerprint, _) in known {
                    facts.addresses.entry(fingerprint.clone()).or_default().insert(account);
                }
            }
        }
    }
    Ok(facts)
}

/// Addresses are the same whatever their case.
fn lower_case(address: &PlainText) -> String {
    address.as_str().to_lowercase()
}
