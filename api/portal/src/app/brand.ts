import { useQuery } from "urql";

import { graphql } from "../gql";

const BRAND = graphql(`
  query Brand {
    brand {
      portalName
      logo
      primaryColor
      accentColor
    }
  }
`);

/** How the portal looks. */
export interface Brand {
  portalName: string;
  /** A `data:` URL. */
  logo: string | null | undefined;
  primaryColor: string;
}

/** How the installation has the portal look; undefined until that is known. */
export function useBrand(): Brand | undefined {
  const [{ data }] = useQuery({ query: BRAND, requestPolicy: "cache-first" });
  return data?.brand ?? undefined;
}
