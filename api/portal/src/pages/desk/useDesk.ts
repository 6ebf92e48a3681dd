import { useEffect } from "react";
import { useQuery } from "urql";

import { useViewer } from "../../app/session";
import { graphql } from "../../gql";
import { pageOf } from "../../parts/address";
import { type DeskState, filterOf, filterOfView } from "./views";

const LIST = graphql(`
  query DeskList(
    $filter: CaseFilterInput!
    $orderBy: CaseOrderInput!
    $first: Int
    $after: String
    $last: Int
    $before: String
    $mine: CaseFilterInput!
    $unassigned: CaseFilterInput!
    $all: CaseFilterInput!
    $uncontacted: CaseFilterInput!
    $desk: Boolean!
  ) {
    cases(filter: $filter, orderBy: $orderBy, first: $first, after: $after, last: $last, before: $before) {
      ...ListedPage
    }
    mine: cases(filter: $mine) {
      totalCount
    }
    unassigned: cases(filter: $unassigned) {
      totalCount
    }
    all: cases(filter: $all) {
      totalCount
    }
    uncontacted: cases(filter: $uncontacted) {
      totalCount
    }
  }
`);

const QUEUE_COUNT = graphql(`
  query QueueCount($filter: CaseFilterInput!) {
    cases(filter: $filter) {
      totalCount
    }
  }
`);

const PAGE = 50;

/** How often the desk is read again while somebody looks at it: others work at it, too. */
const AGAIN_MS = 20_000;

/** Reads something again from time to time, and when its window comes to the front. */
function useAgain(read: (options: { requestPolicy: "network-only" }) => void): void {
  useEffect(() => {
    const again = () => {
      if (document.visibilityState === "visible") read({ requestPolicy: "network-only" });
    };
    const timer = setInterval(again, AGAIN_MS);
    document.addEventListener("visibilitychange", again);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", again);
    };
  }, [read]);
}

/** The list that the desk shows, and how many cases the other views have. */
export function useDesk(state: DeskState) {
  const me = useViewer().person.id;
  const [{ data, error, fetching, stale }, read] = useQuery({
    query: LIST,
    variables: {
      filter: filterOf(state, me),
      orderBy: { field: state.sort, direction: state.ascending ? "ASC" : "DESC" },
      ...pageOf(state, PAGE),
      mine: filterOfView("mine", me),
      unassigned: filterOfView("unassigned", me),
      all: filterOfView("all", me),
      uncontacted: filterOfView("uncontacted", me),
      desk: true,
    },
  });
  useAgain(read);
  return { data, error: stale ? undefined : error, fetching, read };
}

/** How many cases a filter finds; undefined until that is known. */
export function useCount(filter: ReturnType<typeof filterOf>): number | undefined {
  const [{ data }, read] = useQuery({ query: QUEUE_COUNT, variables: { filter } });
  useAgain(read);
  return data?.cases.totalCount;
}
