//! Who a token stands for, and what they hold at this moment.
//!
//! What they hold is not the token's alone to say. A contact's accounts are read with it, from what happened to the accounts:
//! whoever leaves one has lost it by the next request. So are the roles and the standing of a portal user: a role that was taken
//! from somebody counts no more in any token of theirs, and no token of somebody who was deactivated is good. A token of somebody
//! who has no portal user, a machine above all, has the roles that it was made with.

use std::{collections::HashMap, sync::Arc};

use domain::{AccountId, LocationId, PersonId, Role, Roles, account::ContactAccess};
use event_log::{
    statements::Statements,
    together::{Limits, Together},
};
use futures_util::FutureExt as _;
use projections::Reads;
use sqlx::{FromRow, PgPool};
use uuid::Uuid;

use super::{Caller, secret::hash};
use crate::clock::Clock;

/// Finds callers by their tokens.
#[derive(Clone)]
pub struct Callers {
    /// Looks hashes up, those of requests that come at the same time together.
    lookups: Together<Vec<u8>, Answer>,
}

/// How many tokens are looked up in one statement, and how many statements at the same time.
const LOOKUPS: Limits = Limits { weight: 64, runs: 2 };

type Answer = Result<Option<Caller>, Arc<sqlx::Error>>;

/// A token that is good, with an account of its person, if they have any.
#[derive(FromRow)]
struct Row {
    token_hash: Vec<u8>,
    person: Uuid,
    roles: Vec<String>,
    scopes: Vec<String>,
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
}

impl Callers {
    /// The callers of a database, judged by a clock, with the accounts that the read models know of.
    #[must_use]
    pub fn new(pool: PgPool, clock: Clock, reads: Reads) -> Self {
        let source = Source { statements: Statements::new(pool), clock, reads };
        let work = move |hashes, ()| look_up(source.clone(), hashes).map(|answers| (answers, ())).boxed();
        Self { lookups: Together::new(LOOKUPS, |_| 1, work) }
    }

    /// Finds out who a token stands for; nobody when it is unknown, ended or revoked.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn caller(&self, token: &str) -> Result<Option<Caller>, Arc<sqlx::Error>> {
        self.lookups.call(hash(token)).await.map_err(|_| sqlx::Error::WorkerCrashed)?
    }
}

async fn look_up(source: Source, hashes: Vec<Vec<u8>>) -> Vec<Answer> {
    match source.reads.beside_directory(|schema| select(&source, schema, &hashes)).await {
        Ok(rows) => {
            let callers = callers(rows);
            hashes.iter().map(|hash| Ok(callers.get(hash).cloned())).collect()
        }
        Err(error) => {
            let error = Arc::new(error);
            hashes.iter().map(|_| Err(Arc::clone(&error))).collect()
        }
    }
}

async fn select(source: &Source, schema: String, hashes: &[Vec<u8>]) -> Result<Vec<Row>, sqlx::Error> {
    let sql = format!(
        "select token_hash, person, tokens.roles, scopes, users.roles as user_roles,
             access.account_id, access.role, access.locations
         from tokens left join {schema}.users on users.person_id = tokens.person
         left join {schema}.contact_access as access on access.person_id = tokens.person
         where token_hash = any($1) and revoked_at is null and (expires_at is null or expires_at > $2)
             and (users.status is null or users.status in ('invited', 'active'))"
    );
    let mut connection = source.statements.lend().await?;
    let rows = sqlx::query_as(&sql).bind(hashes).bind(source.clock.now()).fetch_all(&mut *connection).await?;
    connection.give_back();
    Ok(rows)
}

fn callers(rows: Vec<Row>) -> HashMap<Vec<u8>, Caller> {
    let mut callers: HashMap<_, Caller> = HashMap::new();
    for mut row in rows {
        let access = row.take_access();
        let caller = callers.entry(std::mem::take(&mut row.token_hash)).or_insert_with(|| row.into_caller());
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
    fn into_caller(self) -> Caller {
        let held = |role: &&String| match &self.user_roles {
            Some(held) => held.contains(role) || **role == Role::Service.to_string(),
            None => true,
        };
        Caller {
            person: PersonId(self.person),
            roles: self.roles.iter().filter(held).filter_map(|role| role.parse().ok()).collect::<Roles>(),
            accounts: [].into(),
            scopes: self.scopes.iter().filter_map(|scope| scope.parse().ok()).collect(),
        }
    }
}
