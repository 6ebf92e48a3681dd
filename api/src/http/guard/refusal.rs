//! Why the guard refuses a document, with the facts.

use async_graphql::Pos;

#[cfg(doc)]
use crate::http::Limits;

/// Why a document is not executed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The document is longer than [`Limits::document_bytes`].
    #[error("document of {length_bytes} bytes is over the limit of {limit_bytes}; send less, or split it")]
    DocumentLength {
        /// Length of the document.
        length_bytes: usize,
        /// The limit.
        limit_bytes: usize,
    },
    /// Brackets are nested too deeply for any parser, in the document or in the JSON around it.
    #[error("brackets nested {depth} deep are over the limit of {limit}")]
    Brackets {
        /// Deepest nesting.
        depth: usize,
        /// The limit.
        limit: usize,
    },
    /// The document is no GraphQL.
    #[error("document is not valid GraphQL: {message}")]
    Syntax {
        /// What the parser expected, shortened.
        message: String,
        /// Where.
        positions: Vec<Pos>,
    },
    /// No operation of the asked name, or several without a name asked for.
    #[error("{message}")]
    OperationName {
        /// What is wrong, and what to do.
        message: String,
    },
    /// Fields are nested more deeply than [`Limits::depth`].
    #[error("fields nested {depth} deep are over the limit of {limit}")]
    Depth {
        /// Deepest nesting.
        depth: usize,
        /// The limit.
        limit: usize,
    },
    /// Introspection nests lists of types in each other.
    #[error("introspection lists nested {depth} deep are over the limit of {limit}")]
    IntrospectionDepth {
        /// Deepest nesting.
        depth: usize,
        /// The limit.
        limit: usize,
    },
    /// A count (aliases, root fields, …) is over its limit.
    #[error("{what}: {count} are over the limit of {limit}")]
    Count {
        /// Which count.
        what: Counted,
        /// How many there are; the highest number stands for "more than can be counted".
        count: u64,
        /// The limit.
        limit: u64,
    },
    /// A fragment spreads itself.
    #[error("fragment \"{fragment}\" spreads itself")]
    FragmentCycle {
        /// Its name.
        fragment: String,
    },
}

/// What [`Refusal::Count`] counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counted {
    /// Aliases in an operation.
    Aliases,
    /// Fields at an operation's root.
    RootFields,
    /// Fields, spreads, inline fragments and directives in a document.
    Selections,
    /// Cost of an operation.
    Cost,
    /// Variables that an operation defines.
    Variables,
    /// Values in arguments and variables.
    Values,
    /// Credential mutations in an operation.
    CredentialOperations,
}

impl std::fmt::Display for Counted {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Self::Aliases => "aliases",
            Self::RootFields => "root fields",
            Self::Selections => "selections with fragments expanded",
            Self::Cost => "cost units",
            Self::Variables => "variable definitions",
            Self::Values => "values in arguments and variables",
            Self::CredentialOperations => "credential operations in one request",
        })
    }
}
