/** What of GraphQL documents is in pages and in requests, and what pages load first. */
import type { DocumentNode } from "graphql";
import { expect, test } from "vitest";

import { readFileSync, readdirSync } from "node:fs";
import { resolve } from "node:path";

import { hashesOf, slim } from "../scripts/documents";
import { routes } from "../scripts/first";
import { named } from "../src/app/documentIds";
import { CaseActivityDocument, ListedFragmentDoc, OverviewDocument } from "../src/gql/graphql";
import persisted from "../src/gql/persisted-documents.json";
import paths from "../src/paths.json";

const inPage = (document: unknown) => slim(document as DocumentNode);
const portal = resolve(import.meta.dirname, "..");

test("a page has the name and the hash of what it asks, and the text only of what it subscribes to", () => {
  const overview = inPage(OverviewDocument);
  expect(overview).toMatchObject({
    __meta__: { documentId: hashesOf("Overview")["Overview"] },
    definitions: [{ operation: "query", name: { value: "Overview" }, selectionSet: { selections: [] } }],
  });
  expect(inPage(ListedFragmentDoc)).toEqual({ kind: "Document", definitions: [] });
  expect(inPage(CaseActivityDocument)).toEqual(CaseActivityDocument);
});

test("what is asked early is known to the server", () => {
  const ids = Object.values(hashesOf("Session", "Brand", "Overview", "Catalogue"));
  expect(ids).toHaveLength(4);
  expect(Object.keys(persisted)).toEqual(expect.arrayContaining(ids));
});

test("a request says what its operation is called", () => {
  expect(JSON.parse(named('{"documentId":"sha256:ab","variables":{"a":1}}', "CaseList") as string)).toEqual({
    operationName: "CaseList",
    documentId: "sha256:ab",
    variables: { a: 1 },
  });
  expect(named('{"query":"{ a }"}', undefined)).toBe('{"query":"{ a }"}');
});

test("the files of every page are known", () => {
  const router = readFileSync(resolve(portal, "src/app/router.tsx"), "utf8");
  const found = routes(router).map(([path]) => path);
  expect(found.sort()).toEqual([...paths].sort());
});

test("every component has its styles", () => {
  const read = (folder: string, ending: string) =>
    readdirSync(resolve(portal, folder))
      .filter((name) => name.endsWith(ending))
      .map((name) => readFileSync(resolve(portal, folder, name), "utf8"))
      .join("\n");
  const classes = (text: string) => new Set([...text.matchAll(/\bm_[0-9a-f]{6,8}\b/gu)].map(([name]) => name));
  const offered = classes(readFileSync(resolve(portal, "node_modules/@mantine/core/styles.css"), "utf8"));
  const wanted = [...classes(read("dist/assets", ".js"))].filter((name) => offered.has(name));
  expect(wanted.length).toBeGreaterThan(100);
  const there = classes(read("dist/assets", ".css"));
  expect(wanted.filter((name) => !there.has(name))).toEqual([]);
});
