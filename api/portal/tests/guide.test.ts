/** That every step of the guide is walked by a test (`guide.browser.ts` walks them), and every walk is of a section. */
import { expect, test } from "vitest";

import { walks } from "./guide/walks";
import { labelsOf, languages, readGuide } from "./harness/guide";

/** What the guide is about; none of it may be missing. */
const sections = [
  "request-access",
  "activate",
  "overview",
  "support",
  "create",
  "manage",
  "settle",
  "cancel",
  "change-password",
  "challenge-question",
  "forgotten-password",
  "unlock",
];

test.each(languages)("every step has a test, and every test a step: %s", (language) => {
  const guide = readGuide(language);
  expect([...guide.keys()].sort()).toEqual(walks.map((it) => it.section).sort());
  for (const it of walks) expect(guide.get(it.section), `steps of ${it.section}`).toHaveLength(it.steps.length);
});

test.each(languages)("the guide has all its sections, in their order: %s", (language) => {
  expect([...readGuide(language).keys()]).toEqual(sections);
});

test("both languages name as many labels in each step", () => {
  const counts = languages.map((language) =>
    [...readGuide(language)].map(([section, steps]) => [section, ...steps.map((step) => labelsOf(step).length)]),
  );
  expect(counts[1]).toEqual(counts[0]);
});
