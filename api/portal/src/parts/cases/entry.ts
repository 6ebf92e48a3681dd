import { graphql } from "../../gql";

/** What the portal reads of an entry of an activity stream. */
export const ENTRY = graphql(`
  fragment Entry on ActivityEntry {
    kind
    occurredAt
    recordedAt
    writtenAt
    actor {
      id
      name
    }
    actorRole
    onBehalfOf {
      id
      name
    }
    about {
      id
      name
    }
    via
    inferred
    internal
    messageId
    text
    redacted
    moved
    status
    values {
      name
      value
    }
  }
`);
