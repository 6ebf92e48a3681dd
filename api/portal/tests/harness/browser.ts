/**
 * A page of the portal in a real browser. Whatever a test does, it fails as well when a request leaves the origin or when the
 * console says an error; what the browser saw is kept when it fails.
 */
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

import type { AxeResults, RunOptions } from "axe-core";
import { chromium, type Browser, type BrowserContext, type Page } from "playwright-core";
import { afterAll, beforeAll, expect, inject, test } from "vitest";

import { chromiumFlags, chromiumPath } from "./chromium";
import { faintEdges } from "./edges";
import { password, type Person } from "./people";
import { artifacts, type Place } from "./server";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

export type Language = "en" | "es";

/** Widths and colors in which every page is looked at. */
const widths = [320, 1280];
const schemes = ["light", "dark"] as const;

/** The rules of axe whose findings depend on colors: those are asked again in the dark, the others find there what they found in the light. */
const rulesOnColors = ["color-contrast", "link-in-text-block"];

/** How long something may take that a test waits for: machines have other things to do as well. */
const patienceMs = 60_000;

/** One browser session: cookies of its own, watched. */
export class Visitor {
  readonly complaints: string[] = [];
  private readonly said: string[] = [];
  private expected: RegExp[] = [];

  private constructor(
    readonly place: Place,
    readonly context: BrowserContext,
    readonly page: Page,
  ) {}

  static async enter(browser: Browser, place: Place, language: Language): Promise<Visitor> {
    const context = await browser.newContext({
      baseURL: place.url,
      locale: language === "es" ? "es-ES" : "en-US",
      timezoneId: "UTC",
      reducedMotion: "reduce",
      viewport: { width: 1280, height: 900 },
      acceptDownloads: true,
    });
    context.setDefaultTimeout(patienceMs);
    // Without a film: taking it is most of the work of a browser that has no graphics card.
    await context.tracing.start({ screenshots: false, snapshots: true });
    const visitor = new Visitor(place, context, await context.newPage());
    context.on("console", (message) => {
      visitor.said.push(`${message.type()}: ${message.text()}`);
      if (message.type() === "error" || message.type() === "warning") visitor.complain(`console: ${message.text()}`);
    });
    context.on("weberror", (error) => {
      visitor.complain(`uncaught: ${error.error().stack ?? error.error().message}`);
    });
    context.on("request", (request) => {
      const url = new URL(request.url());
      if (!["data:", "blob:"].includes(url.protocol) && url.host !== new URL(place.url).host) {
        visitor.complain(`request off the origin: ${request.url()}`);
      }
    });
    return visitor;
  }

  private complain(text: string): void {
    if (!this.expected.some((pattern) => pattern.test(text))) this.complaints.push(text);
  }

  /** Says that the browser will complain, as it does when a server is gone that a test has stopped. */
  expectComplaint(pattern: RegExp): void {
    this.expected.push(pattern);
  }

  /** Signs in as the page for it does, without that page: it has tests of its own. Opens the page that is wanted. */
  async signIn(person: Person, at = "/"): Promise<void> {
    const query = "mutation ($input: SignInInput!) { signIn(input: $input) { userErrors { message } } }";
    const answer = await this.context.request.post("/graphql", {
      headers: { origin: this.place.url },
      data: { query, variables: { input: { name: person.email, password } } },
    });
    const { data } = (await answer.json()) as { data?: { signIn: { userErrors: { message: string }[] } } };
    expect(data?.signIn.userErrors, `${person.name} signs in`).toEqual([]);
    await this.page.goto(at);
  }

  /** Waits until what was typed under a name would survive the page. */
  async hasKept(name: string): Promise<void> {
    await this.page.waitForFunction((key) => localStorage.getItem(key) !== null, `casestream.kept.${name}`);
  }

  /** Looks at the page as it is, in light and dark, narrow and wide: nothing for axe to find, nothing wider than the window. */
  async inspect(name: string): Promise<void> {
    for (const width of widths) {
      for (const scheme of schemes) {
        await this.page.setViewportSize({ width, height: 900 });
        await this.page.emulateMedia({ colorScheme: scheme });
        await this.page.locator(`html[data-mantine-color-scheme=${scheme}]`).waitFor();
        await this.page.evaluate(() => document.fonts.ready.then(() => undefined));
        await this.keepLook(`${name}-${width}-${scheme}`);
        const where = `${name} at ${width} px, ${scheme}`;
        expect(await this.axeFindings(scheme === "dark" ? rulesOnColors : undefined), `axe on ${where}`).toEqual([]);
        expect(await faintEdges(this.page), `fields on ${where} that are hard to see`).toEqual([]);
        const overflow = await this.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        expect(overflow, `pixels that ${where} is wider than the window`).toBeLessThanOrEqual(0);
      }
    }
    await this.page.setViewportSize({ width: 1280, height: 900 });
    await this.page.emulateMedia({ colorScheme: "light" });
  }

  private async axeFindings(rules?: string[]): Promise<string[]> {
    if (!(await this.page.evaluate(() => "axe" in window))) await this.page.evaluate(axe);
    // Style sheets are not read beforehand: no rule in use asks for them, and doing so needs an inline style, which the page forbids.
    const options: RunOptions = { resultTypes: ["violations"], preload: false, ...(rules ? { runOnly: rules } : {}) };
    const results = await this.page.evaluate(async (asked): Promise<AxeResults> => {
      const { axe } = window as unknown as { axe: { run: (of: Document, how: RunOptions) => Promise<AxeResults> } };
      return axe.run(document, asked);
    }, options);
    return results.violations.flatMap((found) =>
      found.nodes.map((node) => `${found.id}: ${node.target.join(" ")}: ${node.failureSummary ?? found.help}`),
    );
  }

  /** With LOOKS=1, pictures of all pages that tests inspect, to look at. */
  private async keepLook(name: string): Promise<void> {
    if (process.env["LOOKS"] === undefined) return;
    await this.page.screenshot({ path: join(artifacts, "looks", `${name}.png`), fullPage: true });
  }

  async leave(failedAs: string | undefined): Promise<void> {
    if (failedAs === undefined) {
      await this.context.tracing.stop();
    } else {
      const folder = join(artifacts, failedAs.replace(/[^\w-]+/g, "-"));
      mkdirSync(folder, { recursive: true });
      await this.page.screenshot({ path: join(folder, "page.png"), fullPage: true }).catch(() => undefined);
      await this.context.tracing.stop({ path: join(folder, "trace.zip") });
      const state = [this.page.url(), ...this.complaints, await this.page.content().catch(() => "")];
      writeFileSync(join(folder, "page.txt"), state.join("\n\n"));
      writeFileSync(join(folder, "console.txt"), this.said.join("\n"));
      if (existsSync(this.place.logFile)) copyFileSync(this.place.logFile, join(folder, "server.log"));
    }
    await this.context.close();
  }
}

/** What a browser test is given: one visitor, and more for those who need a second browser. */
export interface Scene {
  place: Place;
  visitor: Visitor;
  page: Page;
  another: (language?: Language) => Promise<Visitor>;
}

let browser: Browser | undefined;

/** To be called once in a file of browser tests, before its tests. */
export function withBrowser(): void {
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: chromiumPath(), args: chromiumFlags });
  });
  afterAll(async () => {
    await browser?.close();
  });
}

/** A test in a browser. */
export function browserTest(name: string, play: (scene: Scene) => Promise<void>, language: Language = "en"): void {
  test(name, async () => {
    await perform(name, language, play);
  });
}

/** Plays a scene, at the tests' common service unless it has one of its own. */
export async function perform(
  name: string,
  language: Language,
  play: (scene: Scene) => Promise<void>,
  place: Place = inject("place"),
): Promise<void> {
  if (browser === undefined) throw new Error("withBrowser() is missing in this file");
  const opened = browser;
  const visitors = [await Visitor.enter(opened, place, language)];
  const [visitor] = visitors;
  if (visitor === undefined) throw new Error("it was just made");
  const another = async (itsLanguage: Language = language) => {
    const next = await Visitor.enter(opened, place, itsLanguage);
    visitors.push(next);
    return next;
  };
  rmSync(join(artifacts, name.replace(/[^\w-]+/g, "-")), { recursive: true, force: true });
  let failed = true;
  try {
    await play({ place, visitor, page: visitor.page, another });
    for (const each of visitors) expect(each.complaints, "what the browser complained of").toEqual([]);
    failed = false;
  } finally {
    for (const [index, each] of visitors.entries()) {
      await each.leave(failed ? (index === 0 ? name : `${name} ${index + 1}`) : undefined);
    }
  }
}
