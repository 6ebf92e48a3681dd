//! Who a token stands for, and what they hold at this moment.
//!
//! What they hold is not the token's alone to say. A contact's accounts are read with it, from what happened to the accounts:
//! whoever leaves one has lost it by the next request. So are the roles and the standing of a portal user: a role that was taken
//! from somebody counts no more in any token of theirs, and no token of somebody who was deactivated is good. A token of somebody
//! who has no portal user, a machine above all, has the roles that it was made with. A session has no roles of its own: whoever is
//! signed in is what they are at that moment; where a second factor is demanded of them and they have none yet, that is nothing.

use std::{collections::HashMap, sync::Arc};

use domain::{AccountId, LocationId, PersonId, Role, Roles, Timestamp, account::ContactAccess};
use event_log::{
    statements::Statements,
    together::{Limits, Together},
};
use futures_util::FutureExt as _;
use projections::Reads;
use sqlx::{FromRow, PgPool};
use uuid::Uuid;

use super::{
    Caller, SecondFactor, SessionRules,
    secret::hash,
    sessions::{self, WRITTEN_EVERY},
};
use crate::clock::Clock;

/// Finds callers by their tokens.
#[derive(Clone)]
pub struct Callers {
    /// Looks hashes up, those of requests that come at the same time together.
    lookups: Together<(Vec<u8>, Use), Answer>,
    source: Source,
}

/// What somebody is looked up for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// They ask for something, which keeps their session from ending for want of use.
    Anew,
    /// What they asked for goes on. That does not.
    GoesOn,
}

/// How many tokens are looked up in one statement, and how many statements at the same time.
const LOOKUPS: Limits = Limits { weight: 64, runs: 2 };

type Answer = Result<Option<Caller>, Arc<sqlx::Error>>;

/// A token or session that is good, with an account of its person, if they have any.
#[derive(FromRow)]
struct Row {
    token_hash: Vec<u8>,
    person: Uuid,
    /// The roles that a token was made with; a session has none.
    roles: Option<Vec<String>>,
    scopes: Vec<String>,
    session: Option<Uuid>,
    used_at: Option<Timestamp>,
    has_second_factor: bool,
    user_roles: Option<Vec<String>>,
    account_id: Option<Uuid>,
    role: Option<String>,
    locations: Option<Vec<Uuid>>,
}

/// What looking up takes.
#[derive(Clone)]
struct Source {
    statements: Statements,
    clock: Clock,
    reads: Reads,
    pool: PgPool,
    sessions: SessionRules,
    second_factor: SecondFactor,
}

impl Callers {
    /// The callers of a database, judged by a clock, with the accounts that the read models know of.
    #[must_use]
    pub fn new(pool: PgPool, clock: Clock, reads: Reads, sessions: SessionRules, second_factor: SecondFactor) -> Self {
        let statements = Statements::new(pool.clone());
        let source = Source { statements, clock, reads, pool, sessions, second_factor };
        let of_calls = source.clone();
        let work = move |calls, ()| look_up(of_calls.clone(), calls).map(|answers| (answers, ())).boxed();
        Self { lookups: Together::new(LOOKUPS, |_| 1, work), source }
    }

    /// Finds out who a token stands for; nobody when it is unknown, ended or revoked.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn caller(&self, token: &str, use_of: Use) -> Result<Option<Caller>, Arc<sqlx::Error>> {
        self.lookups.call((hash(token), use_of)).await.map_err(|_| sqlx::Error::WorkerCrashed)?
    }

    /// Finds out who tokens stand for at this moment, by their hashes, in one statement; those that are good for nothing are left out.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn standing(&self, hashes: &[Vec<u8>]) -> Result<HashMap<Vec<u8>, Caller>, sqlx::Error> {
        let now = self.source.clock.now();
        let found = self.source.reads.beside_directory(|schema| select(&self.source, schema, hashes, now)).await;
        found.map(|rows| callers(rows, self.source.second_factor))
    }
}

async fn look_up(source: Source, calls: Vec<(Vec<u8>, Use)>) -> Vec<Answer> {
    let now = source.clock.now();
    let hashes: Vec<_> = calls.iter().map(|(hash, _)| hash.clone()).collect();
    match source.reads.beside_directory(|schema| select(&source, schema, &hashes, now)).await {
        Ok(rows) => {
            let is_used = |row: &&Row| calls.iter().any(|(hash, of)| *of == Use::Anew && *hash == row.token_hash);
            note_use(&source, rows.iter().filter(is_used), now);
            let callers = callers(rows, source.second_factor);
            hashes.iter().map(|hash| Ok(callers.get(hash).cloned())).collect()
        }
        Err(error) => {
            let error = Arc::new(error);
            hashes.iter().map(|_| Err(Arc::clone(&error))).collect()
        }
    }
}

async fn select(source: &Source, schema: String, hashes: &[Vec<u8>], now: Timestamp) -> Result<Vec<Row>, sqlx::Error> {
    let sql = format!(
        "select good.*, users.roles as user_roles, access.account_id, access.role, access.locations,
                exists (
                    select from totp_secrets where totp_secrets.person = good.person and confirmed_at is not null
                ) as has_second_factor
         from (
             select token_hash, person, roles, scopes, null::uuid as session, null::timestamptz as used_at
             from tokens where token_hash = any($1) and revoked_at is null and (expires_at is null or expires_at > $2)
             union all
             select token_hash, person, null, '{{}}', id, used_at
             from sessions where token_hash = any($1) and expires_at > $2 and used_at > $3
         ) as good
         left join {schema}.users on users.person_id = good.person
         left join {schema}.contact_access as access on access.person_id = good.person
         where users.status = 'active' or (session is null and (users.status is null or users.status = 'invited'))"
    );
    let mut connection = source.statements.lend().await?;
    let query = sqlx::query_as(&sql).bind(hashes).bind(now).bind(now - source.sessions.idle);
    let rows = query.fetch_all(&mut *connection).await?;
    connection.give_back();
    Ok(rows)
}

/// Writes down that sessions were used, once a minute and in nobody's way. When that fails, the next request tries again.
fn note_use<'r>(source: &Source, rows: impl Iterator<Item = &'r Row>, now: Timestamp) {
    let is_old = |row: &&Row| row.used_at.is_some_and(|used_at| now - used_at >= WRITTEN_EVERY);
    let mut ids: Vec<_> = rows.filter(is_old).filter_map(|row| row.session).collect();
    ids.dedup();
    if ids.is_empty() {
        return;
    }
    let pool = source.pool.clone();
    tokio::spawn(async move {
        let noted = async { sessions::used(&mut *pool.acquire().await?, &ids, now).await };
        if let Err(error) = noted.await {
            tracing::warn!(%error, "the use of a session could not be written down; the next request tries again");
        }
    });
}

fn callers(rows: Vec<Row>, demanded: SecondFactor) -> HashMap<Vec<u8>, Caller> {
    let mut callers: HashMap<_, Caller> = HashMap::new();
    for mut row in rows {
        let access = row.take_access();
        let caller = callers.entry(std::mem::take(&mut row.token_hash)).or_insert_with(|| row.into_caller(demanded));
        // Whoever does not sign in as a contact sees nothing by being one.
        caller.accounts.extend(access.filter(|_| caller.roles.has(Role::Contact)));
    }
    callers
}

impl Row {
    /// The account, and what they may see of it; a role in it that this binary does not know grants nothing.
    fn take_access(&mut self) -> Option<(AccountId, ContactAccess)> {
        let role = self.role.as_deref()?.parse().ok()?;
        let locations = self.locations.take().map(|limit| limit.into_iter().map(LocationId).collect());
        Some((AccountId(self.account_id?), ContactAccess { role, locations }))
    }

    /// Roles and scopes that this binary does not know grant nothing, and roles of people only what their person still is.
    fn into_caller(self, demanded: SecondFactor) -> Caller {
        let roles = match (self.roles, self.user_roles) {
            (Some(made_with), Some(held)) => {
                let service = Role::Service.to_string();
                made_with.into_iter().filter(|role| held.contains(role) || *role == service).collect()
            }
            (Some(roles), None) | (None, Some(roles)) => roles,
            (None, None) => vec![],
        };
        let held = roles.iter().filter_map(|role| role.parse().ok()).collect::<Roles>();
        let lacks_second_factor = self.session.is_some() && !self.has_second_factor && demanded.of(held);
        Caller {
            person: PersonId(self.person),
            roles: if lacks_second_factor { Roles::default() } else { held },
            accounts: [].into(),
            scopes: self.scopes.iter().filter_map(|scope| scope.parse().ok()).collect(),
            session: self.session,
            lacks_second_factor,
        }
    }
}
