//! `casestream schema`.

use crate::graphql;

/// Prints the GraphQL schema, as committed in `api/schema.graphql`.
pub(super) fn run() {
    print!("{}", graphql::sdl());
}
