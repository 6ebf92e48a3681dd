/** Fields for passwords: what tests in a browser find of some holds for all. */
import { readFileSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";

import { expect, test } from "vitest";

const src = resolve(import.meta.dirname, "../src");

test("every field for a password is the same component", () => {
  const files = readdirSync(src, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".tsx"));
  const own = files.filter((name) => /PasswordInput|type="password"/u.test(readFileSync(join(src, name), "utf8")));
  expect(own).toEqual([join("parts", "PasswordField.tsx")]);
});
