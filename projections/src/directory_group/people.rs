//! `people`: one row per person.

use std::collections::BTreeSet;

use domain::{
    PersonId,
    person::{Details, ERASED_NAME},
};
use sqlx::{FromRow, PgConnection, Postgres, QueryBuilder, Row, postgres::PgRow};
use uuid::Uuid;

use super::{maybe_words, words};
use crate::{
    column::{Columns, id},
    writes::WHERE_MOVED,
};

/// A row as stored.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct PersonRow {
    pub person: PersonId,
    pub name: Option<String>,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub account_ids: BTreeSet<Uuid>,
    pub version: i64,
}

impl PersonRow {
    /// Of somebody of whom nothing is known yet.
    pub(super) fn unknown(person: PersonId) -> Self {
        Self { person, name: None, email: None, phone: None, account_ids: BTreeSet::new(), version: 0 }
    }

    /// Takes details over.
    pub(super) fn set(&mut self, details: &Details) {
        self.name = words(&details.name);
        self.email = maybe_words(details.email.as_ref());
        self.phone = maybe_words(details.phone.as_ref());
    }

    /// Leaves the id, and a name that is nobody's.
    pub(super) fn erase(&mut self) {
        self.name = Some(ERASED_NAME.to_owned());
        self.email = None;
        self.phone = None;
    }
}

impl FromRow<'_, PgRow> for PersonRow {
    fn from_row(row: &PgRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            person: id(row, "person_id")?,
            name: row.try_get("name")?,
            email: row.try_get("email")?,
            phone: row.try_get("phone")?,
            account_ids: row.try_get::<Vec<Uuid>, _>("account_ids")?.into_iter().collect(),
            version: row.try_get("version")?,
        })
    }
}

pub(super) async fn load(conn: &mut PgConnection, ids: Vec<Uuid>) -> Result<Vec<PersonRow>, sqlx::Error> {
    sqlx::query_as("select * from people where person_id = any($1)").bind(ids).fetch_all(conn).await
}

/// Adds to a statement that it writes rows, new ones and known ones.
pub(super) fn push_write<'a>(sql: &mut QueryBuilder<'a, Postgres>, rows: &[&'a PersonRow]) {
    sql.push("insert into people (person_id, name, email, phone, account_ids, version)");
    Columns::of(sql, rows)
        .add(|row| row.person.0)
        .add(|row| row.name.as_deref())
        .add(|row| row.email.as_deref())
        .add(|row| row.phone.as_deref())
        .add_ids(|row| Some(row.account_ids.iter().copied().collect()))
        .add(|row| row.version);
    sql.push(WHERE_MOVED).push(
        " on conflict (person_id) do update set name = excluded.name, email = excluded.email, phone = excluded.phone,
             account_ids = excluded.account_ids, version = excluded.version",
    );
}
