//! Several instances on one database: an event is applied once, whoever does it, and everybody learns of it.

use std::sync::Arc;

use domain::{
    Scope,
    case::{CaseAction, CaseCommand, NewAttachments},
};
use harness::until;
use projections::{ReadModels, rebuild};
use sqlx::Executor as _;

use super::{audience::view, world::*};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_projectors_apply_every_event_once() {
    let world = Arc::new(World::new().await);
    let others = [start_projector(&world.log).await, start_projector(&world.log).await];
    let writers = (1..=6).map(|number| {
        let world = Arc::clone(&world);
        tokio::spawn(async move {
            let case_id = world.open(number, 1).await;
            let mut last = 0;
            for n in 1..=20 {
                let body = world.words(contact().person, "A word.");
                let action =
                    CaseAction::PostMessage { message: message(n), body, attachments: NewAttachments::default() };
                let command = CaseCommand { by: contact(), at: at(0), action };
                let events = world.decide(case_id, &command).await;
                last = world.append(case_id, &contact(), events).await;
            }
            last
        })
    });
    let mut last = 0;
    for writer in writers.collect::<Vec<_>>() {
        last = last.max(writer.await.unwrap());
    }
    world.until_visible(last).await;
    for projector in &others {
        projector.wait_until(last, projections::VISIBLE_WITHIN * 10).await;
        assert!(projector.progress().borrow().position >= last, "an instance that heard nothing");
        projector.stop().await;
    }
    for number in 1..=6 {
        let staff = view(&world, &Scope::Staff, case(number)).await;
        assert_eq!((staff.case().summary.message_count, staff.case().summary.version), (20, 22));
        assert_eq!(staff.entries().len(), 22);
    }
    world.projector.stop().await;
    let live = world.dump().await;
    rebuild(&world.owner, &world.service, world.log.codec(), ReadModels::Cases, |_| {}).await.unwrap();
    assert_eq!(world.dump().await, live);
}

/// An instance reads what another one wrote, as soon as it waits for the position: without a step of its own.
#[tokio::test]
async fn what_one_instance_writes_another_one_reads() {
    let world = World::new().await;
    let other = start_projector(&world.log).await;
    let case_id = world.open(1, 1).await;
    let note = CaseAction::AddNote {
        message: message(7),
        body: world.words(agent().person, "A note."),
        attachments: NewAttachments::default(),
    };
    let events = world.decide(case_id, &CaseCommand { by: agent(), at: at(0), action: note }).await;
    let position = world.append(case_id, &agent(), events).await;
    assert_eq!(other.wait_until(position, projections::VISIBLE_WITHIN * 10).await, projections::Visibility::Visible);
    let mut tx = other.reads().begin(&Scope::Staff).await.unwrap();
    let read = projections::case_by_id(&mut tx, case_id).await.unwrap().unwrap();
    assert_eq!(read.summary.note_count, Some(1));
    other.stop().await;
}

/// Texts that are erased while a step has them in its hands: it began in another epoch, and does not write them.
#[tokio::test]
async fn a_step_that_an_erasure_overtakes_writes_nothing_of_what_was_erased() {
    const WORDS: &str = "My PIN is 1234.";
    let world = World::new().await;
    let case_id = world.open(1, 1).await;
    // As projecting a stream again does: the checkpoint is held meanwhile, and left in the next epoch.
    let mut erasure = world.owner.begin().await.unwrap();
    erasure.execute("update projection_checkpoints set epoch = epoch + 1").await.unwrap();
    let note = CaseAction::AddNote {
        message: message(7),
        body: world.words(person(77), WORDS),
        attachments: NewAttachments::default(),
    };
    let events = world.decide(case_id, &CaseCommand { by: agent(), at: at(0), action: note }).await;
    let position = world.append(case_id, &agent(), events).await;
    world.projector.wait_until(position, std::time::Duration::ZERO).await;
    until("a step to have read the note and to wait with it", async || {
        let waits = "select exists (select from pg_stat_activity where datname = current_database()
             and wait_event_type = 'Lock' and query like '%update projection_checkpoints%')";
        sqlx::query_scalar::<_, bool>(waits).fetch_one(&world.owner).await.unwrap().then_some(())
    })
    .await;
    sqlx::query("delete from keys where subject = $1").bind(person(77).0).execute(&world.service).await.unwrap();
    erasure.commit().await.unwrap();
    world.until_visible(position).await;
    let tables = world.dump().await;
    assert!(tables.contains("InternalNoteAdded") && !tables.contains(WORDS), "{tables}");
}

#[tokio::test]
async fn what_is_not_there_in_time_is_pending() {
    let world = World::new().await;
    let never = 1_000_000;
    let waited = world.projector.wait_until(never, std::time::Duration::from_millis(20)).await;
    assert_eq!(waited, projections::Visibility::Pending);
}
