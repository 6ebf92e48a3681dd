//! Who may do what, and when: one table, read by the rules and printed by its test.

use super::{CaseActionKind as Kind, CaseError, Status};
use crate::{Actor, Role, Roles};

const ANY: &[Status] = &[Status::New, Status::Open, Status::Resolved, Status::Closed, Status::Canceled];
const UNSETTLED: &[Status] = &[Status::New, Status::Open, Status::Resolved];
const WORKED_ON: &[Status] = &[Status::New, Status::Open];

/// The states in which an action is taken. Opening has none: it makes the case.
#[must_use]
pub fn states_of(action: Kind) -> &'static [Status] {
    match action {
        Kind::Open => &[],
        Kind::AddNote
        | Kind::RedactMessage
        | Kind::RedactAttachment
        | Kind::PlaceHold
        | Kind::LiftHold
        | Kind::Link
        | Kind::Unlink
        | Kind::LeaveWatchList
        | Kind::ConfirmWatching
        | Kind::LeaveByLink => ANY,
        Kind::PostMessage
        | Kind::AddAttachments
        | Kind::RemoveAttachment
        | Kind::AddWatcher
        | Kind::RemoveWatcher
        | Kind::Assign
        | Kind::Release
        | Kind::MoveToQueue
        | Kind::SetPriority
        | Kind::Reclassify
        | Kind::SetLocation
        | Kind::SetProduct
        | Kind::ClearTriage
        | Kind::SetSubject
        | Kind::SetContact => UNSETTLED,
        Kind::StartWait | Kind::Resolve | Kind::Cancel | Kind::Merge | Kind::Split | Kind::UndoSplit => WORKED_ON,
        Kind::UndoMerge => &[Status::Canceled],
        Kind::TakeUp => &[Status::New],
        Kind::EndWait | Kind::UndoReopening => &[Status::Open],
        Kind::AcceptResolution | Kind::RejectResolution | Kind::Reopen | Kind::Close | Kind::Remind => {
            &[Status::Resolved]
        }
        Kind::Rate => &[Status::Resolved, Status::Closed],
    }
}

/// The roles that may take an action. A service counts once its token may write.
#[must_use]
pub fn roles_of(action: Kind) -> &'static [Role] {
    use Role::{Agent, Clock, Contact, Service, Supervisor, Watcher};
    match action {
        Kind::Open
        | Kind::PostMessage
        | Kind::AddAttachments
        | Kind::RemoveAttachment
        | Kind::AddWatcher
        | Kind::RemoveWatcher
        | Kind::Cancel => &[Contact, Agent, Supervisor, Service],
        Kind::LeaveWatchList | Kind::AcceptResolution | Kind::RejectResolution | Kind::Rate => &[Contact],
        Kind::ConfirmWatching | Kind::LeaveByLink => &[Watcher],
        Kind::RedactMessage | Kind::RedactAttachment | Kind::PlaceHold | Kind::LiftHold => &[Supervisor],
        Kind::EndWait | Kind::Close | Kind::Release => &[Agent, Supervisor, Service, Clock],
        Kind::Remind => &[Clock],
        Kind::TakeUp
        | Kind::Assign
        | Kind::MoveToQueue
        | Kind::StartWait
        | Kind::AddNote
        | Kind::SetPriority
        | Kind::Reclassify
        | Kind::SetLocation
        | Kind::SetProduct
        | Kind::ClearTriage
        | Kind::SetSubject
        | Kind::SetContact
        | Kind::Resolve
        | Kind::Reopen
        | Kind::UndoReopening
        | Kind::Link
        | Kind::Unlink
        | Kind::Merge
        | Kind::UndoMerge
        | Kind::Split
        | Kind::UndoSplit => &[Agent, Supervisor, Service],
    }
}

/// Whether any of the roles may take the action.
#[must_use]
pub fn permits(roles: Roles, action: Kind) -> bool {
    roles_of(action).iter().any(|role| roles.has(*role))
}

/// Refuses an action to those who may not take it.
pub(super) fn check_role(by: &Actor, action: Kind) -> Result<(), CaseError> {
    if permits(by.roles, action) { Ok(()) } else { Err(CaseError::NotPermitted { action, role: by.acting_as() }) }
}
