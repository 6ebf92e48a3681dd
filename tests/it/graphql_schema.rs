//! The schema that clients build on: the committed text is what the service serves, and each operation has its snapshot.

use std::{collections::BTreeSet, fs, path::Path};

use api::graphql::{schema, sdl};

#[test]
fn the_committed_schema_is_the_one_that_is_served() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../api/schema.graphql");
    let committed = fs::read_to_string(path).unwrap();
    let served = sdl();
    let differs = committed.lines().zip(served.lines()).position(|(one, other)| one != other);
    let line = differs.unwrap_or_else(|| committed.lines().count().min(served.lines().count())) + 1;
    assert!(
        committed == served,
        "api/schema.graphql is not what the service serves, from line {line} on. If the change is meant: \
         cargo run -- schema > api/schema.graphql, and look at the difference as a client would"
    );
}

/// A new operation without a snapshot fails here, as does a snapshot that no operation has any more.
#[tokio::test]
async fn every_operation_has_a_snapshot_and_every_snapshot_an_operation() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("it/snapshots");
    let snapshots: BTreeSet<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .map(|name| name.strip_suffix(".snap").unwrap_or(&name).to_owned())
        .collect();
    assert_eq!(snapshots, operations().await.into_iter().map(|(_, name)| name).collect());
}

/// Every field of the root types: `query`, `mutation` or `subscription`, and its name.
pub async fn operations() -> Vec<(&'static str, String)> {
    let document = "{ __schema {
        queryType { fields { name } } mutationType { fields { name } } subscriptionType { fields { name } } } }";
    let data = schema().execute(document).await.into_result().unwrap().data.into_json().unwrap();
    let names = |kind: &'static str, of: &str| {
        let fields = data["__schema"][of]["fields"].as_array().unwrap().clone();
        fields.into_iter().map(move |field| (kind, field["name"].as_str().unwrap().to_owned()))
    };
    let kinds = [("query", "queryType"), ("mutation", "mutationType"), ("subscription", "subscriptionType")];
    kinds.into_iter().flat_map(|(kind, of)| names(kind, of).collect::<Vec<_>>()).collect()
}
