//! The only way to read: a transaction that knows who asks.
//!
//! Role, scope and version are set in the round trip that begins it. From then on the database itself shows a
//! customer's person the rows of their accounts and the columns that customers may know; a read function that forgot
//! its filter would still leak nothing, and one that names an internal column fails.

use std::{
    cmp::Ordering,
    collections::HashMap,
    ops::{Deref, DerefMut},
};

use domain::{
    Audience, CaseId, Scope,
    account::{ContactAccess, ContactRole},
    case::{Facts, FactsWanted},
};
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
use uuid::Uuid;

use crate::{
    ProjectionError,
    case_group::{
        CASE_GROUP,
        activity::{EntriesOf, EntryPage, activities},
        case::{Case, cases_in_order},
    },
    directory_group::{DIRECTORY_GROUP, facts::facts},
    error::is_undefined_table,
    group::Progress,
};

/// Where to read: a pool, and the live versions of cases and of the directory, whose names stand beside them.
#[derive(Clone)]
pub struct Reads {
    source: Source,
    codec: Codec,
    /// Reads by key, of whatever scope; those of one scope that wait at the same time share a statement, and those that follow
    /// them go on in its transaction. Cases and entries apart, so that whoever wants both has them at the same time.
    cases: ByKey<CaseId, Option<Box<Case>>>,
    entries: ByKey<EntriesOf, EntryPage>,
}

/// Reads of one kind by key, together.
type ByKey<Q, A> = Together<(Scope, Q), Result<A, ProjectionError>, Kept>;

/// Answers questions of a transaction's scope in one statement, or in one for each order, in their order.
type Answer<Q, A> = for<'t> fn(&'t mut ScopedTx, Vec<Q>) -> BoxFuture<'t, Result<Vec<A>, ProjectionError>>;

/// How often a case or its entries are read again because the one was behind the other.
const MOMENTS: usize = 3;

/// How many cases one statement reads, and how many are under way at the same time.
const CASES: Limits = Limits { weight: 64, runs: 2 };
/// The same for entries, counted by their rows.
const ENTRIES: Limits = Limits { weight: 2_000, runs: 2 };

/// What a transaction is begun for.
#[derive(Clone, Copy)]
enum Reading {
    /// Reads by key, of one statement each, which sees what is there when it begins. PostgreSQL plans it once for all values,
    /// as everywhere in the service's sessions, because planning takes longer than reading.
    ByKey,
    /// Lists and whatever else is of several statements, which see one moment. They are filtered and sorted in many ways,
    /// so PostgreSQL plans them as it sees fit.
    Lists,
}

/// A transaction that reads by key, for the next reads of the same scope, as long as they follow at once.
#[derive(Default)]
struct Kept(Option<(ScopedTx, u8)>);

/// How often it is used before others have a chance to get its connection.
const USES: u8 = 16;

impl Kept {
    /// The transaction, if it serves a scope on the version that is live.
    fn take(&mut self, scope: &Scope, live: Versions) -> Option<(ScopedTx, u8)> {
        let fits = |(tx, uses_left): &mut (ScopedTx, u8)| tx.scope == *scope && tx.versions == live && *uses_left > 0;
        self.0.take_if(fits).map(|(tx, uses_left)| (tx, uses_left - 1))
    }
}

#[derive(Clone)]
struct Source {
    pool: PgPool,
    cases: watch::Receiver<Progress>,
    directory: watch::Receiver<Progress>,
}

/// Which versions are read.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Versions {
    cases: i32,
    directory: i32,
}

/// A read-only transaction on one version of each group, within one scope. Dropping it
/// ends it: the pool's connection is out of it before its next user has it, and nobody waits for that.
pub struct ScopedTx {
    tx: Transaction<'static, Postgres>,
    scope: Scope,
    versions: Versions,
}

impl Reads {
    /// Reads the versions that are said to be live; opens with `codec` what has to be read from the log.
    pub(crate) fn following(
        pool: PgPool,
        codec: Codec,
        cases: watch::Receiver<Progress>,
        directory: watch::Receiver<Progress>,
    ) -> Self {
        let source = Source { pool, cases, directory };
        let cases = source.by_key(CASES, |_| 1, |tx, wanted| cases_in_order(tx, wanted).boxed());
        let size = |(_, wanted): &(Scope, EntriesOf)| usize::from(wanted.size) + 1;
        let entries = source.by_key(ENTRIES, size, |tx, wanted| activities(tx, wanted).boxed());
        Self { source, codec, cases, entries }
    }

    /// Reads what is live now, for a command that runs without a projector.
    ///
    /// # Errors
    /// [`ProjectionError::NotMigrated`] and [`ProjectionError::Database`].
    pub async fn open(pool: PgPool, codec: Codec) -> Result<Self, ProjectionError> {
        let mut conn = pool.acquire().await?;
        let (cases, directory) = (CASE_GROUP.live(&mut conn).await?, DIRECTORY_GROUP.live(&mut conn).await?);
        drop(conn);
        Ok(Self::following(pool, codec, watch::channel(cases).1, watch::channel(directory).1))
    }

    /// The service's pool.
    pub(crate) fn pool(&self) -> &PgPool {
        &self.source.pool
    }

    /// What opens the log.
    pub(crate) fn codec(&self) -> &Codec {
        &self.codec
    }

    /// Begins a read, all of which sees one moment.
    ///
    /// # Errors
    /// [`ProjectionError::Database`].
    pub async fn begin(&self, scope: &Scope) -> Result<ScopedTx, ProjectionError> {
        self.source.begin(scope, Reading::Lists).await
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
        self.source.read(scope, Reading::Lists, read).await
    }

    /// Runs a statement of the service's own that names the schema of the directory, to join it with tables beside the read
    /// models. When a rebuild's switch took the version away meanwhile, once more on the new one.
    ///
    /// # Errors
    /// What `run` answers.
    pub async fn beside_directory<T, F>(&self, run: impl Fn(String) -> F + Send + Sync) -> Result<T, sqlx::Error>
    where
        F: Future<Output = Result<T, sqlx::Error>> + Send,
    {
        let schema = |versions: Versions| DIRECTORY_GROUP.schema(versions.directory);
        let error = match run(schema(self.source.live())).await {
            Err(error) if is_undefined_table(&error) => error,
            outcome => return outcome,
        };
        match self.source.look().await {
            Ok(live) => run(schema(live)).await,
            Err(ProjectionError::Database(error)) => Err(error),
            Err(_) => Err(error),
        }
    }

    /// Reads what commands on cases must know of what they name, on nobody's behalf: the rules tell whose it is.
    ///
    /// # Errors
    /// [`ProjectionError::Database`].
    pub async fn facts(&self, wanted: &FactsWanted) -> Result<Facts, ProjectionError> {
        let read = self.source.read(&Scope::Staff, Reading::ByKey, |tx| {
            let wanted = wanted.clone();
            async move { facts(tx, &wanted).await }.boxed()
        });
        read.await
    }

    /// Reads a case by its id; none when the scope does not see it.
    ///
    /// # Errors
    /// [`ProjectionError::Database`] and [`ProjectionError::Log`].
    pub async fn case(&self, scope: &Scope, case_id: CaseId) -> Result<Option<Case>, ProjectionError> {
        let case = self.cases.call((scope.clone(), case_id)).await??;
        self.found(scope, case.map(|case| *case)).await
    }

    /// Reads a case and a page of its activity stream at once, as of one moment where the page has the stream's end.
    ///
    /// # Errors
    /// [`ProjectionError::Database`] and [`ProjectionError::Log`].
    pub async fn case_with_activity(
        &self,
        scope: &Scope,
        wanted: EntriesOf,
    ) -> Result<Option<(Case, EntryPage)>, ProjectionError> {
        let (case, page) = tokio::try_join!(self.case(scope, wanted.case_id), self.activity(scope, wanted))?;
        match case {
            Some(case) => self.at_one_moment(scope, wanted, case, page).await,
            None => Ok(None),
        }
    }

    /// The same of a case that was found by something else than its id.
    ///
    /// # Errors
    /// [`ProjectionError::Database`] and [`ProjectionError::Log`].
    pub async fn with_activity(
        &self,
        scope: &Scope,
        wanted: EntriesOf,
        case: Case,
    ) -> Result<Option<(Case, EntryPage)>, ProjectionError> {
        let page = self.activity(scope, wanted).await?;
        self.at_one_moment(scope, wanted, case, page).await
    }

    /// Something may have happened between two readings. Whichever is behind is read again.
    async fn at_one_moment(
        &self,
        scope: &Scope,
        wanted: EntriesOf,
        mut case: Case,
        mut page: EntryPage,
    ) -> Result<Option<(Case, EntryPage)>, ProjectionError> {
        for _ in 0..MOMENTS {
            let Some(last) = page.last_of_stream(wanted) else { break };
            match last.cmp(&case.summary.version) {
                Ordering::Equal => break,
                Ordering::Less => page = self.activity(scope, wanted).await?,
                Ordering::Greater => match self.case(scope, wanted.case_id).await? {
                    Some(newer) => case = newer,
                    None => return Ok(None),
                },
            }
        }
        Ok(Some((case, page)))
    }

    /// Reads a page of a case's activity stream; an empty one when the scope does not see the case.
    ///
    /// # Errors
    /// [`ProjectionError::Database`].
    pub async fn activity(&self, scope: &Scope, wanted: EntriesOf) -> Result<EntryPage, ProjectionError> {
        self.entries.call((scope.clone(), wanted)).await?
    }

    /// Reads pages of the activity streams of a list's cases, one answer for each: a statement for each order, whatever their
    /// number.
    ///
    /// # Errors
    /// [`ProjectionError::Database`].
    pub async fn activities(&self, scope: &Scope, wanted: &[EntriesOf]) -> Result<Vec<EntryPage>, ProjectionError> {
        if let [wanted] = wanted {
            // One alone may share its statement with what others read.
            return Ok(vec![self.activity(scope, *wanted).await?]);
        }
        let read = self.source.read(scope, Reading::ByKey, |tx| {
            let wanted = wanted.to_vec();
            async move { activities(tx, wanted).await }.boxed()
        });
        read.await
    }
}

impl Source {
    /// The versions that are live as far as is known here.
    fn live(&self) -> Versions {
        Versions { cases: self.cases.borrow().version, directory: self.directory.borrow().version }
    }

    /// The versions that are live by the database's word.
    async fn look(&self) -> Result<Versions, ProjectionError> {
        let mut conn = self.pool.acquire().await?;
        let cases = CASE_GROUP.live(&mut conn).await?.version;
        Ok(Versions { cases, directory: DIRECTORY_GROUP.live(&mut conn).await?.version })
    }

    async fn begin(&self, scope: &Scope, reading: Reading) -> Result<ScopedTx, ProjectionError> {
        ScopedTx::begin(&self.pool, scope, reading, self.live()).await
    }

    async fn read<T, F>(&self, scope: &Scope, reading: Reading, read: F) -> Result<T, ProjectionError>
    where
        F: for<'t> Fn(&'t mut ScopedTx) -> BoxFuture<'t, Result<T, ProjectionError>> + Send + Sync,
        T: Send,
    {
        let mut tx = self.begin(scope, reading).await?;
        match read(&mut tx).await {
            Err(error) if error.is_version_gone() => {}
            outcome => return outcome,
        }
        drop(tx);
        let live = self.look().await?;
        let mut tx = ScopedTx::begin(&self.pool, scope, reading, live).await?;
        read(&mut tx).await
    }

    /// Reads of one kind by key, those that wait at the same time together.
    fn by_key<Q, A>(&self, limits: Limits, weigh: fn(&(Scope, Q)) -> usize, read: Answer<Q, A>) -> ByKey<Q, A>
    where
        Q: Copy + Send + Sync + 'static,
        A: Send + 'static,
    {
        let source = self.clone();
        Together::new(limits, weigh, move |questions, kept| answer_all(source.clone(), read, questions, kept).boxed())
    }

    /// Answers questions of one scope, and with which transaction to go on. Should they fail together, each is asked by
    /// itself, so that everybody gets an answer or an error of their own.
    async fn answer<Q: Copy + Send + Sync, A: Send>(
        &self,
        scope: &Scope,
        tx: Option<(ScopedTx, u8)>,
        read: Answer<Q, A>,
        questions: &[Q],
    ) -> (Vec<Result<A, ProjectionError>>, Option<(ScopedTx, u8)>) {
        let begun = match tx {
            Some(tx) => Ok(tx),
            None => self.begin(scope, Reading::ByKey).await.map(|tx| (tx, USES - 1)),
        };
        if let Ok((mut tx, uses_left)) = begun
            && let Ok(answers) = read(&mut tx, questions.to_vec()).await
        {
            return (answers.into_iter().map(Ok).collect(), Some((tx, uses_left)));
        }
        let alone = questions.iter().map(async |question| {
            let mut answers = self.read(scope, Reading::ByKey, |tx| read(tx, vec![*question])).await?;
            Ok(answers.pop().expect("one question has one answer"))
        });
        (join_all(alone).await, None)
    }
}

/// Answers questions of any scopes, in their order.
async fn answer_all<Q: Copy + Send + Sync, A: Send>(
    source: Source,
    read: Answer<Q, A>,
    questions: Vec<(Scope, Q)>,
    mut kept: Kept,
) -> (Vec<Result<A, ProjectionError>>, Kept) {
    let mut by_scope: HashMap<Scope, Vec<(usize, Q)>> = HashMap::new();
    for (index, (scope, question)) in questions.into_iter().enumerate() {
        by_scope.entry(scope).or_default().push((index, question));
    }
    let live = source.live();
    let scopes = by_scope.into_iter().map(|(scope, questions)| {
        let (source, tx) = (&source, kept.take(&scope, live));
        async move {
            let (indices, questions): (Vec<_>, Vec<_>) = questions.into_iter().unzip();
            let (answers, tx) = source.answer(&scope, tx, read, &questions).await;
            (indices.into_iter().zip(answers).collect::<Vec<_>>(), tx)
        }
    });
    let (answers, transactions): (Vec<_>, Vec<_>) = join_all(scopes).await.into_iter().unzip();
    let mut answers: Vec<_> = answers.into_iter().flatten().collect();
    answers.sort_unstable_by_key(|(index, _)| *index);
    let kept = Kept(transactions.into_iter().flatten().next());
    (answers.into_iter().map(|(_, answer)| answer).collect(), kept)
}

impl ScopedTx {
    /// Begins a read of one version of each group, in one round trip.
    async fn begin(
        pool: &PgPool,
        scope: &Scope,
        reading: Reading,
        versions: Versions,
    ) -> Result<Self, ProjectionError> {
        let (cases, directory) = (CASE_GROUP.schema(versions.cases), DIRECTORY_GROUP.schema(versions.directory));
        let (isolation, plans) = match reading {
            Reading::ByKey => ("read committed", ""),
            Reading::Lists => ("repeatable read", "set local plan_cache_mode = auto; set local enable_seqscan = on;"),
        };
        // Nothing here is free text: a role of ours, our schemas, ids.
        let statement = format!(
            "begin isolation level {isolation}, read only; \
             set local role {}; \
             set local search_path = {cases}, {directory}, public; \
             {plans} {}",
            role_of(scope),
            settings_of(scope),
        );
        let tx = pool.begin_with(statement).await?;
        Ok(Self { tx, scope: scope.clone(), versions })
    }

    /// For whom the values are that may be read here.
    pub fn audience(&self) -> Audience {
        self.scope.audience()
    }

    /// Who asks.
    pub fn scope(&self) -> &Scope {
        &self.scope
    }

    /// Which version of the case group is read.
    pub(crate) fn version(&self) -> i32 {
        self.versions.cases
    }
}

/// The role that the database enforces the scope by.
fn role_of(scope: &Scope) -> &'static str {
    match scope {
        Scope::Nothing | Scope::Contact { .. } => "casestream_reader_contact",
        Scope::Administrator => "casestream_reader_directory",
        Scope::AccessRequests => "casestream_reader_requests",
        Scope::Staff => "casestream_reader_staff",
        Scope::Auditor => "casestream_reader_auditor",
    }
}

/// What the policies of a customer's person go by: who they are; their accounts; those of them whose cases they see
/// wherever the trouble is, else the places that they are limited to; those in which they are ADMIN. What is not set
/// shows nothing, and what there is nothing of is not set.
fn settings_of(scope: &Scope) -> String {
    let Scope::Contact { person, accounts } = scope else { return String::new() };
    let (whole, places) = reach(scope);
    let led = accounts.iter().filter(|(_, access)| access.role == ContactRole::Admin);
    [
        ("accounts", accounts.keys().map(|id| id.0).collect()),
        ("whole_accounts", whole.unwrap_or_default()),
        ("places", places),
        ("led_accounts", led.map(|(id, _)| id.0).collect::<Vec<_>>()),
    ]
    .into_iter()
    .filter(|(_, ids)| !ids.is_empty())
    .map(|(name, ids)| {
        let ids = ids.iter().map(Uuid::to_string).collect::<Vec<_>>().join(",");
        format!("set local casestream.{name} = '{{{ids}}}'; ")
    })
    .chain([format!("set local casestream.person = '{person}'")])
    .collect()
}

/// The accounts whose places and cases a scope sees without a limit, none where it sees those of all; and the places that
/// it is limited to in other accounts.
pub(crate) fn reach(scope: &Scope) -> (Option<Vec<Uuid>>, Vec<Uuid>) {
    match scope {
        Scope::Nothing | Scope::AccessRequests => (Some(vec![]), vec![]),
        Scope::Contact { accounts, .. } => {
            let whole = accounts.iter().filter(|(_, access)| access.limit().is_none()).map(|(id, _)| id.0);
            let places = accounts.values().filter_map(ContactAccess::limit).flatten().map(|id| id.0);
            (Some(whole.collect()), places.collect())
        }
        Scope::Administrator | Scope::Staff | Scope::Auditor => (None, vec![]),
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
