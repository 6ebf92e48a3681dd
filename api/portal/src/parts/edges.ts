import { graphql } from "../gql";

/** Where a page of a list begins and ends, and what is beyond. */
export const EDGES = graphql(`
  fragment Edges on PageInfo {
    hasNextPage
    hasPreviousPage
    startCursor
    endCursor
  }
`);
