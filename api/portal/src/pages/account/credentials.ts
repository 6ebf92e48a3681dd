import { useEffect } from "react";
import { useQuery } from "urql";

import { useSession } from "../../app/session";
import { graphql } from "../../gql";

const CREDENTIALS = graphql(`
  query Credentials {
    challengeQuestions {
      name
      text
    }
    viewer {
      lacksSecondFactor
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
  const { renew } = useSession();
  const lacksSecondFactor = data?.viewer.lacksSecondFactor ?? false;
  useEffect(() => {
    // Whoever has just switched theirs off where one is demanded: that comes before this page, too.
    if (lacksSecondFactor) renew();
  }, [lacksSecondFactor, renew]);
  return { data, error, reload: () => reload({ requestPolicy: "network-only" }) };
}
