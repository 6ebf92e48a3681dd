//! The page on security has a row for each requirement of the OWASP ASVS 5.0.0 of the levels 1 and 2, and what the rows name is there.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

/// The requirements of chapters 1 to 16, each with its level.
const REQUIREMENTS: &str = include_str!("asvs_ids.txt");

/// What is called how in the rows: the target of a test, and where its sources are.
const TARGETS: [(&str, &str); 10] = [
    ("it", "tests/it"),
    ("http_layer", "api/tests/http_layer"),
    ("private_postgres", "api/tests/private_postgres"),
    ("api", "api/src"),
    ("domain", "domain/src"),
    ("event_log", "event_log/src"),
    ("projections", "projections/src"),
    ("golden", "domain/tests/golden"),
    ("table", "domain/tests/table"),
    ("properties", "domain/tests/properties.rs"),
];

/// Of the portal's tests, which are no Rust: `portal FILE: NAME`.
const PORTAL: (&str, &str) = ("portal ", "api/portal/tests");

/// How the answer of a row begins, and what has to follow.
const ANSWERS: [(&str, Wants); 6] = [
    ("Tests: ", Wants::Test),
    ("Build: ", Wants::File),
    ("Written: ", Wants::Link),
    ("Operator: ", Wants::Link),
    ("Does not apply: ", Wants::Reason),
    ("**Not met:** ", Wants::Reason),
];

#[derive(Clone, Copy)]
enum Wants {
    /// A test that is there.
    Test,
    /// A file of the repository by which the build checks it.
    File,
    /// A page that says it.
    Link,
    /// Some words.
    Reason,
}

/// One requirement, as the page has it.
struct Row {
    id: String,
    level: String,
    asks: String,
    answer: String,
}

#[test]
fn each_requirement_has_one_row_with_its_level() {
    let expected: BTreeMap<_, _> = REQUIREMENTS.lines().map(|line| line.split_once(' ').unwrap()).collect();
    let rows = rows();
    let mut found = BTreeMap::new();
    for row in &rows {
        let before = found.insert(row.id.as_str(), row.level.as_str());
        assert!(before.is_none(), "{} has two rows", row.id);
    }
    assert_eq!(found, expected);
    let order = |id: &str| id.split('.').map(|part| part.parse::<u32>().unwrap()).collect::<Vec<_>>();
    assert!(rows.is_sorted_by_key(|row| order(&row.id)), "the rows are in their order");
}

#[test]
fn each_row_has_a_test_that_is_there_or_a_reason() {
    let problems: Vec<_> = rows().iter().filter_map(|row| Some(format!("{}: {}", row.id, problem(row)?))).collect();
    assert_eq!(problems, Vec::<String>::new());
}

#[test]
fn what_is_not_met_is_said_before_the_tables() {
    let page = page();
    let listed = page.lines().find_map(|line| line.strip_prefix("Not met today: ")).expect("a line lists them");
    let listed = listed.trim_end_matches('.').split(", ").filter(|id| *id != "none");
    let listed: BTreeSet<_> = listed.map(str::to_owned).collect();
    let rows = rows();
    let not_met = rows.iter().filter(|row| row.answer.starts_with("**Not met:**")).map(|row| row.id.clone());
    assert_eq!(listed, not_met.collect());
}

/// A test that the page names anywhere is a test.
#[test]
fn the_tests_that_the_page_names_are_there() {
    let page = page();
    let named: Vec<_> = codes(&page).filter(|code| is_test_name(code)).collect();
    assert!(named.len() > 100, "only {} tests are named: are they still written as `target path::name`?", named.len());
    let missing: BTreeSet<_> = named.into_iter().filter(|code| !is_there(code)).collect();
    assert_eq!(missing, BTreeSet::new());
}

/// What is wrong with the answer of a row.
fn problem(row: &Row) -> Option<&'static str> {
    if row.asks.len() < 10 {
        return Some("it does not say what is asked");
    }
    let Some((rest, wants)) = ANSWERS.iter().find_map(|(word, wants)| Some((row.answer.strip_prefix(word)?, *wants)))
    else {
        return Some("the answer is none of those that the page explains");
    };
    if codes(rest).any(|code| (code.contains("::") || is_of_portal(code)) && !(is_test_name(code) && is_there(code))) {
        return Some("a test that is not there");
    }
    let is_given = match wants {
        Wants::Test => codes(rest).any(|code| (names_one_test(code) || is_of_portal(code)) && is_there(code)),
        Wants::File => codes(rest).any(|code| root().join(code).is_file()),
        Wants::Link => rest.contains("]("),
        Wants::Reason => rest.split_whitespace().count() >= 3,
    };
    (!is_given).then_some(match wants {
        Wants::Test => "no test that is there",
        Wants::File => "no file that is there",
        Wants::Link => "no page that says it",
        Wants::Reason => "no reason",
    })
}

fn rows() -> Vec<Row> {
    let page = page();
    let cells = page.lines().filter_map(|line| line.strip_prefix("| ")?.strip_suffix(" |"));
    let rows = cells.map(|row| row.split(" | ").collect::<Vec<_>>());
    let is_id = |text: &str| text.split('.').count() == 3 && text.split('.').all(|part| part.parse::<u32>().is_ok());
    let rows = rows.filter(|row| is_id(row[0]));
    rows.map(|row| {
        let [id, level, asks, answer] = row[..] else { panic!("a row has four cells: {row:?}") };
        let [id, level, asks, answer] = [id, level, asks, answer].map(str::to_owned);
        Row { id, level, asks, answer }
    })
    .collect()
}

fn page() -> String {
    fs::read_to_string(root().join("docs/security.md")).unwrap()
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize().unwrap()
}

/// What stands as code in a text.
fn codes(text: &str) -> impl Iterator<Item = &str> {
    text.lines().flat_map(|line| line.split('`').skip(1).step_by(2))
}

/// Whether this is the name of a test, or of a module of tests.
fn is_test_name(code: &str) -> bool {
    if is_of_portal(code) {
        return true;
    }
    code.split_once(' ').is_some_and(|(target, path)| {
        let is_path = path.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == ':');
        is_path && TARGETS.iter().any(|(name, _)| *name == target)
    })
}

/// Whether it names one test, and no module of them.
fn names_one_test(code: &str) -> bool {
    is_test_name(code)
        && code.rsplit("::").next().is_some_and(|last| last.contains('_') && file_of_module(code).is_none())
}

fn is_there(code: &str) -> bool {
    if is_of_portal(code) { is_in_portal(code) } else { file_of_module(code).is_some() || has_test(code) }
}

fn is_of_portal(code: &str) -> bool {
    code.starts_with(PORTAL.0)
}

/// Whether the portal has a test of this name, in a browser or without one.
fn is_in_portal(code: &str) -> bool {
    let named = code.strip_prefix(PORTAL.0).and_then(|rest| rest.split_once(": "));
    named.is_some_and(|(file, name)| {
        let folder = root().join(PORTAL.1);
        ["browser.ts", "test.ts"].iter().any(|ending| {
            let Ok(text) = fs::read_to_string(folder.join(format!("{file}.{ending}"))) else { return false };
            let quoted = format!("\"{name}\"");
            // `test(` or `browserTest(`; a long name stands on a line of its own.
            text.split("est(").skip(1).any(|call| call.trim_start().starts_with(&quoted))
        })
    })
}

/// The source of a module that is named as tests are.
fn file_of_module(code: &str) -> Option<PathBuf> {
    let (target, path) = code.split_once(' ')?;
    source(target, path)
}

/// Whether the module has a test of this name.
fn has_test(code: &str) -> bool {
    let Some((target, path)) = code.split_once(' ') else { return false };
    let (module, name) = path.rsplit_once("::").unwrap_or(("", path));
    let Some(file) = source(target, module) else { return false };
    let text = fs::read_to_string(file).unwrap();
    let mut lines = text.lines().map(str::trim);
    let is_it = |line: &str| {
        let rest = line.strip_prefix("async ").unwrap_or(line).strip_prefix("fn ");
        rest.and_then(|rest| rest.strip_prefix(name)).is_some_and(|rest| rest.starts_with('('))
    };
    let mut is_test = false;
    lines.any(|line| {
        let found = is_test && is_it(line);
        // The attribute may be followed by others; inside `proptest!` it is the same.
        is_test =
            line.starts_with("#[test]") || line.starts_with("#[tokio::test") || (is_test && line.starts_with("#["));
        found
    })
}

/// Where a module of a target stands.
fn source(target: &str, module: &str) -> Option<PathBuf> {
    let (_, folder) = TARGETS.iter().find(|(name, _)| *name == target)?;
    let folder = root().join(folder);
    if folder.is_file() {
        return module.is_empty().then_some(folder);
    }
    let candidates = if module.is_empty() {
        ["main.rs", "lib.rs"].map(|name| folder.join(name))
    } else {
        let path = folder.join(module.replace("::", "/"));
        [path.with_extension("rs"), path.join("mod.rs")]
    };
    candidates.into_iter().find(|path| path.is_file())
}
