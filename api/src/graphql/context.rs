//! What a resolver needs of its request and of the service.

use std::{sync::Arc, time::Duration};

use async_graphql::{Context, Error, ErrorExtensions, Result, dataloader::DataLoader};
use domain::{
    AccountId, CaseId, LocationId, PersonId, PlainText, RequestId, Scope, Sealed, Slug,
    case::CaseNumber,
    settings::{Section, Settings},
    text::MAX_REASON_CHARS,
};
use event_log::Tailer;
use futures_util::{FutureExt as _, future::BoxFuture};
use projections::{
    AttachmentEntry, EntriesOf, EntryPage, Kind, Named, ProjectionError, Projector, Reads, ScopedTx, SettingsNow,
    WatcherEntry, named,
};
use sqlx::PgPool;
use tracing::Instrument;
use uuid::Uuid;

use super::{
    case_loader::{AttachmentsOf, CaseLoader, WatchersOf},
    directory::{Account, Location},
    directory_lists::DirectoryLoader,
};
use crate::{
    commands::{Commands, Refusal},
    credentials::Credentials,
    files::Files,
    identity::{Access, AccessLog, Caller, RateGuard},
    news::CaseNews,
    postgres::is_out_of_reach,
};

/// The parts of the service that resolvers use.
pub struct Services {
    /// Carries commands out.
    pub commands: Commands,
    /// Follows the end of the log.
    pub tailer: Tailer,
    /// Keeps the read models, and tells when they have come far enough.
    pub projector: Projector,
    /// Reads them.
    pub reads: Reads,
    /// Tells that a case has moved.
    pub news: CaseNews,
    /// Records what auditors read, and what happens to credentials.
    pub access_log: AccessLog,
    /// Counts tries of what guards a credential.
    pub rates: RateGuard,
    /// What people sign in with.
    pub credentials: Credentials,
    /// Where the bytes of files are.
    pub files: Files,
    /// The service's pool.
    pub pool: PgPool,
}

/// One request by a known caller.
pub struct RequestContext {
    /// The request's id, as in its log lines.
    pub id: RequestId,
    /// Who calls.
    pub caller: Caller,
    /// The service.
    pub services: Arc<Services>,
    /// Loads what the cases of lists have, all at once.
    pub cases: DataLoader<CaseLoader>,
    /// Loads accounts and what they have, all at once.
    pub directory: DataLoader<DirectoryLoader>,
}

impl RequestContext {
    /// The context of a request by a known caller.
    #[must_use]
    pub fn new(id: RequestId, caller: Caller, services: Arc<Services>) -> Self {
        let loader = CaseLoader { services: Arc::clone(&services), caller: caller.clone(), request: id };
        let directory = DirectoryLoader { reads: services.reads.clone(), scope: caller.directory_scope(), request: id };
        Self {
            id,
            caller,
            cases: DataLoader::new(loader, tokio::spawn),
            directory: DataLoader::new(directory, tokio::spawn),
            services,
        }
    }

    /// The request's context.
    ///
    /// # Errors
    /// `UNAUTHENTICATED` for a request without a caller, `SECOND_FACTOR_DEMANDED` for one by whoever has to add a second factor first.
    pub fn of<'a>(ctx: &Context<'a>) -> Result<&'a Self> {
        let request = Self::entering(ctx)?;
        if request.caller.lacks_second_factor {
            let message = "add an authenticator app first, which is demanded here: `totpEnroll`, then `totpConfirm`";
            return Err(error("SECOND_FACTOR_DEMANDED", message));
        }
        Ok(request)
    }

    /// The same for what people need who have to add a second factor first: to see so, to add one, and to leave.
    ///
    /// # Errors
    /// `UNAUTHENTICATED` for a request without a caller.
    pub fn entering<'a>(ctx: &Context<'a>) -> Result<&'a Self> {
        ctx.data_opt::<Self>()
            .ok_or_else(|| error("UNAUTHENTICATED", "sign in first: send a token as `Authorization: Bearer …`"))
    }

    /// What the caller may read.
    #[must_use]
    pub fn scope(&self) -> Scope {
        self.caller.scope()
    }

    /// The settings in force, as they are known here.
    #[must_use]
    pub fn settings(&self) -> Arc<SettingsNow> {
        self.services.commands.settings.now()
    }

    /// The opaque form of the version of a section. Whoever sees one sees all that happens to it.
    #[must_use]
    pub fn settings_version(&self, settings: &Settings, section: Section) -> String {
        let audience = self.scope().audience();
        self.services.commands.version::<Settings>(section, audience, settings.version(section))
    }

    /// Whether the caller may know what is the desk's affair: who works cases, runs the installation or checks.
    #[must_use]
    pub fn sees_the_desk(&self) -> bool {
        match self.caller.directory_scope() {
            Scope::Nothing | Scope::AccessRequests | Scope::Contact { .. } => false,
            Scope::Administrator | Scope::Staff | Scope::Auditor => true,
        }
    }

    /// Reads within the caller's scope, in one transaction.
    ///
    /// # Errors
    /// `FORBIDDEN` for a filter or order that is the desk's, `BAD_CURSOR`, or an internal error.
    pub async fn read<T, F>(&self, read: F) -> Result<T>
    where
        F: for<'t> Fn(&'t mut ScopedTx) -> BoxFuture<'t, Result<T, ProjectionError>> + Send + Sync,
        T: Send,
    {
        let scope = self.scope();
        self.answer(self.services.reads.read(&scope, read)).await
    }

    /// The same of accounts and people, which administrators read, too.
    ///
    /// # Errors
    /// An internal error.
    pub async fn read_directory<T, F>(&self, read: F) -> Result<T>
    where
        F: for<'t> Fn(&'t mut ScopedTx) -> BoxFuture<'t, Result<T, ProjectionError>> + Send + Sync,
        T: Send,
    {
        let scope = self.caller.directory_scope();
        self.answer(self.services.reads.read(&scope, read)).await
    }

    /// Refuses whoever neither decides requests for access nor checks the desk.
    ///
    /// # Errors
    /// `FORBIDDEN`.
    pub fn check_sees_requests(&self) -> Result<()> {
        match self.caller.requests_scope() {
            Scope::Nothing => Err(error("FORBIDDEN", "requests for access are for supervisors and auditors")),
            _ => Ok(()),
        }
    }

    /// Reads requests for access, in one transaction.
    ///
    /// # Errors
    /// `FORBIDDEN`, or an internal error.
    pub async fn read_requests<T, F>(&self, read: F) -> Result<T>
    where
        F: for<'t> Fn(&'t mut ScopedTx) -> BoxFuture<'t, Result<T, ProjectionError>> + Send + Sync,
        T: Send,
    {
        self.check_sees_requests()?;
        let scope = self.caller.requests_scope();
        self.answer(self.services.reads.read(&scope, read)).await
    }

    /// An account that the caller may see.
    ///
    /// # Errors
    /// An internal error.
    pub async fn account(&self, account: AccountId) -> Result<Option<Account>> {
        Ok(self.directory.load_one(account).await?.map(|entry| entry.named.into()))
    }

    /// A place that the caller may see.
    ///
    /// # Errors
    /// An internal error.
    pub async fn location(&self, location: LocationId) -> Result<Option<Location>> {
        Ok(self.directory.load_one(location).await?.map(|entry| entry.named.into()))
    }

    /// Reads a case by its id, as far as the caller's scope sees it.
    ///
    /// # Errors
    /// An internal error.
    pub async fn case(&self, case_id: CaseId) -> Result<Option<projections::Case>> {
        let scope = self.scope();
        self.answer(self.services.reads.case(&scope, case_id)).await
    }

    /// The same with a page of its activity stream.
    ///
    /// # Errors
    /// An internal error.
    pub async fn case_with_entries(&self, wanted: EntriesOf) -> Result<Option<(projections::Case, EntryPage)>> {
        let scope = self.scope();
        self.answer(self.services.reads.case_with_activity(&scope, wanted)).await
    }

    /// The same of a case that was found by something else than its id.
    ///
    /// # Errors
    /// An internal error.
    pub async fn with_entries(
        &self,
        wanted: EntriesOf,
        case: projections::Case,
    ) -> Result<Option<(projections::Case, EntryPage)>> {
        let scope = self.scope();
        self.answer(self.services.reads.with_activity(&scope, wanted, case)).await
    }

    /// Reads a case by its number.
    ///
    /// # Errors
    /// An internal error.
    pub async fn case_by_number(&self, number: CaseNumber) -> Result<Option<projections::Case>> {
        let scope = self.scope();
        self.answer(self.services.reads.case_by_number(&scope, number)).await
    }

    /// The same by what it is called in another system.
    ///
    /// # Errors
    /// `AMBIGUOUS_REFERENCE`, or an internal error.
    pub async fn case_by_reference(&self, system: Option<&Slug>, reference: &str) -> Result<Option<projections::Case>> {
        let scope = self.scope();
        self.answer(self.services.reads.case_by_external_reference(&scope, system, reference)).await
    }

    /// Reads entries of a case's activity stream, as far as the caller's scope sees it.
    ///
    /// # Errors
    /// An internal error.
    pub async fn entries(&self, wanted: EntriesOf, is_degraded: bool) -> Result<EntryPage> {
        if is_degraded {
            return self.answer(self.services.reads.degraded_activity(&self.scope(), wanted)).await;
        }
        Ok(self.cases.load_one(wanted).await?.expect("a page for each case"))
    }

    /// Reads who watches a case, as far as the caller's scope sees it.
    ///
    /// # Errors
    /// An internal error.
    pub async fn watchers(&self, case_id: CaseId, is_degraded: bool) -> Result<Vec<WatcherEntry>> {
        if is_degraded {
            return self.answer(self.services.reads.degraded_watchers(&self.scope(), case_id)).await;
        }
        Ok(self.cases.load_one(WatchersOf(case_id)).await?.unwrap_or_default())
    }

    /// Reads the names of those of one kind among ids that the caller may see, in no particular order.
    ///
    /// # Errors
    /// An internal error.
    pub async fn named<T: From<Uuid> + Send + Unpin + 'static>(
        &self,
        kind: Kind,
        ids: Vec<Uuid>,
    ) -> Result<Vec<Named<T>>> {
        self.read_directory(move |tx| named(tx, kind, ids.clone()).boxed()).await
    }

    /// Reads a case's files, as far as the caller's scope sees them.
    ///
    /// # Errors
    /// An internal error.
    pub async fn attachments(&self, case_id: CaseId, is_degraded: bool) -> Result<Vec<AttachmentEntry>> {
        if is_degraded {
            return self.answer(self.services.reads.degraded_attachments(&self.scope(), case_id)).await;
        }
        Ok(self.cases.load_one(AttachmentsOf(case_id)).await?.unwrap_or_default())
    }

    async fn answer<T>(&self, read: impl Future<Output = Result<T, ProjectionError>>) -> Result<T> {
        let span = tracing::debug_span!("query", audience = ?self.scope().audience());
        read.instrument(span).await.map_err(|cause| match cause {
            ProjectionError::StaffOnly { .. } => error("FORBIDDEN", cause.to_string()),
            ProjectionError::ForeignCursor => super::paging::bad_cursor(),
            ProjectionError::AmbiguousReference { .. } => error("AMBIGUOUS_REFERENCE", cause.to_string()),
            other => self.internal(&other),
        })
    }

    /// A new id of any kind.
    #[must_use]
    pub fn new_id<T: From<Uuid>>(&self) -> T {
        self.services.commands.ids.next().into()
    }

    /// Checks a text and puts it under a key of its own, as the caller's words.
    ///
    /// # Errors
    /// A refusal that names the field.
    pub fn seal(&self, field: &str, text: &str, limit_chars: usize) -> Result<Sealed<PlainText>, Refusal> {
        let text = PlainText::parse(text, limit_chars).map_err(|error| Refusal::of_field(field, error.to_string()))?;
        Ok(Sealed::new(self.new_id(), self.caller.person, text))
    }

    /// The same for a reason or comment that may be left out; a blank one is.
    ///
    /// # Errors
    /// A refusal that names the field.
    pub fn seal_reason(&self, field: &str, text: Option<&str>) -> Result<Option<Sealed<PlainText>>, Refusal> {
        let given = text.filter(|text| !text.trim().is_empty());
        given.map(|text| self.seal(field, text, MAX_REASON_CHARS)).transpose()
    }

    /// Records a read by a caller whose reads are recorded, before it happens.
    ///
    /// # Errors
    /// An internal error when it cannot be recorded: then nothing is read.
    pub async fn record_read(&self, operation: &str, object: &str) -> Result<()> {
        record_reads(&self.services, &self.caller, self.id, operation, &[object]).await
    }

    /// An error that tells the caller an id and the log the rest.
    pub fn internal(&self, error: &(dyn std::error::Error + 'static)) -> Error {
        internal(self.id, error)
    }

    /// The caller's own person.
    #[must_use]
    pub fn person(&self) -> PersonId {
        self.caller.person
    }
}

/// Records reads of several objects by a caller whose reads are recorded, before they happen.
pub(super) async fn record_reads(
    services: &Services,
    caller: &Caller,
    request: RequestId,
    operation: &str,
    objects: &[&str],
) -> Result<()> {
    if !caller.is_recorded() {
        return Ok(());
    }
    let accesses: Vec<_> = objects.iter().map(|object| Access { caller, operation, object, request }).collect();
    services.access_log.record(&accesses).await.map_err(|error| internal(request, &error))
}

/// A top-level error with a stable code.
pub fn error(code: &'static str, message: impl Into<String>) -> Error {
    Error::new(message).extend_with(|_, extensions| extensions.set("code", code))
}

/// The refusal of a network that tries too often, with when it may again.
pub(super) fn too_many(retry_after: Duration) -> Error {
    let seconds = retry_after.as_secs().max(1);
    let message = format!("too many requests came from this network; try again in {seconds} s");
    error("RATE_LIMITED", message).extend_with(|_, extensions| extensions.set("retryAfter", seconds))
}

pub(super) fn internal(request: RequestId, cause: &(dyn std::error::Error + 'static)) -> Error {
    let chain: Vec<_> = std::iter::successors(Some(cause), |cause| cause.source()).collect();
    let causes: Vec<_> = chain.iter().map(ToString::to_string).collect();
    let database = |cause: &&(dyn std::error::Error + 'static)| {
        let shared = cause.downcast_ref::<Arc<sqlx::Error>>().map(|error| &**error);
        shared.or(cause.downcast_ref::<sqlx::Error>()).is_some_and(is_out_of_reach)
    };
    let was_out_of_reach = chain.iter().any(database);
    tracing::error!(request_id = %request, cause = causes.join(": "), "a resolver failed");
    let mut error = if was_out_of_reach {
        error(
            "UNAVAILABLE",
            "the database went away meanwhile; try again, with the same idempotency key where there is one: whether it was done \
             is then told",
        )
    } else {
        let message = format!("something went wrong here; name the request {request} when you report it");
        error("INTERNAL_SERVER_ERROR", message)
    };
    if let Some(extensions) = &mut error.extensions {
        extensions.set("requestId", request.to_string());
    }
    error
}
