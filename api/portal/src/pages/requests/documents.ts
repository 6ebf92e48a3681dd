import { graphql } from "../../gql";
import type { AccessRequestType, RequestPageQuery } from "../../gql/graphql";

/** What can be asked for. */
export const TYPES: readonly AccessRequestType[] = ["PORTAL_ACCESS", "CHANGE_OR_REMOVAL", "OTHER"];

export const LIST = graphql(`
  query RequestList(
    $filter: AccessRequestFilterInput!
    $orderBy: AccessRequestOrder!
    $first: Int
    $after: String
    $last: Int
    $before: String
  ) {
    accessRequests(filter: $filter, orderBy: $orderBy, first: $first, after: $after, last: $last, before: $before) {
      totalCount
      pageInfo {
        ...Edges
      }
      nodes {
        id
        submittedAt
        type
        accountName
        decided
        redacted
        people {
          number
          name
          email
          decision {
            outcome
          }
        }
      }
    }
  }
`);

/** A request, with all that is known of whom it is for. */
export const REQUEST = graphql(`
  fragment Request on AccessRequest {
    id
    version
    submittedAt
    type
    accountName
    serviceAddress
    description
    decided
    redacted
    people {
      number
      name
      email
      phone
      knownAs {
        id
        name
      }
      decision {
        outcome
        decidedAt
        carriedOut
        words
        role
        decidedBy {
          id
          name
        }
        account {
          id
          name
        }
        locations {
          id
          name
          address
        }
        person {
          id
          name
        }
        case {
          id
          number
        }
      }
    }
  }
`);

/** What came of a command. */
export const OUTCOME = graphql(`
  fragment RequestOutcome on AccessRequestPayload {
    pending
    userErrors {
      code
      field
      message
    }
    accessRequest {
      ...Request
    }
  }
`);

export const PAGE = graphql(`
  query RequestPage($id: ID!) {
    accessRequest(id: $id) {
      ...Request
    }
  }
`);

export const DECIDE = graphql(`
  mutation DecideRequest($input: AccessRequestDecideInput!) {
    outcome: accessRequestDecide(input: $input) {
      ...RequestOutcome
    }
  }
`);

export const ADD_PERSON = graphql(`
  mutation AddPersonToRequest($input: AccessRequestAddPersonInput!) {
    outcome: accessRequestAddPerson(input: $input) {
      ...RequestOutcome
    }
  }
`);

export const REDACT = graphql(`
  mutation RedactRequest($input: AccessRequestRedactInput!) {
    outcome: accessRequestRedact(input: $input) {
      ...RequestOutcome
    }
  }
`);

/** A request. */
export type Asked = NonNullable<RequestPageQuery["accessRequest"]>;

/** Somebody for whom access is asked. */
export type AskedPerson = Asked["people"][number];
