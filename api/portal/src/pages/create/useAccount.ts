import { useMemo } from "react";
import { useQuery } from "urql";

import { useViewer } from "../../app/session";
import { graphql } from "../../gql";

const ACCOUNT = graphql(`
  query AccountForCase($id: ID!) {
    account(id: $id) {
      id
      name
      reference
      locations(first: 100) {
        nodes {
          id
          name
          address
          reference
        }
      }
      contacts(first: 100) {
        nodes {
          person {
            id
            name
          }
        }
      }
    }
  }
`);

const PRODUCTS = graphql(`
  query ProductsForCase($id: ID!) {
    node(id: $id) {
      id
      ... on Location {
        products(first: 100) {
          nodes {
            id
            name
            reference
          }
        }
      }
      ... on Account {
        products(first: 100) {
          nodes {
            id
            name
            reference
          }
        }
      }
    }
  }
`);

interface Choice {
  value: string;
  label: string;
}

const told = (parts: (string | null | undefined)[]) => parts.filter(Boolean).join(", ");

/** What can be chosen of an account: its places, what is installed at one of them, and its people, as far as the caller may know. */
export function useAccount(accountId: string, locationId: string) {
  const viewer = useViewer();
  const [{ data }] = useQuery({ query: ACCOUNT, variables: { id: accountId }, pause: accountId === "" });
  const place = locationId === "" ? accountId : locationId;
  const [{ data: installed, fetching }] = useQuery({ query: PRODUCTS, variables: { id: place }, pause: place === "" });
  const account = accountId === "" || data?.account?.id !== accountId ? undefined : data.account;
  const { person } = viewer;
  const isContact = viewer.accounts.some(({ id }) => id === accountId);

  const people = useMemo((): Choice[] => {
    const known = account?.contacts?.nodes.map((each) => each.person) ?? [];
    const all = isContact && !known.some(({ id }) => id === person.id) ? [person, ...known] : known;
    const seen = new Map<string, number>();
    return all.map(({ id, name }) => {
      const times = (seen.get(name ?? "") ?? 0) + 1;
      seen.set(name ?? "", times);
      return { value: id, label: times === 1 ? (name ?? id) : `${name ?? ""} (${times})` };
    });
  }, [account, isContact, person]);
  const node = installed?.node;
  return {
    account,
    /** Whether it is known what can be chosen. */
    ready: account !== undefined,
    people,
    locations: (account?.locations.nodes ?? []).map(({ id, name, address, reference }): Choice => ({
      value: id,
      label: told([name, address, reference]),
    })),
    products: (node && "products" in node && !fetching && node.id === place ? node.products.nodes : []).map(
      ({ id, name, reference }): Choice => ({ value: id, label: told([name, reference]) }),
    ),
    productsReady: node !== undefined && !fetching,
  };
}
