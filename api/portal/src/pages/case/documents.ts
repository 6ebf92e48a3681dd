import { graphql } from "../../gql";

/** What the page shows of a case beside its activity. */
export const SHOWN = graphql(`
  fragment Shown on Case {
    ...CaseFacts
    description
    version
    type
    category
    account {
      reference
    }
    opener {
      id
      name
    }
    owner {
      id
      name
    }
    queue
    queueName
    priority
    needsContact
    legalHold
    wait {
      reason
      until
    }
    resolution {
      at
      text
      codeName
      satisfactionScore
      satisfactionComment
    }
    cancellation {
      at
      reason
      comment
    }
    closing {
      at
      cause
    }
    allowedActions
    links {
      relation
      case {
        id
        number
        subject
        status
      }
    }
    attachments {
      id
      name
      addedAt
      mediaType
      sizeBytes
      state
      internal
      fromDesk
      messageId
      url
      uploader {
        id
        name
      }
    }
    watchers {
      addedAt
      confirmed
      email
      person {
        id
        name
      }
    }
  }
`);

/** A stretch of a case's activity, and where what came before it is to be found. */
export const STRETCH = graphql(`
  fragment Stretch on ActivityConnection {
    pageInfo {
      hasPreviousPage
      startCursor
    }
    edges {
      cursor
      node {
        ...Entry
      }
    }
  }
`);

/** A case with the end of its activity; of a merged one, that of the case that goes on in its place, unless it is asked for itself. */
export const CASE = graphql(`
  query CasePage($number: String!, $followMerges: Boolean!) {
    case(number: $number, followMerges: $followMerges) {
      ...Shown
      activity(last: 30, order: OLDEST_FIRST) {
        ...Stretch
      }
    }
  }
`);

/** What came before in its activity. */
export const EARLIER = graphql(`
  query EarlierActivity($number: String!, $before: String!) {
    case(number: $number, followMerges: false) {
      id
      activity(last: 50, before: $before, order: OLDEST_FIRST) {
        ...Stretch
      }
    }
  }
`);

/** What happens to a case from now on. */
export const LIVE = graphql(`
  subscription CaseActivity($caseId: ID!, $after: String) {
    caseActivity(caseId: $caseId, after: $after) {
      cursor
      entry {
        ...Entry
      }
      case {
        id
        version
        status
      }
    }
  }
`);
