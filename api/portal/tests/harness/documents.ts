/** The portal's requests say which document they are for by its hash. */
import type { Request } from "playwright-core";

import persisted from "../../src/gql/persisted-documents.json";

/** The document that a request is for; nothing where it is for none of the portal's. */
export function documentOf(request: Request): string | undefined {
  const sent = request.postData() ?? "";
  return Object.entries(persisted).find(([hash]) => sent.includes(hash))?.[1];
}

/** Whether a request is for the operation of this name: by its hash, and by the name that it says. */
export function isFor(request: Request, operation: string): boolean {
  const asked = Object.entries(persisted).find(([, text]) =>
    new RegExp(`(query|mutation) ${operation}\\b`, "u").test(text),
  );
  if (asked === undefined) throw new Error(`the portal has no operation ${operation}`);
  const sent = request.postData();
  return (sent?.includes(asked[0]) && sent.includes(`"operationName":"${operation}"`)) ?? false;
}
