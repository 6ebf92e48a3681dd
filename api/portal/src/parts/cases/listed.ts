import { graphql } from "../../gql";

/** What lists of cases show of one. */
export const LISTED = graphql(`
  fragment Listed on Case {
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
