import { useCallback, useEffect, useState } from "react";

import { useViewer } from "../app/session";

const PREFIX = "casestream.draft.";

/** What was typed and not sent yet: kept in this browser, for the person who typed it. */
export interface Draft<T> {
  value: T;
  set: (value: T | ((before: T) => T)) => void;
  /** Forgets it: it was sent, or is not wanted. */
  clear: () => void;
  /** Whether it was there when the page was opened. */
  restored: boolean;
}

/** A draft by its name. It survives the page, the session and the network; `isEmpty` tells when there is nothing to keep. */
export function useDraft<T>(name: string, empty: T, isEmpty: (value: T) => boolean): Draft<T> {
  const { person } = useViewer();
  const key = `${PREFIX}${person.id}.${name}`;
  const [state, setState] = useState(() => {
    const kept = read(key) as T | undefined;
    return { value: kept ?? empty, restored: kept !== undefined };
  });
  const nothing = isEmpty(state.value);
  useEffect(() => {
    if (nothing) localStorage.removeItem(key);
    else write(key, state.value);
  }, [key, nothing, state.value]);
  const set = useCallback((value: T | ((before: T) => T)) => {
    setState((before) => ({
      ...before,
      value: typeof value === "function" ? (value as (before: T) => T)(before.value) : value,
    }));
  }, []);
  const clear = useCallback(() => {
    localStorage.removeItem(key);
    setState({ value: empty, restored: false });
    // `empty` is what the page begins with; a newer one is no reason to forget anything.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [key]);
  return { value: state.value, set, clear, restored: state.restored };
}

/** Forgets what somebody typed and did not send. For when they sign out. */
export function forgetDrafts(personId: string): void {
  const keys = Array.from({ length: localStorage.length }, (_, index) => localStorage.key(index) ?? "");
  for (const key of keys) if (key.startsWith(`${PREFIX}${personId}.`)) localStorage.removeItem(key);
}

function read(key: string): unknown {
  try {
    const text = localStorage.getItem(key);
    return text === null ? undefined : (JSON.parse(text) as unknown);
  } catch {
    return undefined;
  }
}

function write(key: string, value: unknown): void {
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // A browser that keeps nothing, or no more: what is typed stays on the page.
  }
}
