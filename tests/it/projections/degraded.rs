//! The page of a case whose rows stand still, folded from the log.

use domain::{
    Actor, AttachmentId, Audience, CaseId, LocationId, MessageId, ProductId, Scope,
    account::AccountAction,
    case::{CaseAction, CaseCommand, CaseNumber, NewAttachments, Priority},
};
use projections::{
    AttachmentEntry, Case, EntriesOf, Entry, EntryOrder, EntryPage, VISIBLE_WITHIN, Visibility, WatcherEntry,
    activities, attachments, case_by_id, parked_streams, watchers,
};
use proptest::{
    strategy::{Strategy as _, ValueTree as _},
    test_runner::{Config, TestRunner},
};
use sqlx::Executor as _;
use uuid::Uuid;

use super::{equality::doings, parking::alter, world::*};

/// What the page of a case shows, its activity from either end in pages of a few.
#[derive(Debug, PartialEq)]
struct Page {
    case: Option<Case>,
    oldest_first: Vec<Entry>,
    newest_first: Vec<Entry>,
    watchers: Vec<WatcherEntry>,
    attachments: Vec<AttachmentEntry>,
}

const ORDERS: [EntryOrder; 2] = [EntryOrder::OldestFirst, EntryOrder::NewestFirst];

/// Walks an activity stream in pages of a few.
async fn walk(case_id: CaseId, order: EntryOrder, read: impl AsyncFn(EntriesOf) -> EntryPage) -> Vec<Entry> {
    let mut entries: Vec<Entry> = vec![];
    loop {
        let after = entries.last().map(|entry| entry.sequence);
        let page = read(EntriesOf { case_id, order, after, size: 7 }).await;
        entries.extend(page.entries);
        if !page.has_more {
            return entries;
        }
    }
}

async fn from_log(world: &World, scope: &Scope, case_id: CaseId) -> Page {
    let reads = world.reads();
    let entries =
        async |order| walk(case_id, order, async |wanted| reads.degraded_activity(scope, wanted).await.unwrap()).await;
    let [oldest_first, newest_first] = [entries(ORDERS[0]).await, entries(ORDERS[1]).await];
    let watchers = reads.degraded_watchers(scope, case_id).await.unwrap();
    let attachments = reads.degraded_attachments(scope, case_id).await.unwrap();
    Page { case: reads.case(scope, case_id).await.unwrap(), oldest_first, newest_first, watchers, attachments }
}

async fn from_tables(world: &World, scope: &Scope, case_id: CaseId) -> Page {
    let reads = world.reads();
    let entries = async |order| {
        walk(case_id, order, async |wanted| {
            activities(&mut reads.begin(scope).await.unwrap(), vec![wanted]).await.unwrap().remove(0)
        })
        .await
    };
    let [oldest_first, newest_first] = [entries(ORDERS[0]).await, entries(ORDERS[1]).await];
    let mut tx = reads.begin(scope).await.unwrap();
    let case = case_by_id(&mut tx, case_id).await.unwrap();
    let (watchers, attachments) =
        (watchers(&mut tx, vec![case_id]).await.unwrap(), attachments(&mut tx, vec![case_id]).await.unwrap());
    Page { case, oldest_first, newest_first, watchers, attachments }
}

/// Makes the tables refuse that the case is critical.
async fn refuse_critical(world: &World, case_id: CaseId) {
    let refuse = format!(
        "alter table case_v1.case_list add constraint refused check (case_id <> '{case_id}' or priority < 4) not valid"
    );
    world.owner.execute(refuse.as_str()).await.unwrap();
}

async fn park(world: &World, case_id: CaseId) {
    refuse_critical(world, case_id).await;
    world.act(case_id, agent(), CaseAction::SetPriority { priority: Priority::Critical }).await;
    assert_eq!(parked_streams(&world.service).await.unwrap().len(), 1);
}

async fn mend(world: &World, case_id: CaseId) {
    world.owner.execute("alter table case_v1.case_list drop constraint refused").await.unwrap();
    assert_eq!(world.projector.reproject(&stream(case_id)).await.unwrap(), None);
}

fn scopes() -> [Scope; 5] {
    [Scope::Staff, Scope::Auditor, customer(1), customer(2), Scope::Nothing]
}

#[tokio::test]
async fn a_parked_case_shows_every_scope_what_its_rows_show_once_it_is_mended() {
    let world = World::new().await;
    for n in [10, 11] {
        world.register(person(n), "Somebody").await;
    }
    world.open_account(1, "Some account").await;
    let line = |text| world.line(person(1), text);
    let (location, product) = (LocationId(Uuid::from_u128(2)), ProductId(Uuid::from_u128(1)));
    let (address, name) = (line("Some street"), line("Some product"));
    world.change(1, AccountAction::AddLocation { location, reference: None, name: None, address }).await;
    world.change(1, AccountAction::InstallProduct { product, location: None, reference: None, name }).await;
    let mut runner = TestRunner::new(Config::default());
    for number in 1..=5 {
        let case_id = world.open(number, 1).await;
        park(&world, case_id).await;
        let mut last = 0;
        for (n, (role, kind, pick, minutes)) in (1..).zip(doings().new_tree(&mut runner).unwrap().current()) {
            let by = Actor::new(person(10 + role as u128), role);
            let command = CaseCommand { by, at: at(minutes), action: world.action(kind, pick, n) };
            let events = world.decide(case_id, &command).await;
            if !events.is_empty() {
                last = world.append(case_id, &by, events).await;
            }
        }
        world.until_visible(last).await;
        let mut folded = vec![];
        for scope in scopes() {
            folded.push(from_log(&world, &scope, case_id).await);
        }
        mend(&world, case_id).await;
        for (scope, mut folded) in scopes().into_iter().zip(folded) {
            if let Some(case) = &mut folded.case {
                assert!(std::mem::take(&mut case.is_degraded), "{scope:?}");
            }
            assert_eq!(folded, from_tables(&world, &scope, case_id).await, "{scope:?}");
        }
    }
}

#[tokio::test]
async fn a_parked_case_is_up_to_date_by_each_of_its_names_and_internal_things_stay_internal() {
    let world = World::new().await;
    let case_id = world.open(7, 1).await;
    park(&world, case_id).await;
    let note = CaseAction::AddNote {
        message: message(1),
        body: world.words(agent().person, "Looks odd."),
        attachments: NewAttachments::default(),
    };
    world.act(case_id, agent(), note).await;
    let post = CaseAction::PostMessage {
        message: message(2),
        body: world.words(contact().person, "Still silent."),
        attachments: NewAttachments::default(),
    };
    world.act(case_id, contact(), post).await;

    let reads = world.reads();
    for scope in scopes() {
        let by_id = reads.case(&scope, case_id).await.unwrap();
        let others = [
            reads.case_by_number(&scope, CaseNumber(7)).await.unwrap(),
            reads.case_by_external_reference(&scope, None, "INC0000007").await.unwrap(),
            reads.case_by_external_reference(&scope, Some(&slug("elsewhere")), "INC0000007").await.unwrap(),
            reads.cases_by_ids(&scope, &[case_id]).await.unwrap().pop(),
        ];
        for other in &others {
            assert_eq!(other, &by_id, "{scope:?}");
        }
        let page = from_log(&world, &scope, case_id).await;
        let sees = matches!(scope, Scope::Staff | Scope::Auditor) || scope == customer(1);
        assert_eq!(by_id.is_some(), sees, "{scope:?}");
        let Some(case) = by_id else {
            assert!(
                page.oldest_first.is_empty() && page.watchers.is_empty() && page.attachments.is_empty(),
                "{scope:?}"
            );
            continue;
        };
        let internal = scope.audience() == Audience::Internal;
        assert!(case.is_degraded);
        assert_eq!(case.summary.message_count, 1);
        assert_eq!(case.summary.priority, internal.then_some(Priority::Critical));
        assert_eq!(case.summary.note_count, internal.then_some(1));
        assert_eq!(page.oldest_first.last().unwrap().text.as_deref(), Some("Still silent."));
        assert_eq!(page.oldest_first.iter().any(|entry| entry.audience == Audience::Internal), internal, "{scope:?}");
        assert_eq!(page.oldest_first.last().unwrap().sequence, case.summary.version, "{scope:?}");
    }
}

#[tokio::test]
async fn what_is_taken_away_from_a_parked_case_leaves_its_rows_too() {
    let world = World::new().await;
    let redact = |message| CaseAction::RedactMessage { message };
    for (number, at_once) in [(1, false), (2, true)] {
        let case_id = world.open(number, 1).await;
        let words = world.words(contact().person, "My PIN is 1234.");
        world
            .act(
                case_id,
                contact(),
                CaseAction::PostMessage { message: message(5), body: words, attachments: NewAttachments::default() },
            )
            .await;
        world
            .act(
                case_id,
                contact(),
                CaseAction::AddAttachments { attachments: world.files(u128::from(number.unsigned_abs())) },
            )
            .await;
        let [subject, resolution, comment] =
            ["PIN 1234", "Your PIN is 1234.", "It is 1234!"].map(|text| world.words(contact().person, text));
        let others = [&subject, &resolution, &comment].map(|text| redact(MessageId::of_text(text.key())));
        world.act(case_id, agent(), CaseAction::Resolve { code: slug("fixed"), resolution, closes_after: None }).await;
        world.act(case_id, contact(), CaseAction::Rate { score: 1, comment: Some(comment) }).await;
        // One of the cases keeps the description's first line for its subject.
        if at_once {
            world.act(case_id, agent(), CaseAction::SetSubject { subject }).await;
        }
        let dump = world.dump().await;
        assert!(dump.contains("PIN") && dump.contains("It is 1234!") && dump.contains("router.log"));
        if at_once {
            // The value that the tables refuse comes in the same page as what follows it.
            world.projector.stop().await;
            refuse_critical(&world, case_id).await;
        } else {
            park(&world, case_id).await;
        }
        let critical = CaseAction::SetPriority { priority: Priority::Critical };
        let mut last = 0;
        let file = CaseAction::RedactAttachment {
            attachment: AttachmentId(Uuid::from_u128(u128::from(number.unsigned_abs()))),
        };
        for action in [critical, redact(message(5)), redact(message(0)), file].into_iter().chain(others) {
            let events = world.decide(case_id, &CaseCommand { by: supervisor(), at: at(0), action }).await;
            if !events.is_empty() {
                last = world.append(case_id, &supervisor(), events).await;
            }
        }
        let projector = if at_once { start_projector(&world.log).await } else { world.projector.clone() };
        assert_eq!(projector.wait_until(last, VISIBLE_WITHIN * 10).await, Visibility::Visible);
        assert!(parked_streams(&world.service).await.unwrap().iter().any(|parked| parked.stream == stream(case_id)));
        let dump = world.dump().await;
        for gone in ["PIN", "1234", "dial tone", "router.log"] {
            assert!(!dump.contains(gone), "{gone}: {dump}");
        }
        // Still refused: it stays parked, and has the rows that it can have.
        let position = projector.reproject(&stream(case_id)).await.unwrap().unwrap().position;
        assert!(position < last);
        assert_eq!(from_tables(&world, &Scope::Staff, case_id).await.oldest_first.len(), if at_once { 8 } else { 7 });
        world.owner.execute("alter table case_v1.case_list drop constraint refused").await.unwrap();
        assert_eq!(projector.reproject(&stream(case_id)).await.unwrap(), None);
    }
}

#[tokio::test]
async fn what_is_taken_away_after_an_event_that_nobody_can_read_is_gone_all_the_same() {
    let world = World::new().await;
    let case_id = world.open(1, 1).await;
    let words = |text| world.words(contact().person, text);
    let post = CaseAction::PostMessage {
        message: message(5),
        body: words("My PIN is 1234."),
        attachments: NewAttachments::default(),
    };
    world.act(case_id, contact(), post).await;
    world.act(case_id, supervisor(), CaseAction::PlaceHold { reason: words("Court.") }).await;
    world.act(case_id, agent(), CaseAction::TakeUp).await;
    for text in [0, 5] {
        world.act(case_id, supervisor(), CaseAction::RedactMessage { message: message(text) }).await;
    }
    alter(&world, "update events set payload = '{}' where event_type = 'TakenUp'").await;
    assert!(world.projector.reproject(&stream(case_id)).await.unwrap().is_some());
    for scope in scopes() {
        let page = from_log(&world, &scope, case_id).await;
        assert_eq!(page, from_tables(&world, &scope, case_id).await, "{scope:?}");
        let texts = page.oldest_first.iter().filter(|entry| entry.text.is_some()).map(|entry| entry.kind.as_str());
        let internal = scope.audience() == Audience::Internal;
        assert_eq!(texts.collect::<Vec<_>>(), if internal { vec!["LegalHoldPlaced"] } else { vec![] });
        let withheld = page.oldest_first.iter().filter(|entry| entry.withheld_text.is_some()).count();
        assert_eq!(withheld, if scope == Scope::Auditor { 2 } else { 0 });
        assert!(page.case.is_none_or(|case| case.summary.subject.is_none() && case.description.is_none()));
    }
}
