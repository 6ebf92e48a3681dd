import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

import { documentsInPlace, hashesOf } from "./scripts/documents.ts";
import { firstThings } from "./scripts/first.ts";

// The server that answers while the portal is worked on: `npm run dev` beside `make run`.
const service = process.env["CASESTREAM_URL"] ?? "http://127.0.0.1:8080";
const paths = ["/graphql", "/uploads", "/attachments", "/watch", "/mailbox"];

// What several pages use, in one file: split by who uses what it would be some forty, and each costs a share of a round trip of a browser that
// asks for six at a time. GraphiQL's own is for developers alone.
const shared = { name: "shared", test: /^(?!.*(monaco|graphiql))/u, minShareCount: 4 };

export default defineConfig({
  plugins: [documentsInPlace(), react(), firstThings()],
  define: { EARLY_DOCUMENTS: JSON.stringify(hashesOf("Session", "Brand", "Overview", "Catalogue")) },
  // The server puts a nonce of its own in this place at each request.
  html: { cspNonce: "__CSP_NONCE__" },
  build: {
    outDir: "dist",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: { input: ["index.html", "graphiql.html"], output: { codeSplitting: { groups: [shared] } } },
  },
  server: { proxy: Object.fromEntries(paths.map((path) => [path, { target: service, ws: true }])) },
});
