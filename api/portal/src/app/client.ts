import { Client, type CombinedError, cacheExchange, fetchExchange, mapExchange, subscriptionExchange } from "urql";
import { CloseCode, createClient as createSocket } from "graphql-ws";

import { documentIdExchange } from "./documentIds";

/** Whether an answer has an error of this code. */
export const says = (error: CombinedError | undefined, code: string) =>
  error?.graphQLErrors.some((each) => each.extensions["code"] === code) ?? false;

/** Whether an answer says that nobody is signed in. */
export function isSignedOut(error: CombinedError | undefined): boolean {
  return says(error, "UNAUTHENTICATED");
}

/** What the rest of the portal does when answers tell that a session is not what it was. */
interface SessionEvents {
  /** It has ended. */
  onSignedOut: () => void;
  /** It is over or another, or can do nothing before a second factor was added: who is signed in is to be looked at again. */
  onChanged: () => void;
}

/**
 * A client of the API. Everything that it remembers is one person's: whoever signs in or out gets a new one.
 *
 * Lists and pages are shown from memory first and read again behind that; the socket opens with the first subscription and
 * comes back by itself.
 */
export function createClient({ onSignedOut, onChanged }: SessionEvents): { client: Client; close: () => void } {
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  const socket = createSocket({
    url: `${scheme}://${location.host}/graphql/ws`,
    lazy: true,
    retryAttempts: Infinity,
    shouldRetry: () => true,
    // The service closes the sockets of a session when it ends, and there are no others for it.
    on: {
      closed: (event) => {
        const { code } = event as { code: CloseCode };
        if (code === CloseCode.Unauthorized) onChanged();
      },
    },
    retryWait: async (tries) => {
      const wait = Math.min(250 * 2 ** tries, 10_000) * (0.5 + Math.random() / 2);
      await new Promise((resolve) => setTimeout(resolve, wait));
    },
  });
  const client = new Client({
    url: "/graphql",
    requestPolicy: "cache-and-network",
    preferGetMethod: false,
    fetchOptions: { credentials: "same-origin", headers: { accept: "application/graphql-response+json" } },
    exchanges: [
      mapExchange({
        onError(error, operation) {
          if (operation.kind === "teardown") return;
          if (isSignedOut(error)) onSignedOut();
          if (says(error, "SECOND_FACTOR_DEMANDED")) onChanged();
        },
      }),
      cacheExchange,
      documentIdExchange,
      subscriptionExchange({
        forwardSubscription(request) {
          const payload = { ...request, query: request.query ?? "" };
          return { subscribe: (sink) => ({ unsubscribe: socket.subscribe(payload, sink) }) };
        },
      }),
      fetchExchange,
    ],
  });
  return { client, close: () => void socket.dispose() };
}
