//! Files on their way into cases: announced here, uploaded over HTTP, and named by the mutations that attach them.

use async_graphql::{Context, ID, InputObject, Result, SimpleObject};
use domain::{
    AccountId, AttachmentId, PlainText, Scope, Sealed, Timestamp,
    case::{CaseActionKind, CaseError, NewAttachment, NewAttachments, table},
};
use event_log::FileKey;
use futures_util::FutureExt as _;
use projections::{Kind, attached_bytes};
use serde::Serialize;

use super::{context::RequestContext, ids::GlobalId, payload::UserError};
use crate::{
    commands::{Intention, Refusal, RefusalCode, cases::Files},
    files::{
        Staged, kinds, reservation,
        stages::{NewStage, StageError, TOKEN_LIFE},
    },
};

/// A file to be uploaded.
#[derive(Clone, Debug, InputObject, Serialize)]
pub struct UploadStageInput {
    /// The account for whose cases it is.
    account_id: ID,
    /// What it is called: at most 255 characters, without a path. Its extension says what kind of file it is.
    file_name: String,
    /// How many bytes it has. As many are to come.
    size_bytes: i32,
}

/// What came of announcing a file.
#[derive(Default, SimpleObject)]
pub struct UploadStagePayload {
    /// Where to send the file; null when it was refused.
    upload: Option<Upload>,
    /// Why it was refused.
    user_errors: Vec<UserError>,
}

/// A file that may be uploaded.
#[derive(SimpleObject)]
pub struct Upload {
    /// What to name it by when it is attached, and afterwards.
    attachment_id: ID,
    /// Where to `PUT` its bytes, with the caller's own credentials. Good once.
    url: String,
    /// Until when. Once it is uploaded, it waits a day for its case.
    expires_at: Timestamp,
}

/// Announces a file.
pub(super) async fn stage(ctx: &Context<'_>, input: &UploadStageInput) -> Result<UploadStagePayload> {
    let request = RequestContext::of(ctx)?;
    let staged = match parse(request, input) {
        Ok(new) => announce(request, new).await?,
        Err(refusal) => Err(refusal),
    };
    Ok(match staged {
        Ok(upload) => UploadStagePayload { upload: Some(upload), user_errors: vec![] },
        Err(refusal) => UploadStagePayload { upload: None, user_errors: vec![refusal.into()] },
    })
}

fn parse(request: &RequestContext, input: &UploadStageInput) -> Result<NewStage, Refusal> {
    let actor = request.caller.actor();
    let action = CaseActionKind::AddAttachments;
    if !table::permits(actor.roles, action) {
        return Err(CaseError::NotPermitted { action, role: actor.acting_as() }.into());
    }
    let account = AccountId::of_field("accountId", &input.account_id)?;
    let name = PlainText::parse_file_name(&input.file_name)
        .map_err(|error| Refusal::of_field("fileName", error.to_string()))?;
    let media_type =
        kinds::media_type(name.as_str()).map_err(|error| Refusal::of_field("fileName", error.to_string()))?;
    let limits = request.services.files.limits;
    let size_bytes = u64::try_from(input.size_bytes).unwrap_or(0);
    if size_bytes == 0 {
        return Err(Refusal::of_field("sizeBytes", "an empty file says nothing: it has at least 1 byte"));
    }
    if size_bytes > limits.file_bytes {
        let message =
            format!("a file of {size_bytes} bytes is over the limit of {} bytes for one file", limits.file_bytes);
        return Err(Refusal {
            field: Some("sizeBytes".to_owned()),
            ..Refusal::new(RefusalCode::LimitReached, message)
        });
    }
    Ok(NewStage {
        attachment: request.new_id(),
        principal: request.caller.person,
        account,
        name,
        media_type,
        size_bytes,
        attached_bytes: 0,
        account_bytes: limits.account_bytes,
        at: request.services.commands.clock.now(),
    })
}

async fn announce(request: &RequestContext, new: NewStage) -> Result<Result<Upload, Refusal>> {
    let account = new.account;
    let is_own = request.caller.roles.work_cases() || request.caller.accounts.contains_key(&account);
    if !is_own || request.named::<AccountId>(Kind::Account, vec![account.0]).await?.is_empty() {
        return Ok(Err(Refusal::of_field("accountId", "there is no such account")));
    }
    // What counts is all that the account has, files of notes included, which the caller may not see.
    let reads = &request.services.reads;
    let attached = reads.read(&Scope::Staff, move |tx| attached_bytes(tx, account).boxed()).await;
    let attached = attached.map_err(|error| request.internal(&error))?;
    let new = NewStage { attached_bytes: u64::try_from(attached).unwrap_or(0), ..new };
    match request.services.commands.stages.stage(&new).await {
        Ok(token) => Ok(Ok(Upload {
            attachment_id: new.attachment.global(),
            url: format!("/uploads/{token}"),
            expires_at: new.at + TOKEN_LIFE,
        })),
        Err(error @ (StageError::Quota { .. } | StageError::TooMany)) => {
            Ok(Err(Refusal::new(RefusalCode::LimitReached, error.to_string())))
        }
        Err(StageError::Database(error)) => Err(request.internal(&error)),
    }
}

/// The uploads that a mutation names.
#[derive(Default)]
pub(super) struct Uploads {
    /// The files, to be attached.
    pub attachments: NewAttachments,
    file_keys: Vec<FileKey>,
    named: Vec<AttachmentId>,
    refusal: Option<Refusal>,
}

impl Uploads {
    /// Finds the uploads that a mutation names.
    pub(super) async fn find(request: &RequestContext, ids: &[ID]) -> Result<Result<Self, Refusal>> {
        let limit = request.services.files.limits.per_case;
        let attachments = NewAttachments { files: vec![], limit };
        let named = ids.iter().map(|id| AttachmentId::of_field("uploads", id)).collect::<Result<Vec<_>, _>>();
        let named = match named {
            Ok(named) if named.is_empty() => return Ok(Ok(Self { attachments, ..Self::default() })),
            Ok(named) if named.len() > limit => {
                let error = CaseError::TooManyAttachments { limit, count: named.len() };
                return Ok(Err(error.into()));
            }
            Ok(named) => named,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let commands = &request.services.commands;
        let found = commands.stages.waiting(request.caller.person, &named, commands.clock.now()).await;
        let found = found.map_err(|error| request.internal(&error))?;
        let missing = named.iter().any(|id| !found.iter().any(|upload| upload.attachment == *id));
        let refusal = missing.then(|| {
            let message = "there is no such upload of yours: it is not finished, was attached or has expired";
            Refusal::of_field("uploads", message)
        });
        let mut uploads = Self { attachments, named, refusal, ..Self::default() };
        // In the order in which they are named, and as often.
        for id in &uploads.named {
            if let Some(upload) = found.iter().find(|upload| upload.attachment == *id) {
                uploads.attachments.files.push(new_attachment(request, upload));
                uploads.file_keys.push(FileKey { key_id: upload.key_id, key: upload.key.clone() });
            }
        }
        Ok(Ok(uploads))
    }

    /// Lets an intention bring the files.
    pub(super) fn bring(self, intention: Intention) -> Intention {
        let reservations = self.file_keys.iter().map(|file| reservation(file.key_id)).collect();
        let brings = Files { keys: self.file_keys, uploads: self.named, refusal: self.refusal };
        Intention { reservations, brings, ..intention }
    }
}

fn new_attachment(request: &RequestContext, upload: &Staged) -> NewAttachment {
    NewAttachment {
        attachment: upload.attachment,
        account: upload.account,
        label: Sealed::new(request.new_id(), request.caller.person, upload.label.clone()),
        media_type: upload.media_type.clone(),
        size_bytes: upload.size_bytes,
        key: upload.key_id,
    }
}
