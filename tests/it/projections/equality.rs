//! Whatever people do: the tables say what the aggregate came to, nothing internal reaches a customer, and a rebuild
//! makes the same rows, erasures included.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    Actor, AttachmentId, Audience, CaseId, KeyId, Role, Scope,
    case::{Case, CaseCommand, CaseEvent, CaseState, Choice, FileLeft, Status, TextKind, WatcherId},
};
use projections::{AttachmentEntry, ReadModels, rebuild};
use proptest::{
    collection::vec,
    prelude::*,
    strategy::ValueTree as _,
    test_runner::{Config, TestRunner},
};

use super::{audience::view, world::*};

/// Somebody's doing: who, which action in which form, minutes after the start.
pub type Doing = (Role, u8, u8, i64);

pub fn doings() -> impl Strategy<Value = Vec<Doing>> {
    let role = prop_oneof![3 => Just(Role::Contact), 4 => Just(Role::Agent), 3 => Just(Role::Supervisor)];
    vec((role, any::<u8>(), 0_u8..6, 0_i64..3_000), 30..60)
}

#[tokio::test]
async fn tables_equal_the_aggregate_and_a_rebuild_and_tell_customers_nothing_internal() {
    let world = World::new().await;
    let mut runner = TestRunner::new(Config::default());
    let mut histories = vec![];
    for number in 1..=10 {
        let history = doings().new_tree(&mut runner).unwrap().current();
        live_through(&world, number, &history).await;
        histories.push(history);
    }
    // An erasure: a person's keys go, and the cases that have words of theirs are projected again.
    sqlx::query("delete from keys where subject = $1").bind(person(10).0).execute(&world.service).await.unwrap();
    for number in 1..=10 {
        assert_eq!(world.projector.reproject(&stream(case(number))).await.unwrap(), None);
        compare(&world, case(number)).await;
    }
    let live = world.dump().await;
    assert!(!live.contains("dial tone"), "a text of the erased person is still there");
    let rebuilt = rebuild(&world.owner, &world.service, world.log.codec(), ReadModels::Cases, |_| {}).await.unwrap();
    assert_eq!(rebuilt.version, 2);
    similar(&live, &world.dump().await, &histories);
    for number in 1..=10 {
        compare(&world, case(number)).await;
    }
    world.projector.stop().await;
}

/// Appends event by event, and looks after each.
async fn live_through(world: &World, number: i64, history: &[Doing]) {
    let case_id = world.open(number, 1).await;
    for (n, (role, kind, pick, minutes)) in (1..).zip(history) {
        let by = Actor::new(person(10 + *role as u128), *role);
        let action = world.action(*kind, *pick, n);
        let command = CaseCommand { by, at: at(*minutes), action };
        for event in world.decide(case_id, &command).await {
            let before = view(world, &customer(1), case_id).await;
            let position = world.append(case_id, &by, vec![event.clone()]).await;
            world.until_visible(position).await;
            if event.fact.audience() == Audience::Internal {
                let after = view(world, &customer(1), case_id).await;
                assert_eq!(after, before, "{} of {command:?} shows", event.fact.type_name());
            }
        }
    }
    compare(world, case_id).await;
}

/// The read side of a case against the fold of its stream.
async fn compare(world: &World, case_id: CaseId) {
    let loaded = world.log.load::<Case>(&case_id.to_string()).await.unwrap();
    let state = loaded.aggregate.state.as_ref().unwrap();
    let events: Vec<_> = loaded.events.iter().map(|envelope| &envelope.event).collect();
    for scope in [Scope::Staff, customer(1)] {
        compare_for(world, &scope, case_id, state, &events).await;
    }
}

async fn compare_for(world: &World, scope: &Scope, case_id: CaseId, state: &CaseState, events: &[&CaseEvent]) {
    let audience = scope.audience();
    let view = view(world, scope, case_id).await;
    let (case, summary) = (view.case(), &view.case().summary);
    let seen: Vec<_> = events.iter().filter(|event| event.fact.audience() <= audience).collect();
    let internal = audience == Audience::Internal;
    assert_eq!(summary.number, state.number);
    assert_eq!(summary.status, state.status);
    assert_eq!((&summary.case_type, &summary.category), (&state.case_type, &state.category));
    assert_eq!(choice(summary.location.as_ref(), summary.location_not_listed), state.location);
    assert_eq!(choice(summary.product.as_ref(), summary.product_not_listed), state.product);
    assert_eq!((summary.contact.id, summary.opener.id), (state.contact, state.opener));
    assert_eq!(summary.owner.as_ref().map(|owner| owner.id), state.owner);
    assert_eq!(summary.queue, internal.then(|| state.queue.clone()));
    assert_eq!(summary.priority, internal.then_some(state.priority));
    assert_eq!(summary.version, i64::try_from(state.version_for(audience)).unwrap());
    assert_eq!(summary.updated_at, seen.last().unwrap().occurred_at);
    let count = |kind| i32::try_from(state.texts.values().filter(|text| text.kind == kind).count()).unwrap();
    assert_eq!(summary.message_count, count(TextKind::Message));
    assert_eq!(summary.note_count, internal.then(|| count(TextKind::Note)));
    let stands = matches!(state.status, Status::Resolved | Status::Closed);
    let resolution = state.resolution.as_ref().filter(|_| stands);
    assert_eq!(case.resolution.as_ref().map(|given| given.at), resolution.map(|given| given.at));
    assert_eq!(
        case.resolution.as_ref().map(|given| given.satisfaction_score.is_some()),
        resolution.map(|given| given.rated)
    );
    assert_eq!(case.legal_hold, internal.then_some(state.on_hold));
    // Nobody is a contact of an account here, and who is none watches nothing.
    let is_address = |watcher: &&WatcherId| matches!(watcher, WatcherId::Address(_));
    let watchers = state.watchers.iter().filter(is_address).cloned().collect();
    assert_eq!(view.watchers().collect::<BTreeSet<_>>(), watchers);
    let confirmed = |watcher: &WatcherId| !state.unconfirmed.iter().any(|it| it.watcher == *watcher);
    assert!(view.confirmed().iter().all(|(watcher, is)| *is == confirmed(watcher)));
    let files = state.attachments.iter().filter(|(_, file)| internal || !file.of_note);
    let files: BTreeMap<_, _> = files.map(|(id, file)| (*id, (shown(file.left), file.key))).collect();
    assert_eq!(view.attachments().iter().map(left).collect::<BTreeMap<_, _>>(), files);
    let kinds: Vec<_> = view.entries().iter().map(|entry| entry.kind.as_str()).collect();
    assert_eq!(kinds, seen.iter().map(|event| event.fact.type_name()).collect::<Vec<_>>());
    for entry in view.entries().iter().filter(|entry| entry.kind == "MessagePosted" || entry.kind == "Opened") {
        let text = &state.texts[&entry.message_id.unwrap()];
        assert!(!text.redacted || entry.redacted, "{entry:?} was redacted");
        assert_eq!(entry.text.is_none(), entry.redacted, "{entry:?}");
    }
}

/// What is left of a file for those who are no auditors.
fn shown(left: FileLeft) -> FileLeft {
    if left == FileLeft::Withheld { FileLeft::Nothing } else { left }
}

/// What the tables say is left of a file.
fn left(file: &AttachmentEntry) -> (AttachmentId, (FileLeft, KeyId)) {
    assert!(file.name.is_none() || file.left <= FileLeft::Name, "{file:?}");
    (file.attachment_id, (file.left, file.key))
}

fn choice<T: Copy>(picked: Option<&projections::Named<T>>, not_listed: bool) -> Choice<T> {
    match picked {
        Some(picked) => Choice::Picked(picked.id),
        None if not_listed => Choice::NotListed,
        None => Choice::None,
    }
}

/// Compares line by line, so that a failure shows the row and not the database.
fn similar(live: &str, rebuilt: &str, histories: &[Vec<Doing>]) {
    for (live, rebuilt) in live.lines().zip(rebuilt.lines()) {
        assert_eq!(live, rebuilt, "after {histories:?}");
    }
    assert_eq!(live.lines().count(), rebuilt.lines().count());
}

#[tokio::test]
async fn reprojecting_changes_nothing_that_was_not_erased() {
    let world = World::new().await;
    let history = doings().new_tree(&mut TestRunner::new(Config::default())).unwrap().current();
    live_through(&world, 1, &history).await;
    let before = world.dump().await;
    for _ in 0..2 {
        assert_eq!(world.projector.reproject(&stream(case(1))).await.unwrap(), None);
        assert_eq!(world.dump().await, before);
    }
    world.projector.stop().await;
}
