//! How many SQL statements a page takes: as many as any other, whatever its size. Asked of every value of the schema that a
//! page leads to.

use domain::Role;
use harness::TestCaller;
use serde_json::{Value, json};

use crate::{
    graphql_desk::{Desk, open_case},
    graphql_fields::{Field, Types, types},
    sql::Watched,
};

/// A short page and a long one.
const SHORT: usize = 2;
const LONG: usize = 20;
/// What has a global id.
const NODES: [&str; 5] = ["Account", "Case", "Location", "Person", "Product"];
/// No document may be deeper.
const DEPTH: usize = 12;

/// Everything there is to page through: `LONG` of each, and each with at least `SHORT` of what it has itself.
struct World {
    desk: Desk,
    admin: TestCaller,
    cases: Vec<Value>,
    /// A case with links to all of them.
    hub: Value,
    accounts: Vec<Value>,
    locations: Vec<Value>,
    products: Vec<Value>,
    people: Vec<Value>,
}

#[tokio::test]
async fn a_long_page_takes_as_many_statements_as_a_short_one() {
    let world = World::new().await;
    let documents = documents(&types().await);
    let watched = Watched::begin();
    let mut wrong = vec![];
    for caller in [&world.desk.auditor, &world.desk.contact] {
        let filled = "{ cases(first: 20) { nodes { id } } account(reference: \"ACME\") { locations(first: 20) { nodes { id } } } }";
        let filled = caller.data(filled, json!({})).await;
        for page in [&filled["cases"]["nodes"], &filled["account"]["locations"]["nodes"]] {
            assert_eq!(page.as_array().map(Vec::len), Some(LONG), "a long page is one");
        }
        for document in &documents {
            let page = |first: usize, inner: usize| world.variables(first, inner, &world.cases[0]);
            let short = statements(&watched, caller, document, &page(SHORT, SHORT)).await;
            let mut check = async |variables: &Value| {
                let found = statements(&watched, caller, document, variables).await;
                if found.len() != short.len() {
                    wrong.push(format!("{document}\n  {}\n  {}", short.join("\n  "), found.join("\n  ")));
                }
            };
            if document.contains("$first") || document.contains("$all") {
                check(&page(LONG, SHORT)).await;
            }
            if document.contains("$inner") {
                check(&page(1, LONG)).await;
            }
            if document.contains("$id:") {
                check(&world.variables(SHORT, SHORT, &world.hub)).await;
            }
        }
    }
    assert!(wrong.is_empty(), "{} grow with the page, {}", wrong.len(), wrong[0]);
}

/// A read of a caller's; answers its statements.
async fn statements(watched: &Watched, caller: &TestCaller, document: &str, variables: &Value) -> Vec<String> {
    let (answer, statements) = watched.of(caller.graphql(document, variables.clone())).await;
    for error in answer["errors"].as_array().into_iter().flatten() {
        assert_eq!(error["extensions"]["code"], "FORBIDDEN", "{document}: {error}");
    }
    statements
}

/// A document for each way down from lists of cases and of accounts, and for each other page with what is next to it: what
/// is further down is read as it is below those two.
fn documents(types: &Types) -> Vec<String> {
    let mut found = vec![];
    let mut add = |query: &str, chains: Vec<String>| {
        found.extend(chains.into_iter().map(|chain| format!("{query} {{ {chain} }}")));
    };
    for (query, Field { value, is_paged }) in &types["Query"] {
        if let (Some(value), true) = (value, is_paged) {
            // It is in every address of a place, and in every subject.
            let text = if matches!(query.as_str(), "accountPicker" | "search") { "text: \"line\", " } else { "" };
            let far = matches!(query.as_str(), "accounts" | "cases");
            add(&format!("{query}({text}first: $first)"), chains(types, value, &[], far));
        }
    }
    for of in NODES {
        let chains = chains(types, of, &[], false).into_iter().map(|chain| format!("... on {of} {{ {chain} }}"));
        add(&format!("nodes(ids: $all{of})"), chains.collect());
    }
    let of_one = chains(types, "Case", &[], true).into_iter().filter(|chain| chain.starts_with("links")).collect();
    add("case(id: $id)", of_one);
    found.into_iter().filter(|selection| depth(selection) <= DEPTH).map(|selection| declared(&selection)).collect()
}

/// The ways down from a type: what it has itself, and along each other field what the field leads to. Types that are above
/// already are left out, but for the cases that a case is linked to, of which the accounts and all that these have are left out.
/// Ways that are not to go far end at the first type below the page that has values itself.
fn chains(types: &Types, of: &str, above: &[&str], far: bool) -> Vec<String> {
    let above = [above, &[of]].concat();
    let is_linked = above.iter().filter(|of| **of == "Case").count() > 1;
    let (mut own, mut chains) = (vec![], vec![]);
    for (name, Field { value, is_paged }) in &types[of] {
        let field = if *is_paged { format!("{name}(first: $inner)") } else { name.clone() };
        let Some(value) = value else {
            own.push(field);
            continue;
        };
        if let Some(values) = flat(types, value) {
            own.push(format!("{field} {{ {values} }}"));
            continue;
        }
        let is_above = above.contains(&value.as_str()) && (value != "Case" || is_linked);
        let is_edge = name == "edges" && types[of].contains_key("nodes");
        let is_far = is_linked && matches!(value.as_str(), "Account" | "Location" | "Product")
            || !far && !of.ends_with("Connection") && types[of].values().any(|field| field.value.is_none());
        if !(is_above || is_edge || is_far) {
            chains.extend(
                self::chains(types, value, &above, far).into_iter().map(|chain| format!("{field} {{ {chain} }}")),
            );
        }
    }
    if !own.is_empty() {
        chains.push(own.join(" "));
    }
    chains
}

/// The fields of a type that has no other below.
fn flat(types: &Types, of: &str) -> Option<String> {
    let fields = &types[of];
    fields.values().all(|field| field.value.is_none()).then(|| fields.keys().cloned().collect::<Vec<_>>().join(" "))
}

fn depth(selection: &str) -> usize {
    let levels = selection.chars().scan(1, |level, c| {
        match c {
            '{' => *level += 1,
            '}' => *level -= 1,
            _ => {}
        }
        Some(*level)
    });
    // A fragment is none.
    levels.max().expect("it is not empty") - usize::from(selection.contains("... on"))
}

/// The selection as a document that declares the variables it uses.
fn declared(selection: &str) -> String {
    let variables = [("first", "Int!"), ("inner", "Int!"), ("id", "ID!")];
    let lists = NODES.map(|of| (format!("all{of}"), "[ID!]!"));
    let variables = variables.iter().map(|(name, of)| ((*name).to_owned(), *of)).chain(lists);
    let used = variables.filter(|(name, _)| [")", ","].iter().any(|end| selection.contains(&format!("${name}{end}"))));
    let declared: Vec<_> = used.map(|(name, of)| format!("${name}: {of}")).collect();
    format!("query({}) {{ {selection} }}", declared.join(", "))
}

impl World {
    async fn new() -> Self {
        let desk = Desk::open().await;
        let admin = desk.app.staff(Role::Administrator).await;
        let (accounts, people) = (vec![desk.account_id.clone()], vec![desk.contact_id.clone()]);
        let (cases, locations, products, hub) = (vec![], vec![], vec![], Value::Null);
        let mut world = Self { desk, admin, cases, hub, accounts, locations, products, people };
        let ours = world.accounts[0].clone();
        for number in 0..LONG {
            world.furnish(&ours, number).await;
        }
        for number in 1..LONG {
            world.open_account(number).await;
        }
        world.hub = world.open_case(0).await;
        for number in 0..LONG {
            let case_id = world.open_case(number).await;
            world.cases.push(case_id);
        }
        world.link().await;
        world.lengthen().await;
        world
    }

    /// A mutation by the administrator; answers the id that is wanted of its payload.
    async fn change(&self, mutation: &str, input: Value, wanted: &str) -> Value {
        let selection = match wanted {
            "contact" => "contact { person { id } }".to_owned(),
            wanted => format!("{wanted} {{ id }}"),
        };
        let payload = self.admin.succeed(mutation, input, &selection).await;
        let found = if wanted == "contact" { &payload["contact"]["person"]["id"] } else { &payload[wanted]["id"] };
        found.clone()
    }

    /// Another place of an account, with products, and a contact who is limited to it.
    async fn furnish(&mut self, account: &Value, number: usize) {
        let place = json!({ "accountId": account, "address": format!("{number} Cable Line Street") });
        let place = self.change("accountLocationAdd", place, "location").await;
        for product in 0..SHORT {
            let product = json!({ "accountId": account, "locationId": place, "name": format!("Line {product}") });
            let product = self.change("accountProductInstall", product, "product").await;
            self.products.push(product);
        }
        let email = format!("contact{}@sample.example", self.people.len());
        let new = json!({ "name": format!("Contact {number}"), "email": email });
        let contact =
            json!({ "accountId": account, "contact": { "new": new }, "role": "MEMBER", "locationIds": [place] });
        let contact = self.change("accountContactJoin", contact, "contact").await;
        self.people.push(contact);
        self.locations.push(place);
    }

    async fn open_account(&mut self, number: usize) {
        let account = json!({ "reference": format!("EX-{number}"), "name": format!("Sample {number:02}"), "address": "1 Main Street" });
        let account = self.change("accountOpen", account, "account").await;
        for _ in 0..SHORT {
            self.furnish(&account, number).await;
        }
        self.accounts.push(account);
    }

    /// A case that names all that a case can name, at a place of its own.
    async fn open_case(&self, number: usize) -> Value {
        let desk = &self.desk;
        let mut opening = desk.opening(&format!("Silent line {number}"));
        opening["locationId"] = self.locations[number].clone();
        opening["productId"] = self.products[number * SHORT].clone();
        opening["contactId"] = desk.contact_id.clone();
        opening["watchers"] = json!([{ "contact": desk.contact_id }, { "email": "someone@acme.example" }]);
        opening["uploads"] = json!([desk.upload(&desk.contact, "router.log", b"port down").await]);
        let case_id = open_case(&desk.contact, opening).await;
        desk.step(&desk.agent, "caseTakeUp", &case_id, json!({})).await;
        case_id
    }

    /// Links the cases in a ring, and each to the one in its middle.
    async fn link(&self) {
        let link = async |one: &Value, other: &Value| {
            self.desk.step(&self.desk.agent, "caseLink", one, json!({ "otherCaseId": other })).await;
        };
        for (case_id, next) in self.cases.iter().zip(self.cases.iter().cycle().skip(1)) {
            link(&self.hub, case_id).await;
            link(case_id, next).await;
        }
    }

    /// Gives the last case and its place a long page of what there is of them. Every case is updated later than the one in the
    /// middle.
    async fn lengthen(&mut self) {
        let last = LONG - 1;
        for product in SHORT..LONG {
            let place = &self.locations[last];
            let product =
                json!({ "accountId": self.accounts[0], "locationId": place, "name": format!("Line {product}") });
            self.change("accountProductInstall", product, "product").await;
        }
        for case_id in self.cases.iter().chain([&self.cases[last]; LONG]) {
            self.desk.step(&self.desk.agent, "casePostMessage", case_id, json!({ "body": "We are on it." })).await;
        }
        self.cases.reverse();
    }

    /// What documents are asked with: how many of a page, and how many of each page below.
    fn variables(&self, first: usize, inner: usize, case_id: &Value) -> Value {
        json!({
            "first": first, "inner": inner, "id": case_id,
            "allAccount": self.accounts[..first], "allCase": self.cases[..first], "allLocation": self.locations[..first],
            "allPerson": self.people[..first], "allProduct": self.products[..first],
        })
    }
}
