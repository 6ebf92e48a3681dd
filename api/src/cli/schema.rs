//! `casestream schema`.

use super::output;
use crate::graphql;

/// Prints the GraphQL schema, as committed in `api/schema.graphql`.
pub(super) fn run() {
    output::line(graphql::sdl().trim_end());
}
