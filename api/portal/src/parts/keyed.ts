import { useRef, useState } from "react";
import { type CombinedError, type TypedDocumentNode, useClient } from "urql";

import { drop, keep, kept } from "./kept";

/** What was sent last, and under which key. */
interface Tried {
  what: string;
  key: string;
}

/** An idempotency key that nobody else has. Browsers have UUIDs for secure contexts alone, and random bytes everywhere. */
export function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * Sends mutations one at a time, each with a key: the same once more, as after a network that failed, is done once. With a name that is so for
 * whoever loads the page again as well.
 */
export function useKeyed(name?: string) {
  const client = useClient();
  const [busy, setBusy] = useState(false);
  const tried = useRef<Tried>(undefined);
  const send = async <D, V extends { input: object }>(
    document: TypedDocumentNode<D, V>,
    input: object,
  ): Promise<{ data?: D | undefined; error?: CombinedError | undefined }> => {
    const what = JSON.stringify(input);
    const before = name === undefined ? tried.current : (kept(name) as Tried | undefined);
    const now = before?.what === what ? before : { what, key: newKey() };
    tried.current = now;
    if (name !== undefined) keep(name, now);
    setBusy(true);
    const variables = { input: { ...input, idempotencyKey: now.key } } as unknown as V;
    const answer = await client.mutation<D, V>(document, variables).toPromise();
    setBusy(false);
    if (name !== undefined && answer.data) drop(name);
    return answer;
  };
  return { busy, send };
}
