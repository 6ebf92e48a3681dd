/** What a browser loads before it shows a page, as it comes over the line. Needs a build. */
import { existsSync, readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";

import { expect, test } from "vitest";

const dist = resolve(import.meta.dirname, "../dist");

/** A script and all that it imports at once, by the names of the files. */
function loaded(file: string, found = new Set<string>()): Set<string> {
  if (found.has(file)) return found;
  found.add(file);
  const text = readFileSync(resolve(dist, "assets", file), "utf8");
  for (const [, , name] of text.matchAll(/(?:from|import)\s*(["'`])\.\/([\w.-]+\.js)\1/gu))
    if (name) loaded(name, found);
  return found;
}

test("the first load is under 250 kB of compressed scripts", () => {
  const page = readFileSync(resolve(dist, "index.html"), "utf8");
  const entries = [...page.matchAll(/(?:src|href)="\/assets\/([\w.-]+\.js)"/gu)].map(([, name]) => name ?? "");
  expect(entries.length).toBeGreaterThan(0);
  const files = new Set(entries.flatMap((entry) => [...loaded(entry)]));
  const bytes = [...files].map((file) => {
    const plain = resolve(dist, "assets", file);
    return statSync(existsSync(`${plain}.br`) ? `${plain}.br` : plain).size;
  });
  const sum = bytes.reduce((one, other) => one + other, 0);
  expect(sum, [...files].join(", ")).toBeLessThan(250_000);
  expect(sum, "a page that loads nothing would pass").toBeGreaterThan(50_000);
});
