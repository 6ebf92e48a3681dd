//! What each kind of row makes of a case. An event is written as its type, with `+` when the whole step and `~` when
//! its text is marked as not the source's.

use domain::{
    Role,
    case::{CaseFact, Status},
    metadata::Inferred,
};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::import::{
    field::Standing,
    identity::{Identities, PeopleKey},
    source::read_ndjson,
};

const PEOPLE: PeopleKey = PeopleKey([7; 32]);

const SECONDS: i64 = 1_750_000_000;

fn at(minute: i64) -> Timestamp {
    Timestamp::from_timestamp(SECONDS + 60 * minute, 0).expect("a date of this century")
}

/// A row at some minute, with more fields or others.
fn row(minute: i64, state: &str, more: &Value) -> Value {
    let mut row = json!({
        "system": "old-desk", "reference": "T-1", "updated_at": at(minute).to_rfc3339(), "state": state,
        "agent": "Bo", "contact": "Ana", "account": "Example Company",
        "queue": "support", "type": "voice", "category": "other",
    });
    let more = more.as_object().expect("an object").clone();
    row.as_object_mut().expect("an object").extend(more);
    row
}

fn case(rows: &[Value]) -> SourceCase {
    let lines: Vec<_> = rows.iter().map(Value::to_string).collect();
    let mut export = read_ndjson(lines.join("\n").as_bytes()).expect("readable");
    assert_eq!(export.refused, []);
    export.cases.remove(0)
}

fn states(states: &[&str]) -> SourceCase {
    let rows: Vec<_> = states.iter().zip(0..).map(|(state, minute)| row(minute, state, &json!({}))).collect();
    case(&rows)
}

fn fates(case: &SourceCase, recorded: &[NewEvent]) -> Vec<Fate> {
    let defaults = Defaults::default();
    let context = Context {
        number: CaseNumber(1),
        request: RequestId(uuid::Uuid::from_u128(1)),
        now: at(1_000_000),
        defaults: &defaults,
        accounts: &KnownAccounts::new(),
        people: PEOPLE,
    };
    derive(case, &case.row_identities(), recorded, &context)
}

fn written(fate: &Fate) -> String {
    match fate {
        Fate::Unchanged => "unchanged".to_owned(),
        Fate::Refused(reason) => format!("refused: {reason}"),
        Fate::Events(events) => {
            let mark = |inferred| match inferred {
                None => "",
                Some(Inferred::Step) => "+",
                Some(Inferred::Text) => "~",
            };
            let names = events.iter().map(|(event, meta)| format!("{}{}", event.fact.type_name(), mark(meta.inferred)));
            names.collect::<Vec<_>>().join(" ")
        }
    }
}

#[track_caller]
fn makes(case: &SourceCase, expected: &[&str]) {
    let made: Vec<_> = fates(case, &[]).iter().map(written).collect();
    assert_eq!(made, expected);
}

fn events(fates: Vec<Fate>) -> Vec<NewEvent> {
    fates.into_iter().flat_map(|fate| if let Fate::Events(events) = fate { events } else { vec![] }).collect()
}

fn replayed(events: &[NewEvent]) -> Case {
    let mut case = Case::default();
    for (event, _) in events {
        case.apply(event.clone());
    }
    case
}

#[test]
fn a_whole_life_needs_no_inferred_step() {
    let rows = [
        row(0, "New", &json!({"description": "No dial tone.", "opened_at": at(-5).to_rfc3339()})),
        row(1, "Open", &json!({"owner": "Cy"})),
        row(2, "Waiting for vendor", &json!({})),
        row(3, "Waiting for customer", &json!({})),
        row(4, "Open", &json!({})),
        row(5, "Resolved", &json!({"resolution_code": "Fixed", "resolution": "Replaced the line card."})),
        row(6, "Closed", &json!({})),
    ];
    let expected = ["Opened", "TakenUp", "WaitStarted", "WaitEnded WaitStarted", "WaitEnded", "Resolved", "Closed"];
    makes(&case(&rows), &expected);
}

#[test]
fn a_first_row_in_any_state_gets_the_steps_before_it() {
    makes(&states(&["New"]), &["Opened~"]);
    makes(&states(&["Open"]), &["Opened+ TakenUp"]);
    makes(&states(&["Waiting for customer"]), &["Opened+ TakenUp+ WaitStarted"]);
    makes(&states(&["Resolved"]), &["Opened+ TakenUp+ Resolved~"]);
    makes(&states(&["Closed"]), &["Opened+ TakenUp+ Resolved+ Closed"]);
    makes(&states(&["Canceled"]), &["Opened+ Canceled~"]);
    let opened_at = json!({"opened_at": at(-5).to_rfc3339()});
    makes(&case(&[row(0, "Open", &opened_at)]), &["Opened~ TakenUp"]);
}

#[test]
fn steps_between_two_rows_are_inserted() {
    makes(&states(&["New", "Closed"]), &["Opened~", "TakenUp+ Resolved+ Closed"]);
    makes(
        &states(&["New", "Waiting for vendor", "Closed"]),
        &["Opened~", "TakenUp+ WaitStarted", "WaitEnded+ Resolved+ Closed"],
    );
}

#[test]
fn work_on_a_resolved_case_reopens_it_and_new_is_no_way_back() {
    makes(
        &states(&["Resolved", "Open", "Resolved", "New", "New", "Waiting for problem", "New"]),
        &["Opened+ TakenUp+ Resolved~", "Reopened~", "Resolved~", "Reopened~", "unchanged", "WaitStarted", "WaitEnded"],
    );
    makes(&states(&["Resolved", "Waiting for customer"]), &["Opened+ TakenUp+ Resolved~", "Reopened+ WaitStarted"]);
}

#[test]
fn what_changes_a_settled_case_is_refused_and_the_rest_goes_on() {
    let rows = [
        row(0, "Closed", &json!({})),
        row(1, "Closed", &json!({})),
        row(2, "Closed", &json!({"queue": "billing"})),
        row(3, "Open", &json!({})),
        row(4, "Canceled", &json!({})),
        row(5, "Closed", &json!({})),
    ];
    let refused =
        |action| format!("refused: the case is Closed and takes no {action}; what you may do now: add note, link");
    makes(
        &case(&rows),
        &[
            "Opened+ TakenUp+ Resolved+ Closed",
            "unchanged",
            &refused("move to queue"),
            &refused("reopen"),
            &refused("cancel"),
            "unchanged",
        ],
    );
}

#[test]
fn particulars_change_when_the_row_knows_them() {
    let rows = [
        row(0, "New", &json!({})),
        row(
            1,
            "New",
            &json!({"priority": "High", "category": "fax", "location": "Main St", "product": "PBX", "contact": "Di"}),
        ),
        row(2, "New", &json!({"queue": null, "category": null, "contact": null, "account": null, "type": "data"})),
        row(3, "New", &json!({"account": "Other Company", "priority": "Low"})),
    ];
    makes(
        &case(&rows),
        &[
            "Opened~",
            "PriorityChanged Reclassified LocationChanged ProductChanged ContactChanged",
            "Reclassified",
            "refused: the case was opened for another account, and a case never changes hands",
        ],
    );
}

#[test]
fn a_queue_change_releases_and_the_owner_follows() {
    let rows = [
        row(0, "New", &json!({"owner": "Cy"})),
        row(1, "New", &json!({"owner": "Cy", "queue": "billing"})),
        row(2, "Open", &json!({"owner": "Di"})),
        row(3, "Open", &json!({"owner": "Cy"})),
        row(4, "Open", &json!({"owner": null})),
        row(5, "Open", &json!({"queue": "billing"})),
    ];
    makes(
        &case(&rows),
        &[
            "Opened~ OwnerAssigned",
            "OwnerReleased MovedToQueue OwnerAssigned",
            "OwnerReleased MovedToQueue TakenUp",
            "OwnerAssigned",
            "unchanged",
            "OwnerReleased MovedToQueue",
        ],
    );
}

#[test]
fn who_did_what_for_whom_is_recorded() {
    let ids = Identities::of(&"old-desk".parse().expect("a slug"), PEOPLE);
    let rows = [row(0, "New", &json!({"opener": "Ed"})), row(1, "Open", &json!({"owner": "Cy"}))];
    let made = events(fates(&case(&rows), &[]));
    let who = |place: usize| (made[place].1.actor, made[place].1.on_behalf_of, made[place].1.role);
    assert_eq!(who(0), (ids.person("Ed"), Some(ids.person("Ana")), Role::Agent));
    assert_eq!(who(1), (ids.person("Bo"), Some(ids.person("Cy")), Role::Agent));
    let state = replayed(&made).state.expect("open");
    assert_eq!((state.opener, state.owner), (ids.person("Ed"), Some(ids.person("Cy"))));
    assert!(made.iter().all(|(_, metadata)| metadata.channel == domain::Channel::Import));

    let by_contact = events(fates(&case(&[row(0, "New", &json!({"opener": "Ana"}))]), &[]));
    assert_eq!((by_contact[0].1.role, by_contact[0].1.on_behalf_of), (Role::Contact, None));
}

#[test]
fn a_case_opens_when_the_source_says_but_not_after_its_first_update() {
    for (opened_at, expected) in [(-5, -5), (5, 0)] {
        let rows = [row(0, "New", &json!({"opened_at": at(opened_at).to_rfc3339()}))];
        assert_eq!(events(fates(&case(&rows), &[]))[0].0.occurred_at, at(expected));
    }
}

#[test]
fn a_time_that_cannot_be_is_refused() {
    let rows = [row(-40_000_000, "New", &json!({})), row(0, "New", &json!({})), row(1_000_001, "Open", &json!({}))];
    let made: Vec<_> = fates(&case(&rows), &[]).iter().map(written).collect();
    assert!(made[0].ends_with("which is not between 1970 and now"), "{made:?}");
    assert_eq!(made[1], "Opened~");
    assert!(made[2].ends_with("which is not between 1970 and now"), "{made:?}");
}

#[test]
fn what_it_takes_to_open_is_asked_for_and_the_next_row_may_have_it() {
    let rows =
        [row(0, "New", &json!({"account": null})), row(1, "New", &json!({})), row(2, "New", &json!({"agent": ""}))];
    makes(
        &case(&rows),
        &[
            "refused: the case opens with this row, which says nothing about `account`: give it a default",
            "Opened~",
            "refused: the row says nothing about `agent`",
        ],
    );
}

#[test]
fn a_second_run_makes_nothing_and_a_longer_export_only_what_is_new() {
    let longer = ["New", "New", "Open", "Open", "Resolved", "Closed"];
    let recorded = events(fates(&states(&longer[..4]), &[]));
    assert!(fates(&states(&longer[..4]), &recorded).iter().all(|fate| matches!(fate, Fate::Unchanged)));
    let made: Vec<_> = fates(&states(&longer), &recorded).iter().map(written).collect();
    assert_eq!(made, ["unchanged", "unchanged", "unchanged", "unchanged", "Resolved~", "Closed"]);
}

#[test]
fn an_export_of_the_newest_rows_alone_is_compared_with_how_the_case_stood_then() {
    let opening = row(0, "New", &json!({}));
    // What was said on opening is not repeated, and the first of the rows changed nothing when it was new.
    let bare = |minute, state| row(minute, state, &json!({"account": null, "contact": null, "queue": null}));
    let older = [opening, bare(1, "New"), bare(2, "Open")];
    let recorded = events(fates(&case(&older), &[]));
    let written_of = |rows: &[Value]| fates(&case(rows), &recorded).iter().map(written).collect::<Vec<_>>();
    let newer = [bare(3, "Waiting for vendor"), bare(4, "Resolved")];
    assert_eq!(written_of(&newer), ["WaitStarted", "WaitEnded Resolved~"]);
    assert_eq!(
        written_of(&[&older[1..], &newer].concat()),
        ["unchanged", "unchanged", "WaitStarted", "WaitEnded Resolved~"]
    );
    assert_eq!(written_of(&[&older[1..2], &newer].concat()), ["unchanged", "WaitStarted", "WaitEnded Resolved~"]);
    assert_eq!(written_of(&older[1..2]), ["unchanged"]);
    // One that says something new of what is past has no place any more.
    let said = written_of(&[row(1, "New", &json!({"priority": "High"})), bare(3, "Resolved")]);
    assert!(said[0].starts_with("refused: the log already knows this case up to "), "{said:?}");
    assert_eq!(said[1], "Resolved~");
}

#[test]
fn nothing_is_put_before_what_the_log_has() {
    let all = states(&["New", "Waiting for vendor", "Open"]);
    let recorded = events(fates(&case(&[row(0, "New", &json!({})), row(2, "Open", &json!({}))]), &[]));
    let made: Vec<_> = fates(&all, &recorded).iter().map(written).collect();
    assert_eq!(made[0], "unchanged");
    assert!(made[1].starts_with("refused: the log already knows this case up to "), "{made:?}");
    assert_eq!(made[2], "unchanged");
}

#[test]
fn what_happened_here_since_the_import_stays_and_later_rows_follow_it() {
    let mut recorded = events(fates(&states(&["New", "New"]), &[]));
    let mut here = recorded[0].clone();
    here.0.occurred_at = at(10);
    here.0.fact = CaseFact::PriorityChanged { priority: domain::case::Priority::High };
    here.1.source_row = None;
    recorded.push(here);
    let rows = [
        row(0, "New", &json!({})),
        row(1, "New", &json!({"priority": "Normal"})),
        row(2, "Open", &json!({})),
        row(11, "Open", &json!({})),
    ];
    let made: Vec<_> = fates(&case(&rows), &recorded).iter().map(written).collect();
    assert_eq!(made[..2], ["unchanged", "unchanged"]);
    assert!(made[2].starts_with("refused: the log already knows this case up to "), "{made:?}");
    assert_eq!(made[3], "TakenUp");
}

fn any_row() -> impl Strategy<Value = Value> {
    let standing = proptest::sample::select(Standing::ALL.map(|(name, _)| name).to_vec());
    let maybe = |values: &'static [&'static str]| proptest::option::of(proptest::sample::select(values));
    let priority = maybe(&["Low", "Normal", "High"]);
    let names =
        (maybe(&["Bo", "Cy"]), maybe(&["Cy", "Di"]), maybe(&["support", "billing"]), maybe(&["Example Company"]));
    (0..30_i64, standing, priority, names, maybe(&["Main St", "Side St"]), proptest::option::of(-5..30_i64)).prop_map(
        |(minute, standing, priority, (agent, owner, queue, account), location, opened_at)| {
            let opened_at = opened_at.map(|minute| at(minute).to_rfc3339());
            let more = json!({
                "priority": priority, "agent": agent, "owner": owner, "queue": queue, "account": account,
                "location": location, "opened_at": opened_at,
            });
            row(minute, standing, &more)
        },
    )
}

proptest! {
    #[test]
    fn any_rows_make_one_history_however_often_and_in_however_many_parts(
        rows in proptest::collection::vec(any_row(), 1..25), cut in 0..25_usize,
    ) {
        let case = case(&rows);
        let first = fates(&case, &[]);
        prop_assert_eq!(first.len(), rows.len(), "every row has one fate");
        let refused: Vec<_> = first.iter().map(|fate| matches!(fate, Fate::Refused(_))).collect();
        let standings: Vec<_> = first.iter().map(|fate| matches!(fate, Fate::Events(_))).collect();
        let recorded = events(fates(&case, &[]));

        prop_assert!(recorded.is_sorted_by_key(|(event, _)| event.occurred_at));
        prop_assert!(recorded.iter().all(|(_, metadata)| metadata.source_row.is_some()));
        if let Some(state) = replayed(&recorded).state {
            prop_assert_eq!(state.version, recorded.len() as u64);
            prop_assert!(state.status != Status::Closed || state.resolution.is_some());
        }

        let again = fates(&case, &recorded);
        for (place, fate) in again.iter().enumerate() {
            prop_assert!(!matches!(fate, Fate::Events(_)), "row {} made events again", place);
            prop_assert_eq!(matches!(fate, Fate::Refused(_)), refused[place], "row {}", place);
        }

        let mut in_parts: Vec<NewEvent> = vec![];
        let part = first.into_iter().take(cut).collect();
        in_parts.extend(events(part));
        let rest = fates(&case, &in_parts);
        for (place, fate) in rest.iter().enumerate() {
            prop_assert_eq!(matches!(fate, Fate::Events(_)), place >= cut && standings[place], "row {}", place);
        }
        in_parts.extend(events(rest));
        prop_assert!(in_parts == recorded, "cut after {} rows", cut);
    }
    #[test]
    fn the_newest_rows_alone_make_what_they_make_of_the_whole_export(
        rows in proptest::collection::vec(any_row(), 1..25), from in 0..25_usize, cut in 0..25_usize,
    ) {
        let whole = case(&rows);
        let all = fates(&whole, &[]);
        // Rows of one time are told apart by their number, so an export begins with the first of them.
        let is_first = |place: &usize| whole.rows[*place].at > whole.rows[place - 1].at;
        let from = (1..=from.min(rows.len() - 1)).rev().find(is_first).unwrap_or(0);
        let cut = cut.max(from);
        let made: Vec<_> = all.iter().map(written).collect();
        let recorded: Vec<_> = events(all.into_iter().take(cut).collect());

        let newest = SourceCase { rows: whole.rows[from..].to_vec(), ..whole };
        for ((place, fate), made) in (from..).zip(fates(&newest, &recorded)).zip(&made[from..]) {
            let is_in = place < cut && !made.starts_with("refused");
            prop_assert_eq!(&written(&fate), if is_in { "unchanged" } else { made }, "row {}", place);
        }
    }
}
