//! Who may do what, and when: one table, read by the rules and printed by its test.

use strum::IntoEnumIterator;

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
        Kind::StartWait | Kind::Resolve | Kind::Cancel => WORKED_ON,
        Kind::TakeUp => &[Status::New],
        Kind::EndWait | Kind::UndoReopening => &[Status::Open],
        Kind::AcceptResolution | Kind::RejectResolution | Kind::Reopen | Kind::Close => &[Status::Resolved],
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
        Kind::EndWait | Kind::Close => &[Agent, Supervisor, Service, Clock],
        Kind::TakeUp
        | Kind::Assign
        | Kind::Release
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
        | Kind::UndoReopening => &[Agent, Supervisor, Service],
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

/// Refuses an action in a state that does not take it, naming what the caller could do instead.
pub(super) fn check_state(by: &Actor, action: Kind, status: Status) -> Result<(), CaseError> {
    if states_of(action).contains(&status) {
        return Ok(());
    }
    if status.is_final() && matches!(action, Kind::PostMessage | Kind::AddAttachments) {
        return Err(CaseError::NeedsFollowUp { status });
    }
    let allowed = Kind::iter().filter(|other| states_of(*other).contains(&status) && permits(by.roles, *other));
    Err(CaseError::NotInState { action, status, allowed: allowed.collect() })
}
