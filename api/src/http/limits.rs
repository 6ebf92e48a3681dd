//! Every limit that a GraphQL request meets, in one struct, so that an operator and a test see the same list.

use std::time::Duration;

use super::Documents;

/// What one GraphQL request may be and cost. The defaults are those of the API's documentation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Longest request body, in bytes; for GET, the longest query string.
    pub body_bytes: usize,
    /// Longest time for a request body to arrive whole, however steadily it comes.
    pub body_time: Duration,
    /// Longest GraphQL document, in bytes of UTF-8.
    pub document_bytes: usize,
    /// Deepest nesting of fields; `{ a }` is 1 deep. Introspection has a fixed bound of its own, because the
    /// published introspection query is 15 deep.
    pub depth: usize,
    /// Most aliases in an operation, fragments expanded.
    pub aliases: u64,
    /// Most fields at the root of an operation, fragments expanded.
    pub root_fields: u64,
    /// Most fields, fragment spreads, inline fragments and directives in a document, fragments expanded. It bounds
    /// the work of the library's own validation, which expands fragments without remembering them.
    pub selections: u64,
    /// Highest cost of an operation, in fields: each field counts once per item of the page around it.
    pub cost: u64,
    /// Page size assumed for a connection that is asked for without `first` or `last`.
    pub default_page_size: u64,
    /// Names of lists that are no connections, with how many items they have when they are asked for without `first`.
    pub list_sizes: Vec<(&'static str, u64)>,
    /// Most variable definitions in an operation.
    pub variables: usize,
    /// Most values (scalars, lists, list items, objects, object fields) in the arguments of a document and in the
    /// variables sent with it, each variable counted wherever it is used.
    pub values: u64,
    /// Names of the mutations that try a credential (a password, a code, a mailed link).
    pub credential_mutations: Vec<String>,
    /// Most credential mutations in an operation: attempts are counted, so that one request can't hide many.
    pub credential_operations: u64,
    /// Longest execution.
    pub execution: Duration,
    /// What connections may be that stay open.
    pub live: LiveLimits,
    /// Documents that a request may name instead of carrying them.
    pub documents: Documents,
}

/// What a connection may be that stays open for subscriptions, a socket or a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LiveLimits {
    /// Longest time until a socket has said who it is.
    pub hello: Duration,
    /// How often something is sent when there is nothing to say, so that nobody in between takes the connection for dead. A
    /// socket that is silent for three times as long is let go.
    pub keep_alive: Duration,
    /// Most operations at once on one socket.
    pub operations: usize,
    /// Most connections at once of one person or service.
    pub connections: usize,
}

impl Default for LiveLimits {
    fn default() -> Self {
        Self { hello: Duration::from_secs(10), keep_alive: Duration::from_secs(12), operations: 100, connections: 50 }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body_bytes: 256 * 1024,
            body_time: Duration::from_secs(30),
            document_bytes: 32 * 1024,
            depth: 12,
            aliases: 30,
            root_fields: 20,
            selections: 10_000,
            cost: 5_000,
            default_page_size: 20,
            list_sizes: Vec::new(),
            variables: 100,
            values: 10_000,
            credential_mutations: Vec::new(),
            credential_operations: 1,
            execution: Duration::from_secs(10),
            live: LiveLimits::default(),
            documents: Documents::default(),
        }
    }
}
