//! The shape of every event, as committed files: `domain/golden/<aggregate>/<Type>.<version>.json`.
//!
//! What was stored once must be readable for ever, so a golden file never changes. A test fails when an event type
//! has no file, when a file belongs to no event type, and when the encoding of a type changed under its old version.
//! `UPDATE_GOLDEN=1 cargo test -p domain --test golden` writes the files that do not exist yet, and only those.
//!
//! Each file holds one event for every value that the type can carry, in its clear form, and as it reads once the
//! keys of its texts are gone (`erased`).

mod page;
mod samples;
mod shipped;

use std::{
    collections::{BTreeMap, BTreeSet},
    env, fs,
    path::PathBuf,
    sync::Once,
};

use domain::{
    access_request::AccessRequestEvent,
    account::AccountEvent,
    case::CaseEvent,
    person::PersonEvent,
    sealed::{self, CLEAR, ERASED, SEALED},
    settings::{Settings, SettingsEvent},
    user::UserEvent,
};
use serde_json::{Map, Value, json};
use shipped::Shipped;

/// The events of one type and version, by the name of what is particular about each.
type Forms<E> = BTreeMap<String, E>;

/// Runs a check for the events of every aggregate.
macro_rules! for_every_aggregate {
    ($check:ident) => {
        $check::<CaseEvent>();
        $check::<AccountEvent>();
        $check::<PersonEvent>();
        $check::<SettingsEvent>();
        $check::<UserEvent>();
        $check::<AccessRequestEvent>();
    };
}
pub(crate) use for_every_aggregate;

fn folder<E: Shipped>() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("golden").join(E::AGGREGATE)
}

/// The forms that the code of today makes of each type.
fn forms_of_today<E: Shipped>() -> Vec<Forms<E>> {
    let forms = |samples: Vec<(&'static str, E)>| {
        let first = samples.first().expect("each type has a form").1.clone();
        let mut forms: Forms<E> = samples.into_iter().map(|(name, event)| (name.to_owned(), event)).collect();
        let erased = without_words(&first, ERASED, &json!(true));
        if erased != first {
            forms.insert("erased".to_owned(), erased);
        }
        forms
    };
    E::samples().into_iter().map(forms).collect()
}

/// The event as it reads when each clear text stands as `form` instead.
fn without_words<E: Shipped>(event: &E, form: &str, content: &Value) -> E {
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
    let mut value = stored(event);
    replace(&mut value, form, content);
    serde_json::from_value(value).expect("an event without its words is an event")
}

/// The event with its words in the clear.
fn stored<E: Shipped>(event: &E) -> Value {
    sealed::expose(|| serde_json::to_value(event)).expect("an event is JSON")
}

/// The forms as a golden file has them.
fn encode<E: Shipped>(forms: &Forms<E>) -> String {
    sealed::expose(|| serde_json::to_string_pretty(forms)).expect("events are JSON") + "\n"
}

/// `<Type>.<version>`, by which a file is named; all forms of a type agree on it.
fn stem<E: Shipped>(forms: &Forms<E>) -> String {
    let stems: BTreeSet<_> =
        forms.values().map(|event| format!("{}.{}", event.event_type(), event.event_version())).collect();
    assert_eq!(stems.len(), 1, "one type, one version: {stems:?}");
    stems.into_iter().next().expect("one stem")
}

fn path<E: Shipped>(forms: &Forms<E>) -> PathBuf {
    folder::<E>().join(format!("{}.json", stem(forms)))
}

/// Writes the files that do not exist yet, when asked to; once, before the first of these tests reads any.
fn write_missing() {
    static WRITTEN: Once = Once::new();
    fn write<E: Shipped>() {
        for forms in forms_of_today::<E>().iter().filter(|forms| !path(forms).exists()) {
            fs::write(path(forms), encode(forms)).expect("the golden folder is writable");
        }
    }
    WRITTEN.call_once(|| {
        if env::var("UPDATE_GOLDEN").is_ok_and(|value| value == "1") {
            for_every_aggregate!(write);
        }
    });
}

/// Every type's forms, as committed.
fn committed<E: Shipped>() -> BTreeMap<String, Forms<E>> {
    write_missing();
    let decode = |forms: Forms<E>| {
        let stem = stem(&forms);
        let text = fs::read_to_string(path(&forms)).unwrap_or_else(|error| panic!("{stem} has no file: {error}"));
        let forms = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{stem} no longer decodes: {error}"));
        (stem, forms)
    };
    forms_of_today().into_iter().map(decode).collect()
}

#[test]
fn every_event_is_written_as_it_always_was() {
    fn check<E: Shipped>() {
        for forms in forms_of_today::<E>() {
            let path = path(&forms);
            let golden = fs::read_to_string(&path).unwrap_or_else(|error| {
                panic!("{}: {error}; write it with UPDATE_GOLDEN=1 and commit it", path.display())
            });
            let hint = "the encoding of a stored event changed: give the type a new version and an upcaster";
            assert_eq!(encode(&forms), golden, "{}: {hint}", path.display());
        }
    }
    write_missing();
    for_every_aggregate!(check);
}

#[test]
fn every_golden_file_belongs_to_an_event() {
    fn check<E: Shipped>() {
        let current: BTreeMap<String, u32> = forms_of_today::<E>()
            .into_iter()
            .map(|forms| {
                let event = forms.into_values().next().expect("each type has a form");
                (event.event_type(), event.event_version().parse().expect("a version is a whole number"))
            })
            .collect();
        for entry in fs::read_dir(folder::<E>()).expect("the golden folder is there") {
            let name = entry.expect("a golden file").file_name().into_string().expect("a plain file name");
            let [event_type, version, "json"] = name.split('.').collect::<Vec<_>>()[..] else {
                panic!("{name} is not named <Type>.<version>.json")
            };
            let newest = current.get(event_type).unwrap_or_else(|| panic!("{name}: there is no such event type"));
            let version: u32 = version.parse().unwrap_or_else(|_| panic!("{name}: the version is no whole number"));
            assert!((1..=*newest).contains(&version), "{name}: versions of this type go from 1 to {newest}");
        }
    }
    for_every_aggregate!(check);
}

/// An upcaster is told the type of an event, and not of which aggregate it is.
#[test]
fn no_two_aggregates_have_an_event_type_of_one_name() {
    fn types<E: Shipped>() -> BTreeSet<String> {
        forms_of_today::<E>().iter().map(|forms| stem(forms)).collect()
    }
    let all = [
        types::<CaseEvent>(),
        types::<AccountEvent>(),
        types::<PersonEvent>(),
        types::<SettingsEvent>(),
        types::<UserEvent>(),
        types::<AccessRequestEvent>(),
    ];
    let distinct: BTreeSet<_> = all.iter().flatten().collect();
    assert_eq!(distinct.len(), all.iter().map(BTreeSet::len).sum::<usize>());
}

#[test]
fn every_golden_event_decodes_and_encodes_to_itself() {
    fn check<E: Shipped>() {
        for (stem, forms) in committed::<E>() {
            let golden = fs::read_to_string(folder::<E>().join(format!("{stem}.json"))).expect("a golden file");
            assert_eq!(encode(&forms), golden, "{stem}");
            for (name, event) in &forms {
                assert_eq!(format!("{}.{}", event.event_type(), event.event_version()), stem, "{name}");
            }
        }
    }
    for_every_aggregate!(check);
}

/// Words never decide anything, so that what has lost its texts stands where it stood.
#[test]
fn every_golden_event_folds_the_same_clear_erased_or_unopened() {
    fn check<E: Shipped>() {
        for (stem, forms) in committed::<E>() {
            for (name, event) in forms {
                let state = event.fold_after_the_first();
                assert_eq!(
                    without_words(&event, ERASED, &json!(true)).fold_after_the_first(),
                    state,
                    "{stem}: {name}, erased"
                );
                let unopened = without_words(&event, SEALED, &json!("c2VhbGVk"));
                assert_eq!(unopened.fold_after_the_first(), state, "{stem}: {name}, unopened");
            }
        }
    }
    for_every_aggregate!(check);
}

#[test]
fn an_erased_event_has_no_word_left_and_needs_no_exposure() {
    fn check<E: Shipped>() {
        for (stem, forms) in committed::<E>() {
            let has_words = |event: &E| serde_json::to_string(event).is_err();
            let erased = forms.get("erased");
            assert_eq!(erased.is_some(), forms.values().any(has_words), "{stem}: erased exactly where there are words");
            assert!(!erased.is_some_and(has_words), "{stem}: the erased form has words");
        }
    }
    for_every_aggregate!(check);
}

/// What a later release adds to an event must not stop this one from reading it.
#[test]
fn a_field_that_is_not_known_yet_is_ignored() {
    fn check<E: Shipped>() {
        for (stem, forms) in committed::<E>() {
            for (name, event) in forms {
                let mut value = stored(&event);
                let fact: &mut Map<String, Value> = value["fact"].as_object_mut().expect("a fact is an object");
                let payload = fact.values_mut().next().and_then(Value::as_object_mut).expect("a payload is an object");
                payload.insert("added_later".to_owned(), json!({"some": ["thing"]}));
                let read: E = serde_json::from_value(value).unwrap_or_else(|error| panic!("{stem}: {error}"));
                assert_eq!(read, event, "{stem}: {name}");
            }
        }
    }
    for_every_aggregate!(check);
}

/// Histories of settings begin with what is built in, so that it is as final as an event.
#[test]
fn what_is_built_in_stays_as_it_is() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("golden").join("built_in_settings.json");
    let built_in = serde_json::to_string_pretty(&Settings::default()).expect("settings are JSON") + "\n";
    if env::var("UPDATE_GOLDEN").is_ok_and(|value| value == "1") && !path.exists() {
        fs::write(&path, &built_in).expect("the golden folder is writable");
    }
    assert_eq!(built_in, fs::read_to_string(&path).expect("a golden file"), "change settings by events");
}
