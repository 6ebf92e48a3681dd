/** What a browser loads before it shows a page, as it comes over the line. Needs a build. */
import { existsSync, readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";

import { expect, test } from "vitest";

const dist = resolve(import.meta.dirname, "../dist");
const script = (name: string) => readFileSync(resolve(dist, "assets", name), "utf8");

/** A script and all that it imports at once, by the names of the files. */
function loaded(file: string, found = new Set<string>()): Set<string> {
  if (found.has(file)) return found;
  found.add(file);
  for (const [, , name] of script(file).matchAll(/(?:from|import)\s*(["'`])\.\/([\w.-]+\.js)\1/gu))
    if (name) loaded(name, found);
  return found;
}

/** The scripts that the page itself names, with all that they import. */
function atOnce(): Set<string> {
  const page = readFileSync(resolve(dist, "index.html"), "utf8");
  const entries = [...page.matchAll(/(?:src|href)="\/assets\/([\w.-]+\.js)"/gu)].map(([, name]) => name ?? "");
  expect(entries.length).toBeGreaterThan(0);
  return new Set(entries.flatMap((entry) => [...loaded(entry)]));
}

function bytes(files: Set<string>): number {
  const sizes = [...files].map((file) => {
    const plain = resolve(dist, "assets", file);
    return statSync(existsSync(`${plain}.br`) ? `${plain}.br` : plain).size;
  });
  return sizes.reduce((one, other) => one + other, 0);
}

test("the first load is under 250 kB of compressed scripts, whichever page it is of", () => {
  const frame = atOnce();
  expect(bytes(frame), "a page that loads nothing would pass").toBeGreaterThan(50_000);
  const later = [...frame].flatMap((file) => [
    ...script(file).matchAll(/import\(\s*(["'`])\.\/([\w.-]+\.js)\1\s*\)/gu),
  ]);
  const pages = new Set(later.map(([, , name]) => name ?? ""));
  // Each page of the router is a file of its own.
  const router = readFileSync(resolve(import.meta.dirname, "../src/app/router.tsx"), "utf8");
  const routed = [...router.matchAll(/import\("\.\.\/pages\/[\w/-]+\/(\w+)"\)/gu)].map(([, name]) => name ?? "");
  expect(routed.filter((name) => ![...pages].some((file) => file.startsWith(`${name}-`)))).toEqual([]);
  for (const page of pages) {
    const files = new Set([...frame, ...loaded(page)]);
    expect(bytes(files), `${page}: ${[...files].join(", ")}`).toBeLessThan(250_000);
  }
});

test("styles come before scripts, so that something is seen at once", () => {
  const page = readFileSync(resolve(dist, "index.html"), "utf8");
  const scripts = [...page.matchAll(/<(?:script|link rel="modulepreload")[^>]*\/assets\/(?!start-)[^>]*>/gu)].map(
    ([tag]) => tag,
  );
  expect(scripts.length).toBeGreaterThan(3);
  expect(scripts.filter((tag) => !tag.includes('fetchpriority="low"'))).toEqual([]);
});
