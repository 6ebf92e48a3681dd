//! The mutations of a case: parse, build the command, carry it out, read the case back.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, Result};
use chrono::Datelike as _;
use domain::{
    AccountId, AttachmentId, CaseId, MessageId, PersonId, PlainText, Sealed, Slug,
    case::{CaseAction, CaseNumber, Choice, CloseCause, Contents, NewAttachments, OpenCase, Wait, Watcher, WatcherId},
    ids::SlugError,
    settings::{Route, Settings},
    text::{MAX_BODY_CHARS, MAX_REASON_CHARS, MAX_SUBJECT_CHARS},
};

use projections::SettingsNow;

use super::{
    case_inputs::{
        CaseAddNoteInput, CaseAssignInput, CaseAttachmentAddInput, CaseAttachmentRedactInput,
        CaseAttachmentRemoveInput, CaseCancelInput, CaseCloseInput, CaseLegalHoldLiftInput, CaseLegalHoldPlaceInput,
        CaseLinkInput, CaseMergeInput, CaseMergeUndoInput, CaseMoveToQueueInput, CaseOpenInput, CasePostMessageInput,
        CaseRateInput, CaseReclassifyInput, CaseRedactMessageInput, CaseReleaseInput, CaseReopenInput,
        CaseReopenUndoInput, CaseResolutionAcceptInput, CaseResolutionRejectInput, CaseResolveInput,
        CaseSetContactInput, CaseSetLocationInput, CaseSetPriorityInput, CaseSetProductInput, CaseSetSubjectInput,
        CaseSplitInput, CaseSplitUndoInput, CaseTakeUpInput, CaseTriageClearInput, CaseUnlinkInput, CaseWaitEndInput,
        CaseWaitStartInput, CaseWatcherAddInput, CaseWatcherRemoveInput, WatcherInput,
    },
    context::RequestContext,
    ids::GlobalId,
    inputs::{ChangeInput, idempotency, intend},
    payload::CasePayload,
    person_erasure::{self, PersonEraseInput, PersonErasePayload},
    uploads::{self, UploadStageInput, UploadStagePayload, Uploads},
};
use crate::{
    commands::{Intention, Refusal, cases::Files},
    erasure::subject_of_address,
};

/// What can be asked of cases.
#[derive(Default)]
pub struct CaseMutations;

/// Parses an input into an action, or says which field is wrong.
type Parsed = Result<CaseAction, Refusal>;

#[Object]
impl CaseMutations {
    /// Open a case.
    async fn case_open(&self, ctx: &Context<'_>, input: CaseOpenInput) -> Result<CasePayload> {
        let request = RequestContext::of(ctx)?;
        let intention = match open(request, &input).await? {
            Ok(intention) => intention,
            Err(refusal) => return Ok(CasePayload::refused(refusal)),
        };
        Box::pin(CasePayload::of(ctx, intention)).await
    }

    /// Take a new case up: it is open, and one's own.
    async fn case_take_up(&self, ctx: &Context<'_>, input: CaseTakeUpInput) -> Result<CasePayload> {
        change(ctx, "caseTakeUp", &input, |_| Ok(CaseAction::TakeUp)).await
    }

    /// Make an agent responsible for a case.
    async fn case_assign(&self, ctx: &Context<'_>, input: CaseAssignInput) -> Result<CasePayload> {
        let parse = |_: &_| Ok(CaseAction::Assign { owner: PersonId::of_field("ownerId", &input.owner_id)? });
        change(ctx, "caseAssign", &input, parse).await
    }

    /// Make nobody responsible for a case.
    async fn case_release(&self, ctx: &Context<'_>, input: CaseReleaseInput) -> Result<CasePayload> {
        change(ctx, "caseRelease", &input, |_| Ok(CaseAction::Release)).await
    }

    /// Move a case to another queue, without an owner.
    async fn case_move_to_queue(&self, ctx: &Context<'_>, input: CaseMoveToQueueInput) -> Result<CasePayload> {
        let parse = |_: &_| Ok(CaseAction::MoveToQueue { queue: slug("queue", &input.queue)? });
        change(ctx, "caseMoveToQueue", &input, parse).await
    }

    /// Pause the work on a case.
    async fn case_wait_start(&self, ctx: &Context<'_>, input: CaseWaitStartInput) -> Result<CasePayload> {
        let wait = Wait { reason: input.reason.into(), until: input.until };
        let parse = |_: &_| match input.until {
            Some(until) if until.year() > 9999 => Err(Refusal::of_field("until", "the year has at most four digits")),
            _ => Ok(CaseAction::StartWait { wait }),
        };
        change(ctx, "caseWaitStart", &input, parse).await
    }

    /// Go on with a case.
    async fn case_wait_end(&self, ctx: &Context<'_>, input: CaseWaitEndInput) -> Result<CasePayload> {
        change(ctx, "caseWaitEnd", &input, |_| Ok(CaseAction::EndWait)).await
    }

    /// Write to the other side.
    async fn case_post_message(&self, ctx: &Context<'_>, input: CasePostMessageInput) -> Result<CasePayload> {
        let parse = |request: &RequestContext, attachments| {
            let body = request.seal("body", &input.body, MAX_BODY_CHARS)?;
            Ok(CaseAction::PostMessage { message: request.new_id(), body, attachments })
        };
        attach(ctx, "casePostMessage", &input, &input.uploads, parse).await
    }

    /// Write something down for the desk alone.
    async fn case_add_note(&self, ctx: &Context<'_>, input: CaseAddNoteInput) -> Result<CasePayload> {
        let parse = |request: &RequestContext, attachments| {
            let body = request.seal("body", &input.body, MAX_BODY_CHARS)?;
            Ok(CaseAction::AddNote { message: request.new_id(), body, attachments })
        };
        attach(ctx, "caseAddNote", &input, &input.uploads, parse).await
    }

    /// Take a text away, whatever it is: a description, message or note, a subject, resolution, reason or comment.
    async fn case_redact_message(&self, ctx: &Context<'_>, input: CaseRedactMessageInput) -> Result<CasePayload> {
        let parse =
            |_: &_| Ok(CaseAction::RedactMessage { message: MessageId::of_field("messageId", &input.message_id)? });
        change(ctx, "caseRedactMessage", &input, parse).await
    }

    /// Erase a person: their details and everything that they wrote, wherever it is. For administrators.
    async fn person_erase(&self, ctx: &Context<'_>, input: PersonEraseInput) -> Result<PersonErasePayload> {
        Box::pin(person_erasure::erase(ctx, &input)).await
    }

    /// Announce a file, to be uploaded to the address that this answers and then attached to a case.
    async fn upload_stage(&self, ctx: &Context<'_>, input: UploadStageInput) -> Result<UploadStagePayload> {
        uploads::stage(ctx, &input).await
    }

    /// Attach uploaded files to a case, for both sides.
    async fn case_attachment_add(&self, ctx: &Context<'_>, input: CaseAttachmentAddInput) -> Result<CasePayload> {
        let parse = |_: &_, attachments| Ok(CaseAction::AddAttachments { attachments });
        attach(ctx, "caseAttachmentAdd", &input, &input.uploads, parse).await
    }

    /// Take a file's bytes away; that it was there, and its name, stay.
    async fn case_attachment_remove(&self, ctx: &Context<'_>, input: CaseAttachmentRemoveInput) -> Result<CasePayload> {
        let parse = |_: &_| Ok(CaseAction::RemoveAttachment { attachment: attachment(&input.attachment_id)? });
        change(ctx, "caseAttachmentRemove", &input, parse).await
    }

    /// Take a file away with its name.
    async fn case_attachment_redact(&self, ctx: &Context<'_>, input: CaseAttachmentRedactInput) -> Result<CasePayload> {
        let parse = |_: &_| Ok(CaseAction::RedactAttachment { attachment: attachment(&input.attachment_id)? });
        change(ctx, "caseAttachmentRedact", &input, parse).await
    }

    /// Put somebody on the watch list. Who is there already stays there once.
    async fn case_watcher_add(&self, ctx: &Context<'_>, input: CaseWatcherAddInput) -> Result<CasePayload> {
        let parse =
            |request: &RequestContext| Ok(CaseAction::AddWatcher { watcher: watcher(request, &input.watcher)? });
        change(ctx, "caseWatcherAdd", &input, parse).await
    }

    /// Take somebody off the watch list. Oneself at any time.
    async fn case_watcher_remove(&self, ctx: &Context<'_>, input: CaseWatcherRemoveInput) -> Result<CasePayload> {
        let parse = |request: &RequestContext| {
            let watcher = watcher(request, &input.watcher)?.id();
            Ok(if watcher == WatcherId::Contact(request.caller.person) {
                CaseAction::LeaveWatchList
            } else {
                CaseAction::RemoveWatcher { watcher }
            })
        };
        change(ctx, "caseWatcherRemove", &input, parse).await
    }

    /// Say how urgent a case is.
    async fn case_set_priority(&self, ctx: &Context<'_>, input: CaseSetPriorityInput) -> Result<CasePayload> {
        let priority = input.priority.into();
        change(ctx, "caseSetPriority", &input, |_| Ok(CaseAction::SetPriority { priority })).await
    }

    /// Say of what kind a case is.
    async fn case_reclassify(&self, ctx: &Context<'_>, input: CaseReclassifyInput) -> Result<CasePayload> {
        let parse = |_: &_| {
            Ok(CaseAction::Reclassify {
                case_type: slug("type", &input.r#type)?,
                category: slug("category", &input.category)?,
            })
        };
        change(ctx, "caseReclassify", &input, parse).await
    }

    /// Say where the trouble is.
    async fn case_set_location(&self, ctx: &Context<'_>, input: CaseSetLocationInput) -> Result<CasePayload> {
        let parse =
            |_: &_| Ok(CaseAction::SetLocation { location: choice("locationId", input.location_id.as_ref(), false)? });
        change(ctx, "caseSetLocation", &input, parse).await
    }

    /// Say with what the trouble is.
    async fn case_set_product(&self, ctx: &Context<'_>, input: CaseSetProductInput) -> Result<CasePayload> {
        let parse =
            |_: &_| Ok(CaseAction::SetProduct { product: choice("productId", input.product_id.as_ref(), false)? });
        change(ctx, "caseSetProduct", &input, parse).await
    }

    /// End triage: what is still not listed does not apply.
    async fn case_triage_clear(&self, ctx: &Context<'_>, input: CaseTriageClearInput) -> Result<CasePayload> {
        change(ctx, "caseTriageClear", &input, |_| Ok(CaseAction::ClearTriage)).await
    }

    /// Say what a case is about, in a line.
    async fn case_set_subject(&self, ctx: &Context<'_>, input: CaseSetSubjectInput) -> Result<CasePayload> {
        let parse = |request: &RequestContext| {
            Ok(CaseAction::SetSubject { subject: request.seal("subject", &input.subject, MAX_SUBJECT_CHARS)? })
        };
        change(ctx, "caseSetSubject", &input, parse).await
    }

    /// Say whom to talk to.
    async fn case_set_contact(&self, ctx: &Context<'_>, input: CaseSetContactInput) -> Result<CasePayload> {
        let parse = |_: &_| Ok(CaseAction::SetContact { contact: PersonId::of_field("contactId", &input.contact_id)? });
        change(ctx, "caseSetContact", &input, parse).await
    }

    /// Give an answer.
    async fn case_resolve(&self, ctx: &Context<'_>, input: CaseResolveInput) -> Result<CasePayload> {
        let parse = |request: &RequestContext| {
            Ok(CaseAction::Resolve {
                code: slug("code", &input.code)?,
                resolution: request.seal("resolution", &input.resolution, MAX_REASON_CHARS)?,
                closes_after: Some(request.settings().settings.rules.resolution.close_after()),
            })
        };
        change(ctx, "caseResolve", &input, parse).await
    }

    /// Be content with the answer, which closes the case.
    async fn case_resolution_accept(&self, ctx: &Context<'_>, input: CaseResolutionAcceptInput) -> Result<CasePayload> {
        change(ctx, "caseResolutionAccept", &input, |_| Ok(CaseAction::AcceptResolution)).await
    }

    /// Not be content with the answer, which opens the case again.
    async fn case_resolution_reject(&self, ctx: &Context<'_>, input: CaseResolutionRejectInput) -> Result<CasePayload> {
        let parse = |request: &RequestContext| {
            Ok(CaseAction::RejectResolution { reason: request.seal_reason("reason", input.reason.as_deref())? })
        };
        change(ctx, "caseResolutionReject", &input, parse).await
    }

    /// Take a resolved case up again.
    async fn case_reopen(&self, ctx: &Context<'_>, input: CaseReopenInput) -> Result<CasePayload> {
        let parse = |request: &RequestContext| {
            Ok(CaseAction::Reopen { reason: request.seal("reason", &input.reason, MAX_REASON_CHARS)? })
        };
        change(ctx, "caseReopen", &input, parse).await
    }

    /// Take a reopening back, within a day.
    async fn case_reopen_undo(&self, ctx: &Context<'_>, input: CaseReopenUndoInput) -> Result<CasePayload> {
        change(ctx, "caseReopenUndo", &input, |_| Ok(CaseAction::UndoReopening)).await
    }

    /// Withdraw a case that is still being worked on.
    async fn case_cancel(&self, ctx: &Context<'_>, input: CaseCancelInput) -> Result<CasePayload> {
        let parse = |request: &RequestContext| {
            Ok(CaseAction::Cancel {
                reason: input.reason.into(),
                comment: request.seal_reason("comment", input.comment.as_deref())?,
            })
        };
        change(ctx, "caseCancel", &input, parse).await
    }

    /// Settle a resolved case because the contact confirmed elsewhere.
    async fn case_close(&self, ctx: &Context<'_>, input: CaseCloseInput) -> Result<CasePayload> {
        let close = CaseAction::Close { cause: CloseCause::ConfirmedElsewhere };
        change(ctx, "caseClose", &input, |_| Ok(close)).await
    }

    /// Say how content one is with the last resolution, once.
    async fn case_rate(&self, ctx: &Context<'_>, input: CaseRateInput) -> Result<CasePayload> {
        let parse = |request: &RequestContext| {
            Ok(CaseAction::Rate {
                // What does not fit is out of range, too.
                score: u8::try_from(input.score).unwrap_or(u8::MAX),
                comment: request.seal_reason("comment", input.comment.as_deref())?,
            })
        };
        change(ctx, "caseRate", &input, parse).await
    }

    /// Let nothing of a case be destroyed.
    async fn case_legal_hold_place(&self, ctx: &Context<'_>, input: CaseLegalHoldPlaceInput) -> Result<CasePayload> {
        let parse = |request: &RequestContext| {
            Ok(CaseAction::PlaceHold { reason: request.seal("reason", &input.reason, MAX_REASON_CHARS)? })
        };
        change(ctx, "caseLegalHoldPlace", &input, parse).await
    }

    /// Let things be destroyed again.
    async fn case_legal_hold_lift(&self, ctx: &Context<'_>, input: CaseLegalHoldLiftInput) -> Result<CasePayload> {
        change(ctx, "caseLegalHoldLift", &input, |_| Ok(CaseAction::LiftHold)).await
    }

    /// Say that a case has to do with another one. Only those who may see both are shown that.
    async fn case_link(&self, ctx: &Context<'_>, input: CaseLinkInput) -> Result<CasePayload> {
        let parse = |_: &_| Ok(CaseAction::Link { other: other_case("otherCaseId", &input.other_case_id)? });
        change(ctx, "caseLink", &input, parse).await
    }

    /// Say that it has not. Merges and splits have undoings of their own.
    async fn case_unlink(&self, ctx: &Context<'_>, input: CaseUnlinkInput) -> Result<CasePayload> {
        let parse = |_: &_| Ok(CaseAction::Unlink { other: other_case("otherCaseId", &input.other_case_id)? });
        change(ctx, "caseUnlink", &input, parse).await
    }

    /// Let another case go on in the place of a case: this one is canceled as merged, what is written to it goes to the other
    /// one, and so do those who watch it. Answers the case that was merged.
    async fn case_merge(&self, ctx: &Context<'_>, input: CaseMergeInput) -> Result<CasePayload> {
        let parse = |_: &_| Ok(CaseAction::Merge { into: other_case("intoCaseId", &input.into_case_id)? });
        change(ctx, "caseMerge", &input, parse).await
    }

    /// Take a merge back: the case is what it was, and has what was written to it meanwhile.
    async fn case_merge_undo(&self, ctx: &Context<'_>, input: CaseMergeUndoInput) -> Result<CasePayload> {
        change(ctx, "caseMergeUndo", &input, |_| Ok(CaseAction::UndoMerge)).await
    }

    /// Begin a case with messages and files of another, which no longer has them. Answers the new case.
    async fn case_split(&self, ctx: &Context<'_>, input: CaseSplitInput) -> Result<CasePayload> {
        let request = RequestContext::of(ctx)?;
        let number = request.services.commands.next_case_number().await.map_err(|error| request.internal(&error))?;
        let parse = |request: &RequestContext| split(request, &input, number);
        change(ctx, "caseSplit", &input, parse).await
    }

    /// Take back the split that began a case: that case is canceled, and the other one has its messages and files again.
    async fn case_split_undo(&self, ctx: &Context<'_>, input: CaseSplitUndoInput) -> Result<CasePayload> {
        change(ctx, "caseSplitUndo", &input, |_| Ok(CaseAction::UndoSplit)).await
    }
}

/// The one walk of every mutation on an existing case.
async fn change<I: ChangeInput + Sync>(
    ctx: &Context<'_>,
    operation: &str,
    input: &I,
    parse: impl FnOnce(&RequestContext) -> Parsed + Send,
) -> Result<CasePayload> {
    attach(ctx, operation, input, &[], |request, _| parse(request)).await
}

/// The same with files.
async fn attach<I: ChangeInput + Sync>(
    ctx: &Context<'_>,
    operation: &str,
    input: &I,
    uploads: &[ID],
    parse: impl FnOnce(&RequestContext, NewAttachments) -> Parsed + Send,
) -> Result<CasePayload> {
    let request = RequestContext::of(ctx)?;
    let mut uploads = match Uploads::find(request, uploads).await? {
        Ok(uploads) => uploads,
        Err(refusal) => return Ok(CasePayload::refused(refusal)),
    };
    let attachments = std::mem::take(&mut uploads.attachments);
    let intention = intend(request, operation, input, |_| parse(request, attachments));
    match intention {
        // In a place of its own: it is large, and every mutation would hold it.
        Ok(intention) => Box::pin(CasePayload::of(ctx, uploads.bring(intention))).await,
        Err(refusal) => Ok(CasePayload::refused(refusal)),
    }
}

/// Builds the opening of a case, or says which field is wrong.
async fn open(request: &RequestContext, input: &CaseOpenInput) -> Result<Result<Intention, Refusal>> {
    let settings = settings_for(request, input).await?;
    let opening = match parse_opening(request, &settings.settings, input) {
        Ok(opening) => opening,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let idempotency = match idempotency("caseOpen", input.idempotency_key.as_ref(), input) {
        Ok(idempotency) => idempotency,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let mut uploads = match Uploads::find(request, &input.uploads).await? {
        Ok(uploads) => uploads,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let attachments = std::mem::take(&mut uploads.attachments);
    let follow_up_of = match input.follow_up_of.as_ref().map(|id| other_case("followUpOf", id)).transpose() {
        Ok(follow_up_of) => follow_up_of,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let contact = opening.contact;
    let number = request.services.commands.next_case_number().await.map_err(|error| request.internal(&error))?;
    let action = CaseAction::Open(Box::new(OpenCase { number, attachments, ..opening }));
    Ok(Ok(uploads.bring(Intention {
        on_behalf_of: (contact != request.caller.person).then_some(contact),
        idempotency,
        brings: Files { follow_up_of, ..Files::default() },
        ..Intention::new(&request.caller, request.id, request.new_id(), action)
    })))
}

/// The settings that say where the case goes: those known here, unless they do not have its type and category.
async fn settings_for(request: &RequestContext, input: &CaseOpenInput) -> Result<Arc<SettingsNow>> {
    let pair = input.case_type.parse::<Slug>().ok().zip(input.category.parse::<Slug>().ok());
    let knows = |settings: &Settings| {
        pair.as_ref().is_none_or(|(case_type, category)| settings.catalogue.route(case_type, category).is_ok())
    };
    request.services.commands.settings.that(knows).await.map_err(|error| request.internal(&error))
}

fn parse_opening(request: &RequestContext, settings: &Settings, input: &CaseOpenInput) -> Result<OpenCase, Refusal> {
    let account = AccountId::of_field("accountId", &input.account_id)?;
    let staff = request.caller.roles.work_cases();
    if !staff && !request.caller.accounts.contains_key(&account) {
        return Err(no_such("accountId", "account"));
    }
    let contact = match &input.contact_id {
        Some(contact) => PersonId::of_field("contactId", contact)?,
        None if !staff => request.caller.person,
        None => return Err(Refusal::of_field("contactId", "say for which contact you open the case")),
    };
    if !staff && (input.priority.is_some() || input.queue.is_some()) {
        let field = if input.priority.is_some() { "priority" } else { "queue" };
        return Err(Refusal::of_field(field, "the desk sets this: leave it out"));
    }
    let subject = input.subject.as_deref().map(|text| request.seal("subject", text, MAX_SUBJECT_CHARS));
    let watchers = input.watchers.iter().map(|input| watcher(request, input)).collect::<Result<_, _>>()?;
    let (case_type, category) = (slug("type", &input.case_type)?, slug("category", &input.category)?);
    // What cannot be chosen goes nowhere: it is refused, unless it repeats what was done.
    let nowhere = |_| Route { queue: case_type.clone(), priority: domain::case::Priority::Normal };
    let route = settings.catalogue.route(&case_type, &category).unwrap_or_else(nowhere);
    Ok(OpenCase {
        // Drawn once everything else is right.
        number: domain::case::CaseNumber(0),
        account,
        location: choice("locationId", input.location_id.as_ref(), input.location_not_listed)?,
        product: choice("productId", input.product_id.as_ref(), input.product_not_listed)?,
        case_type,
        category,
        contact,
        subject: subject.transpose()?,
        message: request.new_id(),
        description: request.seal("description", &input.description, MAX_BODY_CHARS)?,
        watchers,
        attachments: NewAttachments::default(),
        queue: input.queue.as_deref().map_or(Ok(route.queue), |queue| slug("queue", queue))?,
        priority: input.priority.map_or(route.priority, Into::into),
        external_reference: None,
    })
}

fn other_case(field: &str, id: &ID) -> Result<CaseId, Refusal> {
    CaseId::of_field(field, id)
}

fn split(request: &RequestContext, input: &CaseSplitInput, number: CaseNumber) -> Parsed {
    let subject = input.subject.as_deref().map(|text| request.seal("subject", text, MAX_SUBJECT_CHARS)).transpose()?;
    let messages =
        input.message_ids.iter().map(|id| MessageId::of_field("messageIds", id)).collect::<Result<_, _>>()?;
    let attachments =
        input.attachment_ids.iter().map(|id| AttachmentId::of_field("attachmentIds", id)).collect::<Result<_, _>>()?;
    let contents = Contents { description: None, messages, attachments };
    Ok(CaseAction::Split { into: request.new_id(), number, subject, contents })
}

pub(super) fn no_such(field: &str, what: &str) -> Refusal {
    Refusal::of_field(field, format!("there is no such {what}"))
}

pub(super) fn slug(field: &str, text: &str) -> Result<Slug, Refusal> {
    text.parse().map_err(|error: SlugError| Refusal::of_field(field, error.to_string()))
}

fn attachment(id: &ID) -> Result<AttachmentId, Refusal> {
    AttachmentId::of_field("attachmentId", id)
}

fn choice<T: GlobalId>(field: &str, id: Option<&ID>, not_listed: bool) -> Result<Choice<T>, Refusal> {
    match (id, not_listed) {
        (Some(_), true) => {
            Err(Refusal::of_field(field, format!("leave {field} out where it is not listed, or pick one")))
        }
        (Some(id), false) => T::of_field(field, id).map(Choice::Picked),
        (None, true) => Ok(Choice::NotListed),
        (None, false) => Ok(Choice::None),
    }
}

fn watcher(request: &RequestContext, input: &WatcherInput) -> Result<Watcher, Refusal> {
    match input {
        WatcherInput::Contact(id) => Ok(Watcher::Contact { person: PersonId::of_field("watcher", id)? }),
        WatcherInput::Email(address) => {
            let address =
                PlainText::parse_email(address).map_err(|error| Refusal::of_field("watcher", error.to_string()))?;
            let log = &request.services.commands.log;
            let (fingerprint, subject) = subject_of_address(log, &address);
            Ok(Watcher::Address { address: Sealed::new(request.new_id(), subject, address), fingerprint })
        }
    }
}
