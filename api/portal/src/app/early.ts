import type { Operation } from "urql";

/** What `start.ts` asked before the portal's scripts were there, by the documents' hashes. */
declare global {
  interface Window {
    casestreamEarly?: { at: number; answers: Map<string, Promise<Response>> };
  }
}

/** How long such an answer says how things are. */
const GOOD_FOR_MS = 10_000;

/**
 * The answer to a question that was asked early, once. Whatever changes something makes all that was asked before it worthless: who is
 * signed in, most of all.
 */
export function begun(
  id: string,
  { kind, variables }: Pick<Operation, "kind" | "variables">,
): Promise<Response> | undefined {
  const early = window.casestreamEarly;
  if (early === undefined) return undefined;
  if (kind === "mutation" || Date.now() - early.at > GOOD_FOR_MS) {
    delete window.casestreamEarly;
    return undefined;
  }
  if (Object.keys(variables ?? {}).length > 0) return undefined;
  const answer = early.answers.get(id);
  early.answers.delete(id);
  return answer;
}
