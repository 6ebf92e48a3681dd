//! Rebuilding while people read and write, being interrupted, and being asked twice.

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicUsize, Ordering},
};

use domain::{
    Scope,
    case::{CaseAction, CaseCommand, CaseEvent, CaseFact, NewAttachments},
};
use harness::until;
use projections::{ProjectionError, ReadModels, RebuildProgress, case_by_id, rebuild};

use super::world::*;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn readers_and_writers_go_on_through_a_rebuild_and_its_switch() {
    let world = Arc::new(World::new().await);
    let case_id = world.open(1, 1).await;
    for number in 2..=20 {
        world.open(number, 1).await;
    }
    let is_over = Arc::new(AtomicBool::new(false));
    let reads = Arc::new(AtomicUsize::new(0));

    let writer = tokio::spawn({
        let (world, is_over) = (Arc::clone(&world), Arc::clone(&is_over));
        async move {
            let mut n = 0;
            while !is_over.load(Ordering::Relaxed) {
                n += 1;
                let body = world.words(agent().person, "A note.");
                world
                    .act(
                        case_id,
                        agent(),
                        CaseAction::AddNote { message: message(n), body, attachments: NewAttachments::default() },
                    )
                    .await;
                // What was just written is read, in the version that is live at this moment.
                assert_eq!(note_count(&world).await, i32::try_from(n).unwrap());
            }
        }
    });
    let reader = tokio::spawn({
        let (world, is_over, reads) = (Arc::clone(&world), Arc::clone(&is_over), Arc::clone(&reads));
        async move {
            let mut newest = 0;
            while !is_over.load(Ordering::Relaxed) {
                let notes = note_count(&world).await;
                assert!(notes >= newest, "a reader went back in time: {newest}, then {notes}");
                newest = notes;
                reads.fetch_add(1, Ordering::Relaxed);
            }
        }
    });
    let rebuilt = rebuild(&world.owner, &world.service, world.log.codec(), ReadModels::Cases, |_| {}).await.unwrap();
    assert_eq!(rebuilt.version, 2);
    let during = reads.load(Ordering::Relaxed);
    until("reads after the old version is gone", async || (reads.load(Ordering::Relaxed) > during + 5).then_some(()))
        .await;
    is_over.store(true, Ordering::Relaxed);
    writer.await.unwrap();
    reader.await.unwrap();
    assert!(during > 0);
    let schemas: Vec<String> =
        sqlx::query_scalar("select nspname::text from pg_namespace where nspname ~ '_v[0-9]+$' order by 1")
            .fetch_all(&world.owner)
            .await
            .unwrap();
    assert_eq!(schemas, ["case_v2", "directory_v1"]);
    world.projector.stop().await;
}

async fn note_count(world: &World) -> i32 {
    let case = world.reads().read(&Scope::Staff, |tx| Box::pin(case_by_id(tx, case(1)))).await.unwrap();
    case.unwrap().summary.note_count.unwrap()
}

/// A read that begins on a version which is gone is done again on the one that took its place.
#[tokio::test]
async fn a_read_that_missed_the_switch_follows_it() {
    let world = World::new().await;
    let case_id = world.open(1, 1).await;
    let stale = projections::Reads::open(world.service.clone(), world.log.codec().clone()).await.unwrap();
    rebuild(&world.owner, &world.service, world.log.codec(), ReadModels::Cases, |_| {}).await.unwrap();
    let found = stale.read(&Scope::Staff, |tx| Box::pin(case_by_id(tx, case(1)))).await.unwrap();
    assert_eq!(found.unwrap().summary.case_id, case_id);
}

#[tokio::test]
async fn an_interrupted_rebuild_goes_on_and_an_erasure_meanwhile_reaches_it() {
    let world = World::new().await;
    for number in 1..=5 {
        world.open(number, 1).await;
    }
    // Stops after the events, as a kill would: nothing of what follows happens.
    let interrupted = tokio::spawn({
        let (owner, service, codec) = (world.owner.clone(), world.service.clone(), world.log.codec().clone());
        async move {
            let stop_at_indexes = |progress| {
                assert_ne!(progress, RebuildProgress::Indexes, "interrupted");
            };
            rebuild(&owner, &service, &codec, ReadModels::Cases, stop_at_indexes).await
        }
    });
    interrupted.await.expect_err("interrupted");
    let clear: i64 = sqlx::query_scalar("select count(*) from case_v2.case_activity where text is not null")
        .fetch_one(&world.owner)
        .await
        .unwrap();
    assert_eq!(clear, 5, "the version that is being built has the texts");

    sqlx::query("delete from keys where subject = $1").bind(contact().person.0).execute(&world.service).await.unwrap();
    world.projector.reproject(&stream(case(1))).await.unwrap();
    let position = {
        let resolve = CaseAction::Resolve {
            code: slug("fixed"),
            resolution: world.words(agent().person, "Done."),
            closes_after: None,
        };
        let events = world.decide(case(2), &CaseCommand { by: agent(), at: at(1), action: resolve }).await;
        world.append(case(2), &agent(), events).await
    };
    world.until_visible(position).await;
    let live = world.dump().await;
    let mut seen = vec![];
    let rebuilt = rebuild(&world.owner, &world.service, world.log.codec(), ReadModels::Cases, |at| seen.push(at)).await;
    assert_eq!(rebuilt.unwrap().version, 2);
    assert!(matches!(seen.last(), Some(RebuildProgress::Switched { version: 2 })));
    // Only the first case was projected again; the others have kept, in both, what was read before the erasure.
    assert_eq!(world.dump().await, live);
    assert!(!live.contains("No dial tone 1.") && live.contains("No dial tone 2."));
}

/// The pages of a rebuild are read ahead; each comes once, and cases that go on from page to page come out whole.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_log_of_many_pages_is_rebuilt_as_it_was_projected() {
    let world = World::new().await;
    let mut last = 0;
    for number in 1..=5 {
        world.open(number, 1).await;
    }
    for round in 0..5 {
        for number in 1..=5 {
            let fact = |n: i64| CaseFact::MovedToQueue { queue: slug(&format!("queue-{}", n % 7)) };
            let events = (0..500).map(|n| CaseEvent { occurred_at: at(round), fact: fact(n + number) }).collect();
            last = world.append(case(number), &agent(), events).await;
        }
    }
    world.until_visible(last).await;
    let live = world.dump().await;
    let mut seen = vec![];
    rebuild(&world.owner, &world.service, world.log.codec(), ReadModels::Cases, |at| seen.push(at)).await.unwrap();
    assert!(last > 12_500, "more than two pages");
    let pages = [5_000, 10_000, last].map(|position| RebuildProgress::Events { position, of: last });
    assert_eq!(seen[..3], pages);
    assert!(world.dump().await == live, "the rebuilt tables differ from the live ones");
}

#[tokio::test]
async fn two_rebuilds_at_once_are_one_too_many() {
    let world = World::new().await;
    world.open(1, 1).await;
    let mut lock = world.owner.acquire().await.unwrap();
    sqlx::query("select pg_advisory_lock(4851309538055946242)").execute(&mut *lock).await.unwrap();
    let refusal = rebuild(&world.owner, &world.service, world.log.codec(), ReadModels::Cases, |_| {}).await;
    assert!(matches!(refusal, Err(ProjectionError::RebuildRunning { .. })), "{refusal:?}");
}

#[tokio::test]
async fn migrating_again_changes_nothing() {
    let world = World::new().await;
    world.open(1, 1).await;
    let before = world.dump().await;
    projections::migrate(&world.owner).await.unwrap();
    assert_eq!(world.dump().await, before);
}
