//! The queries.

use std::collections::HashMap;

use async_graphql::{ComplexObject, Context, ID, Interface, Object, Result, SimpleObject};
use domain::{AccountId, CaseId, LocationId, PersonId, ProductId, Scope, Slug};
use projections::{GroupState, Health, InForce, Kind, Named};
use uuid::Uuid;

use super::{
    access_requests::{self, AccessRequest, AccessRequestConnection, AccessRequestFilterInput, AccessRequestOrder},
    accounts::{self, AccountConnection, AccountPick},
    case::{Case, CaseName, find_case, find_survivor},
    case_list::{self, CaseConnection, CaseFilterInput, CaseOrderInput},
    catalogue::Catalogue,
    context::{RequestContext, error},
    credential_objects::{ApiToken, ChallengeQuestion, ViewerCredentials},
    directory::{Account, Location, Person, Product},
    enums::{Role, SettingsSection},
    history::{self, RecordedEvent},
    ids::{self, GlobalId},
    mail::{self, MailDeadLetter, Preferences},
    overview::Overview,
    paging::PageInput,
    scalars::BigInt,
    settings_history::{self, SettingsChange, Wanted},
    settings_objects::{Brand, CaseRules, Desk},
    users::{self, User, UserConnection, UserFilterInput, UserOrderInput},
};
use crate::{credentials::Visit, identity::list_tokens};

/// The longest external reference with its system, in characters.
const MAX_REFERENCE: usize = 200;

/// What can be asked.
#[derive(Default)]
pub struct Query;

/// What a session's key is made for; another word makes another key.
const SESSION_KEY: &str = "casestream session key";

/// Who asks.
#[derive(SimpleObject)]
#[graphql(complex)]
struct Viewer {
    /// Themselves.
    person: Person,
    /// Their roles.
    roles: Vec<Role>,
    /// The accounts whose cases they see as a contact.
    accounts: Vec<Account>,
    /// Whether they have to add a second factor (`totpEnroll`) before anything else. Until then they hold no role and no account.
    lacks_second_factor: bool,
}

#[ComplexObject]
impl Viewer {
    /// What they sign in with.
    async fn credentials(&self, ctx: &Context<'_>) -> Result<ViewerCredentials> {
        let request = RequestContext::entering(ctx)?;
        ViewerCredentials::of(request).await.map_err(|error| request.internal(&error))
    }

    /// A secret of the session alone by which they ask, 256 bits in base64url: with it a client seals what it keeps where others may
    /// look, and nobody opens that once the session is over. It is good for nothing else, and kept nowhere. Null for whoever has a token.
    #[expect(clippy::unused_async, reason = "async-graphql asks for it where there is a context")]
    async fn session_key(&self, ctx: &Context<'_>) -> Result<Option<String>> {
        let is_session = RequestContext::entering(ctx)?.caller.session.is_some();
        let visit = ctx.data_opt::<Visit>().filter(|_| is_session);
        Ok(visit.and_then(|visit| visit.session.as_ref()).map(|secret| secret.derive(SESSION_KEY).reveal().to_owned()))
    }

    /// Which mail they want.
    async fn preferences(&self, ctx: &Context<'_>) -> Result<Preferences> {
        mail::preferences(RequestContext::entering(ctx)?).await
    }

    /// What they sign in with; null for whoever has a token and no more.
    async fn user(&self, ctx: &Context<'_>) -> Result<Option<User>> {
        let request = RequestContext::entering(ctx)?;
        request.user(request.person()).await
    }
}

/// Anything with a global id.
#[derive(Interface)]
#[graphql(field(name = "id", ty = "ID", desc = "The global id."))]
enum Node {
    Case(Case),
    Account(Account),
    Person(Person),
    Location(Location),
    Product(Product),
}

/// How far the read models are behind the log.
#[derive(SimpleObject)]
struct ProjectionState {
    /// The group of read models.
    name: &'static str,
    /// The version that serves.
    version: i32,
    /// The position up to which it has everything.
    position: BigInt,
    /// The position up to which the log can be read.
    log_position: BigInt,
    /// Why it stands still, if it does.
    problem: Option<String>,
}

#[Object]
#[expect(clippy::unused_async, reason = "a field that needs no waiting is a method all the same")]
impl Query {
    /// Who asks.
    async fn viewer(&self, ctx: &Context<'_>) -> Result<Viewer> {
        let request = RequestContext::entering(ctx)?;
        let caller = &request.caller;
        Ok(Viewer {
            person: named(request, Kind::Person, &[caller.person]).await?.remove(0).into(),
            roles: caller.roles.iter().map(Into::into).collect(),
            accounts: named(request, Kind::Account, &caller.accounts.keys().copied().collect::<Vec<_>>())
                .await?
                .into_iter()
                .map(Account::from)
                .collect(),
            lacks_second_factor: caller.lacks_second_factor,
        })
    }

    /// The API tokens that are good, the newest first, at most 500. For administrators.
    async fn api_tokens(&self, ctx: &Context<'_>) -> Result<Vec<ApiToken>> {
        let request = RequestContext::of(ctx)?;
        if !request.caller.roles.has(domain::Role::Administrator) {
            return Err(error("FORBIDDEN", "tokens are listed for administrators"));
        }
        let now = request.services.commands.clock.now();
        let entries = list_tokens(&request.services.pool, None, now).await.map_err(|error| request.internal(&error))?;
        ApiToken::of(request, entries).await
    }

    /// The challenge questions that can be chosen; none where they are switched off.
    async fn challenge_questions(&self, ctx: &Context<'_>) -> Vec<ChallengeQuestion> {
        let is_on = |visit: &Visit| visit.services.credentials.rules.challenge_questions;
        if ctx.data_opt::<Visit>().is_some_and(is_on) { ChallengeQuestion::all() } else { vec![] }
    }

    /// Anything by its global id; null when it is not there or the caller may not see it.
    async fn node(&self, ctx: &Context<'_>, id: ID) -> Result<Option<Node>> {
        Ok(nodes(RequestContext::of(ctx)?, &[id]).await?.pop().flatten())
    }

    /// Several things by their global ids, in their order, at most 100.
    async fn nodes(&self, ctx: &Context<'_>, ids: Vec<ID>) -> Result<Vec<Option<Node>>> {
        nodes(RequestContext::of(ctx)?, &ids).await
    }

    /// A case by its id, its number (`CS-000123`) or what it is called in the system that it comes from (`INC123`, or
    /// `system/INC123`, which it takes where cases of several systems that the caller may see have the same reference).
    /// Null when it is not there or the caller may not see it. In the place of a case that was merged comes the one that goes on
    /// for it, the last of a chain, unless `followMerges` is false.
    async fn case(
        &self,
        ctx: &Context<'_>,
        id: Option<ID>,
        number: Option<String>,
        external_reference: Option<String>,
        #[graphql(default = true)] follow_merges: bool,
    ) -> Result<Option<Case>> {
        let request = RequestContext::of(ctx)?;
        let name = match (id, number, external_reference) {
            (Some(id), None, None) => match CaseId::from_global(&id) {
                Some(case_id) => CaseName::Id(case_id),
                None => return Err(error("BAD_USER_INPUT", "`id` is no id of a case")),
            },
            (None, Some(number), None) => CaseName::Number(
                number
                    .parse()
                    .map_err(|cause: domain::case::CaseNumberError| error("BAD_USER_INPUT", cause.to_string()))?,
            ),
            (None, None, Some(reference)) if reference.contains('\0') || reference.chars().count() > MAX_REFERENCE => {
                return Err(error("BAD_USER_INPUT", "`externalReference` is no reference of a case"));
            }
            (None, None, Some(reference)) => external(&reference),
            _ => {
                return Err(error("BAD_USER_INPUT", "name the case by one of `id`, `number` and `externalReference`"));
            }
        };
        request.record_read("case", &name.to_string()).await?;
        if follow_merges {
            Box::pin(find_survivor(request, &ctx.look_ahead(), &name)).await
        } else {
            find_case(request, &ctx.look_ahead(), &name).await
        }
    }

    /// The cases that the caller may see: all, or those that fit the filter; the last updated first unless another
    /// order is asked for.
    #[expect(clippy::too_many_arguments, reason = "each is an argument of the field")]
    async fn cases(
        &self,
        ctx: &Context<'_>,
        filter: Option<CaseFilterInput>,
        order_by: Option<CaseOrderInput>,
        first: Option<i32>,
        after: Option<String>,
        last: Option<i32>,
        before: Option<String>,
    ) -> Result<CaseConnection> {
        let request = RequestContext::of(ctx)?;
        request.record_read("cases", "list").await?;
        case_list::connection(ctx, filter.unwrap_or_default(), order_by, &PageInput { first, after, last, before })
            .await
    }

    /// The cases that a text finds: by number, by external reference, by words of the subject.
    async fn search(
        &self,
        ctx: &Context<'_>,
        text: String,
        first: Option<i32>,
        after: Option<String>,
    ) -> Result<CaseConnection> {
        let request = RequestContext::of(ctx)?;
        request.record_read("search", "cases").await?;
        let filter = CaseFilterInput { text: Some(text), ..CaseFilterInput::default() };
        let page = PageInput { first, after, ..PageInput::default() };
        case_list::connection(ctx, filter, None, &page).await
    }

    /// What a caller sees first: the open cases that moved last, what happened last, and how many cases there are.
    async fn overview(&self, ctx: &Context<'_>) -> Result<Overview> {
        RequestContext::of(ctx)?.record_read("overview", "cases").await?;
        Ok(Overview)
    }

    /// Requests for access. For supervisors and auditors.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a list")]
    async fn access_requests(
        &self,
        ctx: &Context<'_>,
        filter: Option<AccessRequestFilterInput>,
        order_by: Option<AccessRequestOrder>,
        first: Option<i32>,
        after: Option<String>,
        last: Option<i32>,
        before: Option<String>,
    ) -> Result<AccessRequestConnection> {
        let page = PageInput { first, after, last, before };
        access_requests::connection(RequestContext::of(ctx)?, filter, order_by, &page).await
    }

    /// A request for access. For supervisors and auditors; null when it is not there.
    async fn access_request(&self, ctx: &Context<'_>, id: ID) -> Result<Option<AccessRequest>> {
        access_requests::one(RequestContext::of(ctx)?, &id).await
    }

    /// The accounts that the caller may see, by name: all, or those whose name, reference or address has all words of a text.
    async fn accounts(
        &self,
        ctx: &Context<'_>,
        text: Option<String>,
        first: Option<i32>,
        after: Option<String>,
        last: Option<i32>,
        before: Option<String>,
    ) -> Result<AccountConnection> {
        let request = RequestContext::of(ctx)?;
        request.record_read("accounts", "list").await?;
        accounts::connection(request, text, &PageInput { first, after, last, before }).await
    }

    /// An account by its id or by the reference that people use. Null when it is not there or the caller may not see it.
    async fn account(&self, ctx: &Context<'_>, id: Option<ID>, reference: Option<String>) -> Result<Option<Account>> {
        accounts::account(RequestContext::of(ctx)?, id, reference).await
    }

    /// The accounts that a text finds, and after them the locations: by street address, name or reference, each word of the
    /// text somewhere. Where a case may be opened, as far as the caller's limit reaches.
    async fn account_picker(
        &self,
        ctx: &Context<'_>,
        text: String,
        #[graphql(desc = "At most this many, 1 to 100; 20 when nothing is said.")] first: Option<i32>,
    ) -> Result<Vec<AccountPick>> {
        let request = RequestContext::of(ctx)?;
        request.record_read("accountPicker", "list").await?;
        accounts::picker(request, text, first).await
    }

    /// Who signs in, by name unless another order is asked for: all, or those that fit the filter. For supervisors,
    /// administrators and auditors.
    #[expect(clippy::too_many_arguments, reason = "each is an argument of the field")]
    async fn users(
        &self,
        ctx: &Context<'_>,
        filter: Option<UserFilterInput>,
        order_by: Option<UserOrderInput>,
        first: Option<i32>,
        after: Option<String>,
        last: Option<i32>,
        before: Option<String>,
    ) -> Result<Option<UserConnection>> {
        let page = PageInput { first, after, last, before };
        users::connection(RequestContext::of(ctx)?, filter.unwrap_or_default(), order_by, &page).await.map(Some)
    }

    /// What lets a person sign in, by the person's id; null when they were never invited. For supervisors, administrators and
    /// auditors.
    async fn user(&self, ctx: &Context<'_>, id: ID) -> Result<Option<User>> {
        users::user(RequestContext::of(ctx)?, &id).await
    }

    /// What can be chosen when a case is opened, classified or resolved, and what could be once.
    async fn catalogue(&self, ctx: &Context<'_>) -> Result<Option<Catalogue>> {
        let request = RequestContext::of(ctx)?;
        request.record_read("catalogue", "settings").await?;
        Ok(Some(Catalogue::of(request, &request.settings())))
    }

    /// When the desk is open, and what it answers with. For the desk, administrators and auditors.
    async fn desk(&self, ctx: &Context<'_>) -> Result<Option<Desk>> {
        let request = RequestContext::of(ctx)?;
        if !request.sees_the_desk() {
            return Err(error("FORBIDDEN", "only the desk, administrators and auditors see how the desk works"));
        }
        request.record_read("desk", "settings").await?;
        Ok(Some(Desk::of(request, &request.settings())))
    }

    /// How the portal looks: for everybody, before they sign in, too.
    async fn brand(&self, ctx: &Context<'_>) -> Result<Option<Brand>> {
        let request = ctx.data_opt::<RequestContext>();
        if let Some(request) = request {
            request.record_read("brand", "settings").await?;
        }
        match ctx.data_opt::<InForce>() {
            Some(settings) => Ok(Some(Brand::of(request, &settings.now()))),
            // Outside a running service nobody is there to answer.
            None => RequestContext::of(ctx).map(|_| None),
        }
    }

    /// Rules of cases that the installation chose.
    async fn case_rules(&self, ctx: &Context<'_>) -> Result<Option<CaseRules>> {
        let request = RequestContext::of(ctx)?;
        request.record_read("caseRules", "settings").await?;
        Ok(Some(CaseRules::of(request, &request.settings())))
    }

    /// Who changed which setting when, and what it was before and after; the newest first. For administrators and auditors.
    async fn settings_history(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of this section alone.")] section: Option<SettingsSection>,
        #[graphql(desc = "Before this position in the log.")] before: Option<BigInt>,
        #[graphql(desc = "This many, 1 to 100.", default = 20)] first: i32,
    ) -> Result<Option<Vec<SettingsChange>>> {
        let request = RequestContext::of(ctx)?;
        let roles = request.caller.roles;
        if !roles.has(domain::Role::Administrator) && !roles.has(domain::Role::Auditor) {
            return Err(error("FORBIDDEN", "only administrators and auditors see who changed settings"));
        }
        let limit = history::limit(first)?.into();
        let section = section.map(domain::settings::Section::from);
        let object = section.map_or_else(|| "settings".to_owned(), |section| section.to_string());
        request.record_read("settingsHistory", &object).await?;
        let before = before.map(|position| position.0);
        settings_history::read(request, Wanted { section, before, after_version: None, limit }).await.map(Some)
    }

    /// The log in order, from a position on. For auditors and services with `events:read`.
    async fn events(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "After this position; from the first event without one.", default)] after: BigInt,
        #[graphql(desc = "This many, 1 to 100.", default = 100)] first: i32,
    ) -> Result<Option<Vec<RecordedEvent>>> {
        let request = RequestContext::of(ctx)?;
        if !request.caller.reads_events() {
            return Err(error("FORBIDDEN", "only auditors, and services with events:read, read the log"));
        }
        let safe_position = request.services.tailer.safe_position();
        history::of_log(request, after.0, first, safe_position).await.map(Some)
    }

    /// The mail that could not be delivered and is not tried any more, the newest first. For administrators.
    async fn mail_dead_letters(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "This many, 1 to 100.", default = 20)] first: i32,
        #[graphql(desc = "After this mail of the list.")] after: Option<ID>,
    ) -> Result<Option<Vec<MailDeadLetter>>> {
        mail::dead(RequestContext::of(ctx)?, first, after).await.map(Some)
    }

    /// How far the read models are. For administrators.
    async fn projections(&self, ctx: &Context<'_>) -> Result<Option<Vec<ProjectionState>>> {
        let request = RequestContext::of(ctx)?;
        if !request.caller.roles.has(domain::Role::Administrator) {
            return Err(error("FORBIDDEN", "only administrators see how the read models are doing"));
        }
        let services = &request.services;
        let log_position = services.tailer.safe_position();
        let state = |state: GroupState| ProjectionState {
            name: state.name,
            version: state.progress.version,
            position: BigInt(state.progress.position),
            log_position: BigInt(log_position),
            problem: match state.health {
                Health::Ready => None,
                Health::NotReady(reason) => Some(reason),
            },
        };
        Ok(Some(services.projector.states().into_iter().map(state).collect()))
    }
}

/// `system/reference` where the part before the first `/` is a system's short name, else the reference alone.
fn external(text: &str) -> CaseName {
    let split = text.split_once('/').and_then(|(system, reference)| Some((system.parse::<Slug>().ok()?, reference)));
    match split {
        Some((system, reference)) => CaseName::External(Some(system), reference.to_owned()),
        None => CaseName::External(None, text.to_owned()),
    }
}

/// Whatever the ids stand for, in their order; nothing for what the caller may not see. One read for each kind.
async fn nodes(request: &RequestContext, ids: &[ID]) -> Result<Vec<Option<Node>>> {
    const MOST: usize = 100;
    if ids.len() > MOST {
        return Err(error("BAD_USER_INPUT", format!("ask for at most {MOST} ids at once")));
    }
    let named: Vec<_> = ids.iter().filter(|id| ids::parts(id).is_some()).map(|id| id.as_str()).collect();
    request.record_read("node", &named.join(" ")).await?;
    let cases = request.cases.load_many(ids.iter().filter_map(CaseId::from_global)).await?;
    let accounts = entries::<AccountId>(request, Kind::Account, ids).await?;
    let people = entries::<PersonId>(request, Kind::Person, ids).await?;
    let locations = entries::<LocationId>(request, Kind::Location, ids).await?;
    let products = entries::<ProductId>(request, Kind::Product, ids).await?;
    let node = |id: &ID| {
        let (kind, uuid) = ids::parts(id)?;
        match kind.as_str() {
            CaseId::KIND => cases.get(&CaseId(uuid)).map(|case| Node::Case(projections::Case::clone(case).into())),
            AccountId::KIND => accounts.get(&uuid).cloned().map(|it| Node::Account(it.into())),
            PersonId::KIND => people.get(&uuid).cloned().map(|it| Node::Person(it.into())),
            LocationId::KIND => locations.get(&uuid).cloned().map(|it| Node::Location(it.into())),
            ProductId::KIND => products.get(&uuid).cloned().map(|it| Node::Product(it.into())),
            _ => None,
        }
    };
    Ok(ids.iter().map(node).collect())
}

/// The names of one kind among global ids, by the ids below. Contacts see themselves and their accounts, and what these
/// have as far as their limits reach.
async fn entries<T: GlobalId + Send + Sync + Unpin + 'static>(
    request: &RequestContext,
    kind: Kind,
    ids: &[ID],
) -> Result<HashMap<Uuid, Named<T>>> {
    let ids = ids.iter().filter_map(T::from_global);
    let scope = request.caller.directory_scope();
    let visible: Vec<_> = match (&scope, kind) {
        (Scope::Administrator | Scope::Staff | Scope::Auditor, _) | (Scope::Contact { .. }, Kind::Account) => {
            ids.collect()
        }
        (Scope::Contact { .. }, Kind::Location) => {
            let found = request.directory.load_many(ids.map(|id| LocationId(id.uuid()))).await?.into_values();
            let reached = found.filter(|place| scope.sees_case(place.account, Some(place.named.id), &[]));
            reached.map(|place| place.named.id.0.into()).collect()
        }
        (Scope::Contact { .. }, Kind::Product) => {
            let found = request.directory.load_many(ids.map(|id| ProductId(id.uuid()))).await?.into_values();
            let reached = found.filter(|it| it.location.is_none() || scope.sees_case(it.account, it.location, &[]));
            reached.map(|it| it.named.id.0.into()).collect()
        }
        (Scope::Contact { .. } | Scope::AccessRequests | Scope::Nothing, _) => {
            ids.filter(|id| id.uuid() == request.caller.person.0).collect()
        }
    };
    if visible.is_empty() {
        return Ok(HashMap::new());
    }
    let found = named(request, kind, &visible).await?;
    Ok(found.into_iter().filter(|entry| entry.name.is_some()).map(|entry| (entry.id.uuid(), entry)).collect())
}

/// Names by ids, in their order; none where the caller may not see it, or it has none.
async fn named<T: GlobalId + Send + Sync + Unpin + 'static>(
    request: &RequestContext,
    kind: Kind,
    ids: &[T],
) -> Result<Vec<Named<T>>> {
    let uuids: Vec<_> = ids.iter().map(|id| id.uuid()).collect();
    if uuids.is_empty() {
        return Ok(vec![]);
    }
    let found: HashMap<Uuid, Named<T>> =
        request.named::<T>(kind, uuids).await?.into_iter().map(|entry| (entry.id.uuid(), entry)).collect();
    let entry = |id: &T| found.get(&id.uuid()).cloned().unwrap_or(Named { id: *id, reference: None, name: None });
    Ok(ids.iter().map(entry).collect())
}
