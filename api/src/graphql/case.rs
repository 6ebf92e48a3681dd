//! A case, as its caller may see it.

use std::{fmt, sync::Arc};

use async_graphql::{Context, Enum, ID, Lookahead, Object, Result, SimpleObject};
use domain::{
    CaseId, Timestamp,
    case::{CaseNumber, FileLeft},
};
use futures_util::FutureExt as _;
use projections::{AttachmentEntry, CaseSummary, EntriesOf, EntryPage, LinkEntry, survivor};

use super::{
    activity::{self, ActivityConnection, ActivityOrder},
    case_loader::{AllowedOn, LinksOf},
    catalogue,
    context::{RequestContext, error},
    directory::{Account, Location, Person, Product},
    enums::{CancelReason, CaseAction, CaseRelation, CaseStatus, CloseCause, Priority, WaitReason},
    history::{self, RecordedEvent},
    ids::GlobalId,
    paging::PageInput,
    scalars::BigInt,
};

/// One customer's request, from opening to settlement.
pub struct Case {
    summary: Box<CaseSummary>,
    /// What lists do not read; loaded for all cases of a list at once when it is asked for.
    details: Option<Arc<projections::Case>>,
    /// A page of its activity stream that was read along.
    entries: Option<(EntriesOf, EntryPage)>,
}

/// What an open case waits for.
#[derive(SimpleObject)]
struct CaseWait {
    /// For what. Customers see only waits for them.
    reason: WaitReason,
    /// When it ends by itself, if ever.
    until: Option<Timestamp>,
}

/// The answer that stands.
#[derive(SimpleObject)]
struct Resolution {
    /// When it was given.
    at: Timestamp,
    /// The kind of answer, by its key.
    code: Option<String>,
    /// What that is called in the catalogue now.
    code_name: Option<String>,
    /// The answer; null once its words are gone.
    text: Option<String>,
    /// How content the customer is with it, from 1 to 5.
    satisfaction_score: Option<i16>,
    /// Why, if they said so.
    satisfaction_comment: Option<String>,
}

/// How a case was withdrawn.
#[derive(SimpleObject)]
struct Cancellation {
    /// When.
    at: Timestamp,
    /// Why.
    reason: Option<CancelReason>,
    /// Why, in words.
    comment: Option<String>,
}

/// How a case was settled.
#[derive(SimpleObject)]
struct Closing {
    /// When.
    at: Timestamp,
    /// How that came.
    cause: Option<CloseCause>,
}

/// What a case is called in the system that it comes from.
#[derive(SimpleObject)]
struct ExternalReference {
    /// The other system.
    system: String,
    /// The number or id there.
    reference: String,
}

/// Somebody who gets mail about a case.
#[derive(SimpleObject)]
struct Watcher {
    /// Who it is, for a contact of the account.
    person: Option<Person>,
    /// The address, for anybody else; null once it was erased.
    email: Option<String>,
    /// When they were added.
    added_at: Timestamp,
    /// Whether they get mail. Who is no contact of the account, or left by a link, gets none before confirming by another.
    confirmed: bool,
}

/// What a case has to do with another one.
#[derive(SimpleObject)]
struct CaseLink {
    /// What it is, from the side of the case that is asked.
    relation: CaseRelation,
    /// The other case.
    case: Case,
    /// Since when.
    since: Timestamp,
}

/// What has become of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
enum AttachmentState {
    /// It can be fetched.
    Present,
    /// Its bytes were taken away.
    Removed,
    /// Its bytes were taken away, and its name with them.
    Redacted,
}

/// A file of a case.
#[derive(SimpleObject)]
struct Attachment {
    /// The global id.
    id: ID,
    /// What it is called; null once that was redacted.
    name: Option<String>,
    /// The name that was redacted under legal hold. For auditors; null for everybody else.
    withheld_name: Option<String>,
    /// What kind of file it is, `image/png` for example.
    media_type: String,
    /// How many bytes it has.
    size_bytes: BigInt,
    /// The SHA-256 of its bytes in hexadecimal digits; null once its name is gone.
    sha256: Option<String>,
    /// Who uploaded it.
    uploader: Person,
    /// Whether the desk attached it; else a customer did.
    from_desk: bool,
    /// When it was attached.
    added_at: Timestamp,
    /// The description, message or note that it came with.
    message_id: Option<ID>,
    /// Whether it is for the desk alone.
    internal: bool,
    /// What has become of it.
    state: AttachmentState,
    /// Where to fetch it, with the caller's own credentials; null once its bytes were taken away.
    url: Option<String>,
}

#[Object]
#[expect(clippy::unused_async, reason = "a field that needs no waiting is a method all the same")]
impl Case {
    /// The global id.
    pub async fn id(&self) -> ID {
        self.summary.case_id.global()
    }

    /// What people call it by: `CS-000123`.
    async fn number(&self) -> String {
        self.summary.number.to_string()
    }

    /// Where it stands.
    async fn status(&self) -> CaseStatus {
        self.summary.status.into()
    }

    /// The kind of request, by its key.
    #[graphql(name = "type")]
    async fn case_type(&self) -> &str {
        self.summary.case_type.as_str()
    }

    /// What the type is called in the catalogue now; its key, where that was never in the catalogue.
    async fn type_name(&self, ctx: &Context<'_>) -> Result<String> {
        Ok(catalogue::type_name(RequestContext::of(ctx)?, &self.summary.case_type))
    }

    /// The kind within its kind, by its key.
    async fn category(&self) -> &str {
        self.summary.category.as_str()
    }

    /// What the category is called in the catalogue now; its key, where that was never in the catalogue.
    async fn category_name(&self, ctx: &Context<'_>) -> Result<String> {
        let CaseSummary { case_type, category, .. } = &*self.summary;
        Ok(catalogue::category_name(RequestContext::of(ctx)?, case_type, category))
    }

    /// What it is about, in a line: as given, or the description's first line. Null once the words were taken away.
    async fn subject(&self) -> Option<&str> {
        self.summary.subject.as_deref()
    }

    /// What it was opened with. Null once it was taken away.
    async fn description(&self, ctx: &Context<'_>) -> Result<Option<String>> {
        Ok(self.details(ctx).await?.description.clone())
    }

    /// Whether the description was taken away.
    async fn description_redacted(&self, ctx: &Context<'_>) -> Result<bool> {
        Ok(self.details(ctx).await?.description_redacted)
    }

    /// The id by which the description can be redacted.
    async fn description_message_id(&self, ctx: &Context<'_>) -> Result<Option<ID>> {
        Ok(self.details(ctx).await?.description_message.map(GlobalId::global))
    }

    /// Whose case it is.
    async fn account(&self) -> Account {
        self.summary.account.clone().into()
    }

    /// Where the trouble is, if that was picked.
    async fn location(&self) -> Option<Location> {
        self.summary.location.clone().map(Into::into)
    }

    /// *My location isn't listed*.
    async fn location_not_listed(&self) -> bool {
        self.summary.location_not_listed
    }

    /// With what, if that was picked.
    async fn product(&self) -> Option<Product> {
        self.summary.product.clone().map(Into::into)
    }

    /// *My product isn't listed*.
    async fn product_not_listed(&self) -> bool {
        self.summary.product_not_listed
    }

    /// Whom to talk to.
    async fn contact(&self) -> Person {
        self.summary.contact.clone().into()
    }

    /// Who opened it.
    async fn opener(&self) -> Person {
        self.summary.opener.clone().into()
    }

    /// Who is responsible, if anybody.
    async fn owner(&self) -> Option<Person> {
        self.summary.owner.clone().map(Into::into)
    }

    /// Where it waits for an owner, by its key. For the desk; null for customers.
    async fn queue(&self) -> Option<&str> {
        self.summary.queue.as_ref().map(domain::Slug::as_str)
    }

    /// What the queue is called in the catalogue now. For the desk; null for customers.
    async fn queue_name(&self, ctx: &Context<'_>) -> Result<Option<String>> {
        let request = RequestContext::of(ctx)?;
        Ok(self.summary.queue.as_ref().map(|queue| catalogue::queue_name(request, queue)))
    }

    /// How urgent it is. For the desk; null for customers.
    async fn priority(&self) -> Option<Priority> {
        self.summary.priority.map(Into::into)
    }

    /// What it waits for, if it does.
    async fn wait(&self) -> Option<CaseWait> {
        self.summary.wait.map(|wait| CaseWait { reason: wait.reason.into(), until: wait.until })
    }

    /// When it was opened.
    async fn opened_at(&self) -> Timestamp {
        self.summary.opened_at
    }

    /// When it was last updated, as far as the caller may know.
    async fn updated_at(&self) -> Timestamp {
        self.summary.updated_at
    }

    /// The answer that stands.
    async fn resolution(&self, ctx: &Context<'_>) -> Result<Option<Resolution>> {
        let details = self.details(ctx).await?;
        let request = RequestContext::of(ctx)?;
        Ok(details.resolution.as_ref().map(|given| Resolution {
            at: given.at,
            code_name: given.code.as_ref().map(|code| catalogue::code_name(request, code)),
            code: given.code.as_ref().map(ToString::to_string),
            text: given.text.clone(),
            satisfaction_score: given.satisfaction_score,
            satisfaction_comment: given.satisfaction_comment.clone(),
        }))
    }

    /// How it was settled, if it was.
    async fn closing(&self, ctx: &Context<'_>) -> Result<Option<Closing>> {
        let details = self.details(ctx).await?;
        Ok(details.closed.map(|(at, cause)| Closing { at, cause: cause.map(Into::into) }))
    }

    /// How it was withdrawn, if it was.
    async fn cancellation(&self, ctx: &Context<'_>) -> Result<Option<Cancellation>> {
        let details = self.details(ctx).await?;
        Ok(details.canceled.as_ref().map(|canceled| Cancellation {
            at: canceled.at,
            reason: canceled.reason.map(Into::into),
            comment: canceled.comment.clone(),
        }))
    }

    /// How often it was reopened; a reopening that was undone does not count.
    async fn reopen_count(&self, ctx: &Context<'_>) -> Result<i32> {
        Ok(self.details(ctx).await?.reopen_count)
    }

    /// Whether a legal hold is in force. For the desk; null for customers.
    async fn legal_hold(&self, ctx: &Context<'_>) -> Result<Option<bool>> {
        Ok(self.details(ctx).await?.legal_hold)
    }

    /// Whether it is new or open and its contact has left the account, so that it needs another. For the desk; null for
    /// customers.
    async fn needs_contact(&self, ctx: &Context<'_>) -> Result<Option<bool>> {
        Ok(self.details(ctx).await?.needs_contact)
    }

    /// Whether one of its events could not be put into the read models; an operator has been told. Lists show it as it
    /// was before; its own page is made from the log, as far as that can be read.
    async fn degraded(&self, ctx: &Context<'_>) -> Result<bool> {
        Ok(self.details(ctx).await?.is_degraded)
    }

    /// How many public messages it has, the description apart.
    async fn message_count(&self) -> i32 {
        self.summary.message_count
    }

    /// How many notes it has. For the desk; null for customers.
    async fn note_count(&self) -> Option<i32> {
        self.summary.note_count
    }

    /// What it is called in the system that it comes from.
    async fn external_reference(&self) -> Option<ExternalReference> {
        self.summary.external.as_ref().map(|external| ExternalReference {
            system: external.system.to_string(),
            reference: external.reference.clone(),
        })
    }

    /// How far it has come, as far as the caller may know: for `expectedVersion`.
    async fn version(&self, ctx: &Context<'_>) -> Result<String> {
        let request = RequestContext::of(ctx)?;
        let version = u64::try_from(self.summary.version).expect("versions are positive");
        Ok(request.services.commands.version::<domain::case::Case>(
            self.summary.case_id,
            request.scope().audience(),
            version,
        ))
    }

    /// What happened on the case, as far as the caller may know.
    async fn activity(
        &self,
        ctx: &Context<'_>,
        #[graphql(default_with = "ActivityOrder::NewestFirst")] order: ActivityOrder,
        first: Option<i32>,
        after: Option<String>,
        last: Option<i32>,
        before: Option<String>,
    ) -> Result<ActivityConnection> {
        let page = PageInput { first, after, last, before };
        let request = RequestContext::of(ctx)?;
        let known = self.entries.as_ref();
        activity::connection(request, self.summary.case_id, self.is_degraded(), known, order, &page).await
    }

    /// Who gets mail about it.
    async fn watchers(&self, ctx: &Context<'_>) -> Result<Vec<Watcher>> {
        let request = RequestContext::of(ctx)?;
        let found = request.watchers(self.summary.case_id, self.is_degraded()).await?;
        Ok(found
            .into_iter()
            .map(|watcher| Watcher {
                person: watcher.person.map(Into::into),
                email: watcher.address,
                added_at: watcher.added_at,
                confirmed: watcher.confirmed,
            })
            .collect())
    }

    /// What the caller may do with it now: each of these can be given in a way that is accepted and changes something. Null when
    /// its history cannot be read here.
    async fn allowed_actions(&self, ctx: &Context<'_>) -> Result<Option<Vec<CaseAction>>> {
        let request = RequestContext::of(ctx)?;
        let allowed = request.cases.load_one(AllowedOn(self.summary.case_id)).await?.transpose()?;
        Ok(allowed.map(|allowed| allowed.into_iter().map(CaseAction::from).collect()))
    }

    /// Its files in the order in which they came, those included that were taken away.
    async fn attachments(&self, ctx: &Context<'_>) -> Result<Vec<Attachment>> {
        let request = RequestContext::of(ctx)?;
        let found = request.attachments(self.summary.case_id, self.is_degraded()).await?;
        Ok(found.into_iter().map(Attachment::from).collect())
    }

    /// What it has to do with other cases that the caller may see, the oldest first.
    async fn links(&self, ctx: &Context<'_>) -> Result<Vec<CaseLink>> {
        let request = RequestContext::of(ctx)?;
        let links = request.cases.load_one(LinksOf(self.summary.case_id)).await?.unwrap_or_default();
        let others = request.cases.load_many(links.iter().map(|link| link.other_id)).await?;
        let link = |link: LinkEntry| {
            let case = Arc::clone(others.get(&link.other_id)?);
            Some(CaseLink { relation: link.relation.into(), case: Case::of_list(case), since: link.since })
        };
        Ok(links.into_iter().filter_map(link).collect())
    }

    /// Its events as recorded, texts opened where their keys are there. For auditors; null for everybody else.
    async fn history(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "After this place in the stream.", default)] after: i32,
        #[graphql(desc = "This many, 1 to 100.", default = 100)] first: i32,
    ) -> Result<Option<Vec<RecordedEvent>>> {
        let request = RequestContext::of(ctx)?;
        if !request.caller.reads_events() {
            return Ok(None);
        }
        history::of_case(request, self.summary.case_id, after, first).await.map(Some)
    }
}

impl Case {
    /// Whether it was read by itself and is degraded. In a list nobody has looked.
    pub(super) fn is_degraded(&self) -> bool {
        self.details.as_ref().is_some_and(|details| details.is_degraded)
    }

    async fn details(&self, ctx: &Context<'_>) -> Result<Arc<projections::Case>> {
        if let Some(details) = &self.details {
            return Ok(Arc::clone(details));
        }
        let found = RequestContext::of(ctx)?.cases.load_one(self.summary.case_id).await?;
        found.ok_or_else(|| error("NOT_FOUND", "the case is not there any more"))
    }
}

impl Case {
    /// A case that was read with others.
    fn of_list(case: Arc<projections::Case>) -> Self {
        Self { summary: Box::new(case.summary.clone()), details: Some(case), entries: None }
    }

    /// Whether another case goes on in its place.
    fn is_merged(&self) -> bool {
        let canceled = self.details.as_ref().and_then(|details| details.canceled.as_ref());
        canceled.is_some_and(|canceled| canceled.reason == Some(domain::case::CancelReason::Merged))
    }
}

impl From<AttachmentEntry> for Attachment {
    fn from(entry: AttachmentEntry) -> Self {
        let id = entry.attachment_id.global();
        Self {
            url: (entry.left == FileLeft::All).then(|| format!("/attachments/{}", id.0)),
            id,
            name: entry.name,
            withheld_name: entry.withheld_name,
            media_type: entry.media_type,
            size_bytes: BigInt(entry.size_bytes),
            sha256: entry.sha256,
            uploader: entry.uploader.into(),
            from_desk: entry.from_desk,
            added_at: entry.added_at,
            message_id: entry.message_id.map(GlobalId::global),
            internal: entry.of_note,
            state: match entry.left {
                FileLeft::All => AttachmentState::Present,
                FileLeft::Name => AttachmentState::Removed,
                FileLeft::Withheld | FileLeft::Nothing => AttachmentState::Redacted,
            },
        }
    }
}

impl From<CaseSummary> for Case {
    fn from(summary: CaseSummary) -> Self {
        Self { summary: Box::new(summary), details: None, entries: None }
    }
}

impl From<projections::Case> for Case {
    fn from(case: projections::Case) -> Self {
        Self { summary: Box::new(case.summary.clone()), details: Some(Arc::new(case)), entries: None }
    }
}

impl Case {
    fn with_entries(wanted: EntriesOf, case: projections::Case, page: EntryPage) -> Self {
        Self { entries: Some((wanted, page)), ..Self::from(case) }
    }
}

/// How a caller names a case; shown as the access log keeps it.
pub(super) enum CaseName {
    /// By its id.
    Id(CaseId),
    /// By its number.
    Number(CaseNumber),
    /// By what it is called elsewhere, with or without the system.
    External(Option<domain::Slug>, String),
}

impl fmt::Display for CaseName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id(case_id) => case_id.fmt(f),
            Self::Number(number) => number.fmt(f),
            Self::External(Some(system), reference) => write!(f, "{system}/{reference}"),
            Self::External(None, reference) => f.write_str(reference),
        }
    }
}

/// Reads a case by its id, with what is `selected` of it; none when the caller may not see it.
pub(super) async fn read_case(
    request: &RequestContext,
    selected: &Lookahead<'_>,
    case_id: CaseId,
) -> Result<Option<Case>> {
    let Some(wanted) = activity::foreseen(selected, case_id) else {
        return Ok(request.case(case_id).await?.map(Case::from));
    };
    let found = request.case_with_entries(wanted).await?;
    Ok(found.map(|(case, page)| Case::with_entries(wanted, case, page)))
}

/// Reads a case by whatever name, with what is `selected` of it; none when the caller may not see it.
pub(super) async fn find_case(
    request: &RequestContext,
    selected: &Lookahead<'_>,
    name: &CaseName,
) -> Result<Option<Case>> {
    let found = match name {
        CaseName::Id(case_id) => return read_case(request, selected, *case_id).await,
        CaseName::Number(number) => request.case_by_number(*number).await?,
        CaseName::External(system, reference) => request.case_by_reference(system.as_ref(), reference).await?,
    };
    let Some(case) = found else { return Ok(None) };
    let Some(wanted) = activity::foreseen(selected, case.summary.case_id) else { return Ok(Some(case.into())) };
    let found = request.with_entries(wanted, case).await?;
    Ok(found.map(|(case, page)| Case::with_entries(wanted, case, page)))
}

/// The same, or the case that goes on in its place, as far as the caller sees that one.
pub(super) async fn find_survivor(
    request: &RequestContext,
    selected: &Lookahead<'_>,
    name: &CaseName,
) -> Result<Option<Case>> {
    let found = find_case(request, selected, name).await?;
    let Some(merged) = found.as_ref().filter(|case| case.is_merged()).map(|case| case.summary.case_id) else {
        return Ok(found);
    };
    let survivor = request.read(move |tx| survivor(tx, merged).boxed()).await?;
    if survivor == merged { Ok(found) } else { read_case(request, selected, survivor).await }
}
