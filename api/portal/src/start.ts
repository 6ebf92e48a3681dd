/**
 * Asks what the page will ask first, while the portal's scripts are still on their way: who is signed in, how the portal looks, and on
 * the overview what it shows. A file of its own that imports nothing. What is answered is taken by `app/early.ts`.
 */
/** The hashes of these documents, put in by the build. */
declare const EARLY_DOCUMENTS: Record<string, string>;

const first = ["Session", "Brand", ...(location.pathname === "/" ? ["Overview", "Catalogue"] : [])];

const answers = new Map<string, Promise<Response>>();
for (const operationName of first) {
  const documentId = EARLY_DOCUMENTS[operationName] ?? "";
  const asked = fetch("/graphql", {
    method: "POST",
    credentials: "same-origin",
    headers: { "content-type": "application/json", accept: "application/graphql-response+json" },
    body: JSON.stringify({ operationName, documentId, variables: {} }),
  });
  // Whoever takes the answer learns of it; nobody may have to.
  asked.catch(() => undefined);
  answers.set(documentId, asked);
}
window.casestreamEarly = { at: Date.now(), answers };

export {};
