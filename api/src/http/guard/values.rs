//! Counts the values of arguments and variables, and reads page sizes from them.

use std::collections::HashMap;

use async_graphql::parser::types::OperationDefinition;
use async_graphql::{Name, Positioned, Value as ConstValue, Variables};
use async_graphql_value::Value;

/// The variables of one operation as its fields will see them: what was sent, else the default.
pub struct OperationValues<'a> {
    by_name: HashMap<&'a str, (&'a ConstValue, u64)>,
}

impl<'a> OperationValues<'a> {
    /// Resolves the variables that `operation` defines; those it doesn't define have no value.
    pub fn new(operation: &'a OperationDefinition, sent: &'a Variables) -> Self {
        let by_name = operation
            .variable_definitions
            .iter()
            .filter_map(|definition| {
                let name = definition.node.name.node.as_str();
                let default = definition.node.default_value.as_ref().map(|value| &value.node);
                let value = sent.get(name).or(default)?;
                Some((name, (value, size_of_const(value))))
            })
            .collect();
        Self { by_name }
    }

    /// No variables: for fragments that no operation uses.
    pub fn none() -> Self {
        Self { by_name: HashMap::new() }
    }

    /// How many values the arguments hold, each variable counted in full.
    pub fn size_of_arguments(&self, arguments: &[(Positioned<Name>, Positioned<Value>)]) -> u64 {
        arguments.iter().map(|(_, value)| self.size_of(&value.node)).fold(0, u64::saturating_add)
    }

    /// How many items the arguments ask for: the largest of `first`, `last` and the length of `ids`.
    ///
    /// `None` when none of them is there. What has the wrong type counts as absent: validation refuses it later.
    pub fn page_size(&self, arguments: &[(Positioned<Name>, Positioned<Value>)]) -> Option<u64> {
        arguments
            .iter()
            .filter_map(|(name, value)| match name.node.as_str() {
                "first" | "last" => self.number(&value.node),
                "ids" => self.length(&value.node),
                _ => None,
            })
            .max()
    }

    fn size_of(&self, value: &Value) -> u64 {
        match value {
            Value::Variable(name) => self.by_name.get(name.as_str()).map_or(1, |(_, size)| *size),
            Value::List(items) => items.iter().map(|item| self.size_of(item)).fold(1, u64::saturating_add),
            Value::Object(fields) => fields.values().map(|field| self.size_of(field)).fold(1, u64::saturating_add),
            _ => 1,
        }
    }

    fn number(&self, value: &Value) -> Option<u64> {
        match value {
            Value::Variable(name) => match self.by_name.get(name.as_str())?.0 {
                ConstValue::Number(number) => number.as_u64(),
                _ => None,
            },
            Value::Number(number) => number.as_u64(),
            _ => None,
        }
    }

    fn length(&self, value: &Value) -> Option<u64> {
        let length = match value {
            Value::Variable(name) => match self.by_name.get(name.as_str())?.0 {
                ConstValue::List(items) => items.len(),
                _ => 1,
            },
            Value::List(items) => items.len(),
            _ => 1,
        };
        u64::try_from(length).ok()
    }
}

/// How many values a constant holds, itself included.
pub fn size_of_const(value: &ConstValue) -> u64 {
    match value {
        ConstValue::List(items) => items.iter().map(size_of_const).fold(1, u64::saturating_add),
        ConstValue::Object(fields) => fields.values().map(size_of_const).fold(1, u64::saturating_add),
        _ => 1,
    }
}
