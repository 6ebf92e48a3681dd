//! The shape of every event, as committed files: `domain/golden/case/<Type>.<version>.json`.
//!
//! What was stored once must be readable for ever, so a golden file never changes. A test fails when an event type
//! has no file, when a file belongs to no event type, and when the encoding of a type changed under its old version.
//! `UPDATE_GOLDEN=1 cargo test -p domain --test golden` writes the files that do not exist yet, and only those.
//!
//! Each file holds one event for every value that the type can carry, in its clear form, and as it reads once the
//! keys of its texts are gone (`erased`).

mod page;
mod samples;

use std::{
    collections::{BTreeMap, BTreeSet},
    env, fs,
    path::PathBuf,
    sync::Once,
};

use cqrs_es::DomainEvent;
use domain::{
    case::{CaseEvent, CaseFact, CaseFactKind, CaseState},
    sealed::{self, CLEAR, ERASED, SEALED},
};
use serde_json::{Map, Value, json};
use strum::IntoEnumIterator;

/// The events of one type and version, by the name of what is particular about each.
type Forms = BTreeMap<String, CaseEvent>;

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("golden/case")
}

/// The forms that the code of today makes of a type.
fn forms_of_today(kind: CaseFactKind) -> Forms {
    let mut forms: Forms = samples::of(kind).into_iter().map(|(name, event)| (name.to_owned(), event)).collect();
    let first = samples::of(kind).into_iter().next().expect("each type has a form").1;
    let erased = without_words(&first, ERASED, &json!(true));
    if erased != first {
        forms.insert("erased".to_owned(), erased);
    }
    forms
}

/// The event as it reads when each clear text stands as `form` instead.
fn without_words(event: &CaseEvent, form: &str, content: &Value) -> CaseEvent {
    fn replace(value: &mut Value, form: &str, content: &Value) {
        match value {
            Value::Object(fields) => {
                if fields.remove(CLEAR).is_some() {
                    fields.insert(form.to_owned(), content.clone());
                }
                fields.values_mut().for_each(|field| replace(field, form, content));
            }
            Value::Array(items) => items.iter_mut().for_each(|item| replace(item, form, content)),
            _ => {}
        }
    }
    let mut value = sealed::expose(|| serde_json::to_value(event)).expect("an event is JSON");
    replace(&mut value, form, content);
    serde_json::from_value(value).expect("an event without its words is an event")
}

/// The forms as a golden file has them.
fn encode(forms: &Forms) -> String {
    sealed::expose(|| serde_json::to_string_pretty(forms)).expect("events are JSON") + "\n"
}

/// `<Type>.<version>`, by which a file is named; all forms of a type agree on it.
fn stem(forms: &Forms) -> String {
    let stems: BTreeSet<_> =
        forms.values().map(|event| format!("{}.{}", event.event_type(), event.event_version())).collect();
    assert_eq!(stems.len(), 1, "one type, one version: {stems:?}");
    stems.into_iter().next().expect("one stem")
}

fn path(forms: &Forms) -> PathBuf {
    folder().join(format!("{}.json", stem(forms)))
}

/// Writes the files that do not exist yet, when asked to; once, before the first of these tests reads any.
fn write_missing() {
    static WRITTEN: Once = Once::new();
    WRITTEN.call_once(|| {
        if env::var("UPDATE_GOLDEN").is_ok_and(|value| value == "1") {
            for forms in CaseFactKind::iter().map(forms_of_today).filter(|forms| !path(forms).exists()) {
                fs::write(path(&forms), encode(&forms)).expect("the golden folder is writable");
            }
        }
    });
}

/// Every type's forms, as committed.
fn committed() -> BTreeMap<String, Forms> {
    write_missing();
    let decode = |forms: Forms| {
        let stem = stem(&forms);
        let text = fs::read_to_string(path(&forms)).unwrap_or_else(|error| panic!("{stem} has no file: {error}"));
        let forms = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{stem} no longer decodes: {error}"));
        (stem, forms)
    };
    CaseFactKind::iter().map(forms_of_today).map(decode).collect()
}

#[test]
fn every_event_is_written_as_it_always_was() {
    write_missing();
    for kind in CaseFactKind::iter() {
        let forms = forms_of_today(kind);
        let path = path(&forms);
        let golden = fs::read_to_string(&path)
            .unwrap_or_else(|error| panic!("{}: {error}; write it with UPDATE_GOLDEN=1 and commit it", path.display()));
        let hint = "the encoding of a stored event changed: give the type a new version and an upcaster";
        assert_eq!(encode(&forms), golden, "{}: {hint}", path.display());
    }
}

#[test]
fn every_golden_file_belongs_to_an_event() {
    let current: BTreeMap<String, u32> = CaseFactKind::iter()
        .map(|kind| {
            let event = forms_of_today(kind).into_values().next().expect("each type has a form");
            (event.event_type(), event.event_version().parse().expect("a version is a whole number"))
        })
        .collect();
    for entry in fs::read_dir(folder()).expect("the golden folder is there") {
        let name = entry.expect("a golden file").file_name().into_string().expect("a plain file name");
        let [event_type, version, "json"] = name.split('.').collect::<Vec<_>>()[..] else {
            panic!("{name} is not named <Type>.<version>.json")
        };
        let newest = current.get(event_type).unwrap_or_else(|| panic!("{name}: there is no such event type"));
        let version: u32 = version.parse().unwrap_or_else(|_| panic!("{name}: the version is no whole number"));
        assert!((1..=*newest).contains(&version), "{name}: versions of this type go from 1 to {newest}");
    }
}

#[test]
fn every_golden_event_decodes_and_encodes_to_itself() {
    for (stem, forms) in committed() {
        let golden = fs::read_to_string(folder().join(format!("{stem}.json"))).expect("a golden file");
        assert_eq!(encode(&forms), golden, "{stem}");
        for (name, event) in &forms {
            assert_eq!(format!("{}.{}", event.event_type(), event.event_version()), stem, "{name}");
        }
    }
}

/// Words never decide anything, so that a case whose texts are gone stands where it stood.
#[test]
fn every_golden_event_folds_the_same_clear_erased_or_unopened() {
    let opening = samples::of(CaseFactKind::Opened).into_iter().next().expect("an opening").1;
    for (stem, forms) in committed() {
        for (name, event) in forms {
            let fold = |event: &CaseEvent| {
                let before = match event.fact {
                    CaseFact::Opened(_) => None,
                    _ => CaseState::fold(None, &opening),
                };
                let version = before.as_ref().map_or(0, |state| state.version);
                let state = CaseState::fold(before, event).expect("a case that was opened");
                assert_eq!((state.version, state.last_occurred_at), (version + 1, event.occurred_at), "{stem}: {name}");
                state
            };
            let state = fold(&event);
            assert_eq!(fold(&without_words(&event, ERASED, &json!(true))), state, "{stem}: {name}, erased");
            let unopened = without_words(&event, SEALED, &json!("c2VhbGVk"));
            assert_eq!(fold(&unopened), state, "{stem}: {name}, unopened");
        }
    }
}

#[test]
fn an_erased_event_has_no_word_left_and_needs_no_exposure() {
    for (stem, forms) in committed() {
        let has_words = |event: &CaseEvent| serde_json::to_string(event).is_err();
        let erased = forms.get("erased");
        assert_eq!(erased.is_some(), forms.values().any(has_words), "{stem}: erased exactly where there are words");
        assert!(!erased.is_some_and(has_words), "{stem}: the erased form has words");
    }
}

/// What a later release adds to an event must not stop this one from reading it.
#[test]
fn a_field_that_is_not_known_yet_is_ignored() {
    for (stem, forms) in committed() {
        for (name, event) in forms {
            let mut value = sealed::expose(|| serde_json::to_value(&event)).expect("an event is JSON");
            let fact: &mut Map<String, Value> = value["fact"].as_object_mut().expect("a fact is an object");
            let payload = fact.values_mut().next().and_then(Value::as_object_mut).expect("a payload is an object");
            payload.insert("added_later".to_owned(), json!({"some": ["thing"]}));
            let read: CaseEvent = serde_json::from_value(value).unwrap_or_else(|error| panic!("{stem}: {error}"));
            assert_eq!(read, event, "{stem}: {name}");
        }
    }
}
