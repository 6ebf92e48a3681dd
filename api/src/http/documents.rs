//! Documents that are known by their hash, so that a request need not carry them
//! (the appendix on persisted documents of the *GraphQL over HTTP* specification).

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

/// What a hash begins with.
const PREFIX: &str = "sha256:";

/// Documents by their SHA-256. Clones share them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Documents(Arc<HashMap<String, String>>);

/// Those of the portal, as its build wrote them.
static PORTAL: LazyLock<Documents> = LazyLock::new(|| {
    Documents::read(include_str!("../../portal/src/gql/persisted-documents.json"))
        .expect("the build of the portal wrote JSON, as a test finds")
});

impl Documents {
    /// Those of the portal.
    #[must_use]
    pub fn of_portal() -> Self {
        PORTAL.clone()
    }

    /// Reads them out of a JSON object: of each its SHA-256 in hexadecimal digits, perhaps after `sha256:`, and its text.
    ///
    /// # Errors
    /// When it is none.
    pub fn read(json: &str) -> Result<Self, serde_json::Error> {
        let read: HashMap<String, String> = serde_json::from_str(json)?;
        let bare = |id: String| id.strip_prefix(PREFIX).map(str::to_owned).unwrap_or(id);
        Ok(Self(Arc::new(read.into_iter().map(|(id, text)| (bare(id), text)).collect())))
    }

    /// The document of an id, `sha256:` and hexadecimal digits.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<&str> {
        self.0.get(id.strip_prefix(PREFIX)?).map(String::as_str)
    }

    /// All of them, with their hashes.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(hash, text)| (hash.as_str(), text.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use async_graphql::{Request, Variables, parser::parse_query};
    use futures_util::StreamExt as _;
    use ring::digest::{SHA256, digest};
    use serde_json::{Value, json};

    use super::*;
    use crate::{graphql, http::Limits, http::guard::Guard};

    /// What is wrong with a document, apart from the values of its variables, of which none are sent.
    async fn problem(text: &str) -> Option<String> {
        let limits = Limits {
            credential_mutations: graphql::credential_mutations(),
            list_sizes: graphql::list_sizes(),
            ..Limits::default()
        };
        if let Err(refusal) = Guard::new(limits).admit(text, None, &Variables::default()) {
            return Some(refusal.to_string());
        }
        let document = parse_query(text).expect("the guard has parsed it");
        let names = document.operations.iter().flat_map(|(_, operation)| &operation.node.variable_definitions);
        let nulls =
            names.map(|definition| (definition.node.name.node.clone(), Value::Null)).collect::<BTreeMap<_, _>>();
        // Once without values, of which validation complains, and once with some that are none, of which it complains otherwise.
        for (variables, is_of_values) in [
            (Variables::default(), (|message| message.ends_with(" is not defined.")) as fn(&str) -> bool),
            (serde_json::from_value(json!(nulls)).unwrap(), |message| {
                message.starts_with("Invalid value for argument")
            }),
        ] {
            // As a stream, which a subscription is, and of which anything else is the only item.
            let schema = graphql::schema();
            let mut answers = Box::pin(schema.execute_stream(Request::new(text).variables(variables)));
            let response = answers.next().await.expect("an answer");
            // Who asks for nobody is refused field by field; what validation finds wrong is of no field.
            let mut wrong =
                response.errors.iter().filter(|error| error.path.is_empty() && !is_of_values(&error.message));
            if let Some(error) = wrong.next() {
                return Some(error.message.clone());
            }
        }
        None
    }

    #[tokio::test]
    async fn each_document_of_the_portal_has_its_hash_fits_the_schema_and_keeps_to_the_limits() {
        for (hash, text) in Documents::of_portal().iter() {
            assert_eq!(hex::encode(digest(&SHA256, text.as_bytes())), hash, "{text}");
            assert_eq!(problem(text).await, None, "{text}");
        }
        assert_eq!(problem("query A($id: ID!) { case(id: $id) { number } }").await, None);
        for wrong in [
            "{ nothing }",
            "query A($id: ID!) { case(of: $id) { number } }",
            "{",
            "subscription { caseActivity { cursor } }",
        ] {
            assert!(problem(wrong).await.is_some(), "{wrong}");
        }
    }

    #[test]
    fn a_document_is_found_by_its_whole_id() {
        let documents = Documents::read(r#"{"ab": "{a}", "sha256:cd": "{b}"}"#).unwrap();
        assert_eq!((documents.find("sha256:ab"), documents.find("sha256:cd")), (Some("{a}"), Some("{b}")));
        for id in ["ab", "sha256:", "sha256:AB", "md5:ab", ""] {
            assert_eq!(documents.find(id), None, "{id}");
        }
    }
}
