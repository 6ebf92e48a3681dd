import { useRef, useState } from "react";
import { type CombinedError, type TypedDocumentNode, useClient } from "urql";

/** An idempotency key that nobody else has. Browsers have UUIDs for secure contexts alone, and random bytes everywhere. */
export function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Sends mutations one at a time, each with a key: the same once more, as after a network that failed, is done once. */
export function useKeyed() {
  const client = useClient();
  const [busy, setBusy] = useState(false);
  const tried = useRef({ what: "", key: "" });
  const send = async <D, V extends { input: object }>(
    document: TypedDocumentNode<D, V>,
    input: object,
  ): Promise<{ data?: D | undefined; error?: CombinedError | undefined }> => {
    const what = JSON.stringify(input);
    if (tried.current.what !== what) tried.current = { what, key: newKey() };
    setBusy(true);
    const variables = { input: { ...input, idempotencyKey: tried.current.key } } as unknown as V;
    const answer = await client.mutation<D, V>(document, variables).toPromise();
    setBusy(false);
    return answer;
  };
  return { busy, send };
}
