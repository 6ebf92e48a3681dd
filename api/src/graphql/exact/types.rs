//! Asks of which type objects are where that is not known beforehand.
//!
//! Beside what a document selects `__typename` is asked for, under a name of its own: on an interface, because what is selected of an
//! object is its type's; and where everything may be skipped, because the library says null for an object of which nothing is left.

use apollo_compiler::{
    ExecutableDocument,
    executable::{Selection as CheckedSelection, SelectionSet as CheckedSet},
};
use async_graphql::{
    Name, Pos, Positioned, ServerError, Value,
    indexmap::IndexMap,
    parser::types::{self as parsed, Field, Selection, SelectionSet},
};

use super::rules::Rules;

/// What a type's name is under in the library's answer. The specification keeps names that begin like this to itself.
const KEY: &str = "__type_of_object";

/// The document with the types asked for; nothing when it needs none.
pub(super) fn asked_for(
    rules: &Rules,
    checked: &ExecutableDocument,
    document: &parsed::ExecutableDocument,
) -> Option<parsed::ExecutableDocument> {
    let asking = Asking { rules };
    let mut sets = checked.operations.iter().map(|operation| &operation.selection_set);
    let mut fragments = checked.fragments.values().map(|fragment| &fragment.selection_set);
    if !sets.any(|set| asking.is_needed_within(set)) && !fragments.any(|set| asking.is_needed_within(set)) {
        return None;
    }
    let mut document = document.clone();
    let operations: Vec<(Option<Name>, &mut SelectionSet)> = match &mut document.operations {
        parsed::DocumentOperations::Single(operation) => vec![(None, &mut operation.node.selection_set.node)],
        parsed::DocumentOperations::Multiple(named) => named
            .iter_mut()
            .map(|(name, operation)| (Some(name.clone()), &mut operation.node.selection_set.node))
            .collect(),
    };
    for (name, set) in operations {
        if let Ok(operation) = checked.operations.get(name.as_deref()) {
            asking.ask(set, &operation.selection_set);
        }
    }
    for (name, fragment) in &mut document.fragments {
        if let Some(checked) = checked.fragments.get(name.as_str()) {
            asking.ask(&mut fragment.node.selection_set.node, &checked.selection_set);
        }
    }
    Some(document)
}

/// The type that an object says it has; what was asked for is not the client's.
pub(super) fn told(object: &IndexMap<Name, Value>) -> Option<&str> {
    match object.get(KEY)? {
        Value::String(ty) => Some(ty),
        _ => None,
    }
}

/// Refuses a document that has the name itself.
///
/// # Errors
/// That it has.
pub(super) fn refuse_name(text: &str) -> Result<(), Vec<ServerError>> {
    if text.contains(KEY) {
        let message = format!(
            "`{KEY}` cannot be asked for here: names that begin with `__` are GraphQL's own; take another alias"
        );
        return Err(vec![ServerError::new(message, None)]);
    }
    Ok(())
}

struct Asking<'r> {
    rules: &'r Rules,
}

impl Asking<'_> {
    fn is_needed(&self, set: &CheckedSet) -> bool {
        let all_may_be_skipped = set.selections.iter().all(|selection| !selection.directives().is_empty());
        self.rules.is_abstract(&set.ty) || all_may_be_skipped
    }

    fn is_needed_within(&self, set: &CheckedSet) -> bool {
        let inner = set.selections.iter().filter_map(inner);
        self.is_needed(set) || inner.filter(|set| !set.is_empty()).any(|set| self.is_needed_within(set))
    }

    /// Asks in a set of selections and those within. Both are of the same text.
    fn ask(&self, set: &mut SelectionSet, checked: &CheckedSet) {
        for (selection, checked) in set.items.iter_mut().zip(&checked.selections) {
            let set = match &mut selection.node {
                Selection::Field(field) => &mut field.node.selection_set.node,
                Selection::InlineFragment(fragment) => &mut fragment.node.selection_set.node,
                Selection::FragmentSpread(_) => continue,
            };
            if let Some(checked) = inner(checked).filter(|checked| !checked.is_empty()) {
                self.ask(set, checked);
            }
        }
        if self.is_needed(checked) {
            set.items.push(at(Selection::Field(at(Field {
                alias: Some(at(Name::new(KEY))),
                name: at(Name::new("__typename")),
                arguments: vec![],
                directives: vec![],
                selection_set: at(SelectionSet::default()),
            }))));
        }
    }
}

fn inner(selection: &CheckedSelection) -> Option<&CheckedSet> {
    match selection {
        CheckedSelection::Field(field) => Some(&field.selection_set),
        CheckedSelection::InlineFragment(fragment) => Some(&fragment.selection_set),
        CheckedSelection::FragmentSpread(_) => None,
    }
}

fn at<T>(node: T) -> Positioned<T> {
    Positioned::new(node, Pos::default())
}
