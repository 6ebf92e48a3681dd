//! Completes what the library answered (section 6.4.3 of the GraphQL specification).

use std::collections::HashMap;

use apollo_compiler::ast::Type;
use async_graphql::{Name, PathSegment, ServerError, Value, indexmap::IndexMap};

use super::{
    plan::{Field, Plan, Selected},
    types,
};

/// A place in an answer at which something failed, or below it.
#[derive(Debug, Default)]
pub(super) struct Failed<'e> {
    is_here: bool,
    below: HashMap<Step<'e>, Self>,
}

#[derive(Debug, PartialEq, Eq, Hash)]
enum Step<'e> {
    Field(&'e str),
    Index(usize),
}

impl<'e> Failed<'e> {
    /// The root; nothing when no error is of a place.
    pub(super) fn of(errors: &'e [ServerError]) -> Option<Self> {
        let mut root = Self::default();
        for error in errors.iter().filter(|error| !error.path.is_empty()) {
            let mut place = &mut root;
            for segment in &error.path {
                let step = match segment {
                    PathSegment::Field(key) => Step::Field(key),
                    PathSegment::Index(index) => Step::Index(*index),
                };
                place = place.below.entry(step).or_default();
            }
            place.is_here = true;
        }
        (!root.below.is_empty()).then_some(root)
    }
}

fn below<'f, 'e>(failed: Option<&'f Failed<'e>>, step: &Step<'e>) -> Option<&'f Failed<'e>> {
    failed?.below.get(step)
}

/// Completes a value of a type; whether it could be, or is null where nothing may be.
fn complete<'d>(value: &mut Value, ty: &Type, field: &Field<'d>, plan: &Plan<'d>, failed: Option<&Failed<'_>>) -> bool {
    let is_whole = match value {
        Value::Null => is_whole_as_null(value, ty, field, plan, failed),
        Value::List(items) if ty.is_list() => items
            .iter_mut()
            .enumerate()
            .all(|(index, item)| complete(item, ty.item_type(), field, plan, below(failed, &Step::Index(index)))),
        _ => !field.selected.is_of_objects() || complete_object(value, &field.selected, plan, failed),
    };
    if !is_whole && !ty.is_non_null() {
        *value = Value::Null;
    }
    is_whole || !ty.is_non_null()
}

/// The library says null for an object of which nothing is left to say, too: because everything in it failed.
fn is_whole_as_null<'d>(
    value: &mut Value,
    ty: &Type,
    field: &Field<'d>,
    plan: &Plan<'d>,
    failed: Option<&Failed<'_>>,
) -> bool {
    let has_failed_below = failed.is_some_and(|failed| !failed.below.is_empty());
    if !ty.is_non_null() && !has_failed_below {
        return true;
    }
    let is_object = !ty.is_list() && field.selected.is_of_objects();
    let is_known = !plan.rules.is_abstract(field.selected.ty);
    let is_here = failed.is_some_and(|failed| failed.is_here);
    is_object && is_known && !is_here && {
        *value = Value::Object(IndexMap::new());
        complete_object(value, &field.selected, plan, failed)
    }
}

/// Brings the fields of an object into their order, with null for those that failed.
pub(super) fn complete_object<'d>(
    value: &mut Value,
    selected: &Selected<'d>,
    plan: &Plan<'d>,
    failed: Option<&Failed<'_>>,
) -> bool {
    if *value == Value::Null {
        *value = Value::Object(IndexMap::new());
    }
    let Value::Object(found) = value else { return true };
    let fields = plan.fields(selected, types::told(found).unwrap_or(selected.ty));
    let is_in_order = found.keys().map(Name::as_str).eq(fields.iter().map(|field| field.key.as_str()));
    if is_in_order {
        let mut fields = found.values_mut().zip(&*fields);
        return fields
            .all(|(value, field)| complete(value, field.ty, field, plan, below(failed, &Step::Field(field.key))));
    }
    let mut completed = IndexMap::with_capacity(fields.len());
    for field in &*fields {
        let failed = below(failed, &Step::Field(field.key));
        let value = found.swap_remove(field.key.as_str()).or(failed.map(|_| Value::Null));
        let Some(mut value) = value else { continue };
        if !complete(&mut value, field.ty, field, plan, failed) {
            return false;
        }
        completed.insert(Name::new(field.key), value);
    }
    *found = completed;
    true
}
