use std::time::Duration;

use async_graphql::{EmptyMutation, EmptySubscription, Interface, Object, Result, Schema, SimpleObject, Variables};
use serde_json::{Value as Json, json};

use super::*;

#[derive(Default)]
struct Query;

#[derive(SimpleObject)]
#[graphql(complex)]
struct Thing {
    name: String,
}

#[async_graphql::ComplexObject]
#[expect(clippy::unused_async, reason = "a field that needs no waiting is a method all the same")]
impl Thing {
    async fn slow(&self) -> i32 {
        tokio::time::sleep(Duration::from_millis(5)).await;
        7
    }

    async fn bad(&self) -> Result<i32> {
        Err("bad".into())
    }

    async fn worse(&self) -> Result<Option<i32>> {
        Err("worse".into())
    }

    async fn inner(&self) -> Self {
        Self { name: "inner".into() }
    }
}

/// Of the same interface as a thing, with a `slow` of another type.
#[derive(SimpleObject)]
struct Other {
    name: String,
    slow: Option<String>,
    number: i32,
}

#[derive(Interface)]
#[graphql(field(name = "name", ty = "&String"))]
enum Named {
    Thing(Thing),
    Other(Other),
}

#[Object]
impl Query {
    async fn thing(&self) -> Thing {
        Thing { name: "one".into() }
    }

    async fn maybe(&self) -> Option<Thing> {
        Some(Thing { name: "maybe".into() })
    }

    async fn nothing(&self) -> Option<Thing> {
        None
    }

    async fn things(&self) -> Vec<Option<Thing>> {
        vec![Some(Thing { name: "a".into() }), None, Some(Thing { name: "b".into() })]
    }

    async fn strict(&self) -> Option<Vec<Thing>> {
        Some(vec![Thing { name: "a".into() }])
    }

    async fn named(&self) -> Named {
        Named::Thing(Thing { name: "named".into() })
    }

    async fn all_named(&self) -> Vec<Option<Named>> {
        let other = Other { name: "other".into(), slow: None, number: 1 };
        vec![Some(Named::Thing(Thing { name: "named".into() })), None, Some(Named::Other(other))]
    }

    async fn many(&self) -> Vec<Thing> {
        (0..3_000).map(|_| Thing { name: "one of many".into() }).collect()
    }
}

/// What comes of a document: its data as text, for the order, and how many errors.
async fn asked(document: &str, variables: Json) -> (String, usize) {
    let schema = Schema::new(Query, EmptyMutation, EmptySubscription);
    let sdl = schema.sdl();
    let request = Request::new(document).variables(Variables::from_json(variables));
    let response = Exact::new(schema, &sdl).execute(request).await;
    (serde_json::to_string(&response.data).unwrap(), response.errors.len())
}

async fn check(document: &str, data: &str, errors: usize) {
    assert_eq!(asked(document, json!({})).await, (data.to_owned(), errors), "{document}");
}

#[tokio::test]
async fn fields_come_in_the_order_of_the_selection() {
    check("{ thing { slow name } nothing { name } }", r#"{"thing":{"slow":7,"name":"one"},"nothing":null}"#, 0).await;
    let document = "{ thing { ...F name } } fragment F on Thing { inner { slow } other: slow inner { name } }";
    check(document, r#"{"thing":{"inner":{"slow":7,"name":"inner"},"other":7,"name":"one"}}"#, 0).await;
    check("{ a: things { slow name } }", r#"{"a":[{"slow":7,"name":"a"},null,{"slow":7,"name":"b"}]}"#, 0).await;
    check("{ named { ... on Thing { slow } name } }", r#"{"named":{"slow":7,"name":"named"}}"#, 0).await;
    check(
        "{ __schema { queryType { name } } thing { __typename } }",
        r#"{"__schema":{"queryType":{"name":"Query"}},"thing":{"__typename":"Thing"}}"#,
        0,
    )
    .await;
}

#[tokio::test]
async fn null_goes_up_to_what_may_be_null() {
    check("{ __typename thing { name bad } }", "null", 1).await;
    check("{ __typename thing { name worse } }", r#"{"__typename":"Query","thing":{"name":"one","worse":null}}"#, 1)
        .await;
    check("{ thing { worse } }", r#"{"thing":{"worse":null}}"#, 1).await;
    check("{ thing { name } maybe { name inner { bad } } }", r#"{"thing":{"name":"one"},"maybe":null}"#, 1).await;
    check("{ maybe { inner { inner { bad } name } } }", r#"{"maybe":null}"#, 1).await;
    check("{ things { name bad } }", r#"{"things":[null,null,null]}"#, 2).await;
    check("{ strict { name bad } }", r#"{"strict":null}"#, 1).await;
    check("{ thing { bad } }", "null", 1).await;
    check("{ thing { nobody } }", "null", 1).await;
}

#[tokio::test]
async fn what_is_skipped_is_not_there_and_what_is_left_out_has_its_default() {
    check("{ thing { name @skip(if: true) } nothing { name @skip(if: true) } }", r#"{"thing":{},"nothing":null}"#, 0)
        .await;
    check("{ thing @skip(if: true) { name } }", "{}", 0).await;
    let document = "query($with: Boolean = true) { thing { name @include(if: $with) slow @skip(if: $with) } }";
    check(document, r#"{"thing":{"name":"one"}}"#, 0).await;
    let without = asked(document, json!({ "with": false })).await;
    assert_eq!(without, (r#"{"thing":{"slow":7}}"#.to_owned(), 0));
}

#[tokio::test]
async fn what_is_selected_of_an_interface_is_its_types() {
    let things = |thing: &str, other: &str| format!(r#"{{"allNamed":[{thing},null,{other}]}}"#);
    check(
        "{ allNamed { ... on Thing { slow name } ... on Other { name number } } }",
        &things(r#"{"slow":7,"name":"named"}"#, r#"{"name":"other","number":1}"#),
        0,
    )
    .await;
    check("{ allNamed { ... on Thing { slow } } }", &things(r#"{"slow":7}"#, "{}"), 0).await;
    check(
        "{ allNamed { ... on Thing { bad } ... on Other { number } name } }",
        &things("null", r#"{"number":1,"name":"other"}"#),
        1,
    )
    .await;
    check("{ named { ... on Other { slow number } } }", r#"{"named":{}}"#, 0).await;
    check("{ named { ... on Named { ... on Other { slow } name } } }", r#"{"named":{"name":"named"}}"#, 0).await;
    let document = "{ allNamed { ...T ...O __typename } } fragment T on Thing { inner { name slow } } fragment O on Other { name }";
    let thing = r#"{"inner":{"name":"inner","slow":7},"__typename":"Thing"}"#;
    check(document, &things(thing, r#"{"name":"other","__typename":"Other"}"#), 0).await;
}

#[tokio::test]
async fn what_is_skipped_has_no_place_in_the_order() {
    check("{ thing { name @skip(if: true) slow name } }", r#"{"thing":{"slow":7,"name":"one"}}"#, 0).await;
    check(
        "{ thing { ... @include(if: false) { name } slow ...F @skip(if: true) inner { slow } } } fragment F on Thing { inner { name } }",
        r#"{"thing":{"slow":7,"inner":{"slow":7}}}"#,
        0,
    )
    .await;
    check("{ maybe { name @skip(if: true) } nothing { name @skip(if: true) } }", r#"{"maybe":{},"nothing":null}"#, 0)
        .await;
    check("{ things { ...F } } fragment F on Thing { name @include(if: false) }", r#"{"things":[{},null,{}]}"#, 0)
        .await;
}

#[tokio::test]
async fn a_name_has_one_meaning() {
    for document in [
        "{ thing { x: name ... on Thing { x: slow } } }",
        "{ thing { x: slow inner { name } x: name } }",
        "{ allNamed { ... on Thing { slow } ... on Other { slow } } }",
        "{ things { x: inner { name } } things { x: inner { name: slow } } }",
        "{ __schema { x: queryType { name } x: types { name } } }",
    ] {
        let (data, errors) = asked(document, json!({})).await;
        assert!(data == "null" && errors > 0, "{document}: {data}");
    }
    check("{ thing { x: name ... on Thing { x: name } } }", r#"{"thing":{"x":"one"}}"#, 0).await;
    check("query A { thing { name } } query B { nothing { name } }", "null", 1).await;
}

#[tokio::test]
async fn what_a_document_asks_of_the_schema_is_answered() {
    let document =
        "{ __type(name: \"Thing\") { kind isOneOf specifiedByURL fields(includeDeprecated: true) { name } } }";
    let (data, errors) = asked(document, json!({})).await;
    assert!(
        data.starts_with(r#"{"__type":{"kind":"OBJECT","isOneOf":null,"specifiedByURL":null,"fields":[{"#),
        "{data}"
    );
    assert_eq!(errors, 0);
}

/// Many failures are as quick to place as many fields are to answer: asking each place of each error would take seconds.
#[tokio::test]
async fn thousands_of_failures_find_their_places() {
    let (data, errors) = asked("{ many { a: worse name b: worse c: worse } }", json!({})).await;
    assert_eq!(errors, 9_000);
    assert!(data.starts_with(r#"{"many":[{"a":null,"name":"one of many","b":null,"c":null},{"a":null"#), "{data}");
}

/// What is wrong with a request, in words.
async fn refused(document: &str, variables: Json) -> Vec<String> {
    let schema = Schema::build(Query, EmptyMutation, EmptySubscription).disable_suggestions().finish();
    let sdl = schema.sdl();
    let request = Request::new(document).variables(Variables::from_json(variables));
    let response = Exact::new(schema, &sdl).execute(request).await;
    assert_eq!(response.data, Value::Null, "{document}");
    response.errors.into_iter().map(|error| error.message).collect()
}

#[tokio::test]
async fn a_variable_that_must_have_a_value_is_asked_for_before_anything_runs() {
    let document = "query($with: Boolean!) { thing { name @include(if: $with) slow @skip(if: $with) } }";
    for variables in [json!({}), json!({ "with": null })] {
        let told = refused(document, variables).await;
        assert_eq!(told, ["the variable `$with` has no value: it is of type `Boolean!` and must have one"]);
    }
    assert_eq!(asked(document, json!({ "with": true })).await.0, r#"{"thing":{"name":"one"}}"#);
    let with_default = "query($with: Boolean! = false) { thing { name @include(if: $with) slow } }";
    assert_eq!(asked(with_default, json!({})).await.0, r#"{"thing":{"slow":7}}"#);
}

#[tokio::test]
async fn mistakes_are_told_once_and_at_their_root() {
    for (document, told) in [
        ("{ thing { nobody } }", vec!["type `Thing` does not have a field `nobody`"]),
        ("{ thing }", vec!["interface, union and object types must have a subselection set"]),
        ("query($x: Foo) { thing { name } }", vec!["cannot find type `Foo` in this document", "unused variable: `$x`"]),
        ("{ thing { x: name x: slow } }", vec!["operation must not select different types using the same name `x`"]),
        (
            "{ named { ... on Thing { __type_of_object: name } } }",
            vec![
                "`__type_of_object` cannot be asked for here: names that begin with `__` are GraphQL's own; take another alias",
            ],
        ),
    ] {
        let mut found = refused(document, json!({})).await;
        found.sort_unstable();
        assert_eq!(found, told, "{document}");
    }
}
