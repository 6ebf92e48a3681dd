//! What holds of all that the product is built of.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize().unwrap()
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The values of a key in a text of TOML, without quotes.
fn values<'a>(text: &'a str, key: &'a str) -> impl Iterator<Item = &'a str> {
    let value = move |line: &'a str| line.strip_prefix(key)?.trim_start().strip_prefix('=');
    text.lines().filter_map(value).map(|value| value.trim().trim_matches('"'))
}

#[test]
fn every_dependency_is_of_one_registry_and_has_its_checksum() {
    let lock = read("Cargo.lock");
    let (mut ours, mut sources, mut others) = (BTreeSet::new(), BTreeSet::new(), 0);
    for package in lock.split("[[package]]").skip(1) {
        let name = values(package, "name").next().expect("a package has a name");
        let Some(source) = values(package, "source").next() else {
            ours.insert(name);
            continue;
        };
        let checksum = values(package, "checksum").next();
        let is_sum = checksum.is_some_and(|sum| sum.len() == 64 && sum.chars().all(|c| c.is_ascii_hexdigit()));
        assert!(source.starts_with("registry+") && is_sum, "{name} comes from {source}, with {checksum:?}");
        sources.insert(source);
        others += 1;
    }
    assert_eq!(sources.len(), 1, "{sources:?}");
    assert_eq!(ours, BTreeSet::from(["bench", "casestream", "domain", "event_log", "it", "projections"]));
    assert!(others > 100, "only {others} dependencies were found");
}

#[test]
fn every_crate_forbids_unsafe_code() {
    assert_eq!(values(&read("Cargo.toml"), "unsafe_code").collect::<Vec<_>>(), ["forbid"]);
    for member in ["api", "bench", "domain", "event_log", "projections", "tests"] {
        let manifest = read(&format!("{member}/Cargo.toml"));
        let lints = manifest.split("[lints]").nth(1).unwrap_or_else(|| panic!("{member} has no lints"));
        assert_eq!(values(lints, "workspace").next(), Some("true"), "{member}");
    }
    let members = read("Cargo.toml");
    let members = values(&members, "members").next().expect("the workspace has members").to_owned();
    assert_eq!(members.matches('"').count(), 12, "this test knows of each crate: {members}");
}
