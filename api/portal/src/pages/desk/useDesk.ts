import { useCallback, useEffect, useRef } from "react";
import { useQuery, useSubscription } from "urql";

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

const CHANGES = graphql(`
  subscription DeskChanges {
    deskChanges {
      cursor
    }
  }
`);

/** The least time between two readings: others work at the desk, too, and a busy one would be read all the time. */
const PAUSE_MS = 5_000;

/** How often it is read where nobody tells that something happened, because no socket gets through. */
const UNTOLD_MS = 20_000;

/**
 * Reads the desk again when something has happened, while somebody looks at it; what happens meanwhile is read when its window comes to the
 * front. A socket that comes back begins with where the desk is, so that nothing is missed in between.
 */
function useAgain(answer: unknown, read: (options: { requestPolicy: "network-only" }) => void): void {
  const [{ data: told }] = useSubscription({ query: CHANGES, pause: answer === undefined });
  const answeredAt = useRef(0);
  const isOwed = useRef(false);
  useEffect(() => {
    answeredAt.current = Date.now();
  }, [answer]);

  const again = useCallback(() => {
    isOwed.current = document.visibilityState !== "visible";
    if (!isOwed.current) read({ requestPolicy: "network-only" });
  }, [read]);
  useEffect(() => {
    if (told === undefined) {
      const timer = setInterval(again, UNTOLD_MS);
      return () => clearInterval(timer);
    }
    const timer = setTimeout(again, Math.max(0, answeredAt.current + PAUSE_MS - Date.now()));
    return () => clearTimeout(timer);
  }, [told, again]);
  useEffect(() => {
    const looked = () => {
      if (isOwed.current) again();
    };
    document.addEventListener("visibilitychange", looked);
    return () => document.removeEventListener("visibilitychange", looked);
  }, [again]);
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
  useAgain(data, read);
  return { shown: data?.cases, counts: data && countsOf(data), error: stale ? undefined : error, fetching, read };
}
