//! `users`: one row per portal user.

use domain::{
    PersonId, Role, Timestamp,
    user::{UserEvent, UserFact},
};
use sqlx::{FromRow, PgConnection, Postgres, QueryBuilder, Row, postgres::PgRow};
use strum::{Display, EnumString};
use uuid::Uuid;

use super::words;
use crate::{
    column::{Columns, id, parsed},
    writes::WHERE_MOVED,
};

/// How far a portal user has come, or that they are no more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Display, EnumString)]
#[strum(serialize_all = "lowercase")]
pub(super) enum Standing {
    Invited,
    Active,
    Deactivated,
    Erased,
}

/// A row as stored.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct UserRow {
    pub person: PersonId,
    pub standing: Standing,
    pub roles: Vec<Role>,
    pub username: Option<String>,
    pub email: Option<String>,
    pub locked_until: Option<Timestamp>,
    pub has_second_factor: bool,
    pub question: Option<String>,
    pub invited_at: Timestamp,
    pub was_activated: bool,
    pub version: i64,
}

impl UserRow {
    /// Of somebody who was never heard of; nothing where an event does not begin one.
    pub(super) fn begun(person: PersonId, event: &UserEvent) -> Option<Self> {
        let UserFact::UserInvited { email, username, roles } = &event.fact else { return None };
        Some(Self {
            person,
            standing: Standing::Invited,
            roles: roles.iter().copied().collect(),
            username: words(username),
            email: words(email),
            locked_until: None,
            has_second_factor: false,
            question: None,
            invited_at: event.occurred_at,
            was_activated: false,
            version: 0,
        })
    }

    /// Takes an event over.
    pub(super) fn apply(&mut self, event: &UserEvent) {
        match &event.fact {
            UserFact::InvitationResent {} => self.invited_at = event.occurred_at,
            UserFact::UserActivated {} => {
                self.standing = Standing::Active;
                self.was_activated = true;
            }
            UserFact::ChallengeQuestionSet { question } => self.question = Some(question.to_string()),
            UserFact::ChallengeQuestionRemoved {} => self.question = None,
            // There is one kind of second factor.
            UserFact::FactorEnrolled { .. } => self.has_second_factor = true,
            UserFact::FactorRemoved { .. } => self.has_second_factor = false,
            UserFact::UserLocked { until } => self.locked_until = Some(*until),
            UserFact::UserUnlocked { .. } => self.locked_until = None,
            UserFact::RolesGranted { roles } => {
                self.roles.extend(roles);
                self.roles.sort_unstable();
                self.roles.dedup();
            }
            UserFact::RolesRevoked { roles } => self.roles.retain(|role| !roles.contains(role)),
            UserFact::UserDeactivated {} => {
                self.standing = Standing::Deactivated;
                self.locked_until = None;
            }
            UserFact::UserReactivated {} => {
                self.standing = if self.was_activated { Standing::Active } else { Standing::Invited };
            }
            UserFact::UserErased {} => {
                *self = Self {
                    standing: Standing::Erased,
                    roles: vec![],
                    username: None,
                    email: None,
                    locked_until: None,
                    has_second_factor: false,
                    question: None,
                    ..*self
                };
            }
            UserFact::UserInvited { .. }
            | UserFact::PasswordChanged { .. }
            | UserFact::PasswordResetSent {}
            | UserFact::RecoveryCodesReplaced {}
            | UserFact::RecoveryCodeUsed {}
            | UserFact::DeviceAdded {} => {}
        }
    }
}

impl FromRow<'_, PgRow> for UserRow {
    fn from_row(row: &PgRow) -> Result<Self, sqlx::Error> {
        let roles: Vec<String> = row.try_get("roles")?;
        Ok(Self {
            person: id(row, "person_id")?,
            standing: parsed(row, "status")?,
            roles: roles.iter().filter_map(|role| role.parse().ok()).collect(),
            username: row.try_get("username")?,
            email: row.try_get("email")?,
            locked_until: row.try_get("locked_until")?,
            has_second_factor: row.try_get("has_second_factor")?,
            question: row.try_get("question")?,
            invited_at: row.try_get("invited_at")?,
            was_activated: row.try_get("was_activated")?,
            version: row.try_get("version")?,
        })
    }
}

pub(super) async fn load(conn: &mut PgConnection, ids: Vec<Uuid>) -> Result<Vec<UserRow>, sqlx::Error> {
    sqlx::query_as("select * from users where person_id = any($1)").bind(ids).fetch_all(conn).await
}

/// Adds to a statement that it writes rows, new ones and known ones.
pub(super) fn push_write<'a>(sql: &mut QueryBuilder<'a, Postgres>, rows: &[&'a UserRow]) {
    sql.push(
        "insert into users (person_id, status, roles, username, email, locked_until, has_second_factor, question,
             invited_at, was_activated, version)",
    );
    Columns::of(sql, rows)
        .add(|row| row.person.0)
        .add(|row| row.standing.to_string())
        .add_names(|row| row.roles.iter().map(Role::to_string).collect())
        .add(|row| row.username.as_deref())
        .add(|row| row.email.as_deref())
        .add(|row| row.locked_until)
        .add(|row| row.has_second_factor)
        .add(|row| row.question.as_deref())
        .add(|row| row.invited_at)
        .add(|row| row.was_activated)
        .add(|row| row.version);
    sql.push(WHERE_MOVED).push(
        " on conflict (person_id) do update set status = excluded.status, roles = excluded.roles,
             username = excluded.username, email = excluded.email, locked_until = excluded.locked_until,
             has_second_factor = excluded.has_second_factor, question = excluded.question,
             invited_at = excluded.invited_at, was_activated = excluded.was_activated, version = excluded.version",
    );
}
