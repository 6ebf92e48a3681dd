//! Has answers be what the GraphQL specification says, where the library leaves something out.
//!
//! The library puts fields into an answer in the order in which they are ready, leaves those out that failed, and takes a variable that
//! was left out for false in `@include` and `@skip` whatever its default is. Clients that were generated from the schema rely on all
//! three: on the order of the selection (section 7.2.2), on null going up to the next field that may be null (6.4.4), and on the
//! default (6.1.2).

use std::{collections::HashMap, sync::Arc};

use async_graphql::{
    Data, Executor, Name, PathSegment, Request, Response, Value,
    indexmap::IndexMap,
    parser::{
        parse_schema,
        types::{
            BaseType, DocumentOperations, ExecutableDocument, OperationDefinition, OperationType, Selection,
            SelectionSet, Type, TypeKind, TypeSystemDefinition,
        },
    },
};
use futures_util::{StreamExt as _, stream::BoxStream};

/// A schema whose answers are exact.
#[derive(Clone)]
pub struct Exact<S> {
    schema: S,
    types: Arc<Types>,
}

/// The types of fields, by the names of the types that have them.
#[derive(Debug)]
struct Types {
    fields: HashMap<Name, HashMap<Name, Type>>,
}

impl<S> Exact<S> {
    /// Of a schema and its text.
    ///
    /// # Panics
    /// When the text is no schema.
    #[must_use]
    pub fn new(schema: S, sdl: &str) -> Self {
        Self { schema, types: Arc::new(Types::of(sdl)) }
    }
}

impl<S: Executor> Executor for Exact<S> {
    async fn execute(&self, mut request: Request) -> Response {
        let plan = prepare(&mut request, &self.types);
        let response = self.schema.execute(request).await;
        exact(response, plan.as_deref())
    }

    fn execute_stream(&self, mut request: Request, session: Option<Arc<Data>>) -> BoxStream<'static, Response> {
        let plan = prepare(&mut request, &self.types);
        self.schema.execute_stream(request, session).map(move |response| exact(response, plan.as_deref())).boxed()
    }
}

/// Fills in what variables are by default, and makes out what the answer is to look like; nothing for a document that will be refused.
fn prepare(request: &mut Request, types: &Types) -> Option<Vec<Planned>> {
    let name = request.operation_name.clone();
    let document = request.parsed_query().ok()?;
    let operation = operation(document, name.as_deref())?;
    let root = Name::new(match operation.ty {
        OperationType::Query => "Query",
        OperationType::Mutation => "Mutation",
        OperationType::Subscription => "Subscription",
    });
    let plan = types.plan(document, &root, &[&operation.selection_set.node]);
    let defaults = operation.variable_definitions.iter().filter_map(|definition| {
        let default = definition.node.default_value.as_ref()?;
        Some((definition.node.name.node.clone(), default.node.clone()))
    });
    for (name, default) in defaults.collect::<Vec<_>>() {
        request.variables.entry(name).or_insert(default);
    }
    Some(plan)
}

fn operation<'d>(document: &'d ExecutableDocument, name: Option<&str>) -> Option<&'d OperationDefinition> {
    match (&document.operations, name) {
        (DocumentOperations::Single(operation), _) => Some(&operation.node),
        (DocumentOperations::Multiple(named), Some(name)) => named.get(name).map(|operation| &operation.node),
        (DocumentOperations::Multiple(named), None) => named.values().next().map(|operation| &operation.node),
    }
}

/// A field of an answer.
#[derive(Debug)]
struct Planned {
    key: Name,
    /// Unknown for what tells of the schema.
    ty: Option<Type>,
    /// What is selected of it.
    fields: Vec<Planned>,
}

impl Types {
    fn of(sdl: &str) -> Self {
        let document = parse_schema(sdl).expect("a schema's own text");
        let mut fields = HashMap::new();
        for definition in document.definitions {
            let TypeSystemDefinition::Type(definition) = definition else { continue };
            let own = match definition.node.kind {
                TypeKind::Object(object) => object.fields,
                TypeKind::Interface(interface) => interface.fields,
                _ => continue,
            };
            let own = own.into_iter().map(|field| (field.node.name.node, field.node.ty.node)).collect();
            fields.insert(definition.node.name.node, own);
        }
        Self { fields }
    }

    /// What comes of selections on a type, in their order, those of the same name as one.
    fn plan(&self, document: &ExecutableDocument, on: &Name, selections: &[&SelectionSet]) -> Vec<Planned> {
        let mut found: IndexMap<Name, (Option<Type>, Vec<&SelectionSet>)> = IndexMap::new();
        for selection in selections {
            self.collect(document, on, selection, &mut found);
        }
        let planned = found.into_iter().map(|(key, (ty, selections))| {
            let fields = match &ty {
                Some(ty) if !selections.is_empty() => self.plan(document, innermost(ty), &selections),
                _ => vec![],
            };
            Planned { key, ty, fields }
        });
        planned.collect()
    }

    fn collect<'d>(
        &self,
        document: &'d ExecutableDocument,
        on: &Name,
        selections: &'d SelectionSet,
        found: &mut IndexMap<Name, (Option<Type>, Vec<&'d SelectionSet>)>,
    ) {
        for selection in &selections.items {
            match &selection.node {
                Selection::Field(field) => {
                    let ty = self.fields.get(on).and_then(|fields| fields.get(&field.node.name.node));
                    let entry = found.entry(field.node.response_key().node.clone());
                    let (_, selections) = entry.or_insert_with(|| (ty.cloned(), vec![]));
                    if !field.node.selection_set.node.items.is_empty() {
                        selections.push(&field.node.selection_set.node);
                    }
                }
                Selection::InlineFragment(fragment) => {
                    let condition = fragment.node.type_condition.as_ref().map(|condition| &condition.node.on.node);
                    self.collect(document, condition.unwrap_or(on), &fragment.node.selection_set.node, found);
                }
                Selection::FragmentSpread(spread) => {
                    if let Some(fragment) = document.fragments.get(&spread.node.fragment_name.node) {
                        let on = &fragment.node.type_condition.node.on.node;
                        self.collect(document, on, &fragment.node.selection_set.node, found);
                    }
                }
            }
        }
    }
}

fn innermost(ty: &Type) -> &Name {
    match &ty.base {
        BaseType::Named(name) => name,
        BaseType::List(inner) => innermost(inner),
    }
}

/// The answer in the form that its document says.
fn exact(mut response: Response, plan: Option<&[Planned]>) -> Response {
    let Some(plan) = plan else { return response };
    let errors: Vec<_> = response.errors.iter().map(|error| &*error.path).filter(|path| !path.is_empty()).collect();
    // What was refused before it ran has no data.
    if response.errors.len() > errors.len() && response.data == Value::Null {
        return response;
    }
    let mut answer = Answer { errors, path: vec![] };
    if !answer.complete_fields(&mut response.data, plan) {
        response.data = Value::Null;
    }
    response
}

/// A walk over an answer.
struct Answer<'e> {
    errors: Vec<&'e [PathSegment]>,
    path: Vec<PathSegment>,
}

impl Answer<'_> {
    /// Completes a value of a type; whether it could be, or is null where nothing may be.
    fn complete(&mut self, value: &mut Value, ty: &Type, fields: &[Planned]) -> bool {
        let is_whole = match (&ty.base, &mut *value) {
            (_, Value::Null) => self.may_be_empty(value, ty, fields),
            (BaseType::List(inner), Value::List(items)) => items.iter_mut().enumerate().all(|(index, item)| {
                self.within(|| PathSegment::Index(index), |answer| answer.complete(item, inner, fields))
            }),
            _ => fields.is_empty() || self.complete_fields(value, fields),
        };
        if !is_whole && ty.nullable {
            *value = Value::Null;
        }
        is_whole || ty.nullable
    }

    /// The library says null for an object of which nothing is left to say, too: because everything was skipped, or failed.
    fn may_be_empty(&mut self, value: &mut Value, ty: &Type, fields: &[Planned]) -> bool {
        let begins = |error: &&[PathSegment]| error.starts_with(&self.path);
        if ty.nullable && !self.errors.iter().any(|error| begins(error) && error.len() > self.path.len()) {
            return true;
        }
        let is_object = matches!(ty.base, BaseType::Named(_)) && !fields.is_empty();
        if !is_object || self.errors.iter().any(|error| **error == *self.path) {
            return false;
        }
        *value = Value::Object(IndexMap::new());
        self.complete_fields(value, fields)
    }

    /// Brings the fields of an object into their order, with null for those that failed.
    fn complete_fields(&mut self, value: &mut Value, fields: &[Planned]) -> bool {
        if *value == Value::Null {
            *value = Value::Object(IndexMap::new());
        }
        let Value::Object(found) = value else { return true };
        let is_in_order = found.len() == fields.len() && found.keys().eq(fields.iter().map(|field| &field.key));
        if is_in_order {
            return found.values_mut().zip(fields).all(|(value, field)| self.complete_field(Some(value), field));
        }
        let mut completed = IndexMap::with_capacity(fields.len());
        for field in fields {
            let mut value = found.swap_remove(&field.key);
            if !self.complete_field(value.as_mut(), field) {
                return false;
            }
            if value.is_some() || self.has_failed(field) {
                completed.insert(field.key.clone(), value.unwrap_or_default());
            }
        }
        *found = completed;
        true
    }

    /// Completes a field; one that is not there was skipped, is another type's, or failed.
    fn complete_field(&mut self, value: Option<&mut Value>, field: &Planned) -> bool {
        let Some(ty) = &field.ty else { return true };
        let Some(value) = value else { return ty.nullable || !self.has_failed(field) };
        self.within(|| PathSegment::Field(field.key.to_string()), |answer| answer.complete(value, ty, &field.fields))
    }

    /// Walks a step down. Where nothing failed nobody asks where that is.
    fn within(&mut self, step: impl FnOnce() -> PathSegment, walk: impl FnOnce(&mut Self) -> bool) -> bool {
        if self.errors.is_empty() {
            return walk(self);
        }
        self.path.push(step());
        let is_whole = walk(self);
        self.path.pop();
        is_whole
    }

    fn has_failed(&self, field: &Planned) -> bool {
        self.errors.iter().any(|error| match error.split_last() {
            Some((PathSegment::Field(last), rest)) => *last == *field.key && *rest == *self.path,
            _ => false,
        })
    }
}

#[cfg(test)]
mod tests {
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

    #[derive(Interface)]
    #[graphql(field(name = "name", ty = "&String"))]
    enum Named {
        Thing(Thing),
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
        check("{ thing { slow name } nothing { name } }", r#"{"thing":{"slow":7,"name":"one"},"nothing":null}"#, 0)
            .await;
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
        check(
            "{ __typename thing { name worse } }",
            r#"{"__typename":"Query","thing":{"name":"one","worse":null}}"#,
            1,
        )
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
        check(
            "{ thing { name @skip(if: true) } nothing { name @skip(if: true) } }",
            r#"{"thing":{},"nothing":null}"#,
            0,
        )
        .await;
        check("{ thing @skip(if: true) { name } }", "{}", 0).await;
        let document = "query($with: Boolean = true) { thing { name @include(if: $with) slow @skip(if: $with) } }";
        check(document, r#"{"thing":{"name":"one"}}"#, 0).await;
        let without = asked(document, json!({ "with": false })).await;
        assert_eq!(without, (r#"{"thing":{"slow":7}}"#.to_owned(), 0));
    }
}
