//! Requests for access as supervisors and auditors see them, and lists of them.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use async_graphql::{
    ComplexObject, Context, Enum, ID, InputObject, Object, Result, SimpleObject, connection::PageInfo,
};
use chrono::{DateTime, Utc};
use domain::{AccessRequestId, PersonId, Scope};
use futures_util::FutureExt;
use projections::{
    AccessPersonEntry, AccessRequestCursor, AccessRequestEntry, AccessRequestFilter, AccessRequestWindow,
    DecisionEntry, Kind, OutcomeEntry, access_request, count_access_requests, list_access_requests, people_by_emails,
};
use serde::{Deserialize, Serialize};

use super::{
    case::{Case, read_case},
    context::{RequestContext, error},
    directory::{Account, Location, Person},
    directory_lists::ContactRole,
    ids::GlobalId,
    paging::{self, PageInput},
};

/// What somebody asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, Serialize)]
#[graphql(remote = "domain::access_request::RequestType")]
pub enum AccessRequestType {
    /// *Request Customer Portal Access*: to sign in, for themselves and perhaps for others.
    PortalAccess,
    /// *Change or Remove Access*: that somebody may see more, less or nothing any more.
    ChangeOrRemoval,
    /// *Other*.
    Other,
}

/// Which requests to list. No filter means all.
#[derive(Clone, Copy, Debug, Default, InputObject)]
pub struct AccessRequestFilterInput {
    /// Those that are decided for everybody in them; or, false, those that are not.
    decided: Option<bool>,
    /// Those of one type.
    #[graphql(name = "type")]
    request_type: Option<AccessRequestType>,
}

/// In which order requests are listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Enum, Serialize, Deserialize)]
pub enum AccessRequestOrder {
    /// Whoever has waited longest first.
    #[default]
    OldestFirst,
    /// Whoever asked last first.
    NewestFirst,
}

/// What was decided of somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum AccessOutcome {
    /// They get access.
    Approved,
    /// They get none.
    Declined,
    /// It is worked on as a case.
    MadeCase,
}

/// A page of requests for access.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct AccessRequestConnection {
    /// The requests with their cursors.
    edges: Vec<AccessRequestEdge>,
    /// What lies beyond the page.
    page_info: PageInfo,
    #[graphql(skip)]
    filter: AccessRequestFilter,
}

/// A request with its cursor.
#[derive(SimpleObject)]
pub struct AccessRequestEdge {
    /// The request.
    node: AccessRequest,
    /// Its cursor.
    cursor: String,
}

/// What a cursor of a list holds. It is good for the filter and order that it was made for.
#[derive(Serialize, Deserialize)]
struct Cursor {
    filter: AccessRequestFilter,
    order: AccessRequestOrder,
    at: AccessRequestCursor,
}

#[ComplexObject]
impl AccessRequestConnection {
    /// The requests.
    async fn nodes(&self) -> Vec<&AccessRequest> {
        self.edges.iter().map(|edge| &edge.node).collect()
    }

    /// How many requests the whole list has. Counted only when asked for.
    async fn total_count(&self, ctx: &Context<'_>) -> Result<i64> {
        let (request, filter) = (RequestContext::of(ctx)?, self.filter);
        request.read_requests(move |tx| count_access_requests(tx, filter).boxed()).await
    }
}

/// Names that stand beside the ids of requests, read for all of a page at once.
#[derive(Default)]
struct Names {
    people: HashMap<PersonId, Person>,
    by_email: HashMap<String, Vec<PersonId>>,
}

/// Somebody's request for access. For supervisors and auditors.
#[derive(Clone)]
pub struct AccessRequest {
    entry: Arc<AccessRequestEntry>,
    names: Arc<Names>,
}

#[Object]
impl AccessRequest {
    /// The global id.
    async fn id(&self) -> ID {
        self.entry.request.global()
    }

    /// What is asked for.
    #[graphql(name = "type")]
    async fn request_type(&self) -> AccessRequestType {
        self.entry.request_type.into()
    }

    /// What the asker calls the account. Null, like all words of a request, once they were destroyed.
    async fn account_name(&self) -> Option<&str> {
        self.entry.account_name.as_deref()
    }

    /// Where the service is.
    async fn service_address(&self) -> Option<&str> {
        self.entry.service_address.as_deref()
    }

    /// The rest. Others may be named in it.
    async fn description(&self) -> Option<&str> {
        self.entry.description.as_deref()
    }

    /// When it came.
    async fn submitted_at(&self) -> DateTime<Utc> {
        self.entry.submitted_at
    }

    /// Whether it is decided for everybody in it.
    async fn decided(&self) -> bool {
        self.entry.is_decided()
    }

    /// Whether its words were destroyed.
    async fn redacted(&self) -> bool {
        self.entry.is_redacted
    }

    /// How far it has come: for `expectedVersion`.
    #[expect(clippy::unused_async, reason = "async-graphql asks for it where there is a context")]
    async fn version(&self, ctx: &Context<'_>) -> Result<String> {
        let request = RequestContext::of(ctx)?;
        let version = u64::try_from(self.entry.version).expect("versions are positive");
        let audience = request.scope().audience();
        let commands = &request.services.commands;
        Ok(commands.version::<domain::access_request::AccessRequest>(self.entry.request, audience, version))
    }

    /// Everybody for whom access is asked, whoever asks first.
    async fn people(&self) -> Vec<AccessPerson> {
        let person = |number: &u32| AccessPerson { request: self.clone(), number: *number };
        self.entry.people.keys().map(person).collect()
    }
}

/// Somebody for whom access is asked.
pub struct AccessPerson {
    request: AccessRequest,
    number: u32,
}

impl AccessPerson {
    fn entry(&self) -> &AccessPersonEntry {
        &self.request.entry.people[&self.number]
    }
}

#[Object]
impl AccessPerson {
    /// Their number in the request: whoever asks is 1.
    async fn number(&self) -> u32 {
        self.number
    }

    /// The name that was given.
    async fn name(&self) -> Option<&str> {
        self.entry().name.as_deref()
    }

    /// The e-mail address that was given.
    async fn email(&self) -> Option<&str> {
        self.entry().email.as_deref()
    }

    /// The telephone number that was given.
    async fn phone(&self) -> Option<&str> {
        self.entry().phone.as_deref()
    }

    /// The people here who have this address, of whom whoever asks need not be one.
    async fn known_as(&self) -> Vec<&Person> {
        let names = &self.request.names;
        let known = self.entry().email.as_ref().and_then(|email| names.by_email.get(&email.to_lowercase()));
        known.into_iter().flatten().filter_map(|person| names.people.get(person)).collect()
    }

    /// What was decided; null before.
    async fn decision(&self) -> Option<AccessDecision> {
        let decision = self.entry().decision.clone()?;
        Some(AccessDecision {
            decision,
            carried_out: self.entry().is_carried_out,
            names: Arc::clone(&self.request.names),
        })
    }
}

/// What was decided of somebody who asked for access.
pub struct AccessDecision {
    decision: DecisionEntry,
    carried_out: bool,
    names: Arc<Names>,
}

#[Object]
impl AccessDecision {
    /// What.
    async fn outcome(&self) -> AccessOutcome {
        match self.decision.outcome {
            OutcomeEntry::Approved { .. } => AccessOutcome::Approved,
            OutcomeEntry::Declined => AccessOutcome::Declined,
            OutcomeEntry::MadeCase { .. } => AccessOutcome::MadeCase,
        }
    }

    /// How authority was verified, or why they get nothing. Null once whoever wrote it was erased.
    async fn words(&self) -> Option<&str> {
        self.decision.words.as_deref()
    }

    /// Who decided.
    async fn decided_by(&self) -> Option<&Person> {
        self.names.people.get(&self.decision.by)
    }

    /// When.
    async fn decided_at(&self) -> DateTime<Utc> {
        self.decision.at
    }

    /// Whether what follows is done: they are a contact and invited, or the case is open.
    async fn carried_out(&self) -> bool {
        self.carried_out
    }

    /// Who they are here; of a case, its contact.
    async fn person(&self) -> Option<&Person> {
        match &self.decision.outcome {
            OutcomeEntry::Approved { person, .. } | OutcomeEntry::MadeCase { contact: person, .. } => {
                self.names.people.get(person)
            }
            OutcomeEntry::Declined => None,
        }
    }

    /// To which account they get access, or whose case it is.
    async fn account(&self, ctx: &Context<'_>) -> Result<Option<Account>> {
        match &self.decision.outcome {
            OutcomeEntry::Approved { account, .. } | OutcomeEntry::MadeCase { account, .. } => {
                RequestContext::of(ctx)?.account(*account).await
            }
            OutcomeEntry::Declined => Ok(None),
        }
    }

    /// What they are to be in the account.
    async fn role(&self) -> Option<ContactRole> {
        match &self.decision.outcome {
            OutcomeEntry::Approved { access, .. } => Some(access.role.into()),
            OutcomeEntry::Declined | OutcomeEntry::MadeCase { .. } => None,
        }
    }

    /// The only locations whose cases they see; null where there is no limit.
    async fn locations(&self, ctx: &Context<'_>) -> Result<Option<Vec<Location>>> {
        let OutcomeEntry::Approved { access, .. } = &self.decision.outcome else { return Ok(None) };
        let Some(limit) = &access.locations else { return Ok(None) };
        let request = RequestContext::of(ctx)?;
        let found = request.directory.load_many(limit.iter().copied()).await?;
        Ok(Some(limit.iter().filter_map(|id| found.get(id)).map(|entry| entry.named.clone().into()).collect()))
    }

    /// The case that it became. Null where it became none.
    async fn case(&self, ctx: &Context<'_>) -> Result<Option<Case>> {
        match &self.decision.outcome {
            OutcomeEntry::MadeCase { case, .. } => read_case(RequestContext::of(ctx)?, &ctx.look_ahead(), *case).await,
            OutcomeEntry::Approved { .. } | OutcomeEntry::Declined => Ok(None),
        }
    }
}

/// Reads a page of requests.
pub(super) async fn connection(
    request: &RequestContext,
    filter: Option<AccessRequestFilterInput>,
    order: Option<AccessRequestOrder>,
    page: &PageInput,
) -> Result<AccessRequestConnection> {
    const PURPOSE: &str = "access requests";
    request.check_sees_requests()?;
    let (page, order) = (page.check()?, order.unwrap_or_default());
    let AccessRequestFilterInput { decided, request_type } = filter.unwrap_or_default();
    let filter = AccessRequestFilter { is_decided: decided, request_type: request_type.map(Into::into) };
    let cursor = page.open::<Cursor>(request, PURPOSE)?;
    if cursor.as_ref().is_some_and(|cursor| cursor.filter != filter || cursor.order != order) {
        return Err(paging::bad_cursor());
    }
    request.record_read("accessRequests", "list").await?;
    let has_cursor = cursor.is_some();
    let window = AccessRequestWindow {
        newest_first: order == AccessRequestOrder::NewestFirst,
        size: page.size,
        backward: page.backward,
        cursor: cursor.map(|cursor| cursor.at),
    };
    let (rows, has_more) = request
        .read_requests(move |tx| {
            let window = window.clone();
            async move { list_access_requests(tx, filter, &window).await }.boxed()
        })
        .await?;
    let edges: Vec<_> = named(request, rows)
        .await?
        .into_iter()
        .map(|node| {
            let at = AccessRequestCursor { submitted_at: node.entry.submitted_at, request: node.entry.request };
            AccessRequestEdge { cursor: paging::seal(request, PURPOSE, &Cursor { filter, order, at }), node }
        })
        .collect();
    let ends = edges.first().zip(edges.last()).map(|(first, last)| (first.cursor.clone(), last.cursor.clone()));
    Ok(AccessRequestConnection { page_info: paging::info(&page, has_cursor, has_more, ends), edges, filter })
}

/// Reads a request by its global id.
pub(super) async fn one(request: &RequestContext, id: &ID) -> Result<Option<AccessRequest>> {
    request.check_sees_requests()?;
    let Some(id) = AccessRequestId::from_global(id) else {
        return Err(error("BAD_USER_INPUT", "`id` is no id of a request for access"));
    };
    request.record_read("accessRequest", &id.to_string()).await?;
    read(request, id).await
}

/// Reads a request; the caller may see it.
pub(super) async fn read(request: &RequestContext, id: AccessRequestId) -> Result<Option<AccessRequest>> {
    let found = request.read_requests(move |tx| access_request(tx, id).boxed()).await?;
    Ok(named(request, found.into_iter().collect()).await?.pop())
}

/// Adds the names that stand beside ids, in two statements for all requests.
async fn named(request: &RequestContext, rows: Vec<AccessRequestEntry>) -> Result<Vec<AccessRequest>> {
    if rows.is_empty() {
        return Ok(vec![]);
    }
    let people = || rows.iter().flat_map(|row| row.people.values());
    let emails: BTreeSet<_> = people().filter_map(|person| person.email.as_ref()).map(|it| it.to_lowercase()).collect();
    let emails: Vec<_> = emails.into_iter().collect();
    let scope = Scope::Administrator;
    let by_email = request.services.reads.read(&scope, move |tx| {
        let emails = emails.clone();
        async move { people_by_emails(tx, emails).await }.boxed()
    });
    let mut names = Names::default();
    for (email, person) in by_email.await.map_err(|cause| request.internal(&cause))? {
        names.by_email.entry(email).or_default().push(person);
    }
    let mut ids: BTreeSet<PersonId> = names.by_email.values().flatten().copied().collect();
    for decision in people().filter_map(|person| person.decision.as_ref()) {
        ids.insert(decision.by);
        if let OutcomeEntry::Approved { person, .. } | OutcomeEntry::MadeCase { contact: person, .. } = decision.outcome
        {
            ids.insert(person);
        }
    }
    let found = request.named::<PersonId>(Kind::Person, ids.into_iter().map(|id| id.0).collect()).await?;
    names.people = found.into_iter().map(|named| (named.id, named.into())).collect();
    let names = Arc::new(names);
    let request = |entry| AccessRequest { entry: Arc::new(entry), names: Arc::clone(&names) };
    Ok(rows.into_iter().map(request).collect())
}
