//! What must hold whatever people ask of a case, in whatever order and at whatever times: random sequences of
//! commands, and after every single one the promises of the write model.

mod support;

use std::collections::{BTreeMap, BTreeSet};

use cqrs_es::{Aggregate, test::TestFramework};
use domain::{
    Actor, AttachmentId, Audience, LocationId, MessageId, PersonId, ProductId, Role, Slug,
    case::{
        CancelReason, Case, CaseAction, CaseActionKind as Kind, CaseCommand, CaseError, CaseEvent, CaseFact, CaseState,
        Choice, CloseCause, FileLeft, MAX_ATTACHMENTS, NewAttachments, OtherTextKind, Priority, Resolution, Status,
        TextKind, TextLeft, Unconfirmed, Wait, WaitReason, Watcher, WatcherId,
    },
    sealed,
};
use proptest::{collection::vec, prelude::*, sample::select};
use strum::IntoEnumIterator;
use support::{
    DESCRIPTION, actor, address_watcher, attachment, case_id, command, files, location, message, opening, person,
    product, slug, split, start, words,
};

/// All that a customer sees of a case, as far as the write model knows it.
#[derive(Clone, Debug, PartialEq)]
struct ContactView {
    status: Status,
    owner: Option<PersonId>,
    location: Choice<LocationId>,
    product: Choice<ProductId>,
    case_type: Slug,
    category: Slug,
    contact: PersonId,
    watchers: BTreeSet<WatcherId>,
    resolution: Option<Resolution>,
    /// Descriptions and messages, and whether they were taken away or are another case's; whether their key is gone is
    /// not for customers.
    texts: BTreeMap<MessageId, (TextKind, bool, bool)>,
    /// Subjects, resolutions, reasons and comments, and whether they were taken away.
    other_texts: BTreeMap<MessageId, (OtherTextKind, bool)>,
    /// Files that are no note's, and whether their bytes and names were taken away.
    attachments: BTreeMap<AttachmentId, (bool, bool)>,
    waiting_for_them: Option<Wait>,
    version: u64,
}

impl ContactView {
    fn of(state: &CaseState) -> Self {
        let public_texts = state.texts.iter().filter(|(_, text)| text.kind != TextKind::Note);
        let other_texts = state.other_texts.iter().filter(|(_, text)| text.kind != OtherTextKind::HoldReason);
        let public_files = state.attachments.iter().filter(|(_, file)| !file.of_note);
        Self {
            status: state.status,
            owner: state.owner,
            location: state.location,
            product: state.product,
            case_type: state.case_type.clone(),
            category: state.category.clone(),
            contact: state.contact,
            watchers: state.watchers.clone(),
            resolution: state.resolution.clone(),
            texts: public_texts
                .map(|(id, text)| (*id, (text.kind, text.redacted, text.elsewhere.moved_to.is_some())))
                .collect(),
            other_texts: other_texts.map(|(id, text)| (*id, (text.kind, text.left > TextLeft::All))).collect(),
            attachments: public_files
                .map(|(id, file)| (*id, (file.left > FileLeft::All, file.left > FileLeft::Name)))
                .collect(),
            waiting_for_them: state.wait.filter(|wait| wait.reason == WaitReason::Customer),
            version: state.version_for(Audience::Public),
        }
    }
}

/// A command by anybody, about anything, at any time. Values come from small pools, so that they meet again.
fn any_command() -> impl Strategy<Value = CaseCommand> {
    let roles: Vec<Role> = Role::iter().collect();
    // Mostly those who may do something, so that sequences get somewhere.
    let role = prop_oneof![
        3 => Just(Role::Contact),
        4 => Just(Role::Agent),
        3 => Just(Role::Supervisor),
        2 => select(roles),
    ];
    let kind = select(Kind::iter().collect::<Vec<_>>());
    let minutes = -2_000_i64..6_000;
    (role, kind, 0_u8..6, minutes)
        .prop_map(|(role, kind, pick, minutes)| command(actor(role), minutes, action(kind, pick)))
}

/// One of six ways to give each command.
fn action(kind: Kind, pick: u8) -> CaseAction {
    let n = u128::from(pick);
    let text = || words(n + 1, "Some words.");
    // Some come with a file that another message or note may bring, too.
    let with = || if pick < 3 { files(&[]) } else { files(&[20 + n / 2]) };
    let watcher = || if pick == 5 { address_watcher() } else { Watcher::Contact { person: person(10 + n) } };
    let waits: Vec<_> = WaitReason::iter().collect();
    let reasons: Vec<_> = CancelReason::iter().collect();
    let until = pick.is_multiple_of(2).then(|| start() + chrono::TimeDelta::minutes(i64::from(pick) * 500));
    match kind {
        Kind::Open => opening(vec![watcher(); usize::from(pick)]),
        Kind::TakeUp => CaseAction::TakeUp,
        Kind::Assign => CaseAction::Assign { owner: person(11 + n % 2) },
        Kind::Release => CaseAction::Release,
        Kind::MoveToQueue => CaseAction::MoveToQueue { queue: slug(["support", "billing"][usize::from(pick % 2)]) },
        Kind::StartWait => {
            CaseAction::StartWait { wait: Wait { reason: waits[usize::from(pick) % waits.len()], until } }
        }
        Kind::EndWait => CaseAction::EndWait,
        Kind::PostMessage => CaseAction::PostMessage { message: message(n), body: text(), attachments: with() },
        Kind::AddNote => CaseAction::AddNote { message: message(n + 3), body: text(), attachments: with() },
        Kind::RedactMessage if pick < 2 => CaseAction::RedactMessage { message: MessageId::of_text(text().key()) },
        Kind::RedactMessage if pick < 4 => CaseAction::RedactMessage { message: message(DESCRIPTION) },
        Kind::RedactMessage => CaseAction::RedactMessage { message: message(n - 3) },
        Kind::AddAttachments => CaseAction::AddAttachments { attachments: files(&[n, n + 1]) },
        Kind::RemoveAttachment => CaseAction::RemoveAttachment { attachment: attachment(n) },
        Kind::RedactAttachment => CaseAction::RedactAttachment { attachment: attachment(n) },
        Kind::AddWatcher => CaseAction::AddWatcher { watcher: watcher() },
        Kind::RemoveWatcher => CaseAction::RemoveWatcher { watcher: watcher().id() },
        Kind::LeaveWatchList => CaseAction::LeaveWatchList,
        Kind::ConfirmWatching => {
            CaseAction::ConfirmWatching { watcher: address_watcher().id(), addition: u64::from(pick) }
        }
        Kind::LeaveByLink => CaseAction::LeaveByLink { watcher: address_watcher().id() },
        Kind::SetPriority => CaseAction::SetPriority {
            priority: [Priority::Low, Priority::Normal, Priority::High][usize::from(pick % 3)],
        },
        Kind::Reclassify => CaseAction::Reclassify { case_type: slug("billing"), category: slug("other") },
        Kind::SetLocation => {
            CaseAction::SetLocation { location: if pick < 2 { Choice::NotListed } else { location(n) } }
        }
        Kind::SetProduct => CaseAction::SetProduct { product: if pick < 2 { Choice::None } else { product(n) } },
        Kind::ClearTriage => CaseAction::ClearTriage,
        Kind::SetSubject => CaseAction::SetSubject { subject: text() },
        Kind::SetContact => CaseAction::SetContact { contact: person(10 + n) },
        Kind::Resolve => CaseAction::Resolve {
            code: slug(["fixed", "workaround"][usize::from(pick % 2)]),
            resolution: text(),
            closes_after: None,
        },
        Kind::AcceptResolution => CaseAction::AcceptResolution,
        Kind::RejectResolution => CaseAction::RejectResolution { reason: (pick > 2).then(text) },
        Kind::Reopen => CaseAction::Reopen { reason: text() },
        Kind::UndoReopening => CaseAction::UndoReopening,
        Kind::Cancel => {
            CaseAction::Cancel { reason: reasons[usize::from(pick) % reasons.len()], comment: (pick == 4).then(text) }
        }
        Kind::Close => CaseAction::Close {
            cause: [CloseCause::ConfirmedElsewhere, CloseCause::TimeElapsed, CloseCause::Accepted]
                [usize::from(pick % 3)],
        },
        Kind::Rate => CaseAction::Rate { score: pick, comment: None },
        Kind::PlaceHold => CaseAction::PlaceHold { reason: words(n + 100, "Some words.") },
        Kind::LiftHold => CaseAction::LiftHold,
        Kind::Link => CaseAction::Link { other: case_id(n) },
        Kind::Unlink => CaseAction::Unlink { other: case_id(n) },
        Kind::Merge => CaseAction::Merge { into: case_id(n) },
        Kind::UndoMerge => CaseAction::UndoMerge,
        Kind::Split => split(n, n),
        Kind::UndoSplit => CaseAction::UndoSplit,
    }
}

/// Every way to give a command that could make a difference: the six, what the case itself names, and something new.
fn ways_to(case: &Case, kind: Kind) -> Vec<CaseAction> {
    let mut ways: Vec<_> = (0..6).map(|pick| action(kind, pick)).collect();
    let Some(state) = &case.state else { return ways };
    match kind {
        Kind::PostMessage => ways.push(CaseAction::PostMessage {
            message: message(9_000),
            body: words(9_000, "New."),
            attachments: NewAttachments::default(),
        }),
        Kind::AddNote => ways.push(CaseAction::AddNote {
            message: message(9_000),
            body: words(9_000, "New."),
            attachments: NewAttachments::default(),
        }),
        Kind::Reclassify => ways.push(CaseAction::Reclassify { case_type: slug("fraud"), category: slug("other") }),
        Kind::AddWatcher => ways.push(CaseAction::AddWatcher { watcher: Watcher::Contact { person: person(9_000) } }),
        Kind::RedactMessage => {
            let texts = state.texts.keys().chain(state.other_texts.keys());
            ways.extend(texts.map(|message| CaseAction::RedactMessage { message: *message }));
        }
        Kind::Link => ways.push(CaseAction::Link { other: case_id(9_000) }),
        Kind::Unlink => ways.extend(state.links.keys().map(|other| CaseAction::Unlink { other: *other })),
        Kind::Merge => ways.push(CaseAction::Merge { into: case_id(9_000) }),
        Kind::Split => ways.extend(state.texts.keys().map(|message| split(9_000, message.0.as_u128()))),
        Kind::AddAttachments => ways.push(CaseAction::AddAttachments { attachments: files(&[9_000]) }),
        Kind::RemoveAttachment => {
            let remove = |attachment: &AttachmentId| CaseAction::RemoveAttachment { attachment: *attachment };
            ways.extend(state.attachments.keys().map(remove));
        }
        Kind::RedactAttachment => {
            let redact = |attachment: &AttachmentId| CaseAction::RedactAttachment { attachment: *attachment };
            ways.extend(state.attachments.keys().map(redact));
        }
        Kind::RemoveWatcher => {
            let remove = |watcher: &WatcherId| CaseAction::RemoveWatcher { watcher: watcher.clone() };
            ways.extend(state.watchers.iter().map(remove));
        }
        Kind::ConfirmWatching => {
            let confirm =
                |it: &Unconfirmed| CaseAction::ConfirmWatching { watcher: it.watcher.clone(), addition: it.addition };
            ways.extend(state.unconfirmed.iter().map(confirm));
        }
        _ => {}
    }
    ways
}

/// Sequences that begin with an opening nine times out of ten. Those without one must come to nothing until theirs.
fn any_commands() -> impl Strategy<Value = Vec<CaseCommand>> {
    (0_u8..10, 0_u8..6, vec(any_command(), 1..80)).prop_map(|(begin, pick, mut commands)| {
        if begin > 0 {
            commands.insert(0, command(actor(Role::Contact), 0, action(Kind::Open, pick)));
        }
        commands
    })
}

fn folded(events: &[CaseEvent]) -> Case {
    let mut case = Case::default();
    events.iter().cloned().for_each(|event| case.apply(event));
    case
}

/// Gives a command, checks each of its events by itself, and adds them to the log.
fn give(case: &mut Case, log: &mut Vec<CaseEvent>, command: &CaseCommand) -> Result<usize, CaseError> {
    let before = case.clone();
    let decided = case.decide(command);
    assert_eq!(*case, before, "deciding changes nothing");
    let events = decided?;
    for event in &events {
        apply_checked(case, event);
    }
    log.extend(events.iter().cloned());
    Ok(events.len())
}

/// Applies one event and checks what any event must keep.
fn apply_checked(case: &mut Case, event: &CaseEvent) {
    let before = case.state.clone();
    case.apply(event.clone());
    let after = case.state.as_ref().expect("an accepted command leaves a case");
    let Some(before) = before else {
        assert_eq!((after.status, after.version, after.public_version), (Status::New, 1, 1), "how a case begins");
        return;
    };
    let public = event.fact.audience() == Audience::Public;
    assert!(event.occurred_at >= before.last_occurred_at, "time never runs backwards: {event:?}");
    assert_eq!(after.last_occurred_at, event.occurred_at);
    assert_eq!(after.version, before.version + 1, "each event counts: {event:?}");
    assert_eq!(after.public_version, before.public_version + u64::from(public), "customers count theirs: {event:?}");
    if !public {
        assert_eq!(ContactView::of(after), ContactView::of(&before), "a customer could tell: {event:?}");
    }
    if matches!(event.fact, CaseFact::MergeUndone { .. }) {
        return;
    }
    if before.status.is_final() {
        assert_eq!(after.status, before.status, "what is settled stays settled: {event:?}");
    }
    assert!(lifecycle_allows(before.status, after.status), "{} -> {}: {event:?}", before.status, after.status);
    assert!(after.wait.is_none() || after.status == Status::Open, "only an open case waits: {event:?}");
}

/// The arrows of the lifecycle, and staying where one is.
fn lifecycle_allows(from: Status, to: Status) -> bool {
    use Status::{Canceled, Closed, New, Open, Resolved};
    from == to || matches!((from, to), (New, Open | Canceled) | (Open, Resolved | Canceled) | (Resolved, Open | Closed))
}

/// Commands whose repetition is refused by name or done again, never granted for nothing: a second rating, and
/// taking back what is taken back, are refused; a subject is set once more, to the same words.
const NEVER_HOLD: [Kind; 3] = [Kind::Rate, Kind::UndoReopening, Kind::SetSubject];

/// Gives an accepted command again at once, under the same ids, and checks that it has no second effect.
fn repeat(case: &Case, given: &CaseCommand) {
    let kind = Kind::from(&given.action);
    let again = case.decide(given);
    match again {
        Ok(events) if kind == Kind::SetSubject => {
            assert!(matches!(events[..], [CaseEvent { fact: CaseFact::SubjectChanged { .. }, .. }]), "{events:?}");
        }
        Ok(events) => assert!(events.is_empty(), "{given:?} had a second effect: {events:?}"),
        Err(error) => assert!(NEVER_HOLD.contains(&kind), "{given:?} holds already, but is refused: {error}"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    /// The promises of [`apply_checked`] and [`repeat`]; and the events, stored one by one and read back, make the
    /// very state that was decided on.
    #[test]
    fn any_sequence_of_commands_keeps_the_promises(commands in any_commands()) {
        let mut case = Case::default();
        let mut log = vec![];
        for given in &commands {
            let (before, known) = (case.clone(), log.len());
            match give(&mut case, &mut log, given) {
                Ok(0) => prop_assert_eq!(&case, &before, "nothing to do changes nothing"),
                Ok(_) => repeat(&case, given),
                Err(_) => prop_assert_eq!((&case, log.len()), (&before, known), "a refusal changes nothing"),
            }
            prop_assert_eq!(&case, &folded(&log), "live and replayed differ after {:?}", given);
        }
        let version = case.state.as_ref().map_or(0, |state| state.version);
        prop_assert_eq!(version, log.len() as u64, "a version is a number of events");

        let stored: Vec<_> =
            log.iter().map(|event| sealed::expose(|| serde_json::to_string(event)).expect("an event is JSON")).collect();
        let read: Vec<CaseEvent> =
            stored.iter().map(|text| serde_json::from_str(text).expect("a stored event reads")).collect();
        prop_assert_eq!(&read, &log);
        prop_assert_eq!(folded(&read), case);
    }

    /// What is offered can be done and does something; what is not offered cannot be done, or does nothing.
    #[test]
    fn what_is_allowed_is_what_the_rules_accept(commands in any_commands(), minutes in -2_000_i64..9_000) {
        let mut case = Case::default();
        for given in &commands {
            // Refusals are part of the life of a case.
            let _ = give(&mut case, &mut vec![], given);
        }
        for role in Role::iter() {
            let by = actor(role);
            let allowed = case.allowed(&by, command(by, minutes, CaseAction::TakeUp).at, MAX_ATTACHMENTS);
            for kind in Kind::iter() {
                let ways = ways_to(&case, kind);
                let changes = ways.into_iter().find(|action| {
                    case.decide(&command(by, minutes, action.clone())).is_ok_and(|events| !events.is_empty())
                });
                // Opening is not of a case that is there, and all that there is where none is.
                let offered = allowed.contains(&kind) || (kind == Kind::Open && case.state.is_none());
                let may_open = kind != Kind::Open || domain::case::table::permits(by.roles, kind);
                prop_assert_eq!(offered && may_open, changes.is_some(), "{:?} by {:?}: {:?}", kind, role, changes);
            }
        }
    }

    /// Whoever may not give a command gets the same answer whether or not there is a case.
    #[test]
    fn a_refused_role_learns_nothing(commands in any_commands(), stranger in any_command()) {
        let mut case = Case::default();
        for given in &commands {
            // Refusals are part of the life of a case.
            let _ = give(&mut case, &mut vec![], given);
        }
        if let Err(refusal @ CaseError::NotPermitted { .. }) = Case::default().decide(&stranger) {
            prop_assert_eq!(case.decide(&stranger), Err(refusal));
        }
    }
}

/// The random sequences are worth something only if they get everywhere.
#[test]
fn random_sequences_reach_every_state_and_every_event() {
    use proptest::{strategy::ValueTree, test_runner::TestRunner};
    let mut runner = TestRunner::deterministic();
    let (mut statuses, mut types) = (BTreeSet::new(), BTreeSet::new());
    for _ in 0..2_000 {
        let commands = any_commands().new_tree(&mut runner).expect("a sequence").current();
        let (mut case, mut log) = (Case::default(), vec![]);
        for given in &commands {
            // Refusals are part of the life of a case.
            let _ = give(&mut case, &mut log, given);
            statuses.extend(case.state.as_ref().map(|state| state.status));
        }
        types.extend(log.iter().map(|event| event.fact.type_name()));
    }
    assert_eq!(statuses, Status::iter().collect());
    // They take a hold, a redaction, the end of the hold and the same redaction, all by a supervisor: too rare to wait for.
    types.extend(["RedactedTextDestroyed", "RedactedAttachmentDestroyed"]);
    // A confirmation has to name the one event that added the watcher.
    types.extend(["WatcherConfirmed"]);
    // What the other one of two cases has to say is tested beside its rule.
    types.extend(["Absorbed", "AbsorptionUndone", "Redirected", "SplitFrom", "SplitUndone"]);
    types.extend(["CarriedOver", "ContentsReturned"]);
    let all: BTreeSet<&str> = domain::case::CaseFactKind::iter().map(Into::into).collect();
    assert_eq!(types, all);
}

// The stock test kit of the framework works with the aggregate as it is.

fn kit() -> TestFramework<Case> {
    TestFramework::with(())
}

fn history(commands: Vec<CaseCommand>) -> Vec<CaseEvent> {
    let (mut case, mut log) = (Case::default(), vec![]);
    for given in commands {
        give(&mut case, &mut log, &given).expect("a history is made of accepted commands");
    }
    log
}

fn opened() -> Vec<CaseEvent> {
    history(vec![command(actor(Role::Contact), 0, opening(vec![]))])
}

#[test]
fn the_frameworks_kit_opens_a_case() {
    kit()
        .given_no_previous_events()
        .when(command(actor(Role::Contact), 0, opening(vec![])))
        .then_expect_events(opened());
}

#[test]
fn the_frameworks_kit_sees_several_events_of_one_command() {
    let agent = actor(Role::Agent);
    let at = start() + chrono::TimeDelta::minutes(5);
    let resolve = CaseAction::Resolve { code: slug("fixed"), resolution: words(1, "New card."), closes_after: None };
    kit().given(opened()).when(command(agent, 5, resolve)).then_expect_events(vec![
        CaseEvent { occurred_at: at, fact: CaseFact::TakenUp { owner: agent.person } },
        CaseEvent {
            occurred_at: at,
            fact: CaseFact::Resolved { code: slug("fixed"), resolution: words(1, "New card."), closes_at: None },
        },
    ]);
}

#[test]
fn the_frameworks_kit_sees_a_late_command_at_the_time_of_the_last_event() {
    let agent = actor(Role::Agent);
    let fact = CaseFact::TakenUp { owner: agent.person };
    kit()
        .given(opened())
        .when(command(agent, -60, CaseAction::TakeUp))
        .then_expect_events(vec![CaseEvent { occurred_at: start(), fact }]);
}

#[test]
fn the_frameworks_kit_sees_refusals() {
    let agent: Actor = actor(Role::Agent);
    kit().given_no_previous_events().when(command(agent, 0, CaseAction::TakeUp)).then_expect_error(CaseError::NotFound);
    kit()
        .given(opened())
        .when(command(actor(Role::Auditor), 0, CaseAction::TakeUp))
        .then_expect_error_message("as auditor you may not take up");
}
