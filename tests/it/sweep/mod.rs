//! The sweep: as a contact of another account, everything that the schema offers is visited with everything that is not theirs: every
//! field, argument and input field, every id, upload, download and subscription. What is the first account's never comes back, it is
//! answered like what is nobody's, and nothing of theirs changes. Whatever the schema has and this does not visit fails it.
//!
//! Here all places are visited with all that is theirs, and answers are searched; in `alike` one place after the other, all else being
//! the caller's own, and answers are compared.

mod alike;
mod files;
mod live;
mod own;
mod shapes;
mod theirs;

use std::{collections::BTreeSet, time::Duration};

use harness::TestCaller;
use serde_json::{Map, Value, json};

use self::{
    own::Own,
    shapes::{Shapes, Taken, declared},
    theirs::fill,
};
use crate::{
    graphql_desk::{Desk, viewer},
    graphql_fields::{DEEPEST, Types, selection, types},
};

/// In every word of the account that is not the caller's, and in nothing else.
const CANARY: &str = "kanarek";
/// In the same words, to be searched for: what a caller types comes back in refusals.
const SOUGHT: &str = "zeisig";

/// Codes of what the service refuses to run at all, or cannot: it was not visited.
const REFUSED_UNSEEN: [&str; 7] = [
    "DEPTH_LIMIT_EXCEEDED",
    "COST_LIMIT_EXCEEDED",
    "SELECTION_LIMIT_EXCEEDED",
    "GRAPHQL_VALIDATION_FAILED",
    "GRAPHQL_PARSE_FAILED",
    "RATE_LIMITED",
    "INTERNAL_SERVER_ERROR",
];

/// Asks, and looks for canaries in the answer.
async fn look(stranger: &TestCaller, document: &str, variables: &Value, leaks: &mut Vec<String>) {
    let response = stranger.request(document, variables).timeout(Duration::from_mins(1)).send().await.unwrap();
    let headers = format!("{:?}", response.headers());
    let mut answer = response.text().await.unwrap();
    for code in REFUSED_UNSEEN {
        assert!(!answer.contains(code), "{document}\n{variables}\n{answer}");
    }
    // What a caller types may come back in a sentence that refuses it: then it is theirs.
    for said in variables.as_object().into_iter().flat_map(|variables| variables.values()) {
        for text in texts_of(said) {
            if text.contains(CANARY) {
                // Where a refusal repeats the beginning of it, too.
                let beginning: String = text.chars().take(20).collect();
                answer = answer.replace(&text, "").replace(&beginning, "");
            }
        }
    }
    if answer.contains(CANARY) || headers.contains(CANARY) {
        leaks.push(format!("{document}\n{variables}\n{answer}"));
    }
}

fn texts_of(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => vec![text.clone()],
        Value::Array(items) => items.iter().flat_map(texts_of).collect(),
        Value::Object(fields) => fields.values().flat_map(texts_of).collect(),
        _ => vec![],
    }
}

fn below(types: &Types, leads_to: &str) -> String {
    if types.contains_key(leads_to) {
        selection(types, leads_to, &[])
    } else if leads_to == "Node" {
        "{ id __typename }".to_owned()
    } else {
        String::new()
    }
}

/// The fields of types that a selection names, which is all below its type.
fn note_fields(types: &Types, of: &str, above: &[String], visited: &mut BTreeSet<String>) {
    let mut above = above.to_vec();
    above.push(of.to_owned());
    for (field, below) in types.get(of).into_iter().flatten() {
        visited.insert(format!("{of}.{field}"));
        if let Some(value) = &below.value
            && above.len() < DEEPEST
            && !above.contains(value)
        {
            note_fields(types, value, &above, visited);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
#[expect(clippy::too_many_lines, reason = "one sweep over one installation")]
async fn nothing_of_another_account_comes_back_or_changes() {
    let desk = Desk::open().await;
    let theirs = fill(&desk).await;
    // Whoever may see it is shown it by the same means: so it would be found.
    let mut shown = vec![];
    for text in [SOUGHT, "nothing"] {
        let document = "query($text: String!) { search(text: $text) { nodes { subject } } }";
        look(&theirs.canary, document, &json!({ "text": text }), &mut shown).await;
    }
    let by_id = "query($ids: [ID!]!) { nodes(ids: $ids) { ... on Location { address } ... on Product { name } ... on Person { name } } }";
    look(&theirs.canary, by_id, &json!({ "ids": theirs.ids }), &mut shown).await;
    assert_eq!(shown.len(), 2, "{shown:?}");

    let (shapes, types) = (Shapes::read().await, types().await);
    let (mut leaks, mut visited, mut asked) = (vec![], BTreeSet::new(), 0);
    let stranger = &desk.stranger;
    for ((of, field), arguments) in &shapes.arguments {
        let kind = match of.as_str() {
            "Query" => "query",
            "Mutation" => "mutation",
            _ => continue,
        };
        let leads_to = &shapes.leads_to[&(of.clone(), field.clone())];
        visited.insert(format!("{of}.{field}"));
        note_fields(&types, leads_to, &[], &mut visited);
        let mut each = vec![];
        for argument in arguments {
            visited.insert(format!("{of}.{field}({})", argument.name));
            each.push((&argument.name, argument, shapes.values(&argument.of, &theirs, &mut visited)));
        }
        let required: Map<String, Value> = each
            .iter()
            .filter(|(_, argument, _)| argument.is_required)
            .map(|(argument, _, values)| ((*argument).clone(), values[0].clone()))
            .collect();
        let mut variants: Vec<Map<String, Value>> = vec![required.clone()];
        for (argument, _, values) in &each {
            for value in values {
                let mut variant = required.clone();
                variant.insert((*argument).clone(), value.clone());
                variants.push(variant);
            }
        }
        let is_paged = each.iter().any(|(argument, ..)| *argument == "first");
        for mut variant in variants {
            // Of a list, one row: all that lies below it would cost too much of more.
            if is_paged && !variant.contains_key("first") && !variant.contains_key("last") {
                let from = if variant.contains_key("before") { "last" } else { "first" };
                variant.insert(from.to_owned(), json!(1));
            }
            let used: Vec<_> = each.iter().filter(|(argument, ..)| variant.contains_key(*argument)).collect();
            let variables = used
                .iter()
                .map(|(argument, taken, _)| format!("${argument}: {}", declared(&taken.of)))
                .collect::<Vec<_>>()
                .join(", ");
            let passed =
                used.iter().map(|(argument, ..)| format!("{argument}: ${argument}")).collect::<Vec<_>>().join(", ");
            let (variables, passed) = if used.is_empty() {
                (String::new(), String::new())
            } else {
                (format!("({variables})"), format!("({passed})"))
            };
            let document = format!("{kind}{variables} {{ {field}{passed} {} }}", below(&types, leads_to));
            look(stranger, &document, &json!(variant), &mut leaks).await;
            asked += 1;
        }
    }
    // Arguments below the root, of whatever has a global id: of what is theirs, and of what is the caller's own.
    let own = viewer(stranger).await;
    let all: Vec<Value> =
        theirs.ids.iter().cloned().chain([own["person"]["id"].clone(), own["accounts"][0]["id"].clone()]).collect();
    for ((of, field), arguments) in
        shapes.arguments.iter().filter(|((of, _), _)| !matches!(of.as_str(), "Query" | "Mutation" | "Subscription"))
    {
        for Taken { name: argument, of: of_argument, .. } in arguments {
            let place = format!("{of}.{field}({argument})");
            if matches!(of.as_str(), "Account" | "Case" | "Location" | "Person" | "Product") {
                visited.insert(place.clone());
            }
            let leads_to = &shapes.leads_to[&(of.clone(), field.clone())];
            for value in shapes.values(of_argument, &theirs, &mut visited) {
                if of == "Overview" {
                    visited.insert(place.clone());
                    let (of, below) = (declared(of_argument), below(&types, leads_to));
                    let document =
                        format!("query($value: {of}) {{ overview {{ {field}({argument}: $value) {below} }} }}");
                    look(stranger, &document, &json!({ "value": value }), &mut leaks).await;
                    asked += 1;
                    continue;
                }
                let document = format!(
                    "query($ids: [ID!]!, $value: {}) {{ nodes(ids: $ids) {{ id ... on {of} {{ {field}({argument}: $value) {} }} }} }}",
                    declared(of_argument),
                    below(&types, leads_to)
                );
                // As many at a time as may be asked for with the lists below them.
                for ids in all.chunks(3) {
                    look(stranger, &document, &json!({ "ids": ids, "value": value }), &mut leaks).await;
                    asked += 1;
                }
            }
        }
    }
    files::visit(stranger, &theirs).await;
    let mut own = Own::of(&desk).await;
    own.prepare("caseActivity").await;
    live::visit(&own, &theirs, &shapes, &types, &mut visited).await;

    let unvisited: Vec<String> = shapes.everything().into_iter().filter(|place| !visited.contains(place)).collect();
    assert_eq!(unvisited, Vec::<String>::new(), "the sweep does not visit these");
    assert!(leaks.is_empty(), "{} of {asked} answers leak, the first:\n{}", leaks.len(), leaks[0]);
    assert!(asked > 1_000, "{asked}");
    theirs.assert_untouched().await;
}
