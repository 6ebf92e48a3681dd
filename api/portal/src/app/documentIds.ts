import { type Exchange, type Operation, mapExchange } from "urql";

/** The document of an operation under the hash by which the server knows it. */
function byId(operation: Operation): Operation {
  const meta = "__meta__" in operation.query ? (operation.query.__meta__ as { documentId?: string }) : undefined;
  if (!["query", "mutation"].includes(operation.kind) || meta?.documentId === undefined) return operation;
  return { ...operation, query: { ...operation.query, documentId: meta.documentId, definitions: [] } };
}

/**
 * Sends documents of requests by their hash, never as text: requests are small, and the server knows every one of them. On the
 * socket the protocol demands the text.
 */
export const documentIdExchange: Exchange = mapExchange({ onOperation: byId });
