/** The server serves the portal under the paths that it knows; both lists have to be one. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";

import { expect, test } from "vitest";

import paths from "../src/paths.json";

test("every page of the router is a path that the server serves, and the other way round", () => {
  const router = readFileSync(resolve(import.meta.dirname, "../src/app/router.tsx"), "utf8");
  const routed = [...router.matchAll(/path: "([^"*]+)"/gu)].map(([, path]) => `/${path?.replace(/^\//u, "") ?? ""}`);
  const index = router.includes("index: true") ? ["/"] : [];
  expect([...new Set([...routed, ...index])].sort()).toEqual([...paths].sort());
});
