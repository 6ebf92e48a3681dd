//! Repeating an outcome that already holds succeeds and records nothing: for every command, in which states its
//! outcome can hold, and that it counts as held in those and in no other.

use std::collections::BTreeSet;

use domain::{
    Actor, Role,
    case::{CaseAction, CaseActionKind as Kind, Choice, CloseCause, Priority, Watcher, WatcherId},
};
use strum::IntoEnumIterator;

use crate::{
    ADDITION, FILE, MESSAGE, NOT_WATCHING, NOTE, OWNER, Stage, WAIT_FOR_CUSTOMER, WATCHING, cancel, case_in, owner,
    support::{
        DESCRIPTION, actor, address_watcher, attachment, case_id, command, files, message, opening, person, slug, words,
    },
};

/// An outcome, who asks for it again, and where it holds.
struct Held {
    /// What was done right after the opening, where the plain case does not have it.
    first: Vec<(Actor, CaseAction)>,
    by: Actor,
    again: CaseAction,
    stages: &'static [Stage],
}

use Stage::{Canceled, Closed, New, Open, Reopened, Resolved, Waiting};

/// Every state that a case can be in.
const ALL: &[Stage] = &[New, Open, Waiting, Resolved, Reopened, Closed, Canceled];
/// The states of a case that its owner took up.
const OWNED: &[Stage] = &[Open, Waiting, Resolved, Reopened, Closed];

fn held() -> Vec<Held> {
    let plain = |by, again, stages| Held { first: vec![], by, again, stages };
    let contact = actor(Role::Contact);
    let other_contact = Actor::new(person(NOT_WATCHING), Role::Contact);
    let supervisor = actor(Role::Supervisor);
    let watcher = actor(Role::Watcher);
    let confirm = || CaseAction::ConfirmWatching { watcher: address_watcher().id(), addition: ADDITION };
    let leave = || CaseAction::LeaveByLink { watcher: address_watcher().id() };
    let agent = owner();
    let link = || CaseAction::Link { other: case_id(1) };
    let hold = || CaseAction::PlaceHold { reason: words(9, "Court order.") };
    let remove = || CaseAction::RemoveAttachment { attachment: attachment(FILE) };
    let redact_file = || CaseAction::RedactAttachment { attachment: attachment(FILE) };
    let redact = || CaseAction::RedactMessage { message: message(DESCRIPTION) };
    vec![
        plain(contact, opening(vec![]), ALL),
        plain(agent, CaseAction::TakeUp, &[Open, Waiting, Reopened]),
        plain(supervisor, CaseAction::Assign { owner: person(OWNER) }, OWNED),
        plain(agent, CaseAction::Release, &[New, Canceled]),
        plain(agent, CaseAction::MoveToQueue { queue: slug("support") }, &[New, Canceled]),
        plain(agent, CaseAction::StartWait { wait: WAIT_FOR_CUSTOMER }, &[Waiting]),
        plain(agent, CaseAction::EndWait, &[New, Open, Resolved, Reopened, Closed, Canceled]),
        plain(
            contact,
            CaseAction::PostMessage {
                message: message(MESSAGE),
                body: words(MESSAGE, "Still no tone."),
                attachments: files(&[]),
            },
            ALL,
        ),
        plain(
            agent,
            CaseAction::AddNote {
                message: message(NOTE),
                body: words(NOTE, "Third one this week."),
                attachments: files(&[]),
            },
            ALL,
        ),
        Held { first: vec![(supervisor, redact())], by: supervisor, again: redact(), stages: ALL },
        plain(contact, CaseAction::AddAttachments { attachments: files(&[FILE]) }, ALL),
        Held { first: vec![(contact, remove())], by: contact, again: remove(), stages: ALL },
        Held { first: vec![(supervisor, redact_file())], by: supervisor, again: redact_file(), stages: ALL },
        plain(contact, CaseAction::AddWatcher { watcher: Watcher::Contact { person: person(WATCHING) } }, ALL),
        plain(contact, CaseAction::RemoveWatcher { watcher: WatcherId::Contact(person(NOT_WATCHING)) }, ALL),
        plain(other_contact, CaseAction::LeaveWatchList, ALL),
        Held { first: vec![(watcher, confirm())], by: watcher, again: confirm(), stages: ALL },
        Held { first: vec![(watcher, leave())], by: watcher, again: leave(), stages: ALL },
        plain(agent, CaseAction::SetPriority { priority: Priority::Normal }, ALL),
        plain(agent, CaseAction::Reclassify { case_type: slug("voice-webex"), category: slug("smartvoice") }, ALL),
        plain(agent, CaseAction::SetLocation { location: Choice::NotListed }, ALL),
        plain(agent, CaseAction::SetProduct { product: Choice::NotListed }, ALL),
        Held { first: vec![(agent, CaseAction::ClearTriage)], by: agent, again: CaseAction::ClearTriage, stages: ALL },
        plain(agent, CaseAction::SetContact { contact: contact.person }, ALL),
        plain(
            agent,
            CaseAction::Resolve { code: slug("fixed"), resolution: words(8, "New card."), closes_after: None },
            &[Resolved],
        ),
        plain(contact, CaseAction::AcceptResolution, &[Closed]),
        plain(contact, CaseAction::RejectResolution { reason: None }, &[Reopened]),
        plain(agent, CaseAction::Reopen { reason: words(8, "It is back.") }, &[Reopened]),
        plain(contact, cancel(), &[Canceled]),
        plain(agent, CaseAction::Close { cause: CloseCause::ConfirmedElsewhere }, &[Closed]),
        Held { first: vec![(supervisor, hold())], by: supervisor, again: hold(), stages: ALL },
        plain(supervisor, CaseAction::LiftHold, ALL),
        Held { first: vec![(agent, link())], by: agent, again: link(), stages: ALL },
        plain(agent, CaseAction::Unlink { other: case_id(1) }, ALL),
    ]
}

#[test]
fn what_already_holds_is_granted_in_its_states_and_recorded_in_none() {
    for Held { first, by, again, stages } in held() {
        for stage in ALL {
            let case = case_in(*stage, first.clone());
            let outcome = case.decide(&command(by, 1, again.clone()));
            let granted_for_nothing = outcome.as_ref().is_ok_and(Vec::is_empty);
            assert_eq!(granted_for_nothing, stages.contains(stage), "{stage}: {again:?} gives {outcome:?}");
        }
    }
}

/// A subject is not compared with the one before, since only its key is known for sure; a second rating is refused
/// by name; and a reopening that was taken back leaves nothing to hold. Merges and splits take two cases: what holds of
/// them is tested with these.
#[test]
fn every_other_command_has_an_outcome_that_can_hold() {
    let covered: BTreeSet<Kind> = held().iter().map(|held| Kind::from(&held.again)).collect();
    let never: BTreeSet<_> =
        [Kind::SetSubject, Kind::Rate, Kind::UndoReopening, Kind::Merge, Kind::UndoMerge, Kind::Split, Kind::UndoSplit]
            .into();
    let missing: Vec<_> = Kind::iter().filter(|kind| !covered.contains(kind) && !never.contains(kind)).collect();
    assert!(missing.is_empty(), "no state is named in which these hold: {missing:?}");
}
