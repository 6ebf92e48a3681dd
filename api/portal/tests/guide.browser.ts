/** Walks the guide: every step of every section, in both languages, as somebody would who reads it. */
import { expect, test } from "vitest";

import { browserTest, withBrowser, type Language } from "./harness/browser";
import { readGuide, Step, type Walk } from "./harness/guide";

withBrowser();

const modules = import.meta.glob<{ walks: Walk[] }>("./guide/*.guide.ts", { eager: true });
const walks = Object.values(modules).flatMap((module) => module.walks);
const languages: Language[] = ["en", "es"];

/** What the guide is about; none of it may be missing. */
const sections = [
  "request-access",
  "activate",
  "change-password",
  "challenge-question",
  "forgotten-password",
  "unlock",
];

test.each(languages)("every step has a test: %s", (language) => {
  const guide = readGuide(language);
  expect([...guide.keys()].sort()).toEqual(walks.map((it) => it.section).sort());
  expect([...guide.keys()]).toEqual(expect.arrayContaining(sections));
  for (const it of walks) expect(guide.get(it.section), `steps of ${it.section}`).toHaveLength(it.steps.length);
});

for (const language of languages) {
  const guide = readGuide(language);
  for (const it of walks) {
    browserTest(
      `guide ${language}: ${it.section}`,
      async (scene) => {
        const state = await it.begin(scene);
        for (const [index, text] of (guide.get(it.section) ?? []).entries()) {
          const step = new Step(text, scene.page);
          await it.steps[index]?.(step, state, scene);
          step.finish();
        }
      },
      language,
    );
  }
}
