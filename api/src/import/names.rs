//! The names that go with the ids of what is imported.
//!
//! An account is found by the reference that people use, so one that the directory knows keeps its id, and two
//! systems that call a customer the same speak of the same one. Everything else is a name within its system.

use std::collections::{BTreeSet, HashMap};

use domain::AccountId;
use sqlx::PgPool;
use uuid::Uuid;

use super::{
    defaults::Defaults,
    identity::{Identities, PeopleKey},
    source::SourceCase,
};
use crate::identity::DirectoryKind;

/// The ids of the accounts that the directory knows, by their references.
pub type KnownAccounts = HashMap<String, AccountId>;

/// What the directory is to hold of some cases, each entry once and in one order: two imports at the same time wait
/// for each other instead of in a circle.
#[derive(Debug, Default)]
pub struct Names {
    entries: BTreeSet<(String, Uuid, String, String)>,
}

impl Names {
    /// The names of everything that the rows of these cases speak of.
    #[must_use]
    pub fn of(cases: &[SourceCase], defaults: &Defaults, people: PeopleKey) -> Self {
        let mut names = Self::default();
        for case in cases {
            let ids = Identities::of(&case.system, people);
            let mut add = |kind: DirectoryKind, name: Option<&String>, id: fn(Identities, &str) -> Uuid| {
                if let Some(name) = name {
                    let reference = match kind {
                        DirectoryKind::Account => name.clone(),
                        _ => format!("{}/{name}", case.system),
                    };
                    names.entries.insert((kind.to_string(), id(ids, name), reference, name.clone()));
                }
            };
            let person = |ids: Identities, name: &str| ids.person(name).0;
            add(DirectoryKind::Person, defaults.contact.as_ref(), person);
            add(DirectoryKind::Person, defaults.agent.as_ref(), person);
            add(DirectoryKind::Account, defaults.account.as_ref(), |ids, name| ids.account(name).0);
            for row in &case.rows {
                add(DirectoryKind::Account, row.account.as_ref(), |ids, name| ids.account(name).0);
                add(DirectoryKind::Location, row.location.as_ref(), |ids, name| ids.location(name).0);
                add(DirectoryKind::Product, row.product.as_ref(), |ids, name| ids.product(name).0);
                for name in [&row.agent, &row.opener, &row.contact, &row.owner] {
                    add(DirectoryKind::Person, name.as_ref(), person);
                }
            }
        }
        names
    }

    /// Writes down the names that the directory does not know.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn record(&self, pool: &PgPool) -> Result<(), sqlx::Error> {
        let column = |part: fn(&(String, Uuid, String, String)) -> &String| -> Vec<String> {
            self.entries.iter().map(|entry| part(entry).clone()).collect()
        };
        sqlx::query(
            "insert into directory (kind, id, reference, name)
             select * from unnest($1::text[], $2::uuid[], $3::text[], $4::text[])
             on conflict do nothing",
        )
        .bind(column(|entry| &entry.0))
        .bind(self.entries.iter().map(|entry| entry.1).collect::<Vec<_>>())
        .bind(column(|entry| &entry.2))
        .bind(column(|entry| &entry.3))
        .execute(pool)
        .await?;
        Ok(())
    }

    /// Looks up the accounts among the names.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn known_accounts(&self, pool: &PgPool) -> Result<KnownAccounts, sqlx::Error> {
        let account = DirectoryKind::Account.to_string();
        let references: Vec<&str> =
            self.entries.iter().filter(|entry| entry.0 == account).map(|entry| entry.2.as_str()).collect();
        let known: Vec<(String, Uuid)> =
            sqlx::query_as("select reference, id from directory where kind = $1 and reference = any($2)")
                .bind(&account)
                .bind(references)
                .fetch_all(pool)
                .await?;
        Ok(known.into_iter().map(|(reference, id)| (reference, AccountId(id))).collect())
    }
}
