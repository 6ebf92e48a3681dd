import { useSearchParams } from "react-router";

/** Changes what the address says: empty values are taken out of it, and the list is at its first page, unless they say which. */
export type Change = (values: Record<string, string>) => void;

/** What the address says, for a list that has its state there, and how to change it. */
export function useAddress(): [URLSearchParams, Change] {
  const [search, setSearch] = useSearchParams();
  const change: Change = (values) => {
    setSearch((before) => {
      const next = new URLSearchParams(before);
      for (const [name, value] of Object.entries({ after: "", before: "", ...values })) {
        if (value === "") next.delete(name);
        else next.set(name, value);
      }
      return next;
    });
  };
  return [search, change];
}

/** The page of a list that an address means, as lists of the API take it. */
export function pageOf(at: { after?: string | undefined; before?: string | undefined }, size: number) {
  return at.before === undefined ? { first: size, after: at.after ?? null } : { last: size, before: at.before };
}
