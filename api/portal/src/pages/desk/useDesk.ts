import { useEffect } from "react";
import { useQuery } from "urql";

import { useViewer } from "../../app/session";
import { graphql } from "../../gql";
import type { DeskListQuery } from "../../gql/graphql";
import { pageOf } from "../../parts/address";
import { type DeskState, type View, filterOf, filterOfView } from "./views";

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
    $waiting: CaseFilterInput!
    $triage: CaseFilterInput!
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
      countsByQueue {
        queue {
          key
          name
        }
        count
      }
    }
    waiting: cases(filter: $waiting) {
      totalCount
    }
    triage: cases(filter: $triage) {
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

/** How much there is to do; undefined until that is known. */
export type Counts =
  | {
      /** How many cases each view has. */
      views: Record<View, number>;
      /** How many wait for an owner in each queue that has any. */
      queues: readonly { key: string; name: string; count: number }[];
    }
  | undefined;

function countsOf(data: DeskListQuery): Counts {
  return {
    views: {
      mine: data.mine.totalCount,
      unassigned: data.unassigned.totalCount,
      waiting: data.waiting.totalCount,
      triage: data.triage.totalCount,
      all: data.all.totalCount,
      uncontacted: data.uncontacted.totalCount,
    },
    queues: (data.unassigned.countsByQueue ?? []).map(({ queue, count }) => ({ ...queue, count })),
  };
}

/** The list that the desk shows, and how many cases the views and queues have: one request. */
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
      waiting: filterOfView("waiting", me),
      triage: filterOfView("triage", me),
      all: filterOfView("all", me),
      uncontacted: filterOfView("uncontacted", me),
      desk: true,
    },
  });
  useAgain(read);
  return { shown: data?.cases, counts: data && countsOf(data), error: stale ? undefined : error, fetching, read };
}
