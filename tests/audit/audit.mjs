// Runs the server audit of the npm package graphql-http against the GraphQL endpoint at the given URL.
//
//   node audit.mjs http://127.0.0.1:8080/graphql
//
// Prints one line per check and exits with 0 only when every one of them is there and passes.
import { auditServer } from "graphql-http";

const EXPECTED_CHECKS = 61;

const [url] = process.argv.slice(2);
if (!url) {
  console.error("usage: node audit.mjs <url of the GraphQL endpoint>");
  process.exit(2);
}

const results = await auditServer({ url });
for (const result of results) {
  const reason = result.status === "ok" ? "" : `: ${result.reason}`;
  console.log(`${result.status.padEnd(6)} ${result.id} ${result.name}${reason}`);
}
const passed = results.filter((result) => result.status === "ok").length;
console.log(`${passed} of ${results.length} checks are ok`);
process.exit(passed === results.length && passed === EXPECTED_CHECKS ? 0 : 1);
