//! Measures a parsed document with each fragment visited once, however often it is spread.

use std::collections::HashMap;

use async_graphql::parser::types::{
    Directive, ExecutableDocument, Field, OperationDefinition, Selection, SelectionSet,
};
use async_graphql::{Name, Positioned};

use super::Refusal;
use super::values::OperationValues;
use crate::http::Limits;

/// Deepest nesting of fields, fragments and inline fragments together; the library's own check stops there too.
const NESTING_LIMIT: usize = 32;

/// Fields of the introspection types that list other types or fields. Types refer to each other in circles, so that
/// nesting these multiplies the answer; the published introspection query nests none of them.
const INTROSPECTION_LISTS: [&str; 4] = ["fields", "inputFields", "interfaces", "possibleTypes"];

/// What a list of introspection is assumed to hold.
const INTROSPECTION_LIST_LENGTH: u64 = 5;

/// Whether a selection lies below `__schema` or `__type`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Area {
    Data,
    Introspection,
}

/// The size of a selection set with its fragments expanded. Numbers saturate, they never wrap.
#[derive(Debug, Clone, Copy, Default)]
pub struct Size {
    /// Deepest nesting of fields outside introspection.
    pub depth: usize,
    /// Deepest nesting of fields, spreads and inline fragments.
    pub nesting: usize,
    pub aliases: u64,
    /// Fields at this level.
    pub fields: u64,
    /// Fields at this level that try a credential (when this is the root of a mutation).
    pub credential_fields: u64,
    /// Fields, spreads, inline fragments and directives at all levels.
    pub selections: u64,
    pub cost: u64,
    pub values: u64,
    /// Deepest nesting of [`INTROSPECTION_LISTS`].
    pub introspection_lists: usize,
    /// Whether this level has `nodes` or `edges`, which makes the field around it a connection.
    pub connection: bool,
}

impl Size {
    /// Joins two selections that stand side by side.
    fn beside(self, other: Self) -> Self {
        Self {
            depth: self.depth.max(other.depth),
            nesting: self.nesting.max(other.nesting),
            aliases: self.aliases.saturating_add(other.aliases),
            fields: self.fields.saturating_add(other.fields),
            credential_fields: self.credential_fields.saturating_add(other.credential_fields),
            selections: self.selections.saturating_add(other.selections),
            cost: self.cost.saturating_add(other.cost),
            values: self.values.saturating_add(other.values),
            introspection_lists: self.introspection_lists.max(other.introspection_lists),
            connection: self.connection || other.connection,
        }
    }
}

/// Measures the selections of one operation, remembering each fragment it has measured.
pub struct Measure<'a> {
    document: &'a ExecutableDocument,
    values: OperationValues<'a>,
    limits: &'a Limits,
    fragments: HashMap<(&'a str, Area), Size>,
    /// The fragments that are being measured: meeting one again is a cycle.
    path: Vec<&'a str>,
    /// Selection sets that are open around the present one.
    level: usize,
}

impl<'a> Measure<'a> {
    /// Starts with nothing remembered: page sizes depend on the operation's variables.
    pub fn new(document: &'a ExecutableDocument, values: OperationValues<'a>, limits: &'a Limits) -> Self {
        Self { document, values, limits, fragments: HashMap::new(), path: Vec::new(), level: 0 }
    }

    /// The size of an operation, its own directives included.
    pub fn operation(&mut self, operation: &'a OperationDefinition) -> Result<Size, Refusal> {
        let size = self.set(&operation.selection_set.node, Area::Data)?;
        Ok(self.with_directives(size, &operation.directives))
    }

    /// The size of a selection set.
    ///
    /// # Errors
    /// [`Refusal::FragmentCycle`] and [`Refusal::Depth`], which would keep the measuring itself from ending.
    fn set(&mut self, set: &'a SelectionSet, area: Area) -> Result<Size, Refusal> {
        if self.level >= NESTING_LIMIT {
            return Err(Refusal::Depth { depth: self.level + 1, limit: NESTING_LIMIT });
        }
        self.level += 1;
        let mut size = Size::default();
        for selection in &set.items {
            size = size.beside(match &selection.node {
                Selection::Field(field) => self.field(&field.node, area)?,
                Selection::FragmentSpread(spread) => {
                    let inner = self.fragment(&spread.node.fragment_name.node, area)?;
                    self.fragment_like(inner, &spread.node.directives)
                }
                Selection::InlineFragment(inline) => {
                    let inner = self.set(&inline.node.selection_set.node, area)?;
                    self.fragment_like(inner, &inline.node.directives)
                }
            });
        }
        self.level -= 1;
        if size.nesting > NESTING_LIMIT {
            return Err(Refusal::Depth { depth: size.nesting, limit: NESTING_LIMIT });
        }
        Ok(size)
    }

    /// The size of a named fragment. An unknown one is empty: validation names it later.
    pub fn fragment(&mut self, name: &Name, area: Area) -> Result<Size, Refusal> {
        let Some((name, fragment)) = self.document.fragments.get_key_value(name) else {
            return Ok(Size::default());
        };
        let name = name.as_str();
        if let Some(size) = self.fragments.get(&(name, area)) {
            return Ok(*size);
        }
        if self.path.contains(&name) {
            return Err(Refusal::FragmentCycle { fragment: name.to_owned() });
        }
        self.path.push(name);
        let inner = self.set(&fragment.node.selection_set.node, area)?;
        self.path.pop();
        let size = self.with_directives(inner, &fragment.node.directives);
        self.fragments.insert((name, area), size);
        Ok(size)
    }

    fn field(&mut self, field: &'a Field, area: Area) -> Result<Size, Refusal> {
        let name = field.name.node.as_str();
        let enters = matches!(name, "__schema" | "__type");
        let inner_area = if enters { Area::Introspection } else { area };
        let inner = self.set(&field.selection_set.node, inner_area)?;
        let values = self.values.size_of_arguments(&field.arguments);
        let lists = area == Area::Introspection && INTROSPECTION_LISTS.contains(&name);
        let items = match self.values.page_size(&field.arguments) {
            _ if lists => INTROSPECTION_LIST_LENGTH,
            Some(items) => items.max(1),
            None if inner.connection && area == Area::Data => self.limits.default_page_size,
            None => self.list_size(name),
        };
        let size = Size {
            depth: if area == Area::Data { inner.depth + 1 } else { 0 },
            nesting: inner.nesting + 1,
            aliases: inner.aliases.saturating_add(u64::from(field.alias.is_some())),
            fields: 1,
            credential_fields: u64::from(self.limits.credential_mutations.iter().any(|mutation| mutation == name)),
            selections: inner.selections.saturating_add(1),
            // Decoding long argument lists is work too: a field more for every hundred values.
            cost: inner.cost.saturating_mul(items).saturating_add(1 + values / 100),
            values: inner.values.saturating_add(values),
            introspection_lists: inner.introspection_lists + usize::from(lists),
            connection: matches!(name, "nodes" | "edges"),
        };
        Ok(self.with_directives(size, &field.directives))
    }

    /// How many items a field has that is no connection, when nothing says how many.
    fn list_size(&self, field: &str) -> u64 {
        self.limits.list_sizes.iter().find(|(name, _)| *name == field).map_or(1, |(_, items)| *items)
    }

    fn fragment_like(&self, inner: Size, directives: &[Positioned<Directive>]) -> Size {
        let size = Size { nesting: inner.nesting + 1, selections: inner.selections.saturating_add(1), ..inner };
        self.with_directives(size, directives)
    }

    fn with_directives(&self, size: Size, directives: &[Positioned<Directive>]) -> Size {
        directives.iter().fold(size, |size, directive| Size {
            selections: size.selections.saturating_add(1),
            values: size.values.saturating_add(self.values.size_of_arguments(&directive.node.arguments)),
            ..size
        })
    }
}
