import { useCallback, useEffect, useState } from "react";

import { drop, keep, kept, onKept } from "./kept";

/** What was typed and not sent yet: kept in this browser, for the person who typed it. */
export interface Draft<T> {
  value: T;
  set: (value: T | ((before: T) => T)) => void;
  /** Forgets it: it was sent, or is not wanted. */
  clear: () => void;
  /** Whether it was there when the page was opened. */
  restored: boolean;
}

/**
 * A draft by its name. It survives the page and the network, as far as `kept` does, and is one for all pages of this browser: what is typed or sent
 * on one of them is so on the others. `isEmpty` tells when there is nothing to keep.
 */
export function useDraft<T>(name: string, empty: T, isEmpty: (value: T) => boolean): Draft<T> {
  const [state, setState] = useState(() => {
    const left = kept(name) as T | undefined;
    return { value: left ?? empty, restored: left !== undefined, isOwn: false };
  });
  const nothing = isEmpty(state.value);
  useEffect(() => {
    // What came from another page is kept already, and may be older than what is by now.
    if (!state.isOwn) return;
    if (nothing) drop(name);
    else keep(name, state.value);
  }, [name, nothing, state.isOwn, state.value]);
  useEffect(() => {
    let known = kept(name);
    return onKept((elsewhere) => {
      const now = kept(name) as T | undefined;
      if (now !== known && elsewhere)
        setState((before) => ({ value: now ?? empty, restored: before.restored && now !== undefined, isOwn: false }));
      known = now;
    });
    // `empty` is what the page begins with; a newer one is no reason to forget anything.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [name]);
  const set = useCallback((value: T | ((before: T) => T)) => {
    setState((before) => ({
      ...before,
      isOwn: true,
      value: typeof value === "function" ? (value as (before: T) => T)(before.value) : value,
    }));
  }, []);
  const clear = useCallback(() => {
    drop(name);
    setState({ value: empty, restored: false, isOwn: false });
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [name]);
  return { value: state.value, set, clear, restored: state.restored };
}
