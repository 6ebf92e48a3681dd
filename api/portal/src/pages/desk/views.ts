import type { CaseFilterInput, WaitReason } from "../../gql/graphql";
import { COLUMNS, type Column, DESK_COLUMNS } from "../support/listState";

/** The lists of the desk that are there whatever its queues are. */
export const VIEWS = ["mine", "unassigned", "waiting", "triage", "all", "uncontacted"] as const;

/** One of them. */
export type View = (typeof VIEWS)[number];

/** What the desk shows, as the address says it. */
export interface DeskState {
  view: View;
  /** A queue's key, in place of the view. */
  queue: string;
  /** What is searched, in place of both: in all cases. */
  text: string;
  sort: Column;
  ascending: boolean;
  after: string | undefined;
  before: string | undefined;
}

/** Reads the address. Without an order in it, what is most urgent is first, and what is searched is sorted by its last update. */
export function fromAddress(search: URLSearchParams): DeskState {
  const text = (search.get("q") ?? "").slice(0, 200);
  return {
    view: VIEWS.find((view) => view === search.get("view")) ?? "mine",
    queue: search.get("queue") ?? "",
    text,
    sort:
      [...COLUMNS, ...DESK_COLUMNS].find((column) => column === search.get("sort")) ??
      (text === "" ? "PRIORITY" : "UPDATED"),
    ascending: search.get("dir") === "asc",
    after: search.get("after") ?? undefined,
    before: search.get("before") ?? undefined,
  };
}

/** The cases that are still to be worked on. */
const TO_DO = { statuses: ["NEW", "OPEN"] } satisfies CaseFilterInput;

/** Whatever a case can wait for. */
const WAITS = Object.keys({
  CUSTOMER: 0,
  VENDOR: 0,
  PROBLEM: 0,
  EVIDENCE: 0,
} satisfies Record<WaitReason, 0>) as WaitReason[];

/** The cases that are still to be worked on, of a view. */
export function filterOfView(view: View, me: string): CaseFilterInput {
  switch (view) {
    case "mine":
      return { ...TO_DO, ownerIds: [me] };
    case "unassigned":
      return { ...TO_DO, withoutOwner: true };
    case "waiting":
      return { waitsFor: WAITS };
    case "triage":
      return { ...TO_DO, inTriage: true };
    case "all":
      return TO_DO;
    case "uncontacted":
      return { needsContact: true };
  }
}

/** The cases that wait in a queue: those without an owner. */
export function filterOfQueue(queue: string): CaseFilterInput {
  return { ...TO_DO, withoutOwner: true, queues: [queue] };
}

/** The filter of the API for what the desk shows. */
export function filterOf(state: DeskState, me: string): CaseFilterInput {
  if (state.text !== "") return { text: state.text };
  return state.queue === "" ? filterOfView(state.view, me) : filterOfQueue(state.queue);
}

/** What is shown beside what every view shows, in its order: what is the same for all cases of a list is left out. */
const BESIDE: Record<View | "queue" | "search", readonly Column[]> = {
  mine: ["STATUS", "ACCOUNT", "QUEUE"],
  unassigned: ["STATUS", "ACCOUNT", "QUEUE", "OPENED"],
  waiting: ["ACCOUNT", "QUEUE", "OWNER"],
  triage: ["STATUS", "ACCOUNT", "LOCATION", "PRODUCT", "OWNER"],
  all: ["STATUS", "ACCOUNT", "QUEUE", "OWNER"],
  uncontacted: ["STATUS", "ACCOUNT", "QUEUE", "OWNER"],
  queue: ["STATUS", "ACCOUNT", "OPENED"],
  search: ["STATUS", "ACCOUNT", "QUEUE", "OWNER"],
};

/** The columns worth their room. */
export function columnsOf(state: DeskState): readonly Column[] {
  const shown = state.text !== "" ? "search" : state.queue !== "" ? "queue" : state.view;
  return ["PRIORITY", "NUMBER", "SUBJECT", ...BESIDE[shown], "UPDATED"];
}
