/** The portal's requests say which document they are for by its hash. */
import type { Request } from "playwright-core";

import persisted from "../../src/gql/persisted-documents.json";

/** Whether a request is for the operation of this name. */
export function isFor(request: Request, operation: string): boolean {
  const asked = Object.entries(persisted).find(([, text]) =>
    new RegExp(`(query|mutation) ${operation}\\b`, "u").test(text),
  );
  if (asked === undefined) throw new Error(`the portal has no operation ${operation}`);
  return request.postData()?.includes(asked[0]) ?? false;
}
