import { type Exchange, type Operation, mapExchange } from "urql";

import { begun } from "./early";

/** The document of an operation under the hash by which the server knows it. */
function byId(operation: Operation): Operation {
  const meta = "__meta__" in operation.query ? (operation.query.__meta__ as { documentId?: string }) : undefined;
  const id = meta?.documentId;
  if (!["query", "mutation"].includes(operation.kind) || id === undefined) return operation;
  const name = operation.query.definitions.map((each) => ("name" in each ? each.name?.value : undefined))[0];
  return {
    ...operation,
    query: { ...operation.query, documentId: id, definitions: [] },
    context: {
      ...operation.context,
      fetch: (url, how) => begun(id, operation) ?? fetch(url, { ...how, body: named(how?.body, name) }),
    },
  };
}

/** Says in a request what its operation is called, which the client knows from the document's text alone. */
export function named(body: BodyInit | null | undefined, operationName: string | undefined): BodyInit | null {
  if (typeof body !== "string" || operationName === undefined) return body ?? null;
  return JSON.stringify({ operationName, ...(JSON.parse(body) as object) });
}

/**
 * Sends documents of requests by their hash, never as text: requests are small, and the server knows every one of them. On the
 * socket the protocol demands the text.
 */
export const documentIdExchange: Exchange = mapExchange({ onOperation: byId });
