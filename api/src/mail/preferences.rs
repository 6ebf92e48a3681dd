//! Which mail somebody wants, in which language, and with the times of which place.

use std::collections::BTreeSet;

use domain::{PersonId, settings::TimeZone};
use sqlx::{FromRow, PgConnection, Row as _, postgres::PgRow};

use super::{Language, MailKind};

/// What somebody chose; nothing where they did not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Preferences {
    /// The language.
    pub language: Option<Language>,
    /// Whose wall clock shows the times.
    pub time_zone: Option<TimeZone>,
    /// Kinds of mail that they do not want.
    pub unwanted: BTreeSet<MailKind>,
}

impl FromRow<'_, PgRow> for Preferences {
    fn from_row(row: &PgRow) -> Result<Self, sqlx::Error> {
        let (language, time_zone): (Option<&str>, Option<&str>) = (row.try_get("language")?, row.try_get("time_zone")?);
        let unwanted: Vec<String> = row.try_get("unwanted")?;
        // What a newer binary wrote, and this one does not know, counts as not chosen.
        Ok(Self {
            language: language.and_then(|text| text.parse().ok()),
            time_zone: time_zone.and_then(|text| text.parse().ok()),
            unwanted: unwanted.iter().filter_map(|kind| kind.parse().ok()).collect(),
        })
    }
}

impl Preferences {
    /// Reads what somebody chose.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn of(conn: &mut PgConnection, person: PersonId) -> Result<Self, sqlx::Error> {
        let found = sqlx::query_as("select language, time_zone, unwanted from mail_preferences where person = $1");
        Ok(found.bind(person.0).fetch_optional(conn).await?.unwrap_or_default())
    }

    /// Writes down what somebody chose, in place of what they had chosen.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn set(&self, conn: &mut PgConnection, person: PersonId) -> Result<(), sqlx::Error> {
        sqlx::query(
            "insert into mail_preferences (person, language, time_zone, unwanted) values ($1, $2, $3, $4)
             on conflict (person) do update
             set language = excluded.language, time_zone = excluded.time_zone, unwanted = excluded.unwanted",
        )
        .bind(person.0)
        .bind(self.language.map(|language| language.to_string()))
        .bind(self.time_zone.map(String::from))
        .bind(self.unwanted.iter().map(ToString::to_string).collect::<Vec<_>>())
        .execute(conn)
        .await
        .map(drop)
    }

    /// Forgets what somebody chose, in a transaction of the caller's.
    ///
    /// # Errors
    /// When the database does not answer: roll back.
    pub async fn forget(conn: &mut PgConnection, person: PersonId) -> Result<(), sqlx::Error> {
        sqlx::query("delete from mail_preferences where person = $1").bind(person.0).execute(conn).await.map(drop)
    }

    /// Whether they want mail of a kind.
    #[must_use]
    pub fn wants(&self, kind: MailKind) -> bool {
        !kind.is_optional() || !self.unwanted.contains(&kind)
    }
}
