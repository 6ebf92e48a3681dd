import { useQuery } from "urql";

import { graphql } from "../../gql";

const CREDENTIALS = graphql(`
  query Credentials {
    challengeQuestions {
      name
      text
    }
    viewer {
      credentials {
        challengeQuestion {
          name
          text
        }
        hasSecondFactor
        recoveryCodesLeft
        sessions {
          id
          createdAt
          usedAt
          expiresAt
          isCurrent
        }
      }
      preferences {
        language
        timeZone
        unwanted
      }
    }
  }
`);

/** What somebody signs in with and where they are, and which mail they want. */
export function useCredentials() {
  const [{ data, error }, reload] = useQuery({ query: CREDENTIALS });
  return { data, error, reload: () => reload({ requestPolicy: "network-only" }) };
}
