//! The names of what the log knows by id: accounts, people, locations, products, until they have lives of their own.

use sqlx::{FromRow, PgExecutor};
use strum::Display;
use uuid::Uuid;

/// What a directory entry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Display)]
#[strum(serialize_all = "lowercase")]
pub enum DirectoryKind {
    /// A customer organisation.
    Account,
    /// A contact, a member of staff, a service.
    Person,
    /// A service address.
    Location,
    /// An installed product.
    Product,
}

/// A directory entry.
#[derive(Clone, Debug, FromRow)]
pub struct DirectoryEntry {
    /// The id.
    pub id: Uuid,
    /// The reference that people use.
    pub reference: String,
    /// The name.
    pub name: String,
}

/// Reads and writes directory entries.
pub struct Directory;

impl Directory {
    /// Names something by its reference. An entry that is there keeps its id, and takes the new name unless that is
    /// only the reference again.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn put(
        executor: impl PgExecutor<'_>,
        kind: DirectoryKind,
        id: Uuid,
        reference: &str,
        name: &str,
    ) -> Result<Uuid, sqlx::Error> {
        sqlx::query_scalar(
            "insert into directory (kind, id, reference, name) values ($1, $2, $3, $4)
             on conflict on constraint directory_reference
             do update set name = case when excluded.name = excluded.reference then directory.name
                                       else excluded.name end
             returning id",
        )
        .bind(kind.to_string())
        .bind(id)
        .bind(reference)
        .bind(name)
        .fetch_one(executor)
        .await
    }

    /// The entries of one kind among these ids.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn get(
        executor: impl PgExecutor<'_>,
        kind: DirectoryKind,
        ids: &[Uuid],
    ) -> Result<Vec<DirectoryEntry>, sqlx::Error> {
        sqlx::query_as("select id, reference, name from directory where kind = $1 and id = any($2)")
            .bind(kind.to_string())
            .bind(ids)
            .fetch_all(executor)
            .await
    }
}
