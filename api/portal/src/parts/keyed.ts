import { useRef, useState } from "react";
import { type CombinedError, type TypedDocumentNode, useClient } from "urql";

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
    if (tried.current.what !== what) tried.current = { what, key: crypto.randomUUID() };
    setBusy(true);
    const variables = { input: { ...input, idempotencyKey: tried.current.key } } as unknown as V;
    const answer = await client.mutation<D, V>(document, variables).toPromise();
    setBusy(false);
    return answer;
  };
  return { busy, send };
}
