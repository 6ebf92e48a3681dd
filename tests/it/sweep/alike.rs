//! Wherever an id is taken, or a word that names one thing: with all else the caller's own, what is theirs is answered like what is
//! nobody's.

use std::collections::BTreeSet;

use harness::TestCaller;
use serde_json::{Value, json};

use super::{
    CANARY, REFUSED_UNSEEN, SOUGHT, below,
    own::Own,
    shapes::{Place, Shapes, Taken, declared},
    theirs::{EMAIL, Theirs, fill, kind, like},
};
use crate::{
    credentials::world::PASSWORD,
    graphql_desk::Desk,
    graphql_fields::{Types, types},
    graphql_roles::{TABLE, mutation_input},
    graphql_secrecy::whole_answer,
};

/// Where one's own is answered like nobody's, too: a session that is not there has ended. What follows is looked at in the end.
const SAME_FOR_OWN: &str = "SessionRevokeInput.sessionId";

/// An operation with its arguments, and how it is asked.
struct Asking<'a> {
    shapes: &'a Shapes,
    kind: &'static str,
    of: &'static str,
    operation: &'a str,
    below: String,
}

impl Asking<'_> {
    fn document(&self, variables: &Value) -> String {
        let variables = variables.as_object().expect("arguments by their names");
        let arguments = self.shapes.taken(self.of, self.operation);
        let used = || arguments.iter().filter(|argument| variables.contains_key(&argument.name));
        let takes: Vec<_> = used().map(|taken| format!("${}: {}", taken.name, declared(&taken.of))).collect();
        let passes: Vec<_> = used().map(|taken| format!("{0}: ${0}", taken.name)).collect();
        let (kind, operation) = (self.kind, self.operation);
        format!("{kind}({}) {{ {operation}({}) {} }}", takes.join(", "), passes.join(", "), self.below)
    }

    /// The arguments with all of the caller's own, and a value at a place.
    fn with(&self, base: &Value, own: &Own<'_>, place: &Place, value: &Value) -> Value {
        let arguments = self.shapes.taken(self.of, self.operation);
        let argument = arguments.iter().find(|argument| argument.name == place.path[0]).expect("an argument");
        let mut variables = base.clone();
        let least = |field: &str| own.id(self.operation, field);
        self.shapes.put(&mut variables[&place.path[0]], &argument.of, &place.path[1..], value, &least);
        variables
    }

    /// What is asked before anything is changed in it.
    fn base(&self, desk: &Desk, own: &Own<'_>) -> Value {
        let arguments = self.shapes.taken(self.of, self.operation);
        let least = |field: &str| own.id(self.operation, field);
        let mut base = json!({});
        for Taken { name, of, is_required } in arguments {
            if name == "first" {
                // Of a list, one row: all that lies below it would cost too much of more.
                base[name] = json!(1);
            } else if name == "input" {
                base[name] = mutation_input(desk, self.operation, &own.id(self.operation, "caseId"));
                if let Some(password) = base[name].get_mut("currentPassword") {
                    *password = json!(PASSWORD);
                }
            } else if *is_required {
                base[name] = self.shapes.required(of, name, &least);
            }
        }
        for place in self.shapes.places(self.of, self.operation).iter().filter(|place| place.scalar == "ID") {
            let there = place.path.iter().try_fold(&base, |at, step| at.get(step).filter(|it| !it.is_null()));
            if there.is_some() {
                let field = place.path.last().expect("a name");
                base = self.with(&base, own, place, &own.id(self.operation, field));
            }
        }
        base
    }
}

/// All that a caller can see of an answer, but for the value that was asked about and the order in which fields were ready.
type Answer = (u16, Vec<String>, Value);

async fn answer(caller: &TestCaller, asking: &Asking<'_>, variables: &Value, said: &Value) -> Answer {
    let document = asking.document(variables);
    let (status, headers, body) = whole_answer(caller.request(&document, variables)).await;
    for code in REFUSED_UNSEEN {
        assert!(!body.contains(code), "{document}\n{variables}\n{body}");
    }
    let body = body.replace(said.as_str().expect("a text"), "…");
    (status, headers, serde_json::from_str(&body).expect("JSON"))
}

/// Whether an answer says that a mutation has done something.
fn has_happened(answer: &Value) -> bool {
    let payload = answer["data"].as_object().and_then(|data| data.values().next());
    payload.is_some_and(|payload| payload["userErrors"] == json!([]))
}

/// Whether contacts may ask for an operation about what is theirs.
fn is_for_contacts(operation: &str) -> bool {
    let mut rows = TABLE.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
    rows.any(|row| row.first() == Some(&operation) && row[2] == "y")
}

async fn visit(
    desk: &Desk,
    own: &mut Own<'_>,
    theirs: &Theirs,
    asking: &Asking<'_>,
    (differ, unreached): (&mut Vec<String>, &mut BTreeSet<String>),
) {
    for place in asking.shapes.places(asking.of, asking.operation) {
        let field = place.path.last().expect("a name").as_str();
        own.prepare(asking.operation).await;
        let pairs: Vec<_> = match place.scalar.as_str() {
            "ID" => {
                // A mutation knows at a glance that an id is of another kind, and so it is asked about those of the right one.
                let right = kind(&own.id(asking.operation, field));
                let ids = theirs.ids.iter().chain(&theirs.more_ids);
                let ids = ids.filter(|id| asking.kind == "query" || kind(id) == right);
                ids.map(|id| (id.clone(), like(id))).collect()
            }
            // What a mutation is told in words changes what is the caller's own, and names nothing of others.
            // Cursors are among the texts of the other half.
            "String" if asking.kind == "query" && !matches!(field, "after" | "before") => theirs.names.clone(),
            _ => continue,
        };
        assert!(!pairs.is_empty(), "nothing of theirs goes into {}", place.name);
        let base = asking.base(desk, own);
        for (theirs, nothing) in pairs {
            let mut answers = vec![];
            for said in [&theirs, &nothing] {
                let variables = asking.with(&base, own, &place, said);
                answers.push(answer(&own.caller, asking, &variables, said).await);
            }
            // A mutation that is taken has changed nothing where both answers are alike: what it changes has another version.
            if answers[0] != answers[1] || answers[0].2.to_string().contains(CANARY) {
                differ.push(format!("{} {theirs}\n{:?}\n{:?}", place.name, answers[0], answers[1]));
            }
        }
        if place.scalar != "ID" || !is_for_contacts(asking.operation) {
            continue;
        }
        // With their own it goes on from there: so that it is this place that was looked at.
        own.prepare(asking.operation).await;
        let base = asking.base(desk, own);
        let said = own.id(asking.operation, field);
        let mut answers = vec![];
        for said in [&like(&said), &said] {
            let variables = asking.with(&base, own, &place, said);
            answers.push(answer(&own.caller, asking, &variables, said).await);
        }
        let is_taken = asking.kind == "query" || has_happened(&answers[1].2);
        if answers[0].2 == answers[1].2 || !is_taken {
            unreached.insert(place.name.clone());
        }
        if asking.kind == "mutation" {
            own.used(&asking.with(&base, own, &place, &said));
        }
    }
}

/// Words of theirs that a contact may say of a case of their own: an address that is known there, and a key of idempotency.
async fn say(own: &mut Own<'_>) {
    let mut added = vec![];
    for email in [EMAIL, "desk@kanarel.example"] {
        own.prepare("caseWatcherAdd").await;
        let input = json!({ "caseId": own.id("caseWatcherAdd", "caseId"), "watcher": { "email": email } });
        let selection = "case { watchers { person { id } email confirmed } activity(first: 1) { nodes { about { id } values { name } } } }";
        let payload = own.caller.succeed("caseWatcherAdd", input.clone(), selection).await;
        added.push(payload.to_string().replace(email, "…"));
        own.used(&input);
    }
    assert_eq!(added[0], added[1], "whether an address is somebody's of another account is not told");

    own.prepare("casePostMessage").await;
    let input =
        json!({ "caseId": own.id("casePostMessage", "caseId"), "body": "Own words.", "idempotencyKey": SOUGHT });
    let selection = "case { id activity(first: 1) { nodes { text } } }";
    let posted = own.caller.succeed("casePostMessage", input.clone(), selection).await;
    let expected = json!({ "id": input["caseId"], "activity": { "nodes": [{ "text": "Own words." }] } });
    assert_eq!(posted["case"], expected, "a key of theirs is nobody else's");
    own.used(&input);
}

fn asking<'a>(shapes: &'a Shapes, types: &Types, of: &'static str, operation: &'a str) -> Asking<'a> {
    let kind = if of == "Query" { "query" } else { "mutation" };
    let leads_to = &shapes.leads_to[&(of.to_owned(), operation.to_owned())];
    Asking { shapes, kind, of, operation, below: below(types, leads_to) }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_theirs_is_answered_like_what_is_nobodys_wherever_an_id_is_taken() {
    let desk = Desk::open().await;
    let theirs = fill(&desk).await;
    let mut own = Own::of(&desk).await;
    let (shapes, types) = (Shapes::read().await, types().await);
    let (mut differ, mut unreached) = (vec![], BTreeSet::new());
    for of in ["Query", "Mutation"] {
        for (operation, _) in shapes.fields(of) {
            let asking = asking(&shapes, &types, of, operation);
            visit(&desk, &mut own, &theirs, &asking, (&mut differ, &mut unreached)).await;
        }
    }
    say(&mut own).await;
    // Fields below the root take none: one that does is to be visited here.
    let below_the_root =
        shapes.arguments.keys().filter(|(of, _)| !matches!(of.as_str(), "Query" | "Mutation" | "Subscription"));
    let ids: Vec<_> = below_the_root
        .flat_map(|(of, field)| shapes.places(of, field))
        .filter(|place| place.scalar == "ID")
        .map(|place| place.name)
        .collect();
    assert_eq!(ids, Vec::<String>::new(), "nobody visits these");
    assert!(differ.is_empty(), "{} answers tell:\n{}", differ.len(), differ.join("\n"));
    assert_eq!(
        unreached,
        BTreeSet::from([SAME_FOR_OWN.to_owned()]),
        "with the caller's own, these are to be answered otherwise"
    );
    theirs.assert_untouched().await;
}
