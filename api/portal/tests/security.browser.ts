/** What the portal owes to the security of those who use it: rows of docs/security.md name these tests. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";

import type { Page } from "playwright-core";
import { expect } from "vitest";

import { browserTest, withBrowser } from "./harness/browser";
import { customer, openCase, tokenOf } from "./harness/customers";
import { ask, member, password, somebody, type Person } from "./harness/people";
import type { Place } from "./harness/server";
import { nextCode } from "./harness/authenticator";

withBrowser();

/** What every page has on which a password is asked for, and how its fields are come by. */
const pagesWithPasswords: { path: string; fields: number; open?: (page: Page) => Promise<void>; signedIn?: true }[] = [
  { path: "/sign-in", fields: 1 },
  { path: "/activate#nothing-that-was-mailed", fields: 2 },
  { path: "/reset-password#nothing-that-was-mailed", fields: 2 },
  { path: "/my-account/password", fields: 4, signedIn: true },
  {
    path: "/my-account",
    fields: 1,
    signedIn: true,
    open: (page) => page.getByRole("button", { name: "Set up an authenticator app" }).click(),
  },
  {
    path: "/my-account",
    fields: 1,
    signedIn: true,
    open: (page) => page.getByRole("button", { name: "Sign out there" }).first().click(),
  },
];

/** Each field for a password that the page shows, once it shows as many as it should. */
async function passwordFields(page: Page, count: number) {
  const fields = page.locator("input[type=password]");
  await expect.poll(() => fields.count()).toBe(count);
  const ids = await fields.evaluateAll((all) => all.map((field) => field.id));
  return ids.map((id) => page.locator(`[id="${id}"]`));
}

browserTest("fields for passwords mask them, show them on demand, and take what is pasted", async (scene) => {
  const { place, visitor, page } = scene;
  await visitor.context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const person = await member(place, "contact");
  // Somewhere else, to be signed out from here.
  await tokenOf(place, person);
  for (const { path, fields, open, signedIn } of pagesWithPasswords) {
    if (signedIn) await visitor.signIn(person, path);
    else await page.goto(path);
    await open?.(page);
    for (const [index, field] of (await passwordFields(page, fields)).entries()) {
      const where = `${path}, field ${index + 1}`;
      expect(await field.getAttribute("autocomplete"), where).toMatch(/^(current|new)-password$/u);
      const pasted = `from a password manager, ${index} of ${path}`;
      await page.evaluate((text) => navigator.clipboard.writeText(text), pasted);
      await field.focus();
      await page.keyboard.press("ControlOrMeta+v");
      expect(await field.inputValue(), where).toBe(pasted);
      // By keyboard: what shows a field is next to it.
      await page.keyboard.press("Tab");
      await page.keyboard.press("Enter");
      await expect.poll(() => field.getAttribute("type"), { message: where }).toBe("text");
      await page.keyboard.press("Enter");
      await expect.poll(() => field.getAttribute("type"), { message: where }).toBe("password");
    }
    await visitor.context.clearCookies();
  }
  for (const path of ["/sign-in", "/forgot-password", "/unlock-account"]) {
    await page.goto(path);
    await page.locator("input[autocomplete=username]").waitFor();
  }
});

browserTest("codes of an app can be filled in, and fields for passwords beside them as well", async (scene) => {
  const { place, visitor, page, another } = scene;
  const person = await member(place, "contact");
  await visitor.signIn(person, "/my-account");
  await page.getByRole("button", { name: "Set up an authenticator app" }).click();
  await page.locator("#factor-currentPassword").fill(password);
  await page.keyboard.press("Enter");
  await page.getByText("Scan this picture").waitFor();
  const secret = (await page.locator("pre").innerText()).trim();
  expect(await page.locator("#factor-code").getAttribute("autocomplete")).toBe("one-time-code");
  await page.locator("#factor-code").fill(await nextCode(secret));
  await page.keyboard.press("Enter");
  await page.getByText("Keep these recovery codes").waitFor();
  for (const button of ["New recovery codes", "Switch off"]) {
    await page.getByRole("button", { name: button }).click();
    const [field] = await passwordFields(page, 1);
    expect(await field?.getAttribute("autocomplete")).toBe("current-password");
    expect(await page.locator("#factor-code").getAttribute("autocomplete")).toBe("one-time-code");
    await page.getByRole("button", { name: "Cancel" }).click();
  }
  const elsewhere = (await another()).page;
  await elsewhere.goto("/sign-in");
  await elsewhere.locator("input[autocomplete=username]").fill(person.email);
  await elsewhere.locator("input[autocomplete=current-password]").fill(password);
  await elsewhere.keyboard.press("Enter");
  await elsewhere.locator("input[autocomplete=one-time-code]").waitFor();
});

/** The paths of all pages that ask for signing in, as the router has them; an address that no page has is not served. */
function signedInPaths(): string[] {
  const router = readFileSync(resolve(import.meta.dirname, "../src/app/router.tsx"), "utf8");
  const inside = router.slice(router.indexOf("<Shell />"));
  const paths = [...inside.matchAll(/path: "([^"*]+)"/gu)].map(([, path]) => path ?? "");
  return ["", ...paths];
}

browserTest("signing out is at hand on every page", async ({ place, visitor, page }) => {
  const { ana } = await customer(place);
  const { number } = await openCase(place, await tokenOf(place, ana), "No dial tone");
  const sue = await member(place, "supervisor", somebody("Sue Perry"));
  await visitor.signIn(sue);
  const paths = signedInPaths();
  expect(paths.length).toBeGreaterThan(8);
  const menu = page.getByRole("banner").getByRole("button", { name: /Sue Perry/u });
  const signOut = page.getByRole("menuitem", { name: "Sign out" });
  for (const path of paths) {
    await page.goto(`/${path.replace(":number", number).replace(":id", "none")}`);
    await page.getByRole("heading", { level: 1 }).waitFor();
    for (const width of [320, 1280]) {
      await page.setViewportSize({ width, height: 600 });
      await menu.click();
      await signOut.waitFor();
      const box = await signOut.boundingBox();
      expect(box !== null && box.x >= 0 && box.x + box.width <= width, `${path} at ${width} px`).toBe(true);
      await page.keyboard.press("Escape");
      await signOut.waitFor({ state: "hidden" });
    }
  }
  await menu.click();
  await signOut.click();
  await page.waitForURL("**/sign-in");
  visitor.expectComplaint(/401/u);
  await page.goto("/my-account");
  await page.waitForURL("**/sign-in?next=*");
});

/** All that a page's origin has in the browser's storage. */
async function stored(page: Page): Promise<Record<string, string>> {
  const { entries, others } = await page.evaluate(async () => ({
    entries: Object.fromEntries([...Object.entries(localStorage), ...Object.entries(sessionStorage)]),
    others: [...(await indexedDB.databases()).map(({ name }) => `database ${name}`), ...(await caches.keys())],
  }));
  expect(others, "databases and caches").toEqual([]);
  return entries;
}

/** What may be left in a browser that somebody else sits down at: how the portal looks, and nothing of whose cases it showed. */
const harmless = ["casestream.language", "casestream.keys.off", "mantine-color-scheme-value"];

async function expectNothingLeft(page: Page): Promise<void> {
  await expect.poll(async () => Object.keys(await stored(page)).filter((name) => !harmless.includes(name))).toEqual([]);
}

/** Ends all sessions of somebody in browsers and programs, but the one by which it is asked. */
async function endSessions(place: Place, person: Person): Promise<void> {
  const token = await tokenOf(place, person);
  const query = "{ viewer { credentials { sessions { id isCurrent } } } }";
  type Sessions = { viewer: { credentials: { sessions: { id: string; isCurrent: boolean }[] } } };
  const { viewer } = await ask<Sessions>(place, query, {}, token);
  const revoke = "mutation ($input: SessionRevokeInput!) { sessionRevoke(input: $input) { userErrors { message } } }";
  for (const { id, isCurrent } of viewer.credentials.sessions) {
    if (isCurrent) continue;
    const input = { sessionId: id, currentPassword: password };
    const { sessionRevoke } = await ask<{ sessionRevoke: { userErrors: unknown[] } }>(place, revoke, { input }, token);
    expect(sessionRevoke.userErrors).toEqual([]);
  }
}

async function signInHere(page: Page, person: Person): Promise<void> {
  await page.locator("input[autocomplete=username]").fill(person.email);
  await page.locator("input[autocomplete=current-password]").fill(password);
  await page.keyboard.press("Enter");
}

browserTest(
  "the browser's storage can be read by nobody else, and holds nothing once a session is over",
  async (scene) => {
    const { place, visitor, page, another } = scene;
    const { ana, bo, account } = await customer(place);
    const { id, number } = await openCase(place, await tokenOf(place, ana), "No dial tone");
    const box = page.getByRole("textbox", { name: "Write a message" });
    const stream = page.getByRole("list", { name: "Activity Stream" });
    let isHeard = false;
    await page.routeWebSocket("**/graphql/ws", (socket) => {
      if (isHeard) socket.connectToServer();
    });
    await visitor.signIn(ana, `/cases/${number}`);
    visitor.expectComplaint(/401|ERR_INTERNET_DISCONNECTED|WebSocket|Failed to load resource/u);

    // While somebody is signed in, what they typed is kept, and cannot be read there.
    await box.fill("The router is a Quietwater 4711.");
    await visitor.hasKept(`message.${id}`);
    const kept = await stored(page);
    const inTheOpen = Object.values(kept).flatMap((value) => [value, Buffer.from(value, "base64").toString("latin1")]);
    for (const said of ["Quietwater", "4711", ana.name, ana.email, account, number]) {
      expect(
        inTheOpen.filter((text) => text.includes(said)),
        said,
      ).toEqual([]);
      expect(
        Object.keys(kept).filter((name) => name.includes(said)),
        said,
      ).toEqual([]);
    }
    await page.reload();
    await expect.poll(() => box.inputValue()).toBe("The router is a Quietwater 4711.");

    // Without a network nothing is lost.
    await visitor.context.setOffline(true);
    await page.keyboard.press("ControlOrMeta+Enter");
    await box.fill("The router is a Quietwater 4711. It is gray.");
    await visitor.context.setOffline(false);
    await page.reload();
    await expect.poll(() => box.inputValue()).toBe("The router is a Quietwater 4711. It is gray.");

    // The session ends by itself: nothing stays in the storage, and whoever comes back to this page goes on. Without a socket the page hears of it
    // when it asks for something.
    await endSessions(place, ana);
    await page.getByRole("button", { name: "Send" }).click();
    await page.waitForURL("**/sign-in?next=*");
    await expectNothingLeft(page);
    await signInHere(page, ana);
    await page.getByRole("button", { name: /Ana Torres/u }).waitFor();
    // What is sent while the page reads the case is told by the socket, which there is now.
    isHeard = true;
    await page.reload();
    await stream.getByText("It is gray.").waitFor();
    expect(await stream.getByText("It is gray.").count()).toBe(1);
    await box.fill("Half a thought");
    await visitor.hasKept(`message.${id}`);
    const sealed = await stored(page);

    // Somebody else comes to the same page, which has heard that the session is over: nothing of it is theirs.
    await endSessions(place, ana);
    await page.waitForURL("**/sign-in*");
    await expectNothingLeft(page);
    await signInHere(page, bo);
    await page.getByRole("button", { name: /Bo Lind/u }).waitFor();
    await box.waitFor();
    expect(await box.inputValue()).toBe("");

    // Signing out leaves nothing either, not even for the same person.
    await box.fill("Nobody should read this");
    await visitor.hasKept(`message.${id}`);
    await page
      .getByRole("banner")
      .getByRole("button", { name: /Bo Lind/u })
      .click();
    await page.getByRole("menuitem", { name: "Sign out" }).click();
    await page.waitForURL("**/sign-in");
    await expectNothingLeft(page);
    await signInHere(page, bo);
    await page.getByRole("heading", { level: 1, name: "Overview" }).waitFor();
    await page.goto(`/cases/${number}`);
    await box.waitFor();
    expect(await box.inputValue()).toBe("");

    // A browser that was closed while somebody was signed in opens nothing in a later session of theirs, and throws it away.
    const later = await another();
    await later.page.goto("/sign-in");
    await later.page.evaluate((entries) => Object.assign(localStorage, entries), sealed);
    await later.signIn(ana, `/cases/${number}`);
    const laterBox = later.page.getByRole("textbox", { name: "Write a message" });
    await laterBox.waitFor();
    expect(await laterBox.inputValue()).toBe("");
    expect((await stored(later.page))[`casestream.kept.message.${id}`]).toBeUndefined();
  },
);
