import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

import { documentsInPlace } from "./scripts/documents.ts";

// The server that answers while the portal is worked on: `npm run dev` beside `make run`.
const service = process.env["CASESTREAM_URL"] ?? "http://127.0.0.1:8080";
const paths = ["/graphql", "/uploads", "/attachments", "/watch", "/mailbox"];

export default defineConfig({
  plugins: [documentsInPlace(), react()],
  // The server puts a nonce of its own in this place at each request.
  html: { cspNonce: "__CSP_NONCE__" },
  build: {
    outDir: "dist",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: { input: ["index.html", "graphiql.html"] },
  },
  server: { proxy: Object.fromEntries(paths.map((path) => [path, { target: service, ws: true }])) },
});
