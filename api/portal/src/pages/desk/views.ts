import type { CaseFilterInput } from "../../gql/graphql";
import { COLUMNS, type Column, DESK_COLUMNS } from "../support/listState";

/** The lists of the desk that are there whatever its queues are. */
export const VIEWS = ["mine", "unassigned", "all", "uncontacted"] as const;

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

const NOTHING = { needsContact: false, withoutOwner: false } satisfies CaseFilterInput;

/** The cases that are still to be worked on, of a view. */
export function filterOfView(view: View, me: string): CaseFilterInput {
  const toDo = { ...NOTHING, statuses: ["NEW", "OPEN"] } satisfies CaseFilterInput;
  switch (view) {
    case "mine":
      return { ...toDo, ownerIds: [me] };
    case "unassigned":
      return { ...toDo, withoutOwner: true };
    case "all":
      return toDo;
    case "uncontacted":
      return { ...NOTHING, needsContact: true };
  }
}

/** The cases that wait in a queue: those without an owner. */
export function filterOfQueue(queue: string): CaseFilterInput {
  return { ...NOTHING, statuses: ["NEW", "OPEN"], withoutOwner: true, queues: [queue] };
}

/** The filter of the API for what the desk shows. */
export function filterOf(state: DeskState, me: string): CaseFilterInput {
  if (state.text !== "") return { ...NOTHING, text: state.text };
  return state.queue === "" ? filterOfView(state.view, me) : filterOfQueue(state.queue);
}

/** The columns worth their room: what is the same for all cases of a list is left out, and since when one waits is said where it waits. */
export function columnsOf(state: DeskState): readonly Column[] {
  const searched = state.text !== "";
  const owned = searched || (state.queue === "" && (state.view === "all" || state.view === "uncontacted"));
  const queued = searched || state.queue === "";
  const waits = !searched && (state.queue !== "" || state.view === "unassigned");
  return [
    "PRIORITY",
    "NUMBER",
    "SUBJECT",
    "STATUS",
    "ACCOUNT",
    ...(queued ? (["QUEUE"] as const) : []),
    ...(owned ? (["OWNER"] as const) : []),
    ...(waits ? (["OPENED"] as const) : []),
    "UPDATED",
  ];
}
