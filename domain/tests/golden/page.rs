//! `docs/events.md` says what the golden files say: every type, its version, audience, fields, and an example.

use std::collections::BTreeSet;

use domain::{
    Audience, Metadata, PlainText, Sealed, access_request::AccessRequestEvent, account::AccountEvent, case::CaseEvent,
    person::PersonEvent, settings::SettingsEvent, user::UserEvent,
};
use serde_json::Value;

use crate::{
    Forms, committed, for_every_aggregate,
    shipped::{Shipped, audiences},
    stored,
};

const PAGE: &str = include_str!("../../../docs/events.md");

/// The section of an event type, up to the next heading.
fn section(event_type: &str) -> &'static str {
    let heading = format!("\n#### {event_type}\n");
    let mut parts = PAGE.split(heading.as_str()).skip(1);
    let rest = parts.next().unwrap_or_else(|| panic!("docs/events.md has no section `#### {event_type}`"));
    assert!(parts.next().is_none(), "docs/events.md has {event_type} twice");
    rest.split("\n###").next().expect("the text before the next heading")
}

/// The JSON examples of a part of the page.
fn examples(text: &str) -> Vec<Value> {
    let blocks = text.split("```json\n").skip(1).map(|rest| rest.split("```").next().expect("a block"));
    blocks.map(|block| serde_json::from_str(block).unwrap_or_else(|error| panic!("{error} in {block}"))).collect()
}

/// The names in the first column of a part's tables.
fn fields(text: &str) -> BTreeSet<String> {
    let rows = text.lines().filter_map(|line| line.strip_prefix("| `"));
    rows.map(|row| row.split('`').next().expect("a name").to_owned()).collect()
}

fn payload_fields<E: Shipped>(forms: &Forms<E>) -> BTreeSet<String> {
    forms.values().flat_map(|event| keys(&stored(event)["fact"][forms_type(forms)])).collect()
}

fn forms_type<E: Shipped>(forms: &Forms<E>) -> String {
    forms.values().next().expect("each type has a form").event_type()
}

fn keys(value: &Value) -> Vec<String> {
    value.as_object().expect("an object").keys().cloned().collect()
}

#[test]
fn the_page_has_every_event_as_it_is_stored() {
    fn check<E: Shipped>() {
        for (stem, forms) in committed::<E>() {
            let event_type = forms_type(&forms);
            let section = section(&event_type);
            let as_stored: Vec<Value> = forms.values().map(stored).collect();
            let [example] = &examples(section)[..] else { panic!("docs/events.md: {event_type} needs one example") };
            assert!(as_stored.contains(example), "docs/events.md: the example of {event_type} is not in {stem}.json");
            assert_eq!(fields(section), payload_fields(&forms), "docs/events.md: the fields of {event_type}");
        }
    }
    for_every_aggregate!(check);
}

#[test]
fn the_page_names_the_version_and_audience_of_every_event() {
    fn check<E: Shipped>() {
        for (stem, forms) in committed::<E>() {
            let event_type = forms_type(&forms);
            let version = stem.rsplit('.').next().expect("a version");
            let line = section(&event_type).lines().find_map(|line| line.strip_prefix(&format!("Version {version}")));
            let line = line.unwrap_or_else(|| panic!("docs/events.md: {event_type} lacks `Version {version}`"));
            let audiences = audiences(forms.values());
            for (audience, word) in [(Audience::Public, "public"), (Audience::Internal, "internal")] {
                let is_right = line.contains(word) == audiences.contains(&audience);
                assert!(is_right, "docs/events.md: {event_type} is {line}");
            }
        }
    }
    for_every_aggregate!(check);
}

#[test]
fn the_page_has_no_event_that_does_not_exist() {
    fn types<E: Shipped>() -> Vec<String> {
        committed::<E>().values().map(forms_type).collect()
    }
    let on_page: BTreeSet<_> = PAGE.lines().filter_map(|line| line.strip_prefix("#### ")).map(str::to_owned).collect();
    let stored = [
        types::<CaseEvent>(),
        types::<AccountEvent>(),
        types::<PersonEvent>(),
        types::<SettingsEvent>(),
        types::<UserEvent>(),
        types::<AccessRequestEvent>(),
    ];
    assert_eq!(on_page, stored.into_iter().flatten().collect());
}

#[test]
fn the_page_shows_the_three_forms_of_a_sealed_text() {
    let part = part("### Sealed texts", "## The metadata");
    let forms: Vec<Option<String>> = examples(part)
        .into_iter()
        .map(|form| {
            let text: Sealed<PlainText> = serde_json::from_value(form).expect("a sealed text");
            text.value().map(|text| text.as_str().to_owned())
        })
        .collect();
    assert_eq!(forms, [None, Some("The line is dead again.".to_owned()), None], "stored, clear, erased");
}

#[test]
fn the_page_has_the_metadata_as_it_is_stored() {
    let part = part("## The metadata", "## The events of a case");
    let [example] = &examples(part)[..] else { panic!("the metadata needs one example") };
    let metadata: Metadata = serde_json::from_value(example.clone()).expect("metadata");
    let stored = serde_json::to_value(&metadata).expect("metadata is JSON");
    assert_eq!(&stored, example);
    assert_eq!(fields(part), keys(&stored).into_iter().collect());
}

/// What stands between two headings.
fn part(from: &str, to: &str) -> &'static str {
    let (_, rest) = PAGE.split_once(from).unwrap_or_else(|| panic!("docs/events.md has no `{from}`"));
    rest.split_once(to).unwrap_or_else(|| panic!("docs/events.md has no `{to}`")).0
}
