//! Takes a document through the guard, cheapest check first.

use std::sync::Arc;

use async_graphql::parser::types::{DocumentOperations, ExecutableDocument, OperationDefinition, OperationType};
use async_graphql::{Variables, parser};

use super::known::Known;
use super::measure::{Area, Measure, Size};
use super::scan::{self, Language};
use super::values::{OperationValues, size_of_const};
use super::{Counted, Refusal};
use crate::http::Limits;

/// Deepest nesting of brackets in a document or a JSON text: every level is a stack frame of a parser.
const BRACKET_LIMIT: usize = 64;

/// Deepest nesting of [`Size::introspection_lists`].
const INTROSPECTION_LIST_LIMIT: usize = 2;

/// Longest excerpt of a syntax error's text that is answered.
const SYNTAX_MESSAGE_CHARS: usize = 300;

/// A document that may be executed.
#[derive(Debug)]
pub struct Admitted {
    /// The parsed document, for `Request::set_parsed_query`.
    pub document: ExecutableDocument,
    /// Kind of the operation that will run.
    pub operation: OperationType,
}

/// Lets documents pass that keep to the limits. Programs send the same few documents over and over, with other variables:
/// those are parsed once, and measured each time.
pub struct Guard {
    limits: Limits,
    known: Known<ExecutableDocument>,
}

impl Guard {
    /// A guard that knows no document yet.
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        Self { limits, known: Known::default() }
    }

    /// Parses and measures a document.
    ///
    /// `operation_name` picks the operation that will run; the limits hold for each operation of the document, and those
    /// on selections and values for all of them together, because validation visits them all.
    ///
    /// # Errors
    /// The first limit passed, a syntax error, or an operation that isn't there.
    pub fn admit(&self, text: &str, operation_name: Option<&str>, variables: &Variables) -> Result<Admitted, Refusal> {
        let limits = &self.limits;
        if text.len() > limits.document_bytes {
            return Err(Refusal::DocumentLength { length_bytes: text.len(), limit_bytes: limits.document_bytes });
        }
        let sent_values = variables.values().map(size_of_const).fold(0, u64::saturating_add);
        at_most(Counted::Values, sent_values, limits.values)?;
        let known = self.known.get(text);
        let document = match &known {
            Some(document) => Arc::clone(document),
            None => Arc::new(parse(text)?),
        };
        check_document(&document, variables, limits)?;
        let operation = pick_operation(&document.operations, operation_name)?.ty;
        if known.is_none() {
            self.known.keep(text, &document);
        }
        Ok(Admitted { document: Arc::unwrap_or_clone(document), operation })
    }
}

fn parse(text: &str) -> Result<ExecutableDocument, Refusal> {
    check_brackets(text, Language::Graphql)?;
    parser::parse_query(text).map_err(|error| syntax(&error))
}

/// Refuses a text whose brackets would exhaust a parser's stack.
///
/// # Errors
/// [`Refusal::Brackets`]; [`Refusal::Syntax`] for a string that is never closed in a document. JSON with such a
/// string passes: its parser says where.
pub fn check_brackets(text: &str, language: Language) -> Result<(), Refusal> {
    match scan::nesting(text, language) {
        Some(depth) if depth > BRACKET_LIMIT => Err(Refusal::Brackets { depth, limit: BRACKET_LIMIT }),
        None if language == Language::Graphql => {
            Err(Refusal::Syntax { message: "a string is never closed".to_owned(), positions: Vec::new() })
        }
        _ => Ok(()),
    }
}

fn syntax(error: &parser::Error) -> Refusal {
    let message = error.to_string().chars().take(SYNTAX_MESSAGE_CHARS).collect();
    Refusal::Syntax { message, positions: error.positions().collect() }
}

fn check_document(document: &ExecutableDocument, variables: &Variables, limits: &Limits) -> Result<(), Refusal> {
    let (mut selections, mut values) = (0_u64, 0_u64);
    let mut add = |size: Size| {
        selections = selections.saturating_add(size.selections);
        values = values.saturating_add(size.values);
        at_most(Counted::Selections, selections, limits.selections)?;
        at_most(Counted::Values, values, limits.values)
    };
    for (_, operation) in document.operations.iter() {
        let size = check_operation(document, &operation.node, variables, limits)?;
        add(size)?;
    }
    // Fragments are validated on their own as well, used or not.
    let mut measure = Measure::new(document, OperationValues::none(), limits);
    for name in document.fragments.keys() {
        add(measure.fragment(name, Area::Data)?)?;
    }
    Ok(())
}

fn check_operation(
    document: &ExecutableDocument,
    operation: &OperationDefinition,
    variables: &Variables,
    limits: &Limits,
) -> Result<Size, Refusal> {
    let defined = operation.variable_definitions.len();
    at_most(Counted::Variables, u64::try_from(defined).unwrap_or(u64::MAX), count(limits.variables))?;

    let mut measure = Measure::new(document, OperationValues::new(operation, variables), limits);
    let size = measure.operation(operation)?;
    at_most(Counted::Aliases, size.aliases, limits.aliases)?;
    // What is followed is one thing (GraphQL, section 5.2.4.1).
    let root_fields = if operation.ty == OperationType::Subscription { 1 } else { limits.root_fields };
    at_most(Counted::RootFields, size.fields, root_fields)?;
    if operation.ty == OperationType::Mutation {
        at_most(Counted::CredentialOperations, size.credential_fields, limits.credential_operations)?;
    }
    if size.depth > limits.depth {
        return Err(Refusal::Depth { depth: size.depth, limit: limits.depth });
    }
    if size.introspection_lists > INTROSPECTION_LIST_LIMIT {
        let depth = size.introspection_lists;
        return Err(Refusal::IntrospectionDepth { depth, limit: INTROSPECTION_LIST_LIMIT });
    }
    at_most(Counted::Cost, size.cost, limits.cost)?;
    Ok(size)
}

fn at_most(what: Counted, count: u64, limit: u64) -> Result<(), Refusal> {
    if count > limit { Err(Refusal::Count { what, count, limit }) } else { Ok(()) }
}

fn count(limit: usize) -> u64 {
    u64::try_from(limit).unwrap_or(u64::MAX)
}

fn pick_operation<'a>(
    operations: &'a DocumentOperations,
    name: Option<&str>,
) -> Result<&'a OperationDefinition, Refusal> {
    let found = match (operations, name) {
        (DocumentOperations::Single(operation), None) => Some(operation),
        (DocumentOperations::Multiple(named), Some(name)) => named.get(name),
        (DocumentOperations::Multiple(named), None) if named.len() == 1 => named.values().next(),
        (DocumentOperations::Multiple(_), None) => {
            let message = "the document has several operations; name one in \"operationName\"".to_owned();
            return Err(Refusal::OperationName { message });
        }
        (DocumentOperations::Single(_), Some(_)) => None,
    };
    found.map(|operation| &operation.node).ok_or_else(|| Refusal::OperationName {
        message: "the document has no operation of the name in \"operationName\"".to_owned(),
    })
}
