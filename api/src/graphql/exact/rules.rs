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

/// What `apollo-compiler` calls it when nothing is selected of an object.
const MISSING_SUBSELECTION: &str = "MissingSubselection";

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

/// What is wrong with a document, for whoever wrote it: at each place once, and not that nothing is selected of an object where
/// something is that is wrong itself.
fn told(errors: &DiagnosticList) -> Vec<ServerError> {
    let errors = errors.iter().take(MOST_TOLD).collect::<Vec<_>>();
    let places = errors.iter().map(|error| error.error.location()).collect::<Vec<_>>();
    let is_around = |outer: SourceSpan, inner: SourceSpan| {
        outer != inner && outer.offset() <= inner.offset() && inner.end_offset() <= outer.end_offset()
    };
    let is_told = |index: usize, place: SourceSpan| {
        let follows = errors[index].error.unstable_error_name() == Some(MISSING_SUBSELECTION)
            && places.iter().flatten().any(|inner| is_around(place, *inner));
        let is_again = places[..index].contains(&Some(place));
        !follows && !is_again
    };
    let told = errors.iter().enumerate().filter(|(index, _)| places[*index].is_none_or(|place| is_told(*index, place)));
    let told = told.map(|(_, error)| {
        let start = error.line_column_range().map(|range| range.start);
        ServerError::new(error.error.to_string(), start.map(|start| Pos { line: start.line, column: start.column }))
    });
    told.collect()
}
