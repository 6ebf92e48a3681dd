//! The mutations of a request for access: anybody makes one, supervisors decide.

use std::time::Duration;

use async_graphql::{Context, ID, InputObject, Object, OneofObject, Result, SimpleObject};
use domain::{
    AccessRequestId, AccountId, CaseId, Line, LocationId, PersonId, PlainText, Role, Sealed,
    access_request::{ASKER, AccessRequest as DomainRequest, AccessRequestAction, NamedPerson, Submission},
    account::{Account as DomainAccount, ContactAccess},
    line::MAX_LINE_CHARS,
    text::MAX_REASON_CHARS,
};
use projections::{VISIBLE_WITHIN, Visibility};
use serde::Serialize;
use tokio::time::Instant;

use super::{
    access_requests::{self, AccessRequest, AccessRequestType},
    case_mutations::slug,
    context::{RequestContext, Services, too_many},
    directory_lists::ContactRole,
    ids::GlobalId,
    inputs::{ChangeInput, change_inputs, idempotency},
    payload::UserError,
};
use crate::{
    access_requests::{AccessRequests, BY_ADDRESS, BY_NETWORK},
    commands::{Intention, Outcome, Refusal, RefusalCode},
    erasure::subject_of_address,
    http::{ClientAddress, RequestId},
    identity::RateError,
};

/// The longest description of a request, in characters: a case's is that, with who asked.
const MAX_DESCRIPTION_CHARS: usize = 16_000;
/// How long an answer to the form takes at least, so that what was done with it cannot be told by the time.
const ANSWERED_AFTER: Duration = Duration::from_millis(150);

/// What the public form takes.
#[derive(Clone, Debug, InputObject)]
pub struct AccessRequestSubmitInput {
    /// What is asked for.
    #[graphql(name = "type")]
    request_type: AccessRequestType,
    /// The asker's name.
    name: String,
    /// The asker's e-mail address.
    email: String,
    /// The asker's telephone number.
    phone: Option<String>,
    /// The account, as the asker knows it.
    account_name: String,
    /// Where the service is.
    service_address: Option<String>,
    /// The rest: who else needs access, for example. At most 16,000 characters.
    description: String,
}

/// What whoever fills the form in is told. It is the same whoever they are, and whether they are known.
#[derive(Default, SimpleObject)]
pub struct AccessRequestSubmitPayload {
    /// It was received. The desk answers by mail or telephone.
    received: bool,
    /// What is wrong with the form.
    user_errors: Vec<UserError>,
}

/// Access that somebody gets.
#[derive(Clone, Debug, InputObject, Serialize)]
pub struct AccessApprovalInput {
    /// To which account.
    account_id: ID,
    /// What they are to be in it.
    role: ContactRole,
    /// The only locations whose cases they see; all without.
    location_ids: Option<Vec<ID>>,
    /// How it was made sure that they may: for auditors.
    authority: String,
    /// Which of several people who have the address they are. Needed only then.
    person_id: Option<ID>,
}

/// The case that a request becomes.
#[derive(Clone, Debug, InputObject, Serialize)]
pub struct AccessCaseInput {
    /// Whose case.
    account_id: ID,
    /// Its contact, one of the account's.
    contact_id: ID,
    /// The case type's key.
    #[graphql(name = "type")]
    case_type: String,
    /// The category's key.
    category: String,
    /// How it was made sure that they may ask: for auditors.
    authority: String,
}

/// What is decided.
#[derive(Clone, Debug, OneofObject, Serialize)]
pub enum AccessDecisionInput {
    /// They get access: by an invitation, or at once where they sign in already.
    Approve(AccessApprovalInput),
    /// They get none, for this reason.
    Decline(String),
    /// It is worked on as a case. For requests of the other types.
    MakeCase(AccessCaseInput),
}

change_inputs! {
    /// The request.
    access_request_id,
    /// The version of the request that the caller saw. A newer one refuses the command; without it the newest state decides.
    expected_version;

    /// Add somebody who is named in the description.
    AccessRequestAddPersonInput {
        /// The name.
        name: String,
        /// The e-mail address. Somebody who is there already is not added again.
        email: String,
        /// The telephone number.
        phone: Option<String>,
    }
    /// Decide of one person.
    AccessRequestDecideInput {
        /// Whose number in the request; whoever asks is 1.
        number: u32,
        /// What is decided.
        decision: AccessDecisionInput,
    }
    /// Destroy the words of a request.
    AccessRequestRedactInput {}
}

/// What came of a mutation of a request.
#[derive(Default, SimpleObject)]
pub struct AccessRequestPayload {
    /// The request as it is now; null when the caller may not see it or it is pending.
    access_request: Option<AccessRequest>,
    /// It is recorded but not readable yet: read the request again in a moment.
    pending: bool,
    /// Why nothing was done, or why what was decided could not be carried out yet.
    user_errors: Vec<UserError>,
}

/// What can be asked of requests for access.
#[derive(Default)]
pub struct AccessRequestMutations;

#[Object]
impl AccessRequestMutations {
    /// Ask for access to the portal, for a change of it, or for something else. Anybody may, without signing in.
    async fn access_request_submit(
        &self,
        ctx: &Context<'_>,
        input: AccessRequestSubmitInput,
    ) -> Result<AccessRequestSubmitPayload> {
        let answered_at = Instant::now() + ANSWERED_AFTER;
        let services = ctx.data::<std::sync::Arc<Services>>()?;
        let request = domain::RequestId(ctx.data::<RequestId>()?.0);
        let client = ctx.data_opt::<Option<ClientAddress>>().copied().flatten();
        let (asker, address, action) = match parse_submission(services, &input) {
            Ok(parsed) => parsed,
            Err(refusal) => {
                return Ok(AccessRequestSubmitPayload { received: false, user_errors: vec![refusal.into()] });
            }
        };
        let (commands, internal) =
            (&services.commands, |cause: &(dyn std::error::Error + 'static)| super::context::internal(request, cause));
        let mut conn = services.pool.acquire().await.map_err(|cause| internal(&cause))?;
        let now = commands.clock.now();
        let of_network = services.rates.count(&mut conn, &[BY_NETWORK.by_network(client)], now).await;
        match of_network {
            Ok(()) => {}
            Err(RateError::TooMany { retry_after }) => return Err(too_many(retry_after)),
            Err(cause @ RateError::Database(_)) => return Err(internal(&cause)),
        }
        let of_address = services.rates.count(&mut conn, &[BY_ADDRESS.by(address.as_str())], now).await;
        drop(conn);
        match of_address {
            Ok(()) => {
                let id = AccessRequestId(commands.ids.next());
                let submitted = commands.submit_access_request(id, asker, request, action).await;
                submitted.map_err(|cause| internal(&cause))?;
            }
            // The desk has the others of this address.
            Err(RateError::TooMany { .. }) => {
                tracing::info!("a request for access is one too many of its address, and not written down");
            }
            Err(cause @ RateError::Database(_)) => return Err(internal(&cause)),
        }
        tokio::time::sleep_until(answered_at).await;
        Ok(AccessRequestSubmitPayload { received: true, user_errors: vec![] })
    }

    /// Add somebody for whom access is asked, too, in the description.
    async fn access_request_add_person(
        &self,
        ctx: &Context<'_>,
        input: AccessRequestAddPersonInput,
    ) -> Result<AccessRequestPayload> {
        let request = RequestContext::of(ctx)?;
        let person = named_person(&request.services, &input.name, &input.email, input.phone.as_deref());
        let action = person.map(|(_, _, person)| AccessRequestAction::AddPerson(person));
        answer(request, "accessRequestAddPerson", &input, action).await
    }

    /// Decide of one person. When it is decided of everybody, the request is.
    async fn access_request_decide(
        &self,
        ctx: &Context<'_>,
        input: AccessRequestDecideInput,
    ) -> Result<AccessRequestPayload> {
        let request = RequestContext::of(ctx)?;
        let action = if request.caller.roles.has(Role::Supervisor) {
            decision(request, &input).await?
        } else {
            // Nothing is looked up for whoever may not decide; the rules say so.
            let nothing = request.seal("decision", "-", MAX_REASON_CHARS);
            nothing.map(|reason| AccessRequestAction::Decline { number: input.number, reason })
        };
        answer(request, "accessRequestDecide", &input, action).await
    }

    /// Destroy all words that came with a request. What was decided stays.
    async fn access_request_redact(
        &self,
        ctx: &Context<'_>,
        input: AccessRequestRedactInput,
    ) -> Result<AccessRequestPayload> {
        answer(RequestContext::of(ctx)?, "accessRequestRedact", &input, Ok(AccessRequestAction::Redact)).await
    }
}

/// Carries a command out and what follows it, waits until that can be read, and reads the request.
async fn answer<I: ChangeInput + Sync>(
    request: &RequestContext,
    operation: &str,
    input: &I,
    action: Result<AccessRequestAction, Refusal>,
) -> Result<AccessRequestPayload> {
    let intention = match intend(request, operation, input, action) {
        Ok(intention) => intention,
        Err(refusal) => return Ok(refused(refusal)),
    };
    let (services, id) = (&request.services, intention.id);
    let decides = matches!(
        intention.action,
        AccessRequestAction::Approve { .. }
            | AccessRequestAction::Decline { .. }
            | AccessRequestAction::MakeCase { .. }
    );
    let outcome = services.commands.carry_out(intention).await.map_err(|cause| request.internal(&cause))?;
    let Outcome { mut position, mut refusal, .. } = outcome;
    let is_hidden = |code| matches!(code, RefusalCode::NotFound | RefusalCode::NotPermitted);
    if let Some(refusal) = refusal.clone().filter(|refusal| is_hidden(refusal.code)) {
        return Ok(refused(refusal));
    }
    if decides && refusal.is_none() {
        let carried = AccessRequests::with(services).carry_out(id, request.id).await;
        let (last, in_the_way) = carried.map_err(|cause| request.internal(&cause))?;
        (position, refusal) = (position.max(last), in_the_way);
    }
    let pending = services.projector.wait_until(position, VISIBLE_WITHIN).await == Visibility::Pending;
    request.record_read("mutation", &id.to_string()).await?;
    let access_request = access_requests::read(request, id).await?;
    Ok(AccessRequestPayload {
        access_request,
        pending,
        user_errors: refusal.into_iter().map(UserError::from).collect(),
    })
}

fn refused(refusal: Refusal) -> AccessRequestPayload {
    AccessRequestPayload { user_errors: vec![refusal.into()], ..AccessRequestPayload::default() }
}

fn intend(
    request: &RequestContext,
    operation: &str,
    input: &impl ChangeInput,
    action: Result<AccessRequestAction, Refusal>,
) -> Result<Intention<DomainRequest>, Refusal> {
    let id = AccessRequestId::of_field("accessRequestId", input.about())?;
    Ok(Intention {
        idempotency: idempotency(operation, input.idempotency_key(), input)?,
        expected_version: input.expected_version().cloned(),
        ..Intention::new(&request.caller, request.id, id, action?)
    })
}

/// What is decided, with who they are here; the account is looked at before, so that what is decided can be carried out.
async fn decision(
    request: &RequestContext,
    input: &AccessRequestDecideInput,
) -> Result<Result<AccessRequestAction, Refusal>> {
    let number = input.number;
    match &input.decision {
        AccessDecisionInput::Decline(reason) => {
            let reason = request.seal("decline", reason, MAX_REASON_CHARS);
            Ok(reason.map(|reason| AccessRequestAction::Decline { number, reason }))
        }
        AccessDecisionInput::MakeCase(case) => Ok(make_case(request, number, case)),
        AccessDecisionInput::Approve(approval) => approve(request, input, approval).await,
    }
}

fn make_case(request: &RequestContext, number: u32, input: &AccessCaseInput) -> Result<AccessRequestAction, Refusal> {
    if number != ASKER {
        return Err(domain::access_request::AccessRequestError::NoSuchPerson { number }.into());
    }
    Ok(AccessRequestAction::MakeCase {
        case: CaseId(request.services.commands.ids.next()),
        account: AccountId::of_field("accountId", &input.account_id)?,
        contact: PersonId::of_field("contactId", &input.contact_id)?,
        case_type: slug("type", &input.case_type)?,
        category: slug("category", &input.category)?,
        authority: request.seal("authority", &input.authority, MAX_REASON_CHARS)?,
    })
}

async fn approve(
    request: &RequestContext,
    input: &AccessRequestDecideInput,
    approval: &AccessApprovalInput,
) -> Result<Result<AccessRequestAction, Refusal>> {
    let parsed = (|| {
        let id = AccessRequestId::of_field("accessRequestId", &input.access_request_id)?;
        let account = AccountId::of_field("accountId", &approval.account_id)?;
        let place = |id| LocationId::of_field("locationIds", id);
        let locations = approval.location_ids.as_ref().map(|ids| ids.iter().map(place).collect()).transpose()?;
        let access = ContactAccess { role: approval.role.into(), locations };
        let chosen = approval.person_id.as_ref().map(|id| PersonId::of_field("personId", id)).transpose()?;
        let authority = request.seal("authority", &approval.authority, MAX_REASON_CHARS)?;
        Ok((id, account, access, chosen, authority))
    })();
    let (id, account, access, chosen, authority) = match parsed {
        Ok(parsed) => parsed,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let requests = AccessRequests::with(&request.services);
    let found = requests.whom_to_approve(id, input.number, chosen).await.map_err(|cause| request.internal(&cause))?;
    let (person, is_approved) = match found {
        Ok(found) => found,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let log = &request.services.commands.log;
    let known: DomainAccount = log.latest(&account.to_string()).await.map_err(|cause| request.internal(&cause))?;
    let Some(state) = known.state else { return Ok(Err(super::case_mutations::no_such("accountId", "account"))) };
    if access.locations.iter().flatten().any(|place| !state.serves(*place)) {
        return Ok(Err(super::case_mutations::no_such("locationIds", "location")));
    }
    if !is_approved && state.contacts.get(&person).is_some_and(|known| *known != access) {
        let message = "they are a contact of this account already, and may see something else of it: change that there";
        return Ok(Err(Refusal::of_field("role", message)));
    }
    Ok(Ok(AccessRequestAction::Approve { number: input.number, person, account, access, authority }))
}

/// Reads the form: as whose the words are sealed, the address to count by, and what is asked.
fn parse_submission(
    services: &Services,
    input: &AccessRequestSubmitInput,
) -> Result<(PersonId, PlainText, AccessRequestAction), Refusal> {
    let (subject, address, asker) = named_person(services, &input.name, &input.email, input.phone.as_deref())?;
    let text = |field: &str, text: &str, limit| -> Result<Sealed<PlainText>, Refusal> {
        let text = PlainText::parse(text, limit).map_err(|error| Refusal::of_field(field, error.to_string()))?;
        Ok(Sealed::new(services.commands.ids.next().into(), subject, text))
    };
    let service_address = input.service_address.as_deref().filter(|text| !text.trim().is_empty());
    let submission = Submission {
        request_type: input.request_type.into(),
        asker,
        account_name: text("accountName", &input.account_name, MAX_LINE_CHARS)?,
        service_address: service_address.map(|it| text("serviceAddress", it, MAX_LINE_CHARS)).transpose()?,
        description: text("description", &input.description, MAX_DESCRIPTION_CHARS)?,
    };
    Ok((subject, address, AccessRequestAction::Submit(Box::new(submission))))
}

/// Somebody by what is known of them: as whose it is sealed, their address in one spelling, and they.
fn named_person(
    services: &Services,
    name: &str,
    email: &str,
    phone: Option<&str>,
) -> Result<(PersonId, PlainText, NamedPerson), Refusal> {
    let commands = &services.commands;
    let email = PlainText::parse_email(email).map_err(|error| Refusal::of_field("email", error.to_string()))?;
    let (fingerprint, subject) = subject_of_address(&commands.log, &email);
    let line = |field: &str, text: &str| {
        let text =
            PlainText::parse(text, MAX_LINE_CHARS).map_err(|error| Refusal::of_field(field, error.to_string()))?;
        if text.as_str().lines().count() > 1 {
            return Err(Refusal::of_field(field, "this is of several lines: write it in one"));
        }
        Ok(commands.log.line("asker", commands.ids.next().into(), subject, text))
    };
    let person = NamedPerson {
        name: line("name", name)?,
        email: Line { fingerprint, text: Sealed::new(commands.ids.next().into(), subject, email.clone()) },
        phone: phone.filter(|phone| !phone.trim().is_empty()).map(|phone| line("phone", phone)).transpose()?,
    };
    let address = PlainText::parse_email(&email.as_str().to_lowercase()).unwrap_or(email);
    Ok((subject, address, person))
}
