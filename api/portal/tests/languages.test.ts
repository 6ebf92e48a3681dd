import { readFileSync } from "node:fs";
import { resolve } from "node:path";

import { expect, test } from "vitest";

import en from "../src/locales/en.json";
import es from "../src/locales/es.json";

type Texts = { [key: string]: string | Texts };

function keys(texts: Texts, before = ""): string[] {
  return Object.entries(texts).flatMap(([key, value]) =>
    typeof value === "string" ? [before + key] : keys(value, `${before}${key}.`),
  );
}

test("both languages say the same things", () => {
  expect(keys(es).sort()).toEqual(keys(en).sort());
});

test("both languages leave the same places for what is put in", () => {
  const places = (texts: Texts): string[] =>
    Object.values(texts).flatMap((value) =>
      typeof value === "string"
        ? [
            [...value.matchAll(/\{\{\s*(\w+)/gu)]
              .map(([, name]) => name)
              .sort()
              .join(),
          ]
        : places(value),
    );
  const byKey = (texts: Texts) =>
    keys(texts)
      .map((key, index) => `${key}: ${places(texts)[index] ?? ""}`)
      .sort();
  expect(byKey(es)).toEqual(byKey(en));
});

test("every reason why something is not done has words in both languages", () => {
  const schema = readFileSync(resolve(import.meta.dirname, "../../schema.graphql"), "utf8");
  const [, body = ""] = /^enum UserErrorCode \{(.*?)^\}/msu.exec(schema) ?? [];
  const codes = [...body.matchAll(/^\t([A-Z_]+)$/gmu)].map(([, code = ""]) => code);
  expect(codes.length).toBeGreaterThan(20);
  expect(codes.filter((code) => !(code in es.codes))).toEqual([]);
});
