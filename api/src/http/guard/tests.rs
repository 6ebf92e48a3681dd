//! What the guard refuses, by name, and what it lets pass; the cases are the attacks it was written against.

use std::fmt::Write as _;
use std::time::Instant;

use async_graphql::{Executor as _, Request, Variables};
use serde_json::json;

use super::{Admitted, Counted, Guard, Refusal};
use crate::{graphql::Exact, http::Limits};

fn admit(text: &str, name: Option<&str>, variables: &Variables, limits: &Limits) -> Result<Admitted, Refusal> {
    Guard::new(limits.clone()).admit(text, name, variables)
}

fn refuse(text: &str) -> Refusal {
    refuse_with(text, json!({}), &Limits::default())
}

fn refuse_with(text: &str, variables: serde_json::Value, limits: &Limits) -> Refusal {
    let variables = Variables::from_json(variables);
    let started = Instant::now();
    let refusal = admit(text, None, &variables, limits).expect_err("the document is over a limit");
    println!("{:>10.3?} for {:>6} bytes: {refusal}", started.elapsed(), text.len());
    refusal
}

fn pass(text: &str) {
    pass_with(text, json!({}));
}

fn pass_with(text: &str, variables: serde_json::Value) {
    let admitted = admit(text, None, &Variables::from_json(variables), &Limits::default());
    assert!(admitted.is_ok(), "{admitted:?}");
}

fn counted(refusal: &Refusal) -> Option<Counted> {
    match refusal {
        Refusal::Count { what, .. } => Some(*what),
        _ => None,
    }
}

/// Pieces of text that differ by their number, one after the other.
fn numbered(count: usize, piece: impl Fn(usize) -> String) -> String {
    (0..count).map(piece).collect::<Vec<_>>().concat()
}

/// Fragments that each spread the next one twice: `2^levels` fields when expanded.
fn bomb(levels: usize) -> String {
    let mut text = String::from("{...f0}");
    for level in 0..levels {
        let _ = write!(text, "fragment f{level} on Query{{...f{next} ...f{next}}}", next = level + 1);
    }
    let _ = write!(text, "fragment f{levels} on Query{{__typename}}");
    text
}

#[test]
fn a_fragment_bomb_costs_what_it_would_expand_to() {
    let text = bomb(17);
    assert!(text.len() < 1024);
    assert_eq!(counted(&refuse(&text)), Some(Counted::RootFields));
    // Below the root, where root fields don't count.
    let nested = text.replacen("{...f0}", "{viewer{...f0}}", 1);
    assert_eq!(counted(&refuse(&nested)), Some(Counted::Cost));
    // Never spread by an operation: validation still visits it.
    let unused = text.replacen("{...f0}", "{a}", 1);
    assert_eq!(counted(&refuse(&unused)), Some(Counted::Selections));
    // 2^600 fields don't overflow the count; so many levels are refused for their depth.
    assert!(matches!(refuse(&bomb(600)), Refusal::Depth { .. }));
}

#[test]
fn directives_count_as_work() {
    let skipped = format!("a{} ", "@skip(if:true)".repeat(2_000));
    assert_eq!(
        counted(&refuse(&format!("{{v{{...f ...f ...f ...f}}}}fragment f on V{{{skipped}}}"))),
        Some(Counted::Selections)
    );
    let marked = format!("query {}{{a}}", "@a ".repeat(10_500));
    assert_eq!(counted(&refuse(&marked)), Some(Counted::Selections));
}

#[test]
fn aliases_are_counted_through_fragments() {
    let aliases = numbered(100, |number| format!("a{number}:a "));
    assert_eq!(counted(&refuse(&format!("{{v{{{aliases}}}}}"))), Some(Counted::Aliases));
    let spread = format!("{{v{{...f}} w{{...f}}}}fragment f on V{{{}}}", &aliases[..100]);
    assert_eq!(counted(&refuse(&spread)), Some(Counted::Aliases));
}

#[test]
fn depth_is_bounded_without_exhausting_a_stack() {
    let nested = |levels: usize| format!("{}{}", "{a".repeat(levels), "}".repeat(levels));
    pass(&nested(12));
    assert!(matches!(refuse(&nested(13)), Refusal::Depth { depth: 13, limit: 12 }));
    assert!(matches!(refuse(&nested(64)), Refusal::Depth { .. }));
    assert!(matches!(refuse(&nested(500)), Refusal::Brackets { depth: 500, .. }));
    assert!(matches!(refuse(&nested(10_000)), Refusal::Brackets { .. }));
    assert!(matches!(refuse(&"{a(b:".replace("b:", &format!("b:{}", "[".repeat(10_000)))), Refusal::Brackets { .. }));
    let inline = format!("{}{{a}}{}", "{... on A".repeat(40), "}".repeat(40));
    assert!(matches!(refuse(&inline), Refusal::Depth { .. }));
    // Each fragment alone is shallow enough to parse; together they are two thousand deep.
    let mut chain = String::from("{...f0}");
    for link in 0..32 {
        let _ = write!(chain, "fragment f{link} on Q{}...f{}{}", "{a".repeat(60), link + 1, "}".repeat(60));
    }
    assert!(matches!(refuse(&chain), Refusal::Depth { .. }));
}

#[test]
fn wide_documents_are_refused_by_what_is_wide() {
    let fields = numbered(21, |number| format!("f{number} "));
    assert_eq!(counted(&refuse(&format!("{{{fields}}}"))), Some(Counted::RootFields));
    let fields = "f ".repeat(6_000);
    assert_eq!(counted(&refuse(&format!("{{v{{{fields}}}}}"))), Some(Counted::Cost));
    assert!(matches!(refuse(&format!("{{v{{{}}}}}", "f ".repeat(20_000))), Refusal::DocumentLength { .. }));
    let operations = numbered(2_000, |number| format!("query q{number}{{a}}"));
    assert!(admit(&operations, Some("q0"), &Variables::default(), &Limits::default()).is_ok());
    let definitions = numbered(101, |number| format!("$v{number}:Int "));
    assert_eq!(counted(&refuse(&format!("query({definitions}){{a}}"))), Some(Counted::Variables));
    let list = "1 ".repeat(11_000);
    assert_eq!(counted(&refuse(&format!("{{a(b:[{list}])}}"))), Some(Counted::Values));
}

#[test]
fn variables_count_wherever_they_are_used() {
    let limits = Limits::default();
    let many: Vec<u32> = (0..20_000).collect();
    let refusal = refuse_with("query($v:[Int]){a(b:$v)}", json!({ "v": many }), &limits);
    assert_eq!(counted(&refusal), Some(Counted::Values));
    let some: Vec<u32> = (0..1_000).collect();
    let uses = "b(c:$v) ".repeat(11);
    let refusal = refuse_with(&format!("query($v:[Int]){{a{{{uses}}}}}"), json!({ "v": some }), &limits);
    assert_eq!(counted(&refusal), Some(Counted::Values));
}

#[test]
fn page_sizes_multiply() {
    let page = |size: &str| {
        format!("query($n:Int=100){{cases(first:{size}){{nodes{{activity(last:{size}){{nodes{{id}}}}}}}}}}")
    };
    pass(&page("20"));
    assert_eq!(counted(&refuse(&page("100"))), Some(Counted::Cost));
    assert_eq!(counted(&refuse(&page("$n"))), Some(Counted::Cost), "the variable's default");
    pass_with(&page("$n"), json!({ "n": 5 }));
    assert_eq!(counted(&refuse(&page("99999999999"))), Some(Counted::Cost));
    // Without a page size a connection has the default one: 20 * 20 * 20.
    let unsized_pages = "{a{nodes{b{edges{node{c{...f}}}}}}}fragment f on C{nodes{id}}";
    assert_eq!(counted(&refuse(unsized_pages)), Some(Counted::Cost));
    let ids = numbered(100, |id| format!("\"{id}\" "));
    assert_eq!(counted(&refuse(&format!("{{nodes(ids:[{}]){{{}}}}}", ids, "id ".repeat(51)))), Some(Counted::Cost));
}

#[test]
fn lists_that_are_no_connections_count_as_many_items_as_they_have() {
    let limits = Limits { list_sizes: vec![("updates", 20)], ..Limits::default() };
    let document = |page: &str| format!("{{updates{page}{{{}}}}}", "f ".repeat(250));
    let send = |text: &str| admit(text, None, &Variables::default(), &limits);
    assert_eq!(counted(&send(&document("")).expect_err("5,001 fields")), Some(Counted::Cost));
    assert!(send(&document("(first:19)")).is_ok());
}

#[test]
fn credential_operations_are_counted() {
    let limits = Limits { credential_mutations: vec!["signIn".to_owned(), "unlock".to_owned()], ..Limits::default() };
    let refusal = refuse_with("mutation{a:signIn(p:1){ok} ...f}fragment f on M{unlock{ok}}", json!({}), &limits);
    assert_eq!(counted(&refusal), Some(Counted::CredentialOperations));
    let variables = Variables::default();
    assert!(admit("mutation{signIn{ok} caseOpen{ok}}", None, &variables, &limits).is_ok());
}

#[test]
fn fragment_cycles_are_refused() {
    for text in ["{...a}fragment a on Q{...a}", "{x}fragment a on Q{b{...b}}fragment b on Q{... on Q{...a}}"] {
        assert!(matches!(refuse(text), Refusal::FragmentCycle { .. }), "{text}");
    }
}

#[test]
fn strings_do_not_hide_brackets_from_the_count() {
    // The grammar reads an unclosed block string as an empty string and what follows it.
    let text = format!("{{a(b:[\"\"\" \"x\" {}", "[".repeat(10_000));
    assert!(matches!(refuse(&text), Refusal::Syntax { .. }));
    pass("{a(b:\"\"\"[[[[\"\"\", c:\"{{{{\") # {{{{{{{{\n}");
}

#[test]
fn operations_are_picked_by_name() {
    let pick = |text: &str, name| admit(text, name, &Variables::default(), &Limits::default());
    assert!(pick("query a{a} query b{b}", Some("b")).is_ok());
    assert!(pick("query a{a}", None).is_ok());
    for (text, name) in [("query a{a} query b{b}", None), ("query a{a}", Some("b")), ("{a}", Some("a"))] {
        assert!(matches!(pick(text, name), Err(Refusal::OperationName { .. })), "{text}");
    }
}

#[test]
fn the_published_introspection_query_passes_and_multiplied_ones_do_not() {
    pass(include_str!("introspection.graphql"));
    let circle = format!("{{__schema{{types{{{}name{}}}}}}}", "fields{type{".repeat(4), "}}".repeat(4));
    assert!(matches!(refuse(&circle), Refusal::IntrospectionDepth { depth: 4, .. }));
}

#[tokio::test]
async fn what_passes_does_not_keep_the_library_busy() {
    use async_graphql::{EmptyMutation, EmptySubscription, Object, Schema};
    struct Query;
    #[Object]
    impl Query {
        async fn a(&self, b: Option<Vec<i32>>) -> usize {
            b.map_or(0, |b| b.len())
        }
        async fn v(&self) -> Query {
            Query
        }
    }
    let schema = Schema::new(Query, EmptyMutation, EmptySubscription);
    let sdl = schema.sdl();
    let schema = Exact::new(schema, &sdl);
    let under_the_limits = [
        bomb(10).replacen("{...f0}", "{v{...f0}}", 1),
        format!("{{v{{{}}}}}", "a ".repeat(4_900)),
        format!("{{v{{{}}}}}", "x ".repeat(4_900)),
        format!("{{v{{{}}}}}", "a(b:[1 2 3 4]) ".repeat(1_600)),
        numbered(900, |number| format!("query q{number}{{v{{a}}}}")),
        format!("{{v{{a({})}}}}", numbered(2_000, |number| format!("b{number}:1 "))),
        format!("query({}){{v{{a}}}}", numbered(100, |number| format!("$v{number}:[Int]=[1 2] "))),
        format!("{{v{{{}}}}}", "...{v{v{v{a}}}}".repeat(1_200)),
        format!("{{v{{{}}}}}", numbered(600, |number| format!("...f{number} ")))
            + &numbered(600, |number| format!("fragment f{number} on Query{{v{{v{{a}}}}}}")),
        format!("{{v{{{}}}}}", numbered(1_200, |number| format!("...{{a(b:[{number}])}}"))),
    ];
    for text in under_the_limits {
        let started = Instant::now();
        let name = text.starts_with("query q0").then_some("q0");
        let admitted = admit(&text, name, &Variables::default(), &Limits::default()).unwrap_or_else(|refusal| {
            panic!("{}: {refusal}", &text[..40]);
        });
        let guarded = started.elapsed();
        let mut request = Request::new(text);
        request.operation_name = name.map(str::to_owned);
        request.set_parsed_query(admitted.document);
        let _ = schema.execute(request).await;
        println!("guarded in {guarded:?}, executed in {:?}", started.elapsed().saturating_sub(guarded));
        assert!(started.elapsed().as_secs() < 5, "two thousand times what it should take");
    }
}

#[test]
fn a_document_that_passed_before_is_measured_with_the_variables_at_hand() {
    let guard = Guard::new(Limits::default());
    let text = "query($n: Int) { cases(first: $n) { nodes { activity(first: $n) { nodes { text } } } } }";
    let send = |n: u32| guard.admit(text, None, &Variables::from_json(json!({ "n": n })));
    for _ in 0..2 {
        assert!(send(2).is_ok());
        assert_eq!(counted(&send(100).expect_err("10,000 entries")), Some(Counted::Cost));
    }
}
