//! What each audience reads.

use domain::{
    Audience, CaseId, Scope,
    case::{CaseAction, NewAttachments, Priority, Status, Wait, WaitReason, WatcherId},
};
use projections::{
    AttachmentEntry, Case, CaseColumn, CaseCursor, CaseFilter, CaseOrder, CasePage, Direction, EntriesOf, Entry,
    EntryOrder, EntryPage, ScopedTx, WatcherEntry, Window, activities, attachments, case_by_external_reference,
    case_by_id, case_by_number, count_by_status, count_cases, list_cases, watchers,
};

use super::world::*;

/// Everything that somebody can read of a case.
#[derive(Clone, Debug, PartialEq)]
pub struct View {
    case: Option<Case>,
    list: CasePage,
    count: i64,
    by_status: Vec<(Status, i64)>,
    entries: Vec<Entry>,
    watchers: Vec<WatcherEntry>,
    attachments: Vec<AttachmentEntry>,
}

/// Reads everything that a scope can read, with `case_id` as the case that is looked at.
pub async fn view(world: &World, scope: &Scope, case_id: CaseId) -> View {
    let mut tx = world.reads().begin(scope).await.unwrap();
    let everything = CaseFilter::default();
    let view = View {
        case: case_by_id(&mut tx, case_id).await.unwrap(),
        list: list_cases(&mut tx, &everything, CaseOrder::default(), &first(100)).await.unwrap(),
        count: count_cases(&mut tx, &everything).await.unwrap(),
        by_status: count_by_status(&mut tx, &everything).await.unwrap(),
        entries: page(&mut tx, case_id, EntryOrder::OldestFirst, None, 1_000).await.entries,
        watchers: watchers(&mut tx, vec![case_id]).await.unwrap(),
        attachments: attachments(&mut tx, vec![case_id]).await.unwrap(),
    };
    drop(tx);
    view
}

/// Reads a page of a case's activity stream.
async fn page(tx: &mut ScopedTx, case_id: CaseId, order: EntryOrder, after: Option<i64>, size: u16) -> EntryPage {
    let wanted = EntriesOf { case_id, order, after, size };
    activities(tx, vec![wanted]).await.unwrap().pop().unwrap()
}

impl View {
    pub fn case(&self) -> &Case {
        self.case.as_ref().expect("the case shows")
    }

    /// Who of the watchers has confirmed, or need not.
    pub fn confirmed(&self) -> Vec<(WatcherId, bool)> {
        self.watchers.iter().map(|entry| (entry.watcher.clone(), entry.confirmed)).collect()
    }

    pub fn watchers(&self) -> impl Iterator<Item = WatcherId> {
        self.watchers.iter().map(|entry| entry.watcher.clone())
    }

    pub fn attachments(&self) -> &[AttachmentEntry] {
        &self.attachments
    }

    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }
}

fn first(size: u16) -> Window {
    Window { size, backward: false, cursor: None }
}

#[tokio::test]
async fn what_is_internal_moves_nothing_that_a_customer_reads() {
    let world = World::new().await;
    let case_id = world.open(1, 1).await;
    let before = view(&world, &customer(1), case_id).await;
    let note = CaseAction::AddNote {
        message: message(7),
        body: world.words(agent().person, "Looks odd."),
        attachments: NewAttachments::default(),
    };
    world.act(case_id, agent(), note).await;
    world.act(case_id, agent(), CaseAction::SetPriority { priority: Priority::Critical }).await;
    world.act(case_id, agent(), CaseAction::MoveToQueue { queue: slug("billing") }).await;
    assert_eq!(view(&world, &customer(1), case_id).await, before);

    let staff = view(&world, &Scope::Staff, case_id).await;
    assert_eq!(staff.case().summary.priority, Some(Priority::Critical));
    assert_eq!((staff.case().summary.version, before.case().summary.version), (5, 2));
    assert_eq!(staff.entries.iter().filter(|entry| entry.audience == Audience::Internal).count(), 3);
}

#[tokio::test]
async fn a_customer_knows_of_waits_for_them_alone() {
    let world = World::new().await;
    let case_id = world.open(1, 1).await;
    world.act(case_id, agent(), CaseAction::TakeUp).await;
    for (reason, shown) in [(WaitReason::Customer, true), (WaitReason::Vendor, false), (WaitReason::Problem, false)] {
        let wait = Wait { reason, until: Some(at(100)) };
        world.act(case_id, agent(), CaseAction::StartWait { wait }).await;
        let of_staff = view(&world, &Scope::Staff, case_id).await;
        assert_eq!(of_staff.case().summary.wait, Some(wait));
        let of_customer = view(&world, &customer(1), case_id).await;
        assert_eq!(of_customer.case().summary.wait, shown.then_some(wait), "{reason}");
    }
}

#[tokio::test]
async fn a_text_redacted_under_hold_is_for_auditors_until_it_is_destroyed() {
    let world = World::new().await;
    let case_id = world.open(1, 1).await;
    let text = "My PIN is 1234.";
    let post = CaseAction::PostMessage {
        message: message(7),
        body: world.words(contact().person, text),
        attachments: NewAttachments::default(),
    };
    world.act(case_id, contact(), post).await;
    world
        .act(case_id, supervisor(), CaseAction::PlaceHold { reason: world.words(supervisor().person, "Court.") })
        .await;
    world.act(case_id, supervisor(), CaseAction::RedactMessage { message: message(7) }).await;

    let texts = async |scope: Scope| {
        let entries = view(&world, &scope, case_id).await.entries;
        let entry = entries.into_iter().find(|entry| entry.kind == "MessagePosted").unwrap();
        (entry.redacted, entry.text, entry.withheld_text)
    };
    assert_eq!(texts(customer(1)).await, (true, None, None));
    assert_eq!(texts(Scope::Staff).await, (true, None, None));
    assert_eq!(texts(Scope::Auditor).await, (true, None, Some(text.to_owned())));

    world.act(case_id, supervisor(), CaseAction::LiftHold).await;
    world.act(case_id, supervisor(), CaseAction::RedactMessage { message: message(7) }).await;
    assert_eq!(texts(Scope::Auditor).await, (true, None, None));
    assert!(!world.dump().await.contains("PIN"));
}

#[tokio::test]
async fn a_redacted_description_takes_the_subject_that_was_its_first_line_along() {
    let world = World::new().await;
    let case_id = world.open(1, 1).await;
    assert_eq!(view(&world, &customer(1), case_id).await.case().summary.subject.as_deref(), Some("No dial tone 1."));
    world.act(case_id, supervisor(), CaseAction::RedactMessage { message: message(0) }).await;
    let case = view(&world, &customer(1), case_id).await.case.unwrap();
    assert_eq!((case.summary.subject, case.description, case.description_redacted), (None, None, true));
    assert!(!world.dump().await.contains("dial tone"));
}

#[tokio::test]
async fn a_case_is_found_by_each_of_its_names() {
    let world = World::new().await;
    let case_id = world.open(7, 1).await;
    let mut tx = world.reads().begin(&customer(1)).await.unwrap();
    let found = [
        case_by_id(&mut tx, case_id).await.unwrap(),
        case_by_number(&mut tx, "CS-000007".parse().unwrap()).await.unwrap(),
        case_by_external_reference(&mut tx, None, "INC0000007").await.unwrap(),
        case_by_external_reference(&mut tx, Some(&slug("elsewhere")), "INC0000007").await.unwrap(),
    ];
    for case in &found {
        assert_eq!(case, &found[0]);
        assert_eq!(case.as_ref().unwrap().summary.case_id, case_id);
    }
    assert_eq!(case_by_external_reference(&mut tx, Some(&slug("other")), "INC0000007").await.unwrap(), None);
    for (text, count) in [("cs-7", 1), ("INC0000007", 1), ("TONE dial", 1), ("dial 100%", 0), ("dial_tone", 0)] {
        let filter = CaseFilter { text: Some(text.to_owned()), ..CaseFilter::default() };
        assert_eq!(count_cases(&mut tx, &filter).await.unwrap(), count, "{text}");
    }
}

/// Every order, forward and backward, in pages of two: the list comes out whole and the same.
#[tokio::test]
async fn paging_in_any_order_shows_every_case_once() {
    use CaseColumn::*;
    let world = World::new().await;
    for number in 1..=5 {
        let case_id = world.open(number, 1 + u128::try_from(number % 2).unwrap()).await;
        world
            .act(case_id, agent(), CaseAction::Assign { owner: person(10 + u128::try_from(number % 3).unwrap()) })
            .await;
    }
    world.open_account(1, "Larch Telephones").await;
    let columns = [
        Number, Subject, Status, Type, Category, Account, Location, Product, Contact, Opened, Updated, Owner, Queue,
        Priority,
    ];
    let mut tx = world.reads().begin(&Scope::Staff).await.unwrap();
    for column in columns {
        for direction in [Direction::Ascending, Direction::Descending] {
            let order = CaseOrder { column, direction };
            let whole = list_cases(&mut tx, &CaseFilter::default(), order, &first(100)).await.unwrap().rows;
            assert_eq!(whole.len(), 5);
            assert_eq!(walk(&mut tx, order, false).await, whole, "{order:?} forward");
            assert_eq!(walk(&mut tx, order, true).await, whole, "{order:?} backward");
        }
    }
}

async fn walk(tx: &mut ScopedTx, order: CaseOrder, backward: bool) -> Vec<projections::CaseSummary> {
    let mut walked = vec![];
    let mut window = Window { size: 2, backward, cursor: None };
    loop {
        let CasePage { rows, has_more } = list_cases(tx, &CaseFilter::default(), order, &window).await.unwrap();
        let edge = if backward { rows.first() } else { rows.last() };
        window.cursor = edge.map(|row| CaseCursor::of(row, order.column));
        walked = if backward { [rows, walked].concat() } else { [walked, rows].concat() };
        if !has_more {
            return walked;
        }
    }
}

#[tokio::test]
async fn entries_come_newest_or_oldest_first_and_customers_count_their_own() {
    let world = World::new().await;
    let case_id = world.open(1, 1).await;
    for n in 1..=3 {
        let note = CaseAction::AddNote {
            message: message(2 * n),
            body: world.words(agent().person, "A note."),
            attachments: NewAttachments::default(),
        };
        world.act(case_id, agent(), note).await;
        let post = CaseAction::PostMessage {
            message: message(2 * n + 1),
            body: world.words(contact().person, "A word."),
            attachments: NewAttachments::default(),
        };
        world.act(case_id, contact(), post).await;
    }
    let mut tx = world.reads().begin(&customer(1)).await.unwrap();
    for (order, expected) in [(EntryOrder::OldestFirst, [1, 2, 3, 4, 5]), (EntryOrder::NewestFirst, [5, 4, 3, 2, 1])] {
        let (mut places, mut after) = (vec![], None);
        loop {
            let page = page(&mut tx, case_id, order, after, 2).await;
            places.extend(page.entries.iter().map(|entry| entry.sequence));
            after = places.last().copied();
            if !page.has_more {
                break;
            }
        }
        assert_eq!(places, expected);
    }
}
