/** Walks the guide: every step of every section, in both languages, as somebody would who reads it. */
import { walks } from "./guide/walks";
import { browserTest, withBrowser } from "./harness/browser";
import { languages, readGuide, Step } from "./harness/guide";

withBrowser();

for (const language of languages) {
  const guide = readGuide(language);
  for (const it of walks) {
    browserTest(
      `guide ${language}: ${it.section}`,
      async (scene) => {
        const state = await it.begin(scene);
        for (const [index, text] of (guide.get(it.section) ?? []).entries()) {
          const action = it.steps[index];
          if (action === undefined) throw new Error(`nothing walks this step: ${text}`);
          const step = new Step(text, scene.page);
          await action(step, state, scene);
          step.finish();
        }
      },
      language,
    );
  }
}
