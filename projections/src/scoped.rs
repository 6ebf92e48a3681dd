//! The only way to read: a transaction that knows who asks.
//!
//! Role, scope and version are set in the round trip that begins it. From then on the database itself shows a
//! customer's person the rows of their accounts and the columns that customers may know; a read function that forgot
//! its filter would still leak nothing, and one that names an internal column fails.

use std::ops::{Deref, DerefMut};

use domain::{Audience, Scope};
use futures_util::future::BoxFuture;
use sqlx::{PgPool, Postgres, Transaction};
use tokio::sync::watch;

use crate::{ProjectionError, case_group::CASE_GROUP, group::Progress};

/// Where to read the case group: a pool and its live version.
#[derive(Clone)]
pub struct Reads {
    pool: PgPool,
    live: watch::Receiver<Progress>,
}

/// A read-only transaction on one version of the case group, within one scope. All its reads see one moment. Dropping it
/// ends it: the pool's connection is out of it before its next user has it, and nobody waits for that.
pub struct ScopedTx {
    tx: Transaction<'static, Postgres>,
    scope: Scope,
    version: i32,
}

impl Reads {
    /// Reads the version that `live` says.
    pub(crate) fn following(pool: PgPool, live: watch::Receiver<Progress>) -> Self {
        Self { pool, live }
    }

    /// Reads what is live now, for a command that runs without a projector.
    ///
    /// # Errors
    /// [`ProjectionError::NotMigrated`] and [`ProjectionError::Database`].
    pub async fn open(pool: PgPool) -> Result<Self, ProjectionError> {
        let live = CASE_GROUP.live(&mut *pool.acquire().await?).await?;
        Ok(Self { pool, live: watch::channel(live).1 })
    }

    /// Begins a read.
    ///
    /// # Errors
    /// [`ProjectionError::Database`].
    pub async fn begin(&self, scope: &Scope) -> Result<ScopedTx, ProjectionError> {
        let version = self.live.borrow().version;
        ScopedTx::begin(&self.pool, scope, version).await
    }

    /// Reads in one transaction. When a rebuild's switch took the version away meanwhile, once more on the new one.
    ///
    /// # Errors
    /// What `read` answers, and [`ProjectionError::Database`].
    pub async fn read<T, F>(&self, scope: &Scope, read: F) -> Result<T, ProjectionError>
    where
        F: for<'t> Fn(&'t mut ScopedTx) -> BoxFuture<'t, Result<T, ProjectionError>> + Send + Sync,
        T: Send,
    {
        let mut tx = self.begin(scope).await?;
        match read(&mut tx).await {
            Err(error) if error.is_version_gone() => {}
            outcome => return outcome,
        }
        drop(tx);
        let live = CASE_GROUP.live(&mut *self.pool.acquire().await?).await?;
        let mut tx = ScopedTx::begin(&self.pool, scope, live.version).await?;
        read(&mut tx).await
    }
}

impl ScopedTx {
    /// Begins a read of one version, in one round trip.
    async fn begin(pool: &PgPool, scope: &Scope, version: i32) -> Result<Self, ProjectionError> {
        let schema = CASE_GROUP.schema(version);
        // Nothing here is free text: a role of ours, our schema, ids.
        let statement = format!(
            "begin isolation level repeatable read, read only; \
             set local role {}; \
             set local search_path = {schema}, public; \
             set local plan_cache_mode = auto; \
             set local casestream.accounts = '{{{}}}'",
            role_of(scope),
            accounts_of(scope),
        );
        let tx = pool.begin_with(statement).await?;
        Ok(Self { tx, scope: scope.clone(), version })
    }

    /// For whom the values are that may be read here.
    pub fn audience(&self) -> Audience {
        self.scope.audience()
    }

    /// Who asks.
    pub fn scope(&self) -> &Scope {
        &self.scope
    }

    /// Which version of the group is read.
    pub(crate) fn version(&self) -> i32 {
        self.version
    }
}

/// The role that the database enforces the scope by.
fn role_of(scope: &Scope) -> &'static str {
    match scope {
        Scope::Nothing | Scope::Contact { .. } => "casestream_reader_contact",
        Scope::Staff => "casestream_reader_staff",
        Scope::Auditor => "casestream_reader_auditor",
    }
}

/// The accounts of the scope, as the elements of a PostgreSQL array.
fn accounts_of(scope: &Scope) -> String {
    match scope {
        Scope::Contact { accounts, .. } => accounts.iter().map(ToString::to_string).collect::<Vec<_>>().join(","),
        Scope::Nothing | Scope::Staff | Scope::Auditor => String::new(),
    }
}

impl Deref for ScopedTx {
    type Target = sqlx::PgConnection;

    fn deref(&self) -> &Self::Target {
        &self.tx
    }
}

impl DerefMut for ScopedTx {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.tx
    }
}
