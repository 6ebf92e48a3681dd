import { graphql } from "../../gql";

/** What is shown of a case wherever it is shown at length. */
export const CASE_FACTS = graphql(`
  fragment CaseFacts on Case {
    id
    number
    subject
    status
    typeName
    categoryName
    account {
      id
      name
    }
    location {
      id
      name
      address
    }
    locationNotListed
    product {
      id
      name
    }
    productNotListed
    contact {
      id
      name
    }
    openedAt
    updatedAt
  }
`);

/** What lists of cases show of one. */
export const LISTED = graphql(`
  fragment Listed on Case {
    ...CaseFacts
    wait {
      reason
    }
    owner @include(if: $desk) {
      id
      name
    }
    queueName @include(if: $desk)
    priority @include(if: $desk)
  }
`);

/** A page of such a list. */
export const LISTED_PAGE = graphql(`
  fragment ListedPage on CaseConnection {
    totalCount
    pageInfo {
      ...Edges
    }
    nodes {
      ...Listed
    }
  }
`);
