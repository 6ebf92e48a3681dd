//! Events that cannot be applied: one stream is left out and comes back, or everything waits for a newer binary.

use domain::{
    Scope,
    case::{CaseAction, Priority, Status},
};
use harness::until;
use projections::{Health, VISIBLE_WITHIN, Visibility, parked_streams};
use sqlx::Executor as _;

use super::{audience::view, world::*};

/// Alters what is in the log, as only somebody with the owner's rights can.
pub async fn alter(world: &World, statement: &str) {
    let mut tx = world.owner.begin().await.unwrap();
    tx.execute("alter table events disable trigger events_append_only").await.unwrap();
    tx.execute(statement).await.unwrap();
    tx.execute("alter table events enable trigger events_append_only").await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn a_damaged_event_parks_its_stream_alone_until_it_is_mended() {
    let world = World::new().await;
    let (damaged, sound) = (world.open(1, 1).await, world.open(2, 1).await);
    world.projector.stop().await;
    let events = world.decide(damaged, &command(CaseAction::TakeUp)).await;
    let position = world.append(damaged, &agent(), events).await;
    let events = world.decide(damaged, &command(CaseAction::SetPriority { priority: Priority::High })).await;
    world.append(damaged, &agent(), events).await;
    let payload: String = sqlx::query_scalar("select payload::text from events where position = $1")
        .bind(position)
        .fetch_one(&world.owner)
        .await
        .unwrap();
    alter(&world, &format!("update events set payload = '{{}}' where position = {position}")).await;
    let events = world.decide(sound, &command(CaseAction::TakeUp)).await;
    let last = world.append(sound, &agent(), events).await;

    let projector = start_projector(&world.log).await;
    assert_eq!(projector.wait_until(last, VISIBLE_WITHIN * 10).await, Visibility::Visible);
    let parked = parked_streams(&world.service).await.unwrap();
    assert_eq!(
        parked.iter().map(|parked| (&parked.stream, parked.position)).collect::<Vec<_>>(),
        [(&stream(damaged), position)]
    );
    let of = async |case_id| view(&world, &Scope::Staff, case_id).await.case().clone();
    assert!(of(damaged).await.is_degraded && of(damaged).await.summary.version == 2);
    assert!(!of(sound).await.is_degraded && of(sound).await.summary.version == 3);
    // What came after an event that nobody can read may rest on it.
    let page = world.reads().case(&Scope::Staff, damaged).await.unwrap().unwrap();
    assert_eq!((page.is_degraded, page.summary.version, page.summary.priority), (true, 2, Some(Priority::Normal)));
    // Not mended: it is parked again.
    assert_eq!(projector.reproject(&stream(damaged)).await.unwrap().unwrap().position, position);

    alter(&world, &format!("update events set payload = '{payload}' where position = {position}")).await;
    assert_eq!(projector.reproject(&stream(damaged)).await.unwrap(), None);
    assert!(!of(damaged).await.is_degraded && of(damaged).await.summary.version == 4);
    assert_eq!(parked_streams(&world.service).await.unwrap(), []);
    projector.stop().await;
}

fn command(action: CaseAction) -> domain::case::CaseCommand {
    domain::case::CaseCommand { by: agent(), at: at(0), action }
}

#[tokio::test]
async fn a_value_that_the_tables_refuse_parks_its_stream_alone() {
    let world = World::new().await;
    let (refused, sound) = (world.open(1, 1).await, world.open(2, 1).await);
    world
        .owner
        .execute(
            format!(
                "alter table case_v1.case_list add check (case_id <> '{refused}' or status <> 'Canceled') not valid"
            )
            .as_str(),
        )
        .await
        .unwrap();
    world.projector.stop().await;
    let cancel = CaseAction::Cancel { reason: domain::case::CancelReason::Duplicate, comment: None };
    let (mut last, mut canceled) = (0, vec![]);
    for case_id in [refused, sound] {
        for action in [CaseAction::TakeUp, cancel.clone()] {
            let events = world.decide(case_id, &command(action)).await;
            last = world.append(case_id, &agent(), events).await;
        }
        canceled.push(last);
    }
    let projector = start_projector(&world.log).await;
    assert_eq!(projector.wait_until(last, VISIBLE_WITHIN * 10).await, Visibility::Visible);
    let parked = parked_streams(&world.service).await.unwrap();
    assert_eq!(
        parked.iter().map(|parked| (&parked.stream, parked.position)).collect::<Vec<_>>(),
        [(&stream(refused), canceled[0])]
    );
    // Lists have it as it was right before, whatever else came in with the value.
    let rows = async |case_id| view(&world, &Scope::Staff, case_id).await.case().summary.clone();
    assert_eq!((rows(refused).await.status, rows(refused).await.version), (Status::Open, 3));
    assert_eq!(rows(sound).await.status, Status::Canceled);
    world.counts_hold().await;
    projector.stop().await;
}

#[tokio::test]
async fn an_event_of_a_newer_binary_stops_the_group_and_parks_nothing() {
    let world = World::new().await;
    let case_id = world.open(1, 1).await;
    world.projector.stop().await;
    let events = world.decide(case_id, &command(CaseAction::TakeUp)).await;
    let unknown = world.append(case_id, &agent(), events).await;
    alter(&world, &format!("update events set event_type = 'Teleported' where position = {unknown}")).await;

    let projector = start_projector(&world.log).await;
    let stopped = until("the group to stand still", async || {
        let health = projector.health();
        (health != Health::Ready).then_some(health)
    })
    .await;
    assert!(matches!(&stopped, Health::NotReady(reason) if reason.contains("newer")), "{stopped:?}");
    assert!(projector.progress().borrow().position < unknown);
    assert_eq!(parked_streams(&world.service).await.unwrap(), []);

    alter(&world, &format!("update events set event_type = 'TakenUp' where position = {unknown}")).await;
    until("the group to move on", async || (projector.progress().borrow().position >= unknown).then_some(())).await;
    until("the group to be ready", async || (projector.health() == Health::Ready).then_some(())).await;
    projector.stop().await;
}
