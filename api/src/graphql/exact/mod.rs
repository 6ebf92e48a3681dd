//! Has answers be what the GraphQL specification says, where the library leaves something out.
//!
//! The library puts fields into an answer in the order in which they are ready, leaves those out that failed, takes a variable that
//! was left out for false in `@include` and `@skip` whatever its default is, lets pass that one name in an answer stands for two
//! fields, and finds out that a variable has no value when other fields have run. Clients that were generated from the schema rely on the specification: on the order of the selection (section
//! 7.2.2), on null going up to the next field that may be null (6.4.4), on the values of variables (6.1.2), and on a name having one
//! meaning (5.3.2).
//!
//! `apollo-compiler` says whether a document is valid and what type everything in it has, the library runs it, and then the answer
//! is brought into its form.

mod answer;
mod plan;
mod rules;
#[cfg(test)]
mod tests;
mod types;

use std::{collections::HashMap, sync::Arc};

use apollo_compiler::{ExecutableDocument, Node, executable, validation::Valid};
use async_graphql::{Data, Executor, Name, Request, Response, ServerError, Value, Variables};
use futures_util::{StreamExt as _, future, stream, stream::BoxStream};

use answer::{Failed, complete_object};
use plan::Plan;
use rules::Rules;

/// A schema whose answers are exact.
#[derive(Clone)]
pub struct Exact<S> {
    schema: S,
    rules: Arc<Rules>,
}

impl<S> Exact<S> {
    /// Of a schema and its text.
    ///
    /// # Panics
    /// When the text is no schema.
    #[must_use]
    pub fn new(schema: S, sdl: &str) -> Self {
        Self { schema, rules: Arc::new(Rules::of(sdl)) }
    }
}

impl<S: Executor> Executor for Exact<S> {
    async fn execute(&self, mut request: Request) -> Response {
        match prepare(&mut request, &self.rules) {
            Ok(operation) => exact(self.schema.execute(request).await, operation.as_ref()),
            Err(errors) => Response::from_errors(errors),
        }
    }

    fn execute_stream(&self, mut request: Request, session: Option<Arc<Data>>) -> BoxStream<'static, Response> {
        match prepare(&mut request, &self.rules) {
            Ok(operation) => {
                let answers = self.schema.execute_stream(request, session);
                answers.map(move |response| exact(response, operation.as_ref())).boxed()
            }
            Err(errors) => stream::once(future::ready(Response::from_errors(errors))).boxed(),
        }
    }
}

/// An operation that is valid.
struct Operation {
    rules: Arc<Rules>,
    document: Arc<Valid<ExecutableDocument>>,
    name: Option<String>,
    /// The variables that are true or false.
    switches: HashMap<String, bool>,
}

/// Checks a request's document, fills in what variables are by default, and has the library tell the types that are not known
/// beforehand. Nothing comes of an operation that is not there, which the library refuses.
fn prepare(request: &mut Request, rules: &Arc<Rules>) -> Result<Option<Operation>, Vec<ServerError>> {
    let document = rules.check(&request.query)?;
    let Ok(operation) = document.operations.get(request.operation_name.as_deref()) else { return Ok(None) };
    let name = operation.name.as_ref().map(ToString::to_string);
    let parsed = request.parsed_query().map_err(|error| vec![error])?;
    let named = parsed.operations.iter().find(|(found, _)| found.map(Name::as_str) == name.as_deref());
    let definitions = named.into_iter().flat_map(|(_, operation)| &operation.node.variable_definitions);
    let defaults = definitions.filter_map(|definition| {
        Some((definition.node.name.node.clone(), definition.node.default_value.as_ref()?.node.clone()))
    });
    let defaults = defaults.collect::<Vec<_>>();
    refuse_fragments_of_subscriptions(operation)?;
    if let Some(asking) = types::asked_for(rules, &document, parsed) {
        types::refuse_name(&request.query)?;
        request.set_parsed_query(asking);
    }
    for (name, default) in defaults {
        request.variables.entry(name).or_insert(default);
    }
    refuse_missing(operation, &request.variables)?;
    let switches = switches(&request.variables);
    Ok(Some(Operation { rules: Arc::clone(rules), document, name, switches }))
}

/// The library finds a subscription's field only in the operation itself, and ends one that it does not find without a word.
fn refuse_fragments_of_subscriptions(operation: &Node<executable::Operation>) -> Result<(), Vec<ServerError>> {
    let mut selections = operation.selection_set.selections.iter();
    if operation.is_subscription() && selections.any(|selection| selection.as_field().is_none()) {
        let message = "a subscription names its field itself, not in a fragment";
        return Err(vec![ServerError::new(message, None)]);
    }
    Ok(())
}

/// A value that has to be there is asked for before anything runs (6.1.2): the library asks when it comes to a field that takes it, and
/// others have run by then.
fn refuse_missing(operation: &Node<executable::Operation>, variables: &Variables) -> Result<(), Vec<ServerError>> {
    let is_missing = |name: &str| matches!(variables.get(name), None | Some(async_graphql::Value::Null));
    let required = operation.variables.iter().filter(|variable| variable.ty.is_non_null());
    let missing = required.filter(|variable| is_missing(&variable.name)).map(|variable| {
        let (name, ty) = (&variable.name, &variable.ty);
        ServerError::new(format!("the variable `${name}` has no value: it is of type `{ty}` and must have one"), None)
    });
    let missing = missing.collect::<Vec<_>>();
    if missing.is_empty() { Ok(()) } else { Err(missing) }
}

fn switches(variables: &Variables) -> HashMap<String, bool> {
    let switches = variables.iter().filter_map(|(name, value)| match value {
        async_graphql::Value::Boolean(is_on) => Some((name.to_string(), *is_on)),
        _ => None,
    });
    switches.collect()
}

/// The answer in the form that its document says.
fn exact(mut response: Response, operation: Option<&Operation>) -> Response {
    let Some(operation) = operation else { return response };
    let failed = Failed::of(&response.errors);
    // What was refused before it ran has no data.
    if failed.is_none() && !response.errors.is_empty() && response.data == Value::Null {
        return response;
    }
    let plan = Plan { rules: &operation.rules, document: &operation.document, switches: &operation.switches };
    let Some(root) = plan.root(operation.name.as_deref()) else { return response };
    if !complete_object(&mut response.data, &root, &plan, failed.as_ref()) {
        response.data = Value::Null;
    }
    response
}
