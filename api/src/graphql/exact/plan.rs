//! What a document selects of an object (section 6.3.2 of the GraphQL specification).

use std::{cell::RefCell, collections::HashMap, rc::Rc};

use apollo_compiler::{
    ExecutableDocument, Name, Node,
    ast::{DirectiveList, Type, Value},
    collections::{HashSet, IndexMap},
    executable::{Selection, SelectionSet},
};

use super::rules::Rules;

/// What is known of an operation while its answer is completed.
pub(super) struct Plan<'d> {
    pub(super) rules: &'d Rules,
    pub(super) document: &'d ExecutableDocument,
    pub(super) switches: &'d HashMap<String, bool>,
}

/// What is selected of an object, under the types that it may have.
pub(super) struct Selected<'d> {
    pub(super) ty: &'d str,
    sets: Vec<&'d SelectionSet>,
    fields: RefCell<Vec<(String, Rc<[Field<'d>]>)>>,
}

/// A field of an answer.
pub(super) struct Field<'d> {
    pub(super) key: &'d Name,
    pub(super) ty: &'d Type,
    /// Of objects.
    pub(super) selected: Selected<'d>,
}

impl<'d> Selected<'d> {
    fn of(ty: &'d str) -> Self {
        Self { ty, sets: vec![], fields: RefCell::default() }
    }

    /// Whether there is anything: scalars have no fields.
    pub(super) fn is_of_objects(&self) -> bool {
        !self.sets.is_empty()
    }
}

impl<'d> Plan<'d> {
    /// What is selected at the root.
    pub(super) fn root(&self, operation: Option<&str>) -> Option<Selected<'d>> {
        let operation = self.document.operations.get(operation).ok()?;
        let set = &operation.selection_set;
        Some(Selected { sets: vec![set], ..Selected::of(&set.ty) })
    }

    /// The fields that an object of a type has in an answer, in their order.
    pub(super) fn fields(&self, selected: &Selected<'d>, object: &str) -> Rc<[Field<'d>]> {
        if let Some((_, known)) = selected.fields.borrow().iter().find(|(ty, _)| ty == object) {
            return Rc::clone(known);
        }
        let mut found = IndexMap::default();
        let mut visited = HashSet::default();
        for set in &selected.sets {
            self.collect(object, set, &mut visited, &mut found);
        }
        let fields: Rc<[Field<'d>]> = found.into_values().collect();
        selected.fields.borrow_mut().push((object.to_owned(), Rc::clone(&fields)));
        fields
    }

    fn collect(
        &self,
        object: &str,
        set: &'d SelectionSet,
        visited: &mut HashSet<&'d Name>,
        found: &mut IndexMap<&'d Name, Field<'d>>,
    ) {
        for selection in set.selections.iter().filter(|selection| self.is_wanted(selection.directives())) {
            let (condition, inner) = match selection {
                Selection::Field(field) => {
                    let (key, ty) = (field.response_key(), field.ty());
                    let entry = found.entry(key);
                    let entry =
                        entry.or_insert_with(|| Field { key, ty, selected: Selected::of(ty.inner_named_type()) });
                    if !field.selection_set.is_empty() {
                        entry.selected.sets.push(&field.selection_set);
                    }
                    continue;
                }
                Selection::InlineFragment(fragment) => (fragment.type_condition.as_ref(), &fragment.selection_set),
                Selection::FragmentSpread(spread) => {
                    let Some(fragment) = spread.fragment_def(self.document) else { continue };
                    if !visited.insert(&fragment.name) {
                        continue;
                    }
                    (Some(fragment.type_condition()), &fragment.selection_set)
                }
            };
            if condition.is_none_or(|condition| self.rules.applies(condition, object)) {
                self.collect(object, inner, visited, found);
            }
        }
    }

    fn is_wanted(&self, directives: &DirectiveList) -> bool {
        !self.says(directives, "skip").unwrap_or(false) && self.says(directives, "include").unwrap_or(true)
    }

    fn says(&self, directives: &DirectiveList, name: &str) -> Option<bool> {
        match directives.get(name)?.specified_argument_by_name("if").map(Node::as_ref)? {
            Value::Boolean(says) => Some(*says),
            Value::Variable(variable) => self.switches.get(variable.as_str()).copied(),
            _ => None,
        }
    }
}
