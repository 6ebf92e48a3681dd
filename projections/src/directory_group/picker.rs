//! Finding an account, or one of its places, by what somebody types.

use domain::AccountId;
use sqlx::{FromRow, Postgres, QueryBuilder, postgres::PgRow};

use super::listing::LocationEntry;
use crate::{
    Named, ProjectionError, ScopedTx, case_group::summary::named, column::maybe_id, scoped::reach, words::words_of,
};

/// An account, or one of its places.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pick {
    /// The account.
    pub account: Named<AccountId>,
    /// The place, where it is one that was found.
    pub location: Option<LocationEntry>,
}

/// Finds accounts that have all words of a text in name, reference or address, and after them places that have some of the
/// words there and the rest in the account's name or reference. At most `size`.
///
/// # Errors
/// [`ProjectionError::Database`].
pub async fn pick(tx: &mut ScopedTx, text: &str, size: u16) -> Result<Vec<Pick>, ProjectionError> {
    let words = words_of(text);
    if words.is_empty() {
        return Ok(vec![]);
    }
    let (whole, places) = reach(tx.scope());
    let mut sql = QueryBuilder::<Postgres>::new(
        "(select false as is_place, account_id, reference as account_reference, name as account_name,
              null::uuid as id, null::text as reference, null::text as name, null::text as address,
              false as is_retired
          from accounts where true",
    );
    for word in &words {
        sql.push(" and concat_ws(' ', name, reference, address) ilike ").push_bind(word.clone());
    }
    sql.push(" order by name, account_id limit ").push_bind(i64::from(size));
    sql.push(
        ") union all (select true, a.account_id, a.reference, a.name, l.location_id, l.reference, l.name, l.address, false
          from locations as l join accounts as a on a.account_id = l.account_id
          where not l.is_retired and (",
    );
    sql.push_bind(whole.clone()).push("::uuid[] is null or l.account_id = any(").push_bind(whole);
    sql.push(") or l.location_id = any(").push_bind(places).push("))");
    for word in &words {
        sql.push(" and concat_ws(' ', l.name, l.address, l.reference, a.name, a.reference) ilike ");
        sql.push_bind(word.clone());
    }
    sql.push(" and (false");
    for word in &words {
        sql.push(" or concat_ws(' ', l.name, l.address, l.reference) ilike ").push_bind(word.clone());
    }
    sql.push(") order by l.name, l.location_id limit ").push_bind(i64::from(size));
    sql.push(") order by is_place, account_name, name, account_id, id limit ").push_bind(i64::from(size));
    Ok(sql.build_query_as().fetch_all(&mut **tx).await?)
}

impl FromRow<'_, PgRow> for Pick {
    fn from_row(row: &PgRow) -> Result<Self, sqlx::Error> {
        let is_place = maybe_id::<uuid::Uuid>(row, "id")?.is_some();
        let location = is_place.then(|| LocationEntry::from_row(row)).transpose()?;
        Ok(Self { account: named(row, "account")?, location })
    }
}
