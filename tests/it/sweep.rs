//! The sweep: as a contact of another account, everything that the schema offers is visited with everything that is not theirs: every
//! field, argument and input field, every id, upload and download. What is the first account's never comes back, and nothing of
//! theirs changes. Whatever the schema has and this does not visit fails it.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use api::{graphql::schema, identity::NewToken};
use domain::Role;
use harness::TestCaller;
use serde_json::{Map, Value, json};

use crate::{
    access_requests::{form, submitted},
    graphql_desk::{Desk, open_case, viewer},
    graphql_fields::{DEEPEST, Types, selection, types},
};

/// In every word of the account that is not the caller's, and in nothing else.
const CANARY: &str = "kanarek";
/// In the same words, to be searched for: what a caller types comes back in refusals.
const SOUGHT: &str = "zeisig";

/// Arguments of fields below the root that no global id leads to: they are visited by the fields above them.
const UNREACHED: [&str; 0] = [];

/// The schema's shapes, by introspection; a test holds the committed SDL to them.
struct Shapes {
    /// Input objects: fields with their types, and whether one of them is to be given.
    inputs: BTreeMap<String, (bool, Vec<(String, Value)>)>,
    enums: BTreeMap<String, Vec<Value>>,
    /// Arguments of every field of every object type.
    arguments: BTreeMap<(String, String), Vec<(String, Value)>>,
    /// What each field leads to.
    leads_to: BTreeMap<(String, String), String>,
}

fn name_of(value: &Value) -> String {
    value["name"].as_str().expect("a name").to_owned()
}

fn named_type(of: &Value) -> String {
    if of["ofType"].is_null() { name_of(of) } else { named_type(&of["ofType"]) }
}

impl Shapes {
    async fn read() -> Self {
        let of = "kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name } } } }";
        let document = format!(
            "{{ __schema {{ types {{ kind name isOneOf enumValues {{ name }}
               inputFields {{ name type {{ {of} }} }}
               fields {{ name type {{ {of} }} args {{ name type {{ {of} }} }} }} }} }} }}"
        );
        let data = schema().execute(&document).await.into_result().unwrap().data.into_json().unwrap();
        let (mut inputs, mut enums, mut arguments, mut leads_to) =
            (BTreeMap::new(), BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        let listed = |value: &Value| -> Vec<(String, Value)> {
            value.as_array().into_iter().flatten().map(|one| (name_of(one), one["type"].clone())).collect()
        };
        for of in data["__schema"]["types"].as_array().unwrap() {
            let name = name_of(of);
            if name.starts_with("__") {
                continue;
            }
            match of["kind"].as_str().unwrap() {
                "INPUT_OBJECT" => {
                    inputs.insert(name, (of["isOneOf"] == true, listed(&of["inputFields"])));
                }
                "ENUM" => {
                    let values = of["enumValues"].as_array().unwrap();
                    enums.insert(name, values.iter().map(|value| value["name"].clone()).collect());
                }
                "OBJECT" => {
                    for field in of["fields"].as_array().unwrap() {
                        let key = (name.clone(), name_of(field));
                        leads_to.insert(key.clone(), named_type(&field["type"]));
                        arguments.insert(key, listed(&field["args"]));
                    }
                }
                _ => {}
            }
        }
        Self { inputs, enums, arguments, leads_to }
    }

    /// Values for a type, the likeliest first: of every kind of thing that is not the caller's.
    fn values(&self, of: &Value, theirs: &Theirs, visited: &mut BTreeSet<String>) -> Vec<Value> {
        match of["kind"].as_str().unwrap() {
            "NON_NULL" => self.values(&of["ofType"], theirs, visited),
            "LIST" => {
                let inner = self.values(&of["ofType"], theirs, visited);
                // As many at a time as a list of them may cost.
                inner.chunks(6).map(|few| json!(few)).collect()
            }
            "ENUM" => self.enums[&name_of(of)].clone(),
            "INPUT_OBJECT" => self.objects(&name_of(of), theirs, visited),
            _ => match name_of(of).as_str() {
                "ID" => theirs.ids.clone(),
                "String" => theirs.texts.clone(),
                "Int" => vec![json!(1)],
                "Float" => vec![json!(1.5)],
                "Boolean" => vec![json!(true), json!(false)],
                "DateTime" => vec![json!("2026-03-05T09:00:00Z")],
                "Date" => vec![json!("2026-03-05")],
                "BigInt" => vec![json!("0")],
                other => panic!("give the scalar {other} a value here"),
            },
        }
    }

    /// Objects of an input type: one with what is required, and one for each value of each field.
    fn objects(&self, name: &str, theirs: &Theirs, visited: &mut BTreeSet<String>) -> Vec<Value> {
        let (one_of, fields) = &self.inputs[name];
        let mut base = Map::new();
        let mut each = vec![];
        for (field, of) in fields {
            visited.insert(format!("{name}.{field}"));
            let values = self.values(of, theirs, visited);
            if !one_of && of["kind"] == "NON_NULL" {
                base.insert(field.clone(), values[0].clone());
            }
            each.push((field, values));
        }
        let mut objects: Vec<Value> = if *one_of { vec![] } else { vec![json!(base)] };
        for (field, values) in each {
            for value in values {
                let mut object = if *one_of { Map::new() } else { base.clone() };
                object.insert(field.clone(), value);
                objects.push(json!(object));
            }
        }
        objects.dedup();
        objects
    }
}

/// What is the other account's: ids, and all else by which somebody may ask for it.
struct Theirs {
    ids: Vec<Value>,
    texts: Vec<Value>,
    file: Value,
    upload: String,
}

/// A type as a variable declares it.
fn declared(of: &Value) -> String {
    match of["kind"].as_str().unwrap() {
        "NON_NULL" => format!("{}!", declared(&of["ofType"])),
        "LIST" => format!("[{}]", declared(&of["ofType"])),
        _ => name_of(of),
    }
}

/// Fills an account with canaries in every kind of word, and gathers what points to them.
async fn fill(desk: &Desk, canary: &TestCaller, canary_viewer: &Value) -> Theirs {
    let account_id = canary_viewer["accounts"][0]["id"].clone();
    let word = |text: &str| format!("{CANARY} {SOUGHT} {text}");
    let location = json!(desk.app.location(&account_id, &word("street")).await);
    let product = json!(desk.app.product(&account_id, &word("line")).await);
    let mut opening = desk.opening(&word("subject"));
    opening["accountId"] = account_id.clone();
    opening["description"] = json!(word("description"));
    opening["locationId"] = location.clone();
    let case_id = open_case(canary, opening).await;
    desk.step(&desk.agent, "caseTakeUp", &case_id, json!({})).await;
    let message = desk.message(canary, &case_id, &word("message")).await;
    desk.step(&desk.agent, "caseAddNote", &case_id, json!({ "body": word("note") })).await;
    let email = format!("{CANARY}@{CANARY}.example");
    desk.step(canary, "caseWatcherAdd", &case_id, json!({ "watcher": { "email": email } })).await;
    let stage = async |name: &str| {
        let input = json!({ "accountId": account_id, "fileName": name, "sizeBytes": 7 });
        let mut staged = canary.succeed("uploadStage", input, "upload { attachmentId url }").await["upload"].take();
        (staged["attachmentId"].take(), staged["url"].as_str().unwrap().to_owned())
    };
    let (file, url) = stage(&format!("{CANARY}.log")).await;
    assert_eq!(canary.send(&url, CANARY).send().await.unwrap().status(), 201);
    desk.step(canary, "caseAttachmentAdd", &case_id, json!({ "uploads": [file] })).await;
    let (staged, upload) = stage(&format!("{CANARY}2.log")).await;
    let request = submitted(&desk.app, &desk.supervisor, {
        let mut form = form(&email);
        form["description"] = json!(word("request"));
        form
    })
    .await;
    let document = "query($id: ID!) { case(id: $id) { number version activity(first: 1) { edges { cursor } } }
        cases(first: 1) { edges { cursor } } accounts(first: 1) { edges { cursor } } }";
    let tokens = canary.data(document, json!({ "id": case_id })).await;
    let texts = vec![
        json!(SOUGHT),
        tokens["case"]["number"].clone(),
        tokens["case"]["version"].clone(),
        tokens["case"]["activity"]["edges"][0]["cursor"].clone(),
        tokens["cases"]["edges"][0]["cursor"].clone(),
        tokens["accounts"]["edges"][0]["cursor"].clone(),
        json!(format!("{CANARY}-1")),
        json!(email),
    ];
    let ids = vec![
        case_id,
        account_id,
        canary_viewer["person"]["id"].clone(),
        location,
        product,
        message,
        file.clone(),
        staged,
        request,
    ];
    Theirs { ids, texts, file, upload }
}

/// Asks, and looks for canaries in the answer.
async fn look(stranger: &TestCaller, document: &str, variables: &Value, leaks: &mut Vec<String>) {
    // A subscription to what is not theirs ends by itself.
    let request = if document.starts_with("subscription") {
        stranger.request_to("/graphql/stream", document, variables).header("accept", "text/event-stream")
    } else {
        stranger.request(document, variables)
    };
    let response = request.timeout(Duration::from_mins(1)).send().await.unwrap();
    let headers = format!("{:?}", response.headers());
    let mut answer = response.text().await.unwrap();
    // Whatever the service refuses to run at all was not visited.
    for code in [
        "DEPTH_LIMIT_EXCEEDED",
        "COST_LIMIT_EXCEEDED",
        "SELECTION_LIMIT_EXCEEDED",
        "GRAPHQL_VALIDATION_FAILED",
        "GRAPHQL_PARSE_FAILED",
        "RATE_LIMITED",
        "INTERNAL_SERVER_ERROR",
    ] {
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
    let new = NewToken {
        name: format!("{CANARY} person"),
        roles: vec![Role::Contact],
        accounts: vec![format!("{CANARY}-1")],
        scopes: vec![],
        expires_at: None,
    };
    let canary = desk.app.caller(&new).await;
    let canary_viewer = viewer(&canary).await;
    let theirs = fill(&desk, &canary, &canary_viewer).await;
    let whole = "{ cases(first: 5) { nodes { version subject messageCount attachments { name } } } accounts { nodes { name } } }";
    let before = canary.data(whole, json!({})).await;
    assert!(before.to_string().contains(CANARY), "whoever may see it does");

    // Whoever may see it is shown it by the same means: so it would be found.
    let mut shown = vec![];
    for text in [SOUGHT, "nothing"] {
        let document = "query($text: String!) { search(text: $text) { nodes { subject } } }";
        look(&canary, document, &json!({ "text": text }), &mut shown).await;
    }
    let by_id = "query($ids: [ID!]!) { nodes(ids: $ids) { ... on Location { address } ... on Product { name } ... on Person { name } } }";
    look(&canary, by_id, &json!({ "ids": theirs.ids }), &mut shown).await;
    assert_eq!(shown.len(), 2, "{shown:?}");

    let (shapes, types) = (Shapes::read().await, types().await);
    let (mut leaks, mut visited, mut asked) = (vec![], BTreeSet::new(), 0);
    let stranger = &desk.stranger;
    for ((of, field), arguments) in &shapes.arguments {
        let kind = match of.as_str() {
            "Query" => "query",
            "Mutation" => "mutation",
            "Subscription" => "subscription",
            _ => continue,
        };
        let leads_to = &shapes.leads_to[&(of.clone(), field.clone())];
        visited.insert(format!("{of}.{field}"));
        note_fields(&types, leads_to, &[], &mut visited);
        let mut each = vec![];
        for (argument, of_argument) in arguments {
            visited.insert(format!("{of}.{field}({argument})"));
            each.push((argument, of_argument, shapes.values(of_argument, &theirs, &mut visited)));
        }
        let required: Map<String, Value> = each
            .iter()
            .filter(|(_, of, _)| of["kind"] == "NON_NULL")
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
                .map(|(argument, of, _)| format!("${argument}: {}", declared(of)))
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
        for (argument, of_argument) in arguments {
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
    // Files: one that is there, one that is about to be.
    for path in [format!("/attachments/{}", theirs.file.as_str().unwrap()), "/attachments/nothing".to_owned()] {
        let response = stranger.fetch(&path).send().await.unwrap();
        assert_eq!(response.status(), 404, "{path}");
        assert!(!response.text().await.unwrap().contains(CANARY));
    }
    let nothing = stranger.send("/uploads/csu_nothing", "7 bytes").send().await.unwrap();
    let staged = stranger.send(&theirs.upload, "7 bytes").send().await.unwrap();
    assert_eq!(staged.status(), nothing.status(), "whether an upload is there is not told");
    assert_eq!(staged.text().await.unwrap(), nothing.text().await.unwrap());

    let unvisited: Vec<String> = shapes
        .arguments
        .iter()
        .flat_map(|((of, field), arguments)| {
            let field = format!("{of}.{field}");
            let arguments = arguments.iter().map(|(argument, _)| format!("{field}({argument})")).collect::<Vec<_>>();
            std::iter::once(field.clone()).chain(arguments)
        })
        .chain(
            shapes
                .inputs
                .iter()
                .flat_map(|(name, (_, fields))| fields.iter().map(move |(field, _)| format!("{name}.{field}"))),
        )
        .filter(|place| !visited.contains(place) && !UNREACHED.contains(&place.as_str()))
        .collect();
    assert_eq!(unvisited, Vec::<String>::new(), "the sweep does not visit these");
    assert!(leaks.is_empty(), "{} of {asked} answers leak, the first:\n{}", leaks.len(), leaks[0]);
    assert!(asked > 1_000, "{asked}");
    assert_eq!(canary.data(whole, json!({})).await, before, "nothing of theirs has changed");
}
