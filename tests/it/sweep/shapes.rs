//! What the schema takes: its arguments and inputs, with values for each, and the places among them where ids are taken.

use std::collections::{BTreeMap, BTreeSet};

use api::graphql::schema;
use serde_json::{Map, Value, json};

use super::theirs::Theirs;

/// An argument or input field.
pub struct Taken {
    pub name: String,
    /// Its type.
    pub of: Value,
    /// Whether there is no doing without it.
    pub is_required: bool,
}

/// The schema's shapes, by introspection; a test holds the committed SDL to them.
pub struct Shapes {
    /// Input objects: fields with their types, and whether one of them is to be given.
    pub inputs: BTreeMap<String, (bool, Vec<Taken>)>,
    enums: BTreeMap<String, Vec<Value>>,
    /// Arguments of every field of every object type.
    pub arguments: BTreeMap<(String, String), Vec<Taken>>,
    /// What each field leads to.
    pub leads_to: BTreeMap<(String, String), String>,
}

/// A place among the arguments of a field where a value goes that is no object.
pub struct Place {
    /// The argument and the input fields that lead there.
    pub path: Vec<String>,
    /// Its name in the schema: `Query.case(id)`, `CaseLinkInput.otherCaseId`.
    pub name: String,
    /// `ID`, `String` and the like.
    pub scalar: String,
}

fn name_of(value: &Value) -> String {
    value["name"].as_str().expect("a name").to_owned()
}

fn named_type(of: &Value) -> String {
    if of["ofType"].is_null() { name_of(of) } else { named_type(&of["ofType"]) }
}

impl Shapes {
    pub async fn read() -> Self {
        let of = "kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name } } } }";
        let document = format!(
            "{{ __schema {{ types {{ kind name isOneOf enumValues {{ name }}
               inputFields {{ name defaultValue type {{ {of} }} }}
               fields {{ name type {{ {of} }} args {{ name defaultValue type {{ {of} }} }} }} }} }} }}"
        );
        let data = schema().execute(&document).await.into_result().unwrap().data.into_json().unwrap();
        let (mut inputs, mut enums, mut arguments, mut leads_to) =
            (BTreeMap::new(), BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        let taken = |one: &Value| {
            let is_required = one["type"]["kind"] == "NON_NULL" && one["defaultValue"].is_null();
            Taken { name: name_of(one), of: one["type"].clone(), is_required }
        };
        let listed = |value: &Value| value.as_array().into_iter().flatten().map(taken).collect();
        for of in data["__schema"]["types"].as_array().unwrap() {
            let name = name_of(of);
            if name.starts_with("__") {
                continue;
            }
            match of["kind"].as_str().unwrap() {
                "INPUT_OBJECT" => {
                    inputs.insert(name, (of["isOneOf"] == true, listed(&of["inputFields"])));
                }
                "ENUM" => {
                    let values = of["enumValues"].as_array().unwrap();
                    enums.insert(name, values.iter().map(|value| value["name"].clone()).collect());
                }
                "OBJECT" => {
                    for field in of["fields"].as_array().unwrap() {
                        let key = (name.clone(), name_of(field));
                        leads_to.insert(key.clone(), named_type(&field["type"]));
                        arguments.insert(key, listed(&field["args"]));
                    }
                }
                _ => {}
            }
        }
        Self { inputs, enums, arguments, leads_to }
    }

    /// The fields of a root type, with their arguments.
    pub fn fields<'a>(&'a self, root: &'a str) -> impl Iterator<Item = (&'a str, &'a [Taken])> {
        self.arguments
            .iter()
            .filter(move |((of, _), _)| of == root)
            .map(|((_, field), taken)| (field.as_str(), taken.as_slice()))
    }

    /// Every argument and input field, by its name.
    pub fn everything(&self) -> BTreeSet<String> {
        let fields = self.arguments.iter().flat_map(|((of, field), arguments)| {
            let field = format!("{of}.{field}");
            let arguments = arguments.iter().map(|argument| format!("{field}({})", argument.name)).collect::<Vec<_>>();
            std::iter::once(field).chain(arguments)
        });
        let inputs = self
            .inputs
            .iter()
            .flat_map(|(name, (_, fields))| fields.iter().map(move |field| format!("{name}.{}", field.name)));
        fields.chain(inputs).collect()
    }

    /// Values for a type, the likeliest first: of every kind of thing that is not the caller's.
    pub fn values(&self, of: &Value, theirs: &Theirs, visited: &mut BTreeSet<String>) -> Vec<Value> {
        match of["kind"].as_str().unwrap() {
            "NON_NULL" => self.values(&of["ofType"], theirs, visited),
            "LIST" => {
                let inner = self.values(&of["ofType"], theirs, visited);
                // As many at a time as a list of them may cost.
                inner.chunks(6).map(|few| json!(few)).collect()
            }
            "ENUM" => self.enums[&name_of(of)].clone(),
            "INPUT_OBJECT" => self.objects(&name_of(of), theirs, visited),
            _ => match name_of(of).as_str() {
                "ID" => theirs.ids.clone(),
                "String" => theirs.texts.clone(),
                "Boolean" => vec![json!(true), json!(false)],
                other => vec![scalar(other)],
            },
        }
    }

    /// Objects of an input type: one with what is required, and one for each value of each field.
    fn objects(&self, name: &str, theirs: &Theirs, visited: &mut BTreeSet<String>) -> Vec<Value> {
        let (one_of, fields) = &self.inputs[name];
        let mut base = Map::new();
        let mut each = vec![];
        for field in fields {
            visited.insert(format!("{name}.{}", field.name));
            let values = self.values(&field.of, theirs, visited);
            if field.is_required {
                base.insert(field.name.clone(), values[0].clone());
            }
            each.push((&field.name, values));
        }
        let mut objects: Vec<Value> = if *one_of { vec![] } else { vec![json!(base)] };
        for (field, values) in each {
            for value in values {
                let mut object = if *one_of { Map::new() } else { base.clone() };
                object.insert(field.clone(), value);
                objects.push(json!(object));
            }
        }
        objects.dedup();
        objects
    }

    /// The arguments of a field.
    pub fn taken(&self, of: &str, field: &str) -> &[Taken] {
        &self.arguments[&(of.to_owned(), field.to_owned())]
    }

    /// The places among the arguments of a field.
    pub fn places(&self, of: &str, field: &str) -> Vec<Place> {
        let mut found = vec![];
        for Taken { name, of: of_argument, .. } in self.taken(of, field) {
            self.walk(of_argument, std::slice::from_ref(name), &format!("{of}.{field}({name})"), &mut found);
        }
        found
    }

    fn walk(&self, of: &Value, path: &[String], name: &str, found: &mut Vec<Place>) {
        let inner = named_type(of);
        let Some((_, fields)) = self.inputs.get(&inner) else {
            found.push(Place { path: path.to_vec(), name: name.to_owned(), scalar: inner });
            return;
        };
        for Taken { name, of: of_field, .. } in fields {
            self.walk(of_field, &[path, std::slice::from_ref(name)].concat(), &format!("{inner}.{name}"), found);
        }
    }

    /// Puts a value at a place below a value of a type, and on the way there what is required; `least` says what an id is.
    pub fn put(&self, at: &mut Value, of: &Value, path: &[String], value: &Value, least: &dyn Fn(&str) -> Value) {
        match of["kind"].as_str().unwrap() {
            "NON_NULL" => self.put(at, &of["ofType"], path, value, least),
            "LIST" => {
                let mut item = Value::Null;
                self.put(&mut item, &of["ofType"], path, value, least);
                *at = json!([item]);
            }
            "INPUT_OBJECT" => {
                let (one_of, fields) = &self.inputs[&name_of(of)];
                if *one_of || !at.is_object() {
                    *at = self.required(of, "", least);
                }
                if *one_of {
                    *at = json!({});
                }
                let field = fields.iter().find(|field| field.name == path[0]).expect("a field of it");
                self.put(&mut at[&path[0]], &field.of, &path[1..], value, least);
            }
            _ => *at = value.clone(),
        }
    }

    /// The least that a field of a type takes.
    pub fn required(&self, of: &Value, field: &str, least: &dyn Fn(&str) -> Value) -> Value {
        match of["kind"].as_str().unwrap() {
            "NON_NULL" => self.required(&of["ofType"], field, least),
            "LIST" => json!([self.required(&of["ofType"], field, least)]),
            "ENUM" => self.enums[&name_of(of)][0].clone(),
            "INPUT_OBJECT" => {
                let (one_of, fields) = &self.inputs[&name_of(of)];
                let wanted = fields.iter().filter(|field| *one_of || field.is_required);
                let wanted = wanted.take(if *one_of { 1 } else { usize::MAX });
                let each = wanted.map(|field| (field.name.clone(), self.required(&field.of, &field.name, least)));
                each.collect::<Map<_, _>>().into()
            }
            _ => match name_of(of).as_str() {
                "ID" => least(field),
                "String" => json!("words"),
                other => scalar(other),
            },
        }
    }
}

/// A value of a scalar by which nothing of anybody's is found.
fn scalar(name: &str) -> Value {
    match name {
        "Int" => json!(1),
        "Float" => json!(1.5),
        "Boolean" => json!(true),
        "DateTime" => json!("2026-03-05T09:00:00Z"),
        "Date" => json!("2026-03-05"),
        "BigInt" => json!("0"),
        other => panic!("give the scalar {other} a value here"),
    }
}

/// A type as a variable declares it.
pub fn declared(of: &Value) -> String {
    match of["kind"].as_str().unwrap() {
        "NON_NULL" => format!("{}!", declared(&of["ofType"])),
        "LIST" => format!("[{}]", declared(&of["ofType"])),
        _ => name_of(of),
    }
}
