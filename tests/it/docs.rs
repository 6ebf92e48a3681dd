//! The pages that people read: their links lead somewhere, the files they name are there, their examples fit the schema, and
//! what they say of roles is what the tests of roles say.

use std::{
    fs,
    path::{Path, PathBuf},
};

use api::graphql::{Schema, schema};
use async_graphql::{Request, Response, Value, Variables};
use futures_util::StreamExt as _;
use serde_json::Value as Json;

use crate::{graphql_fields, graphql_roles};

/// A page, taken apart.
struct Page {
    path: PathBuf,
    /// Its lines outside of code blocks.
    prose: Vec<String>,
    /// Its code blocks, each with its language.
    blocks: Vec<(String, String)>,
}

#[test]
fn links_lead_somewhere() {
    let pages = pages();
    let mut broken = vec![];
    for page in &pages {
        for target in page.links().filter(|target| !target.contains("://")) {
            let (file, anchor) = target.split_once('#').unwrap_or((target, ""));
            let path = if file.is_empty() { page.path.clone() } else { page.folder().join(file) };
            let is_there = match (path.canonicalize(), anchor) {
                (Ok(_), "") => true,
                (Ok(path), anchor) => pages.iter().any(|other| other.path == path && other.has_heading(anchor)),
                (Err(_), _) => false,
            };
            if !is_there {
                broken.push(format!("{}: {target}", page.path.display()));
            }
        }
    }
    assert_eq!(broken, Vec::<String>::new(), "these links lead nowhere");
}

#[test]
fn the_files_that_pages_name_are_there() {
    let missing: Vec<_> = pages()
        .iter()
        .flat_map(|page| page.named_files().map(|file| format!("{}: {file}", page.path.display())).collect::<Vec<_>>())
        .collect();
    assert_eq!(missing, Vec::<String>::new(), "these files are named and not there");
}

#[tokio::test]
async fn examples_fit_the_schema() {
    let schema = schema();
    let mut examples = 0;
    for page in pages() {
        for example in page.examples() {
            examples += 1;
            let text = example.query.clone();
            if let Some(problem) = problem_of(&schema, example).await {
                panic!("an example of {} does not fit the schema: {problem}\n{text}", page.path.display());
            }
        }
    }
    assert!(examples >= 10, "only {examples} examples were found: are they still fenced as `graphql`?");
}

/// Whoever asks without a token is told so by each field at the root, once document and variables are right. Whatever needs none asks
/// for the service, which is not there.
async fn problem_of(schema: &Schema, example: Request) -> Option<String> {
    // The first answer: a query's or mutation's only one, and what a subscription begins with.
    let Response { errors, .. } = schema.execute_stream(example).next().await.expect("an answer");
    let code = |error: &async_graphql::ServerError| error.extensions.as_ref()?.get("code").cloned();
    let asks_the_service = |error: &async_graphql::ServerError| error.message.contains("Services>` does not exist");
    let unexpected =
        errors.iter().find(|error| code(error) != Some(Value::from("UNAUTHENTICATED")) && !asks_the_service(error));
    match (unexpected, errors.is_empty()) {
        (Some(error), _) => Some(error.message.clone()),
        (None, true) => Some("it needs no caller, so nothing was checked".to_owned()),
        (None, false) => None,
    }
}

/// What a case answers for every command, role and state.
const COMMANDS: &str = include_str!("../../domain/tests/table/expected.txt");

#[test]
fn the_page_on_roles_says_what_the_tests_of_roles_say() {
    let page = fs::read_to_string(root().join("docs/roles.md")).unwrap();
    let tables = [operations_by_role(), fields_by_role(), commands_by_state()];
    let missing: Vec<_> = tables.into_iter().filter(|table| !page.contains(table)).collect();
    assert!(missing.is_empty(), "docs/roles.md is to have these tables as they are here:\n\n{}", missing.join("\n\n"));
}

/// The callers of the tests' tables as the page calls them.
const CALLERS: [(&str, &str); 12] = [
    ("nobody", "nobody"),
    ("contact", "contact"),
    ("stranger", "other contact"),
    ("agent", "agent"),
    ("supervisor", "supervisor"),
    ("administrator", "administrator"),
    ("auditor", "auditor"),
    ("analyst", "analyst"),
    ("mute", "service"),
    ("reader", "`cases:read`"),
    ("writer", "`cases:write`"),
    ("listener", "`events:read`"),
];

/// A table of one of the tests for the page: its rows, each a name and a cell for every caller.
fn by_role(what: &str, table: &str, is_wanted: impl Fn(&str, &[&str]) -> bool) -> String {
    let rows = table.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
    let mut rows = rows.filter(|row| !row.is_empty());
    let callers = rows.next().expect("the callers come first");
    let callers = callers.strip_prefix(&["field"]).unwrap_or(&callers);
    assert_eq!(callers, CALLERS.map(|(name, _)| name), "the callers of the table are those of the page");
    let names = CALLERS.map(|(_, name)| name).join(" | ");
    let mut lines = vec![format!("| {what} | {names} |"), format!("|---|{}", "---|".repeat(CALLERS.len()))];
    for row in rows.filter(|row| is_wanted(row[0], &row[1..])) {
        let cells = row[1..].iter().map(|cell| match *cell {
            "y" => "yes",
            "p" | "f" | "u" => "no",
            "-" | "a" => "–",
            other => panic!("what does `{other}` mean?"),
        });
        lines.push(format!("| `{}` | {} |", row[0], cells.collect::<Vec<_>>().join(" | ")));
    }
    lines.join("\n")
}

fn operations_by_role() -> String {
    by_role("operation", graphql_roles::TABLE, |_, _| true)
}

/// The fields of what is seen that not everybody sees who sees the rest of it.
fn fields_by_role() -> String {
    let table = graphql_fields::TABLE;
    let row_of = |name: &str| {
        let mut rows = table.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
        rows.find(|row| row[0] == name).unwrap_or_else(|| panic!("{name} is in the table"))
    };
    let rest = ["Account.id", "ActivityEntry.kind", "Attachment.id", "Case.id"].map(row_of);
    by_role("field", table, |field, cells| {
        let rest = rest.iter().find(|row| row[0].split('.').next() == field.split('.').next());
        cells.contains(&"y") && rest.is_some_and(|row| row[1..] != *cells)
    })
}

/// Which commands a case takes in which state, from whoever may give them.
fn commands_by_state() -> String {
    const STATES: [(&str, usize); 6] =
        [("New", 1), ("Open", 2), ("Open, waiting", 3), ("Resolved", 4), ("Closed", 6), ("Canceled", 7)];
    let mut lines = vec![
        format!("| command | roles | {} |", STATES.map(|(state, _)| state).join(" | ")),
        format!("|---|---|{}", "---|".repeat(STATES.len())),
    ];
    for line in COMMANDS.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let row: Vec<_> = line.split(" | ").collect();
        let [command, roles, cells @ ..] = row.as_slice() else { panic!("{line}") };
        if *cells == ["not permitted"] {
            continue;
        }
        let takes = |cell: &str| cell == "=" || cell.starts_with(char::is_uppercase);
        let cells = STATES.map(|(_, at)| if takes(cells[at]) { "yes" } else { "no" });
        let command = command.replace('-', "_").to_uppercase();
        lines.push(format!("| `{command}` | {} | {} |", roles.replace(' ', ", "), cells.join(" | ")));
    }
    lines.join("\n")
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize().unwrap()
}

fn pages() -> Vec<Page> {
    let mut folders = vec![root().join("docs")];
    let mut paths: Vec<_> = ["README.md", "CHANGELOG.md", "CONTRIBUTING.md"].map(|name| root().join(name)).into();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "md") {
                paths.push(path);
            }
        }
    }
    paths.into_iter().map(Page::read).collect()
}

impl Page {
    fn read(path: PathBuf) -> Self {
        let text = fs::read_to_string(&path).unwrap();
        let (mut prose, mut blocks) = (vec![], vec![]);
        let mut open: Option<(String, String)> = None;
        for line in text.lines() {
            match (line.strip_prefix("```"), &mut open) {
                (Some(language), None) => open = Some((language.to_owned(), String::new())),
                (Some(_), Some(_)) => blocks.extend(open.take()),
                (None, Some((_, block))) => block.extend([line, "\n"]),
                (None, None) => prose.push(line.to_owned()),
            }
        }
        assert!(open.is_none(), "{} has a code block that never ends", path.display());
        Self { path, prose, blocks }
    }

    fn folder(&self) -> &Path {
        self.path.parent().unwrap()
    }

    fn links(&self) -> impl Iterator<Item = &str> {
        self.prose.iter().flat_map(|line| line.split("](").skip(1).filter_map(|rest| Some(rest.split_once(')')?.0)))
    }

    /// Whether a heading makes this anchor, by the rule of GitHub: lower case, hyphens for blanks, no punctuation.
    fn has_heading(&self, anchor: &str) -> bool {
        let slug = |heading: &str| -> String {
            let kept = heading.to_lowercase();
            let kept = kept.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
            kept.map(|c| if c == ' ' { '-' } else { c }).collect()
        };
        let headings = self.prose.iter().filter(|line| line.starts_with('#'));
        headings.map(|line| slug(line.trim_start_matches('#').trim())).any(|heading| heading == anchor)
    }

    /// Files of this repository that stand in the prose as code and are not there.
    fn named_files(&self) -> impl Iterator<Item = &str> {
        let is_file = |code: &&str| {
            let is_path = code.chars().all(|c| c.is_ascii_alphanumeric() || "_-./".contains(c));
            // What is built is there only once it was.
            let is_source = |folder: &str| !matches!(folder, "" | "target") && root().join(folder).is_dir();
            is_path && code.split_once('/').is_some_and(|(folder, _)| is_source(folder))
        };
        let codes = self.prose.iter().flat_map(|line| line.split('`').skip(1).step_by(2));
        codes.filter(is_file).filter(|code| !root().join(code).exists())
    }

    /// What the page sends to the API: `graphql` blocks, each with the variables in a `json` block right after it, and
    /// what its commands send by curl.
    fn examples(&self) -> Vec<Request> {
        let mut examples = vec![];
        for (at, (language, text)) in self.blocks.iter().enumerate() {
            match language.as_str() {
                "graphql" => {
                    let variables = self.blocks.get(at + 1).filter(|(language, _)| language == "json");
                    let variables =
                        variables.map_or_else(Variables::default, |(_, json)| Variables::from_json(parse(json)));
                    examples.push(Request::new(text).variables(variables));
                }
                "sh" => examples.extend(text.split('\'').skip(1).step_by(2).filter_map(sent)),
                _ => {}
            }
        }
        examples
    }
}

/// A request that stands in quotes in a command: a query for GET, or a body for POST.
fn sent(quoted: &str) -> Option<Request> {
    if let Some(query) = quoted.strip_prefix("query=") {
        return Some(Request::new(query));
    }
    quoted.starts_with('{').then(|| {
        let mut body = parse(quoted);
        let variables = Variables::from_json(body["variables"].take());
        Request::new(body["query"].as_str().expect("a body has a query")).variables(variables)
    })
}

fn parse(json: &str) -> Json {
    serde_json::from_str(json).unwrap_or_else(|error| panic!("{error}: {json}"))
}
