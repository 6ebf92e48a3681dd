//! Reading what cases have to do with each other.

use domain::{CaseId, Timestamp, case::LinkKind};
use sqlx::{FromRow, Row, postgres::PgRow};
use strum::{Display, EnumString};

use crate::{
    ProjectionError, ScopedTx,
    column::{id, parsed},
};

/// What a case has to do with another one, from its side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Display, EnumString)]
pub enum Relation {
    /// Something; people say what.
    Related,
    /// It goes on with the other one, which was over.
    FollowUpOf,
    /// The other one goes on with it.
    FollowedUpBy,
    /// The other one goes on in its place.
    MergedInto,
    /// It goes on in the place of the other one.
    Absorbed,
    /// It was begun with contents of the other one.
    SplitFrom,
    /// The other one was begun with contents of it.
    SplitInto,
}

/// A link of a case.
#[derive(Clone, Debug, PartialEq)]
pub struct LinkEntry {
    /// The case.
    pub case_id: CaseId,
    /// The other one, which the scope sees, too.
    pub other_id: CaseId,
    /// What they have to do with each other.
    pub relation: Relation,
    /// Since when.
    pub since: Timestamp,
}

/// Reads the links of cases to others that the scope sees, the oldest first.
///
/// # Errors
/// [`ProjectionError::Database`].
pub async fn links(tx: &mut ScopedTx, cases: Vec<CaseId>) -> Result<Vec<LinkEntry>, ProjectionError> {
    let links = "select case_id, other_id, kind, since from case_links
                 where case_id = any($1) order by case_id, since, other_id, kind";
    let cases: Vec<_> = cases.into_iter().map(|case_id| case_id.0).collect();
    Ok(sqlx::query_as(links).bind(cases).fetch_all(&mut **tx).await?)
}

/// Reads the case in which another one goes on, as far as the scope sees it: the last of a chain of merges; that case itself
/// when it stands for itself.
///
/// # Errors
/// [`ProjectionError::Database`].
pub async fn survivor(tx: &mut ScopedTx, case_id: CaseId) -> Result<CaseId, ProjectionError> {
    let survivor = "with recursive way (case_id, step) as (
                        values ($1::uuid, 0)
                        union all
                        select case_links.other_id, step + 1
                        from way join case_links using (case_id)
                        where case_links.kind = 'MergedInto' and step < 100
                    )
                    select case_id from way order by step desc limit 1";
    Ok(CaseId(sqlx::query_scalar(survivor).bind(case_id.0).fetch_one(&mut **tx).await?))
}

impl From<LinkKind> for Relation {
    fn from(kind: LinkKind) -> Self {
        match kind {
            LinkKind::Related => Self::Related,
            LinkKind::FollowUpOf => Self::FollowUpOf,
            LinkKind::FollowedUpBy => Self::FollowedUpBy,
        }
    }
}

impl FromRow<'_, PgRow> for LinkEntry {
    fn from_row(row: &PgRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            case_id: id(row, "case_id")?,
            other_id: id(row, "other_id")?,
            relation: parsed(row, "kind")?,
            since: row.try_get("since")?,
        })
    }
}
