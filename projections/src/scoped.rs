//! The only way to read: a transaction that knows who asks.
//!
//! Role, scope and version are set in the round trip that begins it. From then on the database itself shows a
//! customer's person the rows of their accounts and the columns that customers may know; a read function that forgot
//! its filter would still leak nothing, and one that names an internal column fails.

use std::{
    collections::HashMap,
    ops::{Deref, DerefMut},
};

use domain::{Audience, CaseId, Scope};
use event_log::{
    Codec,
    together::{Limits, Together},
};
use futures_util::{
    FutureExt as _,
    future::{BoxFuture, join_all},
};
use sqlx::{PgPool, Postgres, Transaction};
use tokio::sync::watch;

use crate::{
    ProjectionError,
    case_group::{
        CASE_GROUP,
        activity::{EntriesOf, EntryPage, activities},
        case::{Case, cases_in_order},
    },
    group::Progress,
};

/// Where to read the case group: a pool and its live version.
#[derive(Clone)]
pub struct Reads {
    source: Source,
    codec: Codec,
    cases: Shared<CaseId, Option<Case>>,
    activity: Shared<EntriesOf, EntryPage>,
}

/// Reads of one kind by callers of whatever scope; those of one scope that wait at the same time share a transaction.
type Shared<Q, A> = Together<(Scope, Q), Result<A, ProjectionError>>;

/// How many cases, and how many entries, one read takes, and how many reads are under way at the same time.
const CASES: Limits = Limits { weight: 64, runs: 2 };
const ENTRIES: Limits = Limits { weight: 2_000, runs: 2 };

/// What answers the questions of one scope, each of them, in their order.
type Read<Q, A> = for<'t> fn(&'t mut ScopedTx, Vec<Q>) -> BoxFuture<'t, Result<Vec<A>, ProjectionError>>;

/// How PostgreSQL is to plan the statements of a read.
#[derive(Clone, Copy)]
enum Plans {
    /// Once for all values, as everywhere in the service's sessions: for reads by key, whose plan takes longer than they.
    Kept,
    /// As PostgreSQL sees fit: for lists, which are filtered and sorted in many ways.
    ByValue,
}

#[derive(Clone)]
struct Source {
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
    /// Reads the version that `live` says; opens with `codec` what has to be read from the log.
    pub(crate) fn following(pool: PgPool, codec: Codec, live: watch::Receiver<Progress>) -> Self {
        let source = Source { pool, live };
        let cases = share(source.clone(), CASES, |_| 1, |tx, ids| cases_in_order(tx, ids).boxed());
        let weigh = |(_, wanted): &(_, EntriesOf)| usize::from(wanted.size) + 1;
        let activity = share(source.clone(), ENTRIES, weigh, |tx, wanted| activities(tx, wanted).boxed());
        Self { source, codec, cases, activity }
    }

    /// Reads what is live now, for a command that runs without a projector.
    ///
    /// # Errors
    /// [`ProjectionError::NotMigrated`] and [`ProjectionError::Database`].
    pub async fn open(pool: PgPool, codec: Codec) -> Result<Self, ProjectionError> {
        let live = CASE_GROUP.live(&mut *pool.acquire().await?).await?;
        Ok(Self::following(pool, codec, watch::channel(live).1))
    }

    /// The service's pool.
    pub(crate) fn pool(&self) -> &PgPool {
        &self.source.pool
    }

    /// What opens the log.
    pub(crate) fn codec(&self) -> &Codec {
        &self.codec
    }

    /// Begins a read.
    ///
    /// # Errors
    /// [`ProjectionError::Database`].
    pub async fn begin(&self, scope: &Scope) -> Result<ScopedTx, ProjectionError> {
        self.source.begin(scope, Plans::ByValue).await
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
        self.source.read(scope, Plans::ByValue, read).await
    }

    /// Reads a case by its id; none when the scope does not see it.
    ///
    /// # Errors
    /// [`ProjectionError::Database`] and [`ProjectionError::Log`].
    pub async fn case(&self, scope: &Scope, case_id: CaseId) -> Result<Option<Case>, ProjectionError> {
        let found = self.cases.call((scope.clone(), case_id)).await??;
        self.found(scope, found).await
    }

    /// Reads a page of a case's activity stream; an empty one when the scope does not see the case.
    ///
    /// # Errors
    /// [`ProjectionError::Database`].
    pub async fn activity(&self, scope: &Scope, wanted: EntriesOf) -> Result<EntryPage, ProjectionError> {
        self.activity.call((scope.clone(), wanted)).await?
    }
}

impl Source {
    async fn begin(&self, scope: &Scope, plans: Plans) -> Result<ScopedTx, ProjectionError> {
        let version = self.live.borrow().version;
        ScopedTx::begin(&self.pool, scope, plans, version).await
    }

    async fn read<T, F>(&self, scope: &Scope, plans: Plans, read: F) -> Result<T, ProjectionError>
    where
        F: for<'t> Fn(&'t mut ScopedTx) -> BoxFuture<'t, Result<T, ProjectionError>> + Send + Sync,
        T: Send,
    {
        let mut tx = self.begin(scope, plans).await?;
        match read(&mut tx).await {
            Err(error) if error.is_version_gone() => {}
            outcome => return outcome,
        }
        drop(tx);
        let live = CASE_GROUP.live(&mut *self.pool.acquire().await?).await?;
        let mut tx = ScopedTx::begin(&self.pool, scope, plans, live.version).await?;
        read(&mut tx).await
    }
}

/// Shares reads by `read`, which answers each question, in their order.
fn share<Q, A>(source: Source, limits: Limits, weigh: fn(&(Scope, Q)) -> usize, read: Read<Q, A>) -> Shared<Q, A>
where
    Q: Copy + Send + Sync + 'static,
    A: Send + 'static,
{
    Together::new(limits, weigh, move |questions| {
        let source = source.clone();
        async move {
            let mut by_scope: HashMap<Scope, Vec<(usize, Q)>> = HashMap::new();
            for (index, (scope, question)) in questions.into_iter().enumerate() {
                by_scope.entry(scope).or_default().push((index, question));
            }
            let scopes = by_scope.into_iter().map(|(scope, questions)| {
                let source = &source;
                async move {
                    let (indices, questions): (Vec<_>, Vec<_>) = questions.into_iter().unzip();
                    let answers = read_or_each_alone(source, &scope, &questions, read).await;
                    indices.into_iter().zip(answers).collect::<Vec<_>>()
                }
            });
            let mut answers: Vec<_> = join_all(scopes).await.into_iter().flatten().collect();
            answers.sort_unstable_by_key(|(index, _)| *index);
            answers.into_iter().map(|(_, answer)| answer).collect()
        }
        .boxed()
    })
}

/// Reads everything at once; should that fail, each by itself, so that everybody gets an answer or an error of their own.
async fn read_or_each_alone<Q: Copy + Send + Sync, A: Send>(
    source: &Source,
    scope: &Scope,
    questions: &[Q],
    read: Read<Q, A>,
) -> Vec<Result<A, ProjectionError>> {
    match source.read(scope, Plans::Kept, |tx| read(tx, questions.to_vec())).await {
        Ok(answers) => answers.into_iter().map(Ok).collect(),
        Err(error) if questions.len() == 1 => vec![Err(error)],
        Err(_) => {
            let alone = questions.iter().map(async |question| {
                let mut answers = source.read(scope, Plans::Kept, |tx| read(tx, vec![*question])).await?;
                Ok(answers.pop().expect("one question has one answer"))
            });
            join_all(alone).await
        }
    }
}

impl ScopedTx {
    /// Begins a read of one version, in one round trip.
    async fn begin(pool: &PgPool, scope: &Scope, plans: Plans, version: i32) -> Result<Self, ProjectionError> {
        let schema = CASE_GROUP.schema(version);
        let plans = match plans {
            Plans::Kept => "",
            Plans::ByValue => "set local plan_cache_mode = auto; set local enable_seqscan = on;",
        };
        // Nothing here is free text: a role of ours, our schema, ids.
        let statement = format!(
            "begin isolation level repeatable read, read only; \
             set local role {}; \
             set local search_path = {schema}, public; \
             {plans} \
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
