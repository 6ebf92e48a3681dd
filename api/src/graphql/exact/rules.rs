//! What the specification says of documents.

use std::sync::Arc;

use apollo_compiler::{
    ExecutableDocument, Schema,
    diagnostic::ToCliReport as _,
    parser::SourceSpan,
    schema::ExtendedType,
    validation::{DiagnosticList, Valid},
};
use async_graphql::{Pos, ServerError};

use crate::http::guard::Known;

/// What the library tells of types beyond the specification of October 2021.
const INTROSPECTION: &str = "extend type __Type { isOneOf: Boolean }";

/// How many mistakes of a document are told: nobody mends more at a time.
const MOST_TOLD: usize = 50;

/// A schema, and the documents that are known to be valid.
pub(super) struct Rules {
    schema: Valid<Schema>,
    known: Known<Valid<ExecutableDocument>>,
}

impl Rules {
    pub(super) fn of(sdl: &str) -> Self {
        let schema = Schema::parse_and_validate(format!("{sdl}\n{INTROSPECTION}"), "schema.graphql");
        Self { schema: schema.expect("a schema's own text"), known: Known::default() }
    }

    /// The document of a text, when it is valid.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(super) fn check(&self, text: &str) -> Result<Arc<Valid<ExecutableDocument>>, Vec<ServerError>> {
        if let Some(known) = self.known.get(text) {
            return Ok(known);
        }
        let checked = ExecutableDocument::parse_and_validate(&self.schema, text, "document.graphql");
        let document = checked.map_err(|refused| told(&refused.errors))?;
        let document = Arc::new(document);
        self.known.keep(text, &document);
        Ok(document)
    }

    /// Whether there is more than one type of objects that a type stands for.
    pub(super) fn is_abstract(&self, ty: &str) -> bool {
        matches!(self.schema.types.get(ty), Some(ExtendedType::Interface(_) | ExtendedType::Union(_)))
    }

    /// Whether a fragment on a type is for objects of another.
    pub(super) fn applies(&self, condition: &str, object: &str) -> bool {
        condition == object || self.schema.is_subtype(condition, object)
    }
}

/// What is wrong with a document, for whoever wrote it. An error around another is of what that other took away: an object of which
/// only an unknown field is selected counts as one without any.
fn told(errors: &DiagnosticList) -> Vec<ServerError> {
    let spans = errors.iter().take(MOST_TOLD).filter_map(|error| error.error.location()).collect::<Vec<_>>();
    let is_around = |outer: SourceSpan, inner: &SourceSpan| {
        outer != *inner && outer.offset() <= inner.offset() && inner.end_offset() <= outer.end_offset()
    };
    let first = errors.iter().take(MOST_TOLD).filter(|error| {
        error.error.location().is_none_or(|location| !spans.iter().any(|inner| is_around(location, inner)))
    });
    let told = first.map(|error| {
        let start = error.line_column_range().map(|range| range.start);
        ServerError::new(error.error.to_string(), start.map(|start| Pos { line: start.line, column: start.column }))
    });
    told.collect()
}
