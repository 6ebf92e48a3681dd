/** The portal's requests say which document they are for by its hash. */
import type { Request } from "playwright-core";

import persisted from "../../src/gql/persisted-documents.json";

/** Whether a request is for the operation of this name: by its hash, and by the name that it says. */
export function isFor(request: Request, operation: string): boolean {
  const asked = Object.entries(persisted).find(([, text]) =>
    new RegExp(`(query|mutation) ${operation}\\b`, "u").test(text),
  );
  if (asked === undefined) throw new Error(`the portal has no operation ${operation}`);
  const sent = request.postData();
  return (sent?.includes(asked[0]) && sent.includes(`"operationName":"${operation}"`)) ?? false;
}
