//! The whole table of the case: every state × every command × every role, one printed line each, compared with
//! `expected.txt`, which states the product's promises a second time and independently of `domain::case::table`.
//!
//! `cargo test -p domain --test table -- --nocapture` prints the lines.

#[path = "../support/mod.rs"]
mod support;

mod expected;
mod holding;

use cqrs_es::{Aggregate, DomainEvent};
use domain::{
    Actor, Role,
    case::{
        CancelReason, Case, CaseAction, CaseActionKind as Kind, CaseError, CloseCause, Priority, Wait, WaitReason,
        Watcher, WatcherId,
    },
};
use expected::{Answer, Expected};
use strum::{EnumIter, IntoEnumIterator};
use support::{
    DESCRIPTION, actor, address_watcher, attachment, case_id, command, files, location, message, opening, person,
    product, slug, split, words,
};

/// The states of the table, in the order of its columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, strum::Display, EnumIter)]
enum Stage {
    #[strum(serialize = "(none)")]
    Nothing,
    New,
    Open,
    #[strum(serialize = "Open waiting")]
    Waiting,
    Resolved,
    Reopened,
    Closed,
    Canceled,
}

/// The agent who works the cases of the table, and gives none of its commands.
fn owner() -> Actor {
    Actor::new(person(OWNER), Role::Agent)
}

const OWNER: u128 = 50;
const NEW_OWNER: u128 = 51;
const WATCHING: u128 = 60;
const NOT_WATCHING: u128 = 61;
/// The event of the opening that puts the address on the watch list.
const ADDITION: u64 = 4;
const MESSAGE: u128 = 2_000;
const NOTE: u128 = 2_001;
const FILE: u128 = 2_002;

/// Builds a case of the state by real commands, `first` being given right after the opening.
fn case_in(stage: Stage, first: Vec<(Actor, CaseAction)>) -> Case {
    let mut case = Case::default();
    if stage == Stage::Nothing {
        return case;
    }
    let contact = actor(Role::Contact);
    let watchers = vec![
        Watcher::Contact { person: contact.person },
        Watcher::Contact { person: person(WATCHING) },
        address_watcher(),
    ];
    let beginning = vec![
        (contact, opening(watchers)),
        (
            contact,
            CaseAction::PostMessage {
                message: message(MESSAGE),
                body: words(MESSAGE, "Still no tone."),
                attachments: files(&[]),
            },
        ),
        (
            owner(),
            CaseAction::AddNote {
                message: message(NOTE),
                body: words(NOTE, "Third one this week."),
                attachments: files(&[]),
            },
        ),
        (contact, CaseAction::AddAttachments { attachments: files(&[FILE]) }),
    ];
    for (by, action) in beginning.into_iter().chain(first).chain(steps_to(stage)) {
        let said = format!("{action:?}");
        let events = case.decide(&command(by, 0, action)).unwrap_or_else(|error| panic!("{said}: {error}"));
        for event in events {
            case.apply(event);
        }
    }
    case
}

fn steps_to(stage: Stage) -> Vec<(Actor, CaseAction)> {
    let take_up = (owner(), CaseAction::TakeUp);
    let wait = (owner(), CaseAction::StartWait { wait: WAIT_FOR_CUSTOMER });
    let resolve = (
        owner(),
        CaseAction::Resolve { code: slug("fixed"), resolution: words(3_000, "New card."), closes_after: None },
    );
    let reopen = (owner(), CaseAction::Reopen { reason: words(3_001, "The card failed.") });
    let close = (owner(), CaseAction::Close { cause: CloseCause::ConfirmedElsewhere });
    let cancel = (actor(Role::Contact), cancel());
    match stage {
        Stage::Nothing | Stage::New => vec![],
        Stage::Open => vec![take_up],
        Stage::Waiting => vec![take_up, wait],
        Stage::Resolved => vec![take_up, resolve],
        Stage::Reopened => vec![take_up, resolve, reopen],
        Stage::Closed => vec![take_up, resolve, close],
        Stage::Canceled => vec![cancel],
    }
}

const WAIT_FOR_CUSTOMER: Wait = Wait { reason: WaitReason::Customer, until: None };

fn cancel() -> CaseAction {
    CaseAction::Cancel { reason: CancelReason::SolvedItself, comment: None }
}

/// The command of the table, which asks for something that does not hold yet.
fn action(kind: Kind, role: Role) -> CaseAction {
    match kind {
        Kind::Open => {
            let CaseAction::Open(mut another) = opening(vec![
                Watcher::Contact { person: person(WATCHING) },
                Watcher::Contact { person: person(NOT_WATCHING) },
            ]) else {
                unreachable!("an opening opens")
            };
            another.number.0 += 1;
            CaseAction::Open(another)
        }
        Kind::TakeUp => CaseAction::TakeUp,
        Kind::Assign => CaseAction::Assign { owner: person(NEW_OWNER) },
        Kind::Release => CaseAction::Release,
        Kind::MoveToQueue => CaseAction::MoveToQueue { queue: slug("field-service") },
        Kind::StartWait => CaseAction::StartWait { wait: Wait { reason: WaitReason::Vendor, until: None } },
        Kind::EndWait => CaseAction::EndWait,
        Kind::PostMessage => {
            CaseAction::PostMessage { message: message(1), body: words(1, "Here it is."), attachments: files(&[1]) }
        }
        Kind::AddNote => {
            CaseAction::AddNote { message: message(1), body: words(1, "Card 4 is dead."), attachments: files(&[1]) }
        }
        Kind::RedactMessage => CaseAction::RedactMessage { message: message(DESCRIPTION) },
        Kind::AddAttachments => CaseAction::AddAttachments { attachments: files(&[1]) },
        Kind::RemoveAttachment => CaseAction::RemoveAttachment { attachment: attachment(FILE) },
        Kind::RedactAttachment => CaseAction::RedactAttachment { attachment: attachment(FILE) },
        Kind::AddWatcher => CaseAction::AddWatcher { watcher: Watcher::Contact { person: person(NOT_WATCHING) } },
        Kind::RemoveWatcher => CaseAction::RemoveWatcher { watcher: WatcherId::Contact(person(WATCHING)) },
        Kind::LeaveWatchList => CaseAction::LeaveWatchList,
        Kind::ConfirmWatching => CaseAction::ConfirmWatching { watcher: address_watcher().id(), addition: ADDITION },
        Kind::LeaveByLink => CaseAction::LeaveByLink { watcher: address_watcher().id() },
        Kind::SetPriority => CaseAction::SetPriority { priority: Priority::High },
        Kind::Reclassify => CaseAction::Reclassify { case_type: slug("billing"), category: slug("collections") },
        Kind::SetLocation => CaseAction::SetLocation { location: location(1) },
        Kind::SetProduct => CaseAction::SetProduct { product: product(1) },
        Kind::ClearTriage => CaseAction::ClearTriage,
        Kind::SetSubject => CaseAction::SetSubject { subject: words(2, "No dial tone") },
        Kind::SetContact => CaseAction::SetContact { contact: person(WATCHING) },
        Kind::Resolve => CaseAction::Resolve {
            code: slug("workaround"),
            resolution: words(3, "Use the other line."),
            closes_after: None,
        },
        Kind::AcceptResolution => CaseAction::AcceptResolution,
        Kind::RejectResolution => CaseAction::RejectResolution { reason: None },
        Kind::Reopen => CaseAction::Reopen { reason: words(4, "It is back.") },
        Kind::UndoReopening => CaseAction::UndoReopening,
        Kind::Cancel => cancel(),
        Kind::Close => CaseAction::Close {
            cause: if role == Role::Clock { CloseCause::TimeElapsed } else { CloseCause::ConfirmedElsewhere },
        },
        Kind::Rate => CaseAction::Rate { score: 5, comment: None },
        Kind::PlaceHold => CaseAction::PlaceHold { reason: words(5, "Court order.") },
        Kind::LiftHold => CaseAction::LiftHold,
        Kind::Link => CaseAction::Link { other: case_id(1) },
        Kind::Unlink => CaseAction::Unlink { other: case_id(1) },
        Kind::Merge => CaseAction::Merge { into: case_id(1) },
        Kind::UndoMerge => CaseAction::UndoMerge,
        Kind::Split => split(1, MESSAGE),
        Kind::UndoSplit => CaseAction::UndoSplit,
    }
}

#[test]
fn every_state_answers_every_command_of_every_role_as_promised() {
    let expected = Expected::read(include_str!("expected.txt"));
    let mut lines = vec![];
    let mut wrong = vec![];
    for stage in Stage::iter() {
        let case = case_in(stage, vec![]);
        for kind in Kind::iter() {
            for role in Role::iter() {
                let outcome = case.decide(&command(actor(role), 1, action(kind, role)));
                let answer = answer_of(kind, role, outcome.as_ref(), &expected, stage);
                let line = format!("{stage} | {kind} | {role} | {answer}");
                let promised = expected.answer(stage, kind, role);
                if answer != *promised {
                    wrong.push(format!("{line}, but promised is {promised}"));
                }
                lines.push(line);
            }
        }
    }
    println!("{}", lines.join("\n"));
    assert!(wrong.is_empty(), "{} cells differ:\n{}", wrong.len(), wrong.join("\n"));
    let cells = Stage::iter().count() * Kind::iter().count() * Role::iter().count();
    assert_eq!((lines.len(), expected.len()), (cells, cells), "every cell is printed and promised once");
}

/// Reads an outcome in the words of the table, and checks what a refusal says on the way.
fn answer_of(
    kind: Kind,
    role: Role,
    outcome: Result<&Vec<domain::case::CaseEvent>, &CaseError>,
    expected: &Expected,
    stage: Stage,
) -> Answer {
    match outcome {
        Ok(events) if events.is_empty() => Answer::NothingToDo,
        Ok(events) => Answer::Accepted(events.iter().map(DomainEvent::event_type).collect()),
        Err(CaseError::NotFound) => Answer::NoCase,
        Err(CaseError::AlreadyOpen { .. }) => Answer::Exists,
        Err(CaseError::NeedsFollowUp { .. }) => Answer::FollowUp,
        Err(CaseError::NoReopening) => Answer::NeverReopened,
        Err(CaseError::NotMerged) => Answer::NotMerged,
        Err(CaseError::NotSplit) => Answer::NotSplit,
        Err(CaseError::NotPermitted { action, role: named }) => {
            assert_eq!((*action, *named), (kind, role), "a refusal names the command and the role");
            Answer::NotPermitted
        }
        Err(CaseError::NotInState { action, status, allowed }) => {
            assert_eq!(*action, kind, "a refusal names the command");
            let state_names_it = stage.to_string().starts_with(&status.to_string())
                || (stage == Stage::Reopened && status.to_string() == "Open");
            assert!(state_names_it, "{stage}: a refusal names the state, not {status}");
            for other in Kind::iter() {
                match expected.answer(stage, other, role) {
                    Answer::Accepted(_) => assert!(allowed.contains(&other), "{stage}, {role}: {other} is allowed"),
                    Answer::NotInState | Answer::NotPermitted | Answer::FollowUp | Answer::Exists => {
                        assert!(!allowed.contains(&other), "{stage}, {role}: {other} is not allowed");
                    }
                    Answer::NothingToDo
                    | Answer::NeverReopened
                    | Answer::NotMerged
                    | Answer::NotSplit
                    | Answer::NoCase => {}
                }
            }
            Answer::NotInState
        }
        Err(error) => panic!("{stage} | {kind} | {role}: an unforeseen refusal: {error}"),
    }
}
