/**
 * The portal's guide, as tests read it. A section that has steps is named by a comment, `<!-- steps: NAME -->`, before its numbered
 * list. What is bold in a step is a label that people see; the test of the step finds it on the page, in the guide's language.
 */
import { readFileSync } from "node:fs";

import type { Locator, Page } from "playwright-core";
import { expect } from "vitest";

import type { Language, Scene } from "./browser";
import { inRepository } from "./server";

export const languages: readonly Language[] = ["en", "es"];

const files: Record<Language, string> = { en: "docs/portal-guide.md", es: "docs/portal-guide.es.md" };

/** The numbered steps of each section. */
export function readGuide(language: Language): Map<string, string[]> {
  const sections = new Map<string, string[]>();
  let steps: string[] | undefined;
  for (const line of readFileSync(inRepository(files[language]), "utf8").split("\n")) {
    const marker = /^<!-- steps: ([\w-]+) -->$/.exec(line);
    const step = /^\d+\. (.+)$/.exec(line);
    if (marker?.[1] !== undefined) {
      if (sections.has(marker[1])) throw new Error(`${files[language]}: two sections are called ${marker[1]}`);
      steps = [];
      sections.set(marker[1], steps);
    } else if (step?.[1] !== undefined) {
      if (steps === undefined) throw new Error(`${files[language]}: a step without a marked section: ${line}`);
      steps.push(step[1]);
    } else if (/^ {2,}\S/.test(line) && steps !== undefined && steps.length > 0) {
      steps.push(`${steps.pop() ?? ""} ${line.trim()}`);
    } else if (line.startsWith("#")) {
      steps = undefined;
    }
  }
  return sections;
}

/** What is bold in a step: labels that people see. */
export function labelsOf(step: string): string[] {
  return [...step.matchAll(/\*\*(.+?)\*\*/g)].map((match) => match[1] ?? "");
}

function isLocator(it: unknown): it is Locator {
  return typeof it === "object" && it !== null && "waitFor" in it && "filter" in it;
}

/** Whether a locator's method succeeds as well where there is nothing. */
function looksForNothing(method: string | symbol, given: unknown): boolean {
  if (method === "waitFor")
    return ["detached", "hidden"].includes((given as { state?: string } | undefined)?.state ?? "");
  return ["count", "isVisible", "isHidden", "all", "allInnerTexts", "allTextContents"].includes(String(method));
}

/** One step of the guide, on the page that it is about. */
export class Step {
  readonly labels: string[];
  private readonly met = new Set<string>();

  constructor(
    readonly text: string,
    readonly page: Page,
  ) {
    this.labels = labelsOf(text);
  }

  /** A label of the step by its place, as text. */
  label(place = 1): string {
    const label = this.labels[place - 1];
    if (label === undefined) throw new Error(`the step has no label ${place}: ${this.text}`);
    return label;
  }

  /** What somebody finds by the label of this place. It counts as found once something was done with it, or seen of it. */
  found(place: number, by: Locator): Locator {
    const label = this.label(place);
    return new Proxy(by, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name);
        if (typeof value !== "function") return value;
        return (...given: unknown[]): unknown => {
          const result: unknown = Reflect.apply(value, target, given);
          if (result instanceof Promise) {
            return result.then((it: unknown) => {
              if (!looksForNothing(name, given[0])) this.met.add(label);
              return it;
            });
          }
          return isLocator(result) ? this.found(place, result) : result;
        };
      },
    });
  }

  /** What has the step's label of this place (1, 2, …) and can be acted on; how many there are may stand behind it. */
  control(place = 1, within: Page | Locator = this.page): Locator {
    const name = this.pattern(place, "( \\(\\d+\\))?");
    const roles = ["link", "tab", "menuitem", "checkbox", "switch", "option", "radio", "combobox"] as const;
    const button = within.getByRole("button", { name });
    const all = roles.reduce((found, role) => found.or(within.getByRole(role, { name })), button);
    return this.found(place, all.filter({ visible: true }).first());
  }

  /** A button that shows the label, where programs are told more of it: which of several it is. */
  button(place = 1, within: Page | Locator = this.page): Locator {
    const buttons = within.getByRole("button").filter({ hasText: this.pattern(place), visible: true });
    return this.found(place, buttons.first());
  }

  /** A field by its label, a red asterisk behind it or not. */
  field(place = 1): Locator {
    const fields = this.page.getByLabel(this.pattern(place, "( \\*)?")).filter({ visible: true });
    return this.found(place, fields.first());
  }

  /** A part of the page by what it is called. */
  part(role: "region" | "list" | "radiogroup" | "columnheader", place = 1): Locator {
    return this.found(place, this.page.getByRole(role, { name: this.pattern(place, "( \\*)?") }).first());
  }

  /** The label and nothing else, except what may follow. Selectors take no quotes in patterns, so these stand there as codes. */
  private pattern(place: number, then = ""): RegExp {
    const literal = this.label(place)
      .replace(/[.*+?^${}()|[\]\\]/g, "\\$&")
      .replace(/["']/g, (quote) => `\\x${quote.charCodeAt(0).toString(16)}`);
    return new RegExp(`^\\s*${literal}${then}\\s*$`, "u");
  }

  /** Text that people read there. */
  async sees(place = 1): Promise<void> {
    const texts = this.page.getByText(this.label(place)).filter({ visible: true });
    await this.found(place, texts.first()).waitFor();
  }

  /** Fails when the step names a label that its action did not find. */
  finish(): void {
    expect(
      this.labels.filter((label) => !this.met.has(label)),
      `labels that were not found in: ${this.text}`,
    ).toEqual([]);
  }
}

/** How a section of the guide is walked: an action for each of its steps. */
export interface Walk<State = unknown> {
  section: string;
  /** Makes what the section takes for granted, and opens the page on which it begins. */
  begin: (scene: Scene) => Promise<State>;
  steps: ((step: Step, state: State, scene: Scene) => Promise<void>)[];
}

/** Keeps the state's type between `begin` and the steps. */
export function walk<State>(it: Walk<State>): Walk {
  return it as Walk;
}
