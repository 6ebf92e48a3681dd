//! Following what is theirs: every subscription of the schema, by a stream and by a socket.

use std::collections::BTreeSet;

use harness::TestCaller;
use serde_json::{Value, json};

use super::{
    CANARY, below, note_fields,
    own::Own,
    shapes::{Shapes, declared},
    theirs::{Theirs, like},
};
use crate::graphql_fields::Types;

/// All results of a subscription that ends by itself, by one transport.
async fn results(caller: &TestCaller, by_socket: bool, document: &str, variables: &Value) -> Vec<Value> {
    let mut results = vec![];
    if by_socket {
        let mut socket = caller.socket().await;
        socket.subscribe("1", document, variables).await;
        loop {
            let message = socket.next().await;
            let is_over = message["type"] != "next";
            results.push(message);
            if is_over {
                return results;
            }
        }
    }
    let mut stream = caller.stream(document, variables).await;
    while let Some(result) = stream.next().await {
        results.push(result);
    }
    results
}

/// Notes what is visited.
pub async fn visit(own: &Own<'_>, theirs: &Theirs, shapes: &Shapes, types: &Types, visited: &mut BTreeSet<String>) {
    for (field, arguments) in shapes.fields("Subscription") {
        let leads_to = &shapes.leads_to[&("Subscription".to_owned(), field.to_owned())];
        let declared: Vec<_> =
            arguments.iter().map(|taken| format!("${}: {}", taken.name, declared(&taken.of))).collect();
        let passed: Vec<_> = arguments.iter().map(|taken| format!("{0}: ${0}", taken.name)).collect();
        let (declared, passed) = (declared.join(", "), passed.join(", "));
        let document = format!("subscription({declared}) {{ {field}({passed}) {} }}", below(types, leads_to));
        let least = |name: &str| own.id(field, name);
        let base: serde_json::Map<_, _> = arguments
            .iter()
            .filter(|taken| taken.is_required)
            .map(|taken| (taken.name.clone(), shapes.required(&taken.of, &taken.name, &least)))
            .collect();
        for place in shapes.places("Subscription", field) {
            let pairs: Vec<_> = match (place.scalar.as_str(), place.path[0].as_str()) {
                ("ID", _) => theirs.ids.iter().map(|id| (id.clone(), like(id))).collect(),
                ("String", "after") => theirs.cursors.iter().map(|cursor| (cursor.clone(), json!("made up"))).collect(),
                _ => panic!("say what of theirs goes into {}", place.name),
            };
            let argument = arguments.iter().find(|taken| taken.name == place.path[0]).expect("an argument");
            for ((asked, nothing), by_socket) in pairs.iter().flat_map(|pair| [(pair, false), (pair, true)]) {
                let mut answers = vec![];
                for said in [asked, nothing] {
                    let mut variables = json!(base);
                    shapes.put(&mut variables[&place.path[0]], &argument.of, &place.path[1..], said, &least);
                    let results = json!(results(&own.caller, by_socket, &document, &variables).await).to_string();
                    assert!(
                        results.contains("errors") && !results.contains(CANARY),
                        "{document}\n{variables}\n{results}"
                    );
                    answers.push(results.replace(said.as_str().expect("a text"), "…"));
                }
                assert_eq!(answers[0], answers[1], "{} {asked}", place.name);
            }
            visited.insert(place.name);
        }
        // Whoever may see it does, by either. That something happened to some case is the desk's to know, and names nobody.
        for by_socket in [false, true].into_iter().filter(|_| field != "deskChanges") {
            assert!(seen(theirs, field, by_socket).await.contains(CANARY), "{field}");
        }
        note_fields(types, leads_to, &[], visited);
        visited.insert(format!("Subscription.{field}"));
    }
}

/// The first result for somebody of theirs.
async fn seen(theirs: &Theirs, field: &str, by_socket: bool) -> String {
    let (canary, case_id) = (&theirs.canary, &theirs.case_id);
    assert_eq!(field, "caseActivity", "say how somebody of theirs follows this, and from where on");
    let first =
        "query($id: ID!) { case(id: $id) { activity(first: 1, order: OLDEST_FIRST) { pageInfo { startCursor } } } }";
    let found = canary.data(first, json!({ "id": case_id })).await;
    let after = &found["case"]["activity"]["pageInfo"]["startCursor"];
    let document =
        "subscription($id: ID!, $after: String) { caseActivity(caseId: $id, after: $after) { case { subject } } }";
    let variables = json!({ "id": case_id, "after": after });
    if by_socket {
        let mut socket = canary.socket().await;
        socket.subscribe("1", document, &variables).await;
        return socket.next().await.to_string();
    }
    canary.stream(document, &variables).await.next().await.expect("a result").to_string()
}
