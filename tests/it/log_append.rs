//! Appending and reading back: whole, in one statement, in order, or not at all.

use std::{
    collections::BTreeSet,
    sync::atomic::{AtomicUsize, Ordering},
};

use cqrs_es::Aggregate as _;
use domain::{
    CaseId, KeyId, MessageId, Sealed,
    case::{Case, CaseAction, CaseError, CaseEvent, CaseFact, CaseFactKind, Contents, LinkKind, Priority, Status},
};
use event_log::{
    AnyEvent, AppendError, AppendOptions, Execute, ExecuteError, Executed, FeedEvent, Loaded, LogError, LogEvent as _,
    Reservation, append::MAX_EVENTS, execute::MAX_ATTEMPTS, read_page, read_stream, safe_position_now, verify,
};
use sqlx::Executor as _;
use strum::IntoEnumIterator as _;

use crate::log_fixture::*;

#[tokio::test]
async fn every_type_of_event_reads_back_as_it_was_decided() {
    let desk = Desk::new().await;
    let mut all = vec![];
    for script in whole_lives() {
        let case_id = new_id().to_string();
        let mut recorded = desk.live(&case_id, script).await;
        recorded.extend(beside_another_case(&desk, &case_id).await);
        let loaded = desk.load(&case_id).await;
        assert_eq!(*loaded.aggregate, fold(&recorded), "the rules see the same case");
        let read = read_whole_stream(&desk, &case_id).await;
        assert_eq!(read, as_read(&recorded), "every text is open, except the redacted ones");
        all.extend(as_read(&recorded));
    }
    let types: BTreeSet<&str> = all.iter().map(|event| event.fact.type_name()).collect();
    let known: BTreeSet<&str> = CaseFactKind::iter().map(Into::into).collect();
    assert_eq!(types, known, "the two lives have every type of event");
    assert_eq!(read_whole_log(&desk, 7).await, all, "the log in order is both lives, one after the other");
}

/// Has a case record what commands on two cases leave, whatever the other one says.
async fn beside_another_case(desk: &Desk, case_id: &str) -> Vec<CaseEvent> {
    let loaded = desk.load(case_id).await;
    let at = loaded.aggregate.state.as_ref().unwrap().last_occurred_at;
    let case = CaseId(new_id());
    let contents = || Contents { messages: vec![MessageId(new_id())], ..Contents::default() };
    let facts = vec![
        CaseFact::ReminderDue {},
        CaseFact::LinkedTo { case, kind: LinkKind::Related },
        CaseFact::Unlinked { case },
        CaseFact::MergedInto { case },
        CaseFact::MergeUndone { case, status: Status::Open },
        CaseFact::Absorbed { case, brought: vec![], added: vec![] },
        CaseFact::AbsorptionUndone { case },
        CaseFact::Redirected { through: vec![case], contents: contents() },
        CaseFact::SplitFrom { case },
        CaseFact::SplitInto { case },
        CaseFact::SplitUndone { case },
        CaseFact::CarriedOver { case, contents: contents() },
        CaseFact::ContentsMoved { case, contents: contents(), of_notes: true },
        CaseFact::ContentsReturned { case, contents: contents(), of_notes: false },
    ];
    let events: Vec<_> = facts.into_iter().map(|fact| CaseEvent { occurred_at: at, fact }).collect();
    let stamped = events.iter().map(|event| (event.clone(), metadata(&agent()))).collect();
    desk.log.append(&loaded, stamped, AppendOptions::at(now())).await.unwrap();
    events
}

fn fold(events: &[CaseEvent]) -> Case {
    let mut case = Case::default();
    for event in events {
        case.apply(event.clone());
    }
    case
}

/// The events as a reader sees them now: a note, subject or file name whose key was destroyed has no words any more.
fn as_read(events: &[CaseEvent]) -> Vec<CaseEvent> {
    let destroyed = |wanted| events.iter().any(|event| event.destroyed_keys().contains(&wanted));
    let mut read = events.to_vec();
    for event in &mut read {
        match &mut event.fact {
            CaseFact::InternalNoteAdded { body, .. } => erase_if(body, destroyed),
            CaseFact::SubjectChanged { subject } => erase_if(subject, destroyed),
            CaseFact::AttachmentAdded(added) => erase_if(&mut added.label, destroyed),
            _ => {}
        }
    }
    read
}

fn erase_if<T>(sealed: &mut Sealed<T>, destroyed: impl Fn(KeyId) -> bool) {
    if destroyed(sealed.key()) {
        *sealed = Sealed::Erased { key: sealed.key(), subject: sealed.subject() };
    }
}

async fn read_whole_stream(desk: &Desk, case_id: &str) -> Vec<CaseEvent> {
    let mut connection = desk.pool.acquire().await.unwrap();
    let read = read_stream(&mut connection, desk.log.codec(), &stream(case_id)).await.unwrap();
    read.iter().map(case_event).collect()
}

async fn read_whole_log(desk: &Desk, page_size: i64) -> Vec<CaseEvent> {
    let mut connection = desk.pool.acquire().await.unwrap();
    let safe = safe_position_now(&desk.pool).await.unwrap();
    let (mut all, mut after) = (vec![], 0);
    loop {
        let page = read_page(&mut connection, desk.log.codec(), after, safe, page_size).await.unwrap();
        let Some(last) = page.last() else { return all };
        after = last.position;
        all.extend(page.iter().map(case_event));
    }
}

fn case_event(read: &FeedEvent) -> CaseEvent {
    let (AnyEvent::Case { case_id, event }, _) = read.event.as_ref().unwrap() else { panic!("another aggregate") };
    assert_eq!(case_id.to_string(), read.stream.aggregate_id);
    event.clone()
}

#[tokio::test]
async fn several_streams_are_appended_together_or_not_at_all() {
    let desk = Desk::new().await;
    let (one, other) = (desk.open_case().await, desk.open_case().await);
    let prepare = async |case_id: &str, priority| {
        let loaded = desk.load(case_id).await;
        let events = loaded.aggregate.decide(&command(agent(), set_priority(priority))).unwrap();
        let events: Vec<_> = events.into_iter().map(|event| (event, metadata(&agent()))).collect();
        desk.log.prepare(&loaded, &events, &[], now()).unwrap()
    };

    let both = vec![prepare(&other, Priority::High).await, prepare(&one, Priority::High).await];
    let stale = vec![prepare(&one, Priority::Low).await, prepare(&other, Priority::Low).await];
    let appended = desk.log.append_all(both, AppendOptions::at(now())).await.unwrap();
    let loaded = [desk.load(&one).await, desk.load(&other).await];
    assert_eq!(appended.position, loaded.iter().map(Loaded::position).max());

    // Both were loaded before the append above, and one has changed again since.
    desk.act(&one, agent(), set_priority(Priority::Critical)).await;
    let refusal = desk.log.append_all(stale, AppendOptions::at(now())).await;
    assert!(matches!(refusal, Err(AppendError::Conflict)), "{refusal:?}");
    assert_eq!(desk.load(&other).await.version(), loaded[1].version(), "nothing of the refused append is there");
    assert_eq!(verify(&desk.pool, |_| ()).await.unwrap().first_bad, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_conflict_is_told_by_append_and_decided_again_by_execute() {
    let desk = Desk::new().await;
    let case_id = desk.open_case().await;
    let stale = desk.load(&case_id).await;
    desk.act(&case_id, agent(), CaseAction::TakeUp).await;
    let events = stale.aggregate.decide(&command(agent(), set_priority(Priority::High))).unwrap();
    let events = events.into_iter().map(|event| (event, metadata(&agent()))).collect();
    let refusal = desk.log.append(&stale, events, AppendOptions::at(now())).await;
    assert!(matches!(refusal, Err(AppendError::Conflict)), "{refusal:?}");

    let decided = AtomicUsize::new(0);
    let outcome = contend(&desk, &case_id, 2, &decided).await;
    assert!(outcome.is_ok());
    assert_eq!(decided.load(Ordering::Relaxed), 3, "twice somebody was faster");
    let outcome = contend(&desk, &case_id, usize::MAX, &decided).await;
    assert!(matches!(outcome, Err(ExecuteError::Contended)));
    assert_eq!(decided.load(Ordering::Relaxed), 3 + usize::try_from(MAX_ATTEMPTS).unwrap());
}

/// Posts a message while, `rivals` times, somebody in another process posts one between load and append.
async fn contend(desk: &Desk, case_id: &str, rivals: usize, decided: &AtomicUsize) -> CaseOutcome {
    let other_process = desk.another_process();
    let before = decided.load(Ordering::Relaxed);
    let command = command(agent(), post(agent()));
    let contended = Execute {
        aggregate_id: case_id,
        metadata: metadata(&agent()),
        at: now(),
        idempotency: None,
        reservations: vec![],
        file_keys: &[],
    };
    let decide = |loaded: &Loaded<Case>| -> Result<Vec<CaseEvent>, CaseError> {
        let attempt = decided.fetch_add(1, Ordering::Relaxed) - before;
        if attempt < rivals {
            let command = self::command(contact(), post(contact()));
            let rival = execute(&other_process, case_id, &command, None);
            let rival = tokio::task::block_in_place(|| tokio::runtime::Handle::current().block_on(rival));
            assert!(matches!(rival, Ok(Executed::Decided { outcome: Ok(1), .. })));
        }
        loaded.aggregate.decide(&command)
    };
    desk.log.execute(&contended, decide, |outcome| Some(describe(outcome))).await
}

#[tokio::test]
async fn an_append_takes_so_many_events_and_no_more() {
    let desk = Desk::new().await;
    let case_id = desk.open_case().await;
    let priorities = [Priority::High, Priority::Low].into_iter().cycle();
    let fact = |priority| CaseEvent { occurred_at: now(), fact: CaseFact::PriorityChanged { priority } };
    let events = |count| priorities.clone().take(count).map(|p| (fact(p), metadata(&agent()))).collect();

    let loaded = desk.load(&case_id).await;
    let refusal = desk.log.append(&loaded, events(MAX_EVENTS + 1), AppendOptions::at(now())).await;
    assert!(matches!(refusal, Err(AppendError::TooMany { events: 2_001 })), "{refusal:?}");
    desk.log.append(&loaded, events(MAX_EVENTS), AppendOptions::at(now())).await.unwrap();
    assert_eq!(desk.load(&case_id).await.version(), loaded.version() + i64::try_from(MAX_EVENTS).unwrap());
}

#[tokio::test]
async fn a_reserved_value_belongs_to_one_stream() {
    let desk = Desk::new().await;
    let open = async |value: &str| {
        let case_id = new_id().to_string();
        let command = command(contact(), CaseAction::Open(Box::new(opening())));
        let execute = Execute {
            aggregate_id: &case_id,
            metadata: metadata(&contact()),
            at: now(),
            idempotency: None,
            reservations: vec![Reservation { kind: "external_reference", value: value.to_owned() }],
            file_keys: &[],
        };
        let decide = |loaded: &Loaded<Case>| loaded.aggregate.decide(&command);
        (desk.log.execute(&execute, decide, |outcome| Some(describe(outcome))).await, case_id)
    };
    assert!(open("INC0000045").await.0.is_ok());
    let (refusal, case_id) = open("INC0000045").await;
    let Err(ExecuteError::Reserved { kind }) = refusal else { panic!("the value was given twice") };
    assert_eq!(kind, "external reference");
    assert_eq!(desk.load(&case_id).await.version(), 0, "the refused case is not there");
    assert!(open("INC0000046").await.0.is_ok());
    let stored: i64 = sqlx::query_scalar("select count(*) from reservations r where r::text like '%INC%'")
        .fetch_one(&desk.pool)
        .await
        .unwrap();
    assert_eq!(stored, 0, "values are stored as keyed hashes");
}

#[tokio::test]
async fn a_stream_with_a_wrong_head_is_neither_read_nor_continued() {
    let tampering = [
        "update streams set version = version - 1",
        "update streams set version = version + 1",
        "update streams set last_hash = sha256('other')",
        "alter table streams disable trigger user; delete from streams",
    ];
    for tampering in tampering {
        let desk = Desk::new().await;
        let case_id = desk.open_case().await;
        let loaded = desk.load(&case_id).await;
        desk.owner().await.execute(tampering).await.unwrap();

        let refusal = desk.log.load::<Case>(&case_id).await;
        assert!(matches!(refusal, Err(LogError::Damaged { .. })), "{tampering}");
        let take_up = command(agent(), CaseAction::TakeUp);
        let refusal = execute(&desk.log, &case_id, &take_up, None).await;
        assert!(matches!(refusal, Err(ExecuteError::Log(LogError::Damaged { .. }))), "{tampering}");
        let events = loaded.aggregate.decide(&take_up).unwrap();
        let events = events.into_iter().map(|event| (event, metadata(&agent()))).collect();
        let appended = desk.log.append(&loaded, events, AppendOptions::at(now())).await;
        assert!(matches!(appended, Err(AppendError::Conflict)), "{tampering}: {appended:?}");
    }
}
