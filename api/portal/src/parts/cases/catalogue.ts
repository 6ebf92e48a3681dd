import { useMemo } from "react";
import { useQuery } from "urql";

import { graphql } from "../../gql";
import type { CatalogueQuery } from "../../gql/graphql";

const CATALOGUE = graphql(`
  query Catalogue {
    catalogue {
      types {
        key
        name
        covers
        isRetired
        locationRequired
        productRequired
        categories {
          key
          name
          isRetired
        }
      }
      queues {
        key
        name
        isRetired
      }
      resolutionCodes {
        key
        name
        isRetired
      }
    }
    caseRules {
      filesPerCase
      fileSizeLimitBytes
    }
  }
`);

/** What can be chosen. */
export type Catalogue = Omit<NonNullable<CatalogueQuery["catalogue"]>, "__typename">;

const NOTHING: Catalogue = { types: [], queues: [], resolutionCodes: [] };

/** What the installation offers to choose from; nothing until that is known. */
export function useCatalogue(): Catalogue {
  const [{ data }] = useQuery({ query: CATALOGUE, requestPolicy: "cache-first" });
  return data?.catalogue ?? NOTHING;
}

/** How many files a case takes, and how large each may be, in bytes; nothing until that is known. */
export function useFileLimits(): CatalogueQuery["caseRules"] | undefined {
  const [{ data }] = useQuery({ query: CATALOGUE, requestPolicy: "cache-first" });
  return data?.caseRules;
}

/** What the keys of the catalogue are called: of types, categories, queues and resolution codes. */
export function useNames(): (name: string, value: string) => string | undefined {
  const { types, queues, resolutionCodes } = useCatalogue();
  return useMemo(() => {
    const called = new Map<string, string>();
    for (const type of types) {
      called.set(`type ${type.key}`, type.name);
      for (const category of type.categories) called.set(`category ${category.key}`, category.name);
    }
    for (const queue of queues ?? []) called.set(`queue ${queue.key}`, queue.name);
    for (const code of resolutionCodes) called.set(`code ${code.key}`, code.name);
    return (name, value) => called.get(`${name} ${value}`);
  }, [types, queues, resolutionCodes]);
}

/** What can still be chosen, as choices of a field. */
export function choices(entries: readonly { key: string; name: string; isRetired: boolean }[]) {
  return entries.filter((entry) => !entry.isRetired).map(({ key, name }) => ({ value: key, label: name }));
}
