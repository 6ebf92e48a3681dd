import { useCallback, useEffect, useMemo, useState } from "react";
import { useClient, useQuery, useSubscription } from "urql";

import { says } from "../../app/client";
import type { CasePageQuery } from "../../gql/graphql";
import { CASE, EARLIER, LIVE } from "./documents";

type Found = NonNullable<CasePageQuery["case"]>;

/** A case as the page shows it. */
export type Shown = Omit<Found, "activity">;

/** An entry with its place. */
export type Edge = Pick<Found["activity"]["edges"][number], "cursor" | "node">;

/**
 * A case and its activity, as far as it was asked for, the oldest first, and what happens from now on.
 *
 * Entries are known by their cursors: what comes twice, by reading again or by a socket that came back, is shown once. The socket
 * goes on after the last entry of the page's first reading, so that none is missed in between. Of a case that was merged into another
 * `elsewhere` is that one, unless merges are not to be followed.
 */
export function useStream(number: string, followMerges: boolean) {
  const client = useClient();
  const [{ data: fresh, error, fetching }, read] = useQuery({ query: CASE, variables: { number, followMerges } });
  // Reading again may fail: the page, and what is being typed on it, stays as it was.
  const [held, setHeld] = useState(fresh);
  if (fresh !== undefined && fresh !== held) setHeld(fresh);
  const data = fresh ?? (error ? held : undefined);
  const answered = data?.case;
  // Another case goes on in the place of this one: it has a page of its own.
  const elsewhere = answered && answered.number !== number ? answered : undefined;
  const found = elsewhere === undefined ? answered : undefined;
  const [own, setOwn] = useState(found?.id);
  if (found && found.id !== own) setOwn(found.id);
  const [more, setMore] = useState<{ edges: readonly Edge[]; start: string | null; hasEarlier: boolean }>();
  const [live, setLive] = useState<readonly Edge[]>([]);

  // Where the socket begins does not move while the page is open: it resumes by itself, and repeats are known.
  const last = found?.activity.edges.at(-1)?.cursor;
  const [begin, setBegin] = useState(last);
  if (begin === undefined && last !== undefined) setBegin(last);
  const [heard] = useSubscription(
    { query: LIVE, variables: { caseId: found?.id ?? "", after: begin ?? null }, pause: begin === undefined || !found },
    (_, event: { caseActivity: { cursor: string; entry: Edge["node"] } }) => {
      const { cursor, entry } = event.caseActivity;
      setLive((before) =>
        before.some((each) => each.cursor === cursor) ? before : [...before, { cursor, node: entry }],
      );
      return event;
    },
  );

  const again = useCallback(() => read({ requestPolicy: "network-only" }), [read]);
  const newest = live.at(-1)?.cursor;
  useEffect(() => {
    if (newest !== undefined) again();
  }, [newest, again]);

  const edges = useMemo(() => {
    const known = new Map<string, Edge>();
    for (const edge of [...(more?.edges ?? []), ...(found?.activity.edges ?? []), ...live])
      known.set(edge.cursor, edge);
    return [...known.values()].sort((a, b) => a.node.recordedAt.localeCompare(b.node.recordedAt));
  }, [more, found, live]);

  const info = found?.activity.pageInfo;
  const start = more ? more.start : info?.startCursor;
  const hasEarlier = more ? more.hasEarlier : (info?.hasPreviousPage ?? false);
  const [loading, setLoading] = useState(false);
  const earlier = async () => {
    if (!start) return;
    setLoading(true);
    const answer = await client.query(EARLIER, { number, before: start }).toPromise();
    setLoading(false);
    const page = answer.data?.case?.activity;
    if (!page) return;
    setMore((before) => ({
      edges: [...page.edges, ...(before?.edges ?? found?.activity.edges ?? [])],
      start: page.pageInfo.startCursor ?? null,
      hasEarlier: page.pageInfo.hasPreviousPage,
    }));
  };
  return {
    shown: found as Shown | null | undefined,
    /** The case that goes on in the place of this one. */
    elsewhere: elsewhere as Shown | undefined,
    /** The id of the case that was asked for, once it was shown. */
    own,
    edges,
    error,
    fetching,
    again,
    hasEarlier,
    earlier,
    loadingEarlier: loading,
    lost: says(heard.error, "NOT_FOUND"),
  };
}
