import type { CaseFilterInput, CaseOrderField, CaseStatus, Priority } from "../../gql/graphql";
import { STATUSES } from "../../parts/cases/Status";

/** The columns by which the list can be sorted. */
export const COLUMNS = [
  "NUMBER",
  "SUBJECT",
  "STATUS",
  "TYPE",
  "CATEGORY",
  "ACCOUNT",
  "LOCATION",
  "PRODUCT",
  "CONTACT",
  "OPENED",
  "UPDATED",
] as const satisfies readonly CaseOrderField[];

/** Those that only the desk sees. */
export const DESK_COLUMNS = ["OWNER", "QUEUE", "PRIORITY"] as const satisfies readonly CaseOrderField[];

/** A column. */
export type Column = (typeof COLUMNS)[number] | (typeof DESK_COLUMNS)[number];

/** The priorities, the most urgent first. */
export const PRIORITIES: readonly Priority[] = ["CRITICAL", "HIGH", "NORMAL", "LOW"];

/** What the list shows, as the address says it. */
export interface ListState {
  text: string;
  /** Nothing where the address names none: then New alone, unless a text is searched. */
  statuses: CaseStatus[];
  accounts: string[];
  locations: string[];
  types: string[];
  priorities: Priority[];
  queues: string[];
  /** Nobody in particular, the reader, nobody, or a person by their id. */
  owner: string;
  dates: Record<"updatedFrom" | "updatedTo" | "openedFrom" | "openedTo", string>;
  sort: Column;
  ascending: boolean;
  after: string | undefined;
  before: string | undefined;
}

const several = (search: URLSearchParams, name: string) => (search.get(name) ?? "").split(",").filter(Boolean);
const known = <T extends string>(values: string[], all: readonly T[]) => all.filter((each) => values.includes(each));
const date = (search: URLSearchParams, name: string) => /^\d{4}-\d{2}-\d{2}$/u.exec(search.get(name) ?? "")?.[0] ?? "";

/** Reads the address. What it cannot mean is left out. */
export function fromAddress(search: URLSearchParams): ListState {
  const [sort = ""] = several(search, "sort");
  return {
    text: (search.get("q") ?? "").slice(0, 200),
    statuses: known(several(search, "status"), STATUSES),
    accounts: several(search, "account"),
    locations: several(search, "location"),
    types: several(search, "type"),
    priorities: known(several(search, "priority"), PRIORITIES),
    queues: several(search, "queue"),
    owner: search.get("owner") ?? "",
    dates: {
      updatedFrom: date(search, "updatedFrom"),
      updatedTo: date(search, "updatedTo"),
      openedFrom: date(search, "openedFrom"),
      openedTo: date(search, "openedTo"),
    },
    sort: [...COLUMNS, ...DESK_COLUMNS].find((column) => column === sort) ?? "UPDATED",
    ascending: search.get("dir") === "asc",
    after: search.get("after") ?? undefined,
    before: search.get("before") ?? undefined,
  };
}

/** The statuses that are asked for: New where nothing is said, all where a text is searched. */
export function wantedStatuses(state: ListState): readonly CaseStatus[] {
  if (state.statuses.length > 0) return state.statuses;
  return state.text === "" ? ["NEW"] : STATUSES;
}

/** The filter of the API, the statuses apart. Days begin and end where the reader is. */
export function filterOf(state: ListState, me: string, isDesk: boolean): CaseFilterInput {
  const list = <T>(values: T[]) => (values.length > 0 ? values : null);
  const { updatedFrom, updatedTo, openedFrom, openedTo } = state.dates;
  return {
    text: state.text === "" ? null : state.text,
    accountIds: list(state.accounts),
    locationIds: list(state.locations),
    types: list(state.types),
    ownerIds: isDesk && !["", "none"].includes(state.owner) ? [state.owner === "me" ? me : state.owner] : null,
    withoutOwner: isDesk && state.owner === "none",
    needsContact: false,
    updatedFrom: midnight(updatedFrom, 0),
    updatedBefore: midnight(updatedTo, 1),
    openedFrom: midnight(openedFrom, 0),
    openedBefore: midnight(openedTo, 1),
    ...(isDesk ? { priorities: list(state.priorities), queues: list(state.queues) } : {}),
  };
}

/** How many filters are set beside statuses and text. */
export function filtersSet(state: ListState): number {
  const lists = [state.accounts, state.locations, state.types, state.priorities, state.queues, state.statuses];
  const dates = Object.values(state.dates).filter(Boolean);
  return lists.filter((each) => each.length > 0).length + dates.length + (state.owner === "" ? 0 : 1);
}

function midnight(day: string, later: number): string | null {
  if (day === "") return null;
  const at = new Date(`${day}T00:00:00`);
  at.setDate(at.getDate() + later);
  return Number.isNaN(at.getTime()) ? null : at.toISOString();
}
